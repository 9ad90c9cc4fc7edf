//! What videos cost is in sight, and how to get more credits.

use reelbot::testing::{chat::Tap, sandbox::ShownMessage};

use crate::world::{MODELS, World, people::count_button};

fn links(message: &ShownMessage) -> Vec<String> {
    message.buttons.iter().flatten().filter_map(|button| button.url.clone()).collect()
}

#[test]
fn the_price_of_what_a_person_always_chooses_is_on_every_screen_with_prices() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 5);
        anna.sends_text("/start");
        world.settles();
        assert!(anna.last().unwrap().text.contains("1 кредит = 1 видео (9:16, 10 секунд)."));
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        assert!(anna.last().unwrap().text.contains("1 кредит = 1 видео"));
        let (script, _) = count_button(&anna, 1);
        let longer = script.data().find(|data| data.ends_with(":15")).unwrap().to_owned();
        anna.taps(script.id, &longer).unwrap();
        world.settles();
        assert!(anna.last().unwrap().text.contains("1 видео = 2 кредита"), "{model}");
        for command in ["/start", "/balance"] {
            anna.sends_text(command);
            world.settles();
            let text = anna.last().unwrap().text;
            assert!(text.contains("2 кредита"), "{model} {command}: {text}");
            assert!(text.contains("(9:16, 15 секунд)"), "{model} {command}: {text}");
        }
    }
}

#[test]
fn the_last_credits_are_said_to_be_the_last_with_the_way_to_more() {
    for (language, said) in [("ru", "Это были последние кредиты"), ("en", "your last credits")]
    {
        for model in MODELS {
            let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
            let person = world.person_with("Ann", language, 4);
            world.orders(&person, 3);
            assert!(!person.last().unwrap().text.contains(said), "one is left");
            world.all_work_is_done();
            world.sends_photo(&person);
            world.taps(&person, Tap::PRESET);
            world.taps_count(&person, 1);
            let text = person.last().unwrap().text;
            assert!(text.contains(said) && text.contains("/balance"), "{language}: {text}");
            world.all_work_is_done();
            assert_eq!(person.videos().len(), 4);
        }
    }
}

#[test]
fn where_credits_come_from_is_a_button_where_that_can_be_one() {
    for (support, shown, link) in [
        ("@shop_help", "@shop_help", Some("https://t.me/shop_help")),
        ("t.me/shop_help", "@shop_help", Some("https://t.me/shop_help")),
        ("https://t.me/+AbCd", "https://t.me/+AbCd", Some("https://t.me/+AbCd")),
        ("https://shop.example/pay", "https://shop.example/pay", Some("https://shop.example/pay")),
        ("pay@shop.example", "pay@shop.example", None),
        ("", "администратор бота", None),
    ] {
        let mut world = World::with(|config| support.clone_into(&mut config.telegram.support));
        let anna = world.person_with("Анна", "ru", 2);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 5);
        let short = anna.last().unwrap();
        assert!(short.text.contains("нужно ещё 3 кредита"), "{}", short.text);
        anna.sends_text("/balance");
        world.settles();
        for message in [short, anna.last().unwrap()] {
            assert!(message.text.contains(shown), "{support}: {}", message.text);
            assert_eq!(links(&message), link.map(str::to_owned).into_iter().collect::<Vec<_>>());
        }
        assert_eq!((world.balance(&anna), world.jobs().len()), (2, 0));
        world.taps_count(&anna, 1);
        assert_eq!(world.balance(&anna), 1, "the script above keeps its buttons");
    }
}
