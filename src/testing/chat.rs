//! Of [`crate::chat`].

pub use crate::chat::input::Input;
pub use crate::chat::key::Key;
pub use crate::chat::own_text::own_text;
pub use crate::chat::tap::MAX_DATA;
pub use crate::chat::tap::Tap;
pub use crate::chat::text::MAX_TEXT;
pub use crate::chat::text::check_html;
pub use crate::chat::text::cut;
pub use crate::chat::text::escape;
pub use crate::chat::text::escape_cut;
pub use crate::chat::text::units;
pub use crate::chat::words::Words;
