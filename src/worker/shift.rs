//! A worker's shift: settle what was done, claim the next step, do it.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::job::Step;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::error::Trouble;
use crate::store::queue;
use crate::store::queue::Found;
use crate::store::queue::Room;
use crate::store::queue::SubmitRoom;
use crate::store::tx::Tx;
use crate::worker::hands::Hands;
use crate::worker::seats::Seat;
use crate::worker::seats::Seats;
use crate::worker::step::Done;
use crate::worker::step::carry_out;
use crate::worker::step::settle;

/// How long a worker waits when the database does not answer.
const TROUBLE_WAIT: Duration = Duration::from_secs(1);

/// One worker. What it has done is settled together with its next claim, in
/// one write.
pub struct Shift {
    hands: Arc<Hands>,
    done: Option<Arc<Done>>,
    seat: Option<Seat>,
}

/// How a turn went.
#[derive(Debug)]
pub enum Turn {
    /// A step was done; it is settled at the next turn.
    Worked,
    /// Nothing is due before this time.
    Idle(Option<Timestamp>),
    /// The database did not take what was to be written; it is tried again.
    Trouble(StoreError),
}

impl Shift {
    /// A worker with nothing in hand.
    pub fn new(hands: Arc<Hands>) -> Self {
        Self { hands, done: None, seat: None }
    }

    /// Works until the house closes. What is in hand then is settled.
    pub fn work(mut self) {
        let hands = Arc::clone(&self.hands);
        let bell = &hands.db.bells.work;
        loop {
            let mark = bell.mark();
            let turn = self.turn();
            if hands.stop.is_set() && self.done.is_none() {
                return;
            }
            match turn {
                Turn::Worked => {}
                // What falls due rings no bell: one of those who know of it waits for it.
                Turn::Idle(next) => bell.wait_in_company(mark, self.patience(next)),
                Turn::Trouble(error) => {
                    // What passes is told of by the database's health, once for all threads.
                    if !error.trouble.passes() {
                        tracing::warn!(%error, "a turn failed; trying again");
                    }
                    std::thread::sleep(TROUBLE_WAIT);
                }
            }
        }
    }

    /// Settles the last step, claims the next and does it. A panic never costs the thread.
    pub fn turn(&mut self) -> Turn {
        match self.record() {
            Ok(found) => self.take_up(found),
            Err(turn) => turn,
        }
    }

    /// The first half of a turn: the last step is settled and the next claimed, in
    /// one commit. An error is how the turn went.
    pub fn record(&mut self) -> Result<Found, Turn> {
        let panicked = |_| Err(StoreError::new(Trouble::Other, "a turn panicked"));
        match catch_unwind(AssertUnwindSafe(|| self.settle_and_claim())).unwrap_or_else(panicked) {
            Ok((found, seat)) => {
                self.tell();
                self.seat = seat;
                Ok(found)
            }
            Err(error) if self.done.is_some() && !error.trouble.passes() => {
                self.settle_alone();
                Err(if self.done.is_none() { Turn::Worked } else { Turn::Trouble(error) })
            }
            Err(error) => Err(Turn::Trouble(error)),
        }
    }

    fn settle_and_claim(&self) -> Result<(Found, Option<Seat>), StoreError> {
        let closing = self.hands.stop.is_set();
        let (hands, done) = (Arc::clone(&self.hands), self.done.clone());
        self.hands.db.write(move |tx| {
            if let Some(done) = &done {
                settle(tx, &hands.rules, done)?;
            }
            if closing { Ok((Found::Nothing(None), None)) } else { claim(tx, &hands) }
        })
    }

    /// The trouble may have been the claim's: then what was done can still be
    /// settled. What nobody can record is dropped, and the claim given back when it
    /// expires, or at the next start.
    fn settle_alone(&mut self) {
        let Some(done) = self.done.clone() else { return };
        let hands = Arc::clone(&self.hands);
        let copy = Arc::clone(&done);
        let settled = catch_unwind(AssertUnwindSafe(|| {
            self.hands.db.write(move |tx| settle(tx, &hands.rules, &copy))
        }));
        let error = match settled {
            Ok(Ok(())) => return self.tell(),
            Ok(Err(error)) if error.trouble.passes() => return,
            Ok(Err(error)) => error,
            Err(_) => StoreError::new(Trouble::Other, "it panicked"),
        };
        self.done = None;
        tracing::error!(
            %error,
            job.id = done.work.claim.job.0,
            step = done.work.step.word(),
            outcome = done.word(),
            task = done.task(),
            "a step could not be recorded; its result is dropped"
        );
    }

    /// The second half: the step is done, through the ports.
    pub fn take_up(&mut self, found: Found) -> Turn {
        match found {
            Found::Work(work) => {
                // Another thread keeps watch meanwhile: it looks for what is due next.
                self.hands.db.bells.work.ring();
                self.done = Some(Arc::new(carry_out(&self.hands, work)));
                self.seat = None;
                Turn::Worked
            }
            Found::Nothing(next) => Turn::Idle(next),
        }
    }

    /// What was done and is not settled yet.
    pub fn done(&self) -> Option<&Done> {
        self.done.as_deref()
    }

    /// Logs what was settled, without anybody's words.
    fn tell(&mut self) {
        let Some(done) = self.done.take() else { return };
        let work = &done.work;
        tracing::debug!(
            job.id = work.claim.job.0,
            order.id = work.order.0,
            user.id = work.user.0,
            step = work.step.word(),
            attempt = work.attempt,
            outcome = done.word(),
            "a step is settled"
        );
    }

    fn patience(&self, next: Option<Timestamp>) -> Duration {
        let (clock, idle_wait) = (&self.hands.db.clock, self.hands.idle_wait);
        let until_due = next.map_or(idle_wait, |next| clock.real(next.since(clock.now())));
        until_due.min(idle_wait).max(Duration::from_millis(1))
    }
}

/// Claims a step for which there is room, and with it a seat.
fn claim(tx: &Tx<'_>, hands: &Hands) -> Result<(Found, Option<Seat>), StoreError> {
    let mut outlook = hands.keyring.outlook(tx, tx.now)?;
    within(&hands.seats, &mut outlook.room);
    Ok(match queue::claim(tx, &outlook.room)? {
        Found::Work(work) => {
            hands.keyring.note(tx, &work, tx.now)?;
            let seat = hands.seats.take(work.step);
            (Found::Work(work), Some(seat))
        }
        Found::Nothing(next) => {
            (Found::Nothing([next, outlook.opens].into_iter().flatten().min()), None)
        }
    })
}

/// Leaves only the room for which there is a seat.
fn within(seats: &Seats, room: &mut Room) {
    if matches!(room.submit, SubmitRoom::Key(_)) && !seats.is_free(Step::Submit) {
        room.submit = SubmitRoom::Full;
    }
    if !seats.is_free(Step::Poll) {
        room.polls.clear();
    }
    room.deliveries &= seats.is_free(Step::Deliver);
}
