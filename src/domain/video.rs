//! Finished videos.

/// The largest file that a bot may send: 50 MB, and Telegram's server counts in
/// MiB. What is larger is not even fetched: the person gets its address.
pub const MAX_VIDEO_BYTES: u64 = 50 << 20;
