//! The clock and the work loop: the bot moves one step at a time, and time is moved by hand.

use std::{sync::Arc, time::Duration};

use reelbot::testing::{
    domain::Timestamp,
    sandbox::Person,
    store::exports,
    worker::{BackupWorker, Turn},
};

use crate::world::World;

/// More moves than any story needs: more of them would never end.
const MANY: usize = 20_000;

/// Messages that wait no longer than this wait for Telegram's pace alone.
const PACE: Duration = Duration::from_secs(2);

/// The shortest step of the clock.
const MOMENT: Duration = Duration::from_millis(1);

impl World {
    /// One move of whatever part of the bot has something to do now; `false` when none has.
    pub(crate) fn moves(&mut self) -> bool {
        if self.crashes.is_some() {
            return self.moves_past_points();
        }
        let runtime = &self.runtime;
        let bot = self.bot.as_mut().expect("the bot runs");
        runtime.block_on(bot.poller.poll_once(Duration::ZERO)).is_ok_and(|updates| updates > 0)
            || bot.components.handler.round().unwrap() > 0
            || bot.components.doctor.turn().unwrap()
            || bot.components.prompt_worker.turn().unwrap()
            || bot.components.voice_worker.turn().unwrap()
            || matches!(bot.worker.turn(), Turn::Worked)
            || bot.exporter.turn().unwrap()
            || runtime.block_on(bot.outbox.send_due()).unwrap().sent > 0
    }

    /// Everything happens that can happen at this time, and every message is sent: Telegram's
    /// pace may take some seconds for that.
    pub(crate) fn settles(&mut self) {
        for _ in 0..MANY {
            if self.moves() {
                continue;
            }
            let now = self.now();
            match self.next_message_at().map(|next| next.since(now)) {
                Some(wait) if wait <= PACE => self.clock.advance(wait.max(MOMENT)),
                _ => return,
            }
        }
        panic!("the world does not come to rest");
    }

    /// Updates are fetched and answered; the answers wait in the outbox.
    pub(crate) fn answers_updates(&mut self) {
        let bot = self.bot.as_mut().expect("the bot runs");
        while self.runtime.block_on(bot.poller.poll_once(Duration::ZERO)).unwrap() > 0
            || bot.components.handler.round().unwrap() > 0
        {}
    }

    /// What is due now is sent, and nothing else happens.
    pub(crate) fn messages_are_sent(&self) {
        self.runtime.block_on(self.bot().outbox.send_due()).unwrap();
    }

    /// Time passes, step by step, and what becomes due is done.
    pub(crate) fn passes(&mut self, time: Duration) {
        let end = self.now() + time;
        self.settles();
        while self.now() < end {
            let next = self.next_due().map_or(end, |next| next.min(end));
            self.passes_until(next);
        }
    }

    /// Time passes until no job is open and every message is sent.
    pub(crate) fn all_work_is_done(&mut self) {
        self.settles();
        for _ in 0..MANY {
            let open = self.jobs().iter().any(|job| job.finished_at.is_none());
            let Some(next) = self.next_due() else {
                assert!(!open, "an open job is due at no time: {:#?}", self.jobs());
                return;
            };
            // What is left may be the watch for late videos.
            if !open && self.next_message_at().is_none() {
                return;
            }
            self.passes_until(next);
        }
        panic!("the work never ends: {:#?}", self.jobs());
    }

    /// The bot sets the command menus that are due.
    pub(crate) fn menus_are_set(&mut self) {
        self.runtime.block_on(self.bot().menus.set_due()).unwrap();
    }

    /// The bot fetches updates, and does nothing about them yet.
    pub(crate) fn polls(&mut self) {
        let poller = &self.bot().poller;
        self.runtime.block_on(poller.poll_once(Duration::ZERO)).unwrap();
    }

    /// What a person is shown for a tap: it is answered in a task, within a second.
    pub(crate) fn toast(&self, person: &Person, tap: &str) -> String {
        let mut changes = self.stage.telegram.changes();
        let answered = changes.wait_for(|_| person.answer_to(tap).is_some());
        let answered =
            async { tokio::time::timeout(Duration::from_secs(5), answered).await.is_ok() };
        assert!(self.runtime.block_on(answered), "the tap was not answered");
        person.answer_to(tap).unwrap_or_default()
    }

    /// What a person who is about to pay is told: empty where they may.
    pub(crate) fn checkout(&self, person: &Person, query: &str) -> String {
        let mut changes = self.stage.telegram.changes();
        let answered = changes.wait_for(|_| person.answer_to_checkout(query).is_some());
        let answered =
            async { tokio::time::timeout(Duration::from_secs(5), answered).await.is_ok() };
        assert!(self.runtime.block_on(answered), "the checkout was not answered");
        person.answer_to_checkout(query).unwrap_or_default()
    }

    /// The janitor goes round.
    pub(crate) fn janitor_goes_round(&mut self) {
        self.bot.as_mut().expect("the bot runs").janitor.round().unwrap();
    }

    /// What is due of the backups is done.
    pub(crate) fn backups_are_made(&self) {
        let worker = BackupWorker::new(Arc::clone(&self.bot().components.context));
        worker.round().unwrap();
    }

    /// The janitor goes round and comes upon damage.
    pub(crate) fn janitor_finds_damage(&mut self) {
        self.bot.as_mut().expect("the bot runs").janitor.round().unwrap_err();
    }

    fn passes_until(&mut self, time: Timestamp) {
        self.clock.advance(time.since(self.now()).max(MOMENT));
        self.settles();
    }

    /// When the next message may be sent, if any waits, or the next video that was asked for again.
    fn next_message_at(&self) -> Option<Timestamp> {
        let message = self.runtime.block_on(self.bot().outbox.send_due()).unwrap().next;
        let export = self.db().read(exports::next_due).unwrap();
        message.into_iter().chain(export).min()
    }

    fn next_due(&mut self) -> Option<Timestamp> {
        let bot = self.bot.as_mut().expect("the bot runs");
        let work = match bot.worker.turn() {
            Turn::Idle(next) => next,
            Turn::Worked => Some(bot.components.db.clock.now()),
            Turn::Failed(error) => panic!("{error}"),
        };
        [work, self.next_message_at()].into_iter().flatten().min()
    }
}
