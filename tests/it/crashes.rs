//! The bot dies at every named point of the main story, and the picture at its
//! end is the same as if it had lived.

use reelbot::domain::failure::FailureKind;
use reelbot::domain::job::Status;
use reelbot::sandbox::gpt::Reply;
use reelbot::sandbox::kie::corpus::Line;
use reelbot::sandbox::kie::outcome::FileFault;
use reelbot::sandbox::kie::outcome::Outcome;
use reelbot::sandbox::telegram::person::Person;
use reelbot::sandbox::telegram::shown::ShownMessage;
use reelbot::store::audit;
use reelbot::store::audit::Orphan;
use reelbot::store::error::StoreError;

use crate::world::World;
use crate::world::crash::Crash;
use crate::world::said;
use crate::world::was_told;

/// What is left of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    /// Of each video its number, how it ended and why.
    jobs: Vec<(u32, Status, Option<FailureKind>)>,
    balance: i64,
    /// All that was said, up to the answer to the order.
    talk: Vec<String>,
    /// The videos and the refund, sorted: nobody promises their order.
    results: Vec<String>,
    /// The closing keyboard, and whatever comes after it.
    closing: Vec<String>,
}

/// What a death leaves behind that nobody can help: neither KIE nor Telegram would know
/// a second request for the same thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Traces {
    /// Tasks at KIE that nobody asks after.
    orphans: usize,
    /// Submissions that `audit` lists as possible orphans.
    listed: usize,
    /// Videos that the person has once more.
    videos: usize,
    /// News of a refund that the person reads once more.
    refunds: usize,
    /// Closing keyboards that the person has once more.
    closings: usize,
}

impl Traces {
    /// What so many deaths leave behind.
    fn times(self, deaths: usize) -> Self {
        Self {
            orphans: self.orphans * deaths,
            listed: self.listed * deaths,
            videos: self.videos * deaths,
            refunds: self.refunds * deaths,
            closings: self.closings * deaths,
        }
    }
}

/// Exactly what a death at this point leaves behind.
fn traces(here: Crash) -> Traces {
    let none = Traces::default();
    match here {
        Crash::BeforeSubmit => Traces { listed: 1, ..none },
        Crash::AfterSubmit | Crash::BeforeSubmitIsSaved => Traces { orphans: 1, listed: 1, ..none },
        Crash::AfterSend | Crash::BeforeDeliveryIsSaved => Traces { videos: 1, ..none },
        Crash::AfterRefundIsTold => Traces { refunds: 1, ..none },
        Crash::AfterClosingIsTold => Traces { closings: 1, ..none },
        Crash::AfterTapIsStored
        | Crash::BeforeScript
        | Crash::AfterScript
        | Crash::AfterScriptIsSaved
        | Crash::AfterOrderIsStored
        | Crash::AfterOrderIsSaved
        | Crash::AfterSubmitIsClaimed
        | Crash::BeforeUpload
        | Crash::AfterUpload
        | Crash::AfterUploadIsSaved
        | Crash::AfterSubmitIsSaved
        | Crash::AfterPollIsClaimed
        | Crash::BeforePoll
        | Crash::AfterPoll
        | Crash::BeforePollIsSaved
        | Crash::AfterPollIsSaved
        | Crash::BeforeRefundIsSaved
        | Crash::AfterRefundIsSaved
        | Crash::AfterDeliverIsClaimed
        | Crash::BeforeDownload
        | Crash::AfterDownload
        | Crash::BeforeRetryIsSaved
        | Crash::AfterRetryIsSaved
        | Crash::BeforeSend
        | Crash::AfterDeliveryIsSaved
        | Crash::BeforeRefundIsTold
        | Crash::AfterRefundIsNoted
        | Crash::BeforeClosingIsTold
        | Crash::AfterClosingIsNoted => none,
    }
}

/// Whether the story never comes by again: what had to be done there is on record.
fn is_passed_for_good(here: Crash) -> bool {
    matches!(
        here,
        Crash::AfterScriptIsSaved
            | Crash::AfterOrderIsSaved
            | Crash::AfterUploadIsSaved
            | Crash::AfterRefundIsSaved
            | Crash::AfterRefundIsNoted
            | Crash::AfterClosingIsNoted
    )
}

/// The first video is refused and refunded, the second can be downloaded at the third
/// attempt only, the third just arrives.
fn fate(number: u32) -> Outcome {
    match number {
        1 => Outcome::Fail(Line::new("422", "prompt contains prohibited content")),
        2 => Outcome::File { fault: FileFault::Truncated, times: 2 },
        _ => Outcome::Succeed,
    }
}

/// The story: a photo, a script, three videos. The bot comes by a point so many times
/// unharmed, and then dies there so many times.
fn told(here: Option<Crash>, passes: usize, times: usize) -> (World, Person) {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 3);
    // GPT says it in the same words however often it is asked.
    world.stage.gpt.usually(Reply::Say { text: "A cup turns slowly.".to_owned() });
    world.dies_at(here, passes, times, fate);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.adds_up();
    (world, anna)
}

/// The bot dies so, and nothing is lost; nothing is there twice either, but for what a
/// death at that point must leave behind.
fn survives(here: Crash, passes: usize, times: usize, ought: &Picture) {
    let (world, anna) = told(Some(here), passes, times);
    let deaths = if is_passed_for_good(here) { times.min(1) } else { times };
    let when = format!("{here:?}, {times} times after {passes}");
    assert_eq!(world.deaths(), deaths, "the bot has died there: {when}");
    let (left, picture) = without_repetitions(picture(&world, &anna), ought);
    assert_eq!(picture, *ought, "{when}");
    let left = Traces { orphans: orphans(&world), listed: listed(&world).len(), ..left };
    assert_eq!(left, traces(here).times(deaths), "{when}");
}

fn picture(world: &World, anna: &Person) -> Picture {
    let jobs = world.jobs().iter().map(|job| (job.number, job.status, job.failure)).collect();
    let chat: Vec<String> = anna.chat().iter().map(seen).collect();
    let place = |words| chat.iter().position(|message| message.contains(words));
    let answer = place("Принял!").expect("the order is answered");
    let closing = place("🏠").expect("the order is closed");
    let mut results = chat[answer + 1..closing].to_vec();
    results.sort();
    let (talk, closing) = (chat[..=answer].to_vec(), chat[closing..].to_vec());
    Picture { jobs, balance: world.balance(anna), talk, results, closing }
}

/// A message as the person sees it.
fn seen(message: &ShownMessage) -> String {
    let from = if message.from_bot { "bot" } else { "person" };
    let media = message.media.as_ref().map_or("text", |media| media.kind);
    format!("{from}: {media}: {} [{}]", message.text, message.labels().join(" | "))
}

/// Takes out of a picture what it has more often than it ought to, and counts that.
fn without_repetitions(mut picture: Picture, ought: &Picture) -> (Traces, Picture) {
    let mut left = Traces::default();
    let mut missing = ought.results.clone();
    picture.results.retain(|result| {
        if let Some(place) = missing.iter().position(|one| one == result) {
            missing.remove(place);
            return true;
        }
        let is_repetition = ought.results.contains(result);
        if is_repetition && result.starts_with("bot: video") {
            left.videos += 1;
        } else if is_repetition {
            left.refunds += 1;
        }
        !is_repetition
    });
    let all = picture.closing.len();
    picture.closing.dedup();
    left.closings = all - picture.closing.len();
    (left, picture)
}

/// How many tasks at KIE nobody asks after. Each was created with the key and at the
/// time of a submission that the operator finds in the list.
fn orphans(world: &World) -> usize {
    let jobs = world.jobs();
    let known = |id: &String| jobs.iter().any(|job| job.task.as_ref() == Some(id));
    let listed = listed(world);
    let orphans = world.stage.kie.tasks().into_iter().filter(|task| !known(&task.task_id));
    let found = orphans.map(|task| {
        let is_it = |orphan: &&Orphan| orphan.sent_at == task.created_at && orphan.key.is_some();
        assert!(listed.iter().any(|orphan| is_it(&orphan)), "{task:?} is in {listed:?}");
    });
    found.count()
}

fn listed(world: &World) -> Vec<Orphan> {
    world.db().read::<_, StoreError>(audit::orphans).unwrap()
}

/// The picture of a story without a crash, and how often it comes by each point.
fn ought() -> (Picture, impl Fn(Crash) -> usize) {
    let (world, anna) = told(None, 0, 0);
    let picture = picture(&world, &anna);
    let said = (picture.results.len(), picture.closing.len(), world.stage.kie.tasks().len());
    assert_eq!((picture.balance, said), (1, (3, 1, 3)), "{picture:#?}");
    (picture, move |here| world.visits(here))
}

#[test]
fn a_crash_at_any_point_loses_nothing() {
    let (ought, _) = ought();
    for here in Crash::ALL {
        survives(*here, 0, 1, &ought);
    }
}

#[test]
fn a_crash_at_any_point_loses_nothing_of_the_next_videos_either() {
    let (ought, visits) = ought();
    for here in Crash::ALL {
        (1..visits(*here).min(3)).for_each(|passes| survives(*here, passes, 1, &ought));
    }
}

#[test]
fn two_crashes_at_the_same_point_lose_nothing() {
    let (ought, _) = ought();
    for here in Crash::ALL {
        survives(*here, 0, 2, &ought);
    }
}

#[test]
fn a_video_whose_submission_is_lost_twice_arrives_and_thrice_is_refunded() {
    for here in [Crash::BeforeSubmit, Crash::AfterSubmit, Crash::BeforeSubmitIsSaved] {
        for (times, arrives) in [(2, true), (3, false)] {
            let mut world = World::new();
            let anna = world.person_with("Анна", "ru", 1);
            world.dies_at(Some(here), 0, times, |_| Outcome::Succeed);
            world.orders(&anna, 1);
            world.all_work_is_done();
            let when = format!("{here:?}, {times} times: {:#?}", said(&anna));
            assert_eq!(world.deaths(), times, "{when}");
            assert_eq!(anna.videos().len(), usize::from(arrives), "{when}");
            assert_eq!(world.balance(&anna), i64::from(!arrives), "{when}");
            assert_eq!(was_told(&anna, "Кредит вернули"), !arrives, "{when}");
            assert_eq!(
                (listed(&world).len(), orphans(&world)),
                (times, traces(here).times(times).orphans),
                "{when}"
            );
        }
    }
}
