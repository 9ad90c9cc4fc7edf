//! Answers of 1 GiB, from everybody, in place of every kind of answer.

use reelbot::sandbox::telegram::person::Person;

use crate::books::audit;
use crate::books::count;
use crate::machine::crowd::all_have_all;
use crate::machine::crowd::all_order;
use crate::machine::crowd::command;
use crate::machine::crowd::crowd;
use crate::machine::crowd::has_said;
use crate::machine::crowd::start;
use crate::machine::crowd::stayed_small;
use crate::street::Street;

const JSON: &str = "{\"code\":200,\"ok\":true,\"data\":\"";
const MP4: &str = "\0\0\0\u{18}ftypisom";

#[test]
fn giants_from_telegram_are_cut_off_and_asked_for_again() {
    let street = Street::open();
    let bot = start(command(&street, &[]));
    for method in ["GetUpdates", "SendMessage", "AnswerCallbackQuery", "GetFile"] {
        street.wire.floods(method, JSON, 2);
        let crowd = crowd(&street, 2);
        street.until(method, || street.wire.has_flooded());
        all_order(&street, &crowd);
        all_have_all(&street, &crowd);
    }
    stayed_small(&bot);
    let said = bot.stop();
    assert!(said.contains("the answer is far too long"), "{said}");
    audit(&street.database());
}

#[test]
fn giants_from_kie_are_cut_off_and_cost_at_most_an_attempt() {
    for end in ["recordInfo", "file-stream-upload", "createTask", "credit"] {
        let street = Street::open();
        street.wire.floods(end, JSON, 2);
        let bot = start(command(&street, &[]));
        let crowd = crowd(&street, 3);
        all_order(&street, &crowd);
        all_have_all(&street, &crowd);
        street.until(end, || street.wire.has_flooded());
        stayed_small(&bot);
        bot.stop();
        let database = street.database();
        audit(&database);
        assert_eq!(count(&database, "select sum(credits) from users"), 3 * 47);
        // The operator can find the tasks whose ids were in the answers that nobody read.
        let lost = count(&database, "select count(*) from lost_submissions");
        assert_eq!(lost, if end == "createTask" { 2 } else { 0 });
    }
}

#[test]
fn a_giant_from_gpt_is_no_script_and_one_instead_of_a_photo_is_no_photo() {
    let street = Street::open();
    let bot = start(command(&street, &[]));
    street.wire.floods("completions", JSON, 1);
    let crowd = crowd(&street, 2);
    street.until("the giant", || street.wire.has_flooded());
    all_order(&street, &crowd);
    all_have_all(&street, &crowd);
    let said = bot.said();
    has_said(&said, "GPT wrote no script", 1);
    assert!(said.contains("the answer is over 262144 bytes"), "{said}");
    street.wire.floods(".jpg", JSON, 1);
    let anna = street.telegram.person("Anna", "en");
    anna.sends_photo(reelbot::sandbox::demo::PHOTO).unwrap();
    street.tap(&anna, "p:", "");
    street.until("the giant", || street.wire.has_flooded());
    street.hears(&anna, "10 MB");
    stayed_small(&bot);
    bot.stop();
    audit(&street.database());
}

#[test]
fn a_video_of_1_gib_comes_as_a_link() {
    let street = Street::open();
    let bot = start(command(&street, &[]));
    street.wire.floods(".mp4", MP4, 2);
    let crowd = crowd(&street, 2);
    all_order(&street, &crowd);
    for person in &crowd {
        street.closes(person);
    }
    let videos: usize = crowd.iter().map(|person| person.videos().len()).sum();
    let links = crowd.iter().flat_map(Person::chat);
    let links = links.filter(|message| message.text.contains(".mp4"));
    assert_eq!((videos, links.count()), (4, 2));
    stayed_small(&bot);
    bot.stop();
    audit(&street.database());
    assert_eq!(std::fs::read_dir(street.path("data/reelbot.db.scratch")).unwrap().count(), 0);
}
