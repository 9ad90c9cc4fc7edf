//! From an idea to the final prompt.

use std::time::Duration;

use crate::world::{
    World,
    checks::{reads, texts},
    people::{button, count_button},
};
use reelbot::testing::{
    chat::Tap,
    domain::Credits,
    sandbox::{GptReply, PHOTO},
};

#[test]
fn an_own_text_becomes_a_script_and_shows_literally() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.gpt.next(GptReply::Say { text: "A cup & <b>steam</b> \"rises\"".to_owned() });
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    anna.sends_text("пар над чашкой <b>&");
    world.settles();
    let last = anna.last().unwrap();
    assert!(last.text.contains("A cup & <b>steam</b> \"rises\""), "{last:?}");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A cup & <b>steam</b> \"rises\"");
}

#[test]
fn a_preset_tapped_again_when_its_script_is_there_leaves_the_script_as_it_is() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, Tap::PRESET);
    world.taps(&anna, Tap::PRESET);
    let (script, order) = count_button(&anna, 1);
    anna.forges_tap(ideas.id, &preset);
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1, "a second script would cost, and differ");
    anna.forges_tap(script.id, &order);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1, "the script that was read can be ordered");
}

#[test]
fn without_gpt_the_preset_itself_is_the_prompt_and_nothing_is_blocked() {
    let replies = [
        GptReply::Refuse,
        GptReply::Empty,
        GptReply::Code { code: 500, msg: "busy".to_owned() },
        GptReply::Scenes { count: 0 },
    ];
    let said = [
        "I must decline this request.",
        "I won't be able to write that one.",
        "As an AI language model, I cannot see the photo.",
        "Could you please share the photo?",
        "I don't see an image.",
        "К сожалению, я не могу помочь с этим.",
        "Пожалуйста, пришлите фото товара.",
        "<thinking>The cup should turn.</thinking>",
        "<think>The cup should turn, because",
        "<|channel|>analysis<|message|>The cup should turn.",
        "{\"prompt\": \"\"}",
        "\u{200b}\u{feff}\u{2800}",
    ];
    let said = said.map(|text| GptReply::Say { text: text.to_owned() });
    for reply in replies.into_iter().chain(said) {
        let (mut world, anna) = World::with_anna(1);
        world.stage.gpt.usually(reply.clone());
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "{reply:?}");
        let idea = &reelbot::testing::config::Config::default().presets[0].idea;
        assert_eq!(world.stage.kie.tasks()[0].input["prompt"], idea.as_str());
    }
}

#[test]
fn a_script_is_taken_out_of_whatever_gpt_wraps_it_in() {
    for text in [
        "{\"prompt\": \"A cup turns. It stops.\"}",
        "```json\n{\"script\": \"A cup turns. It stops.\", \"title\": \"Cup\"}\n```",
        "<thinking>Hm.</thinking>Sure! Here's your final prompt:\n\nA cup turns. It stops.",
        "**Prompt:** A cup turns. It stops.\n\nLet me know if you want another one.",
        "<|channel|>analysis<|message|>Hm.<|channel|>final<|message|>A cup turns. It stops.",
    ] {
        let (mut world, anna) = World::with_anna(1);
        world.stage.gpt.next(GptReply::Say { text: text.to_owned() });
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A cup turns. It stops.", "{text}");
    }
}

#[test]
fn a_gpt_that_takes_no_format_is_asked_without_one() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.gpt.takes_no_formats();
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    assert_eq!(world.stage.gpt.seen().len(), 2);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    assert_eq!(world.stage.gpt.seen().len(), 3, "it is remembered");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let idea = &reelbot::testing::config::Config::default().presets[0].idea;
    assert_ne!(world.stage.kie.tasks()[0].input["prompt"], idea.as_str());
}

#[test]
fn an_own_text_in_which_nothing_can_be_seen_is_empty() {
    for text in ["\u{200b}", "\u{3164}", "\u{2800}\u{feff}", "\u{ad}\u{2060}\u{fe0f}"] {
        let (mut world, anna) = World::with_anna(1);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::OWN_TEXT);
        anna.sends_text(text);
        world.settles();
        assert!(world.stage.gpt.seen().is_empty(), "{text:?}");
        anna.sends_text("a cup turns");
        world.settles();
        assert_eq!(world.stage.gpt.seen().len(), 1);
    }
}

#[test]
fn a_script_that_was_begun_before_a_crash_is_finished_after_it() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (message, data) = button(&anna, Tap::PRESET);
    anna.taps(message.id, &data).unwrap();
    // The tap arrives and is handled; before the script is written the bot is gone.
    assert!(world.moves() && world.moves());
    world.restarts();
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_text_of_five_thousand_characters_is_refused_once() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    let before = texts(&anna).len();
    anna.sends_text(&"очень длинный текст ".repeat(250));
    world.settles();
    assert_eq!(texts(&anna).len(), before + 1, "{:#?}", texts(&anna));
    assert!(
        anna.last().unwrap().text.contains("3000") || anna.last().unwrap().text.contains("3 000")
    );
}

#[test]
fn a_file_that_only_claims_to_be_a_photo_is_refused_before_any_credit_moves() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_document(b"%PDF-1.7 not a picture at all", "product.jpg", "image/jpeg").unwrap();
    world.settles();
    assert!(anna.last().unwrap().buttons.is_empty(), "{:?}", anna.last());
    assert_eq!(world.balance(&anna), 1);
}

#[test]
fn a_photo_as_a_file_is_known_by_its_bytes_whatever_it_is_called() {
    for (name, mime) in [
        ("cup.png", "image/x-png"),
        ("cup.jfif", "application/octet-stream"),
        ("CUP.JPG", ""),
        ("cup", "image/pjpeg"),
        ("cup.jpe", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        let (mut world, anna) = World::with_anna(1);
        anna.sends_document(b"%PDF-1.7 not a picture at all", name, mime).unwrap();
        world.settles();
        assert!(anna.last().unwrap().buttons.is_empty(), "{name} {mime}");
        anna.sends_document(PHOTO, name, mime).unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((world.balance(&anna), anna.videos().len()), (0, 1), "{name} {mime}");
    }
}

#[test]
fn a_price_that_has_changed_since_the_buttons_were_shown_is_shown_first() {
    let (mut world, anna) = World::with_anna(10);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.operator_changes(|config| {
        config.models.iter_mut().for_each(|model| model.credits = Credits(2));
    });
    world.taps_count(&anna, 3);
    assert_eq!((world.balance(&anna), world.jobs().len()), (10, 0), "nothing is taken");
    let (message, _) = count_button(&anna, 3);
    assert!(message.labels().iter().any(|label| label.contains('6')), "{:?}", message.labels());
    world.taps_count(&anna, 3);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (4, 3));
}

#[test]
fn a_count_that_is_no_longer_offered_is_not_charged_and_shows_what_is() {
    let (mut world, anna) = World::with_anna(10);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.operator_changes(|config| config.credits.counts = vec![1, 2]);
    world.taps_count(&anna, 3);
    assert_eq!((world.balance(&anna), world.jobs().len()), (10, 0));
    world.taps_count(&anna, 2);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (8, 2));
}

#[test]
fn what_the_database_never_takes_is_paid_for_once_and_told() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, Tap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    world.answers_updates();
    world.database_changes(
        "create trigger full before update on scripts when new.state = 'ready'
         begin select raise(abort, 'no'); end",
    );
    for _ in 0..9 {
        while world.moves() {}
        world.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(world.stage.gpt.seen().len(), 1);
    assert!(reads(&anna, "Что-то пошло не так на моей стороне"), "{:#?}", texts(&anna));
    world.database_changes("drop trigger full");
    anna.forges_tap(ideas.id, &preset);
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}
