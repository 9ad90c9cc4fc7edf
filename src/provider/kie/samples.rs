//! Where the frames of an MP4 file are, by its own tables (ISO/IEC 14496-12, 8.7).

use crate::domain::mp4_box::{boxes, number};

/// Where the last frame ends that the content of a `moov` box names; `None` where no track has tables
/// that can be read, as in a file of fragments.
pub(crate) fn end_of_samples(moov: &[u8]) -> Option<u64> {
    inside(moov, *b"trak").filter_map(end_of_track).max()
}

fn inside(content: &[u8], kind: [u8; 4]) -> impl Iterator<Item = &[u8]> {
    boxes(content).filter(move |(found, _)| *found == kind).map(|(_, body)| body)
}

fn end_of_track(trak: &[u8]) -> Option<u64> {
    let media = inside(trak, *b"mdia").next()?;
    let table = inside(inside(media, *b"minf").next()?, *b"stbl").next()?;
    let sizes = Sizes(inside(table, *b"stsz").next()?);
    let groups = inside(table, *b"stsc").next()?;
    let (mut sample, mut group, mut last) = (0, 0, None);
    for (chunk, offset) in (1..).zip(chunks(table)?) {
        // A group is for all chunks from its first one to the next group's.
        while entry(groups, group + 1, 3, 0).is_some_and(|first| first <= chunk) {
            group += 1;
        }
        let samples = entry(groups, group, 3, 1)?;
        last = last.max(offset.checked_add(sizes.sum(sample, samples)?));
        sample = sample.checked_add(usize::try_from(samples).ok()?)?;
    }
    last
}

/// Where the chunks of a track begin.
fn chunks(table: &[u8]) -> Option<Vec<u64>> {
    if let Some(short) = inside(table, *b"stco").next() {
        return Some((0..).map_while(|at| entry(short, at, 1, 0)).map(u64::from).collect());
    }
    let long = inside(table, *b"co64").next()?;
    let half = |at, part| entry(long, at, 2, part).map(u64::from);
    Some((0..).map_while(|at| Some(half(at, 0)? << 32 | half(at, 1)?)).collect())
}

/// A number in a table of rows with so many numbers each, after version, flags and count.
fn entry(table: &[u8], row: usize, width: usize, column: usize) -> Option<u32> {
    let count = usize::try_from(number(table, 4)?).ok()?;
    let at = row.checked_mul(width)?.checked_add(column)?.checked_mul(4)?.checked_add(8)?;
    (row < count).then(|| number(table, at))?
}

/// The sizes of samples: one for all, or one for each.
struct Sizes<'a>(&'a [u8]);

impl Sizes<'_> {
    /// The bytes of so many samples from one on.
    fn sum(&self, first: usize, samples: u32) -> Option<u64> {
        match number(self.0, 4)? {
            0 => (first..first.checked_add(usize::try_from(samples).ok()?)?)
                .map(|sample| {
                    number(self.0, sample.checked_mul(4)?.checked_add(12)?).map(u64::from)
                })
                .sum(),
            all => Some(u64::from(all) * u64::from(samples)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::malformed::bytes;

    const CLIP: &[u8] = include_bytes!("../../sandbox/clip.mp4");

    fn moov_of_clip() -> &'static [u8] {
        boxes(CLIP).find_map(|(kind, body)| (kind == b"moov").then_some(body)).unwrap()
    }

    fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, body].concat()
    }

    fn table(kind: &[u8], numbers: &[u32]) -> Vec<u8> {
        boxed(kind, &numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<_>>())
    }

    fn track(tables: &[Vec<u8>]) -> Vec<u8> {
        let table = boxed(b"stbl", &tables.concat());
        boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)))
    }

    #[test]
    fn the_last_frame_of_a_real_clip_ends_with_the_clip() {
        assert_eq!(end_of_samples(moov_of_clip()), Some(CLIP.len() as u64));
    }

    #[test]
    fn tables_of_every_kind_are_read() {
        let groups = table(b"stsc", &[0, 2, 1, 2, 1, 3, 1, 1]);
        let sizes = table(b"stsz", &[0, 0, 5, 10, 20, 30, 40, 50]);
        let offsets = table(b"stco", &[0, 3, 100, 200, 300]);
        let each = track(&[groups.clone(), sizes, offsets.clone()]);
        assert_eq!(end_of_samples(&each), Some(350));
        let same = track(&[groups.clone(), table(b"stsz", &[0, 7, 5]), offsets]);
        assert_eq!(end_of_samples(&same), Some(307));
        let far = table(b"co64", &[0, 1, 1, 5]);
        let far = track(&[groups, table(b"stsz", &[0, 7, 2]), far]);
        assert_eq!(end_of_samples(&[same, far].concat()), Some((1 << 32) + 5 + 14));
        for none in [&b""[..], b"nothing at all", &boxed(b"trak", b"")] {
            assert_eq!(end_of_samples(none), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_the_tables_hold_they_are_read_to_an_end(
            moov in bytes(&[moov_of_clip().to_vec()]),
        ) {
            let _ = end_of_samples(&moov);
        }
    }
}
