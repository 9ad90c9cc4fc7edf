//! What a series shows before anybody pays: its photos, their shapes, the prices, and the ideas.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;
use reelbot::testing::{
    chat::{AlbumTap, Tap},
    domain::Credits,
    sandbox::{PHOTO, Person, ShownMessage},
};

use crate::albums::many;
use crate::formats::price_of;
use crate::series::{label, order, sends};
use crate::world::{
    MODELS, World,
    checks::{reads, texts},
    people::{button, button_with},
};

fn file(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Stripes of that size, each time another picture.
fn stripes(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let shade = |x, _| Rgb([if x % 40 < 20 { shade } else { 220 }; 3]);
    file(&RgbImage::from_fn(width, height, shade).into())
}

fn coffee() -> DynamicImage {
    image::load_from_memory(PHOTO).unwrap()
}

fn sends_photos(world: &mut World, person: &Person, photos: &[Vec<u8>], captions: &[&str]) {
    person.sends_album_with(photos, captions).unwrap();
    world.settles();
    let (question, data) = many(person);
    person.taps(question.id, &data).unwrap();
    world.settles();
}

fn chosen(message: &ShownMessage) -> Vec<String> {
    let labels = message.labels().into_iter();
    labels.filter_map(|label| label.strip_prefix("✅ ").map(str::to_owned)).collect()
}

/// The last button under a series that chooses so: "1:1" or "15".
fn option(person: &Person, option: &str) -> (ShownMessage, String) {
    let prefix = if option.contains(':') { AlbumTap::ASPECT } else { AlbumTap::SECONDS };
    button_with(person, |data| data.starts_with(prefix) && data.ends_with(&format!(":{option}")))
}

fn chooses(world: &mut World, person: &Person, wanted: &str) {
    let (message, data) = option(person, wanted);
    person.taps(message.id, &data).unwrap();
    world.settles();
}

#[test]
fn what_a_series_shows_of_its_photos_is_told_by_their_numbers() {
    for (model, wider, higher) in [
        (MODELS[0], "✂️ Фото 1, 3, 4: слева и справа обрежется", "✂️ Фото 2: сверху и снизу"),
        (MODELS[1], "🖼 Фото 1, 3, 4: сверху и снизу добавлю", "🖼 Фото 2: по бокам добавлю"),
    ] {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", "ru", 9);
        let photos = [
            stripes(600, 600, 30),
            stripes(450, 1200, 31),
            file(&coffee().blur(5.0)),
            file(&coffee().brighten(-190)),
            stripes(450, 800, 33),
        ];
        let captions = ["кружка", "девушка с кружкой", "чаша", "стакан", "девушка и чаша"];
        sends_photos(&mut world, &anna, &photos, &captions);
        let ideas = anna.last().unwrap().text.replace('\u{a0}', " ");
        assert!(ideas.contains("Размыто: фото 3.") && ideas.contains("Темно: фото 4."), "{ideas}");
        world.taps(&anna, AlbumTap::CAPTIONS);
        let shown = order(&anna, 1).0.text.replace('\u{a0}', " ");
        for line in [
            "есть люди: фото 2, 5.",
            "Размыто: фото 3.",
            "Темно: фото 4.",
            wider,
            higher,
            "9:16, 10 секунд. 1 кредит = 1 видео.",
        ] {
            assert!(shown.contains(line), "{line}: {shown}");
        }
        let (screen, data) = order(&anna, 1);
        anna.taps(screen.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 5);
    }
}

#[test]
fn the_shape_and_the_length_are_chosen_for_all_and_priced_before_paying() {
    for model in MODELS {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", "ru", 20);
        sends(&mut world, &anna, 3, &[]);
        world.taps(&anna, AlbumTap::PRESET);
        let (before, old) = order(&anna, 3);
        assert_eq!(chosen(&before), ["9:16", "10 с"], "{model}");
        assert_eq!(label(&before, &old), "3 × 3 видео · 9 кредитов");
        chooses(&mut world, &anna, "3:4");
        chooses(&mut world, &anna, "15");
        let (shown, data) = order(&anna, 3);
        assert_eq!((shown.id, chosen(&shown)), (before.id, vec!["3:4".into(), "15 с".into()]));
        assert_eq!(label(&shown, &data), "3 × 3 видео · 18 кредитов", "{model}");
        // The button from before says another price, and orders nothing.
        let tap = anna.forges_tap(before.id, &old);
        world.settles();
        assert!(world.toast(&anna, &tap).contains("Проверьте"), "{}", world.toast(&anna, &tap));
        assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 20));
        let (screen, data) = order(&anna, 1);
        anna.taps_twice(screen.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 14), "{model}");
        let all = "select count(*) from orders where aspect = '3:4' and seconds = 15";
        assert_eq!(world.count(all), 3);
        // It is what the person prepares next.
        sends(&mut world, &anna, 2, &[]);
        world.taps(&anna, AlbumTap::PRESET);
        assert_eq!(chosen(&order(&anna, 1).0), ["3:4", "15 с"], "{model}");
    }
}

#[test]
fn options_that_are_made_up_or_of_others_choose_nothing() {
    let mut world = World::with(|config| config.kie.model = "sora-2-image-to-video".to_owned());
    let anna = world.person_with("Анна", "ru", 9);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    let boris = world.person_with("Борис", "ru", 9);
    let greeting = boris.last().unwrap().id;
    for made_up in ["na:1:16:9", "nl:1:15", "nr:1", "ny:1:1", "nx:1:0", "c:1"] {
        let tap = boris.forges_tap(greeting, made_up);
        world.settles();
        assert_eq!(world.toast(&boris, &tap), "Эта кнопка устарела", "{made_up}");
    }
    for (made_up, said) in [
        ("na:1:3:4", "Такого формата или длины сейчас нет"),
        ("nl:1:4294967295", "Такого формата или длины сейчас нет"),
        ("na:9:16:9", "Эта кнопка устарела"),
        ("na:1:2:1", "Эта кнопка устарела"),
        ("ny:1:9", "Эта кнопка устарела"),
        ("nx:1:99", "Эта кнопка устарела"),
        ("nx:9:0", "Эта кнопка устарела"),
    ] {
        let tap = anna.forges_tap(screen.id, made_up);
        world.settles();
        assert_eq!(world.toast(&anna, &tap), said, "{made_up}");
    }
    assert_eq!(order(&anna, 1).0.text, screen.text, "it stands as it was");
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    let tap = anna.forges_tap(screen.id, "na:1:16:9");
    world.settles();
    assert_eq!(world.toast(&anna, &tap), "Уже принято");
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 7));
}

#[test]
fn another_model_is_shown_with_what_it_offers_before_a_series_is_charged() {
    let mut world = World::with(|config| config.kie.model = MODELS[0].to_owned());
    let anna = world.person_with("Анна", "ru", 9);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    chooses(&mut world, &anna, "1:1");
    let (square, gone) = option(&anna, "1:1");
    let (screen, data) = order(&anna, 1);
    world.operator_changes(|config| "sora-2-image-to-video".clone_into(&mut config.kie.model));
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    assert_eq!(chosen(&order(&anna, 1).0), ["9:16", "10 с"]);
    anna.forges_tap(square.id, &gone);
    world.settles();
    let (screen, data) = order(&anna, 1);
    assert!(!screen.labels().contains(&"1:1"), "{:?}", screen.labels());
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 7));
}

#[test]
fn saved_styles_and_samples_are_among_the_ideas_of_a_series() {
    for (model, language) in MODELS.into_iter().zip(["ru", "en"]) {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", language, 9);
        world.database_changes(
            "insert into styles (tg_user_id, name, prompt, created_at)
             select tg_user_id, 'Снег', 'Snow falls on the product.', 0 from users",
        );
        sends(&mut world, &anna, 3, &[]);
        let (ideas, style) = button(&anna, AlbumTap::STYLE);
        assert_eq!(label(&ideas, &style), "⭐ Снег");
        world.taps(&anna, AlbumTap::SAMPLES);
        let below = anna.last().unwrap();
        assert!(below.data().any(|data| data.starts_with(AlbumTap::IDEAS)), "{below:#?}");
        let (sample, chosen) = button_with(&anna, |data| data.ends_with(":hero-zoom"));
        assert!(sample.media.is_some() && chosen.starts_with(AlbumTap::PRESET), "{chosen}");
        anna.taps(sample.id, &chosen).unwrap();
        world.settles();
        order(&anna, 1);
        anna.taps(ideas.id, &style).unwrap();
        world.settles();
        let all = "select count(*) from scripts where source = 'style'";
        assert_eq!(world.count(all), 3, "a script for each product");
        let (screen, data) = order(&anna, 1);
        anna.taps(screen.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!(
            world.count("select count(*) from generation_jobs where status = 'completed'"),
            3
        );
    }
}

#[test]
fn the_shape_of_a_series_is_shown_where_nothing_is_to_choose() {
    let mut world =
        World::with(|config| config.kie.model = "grok-imagine/image-to-video".to_owned());
    let anna = world.person_with("Анна", "ru", 3);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let shown = order(&anna, 1).0;
    assert!(shown.text.contains("📐 9:16"), "{}", shown.text);
    assert!(!reads(&anna, "есть люди"), "{:#?}", texts(&anna));
    assert!(shown.data().all(|data| Tap::parse(data).is_some()));
}

/// What somebody does with the scripts of a series.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Taps any shape or length that they have ever seen.
    Choose(u8),
    /// Has another idea written for all.
    Another,
    /// Has what is left shown again.
    Rest,
    /// Orders with any button that they have ever seen, so many times.
    Order { button: u8, times: u8 },
    /// The operator changes what a video costs.
    Price(u8),
    /// The operator takes another model.
    Model(u8),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => any::<u8>().prop_map(Move::Choose),
        1 => Just(Move::Another),
        1 => Just(Move::Rest),
        6 => (any::<u8>(), 1..3_u8).prop_map(|(button, times)| Move::Order { button, times }),
        1 => (1..4_u8).prop_map(Move::Price),
        1 => any::<u8>().prop_map(Move::Model),
    ];
    proptest::collection::vec(one, 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tapped_a_series_costs_what_its_button_says(moves in moves()) {
        let mut world = World::with(|config| {
            config.kie.model = MODELS[0].to_owned();
            config.kie.fallback_model.clear();
        });
        let anna = world.person_with("Анна", "ru", 30);
        sends(&mut world, &anna, 3, &[]);
        let idea = button(&anna, AlbumTap::PRESET);
        world.taps(&anna, AlbumTap::PRESET);
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
            let of = |prefixes: &[&str]| {
                let is_one = |data: &str| prefixes.iter().any(|prefix| data.starts_with(prefix));
                seen.iter().filter(|(_, data)| is_one(data)).cloned().collect::<Vec<_>>()
            };
            let mut allowed = vec![0];
            match step {
                Move::Choose(which) => {
                    let options = of(&[AlbumTap::ASPECT, AlbumTap::SECONDS]);
                    let (message, data) = &options[usize::from(which) % options.len()];
                    anna.forges_tap(message.id, data);
                }
                Move::Another => drop(anna.forges_tap(idea.0.id, &idea.1)),
                Move::Rest => {
                    if let Some((message, data)) = of(&[AlbumTap::SERIES]).last() {
                        anna.forges_tap(message.id, data);
                    }
                }
                Move::Order { button, times } => {
                    let orders = of(&[AlbumTap::ORDER]);
                    let (message, data) = &orders[usize::from(button) % orders.len()];
                    allowed.push(price_of(message, data));
                    for _ in 0..times {
                        anna.forges_tap(message.id, data);
                    }
                }
                Move::Price(price) => world.operator_changes(|config| {
                    config.models.iter_mut().for_each(|model| model.credits = Credits(price.into()));
                }),
                Move::Model(which) => world.operator_changes(|config| {
                    MODELS[usize::from(which) % 2].clone_into(&mut config.kie.model);
                }),
            }
            world.settles();
            let charged = before - world.balance(&anna);
            prop_assert!(allowed.contains(&charged), "{step:?}: {charged} of {allowed:?}");
        }
    }
}
