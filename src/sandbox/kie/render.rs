//! Takes photos and makes clips. Clips are made in the background: no call waits for them.

use std::io;

use axum::body::Bytes;
use tokio::task::spawn_blocking;

use crate::domain::photo::{MAX_PHOTO_BYTES, PhotoFormat};
use crate::sandbox::{
    clip::{self, ClipShape},
    kie::{
        behaviour::Clips,
        corpus::{FETCH, FORMAT, FailureText, SIZE},
        file_store::{hash, path_of},
        stand_in::KieStandIn,
        task::{Ending, Task, TaskPhoto},
    },
};

/// How many clips are kept for further tasks with the same photo.
const CACHED: usize = 64;

/// Starts a task that was just created. Its photos are on our own file host, or missing.
pub(crate) fn start(kie: &KieStandIn, id: &str) {
    let now = kie.now();
    let photos = kie.with_state(|state| {
        let task = &state.tasks[id];
        (task.ending == Ending::Succeed).then(|| {
            let file_store = &mut state.file_store;
            let mut bytes = |url: &str| Some(file_store.get(path_of(url)?, now)?.bytes.clone());
            task.model.photos(task.input()).into_iter().map(&mut bytes).collect::<Vec<_>>()
        })
    });
    match photos.as_deref() {
        None => {}
        Some([]) => change_task(kie, id, |task| task.clip = Some(embedded())),
        Some(photos) => take_photos(kie, id, photos),
    }
}

/// Checks the photos as KIE does, and starts the clip, which shows the first.
fn take_photos(kie: &KieStandIn, id: &str, photos: &[Option<Bytes>]) {
    let fetched = |photo: &Option<Bytes>| {
        let missing = || FailureText { code: None, text: FETCH.to_owned() };
        photo.clone().ok_or_else(missing).and_then(check_photo)
    };
    match photos.iter().map(fetched).collect::<Result<Vec<_>, _>>() {
        Err(failure) => change_task(kie, id, |task| task.photo = TaskPhoto::Bad(failure)),
        Ok(photos) => {
            change_task(kie, id, |task| task.photo = TaskPhoto::Here(hash(&photos[0])));
            start_clip(kie, id, photos[0].clone());
        }
    }
}

fn check_photo(photo: Bytes) -> Result<Bytes, FailureText> {
    if photo.len() as u64 > MAX_PHOTO_BYTES {
        return Err(FailureText::new(SIZE.0, SIZE.1));
    }
    match PhotoFormat::from_magic(&photo) {
        Some(_) => Ok(photo),
        None => Err(FailureText::new(FORMAT.0, FORMAT.1)),
    }
}

fn start_clip(kie: &KieStandIn, id: &str, photo: Bytes) {
    let (clips, shape) =
        kie.with_state(|state| (state.behaviour.clips, shape(&state.tasks[id], &photo)));
    if clips == Clips::Embedded {
        return change_task(kie, id, |task| task.clip = Some(embedded()));
    }
    let (kie, id) = (kie.clone(), id.to_owned());
    tokio::spawn(async move {
        let clip = clip_of(&kie, photo, shape).await;
        change_task(&kie, &id, |task| task.clip = Some(clip));
    });
}

/// The clip of a photo. It is made once, and one at a time.
async fn clip_of(kie: &KieStandIn, photo: Bytes, shape: ClipShape) -> Bytes {
    let Ok(_permit) = kie.ffmpeg_permit().acquire().await else { return embedded() };
    let name = (hash(&photo), shape);
    if let Some(clip) = kie.with_state(|state| state.clips.get(&name).cloned()) {
        return clip;
    }
    let made = spawn_blocking(move || {
        if !clip::ffmpeg_is_installed() {
            return Err(io::ErrorKind::NotFound.into());
        }
        clip::scroll(&photo, shape)
    });
    let clip = made.await.ok().and_then(Result::ok).map_or_else(embedded, Bytes::from);
    kie.with_state(|state| {
        if state.clips.len() >= CACHED {
            state.clips.clear();
        }
        state.clips.insert(name, clip.clone())
    });
    clip
}

/// The shape that was asked for, else the photo's.
fn shape(task: &Task, photo: &[u8]) -> ClipShape {
    if task.model.follows_photo() {
        return ClipShape::of_photo(photo);
    }
    match task.input()["aspect_ratio"].as_str() {
        Some("portrait" | "9:16" | "2:3") => ClipShape::Upright,
        Some("3:4") => ClipShape::Card,
        Some("landscape" | "16:9" | "4:3" | "21:9" | "3:2") => ClipShape::Wide,
        Some("1:1") => ClipShape::Square,
        // The Sora family's default.
        None if task.model.reports_progress() => ClipShape::Wide,
        _ => ClipShape::of_photo(photo),
    }
}

fn embedded() -> Bytes {
    Bytes::from_static(clip::EMBEDDED)
}

fn change_task(kie: &KieStandIn, id: &str, change: impl FnOnce(&mut Task)) {
    kie.with_state(|state| {
        if let Some(task) = state.tasks.get_mut(id) {
            change(task);
        }
    });
}
