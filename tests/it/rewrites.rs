//! A refused text is written anew, free, within the rule that it broke.

use std::time::Duration;

use crate::world::{
    MODELS, World,
    checks::{closings, count_of, reads, texts},
    people::button,
};
use reelbot::testing::{
    chat::Tap,
    sandbox::{FailureText, GptReply, Person, RenderOutcome},
};

const BRAND: &str = "the output video may be related to copyright restrictions";
const PEOPLE: &str =
    "We currently do not support uploads of images containing photorealistic people.";

fn refused(text: &str) -> RenderOutcome {
    RenderOutcome::Fail(FailureText::new("500", text))
}

/// One video is ordered and refused with these words.
fn refusal(model: &str, language: &str, text: &str) -> (World, Person) {
    let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
    let anna = world.person_with("Анна", language, 10);
    world.stage.kie.script([refused(text)]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 10);
    (world, anna)
}

fn has_button(person: &Person, data: &str) -> bool {
    person.chat().iter().any(|message| message.data().any(|found| found == data))
}

/// How many scripts GPT was asked to write anew.
fn rewrites(world: &World) -> usize {
    let seen = world.stage.gpt.seen();
    let is_one = |body: &&serde_json::Value| body.to_string().contains("The refused prompt:");
    seen.iter().filter(is_one).count()
}

#[test]
fn a_refused_text_is_rewritten_once_within_its_rule_and_ordered_at_the_usual_price() {
    for (model, language, rule) in [(MODELS[0], "ru", "бренд"), (MODELS[1], "en", "brand")] {
        let (mut world, anna) = refusal(model, language, BRAND);
        assert!(reads(&anna, rule), "{:#?}", texts(&anna));
        assert_eq!(closings(&anna), 1);
        let (closing, tap) = button(&anna, Tap::REWRITE);
        let first = world.stage.kie.tasks()[0].input["prompt"].as_str().unwrap().to_owned();
        anna.taps_twice(closing.id, &tap).unwrap();
        world.settles();
        assert_eq!(rewrites(&world), 1, "two taps are one rewrite");
        let asked = world.stage.gpt.seen().pop().unwrap().to_string();
        assert!(asked.contains("no brand, logo") && asked.contains(&first[..60]), "{asked}");
        let (script, _) = button(&anna, Tap::ORDER);
        assert_ne!(script.id, closing.id, "the closing message stays");
        // Much later the button shows the same script again.
        world.taps(&anna, Tap::REWRITE);
        assert_eq!(rewrites(&world), 1);
        assert!(anna.last().unwrap().text.contains(&script.text[..40]));
        world.taps_count(&anna, 3);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 7));
        assert_ne!(world.stage.kie.tasks()[1].input["prompt"], first.as_str());
        let before = texts(&anna).len();
        anna.forges_tap(closing.id, &tap);
        world.settles();
        assert_eq!((texts(&anna).len(), rewrites(&world)), (before, 1), "it is ordered already");
    }
}

#[test]
fn a_refused_photo_is_to_be_another_one_and_has_no_rewrite() {
    for (model, language) in [(MODELS[0], "ru"), (MODELS[1], "en")] {
        let (mut world, anna) = refusal(model, language, PEOPLE);
        assert!(has_button(&anna, Tap::ANOTHER_PHOTO) && !has_button(&anna, "r:1"));
        let closing = button(&anna, Tap::ANOTHER_PHOTO).0;
        anna.forges_tap(closing.id, "r:1");
        world.settles();
        assert_eq!(rewrites(&world), 0);
        assert_eq!(closings(&anna), 1);
    }
}

#[test]
fn nobody_rewrites_what_is_not_theirs_or_was_not_refused() {
    let (mut world, anna) = refusal(MODELS[0], "ru", BRAND);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    world.all_work_is_done();
    let message = boris.last().unwrap().id;
    for data in ["r:1", "r:2", "r:77"] {
        boris.forges_tap(message, data);
        world.settles();
    }
    assert_eq!((rewrites(&world), closings(&anna)), (0, 1));
}

#[test]
fn of_several_videos_only_the_refused_text_is_rewritten() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 3);
    world.stage.kie.script([RenderOutcome::Succeed, refused(BRAND), RenderOutcome::Succeed]);
    world.orders(&anna, 3);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), closings(&anna), world.balance(&anna)), (2, 1, 1));
    assert!(reads(&anna, "Готово 2 из 3 видео. За остальное кредиты вернули. Могу"));
    let failed = world.stage.kie.tasks()[1].input["prompt"].as_str().unwrap().to_owned();
    world.taps(&anna, Tap::REWRITE);
    let asked = world.stage.gpt.seen().pop().unwrap();
    assert_eq!(
        asked["messages"][1]["content"][0]["text"],
        format!("The refused prompt:\n{failed}")
    );
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 0));
}

#[test]
fn while_gpt_is_away_the_refused_text_is_not_used_again_and_the_rewrite_stays_free() {
    for reply in [
        GptReply::Status { status: 500 },
        GptReply::Refuse,
        GptReply::Empty,
        GptReply::Say { text: "I'm sorry, I can't help with that.".to_owned() },
    ] {
        let (mut world, anna) = refusal(MODELS[1], "ru", BRAND);
        world.stage.gpt.usually(reply.clone());
        world.taps(&anna, Tap::REWRITE);
        let last = anna.last().unwrap();
        assert!(last.text.contains("Переписать сейчас не получилось"), "{reply:?} {last:?}");
        assert!(!last.data().any(|data| data.starts_with(Tap::ORDER)));
        world.stage.gpt.usually(GptReply::Write);
        world.taps(&anna, Tap::REWRITE);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 9), "{reply:?}");
    }
}

#[test]
fn the_same_text_again_is_no_rewrite_and_after_three_times_there_is_none() {
    let (mut world, anna) = refusal(MODELS[1], "ru", BRAND);
    let same = world.stage.kie.tasks()[0].input["prompt"].as_str().unwrap().to_owned();
    world.stage.gpt.usually(GptReply::Say { text: same });
    for _ in 0..4 {
        world.taps(&anna, Tap::REWRITE);
    }
    assert_eq!(rewrites(&world), 3);
    assert_eq!(count_of(&anna, "Переписать этот сценарий не получается"), 1);
    assert_eq!(world.count("select count(*) from drafts"), 2, "one draft for all of them");
}

#[test]
fn a_rewrite_is_free_of_the_limits_of_scripts_and_another_of_it_is_not() {
    let (mut world, anna) = refusal(MODELS[1], "ru", BRAND);
    let connection = rusqlite::Connection::open(world.database()).unwrap();
    connection.execute("update scripts set asked = 1000", []).unwrap();
    drop(connection);
    world.taps(&anna, Tap::REWRITE);
    assert_eq!(rewrites(&world), 1);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    assert_eq!(rewrites(&world), 1);
    assert!(reads(&anna, "Новые сценарии на сегодня закончились"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn rewrites_without_end_are_none() {
    let (mut world, anna) = refusal(MODELS[1], "ru", BRAND);
    world.database_changes(
        "insert into rewrites (order_id, tg_user_id, draft_id, revision, asked, asked_at)
         select id, tg_user_id, -1, null, 20, created_at from orders",
    );
    world.stage.kie.script([refused(BRAND)]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.taps(&anna, Tap::REWRITE);
    assert_eq!(rewrites(&world), 0);
    assert!(reads(&anna, "Новые сценарии на сегодня закончились"), "{:#?}", anna.last());
    world.passes(Duration::from_hours(25));
    world.taps(&anna, Tap::REWRITE);
    assert_eq!(rewrites(&world), 1);
}

#[test]
fn a_rewrite_that_was_forgotten_with_its_draft_is_begun_anew() {
    let (mut world, anna) = refusal(MODELS[0], "ru", BRAND);
    let (closing, tap) = button(&anna, Tap::REWRITE);
    world.taps(&anna, Tap::REWRITE);
    world.database_changes("pragma foreign_keys = on; delete from drafts");
    anna.taps(closing.id, &tap).unwrap();
    world.settles();
    assert_eq!(rewrites(&world), 2);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    anna.taps(closing.id, &tap).unwrap();
    world.settles();
    assert_eq!((anna.videos().len(), rewrites(&world)), (1, 2), "it was ordered");
}

#[test]
fn another_script_of_a_rewrite_keeps_the_rule() {
    let (mut world, anna) = refusal(MODELS[0], "ru", BRAND);
    world.taps(&anna, Tap::REWRITE);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    assert_eq!(rewrites(&world), 2);
    let asked = world.stage.gpt.seen().pop().unwrap().to_string();
    assert!(asked.contains("no brand, logo"), "{asked}");
}

#[test]
fn a_rewrite_that_was_begun_before_a_crash_is_finished_after_it() {
    let (mut world, anna) = refusal(MODELS[0], "ru", BRAND);
    let (closing, tap) = button(&anna, Tap::REWRITE);
    anna.taps(closing.id, &tap).unwrap();
    assert!(world.moves() && world.moves());
    world.restarts();
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), rewrites(&world)), (1, 1));
}
