//! A bot without threads and without anybody outside: its actions, one after the other.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reelbot::testing::{
    actions::{
        Delivery, Grant, NewPhoto, PlaceOrder, Rules, Submission, admit_user, grant_credits,
        place_order, receive_photo,
    },
    chat::Settings,
    clock::{ManualClock, SystemClock},
    config::Config,
    domain::{
        Clock, Courier, CourierError, Credits, DownloadError, Failure, FailureKind, FetchError,
        KeptVideo, KeyId, KeySource, Lane, MessageId, Parcel, PhotoSource, PollError, Progress,
        Receipt, RenderRequest, Scene, Secret, Source, Step, SubmitError, Timestamp, UserId,
        VideoMaker, VideoSource,
    },
    sandbox::random_bits,
    service::Stop,
    store::{
        Capacity, Claimed, ClaimedStep, Db, NewPrompt, Profile, Scratch, StoreError,
        SubmitCapacity, Tx, drafts, inbox, keys, outbox, queue, scripts, send_queue, uploads,
    },
    worker::{Done, Janitor, Keyring, Ports, StepOutcome, WorkerContext, settle},
};

/// People; each has credits enough.
const PEOPLE: u64 = 20_000;

/// Orders in one write.
const TOGETHER: usize = 34;

/// Of so many photos one comes to nothing.
const ABANDONED: u64 = 4;

/// Of so many renders one fails, and is refunded.
const FAILING: u64 = 25;

/// What GPT writes is about so long.
const PROMPT: &str = "The camera glides slowly and smoothly upward along the product, from its base \
     to its top, in one continuous shot, as if the viewer were scrolling up a page. The product \
     stands still and stays exactly as in the photo: same shape, colours, label and text. Soft \
     studio light from the upper left, gentle reflections on the glazed surface, the background \
     drifts past with a slight parallax: a pale oak table, linen curtains, morning haze behind a \
     window. A thin ribbon of steam rises from behind and dissolves before it reaches the upper \
     edge of the frame. In the last two seconds the movement comes to rest, the product fills the \
     lower two thirds of the picture, and a single warm highlight travels along its rim from left \
     to right. Photorealistic, sharp focus, calm and premium mood, natural colours, no people, no \
     hands, no added text, no logos but the product's own, no cuts.";

/// The different scenes of a script, one for each video of the largest order.
const SCENES: usize = 5;

/// An update of Telegram's, about as long as those of photos and taps.
const UPDATE: usize = 900;

/// A screen with its buttons.
const SCREEN: usize = 700;

/// The shop.
pub(crate) struct Shop {
    db: Arc<Db>,
    clock: Arc<ManualClock>,
    rules: Arc<Rules>,
    keyring: Arc<Keyring>,
    janitor: Janitor,
    serial: u64,
    finished: usize,
}

impl Shop {
    /// A shop that opened so many days ago.
    pub(crate) fn open(path: &Path, days: u64) -> Self {
        let start = SystemClock.now() - Duration::from_hours((days + 2) * 24);
        let clock = Arc::new(ManualClock::at(start));
        let db = Arc::new(Db::open(path, Arc::clone(&clock) as _).expect("the database opens"));
        let config = Config::default();
        let (rules, keyring) = (Arc::new(Rules::new(&config)), Arc::new(Keyring::new(&[])));
        let context = WorkerContext::new(
            Arc::clone(&db),
            Settings::default().live(),
            config.workers.count,
            Arc::clone(&keyring),
            Ports {
                maker: Arc::new(Nobody),
                photos: Arc::new(Nobody),
                videos: Arc::new(Nobody),
                courier: Arc::new(Nobody),
            },
            Scratch::sweep(path).expect("a folder"),
            Stop::new(&db.notifiers),
        );
        let janitor = Janitor::new(Arc::new(context));
        let mut shop = Self { db, clock, rules, keyring, janitor, serial: 0, finished: 0 };
        shop.admits();
        shop
    }

    fn admits(&mut self) {
        let rules = Arc::clone(&self.rules);
        let admitted = self.db.write(move |tx| {
            if keys::list(tx)?.is_empty() {
                keys::add(tx, &Secret::new("bench-key"), KeySource::Stored, "main", "bench")?;
            }
            for id in 1..=PEOPLE {
                let user = user(id);
                let (username, first_name) = (Some(format!("seller_{id}")), format!("Seller {id}"));
                let language_code = Some("ru".to_owned());
                admit_user(tx, &rules, &Profile { id: user, username, first_name, language_code })?;
                let (amount, once) = (Credits(1_000_000), format!("{id:032}"));
                let granted = grant_credits(tx, &Grant { user, amount, once, note: None });
                granted.map_err(|_| refused())?;
            }
            Ok(())
        });
        admitted.expect("the database works");
    }

    /// A day on which so many videos are ordered.
    pub(crate) fn serves(&mut self, videos: usize) {
        // Three a piece in the mean, of the photos that come to something.
        let photos = videos as u64 / 3 * ABANDONED / (ABANDONED - 1);
        let batches = usize::try_from(photos).unwrap_or(0).div_ceil(TOGETHER);
        let pause = Duration::from_hours(24) / u32::try_from(batches).expect("few");
        for _ in 0..batches {
            self.orders(TOGETHER);
            self.works();
            self.clock.advance(pause);
        }
        self.works();
    }

    /// A day on which nothing happens.
    pub(crate) fn day_passes(&mut self) {
        self.clock.advance(Duration::from_hours(24));
        self.works();
    }

    /// The janitor goes round.
    pub(crate) fn night(&mut self) {
        self.janitor.round().expect("the database works");
    }

    /// The write-ahead log goes into the file.
    pub(crate) fn folds(&self) {
        self.db.checkpoint().expect("the database works");
    }

    /// How many videos have ended.
    pub(crate) fn finished(&self) -> usize {
        self.finished
    }

    /// The share of the file that nothing uses.
    pub(crate) fn free_pages(&self) -> f64 {
        let connection = rusqlite::Connection::open(self.db.path()).expect("it opens again");
        let number = |name: &str| {
            let sql = format!("pragma {name}");
            let number: f64 = connection
                .query_row(&sql, [], |row| row.get::<_, i64>(0).map(|number| number as f64))
                .expect("known");
            number
        };
        number("freelist_count") / number("page_count")
    }

    /// So many people send a photo and order.
    fn orders(&mut self, people: usize) {
        let (rules, first) = (Arc::clone(&self.rules), self.serial + 1);
        self.serial += people as u64;
        let last = self.serial;
        let done = self.db.write(move |tx| {
            (first..=last).try_for_each(|serial| one_order(tx, &rules, serial))?;
            send(tx)
        });
        done.expect("the database works");
    }

    /// All that is due is done.
    fn works(&mut self) {
        let (rules, keyring) = (Arc::clone(&self.rules), Arc::clone(&self.keyring));
        let ended = self.db.write(move |tx| {
            let mut ended = 0;
            while let Some(step) = claim(tx)? {
                let done = play(step);
                settle(tx, &rules, &keyring, &done)?;
                ended += usize::from(matches!(done.outcome, StepOutcome::Deliver(_)));
            }
            send(tx)?;
            Ok(ended)
        });
        self.finished += ended.expect("the database works");
    }

    /// So many orders, and the seconds of each claim, and of each with the settling of the step
    /// before.
    pub(crate) fn timed(&mut self, orders: usize) -> [Vec<f64>; 2] {
        self.orders(orders);
        let (rules, keyring) = (Arc::clone(&self.rules), Arc::clone(&self.keyring));
        let times = self.db.write(move |tx| {
            let (mut claims, mut pairs, mut done) = (Vec::new(), Vec::new(), None);
            loop {
                let began = Instant::now();
                if let Some(done) = &done {
                    settle(tx, &rules, &keyring, done)?;
                }
                let settled = began.elapsed().as_secs_f64();
                let step = claim(tx)?;
                pairs.push(began.elapsed().as_secs_f64());
                claims.push(began.elapsed().as_secs_f64() - settled);
                let Some(step) = step else { return Ok([claims, pairs]) };
                done = Some(play(step));
            }
        });
        self.clock.advance(Duration::from_mins(15));
        self.works();
        times.expect("the database works")
    }

    /// Some tasks are at KIE when the bot ends.
    pub(crate) fn leaves_tasks(&mut self) {
        self.timed(1);
        self.orders(8);
        let (rules, keyring) = (Arc::clone(&self.rules), Arc::clone(&self.keyring));
        let left = self.db.write(move |tx| {
            while let Some(step) = claim(tx)? {
                settle(tx, &rules, &keyring, &play(step))?;
            }
            Ok(())
        });
        left.expect("the database works");
    }
}

/// A person sends a photo, chooses an idea, sees the script, and orders 1, 3 or 5 videos.
fn one_order(tx: &Tx<'_>, rules: &Rules, serial: u64) -> Result<(), StoreError> {
    let chance = random_bits(9, serial);
    let person = user(1 + chance % PEOPLE);
    for part in 0..3 {
        let update_id = i64::try_from(serial * 4 + part).expect("few");
        inbox::add(tx, update_id, Some(person), &"u".repeat(UPDATE))?;
    }
    for update in inbox::waiting(tx, tx.now, 10)? {
        inbox::mark_handled(tx, update.id)?;
    }
    let (file, unique) = (format!("AgACAgIAAxkBAAI{serial:075}"), format!("AQAD{serial:012}"));
    let photo = NewPhoto { file_id: &file, unique_id: Some(&unique), message: None, album: None };
    let (draft, _) = receive_photo(tx, person, &photo)?;
    outbox::put_screen(tx, person, Lane::Answers, &"s".repeat(SCREEN), None)?;
    send(tx)?;
    if serial.is_multiple_of(ABANDONED) {
        return Ok(());
    }
    let preset = Source::Preset("scroll-up".to_owned());
    let photo = drafts::find(tx, person, draft)?.ok_or_else(refused)?.photo;
    let script = scripts::begin(tx, draft, &preset, None, None)?;
    let new = NewPrompt {
        prompt: PROMPT.to_owned(),
        summary: None,
        scenes: (1..=SCENES).map(scene).collect(),
        people: false,
        several: false,
        fallback: None,
    };
    scripts::finish(tx, script, Some(tx.now), &new, rules.offered.usual_quote())?;
    let anchor = format!("script {script}");
    outbox::put_screen(tx, person, Lane::Answers, &"s".repeat(SCREEN), Some(&anchor))?;
    send(tx)?;
    let count = [1, 3, 5][usize::try_from(chance >> 40).unwrap_or(0) % 3];
    let order = PlaceOrder { user: person, script, count };
    place_order(tx, rules, &order).map_err(|_| refused())?;
    let url = format!("https://tempfile.redpandaai.co/kieai/183531/images/{serial:032}.jpg");
    uploads::mark(tx, photo, None, &url)?;
    outbox::put_screen(tx, person, Lane::Answers, &"s".repeat(SCREEN), Some(&anchor))
}

/// One of the different scenes of a script.
fn scene(number: usize) -> Scene {
    Scene { title: None, prompt: format!("Scene {number}. {PROMPT}") }
}

/// Everything in the outbox arrives.
fn send(tx: &Tx<'_>) -> Result<(), StoreError> {
    loop {
        let due = send_queue::due(tx, tx.now, 100)?;
        if due.is_empty() {
            return Ok(());
        }
        for message in &due {
            send_queue::mark_sent(tx, message, Some(MessageId(7)))?;
        }
    }
}

fn refused() -> StoreError {
    StoreError::from(std::io::Error::other("an action said no"))
}

fn claim(tx: &Tx<'_>) -> Result<Option<Box<ClaimedStep>>, StoreError> {
    let key = KeyId(1);
    let capacity =
        Capacity { submit: SubmitCapacity::Key(key), polls: vec![key], deliveries: true };
    Ok(match queue::claim(tx, &capacity)? {
        Claimed::Step(step) => Some(step),
        Claimed::Nothing(_) => None,
    })
}

fn play(step: Box<ClaimedStep>) -> Done {
    let chance = random_bits(11, u64::try_from(step.claim.job.0).unwrap_or(0));
    let outcome = match step.step {
        Step::Submit => StepOutcome::Submit(Submission::Task(format!("{chance:032x}"))),
        Step::Poll if chance.is_multiple_of(FAILING) => {
            let text = "400: the input or output was flagged as sensitive";
            let failure = Failure::new(FailureKind::UserViolation, text);
            StepOutcome::Poll(Ok(Progress::Failed(failure)))
        }
        Step::Poll => {
            let url = format!("https://tempfile.aiquickdraw.com/r/{chance:032x}_1764000000.mp4");
            StepOutcome::Poll(Ok(Progress::Done { url }))
        }
        Step::Deliver => {
            StepOutcome::Deliver(Delivery::Sent(Some(format!("BAACAgIAAxkDAAI{chance:065}"))))
        }
    };
    Done { step, outcome }
}

fn user(number: u64) -> UserId {
    UserId(7_000_000_000 + i64::try_from(number).expect("few"))
}

/// Nobody outside: the actions bring their own answers.
struct Nobody;

impl VideoMaker for Nobody {
    fn upload(&self, _: &Secret, _: &Path, _: &str) -> Result<String, Failure> {
        Err(Failure::new(FailureKind::Temporary, "nobody"))
    }

    fn submit(&self, _: &Secret, _: &RenderRequest<'_>) -> Result<String, SubmitError> {
        Err(SubmitError::NotSent("nobody".to_owned()))
    }

    fn poll(&self, _: &Secret, _: &str) -> Result<Progress, PollError> {
        Err(PollError::Lost("nobody".to_owned()))
    }

    fn download(&self, _: &Secret, _: &str, _: u64, _: &Path) -> Result<(), DownloadError> {
        Err(DownloadError::Temporary("nobody".to_owned()))
    }

    fn balance(&self, _: &Secret) -> Result<f64, Failure> {
        Ok(100_000.0)
    }

    fn probe(&self, _: &Secret, _: &str) -> bool {
        false
    }
}

impl PhotoSource for Nobody {
    fn fetch(&self, _: &str, _: &Path) -> Result<(), FetchError> {
        Err(FetchError::Temporary("nobody".to_owned()))
    }
}

impl Courier for Nobody {
    fn max_bytes(&self) -> u64 {
        0
    }

    fn ready_at(&self, _: UserId) -> Timestamp {
        Timestamp(0)
    }

    fn deliver(&self, _: &Parcel<'_>) -> Result<Receipt, CourierError> {
        Err(CourierError::Temporary("nobody".to_owned()))
    }

    fn send_again(&self, _: &KeptVideo<'_>) -> Result<Receipt, CourierError> {
        Err(CourierError::Temporary("nobody".to_owned()))
    }

    fn send_file(&self, _: UserId, _: &Path, _: &str, _: &str) -> Result<(), CourierError> {
        Err(CourierError::Temporary("nobody".to_owned()))
    }
}

impl VideoSource for Nobody {
    fn fetch_video(&self, _: &str, _: &Path) -> Result<(), FetchError> {
        Err(FetchError::Temporary("nobody".to_owned()))
    }
}
