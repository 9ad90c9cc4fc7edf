//! Of [`crate::provider`].

pub use crate::provider::agent::is_fetchable;
pub use crate::provider::gpt::written;
pub use crate::provider::kie::classify::classify;
pub use crate::provider::kie::input::input;
pub use crate::provider::kie::record::progress;
pub use crate::provider::kie::wire::created;
pub use crate::provider::kie::wire::credit;
pub use crate::provider::kie::wire::fresh_link;
pub use crate::provider::kie::wire::record_address;
pub use crate::provider::kie::wire::uploaded;
