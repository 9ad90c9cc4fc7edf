//! The text in a file, in whichever encoding an editor saved it.

use std::{
    fs::File,
    io::{self, ErrorKind, Read},
    path::Path,
};

/// The longest text file that is read, in bytes: what somebody wrote by hand is far shorter.
const LONGEST: u64 = 4 << 20;

/// Reads a text file: UTF-8 or UTF-16, with or without a byte order mark. One in another encoding
/// is [`InvalidData`](ErrorKind::InvalidData).
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it is longer than {} MiB", LONGEST >> 20)));
    }
    decode(&bytes).map_err(|what| io::Error::new(ErrorKind::InvalidData, what))
}

/// The text of some bytes, or what they are instead.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, String> {
    let (text, encoding) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes), "UTF-16"),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes), "UTF-16"),
        // Without a mark the zeros of its Latin letters tell.
        [1..=0xFF, 0, ..] => (utf16(bytes, u16::from_le_bytes), "UTF-16"),
        [0, 1..=0xFF, ..] => (utf16(bytes, u16::from_be_bytes), "UTF-16"),
        _ => (utf8(bytes), "UTF-8"),
    };
    let text = text.map_err(|line| format!("line {line} is not {encoding}"))?;
    match text.split('\n').position(|line| line.contains('\0')) {
        Some(line) => Err(format!("line {} has zero bytes, which no text has", line + 1)),
        // Files that were joined may have more than one.
        None => Ok(text.trim_start_matches('\u{feff}').to_owned()),
    }
}

/// The text, or the line from 1 with the first byte that is not UTF-8.
fn utf8(bytes: &[u8]) -> Result<String, usize> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        before.split(|byte| *byte == b'\n').count()
    })?;
    Ok(text.to_owned())
}

/// The text, or the line from 1 with the first half of a character.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, usize> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::new();
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(character.map_err(|_| text.split('\n').count())?);
    }
    if rest.is_empty() { Ok(text) } else { Err(text.split('\n').count()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::bytes;
    use proptest::prelude::*;

    fn in_utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_read_in_whichever_unicode_it_was_saved() {
        let text = "a = \"ж🎬\"\r\n";
        let marked = format!("\u{feff}{text}");
        for bytes in [
            text.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            in_utf16(&marked, u16::to_le_bytes),
            in_utf16(&marked, u16::to_be_bytes),
            in_utf16(text, u16::to_le_bytes),
            in_utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:?}");
        }
        assert_eq!(decode(b"").as_deref(), Ok(""));
        assert_eq!(decode(b"\xff\xfe").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_unicode_is_told_with_its_line() {
        for (bytes, said) in [
            // "да" in Windows-1251.
            (&b"a\nb = \xe4\xe0\n"[..], "line 2 is not UTF-8"),
            (b"\xff\xfea\0\n\0b", "line 2 is not UTF-16"),
            (b"\xff\xfe\0\xd8a\0", "line 1 is not UTF-16"),
            (b"one\ntw\0o", "line 2 has zero bytes, which no text has"),
            (b"\0\0\0", "line 1 has zero bytes, which no text has"),
        ] {
            assert_eq!(decode(bytes), Err(said.to_owned()), "{bytes:?}");
        }
    }

    #[test]
    fn an_endless_file_ends() {
        let error = read_text(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(error, "it is longer than 4 MiB");
    }

    proptest! {
        #[test]
        fn bytes_are_text_or_refused_in_one_line(bytes in bytes(&files())) {
            match decode(&bytes) {
                Ok(text) => prop_assert!(!text.contains('\0')),
                Err(said) => prop_assert!(said.starts_with("line ") && said.len() < 80, "{}", said),
            }
        }
    }

    fn files() -> Vec<Vec<u8>> {
        let text = "help = Да\nterms = a 🎬\n";
        vec![text.into(), in_utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)]
    }
}
