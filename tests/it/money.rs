//! The ledger, whatever happens in whatever order.

use proptest::prelude::*;
use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reelbot::testing::{
    actions::{
        Delivery, Grant, GrantError, NewPhoto, PlaceOrder, PlaceOrderError, Rules, Submission,
        admit_user, grant_credits, place_order, receive_photo, rescue_jobs, take_credits,
    },
    clock::ManualClock,
    config::Config,
    domain::{
        Credits, Failure, FailureKind, KeyId, KeySource, PollError, Progress, ScriptId, Secret,
        Source, Step, Timestamp, UserId,
    },
    store::{
        Capacity, Claimed, ClaimedStep, Db, NewPrompt, Profile, StoreError, SubmitCapacity, keys,
        queue, scripts,
    },
    worker::{Done, Keyring, StepOutcome, settle},
};

use crate::world::checks::adds_up;

/// What may happen.
#[derive(Clone, Debug)]
enum Event {
    Grant { user: u8, amount: u8 },
    Take { user: u8, amount: u8 },
    Order { user: u8, count: u32, taps: u8 },
    Claim,
    Settle { held: u8, fate: u8 },
    SettleTwice { held: u8, fate: u8 },
    Pass { minutes: u16 },
    Crash,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => (0..3_u8, 1..9_u8).prop_map(|(user, amount)| Event::Grant { user, amount }),
        1 => (0..3_u8, 1..9_u8).prop_map(|(user, amount)| Event::Take { user, amount }),
        4 => (0..3_u8, prop_oneof![Just(1), Just(3), Just(5), Just(7)], 1..3_u8)
            .prop_map(|(user, count, taps)| Event::Order { user, count, taps }),
        12 => Just(Event::Claim),
        12 => (any::<u8>(), any::<u8>()).prop_map(|(held, fate)| Event::Settle { held, fate }),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(held, fate)| Event::SettleTwice { held, fate }),
        3 => (0..90_u16).prop_map(|minutes| Event::Pass { minutes }),
        1 => Just(Event::Crash),
    ];
    proptest::collection::vec(event, 1..120)
}

/// A database, and the steps that are claimed in it.
struct Bank {
    db: Db,
    clock: Arc<ManualClock>,
    rules: Arc<Rules>,
    keyring: Arc<Keyring>,
    held: Vec<ClaimedStep>,
    key: KeyId,
    uuid: u32,
}

impl Bank {
    fn open(path: &Path, clock: &Arc<ManualClock>) -> Self {
        let db = Db::open(path, Arc::clone(clock) as _).unwrap();
        let rules = Arc::new(Rules::new(&Config::default()));
        let keyring = Arc::new(Keyring::new(&[]));
        let resumed = Arc::clone(&rules);
        let key = db
            .write(move |tx| {
                rescue_jobs(tx, &resumed, Timestamp(i64::MAX))?;
                keys::add(tx, &Secret::new("0123456789abcdef"), KeySource::Stored, "main", "k")
            })
            .unwrap();
        Self { db, clock: Arc::clone(clock), rules, keyring, held: Vec::new(), key, uuid: 0 }
    }

    fn grant(&mut self, user: u8, amount: u8, takes: bool, era: usize) {
        self.uuid += 1;
        let grant = Grant {
            user: admitted(&self.db, &self.rules, user),
            amount: Credits(amount.into()),
            once: format!("{era} {}", self.uuid),
            note: None,
        };
        let done = self.db.try_write(move |tx| {
            if takes { take_credits(tx, &grant) } else { grant_credits(tx, &grant) }
        });
        assert!(matches!(done, Ok(_) | Err(GrantError::Short { .. })), "{done:?}");
    }

    /// A photo, a script, and some taps: one order at most.
    fn order(&self, user: u8, count: u32, taps: u8) {
        let user = admitted(&self.db, &self.rules, user);
        let rules = Arc::clone(&self.rules);
        let script = self.db.try_write(move |tx| script(tx, user)).unwrap();
        let mut placed = 0;
        for _ in 0..taps {
            let rules = Arc::clone(&rules);
            let tapped = PlaceOrder { user, script, count };
            match self.db.try_write(move |tx| place_order(tx, &rules, &tapped)) {
                Ok(_) => placed += 1,
                Err(PlaceOrderError::Store(error)) => panic!("{error}"),
                Err(_) => {}
            }
        }
        assert!(placed <= 1);
    }

    fn claim(&mut self) {
        let room = Capacity {
            submit: SubmitCapacity::Key(self.key),
            polls: vec![self.key],
            deliveries: true,
        };
        if let Claimed::Step(work) = self.db.write(move |tx| queue::claim(tx, &room)).unwrap() {
            self.held.push(*work);
        }
    }

    fn settle(&mut self, held: u8, fate: u8, times: usize) {
        if self.held.is_empty() {
            return;
        }
        let work = self.held.remove(usize::from(held) % self.held.len());
        let outcome = outcome(&work, fate);
        let done = Arc::new(Done { step: Box::new(work), outcome });
        for time in 0..times {
            let (rules, keyring) = (Arc::clone(&self.rules), Arc::clone(&self.keyring));
            let done = Arc::clone(&done);
            let settled = self.db.write(move |tx| settle(tx, &rules, &keyring, &done));
            assert!(settled.is_ok() == (time == 0), "{settled:?}");
        }
    }

    fn adds_up(&self) {
        adds_up(&self.db);
    }
}

fn admitted(db: &Db, rules: &Arc<Rules>, user: u8) -> UserId {
    let id = UserId(100 + i64::from(user));
    let rules = Arc::clone(rules);
    let profile = Profile { id, username: None, first_name: "P".to_owned(), language_code: None };
    db.write(move |tx| admit_user(tx, &rules, &profile)).unwrap();
    id
}

fn script(tx: &reelbot::testing::store::Tx<'_>, user: UserId) -> Result<ScriptId, StoreError> {
    let photo = NewPhoto { file_id: "file", unique_id: None, message: None, album: None };
    let (draft, _) = receive_photo(tx, user, &photo)?;
    let source = Source::Preset("scroll-up".to_owned());
    let script = scripts::begin(tx, draft, &source, None, None)?;
    let prompt = "a prompt".to_owned();
    let (scenes, people) = (Vec::new(), false);
    let new = NewPrompt { prompt, summary: None, scenes, people, several: false, fallback: None };
    let quote = Rules::new(&Config::default()).offered.usual_quote();
    scripts::finish(tx, script, Some(tx.now), &new, quote)?;
    Ok(script)
}

/// What becomes of a step.
fn outcome(work: &ClaimedStep, fate: u8) -> StepOutcome {
    let kinds = FailureKind::ALL;
    let kind = kinds[usize::from(fate) % kinds.len()];
    let failure = Failure::new(kind, "so it is");
    match (work.step, fate % 5) {
        (Step::Submit, 0) => StepOutcome::Submit(Submission::Failed(failure)),
        (Step::Submit, 1) if fate > 128 => StepOutcome::Submit(Submission::Lost("gone".to_owned())),
        (Step::Submit, 1) if fate > 100 => StepOutcome::Submit(Submission::GivenBack),
        (Step::Submit, _) => StepOutcome::Submit(Submission::Task(format!(
            "t{} {}",
            work.claim.job, work.claim.fence
        ))),
        (Step::Poll, 0) => StepOutcome::Poll(Ok(Progress::Failed(failure))),
        (Step::Poll, 1) => StepOutcome::Poll(Ok(Progress::Running)),
        (Step::Poll, 2) => StepOutcome::Poll(Err(PollError::NotFound("null".to_owned()))),
        (Step::Poll, 3) if fate > 128 => StepOutcome::Poll(Ok(Progress::NoAddress)),
        (Step::Poll, _) => StepOutcome::Poll(Ok(Progress::Done { url: "http://v".to_owned() })),
        (Step::Deliver, 0) => StepOutcome::Deliver(Delivery::Failed("no".to_owned())),
        (Step::Deliver, 1) => StepOutcome::Deliver(Delivery::Refused("no".to_owned())),
        (Step::Deliver, 2) if fate > 200 => StepOutcome::Deliver(Delivery::Blocked),
        (Step::Deliver, _) => StepOutcome::Deliver(Delivery::Sent(Some("f".to_owned()))),
    }
}

#[test]
fn no_two_of_twenty_workers_ever_hold_the_same_job() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reelbot.db");
    let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
    let mut bank = Bank::open(&path, &clock);
    for user in 0..10 {
        bank.grant(user, 9, false, 0);
        bank.order(user, 5, 1);
    }
    let (db, rules, keyring, key) = (&bank.db, &bank.rules, &bank.keyring, bank.key);
    let (held, created) = (Mutex::new(HashSet::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let room = Capacity {
                    submit: SubmitCapacity::Key(key),
                    polls: Vec::new(),
                    deliveries: true,
                };
                let claim = || {
                    let room = room.clone();
                    db.write(move |tx| queue::claim(tx, &room)).unwrap()
                };
                while let Claimed::Step(work) = claim() {
                    let job = work.claim.job;
                    assert!(held.lock().unwrap().insert(job), "{job:?} is claimed twice");
                    let outcome = StepOutcome::Submit(Submission::Task(format!("task {job}")));
                    let done = Done { step: work, outcome };
                    let (rules, keyring) = (Arc::clone(rules), Arc::clone(keyring));
                    held.lock().unwrap().remove(&job);
                    db.write(move |tx| settle(tx, &rules, &keyring, &done)).unwrap();
                    created.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(created.into_inner(), 50, "each job once");
    bank.adds_up();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_books_balance_after_every_event(events in events()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reelbot.db");
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
        let mut bank = Bank::open(&path, &clock);
        for (era, event) in events.into_iter().enumerate() {
            match event {
                Event::Grant { user, amount } => bank.grant(user, amount, false, era),
                Event::Take { user, amount } => bank.grant(user, amount, true, era),
                Event::Order { user, count, taps } => bank.order(user, count, taps),
                Event::Claim => bank.claim(),
                Event::Settle { held, fate } => bank.settle(held, fate, 1),
                Event::SettleTwice { held, fate } => bank.settle(held, fate, 2),
                Event::Pass { minutes } => bank.clock.advance(Duration::from_mins(minutes.into())),
                Event::Crash => {
                    drop(bank);
                    bank = Bank::open(&path, &clock);
                }
            }
            bank.adds_up();
        }
    }
}
