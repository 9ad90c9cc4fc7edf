//! `/my`: videos that were made are sent again, as videos, as files and in archives.

use std::{collections::BTreeSet, fs::File, io::Read, time::Duration};

use reelbot::testing::{
    chat::{AlbumTap, Tap, VideoTap},
    domain::Status,
    sandbox::{Fault, FileFault, Person, PlannedFault, RenderOutcome, ShownMessage},
};

use crate::series;
use crate::world::{
    MODELS, World,
    checks::{count_of, reads, texts},
    people::{button, button_with},
};

/// A world in which Anna has so many videos of each of some orders.
pub(crate) fn with_videos(orders: &[u32]) -> (World, Person) {
    let (mut world, anna) = World::with_anna(i64::from(orders.iter().sum::<u32>()));
    for count in orders {
        world.orders(&anna, *count);
        world.all_work_is_done();
    }
    (world, anna)
}

fn says(world: &mut World, person: &Person, text: &str) -> ShownMessage {
    person.sends_text(text);
    world.settles();
    person.last().unwrap()
}

/// The callback data of the numbers under a list of videos.
fn numbers(message: &ShownMessage) -> Vec<String> {
    message.data().filter(|data| data.starts_with(VideoTap::AGAIN)).map(str::to_owned).collect()
}

/// The files that a person was sent.
pub(crate) fn files(person: &Person) -> Vec<ShownMessage> {
    let is_file = |message: &ShownMessage| {
        message.from_bot && message.media.as_ref().is_some_and(|media| media.kind == "document")
    };
    person.chat().into_iter().filter(is_file).collect()
}

pub(crate) fn names(person: &Person) -> Vec<String> {
    files(person).into_iter().map(|file| file.media.unwrap().name).collect()
}

fn bytes(message: &ShownMessage) -> Vec<u8> {
    std::fs::read(&message.media.as_ref().unwrap().path).unwrap()
}

/// The names in an archive, each with the length of its file.
fn in_zip(message: &ShownMessage) -> Vec<(String, u64)> {
    let file = File::open(&message.media.as_ref().unwrap().path).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).unwrap();
            assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes.len() as u64)
        })
        .collect()
}

#[test]
fn videos_are_listed_ten_a_page_and_sent_again_for_nothing() {
    let (mut world, anna) = with_videos(&[5, 5, 1]);
    let first = says(&mut world, &anna, "/my");
    assert!(first.text.contains("Мои видео: 11"), "{}", first.text);
    assert!(!first.text.contains("1/1"), "there is nothing to count in an order of one");
    assert!(first.text.contains("1. ") && first.text.contains("№ 5/5"), "{}", first.text);
    assert_eq!(numbers(&first).len(), 10);
    let (before, delivered) = (anna.chat().len(), anna.videos().len());
    world.taps(&anna, &VideoTap::Page { page: 2, search: None }.to_string());
    assert_eq!(anna.chat().len(), before, "a page takes the place of the one before");
    let second = anna.chat().into_iter().find(|message| message.id == first.id).unwrap();
    let last = numbers(&second);
    assert_eq!(last, [format!("{}1", VideoTap::AGAIN)], "the oldest comes last");
    let tap = anna.taps(second.id, &last[0]).unwrap();
    world.settles();
    assert_eq!(world.toast(&anna, &tap), "Отправляю");
    let videos = anna.videos();
    assert_eq!((videos.len(), world.balance(&anna)), (delivered + 1, 0));
    let (sent, again) = (&videos[0], videos.last().unwrap());
    assert_eq!(again.text, sent.text, "with its caption");
    assert_eq!(again.buttons, sent.buttons, "and with its buttons");
    assert_eq!(again.media.as_ref().unwrap().file_id, sent.media.as_ref().unwrap().file_id);
    assert_eq!(world.stage.kie.tasks().len(), 11, "nothing is made anew");
}

#[test]
fn the_main_menu_leads_to_the_videos() {
    let (mut world, anna) = with_videos(&[1]);
    says(&mut world, &anna, "/start");
    let (menu, data) = button_with(&anna, |data| data == VideoTap::MY);
    anna.taps(menu.id, &data).unwrap();
    world.settles();
    assert_eq!(numbers(&anna.last().unwrap()).len(), 1);
    assert_ne!(anna.last().unwrap().id, menu.id, "the menu stays");
}

#[test]
fn the_list_speaks_both_languages() {
    let mut world = World::new();
    for (language, none, title) in [
        ("ru", "Здесь будут ваши видео", "Мои видео: 1"),
        ("en", "Your videos will be here", "My videos: 1"),
    ] {
        let person = world.person_with("Ann", language, 1);
        assert!(says(&mut world, &person, "/my").text.contains(none));
        world.orders(&person, 1);
        world.all_work_is_done();
        assert!(says(&mut world, &person, "/my").text.contains(title));
    }
}

#[test]
fn a_video_is_found_by_its_article_or_by_a_word() {
    let (mut world, anna) = with_videos(&[1, 3]);
    world.database_changes(
        "update orders set name = 'арт. 123' where id = 1;
         update generation_jobs set title_ru = 'Зелёный иней', title_en = 'Frosty dawn' where id = 3;
         update generation_jobs set prompt = 'A zebra, in warm light.' where id = 2;",
    );
    for (text, found) in [
        ("/my 123", 1),
        ("/my арт 123", 1),
        ("/my Артикул №123", 1),
        ("/my ЗЕЛЕНЫЙ", 1),
        ("/my frosty", 1),
        ("/my zebra", 1),
        ("/my арт 124", 0),
        ("/my %", 0),
    ] {
        assert_eq!(numbers(&says(&mut world, &anna, text)).len(), found, "{text}");
    }
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::SEARCH);
    let found = says(&mut world, &anna, "иней");
    assert_eq!(numbers(&found).len(), 1, "{}", found.text);
    let other = says(&mut world, &anna, "иней");
    assert!(numbers(&other).is_empty(), "only the next text is looked for: {}", other.text);
}

#[test]
fn a_page_made_up_by_hand_shows_the_nearest_or_nothing() {
    let (mut world, anna) = with_videos(&[3]);
    let list = says(&mut world, &anna, "/my");
    for data in ["y:2", "y:4294967295", "yq:99:cup"] {
        anna.forges_tap(list.id, data);
        world.settles();
        let shown = anna.chat().into_iter().find(|message| message.id == list.id).unwrap();
        let is_search = data.starts_with(VideoTap::FOUND);
        assert!(is_search || numbers(&shown).len() == 3, "{data}: {}", shown.text);
    }
    for data in
        ["y:0", "y:-1", "y:4294967296", "y:x", "yq:1:", "yj:-1", "yj:999", "ym:2026-13", "yo:9"]
    {
        let tap = anna.forges_tap(list.id, data);
        world.settles();
        assert_eq!(world.toast(&anna, &tap), "Эта кнопка устарела", "{data}");
    }
}

#[test]
fn nothing_of_another_persons_is_sent() {
    let (mut world, anna) = with_videos(&[3]);
    let boris = world.person_with("Борис", "ru", 0);
    let hello = boris.last().unwrap();
    let month = VideoTap::ARCHIVE_OF_MONTH;
    for data in ["yj:1", "va:1", "yo:1", &format!("{month}2026-11")] {
        let tap = boris.forges_tap(hello.id, data);
        world.settles();
        assert_eq!(world.toast(&boris, &tap), "Эта кнопка устарела", "{data}");
    }
    assert!(boris.videos().is_empty() && files(&boris).is_empty());
    assert_eq!((anna.videos().len(), world.count("select count(*) from exports")), (3, 0));
}

#[test]
fn ten_taps_send_one_video() {
    let (mut world, anna) = with_videos(&[1]);
    let list = says(&mut world, &anna, "/my");
    for _ in 0..10 {
        anna.taps(list.id, &numbers(&list)[0]).unwrap();
    }
    world.settles();
    assert_eq!(anna.videos().len(), 2);
    world.passes(Duration::from_mins(1));
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 3, "later it is another wish");
}

#[test]
fn after_a_change_of_the_token_a_video_is_fetched_once_and_known_again() {
    let (mut world, anna) = with_videos(&[1]);
    world.database_changes("update generation_jobs set telegram_file_id = 'of another bot'");
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 2);
    let refused = |world: &World| {
        let calls = world.stage.telegram.calls_of("sendVideo");
        calls.iter().filter(|call| call.status == 400).count()
    };
    assert_eq!(refused(&world), 1);
    world.passes(Duration::from_mins(1));
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!((anna.videos().len(), refused(&world)), (3, 1), "the new id is remembered");
    assert_eq!(world.stage.kie.tasks().len(), 1);
}

#[test]
fn a_video_that_nobody_has_any_more_is_told_so_and_not_looked_for_without_end() {
    for gone in ["video_url = null", "video_url = video_url || '.gone'"] {
        let (mut world, anna) = with_videos(&[1]);
        world.database_changes(&format!(
            "update generation_jobs set telegram_file_id = 'x', {gone}"
        ));
        says(&mut world, &anna, "/my");
        world.taps(&anna, VideoTap::AGAIN);
        world.passes(Duration::from_mins(10));
        assert_eq!((anna.videos().len(), count_of(&anna, "больше не достать")), (1, 1), "{gone}");
        let calls = world.stage.telegram.calls_of("sendVideo").len();
        assert!(calls <= 4, "{calls}");
        world.passes(Duration::from_hours(1));
        assert_eq!(world.stage.telegram.calls_of("sendVideo").len(), calls);
    }
}

#[test]
fn an_outage_is_waited_out_and_one_that_lasts_is_told() {
    let (mut world, anna) = with_videos(&[1]);
    says(&mut world, &anna, "/my");
    let fault = PlannedFault::new(Fault::ServerError).on("sendVideo");
    world.stage.telegram.plan(fault.clone().times(2));
    world.taps(&anna, VideoTap::AGAIN);
    world.passes(Duration::from_mins(2));
    assert_eq!(anna.videos().len(), 2);
    world.stage.telegram.plan(fault.times(100));
    world.taps(&anna, VideoTap::AGAIN);
    world.passes(Duration::from_mins(30));
    assert_eq!((anna.videos().len(), count_of(&anna, "сейчас отправить не получилось")), (2, 1));
    assert_eq!(world.stage.telegram.calls_of("sendVideo").len(), 1 + 3 + 5);
}

#[test]
fn a_video_that_came_as_a_link_comes_as_a_video_when_that_is_possible() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.next(RenderOutcome::File { fault: FileFault::CutOff, times: 10 });
    world.orders(&anna, 1);
    world.passes(Duration::from_hours(1));
    assert_eq!(world.jobs()[0].status, Status::Completed);
    assert!(anna.videos().is_empty() && reads(&anna, ".mp4"));
    button(&anna, VideoTap::OTHER_STYLE);
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    world.passes(Duration::from_mins(5));
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_video_that_only_goes_as_a_file_is_sent_again_as_one() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.next(RenderOutcome::File { fault: FileFault::WebM, times: u32::MAX });
    world.orders(&anna, 1);
    world.all_work_is_done();
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    let sent = files(&anna);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].media.as_ref().unwrap().file_id, sent[1].media.as_ref().unwrap().file_id);
    assert_eq!((&sent[0].text, &sent[0].buttons), (&sent[1].text, &sent[1].buttons));
}

#[test]
fn a_video_comes_as_a_file_with_its_bytes_and_a_name() {
    for (fallback, shape) in [(false, "9x16"), (true, "9x16")] {
        let mut world = World::with(|config| {
            if fallback {
                config.kie.model = "grok-imagine-video-1-5-preview".to_owned();
            }
        });
        let anna = world.person_with("Анна", "ru", 3);
        world.orders(&anna, 3);
        world.all_work_is_done();
        world.database_changes("update orders set name = 'арт. 123'");
        let second = anna.videos().into_iter().find(|video| video.text.contains("2 из 3")).unwrap();
        let data =
            second.data().find(|data| data.starts_with(VideoTap::AS_FILE)).unwrap().to_owned();
        for _ in 0..10 {
            anna.taps(second.id, &data).unwrap();
        }
        world.settles();
        assert_eq!(names(&anna), [format!("арт-123_{shape}_2.mp4")]);
        assert_eq!(bytes(&files(&anna)[0]), bytes(&second), "the same bytes");
        assert_eq!(files(&anna)[0].buttons, second.buttons);
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 0));
    }
}

#[test]
fn a_request_survives_a_kill() {
    let (mut world, anna) = with_videos(&[3]);
    says(&mut world, &anna, "/my");
    for prefix in [VideoTap::AGAIN, VideoTap::AS_FILE] {
        let (message, data) = button(&anna, prefix);
        anna.taps(message.id, &data).unwrap();
    }
    world.answers_updates();
    assert_eq!(world.count("select count(*) from exports where done_at is null"), 2);
    world.restarts();
    world.settles();
    assert_eq!((anna.videos().len(), files(&anna).len()), (4, 1));
    assert_eq!(world.count("select count(*) from exports where done_at is null"), 0);
}

#[test]
fn a_clock_that_was_a_day_ahead_neither_holds_a_request_up_nor_swallows_the_next() {
    let (mut world, anna) = with_videos(&[1]);
    let list = says(&mut world, &anna, "/my");
    let taps = || anna.taps(list.id, &numbers(&list)[0]).unwrap();
    taps();
    world.answers_updates();
    world.database_changes("update exports set due_at = due_at + 86400000");
    world.restarts();
    world.passes(Duration::from_mins(2));
    assert_eq!(anna.videos().len(), 2);
    world.database_changes("update exports set done_at = done_at + 86400000");
    taps();
    world.settles();
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn an_order_comes_as_one_archive_however_often_it_is_asked_for() {
    let (mut world, anna) = with_videos(&[3]);
    world.database_changes(
        "update orders set name = '=HYPERLINK(\"x\")';
         update generation_jobs set prompt = '@cup; \"turns\"' where number = 2;",
    );
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    let (message, data) = button(&anna, VideoTap::ARCHIVE_OF_ORDER);
    for _ in 0..10 {
        anna.taps(message.id, &data).unwrap();
    }
    world.settles();
    assert_eq!(names(&anna), ["order-1_1.zip", "order-1.csv"]);
    assert_eq!(count_of(&anna, "Собираю архив «Заказ от"), 1);
    let sent = files(&anna);
    let lengths: Vec<u64> = anna.videos().iter().map(|video| bytes(video).len() as u64).collect();
    let expected: BTreeSet<_> = (1..=3)
        .zip(lengths)
        .map(|(number, length)| (format!("HYPERLINK-x_9x16_{number}.mp4"), length))
        .collect();
    assert_eq!(in_zip(&sent[0]).into_iter().collect::<BTreeSet<_>>(), expected);
    let list = String::from_utf8(bytes(&sent[1])).unwrap();
    assert!(list.starts_with("\u{feff}Дата;Заказ;Номер;Артикул;"), "{list}");
    assert_eq!(list.matches("\r\n").count(), 4, "{list}");
    assert!(list.contains("\"'=HYPERLINK(\"\"x\"\")\""), "no cell is a formula: {list}");
    assert!(list.contains("\"'@cup; \"\"turns\"\"\""), "{list}");
    assert_eq!(world.balance(&anna), 0);
}

#[test]
fn a_month_comes_in_english_with_what_is_missing_in_the_list() {
    let mut world = World::new();
    let ann = world.person_with("Ann", "en", 4);
    world.orders(&ann, 3);
    world.all_work_is_done();
    world.orders(&ann, 1);
    world.all_work_is_done();
    world.database_changes(
        "update generation_jobs set telegram_file_id = null, video_url = null where id = 2",
    );
    says(&mut world, &ann, "/my");
    world.taps(&ann, VideoTap::MONTHS);
    let (_, data) = button(&ann, VideoTap::ARCHIVE_OF_MONTH);
    let month = data.trim_start_matches(VideoTap::ARCHIVE_OF_MONTH).to_owned();
    world.taps(&ann, VideoTap::ARCHIVE_OF_MONTH);
    world.passes(Duration::from_mins(10));
    assert_eq!(names(&ann), [format!("videos-{month}_1.zip"), format!("videos-{month}.csv")]);
    let sent = files(&ann);
    assert_eq!(in_zip(&sent[0]).len(), 3);
    assert!(sent[0].text.contains("3 videos"), "{}", sent[0].text);
    let list = String::from_utf8(bytes(&sent[1])).unwrap();
    assert!(list.starts_with("\u{feff}Date,Order,Number,"), "{list}");
    assert_eq!((list.lines().count(), list.matches("not to be had").count()), (5, 1), "{list}");
    assert!(sent[1].text.contains("Not to be had of them: 1"), "{}", sent[1].text);
}

/// Telegram has three videos of so many bytes each instead of Anna's.
pub(crate) fn with_large_videos(length: usize) -> (World, Person) {
    let (world, anna) = with_videos(&[3]);
    let mut large = bytes(&anna.videos()[0]);
    large.resize(length, 0);
    let id = world.stage.telegram.change(|state| {
        state.files.keep("videos", "v.mp4", "video/mp4", &large).unwrap().id.clone()
    });
    world.database_changes(&format!("update generation_jobs set telegram_file_id = '{id}'"));
    (world, anna)
}

#[test]
fn a_large_archive_comes_in_parts_under_fifty_megabytes() {
    let (mut world, anna) = with_large_videos(18_000_000);
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    world.taps(&anna, VideoTap::ARCHIVE_OF_ORDER);
    assert_eq!(names(&anna), ["order-1_1.zip", "order-1_2.zip", "order-1.csv"]);
    let sent = files(&anna);
    assert_eq!([in_zip(&sent[0]).len(), in_zip(&sent[1]).len()], [2, 1]);
    assert!(sent.iter().all(|file| file.media.as_ref().unwrap().size < 50_000_000));
    let scratch = std::fs::read_dir(world.scratch()).unwrap().count();
    assert_eq!(scratch, 0, "nothing is left on the disk");
}

#[test]
fn what_telegram_does_not_hand_out_comes_from_the_studio() {
    let (mut world, anna) = with_large_videos(21 << 20);
    let (video, data) = button(&anna, VideoTap::AS_FILE);
    anna.taps(video.id, &data).unwrap();
    world.settles();
    assert_eq!(bytes(&files(&anna)[0]), bytes(&video), "its bytes as they were made");
}

#[test]
fn an_archive_outlasts_an_outage() {
    let (mut world, anna) = with_large_videos(1_000_000);
    world.database_changes("update generation_jobs set video_url = null");
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    let outage = PlannedFault::new(Fault::ServerError).on("getFile").times(18);
    world.stage.telegram.plan(outage);
    world.taps(&anna, VideoTap::ARCHIVE_OF_ORDER);
    world.passes(Duration::from_mins(1));
    assert!(files(&anna).is_empty(), "it waits");
    world.passes(Duration::from_mins(30));
    assert!(world.stage.telegram.planned_faults_are_over());
    assert_eq!(in_zip(&files(&anna)[0]).len(), 3);
}

#[test]
fn what_cannot_be_recorded_is_not_sent_without_end() {
    let (mut world, anna) = with_videos(&[1]);
    says(&mut world, &anna, "/my");
    world.database_changes(
        "create trigger refuses before update on exports
         when new.done_at is not null and new.error is null
         begin select raise(abort, 'no'); end",
    );
    world.taps(&anna, VideoTap::AGAIN);
    world.passes(Duration::from_mins(30));
    assert_eq!(anna.videos().len(), 1 + 5);
    assert_eq!(world.count("select count(*) from exports where done_at is null"), 0);
}

#[test]
fn two_archives_take_turns_part_by_part() {
    let (mut world, anna) = with_large_videos(18_000_000);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    world.all_work_is_done();
    for person in [&anna, &boris] {
        says(&mut world, person, "/my");
        world.taps(person, VideoTap::MONTHS);
    }
    for person in [&anna, &boris] {
        let (message, data) = button(person, VideoTap::ARCHIVE_OF_MONTH);
        person.taps(message.id, &data).unwrap();
        world.answers_updates();
        world.clock.advance(Duration::from_secs(1));
    }
    while files(&boris).is_empty() {
        assert!(world.moves());
    }
    assert_eq!(files(&anna).len(), 1, "a part, and then it is Boris's turn");
    world.settles();
    assert_eq!((files(&anna).len(), files(&boris).len()), (3, 2));
}

#[test]
fn a_part_whose_answers_are_lost_ends_the_part_and_not_the_archive() {
    let lost = PlannedFault::new(Fault::Dropped).on("sendDocument");
    let refused = PlannedFault::new(Fault::ServerError).on("sendDocument");
    for faults in [vec![lost.clone().times(2)], vec![refused, lost]] {
        let (mut world, anna) = with_large_videos(18_000_000);
        says(&mut world, &anna, "/my");
        world.taps(&anna, VideoTap::MONTHS);
        world.taps(&anna, VideoTap::ORDERS);
        for fault in faults {
            world.stage.telegram.plan(fault);
        }
        world.taps(&anna, VideoTap::ARCHIVE_OF_ORDER);
        world.passes(Duration::from_mins(10));
        let mut names = names(&anna);
        names.dedup();
        assert_eq!(names, ["order-1_1.zip", "order-1_2.zip", "order-1.csv"]);
    }
}

#[test]
fn an_archive_goes_on_after_a_kill_where_it_was() {
    let (mut world, anna) = with_large_videos(18_000_000);
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    let (message, data) = button(&anna, VideoTap::ARCHIVE_OF_ORDER);
    anna.taps(message.id, &data).unwrap();
    while files(&anna).is_empty() {
        assert!(
            world.moves() || {
                world.passes(Duration::from_secs(1));
                true
            }
        );
    }
    world.restarts();
    world.settles();
    let mut names = names(&anna);
    names.dedup();
    assert_eq!(names, ["order-1_1.zip", "order-1_2.zip", "order-1.csv"], "{:#?}", texts(&anna));
}

#[test]
fn finished_requests_are_forgotten_and_videos_are_not() {
    let (mut world, anna) = with_videos(&[1]);
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(world.count("select count(*) from exports"), 1);
    world.clock.advance(Duration::from_hours(100 * 24));
    world.janitor_goes_round();
    assert_eq!(world.count("select count(*) from exports"), 0);
    let list = says(&mut world, &anna, "/my");
    anna.taps(list.id, &numbers(&list)[0]).unwrap();
    world.settles();
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn the_lists_buttons_of_an_old_message_still_work() {
    let (mut world, anna) = with_videos(&[1]);
    let old = says(&mut world, &anna, "/my");
    world.grants(&anna, 1);
    world.orders_more(&anna, 1);
    world.all_work_is_done();
    let page = VideoTap::FIRST.to_string();
    anna.forges_tap(old.id, &page);
    world.settles();
    let shown = anna.chat().into_iter().find(|message| message.id == old.id).unwrap();
    assert_eq!(numbers(&shown).len(), 2);
    let is_again = |data: &str| Tap::parse(data).is_some() && data.starts_with(VideoTap::AGAIN);
    let (message, data) = button_with(&anna, is_again);
    anna.taps(message.id, &data).unwrap();
    world.settles();
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn a_video_without_a_name_is_told_and_found_by_its_idea() {
    let (mut world, anna) = with_videos(&[1]);
    let title = "update generation_jobs set title_ru = null, title_en = null";
    world.database_changes(title);
    let idea = world.count("select count(*) from orders where preset = 'scroll-up'");
    assert_eq!(idea, 1);
    let list = says(&mut world, &anna, "/my");
    assert!(list.text.contains("Прокрути вверх"), "{}", list.text);
    for (text, found) in [
        ("/my прокрути", 1),
        ("/my scroll up", 1),
        ("/my ПРОКРУТИ вверх", 1),
        ("/my свой текст", 0),
    ] {
        assert_eq!(numbers(&says(&mut world, &anna, text)).len(), found, "{text}");
    }
    world.database_changes("update orders set preset = null");
    let list = says(&mut world, &anna, "/my");
    assert!(list.text.contains("свой текст"), "{}", list.text);
    for text in ["/my свой текст", "/my your own text"] {
        assert_eq!(numbers(&says(&mut world, &anna, text)).len(), 1, "{text}");
    }
    world.database_changes("update orders set preset = 'one-that-was-taken-away'");
    says(&mut world, &anna, "/my");
}

/// Buttons of that kind under the newest list.
fn offered(person: &Person, prefix: &str) -> Vec<(String, String)> {
    let list =
        person.chat().into_iter().rev().find(|m| m.from_bot && !m.buttons.is_empty()).unwrap();
    let buttons = list.buttons.into_iter().flatten();
    buttons
        .filter_map(|b| Some((b.label, b.data?)))
        .filter(|(_, data)| data.starts_with(prefix))
        .collect()
}

#[test]
fn a_series_is_one_archive() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 4);
        world.orders(&anna, 1);
        series::sends(&mut world, &anna, 3, &["арт. 1", "арт. 2"]);
        world.taps(&anna, AlbumTap::PRESET);
        let (screen, data) = series::order(&anna, 1);
        anna.taps(screen.id, &data).unwrap();
        world.all_work_is_done();
        let list = says(&mut world, &anna, "/my");
        assert!(list.text.contains("арт. 2") && list.text.contains("Товар 3"), "{}", list.text);
        world.taps(&anna, VideoTap::MONTHS);
        world.taps(&anna, VideoTap::ORDERS);
        let series = offered(&anna, VideoTap::ARCHIVE_OF_SERIES);
        let orders = offered(&anna, VideoTap::ARCHIVE_OF_ORDER);
        assert_eq!((series.len(), orders.len()), (1, 1), "{series:?} {orders:?}");
        assert!(series[0].0.contains("Серия") && series[0].0.contains("3 видео"), "{series:?}");
        assert!(orders[0].0.contains("1 видео"), "{orders:?}");
        world.taps(&anna, VideoTap::ARCHIVE_OF_SERIES);
        assert_eq!(names(&anna), ["series-1_1.zip", "series-1.csv"]);
        assert_eq!(in_zip(&files(&anna)[0]).len(), 3);
        assert!(files(&anna)[0].text.contains("Серия от"), "{}", files(&anna)[0].text);
        let boris = world.person_with("Борис", "ru", 0);
        let tap = boris.forges_tap(boris.last().unwrap().id, &series[0].1);
        world.settles();
        assert_eq!(world.toast(&boris, &tap), "Эта кнопка устарела");
    }
}

#[test]
fn every_month_and_every_order_can_be_had() {
    let (mut world, anna) = with_videos(&[1; 10]);
    // A month is at most 31 days.
    world.database_changes(
        "update generation_jobs set finished_at = finished_at - (10 - id) * 2678400000",
    );
    let list = says(&mut world, &anna, "/my");
    for (first, others, prefix) in [
        (VideoTap::MONTHS, "yz:2", VideoTap::ARCHIVE_OF_MONTH),
        (VideoTap::ORDERS, "yzo:2", VideoTap::ARCHIVE_OF_ORDER),
    ] {
        world.taps(&anna, first);
        let newest = offered(&anna, prefix);
        world.taps(&anna, others);
        let oldest = offered(&anna, prefix);
        assert_eq!(newest.len(), 8, "{newest:?}");
        assert!(!oldest.is_empty() && oldest.iter().all(|one| !newest.contains(one)), "{oldest:?}");
    }
    for data in ["yz:4294967295", "yzo:4294967295"] {
        anna.forges_tap(list.id, data);
        world.settles();
        assert!(!offered(&anna, "y").is_empty(), "{data}");
    }
    for data in ["yz:0", "yzo:0", "yzo:-1", "yb:x", "yz"] {
        let tap = anna.forges_tap(list.id, data);
        world.settles();
        assert_eq!(world.toast(&anna, &tap), "Эта кнопка устарела", "{data}");
    }
}

#[test]
fn a_person_has_so_many_archives_a_day() {
    let (mut world, anna) = with_videos(&[1]);
    let list = says(&mut world, &anna, "/my");
    for _ in 0..20 {
        anna.forges_tap(list.id, "yo:1");
        world.settles();
        world.passes(Duration::from_mins(1));
    }
    assert_eq!(names(&anna).len(), 40);
    let tap = anna.forges_tap(list.id, "yo:1");
    world.settles();
    assert!(world.toast(&anna, &tap).contains("Завтра"));
    assert_eq!(names(&anna).len(), 40);
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 2, "videos are sent as before");
    world.clock.advance(Duration::from_hours(24));
    anna.forges_tap(list.id, "yo:1");
    world.settles();
    assert_eq!(names(&anna).len(), 42);
}

#[test]
fn people_take_turns_however_many_archives_one_of_them_wants() {
    let mut world = World::new();
    let people = ["Анна", "Борис", "Вера"].map(|name| world.person_with(name, "ru", 3));
    for person in &people {
        world.orders(person, 1);
        world.all_work_is_done();
        world.orders(person, 1);
        world.all_work_is_done();
        world.orders(person, 1);
        world.all_work_is_done();
    }
    let ask = |world: &mut World, person: &Person, order: i64| {
        person.forges_tap(person.last().unwrap().id, &format!("yo:{order}"));
        world.answers_updates();
        world.clock.advance(Duration::from_millis(10));
    };
    let [anna, boris, vera] = &people;
    for order in 1..=3 {
        ask(&mut world, anna, order);
        ask(&mut world, boris, order + 3);
    }
    ask(&mut world, vera, 7);
    while files(vera).is_empty() {
        assert!(world.moves());
    }
    let others = files(anna).len() + files(boris).len();
    assert!(others <= 2, "{others} files were sent before");
}

#[test]
fn an_outage_leaves_no_archive_without_its_videos() {
    let (mut world, anna) = with_videos(&[5]);
    says(&mut world, &anna, "/my");
    world.database_changes("update generation_jobs set video_url = null");
    let outage = PlannedFault::new(Fault::ServerError).on("getFile").times(1000);
    world.stage.telegram.plan(outage);
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ARCHIVE_OF_MONTH);
    world.passes(Duration::from_hours(2));
    assert!(files(&anna).is_empty(), "{:?}", names(&anna));
    assert_eq!(count_of(&anna, "сейчас отправить не получилось"), 1, "{:#?}", texts(&anna));
    assert_eq!(world.count("select count(*) from exports where done_at is null"), 0);
}

#[test]
fn one_video_that_is_not_to_be_had_holds_up_none_of_the_others() {
    let (mut world, anna) = with_videos(&[3]);
    says(&mut world, &anna, "/my");
    // Telegram does not hand it out, and the studio has it no more.
    world.database_changes(
        "update generation_jobs set telegram_file_id = (select file_id from photos), video_url = null
         where id = 2",
    );
    world.stage.telegram.change(|state| state.bot += 1);
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ARCHIVE_OF_MONTH);
    world.passes(Duration::from_mins(5));
    assert_eq!(names(&anna).len(), 2, "{:?}", names(&anna));
    assert!(reads(&anna, "Не достать из них: 1"), "{:#?}", texts(&anna));
}

#[test]
fn who_was_away_until_their_credits_were_back_has_no_videos_for_nothing() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    anna.blocks();
    world.passes(Duration::from_hours(11 * 24));
    assert_eq!(world.balance(&anna), 3);
    anna.unblocks();
    world.settles();
    let told = texts(&anna);
    let waited = "3 видео были готовы и ждали вас десять дней";
    assert!(told.iter().any(|text| text.contains(waited)), "{told:#?}");
    assert!(!told.iter().any(|text| text.contains("Произошла ошибка")), "{told:#?}");
    let list = says(&mut world, &anna, "/my");
    assert!(list.text.contains("Здесь будут ваши видео"), "{}", list.text);
    for data in ["yj:1", "va:1", "yo:1", "vf:1"] {
        let tap = anna.forges_tap(list.id, data);
        world.settles();
        assert_eq!(world.toast(&anna, &tap), "Эта кнопка устарела", "{data}");
    }
    assert!(anna.videos().is_empty() && files(&anna).is_empty());
}

#[test]
fn who_came_back_for_a_moment_has_them_no_more_than_who_did_not() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    anna.blocks();
    world.passes(Duration::from_hours(9 * 24));
    anna.unblocks();
    world.answers_updates();
    anna.blocks();
    world.clock.advance(Duration::from_hours(2 * 24));
    world.passes(Duration::from_hours(1));
    assert_eq!(world.balance(&anna), 1);
    anna.unblocks();
    world.settles();
    assert!(says(&mut world, &anna, "/my").text.contains("Здесь будут ваши видео"));
}

#[test]
fn a_video_that_we_could_not_send_is_still_theirs() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.stage.telegram.plan(PlannedFault::new(Fault::ServerError).on("sendVideo").times(10_000));
    world.passes(Duration::from_hours(26));
    assert_eq!(world.balance(&anna), 1, "{:#?}", texts(&anna));
    world.stage.telegram.change(|state| drop(std::mem::take(&mut state.faults)));
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn what_is_too_large_for_a_file_still_comes_as_a_video() {
    let (mut world, anna) = with_videos(&[1]);
    let known = anna.videos()[0].media.as_ref().unwrap().file_id.clone();
    let large = vec![0; 21 << 20];
    world.stage.telegram.change(|state| {
        let other = state.files.keep("videos", "v.mp4", "video/mp4", &large).unwrap().id.clone();
        state.files.replace(&known, &other);
    });
    world.database_changes("update generation_jobs set video_url = null");
    world.taps(&anna, VideoTap::AS_FILE);
    assert!(reads(&anna, "больше 20 МБ") && files(&anna).is_empty(), "{:#?}", texts(&anna));
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 2);
}

#[test]
fn archives_of_one_day_are_told_apart_on_their_buttons_and_in_their_captions() {
    let (mut world, anna) = World::with_anna(5);
    for caption in ["", "", "", "", "арт. 7 & <b>"] {
        anna.sends_photo_with(reelbot::testing::sandbox::PHOTO, caption).unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        if caption.is_empty() && world.jobs().len() == 3 {
            world.passes(Duration::from_mins(1));
        }
    }
    world.all_work_is_done();
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    let offered = offered(&anna, VideoTap::ARCHIVE_OF_ORDER);
    let labels: BTreeSet<&String> = offered.iter().map(|(label, _)| label).collect();
    assert_eq!(labels.len(), 5, "{offered:#?}");
    assert!(offered.iter().all(|(label, _)| label.ends_with("1 видео")), "{offered:#?}");
    let nth = [" (2)", "", " (3)", " (2)", ""];
    for ((label, _), nth) in offered.iter().zip(nth) {
        assert!(label.contains(&format!("{nth} · ")), "{offered:#?}");
    }
    let list = anna.last().unwrap();
    for (_, data) in &offered {
        anna.taps(list.id, data).unwrap();
        world.passes(Duration::from_mins(1));
    }
    for words in ["часть 1", "список для Excel ·", "Собираю архив"] {
        let of = texts(&anna).into_iter().filter(|text| text.contains(words));
        let of: Vec<String> = of.collect();
        assert_eq!(of.iter().collect::<BTreeSet<_>>().len(), 5, "{of:#?}");
        assert_eq!(of.iter().filter(|text| text.contains("· арт. 7")).count(), 1, "{of:#?}");
        assert_eq!(of.iter().filter(|text| text.contains("Прокрути вверх")).count(), 4, "{of:#?}");
    }
}

#[test]
fn files_of_all_parts_of_an_archive_have_names_of_their_own_whatever_joins_it_meanwhile() {
    let (mut world, anna) = with_videos(&[1, 1, 1, 1]);
    let mut large = bytes(&anna.videos()[0]);
    large.resize(18_000_000, 0);
    let id = world.stage.telegram.change(|state| {
        state.files.keep("videos", "v.mp4", "video/mp4", &large).unwrap().id.clone()
    });
    world.database_changes(&format!(
        "update generation_jobs set telegram_file_id = '{id}'; update orders set name = 'Кружка';
         update generation_jobs set finished_at = finished_at - 5000000000 where id = 1"
    ));
    says(&mut world, &anna, "/my");
    world.taps(&anna, VideoTap::MONTHS);
    let (message, data) = button(&anna, VideoTap::ARCHIVE_OF_MONTH);
    let newest = offered(&anna, VideoTap::ARCHIVE_OF_MONTH)[0].1.clone();
    assert!(data.starts_with(VideoTap::ARCHIVE_OF_MONTH));
    anna.taps(message.id, &newest).unwrap();
    while files(&anna).is_empty() {
        if !world.moves() {
            world.clock.advance(Duration::from_secs(1));
        }
    }
    world.database_changes(
        "update generation_jobs set finished_at = finished_at + 5000000000 where id = 1",
    );
    world.passes(Duration::from_mins(2));
    let zips = files(&anna).into_iter().filter(|file| file.text.contains("часть"));
    let names: Vec<String> = zips.flat_map(|zip| in_zip(&zip)).map(|(name, _)| name).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 4, "{names:?}");
}
