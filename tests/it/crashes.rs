//! The bot crashes at every named point of the main story, and the picture at its
//! end is the same as without a crash.

use std::time::Duration;

use reelbot::testing::{
    domain::{FailureKind, Status},
    sandbox::{FailureText, FileFault, GptReply, Person, RenderOutcome, ShownMessage},
    store::{Orphan, audit},
};

use crate::world::{
    World,
    checks::reads,
    crash::{injector::CrashPlan, point::Crash},
};

/// What is left of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    /// Of each video its number, how it ended and why.
    jobs: Vec<(u32, Status, Option<FailureKind>)>,
    balance: i64,
    /// All messages up to the answer to the order.
    conversation: Vec<String>,
    /// The videos and the message about the refund, sorted: their order is not promised.
    results: Vec<String>,
    /// The closing keyboard, and whatever comes after it.
    closing: Vec<String>,
}

/// What a crash leaves behind unavoidably: neither KIE nor Telegram recognises a second
/// request for the same thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Traces {
    /// Tasks at KIE that are never polled.
    orphans: usize,
    /// Submissions that `audit` lists as possible orphans.
    listed: usize,
    /// Messages with ideas that the person has once more.
    ideas: usize,
    /// Videos that the person has once more.
    videos: usize,
    /// Messages about the refund that the person has once more.
    refunds: usize,
    /// Closing keyboards that the person has once more.
    closings: usize,
}

impl Traces {
    /// What so many crashes leave behind.
    fn times(self, crashes: usize) -> Self {
        Self {
            orphans: self.orphans * crashes,
            listed: self.listed * crashes,
            ideas: self.ideas * crashes,
            videos: self.videos * crashes,
            refunds: self.refunds * crashes,
            closings: self.closings * crashes,
        }
    }
}

/// Exactly what a crash at this point leaves behind.
fn traces(here: Crash) -> Traces {
    let none = Traces::default();
    match here {
        Crash::BeforeSubmit => Traces { listed: 1, ..none },
        Crash::AfterSubmit | Crash::BeforeSubmitIsSaved => Traces { orphans: 1, listed: 1, ..none },
        Crash::AfterSend | Crash::BeforeDeliveryIsSaved => Traces { videos: 1, ..none },
        Crash::AfterIdeasAreSent => Traces { ideas: 1, ..none },
        Crash::AfterRefundIsSent => Traces { refunds: 1, ..none },
        Crash::AfterClosingIsSent => Traces { closings: 1, ..none },
        Crash::BeforeIdeasAreSent
        | Crash::AfterIdeasAreRecorded
        | Crash::AfterTapIsStored
        | Crash::BeforeScript
        | Crash::AfterScript
        | Crash::AfterScriptIsSaved
        | Crash::AfterOrderIsStored
        | Crash::AfterOrderIsSaved
        | Crash::BeforeAnswerIsSent
        | Crash::AfterAnswerIsSent
        | Crash::AfterAnswerIsRecorded
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
        | Crash::BeforeRefundIsSent
        | Crash::AfterRefundIsRecorded
        | Crash::BeforeClosingIsSent
        | Crash::AfterClosingIsRecorded => none,
    }
}

/// Whether the story passes this point only once: what had to be done there is recorded.
fn is_passed_for_good(here: Crash) -> bool {
    matches!(
        here,
        Crash::AfterIdeasAreRecorded
            | Crash::AfterScriptIsSaved
            | Crash::AfterOrderIsSaved
            | Crash::AfterAnswerIsRecorded
            | Crash::AfterUploadIsSaved
            | Crash::AfterRefundIsSaved
            | Crash::AfterRefundIsRecorded
            | Crash::AfterClosingIsRecorded
    )
}

/// The first video is refused and refunded, the second can be downloaded at the third
/// attempt only, the third just arrives.
fn outcomes(number: u32) -> RenderOutcome {
    match number {
        1 => RenderOutcome::Fail(FailureText::new("422", "prompt contains prohibited content")),
        2 => RenderOutcome::File { fault: FileFault::Truncated, times: 2 },
        _ => RenderOutcome::Succeed,
    }
}

/// The story: a photo, a script, three videos.
fn play(plan: CrashPlan) -> (World, Person) {
    // Few polls: they are all alike.
    let mut world = World::with(|config| {
        config.kie.poll_interval = Duration::from_mins(3);
        config.kie.poll_interval_min = config.kie.poll_interval;
    });
    let anna = world.person_with("Анна", "ru", 3);
    // GPT answers in the same words however often it is asked.
    world.stage.gpt.usually(GptReply::Say { text: "A cup turns slowly.".to_owned() });
    world.settles();
    world.bot_crashes(plan, outcomes);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.adds_up();
    (world, anna)
}

/// The bot crashes by this plan, and nothing is lost; nothing is there twice either, but for
/// what a crash at that point leaves behind.
fn survives(plan: CrashPlan, expected: &Picture) {
    let CrashPlan { here: Some(here), times, .. } = plan else { panic!("no crash: {plan:?}") };
    let (world, anna) = play(plan);
    let crashes = if is_passed_for_good(here) { times.min(1) } else { times };
    assert_eq!(world.injector().crashes(), crashes, "the bot crashed there: {plan:?}");
    let (left, picture) = without_repetitions(picture(&world, &anna), expected);
    assert_eq!(picture, *expected, "{plan:?}");
    let left = Traces { orphans: orphans(&world), listed: listed(&world).len(), ..left };
    assert_eq!(left, traces(here).times(crashes), "{plan:?}");
}

fn picture(world: &World, anna: &Person) -> Picture {
    let jobs = world.jobs().iter().map(|job| (job.number, job.status, job.failure)).collect();
    let chat: Vec<String> = anna.chat().iter().map(shown).collect();
    let place = |words| chat.iter().position(|message| message.contains(words));
    let answer = place("Готово 2").expect("the order is answered, and its end told there");
    let closing = place("🏠").expect("the order is closed");
    let mut results = chat[answer + 1..closing].to_vec();
    results.sort();
    let (conversation, closing) = (chat[..=answer].to_vec(), chat[closing..].to_vec());
    Picture { jobs, balance: world.balance(anna), conversation, results, closing }
}

/// A message as the person sees it.
fn shown(message: &ShownMessage) -> String {
    let from = if message.from_bot { "bot" } else { "person" };
    let media = message.media.as_ref().map_or("text", |media| media.kind);
    format!("{from}: {media}: {} [{}]", message.text, message.labels().join(" | "))
}

/// Takes out of a picture what a crash may repeat, where it is there more often than
/// expected, and counts that.
fn without_repetitions(mut picture: Picture, expected: &Picture) -> (Traces, Picture) {
    let mut left = Traces::default();
    let is_video = |message: &str| message.starts_with("bot: video");
    let is_known = |message: &str| expected.results.iter().any(|result| result == message);
    // The story goes on in the message of the ideas; one more of them stays as it is.
    left.ideas = extract(&mut picture.conversation, &expected.conversation, |message| {
        message.contains("Выберите идею")
    });
    left.videos = extract(&mut picture.results, &expected.results, |message| {
        is_known(message) && is_video(message)
    });
    left.refunds = extract(&mut picture.results, &expected.results, |message| {
        is_known(message) && !is_video(message)
    });
    left.closings =
        extract(&mut picture.closing, &expected.closing, |message| message.contains("🏠"));
    (left, picture)
}

/// Takes out what is of this kind and more than expected; how many it was.
fn extract(found: &mut Vec<String>, expected: &[String], is_it: impl Fn(&str) -> bool) -> usize {
    let (mut due, all) = (expected.to_vec(), found.len());
    found.retain(|message| {
        if let Some(place) = due.iter().position(|one| one == message) {
            due.remove(place);
            return true;
        }
        !is_it(message)
    });
    all - found.len()
}

/// How many tasks at KIE are never polled. Each was created with the key and at the time
/// of a submission that the operator finds in the list.
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
    world.db().read(audit::orphans).unwrap()
}

/// The picture of a story without a crash, and how often it passes each point.
fn expected() -> (Picture, impl Fn(Crash) -> usize) {
    let (world, anna) = play(CrashPlan::default());
    let picture = picture(&world, &anna);
    let counts = (picture.results.len(), picture.closing.len(), world.stage.kie.tasks().len());
    assert_eq!((picture.balance, counts), (1, (3, 1, 3)), "{picture:#?}");
    let injector = world.injector();
    (picture, move |here| injector.visits(here))
}

#[test]
fn a_crash_at_any_point_loses_nothing() {
    let (expected, _) = expected();
    for here in Crash::ALL {
        survives(CrashPlan { here: Some(*here), passes: 0, times: 1 }, &expected);
    }
}

#[test]
fn a_crash_with_the_next_videos_on_their_way_loses_nothing() {
    let (expected, visits) = expected();
    for here in Crash::ALL {
        for passes in 1..visits(*here) {
            survives(CrashPlan { here: Some(*here), passes, times: 1 }, &expected);
        }
    }
}

#[test]
fn two_crashes_at_the_same_point_lose_nothing() {
    let (expected, _) = expected();
    for here in Crash::ALL {
        survives(CrashPlan { here: Some(*here), passes: 0, times: 2 }, &expected);
    }
}

#[test]
fn a_video_whose_submission_is_lost_twice_arrives_and_thrice_is_refunded() {
    for here in [Crash::BeforeSubmit, Crash::AfterSubmit, Crash::BeforeSubmitIsSaved] {
        for (times, videos) in [(2, 1), (3, 0)] {
            let (mut world, anna) = World::with_anna(1);
            let plan = CrashPlan { here: Some(here), passes: 0, times };
            world.bot_crashes(plan, |_| RenderOutcome::Succeed);
            world.orders(&anna, 1);
            world.all_work_is_done();
            assert_eq!(world.injector().crashes(), times, "{plan:?}");
            let refunded = reads(&anna, "Кредит вернули");
            let got = (anna.videos().len(), world.balance(&anna), refunded);
            assert_eq!(got, (videos, i64::from(videos == 0), videos == 0), "{plan:?}");
            let left = (listed(&world).len(), orphans(&world));
            assert_eq!(left, (times, traces(here).orphans * times), "{plan:?}");
        }
    }
}
