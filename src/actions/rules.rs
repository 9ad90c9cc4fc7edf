//! The operator's numbers that actions go by.

use std::time::Duration;

use crate::config::settings::Config;
use crate::domain::{
    credits::Credits,
    id::UserId,
    model::Model,
    options::{Offered, Options},
    retry::Retries,
};

/// How long rate limits may hold a job up before it fails.
pub(crate) const RATE_LIMIT_PATIENCE: Duration = Duration::from_mins(10);

/// The first pause of an account after a rate limit; it doubles with each in a row.
pub(crate) const FIRST_COOLDOWN: Duration = Duration::from_secs(10);

/// The longest pause of an account after rate limits.
pub(crate) const LONGEST_COOLDOWN: Duration = Duration::from_mins(2);

/// For how long KIE must not know a task, or name no video of a finished one, before it is given
/// up: one that it has just created, or that a slip of its database hides, is known again soon,
/// and an address may come some seconds after the success.
pub(crate) const TASK_UNKNOWN_TIME: Duration = Duration::from_mins(10);

/// At how many polls in a row it must not have it.
pub(crate) const TASK_UNKNOWN_POLLS: u32 = 5;

/// How often a video is sent whose arrival is never confirmed.
pub(crate) const UNCONFIRMED_DELIVERIES: u32 = 3;

/// How long a submission waits after a fault of our own machine, such as a full disk.
pub(crate) const OWN_FAULT_WAIT: Duration = Duration::from_secs(10);

/// How many lost submissions of one job are tried again: each may be a paid task.
pub(crate) const LOST_SUBMISSIONS: u32 = 3;

/// A render times out when KIE says that it still runs, and without any word from KIE
/// only after so many times `kie.render_timeout`.
pub(crate) const UNANSWERED: u32 = 2;

/// Time between looks at a task whose job has timed out.
pub(crate) const WATCH_INTERVAL: Duration = Duration::from_mins(30);

/// How long a task is polled when its job has timed out.
pub(crate) const WATCH_LIFE: Duration = Duration::from_hours(24);

/// The first wait after a failed delivery; it doubles with each.
pub(crate) const FIRST_REDELIVERY: Duration = Duration::from_secs(10);

/// The longest wait after a failed delivery.
pub(crate) const LONGEST_REDELIVERY: Duration = Duration::from_mins(10);

/// How many failed deliveries there are before a host that keeps sending something else than the
/// whole video is believed: 40 minutes of them.
pub(crate) const BAD_DOWNLOADS: u32 = 9;

/// How long a finished video is tried to be delivered.
pub(crate) const DELIVERY_LIFE: Duration = Duration::from_hours(24);

/// How long a finished video waits for a person who has blocked the bot: KIE keeps files for
/// two weeks. The person is told so: `failed-away`.
pub(crate) const PARKED_LIFE: Duration = Duration::from_hours(10 * 24);

/// Of so many tasks one is polled before renders of its model usually begin to end.
pub(crate) const EARLY_LOOK: i64 = 16;

/// The longest wait for the first poll.
pub(crate) const LONGEST_FIRST_POLL: Duration = Duration::from_mins(10);

/// How many scripts the script writer makes for one draft, and for one person in
/// [`SCRIPTS_COUNTED`]: each costs the operator's credits, and none of the person's.
pub(crate) const FREE_SCRIPTS: ScriptBounds = ScriptBounds { of_draft: 5, of_person: 20 };

/// The same for a person who has ordered.
pub(crate) const CUSTOMERS_SCRIPTS: ScriptBounds = ScriptBounds { of_draft: 15, of_person: 100 };

/// For how long the scripts of a person are counted.
pub(crate) const SCRIPTS_COUNTED: Duration = Duration::from_hours(24);

/// How many scripts are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScriptBounds {
    /// For one draft.
    pub of_draft: u32,
    /// For one person in a day.
    pub of_person: u32,
}

/// What the operator decided about orders and jobs.
#[derive(Clone, Debug)]
pub struct Rules {
    /// A new person's first credits.
    pub welcome: Credits,
    /// The sizes of an order.
    pub counts: Vec<u32>,
    /// The model's slug.
    pub model: String,
    /// The model that takes over while the first is down.
    pub fallback: Option<String>,
    /// Its row, if it is there.
    pub stand_in: Option<Model>,
    /// What can be chosen of the videos, and for how much.
    pub offered: Offered,
    /// The delays between attempts.
    pub retries: Retries,
    /// Tasks created in 10 seconds per account.
    pub creates_per_10s: u32,
    /// Renders under way at once per account.
    pub in_flight: u32,
    /// Polls a second per key.
    pub polls_per_second: f64,
    /// The longest time between two polls of a task.
    pub poll_interval: Duration,
    /// The shortest.
    pub poll_interval_min: Duration,
    /// How long a render may take.
    pub render_timeout: Duration,
    /// How long jobs are held while their model is down.
    pub hold: Duration,
    /// Credits left at KIE under which the operator is alerted.
    pub low_balance: f64,
    /// The operators who are alerted.
    pub admins: Vec<UserId>,
}

impl Rules {
    /// The models that may make a video which was last to be made by `own`, the preferred one
    /// first.
    pub fn models<'a>(&'a self, own: &'a str) -> impl Iterator<Item = &'a str> {
        let decided = [Some(self.model.as_str()), self.fallback.as_deref()];
        let is_other = move |slug: &&str| !decided.contains(&Some(slug));
        decided.into_iter().flatten().chain(Some(own).filter(is_other))
    }

    /// The rules of a config.
    pub fn new(config: &Config) -> Self {
        let kie = &config.kie;
        let fallback = Some(kie.fallback_model.clone()).filter(|slug| !slug.is_empty());
        let stand_in = fallback.as_deref().and_then(|slug| config.model(slug)).cloned();
        Self {
            welcome: config.credits.welcome,
            counts: config.credits.counts.clone(),
            model: kie.model.clone(),
            fallback,
            stand_in,
            offered: Offered {
                model: config.model(&kie.model).cloned(),
                stand_in: None,
                usual: Options { aspect: kie.aspect_ratio, seconds: kie.seconds },
            },
            retries: Retries::new(kie.retry_delays.clone()),
            creates_per_10s: kie.creates_per_10s,
            in_flight: kie.in_flight,
            polls_per_second: kie.polls_per_second,
            poll_interval: kie.poll_interval,
            poll_interval_min: kie.shortest_poll_interval(),
            render_timeout: kie.render_timeout,
            hold: kie.hold,
            low_balance: kie.low_balance,
            admins: config.telegram.admins.clone(),
        }
    }
}
