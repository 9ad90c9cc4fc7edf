//! Videos: their shape, and how large one may be.

use serde::{Deserialize, Serialize};

/// The largest file that a bot may send over Telegram's own servers: 50 MB, and they count in MiB.
/// What is larger is not even fetched: the person gets its address.
pub(crate) const MAX_VIDEO_BYTES: u64 = 50 << 20;

/// The same over a Bot API server of one's own: 2,000 MB.
pub(crate) const MAX_LOCAL_VIDEO_BYTES: u64 = 2_000_000_000;

/// The shape of the video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Upright, 9:16.
    #[default]
    Portrait,
    /// Wide, 16:9.
    Landscape,
}
