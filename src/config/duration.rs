//! A duration as people write it: `"100ms"`, `"30s"`, `"2h 30m"`.

use std::time::Duration;

use jiff::fmt::friendly::{Designator, SpanParser, SpanPrinter};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes `"30s"`.
pub(crate) fn serialize<S: Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*duration))
}

/// Reads `"30s"`; a bare number is refused: its unit would be unknown.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Reads `30s`; an error is a sentence for the operator.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    SpanParser::new()
        .parse_unsigned_duration(text)
        .map_err(|_| format!("\"{text}\" is no duration: write it as \"100ms\", \"30s\", \"2h\""))
}

/// The duration as the operator would write it.
pub(crate) fn text(duration: Duration) -> String {
    SpanPrinter::new().designator(Designator::Compact).unsigned_duration_to_string(&duration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[derive(serde::Serialize, Deserialize)]
    #[serde(transparent)]
    struct DurationText(#[serde(with = "crate::config::duration")] Duration);

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_is_read_the_same(
            written in texts(&["2h 30m".to_owned(), "100ms".to_owned(), "1.5 hours".to_owned()]),
        ) {
            let Ok(read) = serde_json::from_value::<DurationText>(written.into()) else { return Ok(()) };
            let again: DurationText = serde_json::from_value(text(read.0).into()).unwrap();
            prop_assert_eq!(again.0, read.0);
        }

        #[test]
        fn every_duration_is_written_so_that_it_is_read_the_same(secs: u32, nanos in 0..1_000_000_000_u32) {
            let duration = Duration::new(secs.into(), nanos);
            let again: DurationText = serde_json::from_value(text(duration).into()).unwrap();
            prop_assert_eq!(again.0, duration);
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for (written, millis) in
            [("100ms", 100), ("30s", 30_000), ("30m", 1_800_000), ("2h", 7_200_000)]
        {
            let read: DurationText = serde_json::from_value(written.into()).unwrap();
            assert_eq!(read.0, Duration::from_millis(millis));
            assert_eq!(serde_json::to_value(read).unwrap(), written);
        }
        for wrong in ["30", "", "-5s", "soon"] {
            assert!(serde_json::from_value::<DurationText>(wrong.into()).is_err(), "{wrong}");
        }
    }
}
