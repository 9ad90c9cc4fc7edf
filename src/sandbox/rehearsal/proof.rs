//! What must hold outside the database as well: in the chats, and at KIE.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::domain::id::UserId;
use crate::domain::job::Status;
use crate::sandbox::kie::task::TaskSeen;
use crate::store::audit::Verdict;
use crate::store::report::JobLine;

/// What was seen at the end of a rehearsal.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The people, and how many videos each of them wanted.
    pub wanted: &'a BTreeMap<UserId, u32>,
    /// How many of them have all they wanted.
    pub served: usize,
    /// The tasks whose videos lie in each person's chat, each as often as it lies there.
    pub brought: &'a BTreeMap<UserId, Vec<String>>,
    /// KIE's tasks.
    pub tasks: &'a [TaskSeen],
    /// The bot's jobs.
    pub jobs: &'a [JobLine],
    /// Updates that the bot never fetched.
    pub unread: usize,
    /// How many of the bot's submissions lost their answer.
    pub orphans: usize,
    /// How many videos may have come twice: at each kill one in each thread, and one for each
    /// answer of Telegram's that was lost.
    pub may_repeat: usize,
}

impl Seen<'_> {
    /// Every check.
    pub fn prove(&self) -> Vec<Verdict> {
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

    /// How many videos lie in a chat that lay there already.
    pub fn repeated(&self) -> usize {
        let repeated =
            |tasks: &Vec<String>| tasks.len() - tasks.iter().collect::<BTreeSet<_>>().len();
        self.brought.values().map(repeated).sum()
    }

    fn served(&self) -> Verdict {
        let (all, says) = (self.wanted.len(), "everybody has come to the end of their order");
        verdict("people", says, all, all.saturating_sub(self.served))
    }

    fn orders(&self) -> Verdict {
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
        verdict("orders", "each person's order was taken once", self.wanted.len(), wrong)
    }

    fn answers(&self) -> Verdict {
        let says = "the bot has fetched everything that people sent";
        verdict("updates", says, self.wanted.len(), self.unread)
    }

    fn videos(&self) -> Verdict {
        let done = self.jobs.iter().filter(|job| job.status == Status::Completed);
        let (count, missing) = done.fold((0, 0), |(count, missing), job| {
            (count + 1, missing + usize::from(!self.is_brought(job)))
        });
        let says = "each completed video lies in the chat of who ordered it";
        verdict("videos", says, count, missing)
    }

    /// Videos that nobody ordered there, or whose credit went back.
    fn strangers(&self) -> Verdict {
        let given = self
            .jobs
            .iter()
            .filter(|job| job.status == Status::Completed || job.delivered_at.is_some());
        let expected: BTreeSet<(UserId, &str)> =
            given.filter_map(|job| Some((job.user, job.task.as_deref()?))).collect();
        let lying = self
            .brought
            .iter()
            .flat_map(|(user, tasks)| tasks.iter().map(|task| (*user, task.as_str())));
        let strange = lying.clone().filter(|video| !expected.contains(video)).count();
        let says = "no video lies with somebody else, or with its credit back";
        verdict("strangers", says, lying.count(), strange)
    }

    fn repeats(&self) -> Verdict {
        let videos = self.brought.values().map(Vec::len).sum();
        let over = self.repeated().saturating_sub(self.may_repeat);
        let says = "no more repeats than kills × threads and lost answers allow";
        verdict("repeats", says, videos, over)
    }

    fn keys(&self) -> Verdict {
        let foreign = |task: &&TaskSeen| task.polled_by.iter().any(|key| *key != task.key);
        let wrong = self.tasks.iter().filter(foreign).count();
        let says = "each task was asked for with the key that made it only";
        verdict("keys", says, self.tasks.len(), wrong)
    }

    /// Renders that KIE was paid for and nobody got, beside those whose answer was lost.
    fn renders(&self) -> Verdict {
        let known: BTreeSet<&str> =
            self.jobs.iter().filter_map(|job| job.task.as_deref()).collect();
        let paid = self.tasks.iter().filter(|task| task.charged > 0.0);
        let (count, unknown) = paid.fold((0, 0_usize), |(count, unknown), task| {
            (count + 1, unknown + usize::from(!known.contains(task.task_id.as_str())))
        });
        let says = "each paid render is known, or its answer was lost and noted";
        verdict("renders", says, count, unknown.saturating_sub(self.orphans))
    }

    fn is_brought(&self, job: &JobLine) -> bool {
        let lying = self.brought.get(&job.user);
        job.task.as_ref().zip(lying).is_some_and(|(task, lying)| lying.contains(task))
    }
}

fn verdict(name: &'static str, sentence: &'static str, checked: usize, broken: usize) -> Verdict {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Verdict { name, sentence, checked: number(checked), broken: number(broken) }
}
