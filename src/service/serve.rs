//! The one loop of every long-running thread.

use std::{
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use crate::service::{loops::Loop, notify::Notifier, outage::Outage, stop::Stop};

/// The longest wait of a thread that has nothing to do. Another program that adds
/// something to do notifies nobody.
pub(crate) const IDLE: Duration = Duration::from_secs(5);

/// The wait after a failed step.
pub(crate) const RETRY: Duration = Duration::from_secs(1);

/// When the next step comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// At once: this one found something to do.
    Now,
    /// At a notification, and after this time in any case.
    Within(Duration),
}

impl Next {
    /// After a step that has done something, or found nothing to do.
    pub(crate) fn after(has_worked: bool) -> Self {
        if has_worked { Self::Now } else { Self::Within(IDLE) }
    }
}

/// Why a step failed.
pub(crate) trait Fault: Display {
    /// Whether it ends by itself. Then it is logged where it occurs, once for all
    /// threads, and not by each of them.
    fn passes(&self) -> bool;
}

/// Takes steps until the bot shuts down. An idle thread waits for `notifier`, if anything but the
/// time tells it of work; after a failure or a panic there is a pause of `retry`.
pub(crate) fn serve<E: Fault>(
    turns: &Loop,
    stop: &Stop,
    notifier: Option<&Notifier>,
    retry: Duration,
    mut take_step: impl FnMut() -> Result<Next, E>,
) {
    let name = turns.name();
    let failing =
        Outage::new(format!("the {name} fails; it tries again"), format!("the {name} works again"));
    loop {
        // Taken before the step, so that no notification and no stop is missed.
        let wake = notifier.map(|notifier| (notifier, notifier.ticket()));
        if stop.is_set() {
            return;
        }
        turns.works();
        match catch_unwind(AssertUnwindSafe(&mut take_step)) {
            Ok(Ok(next)) => {
                failing.worked();
                if let Next::Within(timeout) = next {
                    turns.waits(timeout);
                    match wake {
                        Some((notifier, ticket)) => notifier.wait_shared(ticket, timeout),
                        None => {
                            stop.pause(timeout);
                        }
                    }
                }
                continue;
            }
            Ok(Err(fault)) if fault.passes() => {}
            Ok(Err(fault)) => failing.failed(&fault),
            Err(_) => tracing::error!("the {name} panicked; it tries again"),
        }
        turns.waits(retry);
        stop.pause(retry);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc::channel},
        thread,
    };

    use super::*;
    use crate::service::{
        loops::Loops,
        notify::{Channel, Notifiers},
    };

    const HOUR: Duration = Duration::from_hours(1);

    impl Fault for &str {
        fn passes(&self) -> bool {
            *self == "it passes"
        }
    }

    type Step = fn() -> Result<Next, &'static str>;

    /// Takes these steps, with a notification for each, and stops within the last.
    fn serves(retry: Duration, steps: &[Step]) {
        let notifiers = Arc::<Notifiers>::default();
        let (stop, (took, taken)) = (Stop::new(&notifiers), channel());
        let (notifier, mut rest) = (notifiers.get(Channel::Work), steps.iter());
        thread::scope(|scope| {
            scope.spawn(|| {
                let turns = Loops::default().join("test", HOUR);
                serve(&turns, &stop, Some(notifier), retry, || {
                    took.send(()).unwrap();
                    rest.next().map_or(Ok(Next::Within(HOUR)), |step| step())
                });
            });
            for _ in steps {
                notifier.notify_one();
                taken.recv().unwrap();
            }
            stop.set();
        });
    }

    #[test]
    fn a_notification_ends_an_idle_wait_and_a_stop_ends_every_wait() {
        let idle: Step = || Ok(Next::Within(HOUR));
        let pauses: [Step; 4] = [idle, || Err("it passes"), || Err("a test"), || panic!("a test")];
        for last in pauses {
            serves(HOUR, &[|| Ok(Next::Now), idle, idle, last]);
        }
    }

    #[test]
    fn a_loop_that_only_the_time_wakes_is_not_held_up_by_a_more_frequent_one() {
        let notifiers = Arc::<Notifiers>::default();
        let (stop, loops) = (Stop::new(&notifiers), Loops::default());
        let (took, taken) = channel();
        thread::scope(|scope| {
            for (name, often) in [("guard", 2), ("janitor", 20)] {
                let (stop, took, turns) = (stop.clone(), took.clone(), loops.join(name, HOUR));
                scope.spawn(move || {
                    serve(&turns, &stop, None, HOUR, || {
                        took.send(name).unwrap();
                        Ok::<_, &str>(Next::Within(Duration::from_millis(often)))
                    });
                });
            }
            let mut rounds = 0;
            while rounds < 5 {
                let name = taken.recv_timeout(Duration::from_mins(1)).unwrap();
                rounds += usize::from(name == "janitor");
            }
            stop.set();
        });
    }

    #[test]
    fn neither_a_fault_nor_a_panic_costs_the_thread() {
        let steps: [Step; 4] =
            [|| Err("it passes"), || Err("a test"), || panic!("a test"), || Ok(Next::Now)];
        serves(Duration::ZERO, &steps);
    }
}
