//! A photo is brought to another shape: its blurred copy fills what it leaves empty.

use image::{
    DynamicImage, Rgb, RgbImage,
    codecs::jpeg::JpegEncoder,
    imageops::{self, FilterType},
};

use crate::domain::{
    photo::{MAX_PHOTO_BYTES, MIN_PHOTO_SIDE},
    video::{Aspect, Fit},
};

/// The longest side of what is made, in pixels: no model makes larger videos.
const LONGEST_SIDE: u32 = 2048;

/// The longer side of the copy that is blurred: a blurred picture needs no more pixels.
const BLURRED_SIDE: u32 = 128;

/// How far the copy is blurred, in its pixels.
const BLUR: f32 = 6.0;

/// The qualities of the JPEG, the next where a file is over [`MAX_PHOTO_BYTES`].
const QUALITIES: [u8; 3] = [90, 75, 50];

/// The photo in that shape as a JPEG; `None` where it has it already.
pub(crate) fn pad(photo: &DynamicImage, shape: Aspect) -> Option<Vec<u8>> {
    let sides = (photo.width(), photo.height());
    if shape.fit(sides.0, sides.1) == Fit::Whole {
        return None;
    }
    let (whole, inner) = layout(sides, shape);
    let small = on_white(&sized(photo, inner));
    let mut padded = background(&small, whole);
    let (left, top) = ((whole.0 - inner.0) / 2, (whole.1 - inner.1) / 2);
    imageops::replace(&mut padded, &small, left.into(), top.into());
    Some(encoded(&padded))
}

/// The sides of what is made, which are even, and of the photo within it.
fn layout((width, height): (u32, u32), shape: Aspect) -> ((u32, u32), (u32, u32)) {
    let (across, down) = shape.sides();
    let [width, height, across, down] = [width, height, across, down].map(f64::from);
    // The smallest of that shape in which the photo has room, between the smallest and the largest
    // that a model takes.
    let high = height.max(width * down / across);
    let wide = high * across / down;
    let least = (f64::from(MIN_PHOTO_SIDE) / wide.min(high)).max(1.0);
    let scale = least.min(f64::from(LONGEST_SIDE) / wide.max(high));
    let even = |side: f64| (pixels(side * scale / 2.0) * 2).min(LONGEST_SIDE);
    let whole = (even(wide), even(high));
    let inner = (pixels(width * scale).min(whole.0), pixels(height * scale).min(whole.1));
    (whole, inner)
}

/// A whole number of pixels, 1 at least.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn pixels(side: f64) -> u32 {
    side.round().clamp(1.0, f64::from(u16::MAX)) as u32
}

/// The photo at that size.
fn sized(photo: &DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if (photo.width(), photo.height()) == (width, height) {
        return photo.clone();
    }
    photo.thumbnail_exact(width, height)
}

/// What is transparent is white: so shops show products without a background.
fn on_white(photo: &DynamicImage) -> RgbImage {
    if !photo.color().has_alpha() {
        return photo.to_rgb8();
    }
    let photo = photo.to_rgba8();
    RgbImage::from_fn(photo.width(), photo.height(), |x, y| {
        let [red, green, blue, alpha] = photo.get_pixel(x, y).0.map(u16::from);
        let over = |color: u16| (color * alpha + 255 * (255 - alpha)) / 255;
        Rgb([red, green, blue].map(|color| u8::try_from(over(color)).unwrap_or(u8::MAX)))
    })
}

/// The middle of the photo, as large as what is to be filled, and blurred.
fn background(photo: &RgbImage, whole: (u32, u32)) -> RgbImage {
    let (width, height) = photo.dimensions();
    let cut = |side: u32, of: u32, other: u32| {
        let kept = u64::from(side) * u64::from(of) / u64::from(other);
        u32::try_from(kept).unwrap_or(u32::MAX).max(1)
    };
    let (cut_width, cut_height) =
        (width.min(cut(height, whole.0, whole.1)), height.min(cut(width, whole.1, whole.0)));
    let (left, top) = ((width - cut_width) / 2, (height - cut_height) / 2);
    let middle = imageops::crop_imm(photo, left, top, cut_width, cut_height).to_image();
    let longer = whole.0.max(whole.1);
    let small = |side: u32| (side * BLURRED_SIDE / longer).max(1);
    let small = DynamicImage::from(middle).thumbnail_exact(small(whole.0), small(whole.1));
    let large = small.fast_blur(BLUR).resize_exact(whole.0, whole.1, FilterType::Triangle);
    large.into_rgb8()
}

fn encoded(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes.clear();
        let encoded = JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture);
        encoded.expect("a picture of two thousand pixels is no problem for memory");
        if bytes.len() as u64 <= MAX_PHOTO_BYTES {
            break;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::worker::picture::{look_at, tests as pictures};
    use image::{ImageBuffer, ImageFormat, Luma, Rgba, RgbaImage};

    fn plain(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_pixel(width, height, Rgb([200, 20, 20])).into()
    }

    fn padded(photo: &DynamicImage, shape: Aspect) -> Option<RgbImage> {
        let bytes = pad(photo, shape)?;
        assert!(bytes.len() as u64 <= MAX_PHOTO_BYTES);
        Some(image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().to_rgb8())
    }

    const SIDES: [(u32, u32); 14] = [
        (1, 1),
        (1, 2000),
        (2000, 1),
        (1, 12_000),
        (12_000, 1),
        (2, 3),
        (240, 240),
        (900, 1600),
        (1080, 1440),
        (1600, 900),
        (4000, 3000),
        (3000, 4000),
        (333, 777),
        (2049, 2047),
    ];

    #[test]
    fn every_photo_has_room_in_every_shape_whatever_its_own() {
        for sides in SIDES {
            for shape in Aspect::ALL {
                let ((wide, high), inner) = layout(sides, shape);
                let case = format!("{sides:?} {shape:?}: {wide}x{high}, {inner:?}");
                assert_eq!(shape.fit(wide, high), Fit::Whole, "{case}");
                assert!(wide.min(high) >= MIN_PHOTO_SIDE, "{case}");
                assert!(wide.max(high) <= LONGEST_SIDE, "{case}");
                assert_eq!((wide % 2, high % 2), (0, 0), "{case}");
                // It touches two of the edges, but for a pixel that makes them even.
                assert!(inner.0 <= wide && inner.1 <= high, "{case}");
                assert!(wide - inner.0 <= 1 || high - inner.1 <= 1, "{case}");
            }
        }
    }

    #[test]
    fn a_photo_of_any_sides_is_padded() {
        for (width, height) in [(1, 1), (1, 900), (900, 1), (240, 240), (240, 427), (333, 777)] {
            for shape in Aspect::ALL {
                let fits = shape.fit(width, height) == Fit::Whole;
                let padded = padded(&plain(width, height), shape);
                assert_eq!(padded.is_none(), fits, "{width}x{height} {shape:?}");
                let sides = padded.map(|padded| padded.dimensions());
                let whole = (!fits).then(|| layout((width, height), shape).0);
                assert_eq!(sides, whole, "{width}x{height} {shape:?}");
            }
        }
    }

    #[test]
    fn the_photo_is_whole_in_the_middle_and_its_own_colours_are_around_it() {
        let is_red = |pixel: &Rgb<u8>| pixel.0[0] > 120 && pixel.0[2] < 90;
        let is_blue = |pixel: &Rgb<u8>| pixel.0[2] > 120 && pixel.0[0] < 90;
        let photo = pictures::file(&pictures::jpeg(400, 200, 1));
        let tall = look_at(photo.path(), |photo| padded(photo, Aspect::Portrait)).unwrap().unwrap();
        assert_eq!(tall.dimensions(), (400, 712));
        for y in [5, 356, 706] {
            assert!(is_red(tall.get_pixel(5, y)) && is_blue(tall.get_pixel(395, y)), "{y}");
        }
        // A camera that was held sideways: the red side is up.
        let turned = pictures::file(&pictures::jpeg(400, 200, 6));
        let wide = look_at(turned.path(), |photo| padded(photo, Aspect::Landscape)).unwrap();
        let wide = wide.unwrap();
        assert_eq!(wide.dimensions(), (712, 400));
        for x in [5, 356, 706] {
            assert!(is_red(wide.get_pixel(x, 5)) && is_blue(wide.get_pixel(x, 395)), "{x}");
        }
    }

    #[test]
    fn pictures_of_every_kind_become_a_jpeg_and_what_is_transparent_is_white() {
        let clear = RgbaImage::from_pixel(300, 300, Rgba([0, 0, 0, 0]));
        let half = RgbaImage::from_pixel(300, 300, Rgba([0, 0, 0, 128]));
        let deep = ImageBuffer::from_pixel(300, 300, Rgb([65_535_u16, 0, 0]));
        let gray = ImageBuffer::from_pixel(300, 300, Luma([128_u8]));
        for (photo, color) in [
            (DynamicImage::from(clear), [255, 255, 255]),
            (half.into(), [127, 127, 127]),
            (deep.into(), [255, 0, 0]),
            (gray.into(), [128, 128, 128]),
        ] {
            let mut png = std::io::Cursor::new(Vec::new());
            photo.write_to(&mut png, ImageFormat::Png).unwrap();
            let file = pictures::file(png.get_ref());
            let padded = look_at(file.path(), |photo| padded(photo, Aspect::Card)).unwrap();
            let padded = padded.unwrap();
            for place in [(0, 0), (150, 200), (299, 399)] {
                let found = padded.get_pixel(place.0, place.1).0;
                let is_close = |(a, b): (u8, u8)| a.abs_diff(b) < 4;
                assert!(found.into_iter().zip(color).all(is_close), "{found:?} {color:?}");
            }
        }
    }

    #[test]
    fn a_jpeg_in_the_colours_of_print_is_padded() {
        let file = pictures::file(&pictures::jpeg_for_print([255, 0, 0, 255]));
        let padded = look_at(file.path(), |photo| padded(photo, Aspect::Portrait)).unwrap();
        let found = padded.unwrap().get_pixel(120, 200).0;
        assert!(found[0] > 150 && found[1] < 100 && found[2] < 100, "{found:?}");
    }

    /// Without optimisation it takes a minute: `cargo test --release --lib padding -- --ignored`.
    #[test]
    #[ignore = "it is slow without optimisation"]
    fn twelve_megapixels_take_less_than_a_second_and_noise_is_no_larger_than_kie_takes() {
        let photo = pictures::file(&pictures::jpeg(4000, 3000, 6));
        let begun = Instant::now();
        let bytes = look_at(photo.path(), |photo| pad(photo, Aspect::Portrait)).unwrap();
        assert!(bytes.is_some() && begun.elapsed() < Duration::from_secs(1));
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        let noise = RgbImage::from_fn(2000, 1900, |_, _| Rgb([next(), next(), next()]));
        assert!(padded(&noise.into(), Aspect::Square).is_some());
    }
}
