//! The people of a rehearsal: each sends a photo, takes an idea, orders, and waits for the end.

use std::collections::BTreeMap;
use std::io;

use crate::chat::tap::Tap;
use crate::domain::id::MessageId;
use crate::domain::id::UserId;
use crate::sandbox::demo::PHOTO;
use crate::sandbox::seeded::Seeded;
use crate::sandbox::telegram::message::Message;
use crate::sandbox::telegram::person::Person;
use crate::sandbox::telegram::stand_in::Telegram;

/// What a person waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hope {
    /// The buttons with the ideas.
    Ideas,
    /// The script, with the buttons of how many.
    Script,
    /// The keyboard that closes an order.
    Closing,
}

/// A person, and what they wait for; nothing when they have all they wanted.
struct Caller {
    person: Person,
    hope: Option<Hope>,
    /// Whether they tap twice, as impatient people do.
    hasty: bool,
}

impl Caller {
    /// What they hoped for is there.
    fn goes_on(&mut self, hope: Hope, message: MessageId, data: &str) {
        self.hope = match hope {
            Hope::Ideas => Some(Hope::Script),
            Hope::Script => Some(Hope::Closing),
            Hope::Closing => None,
        };
        if self.hope.is_some() {
            for _ in 0..if self.hasty { 2 } else { 1 } {
                self.person.forges_tap(message, data);
            }
        }
    }
}

/// A crowd of people who want so many videos each.
pub struct Crowd {
    telegram: Telegram,
    guests: Vec<Caller>,
    videos: u32,
}

impl Crowd {
    /// So many people; nobody has written yet. A share of them (0 to 1), thrown by `seed`, taps
    /// everything twice.
    pub fn new(telegram: &Telegram, people: u32, videos: u32, hasty: f64, seed: u64) -> Self {
        let mut seeded = Seeded::default();
        let caller = |number: u32| Caller {
            person: telegram.person(
                &format!("Caller {number}"),
                if number.is_multiple_of(4) { "en" } else { "ru" },
            ),
            hope: Some(Hope::Ideas),
            hasty: seeded.strike(seed, hasty).is_some(),
        };
        let guests = (1..=people).map(caller).collect();
        Self { telegram: telegram.clone(), guests, videos }
    }

    /// Everybody comes in: /start and, at once, the photo. Fails when the disk does.
    pub fn comes(&self) -> io::Result<()> {
        self.guests.iter().try_for_each(|caller| {
            caller.person.sends_text("/start");
            caller.person.sends_photo(PHOTO).map(drop)
        })
    }

    /// Everybody looks at their chat and does what comes next.
    pub fn acts(&mut self) {
        for caller in &mut self.guests {
            let Some(hope) = caller.hope else { continue };
            let id = caller.person.id();
            let found =
                self.telegram.read(|state| button(&state.chats[&id].messages, hope, self.videos));
            if let Some((message, data)) = found {
                caller.goes_on(hope, message, &data);
            }
        }
    }

    /// How many videos they want, all together.
    pub fn videos(&self) -> u64 {
        u64::from(self.videos) * self.guests.len() as u64
    }

    /// How many people have all they wanted.
    pub fn served(&self) -> usize {
        self.guests.iter().filter(|caller| caller.hope.is_none()).count()
    }

    /// How many have ordered.
    pub fn ordered(&self) -> usize {
        let ordered = |caller: &&Caller| matches!(caller.hope, None | Some(Hope::Closing));
        self.guests.iter().filter(ordered).count()
    }

    /// The tasks whose videos lie in each person's chat, as often as they lie there: read from
    /// the very bytes that arrived.
    pub fn brought(&self) -> BTreeMap<UserId, Vec<String>> {
        let task = |message: &Message| message.media.as_ref()?.file.task.clone();
        let people = self.people();
        self.telegram.read(|state| {
            people
                .map(|id| (id, state.chats[&id].messages.iter().filter_map(task).collect()))
                .collect()
        })
    }

    /// The people.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.guests.iter().map(|caller| caller.person.id())
    }
}

/// The newest button that fulfils a hope. Which of several goes by the message's number, so that
/// each of the operator's presets has its turn.
fn button(chat: &[Message], hope: Hope, videos: u32) -> Option<(MessageId, String)> {
    let offers = |tap: Tap| matches!(tap, Tap::Order { count, .. } if count == videos);
    let is_wanted = |data: &&str| match hope {
        Hope::Ideas => data.starts_with(Tap::PRESET),
        Hope::Script => Tap::parse(data).is_some_and(offers),
        Hope::Closing => data.starts_with(Tap::MORE_WITH_PHOTO),
    };
    chat.iter().rev().filter(|message| message.from_bot && !message.deleted).find_map(|message| {
        let wanted: Vec<&str> = message.data().filter(is_wanted).collect();
        let turn = usize::try_from(message.id.0).unwrap_or(0) % wanted.len().max(1);
        wanted.get(turn).map(|data| (message.id, (*data).to_owned()))
    })
}
