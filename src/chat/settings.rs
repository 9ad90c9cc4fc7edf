//! What the operator decided, as one value: an action takes it once, at its start, and so never
//! sees half of a change.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;

use crate::actions::rules::Rules;
use crate::chat::{
    screens::{archives::Told, script::Offer},
    words::Words,
};
use crate::config::{backup::Backup, gpt::Gpt, settings::Config};
use crate::domain::{
    credits::Credits,
    draft::Source,
    model::Model,
    options::{OfPhotos, Quote},
    preset::Preset,
    quiet::QuietHours,
    time::Timestamp,
    user::Language,
    zone::Zone,
};

/// What the bot goes by while it runs.
pub struct Settings {
    /// The words.
    pub words: Words,
    /// The prompt buttons.
    pub presets: Vec<Preset>,
    /// The numbers that actions go by.
    pub rules: Rules,
    /// The language of people whose app tells none.
    pub language: Language,
    /// The operator's contact; may be empty.
    pub support: String,
    /// The operators' time zone.
    pub timezone: Zone,
    /// In which hours there people are sent nothing with a sound that they do not wait for.
    pub quiet_hours: Option<QuietHours>,
    /// The models, and how each wants its input.
    pub models: Vec<Model>,
    /// The writer of the scripts.
    pub gpt: Gpt,
    /// Whether that may see a KIE key.
    pub gpt_takes_kie_keys: bool,
    /// The backups.
    pub backup: Backup,
    /// After how long a copy of the database elsewhere has what is stored; at once without one.
    pub copied_after: Duration,
    /// How long an idle worker waits at most.
    pub idle_wait: Duration,
    /// How long the steps under way may take to finish when the bot closes.
    pub shutdown_grace: Duration,
}

/// The settings in force, shared by all threads and tasks. Others take their place as a whole.
pub type LiveSettings = ArcSwap<Settings>;

impl Default for Settings {
    /// The defaults, and the words as shipped.
    fn default() -> Self {
        Self::new(&Config::default(), Words::shipped())
    }
}

impl Settings {
    /// The settings of a config, with the words of its texts.
    pub fn new(config: &Config, words: Words) -> Self {
        Self {
            words,
            presets: config.presets.clone(),
            rules: Rules::new(config),
            language: config.telegram.language,
            support: config.telegram.support.clone(),
            // A check has let no other name pass.
            timezone: Zone::named(&config.telegram.timezone).unwrap_or_else(Zone::utc),
            quiet_hours: QuietHours::parse(&config.telegram.quiet_hours),
            models: config.models.clone(),
            gpt: config.gpt.clone(),
            gpt_takes_kie_keys: config.gpt_takes_kie_keys(),
            backup: config.backup.clone(),
            copied_after: config.database.copied_after(),
            idle_wait: config.workers.idle_wait,
            shutdown_grace: config.workers.shutdown_grace,
        }
    }

    /// The same, in force until others take their place.
    pub fn live(self) -> Arc<LiveSettings> {
        Arc::new(LiveSettings::from_pointee(self))
    }

    /// The preset with that id, if the operator still offers it.
    pub fn preset(&self, id: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.id == id)
    }

    /// How orders are told.
    pub(crate) fn told(&self) -> Told<'_> {
        Told { zone: &self.timezone, presets: &self.presets }
    }

    /// Whether there is still what a prompt is to be made from.
    pub(crate) fn has_idea(&self, source: &Source) -> bool {
        match source {
            Source::Preset(id) => self.preset(id).is_some(),
            Source::OwnText(_) | Source::Edited(_) | Source::Style(_) | Source::Rewrite(_) => true,
        }
    }

    /// The model with that slug, if the operator still has it.
    pub fn model(&self, slug: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.slug == slug)
    }

    /// Whether a message that comes by itself is without a sound at that moment, for a person who
    /// chose so or else leaves it to the operator.
    pub fn is_quiet(&self, choice: Option<bool>, at: Timestamp) -> bool {
        let hours = match choice {
            Some(false) => None,
            Some(true) => Some(self.quiet_nights()),
            None => self.quiet_hours,
        };
        hours.zip(self.timezone.hour(at)).is_some_and(|(hours, hour)| hours.contain(hour))
    }

    /// The quiet hours of a person who wants some.
    pub fn quiet_nights(&self) -> QuietHours {
        self.quiet_hours.unwrap_or(QuietHours::NIGHT)
    }

    /// The videos that can be ordered, for a person with that balance.
    pub fn offer(&self, balance: Credits, quote: Quote) -> Offer<'_> {
        let (counts, offered) = (&self.rules.counts, &self.rules.offered);
        let of_photos = OfPhotos { photos: 1, left: 0, edges: None };
        Offer { counts, offered, quote, balance, number: 0, of_photos }
    }

    /// Whether voice messages are put into words.
    pub(crate) fn listens(&self) -> bool {
        !self.gpt.transcribe_model.trim().is_empty()
    }

    /// The most videos that can be ordered at once.
    pub(crate) fn most_videos(&self) -> usize {
        let most = self.rules.counts.iter().max();
        most.and_then(|most| usize::try_from(*most).ok()).unwrap_or(1)
    }

    /// The longest prompt, in characters, that every model takes which may make a video.
    pub fn longest_prompt(&self) -> usize {
        let slugs = [Some(&self.rules.model), self.rules.fallback.as_ref()];
        let models = slugs.into_iter().flatten().filter_map(|slug| self.model(slug));
        models.map(|model| model.longest_prompt).min().unwrap_or(1000)
    }
}
