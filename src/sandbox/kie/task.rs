//! One task: its state over time, and its record.

use std::{collections::VecDeque, time::Duration};

use axum::body::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::{secret::Secret, time::Timestamp};
use crate::sandbox::kie::{
    behaviour::Blanks,
    corpus::FailureText,
    models::OfferedModel,
    outcome::{FileFault, RecordFault},
};

/// A task's state, as `recordInfo` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    /// Accepted.
    Waiting,
    /// Waiting for a free renderer.
    Queuing,
    /// Being rendered.
    Generating,
    /// Its video is ready.
    Success,
    /// It failed, at no cost.
    Fail,
}

/// How a task will end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With a video.
    Succeed,
    /// With this failure.
    Fail(FailureText),
    /// Never: it stays `waiting`.
    Never,
}

/// The photo of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskPhoto {
    /// None was given, or it is in a field that the model does not know.
    Absent,
    /// Valid: the SHA-256 of its bytes, in hexadecimal.
    Here(String),
    /// Missing, or no photo.
    Bad(FailureText),
}

/// How a task ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why it failed, if it did.
    pub fault: Option<FailureText>,
    /// Where its video is, below the base address.
    pub video: Option<String>,
}

/// A task.
#[derive(Debug)]
pub struct Task {
    /// 32 hexadecimal digits.
    pub id: String,
    /// The key that created it.
    pub key: Secret,
    /// The account of that key.
    pub account: String,
    /// The model.
    pub model: &'static OfferedModel,
    /// The body of the createTask call, as `param` shows it.
    pub body: Value,
    /// When it was created.
    pub created: Timestamp,
    /// How long it takes.
    pub render: Duration,
    /// Whether it goes from `waiting` straight to its end.
    pub shortcut: bool,
    /// How it will end.
    pub ending: Ending,
    /// Its photo.
    pub photo: TaskPhoto,
    /// Its video, once there is one.
    pub clip: Option<Bytes>,
    /// What it costs when it succeeds.
    pub price: f64,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// The keys that asked.
    pub polled_by: Vec<Secret>,
    /// What the next polls answer instead of its state.
    pub poll_faults: VecDeque<RecordFault>,
    /// A fault of the next downloads of its video.
    pub file_fault: Option<(FileFault, u32)>,
    /// The base address by which its creator reached us.
    pub base: String,
}

impl Task {
    /// The model's input.
    pub fn input(&self) -> &Value {
        &self.body["input"]
    }

    /// When and how it ends, if that is known already.
    pub fn end(&self) -> Option<(Timestamp, Option<FailureText>)> {
        let whole = self.created + self.render;
        match (&self.ending, &self.photo) {
            (Ending::Never, _) => None,
            (Ending::Fail(failure), _) => Some((whole, Some(failure.clone()))),
            // A bad photo is noticed when rendering starts.
            (Ending::Succeed, TaskPhoto::Bad(failure)) => {
                Some((self.created + self.render / 5, Some(failure.clone())))
            }
            (Ending::Succeed, _) => self.clip.is_some().then_some((whole, None)),
        }
    }

    /// What it costs: nothing unless it succeeded.
    pub fn charged(&self) -> f64 {
        match &self.ended {
            Some(Ended { fault: None, .. }) => self.price,
            _ => 0.0,
        }
    }

    /// Its state at this time.
    pub fn state(&self, now: Timestamp) -> TaskState {
        match &self.ended {
            Some(Ended { fault: None, .. }) => return TaskState::Success,
            Some(_) => return TaskState::Fail,
            None if self.shortcut || self.ending == Ending::Never => return TaskState::Waiting,
            None => {}
        }
        let age = now.since(self.created);
        if age < self.render / 20 {
            TaskState::Waiting
        } else if age < self.render / 5 {
            TaskState::Queuing
        } else {
            TaskState::Generating
        }
    }

    /// The `data` of `recordInfo`.
    pub fn record(&self, now: Timestamp, blanks: Blanks) -> Value {
        let state = self.state(now);
        let mut data = json!({
            "taskId": self.id,
            "model": self.model.slug,
            "state": state,
            "param": self.body.to_string(),
            "resultJson": self.result(),
            "failCode": null,
            "failMsg": null,
            "costTime": null,
            "completeTime": null,
            "createTime": self.created.0,
            "updateTime": now.0,
        });
        if self.model.reports_progress() {
            data["progress"] = json!(self.progress(now));
        }
        if let Some(ended) = &self.ended {
            let took = ended.at.since(self.created).as_millis();
            data["costTime"] = json!(u64::try_from(took).unwrap_or(u64::MAX));
            data["completeTime"] = json!(ended.at.0);
            data["updateTime"] = json!(ended.at.0);
            data["creditsConsumed"] = json!(self.charged());
            if let Some(fault) = &ended.fault {
                data["failCode"] = json!(fault.code);
                data["failMsg"] = json!(fault.text);
            }
        }
        if blanks == Blanks::Absent
            && let Some(fields) = data.as_object_mut()
        {
            fields.retain(|name, value| !(name.starts_with("fail") && value.is_null()));
        }
        data
    }

    /// JSON in a string, as KIE sends it; empty without a result.
    fn result(&self) -> String {
        let Some(video) = self.ended.as_ref().and_then(|ended| ended.video.as_ref()) else {
            return String::new();
        };
        let url = format!("{}{video}", self.base);
        let mut result = json!({"resultUrls": [url]});
        if self.input()["remove_watermark"] == true {
            result["resultWaterMarkUrls"] = json!([format!("{url}?watermark=1")]);
        }
        result.to_string()
    }

    /// From 0 to 100; 99 at most before the end.
    fn progress(&self, now: Timestamp) -> u128 {
        if self.ended.is_some() {
            return 100;
        }
        let whole = self.render.as_millis().max(1);
        (now.since(self.created).as_millis() * 100 / whole).min(99)
    }

    /// What tests see of it.
    pub fn seen(&self, now: Timestamp) -> TaskSeen {
        TaskSeen {
            task_id: self.id.clone(),
            key: self.key.clone(),
            account: self.account.clone(),
            model: self.model.slug,
            input: self.input().clone(),
            created_at: self.created,
            ends_at: self.ended.as_ref().map(|ended| ended.at).or(self.end().map(|(at, _)| at)),
            state: self.state(now),
            polled_by: self.polled_by.clone(),
            charged: self.charged(),
            photo: match &self.photo {
                TaskPhoto::Here(hash) => Some(hash.clone()),
                _ => None,
            },
        }
    }
}

/// A task, as tests see it.
#[derive(Clone, Debug)]
pub struct TaskSeen {
    /// Its id.
    pub task_id: String,
    /// The key that created it.
    pub key: Secret,
    /// The account of that key.
    pub account: String,
    /// The model's slug.
    pub model: &'static str,
    /// The input that was sent.
    pub input: Value,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ends, if that is known.
    pub ends_at: Option<Timestamp>,
    /// Its state now.
    pub state: TaskState,
    /// The keys that asked for it.
    pub polled_by: Vec<Secret>,
    /// What it cost so far.
    pub charged: f64,
    /// The SHA-256 of its photo's bytes, in hexadecimal.
    pub photo: Option<String>,
}
