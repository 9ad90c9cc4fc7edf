//! Of [`crate::telegram`].

pub use crate::telegram::api::ApiAnswer;
pub use crate::telegram::api::parse_answer;
pub use crate::telegram::arrival::Arrival;
pub use crate::telegram::error::LONGEST_WAIT;
pub use crate::telegram::error::TelegramError;
pub use crate::telegram::mp4::shape;
pub use crate::telegram::outbox::Outbox;
pub use crate::telegram::pace::Pace;
pub use crate::telegram::parse::ParsedUpdate;
pub use crate::telegram::poller::Poller;
