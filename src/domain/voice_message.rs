//! What voice messages are listened to.

/// The longest that is listened to, in seconds.
pub(crate) const MAX_VOICE_SECONDS: u32 = 300;

/// The largest file of one, in bytes: the most that a bot can fetch.
pub(crate) const MAX_VOICE_BYTES: u64 = 20 << 20;
