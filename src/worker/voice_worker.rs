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
    in_hand::{Held, InHand},
    notify::Channel,
    outage::Outage,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    error::StoreError,
    scratch::Scratch,
    tx::Tx,
    users,
    voices::{self, Voice},
};
use crate::worker::{keyring::Keyring, prompt_worker::PromptWorker, speech::speech};

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
    pub in_hand: InHand<VoiceId>,
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
            in_hand: InHand::default(),
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
        let Some((_held, voice)) = self.take()? else { return Ok(false) };
        let voice = self.db.write(move |tx| {
            voices::count_try(tx, &voice)?;
            Ok(Voice { tries: voice.tries + 1, ..voice })
        })?;
        let tried = catch_unwind(AssertUnwindSafe(|| self.listen(&voice))).unwrap_or_else(|_| {
            tracing::error!(user.id = voice.user.0, "listening panicked; a text is asked for");
            Ok(Tried::Heard(Heard::GivenUp))
        });
        self.save_until_taken(&Arc::new((voice, tried?))).map(|()| true)
    }

    /// Shows what was heard. It was paid for, so this is repeated while the database does not take it.
    /// What it refuses for good counts as a try in vain: else it would be paid for without end.
    fn save_until_taken(&self, heard: &Arc<(Voice, Tried)>) -> Result<(), StoreError> {
        loop {
            let (settings, copy) = (self.settings.load_full(), Arc::clone(heard));
            match self.db.write(move |tx| save(tx, &settings, &copy.0, &copy.1)) {
                Err(error) if error.kind.passes() && !self.stop.is_set() => {
                    self.stop.pause(RETRY);
                }
                Err(error) if !error.kind.passes() => {
                    let user = heard.0.user.0;
                    tracing::error!(user.id = user, %error, "what was heard cannot be kept");
                    let copy = Arc::clone(heard);
                    return self.db.write(move |tx| try_again(tx, &copy.0).map(drop));
                }
                saved => return saved,
            }
        }
    }

    /// Takes the voice message that has been due longest, and that nobody listens to.
    fn take(&self) -> Result<Option<(Held<'_, VoiceId>, Voice)>, StoreError> {
        let taken = self.in_hand.take(|in_hand| {
            let enough = u32::try_from(in_hand.len()).unwrap_or(u32::MAX).saturating_add(1);
            let now = self.db.clock.now();
            let due = self.db.read(|view| voices::due(view, now, enough))?;
            let mut due = due.into_iter().map(|voice| ((voice.user, voice.message), voice));
            Ok::<_, StoreError>(due.find(|(id, _)| !in_hand.contains(id)))
        })?;
        if taken.is_some() {
            // Wakes the other thread for the next.
            self.db.notifiers.get(Channel::Voices).notify_one();
        }
        Ok(taken)
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
