//! Checks a photo before it is charged for and before it is uploaded.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek},
    path::Path,
};

use imagesize::ImageSize;

use crate::domain::{
    photo::{MAX_PHOTO_BYTES, MIN_PHOTO_SIDE, PhotoFault, PhotoFormat},
    text::without_bom,
};
use crate::worker::picture::{MAX_DECODED_BYTES, MAX_SIDE};

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
    let mut head = Vec::with_capacity(HEAD);
    photo.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let Some(format) = PhotoFormat::from_magic(&head) else {
        let is_image = is_other_image(&head);
        return Ok(Err(if is_image { PhotoFault::OtherFormat } else { PhotoFault::NotAnImage }));
    };
    if length > MAX_PHOTO_BYTES {
        return Ok(Err(PhotoFault::TooLarge));
    }
    photo.rewind()?;
    let least = usize::try_from(MIN_PHOTO_SIDE).unwrap_or(usize::MAX);
    let pixel = match format {
        PhotoFormat::Jpeg => 3,
        PhotoFormat::Png if head.get(PNG_DEPTH) == Some(&16) => 8,
        PhotoFormat::Png | PhotoFormat::Webp => 4,
    };
    let is_large = |size: &ImageSize| {
        let sides = (size.width as u64, size.height as u64);
        sides.0.max(sides.1) > MAX_SIDE.into()
            || sides.0.saturating_mul(sides.1).saturating_mul(pixel) > MAX_DECODED_BYTES
    };
    Ok(match imagesize::reader_size(photo) {
        Ok(size) if is_large(&size) => Err(PhotoFault::TooLarge),
        Ok(size) if size.width < least || size.height < least => Err(PhotoFault::TooSmall),
        Ok(_) => Ok(format),
        Err(_) => Err(PhotoFault::NotAnImage),
    })
}

/// Where a PNG says how many bits each colour of a pixel has.
const PNG_DEPTH: usize = 24;

/// How many bytes tell the format: an SVG begins with declarations and comments.
const HEAD: usize = 1024;

/// The first bytes of images that `imagesize` does not know: raw data of cameras, JPEG 2000, JPEG XR,
/// and what programs of other kinds write.
const OTHER_IMAGES: &[&[u8]] = &[
    b"FUJIFILMCCD-RAW",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"II\x1a\0\0\0HEAPCCDR",
    b"FOVb",
    b"\0MRM",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"II\xbc",
    b"\x8aMNG",
    b"\x8bJNG",
    b"BPG\xfb",
    b"FLIF",
    b"icns",
    b"gimp xcf",
    b"8BPS",
    b"\xc5\xd0\xd3\xc6",
];

/// What stands in the `ftyp` box of an image; other files have one too.
const BRANDS: &[&[u8]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
    b"msf1", b"miaf", b"avif", b"avis", b"avci", b"avcs", b"jpeg", b"jpgs", b"crx ",
];

/// Whether these are the first bytes of an image, though not of one that can be used. What could
/// as well begin a text is not taken for one.
fn is_other_image(head: &[u8]) -> bool {
    use imagesize::ImageType::{Bmp, Exr, Gif, Hdr, Ico, Jxl, Qoi, Tiff};
    let is_known = match imagesize::image_type(head) {
        Ok(Bmp) => head.get(6..10) == Some(&[0; 4]),
        Ok(Exr | Gif | Hdr | Ico | Jxl | Qoi | Tiff) => true,
        _ => false,
    };
    let brand = head.get(4..8).filter(|kind| *kind == b"ftyp").and(head.get(8..12));
    let is_svg = || String::from_utf8_lossy(head).to_lowercase().contains("<svg");
    is_known
        || brand.is_some_and(|brand| BRANDS.contains(&brand))
        || OTHER_IMAGES.iter().any(|first| head.starts_with(first))
        || is_svg() && without_bom(head).starts_with(b"<")
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
    fn a_png_with_deep_colours_takes_twice_the_room() {
        let header = |depth: u8| {
            let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            png.extend(4_000_u32.to_be_bytes());
            png.extend(3_000_u32.to_be_bytes());
            png.extend([depth, 2, 0, 0, 0, 0, 0, 0, 0]);
            judge(Cursor::new(png), 100).unwrap()
        };
        assert_eq!(header(8), Ok(PhotoFormat::Png));
        assert_eq!(header(16), Err(PhotoFault::TooLarge));
    }

    #[test]
    fn a_photo_is_judged_by_its_bytes() {
        assert_eq!(inspected(&png(600, 400)), Ok(PhotoFormat::Png));
        assert_eq!(inspected(&png(600, 100)), Err(PhotoFault::TooSmall));
        for (width, height) in [(12_001, 400), (400, 12_001), (4_001, 4_000), (u32::MAX, u32::MAX)]
        {
            assert_eq!(inspected(&png(width, height)), Err(PhotoFault::TooLarge), "{width}");
        }
        assert_eq!(inspected(&png(4_000, 4_000)), Ok(PhotoFormat::Png));
        assert_eq!(inspected(b"%PDF-1.7 of a product"), Err(PhotoFault::NotAnImage));
        assert_eq!(inspected(b"\xFF\xD8\xFF and then nonsense"), Err(PhotoFault::NotAnImage));
        assert_eq!(inspected(b""), Err(PhotoFault::NotAnImage));
    }

    #[test]
    fn an_image_of_another_format_is_known_by_its_bytes() {
        let heif = |brand: &str| format!("\0\0\0\x18ftyp{brand}\0\0\0\0mif1heic").into_bytes();
        let mut others: Vec<Vec<u8>> = OTHER_IMAGES.iter().map(|first| first.to_vec()).collect();
        others.extend(["heic", "heix", "mif1", "msf1", "avif", "avis", "crx "].map(heif));
        others.extend(
            [
                b"GIF89a\x01\0\x01\0\x80\0\0\0\0".as_slice(),
                b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0",
                b"II*\0\x08\0\0\0\x0f\0\xfe\0",
                b"MM\0*\0\0\0\x08\0\x0f\0\xfe",
                b"\0\0\x01\0\x01\0\x20\x20\0\0\x01\0",
                b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a",
                b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
                b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a logo -->\n<SVG>",
            ]
            .map(<[u8]>::to_vec),
        );
        for bytes in others {
            let padded = [bytes.as_slice(), &[0; 16]].concat();
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(inspected(&padded), Err(PhotoFault::OtherFormat), "{text}");
        }
    }

    #[test]
    fn what_is_no_image_is_never_told_to_be_one() {
        for bytes in [
            b"BMW 320i, price list".as_slice(),
            b"P6 and P7 are our products",
            b"\0\0\0\x18ftypmp42\0\0\0\0isom",
            b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0",
            b"<html><body>no photo</body></html>",
            b"How to draw an <svg> in ten steps",
            b"II. The second chapter of it",
            b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\0",
            b"GIF",
            b"II",
        ] {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(inspected(bytes), Err(PhotoFault::NotAnImage), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_usable_photo_has_its_formats_first_bytes(bytes in bytes(&photos())) {
            let judged = judge(Cursor::new(&*bytes), bytes.len() as u64).unwrap();
            let format = PhotoFormat::from_magic(&bytes);
            match judged {
                Ok(found) => prop_assert_eq!(Some(found), format),
                Err(PhotoFault::NotAnImage) => {}
                Err(PhotoFault::OtherFormat) => prop_assert_eq!(format, None),
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
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\0meta".to_vec(),
            b"II*\0\x08\0\0\0\x0f\0\xfe\0\x04\0\x01\0".to_vec(),
            webp(b"VP8 ", b"\x10\0\0\0\0\0\0\x9d\x01\x2a\x58\x02\x90\x01\0\0"),
        ]
    }
}
