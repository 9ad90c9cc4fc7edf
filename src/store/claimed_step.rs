//! One step of one job, claimed by one thread, with what the step may need.

use std::time::Duration;

use rusqlite::Row;

use crate::domain::{
    credits::Credits,
    id::{JobId, KeyId, OrderId, PhotoId, UserId},
    job::{Claim, Form, JobState, Step},
    job_move::Requeue,
    preset::Localized,
    time::Timestamp,
    user::Language,
    video::Aspect,
};
use crate::store::{
    codec::{language, localized},
    error::StoreError,
    photos,
    tx::View,
};

/// How long an uploaded photo is used again. KIE keeps uploads for a day.
pub(super) const UPLOAD_LIFE: Duration = Duration::from_hours(6);

/// A claimed step.
#[derive(Clone, Debug)]
pub struct ClaimedStep {
    /// The right to record it.
    pub claim: Claim,
    /// What to do.
    pub step: Step,
    /// What was ordered, and by whom.
    pub order: OrderedVideo,
    /// How it is being made.
    pub attempt: Attempt,
    /// The task at KIE, once there is one.
    pub task: Option<Task>,
    /// The finished video, once there is one.
    pub video: Option<Video>,
}

/// One video of an order.
#[derive(Clone, Debug)]
pub struct OrderedVideo {
    /// The order.
    pub id: OrderId,
    /// The person who ordered.
    pub user: UserId,
    /// The language of that person.
    pub language: Language,
    /// Whether that person wants quiet hours; `None`: as the operator decided.
    pub quiet: Option<bool>,
    /// Which video of the order this is: 1, 2, …
    pub number: u32,
    /// How many videos the order has.
    pub count: u32,
    /// What comes back when it fails.
    pub price: Credits,
    /// Its prompt.
    pub prompt: String,
    /// The title of its scene.
    pub title: Option<Localized>,
    /// The name of the product.
    pub product: Option<String>,
    /// Its number in the series that the order is of.
    pub place: Option<u32>,
    /// The shape of the video; `None` for an order of an earlier version.
    pub aspect: Option<Aspect>,
    /// Its length in seconds; the same.
    pub seconds: Option<u32>,
    /// The product photo.
    pub photo: OrderedPhoto,
}

/// The product photo of an order.
#[derive(Clone, Debug)]
pub struct OrderedPhoto {
    /// The row.
    pub id: PhotoId,
    /// Its Telegram file id; nothing where it can be had no more.
    pub file_id: Option<String>,
    /// Where KIE finds it as it is, while that is fresh.
    pub upload_url: Option<String>,
    /// Where KIE finds it in the shape of the order; the same.
    pub shaped_url: Option<String>,
}

/// The attempt that is under way.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which one it is: 1, 2, …
    pub number: u32,
    /// The model's slug.
    pub model: String,
    /// The key to submit with, or the key that created the task.
    pub key: Option<KeyId>,
    /// Since when submissions have met rate limits.
    pub rate_limited_since: Option<Timestamp>,
    /// Since when it is held because its model is down.
    pub held_since: Option<Timestamp>,
    /// Whether an earlier process wrote that it was about to create a task.
    pub is_submitting: bool,
}

/// A task at KIE.
#[derive(Clone, Debug)]
pub struct Task {
    /// KIE's id of it.
    pub id: String,
    /// When it was created.
    pub submitted_at: Timestamp,
    /// How often in a row KIE has not known it, or not where its video is.
    pub unknown_polls: u32,
    /// Since when.
    pub unknown_since: Option<Timestamp>,
}

/// A finished video that waits to be delivered.
#[derive(Clone, Debug)]
pub struct Video {
    /// Its address.
    pub url: String,
    /// When it was there.
    pub rendered_at: Timestamp,
    /// In which form it is sent.
    pub form: Form,
    /// How many deliveries have failed.
    pub failed_deliveries: u32,
    /// How many of them were sent and never confirmed.
    pub unconfirmed_deliveries: u32,
}

impl ClaimedStep {
    /// The way back to the submit queue that keeps everything: place, attempt and waits.
    pub fn requeue(&self) -> Requeue<'_> {
        Requeue {
            due: None,
            attempt: self.attempt.number,
            rate_limited_since: self.attempt.rate_limited_since,
            held_since: self.attempt.held_since,
            error: None,
        }
    }
}

/// A claimed job with what its step may need.
pub(super) fn find(view: &View<'_>, job: JobId, now: Timestamp) -> Result<ClaimedStep, StoreError> {
    let file_id = photos::file_id("p");
    let sql = &format!(
        "select j.id, j.tg_user_id, j.fence, j.status, j.step,
                      o.id, u.language, u.language_code, j.number, o.count, o.price,
                      coalesce(j.prompt, o.prompt),
                      p.id, {file_id}, as_it_is.url,
                      j.attempt, j.model, j.key_id, j.rate_limited_since, j.held_since,
                      j.submitting_at is not null, j.task_id, j.submitted_at,
                      j.unknown_polls, j.unknown_since,
                      j.video_url, j.rendered_at, j.form, j.deliveries, j.unconfirmed,
                      o.aspect, o.seconds, j.title_ru, j.title_en, o.name, u.quiet, shaped.url,
                      o.place
               from generation_jobs j
               join orders o on o.id = j.order_id
               join photos p on p.id = o.photo_id
               join users u on u.tg_user_id = j.tg_user_id
               left join photo_uploads as_it_is on as_it_is.photo_id = p.id
                   and as_it_is.shape = 'as_it_is' and as_it_is.uploaded_at > ?2
               left join photo_uploads shaped on shaped.photo_id = p.id
                   and shaped.shape = o.aspect and shaped.uploaded_at > ?2
               where j.id = ?1"
    );
    view.one(sql, (job, now - UPLOAD_LIFE), |row| claimed_step(row, view.fallback))
}

fn claimed_step(row: &Row<'_>, fallback: Language) -> rusqlite::Result<ClaimedStep> {
    let (user, step) = (row.get(1)?, row.get(4)?);
    let state = JobState::of(row.get(3)?, Some(step)).ok_or(rusqlite::Error::InvalidQuery)?;
    Ok(ClaimedStep {
        claim: Claim { job: row.get(0)?, user, fence: row.get(2)?, state },
        step,
        order: OrderedVideo {
            id: row.get(5)?,
            user,
            language: language(row, 6, fallback)?,
            quiet: row.get(35)?,
            number: row.get(8)?,
            count: row.get(9)?,
            price: row.get(10)?,
            prompt: row.get(11)?,
            title: localized(row, 32)?,
            product: row.get(34)?,
            place: row.get(37)?,
            aspect: row.get(30)?,
            seconds: row.get(31)?,
            photo: OrderedPhoto {
                id: row.get(12)?,
                file_id: row.get(13)?,
                upload_url: row.get(14)?,
                shaped_url: row.get(36)?,
            },
        },
        attempt: Attempt {
            number: row.get(15)?,
            model: row.get(16)?,
            key: row.get(17)?,
            rate_limited_since: row.get(18)?,
            held_since: row.get(19)?,
            is_submitting: row.get(20)?,
        },
        task: task(row, 21)?,
        video: video(row, 25)?,
    })
}

/// The task, from four columns that stand together.
fn task(row: &Row<'_>, id: usize) -> rusqlite::Result<Option<Task>> {
    let (unknown_polls, unknown_since) = (row.get(id + 2)?, row.get(id + 3)?);
    let (id, submitted_at): (Option<String>, Option<Timestamp>) = (row.get(id)?, row.get(id + 1)?);
    let task = |(id, submitted_at)| Task { id, submitted_at, unknown_polls, unknown_since };
    Ok(id.zip(submitted_at).map(task))
}

/// The video, from five columns that stand together.
fn video(row: &Row<'_>, url: usize) -> rusqlite::Result<Option<Video>> {
    let (form, failed_deliveries) = (row.get(url + 2)?, row.get(url + 3)?);
    let unconfirmed_deliveries = row.get(url + 4)?;
    let (url, rendered_at): (Option<String>, Option<Timestamp>) =
        (row.get(url)?, row.get(url + 1)?);
    let video = |(url, rendered_at)| Video {
        url,
        rendered_at,
        form,
        failed_deliveries,
        unconfirmed_deliveries,
    };
    Ok(url.zip(rendered_at).map(video))
}
