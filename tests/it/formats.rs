//! The shape and the length of the videos: chosen under the script, priced, ordered exactly so.

use proptest::prelude::*;
use reelbot::testing::{
    chat::Tap,
    domain::Credits,
    sandbox::{ModelState, Person, ShownMessage},
};

use crate::world::{
    World,
    people::{button, button_with, count_button},
};

/// It takes every shape.
const SEEDANCE: &str = "bytedance/seedance-2-mini";

/// It follows the photo.
const GROK: &str = "grok-imagine-video-1-5-preview";

/// It takes two shapes.
const SORA: &str = "sora-2-image-to-video";

/// A world with that model and no other, and Anna.
pub(crate) fn world_of(model: &str, credits: i64) -> (World, Person) {
    let mut world = World::with(|config| {
        model.clone_into(&mut config.kie.model);
        config.kie.fallback_model.clear();
    });
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

impl World {
    /// A person sends the photo and has a script written.
    fn has_script(&mut self, person: &Person) -> ShownMessage {
        self.sends_photo(person);
        self.taps(person, Tap::PRESET);
        count_button(person, 1).0
    }

    /// A person taps that shape or length under the last script.
    fn chooses(&mut self, person: &Person, option: &str) {
        let (message, data) = option_button(person, option);
        person.taps(message.id, &data).unwrap();
        self.settles();
    }
}

/// The last button that chooses so: "1:1" or "15".
fn option_button(person: &Person, option: &str) -> (ShownMessage, String) {
    let prefix = if option.contains(':') { Tap::ASPECT } else { Tap::SECONDS };
    button_with(person, |data| data.starts_with(prefix) && data.ends_with(&format!(":{option}")))
}

/// What is marked as chosen.
fn chosen(message: &ShownMessage) -> Vec<String> {
    let labels = message.labels().into_iter();
    labels.filter_map(|label| label.strip_prefix("✅ ").map(str::to_owned)).collect()
}

/// The credits that the button for that many videos names.
fn price(person: &Person, count: u32) -> i64 {
    let (message, data) = count_button(person, count);
    price_of(&message, &data)
}

/// The credits that this button names.
pub(crate) fn price_of(message: &ShownMessage, data: &str) -> i64 {
    let buttons = message.buttons.iter().flatten();
    let mut labels = buttons.filter(|button| button.data.as_deref() == Some(data));
    let label = &labels.next().unwrap().label;
    let credits = label.split('·').next_back().unwrap();
    credits.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn a_model_that_takes_a_shape_is_asked_for_it_and_gets_the_photo_as_it_is() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    let script = world.has_script(&anna);
    assert_eq!(chosen(&script), ["9:16", "10 с"]);
    assert!(script.text.contains("слева и справа обрежется"), "{}", script.text);
    assert_eq!(price(&anna, 3), 3);
    world.chooses(&anna, "1:1");
    world.chooses(&anna, "15");
    let shown = anna.last().unwrap();
    assert_eq!((shown.id, chosen(&shown)), (script.id, vec!["1:1".into(), "15 с".into()]));
    assert!(shown.text.contains("1:1, 15 секунд. 1 видео = 2 кредита"));
    assert_eq!(price(&anna, 3), 6);
    world.taps_count(&anna, 3);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (4, 3));
    for task in world.stage.kie.tasks() {
        assert_eq!(
            (&task.input["aspect_ratio"], &task.input["duration"]),
            (&"1:1".into(), &15.into())
        );
        assert_eq!(world.stage.kie.photo_sides(&task), Some((600, 400)));
    }
    assert_eq!(world.stage.kie.uploads().len(), 1, "one upload is enough for its videos");
}

#[test]
fn a_model_that_follows_the_photo_gets_one_of_the_shape_with_blurred_edges() {
    for (option, sides, said) in [
        ("9:16", (600, 1066), "сверху и снизу добавлю размытый фон"),
        ("3:4", (600, 800), "сверху и снизу добавлю размытый фон"),
        ("1:1", (600, 600), "сверху и снизу добавлю размытый фон"),
        ("16:9", (712, 400), "по бокам добавлю размытый фон"),
    ] {
        let (mut world, anna) = world_of(GROK, 10);
        world.has_script(&anna);
        world.chooses(&anna, option);
        world.chooses(&anna, "5");
        let text = anna.last().unwrap().text;
        assert!(text.contains(said), "{option}: {text}");
        world.taps_count(&anna, 3);
        world.all_work_is_done();
        assert_eq!((world.balance(&anna), anna.videos().len()), (7, 3));
        for task in world.stage.kie.tasks() {
            assert_eq!(task.input.get("aspect_ratio"), None, "it would be refused");
            assert_eq!(task.input["duration"], 5);
            assert_eq!(world.stage.kie.photo_sides(&task), Some(sides), "{option}");
        }
        assert_eq!(world.stage.kie.uploads().len(), 1, "padded once for its videos");
    }
}

#[test]
fn a_photo_is_uploaded_once_for_each_shape_and_again_only_when_that_is_old() {
    let (mut world, anna) = world_of(GROK, 10);
    world.has_script(&anna);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    for (option, uploads) in [("9:16", 1), ("1:1", 2), ("9:16", 2), ("1:1", 2)] {
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        world.taps(&anna, Tap::PRESET);
        world.chooses(&anna, option);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(world.stage.kie.uploads().len(), uploads, "{option}");
    }
    assert_eq!(anna.videos().len(), 5);
}

#[test]
fn what_was_chosen_is_the_persons_default_and_nobody_elses() {
    for model in [SEEDANCE, GROK] {
        let (mut world, anna) = world_of(model, 10);
        world.has_script(&anna);
        world.chooses(&anna, "1:1");
        world.chooses(&anna, "5");
        let next = world.has_script(&anna);
        assert_eq!(chosen(&next), ["1:1", "5 с"], "{model}");
        let boris = world.person_with("Борис", "ru", 10);
        assert_eq!(chosen(&world.has_script(&boris)), ["9:16", "10 с"], "{model}");
        world.restarts();
        assert_eq!(chosen(&world.has_script(&anna)), ["1:1", "5 с"], "{model}");
    }
}

#[test]
fn two_scripts_of_one_photo_are_each_filmed_as_they_show_it() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    world.has_script(&anna);
    let first = count_button(&anna, 1);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    world.chooses(&anna, "16:9");
    world.chooses(&anna, "15");
    assert_eq!(chosen(&anna.last().unwrap()), ["16:9", "15 с"]);
    anna.taps(first.0.id, &first.1).unwrap();
    world.settles();
    assert_eq!(world.balance(&anna), 9, "the first still says one credit");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (7, 2));
    let tasks = world.stage.kie.tasks();
    let mut filmed: Vec<String> = tasks
        .iter()
        .map(|task| format!("{} {}", task.input["aspect_ratio"], task.input["duration"]))
        .collect();
    filmed.sort();
    assert_eq!(filmed, ["\"16:9\" 15", "\"9:16\" 10"]);
}

#[test]
fn a_tap_on_a_count_that_the_script_no_longer_shows_takes_nothing() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    world.has_script(&anna);
    let (script, one) = count_button(&anna, 1);
    world.chooses(&anna, "15");
    // The finger was faster than the new screen.
    let tap = anna.forges_tap(script.id, &one);
    world.settles();
    assert!(world.toast(&anna, &tap).contains("Проверьте"), "{}", world.toast(&anna, &tap));
    assert_eq!((world.balance(&anna), world.jobs().len()), (10, 0));
    world.taps_count(&anna, 1);
    assert_eq!((world.balance(&anna), world.jobs().len()), (8, 1));
}

#[test]
fn a_shape_or_length_made_up_by_hand_changes_nothing_and_is_answered() {
    for (model, forged) in [
        (SORA, &["za:1:1:3:4", "za:1:1:1:1", "zs:1:1:5", "zs:1:1:0", "zs:1:1:4294967295"][..]),
        (GROK, &["zs:1:1:16", "zs:1:1:1", "zs:1:1:3"]),
        (SEEDANCE, &["zs:1:1:3"]),
    ] {
        let (mut world, anna) = world_of(model, 10);
        let script = world.has_script(&anna);
        for data in forged {
            let tap = anna.forges_tap(script.id, data);
            world.settles();
            assert!(world.toast(&anna, &tap).contains("сейчас нет"), "{model} {data}");
            let shown = anna.last().unwrap();
            assert_eq!((shown.id, &shown.text), (script.id, &script.text), "{model} {data}");
        }
        for data in ["za:1:1:4:3", "za:1:1:9x16", "zs:1:1:-5", "zs:1:1:010", "za:1:1", "z"] {
            let tap = anna.forges_tap(script.id, data);
            world.settles();
            assert_eq!(world.toast(&anna, &tap), "Эта кнопка устарела", "{data}");
        }
        assert_eq!(chosen(&world.has_script(&anna)), ["9:16", "10 с"], "{model}");
        assert_eq!(world.balance(&anna), 10);
    }
}

#[test]
fn the_script_of_another_person_cannot_be_changed() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    let script = world.has_script(&anna);
    let boris = world.person_with("Борис", "ru", 10);
    let hello = boris.last().unwrap();
    for data in ["za:1:1:1:1", "zs:1:1:15"] {
        let tap = boris.forges_tap(hello.id, data);
        world.settles();
        assert_eq!(world.toast(&boris, &tap), "Эта кнопка устарела");
    }
    assert_eq!(anna.last().unwrap().text, script.text);
    world.taps_count(&anna, 1);
    assert_eq!(world.balance(&anna), 9);
    let tap = anna.forges_tap(script.id, "zs:1:1:15");
    world.settles();
    assert_eq!(world.toast(&anna, &tap), "Уже принято", "an order is not changed any more");
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["duration"], 10);
}

#[test]
fn another_model_is_shown_with_what_it_offers_before_anything_is_charged() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    world.has_script(&anna);
    world.chooses(&anna, "3:4");
    world.chooses(&anna, "5");
    let square = option_button(&anna, "1:1");
    world.operator_changes(|config| SORA.clone_into(&mut config.kie.model));
    world.taps_count(&anna, 1);
    assert_eq!((world.balance(&anna), world.jobs().len()), (10, 0));
    assert_eq!(chosen(&anna.last().unwrap()), ["9:16", "10 с"]);
    assert!(square.0.id == anna.last().unwrap().id);
    anna.forges_tap(square.0.id, &square.1);
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (9, 1));
    let input = &world.stage.kie.tasks()[0].input;
    assert_eq!((&input["aspect_ratio"], &input["n_frames"]), (&"portrait".into(), &"10".into()));
    // The choice is remembered for a model that can do it.
    world.operator_changes(|config| GROK.clone_into(&mut config.kie.model));
    assert_eq!(chosen(&world.has_script(&anna)), ["3:4", "5 с"]);
}

#[test]
fn a_button_of_a_shape_that_is_gone_shows_what_there_is() {
    let (mut world, anna) = world_of(SEEDANCE, 10);
    world.has_script(&anna);
    world.chooses(&anna, "3:4");
    world.operator_changes(|config| SORA.clone_into(&mut config.kie.model));
    world.chooses(&anna, "1:1");
    let shown = anna.last().unwrap();
    assert_eq!(chosen(&shown), ["9:16", "10 с"]);
    assert!(!shown.labels().contains(&"1:1"), "{:?}", shown.labels());
}

#[test]
fn the_model_that_takes_over_films_the_nearest_for_the_price_that_was_shown() {
    let mut world = World::with(|config| {
        SORA.clone_into(&mut config.kie.model);
        "kling-2.6/image-to-video".clone_into(&mut config.kie.fallback_model);
    });
    let anna = world.person_with("Анна", "ru", 10);
    world.stage.kie.model_state(SORA, ModelState::Paused);
    world.has_script(&anna);
    world.chooses(&anna, "16:9");
    world.chooses(&anna, "15");
    world.taps_count(&anna, 3);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (4, 3));
    for task in world.stage.kie.tasks() {
        assert_eq!(
            (task.model, &task.input["duration"]),
            ("kling-2.6/image-to-video", &"10".into())
        );
        assert_eq!(world.stage.kie.photo_sides(&task), Some((712, 400)), "padded to the shape");
    }
}

/// What somebody does with the scripts of a photo.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Chooses one of what is shown.
    Choose(u8),
    /// Has the script shown again in the message with the ideas.
    TapIdea,
    /// Has another script written.
    Another,
    /// Orders with any button that they have ever seen, so many times.
    Order { button: u8, times: u8 },
    /// The operator changes what a video costs.
    Price(u8),
    /// The operator takes another model.
    Model(u8),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        5 => any::<u8>().prop_map(Move::Choose),
        1 => Just(Move::TapIdea),
        2 => Just(Move::Another),
        6 => (any::<u8>(), 1..3_u8).prop_map(|(button, times)| Move::Order { button, times }),
        1 => (1..4_u8).prop_map(Move::Price),
        1 => any::<u8>().prop_map(Move::Model),
    ];
    proptest::collection::vec(one, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tapped_the_charge_is_the_price_on_the_button(moves in moves()) {
        let (mut world, anna) = world_of(SEEDANCE, 500);
        world.sends_photo(&anna);
        let idea = button(&anna, Tap::PRESET);
        world.taps(&anna, Tap::PRESET);
        // Every button that was ever shown, with the message as it was.
        let mut seen: Vec<(ShownMessage, String)> = Vec::new();
        for step in moves {
            for message in anna.chat() {
                for data in message.data() {
                    let is_known = |(old, known): &(ShownMessage, String)| {
                        known == data && (old.id, old.labels()) == (message.id, message.labels())
                    };
                    if !seen.iter().any(is_known) {
                        seen.push((message.clone(), data.to_owned()));
                    }
                }
            }
            let before = world.balance(&anna);
            let of = |prefix: &str| seen.iter().filter(|(_, data)| data.starts_with(prefix)).cloned().collect::<Vec<_>>();
            let mut allowed = vec![0];
            match step {
                Move::Choose(which) => {
                    let options = of("z");
                    let (message, data) = &options[usize::from(which) % options.len()];
                    anna.forges_tap(message.id, data);
                }
                Move::TapIdea => drop(anna.forges_tap(idea.0.id, &idea.1)),
                Move::Another => {
                    let (message, data) = &of(Tap::ANOTHER_SCRIPT)[0];
                    anna.forges_tap(message.id, data);
                }
                Move::Order { button, times } => {
                    let counts = of(Tap::ORDER);
                    let (message, data) = &counts[usize::from(button) % counts.len()];
                    allowed.push(price_of(message, data));
                    for _ in 0..times {
                        anna.forges_tap(message.id, data);
                    }
                }
                Move::Price(price) => world.operator_changes(|config| {
                    config.models.iter_mut().for_each(|model| model.credits = Credits(price.into()));
                }),
                Move::Model(which) => world.operator_changes(|config| {
                    let models = [SEEDANCE, GROK, SORA];
                    models[usize::from(which) % 3].clone_into(&mut config.kie.model);
                }),
            }
            world.settles();
            let charged = before - world.balance(&anna);
            prop_assert!(allowed.contains(&charged), "{step:?}: {charged} of {allowed:?}");
        }
    }
}
