//! Whether a video came whole. Where the host does not say how long a file is, only the file
//! itself shows that its end is missing.

use std::io::{self, Read, Seek, SeekFrom};

use crate::domain::{mp4_box::BoxHeader, video::Container};
use crate::provider::kie::samples::end_of_samples;

/// The boxes that stand at the top of a file. After the frames a player passes over what is none.
const KINDS: &[&[u8; 4]] = &[
    b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"free", b"skip", b"wide", b"uuid", b"udta",
    b"meta", b"sidx", b"styp", b"emsg", b"pdin", b"prft",
];

/// The most bytes of headers that are read: an hour's have about a megabyte.
const MAX_HEADERS: u64 = 8 << 20;

/// The element of a Matroska file in which all frames are.
const SEGMENT: u64 = 0x1853_8067;

/// The most parts that are passed over: a long video in fragments has some thousands.
const MAX_PARTS: u32 = 100_000;

/// What is missing in a file of so many bytes; `None` when it is whole. Only the headers of its
/// parts are read.
pub(crate) fn missing(
    file: &mut (impl Read + Seek),
    length: u64,
    container: Container,
) -> io::Result<Option<&'static str>> {
    match container {
        Container::Mp4 | Container::QuickTime => missing_in_mp4(file, length),
        Container::WebM | Container::Matroska => missing_in_matroska(file, length),
        // Most of these can be played up to wherever they end.
        Container::Other(_) => Ok(None),
    }
}

/// The boxes must reach to the end of the file, and every frame that the headers name be within it.
fn missing_in_mp4(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<&'static str>> {
    let (mut at, mut headers, mut has_frames, mut in_fragment) = (0, None, false, false);
    for _ in 0..MAX_PARTS {
        if at == length {
            break;
        }
        let header = BoxHeader::read(&head(file, at)?);
        let known = header.filter(|header| KINDS.contains(&&header.kind));
        let end = header.map(|header| at.saturating_add(header.size.unwrap_or(length - at)));
        match end {
            Some(end) if end <= length => at = end,
            // Padding, or what somebody has added.
            _ if known.is_none() && headers.is_some() && has_frames => break,
            _ => return Ok(Some("it ends within a box")),
        }
        let Some(header) = header else { break };
        match &header.kind {
            b"moov" => headers = Some((at - header.size.unwrap_or(at) + header.length, at)),
            b"moof" => in_fragment = true,
            b"mdat" if header.size.is_none() && headers.is_none() => {
                return Ok(Some("it has no headers"));
            }
            b"mdat" => (has_frames, in_fragment) = (true, false),
            _ => {}
        }
    }
    Ok(match headers {
        _ if in_fragment => Some("it ends after the headers of a fragment"),
        Some((begin, end)) if end_of_frames(file, begin, end)? > Some(length) => {
            Some("its frames are not all there")
        }
        _ if !has_frames => Some("it has no frames"),
        // Headers may stand after the frames, and a file that ends just before them passes.
        _ => None,
    })
}

/// Where the frames end by the headers that stand there, if those say so.
fn end_of_frames(file: &mut (impl Read + Seek), begin: u64, end: u64) -> io::Result<Option<u64>> {
    let mut moov = Vec::new();
    file.seek(SeekFrom::Start(begin))?;
    file.by_ref().take(end.saturating_sub(begin).min(MAX_HEADERS)).read_to_end(&mut moov)?;
    Ok(end_of_samples(&moov))
}

/// The segment must end within the file. Where it says nothing of its size, the clusters in it must.
fn missing_in_matroska(
    file: &mut (impl Read + Seek),
    length: u64,
) -> io::Result<Option<&'static str>> {
    let (mut at, mut has_frames) = (0, false);
    for _ in 0..MAX_PARTS {
        let head = head(file, at)?;
        let Some((id, size, header)) = element(&head) else { break };
        has_frames |= id == SEGMENT;
        // What is in an element of no known size follows as if there were none around it.
        at = at.saturating_add(header).saturating_add(size.unwrap_or(0));
        if at > length {
            return Ok(Some("it ends within an element"));
        }
    }
    Ok((!has_frames).then_some("it has no frames"))
}

/// The id of a Matroska element, its size if it names one, and the length of both.
fn element(bytes: &[u8]) -> Option<(u64, Option<u64>, u64)> {
    let (id, id_length) = number(bytes, 4)?;
    let (size, size_length) = number(bytes.get(id_length..)?, 8)?;
    // Its first byte has a mark of the length; a size of ones alone is unknown.
    let mask = (1 << (7 * size_length)) - 1;
    let size = Some(size & mask).filter(|size| *size != mask);
    Some((id, size, u64::try_from(id_length + size_length).ok()?))
}

/// A number of one byte and as many more as there are zeros before its first bit that is set.
fn number(bytes: &[u8], longest: usize) -> Option<(u64, usize)> {
    let length = usize::try_from(bytes.first()?.leading_zeros()).ok()? + 1;
    let bytes = bytes.get(..length).filter(|_| length <= longest)?;
    Some((bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), length))
}

/// The first bytes of what begins there.
fn head(file: &mut (impl Read + Seek), at: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = Vec::with_capacity(BoxHeader::LONGEST);
    file.by_ref().take(BoxHeader::LONGEST as u64).read_to_end(&mut head)?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::testing::malformed::bytes;

    fn is_whole(file: &[u8]) -> bool {
        let container = Container::from_magic(file).unwrap_or(Container::Mp4);
        missing(&mut Cursor::new(file), file.len() as u64, container).unwrap().is_none()
    }

    fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, body].concat()
    }

    fn long(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = body.len() as u64 + 16;
        [&[0, 0, 0, 1][..], kind, &length.to_be_bytes(), body].concat()
    }

    fn to_the_end(kind: &[u8], body: &[u8]) -> Vec<u8> {
        [&[0; 4][..], kind, body].concat()
    }

    fn ftyp() -> Vec<u8> {
        boxed(b"ftyp", b"isom\0\0\x02\0")
    }

    fn moov() -> Vec<u8> {
        boxed(b"moov", &[7; 300])
    }

    fn mdat() -> Vec<u8> {
        boxed(b"mdat", &[7; 900])
    }

    /// Videos of which every byte counts.
    fn videos() -> Vec<Vec<u8>> {
        vec![
            [ftyp(), moov(), mdat()].concat(),
            [ftyp(), mdat(), moov()].concat(),
            [ftyp(), boxed(b"free", &[0; 20]), long(b"mdat", &[7; 500]), moov()].concat(),
            [ftyp(), moov(), mdat(), boxed(b"free", b"padding")].concat(),
            [ftyp(), boxed(b"vend", b"whatever it is"), moov(), mdat()].concat(),
            [boxed(b"ftyp", b"qt  \0\0\x02\0"), boxed(b"wide", b""), mdat(), moov()].concat(),
            [moov(), mdat()].concat(),
            include_bytes!("../../sandbox/clip.mp4").to_vec(),
        ]
    }

    #[test]
    fn a_video_is_whole_to_its_last_byte_and_no_sooner() {
        for video in videos() {
            assert!(is_whole(&video), "{:?}", &video[..40]);
            let step = (video.len() / 500).max(1);
            for length in (0..video.len()).step_by(step).chain([video.len() - 9]) {
                let rest = video.len() - length;
                let has_frames = video[..length].windows(4).any(|kind| kind == b"mdat");
                let before_headers = has_frames && video[length..].get(4..8) == Some(b"moov");
                // Less than a box's header after the frames is no more than padding.
                let may_pass = rest < 24 || before_headers;
                assert!(!is_whole(&video[..length]) || may_pass, "{length} of {}", video.len());
            }
        }
    }

    #[test]
    fn what_players_pass_over_at_the_end_is_passed_over() {
        let video = [ftyp(), moov(), mdat()].concat();
        for tail in [&[0; 3][..], &[0; 8], &[0; 4096], b"\n", b"reelbot", &[0xFF; 100]] {
            assert!(is_whole(&[&video, tail].concat()), "{tail:?}");
        }
        for tail in [&b"\0\0\x01\0moof"[..], b"\0\0\x01\0mdat and some", b"\0\0\x01\0free"] {
            assert!(!is_whole(&[&video, tail].concat()), "{tail:?}");
        }
    }

    #[test]
    fn a_box_without_a_size_reaches_to_the_end() {
        assert!(is_whole(&[ftyp(), moov(), to_the_end(b"mdat", &[7; 900])].concat()));
        assert!(!is_whole(&[ftyp(), to_the_end(b"mdat", &[7; 900])].concat()));
    }

    #[test]
    fn a_file_that_has_nothing_but_its_kind_is_no_video() {
        for part in [ftyp(), [ftyp(), boxed(b"free", &[0; 20])].concat(), Vec::new()] {
            assert!(!is_whole(&part));
        }
    }

    #[test]
    fn frames_that_the_headers_name_must_be_there_whatever_the_boxes_say() {
        let clip = include_bytes!("../../sandbox/clip.mp4");
        let at = clip.windows(4).position(|kind| kind == b"mdat").unwrap() - 4;
        let (head, frames) = (&clip[..at], &clip[at + 8..]);
        assert!(is_whole(&[head, &boxed(b"mdat", frames)].concat()));
        assert!(is_whole(&[head, &to_the_end(b"mdat", frames)].concat()));
        for kept in [0, 1000, frames.len() - 1] {
            assert!(!is_whole(&[head, &boxed(b"mdat", &frames[..kept])].concat()), "{kept}");
            assert!(!is_whole(&[head, &to_the_end(b"mdat", &frames[..kept])].concat()), "{kept}");
        }
        assert!(!is_whole(head), "without any frames");
    }

    #[test]
    fn a_fragment_has_its_frames_after_its_headers() {
        let fragment = [boxed(b"moof", &[7; 50]), mdat()].concat();
        let video = [ftyp(), moov(), fragment.clone(), fragment].concat();
        assert!(is_whole(&video));
        assert!(is_whole(&[&video[..], &boxed(b"mfra", &[0; 30])].concat()));
        assert!(!is_whole(&[&video[..], &boxed(b"moof", &[7; 50])].concat()));
    }

    fn webm(size: &[u8], frames: usize) -> Vec<u8> {
        let head = b"\x1A\x45\xDF\xA3\x87\x42\x82\x84webm";
        [&head[..], b"\xEC\x82\0\0", b"\x18\x53\x80\x67", size, &vec![7; frames]].concat()
    }

    #[test]
    fn a_segment_of_matroska_must_end_within_the_file() {
        for (size, frames, whole) in [
            (&b"\x41\x00"[..], 256, true),
            (b"\x41\x00", 300, true),
            (b"\x41\x00", 255, false),
            (b"\x01\0\0\0\0\0\x01\0", 256, true),
            (b"\x01\0\0\0\0\0\x01\0", 200, false),
            (b"\xFF\x1F\x43\xB6\x75\x41\x00", 256, true),
            (b"\xFF\x1F\x43\xB6\x75\x41\x00", 255, false),
            (b"\xFF\x1F\x43\xB6\x75\xFF\xA3\x88", 8, true),
            (b"\xFF\x1F\x43\xB6\x75\xFF\xA3\x88", 7, false),
        ] {
            assert_eq!(is_whole(&webm(size, frames)), whole, "{size:?} {frames}");
        }
        let whole = webm(b"\x41\x00", 256);
        assert!((4..whole.len()).all(|length| !is_whole(&whole[..length])));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_judged(file in bytes(&[videos(), vec![webm(b"\x41\x00", 256)]].concat())) {
            let _ = is_whole(&file);
        }
    }
}
