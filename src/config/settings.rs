//! All sections together.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::{
    backup::Backup,
    credits::Credits,
    database::Database,
    gpt::Gpt,
    health::{Health, Metrics},
    kie::Kie,
    log::Log,
    models, presets,
    proxy::{Proxy, is_same_host},
    telegram::Telegram,
    texts::Texts,
    workers::Workers,
};
use crate::domain::{model::Model, preset::Preset};

/// What the operator decided. Every field has a default, so an empty file is a valid one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The bot's account and its pace.
    pub telegram: Telegram,
    /// Where the database is.
    pub database: Database,
    /// The threads that do the work.
    pub workers: Workers,
    /// How videos are made.
    pub kie: Kie,
    /// The writer of the prompts.
    pub gpt: Gpt,
    /// What people get and may order.
    pub credits: Credits,
    /// The copies that are made by themselves.
    pub backup: Backup,
    /// How much is logged.
    pub log: Log,
    /// A watch over the bot from outside.
    pub health: Health,
    /// Numbers for Prometheus.
    pub metrics: Metrics,
    /// The operator's own wording.
    pub texts: Texts,
    /// The prompt buttons, in this order.
    pub presets: Vec<Preset>,
    /// The models that can be chosen: the shipped ones with the operator's over them.
    #[serde(deserialize_with = "crate::config::models::deserialize")]
    pub models: Vec<Model>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            telegram: Telegram::default(),
            database: Database::default(),
            workers: Workers::default(),
            kie: Kie::default(),
            gpt: Gpt::default(),
            credits: Credits::default(),
            backup: Backup::default(),
            log: Log::default(),
            health: Health::default(),
            metrics: Metrics::default(),
            texts: Texts::default(),
            presets: presets::shipped(),
            models: models::shipped(),
        }
    }
}

impl Config {
    /// The services that are called, each with the proxy on the way to its address.
    pub(crate) fn ways(&self) -> [(&'static str, &Proxy, &str); 3] {
        let Self { telegram, kie, gpt, .. } = self;
        [
            ("Telegram", &telegram.proxy, &telegram.api_url),
            ("KIE", &kie.proxy, &kie.api_url),
            ("GPT", &gpt.proxy, &gpt.api_url),
        ]
    }

    /// Whether GPT is on KIE's own host, or both are on this machine: no other may see a KIE key.
    pub(crate) fn gpt_takes_kie_keys(&self) -> bool {
        is_same_host(&self.gpt.api_url, &self.kie.api_url)
    }

    /// The model with this slug.
    pub fn model(&self, slug: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.slug == slug)
    }

    /// The preset with this id.
    pub fn preset(&self, id: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.id == id)
    }

    /// Where the database is: as decided, else `reelbot.db` in the data dir of its file, which
    /// a user without a home has not.
    pub fn database_path(&self, data_dir: Option<&Path>) -> Option<PathBuf> {
        if self.database.path.as_os_str().is_empty() {
            return data_dir.map(|dir| dir.join("reelbot.db"));
        }
        Some(self.database.path.clone())
    }
}
