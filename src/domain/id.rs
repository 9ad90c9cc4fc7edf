//! Identifiers, each its own type, so that no two can be swapped by mistake.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person: their Telegram user id, which is also the id of their private chat.
    UserId;
    /// A bot: its Telegram user id.
    BotId;
    /// A product photo that a person sent.
    PhotoId;
    /// What a person is preparing: a photo, then a prompt.
    DraftId;
    /// Photos that a person sent at once.
    AlbumId;
    /// Scripts of several products from one idea.
    BatchId;
    /// One tap on "1 / 3 / 5 videos".
    OrderId;
    /// One video of an order, a row of `generation_jobs`.
    JobId;
    /// One KIE API key.
    KeyId;
    /// A message in a Telegram chat.
    MessageId;
    /// A message that waits to be sent to a person.
    OutboxId;
    /// A Telegram update in the durable inbox, in the order of arrival.
    InboxId;
    /// A prompt that a person has saved.
    StyleId;
    /// What a person asked to have again.
    ExportId;
}
