//! A point in time as RFC 3339 writes it, in what people and other programs read.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::domain::time::Timestamp;

/// Writes `2025-11-24T16:00:00Z`, to the second.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(at)
}

/// Reads it.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    let time: jiff::Timestamp = text.parse().map_err(D::Error::custom)?;
    Ok(Timestamp(time.as_millisecond()))
}
