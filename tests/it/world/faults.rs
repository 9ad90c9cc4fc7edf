//! What goes wrong around the bot. Crashes are in `crash`.

use std::{
    fs::OpenOptions,
    io::{Seek, SeekFrom, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::Router;
use reelbot::testing::{
    actions::{Grant, grant_credits},
    app::{Components, Plan},
    clock::ManualClock,
    domain::{Clock, Credits, FetchError, PhotoSource, Secret},
    sandbox::{Fault, Person, PlannedFault, RenderOutcome, serve},
    store::Db,
};

use crate::world::World;

/// The token of the bot on the stage.
const FIRST_BOT: &str = "1000001:sandbox-token-that-opens-nothing-outside";

/// The token of another bot.
const OTHER_BOT: &str = "1000002:another-token";

impl World {
    /// Another program changes the database.
    pub(crate) fn database_changes(&self, sql: &str) {
        rusqlite::Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }

    /// Something overwrites the first page of a table while no bot runs.
    pub(crate) fn page_is_damaged(&self, table: &str) {
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        connection.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
        let sql = format!("select rootpage from sqlite_schema where name = '{table}'");
        let page: u32 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        drop(connection);
        let mut file = OpenOptions::new().write(true).open(self.database()).unwrap();
        file.seek(SeekFrom::Start(u64::from(page - 1) * 4096)).unwrap();
        file.write_all(&[0x5A; 4096]).unwrap();
    }

    /// The bot is killed, and starts on a machine where something is different.
    pub(crate) fn restarts_with(&mut self, change: impl Fn(&mut Plan) + 'static) {
        self.is_killed();
        self.change = Box::new(change);
        self.starts();
    }

    /// The operator runs another bot on this database from now on.
    pub(crate) fn bot_is_another(&mut self) {
        self.is_killed();
        self.stage.telegram.change_token(OTHER_BOT);
        self.restarts_with(|plan| plan.config.telegram.token = Secret::new(OTHER_BOT));
    }

    /// The first bot runs on the database again.
    pub(crate) fn bot_is_the_first_again(&mut self) {
        self.is_killed();
        self.stage.telegram.change_token(FIRST_BOT);
        self.restarts_with(|_| {});
    }

    /// The operator gives credits with a command whose clock is so far ahead of the bot's.
    pub(crate) fn grants_from_ahead(&self, person: &Person, amount: i64, ahead: Duration) {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(self.now() + ahead));
        let db = Db::open(&self.database(), clock).unwrap();
        let (user, amount) = (person.id(), Credits(amount));
        let grant = Grant { user, amount, once: "ahead".to_owned(), note: None };
        db.try_write(move |tx| grant_credits(tx, &grant)).unwrap();
    }

    /// An edit that is due takes its time at Telegram, and something else happens meanwhile.
    pub(crate) fn while_an_edit_is_slow(&mut self, something: impl FnOnce(&mut Self)) {
        let telegram = self.stage.telegram.clone();
        let edits = || telegram.calls_of("editMessageText").len();
        let before = edits();
        telegram.plan(PlannedFault::new(Fault::Slow { millis: 300 }).on("editMessageText"));
        let outbox = self.bot().outbox.clone();
        let sending = self.runtime.spawn(async move { outbox.send_due().await });
        self.runtime.block_on(async {
            while edits() == before {
                tokio::task::yield_now().await;
            }
        });
        something(self);
        self.runtime.block_on(sending).unwrap().unwrap();
    }

    /// An edit arrives, and the bot is killed before it has the answer; then it starts again.
    pub(crate) fn is_killed_in_an_edit(&mut self) {
        let telegram = self.stage.telegram.clone();
        let edits = || telegram.calls_of("editMessageText").len();
        let before = edits();
        telegram.plan(PlannedFault::new(Fault::Timeout).on("editMessageText"));
        let arrives = async {
            while edits() == before {
                tokio::task::yield_now().await;
            }
        };
        self.runtime.block_on(async {
            tokio::select! {
                sent = self.bot().outbox.send_due() => panic!("an answer came: {sent:?}"),
                () = arrives => assert!(telegram.planned_faults_are_over()),
            }
        });
        self.restarts();
    }

    /// The next so many photos panic when a worker fetches them.
    pub(crate) fn photos_panic(&self, times: u32) {
        self.photo_panics.store(times, Ordering::SeqCst);
    }

    /// From now on this server is KIE. The bot starts anew.
    pub(crate) fn kie_becomes(&mut self, router: Router) {
        self.is_killed();
        self.kie = Some(self.runtime.block_on(serve(router, 0)).unwrap());
        self.starts();
    }
}

/// KIE refuses to create a task.
pub(crate) fn refuse(code: u16, msg: &str) -> RenderOutcome {
    RenderOutcome::Refuse { code, msg: msg.to_owned() }
}

/// Puts photos that may panic in the place of Telegram's, before a worker has them.
pub(crate) fn let_photos_panic(components: &mut Components, panics: &Arc<AtomicU32>) {
    let context = Arc::get_mut(&mut components.context).expect("no thread works yet");
    let (photos, panics) = (Arc::clone(&context.ports.photos), Arc::clone(panics));
    context.ports.photos = Arc::new(PanickingPhotos { photos, panics });
}

struct PanickingPhotos {
    photos: Arc<dyn PhotoSource>,
    panics: Arc<AtomicU32>,
}

impl PhotoSource for PanickingPhotos {
    fn fetch(&self, file_id: &str, into: &Path) -> Result<(), FetchError> {
        let one_less = |left: u32| left.checked_sub(1);
        let left = self.panics.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        assert!(left.is_err(), "a panic on purpose");
        self.photos.fetch(file_id, into)
    }
}
