//! `[gpt]`: the writer of the prompts.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::config::{address::check_gpt, duration, findings::Findings, proxy::Proxy};
use crate::domain::secret::Secret;

/// The chat-completions service that turns an idea into the final prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gpt {
    /// Any OpenAI-compatible base; `/chat/completions` is added.
    pub api_url: String,
    /// The name of the model there.
    pub model: String,
    /// The key; empty: a KIE key, which KIE's own GPT takes.
    pub api_key: Secret,
    /// A file with the key, relative to the config file's folder; empty: none.
    pub api_key_file: PathBuf,
    /// By which proxy it is reached.
    pub proxy: Proxy,
    /// Whether the model sees: the photo goes into the call, and it says whether people are in it.
    pub vision: bool,
    /// The name of the model that puts voice messages into words; empty: none does.
    pub transcribe_model: String,
    /// How long an answer may take before the idea itself becomes the prompt.
    #[serde(with = "crate::config::duration")]
    pub timeout: Duration,
}

impl Default for Gpt {
    fn default() -> Self {
        Self {
            api_url: "https://api.kie.ai/gpt-5-2/v1".to_owned(),
            model: "gpt-5-2".to_owned(),
            api_key: Secret::default(),
            api_key_file: PathBuf::new(),
            proxy: Proxy::default(),
            vision: true,
            transcribe_model: String::new(),
            timeout: Duration::from_secs(30),
        }
    }
}

impl Gpt {
    /// Notes what is wrong in `[gpt]`.
    pub fn check(&self, findings: &mut Findings) {
        check_gpt("gpt.api_url", &self.api_url, findings);
        self.proxy.check("gpt.proxy", &[&self.api_url], findings);
        findings.expect_text("gpt.model", &self.model);
        let hint = "copy it again from the page where it was made";
        findings.expect_secret("gpt.api_key", &self.api_key, hint);
        if self.timeout < Duration::from_secs(1) {
            let hint = "write \"1s\" or more; \"30s\" is usual";
            findings.add("gpt.timeout", format!("is {}", duration::text(self.timeout)), hint);
        }
        findings.expect_end("gpt.timeout", self.timeout);
    }
}
