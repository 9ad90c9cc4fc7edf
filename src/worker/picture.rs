//! Photos as pixels: decoded upright, within limits, two at a time.

use std::{io, path::Path, sync::LazyLock};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::domain::brief::SmallPhoto;

/// The longest side, in pixels, that is decoded.
pub(crate) const MAX_SIDE: u32 = 12_000;

/// The most memory that the pixels of one photo may take: a small file can claim any size.
pub(crate) const MAX_DECODED_BYTES: u64 = 64_000_000;

/// How many photos are decoded at once.
const AT_ONCE: usize = 2;

/// The threads that decode for all others. An allocator keeps for each thread what it once needed, which
/// would be the pixels of a photo for each worker.
static DECODERS: LazyLock<Result<ThreadPool, ThreadPoolBuildError>> = LazyLock::new(|| {
    let name = |number| format!("decoder-{}", number + 1);
    ThreadPoolBuilder::new().num_threads(AT_ONCE).thread_name(name).build()
});

/// The longest side of a small photo, in pixels: more than models look at.
const SMALL_SIDE: u32 = 1024;

/// The quality of its JPEG, of 100.
const SMALL_QUALITY: u8 = 80;

/// Why a photo cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Over [`MAX_SIDE`] or [`MAX_DECODED_BYTES`].
    #[error("it has too many pixels")]
    TooLarge,
    /// Its bytes are no whole image of a format that we decode.
    #[error("{0}")]
    Broken(String),
    /// Our own disk did not give the file.
    #[error("the disk: {0}")]
    Disk(io::Error),
}

/// The width and the height of a photo as it is seen, in pixels. Only its headers are read.
pub(crate) fn sides(photo: &Path) -> Result<(u32, u32), Unreadable> {
    let mut decoder = decoder(photo, u32::MAX)?;
    let (width, height) = decoder.dimensions();
    Ok(if is_on_its_side(orientation(&mut decoder)) { (height, width) } else { (width, height) })
}

/// Has a photo decoded, upright, and looked at, as soon as fewer than [`AT_ONCE`] are. The memory is free
/// again when this returns.
pub(crate) fn look_at<T: Send>(
    photo: &Path,
    look: impl FnOnce(&DynamicImage) -> T + Send,
) -> Result<T, Unreadable> {
    let decoders = DECODERS.as_ref().map_err(|error| Unreadable::Disk(io::Error::other(error)))?;
    decoders.install(|| decoded(photo).map(|picture| look(&picture)))
}

fn decoded(photo: &Path) -> Result<DynamicImage, Unreadable> {
    let mut decoder = decoder(photo, MAX_SIDE)?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let orientation = orientation(&mut decoder);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// The same photo as a JPEG of at most [`SMALL_SIDE`] pixels a side.
pub(crate) fn small(photo: &Path) -> Result<SmallPhoto, Unreadable> {
    look_at(photo, |picture| {
        let is_larger = picture.width().max(picture.height()) > SMALL_SIDE;
        let smaller = is_larger.then(|| picture.thumbnail(SMALL_SIDE, SMALL_SIDE));
        let pixels = smaller.as_ref().unwrap_or(picture).to_rgb8();
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, SMALL_QUALITY);
        pixels.write_with_encoder(encoder).map_err(unreadable)?;
        Ok(SmallPhoto(jpeg.into()))
    })?
}

fn decoder(photo: &Path, max_side: u32) -> Result<impl ImageDecoder, Unreadable> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(max_side);
    limits.max_image_height = Some(max_side);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let reader = ImageReader::open(photo).and_then(ImageReader::with_guessed_format);
    let mut reader = reader.map_err(Unreadable::Disk)?;
    reader.limits(limits);
    reader.into_decoder().map_err(unreadable)
}

/// A camera that was held sideways says so; who says it in no known way was held upright.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn is_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn unreadable(error: ImageError) -> Unreadable {
    match error {
        ImageError::Limits(_) => Unreadable::TooLarge,
        ImageError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            Unreadable::Disk(error)
        }
        error => Unreadable::Broken(error.to_string()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{
        fs,
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    use super::*;
    use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

    /// A photo of that size in a file of its own.
    pub(crate) fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        file
    }

    /// A JPEG, red on its left side and blue on its right one, with that EXIF orientation.
    pub(crate) fn jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
        let side = |x, _| Rgb(if x < width / 2 { [200, 0, 0] } else { [0, 0, 200] });
        let picture = RgbImage::from_fn(width, height, side);
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        let tag = [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
        let exif = [b"II*\0\x08\0\0\0\x01\0".as_slice(), &tag, &[0; 4]].concat();
        encoder.set_exif_metadata(exif).unwrap();
        encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    /// A JPEG of one colour in the inks of print, as Adobe's programs write it: 64 x 64, and each ink
    /// inverted.
    pub(crate) fn jpeg_for_print(inks: [u8; 4]) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        let mut push = |value: u32, length: u32| {
            bits.extend((0..length).rev().map(|at| value >> at & 1 == 1));
        };
        for block in 0..64 {
            for ink in inks {
                let level = if block == 0 { i32::from(ink) - 128 } else { 0 };
                let length = 32 - level.unsigned_abs().leading_zeros();
                push(length, 4);
                let coded = if level < 0 { level + (1 << length) - 1 } else { level };
                push(coded.unsigned_abs(), length);
                push(0, 1);
            }
        }
        bits.resize(bits.len().next_multiple_of(8), true);
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        let stuffed = |byte: u8| if byte == 0xFF { vec![byte, 0] } else { vec![byte] };
        let scan = bits.chunks(8).map(byte).flat_map(stuffed);
        let part = |marker: u8, body: &[u8]| {
            let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
            [&[0xFF, marker], &length[..], body].concat()
        };
        let lengths =
            |of_four: u8, of_one: u8| [[of_one, 0, 0, of_four].as_slice(), &[0; 12]].concat();
        let frame = [8, 0, 64, 0, 64, 4, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0];
        [
            vec![0xFF, 0xD8],
            part(0xEE, b"Adobe\0d\0\0\0\0\0"),
            part(0xDB, &[&[0], &[8; 64][..]].concat()),
            part(0xC0, &frame),
            part(0xC4, &[&[0], &lengths(9, 0)[..], &[0, 1, 2, 3, 4, 5, 6, 7, 8]].concat()),
            part(0xC4, &[&[0x10], &lengths(0, 1)[..], &[0]].concat()),
            part(0xDA, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
            scan.collect(),
            vec![0xFF, 0xD9],
        ]
        .concat()
    }

    /// The first bytes of a PNG that claims this size.
    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let head = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]];
        let head = head.concat();
        let sum = !head.iter().fold(!0u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 }
            })
        });
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0d", &head[..], &sum.to_be_bytes(), b"\0\0\0\0IDAT"].concat()
    }

    #[test]
    fn a_photo_is_seen_upright_however_the_camera_was_held() {
        let dominant = |picture: &DynamicImage, x, y| {
            let pixel = picture.to_rgb8().get_pixel(x, y).0;
            if pixel[0] > pixel[2] { "red" } else { "blue" }
        };
        for (orientation, size, first) in [
            (1, (300, 200), "red"),
            (2, (300, 200), "blue"),
            (3, (300, 200), "blue"),
            (4, (300, 200), "red"),
            (5, (200, 300), "red"),
            (6, (200, 300), "red"),
            (7, (200, 300), "blue"),
            (8, (200, 300), "blue"),
            (0, (300, 200), "red"),
            (9, (300, 200), "red"),
        ] {
            let photo = file(&jpeg(300, 200, orientation));
            assert_eq!(sides(photo.path()).unwrap(), size, "{orientation}");
            let seen = look_at(photo.path(), |picture| {
                ((picture.width(), picture.height()), dominant(picture, 10, 10))
            });
            assert_eq!(seen.unwrap(), (size, first), "{orientation}");
        }
    }

    #[test]
    fn what_claims_more_pixels_than_we_have_memory_for_is_not_decoded() {
        for (width, height) in [(50_000, 50_000), (12_001, 1), (1, 12_001), (4_001, 4_000)] {
            let bomb = file(&png_of(width, height));
            let seen = look_at(bomb.path(), |_| ());
            assert!(matches!(seen, Err(Unreadable::TooLarge)), "{width}x{height}: {seen:?}");
            assert_eq!(sides(bomb.path()).unwrap(), (width, height));
        }
    }

    #[test]
    fn what_is_no_whole_image_is_broken() {
        let whole = jpeg(300, 200, 1);
        for bytes in [&b""[..], b"no photo", &whole[..40], b"GIF89a\x01\0\x01\0", &png_of(9, 9)] {
            let seen = look_at(file(bytes).path(), |_| ());
            assert!(matches!(seen, Err(Unreadable::Broken(_))), "{seen:?}");
        }
        let nowhere = look_at(Path::new("/nowhere"), |_| ());
        assert!(matches!(nowhere, Err(Unreadable::Disk(_))), "{nowhere:?}");
    }

    #[test]
    fn no_more_than_two_are_decoded_at_once() {
        let photo = file(&jpeg(64, 64, 1));
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    look_at(photo.path(), |_| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    })
                    .unwrap();
                });
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }
}
