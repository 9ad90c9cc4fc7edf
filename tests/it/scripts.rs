//! From an idea to the final prompt.

use crate::world::World;
use crate::world::button;
use crate::world::said;
use reelbot::sandbox::gpt::GptReply;

#[test]
fn own_words_become_a_script_and_show_as_they_are() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.gpt.next(GptReply::Say { text: "A cup & <b>steam</b> \"rises\"".to_owned() });
    world.sends_photo(&anna);
    world.taps(&anna, "w:");
    anna.sends_text("пар над чашкой <b>&");
    world.settles();
    let last = anna.last().unwrap();
    assert!(last.text.contains("A cup & <b>steam</b> \"rises\""), "{last:?}");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A cup & <b>steam</b> \"rises\"");
}

#[test]
fn another_script_differs_and_the_old_button_orders_nothing() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.sends_photo(&anna);
    world.taps(&anna, "p:");
    let (first, old) = button(&anna, |data| data.starts_with("o:"));
    world.taps(&anna, "a:");
    let (second, _) = button(&anna, |data| data.starts_with("o:"));
    assert_eq!(first.id, second.id, "the script changes in its place");
    assert_ne!(first.text, second.text);
    anna.forges_tap(first.id, &old);
    world.settles();
    assert!(world.jobs().is_empty(), "nobody gets a script that they have not read");
}

#[test]
fn a_preset_tapped_again_when_its_script_is_there_leaves_the_script_as_it_is() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, |data| data.starts_with("p:"));
    world.taps(&anna, "p:");
    let (script, order) = button(&anna, |data| data.starts_with("o:") && data.ends_with(":1"));
    anna.forges_tap(ideas.id, &preset);
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1, "a second script would cost, and differ");
    anna.forges_tap(script.id, &order);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1, "the script that they read can be ordered");
}

#[test]
fn an_edited_script_is_sent_as_own_words() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.sends_photo(&anna);
    world.taps(&anna, "p:");
    world.taps(&anna, "e:");
    world.stage.gpt.next(GptReply::Say { text: "A changed script.".to_owned() });
    anna.sends_text("The cup turns slowly.");
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A changed script.");
}

#[test]
fn without_gpt_the_preset_itself_is_the_prompt_and_nothing_is_blocked() {
    let replies = [
        GptReply::Refuse,
        GptReply::Empty,
        GptReply::Code { code: 500, msg: "busy".to_owned() },
        GptReply::Length,
    ];
    for reply in replies {
        let mut world = World::new();
        let anna = world.person_with("Анна", "ru", 1);
        world.stage.gpt.usually(reply.clone());
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "{reply:?}");
        let idea = &reelbot::config::settings::Config::default().presets[0].idea;
        assert_eq!(world.stage.kie.tasks()[0].input["prompt"], idea.as_str());
    }
}

#[test]
fn a_script_that_was_begun_before_a_crash_is_finished_after_it() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.sends_photo(&anna);
    let (message, data) = button(&anna, |data| data.starts_with("p:"));
    anna.taps(message.id, &data).unwrap();
    // The tap arrives and is handled; before the script is written the bot is gone.
    assert!(world.moves() && world.moves());
    world.dies();
    world.starts();
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_text_of_five_thousand_characters_is_refused_once() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.sends_photo(&anna);
    world.taps(&anna, "w:");
    let before = said(&anna).len();
    anna.sends_text(&"очень длинный текст ".repeat(250));
    world.settles();
    assert_eq!(said(&anna).len(), before + 1, "{:#?}", said(&anna));
    assert!(
        anna.last().unwrap().text.contains("3000") || anna.last().unwrap().text.contains("3 000")
    );
}

#[test]
fn a_photo_that_is_none_inside_is_refused_before_any_credit_moves() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    anna.sends_document(b"%PDF-1.7 not a picture at all", "product.jpg", "image/jpeg").unwrap();
    world.settles();
    world.taps(&anna, "p:");
    assert!(anna.last().unwrap().buttons.is_empty(), "{:?}", anna.last());
    assert_eq!(world.balance(&anna), 1);
}
