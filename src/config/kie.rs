//! `[kie]`: the maker of the videos, its limits and our patience.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{
    address::check_kie,
    duration,
    findings::{Findings, number},
    proxy::Proxy,
};
use crate::domain::video::Aspect;

/// Tasks that KIE takes in 10 seconds of one account (docs.kie.ai).
const CREATES_PER_10S: u32 = 20;

/// Questions that KIE answers in a second for one key.
const POLLS_PER_SECOND: f64 = 10.0;

/// A time in which hardly a render is done.
const SHORT_RENDER: Duration = Duration::from_mins(3);

/// More KIE credits than anybody has.
const MOST_BALANCE: f64 = 1e9;

/// How videos are made at KIE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kie {
    /// The API: tasks and balances.
    pub api_url: String,
    /// The file upload service, which is another host.
    pub upload_url: String,
    /// By which proxy KIE, its upload service and the files of videos are reached.
    pub proxy: Proxy,
    /// The slug of the model that makes the videos.
    pub model: String,
    /// The slug of the model that takes over while `model` is down; empty: jobs are held.
    pub fallback_model: String,
    /// The longest time between two questions about one render, 100 ms or more.
    #[serde(with = "crate::config::duration")]
    pub poll_interval: Duration,
    /// The shortest, while a key has few renders under way, 100 ms or more. A shorter
    /// `poll_interval` goes before it.
    #[serde(with = "crate::config::duration")]
    pub poll_interval_min: Duration,
    /// How long after its submission a render counts as lost and is refunded.
    #[serde(with = "crate::config::duration")]
    pub render_timeout: Duration,
    /// The waits before attempt 2, 3, … at one video after a passing fault.
    #[serde(with = "crate::config::durations")]
    pub retry_delays: Vec<Duration>,
    /// Tasks created in 10 seconds per account; KIE's own limit is 20.
    pub creates_per_10s: u32,
    /// Renders under way at once per account; KIE allows more than 100.
    pub in_flight: u32,
    /// Questions a second per key, 0.001 or more; KIE's own limit is 10. Half of it is used in
    /// the mean, as far as `poll_interval` allows.
    pub polls_per_second: f64,
    /// The shape of the videos.
    pub aspect_ratio: Aspect,
    /// The length of the videos in seconds; each model takes the nearest that it can make.
    pub seconds: u32,
    /// How long jobs keep their place while their model is down and there is no fallback.
    #[serde(with = "crate::config::duration")]
    pub hold: Duration,
    /// KIE credits left in an account under which the operator is alerted.
    pub low_balance: f64,
}

impl Default for Kie {
    fn default() -> Self {
        Self {
            api_url: "https://api.kie.ai".to_owned(),
            upload_url: "https://kieai.redpandaai.co".to_owned(),
            proxy: Proxy::default(),
            model: "sora-2-image-to-video".to_owned(),
            fallback_model: "grok-imagine-video-1-5-preview".to_owned(),
            poll_interval: Duration::from_secs(30),
            poll_interval_min: Duration::from_secs(2),
            render_timeout: Duration::from_mins(30),
            retry_delays: [10, 20, 40].map(Duration::from_secs).to_vec(),
            creates_per_10s: 18,
            in_flight: 100,
            polls_per_second: 10.0,
            aspect_ratio: Aspect::Portrait,
            seconds: 10,
            hold: Duration::from_hours(2),
            low_balance: 300.0,
        }
    }
}

impl Kie {
    /// The shortest time between two questions about one render.
    pub fn shortest_poll_interval(&self) -> Duration {
        self.poll_interval_min.min(self.poll_interval)
    }

    /// Notes what is wrong in `[kie]`, but for the names of the models.
    pub fn check(&self, findings: &mut Findings) {
        let own = Self::default();
        check_kie("kie.api_url", &self.api_url, &own.api_url, findings);
        check_kie("kie.upload_url", &self.upload_url, &own.upload_url, findings);
        // Videos lie on hosts of their own, all reached by https.
        let urls = [&*self.api_url, &self.upload_url, "https://files.example"];
        self.proxy.check("kie.proxy", &urls, findings);
        self.check_times(findings);
        findings.expect_within("kie.creates_per_10s", self.creates_per_10s.into(), 1..=10_000);
        findings.expect_within("kie.in_flight", self.in_flight.into(), 1..=100_000);
        findings.expect_rate("kie.polls_per_second", self.polls_per_second);
        findings.expect_within("kie.seconds", self.seconds.into(), 1..=60);
        if !(0.0..=MOST_BALANCE).contains(&self.low_balance) {
            let hint = "write 0 (never alert) or a number of KIE credits, such as 300";
            findings.add("kie.low_balance", format!("is {}", number(self.low_balance)), hint);
        }
    }

    /// Notes a pace that KIE refuses, as far as its limits are known.
    pub(crate) fn warn(&self, findings: &mut Findings) {
        if self.creates_per_10s > CREATES_PER_10S {
            let problem = format!(
                "is {}, and KIE's own limit is {CREATES_PER_10S} tasks in 10 seconds",
                self.creates_per_10s
            );
            let hint = "write 18, unless KIE has given your account more: what is above is refused";
            findings.add("kie.creates_per_10s", problem, hint);
        }
        if self.polls_per_second > POLLS_PER_SECOND {
            let problem = format!(
                "is {}, and KIE's own limit is {POLLS_PER_SECOND} a second for each key",
                self.polls_per_second
            );
            let hint = "write 10, unless KIE has given you more: what is above is refused";
            findings.add("kie.polls_per_second", problem, hint);
        }
        if self.render_timeout < SHORT_RENDER {
            let problem = format!(
                "is {}, and renders take 3 to 30 minutes",
                duration::text(self.render_timeout)
            );
            let hint = "write \"30m\": what takes longer is refunded to the person and paid by you";
            findings.add("kie.render_timeout", problem, hint);
        }
    }

    fn check_times(&self, findings: &mut Findings) {
        for (name, interval, usual) in [
            ("kie.poll_interval", self.poll_interval, "30s"),
            ("kie.poll_interval_min", self.poll_interval_min, "2s"),
        ] {
            if interval < Duration::from_millis(100) {
                let problem = format!("is {}, which is too short", duration::text(interval));
                let hint = format!("write \"100ms\" or more; \"{usual}\" is usual");
                findings.add(name, problem, hint);
            }
        }
        let is_default = self.poll_interval_min == Self::default().poll_interval_min;
        if self.poll_interval_min > self.poll_interval && !is_default {
            let problem = "is longer than kie.poll_interval";
            findings.add("kie.poll_interval_min", problem, "write a shorter time; \"2s\" is usual");
        }
        if self.render_timeout < self.poll_interval {
            let problem = "is shorter than kie.poll_interval, so no render would ever be found";
            findings.add(
                "kie.render_timeout",
                problem,
                "write \"30m\": renders take 3 to 30 minutes",
            );
        }
        findings.expect_end("kie.poll_interval", self.poll_interval);
        findings.expect_end("kie.render_timeout", self.render_timeout);
        findings.expect_end("kie.hold", self.hold);
        if self.retry_delays.len() > 10 {
            let problem = format!("has {} delays", self.retry_delays.len());
            findings.add("kie.retry_delays", problem, "write 10 at most; three are usual");
        }
        for delay in self.retry_delays.iter().filter(|delay| **delay > Duration::from_hours(1)) {
            let hint = "write \"1h\" or less: a person waits for the video";
            findings.add("kie.retry_delays", format!("contains {}", duration::text(*delay)), hint);
        }
    }
}
