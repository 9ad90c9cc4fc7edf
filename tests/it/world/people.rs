//! What people and the operator do.

use reelbot::testing::{
    actions::{Grant, NewKey, add_key, grant_credits},
    chat::{Settings, Tap, Words},
    config::Config,
    domain::{Clock, Credits, Secret},
    sandbox::{PHOTO, Person, ShownMessage},
};

use crate::world::World;

/// A key for a second account, or another of the first.
pub(crate) const SECOND_KEY: &str = "aaaabbbbccccddddaaaabbbbccccdddd";

impl World {
    /// A person who has pressed /start and has this many credits.
    pub(crate) fn person_with(&mut self, name: &str, language: &str, credits: i64) -> Person {
        let person = self.stage.telegram.person(name, language);
        person.sends_text("/start");
        self.settles();
        let missing = credits - self.balance(&person);
        if missing > 0 {
            self.grants(&person, missing);
        }
        person
    }

    /// A person sends a photo, taps the first preset and orders.
    pub(crate) fn orders(&mut self, person: &Person, count: u32) {
        self.sends_photo(person);
        self.taps(person, Tap::PRESET);
        self.taps_count(person, count);
    }

    /// A person orders more videos with the photo of the order before.
    pub(crate) fn orders_more(&mut self, person: &Person, count: u32) {
        self.taps(person, Tap::MORE_WITH_PHOTO);
        self.taps(person, Tap::PRESET);
        self.taps_count(person, count);
    }

    /// A person sends the photo.
    pub(crate) fn sends_photo(&mut self, person: &Person) {
        person.sends_photo(PHOTO).unwrap();
        self.settles();
    }

    /// A person taps the last button whose data begins so.
    pub(crate) fn taps(&mut self, person: &Person, prefix: &str) {
        let (message, data) = button(person, prefix);
        person.taps(message.id, &data).unwrap();
        self.settles();
    }

    /// A person taps "1 / 3 / 5 videos".
    pub(crate) fn taps_count(&mut self, person: &Person, count: u32) {
        let (message, data) = count_button(person, count);
        person.taps(message.id, &data).unwrap();
        self.settles();
    }

    /// The operator gives credits.
    pub(crate) fn grants(&self, person: &Person, amount: i64) {
        let once = format!("{} {amount} {}", person.id(), self.clock.now());
        let grant = Grant { user: person.id(), amount: Credits(amount), once, note: None };
        self.db().try_write(move |tx| grant_credits(tx, &grant)).unwrap();
    }

    /// The operator adds a key of an account that KIE knows.
    pub(crate) fn adds_key(&self, account: &str, key: &str) {
        self.stage.kie.account(account).key(key).credits(10_000.0);
        let new = NewKey {
            secret: Secret::new(key),
            account: Some(account.to_owned()),
            label: Some(format!("{account} {}", &key[..4])),
        };
        self.db().try_write(move |tx| add_key(tx, &new)).unwrap();
    }

    /// The operator changes the config; the bot runs on with it.
    pub(crate) fn operator_changes(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        let settings = Settings::new(&self.plan().config, Words::shipped());
        self.bot().components.context.put_settings(settings).unwrap();
    }
}

/// The last message with a button whose data begins so, and that data.
pub(crate) fn button(person: &Person, prefix: &str) -> (ShownMessage, String) {
    button_with(person, |data| data.starts_with(prefix))
}

/// The last message that offers this many videos, and the data of that button.
pub(crate) fn count_button(person: &Person, count: u32) -> (ShownMessage, String) {
    let offers = |tap: Tap| matches!(tap, Tap::Order { count: offered, .. } if offered == count);
    button_with(person, |data| Tap::parse(data).is_some_and(offers))
}

/// The last message with a button whose data is so, and that data.
pub(crate) fn button_with(person: &Person, is_it: impl Fn(&str) -> bool) -> (ShownMessage, String) {
    let chat = person.chat();
    let found = chat.iter().rev().find_map(|message| {
        let data = message.data().find(|data| is_it(data))?;
        Some((message.clone(), data.to_owned()))
    });
    found.unwrap_or_else(|| panic!("no such button in {chat:#?}"))
}
