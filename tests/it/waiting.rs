//! The message of an order lives: while its videos are made it says how they stand, and then how it went.

use std::{collections::HashMap, time::Duration};

use reelbot::testing::{
    chat::Tap,
    domain::{MessageId, Timestamp},
    sandbox::{Fault, ModelState, Person, PlannedFault, RenderOutcome, ShownMessage},
};

use crate::world::{
    MODELS, RENDER, World,
    checks::{reads, texts},
    faults::refuse,
    people::button,
};

/// Longer than the time between two edits of a message.
const SOON: Duration = Duration::from_secs(5);

/// A bot that makes one video at a time, with that model.
pub(crate) fn one_at_a_time(model: &str) -> World {
    World::with(|config| {
        model.clone_into(&mut config.kie.model);
        config.kie.fallback_model = String::new();
        config.kie.in_flight = 1;
    })
}

/// The message with the order that was placed last.
pub(crate) fn order_message(person: &Person) -> ShownMessage {
    button(person, Tap::CANCEL).0
}

/// What a message says now.
pub(crate) fn says(person: &Person, id: MessageId) -> String {
    let found = person.chat().into_iter().find(|message| message.id == id);
    found.expect("the message is there").text
}

fn has_buttons(person: &Person, id: MessageId) -> bool {
    person.chat().iter().any(|message| message.id == id && !message.buttons.is_empty())
}

/// When each edit of a message was made.
fn edits(world: &World, id: MessageId) -> Vec<Timestamp> {
    let mut calls = world.stage.telegram.calls_of("editMessageText");
    let of = |value: &serde_json::Value| value["message_id"].to_string().replace('"', "");
    calls.retain(|call| call.status == 200 && of(&call.params) == id.to_string());
    calls.into_iter().map(|call| call.at).collect()
}

#[test]
fn one_message_tells_an_order_from_its_beginning_to_its_end() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 3);
        world.orders(&anna, 3);
        let (id, before) = (order_message(&anna).id, texts(&anna).len());
        let ordered = world.now();
        assert!(says(&anna, id).contains("Сейчас начну снимать"), "{}", says(&anna, id));
        world.passes(SOON);
        assert!(says(&anna, id).contains("Снимается 1 видео"), "{}", says(&anna, id));
        assert_eq!(button(&anna, Tap::CANCEL).0.labels(), ["✖️ Отменить 2 видео"]);
        while anna.videos().is_empty() {
            world.passes(Duration::from_secs(30));
        }
        world.passes(SOON);
        assert!(says(&anna, id).contains("Готово 1 из 3 видео"), "{}", says(&anna, id));
        assert!(says(&anna, id).contains("Принял!") && has_buttons(&anna, id));
        world.all_work_is_done();
        assert_eq!(says(&anna, id), "✅ Все 3 видео у вас.");
        assert!(!has_buttons(&anna, id));
        assert_eq!(
            texts(&anna).len(),
            before + 4,
            "three videos and the closing: {:#?}",
            texts(&anna)
        );
        let edits: Vec<_> = edits(&world, id).into_iter().filter(|edit| *edit > ordered).collect();
        assert!(edits.len() >= 4, "{edits:?}");
        for two in edits.windows(2) {
            assert!(two[1].since(two[0]) >= Duration::from_secs(4), "{edits:?}");
        }
        assert_eq!(world.count("select count(*) from status_messages"), 0);
    }
}

#[test]
fn an_english_speaker_reads_it_in_english_and_after_a_change_in_the_other_language() {
    let mut world = one_at_a_time(MODELS[0]);
    let chloe = world.person_with("Chloe", "en", 3);
    world.orders(&chloe, 3);
    let id = order_message(&chloe).id;
    world.passes(SOON);
    assert!(says(&chloe, id).contains("1 video is being filmed"), "{}", says(&chloe, id));
    assert_eq!(button(&chloe, Tap::CANCEL).0.labels(), ["✖️ Cancel 2 videos"]);
    chloe.sends_text("/language");
    world.settles();
    world.taps(&chloe, "l:ru");
    world.all_work_is_done();
    assert_eq!(says(&chloe, id), "✅ Все 3 видео у вас.");
}

#[test]
fn the_place_in_the_queue_and_the_wait_are_said_and_grow_less() {
    let mut world = one_at_a_time(MODELS[0]);
    let first = world.person_with("First", "en", 5);
    world.orders(&first, 5);
    let crowd: Vec<Person> =
        (0..12).map(|number| world.person_with(&format!("P{number}"), "en", 1)).collect();
    for person in &crowd {
        world.orders(person, 1);
    }
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&anna, 1);
    let id = order_message(&anna).id;
    let mut places = Vec::new();
    let mut waits = 0;
    while anna.videos().is_empty() {
        world.passes(Duration::from_mins(1));
        let text = says(&anna, id);
        let place = text.split("около ").nth(1).and_then(|rest| rest.split(' ').next());
        places.extend(place.map(|place| place.parse::<u32>().unwrap()));
        waits += usize::from(text.contains("Ждать примерно"));
    }
    places.dedup();
    assert_eq!(places, [20, 10, 5], "{places:?}");
    assert!(waits > 10, "{waits}");
    let edits = edits(&world, id).len();
    assert!(edits < 30, "{edits} edits in {} minutes", RENDER.as_secs() / 60 * 17);
    world.all_work_is_done();
}

#[test]
fn what_is_wrong_is_said_and_that_it_goes_on() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 1);
        world.stage.kie.model_state(model, ModelState::Paused);
        world.orders(&anna, 1);
        let id = order_message(&anna).id;
        world.passes(SOON);
        assert!(says(&anna, id).contains("Студия на ремонте"), "{}", says(&anna, id));
        world.stage.kie.model_state(model, ModelState::Alive);
        world.passes(Duration::from_secs(61));
        world.janitor_goes_round();
        world.passes(SOON);
        assert!(says(&anna, id).contains("Видео снимается"), "{}", says(&anna, id));
        world.all_work_is_done();
        assert_eq!(says(&anna, id), "✅ Видео у вас.");
    }
}

#[test]
fn after_an_outage_the_queue_is_one_again_and_the_next_outage_counts_anew() {
    let model = MODELS[0];
    let mut world = one_at_a_time(model);
    world.operator_changes(|config| config.kie.hold = Duration::from_mins(2));
    let [anna, boris] = ["Анна", "Борис"].map(|name| world.person_with(name, "ru", 3));
    world.stage.kie.model_state(model, ModelState::Paused);
    world.orders(&anna, 3);
    world.orders(&boris, 3);
    let id = order_message(&boris).id;
    world.passes(SOON);
    assert!(says(&boris, id).contains("Студия на ремонте"), "{}", says(&boris, id));
    for outage in 0..2 {
        world.stage.kie.model_state(model, ModelState::Alive);
        world.passes(Duration::from_secs(70));
        world.janitor_goes_round();
        world.passes(Duration::from_secs(30));
        let said = says(&boris, id);
        assert!(!said.contains("ремонт"), "{outage}: {said}");
        world.stage.kie.model_state(model, ModelState::Paused);
        world.passes(Duration::from_secs(30));
    }
    world.stage.kie.model_state(model, ModelState::Alive);
    world.passes(Duration::from_secs(70));
    world.janitor_goes_round();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), boris.videos().len()), (3, 3), "nothing was given up");
}

#[test]
fn another_attempt_is_said_and_a_failure_is_the_last_word() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.script(vec![refuse(500, "the server is busy"); 4]);
    world.orders(&anna, 1);
    let id = order_message(&anna).id;
    world.passes(SOON);
    assert!(says(&anna, id).contains("снимаю ещё раз"), "{}", says(&anna, id));
    world.all_work_is_done();
    assert_eq!(says(&anna, id), "❌ Видео не получилось, кредит вернули.");
}

#[test]
fn a_render_that_takes_long_is_said_to() {
    let mut world = one_at_a_time(MODELS[1]);
    let anna = world.person_with("Анна", "ru", 6);
    for _ in 0..5 {
        world.orders(&anna, 1);
        world.all_work_is_done();
    }
    world.stage.kie.script([RenderOutcome::Stuck]);
    world.orders(&anna, 1);
    let id = order_message(&anna).id;
    assert!(says(&anna, id).contains("Ждать примерно"), "{}", says(&anna, id));
    world.passes(RENDER + Duration::from_mins(2));
    assert!(!says(&anna, id).contains("Ждать примерно"), "{}", says(&anna, id));
    world.passes(RENDER + Duration::from_mins(2));
    assert!(says(&anna, id).contains("дольше обычного"), "{}", says(&anna, id));
    world.all_work_is_done();
}

#[test]
fn who_has_blocked_the_bot_gets_no_edits_and_the_last_words_when_they_are_back() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&anna, 1);
    let id = order_message(&anna).id;
    world.passes(SOON);
    anna.blocks();
    world.settles();
    let before = world.stage.telegram.calls_of("editMessageText").len();
    world.passes(Duration::from_hours(1));
    assert_eq!(world.stage.telegram.calls_of("editMessageText").len(), before);
    anna.unblocks();
    world.all_work_is_done();
    assert_eq!((says(&anna, id).as_str(), anna.videos().len()), ("✅ Видео у вас.", 1));
}

#[test]
fn an_edit_that_meets_a_block_is_the_last_until_they_are_back() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&anna, 1);
    world.stage.telegram.plan(PlannedFault::new(Fault::Forbidden).on("editMessageText"));
    world.passes(SOON);
    assert!(world.stage.telegram.planned_faults_are_over());
    let edits = |world: &World| world.stage.telegram.calls_of("editMessageText").len();
    let before = edits(&world);
    world.passes(Duration::from_mins(2));
    assert_eq!(edits(&world), before);
    anna.sends_text("/balance");
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_message_that_is_gone_is_not_edited_and_no_other_comes_in_its_place() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 3);
    world.orders(&anna, 3);
    let (id, before) = (order_message(&anna).id, texts(&anna).len());
    anna.deletes_message(id);
    world.all_work_is_done();
    assert_eq!(texts(&anna).len(), before - 1 + 4, "{:#?}", texts(&anna));
    let mut calls = world.stage.telegram.calls_of("editMessageText");
    calls.retain(|call| call.status == 400);
    assert_eq!(calls.len(), 1, "{calls:#?}");
}

#[test]
fn a_message_in_which_something_else_is_shown_is_left_alone() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 3);
    world.orders(&anna, 3);
    let id = order_message(&anna).id;
    anna.forges_tap(id, "l:en");
    world.settles();
    let shown = says(&anna, id);
    world.all_work_is_done();
    assert_eq!(says(&anna, id), shown);
}

#[test]
fn a_wait_that_telegram_asks_for_puts_off_one_message_alone() {
    let mut world = World::new();
    let [anna, boris] = ["Анна", "Борис"].map(|name| world.person_with(name, "ru", 1));
    world.orders(&anna, 1);
    let annas = order_message(&anna).id;
    let busy = Fault::TooManyRequests { retry_after: 60 };
    world.stage.telegram.plan(PlannedFault::new(busy).on("editMessageText"));
    world.passes(SOON);
    assert!(world.stage.telegram.planned_faults_are_over());
    world.orders(&boris, 1);
    let boriss = order_message(&boris).id;
    world.passes(SOON);
    assert!(says(&boris, boriss).contains("Видео снимается"), "{}", says(&boris, boriss));
    assert!(says(&anna, annas).contains("Сейчас начну снимать"));
    world.passes(Duration::from_mins(1));
    assert!(says(&anna, annas).contains("Видео снимается"), "{}", says(&anna, annas));
    world.all_work_is_done();
}

#[test]
fn the_many_orders_of_a_chat_that_telegram_holds_stop_nobody_elses_messages() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 14);
    let boris = world.person_with("Борис", "ru", 1);
    for _ in 0..14 {
        world.orders(&anna, 1);
    }
    let annas = order_message(&anna).id;
    let busy = Fault::TooManyRequests { retry_after: 600 };
    world.stage.telegram.plan(PlannedFault::new(busy).on("editMessageText"));
    world.database_changes(
        "update status_messages set shown = 0, ready_at = 0, next_at = 0 where final = 0",
    );
    world.passes(SOON);
    assert!(world.stage.telegram.planned_faults_are_over());
    world.orders(&boris, 1);
    let boriss = order_message(&boris).id;
    world.passes(SOON);
    assert!(says(&boris, boriss).contains("Видео снимается"), "{}", says(&boris, boriss));
    world.passes(Duration::from_mins(11));
    world.all_work_is_done();
    assert_eq!(says(&anna, annas), "✅ Видео у вас.");
    assert_eq!(world.count("select count(*) from status_messages"), 0);
}

#[test]
fn a_kill_between_an_edit_and_its_record_costs_a_repeated_edit_at_most() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&anna, 1);
    let (id, before) = (order_message(&anna).id, texts(&anna).len());
    world.clock.advance(SOON);
    world.is_killed_in_an_edit();
    let text = says(&anna, id);
    assert!(text.contains("Видео снимается"), "{text}");
    world.passes(SOON);
    assert_eq!((says(&anna, id), texts(&anna).len()), (text, before));
    let mut repeated = world.stage.telegram.calls_of("editMessageText");
    repeated.retain(|call| call.status == 400);
    assert_eq!(repeated.len(), 1, "it is not modified");
    world.all_work_is_done();
    assert_eq!(says(&anna, id), "✅ Видео у вас.");
}

#[test]
fn an_order_without_such_a_message_goes_on_as_before() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 3);
    world.orders(&anna, 3);
    world.database_changes("delete from status_messages");
    let id = order_message(&anna).id;
    let shown = says(&anna, id);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), says(&anna, id)), (3, shown));
}

#[test]
fn who_asks_reads_the_same_and_can_call_it_off_there() {
    let mut world = one_at_a_time(MODELS[0]);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    let anna = world.person_with("Анна", "ru", 3);
    world.orders(&anna, 3);
    anna.deletes_message(order_message(&anna).id);
    anna.sends_text("/cancel");
    world.settles();
    let answer = anna.last().unwrap();
    assert!(answer.text.contains("Ваши 3 видео в работе"), "{answer:#?}");
    assert!(answer.text.contains("почти первые в очереди"), "{answer:#?}");
    assert_eq!(answer.labels(), ["✖️ Отменить 3 видео"]);
    world.taps(&anna, Tap::CANCEL);
    assert_eq!(world.balance(&anna), 3);
    world.all_work_is_done();
}

/// So many people wait, one video each; the messages of their orders are the greetings.
fn people_wait(world: &World, people: &[Person]) {
    let rows: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let (order, user) = (1000 + number, person.id());
            let message = person.last().unwrap().id;
            format!(
                "insert into photos (id, tg_user_id, file_id) values ({order}, {user}, 'f{order}');
                 insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt, count,
                     price, created_at) values ({order}, {user}, {order}, 1, {order}, 'p', 1, 1, 0);
                 insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
                     values ({user}, -1, 'charge', 'charge order {order}', {order}, 0);
                 insert into generation_jobs (order_id, tg_user_id, number, model, status, step,
                     due_at, held_since, created_at)
                     values ({order}, {user}, 1, 'sora-2-image-to-video', 'queued', 'submit',
                         {later}, null, {now});
                 insert into anchors (chat_id, name, generation, message_id, updated_at)
                     values ({user}, 'script {order}:1', 0, {message}, {now});
                 insert into status_messages (order_id, chat_id, anchor, shown, ready_at, next_at)
                     values ({order}, {user}, 'script {order}:1', 0, {now}, {now});",
                now = world.now().0,
                later = (world.now() + Duration::from_hours(10)).0,
            )
        })
        .collect();
    world.database_changes(&format!("begin;{}commit;", rows.concat()));
}

#[test]
fn a_thousand_who_wait_hold_up_no_stranger() {
    let mut world = World::with(|config| config.kie.in_flight = 1);
    let people: Vec<Person> = (0..1000)
        .map(|number| world.stage.telegram.person(&format!("Person {number}"), "en"))
        .collect();
    for person in &people {
        person.sends_text("/start");
    }
    world.settles();
    people_wait(&world, &people);
    let began = world.now();
    for _ in 0..3 {
        world.passes(Duration::from_secs(5));
        let (now, stranger) = (world.now(), world.stage.telegram.person("Stranger", "en"));
        stranger.sends_text("/start");
        world.settles();
        let mut calls = world.stage.telegram.calls_of("sendMessage");
        calls.retain(|call| call.chat == Some(stranger.id()));
        let wait = calls[0].at.since(now);
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
    }
    let mut edits = world.stage.telegram.calls_of("editMessageText");
    edits.retain(|call| call.at >= began);
    let mut seconds: HashMap<u64, usize> = HashMap::new();
    for edit in &edits {
        *seconds.entry(edit.at.since(began).as_secs()).or_default() += 1;
    }
    assert!(edits.len() > 60, "{}", edits.len());
    assert!(seconds.values().all(|edits| *edits <= 7), "{seconds:?}");
    let told = people.iter().filter(|person| reads(person, "ahead of you")).count();
    assert!(told > 60, "{told}");
    world.database_changes("delete from status_messages");
}

#[test]
fn how_far_videos_are_counts_those_that_are_still_to_come() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 5);
    world.orders(&anna, 5);
    let order = order_message(&anna);
    world.taps(&anna, Tap::CANCEL);
    assert!(order_message(&anna).id == order.id);
    anna.sends_text("/cancel");
    world.settles();
    let told = texts(&anna).pop().unwrap();
    assert!(told.contains("Ваше видео в работе") && told.contains("Отменено 4 видео"), "{told}");
    anna.sends_text("/my");
    world.settles();
    let told = texts(&anna).pop().unwrap();
    assert!(told.contains("Ваше видео в работе"), "{told}");
    world.all_work_is_done();
    anna.sends_text("/cancel");
    world.settles();
    assert!(texts(&anna).pop().unwrap().contains("Отменять нечего"), "{:#?}", texts(&anna));
}
