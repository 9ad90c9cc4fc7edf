//! The message that a person answers with theirs.

use crate::domain::id::MessageId;

/// A message that a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The message.
    pub message: MessageId,
    /// The callback data of its buttons: they say what it is about however old it is.
    pub buttons: Vec<String>,
    /// Whether it is a photo, or a file, that the person sent themselves.
    pub is_photo: bool,
}
