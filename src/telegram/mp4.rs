//! The shape of an MP4 video, read from its headers (ISO/IEC 14496-12).

use std::io::{Read, Seek, SeekFrom};

use crate::domain::mp4_box::{BoxHeader, boxes, number};

/// The largest `moov` box that is read: an hour's takes about a megabyte.
const MAX_MOOV: u64 = 8 << 20;

/// The most boxes that are passed on the way to it: a real file has five or so.
const MAX_BOXES: u32 = 100;

/// What a player must know before it has seen a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Rounded.
    pub seconds: u32,
}

/// The shape, if the file names it. Whatever the file holds, only its headers are read.
pub fn shape(file: &mut (impl Read + Seek)) -> Option<Shape> {
    let moov = moov(file)?;
    let seconds =
        boxes(&moov).find_map(|(kind, body)| (kind == b"mvhd").then(|| seconds(body))?)?;
    let (width, height) = boxes(&moov)
        .filter(|(kind, _)| *kind == b"trak")
        .flat_map(|(_, trak)| boxes(trak))
        .find_map(|(kind, body)| (kind == b"tkhd").then(|| size(body))?)?;
    Some(Shape { width, height, seconds })
}

/// The box with the headers; it may stand before the frames or after them.
fn moov(file: &mut (impl Read + Seek)) -> Option<Vec<u8>> {
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = Vec::new();
        file.by_ref().take(BoxHeader::LONGEST as u64).read_to_end(&mut head).ok()?;
        let BoxHeader { kind, length, size } = BoxHeader::read(&head)?;
        if &kind == b"moov" {
            let mut moov = Vec::new();
            file.seek(SeekFrom::Start(at + length)).ok()?;
            let body = size.map_or(MAX_MOOV, |size| size - length);
            file.take(body.min(MAX_MOOV)).read_to_end(&mut moov).ok()?;
            return Some(moov);
        }
        at = at.checked_add(size?)?;
    }
    None
}

/// The movie header's duration.
fn seconds(mvhd: &[u8]) -> Option<u32> {
    let (scale, duration) = if mvhd.first() == Some(&1) {
        let high = u64::from(number(mvhd, 24)?) << 32;
        (number(mvhd, 20)?, high | u64::from(number(mvhd, 28)?))
    } else {
        (number(mvhd, 12)?, u64::from(number(mvhd, 16)?))
    };
    let scale = u64::from(scale);
    let rounded = duration.checked_add(scale / 2)?.checked_div(scale)?;
    rounded.try_into().ok().filter(|seconds| *seconds > 0)
}

/// The track header's size, its last two numbers, 16.16 fixed; an audio track has none.
fn size(tkhd: &[u8]) -> Option<(u32, u32)> {
    let width = number(tkhd, tkhd.len().checked_sub(8)?)? >> 16;
    let height = number(tkhd, tkhd.len().checked_sub(4)?)? >> 16;
    (width > 0 && height > 0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::testing::malformed::bytes;

    fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, body].concat()
    }

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    fn track(width: u32, height: u32) -> Vec<u8> {
        let tkhd = [vec![0; 76], numbers(&[width << 16, height << 16])].concat();
        boxed(b"trak", &boxed(b"tkhd", &tkhd))
    }

    /// A video of 720 × 1280 pixels and 9.6 seconds, with an audio track.
    fn video(mvhd: &[u32]) -> Vec<u8> {
        let mvhd = boxed(b"mvhd", &numbers(mvhd));
        let moov = boxed(b"moov", &[mvhd, track(0, 0), track(720, 1280)].concat());
        // The frames are in a box with a long length.
        let frames = [&numbers(&[1])[..], b"mdat", &numbers(&[0, 20, 7])].concat();
        [boxed(b"ftyp", b"isom"), frames, moov].concat()
    }

    const SHORT: &[u32] = &[0, 0, 0, 1000, 9600, 0];

    fn of(bytes: Vec<u8>) -> Option<Shape> {
        shape(&mut Cursor::new(bytes))
    }

    #[test]
    fn a_videos_shape_is_read_from_its_headers() {
        let expected = Some(Shape { width: 720, height: 1280, seconds: 10 });
        assert_eq!(of(video(SHORT)), expected);
        let long = [1 << 24, 0, 0, 0, 0, 1000, 0, 9600, 0];
        assert_eq!(of(video(&long)), expected);
    }

    #[test]
    fn what_is_no_video_has_no_shape() {
        assert_eq!(of(Vec::new()), None);
        assert_eq!(of(vec![0; 4096]), None);
        assert_eq!(of(b"all the frames of a film".to_vec()), None);
        assert_eq!(of(video(&[0, 0, 0, 0, 9600, 0])), None);
        assert_eq!(of(boxed(b"moov", &track(720, 1280))), None);
    }

    proptest! {
        #[test]
        fn a_shape_has_sides_and_a_length_whatever_the_damage(bytes in bytes(&clips())) {
            if let Some(shape) = of(bytes.0) {
                prop_assert!(shape.width > 0 && shape.height > 0 && shape.seconds > 0);
                prop_assert!(shape.width <= 0xFFFF && shape.height <= 0xFFFF);
            }
        }
    }

    fn clips() -> Vec<Vec<u8>> {
        let moov_only = boxed(b"moov", &track(720, 1280));
        vec![video(SHORT), moov_only, include_bytes!("../sandbox/clip.mp4")[..4096].to_vec()]
    }
}
