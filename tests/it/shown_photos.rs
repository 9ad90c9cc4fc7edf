//! What a script's screen says of its photos is what is filmed, or nothing is.

use std::time::Duration;

use reelbot::testing::{
    chat::{AlbumTap, Tap},
    sandbox::{Fault, ModelState, Person, PlannedFault},
};

use crate::albums::{different, many};
use crate::series::order;
use crate::sides::{GROK, SEEDANCE, world_of};
use crate::world::{
    World,
    checks::{reads, texts},
    people::{button, button_with, count_button},
};

/// It takes one photo, and two shapes.
const SORA: &str = "sora-2-image-to-video";

impl World {
    /// A tap on one video orders nothing, says this, and the script is there anew.
    fn refuses(&mut self, person: &Person, word: &str) {
        let before = (self.balance(person), self.jobs().len());
        let (script, data) = count_button(person, 1);
        let tap = person.forges_tap(script.id, &data);
        self.settles();
        let said = self.toast(person, &tap);
        assert!(said.contains(word) && said.contains("Проверьте"), "{said}");
        assert_eq!((self.balance(person), self.jobs().len()), before);
        let (anew, data_anew) = count_button(person, 1);
        assert_eq!(anew.id, script.id);
        assert_ne!(data_anew, data);
        person.forges_tap(script.id, &data);
        self.settles();
        assert_eq!((self.balance(person), self.jobs().len()), before, "the old button is old");
    }

    /// How many photos the last task got.
    fn photos_filmed(&self) -> usize {
        let tasks = self.stage.kie.tasks();
        self.stage.kie.sides_of_photos(tasks.last().unwrap()).len()
    }

    /// A model is known to be down by somebody else's order.
    fn is_seen_down(&mut self, model: &str) {
        self.stage.kie.model_state(model, ModelState::Paused);
        let boris = self.person_with("Борис", "ru", 1);
        self.orders(&boris, 1);
        assert_eq!(self.count("select count(*) from models_down"), 1);
    }
}

#[test]
fn fewer_photos_than_were_shown_are_shown_before_they_are_filmed() {
    let (mut world, anna) = world_of(GROK, "", 2);
    world.sends_sides(&anna, 3);
    world.taps(&anna, Tap::PRESET);
    let shown = count_button(&anna, 1).0.text;
    assert!(shown.contains("все 3 фото"), "{shown}");
    world.operator_changes(|config| SEEDANCE.clone_into(&mut config.kie.model));
    world.refuses(&anna, "число фото");
    assert!(!count_button(&anna, 1).0.text.contains("3 фото"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna), world.photos_filmed()), (1, 1, 1));
}

#[test]
fn more_photos_than_were_shown_are_too() {
    let (mut world, anna) = world_of(SEEDANCE, "", 2);
    world.sends_sides(&anna, 3);
    let (numbers, second) = button_with(&anna, |data| data.ends_with(":2"));
    anna.taps(numbers.id, &second).unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.operator_changes(|config| GROK.clone_into(&mut config.kie.model));
    world.refuses(&anna, "число фото");
    assert!(count_button(&anna, 1).0.text.contains("все 3 фото"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.photos_filmed()), (1, 3));
}

#[test]
fn a_side_that_is_gone_is_counted_before_the_order() {
    let (mut world, anna) = world_of(GROK, "", 2);
    world.sends_sides(&anna, 3);
    world.taps(&anna, Tap::PRESET);
    world.database_changes("update photos set bot_id = 0 where id = 3");
    world.refuses(&anna, "число фото");
    assert!(count_button(&anna, 1).0.text.contains("оба фото"));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.photos_filmed()), (1, 2));
}

#[test]
fn edges_that_would_be_cut_and_not_added_are_shown_before_the_order() {
    for (before, after, said, says) in [
        (GROK, SEEDANCE, "добавлю размытый фон", "обрежется"),
        (SEEDANCE, GROK, "обрежется", "добавлю размытый фон"),
    ] {
        let (mut world, anna) = world_of(before, "", 2);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        assert!(count_button(&anna, 1).0.text.contains(said));
        world.operator_changes(|config| after.clone_into(&mut config.kie.model));
        world.refuses(&anna, "края фото");
        assert!(count_button(&anna, 1).0.text.contains(says));
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 1), "{before}");
    }
}

#[test]
fn the_stand_in_of_a_model_that_is_down_is_shown_with_its_own_words() {
    let (mut world, anna) = world_of(SORA, GROK, 3);
    world.sends_sides(&anna, 3);
    world.taps(&anna, AlbumTap::CHOOSE_PHOTO);
    world.taps(&anna, Tap::PRESET);
    assert!(count_button(&anna, 1).0.text.contains("обрежется"));
    world.is_seen_down(SORA);
    world.refuses(&anna, "число фото");
    let shown = count_button(&anna, 1).0;
    assert!(shown.text.contains("все 3 фото") && shown.text.contains("размытый фон"));
    assert!(shown.labels().contains(&"1:1"), "{:?}", shown.labels());
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna), world.photos_filmed()), (1, 2, 3));
    // The model is back: what it films is what its screens say.
    world.stage.kie.model_state(SORA, ModelState::Alive);
    world.passes(Duration::from_mins(3));
    world.janitor_goes_round();
    assert_eq!(world.count("select count(*) from models_down"), 0);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    assert!(count_button(&anna, 1).0.text.contains("обрежется"));
    world.taps_count(&anna, 1);
    assert_eq!(world.balance(&anna), 1, "one tap is enough");
}

#[test]
fn a_length_that_the_stand_in_does_not_make_is_not_filmed_as_another() {
    let (mut world, anna) = world_of(SORA, "kling-2.6/image-to-video", 5);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, longer) = button_with(&anna, |data| data.ends_with(":15"));
    anna.taps(script.id, &longer).unwrap();
    world.settles();
    world.is_seen_down(SORA);
    world.refuses(&anna, "цена");
    assert!(count_button(&anna, 1).0.text.contains("10 секунд"), "{:#?}", texts(&anna));
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 4));
}

#[test]
fn a_series_says_what_would_be_different_too() {
    let (mut world, anna) = world_of(GROK, "", 9);
    anna.sends_album(&different(3)).unwrap();
    world.settles();
    let (question, data) = many(&anna);
    anna.taps(question.id, &data).unwrap();
    world.settles();
    world.taps(&anna, AlbumTap::PRESET);
    world.operator_changes(|config| SEEDANCE.clone_into(&mut config.kie.model));
    let (screen, old) = order(&anna, 1);
    let tap = anna.forges_tap(screen.id, &old);
    world.settles();
    assert!(world.toast(&anna, &tap).contains("края фото"), "{}", world.toast(&anna, &tap));
    anna.forges_tap(screen.id, &old);
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    let (screen, data) = order(&anna, 1);
    assert!(screen.text.contains("обрежется"), "{}", screen.text);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 6));
}

#[test]
fn a_photo_that_is_looked_at_after_its_script_is_ordered_by_one_tap() {
    for model in [GROK, SEEDANCE] {
        let (mut world, anna) = world_of(model, "", 1);
        world.stage.telegram.plan(PlannedFault::new(Fault::ServerError).on("getFile").times(2));
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        assert_eq!(world.count("select count(*) from photos where width is not null"), 0);
        let (script, data) = count_button(&anna, 1);
        assert!(!script.text.contains("Фото шире кадра"), "{}", script.text);
        world.database_changes("update photos set looked_at = null");
        world.settles();
        assert_eq!(world.count("select count(*) from photos where width = 600"), 1);
        anna.taps(script.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{model}");
    }
}

#[test]
fn a_doctor_that_gives_up_refuses_no_order() {
    for model in [GROK, SEEDANCE] {
        let (mut world, anna) = world_of(model, "", 1);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        let (script, data) = count_button(&anna, 1);
        assert!(script.text.contains("Фото шире кадра"), "{}", script.text);
        world.database_changes("update photos set looks = 3, looked_at = null");
        world.settles();
        anna.taps(script.id, &data).unwrap();
        world.settles();
        assert_eq!((world.jobs().len(), world.balance(&anna)), (1, 0), "{model}");
    }
}

#[test]
fn a_screen_of_an_earlier_version_that_says_nothing_of_its_photos_is_ordered() {
    let (mut world, anna) = world_of(GROK, "", 1);
    world.sends_photo(&anna);
    let ideas = button(&anna, Tap::PRESET).0.id;
    world.taps(&anna, Tap::PRESET);
    world.database_changes("update scripts set photos = null, edges = null");
    world.operator_changes(|config| SEEDANCE.clone_into(&mut config.kie.model));
    world.taps_count(&anna, 1);
    assert_eq!(world.balance(&anna), 0);
    assert!(reads(&anna, "Принял"), "{ideas:?}: {:#?}", texts(&anna));
}
