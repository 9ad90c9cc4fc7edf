//! The photos of an order go to KIE, each once for its orders: as it is, or brought to the shape of the
//! video.

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
use crate::store::{
    claimed_step::{ClaimedStep, OrderedPhoto},
    error::StoreError,
    submit_queue,
    tx::Tx,
    uploads,
};
use crate::worker::{
    context::WorkerContext,
    inspect::inspect,
    padding::pad,
    picture::{Unreadable, look_at},
};

/// Where KIE finds the photos that a model takes: the one that was chosen, then the product from its
/// other sides. One that cannot be had any more is left out, as long as there is another.
pub(super) fn photos_at_kie(
    context: &WorkerContext,
    step: &ClaimedStep,
    key: &LiveKey,
    model: &Model,
) -> Result<Vec<String>, Submission> {
    let (order, now) = (&step.order, context.db.clock.now());
    // An order of an earlier version has no shape of its own.
    let shape = order.aspect.filter(|_| model.follows_photo());
    let mut others = Vec::new();
    if model.takes_several_photos() {
        let found = context.db.read(|view| uploads::other_sides(view, order, now));
        others = found.map_err(|error| not_recorded(&error))?;
    }
    if others.is_empty() {
        let user = order.user;
        // The person's next job can use it.
        let promote = move |tx: &Tx<'_>| submit_queue::promote(tx, user);
        let url = photo_at_kie(context, step, key, &order.photo, shape, promote);
        return url.map(|url| vec![url]);
    }
    let most = usize::try_from(model.images_max).unwrap_or(usize::MAX);
    let (mut urls, mut missing) = (Vec::new(), None);
    for photo in [&order.photo].into_iter().chain(&others) {
        if urls.len() == most {
            break;
        }
        match photo_at_kie(context, step, key, photo, shape, |_| Ok(())) {
            Ok(url) => urls.push(url),
            Err(submission) if is_spared(step, photo, &submission) => {
                tracing::warn!(photo.id = photo.id.0, order.id = order.id.0, "a photo is left out");
                missing = missing.or(Some(submission));
            }
            Err(submission) => return Err(submission),
        }
    }
    match missing {
        Some(submission) if urls.is_empty() => Err(submission),
        _ => Ok(urls),
    }
}

/// Whether a video is made without this photo of several: it is gone or unusable for good. Another
/// side than the one that was chosen is waited for once.
fn is_spared(step: &ClaimedStep, photo: &OrderedPhoto, submission: &Submission) -> bool {
    let is_late = photo.id != step.order.photo.id && step.attempt.number > 1;
    match submission {
        Submission::Failed(failure) => match failure.kind {
            FailureKind::UserViolation => true,
            FailureKind::Temporary => is_late,
            _ => false,
        },
        Submission::PhotoGone(_) => true,
        Submission::PhotoOutOfReach(_) => is_late,
        _ => false,
    }
}

/// Where KIE finds a photo: uploaded now, unless an earlier upload is fresh. What is done `with` it is
/// done in the same transaction.
fn photo_at_kie(
    context: &WorkerContext,
    step: &ClaimedStep,
    key: &LiveKey,
    photo: &OrderedPhoto,
    shape: Option<Aspect>,
    with: impl FnOnce(&Tx<'_>) -> Result<(), StoreError> + Send + 'static,
) -> Result<String, Submission> {
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
    let (id, copy) = (photo.id, url.clone());
    let saved = context.db.write(move |tx| {
        uploads::mark(tx, id, shape, &copy)?;
        with(tx)
    });
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
