//! The photo goes to KIE, once for its orders: as it is, or brought to the shape of the video.

use std::path::Path;

use crate::actions::settle_submit::Submission;
use crate::domain::{
    failure::{Failure, FailureKind, Violation},
    key::LiveKey,
    model::Model,
    photo::PhotoFormat,
    ports::FetchError,
    video::Aspect,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, uploads};
use crate::worker::{
    context::WorkerContext,
    inspect::inspect,
    padding::pad,
    picture::{Unreadable, look_at},
};

/// Where KIE finds the photo: uploaded now, unless an earlier upload is fresh.
pub(super) fn photo_at_kie(
    context: &WorkerContext,
    step: &ClaimedStep,
    key: &LiveKey,
    model: &Model,
) -> Result<String, Submission> {
    let photo = &step.order.photo;
    // An order of an earlier version has no shape of its own.
    let shape = step.order.aspect.filter(|_| model.follows_photo());
    let known = if shape.is_some() { &photo.shaped_url } else { &photo.upload_url };
    if let Some(url) = known {
        return Ok(url.clone());
    }
    let file = context.scratch.file().map_err(disk_refused)?;
    let Some(file_id) = &photo.file_id else {
        return Err(Submission::PhotoGone("it was sent to another bot".to_owned()));
    };
    let is_last = context.settings().rules.retries.after(step.attempt.number).is_none();
    let fetched = context.ports.photos.fetch(file_id, file.path());
    fetched.map_err(|error| not_fetched(error, is_last))?;
    let mut format = inspect(file.path())
        .map_err(disk_refused)?
        .map_err(|fault| bad_photo(&format!("{fault:?}")))?;
    if let Some(padded) = shape.map(|shape| padded(file.path(), shape)).transpose()?.flatten() {
        std::fs::write(file.path(), padded).map_err(disk_refused)?;
        format = PhotoFormat::Jpeg;
    }
    // KIE serves a name again from its cache, so no two uploads may share one.
    let name = format!("{}.{}", uuid::Uuid::new_v4().simple(), format.extension());
    let url =
        context.ports.maker.upload(&key.secret, file.path(), &name).map_err(Submission::Failed)?;
    let (user, id, copy) = (step.order.user, photo.id, url.clone());
    let saved = context.db.write(move |tx| uploads::mark(tx, user, id, shape, &copy));
    saved.map_err(|error| not_recorded(&error))?;
    Ok(url)
}

/// The photo in that shape; nothing where it goes as it is: it has the shape, or it cannot be
/// decoded here, and KIE may do better.
fn padded(photo: &Path, shape: Aspect) -> Result<Option<Vec<u8>>, Submission> {
    match look_at(photo, |picture| pad(picture, shape)) {
        Ok(padded) => Ok(padded),
        Err(Unreadable::Disk(error)) => Err(disk_refused(error)),
        Err(Unreadable::TooLarge | Unreadable::Broken(_)) => Ok(None),
    }
}

/// What it means that a photo was not to be had, at the last attempt or before.
fn not_fetched(error: FetchError, is_last: bool) -> Submission {
    match error {
        FetchError::TooLarge => bad_photo("too large"),
        FetchError::Gone(text) => Submission::PhotoGone(text),
        FetchError::Unavailable(text) if is_last => Submission::PhotoGone(text),
        FetchError::OutOfReach(text) => Submission::PhotoOutOfReach(text),
        FetchError::Unavailable(text) | FetchError::Temporary(text) => {
            Submission::Failed(Failure::new(FailureKind::Temporary, format!("the photo: {text}")))
        }
        FetchError::Disk(text) => disk_refused(text),
    }
}

fn bad_photo(text: &str) -> Submission {
    Submission::Failed(Failure {
        violation: Some(Violation::BadFile),
        ..Failure::new(FailureKind::UserViolation, format!("the photo is unusable: {text}"))
    })
}

fn disk_refused(error: impl std::fmt::Display) -> Submission {
    Submission::NotNow(format!("the disk refused a photo: {error}"))
}

/// The database did not take a change: a fault of its own costs no attempt.
pub(super) fn not_recorded(error: &StoreError) -> Submission {
    if error.kind.passes() {
        return Submission::NotNow(error.to_string());
    }
    if error.kind.ends_the_run() {
        return Submission::GivenBack;
    }
    Submission::Failed(Failure::new(FailureKind::Temporary, error.to_string()))
}
