//! Files within an address.

use std::fmt::Write;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The `data:` URL of a file of this media type.
pub(crate) fn data_url(media_type: &str, bytes: &[u8]) -> String {
    let mut url = String::with_capacity(media_type.len() + 16 + bytes.len().div_ceil(3) * 4);
    let _ = write!(url, "data:{media_type};base64,");
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0, |all, byte| all << 8 | usize::from(*byte));
        let all = all << (8 * (3 - three.len()));
        let digits = [18, 12, 6, 0].map(|shift| char::from(DIGITS[all >> shift & 63]));
        let (said, padding) = digits.split_at(three.len() + 1);
        url.extend(said);
        url.extend(padding.iter().map(|_| '='));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_rfc_4648_has_it() {
        let written = |bytes: &str| data_url("a/b", bytes.as_bytes());
        for (bytes, base64) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(written(bytes), format!("data:a/b;base64,{base64}"));
        }
        assert!(data_url("a/b", &[0xff, 0xef, 0xbe]).ends_with("/+++"));
    }
}
