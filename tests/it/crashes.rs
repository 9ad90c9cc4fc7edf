//! The bot dies at every named point of the main story, and the picture at its
//! end is the same as if it had lived.

use std::time::Duration;

use reelbot::domain::failure::FailureKind;
use reelbot::domain::job::Status;
use reelbot::sandbox::gpt::GptReply;
use reelbot::sandbox::kie::corpus::FailureText;
use reelbot::sandbox::kie::outcome::FileFault;
use reelbot::sandbox::kie::outcome::RenderOutcome;
use reelbot::sandbox::telegram::person::Person;
use reelbot::sandbox::telegram::shown::ShownMessage;
use reelbot::store::audit;
use reelbot::store::audit::Orphan;

use crate::world::World;
use crate::world::crash::Crash;
use crate::world::death::Plan;
use crate::world::was_told;

/// What is left of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    /// Of each video its number, how it ended and why.
    jobs: Vec<(u32, Status, Option<FailureKind>)>,
    balance: i64,
    /// All that was said, up to the answer to the order.
    conversation: Vec<String>,
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
    /// Messages with ideas that the person has once more.
    ideas: usize,
    /// Videos that the person has once more.
    videos: usize,
    /// Notification of a refund that the person reads once more.
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
            ideas: self.ideas * deaths,
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
        Crash::AfterIdeasAreTold => Traces { ideas: 1, ..none },
        Crash::AfterRefundIsTold => Traces { refunds: 1, ..none },
        Crash::AfterClosingIsTold => Traces { closings: 1, ..none },
        Crash::BeforeIdeasAreTold
        | Crash::AfterIdeasAreNoted
        | Crash::AfterTapIsStored
        | Crash::BeforeScript
        | Crash::AfterScript
        | Crash::AfterScriptIsSaved
        | Crash::AfterOrderIsStored
        | Crash::AfterOrderIsSaved
        | Crash::BeforeAnswerIsTold
        | Crash::AfterAnswerIsTold
        | Crash::AfterAnswerIsNoted
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
        Crash::AfterIdeasAreNoted
            | Crash::AfterScriptIsSaved
            | Crash::AfterOrderIsSaved
            | Crash::AfterAnswerIsNoted
            | Crash::AfterUploadIsSaved
            | Crash::AfterRefundIsSaved
            | Crash::AfterRefundIsNoted
            | Crash::AfterClosingIsNoted
    )
}

/// The first video is refused and refunded, the second can be downloaded at the third
/// attempt only, the third just arrives.
fn fate(number: u32) -> RenderOutcome {
    match number {
        1 => RenderOutcome::Fail(FailureText::new("422", "prompt contains prohibited content")),
        2 => RenderOutcome::File { fault: FileFault::Truncated, times: 2 },
        _ => RenderOutcome::Succeed,
    }
}

/// The story: a photo, a script, three videos.
fn told(plan: Plan) -> (World, Person) {
    // Few polls: one is as good as another.
    let mut world = World::with(|config| config.kie.poll_interval = Duration::from_mins(3));
    let anna = world.person_with("Анна", "ru", 3);
    // GPT says it in the same words however often it is asked.
    world.stage.gpt.usually(GptReply::Say { text: "A cup turns slowly.".to_owned() });
    world.settles();
    world.becomes_mortal(plan, fate);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.adds_up();
    (world, anna)
}

/// The bot dies so, and nothing is lost; nothing is there twice either, but for what a
/// death at that point leaves behind.
fn survives(plan: Plan, ought: &Picture) {
    let Plan { here: Some(here), times, .. } = plan else { panic!("nobody dies: {plan:?}") };
    let (world, anna) = told(plan);
    let deaths = if is_passed_for_good(here) { times.min(1) } else { times };
    assert_eq!(world.death().deaths(), deaths, "the bot has died there: {plan:?}");
    let (left, picture) = without_repetitions(picture(&world, &anna), ought);
    assert_eq!(picture, *ought, "{plan:?}");
    let left = Traces { orphans: orphans(&world), listed: listed(&world).len(), ..left };
    assert_eq!(left, traces(here).times(deaths), "{plan:?}");
}

fn picture(world: &World, anna: &Person) -> Picture {
    let jobs = world.jobs().iter().map(|job| (job.number, job.status, job.failure)).collect();
    let chat: Vec<String> = anna.chat().iter().map(seen).collect();
    let place = |words| chat.iter().position(|message| message.contains(words));
    let answer = place("Принял!").expect("the order is answered");
    let closing = place("🏠").expect("the order is closed");
    let mut results = chat[answer + 1..closing].to_vec();
    results.sort();
    let (conversation, closing) = (chat[..=answer].to_vec(), chat[closing..].to_vec());
    Picture { jobs, balance: world.balance(anna), conversation, results, closing }
}

/// A message as the person sees it.
fn seen(message: &ShownMessage) -> String {
    let from = if message.from_bot { "bot" } else { "person" };
    let media = message.media.as_ref().map_or("text", |media| media.kind);
    format!("{from}: {media}: {} [{}]", message.text, message.labels().join(" | "))
}

/// Takes out of a picture what a death may repeat, where it is there more often than it
/// ought to be, and counts that.
fn without_repetitions(mut picture: Picture, ought: &Picture) -> (Traces, Picture) {
    let mut left = Traces::default();
    let is_video = |said: &str| said.starts_with("bot: video");
    let is_known = |said: &str| ought.results.iter().any(|result| result == said);
    // The story goes on in the message of the ideas; one more of them stays as it is.
    left.ideas = extract(&mut picture.conversation, &ought.conversation, |said| {
        said.contains("Выберите идею")
    });
    left.videos =
        extract(&mut picture.results, &ought.results, |said| is_known(said) && is_video(said));
    left.refunds =
        extract(&mut picture.results, &ought.results, |said| is_known(said) && !is_video(said));
    left.closings = extract(&mut picture.closing, &ought.closing, |said| said.contains("🏠"));
    (left, picture)
}

/// Takes out what is of this kind and beyond what ought to be there; how many it was.
fn extract(found: &mut Vec<String>, ought: &[String], is_it: impl Fn(&str) -> bool) -> usize {
    let (mut due, all) = (ought.to_vec(), found.len());
    found.retain(|said| {
        if let Some(place) = due.iter().position(|one| one == said) {
            due.remove(place);
            return true;
        }
        !is_it(said)
    });
    all - found.len()
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
    world.db().read(audit::orphans).unwrap()
}

/// The picture of a story without a death, and how often it comes by each point.
fn ought() -> (Picture, impl Fn(Crash) -> usize) {
    let (world, anna) = told(Plan::default());
    let picture = picture(&world, &anna);
    let counts = (picture.results.len(), picture.closing.len(), world.stage.kie.tasks().len());
    assert_eq!((picture.balance, counts), (1, (3, 1, 3)), "{picture:#?}");
    let death = world.death();
    (picture, move |here| death.visits(here))
}

#[test]
fn a_crash_at_any_point_loses_nothing() {
    let (ought, _) = ought();
    for here in Crash::ALL {
        survives(Plan { here: Some(*here), passes: 0, times: 1 }, &ought);
    }
}

#[test]
fn nor_does_one_with_the_next_videos_on_their_way() {
    let (ought, visits) = ought();
    for here in Crash::ALL {
        for passes in 1..visits(*here) {
            survives(Plan { here: Some(*here), passes, times: 1 }, &ought);
        }
    }
}

#[test]
fn nor_do_two_at_the_same_point() {
    let (ought, _) = ought();
    for here in Crash::ALL {
        survives(Plan { here: Some(*here), passes: 0, times: 2 }, &ought);
    }
}

#[test]
fn a_video_whose_submission_is_lost_twice_arrives_and_thrice_is_refunded() {
    for here in [Crash::BeforeSubmit, Crash::AfterSubmit, Crash::BeforeSubmitIsSaved] {
        for (times, videos) in [(2, 1), (3, 0)] {
            let mut world = World::new();
            let anna = world.person_with("Анна", "ru", 1);
            let plan = Plan { here: Some(here), passes: 0, times };
            world.becomes_mortal(plan, |_| RenderOutcome::Succeed);
            world.orders(&anna, 1);
            world.all_work_is_done();
            assert_eq!(world.death().deaths(), times, "{plan:?}");
            let refunded = was_told(&anna, "Кредит вернули");
            let got = (anna.videos().len(), world.balance(&anna), refunded);
            assert_eq!(got, (videos, i64::from(videos == 0), videos == 0), "{plan:?}");
            let left = (listed(&world).len(), orphans(&world));
            assert_eq!(left, (times, traces(here).orphans * times), "{plan:?}");
        }
    }
}
