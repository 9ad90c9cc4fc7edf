//! A look at a photo, before it is charged for and before it is uploaded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::domain::photo::MAX_PHOTO_BYTES;
use crate::domain::photo::MIN_PHOTO_SIDE;
use crate::domain::photo::PhotoFault;
use crate::domain::photo::PhotoFormat;

/// Looks at the bytes of a photo: what a file is called proves nothing.
pub fn inspect(photo: &Path) -> std::io::Result<Result<PhotoFormat, PhotoFault>> {
    let file = File::open(photo)?;
    let length = file.metadata()?.len();
    let mut head = Vec::with_capacity(16);
    file.take(16).read_to_end(&mut head)?;
    let Some(format) = PhotoFormat::from_magic(&head) else {
        return Ok(Err(PhotoFault::NotAnImage));
    };
    if length > MAX_PHOTO_BYTES {
        return Ok(Err(PhotoFault::TooLarge));
    }
    let least = usize::try_from(MIN_PHOTO_SIDE).unwrap_or(usize::MAX);
    Ok(match imagesize::size(photo) {
        Ok(size) if size.width < least || size.height < least => Err(PhotoFault::TooSmall),
        Ok(_) => Ok(format),
        Err(_) => Err(PhotoFault::NotAnImage),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
