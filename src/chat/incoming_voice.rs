//! A voice message as it comes.

use crate::domain::voice_message::{MAX_VOICE_BYTES, MAX_VOICE_SECONDS};

/// A voice message as it comes from Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingVoice {
    /// With it the file can be fetched.
    pub file_id: String,
    /// A name for the file, with the ending of its format.
    pub name: String,
    /// Its length in seconds; 0 where Telegram does not say.
    pub seconds: u32,
    /// Bytes, where Telegram says.
    pub size: Option<u64>,
}

impl IncomingVoice {
    /// Whether it is longer than what is listened to.
    pub(crate) fn is_too_long(&self) -> bool {
        self.seconds > MAX_VOICE_SECONDS || self.size.is_some_and(|bytes| bytes > MAX_VOICE_BYTES)
    }
}
