//! SIGKILL in the middle of an order: nothing is lost, nothing is paid twice.

use reelbot::testing::sandbox::{Person, random_bits};

use crate::database::{audit, count};
use crate::servers::{Servers, count_button};

/// The bot is killed while KIE or Telegram has done what a request asks and not yet answered,
/// in these steps, after so many that were answered.
const MOMENTS: [(&str, usize); 6] = [
    ("file-stream-upload", 0),
    ("createTask", 0),
    ("recordInfo", 3),
    (".mp4", 1),
    ("SendVideo", 0),
    ("SendVideo", 3),
];

#[test]
fn ten_videos_arrive_and_are_charged_once_though_the_bot_is_killed_in_every_step() {
    let servers = Servers::open();
    let anna = servers.telegram.person("Anna", "en");
    let mut bot = servers.run();
    servers.chooses(&anna);
    servers.message(&anna, "a script", |message| count_button(message, 10).is_some());
    // Videos that were recorded as delivered at some kill, and how often they had been sent.
    let mut recorded = Vec::new();
    for (number, (step, passes)) in (0..).zip(MOMENTS) {
        let more = passes + 1 + usize::try_from(random_bits(7, number) % 3).unwrap();
        servers.wire.holds_after(step, passes);
        if number == 0 {
            servers.taps_count(&anna, 10);
        }
        let moment = servers.wire.asked(step) + if number == 0 { 1 } else { more };
        servers.until(step, || servers.wire.asked(step) >= moment);
        if step == "SendVideo" && passes > 0 {
            bot.logs("outcome=\"delivered\"");
        }
        bot.kill();
        recorded.extend(delivered(&servers).map(|video| (video, copies(&anna, video))));
        servers.wire.releases();
        bot = servers.run();
    }
    servers.closes(&anna);
    bot.stop();

    // By the rules a job whose submission was cut off three times is refunded; that is rare.
    let refunded = count(
        &servers.database(),
        "select count(*) from generation_jobs where status = 'failed' and lost_submissions = 3",
    );
    let missing = (1..=10).filter(|video| copies(&anna, *video) == 0).count();
    assert_eq!(missing, usize::try_from(refunded).unwrap());
    // What was sent and not yet recorded is sent again, but nothing else.
    assert!(!recorded.is_empty());
    for (video, sent) in recorded {
        assert_eq!(copies(&anna, video), sent, "video {video}");
    }

    // Each task that was created is known, or recorded as lost.
    let database = servers.database();
    let lost = count(&database, "select count(*) from lost_submissions");
    let tasks = servers.kie.tasks();
    assert!(tasks.len() <= 10 + usize::try_from(lost).unwrap(), "{} {lost}", tasks.len());
    for task in &tasks {
        assert!(task.polled_by.iter().all(|key| *key == task.key), "{task:?}");
    }
    assert_eq!(count(&database, "select count(*) from orders"), 1);
    assert_eq!(count(&database, "select count(*) from credit_entries where kind = 'charge'"), 1);
    assert_eq!(count(&database, "select credits from users"), 40 + refunded);
    audit(&database);
}

/// The videos that the bot has recorded as delivered.
fn delivered(servers: &Servers) -> impl Iterator<Item = i64> {
    let database = servers.database();
    let delivered = move |video: &i64| {
        let sql = "select count(*) from generation_jobs where delivered_at is not null";
        count(&database, &format!("{sql} and number = {video}")) == 1
    };
    (1..=10).filter(delivered)
}

/// How often a video of the order has arrived.
fn copies(person: &Person, video: i64) -> usize {
    let caption = format!("Video {video} of 10");
    person.videos().iter().filter(|message| message.text.contains(&caption)).count()
}
