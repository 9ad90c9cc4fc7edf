//! What goes wrong at random, each kind of call with dice of its own: what
//! the tenth poll meets does not hang on how many uploads there were.

use crate::sandbox::dice::Die;
use crate::sandbox::dice::one_of;
use crate::sandbox::dice::throw;
use crate::sandbox::kie::corpus::FETCH;
use crate::sandbox::kie::corpus::INTERNAL;
use crate::sandbox::kie::corpus::Line;
use crate::sandbox::kie::corpus::PEOPLE;
use crate::sandbox::kie::corpus::POLICY;
use crate::sandbox::kie::corpus::UPSTREAM;
use crate::sandbox::kie::facts::Facts;
use crate::sandbox::kie::outcome::FileFault;
use crate::sandbox::kie::outcome::Outcome;
use crate::sandbox::kie::outcome::PollFault;
use crate::sandbox::kie::outcome::UploadFault;

/// A die for each kind of call.
#[derive(Debug, Default)]
pub struct Chaos {
    uploads: Die,
    creations: Die,
    polls: Die,
    downloads: Die,
}

const UPLOADS: [UploadFault; 4] =
    [UploadFault::Refused, UploadFault::Html, UploadFault::DropBefore, UploadFault::DropAfter];

/// The last two can meet a task that has ended, too: they come from a gateway.
const POLLS: [PollFault; 6] = [
    PollFault::Broken,
    PollFault::Code(429),
    PollFault::Code(455),
    PollFault::Code(500),
    PollFault::Html,
    PollFault::Dropped,
];

const DOWNLOADS: [FileFault; 5] = [
    FileFault::Slow,
    FileFault::Stalling,
    FileFault::Truncated,
    FileFault::NotFound,
    FileFault::Html,
];

impl Chaos {
    /// What the next upload meets.
    pub fn upload(&mut self, facts: &Facts) -> Option<UploadFault> {
        one_of(&UPLOADS, strike(&mut self.uploads, 0, facts)?).copied()
    }

    /// What happens to the next task.
    pub fn creation(&mut self, facts: &Facts) -> Option<Outcome> {
        one_of(&creations(facts), strike(&mut self.creations, 1, facts)?).cloned()
    }

    /// What the next poll answers.
    pub fn poll(&mut self, facts: &Facts) -> Option<PollFault> {
        one_of(&POLLS, strike(&mut self.polls, 2, facts)?).copied()
    }

    /// What the next download meets.
    pub fn download(&mut self, facts: &Facts) -> Option<FileFault> {
        one_of(&DOWNLOADS, strike(&mut self.downloads, 3, facts)?).copied()
    }
}

/// Each kind's dice fall by a seed of their own.
fn strike(die: &mut Die, kind: u64, facts: &Facts) -> Option<u64> {
    die.strike(throw(facts.seed, kind), facts.chaos)
}

/// What may happen to a task: half of it on the way, half of it at KIE's.
fn creations(facts: &Facts) -> [Outcome; 16] {
    let refuse = |code, msg: &str| Outcome::Refuse { code, msg: msg.to_owned() };
    let late = u64::try_from(2 * facts.render.1.as_millis()).unwrap_or(u64::MAX);
    [
        Outcome::HtmlBefore,
        Outcome::HtmlAfter,
        Outcome::DropBefore,
        Outcome::DropAfterAccept,
        Outcome::BrokenAfter,
        Outcome::AnswerAfter { millis: 1000 },
        refuse(500, "System busy, please try again"),
        refuse(500, "Internal Server Error"),
        refuse(429, "Your call frequency is too high. Please try again later."),
        refuse(400, POLICY),
        Outcome::Fail(Line::new(INTERNAL.0, INTERNAL.1)),
        Outcome::Fail(Line { code: None, text: UPSTREAM.to_owned() }),
        Outcome::Fail(Line { code: None, text: FETCH.to_owned() }),
        Outcome::Fail(Line::new("400", PEOPLE)),
        Outcome::NullPolls { polls: 2 },
        Outcome::LateBy { millis: late },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(chaos: f64) -> Facts {
        Facts { chaos, ..Facts::default() }
    }

    #[test]
    fn every_kind_of_call_meets_every_kind_of_trouble_and_none_when_all_is_calm() {
        let mut chaos = Chaos::default();
        let calm = facts(0.0);
        assert_eq!((chaos.upload(&calm), chaos.creation(&calm)), (None, None));
        assert_eq!((chaos.poll(&calm), chaos.download(&calm)), (None, None));
        let wild = facts(1.0);
        let uploads: Vec<_> = (0..500).filter_map(|_| chaos.upload(&wild)).collect();
        assert!(UPLOADS.iter().all(|fault| uploads.contains(fault)));
        let polls: Vec<_> = (0..500).filter_map(|_| chaos.poll(&wild)).collect();
        assert!(POLLS.iter().all(|fault| polls.contains(fault)));
        let downloads: Vec<_> = (0..500).filter_map(|_| chaos.download(&wild)).collect();
        assert!(DOWNLOADS.iter().all(|fault| downloads.contains(fault)));
        let tasks: Vec<_> = (0..500).filter_map(|_| chaos.creation(&wild)).collect();
        assert!(creations(&wild).iter().all(|outcome| tasks.contains(outcome)));
        assert_eq!((uploads.len(), tasks.len()), (500, 500));
    }

    #[test]
    fn a_seed_repeats_and_its_creations_do_not_hang_on_its_uploads() {
        let wild = facts(0.5);
        let (mut one, mut other) = (Chaos::default(), Chaos::default());
        for _ in 0..100 {
            other.upload(&wild);
            assert_eq!(one.creation(&wild), other.creation(&wild));
        }
    }
}
