//! A photo is replaced by editing its message: what is filmed from then on is the new one.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use reelbot::testing::{
    chat::{AlbumTap, Tap},
    domain::MessageId,
    sandbox::{PHOTO, Person},
};

use crate::albums::{different, many, one, photos, says};
use crate::formats::world_of;
use crate::series::{label, order};
use crate::world::{
    MODELS, World,
    checks::{count_of, reads, texts},
    people::{button, button_with, count_button},
};

/// A model whose task has the photo as it was sent.
const SEEDANCE: &str = MODELS[0];

/// It takes seven photos.
const GROK: &str = MODELS[1];

/// A photo of 900 × 700, which the sample photo is not; another one for each number.
fn other(number: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let shade = |x, _| Rgb([if x % 40 < 20 { 30 } else { 220 }; 3]);
    RgbImage::from_fn(900, 700, shade).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    [bytes.into_inner(), vec![0, number]].concat()
}

/// The beginning of a video file.
const VIDEO: &[u8] = b"\0\0\0\x18ftypmp42";

impl World {
    /// A person puts another photo in the place of one that they have sent.
    fn replaces(&mut self, person: &Person, message: MessageId, photo: &[u8]) {
        person.replaces_photo(message, photo).unwrap();
        self.settles();
    }

    /// The sides of the photo of each task, in the order of the tasks.
    fn filmed(&self) -> Vec<(usize, usize)> {
        let tasks = self.stage.kie.tasks();
        tasks.iter().map(|task| self.stage.kie.photo_sides(task).unwrap()).collect()
    }
}

fn last_photo(person: &Person) -> MessageId {
    photos(person).last().unwrap().id
}

#[test]
fn the_ideas_are_for_the_photo_that_the_message_shows_now() {
    for model in MODELS {
        let (mut world, anna) = world_of(model, 1);
        world.sends_photo(&anna);
        let ideas = button(&anna, Tap::PRESET).0;
        world.replaces(&anna, last_photo(&anna), &other(1));
        assert!(reads(&anna, "Фото заменил"), "{:#?}", texts(&anna));
        assert_eq!(button(&anna, Tap::PRESET).0.id, ideas.id, "there is one draft");
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{model}");
        assert_eq!(world.count("select photo_id from orders"), 2, "{model}");
        assert_eq!(world.count("select count(*) from drafts"), 1, "{model}");
        assert_eq!(world.count("select width from photos where id = 2"), 900, "it was looked at");
    }
}

#[test]
fn a_script_is_written_anew_for_the_new_photo_and_its_old_buttons_order_nothing() {
    let (mut world, anna) = world_of(SEEDANCE, 5);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, old) = count_button(&anna, 1);
    anna.replaces_photo(last_photo(&anna), &other(1)).unwrap();
    world.answers_updates();
    // The finger was faster than the new script.
    let tap = anna.forges_tap(script.id, &old);
    world.answers_updates();
    assert!(world.toast(&anna, &tap).contains("Фото заменено"), "{}", world.toast(&anna, &tap));
    world.settles();
    let (anew, new) = count_button(&anna, 1);
    assert_eq!((anew.id, world.stage.gpt.seen().len()), (script.id, 2));
    assert_ne!(new, old);
    let tap = anna.forges_tap(script.id, &old);
    world.settles();
    assert!(world.toast(&anna, &tap).contains("Фото заменено"), "{}", world.toast(&anna, &tap));
    assert_eq!((world.balance(&anna), world.jobs().len()), (5, 0));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), world.filmed()), (4, vec![(900, 700)]));
}

#[test]
fn a_script_that_is_being_written_is_written_for_the_new_photo() {
    let (mut world, anna) = world_of(SEEDANCE, 1);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, Tap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    anna.replaces_photo(last_photo(&anna), &other(1)).unwrap();
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(900, 700)]);
}

#[test]
fn videos_that_are_ordered_keep_their_photo() {
    let (mut world, anna) = world_of(SEEDANCE, 5);
    world.orders(&anna, 3);
    world.replaces(&anna, last_photo(&anna), &other(1));
    assert!(reads(&anna, "уже заказаны"), "{:#?}", texts(&anna));
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(600, 400); 3]);
    assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 2));
}

#[test]
fn a_replacement_that_is_no_photo_is_said_and_the_old_photo_stays() {
    for (bytes, mime, words) in [
        (VIDEO, "video/mp4", "не похож на фото"),
        (b"%PDF-1.7", "application/pdf", "не похож на фото"),
        (b"%PDF-1.7", "image/jpeg", "не похож на фото"),
        (b"II*\0", "image/tiff", "такого формата"),
    ] {
        for is_fast in [false, true] {
            let (mut world, anna) = world_of(SEEDANCE, 1);
            world.sends_photo(&anna);
            world.taps(&anna, Tap::PRESET);
            let photo = last_photo(&anna);
            anna.replaces_with_document(photo, bytes, mime).unwrap();
            if is_fast {
                // The script writer comes to it before the doctor.
                world.answers_updates();
                world.database_changes("update photos set looked_at = 1 where looked_at is null");
            }
            world.settles();
            assert!(reads(&anna, words), "{mime}: {:#?}", texts(&anna));
            assert!(reads(&anna, "Оставил прежнее фото"), "{mime}: {:#?}", texts(&anna));
            world.taps_count(&anna, 1);
            world.all_work_is_done();
            assert_eq!((anna.videos().len(), world.filmed()), (1, vec![(600, 400)]), "{mime}");
        }
    }
}

#[test]
fn a_usable_photo_may_follow_one_that_is_none() {
    let (mut world, anna) = world_of(SEEDANCE, 1);
    // The first is refused at once, and so there is no draft.
    let sent = anna.sends_document(b"%PDF-1.7", "cup.pdf", "application/pdf").unwrap();
    world.settles();
    world.replaces(&anna, sent, PHOTO);
    assert!(reads(&anna, "Фото получил"), "{:#?}", texts(&anna));
    anna.replaces_with_document(sent, VIDEO, "video/mp4").unwrap();
    world.settles();
    world.replaces(&anna, sent, &other(1));
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(900, 700)]);
}

#[test]
fn an_edit_of_what_is_no_product_is_answered_by_nothing() {
    let (mut world, anna) = world_of(SEEDANCE, 1);
    let sent = anna.sends_document(b"%PDF-1.7", "cup.pdf", "application/pdf").unwrap();
    world.settles();
    let before = texts(&anna);
    anna.replaces_with_document(sent, VIDEO, "video/mp4").unwrap();
    anna.edits_message(sent, "арт. 77");
    world.settles();
    assert_eq!(texts(&anna), before);
}

#[test]
fn a_photo_that_is_replaced_without_end_costs_the_script_writer_no_more_than_its_bounds() {
    let (mut world, anna) = world_of(SEEDANCE, 1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    for number in 0..12 {
        world.replaces(&anna, last_photo(&anna), &other(number));
    }
    assert_eq!(world.stage.gpt.seen().len(), 5);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(900, 700)]);
}

#[test]
fn words_that_change_with_the_photo_are_taken_too() {
    let (mut world, anna) = world_of(SEEDANCE, 1);
    let sent = anna.sends_photo_with(PHOTO, "арт. 77\nпусть идёт снег").unwrap();
    world.settles();
    anna.replaces_photo(sent, &other(1)).unwrap();
    anna.edits_message(sent, "арт. 78\nпусть идёт дождь");
    world.settles();
    assert!(reads(&anna, "пусть идёт дождь"), "{:#?}", texts(&anna));
    assert_eq!(world.count("select count(*) from drafts where name = 'арт. 78'"), 1);
    world.taps(&anna, Tap::USE_TEXT);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(900, 700)]);
    assert!(anna.videos()[0].text.ends_with("📦 арт. 78"), "{:?}", anna.videos());
}

#[test]
fn a_product_of_a_series_keeps_its_number_and_the_question_stays_open() {
    for model in MODELS {
        let (mut world, anna) = world_of(model, 9);
        let sent = anna.sends_album(&different(3)).unwrap();
        world.settles();
        let question = many(&anna).0;
        world.replaces(&anna, sent[1], &other(1));
        let still = many(&anna).0;
        assert_eq!((still.id, still.text), (question.id, question.text), "{model}");
        let question = many(&anna);
        says(&mut world, &anna, question);
        world.taps(&anna, AlbumTap::PRESET);
        let (screen, old) = order(&anna, 1);
        assert_eq!(label(&screen, &old), "3 × 1 видео · 3 кредита");
        world.replaces(&anna, sent[1], &other(2));
        let (screen, new) = order(&anna, 1);
        assert!(screen.text.contains("\n2. "), "{}", screen.text);
        let tap = anna.forges_tap(screen.id, &old);
        world.settles();
        assert!(world.toast(&anna, &tap).contains("Фото заменено"), "{}", world.toast(&anna, &tap));
        assert_eq!((world.balance(&anna), world.jobs().len()), (9, 0));
        anna.taps_twice(screen.id, &new).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 6), "{model}");
        let sql = "select count(*) from orders o join photos p on p.id = o.photo_id
                   where o.place = 2 and p.width = 900 or o.place <> 2 and p.width = 600";
        assert_eq!(world.count(sql), 3, "{model}");
    }
}

#[test]
fn a_product_of_a_series_whose_new_photo_is_none_keeps_the_old_one() {
    let (mut world, anna) = world_of(SEEDANCE, 9);
    let sent = anna.sends_album(&different(3)).unwrap();
    world.settles();
    let question = many(&anna);
    says(&mut world, &anna, question);
    world.taps(&anna, AlbumTap::PRESET);
    anna.replaces_with_document(sent[1], b"%PDF-1.7", "image/jpeg").unwrap();
    world.settles();
    assert!(reads(&anna, "Оставил прежнее фото"), "{:#?}", texts(&anna));
    let (screen, data) = order(&anna, 1);
    assert_eq!(label(&screen, &data), "3 × 1 видео · 3 кредита");
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(600, 400); 3]);
}

#[test]
fn a_side_of_a_product_is_replaced_in_its_place() {
    let (mut world, anna) = world_of(GROK, 3);
    let sent = anna.sends_album(&different(3)).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    world.taps(&anna, Tap::PRESET);
    world.replaces(&anna, sent[1], &other(1));
    anna.replaces_with_document(sent[2], b"%PDF-1.7", "image/jpeg").unwrap();
    world.settles();
    assert_eq!(count_of(&anna, "Оставил прежнее фото"), 1, "{:#?}", texts(&anna));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let tasks = world.stage.kie.tasks();
    let sides = world.stage.kie.sides_of_photos(&tasks[0]);
    assert_eq!(sides, [(600, 1066), (900, 1600), (600, 1066)], "each in the shape of the video");
}

#[test]
fn the_chosen_side_that_is_replaced_has_its_script_written_anew() {
    let (mut world, anna) = world_of(SEEDANCE, 3);
    let sent = anna.sends_album(&different(3)).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    let second = button_with(&anna, |data| data.ends_with(":2"));
    says(&mut world, &anna, second);
    world.taps(&anna, Tap::PRESET);
    world.replaces(&anna, sent[0], &other(1));
    assert_eq!(world.stage.gpt.seen().len(), 1, "this side is not filmed");
    world.replaces(&anna, sent[1], &other(2));
    assert_eq!(world.stage.gpt.seen().len(), 2);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.filmed(), [(900, 700)]);
}

#[test]
fn a_photo_and_its_name_that_change_in_one_edit_are_both_told() {
    for (photo, said) in
        [(other(1), "Фото заменил"), (b"\0\0\0\x18ftypmp42".to_vec(), "Оставил прежнее фото")]
    {
        let (mut world, anna) = world_of(SEEDANCE, 1);
        anna.sends_photo_with(PHOTO, "арт. 5").unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        anna.replaces_photo_and_caption(last_photo(&anna), &photo, "арт. 6").unwrap();
        world.settles();
        assert!(reads(&anna, said), "{:#?}", texts(&anna));
        assert!(reads(&anna, "Записал: арт. 6"), "{:#?}", texts(&anna));
    }
}

#[test]
fn more_of_a_product_films_the_photo_and_has_the_name_that_it_has_now() {
    for renamed in ["", "арт. 24"] {
        let (mut world, anna) = world_of(SEEDANCE, 2);
        let message = anna.sends_photo_with(PHOTO, "арт. 23").unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.replaces(&anna, message, &other(1));
        if !renamed.is_empty() {
            anna.edits_message(message, renamed);
            world.settles();
        }
        world.all_work_is_done();
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(world.filmed(), [(600, 400), (900, 700)]);
        let name = if renamed.is_empty() { "арт. 23" } else { renamed };
        assert!(anna.videos().last().unwrap().text.replace('\u{a0}', " ").contains(name), "{name}");
    }
}
