//! What the benches share: the machine they ran on, a crowd of people, the bot as a process.

#![allow(dead_code, reason = "each bench uses its part")]

pub(crate) mod bot;

pub(crate) mod waits;

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    thread::{available_parallelism, sleep},
    time::{Duration, Instant},
};

use reelbot::testing::{
    chat::Tap,
    domain::MessageId,
    sandbox::{MediaKind, PHOTO, Person, StoredMessage, TelegramStandIn},
};

/// How long the pace of the disk is measured.
const PROBE: Duration = Duration::from_secs(1);

/// How often a crowd is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// How long anything may take before something must be wrong.
const PATIENCE: Duration = Duration::from_mins(15);

/// A folder for a bench's files, on the disk of the build.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder can be written")
}

/// Prints what a bench's figures depend on.
pub(crate) fn print_machine(folder: &Path) {
    let cores = available_parallelism().map_or(1, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    println!("machine      {cores} cores, {model}, memory {memory}, load before {load}");
    println!("disk         {:.0} append+fsync a second (512 bytes)", disk_pace(folder));
}

/// Appends and syncs, as a log of commits does, and counts.
pub(crate) fn disk_pace(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("probe")).expect("the folder can be written");
    let (began, mut syncs) = (Instant::now(), 0.0);
    while began.elapsed() < PROBE {
        file.write_all(&[7; 512]).expect("the disk has room");
        file.sync_data().expect("the disk can be synced");
        syncs += 1.0;
    }
    syncs / began.elapsed().as_secs_f64()
}

/// A line `name: value` of a file in /proc.
pub(crate) fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line =
        text.lines().find(|line| line.split(':').next().is_some_and(|n| n.trim() == name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Seconds of processor time that a process has used. The kernel counts in
/// hundredths (`USER_HZ`).
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    // Without the two names in front and the state's letter, utime and stime are these.
    ticks.get(10).zip(ticks.get(11)).map_or(0.0, |(user, system)| (user + system) / 100.0)
}

/// People who order at once.
pub(crate) struct Crowd {
    telegram: TelegramStandIn,
    people: Vec<Person>,
}

impl Crowd {
    /// So many people who have not written yet.
    pub(crate) fn of(telegram: &TelegramStandIn, size: usize) -> Self {
        let people =
            (1..=size).map(|number| telegram.person(&format!("p{number}"), "ru")).collect();
        Self { telegram: telegram.clone(), people }
    }

    /// Everybody sends the photo and taps the first idea; returns when everybody has a script.
    pub(crate) fn prepares(&self) {
        for person in &self.people {
            person.sends_photo(PHOTO).expect("a photo goes");
        }
        self.everybody_taps(Tap::PRESET);
        self.wait("the scripts", |chat| {
            button(chat, &|data| data.starts_with(Tap::ORDER)).is_some()
        });
    }

    /// Everybody taps on so many videos.
    pub(crate) fn orders(&self, count: usize) {
        let count = u32::try_from(count).expect("few");
        let offers =
            |tap: Tap| matches!(tap, Tap::Order { count: offered, .. } if offered == count);
        for person in &self.people {
            let order = self.button(person, &|data| Tap::parse(data).is_some_and(offers));
            let (message, data) = order.expect("the count is offered");
            person.taps(message, &data).expect("the button is there");
        }
    }

    /// Returns when everybody has so many videos and the closing keyboard.
    pub(crate) fn has_all(&self, count: usize) {
        self.wait("the videos", |chat| {
            let is_video = |m: &&StoredMessage| {
                m.media.as_ref().is_some_and(|media| media.kind == MediaKind::Video)
            };
            chat.iter().filter(is_video).count() >= count
                && button(chat, &|data| data.starts_with(Tap::MORE_WITH_PHOTO)).is_some()
        });
    }

    fn everybody_taps(&self, prefix: &str) {
        let mut waiting: Vec<&Person> = self.people.iter().collect();
        patiently("the ideas", || {
            waiting.retain(|person| {
                let found = self.button(person, &|data| data.starts_with(prefix));
                let tapped = found.map(|(message, data)| person.taps(message, &data));
                tapped.is_none_or(|tapped| tapped.is_err())
            });
            waiting.is_empty()
        });
    }

    fn button(&self, person: &Person, is_it: &dyn Fn(&str) -> bool) -> Option<(MessageId, String)> {
        self.telegram.read(|state| button(&state.chats[&person.id()].messages, is_it))
    }

    fn wait(&self, what: &str, is_there: impl Fn(&[StoredMessage]) -> bool) {
        let mut waiting: Vec<&Person> = self.people.iter().collect();
        patiently(what, || {
            self.telegram.read(|state| {
                waiting.retain(|person| !is_there(&state.chats[&person.id()].messages));
            });
            waiting.is_empty()
        });
    }
}

/// The newest button with such data.
fn button(chat: &[StoredMessage], is_it: &dyn Fn(&str) -> bool) -> Option<(MessageId, String)> {
    chat.iter().rev().find_map(|message| {
        let data = message.data().find(|data| is_it(data))?;
        Some((message.id, data.to_owned()))
    })
}

/// Looks again and again.
pub(crate) fn patiently(what: &str, mut is_done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_done() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        sleep(LOOK);
    }
}

/// The middle one.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 50)
}

/// The value that so many of a hundred do not exceed.
pub(crate) fn percentile(values: impl IntoIterator<Item = f64>, hundredths: usize) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((values.len() * hundredths / 100).min(last)).copied().unwrap_or(f64::NAN)
}

/// Whether a goal was met, in a word for the end of a line.
pub(crate) fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}
