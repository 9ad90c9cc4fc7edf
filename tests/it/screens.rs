//! Every kind of screen on its way to a person, who sees it as Telegram shows it.

use reelbot::testing::{
    chat::{Body, Button, Invoice, Screen, Tap},
    domain::{Lane, MessageId},
    sandbox::{PHOTO, Person, ShownMessage},
    store::{outbox, pictures},
};

use crate::world::World;

/// Puts a screen in the outbox, and returns what the person sees of it.
fn shows(world: &mut World, person: &Person, screen: &Screen) -> ShownMessage {
    let (to, body) = (person.id(), serde_json::to_string(screen).unwrap());
    let before = person.chat().len();
    world.db().write(move |tx| outbox::put_screen(tx, to, Lane::Answers, &body, None)).unwrap();
    world.settles();
    let mut new = person.chat().split_off(before);
    assert_eq!(new.len(), 1, "{new:#?}");
    new.remove(0)
}

#[test]
fn a_text_too_long_for_a_message_is_a_file_with_a_caption() {
    let (mut world, anna) = World::with_anna(1);
    let content = "The cup turns <slowly> & \"steam\" rises. ".repeat(300);
    let caption = "📄 <b>Сценарий</b>".to_owned();
    let body = Body::File { name: "script.txt".into(), content: content.clone(), caption };
    let shown = shows(&mut world, &anna, &Screen::of(body).row([Button::new("Меню", &Tap::Menu)]));
    let file = shown.media.as_ref().unwrap();
    assert_eq!(
        (file.kind, file.name.as_str(), file.mime.as_str()),
        ("document", "script.txt", "text/plain")
    );
    assert_eq!(std::fs::read_to_string(&file.path).unwrap(), content);
    assert_eq!((shown.text.as_str(), shown.labels()), ("📄 Сценарий", vec!["Меню"]));
}

#[test]
fn a_delivered_video_goes_again_by_its_file_id() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    let first = anna.videos().remove(0).media.unwrap();
    let body = Body::Video { file_id: first.file_id.clone(), caption: "ещё раз".into() };
    let again = shows(&mut world, &anna, &Screen::of(body));
    assert_eq!((again.media.unwrap().file_id, again.text.as_str()), (first.file_id, "ещё раз"));
}

#[test]
fn a_picture_is_uploaded_once() {
    let (mut world, anna) = World::with_anna(1);
    let put = |world: &World, bytes: Vec<u8>| {
        world.db().write(move |tx| pictures::put(tx, "example", &bytes)).unwrap();
    };
    put(&world, PHOTO.to_vec());
    let screen =
        Screen::of(Body::Picture { name: "example".into(), caption: "пример".into() });
    let [first, second] = [(); 2].map(|()| shows(&mut world, &anna, &screen));
    let id = |shown: &ShownMessage| shown.media.as_ref().unwrap().file_id.clone();
    assert_eq!((id(&first), second.text.as_str()), (id(&second), "пример"));
    put(&world, [PHOTO, b"another"].concat());
    let third = shows(&mut world, &anna, &screen);
    assert_ne!(id(&first), id(&third), "other bytes are another picture");
}

#[test]
fn an_invoice_asks_for_stars() {
    let (mut world, anna) = World::with_anna(1);
    let (title, description) = ("10 кредитов".into(), "Десять видео".into());
    let invoice = Invoice { title, description, payload: "inv:7".into(), stars: 250 };
    let screen = Screen::of(Body::Invoice(invoice));
    let shown = shows(&mut world, &anna, &screen);
    assert_eq!(shown.labels(), ["Pay ⭐️250"]);
    let own = screen.row([Button::pay("Заплатить")]).row([Button::new("Меню", &Tap::Menu)]);
    let shown = shows(&mut world, &anna, &own);
    assert_eq!(
        (shown.labels(), shown.text.as_str()),
        (vec!["Заплатить", "Меню"], "10 кредитов\nДесять видео")
    );
}

#[test]
fn an_answer_shows_its_message_while_that_is_there() {
    let (mut world, anna) = World::with_anna(1);
    let photo = anna.sends_photo(PHOTO).unwrap();
    world.settles();
    let answer = Screen::new("идеи".into()).in_reply_to(Some(photo));
    assert_eq!(shows(&mut world, &anna, &answer).reply_to, Some(photo));
    anna.deletes_message(photo);
    assert_eq!(shows(&mut world, &anna, &answer).reply_to, None);
    let never = Screen::new("идеи".into()).in_reply_to(Some(MessageId(i64::MAX)));
    assert_eq!(shows(&mut world, &anna, &never).reply_to, None);
}

#[test]
fn buttons_tap_open_and_copy() {
    let (mut world, anna) = World::with_anna(1);
    let screen = Screen::new("кнопки".into())
        .row([Button::url("Магазин", "https://shop.test/?a=1&b=2".parse().unwrap())])
        .row(Button::copy("Скопировать", "A cup <turns> & \"steams\""));
    let shown = shows(&mut world, &anna, &screen);
    let buttons = shown.buttons.concat();
    assert_eq!(buttons[0].url.as_deref(), Some("https://shop.test/?a=1&b=2"));
    assert_eq!(buttons[1].copy.as_deref(), Some("A cup <turns> & \"steams\""));
}
