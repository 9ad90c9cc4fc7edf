//! The moves of a job: each from which state to which.
//! `ARCHITECTURE.md` draws them, and a test holds that table against this file.

use crate::domain::{
    failure::{FailureKind, Violation},
    id::KeyId,
    job::{
        Form,
        JobState::{
            self, Completed, Delivering, DeliveringGift, Failed, Queued, Rendering, Watched,
        },
    },
    time::Timestamp,
};

/// One move of a job: all but [`Move::Cancel`] are a worker's, of a job that it has claimed. What a move
/// does not name stays as it was.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Move<'a> {
    /// A task is about to be created with this key: from here on a crash may leave a paid task.
    BeginSubmission {
        /// The key.
        key: KeyId,
        /// The model's slug.
        model: &'a str,
    },
    /// The answer to the submission was lost: there may be a task that nobody knows the id of.
    LoseSubmission,
    /// The task exists.
    Submit {
        /// Its id at the provider.
        task: &'a str,
        /// When it is polled for the first time.
        first_poll: Timestamp,
    },
    /// Back to the submit queue, with what the row keeps for the next submission.
    Requeue(Requeue<'a>),
    /// A poll or a delivery is put off. It counts as no failure.
    Postpone {
        /// When it is due.
        due: Timestamp,
    },
    /// The provider did not know the task this time, or not where its video is; it is asked again.
    MissTask {
        /// When.
        due: Timestamp,
    },
    /// The provider knows the task again: what it did not know before counts no more.
    FindTask {
        /// When it is polled next.
        due: Timestamp,
    },
    /// The video is there: it is due for delivery at once.
    Render {
        /// Its address.
        url: &'a str,
    },
    /// A delivery failed; it is tried again.
    RetryDelivery {
        /// In which form.
        form: Form,
        /// When.
        due: Timestamp,
    },
    /// A delivery was sent and never confirmed; it is tried again.
    DoubtDelivery {
        /// When.
        due: Timestamp,
    },
    /// Sent several times and never confirmed: the person has it, as far as anybody can tell.
    AssumeDelivery {
        /// What is known, for the operator.
        error: &'a str,
    },
    /// The person has the video. A gift stays failed, for its credit is back.
    Deliver {
        /// With it Telegram sends the video again at once; absent for a link.
        file_id: Option<&'a str>,
    },
    /// The person has blocked the bot: the video waits until they come back, or until then.
    Park {
        /// The end of its wait.
        due: Timestamp,
    },
    /// There will be no video.
    Fail {
        /// Why.
        kind: FailureKind,
        /// Which rule a person's photo or text has broken.
        violation: Option<Violation>,
        /// The provider's words, for the operator.
        error: &'a str,
    },
    /// The person called it off while nobody had claimed it and nothing was submitted. Whoever still
    /// holds an older claim changes nothing any more.
    Cancel,
    /// There is no video in time; the task is still polled, for a late one.
    TimeOut {
        /// What took too long.
        error: &'a str,
        /// When the task is polled next.
        due: Timestamp,
    },
    /// No late video comes any more, or the gift cannot be delivered.
    EndWatch,
}

/// What the row keeps on its way back to the submit queue. The claim, the key and the task
/// are let go.
#[derive(Clone, Copy, Debug)]
pub struct Requeue<'a> {
    /// When it is due; without it the job keeps the time that it has, and so its place.
    pub due: Option<Timestamp>,
    /// Which attempt comes next.
    pub attempt: u32,
    /// Since when its submissions have met rate limits.
    pub rate_limited_since: Option<Timestamp>,
    /// Since when it is held because its model is down.
    pub held_since: Option<Timestamp>,
    /// The provider's words, for the operator; without them the earlier ones stay.
    pub error: Option<&'a str>,
}

impl Move<'_> {
    /// Where the move may begin, each with where it leads from there.
    pub(crate) fn edges(&self) -> &'static [(JobState, JobState)] {
        match self {
            Self::BeginSubmission { .. } | Self::LoseSubmission => &[(Queued, Queued)],
            Self::Submit { .. } => &[(Queued, Rendering)],
            Self::Requeue(_) => &[(Queued, Queued), (Rendering, Queued)],
            Self::MissTask { .. } | Self::FindTask { .. } => {
                &[(Rendering, Rendering), (Watched, Watched)]
            }
            Self::Postpone { .. } => &[
                (Rendering, Rendering),
                (Delivering, Delivering),
                (Watched, Watched),
                (DeliveringGift, DeliveringGift),
            ],
            Self::Render { .. } => &[(Rendering, Delivering), (Watched, DeliveringGift)],
            Self::RetryDelivery { .. } | Self::DoubtDelivery { .. } | Self::Park { .. } => {
                &[(Delivering, Delivering), (DeliveringGift, DeliveringGift)]
            }
            Self::Deliver { .. } | Self::AssumeDelivery { .. } => {
                &[(Delivering, Completed), (DeliveringGift, Failed)]
            }
            Self::Fail { .. } => &[(Queued, Failed), (Rendering, Failed), (Delivering, Failed)],
            Self::Cancel => &[(Queued, Failed)],
            Self::TimeOut { .. } => &[(Rendering, Watched)],
            Self::EndWatch => &[(Watched, Failed), (DeliveringGift, Failed)],
        }
    }

    /// The state that the move leads to; `None` where it does not begin at `from`.
    pub(crate) fn target(&self, from: JobState) -> Option<JobState> {
        self.edges().iter().find(|(begin, _)| *begin == from).map(|(_, end)| *end)
    }

    /// Whether the claim ends with it. Around a submission the claim goes on.
    pub(crate) fn ends_claim(&self) -> bool {
        !matches!(self, Self::BeginSubmission { .. } | Self::LoseSubmission)
    }

    /// Whether the person may be told something else after it.
    pub(crate) fn is_news(&self) -> bool {
        match self {
            Self::BeginSubmission { .. }
            | Self::Postpone { .. }
            | Self::MissTask { .. }
            | Self::FindTask { .. } => false,
            Self::LoseSubmission
            | Self::Submit { .. }
            | Self::Requeue(_)
            | Self::Render { .. }
            | Self::RetryDelivery { .. }
            | Self::DoubtDelivery { .. }
            | Self::AssumeDelivery { .. }
            | Self::Deliver { .. }
            | Self::Park { .. }
            | Self::Fail { .. }
            | Self::Cancel
            | Self::TimeOut { .. }
            | Self::EndWatch => true,
        }
    }
}

/// One of each move: every variant names the next, so that a new one cannot be forgotten.
#[cfg(test)]
pub(crate) fn one_of_each() -> Vec<Move<'static>> {
    let at = Timestamp(0);
    let (attempt, due) = (1, Some(at));
    let (rate_limited_since, held_since, error) = (None, None, None);
    let requeue = Requeue { due, attempt, rate_limited_since, held_since, error };
    let next = |made: &Move<'_>| match made {
        Move::BeginSubmission { .. } => Some(Move::LoseSubmission),
        Move::LoseSubmission => Some(Move::Submit { task: "t", first_poll: at }),
        Move::Submit { .. } => Some(Move::Requeue(requeue)),
        Move::Requeue(_) => Some(Move::Postpone { due: at }),
        Move::Postpone { .. } => Some(Move::MissTask { due: at }),
        Move::MissTask { .. } => Some(Move::FindTask { due: at }),
        Move::FindTask { .. } => Some(Move::Render { url: "u" }),
        Move::Render { .. } => Some(Move::RetryDelivery { form: Form::Link, due: at }),
        Move::RetryDelivery { .. } => Some(Move::DoubtDelivery { due: at }),
        Move::DoubtDelivery { .. } => Some(Move::AssumeDelivery { error: "e" }),
        Move::AssumeDelivery { .. } => Some(Move::Deliver { file_id: None }),
        Move::Deliver { .. } => Some(Move::Park { due: at }),
        Move::Park { .. } => Some(Move::Fail {
            kind: FailureKind::UserViolation,
            violation: Some(Violation::People),
            error: "e",
        }),
        Move::Fail { .. } => Some(Move::Cancel),
        Move::Cancel => Some(Move::TimeOut { error: "e", due: at }),
        Move::TimeOut { .. } => Some(Move::EndWatch),
        Move::EndWatch => None,
    };
    std::iter::successors(Some(Move::BeginSubmission { key: KeyId(1), model: "m" }), next).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The name of a variant, and of a state, as the code has it.
    fn name(value: &impl std::fmt::Debug) -> String {
        let text = format!("{value:?}");
        text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
    }

    /// The cells of ARCHITECTURE.md's table with this head, without their backquotes.
    fn table<const N: usize>(head: &str) -> BTreeSet<[String; N]> {
        let page = include_str!("../../ARCHITECTURE.md");
        let table = page.split(head).nth(1).expect("a table with this head");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let cells = rows.map(|row| {
            let mut cells = row.split('|').skip(1).map(|cell| cell.trim().replace('`', ""));
            [(); N].map(|()| cells.next().unwrap_or_default())
        });
        cells.collect()
    }

    #[test]
    fn the_tables_in_architecture_md_are_these_enums() {
        let states = JobState::ALL.map(|state| [name(&state), state.status().word().to_owned()]);
        assert_eq!(table("| state | status | next step |"), BTreeSet::from(states));
        let mut made = BTreeSet::new();
        for step in one_of_each() {
            let edges = step.edges().iter();
            made.extend(edges.map(|(from, to)| [name(&step), name(from), name(to)]));
        }
        assert_eq!(table("| move | from | to |"), made);
    }

    #[test]
    fn every_state_can_be_reached_and_left_for_an_end() {
        let mut reached = vec![JobState::Queued];
        while let Some(next) = one_of_each().iter().find_map(|step| {
            reached.iter().filter_map(|from| step.target(*from)).find(|to| !reached.contains(to))
        }) {
            reached.push(next);
        }
        assert_eq!(reached.len(), JobState::ALL.len());
        for state in JobState::ALL.into_iter().filter(|state| state.step().is_some()) {
            let ends = one_of_each();
            let mut ends = ends.iter().filter_map(|step| step.target(state));
            assert!(ends.any(|to| to.step().is_none()), "{state:?} has no way to an end");
        }
    }
}
