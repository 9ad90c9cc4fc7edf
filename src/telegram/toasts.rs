//! The words that taps are answered with: the handler says them, the answerer waits for them a
//! moment. Nothing of it is durable, since a tap is answered once and soon or not at all.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot::{self, Receiver, Sender};

/// How many taps are waited for at a time. With more of them the handler is too busy to be waited
/// for, until it has come to the end of these: then an answer at once is better than one with a word.
const AWAITED: usize = 100;

/// How many words are kept for taps that nobody has asked for yet: of those that were stored before
/// a restart, and handled before the answerer came to them.
const EARLY: usize = 100;

/// What an action said to a tap: a word, or that there is none.
type Word = Option<String>;

/// The words on their way from the handler to the answerer, by the id of the tap.
#[derive(Debug, Default)]
pub struct Toasts {
    state: Mutex<ToastState>,
}

#[derive(Debug, Default)]
struct ToastState {
    awaited: HashMap<String, Sender<Word>>,
    is_busy: bool,
    early: VecDeque<(String, String)>,
}

impl ToastState {
    /// The sender to a tap that is waited for, and from now on no longer.
    fn remove(&mut self, tap: &str) -> Option<Sender<Word>> {
        let sender = self.awaited.remove(tap);
        self.is_busy &= !self.awaited.is_empty();
        sender
    }
}

impl Toasts {
    /// What the action of a tap will say; `None` where there is no point in waiting for it. Another
    /// call for the same tap ends the wait of the earlier one with an error: the later answers.
    pub(crate) fn expect(&self, tap: &str) -> Option<Receiver<Word>> {
        let mut state = self.state();
        let (sender, receiver) = oneshot::channel();
        if let Some(at) = state.early.iter().position(|(early, _)| early == tap) {
            let word = state.early.remove(at).map(|(_, word)| word);
            return sender.send(word).is_ok().then_some(receiver);
        }
        if state.is_busy && !state.awaited.contains_key(tap) {
            return None;
        }
        state.awaited.insert(tap.to_owned(), sender);
        state.is_busy |= state.awaited.len() >= AWAITED;
        Some(receiver)
    }

    /// The action of a tap is done, and says this.
    pub(crate) fn say(&self, tap: &str, word: Word) {
        let mut state = self.state();
        let unheard = match state.remove(tap) {
            Some(waits) => waits.send(word).err().flatten(),
            None => word,
        };
        if let Some(word) = unheard {
            state.early.push_back((tap.to_owned(), word));
            let excess = state.early.len().saturating_sub(EARLY);
            state.early.drain(..excess);
        }
    }

    /// The tap is waited for no longer.
    pub(crate) fn forget(&self, tap: &str) {
        self.state().remove(tap);
    }

    fn state(&self) -> MutexGuard<'_, ToastState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(toasts: &Toasts, tap: &str, text: &str) {
        toasts.say(tap, Some(text.to_owned()));
    }

    fn heard(receiver: Option<Receiver<Word>>) -> Option<String> {
        receiver.unwrap().try_recv().unwrap()
    }

    #[test]
    fn a_word_reaches_its_tap_whoever_comes_first() {
        let toasts = Toasts::default();
        let one = toasts.expect("1");
        said(&toasts, "2", "two");
        said(&toasts, "1", "one");
        assert_eq!(heard(one).as_deref(), Some("one"));
        assert_eq!(heard(toasts.expect("2")).as_deref(), Some("two"));
        let silent = toasts.expect("3");
        toasts.say("3", None);
        assert_eq!(heard(silent), None);
    }

    #[test]
    fn a_tap_that_comes_again_is_answered_once() {
        let toasts = Toasts::default();
        let (first, second) = (toasts.expect("1"), toasts.expect("1"));
        said(&toasts, "1", "one");
        assert!(first.unwrap().try_recv().is_err());
        assert_eq!(heard(second).as_deref(), Some("one"));
    }

    #[test]
    fn neither_taps_nor_words_pile_up() {
        let toasts = Toasts::default();
        let ids: Vec<String> = (0..1000).map(|id| id.to_string()).collect();
        let waits: Vec<_> = ids.iter().map(|id| toasts.expect(id)).collect();
        assert_eq!(waits.iter().flatten().count(), AWAITED);
        toasts.forget("0");
        assert!(toasts.expect("1000").is_none(), "a rush is not waited for");
        drop(waits);
        for id in &ids {
            said(&toasts, id, "late");
        }
        assert!(toasts.expect("1000").is_some(), "it is over");
        let state = toasts.state();
        assert_eq!((state.awaited.len(), state.early.len()), (1, EARLY));
    }
}
