//! Of `telegram`.

pub use crate::telegram::{
    api::{ApiAnswer, parse_answer},
    arrival::Arrival,
    error::{LONGEST_WAIT, TelegramError},
    mp4::shape,
    outbox::Outbox,
    pace::Pace,
    parse::ParsedUpdate,
    poller::Poller,
};
