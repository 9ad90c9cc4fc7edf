//! Faults: planned ones for the next calls, and random ones.

use std::collections::VecDeque;

use crate::sandbox::seeded::{SeededRandom, choose};

/// What can go wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429; the call is not executed.
    TooManyRequests {
        /// Seconds.
        retry_after: u64,
    },
    /// 500 with Telegram's own words; the call is not executed.
    ServerError,
    /// 502 with a page of HTML, as a gateway answers; the call is not executed.
    HtmlBadGateway,
    /// 403: blocked by the person; the call is not executed.
    Forbidden,
    /// The call is executed and never answered: the caller must give up by itself.
    Timeout,
    /// The call is executed, and the connection breaks instead of an answer.
    Dropped,
    /// The connection breaks, and the call is not executed.
    Unheard,
    /// The call is executed, and a gateway answers 502 with a page of HTML.
    LateBadGateway,
    /// The call is executed, and its answer is delayed in real time.
    Slow {
        /// Milliseconds.
        millis: u64,
    },
}

impl Fault {
    /// Whether the call is executed and its answer lost.
    pub fn loses_the_answer(self) -> bool {
        matches!(self, Self::Timeout | Self::Dropped | Self::LateBadGateway)
    }
}

/// The random faults. Each affects one call only, and none leaves a call unanswered: that would
/// hold up the caller until its timeout.
const CHAOS: [Fault; 9] = [
    Fault::ServerError,
    Fault::HtmlBadGateway,
    Fault::LateBadGateway,
    Fault::TooManyRequests { retry_after: 1 },
    Fault::TooManyRequests { retry_after: 2 },
    Fault::TooManyRequests { retry_after: 3 },
    Fault::Unheard,
    Fault::Dropped,
    Fault::Slow { millis: 500 },
];

/// A fault, the calls it is for, and how often it happens.
#[derive(Clone, Debug)]
pub struct PlannedFault {
    fault: Fault,
    method: Option<String>,
    times: u32,
}

impl PlannedFault {
    /// Happens once, at the next call of any method but getUpdates, which is always in
    /// progress.
    pub fn new(fault: Fault) -> Self {
        Self { fault, method: None, times: 1 }
    }

    /// For calls of one method only.
    #[must_use]
    pub fn on(self, method: &str) -> Self {
        Self { method: Some(method.to_ascii_lowercase()), ..self }
    }

    /// Happens several times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// The planned faults that are left, and the random ones.
#[derive(Debug, Default)]
pub struct Faults {
    planned: VecDeque<PlannedFault>,
    rate: f64,
    seed: u64,
    random: SeededRandom,
}

impl Faults {
    /// Adds a planned fault behind the others.
    pub fn add(&mut self, planned: PlannedFault) {
        self.planned.push_back(planned);
    }

    /// The fault for a call of `method` (in lower case). A planned one is used up by it.
    pub fn take(&mut self, method: &str) -> Option<Fault> {
        let suits = |planned: &PlannedFault| match &planned.method {
            Some(wanted) => wanted == method,
            None => method != "getupdates",
        };
        self.planned.retain(|planned| planned.times > 0);
        if let Some(planned) = self.planned.iter_mut().find(|planned| suits(planned)) {
            planned.times -= 1;
            return Some(planned.fault);
        }
        self.random_fault()
    }

    /// The random fault of a call or a download, if any.
    pub fn random_fault(&mut self) -> Option<Fault> {
        choose(&CHAOS, self.random.chance(self.seed, self.rate)?).copied()
    }

    /// From now on this share (0 to 1) of the calls for which nothing is planned have a random
    /// fault, getUpdates included.
    pub fn chaos(&mut self, rate: f64, seed: u64) {
        (self.rate, self.seed) = (rate, seed);
    }

    /// Whether all planned faults have happened.
    pub fn is_over(&self) -> bool {
        self.planned.iter().all(|planned| planned.times == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_faults_come_in_their_share_of_calls_in_every_way_and_repeat_with_their_seed() {
        let faults_of = |seed| {
            let mut faults = Faults::default();
            faults.chaos(0.3, seed);
            (0..3_000).map(|_| faults.take("getupdates")).collect::<Vec<_>>()
        };
        let some = faults_of(5);
        assert!((800..1_000).contains(&some.iter().flatten().count()));
        assert!(CHAOS.iter().all(|fault| some.contains(&Some(*fault))));
        assert_eq!(some, faults_of(5));
        assert_ne!(some, faults_of(6));
        assert_eq!(Faults::default().random_fault(), None);
    }

    #[test]
    fn a_planned_fault_comes_before_a_random_one() {
        let mut faults = Faults::default();
        faults.chaos(1.0, 1);
        faults.add(PlannedFault::new(Fault::Forbidden).on("sendVideo"));
        assert_ne!(faults.take("sendmessage"), Some(Fault::Forbidden));
        assert!(!faults.is_over());
        assert_eq!(faults.take("sendvideo"), Some(Fault::Forbidden));
        assert!(faults.is_over());
    }
}
