//! What a story asks about the world, and what holds at the end of each.

use reelbot::testing::{
    chat::Tap,
    sandbox::{Person, ShownMessage},
    store::{Db, JobLine, audit, ledger, report},
};

use crate::world::World;

impl World {
    /// What a person has.
    pub(crate) fn balance(&self, person: &Person) -> i64 {
        let user = person.id();
        self.db().read(|view| ledger::balance(view, user)).unwrap().0
    }

    /// What one video costs.
    pub(crate) fn price(&self) -> i64 {
        let config = &self.config;
        let model = config.models.iter().find(|model| model.slug == config.kie.model);
        model.map_or(1, |model| model.credits.0)
    }

    /// The jobs, oldest first.
    pub(crate) fn jobs(&self) -> Vec<JobLine> {
        let mut jobs = self.db().read(|view| report::jobs(view, None, None, 10_000)).unwrap();
        jobs.reverse();
        jobs
    }

    /// A number from the database.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.db().path()).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Every invariant holds.
    pub(crate) fn adds_up(&self) {
        adds_up(self.db());
    }
}

/// No story leaves the books in disorder, or a job that waits for nothing.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.bot.is_some() {
            self.settles();
            self.adds_up();
        }
    }
}

/// Every invariant holds in a database.
pub(crate) fn adds_up(db: &Db) {
    let checks = db.read(|view| audit::check(view, db.clock.now())).unwrap();
    let broken: Vec<_> = checks.iter().filter(|check| check.broken > 0).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The texts of the bot's messages, oldest first.
pub(crate) fn texts(person: &Person) -> Vec<String> {
    let from_bot = person.chat().into_iter().filter(|message| message.from_bot);
    from_bot.map(|message| message.text).collect()
}

/// How many of the bot's messages have these words in them.
pub(crate) fn count_of(person: &Person, words: &str) -> usize {
    texts(person).iter().filter(|text| text.contains(words)).count()
}

/// Whether a message of the bot's has these words in it.
pub(crate) fn reads(person: &Person, words: &str) -> bool {
    count_of(person, words) > 0
}

/// How many of the bot's messages have the closing keyboard.
pub(crate) fn closings(person: &Person) -> usize {
    let closes = |data: &str| data.starts_with(Tap::MORE_WITH_PHOTO) || data == Tap::ANOTHER_PHOTO;
    let is_closing = |message: &&ShownMessage| message.data().any(closes);
    person.chat().iter().filter(is_closing).count()
}
