//! The people of a rehearsal. Each sends a photo, picks an idea, orders, and waits for the end.

use std::{collections::BTreeMap, io};

use crate::chat::tap::Tap;
use crate::domain::id::{MessageId, UserId};
use crate::sandbox::{
    demo::PHOTO,
    seeded::SeededRandom,
    telegram::{message::StoredMessage, person::Person, stand_in::TelegramStandIn},
};

/// What a person waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// The buttons with the ideas.
    Ideas,
    /// The script, with the buttons for the number of videos.
    Script,
    /// The keyboard that closes an order.
    Closing,
}

/// A person, and what they wait for; nothing when they have all that they wanted.
struct Customer {
    person: Person,
    awaited: Option<Awaited>,
    /// Whether they tap everything twice.
    impatient: bool,
}

impl Customer {
    /// What they waited for is there: they tap it and wait for the next.
    fn advance(&mut self, awaited: Awaited, message: MessageId, data: &str) {
        self.awaited = match awaited {
            Awaited::Ideas => Some(Awaited::Script),
            Awaited::Script => Some(Awaited::Closing),
            Awaited::Closing => None,
        };
        if self.awaited.is_some() {
            for _ in 0..if self.impatient { 2 } else { 1 } {
                self.person.forges_tap(message, data);
            }
        }
    }
}

/// Many people, each of whom wants the same number of videos.
pub(crate) struct Crowd {
    telegram: TelegramStandIn,
    customers: Vec<Customer>,
    videos: u32,
}

impl Crowd {
    /// People who have not written yet. A share of them (0 to 1), chosen by `seed`, taps
    /// everything twice.
    pub(crate) fn new(
        telegram: &TelegramStandIn,
        people: u32,
        videos: u32,
        impatient: f64,
        seed: u64,
    ) -> Self {
        let mut random = SeededRandom::default();
        let customer = |number: u32| Customer {
            person: telegram.person(
                &format!("Customer {number}"),
                if number.is_multiple_of(4) { "en" } else { "ru" },
            ),
            awaited: Some(Awaited::Ideas),
            impatient: random.chance(seed, impatient).is_some(),
        };
        let customers = (1..=people).map(customer).collect();
        Self { telegram: telegram.clone(), customers, videos }
    }

    /// Everybody sends /start and, at once, the photo. Fails when the disk does.
    pub(crate) fn arrive(&self) -> io::Result<()> {
        self.customers.iter().try_for_each(|customer| {
            customer.person.sends_text("/start");
            customer.person.sends_photo(PHOTO).map(drop)
        })
    }

    /// Everybody looks at their chat and does what comes next.
    pub(crate) fn act(&mut self) {
        for customer in &mut self.customers {
            let Some(awaited) = customer.awaited else { continue };
            let id = customer.person.id();
            let found = self
                .telegram
                .read(|state| button(&state.chats[&id].messages, awaited, self.videos));
            if let Some((message, data)) = found {
                customer.advance(awaited, message, &data);
            }
        }
    }

    /// How many videos they want, all together.
    pub(crate) fn videos(&self) -> u64 {
        u64::from(self.videos) * self.customers.len() as u64
    }

    /// How many people have all that they wanted.
    pub(crate) fn served(&self) -> usize {
        self.customers.iter().filter(|customer| customer.awaited.is_none()).count()
    }

    /// How many have ordered.
    pub(crate) fn ordered(&self) -> usize {
        let ordered =
            |customer: &&Customer| matches!(customer.awaited, None | Some(Awaited::Closing));
        self.customers.iter().filter(ordered).count()
    }

    /// The tasks whose videos are in each person's chat, once for each time they are there. They
    /// are read from the bytes that arrived.
    pub(crate) fn received(&self) -> BTreeMap<UserId, Vec<String>> {
        let task = |message: &StoredMessage| message.media.as_ref()?.file.task.clone();
        let people = self.people();
        self.telegram.read(|state| {
            people
                .map(|id| (id, state.chats[&id].messages.iter().filter_map(task).collect()))
                .collect()
        })
    }

    /// The people.
    pub(crate) fn people(&self) -> impl Iterator<Item = UserId> {
        self.customers.iter().map(|customer| customer.person.id())
    }
}

/// The newest button of the kind that a person waits for. Of several the message's number decides,
/// so that each of the operator's presets is used.
fn button(chat: &[StoredMessage], awaited: Awaited, videos: u32) -> Option<(MessageId, String)> {
    let offers = |tap: Tap| matches!(tap, Tap::Order { count, .. } if count == videos);
    let is_wanted = |data: &&str| match awaited {
        Awaited::Ideas => data.starts_with(Tap::PRESET),
        Awaited::Script => Tap::parse(data).is_some_and(offers),
        Awaited::Closing => data.starts_with(Tap::MORE_WITH_PHOTO) || *data == Tap::ANOTHER_PHOTO,
    };
    chat.iter().rev().filter(|message| message.from_bot).find_map(|message| {
        let wanted: Vec<&str> = message.data().filter(is_wanted).collect();
        let turn = usize::try_from(message.id.0).unwrap_or(0) % wanted.len().max(1);
        wanted.get(turn).map(|data| (message.id, (*data).to_owned()))
    })
}
