//! Checks a photo before it is charged for and before it is uploaded.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek},
    path::Path,
};

use crate::domain::photo::{MAX_PHOTO_BYTES, MIN_PHOTO_SIDE, PhotoFault, PhotoFormat};

/// Checks the bytes of a photo: the name of a file proves nothing.
pub(crate) fn inspect(photo: &Path) -> std::io::Result<Result<PhotoFormat, PhotoFault>> {
    let file = File::open(photo)?;
    let length = file.metadata()?.len();
    judge(BufReader::new(file), length)
}

/// What a photo of so many bytes is, or why it cannot be used. Only its headers are read.
pub fn judge(
    mut photo: impl BufRead + Seek,
    length: u64,
) -> std::io::Result<Result<PhotoFormat, PhotoFault>> {
    let mut head = Vec::with_capacity(16);
    photo.by_ref().take(16).read_to_end(&mut head)?;
    let Some(format) = PhotoFormat::from_magic(&head) else {
        return Ok(Err(PhotoFault::NotAnImage));
    };
    if length > MAX_PHOTO_BYTES {
        return Ok(Err(PhotoFault::TooLarge));
    }
    photo.rewind()?;
    let least = usize::try_from(MIN_PHOTO_SIDE).unwrap_or(usize::MAX);
    Ok(match imagesize::reader_size(photo) {
        Ok(size) if size.width < least || size.height < least => Err(PhotoFault::TooSmall),
        Ok(_) => Ok(format),
        Err(_) => Err(PhotoFault::NotAnImage),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::testing::malformed::bytes;
    use proptest::prelude::*;

    fn inspected(bytes: &[u8]) -> Result<PhotoFormat, PhotoFault> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        inspect(file.path()).unwrap()
    }

    /// The first bytes of a PNG, up to and with its size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_photo_is_judged_by_its_bytes() {
        assert_eq!(inspected(&png(600, 400)), Ok(PhotoFormat::Png));
        assert_eq!(inspected(&png(600, 100)), Err(PhotoFault::TooSmall));
        assert_eq!(inspected(b"%PDF-1.7 of a product"), Err(PhotoFault::NotAnImage));
        assert_eq!(inspected(b"\xFF\xD8\xFF and then nonsense"), Err(PhotoFault::NotAnImage));
        assert_eq!(inspected(b""), Err(PhotoFault::NotAnImage));
    }
    proptest! {
        #[test]
        fn a_usable_photo_has_its_formats_first_bytes(bytes in bytes(&photos())) {
            let judged = judge(Cursor::new(&*bytes), bytes.len() as u64).unwrap();
            let format = PhotoFormat::from_magic(&bytes);
            match judged {
                Ok(found) => prop_assert_eq!(Some(found), format),
                Err(PhotoFault::NotAnImage) => {}
                Err(_) => prop_assert!(format.is_some()),
            }
        }
    }

    fn photos() -> Vec<Vec<u8>> {
        let jpeg = include_bytes!("../sandbox/coffee.jpg");
        let webp = |kind: &[u8], body: &[u8]| [b"RIFF\x40\0\0\0WEBP", kind, body].concat();
        vec![
            jpeg[..2000].to_vec(),
            png(600, 400),
            webp(b"VP8X", b"\x0a\0\0\0\0\0\0\0\x57\x02\0\x8f\x01\0"),
            webp(b"VP8L", b"\x10\0\0\0\x2f\x57\xc2\x63\0\0\0\0\0\0"),
            webp(b"VP8 ", b"\x10\0\0\0\0\0\0\x9d\x01\x2a\x58\x02\x90\x01\0\0"),
        ]
    }
}
