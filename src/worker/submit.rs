//! The submit step: the photo goes to KIE, then the task is created.

use std::sync::Arc;

use crate::actions::settle_submit::Submission;
use crate::chat::settings::Settings;
use crate::domain::{
    failure::{Failure, FailureKind},
    job_move::Move,
    key::LiveKey,
    model::Model,
    ports::{RenderRequest, SubmitError},
};
use crate::store::{claimed_step::ClaimedStep, jobs};
use crate::worker::{
    context::WorkerContext,
    upload::{not_recorded, photos_at_kie},
};

/// What a task is created with.
pub(crate) struct Prepared {
    key: LiveKey,
    model: Model,
    image_urls: Vec<String>,
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
    let image_urls = photos_at_kie(context, step, &key, &model)?;
    if context.stop.is_set() {
        return Err(Submission::GivenBack);
    }
    Ok(Prepared { key, model, image_urls })
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
        image_urls: &prepared.image_urls,
        aspect: step.order.aspect.unwrap_or(settings.rules.offered.usual.aspect),
        seconds: step.order.seconds.unwrap_or(settings.rules.offered.usual.seconds),
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
