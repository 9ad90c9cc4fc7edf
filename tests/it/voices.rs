//! A voice message is an own text, where the operator has somebody who listens.

use std::time::Duration;

use crate::albums::{different, many, one};
use crate::world::{
    MODELS, World,
    checks::{count_of, reads, texts},
    people::button,
};
use reelbot::testing::{
    chat::{AlbumTap, Tap, VideoTap},
    sandbox::{GptReply, Person},
};

fn listening(model: &str, language: &str) -> (World, Person) {
    let mut world = World::with(|config| {
        model.clone_into(&mut config.kie.model);
        "whisper-1".clone_into(&mut config.gpt.transcribe_model);
    });
    let anna = world.person_with("Анна", language, 3);
    (world, anna)
}

#[test]
fn what_was_said_is_shown_before_it_is_used_and_then_filmed() {
    for (model, language, asked) in
        [(MODELS[0], "ru", "по вашему тексту?"), (MODELS[1], "en", "from your text")]
    {
        let (mut world, anna) = listening(model, language);
        world.sends_photo(&anna);
        let said = "чашка & <b>пар</b> медленно";
        anna.sends_voice(said, 7).unwrap();
        world.settles();
        assert_eq!((world.stage.gpt.heard(), world.stage.gpt.seen().len()), (1, 0));
        let (offer, _) = button(&anna, Tap::USE_TEXT);
        assert!(offer.text.contains(said) && offer.text.contains(asked), "{}", offer.text);
        assert_eq!(count_of(&anna, "🎤"), 0, "the offer stands in place of the waiting");
        world.taps(&anna, Tap::USE_TEXT);
        let asked = world.stage.gpt.seen().pop().unwrap().to_string();
        assert!(asked.contains("пар</b> медленно"), "{asked}");
        world.taps_count(&anna, 3);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 0));
    }
}

#[test]
fn without_a_listener_a_text_is_politely_asked_for() {
    for (language, words) in [("ru", "Голосовые пока не понимаю"), ("en", "voice messages yet")]
    {
        let mut world = World::new();
        let anna = world.person_with("Анна", language, 1);
        world.sends_photo(&anna);
        anna.sends_voice("чашка", 3).unwrap();
        world.settles();
        assert!(reads(&anna, words), "{:#?}", texts(&anna));
        assert_eq!(world.stage.gpt.heard(), 0);
        world.operator_changes(|config| "whisper-1".clone_into(&mut config.gpt.transcribe_model));
        anna.sends_voice("чашка в тумане", 3).unwrap();
        world.settles();
        assert_eq!(world.stage.gpt.heard(), 1, "it is live");
    }
}

#[test]
fn a_voice_message_of_an_hour_is_not_even_fetched() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    let before = get_files(&world);
    anna.sends_voice("очень длинный рассказ", 3600).unwrap();
    world.settles();
    assert!(reads(&anna, "слушаю до 5 минут"), "{:#?}", texts(&anna));
    assert_eq!((world.stage.gpt.heard(), get_files(&world)), (0, before));
    anna.sends_voice("пять минут ровно", 300).unwrap();
    world.settles();
    assert_eq!(world.stage.gpt.heard(), 1);
}

fn get_files(world: &World) -> usize {
    let calls = world.stage.telegram.calls();
    calls.iter().filter(|call| call.method.eq_ignore_ascii_case("getFile")).count()
}

#[test]
fn without_a_photo_one_is_asked_for_first() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    anna.sends_voice("чашка в тумане", 3).unwrap();
    world.settles();
    assert!(reads(&anna, "Сначала отправьте фото товара"));
    assert_eq!(world.stage.gpt.heard(), 0);
}

#[test]
fn silence_and_noise_get_a_word() {
    for said in ["", "[музыка]", "Субтитры сделал DimaTorzok", "..."] {
        let (mut world, anna) = listening(MODELS[1], "ru");
        world.sends_photo(&anna);
        anna.sends_voice(said, 3).unwrap();
        world.settles();
        assert!(reads(&anna, "Не получилось разобрать слова"), "{said} {:#?}", texts(&anna));
        assert_eq!(world.count("select count(*) from scripts"), 0);
    }
}

#[test]
fn a_listener_that_is_away_is_tried_again_and_then_given_up_with_a_word() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    for reply in [GptReply::Status { status: 503 }, GptReply::Html] {
        world.stage.gpt.next(reply);
    }
    anna.sends_voice("чашка в тумане", 3).unwrap();
    world.settles();
    assert!(reads(&anna, "🎤 Слушаю…"));
    world.passes(Duration::from_secs(10));
    world.passes(Duration::from_secs(20));
    assert!(button(&anna, Tap::USE_TEXT).0.text.contains("чашка в тумане"));
    world.stage.gpt.usually(GptReply::Code { code: 500, msg: "busy".to_owned() });
    anna.sends_voice("кружка на камне", 3).unwrap();
    world.settles();
    for wait in [10, 20, 40] {
        assert!(!reads(&anna, "Расшифровать голосовое"), "{wait}");
        world.passes(Duration::from_secs(wait));
    }
    assert_eq!(count_of(&anna, "Расшифровать голосовое сейчас не получается"), 1);
    let heard = world.stage.gpt.heard();
    world.passes(Duration::from_mins(10));
    assert_eq!(world.stage.gpt.heard(), heard, "it is over");
}

#[test]
fn a_refusal_is_given_up_at_once() {
    for status in [400, 401, 404] {
        let (mut world, anna) = listening(MODELS[0], "ru");
        world.sends_photo(&anna);
        world.stage.gpt.usually(GptReply::Status { status });
        anna.sends_voice("чашка в тумане", 3).unwrap();
        world.settles();
        assert!(reads(&anna, "Расшифровать голосовое сейчас не получается"), "{status}");
        assert_eq!(world.stage.gpt.heard(), 1);
    }
}

#[test]
fn a_voice_message_that_came_before_a_crash_is_heard_after_it_and_offered_once() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    anna.sends_voice("чашка в тумане", 3).unwrap();
    assert!(world.moves() && world.moves());
    world.restarts();
    world.settles();
    world.restarts();
    world.settles();
    assert_eq!(count_of(&anna, "чашка в тумане"), 1, "{:#?}", texts(&anna));
    world.taps(&anna, Tap::USE_TEXT);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_clock_that_was_a_day_ahead_does_not_hold_a_voice_message_up() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    anna.sends_voice("чашка в тумане", 3).unwrap();
    world.answers_updates();
    world.database_changes("update voices set next_at = next_at + 86400000");
    world.restarts();
    world.passes(Duration::from_mins(2));
    assert_eq!(count_of(&anna, "чашка в тумане"), 1, "{:#?}", texts(&anna));
}

#[test]
fn what_the_database_never_takes_is_paid_for_a_few_times_at_most() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    anna.sends_voice("чашка в тумане", 3).unwrap();
    world.answers_updates();
    world.database_changes(
        "create trigger full before insert on outbox begin select raise(abort, 'no'); end",
    );
    for _ in 0..60 {
        while world.moves() {}
        world.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(world.stage.gpt.heard(), 4);
    world.database_changes("drop trigger full");
    world.passes(Duration::from_hours(1));
    assert_eq!(world.stage.gpt.heard(), 4, "it is over");
}

#[test]
fn while_a_series_awaits_a_text_a_voice_message_is_meant_for_all_products() {
    for model in MODELS {
        let (mut world, anna) = listening(model, "ru");
        anna.sends_album(&different(3)).unwrap();
        world.settles();
        let (question, many) = many(&anna);
        anna.taps(question.id, &many).unwrap();
        world.settles();
        world.taps(&anna, AlbumTap::OWN_TEXT);
        assert!(reads(&anna, "Можно и наговорить голосовым"), "{:#?}", texts(&anna));
        anna.sends_voice("чашка в тумане", 3).unwrap();
        world.settles();
        let (offer, yes) = button(&anna, Tap::USE_TEXT);
        assert!(offer.text.contains("все 3 товара") && offer.text.contains("чашка в тумане"));
        assert!(world.stage.gpt.seen().is_empty());
        anna.taps_twice(offer.id, &yes).unwrap();
        world.settles();
        assert_eq!(world.stage.gpt.seen().len(), 3);
        assert_eq!(world.count("select count(*) from scripts where idea = 'чашка в тумане'"), 3);
        world.taps(&anna, AlbumTap::ORDER);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 0));
        let boris = world.person_with("Борис", "ru", 1);
        boris.forges_tap(offer.id, &yes);
        world.settles();
        assert!(reads(&boris, "устарела"), "{:#?}", texts(&boris));
    }
}

#[test]
fn a_voice_message_before_the_answer_about_an_album_is_kept_and_asked_about_after_it() {
    for is_one in [true, false] {
        let (mut world, anna) = listening(MODELS[0], "ru");
        anna.sends_album(&different(3)).unwrap();
        world.settles();
        anna.sends_voice("чашка в тумане", 3).unwrap();
        world.settles();
        assert!(reads(&anna, "Услышал"), "{:#?}", texts(&anna));
        assert_eq!(count_of(&anna, "3 фото"), 2, "the question stands below: {:#?}", texts(&anna));
        let (question, answer) = if is_one { one(&anna) } else { many(&anna) };
        anna.taps(question.id, &answer).unwrap();
        world.settles();
        if is_one {
            world.taps(&anna, AlbumTap::CHOOSE_PHOTO);
        }
        assert_eq!(count_of(&anna, "чашка в тумане"), 2, "{:#?}", texts(&anna));
        button(&anna, Tap::USE_TEXT);
        assert!(world.stage.gpt.seen().is_empty());
    }
}

#[test]
fn a_voice_message_answers_what_a_text_would_answer() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.orders(&anna, 1);
    world.all_work_is_done();
    anna.sends_text("/my");
    world.settles();
    world.taps(&anna, VideoTap::SEARCH);
    anna.sends_voice("кит на велосипеде", 3).unwrap();
    world.settles();
    assert!(reads(&anna, "«кит на велосипеде» ничего не нашлось"), "{:#?}", texts(&anna));
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    anna.sends_voice("A cup turns in the fog.", 3).unwrap();
    world.settles();
    let asked = world.stage.gpt.seen().len();
    world.taps(&anna, Tap::USE_TEXT);
    assert_eq!(world.stage.gpt.seen().len(), asked, "it is the prompt itself");
    world.taps_count(&anna, 1);
    assert_eq!(
        world.count("select count(*) from orders where prompt = 'A cup turns in the fog.'"),
        1
    );
}

#[test]
fn several_voice_messages_are_offers_of_their_own() {
    let (mut world, anna) = listening(MODELS[1], "ru");
    world.sends_photo(&anna);
    for said in ["чашка в тумане", "кружка на камне"] {
        anna.sends_voice(said, 3).unwrap();
    }
    world.settles();
    assert_eq!(count_of(&anna, "чашка в тумане") + count_of(&anna, "кружка на камне"), 2);
}

#[test]
fn thirty_voice_messages_a_day_are_enough() {
    let (mut world, anna) = listening(MODELS[0], "ru");
    world.sends_photo(&anna);
    for number in 0..32 {
        anna.sends_voice(&format!("чашка номер {number} в тумане"), 3).unwrap();
        world.settles();
    }
    assert_eq!(world.stage.gpt.heard(), 30);
    assert!(reads(&anna, "Голосовых на сегодня достаточно"));
    world.passes(Duration::from_hours(25));
    anna.sends_voice("чашка назавтра", 3).unwrap();
    world.settles();
    assert_eq!(world.stage.gpt.heard(), 31);
}
