//! The submit step: the photo goes to KIE, once for its orders, then the task
//! is created.

use std::sync::Arc;

use crate::actions::settle_submit::Submission;
use crate::chat::settings::Settings;
use crate::domain::{
    failure::{Failure, FailureKind, Violation},
    job_move::Move,
    key::LiveKey,
    model::Model,
    ports::{FetchError, RenderRequest, SubmitError},
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, jobs, photos};
use crate::worker::{context::WorkerContext, inspect::inspect};

/// What a task is created with.
pub(crate) struct Prepared {
    key: LiveKey,
    model: Model,
    image_url: String,
}

/// The part of a submission before KIE is asked for a task: whatever stops us here, there is none.
pub(crate) fn prepare(
    context: &WorkerContext,
    settings: &Settings,
    step: &ClaimedStep,
) -> Result<Prepared, Submission> {
    let key = context.key(step.attempt.key).map_err(|error| not_recorded(&error))?;
    let key = key.ok_or(Submission::NoKeys)?;
    let model = settings.model(&step.attempt.model).cloned();
    let model = model.ok_or_else(|| unknown_model(&step.attempt.model))?;
    let image_url = photo_at_kie(context, step, &key)?;
    if context.stop.is_set() {
        return Err(Submission::GivenBack);
    }
    Ok(Prepared { key, model, image_url })
}

/// Creates the task. From the moment it is written down that one is about to be created,
/// whatever stops us may leave a paid task.
pub(crate) fn create(
    context: &WorkerContext,
    settings: &Settings,
    step: &ClaimedStep,
    prepared: &Prepared,
) -> Submission {
    let (claim, key, model) = (step.claim, prepared.key.id, step.attempt.model.clone());
    let db = Arc::clone(&context.db);
    let begun = context.db.write(move |tx| {
        db.expect_ownership(tx)?;
        jobs::transition(tx, claim, &Move::BeginSubmission { key, model: &model })
    });
    if let Err(error) = begun {
        return not_recorded(&error);
    }
    let request = RenderRequest {
        model: &prepared.model,
        prompt: &step.order.prompt,
        image_url: &prepared.image_url,
        aspect: step.order.aspect.unwrap_or(settings.rules.aspect),
        seconds: step.order.seconds.unwrap_or(settings.rules.seconds),
    };
    match context.ports.maker.submit(&prepared.key.secret, &request) {
        Ok(task) => Submission::Task(task),
        Err(SubmitError::Refused(failure)) => Submission::Failed(failure),
        Err(SubmitError::NotSent(text)) => {
            Submission::Failed(Failure::new(FailureKind::Temporary, text))
        }
        Err(SubmitError::Lost(text)) => Submission::Lost(text),
    }
}

/// Nobody knows how that model wants its input.
fn unknown_model(slug: &str) -> Submission {
    let text = format!("the model {slug} is not in the config");
    Submission::Failed(Failure::new(FailureKind::OurBug, text))
}

/// The database did not take a change: a fault of its own costs no attempt.
fn not_recorded(error: &StoreError) -> Submission {
    if error.kind.passes() {
        return Submission::NotNow(error.to_string());
    }
    if error.kind.ends_the_run() {
        return Submission::GivenBack;
    }
    Submission::Failed(Failure::new(FailureKind::Temporary, error.to_string()))
}

fn disk_refused(error: impl std::fmt::Display) -> Submission {
    Submission::NotNow(format!("the disk refused a photo: {error}"))
}

/// Where KIE finds the photo: uploaded now, unless an earlier upload is fresh.
fn photo_at_kie(
    context: &WorkerContext,
    step: &ClaimedStep,
    key: &LiveKey,
) -> Result<String, Submission> {
    if let Some(url) = &step.order.photo.upload_url {
        return Ok(url.clone());
    }
    let file = context.scratch.file().map_err(disk_refused)?;
    context.ports.photos.fetch(&step.order.photo.file_id, file.path()).map_err(
        |error| match error {
            FetchError::TooLarge => bad_photo("too large"),
            FetchError::Gone(text) => bad_photo(&text),
            FetchError::OutOfReach(text) => Submission::PhotoOutOfReach(text),
            FetchError::Temporary(text) => Submission::Failed(Failure::new(
                FailureKind::Temporary,
                format!("the photo: {text}"),
            )),
            FetchError::Disk(text) => disk_refused(text),
        },
    )?;
    let format = inspect(file.path())
        .map_err(disk_refused)?
        .map_err(|fault| bad_photo(&format!("{fault:?}")))?;
    // KIE serves a name again from its cache, so no two uploads may share one.
    let name = format!("{}.{}", uuid::Uuid::new_v4().simple(), format.extension());
    let url =
        context.ports.maker.upload(&key.secret, file.path(), &name).map_err(Submission::Failed)?;
    let (user, photo, copy) = (step.order.user, step.order.photo.id, url.clone());
    let saved = context.db.write(move |tx| photos::mark_uploaded(tx, user, photo, &copy));
    saved.map_err(|error| not_recorded(&error))?;
    Ok(url)
}

fn bad_photo(text: &str) -> Submission {
    Submission::Failed(Failure {
        violation: Some(Violation::BadFile),
        ..Failure::new(FailureKind::UserViolation, format!("the photo is unusable: {text}"))
    })
}
