//! The client: KIE as a [`VideoMaker`].

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use ureq::Agent;

use crate::config::settings::Config;
use crate::domain::{
    failure::{Failure, FailureKind},
    ports::{DownloadError, PollError, Progress, RenderRequest, SubmitError, VideoMaker},
    secret::Secret,
};
use crate::provider::{
    agent::{CallError, Purpose, client_proxy, get, post},
    kie::{download::fetch, files::Files, input::input, record::progress, upload::upload, wire},
};

/// How long each kind of call may take in total.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// createTask. KIE's acceptance alone can take more than 90 seconds under load.
    pub submit: Duration,
    /// recordInfo and download-url.
    pub poll: Duration,
    /// The balance.
    pub balance: Duration,
    /// A photo of up to 10 MB.
    pub upload: Duration,
    /// A video of some tens of MB.
    pub download: Duration,
    /// A pause within a download.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            submit: Duration::from_mins(2),
            poll: Duration::from_secs(20),
            balance: Duration::from_secs(15),
            upload: Duration::from_mins(2),
            download: Duration::from_mins(5),
            stall: Duration::from_secs(30),
        }
    }
}

/// The blocking client; all threads share one.
#[derive(Debug)]
pub(crate) struct KieClient {
    api_url: String,
    upload_url: String,
    submits: Agent,
    polls: Agent,
    balances: Agent,
    uploads: Agent,
    files: Files,
}

impl KieClient {
    /// A client of the servers that the config names. The base addresses
    /// may have a path and a slash at the end.
    pub(crate) fn new(config: &Config) -> Self {
        Self::with_patience(config, Patience::default())
    }

    /// A client with its own timeouts.
    pub(crate) fn with_patience(config: &Config, patience: Patience) -> Self {
        let (api_url, upload_url) = (&config.kie.api_url, &config.kie.upload_url);
        let proxy = &config.kie.proxy;
        let calls = |total| Purpose::calls(total, client_proxy(proxy, api_url));
        Self {
            api_url: api_url.trim_end_matches('/').to_owned(),
            upload_url: upload_url.trim_end_matches('/').to_owned(),
            // A paid call never uses an old connection, whose end could be mistaken for a
            // lost answer.
            submits: Purpose { idle: 0, ..calls(patience.submit) }.agent(),
            polls: calls(patience.poll).agent(),
            balances: Purpose { idle: 2, ..calls(patience.balance) }.agent(),
            uploads: Purpose::calls(patience.upload, client_proxy(proxy, upload_url)).agent(),
            files: Files::new(
                Purpose { stall: patience.stall, ..calls(patience.download) },
                proxy,
                api_url,
            ),
        }
    }

    fn create_task(&self, key: &Secret, slug: &str, input: &Value) -> Result<String, SubmitError> {
        let address = format!("{}/api/v1/jobs/createTask", self.api_url);
        let body = json!({ "model": slug, "input": input });
        let prompt = input["prompt"].as_str().unwrap_or_default();
        match post(&self.submits, &address, key, &body, &[prompt]) {
            Ok(answer) => wire::created(answer.status, &answer.body),
            Err(CallError::Lost(text)) => Err(SubmitError::Lost(text)),
            Err(CallError::NotSent(text)) => Err(SubmitError::NotSent(text)),
            Err(error @ CallError::BadKey) => Err(SubmitError::Refused(wire::unanswered(error))),
        }
    }

    /// A new link for an expired one. KIE gives none for addresses that are not its own.
    fn fresh_link(&self, key: &Secret, url: &str) -> Option<String> {
        let address = format!("{}/api/v1/common/download-url", self.api_url);
        let answer = post(&self.polls, &address, key, &json!({ "url": url }), &[]).ok()?;
        wire::fresh_link(&answer.body)
    }
}

impl VideoMaker for KieClient {
    fn upload(&self, key: &Secret, photo: &Path, name: &str) -> Result<String, Failure> {
        let address = format!("{}/api/file-stream-upload", self.upload_url);
        upload(&self.uploads, &address, key, photo, name)
    }

    fn submit(&self, key: &Secret, request: &RenderRequest<'_>) -> Result<String, SubmitError> {
        self.create_task(key, &request.model.slug, &input(request))
    }

    fn poll(&self, key: &Secret, task: &str) -> Result<Progress, PollError> {
        let address = wire::record_address(&self.api_url, task);
        match get(&self.polls, &address, key) {
            Ok(answer) => progress(answer.status, &answer.body),
            Err(CallError::Lost(text) | CallError::NotSent(text)) => Err(PollError::Lost(text)),
            Err(error @ CallError::BadKey) => Err(PollError::Refused(wire::unanswered(error))),
        }
    }

    fn download(
        &self,
        key: &Secret,
        url: &str,
        most: u64,
        into: &Path,
    ) -> Result<(), DownloadError> {
        match fetch(&self.files, url, most, into) {
            // KIE may say under HTTP 200 too that an address has expired.
            Err(error @ (DownloadError::Gone(_) | DownloadError::BadFile(_))) => {
                match self.fresh_link(key, url) {
                    Some(link) => fetch(&self.files, &link, most, into),
                    None => Err(error),
                }
            }
            outcome => outcome,
        }
    }

    fn balance(&self, key: &Secret) -> Result<f64, Failure> {
        let address = format!("{}/api/v1/chat/credit", self.api_url);
        let answer = get(&self.balances, &address, key).map_err(wire::unanswered)?;
        wire::credit(answer.status, &answer.body)
    }

    /// Asks for a video without any input. KIE validates before it charges: a model that is up
    /// refuses that as invalid, one that is down refuses it as down.
    fn probe(&self, key: &Secret, model: &str) -> bool {
        match self.create_task(key, model, &json!({})) {
            Err(SubmitError::Refused(failure)) => failure.kind == FailureKind::OurBug,
            Err(SubmitError::Lost(_) | SubmitError::NotSent(_)) => false,
            Ok(task) => {
                tracing::warn!(model, task, "a probe without any input became a task");
                true
            }
        }
    }
}
