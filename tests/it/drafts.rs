//! Several photos at once, texts that nobody asked for, and what a person changes.

use std::time::Duration;

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::{button, button_with, count_button},
};
use reelbot::testing::{
    chat::{Tap, VideoTap},
    domain::{DraftId, MessageId},
    sandbox::{FailureText, GptReply, PHOTO, Person, RenderOutcome, ShownMessage},
};

/// Another photo than the usual one.
fn shoe() -> Vec<u8> {
    [PHOTO, b"\0"].concat()
}

/// The message under which a photo's ideas are, and a button of it.
fn idea_for(person: &Person, photo: &ShownMessage) -> (ShownMessage, String) {
    let chat = person.chat();
    let ideas = chat.iter().find(|message| {
        message.reply_to == Some(photo.id) && message.data().any(|d| d.starts_with(Tap::PRESET))
    });
    let ideas = ideas.unwrap_or_else(|| panic!("no ideas for {photo:?} in {chat:#?}")).clone();
    let data = ideas.data().find(|data| data.starts_with(Tap::PRESET)).unwrap().to_owned();
    (ideas, data)
}

fn photos(person: &Person) -> Vec<ShownMessage> {
    let is_photo = |message: &ShownMessage| !message.from_bot && message.media.is_some();
    person.chat().into_iter().filter(is_photo).collect()
}

#[test]
fn a_preset_under_a_photo_makes_a_video_of_that_photo() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    anna.sends_photo(&shoe()).unwrap();
    world.settles();
    let photos = photos(&anna);
    let (mug_ideas, mug) = idea_for(&anna, &photos[0]);
    let (shoe_ideas, shoe) = idea_for(&anna, &photos[1]);
    anna.taps(mug_ideas.id, &mug).unwrap();
    world.settles();
    anna.taps(shoe_ideas.id, &shoe).unwrap();
    world.settles();
    // The buttons of both scripts are there, each in the message of its own photo's ideas.
    let chat = anna.chat();
    let scripts: Vec<_> =
        chat.iter().filter(|m| m.data().any(|data| data.starts_with(Tap::ORDER))).collect();
    assert_eq!(scripts.len(), 2, "{chat:#?}");
    assert_eq!((scripts[0].id, scripts[0].reply_to), (mug_ideas.id, Some(photos[0].id)));
    let order = scripts[0].data().find(|data| data.starts_with(Tap::ORDER)).unwrap();
    anna.taps(scripts[0].id, order).unwrap();
    world.all_work_is_done();
    let uploads = world.stage.kie.uploads();
    assert_eq!((uploads.len(), anna.videos().len()), (1, 1));
    let order = scripts[1].data().find(|data| data.starts_with(Tap::ORDER)).unwrap();
    anna.taps(scripts[1].id, order).unwrap();
    world.all_work_is_done();
    let after = world.stage.kie.uploads();
    assert_eq!((after.len(), anna.videos().len(), world.balance(&anna)), (2, 2, 0));
    assert_ne!(after[0], after[1], "each video is of its own photo");
}

#[test]
fn what_is_written_for_one_photo_arrives_whatever_the_person_does_meanwhile() {
    for meanwhile in ["photo", "/start", "/menu", "баланс", "красота"] {
        let (mut world, anna) = World::with_anna(1);
        world.sends_photo(&anna);
        let (ideas, preset) = button(&anna, Tap::PRESET);
        anna.taps(ideas.id, &preset).unwrap();
        // The tap is fetched and handled; the script is still to be written.
        assert!(world.moves() && world.moves());
        let _ = match meanwhile {
            "photo" => anna.sends_photo(&shoe()).unwrap(),
            text => anna.sends_text(text),
        };
        world.settles();
        assert!(!reads(&anna, "Пишу сценарий"), "{meanwhile}: {:#?}", texts(&anna));
        let (script, order) = count_button(&anna, 1);
        assert_eq!(script.id, ideas.id);
        anna.taps(script.id, &order).unwrap();
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "{meanwhile}");
    }
}

#[test]
fn buttons_of_an_old_order_take_nothing_from_the_script_that_is_ready() {
    for old in [Tap::MENU, Tap::MORE_WITH_PHOTO] {
        let (mut world, anna) = World::with_anna(3);
        world.orders(&anna, 1);
        world.all_work_is_done();
        let (closing, data) = button(&anna, old);
        anna.sends_photo(&shoe()).unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        let (script, order) = count_button(&anna, 1);
        anna.taps(closing.id, &data).unwrap();
        world.settles();
        anna.taps(script.id, &order).unwrap();
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 2, "{old}");
    }
}

#[test]
fn a_text_that_nobody_asked_for_is_asked_about_and_the_script_stays_good() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, order) = count_button(&anna, 1);
    anna.sends_text("спасибо, а сколько это стоит?");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1, "GPT was not asked");
    assert!(reads(&anna, "по вашему тексту?"), "{:#?}", texts(&anna));
    let (asked, _) = button(&anna, Tap::USE_TEXT);
    assert_eq!(asked.reply_to, Some(photos(&anna)[0].id), "it shows which photo it is about");
    anna.taps(script.id, &order).unwrap();
    world.settles();
    assert_eq!(world.jobs().len(), 1);
    world.taps(&anna, Tap::USE_TEXT);
    assert_eq!(world.stage.gpt.seen().len(), 2);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 0), "both can be ordered");
}

#[test]
fn a_text_during_a_render_is_answered_with_how_far_the_order_is() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    anna.sends_text("когда будет готово?");
    world.settles();
    assert!(reads(&anna, "Ваши 3 видео в работе"), "{:#?}", texts(&anna));
    assert!(!reads(&anna, "Сначала отправьте фото"));
    world.all_work_is_done();
}

#[test]
fn words_that_come_while_a_script_is_written_are_kept() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, Tap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    assert!(world.moves() && world.moves());
    anna.sends_text("и пусть идёт снег");
    world.settles();
    assert!(reads(&anna, "и пусть идёт снег"), "{:#?}", texts(&anna));
    world.taps(&anna, Tap::USE_TEXT);
    let asked = world.stage.gpt.seen().last().unwrap().to_string();
    assert!(asked.contains("и пусть идёт снег"), "{asked}");
}

#[test]
fn a_changed_own_text_is_written_anew() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    let text = anna.sends_text("кружка на столе");
    world.settles();
    let (first, order) = count_button(&anna, 1);
    anna.edits_message(text, "кружка на подоконнике");
    world.settles();
    let asked = world.stage.gpt.seen().last().unwrap().to_string();
    assert!(asked.contains("подоконнике"), "{asked}");
    let (second, _) = count_button(&anna, 1);
    assert_ne!(first.id, second.id, "the first script stays orderable");
    anna.taps(first.id, &order).unwrap();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 2);
    // The same words again, as when a link gets its preview, are no change.
    let seen = world.stage.gpt.seen().len();
    anna.edits_message(text, "кружка на подоконнике");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), seen);
}

#[test]
fn an_own_text_that_is_changed_while_it_is_written_is_the_one_that_counts() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    let text = anna.sends_text("кружка");
    assert!(world.moves() && world.moves());
    anna.edits_message(text, "красная кружка");
    world.settles();
    let seen = world.stage.gpt.seen();
    assert!(seen.last().unwrap().to_string().contains("красная кружка"), "{seen:#?}");
    let scripts = |message: &ShownMessage| message.data().any(|data| data.starts_with(Tap::ORDER));
    assert_eq!(anna.chat().iter().filter(|message| scripts(message)).count(), 1);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn an_edited_script_is_the_prompt_itself() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    anna.sends_text("The cup turns slowly, café light.");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1, "GPT writes nothing over what she wrote");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let prompt = world.stage.kie.tasks()[0].input["prompt"].clone();
    assert_eq!(prompt, "The cup turns slowly, café light.");
}

#[test]
fn an_edited_script_in_russian_is_translated() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    world.stage.gpt.next(GptReply::Say { text: "A cup turns on a table.".to_owned() });
    anna.sends_text("Кружка крутится на столе.");
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A cup turns on a table.");
    assert!(world.stage.gpt.seen().last().unwrap().to_string().contains("Кружка крутится"));
}

#[test]
fn a_russian_reads_what_will_be_seen_in_russian() {
    let (mut world, anna) = World::with_anna(1);
    let answer = r#"{"prompt": "A mug turns.", "summary_ru": "Кружка вращается.", "summary_en": "A mug turns around."}"#;
    world.stage.gpt.next(GptReply::Say { text: answer.to_owned() });
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let script = anna.last().unwrap();
    assert!(script.text.contains("Кружка вращается."), "{script:?}");
    assert!(script.html.contains("expandable"), "{script:?}");
    let chloe = world.person_with("Chloe", "en", 1);
    world.stage.gpt.next(GptReply::Say { text: answer.to_owned() });
    world.sends_photo(&chloe);
    world.taps(&chloe, Tap::PRESET);
    assert!(reads(&chloe, "A mug turns around."), "{:#?}", texts(&chloe));
}

#[test]
fn what_is_written_under_a_photo_is_offered_beside_the_ideas() {
    let (mut world, anna) = World::with_anna(2);
    anna.sends_photo_with(PHOTO, "кружка парит над морем").unwrap();
    world.settles();
    assert!(reads(&anna, "Снять по вашему тексту?"), "{:#?}", texts(&anna));
    let (ideas, _) = button(&anna, Tap::PRESET);
    let (offer, _) = button(&anna, Tap::USE_TEXT);
    assert_eq!(ideas.id, offer.id);
    world.taps(&anna, Tap::USE_TEXT);
    assert!(world.stage.gpt.seen()[0].to_string().contains("кружка парит над морем"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn scripts_without_end_cost_the_operator_little() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    for _ in 0..13 {
        world.taps(&anna, Tap::ANOTHER_SCRIPT);
    }
    let free = world.stage.gpt.seen().len();
    assert!((3..=6).contains(&free), "{free}");
    assert!(reads(&anna, "Сценарист своё отработал") || reads(&anna, "своё отработал"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1, "what is there can be ordered");
    for _ in 0..13 {
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
    }
    assert!(world.stage.gpt.seen().len() > free + 10, "a customer gets more");
}

#[test]
fn a_person_without_credits_can_ask_for_so_many_scripts_a_day() {
    let (mut world, anna) = World::with_anna(1);
    for _ in 0..30 {
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
    }
    assert_eq!(world.stage.gpt.seen().len(), 20);
    world.passes(Duration::from_hours(25));
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    assert_eq!(world.stage.gpt.seen().len(), 21);
}

#[test]
fn whatever_comes_first_is_greeted_once_before_it_is_answered() {
    let first: [fn(&Person); 4] = [
        |person| {
            person.sends_photo(PHOTO).unwrap();
        },
        |person| {
            person.sends_text("здравствуйте");
        },
        |person| {
            person.sends_sticker().unwrap();
        },
        |person| {
            person.sends_text("/balance");
        },
    ];
    for come in first {
        let mut world = World::new();
        let boris = world.stage.telegram.person("Борис", "ru");
        come(&boris);
        world.settles();
        let read = texts(&boris);
        assert!(
            read[0].contains("👋") && read[0].contains("Подарок, чтобы попробовать"),
            "{read:#?}"
        );
        assert!(read.len() >= 2, "it is answered as well: {read:#?}");
        boris.sends_text("/start");
        world.settles();
        assert_eq!(count_of(&boris, "👋"), 1, "{:#?}", texts(&boris));
    }
}

#[test]
fn a_person_who_lets_the_bot_in_and_then_starts_is_greeted() {
    let mut world = World::new();
    let boris = world.stage.telegram.person("Борис", "ru");
    boris.blocks();
    boris.unblocks();
    world.settles();
    boris.sends_text("/start ref_42");
    world.settles();
    assert_eq!(count_of(&boris, "Подарок, чтобы попробовать"), 1, "{:#?}", texts(&boris));
    let kept = "select count(*) from users where start_payload = 'ref_42'";
    assert_eq!(world.count(kept), 1);
    boris.sends_text("/start ref_43");
    boris.sends_text("/start не так!");
    world.settles();
    assert_eq!(world.count(kept), 1, "the first payload stays");
}

#[test]
fn a_text_is_awaited_for_ten_minutes_and_until_something_else_is_chosen() {
    let asks = |world: &mut World, anna: &Person| {
        world.sends_photo(anna);
        world.taps(anna, Tap::OWN_TEXT);
    };
    let (mut world, anna) = World::with_anna(1);
    asks(&mut world, &anna);
    world.passes(Duration::from_mins(11));
    anna.sends_text("кружка летит");
    world.settles();
    assert!(world.stage.gpt.seen().is_empty(), "it is asked about first");
    asks(&mut world, &anna);
    anna.sends_text("отмена");
    world.settles();
    anna.sends_text("кружка летит");
    world.settles();
    assert!(world.stage.gpt.seen().is_empty(), "it was called off");
    assert!(reads(&anna, "текст больше не жду"), "{:#?}", texts(&anna));
    asks(&mut world, &anna);
    anna.sends_text("Баланс?");
    world.settles();
    assert!(anna.last().unwrap().text.contains("На балансе"), "{:?}", anna.last());
    asks(&mut world, &anna);
    anna.sends_text("кружка летит");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1);
}

#[test]
fn what_is_changed_or_sent_beside_it_does_not_end_the_wait_for_a_changed_prompt() {
    for model in ["bytedance/seedance-2-mini", "grok-imagine-video-1-5-preview"] {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 9);
        world.orders(&anna, 1);
        world.all_work_is_done();
        for beside in [
            Tap::ASPECT,
            Tap::SECONDS,
            VideoTap::VOTE,
            VideoTap::AS_FILE,
            VideoTap::KEEP_STYLE,
            Tap::SETTING,
        ] {
            world.sends_photo(&anna);
            if beside == Tap::SETTING {
                anna.sends_text("/settings");
                world.settles();
            }
            world.taps(&anna, Tap::PRESET);
            world.taps(&anna, Tap::EDIT_SCRIPT);
            world.taps(&anna, beside);
            let asked = world.stage.gpt.seen().len();
            anna.sends_text(&format!("A cup turns, {}.", beside.replace(':', "")));
            world.settles();
            assert_eq!(world.stage.gpt.seen().len(), asked, "{beside} it is the prompt itself");
            let edited = "select count(*) from scripts where source = 'edited' and state = 'ready'";
            assert_eq!(world.count(edited), 1, "{beside}");
            world.database_changes("update scripts set source = 'own_text'");
        }
        world.taps(&anna, Tap::EDIT_SCRIPT);
        world.taps(&anna, Tap::MENU);
        anna.sends_text("A cup turns.");
        world.settles();
        assert!(reads(&anna, "по вашему тексту?"), "what leads elsewhere ends it");
    }
}

#[test]
fn a_text_that_answers_an_older_photo_is_about_that_photo() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    anna.sends_photo(&shoe()).unwrap();
    world.settles();
    let mug = photos(&anna)[0].id;
    anna.replies(mug, "кружка кружится");
    world.settles();
    let (script, _) = count_button(&anna, 1);
    assert_eq!(script.reply_to, Some(mug));
}

#[test]
fn an_answer_to_the_message_that_asks_for_a_text_is_that_text() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let ideas = button(&anna, Tap::OWN_TEXT).0;
    world.taps(&anna, Tap::PRESET);
    let script = count_button(&anna, 1).0;
    world.taps(&anna, Tap::EDIT_SCRIPT);
    anna.replies(script.id, "The cup glows.");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 1, "it is the prompt itself");
    assert!(reads(&anna, "The cup glows."), "{:#?}", texts(&anna));
    anna.forges_tap(ideas.id, &Tap::OwnText { draft: DraftId(1) }.to_string());
    world.settles();
    let invitation = button(&anna, Tap::IDEAS).0;
    anna.replies(invitation.id, "кружка светится");
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 2, "it was asked for");
}

#[test]
fn a_long_own_text_with_quotes_is_shown_whole_and_can_be_copied() {
    let text = format!("{}конец", "\"чаша\" & <огонь> ".repeat(175));
    assert!((2900..=3000).contains(&text.chars().count()), "{}", text.chars().count());
    let (mut world, anna) = World::with_anna(1);
    world.stage.gpt.usually(GptReply::Refuse);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    anna.sends_text(&text);
    world.settles();
    world.taps(&anna, Tap::EDIT_SCRIPT);
    assert!(anna.last().unwrap().text.contains("конец"), "{:?}", anna.last());
}

#[test]
fn another_script_is_shown_below_and_both_can_be_ordered() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (first, order) = count_button(&anna, 1);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    let (second, _) = count_button(&anna, 1);
    assert_ne!((first.id, &first.text), (second.id, &second.text));
    anna.taps_twice(first.id, &order).unwrap();
    world.settles();
    let (left, order) = button_with(&anna, |data| data.starts_with(Tap::ORDER));
    assert_eq!(left.id, second.id);
    anna.taps_twice(second.id, &order).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 0));
    let prompts: Vec<_> = world.stage.kie.tasks();
    assert_ne!(prompts[0].input["prompt"], prompts[1].input["prompt"]);
}

#[test]
fn how_long_it_takes_is_said_once_it_is_known() {
    let (mut world, anna) = World::with_anna(10);
    for _ in 0..4 {
        world.orders(&anna, 1);
        world.all_work_is_done();
    }
    assert!(!reads(&anna, "Ждать примерно"), "four renders say nothing");
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.orders(&anna, 1);
    assert!(
        reads(&anna, "Ждать примерно 5 минут") || reads(&anna, "Ждать примерно 10 минут"),
        "{:#?}",
        texts(&anna)
    );
    world.all_work_is_done();
}

#[test]
fn two_ideas_in_one_message_are_two_scripts_and_neither_takes_the_place_of_an_order() {
    let (mut world, anna) = World::with_anna(5);
    world.sends_photo(&anna);
    let (ideas, first) = button(&anna, Tap::PRESET);
    let second = ideas.data().filter(|data| data.starts_with(Tap::PRESET)).nth(1).unwrap();
    anna.taps(ideas.id, &first).unwrap();
    assert!(world.moves() && world.moves());
    anna.forges_tap(ideas.id, second);
    world.settles();
    let chat = anna.chat();
    let orders = |message: &&ShownMessage| message.data().any(|data| data.starts_with(Tap::ORDER));
    let scripts: Vec<_> = chat.iter().filter(orders).collect();
    assert_eq!(scripts.len(), 2, "{chat:#?}");
    let newest = scripts.iter().find(|script| script.id == ideas.id).expect("the last tap's");
    let order = newest.data().find(|data| data.starts_with(Tap::ORDER)).unwrap();
    anna.taps(ideas.id, order).unwrap();
    world.settles();
    let accepted = anna.chat().into_iter().find(|message| message.id == ideas.id).unwrap();
    assert!(accepted.text.contains("Принял"), "{accepted:?}");
    assert_eq!(world.balance(&anna), 4);
    world.all_work_is_done();
}

#[test]
fn an_answer_to_whatever_was_said_of_a_photo_is_about_that_photo() {
    type Say = fn(&mut World, &Person) -> MessageId;
    let answers: [(&str, Say); 3] = [
        ("the changed text", |world, anna| {
            world.taps(anna, Tap::PRESET);
            world.taps(anna, Tap::EDIT_SCRIPT);
            anna.last().unwrap().id
        }),
        ("the question", |world, anna| {
            world.taps(anna, Tap::PRESET);
            anna.sends_text("кружка и снег");
            world.settles();
            button(anna, Tap::USE_TEXT).0.id
        }),
        ("her own words", |world, anna| {
            world.taps(anna, Tap::OWN_TEXT);
            let own = anna.sends_text("кружка и дождь");
            world.settles();
            own
        }),
    ];
    for (what, say) in answers {
        let (mut world, anna) = World::with_anna(1);
        world.sends_photo(&anna);
        let mug = photos(&anna)[0].id;
        let said = say(&mut world, &anna);
        anna.sends_photo(&shoe()).unwrap();
        world.settles();
        anna.replies(said, "и пусть светит солнце");
        world.settles();
        assert_eq!(anna.last().unwrap().reply_to, Some(mug), "{what}: {:#?}", anna.last());
    }
}

#[test]
fn the_same_photo_sent_twice_is_two_photos_to_answer() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let first = photos(&anna)[0].id;
    anna.sends_again(first).unwrap();
    anna.sends_photo(&shoe()).unwrap();
    world.settles();
    anna.replies(first, "кружка кружится");
    world.settles();
    assert_eq!(count_button(&anna, 1).0.reply_to, Some(first));
}

#[test]
fn an_idea_that_the_operator_has_taken_back_is_no_prompt() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.operator_changes(|config| drop(config.presets.remove(0)));
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    assert!(reads(&anna, "устарела"), "{:#?}", texts(&anna));
    assert_eq!(world.stage.gpt.seen().len(), 1);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1, "what was written can be ordered");
}

#[test]
fn several_short_messages_are_one_text() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    for text in ["/balance", "/help", "/balance", "/help", "/balance", "пусть летит", "над морем"]
    {
        anna.sends_text(text);
    }
    world.settles();
    assert_eq!(count_of(&anna, "по вашему тексту?"), 1, "{:#?}", texts(&anna));
    world.taps(&anna, Tap::USE_TEXT);
    let asked = world.stage.gpt.seen().last().unwrap().to_string();
    assert!(asked.contains("пусть летит") && asked.contains("над морем"), "{asked}");
}

#[test]
fn thanks_are_no_idea() {
    for thanks in ["спасибо!", "👍", "Ок", "да", "thanks"] {
        let (mut world, anna) = World::with_anna(1);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        anna.sends_text(thanks);
        world.settles();
        assert!(!reads(&anna, "по вашему тексту?"), "{thanks}: {:#?}", texts(&anna));
        assert!(anna.last().unwrap().text.contains("отправьте фото"), "{:?}", anna.last());
    }
}

#[test]
fn what_costs_no_gpt_call_is_not_counted() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    for number in 0..6 {
        world.taps(&anna, Tap::EDIT_SCRIPT);
        anna.sends_text(&format!("The cup turns {number} times."));
        world.settles();
    }
    world.taps(&anna, Tap::EDIT_SCRIPT);
    world.stage.gpt.next(GptReply::Say { text: "A cup turns.".to_owned() });
    anna.sends_text("Кружка крутится.");
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "A cup turns.");
    world.stage.gpt.usually(GptReply::Refuse);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    anna.sends_text("Кружка стоит.");
    world.settles();
    assert!(reads(&anna, "Перевести текст сейчас не получилось"), "{:#?}", texts(&anna));
}

#[test]
fn a_question_about_a_text_that_is_changed_is_about_what_it_says_now() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let text = anna.sends_text("кружка падает");
    world.settles();
    anna.edits_message(text, "кружка взлетает");
    world.settles();
    assert_eq!(count_of(&anna, "по вашему тексту?"), 1, "{:#?}", texts(&anna));
    anna.edits_message(text, "отмена");
    world.settles();
    world.taps(&anna, Tap::USE_TEXT);
    assert!(world.stage.gpt.seen().last().unwrap().to_string().contains("кружка взлетает"));
}

#[test]
fn a_photo_that_was_refused_is_not_offered_again() {
    let (mut world, anna) = World::with_anna(1);
    let people = "The uploaded image contains photorealistic people";
    world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", people)));
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 1);
    anna.sends_text("почему? там нет людей");
    world.settles();
    assert!(!reads(&anna, "по вашему тексту?"), "{:#?}", texts(&anna));
    world.taps(&anna, Tap::ANOTHER_PHOTO);
    assert!(anna.last().unwrap().text.starts_with("📸 Отправьте фото"), "{:?}", anna.last());
}

#[test]
fn an_idea_that_the_operator_took_away_leads_to_those_of_today() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (ideas, gone) = button(&anna, Tap::PRESET);
    world.operator_changes(|config| config.presets.truncate(1));
    let tap = anna.forges_tap(ideas.id, &gone.replace(gone.rsplit(':').next().unwrap(), "light"));
    world.settles();
    assert_eq!(world.toast(&anna, &tap), "Этой идеи больше нет. Выберите другую");
    let shown = anna.chat().into_iter().find(|message| message.id == ideas.id).unwrap();
    assert_eq!(shown.data().filter(|data| data.starts_with(Tap::PRESET)).count(), 1);
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}
