//! GPT as the operator has decided by now: the client is made anew when that has changed.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::gpt::Gpt;
use crate::domain::{
    brief::{Brief, Written},
    ports::{PromptWriter, TranscribeError, Transcriber},
    secret::Secret,
};
use crate::provider::gpt::GptClient;

/// What is decided about GPT, and whether it may see a KIE key.
pub(crate) type Decided = (Gpt, bool);

/// The script writer of a bot whose config may change.
pub(crate) struct LatestGpt {
    decided: Box<dyn Fn() -> Decided + Send + Sync>,
    made: Mutex<Option<(Decided, Arc<GptClient>)>>,
}

impl LatestGpt {
    /// A writer that asks at each script what is decided.
    pub(crate) fn new(decided: impl Fn() -> Decided + Send + Sync + 'static) -> Self {
        Self { decided: Box::new(decided), made: Mutex::default() }
    }

    fn client(&self) -> Arc<GptClient> {
        let decided = (self.decided)();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match made.as_ref() {
            Some((before, client)) if *before == decided => Arc::clone(client),
            _ => {
                let client = Arc::new(GptClient::new(&decided.0, decided.1));
                *made = Some((decided, Arc::clone(&client)));
                client
            }
        }
    }
}

impl PromptWriter for LatestGpt {
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<Written, String> {
        self.client().write(brief, key)
    }
}

impl Transcriber for LatestGpt {
    fn transcribe(
        &self,
        voice: &Path,
        name: &str,
        key: Option<&Secret>,
    ) -> Result<String, TranscribeError> {
        self.client().transcribe(voice, name, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_made_anew_only_when_something_has_changed() {
        let model = Arc::new(Mutex::new("one".to_owned()));
        let decided = Arc::clone(&model);
        let latest = LatestGpt::new(move || {
            (Gpt { model: decided.lock().unwrap().clone(), ..Gpt::default() }, true)
        });
        let first = latest.client();
        assert!(Arc::ptr_eq(&first, &latest.client()));
        *model.lock().unwrap() = "two".to_owned();
        let second = latest.client();
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &latest.client()));
    }
}
