//! What of a photo would make a poor video. Only what its pixels say for certain: how many products
//! are in it, and whether people, is asked of the script writer where that sees.

use image::{DynamicImage, GrayImage};

use crate::domain::photo::Flaw;

/// The least pixels of the shorter and of the longer side that are enough.
const ENOUGH: (u32, u32) = (400, 600);

/// The longer side, in pixels, of the copy that is looked at: about that of a video. What is blurred
/// only at a larger size is sharp there.
const COPY: u32 = 640;

/// The side of the squares, in pixels, of which the sharpest count: a product before a plain or a
/// blurred background fills a few.
const SQUARE: u32 = 32;

/// One square of so many counts as the sharpest: a single one may be a date that a camera wrote.
const SHARPEST: usize = 40;

/// The variance of the Laplacian under which even the sharpest square is blurred.
const BLURRED: f64 = 60.0;

/// The difference between light and dark parts under which nothing can be said of edges.
const CONTRAST: u8 = 40;

/// A photo is dark when no more than a twentieth of it is lighter than this.
const DARK: u8 = 75;

/// The flaws of a photo, the worst first.
pub(crate) fn flaws(picture: &DynamicImage) -> Vec<Flaw> {
    let (width, height) = (picture.width(), picture.height());
    let is_small = width.min(height) < ENOUGH.0 || width.max(height) < ENOUGH.1;
    let copy = grey(picture);
    let (dark, light) = range(&copy);
    let is_dark = light < DARK;
    let is_blurred = light - dark >= CONTRAST && sharpness(&copy).is_some_and(|s| s < BLURRED);
    let found = [
        is_blurred.then_some(Flaw::Blurred),
        is_dark.then_some(Flaw::TooDark),
        is_small.then_some(Flaw::TooSmall),
    ];
    found.into_iter().flatten().collect()
}

/// A copy in shades of grey, on white where the photo is transparent.
fn grey(picture: &DynamicImage) -> GrayImage {
    let is_large = picture.width().max(picture.height()) > COPY;
    let small = is_large.then(|| picture.thumbnail(COPY, COPY));
    let picture = small.as_ref().unwrap_or(picture);
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let pixels = picture.to_luma_alpha8();
    GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [light, opacity] = pixels.get_pixel(x, y).0.map(u32::from);
        let shade = (light * opacity + 255 * (255 - opacity)) / 255;
        image::Luma([u8::try_from(shade).unwrap_or(u8::MAX)])
    })
}

/// The shades that a twentieth of a copy is darker than, and lighter than.
fn range(copy: &GrayImage) -> (u8, u8) {
    let mut counts = [0_usize; 256];
    for shade in copy.as_raw() {
        counts[usize::from(*shade)] += 1;
    }
    let at = |share: usize| {
        let mut below = copy.as_raw().len() * share / 20;
        let shades = (0..=u8::MAX).zip(counts).find(|(_, count)| {
            let is_here = below < *count;
            below = below.saturating_sub(*count);
            is_here
        });
        shades.map_or(0, |(shade, _)| shade)
    };
    (at(1), at(19))
}

/// How sharp the sharpest squares of a copy are; `None` for one that is too small to have any.
fn sharpness(copy: &GrayImage) -> Option<f64> {
    let (columns, rows) = (copy.width() / SQUARE, copy.height() / SQUARE);
    let corners = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let mut squares: Vec<f64> = corners
        .map(|(column, row)| laplacian_variance(copy, column * SQUARE, row * SQUARE))
        .collect();
    squares.sort_unstable_by(f64::total_cmp);
    squares.iter().rev().nth(squares.len() / SHARPEST).copied()
}

/// The variance of the Laplacian in the square with this upper left corner.
fn laplacian_variance(copy: &GrayImage, left: u32, top: u32) -> f64 {
    let shade = |x: u32, y: u32| f64::from(copy.get_pixel(x, y).0[0]);
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
    for y in top.max(1)..(top + SQUARE).min(copy.height() - 1) {
        for x in left.max(1)..(left + SQUARE).min(copy.width() - 1) {
            let around = shade(x - 1, y) + shade(x + 1, y) + shade(x, y - 1) + shade(x, y + 1);
            let value = around - 4.0 * shade(x, y);
            sum += value;
            squares += value * value;
            count += 1.0;
        }
    }
    let mean = sum / count;
    squares / count - mean * mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, RgbaImage};

    const COFFEE: &[u8] = include_bytes!("../sandbox/coffee.jpg");

    fn coffee() -> DynamicImage {
        image::load_from_memory(COFFEE).unwrap()
    }

    /// A dark bottle before a light background, with a label on it.
    fn bottle(width: u32, height: u32, background: u8, glass: u8) -> DynamicImage {
        let shade = |x: u32, y: u32| {
            let line = y * 60 / height;
            let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            let is_bottle = (0.4..0.6).contains(&x) && (0.2..0.9).contains(&y);
            let is_label = is_bottle && (0.5..0.7).contains(&y) && line.is_multiple_of(2);
            let shade = if is_bottle && !is_label { glass } else { background };
            Rgb([shade; 3])
        };
        RgbImage::from_fn(width, height, shade).into()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a shade is a shade"
    )]
    fn darker(picture: &DynamicImage, share: f32) -> DynamicImage {
        let mut pixels = picture.to_rgb8();
        for shade in pixels.as_mut() {
            *shade = (f32::from(*shade) * share) as u8;
        }
        pixels.into()
    }

    #[test]
    fn a_fine_photo_has_no_flaws() {
        let fine = [
            ("the sample", coffee()),
            ("the sample, larger", coffee().resize(2400, 1600, image::imageops::CatmullRom)),
            ("a bottle before white", bottle(1280, 960, 250, 40)),
            ("a bottle before black", bottle(1280, 960, 15, 190)),
            ("a pale bottle before white", bottle(1080, 1440, 250, 200)),
            ("a bottle on its side", bottle(1280, 960, 235, 60).rotate90()),
            ("the sample, a little soft", coffee().blur(0.7)),
            ("the sample in the evening", darker(&coffee(), 0.6)),
            ("a plain wall", RgbImage::from_pixel(900, 900, Rgb([200; 3])).into()),
        ];
        for (what, picture) in fine {
            assert_eq!(flaws(&picture), [], "{what}");
        }
    }

    #[test]
    fn what_is_blurred_dark_or_small_is_known() {
        let (blurred, dark, small) = (Flaw::Blurred, Flaw::TooDark, Flaw::TooSmall);
        let large = || coffee().resize(1280, 960, image::imageops::CatmullRom);
        let poor = [
            ("out of focus", coffee().blur(4.0), vec![blurred]),
            ("out of focus and large", large().blur(10.0), vec![blurred]),
            ("a bottle out of focus", bottle(1280, 960, 250, 40).blur(14.0), vec![blurred]),
            ("at night", darker(&coffee(), 0.2), vec![dark]),
            ("a dark bottle at night", bottle(1280, 960, 50, 10), vec![dark]),
            ("a black picture", RgbImage::new(900, 900).into(), vec![dark]),
            ("a thumbnail", coffee().thumbnail(320, 320), vec![small]),
            ("a strip", bottle(1280, 300, 250, 40), vec![small]),
            ("a small square", bottle(500, 500, 250, 40), vec![small]),
            ("all at once", darker(&coffee().thumbnail(320, 320), 0.2), vec![dark, small]),
        ];
        for (what, picture, expected) in poor {
            assert_eq!(flaws(&picture), expected, "{what}");
        }
    }

    #[test]
    fn what_is_transparent_is_white_and_tiny_pictures_are_no_trouble() {
        let clear = DynamicImage::from(RgbaImage::new(900, 900));
        assert_eq!(flaws(&clear), []);
        for (width, height) in [(1, 1), (1, 900), (31, 33), (640, 2)] {
            assert!(flaws(&bottle(width, height, 250, 40)).contains(&Flaw::TooSmall));
        }
    }
}
