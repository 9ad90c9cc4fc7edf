//! Which product a person's free words are about: that of what they answer, the one that they name, all
//! products of a series, else that of the newest photo.

use std::time::Duration;

use crate::albums::different;
use crate::series::{order, sends};
use crate::world::{
    MODELS, World,
    checks::{count_of, reads, texts},
    people::button,
};
use reelbot::testing::{
    chat::{AlbumTap, Tap, VideoTap},
    domain::MessageId,
    sandbox::{FailureText, PHOTO, Person, RenderOutcome, ShownMessage},
};

/// A world in which the bot listens to Anna too.
fn listening(model: &str, credits: i64) -> (World, Person) {
    let mut world = World::with(|config| {
        model.clone_into(&mut config.kie.model);
        "whisper-1".clone_into(&mut config.gpt.transcribe_model);
    });
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

fn photos(person: &Person) -> Vec<MessageId> {
    let is_photo = |message: &ShownMessage| !message.from_bot && message.media.is_some();
    let photos = person.chat().into_iter().filter(is_photo);
    photos.filter(|message| !is_voice(message)).map(|message| message.id).collect()
}

fn is_voice(message: &ShownMessage) -> bool {
    message.text.starts_with("voice")
}

/// The two ways to say something.
const WAYS: [&str; 2] = ["text", "voice"];

/// A person says this, in answer to a message or to none.
fn says(world: &mut World, person: &Person, way: &str, to: Option<MessageId>, words: &str) {
    let person = to.map_or_else(|| person.clone(), |to| person.answering(to));
    if way == "text" {
        person.sends_text(words);
    } else {
        person.sends_voice(words, 3).unwrap();
    }
    world.settles();
}

/// The text of the last question whether words are meant for a video.
fn offer(person: &Person) -> String {
    button(person, Tap::USE_TEXT).0.text.replace('\u{a0}', " ")
}

/// The photo of the last order.
fn filmed(world: &World) -> i64 {
    world.count("select photo_id from orders order by id desc limit 1")
}

/// Something of a video, and the message in which it stands.
type Find = fn(&mut World, &Person) -> MessageId;

fn video(_: &mut World, person: &Person) -> MessageId {
    person.videos()[0].id
}

fn file(world: &mut World, person: &Person) -> MessageId {
    world.taps(person, VideoTap::AS_FILE);
    let is_file = |message: &&ShownMessage| message.from_bot && message.media.is_some();
    person.chat().iter().rfind(is_file).unwrap().id
}

fn again(world: &mut World, person: &Person) -> MessageId {
    person.sends_text("/my");
    world.settles();
    world.taps(person, VideoTap::AGAIN);
    person.videos().pop().unwrap().id
}

fn closing(_: &mut World, person: &Person) -> MessageId {
    button(person, Tap::MORE_WITH_PHOTO).0.id
}

#[test]
fn an_answer_to_a_video_or_to_the_end_of_an_order_is_about_its_product() {
    let finds: [(&str, Find); 4] =
        [("video", video), ("file", file), ("again", again), ("closing", closing)];
    for (number, (what, find)) in finds.into_iter().enumerate() {
        for way in WAYS {
            let (mut world, anna) = listening(MODELS[number % 2], 2);
            anna.sends_photo_with(PHOTO, "арт. 55").unwrap();
            world.settles();
            world.taps(&anna, Tap::PRESET);
            world.taps_count(&anna, 1);
            world.all_work_is_done();
            let answered = find(&mut world, &anna);
            anna.sends_photo(&different(1)[0]).unwrap();
            world.settles();
            says(&mut world, &anna, way, Some(answered), "пусть идёт снег");
            let asked = offer(&anna);
            assert!(asked.contains("пусть идёт снег"), "{what} {way}: {asked}");
            assert!(asked.contains("📦 арт. 55"), "{what} {way}: {asked}");
            assert_eq!(world.stage.gpt.seen().len(), 1, "{what} {way}: it is asked about first");
            world.taps(&anna, Tap::USE_TEXT);
            assert!(world.stage.gpt.seen()[1].to_string().contains("пусть идёт снег"));
            world.taps_count(&anna, 1);
            world.all_work_is_done();
            assert_eq!((filmed(&world), anna.videos().len() > 1), (1, true), "{what} {way}");
        }
    }
}

#[test]
fn an_answer_to_an_old_video_is_about_it_however_long_ago_that_was() {
    for way in WAYS {
        let (mut world, anna) = listening(MODELS[0], 2);
        world.orders(&anna, 1);
        world.all_work_is_done();
        let closing = button(&anna, Tap::MORE_WITH_PHOTO).0.id;
        world.passes(Duration::from_hours(24 * 40));
        world.janitor_goes_round();
        for answered in [anna.videos()[0].id, closing] {
            anna.sends_photo(&different(1)[0]).unwrap();
            world.settles();
            says(&mut world, &anna, way, Some(answered), "пусть идёт снег");
            world.taps(&anna, Tap::USE_TEXT);
        }
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(filmed(&world), 1);
    }
}

#[test]
fn where_the_photo_of_a_video_is_gone_another_is_asked_for() {
    for way in WAYS {
        let (mut world, anna) = listening(MODELS[1], 2);
        world.orders(&anna, 1);
        world.all_work_is_done();
        let video = anna.videos()[0].id;
        anna.sends_photo(&different(1)[0]).unwrap();
        world.settles();
        world.database_changes("update photos set bot_id = 0 where id = 1");
        says(&mut world, &anna, way, Some(video), "пусть идёт снег");
        assert!(reads(&anna, "Этого фото у меня больше нет"), "{way} {:#?}", texts(&anna));
        assert_eq!(world.count("select count(*) from scripts where source = 'own_text'"), 0);
        assert!(!reads(&anna, "по вашему тексту?"), "{way} {:#?}", texts(&anna));
    }
}

/// A series of three products was ordered and is done.
fn with_series(model: &str, credits: i64) -> (World, Person) {
    let (mut world, anna) = listening(model, credits);
    sends(&mut world, &anna, 3, &["арт. 101", "", "арт. 103"]);
    world.taps(&anna, AlbumTap::PRESET);
    (world, anna)
}

fn is_done(world: &mut World, anna: &Person) {
    let (screen, data) = order(anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
}

#[test]
fn an_answer_to_the_end_of_a_series_is_about_all_its_products() {
    for model in MODELS {
        for way in WAYS {
            let (mut world, anna) = with_series(model, 6);
            is_done(&mut world, &anna);
            let closing = button(&anna, AlbumTap::MORE).0.id;
            world.sends_photo(&anna);
            says(&mut world, &anna, way, Some(closing), "пусть идёт снег");
            assert!(offer(&anna).contains("Снять все 3 товара по вашему тексту?"), "{way}");
            world.taps(&anna, Tap::USE_TEXT);
            let asked = world.stage.gpt.seen();
            assert_eq!(asked.iter().filter(|asked| asked.to_string().contains("снег")).count(), 3);
            is_done(&mut world, &anna);
            assert_eq!((anna.videos().len(), world.balance(&anna)), (6, 0), "{model} {way}");
        }
    }
}

#[test]
fn an_answer_to_a_video_of_a_series_is_about_its_one_product() {
    for way in WAYS {
        let (mut world, anna) = with_series(MODELS[0], 4);
        is_done(&mut world, &anna);
        let second = anna.videos().into_iter().find(|video| video.text.contains("📦 Товар 2"));
        says(&mut world, &anna, way, Some(second.unwrap().id), "пусть идёт снег");
        assert!(offer(&anna).contains("📦 Товар 2\n"), "{way}: {}", offer(&anna));
        world.taps(&anna, Tap::USE_TEXT);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((filmed(&world), world.balance(&anna)), (2, 0));
    }
}

#[test]
fn words_after_a_series_are_about_all_its_products_and_say_so() {
    for is_ordered in [false, true] {
        for way in WAYS {
            let (mut world, anna) = with_series(MODELS[usize::from(is_ordered)], 6);
            if is_ordered {
                is_done(&mut world, &anna);
            }
            says(&mut world, &anna, way, None, "пусть идёт снег");
            assert!(offer(&anna).contains("Снять все 3 товара по вашему тексту?"), "{way}");
            assert!(offer(&anna).contains("пусть идёт снег"));
            assert_eq!(world.stage.gpt.seen().len(), 3, "it is asked about first");
            let (screen, yes) = button(&anna, Tap::USE_TEXT);
            anna.taps_twice(screen.id, &yes).unwrap();
            world.settles();
            assert_eq!(world.stage.gpt.seen().len(), 6);
            is_done(&mut world, &anna);
            assert_eq!(anna.videos().len(), if is_ordered { 6 } else { 3 });
            let boris = world.person_with("Борис", "ru", 9);
            boris.forges_tap(screen.id, &yes);
            world.settles();
            assert!(reads(&boris, "устарела"), "{:#?}", texts(&boris));
        }
    }
}

#[test]
fn an_answer_to_one_photo_of_a_series_is_about_that_product_and_says_so() {
    for (number, name) in [(0, "📦 Товар 1 · арт. 101\n"), (1, "📦 Товар 2\n")] {
        for way in WAYS {
            let (mut world, anna) = with_series(MODELS[number], 3);
            let photo = photos(&anna)[number];
            says(&mut world, &anna, way, Some(photo), "пусть идёт снег");
            assert!(offer(&anna).contains(name), "{way}: {}", offer(&anna));
            world.taps(&anna, Tap::USE_TEXT);
            assert_eq!(world.stage.gpt.seen().len(), 4);
            world.taps_count(&anna, 1);
            assert_eq!(filmed(&world), i64::try_from(number).unwrap() + 1, "{way}");
            world.all_work_is_done();
        }
    }
}

#[test]
fn an_answer_to_the_scripts_of_a_series_is_about_all() {
    for way in WAYS {
        let (mut world, anna) = with_series(MODELS[1], 3);
        let scripts = button(&anna, AlbumTap::ORDER).0.id;
        world.sends_photo(&anna);
        says(&mut world, &anna, way, Some(scripts), "пусть идёт снег");
        assert!(offer(&anna).contains("Снять все 3 товара"), "{way}: {}", offer(&anna));
    }
}

#[test]
fn several_short_messages_after_a_series_are_one_text() {
    let (mut world, anna) = with_series(MODELS[0], 3);
    for text in ["/balance", "/help", "/balance", "/help", "/balance", "пусть летит", "над морем"]
    {
        anna.sends_text(text);
    }
    world.settles();
    assert_eq!(count_of(&anna, "по вашему тексту?"), 1, "{:#?}", texts(&anna));
    assert!(offer(&anna).contains("пусть летит\nнад морем"), "{}", offer(&anna));
    count_button_is_missing(&anna);
}

fn count_button_is_missing(person: &Person) {
    let chat = person.chat();
    assert!(!chat.iter().any(|message| message.data().any(|data| data.starts_with(Tap::ORDER))));
}

#[test]
fn a_text_that_begins_with_the_name_of_a_product_is_about_that_product() {
    for (words, name, number) in [
        ("арт. 101: пусть идёт снег", "📦 Товар 1 · арт. 101\n", 1),
        ("Артикул 103 пусть идёт снег", "📦 Товар 3 · арт. 103\n", 3),
        ("103 — пусть идёт снег", "📦 Товар 3 · арт. 103\n", 3),
        ("товар 2, пусть идёт снег", "📦 Товар 2\n", 2),
    ] {
        for way in WAYS {
            let (mut world, anna) = with_series(MODELS[0], 3);
            says(&mut world, &anna, way, None, words);
            let asked = offer(&anna);
            assert!(asked.contains(name) && asked.contains("\nпусть идёт снег"), "{way}: {asked}");
            world.taps(&anna, Tap::USE_TEXT);
            world.taps_count(&anna, 1);
            assert_eq!(filmed(&world), number, "{words} {way}");
            world.all_work_is_done();
        }
    }
}

#[test]
fn a_name_that_is_another_products_is_no_new_name_of_the_newest() {
    let (mut world, anna) = World::with_anna(2);
    anna.sends_photo_with(PHOTO, "арт. 201").unwrap();
    anna.sends_photo_with(&different(1)[0], "арт. 202").unwrap();
    world.settles();
    anna.sends_text("арт. 201 пусть идёт снег");
    world.settles();
    assert!(offer(&anna).contains("📦 арт. 201\n"), "{}", offer(&anna));
    assert_eq!(button(&anna, Tap::USE_TEXT).0.reply_to, Some(photos(&anna)[0]));
    // The name alone asks for its ideas.
    anna.sends_text("арт. 201");
    world.settles();
    let ideas = anna.last().unwrap();
    assert!(ideas.text.contains("📦 арт. 201"), "{ideas:?}");
    assert_eq!(ideas.reply_to, Some(photos(&anna)[0]));
    // A change of what was said is no new name either.
    let said = anna.sends_text("кружка летит");
    world.settles();
    anna.edits_message(said, "арт. 202 кружка летит");
    world.settles();
    let named = "select count(*) from drafts where name = 'арт. 202'";
    assert_eq!(world.count(named), 1);
    assert_eq!(world.count("select count(distinct name) from drafts"), 2);
}

#[test]
fn a_text_that_begins_as_what_stands_under_a_photo_is_about_that_photo() {
    let (mut world, anna) = World::with_anna(3);
    sends(&mut world, &anna, 3, &["", "Синяя кружка\nна снегу", ""]);
    world.taps(&anna, AlbumTap::CAPTIONS);
    anna.sends_text("синяя кружка: пусть идёт дождь");
    world.settles();
    assert!(offer(&anna).contains("📦 Товар 2\n"), "{}", offer(&anna));
    anna.sends_text("синяя кружка парит над морем");
    world.settles();
    assert!(offer(&anna).contains("все 3 товара"), "{}", offer(&anna));
}

#[test]
fn words_for_all_are_neither_the_caption_nor_the_name_of_one() {
    for way in WAYS {
        let (mut world, anna) = listening(MODELS[1], 6);
        anna.sends_album_with(&different(3), &["арт. 101", "", "у моря"]).unwrap();
        world.settles();
        says(&mut world, &anna, way, None, "пусть идёт снег");
        let (question, many) = crate::albums::many(&anna);
        anna.taps(question.id, &many).unwrap();
        world.settles();
        let ideas = anna.last().unwrap().text;
        assert!(ideas.contains("1. у моря\n2. у моря\n3. у моря") || ideas.contains("у моря"));
        assert!(!ideas.contains(". пусть идёт снег"), "{way}: {ideas}");
        assert!(ideas.contains("по вашему тексту?\nпусть идёт снег"), "{way}: {ideas}");
        world.taps(&anna, Tap::USE_TEXT);
        let asked = world.stage.gpt.seen();
        assert_eq!(asked.iter().filter(|asked| asked.to_string().contains("снег")).count(), 3);
        is_done(&mut world, &anna);
        let captions: Vec<String> = anna.videos().into_iter().map(|video| video.text).collect();
        assert!(captions.iter().all(|caption| !caption.contains("снег")), "{captions:?}");
        assert_eq!(world.count("select count(*) from drafts where name is not null"), 1);
        // What is asked about and not taken is nobody's caption later.
        says(&mut world, &anna, way, None, "пусть идёт дождь");
        world.taps(&anna, AlbumTap::MORE);
        let ideas = anna.last().unwrap().text;
        assert!(ideas.contains("у моря") && !ideas.contains("дождь"), "{way}: {ideas}");
        // An article that no product has is the name of none.
        says(&mut world, &anna, "text", None, "отмена");
        says(&mut world, &anna, way, None, "арт. 999 пусть идёт град");
        assert!(offer(&anna).contains("все 3 товара"), "{way}: {}", offer(&anna));
        assert_eq!(world.count("select count(*) from drafts where name = 'арт. 999'"), 0);
    }
}

#[test]
fn words_for_all_photos_of_one_product_are_its_own() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album_with(&different(3), &["", "у моря"]).unwrap();
    world.settles();
    anna.sends_text("пусть идёт снег");
    world.settles();
    let (question, one) = crate::albums::one(&anna);
    anna.taps(question.id, &one).unwrap();
    world.settles();
    world.taps(&anna, AlbumTap::CHOOSE_PHOTO);
    assert!(offer(&anna).contains("пусть идёт снег"), "{}", offer(&anna));
    world.taps(&anna, Tap::USE_TEXT);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_text_for_all_that_is_changed_is_asked_about_anew() {
    let (mut world, anna) = with_series(MODELS[0], 9);
    let said = anna.sends_text("пусть идёт снег");
    world.settles();
    anna.edits_message(said, "пусть идёт дождь");
    world.settles();
    assert_eq!(count_of(&anna, "по вашему тексту?"), 1, "{:#?}", texts(&anna));
    assert!(offer(&anna).contains("все 3 товара") && offer(&anna).contains("дождь"));
    world.taps(&anna, Tap::USE_TEXT);
    assert_eq!(world.count("select count(*) from scripts where idea = 'пусть идёт дождь'"), 3);
    anna.edits_message(said, "пусть идёт град");
    world.settles();
    assert!(offer(&anna).contains("все 3 товара") && offer(&anna).contains("град"));
    world.taps(&anna, AlbumTap::MORE);
    let said = anna.sends_text("пусть светит солнце");
    world.settles();
    assert_eq!(world.count("select count(*) from scripts where idea = 'пусть светит солнце'"), 3);
    anna.edits_message(said, "пусть светит луна");
    world.settles();
    assert!(offer(&anna).contains("все 3 товара") && offer(&anna).contains("луна"));
}

#[test]
fn an_answer_to_the_question_about_all_is_about_all() {
    let (mut world, anna) = with_series(MODELS[0], 3);
    says(&mut world, &anna, "text", None, "пусть идёт снег");
    let (question, _) = button(&anna, Tap::USE_TEXT);
    let own = anna.chat().into_iter().find(|message| message.text == "пусть идёт снег").unwrap();
    world.sends_photo(&anna);
    for answered in [question.id, own.id] {
        says(&mut world, &anna, "text", Some(answered), "пусть идёт дождь");
        assert!(offer(&anna).contains("все 3 товара"), "{}", offer(&anna));
    }
}

#[test]
fn thanks_are_words_about_nothing() {
    for way in WAYS {
        let (mut world, anna) = with_series(MODELS[1], 3);
        is_done(&mut world, &anna);
        let closing = button(&anna, AlbumTap::MORE).0.id;
        let video = anna.videos()[0].id;
        let drafts = world.count("select count(*) from drafts");
        for answered in [None, Some(closing), Some(video)] {
            says(&mut world, &anna, way, answered, "Спасибо!");
            assert!(reads(&anna, "Я снимаю видео по фото"), "{way} {:#?}", texts(&anna));
            assert!(!reads(&anna, "по вашему тексту?"), "{way} {:#?}", texts(&anna));
        }
        world.sends_photo(&anna);
        says(&mut world, &anna, way, None, "спасибо");
        assert_eq!(world.count("select count(*) from drafts"), drafts + 1);
        assert_eq!(world.count("select count(*) from scripts where source = 'own_text'"), 0);
    }
}

#[test]
fn the_own_text_of_one_product_is_for_that_one_though_a_series_is_open() {
    let (mut world, anna) = with_series(MODELS[0], 4);
    is_done(&mut world, &anna);
    let second = anna.videos().into_iter().find(|video| video.text.contains("📦 Товар 2")).unwrap();
    let style = second.data().find(|data| data.starts_with(VideoTap::OTHER_STYLE)).unwrap();
    anna.taps(second.id, style).unwrap();
    world.settles();
    world.taps(&anna, Tap::OWN_TEXT);
    anna.sends_text("пусть идёт снег");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 4, "it was asked for");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(filmed(&world), 2);
}

#[test]
fn a_text_too_long_for_a_series_is_refused_whole() {
    let (mut world, anna) = with_series(MODELS[0], 3);
    world.taps(&anna, AlbumTap::MORE);
    anna.sends_text(&"ж".repeat(4096));
    anna.sends_text("и конец");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 3, "the rest of it is no text");
    assert!(!reads(&anna, "по вашему тексту?"), "{:#?}", texts(&anna));
}

#[test]
fn what_a_person_answers_that_is_forgotten_is_about_no_other_product() {
    for way in WAYS {
        let (mut world, anna) = with_series(MODELS[1], 3);
        is_done(&mut world, &anna);
        let closing = button(&anna, AlbumTap::MORE).0.id;
        let photo = photos(&anna)[0];
        world.passes(Duration::from_hours(24 * 8));
        world.janitor_goes_round();
        world.sends_photo(&anna);
        for answered in [closing, photo] {
            says(&mut world, &anna, way, Some(answered), "пусть идёт снег");
            assert!(reads(&anna, "снять больше не получится"), "{way} {:#?}", texts(&anna));
            assert!(!reads(&anna, "по вашему тексту?"), "{way} {:#?}", texts(&anna));
        }
    }
}

#[test]
fn a_video_of_somebody_else_is_nothing_to_answer() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    let boris = world.person_with("Борис", "ru", 1);
    world.sends_photo(&boris);
    let id = boris.id().0;
    let person = serde_json::json!({"id": id, "is_bot": false, "first_name": "Борис"});
    let chat = serde_json::json!({"id": id, "type": "private", "first_name": "Борис"});
    let keyboard = serde_json::json!([[{"text": "👍", "callback_data": "v:1:up"}]]);
    world.stage.telegram.raw_update(serde_json::json!({"message": {
        "message_id": 900_001, "date": 1_795_000_000, "from": person, "chat": chat,
        "text": "пусть идёт снег",
        "reply_to_message": {
            "message_id": 900_000, "date": 1_795_000_000, "chat": chat,
            "from": {"id": 1_000_001, "is_bot": true, "first_name": "bot"},
            "reply_markup": {"inline_keyboard": keyboard},
        },
    }}));
    world.settles();
    assert_eq!(world.count("select count(*) from drafts where photo_id = 1"), 1);
    assert!(reads(&boris, "снять больше не получится"), "{:#?}", texts(&boris));
}

#[test]
fn an_answer_is_about_what_it_answers_whatever_it_names() {
    for way in WAYS {
        let (mut world, anna) = with_series(MODELS[0], 3);
        let first = photos(&anna)[0];
        says(&mut world, &anna, way, Some(first), "товар 3 рядом, идёт снег");
        assert!(offer(&anna).contains("📦 Товар 1 · арт. 101\n"), "{way}: {}", offer(&anna));
        assert!(offer(&anna).contains("товар 3 рядом, идёт снег"), "{way}: {}", offer(&anna));
    }
}

#[test]
fn an_answer_to_how_the_orders_of_a_series_stand_is_about_all() {
    let (mut world, anna) = with_series(MODELS[0], 6);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    world.sends_photo(&anna);
    says(&mut world, &anna, "text", Some(screen.id), "пусть идёт снег");
    assert!(offer(&anna).contains("все 3 товара"), "{}", offer(&anna));
    world.all_work_is_done();
}

#[test]
fn an_answer_to_a_refused_photo_is_about_no_other_product() {
    let people = "The uploaded image contains photorealistic people";
    for way in WAYS {
        let (mut world, anna) = listening(MODELS[1], 1);
        world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", people)));
        world.orders(&anna, 1);
        world.all_work_is_done();
        let closing = button(&anna, Tap::ANOTHER_PHOTO).0.id;
        anna.sends_photo(&different(1)[0]).unwrap();
        world.settles();
        says(&mut world, &anna, way, Some(closing), "почему? там нет людей");
        assert!(reads(&anna, "снять больше не получится"), "{way} {:#?}", texts(&anna));
        assert!(!reads(&anna, "по вашему тексту?"), "{way} {:#?}", texts(&anna));
    }
}

#[test]
fn an_answer_to_the_news_that_a_video_failed_is_about_its_product() {
    let brand = "the output video may be related to copyright restrictions";
    let (mut world, anna) = World::with_anna(3);
    world.stage.kie.next(RenderOutcome::Fail(FailureText::new("500", brand)));
    anna.sends_photo_with(PHOTO, "арт. 55").unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let news = anna.chat().into_iter().find(|message| message.text.starts_with('❌'));
    let Some(news) = news else { panic!("{:#?}", texts(&anna)) };
    anna.sends_photo(&different(1)[0]).unwrap();
    world.settles();
    says(&mut world, &anna, "text", Some(news.id), "пусть идёт снег");
    assert!(offer(&anna).contains("📦 арт. 55\n"), "{}", offer(&anna));
}

#[test]
fn a_product_that_comes_again_under_another_name_is_not_what_was_filmed() {
    let (mut world, anna) = World::with_anna(2);
    anna.sends_photo_with(PHOTO, "арт. 55").unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let video = anna.videos()[0].id;
    anna.sends_photo_with(PHOTO, "арт. 77").unwrap();
    anna.sends_album(&[PHOTO.to_vec(), different(1).remove(0)]).unwrap();
    world.settles();
    says(&mut world, &anna, "text", Some(video), "пусть идёт снег");
    assert!(offer(&anna).contains("📦 арт. 55\n"), "{}", offer(&anna));
}

#[test]
fn after_a_text_for_all_an_answer_to_any_photo_is_asked_about_alike() {
    for number in 0..3 {
        let (mut world, anna) = World::with_anna(3);
        sends(&mut world, &anna, 3, &[]);
        world.taps(&anna, AlbumTap::OWN_TEXT);
        anna.sends_text("пусть идёт дождь");
        world.settles();
        let photo = photos(&anna)[number];
        says(&mut world, &anna, "text", Some(photo), "пусть идёт снег");
        assert!(offer(&anna).contains(&format!("📦 Товар {}\n", number + 1)), "{}", offer(&anna));
        assert_eq!(world.stage.gpt.seen().len(), 3);
    }
}

#[test]
fn an_answer_to_a_video_is_no_search_and_no_name_of_a_style() {
    for tap in [VideoTap::SEARCH, VideoTap::RENAME_STYLE] {
        for way in WAYS {
            let (mut world, anna) = listening(MODELS[0], 1);
            world.orders(&anna, 1);
            world.all_work_is_done();
            let video = anna.videos()[0].id;
            world.taps(&anna, VideoTap::KEEP_STYLE);
            anna.sends_text("/my");
            world.settles();
            if tap == VideoTap::RENAME_STYLE {
                world.taps(&anna, VideoTap::STYLES);
                world.taps(&anna, VideoTap::STYLE);
            }
            world.taps(&anna, tap);
            says(&mut world, &anna, way, Some(video), "пусть идёт снег");
            assert!(offer(&anna).contains("пусть идёт снег"), "{tap} {way}");
            assert!(!reads(&anna, "ничего не нашлось"), "{:#?}", texts(&anna));
            let renamed = "select count(*) from styles where name = 'пусть идёт снег'";
            assert_eq!(world.count(renamed), 0);
        }
    }
}

#[test]
fn a_name_goes_before_what_is_asked_of_all() {
    for way in WAYS {
        let (mut world, anna) = listening(MODELS[1], 3);
        sends(&mut world, &anna, 3, &["", "арт. 102"]);
        world.taps(&anna, AlbumTap::OWN_TEXT);
        says(&mut world, &anna, way, None, "товар 2: пусть идёт снег");
        assert!(offer(&anna).contains("📦 Товар 2 · арт. 102\n"), "{way}: {}", offer(&anna));
        assert!(world.stage.gpt.seen().is_empty(), "{way}");
        anna.sends_text("пусть идёт дождь");
        world.settles();
        assert_eq!(world.stage.gpt.seen().len(), 3, "the text for all is still awaited");
    }
}

#[test]
fn words_that_begin_with_a_new_name_are_asked_about_under_that_name() {
    let (mut world, anna) = World::with_anna(1);
    let photo = anna.sends_photo_with(PHOTO, "арт. 20").unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    says(&mut world, &anna, "text", None, "арт. 99 в лесу");
    assert!(
        offer(&anna).contains("📦 арт. 99") && offer(&anna).contains("в лесу"),
        "{}",
        offer(&anna)
    );
    anna.edits_message(photo, "арт. 13 ваза в траве");
    world.settles();
    assert!(offer(&anna).contains("📦 арт. 13"), "{}", offer(&anna));
}

#[test]
fn a_text_that_is_changed_to_name_another_product_is_about_that_one() {
    let (mut world, anna) = World::with_anna(2);
    for (name, photo) in ["арт. 12", "арт. 20"].into_iter().zip(different(2)) {
        anna.sends_photo_with(&photo, name).unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
    }
    anna.sends_text("арт. 12 в снегу");
    world.settles();
    assert!(offer(&anna).contains("📦 арт. 12"), "{}", offer(&anna));
    let text = anna.chat().into_iter().rfind(|message| !message.from_bot).unwrap().id;
    anna.edits_message(text, "арт. 20 под дождём");
    world.settles();
    assert!(
        offer(&anna).contains("📦 арт. 20") && offer(&anna).contains("под дождём"),
        "{}",
        offer(&anna)
    );
    assert!(!offer(&anna).contains("арт. 12"), "{}", offer(&anna));
}
