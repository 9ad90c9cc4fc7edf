//! `presets.sample`: a short video that shows what an idea looks like.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::config::{
    findings::{Finding, row},
    presets::shipped,
};
use crate::domain::{preset::Preset, video::Container};

/// The largest sample, in bytes: people look at it on the way.
const MOST: u64 = 20 << 20;

/// Those of the shipped ideas, which `scripts/make-samples` makes of one photo.
const ILLUSTRATIONS: [(&str, &[u8]); 5] = [
    ("scroll-up", include_bytes!("samples/scroll-up.mp4")),
    ("orbit", include_bytes!("samples/orbit.mp4")),
    ("hero-zoom", include_bytes!("samples/hero-zoom.mp4")),
    ("soft-light", include_bytes!("samples/soft-light.mp4")),
    ("fresh-splash", include_bytes!("samples/fresh-splash.mp4")),
];

/// Where the sample of an idea is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    /// In the program. No model has made it.
    Illustration(&'static [u8]),
    /// In a file of the operator's.
    File(PathBuf),
}

impl Sample {
    /// The sample of a preset, if it has one: the operator's, else that of a shipped idea.
    pub(crate) fn of(preset: &Preset) -> Option<Self> {
        if !preset.sample.as_os_str().is_empty() {
            return Some(Self::File(preset.sample.clone()));
        }
        let is_shipped = |shipped: &Preset| shipped.id == preset.id && shipped.idea == preset.idea;
        let is_its = |(id, _): &&(&str, &[u8])| *id == preset.id;
        let (_, bytes) = ILLUSTRATIONS.iter().find(is_its)?;
        shipped().iter().any(is_shipped).then_some(Self::Illustration(bytes))
    }

    /// The video, if it can be sent as one.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Illustration(bytes) => Ok(bytes.to_vec()),
            Self::File(path) => read(path),
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if about.len() > MOST {
        let size = about.len().div_ceil(1 << 20);
        return Err(io::Error::other(format!("it has {size} MiB, and 20 is the most")));
    }
    let bytes = fs::read(path)?;
    match Container::from_magic(&bytes) {
        Some(container) if container.plays_in_the_chat() => Ok(bytes),
        _ => Err(io::Error::other("it is not an MP4")),
    }
}

/// The name of the option in the row of a preset.
pub(crate) fn key(preset: &str) -> String {
    format!("{}: sample", row("presets", preset))
}

/// What is wrong with the operator's samples.
pub(crate) fn slips(presets: &[Preset]) -> Vec<Finding> {
    let slip = |preset: &Preset| {
        let Some(Sample::File(path)) = Sample::of(preset) else { return None };
        let error = read(&path).err()?;
        Some(Finding {
            key: key(&preset.id),
            problem: format!("is {}, which cannot be shown: {error}", path.display()),
            hint: "name an MP4 of at most 20 MiB, relative to the folder of this file, or leave it out"
                .to_owned(),
        })
    };
    presets.iter().filter_map(slip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(sample: &Path) -> Preset {
        Preset { sample: sample.to_owned(), ..shipped().remove(0) }
    }

    #[test]
    fn each_shipped_idea_has_an_illustration_and_all_together_are_small() {
        let samples: Vec<Vec<u8>> =
            shipped().iter().map(|preset| Sample::of(preset).unwrap().read().unwrap()).collect();
        assert!(samples.iter().map(Vec::len).sum::<usize>() < 1 << 20);
        for sample in samples {
            assert_eq!(Container::from_magic(&sample), Some(Container::Mp4));
            let place = |name: &[u8]| sample.windows(4).position(|word| word == name).unwrap();
            assert!(place(b"moov") < place(b"mdat"), "it can start before it is whole");
        }
    }

    #[test]
    fn an_idea_that_the_operator_wrote_has_no_illustration_of_ours() {
        let own = Preset { idea: "The cup flies away.".to_owned(), ..shipped().remove(0) };
        assert_eq!(Sample::of(&own), None);
        let own = Preset { id: "my-own".to_owned(), ..shipped().remove(0) };
        assert_eq!(Sample::of(&own), None);
        let file = Path::new("/srv/up.mp4");
        assert_eq!(Sample::of(&with(file)), Some(Sample::File(file.to_owned())));
    }

    #[test]
    fn a_file_that_is_no_small_mp4_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let good = file("good.mp4", ILLUSTRATIONS[0].1);
        assert_eq!(slips(&[with(&good)]), []);
        let large = folder.path().join("large.mp4");
        fs::File::create(&large).unwrap().set_len(MOST + 1).unwrap();
        for (path, words) in [
            (folder.path().join("none.mp4"), "No such file"),
            (folder.path().to_owned(), "it is not a file"),
            (file("page.mp4", b"<html>"), "it is not an MP4"),
            (file("empty.mp4", b""), "it is not an MP4"),
            (file("film.mp4", b"\x1A\x45\xDF\xA3webm"), "it is not an MP4"),
            (large, "it has 21 MiB"),
        ] {
            let found = slips(&[with(&path)]).remove(0);
            assert!(found.problem.contains(words), "{found:?}");
            assert_eq!(found.key, "presets \"scroll-up\": sample");
        }
    }
}
