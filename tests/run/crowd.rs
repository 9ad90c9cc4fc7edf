//! A crowd: people who each order once, and go on as soon as the bot has answered.

use std::cell::RefCell;

use reelbot::sandbox::demo::PHOTO;
use reelbot::sandbox::telegram::person::Person;
use reelbot::sandbox::telegram::shown::ShownMessage;

use crate::servers::Servers;
use crate::servers::button;

/// What a person waits for. Each answer is one to what they did before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Welcome,
    Ideas,
    Script,
    Closing,
    Nothing,
}

/// Somebody in the crowd.
struct Guest {
    person: Person,
    waits_for: Waiting,
}

/// The crowd.
pub struct Crowd {
    guests: RefCell<Vec<Guest>>,
    count: usize,
}

impl Crowd {
    /// So many people, who have said /start and will order `count` videos each.
    pub fn gather(servers: &Servers, people: usize, count: usize) -> Self {
        let guest = |number: usize| {
            let language = ["ru", "en"][number % 2];
            let person = servers.telegram.person(&format!("Anna{number}"), language);
            person.sends_text("/start");
            Guest { person, waits_for: Waiting::Welcome }
        };
        Self { guests: RefCell::new((0..people).map(guest).collect()), count }
    }

    /// Everybody who has been answered does the next thing. Says whether all have got what they
    /// came for.
    pub fn goes_on(&self) -> bool {
        let mut guests = self.guests.borrow_mut();
        let waiting = guests.iter_mut().filter(|guest| guest.waits_for != Waiting::Nothing);
        waiting.for_each(|guest| guest.goes_on(self.count));
        guests.iter().all(|guest| guest.waits_for == Waiting::Nothing)
    }

    /// The people.
    pub fn people(&self) -> Vec<Person> {
        self.guests.borrow().iter().map(|guest| guest.person.clone()).collect()
    }
}

impl Guest {
    fn goes_on(&mut self, count: usize) {
        self.waits_for = match self.waits_for {
            Waiting::Welcome if self.person.last().is_some() => {
                self.person.sends_photo(PHOTO).unwrap();
                Waiting::Ideas
            }
            Waiting::Ideas if self.taps("p:", "") => Waiting::Script,
            Waiting::Script if self.taps("o:", &format!(":{count}")) => Waiting::Closing,
            Waiting::Closing if closings(&self.person) > 0 => Waiting::Nothing,
            unanswered => unanswered,
        };
    }

    /// They tap the newest button whose data begins and ends so, if there is one.
    fn taps(&self, start: &str, end: &str) -> bool {
        let found = self
            .person
            .chat()
            .into_iter()
            .rev()
            .find_map(|message| button(&message, start, end).map(|data| (message.id, data)));
        found.is_some_and(|(message, data)| self.person.taps(message, &data).is_ok())
    }
}

/// How many closing keyboards have come to somebody.
pub fn closings(person: &Person) -> usize {
    let is_closing = |message: &ShownMessage| button(message, "m:", "").is_some();
    person.chat().iter().filter(|message| is_closing(message)).count()
}
