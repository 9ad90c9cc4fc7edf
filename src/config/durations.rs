//! A list of durations: `["10s", "20s"]`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct DurationText(#[serde(with = "crate::config::duration")] Duration);

/// Writes `["10s", "20s"]`.
pub(crate) fn serialize<S: Serializer>(
    list: &[Duration],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().copied().map(DurationText))
}

/// Reads `["10s", "20s"]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Duration>, D::Error> {
    let list = Vec::<DurationText>::deserialize(deserializer)?;
    Ok(list.into_iter().map(|written| written.0).collect())
}
