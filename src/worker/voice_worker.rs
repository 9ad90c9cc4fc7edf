//! The voice workers put voice messages into words. What was begun before a restart is begun again:
//! nothing is lost, and nothing is shown twice.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use crate::chat::{
    conversation::Conversation,
    handlers::voice_message::{Heard, on_heard},
    settings::{LiveSettings, Settings},
};
use crate::domain::{
    id::{MessageId, UserId},
    ports::{FetchError, TranscribeError, Transcriber, VoiceSource},
};
use crate::service::{
    notify::Channel,
    outage::Outage,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    error::StoreError,
    scratch::Scratch,
    tx::{Tx, View},
    users,
    voices::{self, Voice},
};
use crate::worker::{
    keyring::Keyring,
    prompt_worker::PromptWorker,
    requests::{Requests, record},
    speech::speech,
};

/// No voice message takes longer: a file, and a call with a limit of its own.
const LONGEST_TURN: Duration = Duration::from_mins(30);

/// The waits after tries that came to nothing; then the person is asked to write.
const WAITS: [Duration; 3] =
    [Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(40)];

type VoiceId = (UserId, MessageId);

/// What the voice workers share.
pub struct VoiceWorker {
    /// The database.
    pub db: Arc<Db>,
    /// Where voice messages come from.
    pub voices: Arc<dyn VoiceSource>,
    /// Who puts them into words.
    pub transcriber: Arc<dyn Transcriber>,
    /// For when that is paid with a KIE key.
    pub keyring: Arc<Keyring>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// For the files while they are listened to.
    pub scratch: Scratch,
    /// The signal that the bot shuts down.
    pub stop: Stop,
    /// The log of failures.
    pub outage: Outage,
    /// The messages that are being listened to now.
    pub requests: Requests<VoiceId>,
}

/// What came of a try.
enum Tried {
    Heard(Heard),
    /// Another try may succeed.
    NotNow,
}

impl VoiceWorker {
    /// A voice worker that shares with the prompt workers what both need.
    pub(crate) fn beside(
        prompt_worker: &PromptWorker,
        voices: Arc<dyn VoiceSource>,
        transcriber: Arc<dyn Transcriber>,
    ) -> Self {
        Self {
            db: Arc::clone(&prompt_worker.db),
            voices,
            transcriber,
            keyring: Arc::clone(&prompt_worker.keyring),
            settings: Arc::clone(&prompt_worker.settings),
            scratch: prompt_worker.scratch.clone(),
            stop: prompt_worker.stop.clone(),
            outage: Outage::new(
                "no voice message is put into words",
                "voice messages are put into words again",
            )
            .hint("check gpt.api_url, gpt.api_key and gpt.transcribe_model"),
            requests: Requests::of(Channel::Voices),
        }
    }

    /// Listens until the bot shuts down.
    pub fn work(&self) {
        let notifier = self.db.notifiers.get(Channel::Voices);
        let turns = self.db.pulse.loops.join("voice worker", LONGEST_TURN);
        serve(&turns, &self.stop, Some(notifier), RETRY, || self.turn().map(Next::after));
    }

    /// Listens to one voice message, if one is due.
    pub fn turn(&self) -> Result<bool, StoreError> {
        let now = self.db.clock.now();
        let due = |view: &View<'_>, enough| voices::due(view, now, enough);
        let taken = self.requests.take_first(&self.db, due, |voice| (voice.user, voice.message))?;
        let Some((_held, voice)) = taken else { return Ok(false) };
        let voice = self.db.write(move |tx| {
            voices::count_try(tx, &voice)?;
            Ok(Voice { tries: voice.tries + 1, ..voice })
        })?;
        let tried = catch_unwind(AssertUnwindSafe(|| self.listen(&voice))).unwrap_or_else(|_| {
            tracing::error!(user.id = voice.user.0, "listening panicked; a text is asked for");
            Ok(Tried::Heard(Heard::GivenUp))
        });
        let (tried, refused, settings) = (tried?, voice.clone(), Arc::clone(&self.settings));
        let save = move |tx: &Tx<'_>| save(tx, &settings.load_full(), &voice, &tried);
        // What cannot be kept counts as a try in vain.
        let refused = move |tx: &Tx<'_>| try_again(tx, &refused).map(drop);
        record(&self.db, &self.stop, save, refused).map(|()| true)
    }

    fn listen(&self, voice: &Voice) -> Result<Tried, StoreError> {
        if usize::try_from(voice.tries).is_ok_and(|tries| tries > WAITS.len() + 1) {
            return Ok(Tried::Heard(Heard::GivenUp));
        }
        let Ok(file) = self.scratch.file() else { return Ok(Tried::NotNow) };
        match self.voices.fetch_voice(&voice.file_id, file.path()) {
            Ok(()) => {}
            Err(FetchError::TooLarge | FetchError::Gone(_)) => {
                return Ok(Tried::Heard(Heard::GivenUp));
            }
            Err(
                FetchError::Unavailable(_)
                | FetchError::OutOfReach(_)
                | FetchError::Temporary(_)
                | FetchError::Disk(_),
            ) => return Ok(Tried::NotNow),
        }
        let now = self.db.clock.now();
        let key = self.db.read(|view| self.keyring.any_key(view, now))?;
        let key = key.as_ref().map(|key| &key.secret);
        Ok(match self.transcriber.transcribe(file.path(), &voice.name, key) {
            Ok(text) => {
                self.outage.worked();
                let words = speech(&text).map(|text| Heard::Words(text.to_owned()));
                Tried::Heard(words.unwrap_or(Heard::Nothing))
            }
            Err(TranscribeError::Refused(reason)) => {
                self.outage.failed(&reason);
                Tried::Heard(Heard::GivenUp)
            }
            Err(TranscribeError::Temporary(reason)) => {
                self.outage.failed(&reason);
                Tried::NotNow
            }
        })
    }
}

/// Shows what was heard, once; or puts the next try off, as long as there is one.
fn save(tx: &Tx<'_>, settings: &Settings, voice: &Voice, tried: &Tried) -> Result<(), StoreError> {
    let (heard, is_open) = match tried {
        Tried::Heard(heard) => (heard, voices::finish(tx, voice)?),
        Tried::NotNow => (&Heard::GivenUp, try_again(tx, voice)?),
    };
    if !is_open {
        return Ok(());
    }
    let Some(user) = users::find(tx, voice.user)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    conversation.show(&on_heard(&conversation, voice, heard)?)
}

/// Puts the next try off; `true` where there is none, and nothing more is to be done with it.
fn try_again(tx: &Tx<'_>, voice: &Voice) -> Result<bool, StoreError> {
    let before = voice.tries.saturating_sub(1);
    match usize::try_from(before).ok().and_then(|before| WAITS.get(before)) {
        Some(wait) => voices::put_off(tx, voice, *wait).map(|()| false),
        None => voices::finish(tx, voice),
    }
}
