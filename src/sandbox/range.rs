//! The Range header, by which a video player asks for a part of a file.

use axum::http::{HeaderMap, header};

/// Which part of a file a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// The whole file; also when the header names several ranges or makes no sense.
    Whole,
    /// From the first to the last byte, both included.
    Part(u64, u64),
    /// Only bytes that the file does not have.
    Unsatisfiable,
}

/// What the headers of a request ask for, of a file of `size` bytes.
pub(crate) fn requested_range(headers: &HeaderMap, size: u64) -> RequestedRange {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    range.map_or(RequestedRange::Whole, |range| parse(range, size))
}

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`.
fn parse(range: &str, size: u64) -> RequestedRange {
    let ends = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let Some((first, last)) = ends else { return RequestedRange::Whole };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first > last => return RequestedRange::Whole,
        (Ok(first), Ok(last)) => (first, last),
        (Ok(first), Err(_)) if last.is_empty() => (first, u64::MAX),
        (Err(_), Ok(0)) if first.is_empty() => return RequestedRange::Unsatisfiable,
        (Err(_), Ok(tail)) if first.is_empty() => (size.saturating_sub(tail), u64::MAX),
        _ => return RequestedRange::Whole,
    };
    if part.0 < size {
        RequestedRange::Part(part.0, part.1.min(size - 1))
    } else {
        RequestedRange::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_http_means_it() {
        let ranges = [
            ("bytes=0-0", RequestedRange::Part(0, 0)),
            ("bytes=2-4", RequestedRange::Part(2, 4)),
            ("bytes=5-", RequestedRange::Part(5, 9)),
            ("bytes=-3", RequestedRange::Part(7, 9)),
            ("bytes=-30", RequestedRange::Part(0, 9)),
            ("bytes=2-99", RequestedRange::Part(2, 9)),
            ("bytes=10-", RequestedRange::Unsatisfiable),
            ("bytes=-0", RequestedRange::Unsatisfiable),
            ("bytes=4-2", RequestedRange::Whole),
            ("bytes=0-1,4-5", RequestedRange::Whole),
            ("lines=1-2", RequestedRange::Whole),
        ];
        for (range, meant) in ranges {
            assert_eq!(parse(range, 10), meant, "{range}");
        }
    }
}
