//! Answers of 1 GiB, from each server, in place of every kind of answer.

use reelbot::testing::sandbox::Person;

use crate::database::{audit, count};
use crate::machine::crowd::{all_are_served, all_order, command, crowd, ends_small, logged, start};
use crate::servers::Servers;

const JSON: &str = "{\"code\":200,\"ok\":true,\"data\":\"";
const MP4: &str = "\0\0\0\u{18}ftypisom";

#[test]
fn huge_answers_of_telegram_are_cut_off_and_requested_again() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    for method in ["GetUpdates", "SendMessage", "AnswerCallbackQuery", "GetFile"] {
        servers.wire.answers_hugely(method, JSON, 2);
        let crowd = crowd(&servers, 2);
        servers.until(method, || servers.wire.has_answered_hugely());
        all_order(&servers, &crowd);
        all_are_served(&servers, &crowd);
    }
    let log = ends_small(bot);
    assert!(log.contains("the answer is far too long"), "{log}");
    audit(&servers.database());
}

#[test]
fn huge_answers_of_kie_are_cut_off_and_cost_at_most_an_attempt() {
    for end in ["recordInfo", "file-stream-upload", "createTask", "credit"] {
        let servers = Servers::open();
        servers.wire.answers_hugely(end, JSON, 2);
        let bot = start(command(&servers, &[]));
        let crowd = crowd(&servers, 3);
        all_order(&servers, &crowd);
        all_are_served(&servers, &crowd);
        servers.until(end, || servers.wire.has_answered_hugely());
        ends_small(bot);
        let database = servers.database();
        audit(&database);
        assert_eq!(count(&database, "select sum(credits) from users"), 3 * 47);
        // The operator can find the tasks whose ids were in the unread answers.
        let lost = count(&database, "select count(*) from lost_submissions");
        assert_eq!(lost, if end == "createTask" { 2 } else { 0 });
    }
}

#[test]
fn a_huge_answer_of_gpt_is_no_script_and_one_instead_of_a_photo_is_no_photo() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    servers.wire.answers_hugely("completions", JSON, 1);
    let crowd = crowd(&servers, 2);
    servers.until("the huge answer", || servers.wire.has_answered_hugely());
    all_order(&servers, &crowd);
    all_are_served(&servers, &crowd);
    let log = bot.log();
    logged(&log, "GPT wrote no script", 1);
    assert!(log.contains("the answer is over 262144 bytes"), "{log}");
    servers.wire.answers_hugely(".jpg", JSON, 1);
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_photo(reelbot::testing::sandbox::PHOTO).unwrap();
    servers.until("the huge answer", || servers.wire.has_answered_hugely());
    servers.reads(&anna, "10 MB");
    ends_small(bot);
    audit(&servers.database());
}

#[test]
fn a_video_of_1_gib_comes_as_a_link() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    servers.wire.answers_hugely(".mp4", MP4, 2);
    let crowd = crowd(&servers, 2);
    all_order(&servers, &crowd);
    for person in &crowd {
        servers.closes(person);
    }
    let videos: usize = crowd.iter().map(|person| person.videos().len()).sum();
    let links = crowd.iter().flat_map(Person::chat);
    let links = links.filter(|message| message.text.contains(".mp4"));
    assert_eq!((videos, links.count()), (4, 2));
    ends_small(bot);
    audit(&servers.database());
    assert_eq!(std::fs::read_dir(servers.path("data/reelbot.db.scratch")).unwrap().count(), 0);
}
