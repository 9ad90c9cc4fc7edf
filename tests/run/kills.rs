//! SIGKILL in the middle of an order: nothing is lost, nothing is paid twice.

use std::collections::BTreeSet;

use reelbot::sandbox::kie::outcome::throw;

use crate::books::audit;
use crate::books::count;
use crate::street::Street;

/// How often the bot is killed.
const KILLS: u64 = 6;

#[test]
fn ten_videos_arrive_and_are_charged_once_though_the_bot_is_killed_six_times() {
    let street = Street::open();
    let anna = street.telegram.person("Anna", "en");
    let mut bot = street.run();
    street.chooses(&anna);
    let script = street.tap(&anna, "o:", ":10");
    for kill in 0..KILLS {
        // From 0 to 7 requests after the last start: anywhere in the order.
        let moment = street.requests() + usize::try_from(throw(7, kill) % 8).unwrap();
        street.until("a moment to kill", || street.requests() >= moment);
        bot.kill();
        bot = street.run();
    }
    street.closes(&anna);
    bot.stop();
    assert!(anna.chat().iter().any(|m| m.id == script.id && m.labels().is_empty()));

    let captions: Vec<String> = anna.videos().into_iter().map(|video| video.text).collect();
    let distinct: BTreeSet<&String> = captions.iter().collect();
    assert_eq!(distinct.len(), 10, "{captions:?}");
    // A send that was cut off may have arrived: it is made again.
    let lost = count(&street.database(), "select count(*) from lost_submissions");
    assert!(captions.len() <= 10 + 20 * usize::try_from(KILLS).unwrap(), "{captions:?}");

    // Each task that was made is known, or noted as lost.
    let tasks = street.kie.tasks();
    assert!(tasks.len() <= 10 + usize::try_from(lost).unwrap(), "{} {lost}", tasks.len());
    for task in &tasks {
        assert!(task.polled_by.iter().all(|key| *key == task.key), "{task:?}");
    }
    let database = street.database();
    assert_eq!(count(&database, "select count(*) from orders"), 1);
    assert_eq!(count(&database, "select count(*) from credit_entries where kind = 'charge'"), 1);
    assert_eq!(count(&database, "select credits from users"), 40);
    audit(&database);
}
