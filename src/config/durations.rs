//! Lists of durations in the friendly form; for a single one jiff's own
//! `unsigned_duration::friendly::compact::required` does.

use std::time::Duration;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Friendly(
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")] Duration,
);

/// Writes `["10s", "20s"]`.
pub fn serialize<S: Serializer>(list: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().copied().map(Friendly))
}

/// Reads `["10s", "20s"]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    let list = Vec::<Friendly>::deserialize(deserializer)?;
    Ok(list.into_iter().map(|friendly| friendly.0).collect())
}
