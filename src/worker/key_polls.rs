//! The polls of one key: never more than KIE allows, in the mean half of it, and none for a
//! while after KIE has refused one for their rate.

use std::time::Duration;

use crate::actions::rules::Rules;
use crate::domain::{
    failure::{Failure, FailureKind},
    ports::{PollError, Progress},
    retry::doubling,
    time::Timestamp,
};
use crate::worker::window::Window;

/// By how much one call may be longer on its way than the next: KIE counts when they arrive.
const ON_THE_WAY: Duration = Duration::from_millis(250);

/// What a key may do.
#[derive(Debug)]
pub(crate) struct PollLimits {
    /// The most polls in a window.
    most: usize,
    /// The length of that window.
    window: Duration,
    /// What one poll takes up of the key's time.
    share: Duration,
    /// The shortest time between two polls of a task.
    pub shortest: Duration,
    /// The longest.
    pub longest: Duration,
}

impl PollLimits {
    /// The operator's limits.
    pub(crate) fn new(rules: &Rules) -> Self {
        let rate = rules.polls_per_second;
        Self {
            most: whole(rate.max(1.0)),
            window: Duration::from_secs_f64((1.0 / rate).max(1.0)) + ON_THE_WAY,
            // The other half is for what comes in bursts.
            share: Duration::from_secs_f64(2.0 / rate),
            shortest: rules.poll_interval_min,
            longest: rules.poll_interval,
        }
    }
}

/// The latest polls of a key.
#[derive(Debug, Default)]
pub(crate) struct KeyPolls {
    window: Window,
    /// Until when the polls that were made take up their share of the time.
    taken: Option<Timestamp>,
    /// Until when there are none.
    rests: Option<Timestamp>,
    /// How many were refused for their rate in a row.
    refusals: u32,
}

impl KeyPolls {
    /// Counts a poll that begins.
    pub(crate) fn count(&mut self, at: Timestamp) {
        self.window.count(at);
    }

    /// When the key may poll again; `None` is now.
    pub(crate) fn opens(&mut self, limits: &PollLimits, now: Timestamp) -> Option<Timestamp> {
        let window = self.window.opens(limits.most, limits.window, now);
        window.max(self.rests.filter(|until| *until > now))
    }

    /// Notes the answer to a poll, and says after how long its task may be polled again: the more
    /// tasks share the key's time, the longer each waits.
    pub(crate) fn next(
        &mut self,
        limits: &PollLimits,
        answer: &Result<Progress, PollError>,
        now: Timestamp,
    ) -> Duration {
        self.note_refusal(limits, answer, now);
        let (shortest, longest) = (limits.shortest, limits.longest);
        let taken = self.taken.map_or(now, |until| until.clamp(now, now + longest));
        let taken = taken + limits.share;
        self.taken = Some(taken);
        taken.since(now).clamp(shortest, longest)
    }

    fn note_refusal(
        &mut self,
        limits: &PollLimits,
        answer: &Result<Progress, PollError>,
        now: Timestamp,
    ) {
        if self.rests.is_some_and(|until| until > now) {
            // It was under way when the key began to rest, and says nothing new.
            return;
        }
        if let Err(PollError::Refused(Failure { kind: FailureKind::RateLimit, .. })) = answer {
            self.rests = Some(now + doubling(limits.shortest, self.refusals, limits.longest));
            self.refusals += 1;
        } else {
            (self.rests, self.refusals) = (None, 0);
        }
    }
}

/// A rate as a whole number of calls.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is checked to be small and over 0"
)]
fn whole(rate: f64) -> usize {
    rate as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::settings::Settings;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn limits() -> PollLimits {
        PollLimits::new(&Settings::default().rules)
    }

    fn waits(polls: &mut KeyPolls, answers: u32, answer: &Result<Progress, PollError>) -> Duration {
        let limits = limits();
        (0..answers).map(|_| polls.next(&limits, answer, NOW)).last().unwrap()
    }

    #[test]
    fn a_task_waits_the_longer_the_more_polls_there_were_but_never_too_short_or_too_long() {
        for (answers, seconds) in [(1, 2), (10, 2), (11, 2), (20, 4), (100, 20), (400, 30)] {
            let wait = waits(&mut KeyPolls::default(), answers, &Ok(Progress::Running));
            assert_eq!(wait.as_secs(), seconds, "{answers}");
        }
    }

    #[test]
    fn a_clock_that_was_put_back_makes_no_wait_longer() {
        let mut polls = KeyPolls::default();
        waits(&mut polls, 100, &Ok(Progress::Running));
        let before = Timestamp(5);
        assert_eq!(polls.next(&limits(), &Ok(Progress::Running), before).as_secs(), 30);
    }

    #[test]
    fn refusals_for_the_rate_in_a_row_let_the_key_rest_longer() {
        let refused =
            || Err(PollError::Refused(Failure::new(FailureKind::RateLimit, "too frequent")));
        let (mut polls, mut now, mut rests) = (KeyPolls::default(), NOW, Vec::new());
        for _ in 0..6 {
            polls.next(&limits(), &refused(), now);
            polls.next(&limits(), &refused(), now);
            let until = polls.opens(&limits(), now).unwrap();
            rests.push(until.since(now).as_secs());
            now = until;
        }
        assert_eq!(rests, [2, 4, 8, 16, 30, 30]);
        polls.next(&limits(), &Ok(Progress::Running), now);
        assert_eq!(polls.opens(&limits(), now), None);
        polls.next(&limits(), &refused(), now);
        assert_eq!(polls.opens(&limits(), now), Some(now + Duration::from_secs(2)));
    }
}
