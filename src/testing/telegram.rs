//! Of `telegram`.

pub use crate::telegram::{
    api::{ApiAnswer, parse_answer},
    error::{LONGEST_WAIT, TelegramError},
    menus::Menus,
    mp4::shape,
    outbox::Outbox,
    pace::Pace,
    parse::ParsedUpdate,
    poller::Poller,
    received::ReceivedUpdate,
};
