//! Short, silent H.264 clips in which a photo scrolls by.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

/// A finished clip for machines without ffmpeg and for tests. Made, in the same
/// way as [`scroll`] makes them, from `coffee.jpg`: a cup at Pikolo Espresso
/// Bar, photographed by Rachel Michetti, CC0, from scikit-image's sample data.
///
/// ```text
/// ffmpeg -i coffee.jpg -vf "scale=540:1248:force_original_aspect_ratio=increase,setsar=1,\
///   loop=-1:1,setpts=N/24/TB,crop=540:960:(iw-540)/2:(ih-960)*t/4" -r 24 -t 4 \
///   -c:v libx264 -preset veryfast -crf 27 -pix_fmt yuv420p -movflags +faststart -an -threads 1 clip.mp4
/// ```
pub(crate) const EMBEDDED: &[u8] = include_bytes!("clip.mp4");

/// What stands in a label before the id of the task.
const LABEL: &[u8] = b"reelbot sandbox, task ";

/// Seconds of a clip.
const SECONDS: u32 = 4;

/// The shape of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClipShape {
    /// 540 × 960.
    Upright,
    /// 540 × 720.
    Card,
    /// 960 × 540.
    Wide,
    /// 640 × 640.
    Square,
}

impl ClipShape {
    /// The shape closest to a photo's, upright when its size cannot be read.
    pub fn of_photo(photo: &[u8]) -> Self {
        match imagesize::blob_size(photo) {
            Ok(size) if size.width * 10 > size.height * 11 => Self::Wide,
            Ok(size) if size.width * 10 > size.height * 9 => Self::Square,
            Ok(size) if size.width * 3 > size.height * 2 => Self::Card,
            _ => Self::Upright,
        }
    }

    fn pixels(self) -> (u32, u32) {
        match self {
            Self::Upright => (540, 960),
            Self::Card => (540, 720),
            Self::Wide => (960, 540),
            Self::Square => (640, 640),
        }
    }
}

/// Whether this machine can make clips.
pub(crate) fn ffmpeg_is_installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let mut version = Command::new("ffmpeg");
        version.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    })
}

/// Makes a clip of a photo, with ffmpeg: about half a second of one core. Fails when
/// ffmpeg is missing or cannot read the photo.
pub(crate) fn scroll(photo: &[u8], shape: ClipShape) -> io::Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let (input, output) = (folder.path().join("photo"), folder.path().join("clip.mp4"));
    std::fs::write(&input, photo)?;
    let status = command(&input, &output, shape).status()?;
    if !status.success() {
        return Err(io::Error::other("ffmpeg could not make a clip of this photo"));
    }
    std::fs::read(&output)
}

fn command(input: &Path, output: &Path, shape: ClipShape) -> Command {
    let (width, height) = shape.pixels();
    // Even, as yuv420p requires, and a third higher than the clip: the rest scrolls by.
    let tall = (height * 13 / 10) / 2 * 2;
    // The photo is read once and repeated by the filter: a loop over the file
    // would try a broken one again without end.
    let filter = format!(
        "scale={width}:{tall}:force_original_aspect_ratio=increase,setsar=1,\
         loop=-1:1,setpts=N/24/TB,crop={width}:{height}:(iw-{width})/2:(ih-{height})*t/{SECONDS}"
    );
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-y", "-i"]).arg(input);
    ffmpeg.args(["-vf", &filter, "-r", "24", "-t", &SECONDS.to_string()]);
    ffmpeg.args(["-c:v", "libx264", "-preset", "veryfast", "-crf", "27", "-pix_fmt", "yuv420p"]);
    ffmpeg.args(["-movflags", "+faststart", "-an", "-threads", "1"]).arg(output);
    ffmpeg.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    ffmpeg
}

/// A label with the id of a clip's task: an MP4 box of the kind `free`, which players ignore.
/// It is appended to the clip.
pub(crate) fn label(task: &str) -> Vec<u8> {
    let size = u32::try_from(8 + LABEL.len() + task.len()).expect("an id is short");
    [&size.to_be_bytes(), &b"free"[..], LABEL, task.as_bytes()].concat()
}

/// The task on a clip's label. None without a label, or when the clip is not complete, box by
/// box to its last byte.
pub(crate) fn task_of(clip: &[u8]) -> Option<String> {
    let (mut rest, mut task) = (clip, None);
    while !rest.is_empty() {
        let (size, kind) = (rest.first_chunk::<4>()?, rest.get(4..8)?);
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        let body = rest.get(8..size)?;
        if kind == b"free" {
            task = body.strip_prefix(LABEL).or(task);
        }
        rest = &rest[size..];
    }
    String::from_utf8(task?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_clip_is_a_small_mp4_that_can_start_before_it_is_whole() {
        assert_eq!(&EMBEDDED[4..8], b"ftyp");
        assert!(EMBEDDED.len() < 150_000);
        let place = |name: &[u8]| EMBEDDED.windows(4).position(|word| word == name).unwrap();
        assert!(place(b"moov") < place(b"mdat"));
    }

    #[test]
    fn a_label_says_of_which_task_a_whole_clip_is() {
        let clip = [EMBEDDED, &label("21518c08")].concat();
        assert_eq!(task_of(&clip).as_deref(), Some("21518c08"));
        assert_eq!(task_of(EMBEDDED), None);
        for length in [0, 5, EMBEDDED.len() / 2, clip.len() - 1] {
            assert_eq!(task_of(&clip[..length]), None, "{length}");
        }
        assert_eq!(task_of(&[0; 64]), None);
    }

    #[test]
    fn a_photo_becomes_a_clip_and_what_only_looks_like_one_does_not() {
        assert!(scroll(b"not a photo", ClipShape::Upright).is_err());
        assert!(scroll(&[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], ClipShape::Upright).is_err());
        if !ffmpeg_is_installed() {
            return;
        }
        for shape in [ClipShape::Upright, ClipShape::Card, ClipShape::Wide, ClipShape::Square] {
            let clip = scroll(&photo(), shape).unwrap();
            assert_eq!(&clip[4..8], b"ftyp");
            let (width, height) = shape.pixels();
            let size = [width.to_be_bytes(), height.to_be_bytes()].map(|side| [side[2], side[3]]);
            // The sample entry "avc1" has the picture's size 28 bytes after its name.
            let entries = clip.windows(4).enumerate().filter(|(_, name)| *name == b"avc1");
            let mut sizes = entries.map(|(at, _)| clip[at + 28..at + 32].to_vec());
            assert!(sizes.any(|found| found == size.concat()));
        }
    }

    /// A small red PNG.
    fn photo() -> Vec<u8> {
        let ffmpeg = Command::new("ffmpeg")
            .args(["-v", "error", "-f", "lavfi", "-i", "color=red:s=8x6", "-frames:v", "1"])
            .args(["-c:v", "png", "-f", "image2pipe", "-"])
            .output();
        ffmpeg.unwrap().stdout
    }
}
