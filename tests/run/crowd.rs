//! A crowd: each person orders once, and goes on as soon as the bot has answered.

use std::cell::RefCell;

use reelbot::testing::{
    chat::Tap,
    sandbox::{PHOTO, Person, ShownMessage},
};

use crate::servers::{Servers, button, count_button, is_closing};

/// The answer that a person waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Welcome,
    Ideas,
    Script,
    Closing,
    Nothing,
}

/// A person of the crowd.
struct Customer {
    person: Person,
    waits_for: Waiting,
}

/// The crowd.
pub(crate) struct Crowd {
    customers: RefCell<Vec<Customer>>,
    count: u32,
}

impl Crowd {
    /// So many people; each has sent /start and will order `count` videos.
    pub(crate) fn gather(servers: &Servers, people: usize, count: u32) -> Self {
        let customer = |number: usize| {
            let language = ["ru", "en"][number % 2];
            let person = servers.telegram.person(&format!("Anna{number}"), language);
            person.sends_text("/start");
            Customer { person, waits_for: Waiting::Welcome }
        };
        Self { customers: RefCell::new((0..people).map(customer).collect()), count }
    }

    /// Each person that has been answered does the next thing. Returns whether all have what
    /// they ordered.
    pub(crate) fn goes_on(&self) -> bool {
        let mut customers = self.customers.borrow_mut();
        let waiting = |customer: &Customer| customer.waits_for != Waiting::Nothing;
        for customer in customers.iter_mut().filter(|customer| waiting(customer)) {
            customer.goes_on(self.count);
        }
        !customers.iter().any(waiting)
    }

    /// The people.
    pub(crate) fn people(&self) -> Vec<Person> {
        self.customers.borrow().iter().map(|customer| customer.person.clone()).collect()
    }
}

impl Customer {
    fn goes_on(&mut self, count: u32) {
        self.waits_for = match self.waits_for {
            Waiting::Welcome if self.person.last().is_some() => {
                self.person.sends_photo(PHOTO).unwrap();
                Waiting::Ideas
            }
            Waiting::Ideas if self.taps(|message| button(message, Tap::PRESET)) => Waiting::Script,
            Waiting::Script if self.taps(|message| count_button(message, count)) => {
                Waiting::Closing
            }
            Waiting::Closing if closings(&self.person) > 0 => Waiting::Nothing,
            unanswered => unanswered,
        };
    }

    /// They tap the newest such button, if there is one.
    fn taps(&self, find: impl Fn(&ShownMessage) -> Option<String>) -> bool {
        let chat = self.person.chat();
        let found = chat.iter().rev().find_map(|message| Some((message.id, find(message)?)));
        found.is_some_and(|(message, data)| self.person.taps(message, &data).is_ok())
    }
}

/// How many closing keyboards a person has.
pub(crate) fn closings(person: &Person) -> usize {
    person.chat().iter().filter(|message| is_closing(message)).count()
}
