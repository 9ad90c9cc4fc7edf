//! The prompt workers turn an idea into the final prompt, with GPT's help. A
//! script that was begun before a restart is begun again: nothing is lost.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use crate::actions::offered::offered;
use crate::chat::settings::{LiveSettings, Settings};
use crate::domain::{
    brief::{Brief, Written},
    draft::{Fallback, ScriptId},
    ports::{PhotoSource, PromptWriter},
    time::Timestamp,
};
use crate::service::{
    notify::Channel,
    outage::Outage,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    drafts,
    error::StoreError,
    scratch::Scratch,
    scripts::{self, NewPrompt},
    scripts_in_hand::{self, ScriptInHand},
    tx::Tx,
};
use crate::worker::{
    idea::{changed, idea, own_summary, task},
    keyring::Keyring,
    requests::{Requests, record},
    script_photo::ScriptPhoto,
    written::{WrittenPrompt, save, without_writer},
};

/// No script takes longer: a photo, and a few calls with limits of their own.
const LONGEST_SCRIPT: Duration = Duration::from_mins(30);

/// After so many tries that came to nothing, for the database refused what was written or the process
/// ended, the script writer is not asked again: each time is paid for.
const MOST_TRIES: u32 = 3;

/// What the prompt workers share.
pub struct PromptWorker {
    /// The database.
    pub db: Arc<Db>,
    /// GPT.
    pub writer: Arc<dyn PromptWriter>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// For when GPT is paid with a KIE key.
    pub keyring: Arc<Keyring>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// For the photos while they are checked.
    pub scratch: Scratch,
    /// The signal that the bot shuts down.
    pub stop: Stop,
    /// The log of GPT's failures.
    pub outage: Outage,
    /// The scripts that are being written now.
    pub requests: Requests<Begun>,
}

/// The log of GPT's failures, with nothing logged yet.
pub(crate) fn gpt_outage() -> Outage {
    Outage::new("GPT wrote no script; the idea itself is used", "GPT writes scripts again")
        .hint("check gpt.api_url and gpt.api_key")
}

/// A script, and when it was begun: it may be begun again with other words.
pub(crate) type Begun = (ScriptId, Option<Timestamp>);

impl PromptWorker {
    /// Writes until the bot shuts down.
    pub fn work(&self) {
        let notifier = self.db.notifiers.get(Channel::Prompts);
        let turns = self.db.pulse.loops.join("prompt worker", LONGEST_SCRIPT);
        serve(&turns, &self.stop, Some(notifier), RETRY, || self.turn().map(Next::after));
    }

    /// Writes one script, if one is requested.
    pub fn turn(&self) -> Result<bool, StoreError> {
        let taken = self.requests.take_first(&self.db, scripts_in_hand::writing, begun)?;
        let Some((_held, requested)) = taken else { return Ok(false) };
        let id = requested.script.id;
        self.db.write(move |tx| scripts_in_hand::count_try(tx, id))?;
        self.write(&self.settings.load_full(), requested).map(|()| true)
    }

    fn write(&self, settings: &Arc<Settings>, requested: ScriptInHand) -> Result<(), StoreError> {
        let tried = catch_unwind(AssertUnwindSafe(|| self.compose(settings, &requested)));
        let written = tried.unwrap_or_else(|_| {
            tracing::error!(
                user.id = requested.user.0,
                "a script panicked; the idea itself is used"
            );
            Ok(without_writer(settings, &requested.script.source, Some(Fallback::Away)))
        })?;
        let (refused, live) = (requested.clone(), Arc::clone(&self.settings));
        let save_written = {
            let live = Arc::clone(&live);
            move |tx: &Tx<'_>| save(tx, &live.load_full(), &requested, &written)
        };
        let refused =
            move |tx: &Tx<'_>| save(tx, &live.load_full(), &refused, &WrittenPrompt::NotKept);
        record(&self.db, &self.stop, save_written, refused)
    }

    fn compose(
        &self,
        settings: &Settings,
        requested: &ScriptInHand,
    ) -> Result<WrittenPrompt, StoreError> {
        let (db, scratch) = (&*self.db, &self.scratch);
        let photo = ScriptPhoto::new(db, &*self.photos, scratch, requested.photo);
        match photo.fault()? {
            Some(fault) => Ok(WrittenPrompt::Unusable(fault)),
            None if !settings.has_idea(&requested.script.source) => Ok(WrittenPrompt::Gone),
            None => {
                let written = self.script(settings, requested, &photo)?;
                self.with_what_was_seen_before(requested, written)
            }
        }
    }

    /// What was seen in the photo for another script is there still, where nobody looked this time.
    fn with_what_was_seen_before(
        &self,
        requested: &ScriptInHand,
        mut written: WrittenPrompt,
    ) -> Result<WrittenPrompt, StoreError> {
        if let WrittenPrompt::Script(new) = &mut written {
            let (people, several) = self.db.read(|view| scripts::seen_in(view, requested.photo))?;
            new.people |= people;
            new.several |= several;
        }
        Ok(written)
    }

    fn script(
        &self,
        settings: &Settings,
        requested: &ScriptInHand,
        photo: &ScriptPhoto<'_>,
    ) -> Result<WrittenPrompt, StoreError> {
        let (source, fallback) = (&requested.script.source, requested.script.fallback);
        if requested.tries >= MOST_TRIES {
            return Ok(without_writer(settings, source, Some(Fallback::Away)));
        }
        let Some(task) = task(&requested.script).filter(|_| fallback != Some(Fallback::Limit))
        else {
            return Ok(without_writer(settings, source, fallback));
        };
        let draft = requested.script.id.draft;
        let options = self.db.read(|view| {
            let choice = drafts::choice(view, draft)?;
            Ok(offered(view, &settings.rules)?.quote(choice).options)
        })?;
        let brief = Brief {
            idea: idea(settings, source).to_owned(),
            task,
            seconds: options.seconds,
            longest: settings.longest_prompt(),
            scenes: settings.most_videos(),
            photo: if settings.gpt.vision { photo.small()? } else { None },
        };
        let now = self.db.clock.now();
        let key = self.db.read(|view| self.keyring.any_key(view, now))?;
        let written = self.writer.write(&brief, key.as_ref().map(|key| &key.secret));
        Ok(match written.and_then(|written| changed(&brief, written)) {
            Ok(written) => {
                self.outage.worked();
                let summary = own_summary(source).or(written.summary);
                let Written { prompt, scenes, people, several, .. } = written;
                let fallback = None;
                let new = NewPrompt { prompt, summary, scenes, people, several, fallback };
                WrittenPrompt::Script(new)
            }
            Err(reason) => {
                self.outage.failed(&reason);
                without_writer(settings, source, Some(Fallback::Away))
            }
        })
    }
}

fn begun(requested: &ScriptInHand) -> Begun {
    (requested.script.id, requested.script.begun_at)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::clock::SystemClock;
    use crate::domain::{draft::Source, id::UserId, ports::FetchError, secret::Secret};
    use crate::store::{
        photos, send_queue,
        tx::Tx,
        users::{self, Profile},
    };

    struct Panics;

    impl PromptWriter for Panics {
        fn write(&self, _: &Brief, _: Option<&Secret>) -> Result<Written, String> {
            panic!("on purpose")
        }
    }

    impl PhotoSource for Panics {
        fn fetch(&self, _: &str, _: &Path) -> Result<(), FetchError> {
            Err(FetchError::Temporary("not now".to_owned()))
        }
    }

    fn prompt_worker(folder: &Path) -> PromptWorker {
        let path = folder.join("reelbot.db");
        let db = Arc::new(Db::open(&path, Arc::new(SystemClock)).unwrap());
        PromptWorker {
            stop: Stop::new(&db.notifiers),
            db,
            writer: Arc::new(Panics),
            photos: Arc::new(Panics),
            keyring: Arc::new(Keyring::new(&[])),
            settings: Settings::default().live(),
            scratch: Scratch::sweep(&path).unwrap(),
            outage: gpt_outage(),
            requests: Requests::of(Channel::Prompts),
        }
    }

    /// A script of a new person that is to be written.
    fn requested(tx: &Tx<'_>) -> Result<ScriptId, StoreError> {
        let user = UserId(7);
        let profile =
            Profile { id: user, username: None, first_name: "Ann".into(), language_code: None };
        users::see(tx, &profile)?;
        let photo = photos::keep(tx, user, "file", None)?;
        let draft = drafts::begin(tx, user, photo, None, None)?;
        scripts::begin(tx, draft, &Source::OwnText("a cup turns".to_owned()), None, None)
    }

    #[test]
    fn a_panic_costs_neither_the_thread_nor_the_script() {
        let folder = tempfile::tempdir().unwrap();
        let prompt_worker = prompt_worker(folder.path());
        let script = prompt_worker.db.write(requested).unwrap();
        assert!(prompt_worker.turn().unwrap());
        let found = prompt_worker.db.read(|view| scripts::find(view, script)).unwrap().unwrap();
        assert_eq!(found.prompt.as_deref(), Some("a cup turns"));
        assert_eq!(found.fallback, Some(Fallback::Away));
        assert!(!prompt_worker.turn().unwrap());
    }

    #[test]
    fn a_script_is_shown_once_a_copy_of_the_database_has_it() {
        for lag in [Duration::ZERO, Duration::from_secs(2)] {
            let folder = tempfile::tempdir().unwrap();
            let settings = Settings { copied_after: lag, ..Settings::default() };
            let prompt_worker =
                PromptWorker { settings: settings.live(), ..prompt_worker(folder.path()) };
            let script = prompt_worker.db.write(requested).unwrap();
            assert!(prompt_worker.turn().unwrap());
            let long_ago = Timestamp(0);
            let (shown, stored) = prompt_worker
                .db
                .read(|view| {
                    let due = send_queue::next_due(view, long_ago)?.unwrap();
                    let far = due + Duration::from_mins(1);
                    Ok((due, send_queue::due(view, far, 10)?.remove(0).created_at))
                })
                .unwrap();
            assert_eq!(shown.since(stored), lag, "{script:?}");
        }
    }
}
