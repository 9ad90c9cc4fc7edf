//! Takes photos and makes clips. Clips are made in the background: no call waits for them.

use std::io;

use axum::body::Bytes;
use tokio::task::spawn_blocking;

use crate::domain::photo::MAX_PHOTO_BYTES;
use crate::domain::photo::PhotoFormat;
use crate::sandbox::clip;
use crate::sandbox::clip::Shape;
use crate::sandbox::kie::behaviour::Clips;
use crate::sandbox::kie::corpus::FETCH;
use crate::sandbox::kie::corpus::FORMAT;
use crate::sandbox::kie::corpus::FailureText;
use crate::sandbox::kie::corpus::SIZE;
use crate::sandbox::kie::file_store::hash;
use crate::sandbox::kie::file_store::path_of;
use crate::sandbox::kie::stand_in::Kie;
use crate::sandbox::kie::task::Ending;
use crate::sandbox::kie::task::Photo;
use crate::sandbox::kie::task::Task;

/// So many clips are kept for further tasks with the same photo.
const CACHED: usize = 64;

/// Starts on a task just created. Its photo lies on our own file host, or it cannot be had.
pub fn start(kie: &Kie, id: &str) {
    let task = kie.state(|state| {
        let task = &state.tasks[id];
        (task.ending == Ending::Succeed).then(|| task.model.photo(task.input()).map(str::to_owned))
    });
    let Some(url) = task else { return };
    let Some(url) = url else { return put(kie, id, |task| task.clip = Some(embedded())) };
    let now = kie.now();
    let photo = path_of(&url).and_then(|path| {
        kie.state(|state| state.files.get(path, now).map(|file| file.bytes.clone()))
    });
    arrived(kie, id, photo);
}

/// Looks at the photo as KIE does, and has the clip made.
fn arrived(kie: &Kie, id: &str, photo: Option<Bytes>) {
    let photo = match photo {
        Some(photo) => look(photo),
        None => Err(FailureText { code: None, text: FETCH.to_owned() }),
    };
    match photo {
        Err(line) => put(kie, id, |task| task.photo = Photo::Bad(line)),
        Ok(photo) => {
            put(kie, id, |task| task.photo = Photo::Here(hash(&photo)));
            film(kie, id, photo);
        }
    }
}

fn look(photo: Bytes) -> Result<Bytes, FailureText> {
    if photo.len() as u64 > MAX_PHOTO_BYTES {
        return Err(FailureText::new(SIZE.0, SIZE.1));
    }
    match PhotoFormat::from_magic(&photo) {
        Some(_) => Ok(photo),
        None => Err(FailureText::new(FORMAT.0, FORMAT.1)),
    }
}

fn film(kie: &Kie, id: &str, photo: Bytes) {
    let (clips, shape) =
        kie.state(|state| (state.behaviour.clips, shape(&state.tasks[id], &photo)));
    if clips == Clips::Embedded {
        return put(kie, id, |task| task.clip = Some(embedded()));
    }
    let (kie, id) = (kie.clone(), id.to_owned());
    tokio::spawn(async move {
        let clip = developed(&kie, photo, shape).await;
        put(&kie, &id, |task| task.clip = Some(clip));
    });
}

/// The clip of a photo: made once, one at a time.
async fn developed(kie: &Kie, photo: Bytes, shape: Shape) -> Bytes {
    let Ok(_permit) = kie.studio().acquire().await else { return embedded() };
    let name = (hash(&photo), shape);
    if let Some(clip) = kie.state(|state| state.clips.get(&name).cloned()) {
        return clip;
    }
    let made = spawn_blocking(move || {
        if !clip::ffmpeg_is_installed() {
            return Err(io::ErrorKind::NotFound.into());
        }
        clip::scroll(&photo, shape)
    });
    let clip = made.await.ok().and_then(Result::ok).map_or_else(embedded, Bytes::from);
    kie.state(|state| {
        if state.clips.len() >= CACHED {
            state.clips.clear();
        }
        state.clips.insert(name, clip.clone())
    });
    clip
}

/// The shape that was asked for, else the photo's.
fn shape(task: &Task, photo: &[u8]) -> Shape {
    match task.input()["aspect_ratio"].as_str() {
        Some("portrait" | "9:16" | "3:4" | "2:3") => Shape::Upright,
        Some("landscape" | "16:9" | "4:3" | "21:9" | "3:2") => Shape::Wide,
        Some("1:1") => Shape::Square,
        // The Sora family's default.
        None if task.model.tells_progress() => Shape::Wide,
        _ => Shape::of_photo(photo),
    }
}

fn embedded() -> Bytes {
    Bytes::from_static(clip::EMBEDDED)
}

fn put(kie: &Kie, id: &str, change: impl FnOnce(&mut Task)) {
    kie.state(|state| {
        if let Some(task) = state.tasks.get_mut(id) {
            change(task);
        }
    });
}
