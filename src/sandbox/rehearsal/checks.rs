//! The checks outside the database: in the chats, and at KIE.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{id::UserId, job::Status};
use crate::sandbox::kie::task::TaskSeen;
use crate::store::{audit::InvariantCheck, report::JobLine};

/// What is known at the end of a rehearsal.
#[derive(Debug)]
pub(crate) struct FinalState<'a> {
    /// The people, and how many videos each of them wanted.
    pub wanted: &'a BTreeMap<UserId, u32>,
    /// How many of them have all that they wanted.
    pub served: usize,
    /// The tasks whose videos are in each person's chat, once for each time they are there.
    pub received: &'a BTreeMap<UserId, Vec<String>>,
    /// KIE's tasks.
    pub tasks: &'a [TaskSeen],
    /// The bot's jobs.
    pub jobs: &'a [JobLine],
    /// Updates that the bot never fetched.
    pub unread: usize,
    /// How many of the bot's submissions lost their answer.
    pub orphans: usize,
    /// How many videos may have been sent twice: one per thread at each kill, and one for each
    /// answer of Telegram's that was lost.
    pub may_repeat: usize,
}

impl FinalState<'_> {
    /// Every check.
    pub(crate) fn check(&self) -> Vec<InvariantCheck> {
        vec![
            self.served(),
            self.orders(),
            self.answers(),
            self.videos(),
            self.strangers(),
            self.repeats(),
            self.keys(),
            self.renders(),
        ]
    }

    /// How many videos are in a chat more than once, the first of each not counted.
    pub(crate) fn repeated(&self) -> usize {
        let repeated =
            |tasks: &Vec<String>| tasks.len() - tasks.iter().collect::<BTreeSet<_>>().len();
        self.received.values().map(repeated).sum()
    }

    fn served(&self) -> InvariantCheck {
        let (all, says) = (self.wanted.len(), "everybody has come to the end of their order");
        invariant("people", says, all, all.saturating_sub(self.served))
    }

    fn orders(&self) -> InvariantCheck {
        let mut got: BTreeMap<UserId, (BTreeSet<i64>, u32)> = BTreeMap::new();
        for job in self.jobs {
            let (orders, videos) = got.entry(job.user).or_default();
            orders.insert(job.order.0);
            *videos += 1;
        }
        let once = |(person, videos): (&UserId, &u32)| {
            got.get(person).is_some_and(|(orders, jobs)| orders.len() == 1 && jobs == videos)
        };
        let wrong = self.wanted.iter().filter(|wanted| !once(*wanted)).count();
        invariant("orders", "each person's order was taken once", self.wanted.len(), wrong)
    }

    fn answers(&self) -> InvariantCheck {
        let says = "the bot has fetched everything that people sent";
        invariant("updates", says, self.wanted.len(), self.unread)
    }

    fn videos(&self) -> InvariantCheck {
        let done = self.jobs.iter().filter(|job| job.status == Status::Completed);
        let (count, missing) = done.fold((0, 0), |(count, missing), job| {
            (count + 1, missing + usize::from(!self.is_received(job)))
        });
        let says = "each completed video lies in the chat of who ordered it";
        invariant("videos", says, count, missing)
    }

    /// Videos in a chat whose person did not order them, or got the credit back.
    fn strangers(&self) -> InvariantCheck {
        let given = self
            .jobs
            .iter()
            .filter(|job| job.status == Status::Completed || job.delivered_at.is_some());
        let expected: BTreeSet<(UserId, &str)> =
            given.filter_map(|job| Some((job.user, job.task.as_deref()?))).collect();
        let present = self
            .received
            .iter()
            .flat_map(|(user, tasks)| tasks.iter().map(|task| (*user, task.as_str())));
        let strange = present.clone().filter(|video| !expected.contains(video)).count();
        let says = "no video lies with somebody else, or with its credit back";
        invariant("strangers", says, present.count(), strange)
    }

    fn repeats(&self) -> InvariantCheck {
        let videos = self.received.values().map(Vec::len).sum();
        let over = self.repeated().saturating_sub(self.may_repeat);
        let says = "no more repeats than kills × threads and lost answers allow";
        invariant("repeats", says, videos, over)
    }

    fn keys(&self) -> InvariantCheck {
        let foreign = |task: &&TaskSeen| task.polled_by.iter().any(|key| *key != task.key);
        let wrong = self.tasks.iter().filter(foreign).count();
        let says = "each task was asked for with the key that made it only";
        invariant("keys", says, self.tasks.len(), wrong)
    }

    /// Renders that KIE was paid for and that no job knows, apart from those whose answer was lost.
    fn renders(&self) -> InvariantCheck {
        let known: BTreeSet<&str> =
            self.jobs.iter().filter_map(|job| job.task.as_deref()).collect();
        let paid = self.tasks.iter().filter(|task| task.charged > 0.0);
        let (count, unknown) = paid.fold((0, 0_usize), |(count, unknown), task| {
            (count + 1, unknown + usize::from(!known.contains(task.task_id.as_str())))
        });
        let says = "each paid render is known, or its answer was lost and noted";
        invariant("renders", says, count, unknown.saturating_sub(self.orphans))
    }

    fn is_received(&self, job: &JobLine) -> bool {
        let present = self.received.get(&job.user);
        job.task.as_ref().zip(present).is_some_and(|(task, present)| present.contains(task))
    }
}

fn invariant(
    name: &'static str,
    sentence: &'static str,
    checked: usize,
    broken: usize,
) -> InvariantCheck {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    InvariantCheck { name, sentence, checked: number(checked), broken: number(broken) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{
        failure::FailureKind,
        id::{JobId, OrderId},
        secret::Secret,
        time::Timestamp,
    };
    use crate::sandbox::kie::task::TaskState;

    const ANN: UserId = UserId(7);
    const BEN: UserId = UserId(8);

    type Breakage = fn(&mut End);

    /// A good end: Ann has her video, Ben's was refused and his credit is back.
    struct End {
        wanted: BTreeMap<UserId, u32>,
        served: usize,
        received: BTreeMap<UserId, Vec<String>>,
        tasks: Vec<TaskSeen>,
        jobs: Vec<JobLine>,
        unread: usize,
        orphans: usize,
        may_repeat: usize,
    }

    impl End {
        fn sound() -> Self {
            Self {
                wanted: [(ANN, 1), (BEN, 1)].into(),
                served: 2,
                received: [(ANN, vec!["a".to_owned()]), (BEN, Vec::new())].into(),
                tasks: vec![task("a", 10.0), task("b", 0.0)],
                jobs: vec![job(1, ANN, "a", None), job(2, BEN, "b", Some(FailureKind::Unknown))],
                unread: 0,
                orphans: 0,
                may_repeat: 0,
            }
        }

        /// The names of the checks that are red.
        fn red(&self) -> Vec<&'static str> {
            let seen = FinalState {
                wanted: &self.wanted,
                served: self.served,
                received: &self.received,
                tasks: &self.tasks,
                jobs: &self.jobs,
                unread: self.unread,
                orphans: self.orphans,
                may_repeat: self.may_repeat,
            };
            let checks = seen.check();
            checks.iter().filter(|invariant| invariant.broken > 0).map(|v| v.name).collect()
        }

        fn receives(&mut self, user: UserId, task: &str) {
            self.received.entry(user).or_default().push(task.to_owned());
        }
    }

    fn job(id: i64, user: UserId, task: &str, failure: Option<FailureKind>) -> JobLine {
        let at = Timestamp(1_000);
        JobLine {
            id: JobId(id),
            order: OrderId(id),
            user,
            number: 1,
            status: if failure.is_some() { Status::Failed } else { Status::Completed },
            step: None,
            due_at: None,
            attempt: 1,
            model: "m".to_owned(),
            key: None,
            task: Some(task.to_owned()),
            submitted_at: Some(at),
            rendered_at: None,
            failure,
            error: None,
            created_at: at,
            delivered_at: failure.is_none().then_some(at),
            finished_at: Some(at),
        }
    }

    fn task(id: &str, charged: f64) -> TaskSeen {
        TaskSeen {
            task_id: id.to_owned(),
            key: Secret::new("one"),
            account: "main".to_owned(),
            model: "m",
            input: json!({}),
            created_at: Timestamp(0),
            ends_at: None,
            state: TaskState::Success,
            polled_by: vec![Secret::new("one")],
            charged,
            photo: None,
        }
    }

    #[test]
    fn a_sound_end_is_green() {
        assert_eq!(End::sound().red(), [""; 0]);
    }

    #[test]
    fn each_check_is_red_when_it_is_broken_on_purpose() {
        let breakages: [(&[&str], Breakage); 10] = [
            (&["people"], |end| end.served = 1),
            (&["orders"], |end| end.jobs.push(job(3, BEN, "c", Some(FailureKind::Unknown)))),
            (&["orders"], |end| drop(end.jobs.pop())),
            (&["updates"], |end| end.unread = 1),
            (&["videos"], |end| end.received.clear()),
            (&["videos", "strangers"], |end| end.received = [(BEN, vec!["a".to_owned()])].into()),
            (&["strangers"], |end| end.receives(BEN, "b")),
            (&["repeats"], |end| end.receives(ANN, "a")),
            (&["keys"], |end| end.tasks[0].polled_by.push(Secret::new("two"))),
            (&["renders"], |end| end.tasks.push(task("c", 10.0))),
        ];
        for (names, breaks) in breakages {
            let mut end = End::sound();
            breaks(&mut end);
            assert_eq!(end.red(), names);
        }
    }

    #[test]
    fn what_crashes_cost_is_allowed_and_no_more() {
        let mut end = End::sound();
        end.receives(ANN, "a");
        end.tasks.push(task("c", 10.0));
        (end.may_repeat, end.orphans) = (1, 1);
        assert_eq!(end.red(), [""; 0]);
        // A late video after a timeout: delivered and refunded.
        end.jobs[1].delivered_at = Some(Timestamp(9));
        end.receives(BEN, "b");
        assert_eq!(end.red(), [""; 0]);
    }
}
