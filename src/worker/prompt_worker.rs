//! The prompt workers turn an idea into the final prompt, with GPT's help. A
//! script that was begun before a restart is begun again: nothing is lost.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use crate::chat::{
    conversation::Conversation,
    reply::{Anchor, Reply},
    screens::{
        photo,
        script::{self, Fallback, Script},
    },
    settings::{LiveSettings, Settings},
};
use crate::domain::{
    draft::{DraftMove, DraftState, Source},
    id::DraftId,
    photo::PhotoFault,
    ports::{Brief, FetchError, PhotoSource, PromptWriter},
};
use crate::service::{
    notify::Channel,
    outage::Outage,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    drafts::{self, Draft},
    error::StoreError,
    photos,
    scratch::Scratch,
    tx::Tx,
    users,
};
use crate::worker::{inspect::inspect, keyring::Keyring};

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
    pub in_progress: Mutex<HashSet<(DraftId, u32)>>,
}

/// The log of GPT's failures, with nothing logged yet.
pub(crate) fn gpt_outage() -> Outage {
    Outage::new("GPT wrote no script; the idea itself is used", "GPT writes scripts again")
        .hint("check gpt.api_url and gpt.api_key")
}

/// What came of writing a prompt.
enum WrittenPrompt {
    Script { prompt: String, fallback: Option<Fallback> },
    Unusable(PhotoFault),
}

impl PromptWorker {
    /// Writes until the bot shuts down.
    pub fn work(&self) {
        let notifier = self.db.notifiers.get(Channel::Prompts);
        serve("prompt worker", &self.stop, notifier, RETRY, || self.turn().map(Next::after));
    }

    /// Writes one script, if one is requested.
    pub fn turn(&self) -> Result<bool, StoreError> {
        let Some(draft) = self.take()? else { return Ok(false) };
        let script = (draft.id, draft.revision);
        let saved = self.write(&self.settings.load_full(), draft);
        self.scripts_in_progress().remove(&script);
        saved.map(|()| true)
    }

    /// Takes the oldest script that is not in progress.
    fn take(&self) -> Result<Option<Draft>, StoreError> {
        let mut in_progress = self.scripts_in_progress();
        let enough = u32::try_from(in_progress.len()).unwrap_or(u32::MAX).saturating_add(1);
        let waiting = self.db.read(|view| drafts::writing(view, enough))?;
        let free =
            waiting.into_iter().find(|draft| !in_progress.contains(&(draft.id, draft.revision)));
        if let Some(draft) = &free {
            in_progress.insert((draft.id, draft.revision));
            // Wakes another prompt worker for the next.
            self.db.notifiers.get(Channel::Prompts).notify_one();
        }
        Ok(free)
    }

    fn write(&self, settings: &Arc<Settings>, draft: Draft) -> Result<(), StoreError> {
        let DraftState::Writing(source) = draft.state.clone() else { return Ok(()) };
        let tried = catch_unwind(AssertUnwindSafe(|| self.compose(settings, &draft, &source)));
        let written = tried.unwrap_or_else(|_| {
            tracing::error!(user.id = draft.user.0, "a script panicked; the idea itself is used");
            Ok(as_is(settings, &source))
        })?;
        self.save_until_taken(settings, &Arc::new((draft, written)))
    }

    /// Saves what was written. It was paid for, so saving is repeated while the database
    /// does not take it.
    fn save_until_taken(
        &self,
        settings: &Arc<Settings>,
        script: &Arc<(Draft, WrittenPrompt)>,
    ) -> Result<(), StoreError> {
        loop {
            let (settings, copy) = (Arc::clone(settings), Arc::clone(script));
            match self.db.write(move |tx| save(tx, &settings, &copy.0, &copy.1)) {
                Err(error) if error.kind.passes() && !self.stop.is_set() => {
                    self.stop.pause(RETRY);
                }
                saved => return saved,
            }
        }
    }

    fn compose(
        &self,
        settings: &Settings,
        draft: &Draft,
        source: &Source,
    ) -> Result<WrittenPrompt, StoreError> {
        match self.check_photo(draft)? {
            Some(fault) => Ok(WrittenPrompt::Unusable(fault)),
            None => self.script(settings, source),
        }
    }

    /// Checks the photo's bytes before any credit moves. Where it cannot be fetched just
    /// now, the submission checks it.
    fn check_photo(&self, draft: &Draft) -> Result<Option<PhotoFault>, StoreError> {
        let photo = draft.photo;
        let (file_id, checked) = self.db.read(|view| photos::file(view, photo))?;
        if checked {
            return Ok(None);
        }
        let Ok(file) = self.scratch.file() else { return Ok(None) };
        match self.photos.fetch(&file_id, file.path()) {
            Ok(()) => {}
            Err(FetchError::TooLarge) => return Ok(Some(PhotoFault::TooLarge)),
            Err(
                FetchError::Gone(_)
                | FetchError::OutOfReach(_)
                | FetchError::Temporary(_)
                | FetchError::Disk(_),
            ) => return Ok(None),
        }
        match inspect(file.path()) {
            Ok(Err(fault)) => Ok(Some(fault)),
            Ok(Ok(_)) => {
                // It only spares the next check, so there is no reason to retry.
                let _ = self.db.write(move |tx| photos::mark_checked(tx, photo));
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    fn script(&self, settings: &Settings, source: &Source) -> Result<WrittenPrompt, StoreError> {
        let brief = Brief {
            idea: idea(settings, source).to_owned(),
            own_words: matches!(source, Source::OwnText(_)),
            seconds: settings.rules.seconds,
            longest: settings.longest_prompt(),
        };
        let now = self.db.clock.now();
        let key = self.db.read(|view| self.keyring.any_key(view, now))?;
        Ok(match self.writer.write(&brief, key.as_ref().map(|key| &key.secret)) {
            Ok(prompt) => {
                self.outage.worked();
                WrittenPrompt::Script { prompt, fallback: None }
            }
            Err(reason) => {
                self.outage.failed(&reason);
                as_is(settings, source)
            }
        })
    }

    fn scripts_in_progress(&self) -> std::sync::MutexGuard<'_, HashSet<(DraftId, u32)>> {
        self.in_progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The idea itself as the prompt.
fn as_is(settings: &Settings, source: &Source) -> WrittenPrompt {
    let fallback = match source {
        Source::Preset(_) => Fallback::Preset,
        Source::OwnText(_) => Fallback::OwnText,
    };
    let prompt = idea(settings, source).chars().take(settings.longest_prompt()).collect();
    WrittenPrompt::Script { prompt, fallback: Some(fallback) }
}

/// A preset's idea, or the person's own text.
fn idea<'a>(settings: &'a Settings, source: &'a Source) -> &'a str {
    match source {
        Source::Preset(id) => settings.preset(id).map_or(id, |preset| &preset.idea),
        Source::OwnText(text) => text,
    }
}

/// Saves a script and shows it, unless the draft has changed meanwhile.
fn save(
    tx: &Tx<'_>,
    settings: &Settings,
    draft: &Draft,
    written: &WrittenPrompt,
) -> Result<(), StoreError> {
    let Some(user) = users::find(tx, draft.user)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    let voice = conversation.voice();
    let (is_current, screen) = match written {
        WrittenPrompt::Unusable(fault) => {
            let screen = photo::unusable(&voice, *fault);
            (
                drafts::try_transition(tx, draft.id, Some(draft.revision), DraftMove::RejectPhoto)?,
                screen,
            )
        }
        WrittenPrompt::Script { prompt, fallback } => {
            let shown =
                Script { draft: draft.id, revision: draft.revision, prompt, fallback: *fallback };
            let offer = settings.offer(conversation.user.credits);
            let screen = script::script(&voice, &shown, &offer);
            let made = DraftMove::FinishScript { prompt, price: offer.price };
            (drafts::try_transition(tx, draft.id, Some(draft.revision), made)?, screen)
        }
    };
    if is_current {
        conversation.show(&Reply::Edit(Anchor::Draft(draft.id), screen))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::clock::SystemClock;
    use crate::domain::{id::UserId, secret::Secret};
    use crate::store::users::Profile;

    struct Panics;

    impl PromptWriter for Panics {
        fn write(&self, _: &Brief, _: Option<&Secret>) -> Result<String, String> {
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
            in_progress: Mutex::default(),
        }
    }

    /// A draft of a new person whose script is to be written.
    fn requested(tx: &Tx<'_>) -> Result<DraftId, StoreError> {
        let user = UserId(7);
        let profile =
            Profile { id: user, username: None, first_name: "Ann".into(), language_code: None };
        users::add(tx, &profile)?;
        let photo = photos::keep(tx, user, "file", None)?;
        let draft = drafts::begin(tx, user, photo)?;
        drafts::transition(
            tx,
            draft,
            DraftMove::BeginScript(&Source::OwnText("a cup turns".to_owned())),
        )?;
        Ok(draft)
    }

    #[test]
    fn a_panic_costs_neither_the_thread_nor_the_script() {
        let folder = tempfile::tempdir().unwrap();
        let prompt_worker = prompt_worker(folder.path());
        let draft = prompt_worker.db.write(requested).unwrap();
        assert!(prompt_worker.turn().unwrap());
        let user = UserId(7);
        let found = prompt_worker.db.read(|view| drafts::find(view, user, draft));
        let state = found.unwrap().unwrap().state;
        let source = Source::OwnText("a cup turns".to_owned());
        assert_eq!(state, DraftState::Ready { source, prompt: "a cup turns".to_owned() });
        assert!(prompt_worker.scripts_in_progress().is_empty());
    }
}
