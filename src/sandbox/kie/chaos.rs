//! Random faults. Each kind of call has a random sequence of its own, so the fault of the
//! tenth poll does not depend on the number of uploads.

use crate::sandbox::{
    kie::{
        behaviour::Behaviour,
        corpus::{FETCH, FailureText, INTERNAL, PEOPLE, POLICY, UPSTREAM},
        outcome::{FileFault, RecordFault, RenderOutcome, UploadFault},
    },
    seeded::{SeededRandom, choose, random_bits},
};

/// A random sequence for each kind of call.
#[derive(Debug, Default)]
pub struct Chaos {
    uploads: SeededRandom,
    creations: SeededRandom,
    polls: SeededRandom,
    downloads: SeededRandom,
}

const UPLOADS: [UploadFault; 4] =
    [UploadFault::Refused, UploadFault::Html, UploadFault::DropBefore, UploadFault::DropAfter];

/// The last two come from a gateway, so they can hit a task that has ended, too.
const POLLS: [RecordFault; 6] = [
    RecordFault::Broken,
    RecordFault::Code(429),
    RecordFault::Code(455),
    RecordFault::Code(500),
    RecordFault::Html,
    RecordFault::Dropped,
];

const DOWNLOADS: [FileFault; 5] = [
    FileFault::Slow,
    FileFault::Stalling,
    FileFault::Truncated,
    FileFault::NotFound,
    FileFault::Html,
];

impl Chaos {
    /// The fault of the next upload.
    pub fn upload(&mut self, behaviour: &Behaviour) -> Option<UploadFault> {
        choose(&UPLOADS, chance(&mut self.uploads, 0, behaviour)?).copied()
    }

    /// What happens to the next task.
    pub fn creation(&mut self, behaviour: &Behaviour) -> Option<RenderOutcome> {
        choose(&creations(behaviour), chance(&mut self.creations, 1, behaviour)?).cloned()
    }

    /// The fault of the next poll.
    pub fn poll(&mut self, behaviour: &Behaviour) -> Option<RecordFault> {
        choose(&POLLS, chance(&mut self.polls, 2, behaviour)?).copied()
    }

    /// The fault of the next download.
    pub fn download(&mut self, behaviour: &Behaviour) -> Option<FileFault> {
        choose(&DOWNLOADS, chance(&mut self.downloads, 3, behaviour)?).copied()
    }
}

/// Each kind of call has a seed of its own.
fn chance(random: &mut SeededRandom, kind: u64, behaviour: &Behaviour) -> Option<u64> {
    random.chance(random_bits(behaviour.seed, kind), behaviour.chaos)
}

/// What may happen to a task: half of it on the network, half of it at KIE.
fn creations(behaviour: &Behaviour) -> [RenderOutcome; 16] {
    let refuse = |code, msg: &str| RenderOutcome::Refuse { code, msg: msg.to_owned() };
    let late = u64::try_from(2 * behaviour.render.1.as_millis()).unwrap_or(u64::MAX);
    [
        RenderOutcome::HtmlBefore,
        RenderOutcome::HtmlAfter,
        RenderOutcome::DropBefore,
        RenderOutcome::DropAfterAccept,
        RenderOutcome::BrokenAfter,
        RenderOutcome::AnswerAfter { millis: 1000 },
        refuse(500, "System busy, please try again"),
        refuse(500, "Internal Server Error"),
        refuse(429, "Your call frequency is too high. Please try again later."),
        refuse(400, POLICY),
        RenderOutcome::Fail(FailureText::new(INTERNAL.0, INTERNAL.1)),
        RenderOutcome::Fail(FailureText { code: None, text: UPSTREAM.to_owned() }),
        RenderOutcome::Fail(FailureText { code: None, text: FETCH.to_owned() }),
        RenderOutcome::Fail(FailureText::new("400", PEOPLE)),
        RenderOutcome::NullPolls { polls: 2 },
        RenderOutcome::LateBy { millis: late },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behaviour(chaos: f64) -> Behaviour {
        Behaviour { chaos, ..Behaviour::default() }
    }

    #[test]
    fn every_kind_of_call_has_every_kind_of_fault_and_none_without_chaos() {
        let mut chaos = Chaos::default();
        let calm = behaviour(0.0);
        assert_eq!((chaos.upload(&calm), chaos.creation(&calm)), (None, None));
        assert_eq!((chaos.poll(&calm), chaos.download(&calm)), (None, None));
        let wild = behaviour(1.0);
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
    fn a_seed_repeats_and_its_creations_do_not_depend_on_its_uploads() {
        let wild = behaviour(0.5);
        let (mut one, mut other) = (Chaos::default(), Chaos::default());
        for _ in 0..100 {
            other.upload(&wild);
            assert_eq!(one.creation(&wild), other.creation(&wild));
        }
    }
}
