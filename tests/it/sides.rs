//! One product from several sides: a model that takes several photos gets them all, for one that takes
//! one the person chooses.

use crate::albums::{different, many, one};
use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::button_with,
};
use reelbot::testing::{
    chat::{AlbumTap, Tap},
    sandbox::{FailureText, ModelState, Person, RenderOutcome, TaskSeen},
};

/// As a model refuses a photo.
const PEOPLE: &str =
    "We currently do not support uploads of images containing photorealistic people.";

/// It takes seven photos, and follows the first.
pub(crate) const GROK: &str = "grok-imagine-video-1-5-preview";

/// It takes one photo, and follows it.
const KLING: &str = "kling-2.6/image-to-video";

/// It takes one photo, and a shape.
pub(crate) const SEEDANCE: &str = "bytedance/seedance-2-mini";

pub(crate) fn world_of(model: &str, fallback: &str, credits: i64) -> (World, Person) {
    let mut world = World::with(|config| {
        model.clone_into(&mut config.kie.model);
        fallback.clone_into(&mut config.kie.fallback_model);
    });
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

impl World {
    /// A person sends so many photos of one product.
    pub(crate) fn sends_sides(&mut self, person: &Person, photos: u8) {
        person.sends_album(&different(photos)).unwrap();
        self.settles();
        let (question, is_one) = one(person);
        person.taps(question.id, &is_one).unwrap();
        self.settles();
    }

    /// A person takes the first idea, orders, and gets the videos.
    fn films(&mut self, person: &Person, count: u32) {
        self.taps(person, Tap::PRESET);
        self.taps_count(person, count);
        self.all_work_is_done();
    }
}

/// How many photos a task got.
fn photos(task: &TaskSeen) -> usize {
    task.input["image_urls"].as_array().map_or(1, Vec::len)
}

#[test]
fn a_model_that_takes_several_photos_gets_them_all_in_the_shape_that_was_chosen() {
    let (mut world, anna) = world_of(GROK, "", 5);
    world.sends_sides(&anna, 3);
    assert!(reads(&anna, "В видео пойдут все 3 фото товара"), "{:#?}", texts(&anna));
    assert!(!reads(&anna, "Какой взять"), "nothing is to be chosen");
    world.taps(&anna, Tap::PRESET);
    let (script, square) = button_with(&anna, |data| data.ends_with(":1:1"));
    anna.taps(script.id, &square).unwrap();
    world.settles();
    world.taps_count(&anna, 3);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 2));
    let tasks = world.stage.kie.tasks();
    assert_eq!(tasks.len(), 3);
    for task in &tasks {
        assert_eq!(world.stage.kie.sides_of_photos(task), [(600, 600); 3]);
        assert_eq!(task.input.get("aspect_ratio"), None);
    }
    assert_eq!(world.stage.kie.uploads().len(), 3, "each photo once");
}

#[test]
fn of_more_photos_than_the_model_takes_the_first_ones_are_shown() {
    let (mut world, anna) = world_of(GROK, "", 1);
    world.sends_sides(&anna, 9);
    assert!(reads(&anna, "В видео пойдут первые 7 фото товара"), "{:#?}", texts(&anna));
    world.films(&anna, 1);
    assert_eq!(photos(&world.stage.kie.tasks()[0]), 7);
    assert_eq!(world.stage.kie.uploads().len(), 7);
}

#[test]
fn where_the_model_takes_one_photo_it_is_chosen_and_a_fallback_that_takes_several_has_it_first() {
    for (model, fallback) in [(SEEDANCE, GROK), (KLING, GROK)] {
        let (mut world, anna) = world_of(model, fallback, 1);
        world.sends_sides(&anna, 3);
        assert!(reads(&anna, "Какой взять"), "{:#?}", texts(&anna));
        let (numbers, second) = button_with(&anna, |data| data.ends_with(":2"));
        anna.taps(numbers.id, &second).unwrap();
        world.settles();
        assert!(!reads(&anna, "В видео пойдут"));
        world.stage.kie.model_state(model, ModelState::Paused);
        world.films(&anna, 1);
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{model}");
        let tasks = world.stage.kie.tasks();
        let task = tasks.last().unwrap();
        assert_eq!((task.model, photos(task)), (GROK, 3));
        let chosen = world.count(
            "select p.photo_id = o.photo_id from orders o, photo_uploads p order by p.id limit 1",
        );
        assert_eq!(chosen, 1, "what was chosen comes first");
    }
}

#[test]
fn a_fallback_that_takes_one_photo_gets_the_first() {
    let (mut world, anna) = world_of(GROK, KLING, 1);
    world.sends_sides(&anna, 3);
    world.stage.kie.model_state(GROK, ModelState::Paused);
    world.films(&anna, 1);
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0));
    let tasks = world.stage.kie.tasks();
    assert_eq!((tasks.last().unwrap().model, photos(tasks.last().unwrap())), (KLING, 1));
}

#[test]
fn photos_that_cannot_be_had_any_more_cost_the_video_nothing_while_one_is_left() {
    for (gone, left) in [("id = 1", 2), ("id = 3", 2), ("id in (1, 3)", 1)] {
        let (mut world, anna) = world_of(GROK, "", 1);
        world.sends_sides(&anna, 3);
        world.taps(&anna, Tap::PRESET);
        world.database_changes(&format!("update photos set file_id = 'gone' where {gone}"));
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{gone}");
        assert_eq!(photos(&world.stage.kie.tasks()[0]), left, "{gone}");
    }
    let (mut world, anna) = world_of(GROK, "", 1);
    world.sends_sides(&anna, 3);
    world.taps(&anna, Tap::PRESET);
    world.database_changes("update photos set file_id = 'gone'");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (0, 1), "the credit is back");
}

#[test]
fn more_of_the_product_shows_all_sides_again_though_the_draft_is_forgotten() {
    let (mut world, anna) = world_of(GROK, "", 2);
    world.sends_sides(&anna, 3);
    world.films(&anna, 1);
    world.database_changes("pragma foreign_keys = on; delete from drafts");
    world.taps(&anna, Tap::MORE_WITH_PHOTO);
    assert_eq!(count_of(&anna, "В видео пойдут все 3 фото товара"), 1);
    world.films(&anna, 1);
    assert_eq!(anna.videos().len(), 2);
    assert!(world.stage.kie.tasks().iter().all(|task| photos(task) == 3));
    assert_eq!(world.stage.kie.uploads().len(), 3, "their uploads are fresh");
}

#[test]
fn after_a_refused_photo_another_one_of_the_product_is_offered() {
    for model in [SEEDANCE, KLING] {
        let (mut world, anna) = world_of(model, "", 1);
        world.sends_sides(&anna, 3);
        let (numbers, second) = button_with(&anna, |data| data.ends_with(":2"));
        anna.taps(numbers.id, &second).unwrap();
        world.settles();
        world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", PEOPLE)));
        world.films(&anna, 1);
        assert_eq!((anna.videos().len(), world.balance(&anna)), (0, 1), "{model}");
        assert!(reads(&anna, "Возьмите другое фото этого товара"), "{:#?}", texts(&anna));
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        let (numbers, third) = button_with(&anna, |data| data.ends_with(":3"));
        assert_eq!(numbers.id, anna.last().unwrap().id);
        anna.taps(numbers.id, &third).unwrap();
        world.settles();
        world.films(&anna, 1);
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{model}");
        assert_eq!(world.count("select count(distinct photo_id) from orders"), 2, "{model}");
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        assert!(!anna.last().unwrap().text.contains("Какой взять"), "the ideas come first");
        world.taps(&anna, AlbumTap::SIDES);
        assert!(anna.last().unwrap().text.contains("Какой взять"), "{:?}", anna.last());
    }
}

#[test]
fn different_products_are_never_shown_together() {
    let (mut world, anna) = world_of(GROK, "", 3);
    anna.sends_album(&different(3)).unwrap();
    world.settles();
    let (question, many) = many(&anna);
    anna.taps(question.id, &many).unwrap();
    world.settles();
    assert!(!reads(&anna, "В видео пойдут"));
    world.taps(&anna, AlbumTap::PRESET);
    world.taps(&anna, AlbumTap::ORDER);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
    assert!(world.stage.kie.tasks().iter().all(|task| photos(task) == 1));
}
