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
use crate::servers::Servers;

const JSON: &str = "{\"code\":200,\"ok\":true,\"data\":\"";
const MP4: &str = "\0\0\0\u{18}ftypisom";

#[test]
fn giants_from_telegram_are_cut_off_and_asked_for_again() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    for method in ["GetUpdates", "SendMessage", "AnswerCallbackQuery", "GetFile"] {
        servers.wire.floods(method, JSON, 2);
        let crowd = crowd(&servers, 2);
        servers.until(method, || servers.wire.has_flooded());
        all_order(&servers, &crowd);
        all_have_all(&servers, &crowd);
    }
    stayed_small(&bot);
    let said = bot.stop();
    assert!(said.contains("the answer is far too long"), "{said}");
    audit(&servers.database());
}

#[test]
fn giants_from_kie_are_cut_off_and_cost_at_most_an_attempt() {
    for end in ["recordInfo", "file-stream-upload", "createTask", "credit"] {
        let servers = Servers::open();
        servers.wire.floods(end, JSON, 2);
        let bot = start(command(&servers, &[]));
        let crowd = crowd(&servers, 3);
        all_order(&servers, &crowd);
        all_have_all(&servers, &crowd);
        servers.until(end, || servers.wire.has_flooded());
        stayed_small(&bot);
        bot.stop();
        let database = servers.database();
        audit(&database);
        assert_eq!(count(&database, "select sum(credits) from users"), 3 * 47);
        // The operator can find the tasks whose ids were in the answers that nobody read.
        let lost = count(&database, "select count(*) from lost_submissions");
        assert_eq!(lost, if end == "createTask" { 2 } else { 0 });
    }
}

#[test]
fn a_giant_from_gpt_is_no_script_and_one_instead_of_a_photo_is_no_photo() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    servers.wire.floods("completions", JSON, 1);
    let crowd = crowd(&servers, 2);
    servers.until("the giant", || servers.wire.has_flooded());
    all_order(&servers, &crowd);
    all_have_all(&servers, &crowd);
    let said = bot.said();
    has_said(&said, "GPT wrote no script", 1);
    assert!(said.contains("the answer is over 262144 bytes"), "{said}");
    servers.wire.floods(".jpg", JSON, 1);
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_photo(reelbot::sandbox::demo::PHOTO).unwrap();
    servers.tap(&anna, "p:", "");
    servers.until("the giant", || servers.wire.has_flooded());
    servers.hears(&anna, "10 MB");
    stayed_small(&bot);
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_video_of_1_gib_comes_as_a_link() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    servers.wire.floods(".mp4", MP4, 2);
    let crowd = crowd(&servers, 2);
    all_order(&servers, &crowd);
    for person in &crowd {
        servers.closes(person);
    }
    let videos: usize = crowd.iter().map(|person| person.videos().len()).sum();
    let links = crowd.iter().flat_map(Person::chat);
    let links = links.filter(|message| message.text.contains(".mp4"));
    assert_eq!((videos, links.count()), (4, 2));
    stayed_small(&bot);
    bot.stop();
    audit(&servers.database());
    assert_eq!(std::fs::read_dir(servers.path("data/reelbot.db.scratch")).unwrap().count(), 0);
}
