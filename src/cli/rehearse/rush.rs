//! The rush: a crowd orders, a bot works, and is killed now and then.

use std::{
    collections::VecDeque,
    io,
    process::ExitStatus,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{color::is_dumb, rehearse::bot::Bot};
use crate::sandbox::{rehearsal::crowd::Crowd, seeded::random_bits, stage::Stage};

/// How often the crowd looks at its chats, in real time.
const LOOK: Duration = Duration::from_millis(20);

/// How long nothing at all may happen, in the bot's time, before the rush is given up: the longest
/// regular wait is a job that is held for its model for two hours and then refunded.
const PATIENCE: Duration = Duration::from_hours(4);

/// Why a rush ended before its time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RushError {
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The bot went down without being killed.
    #[error("the bot ended by itself, {0}")]
    Ended(ExitStatus),
    /// The bot could not be started or killed, or a photo not be sent.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A crowd, a bot, and when it is killed.
pub(crate) struct Rush<'a> {
    /// The stand-ins.
    pub stage: &'a Stage,
    /// The people.
    pub crowd: Crowd,
    /// The bot.
    pub bot: Bot,
    /// The most tasks at KIE at one time, so far.
    pub most_in_flight: usize,
    /// How long it really took.
    pub took: Duration,
    kills: VecDeque<u64>,
    signal: &'a Receiver<()>,
}

impl<'a> Rush<'a> {
    /// Before it begins. `kills` are [`kill_points`]; `signal` receives Ctrl-C.
    pub(crate) fn new(
        stage: &'a Stage,
        crowd: Crowd,
        bot: Bot,
        kills: VecDeque<u64>,
        signal: &'a Receiver<()>,
    ) -> Self {
        Self { stage, crowd, bot, most_in_flight: 0, took: Duration::ZERO, kills, signal }
    }

    /// Runs until everybody has been served, or nothing changes any more; then closes the bot.
    pub(crate) fn run(&mut self) -> Result<(), RushError> {
        let began = Instant::now();
        let bar = bar(self.crowd.videos());
        let served = self.serve(&bar);
        bar.finish_and_clear();
        served?;
        self.took = began.elapsed();
        match self.bot.close()? {
            status if status.success() => Ok(()),
            status => Err(RushError::Ended(status)),
        }
    }

    /// Runs until everybody has been served, or nothing changes any more.
    fn serve(&mut self, bar: &ProgressBar) -> Result<(), RushError> {
        let (mut last, mut moved_at) = ((0, 0), self.stage.now());
        self.crowd.arrive()?;
        while self.crowd.served() < self.crowd.people().count() {
            self.wait()?;
            self.crowd.act();
            let progress = self.progress();
            if self.kills.front().is_some_and(|at| progress >= *at) {
                self.kills.pop_front();
                self.bot.kill()?;
            }
            let (now, moved) = (self.stage.now(), (progress, self.crowd.ordered()));
            if moved != last {
                (moved_at, last) = (now, moved);
            } else if now.since(moved_at) > PATIENCE {
                break;
            }
            self.show_progress(bar);
        }
        Ok(())
    }

    /// Waits a moment; fails on Ctrl-C, and when the bot has ended by itself.
    fn wait(&mut self) -> Result<(), RushError> {
        match self.signal.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Err(RushError::Interrupted),
        }
        self.bot.measure_memory();
        self.bot.ended()?.map_or(Ok(()), |status| Err(RushError::Ended(status)))
    }

    fn show_progress(&mut self, bar: &ProgressBar) {
        let in_flight = self.stage.kie.in_flight();
        self.most_in_flight = self.most_in_flight.max(in_flight);
        // With those that came twice it may be more than were ordered.
        let brought = self.stage.telegram.videos_delivered() as u64;
        bar.set_position(brought.min(self.crowd.videos()));
        bar.set_message(format!("{in_flight} at KIE, {} kills", self.bot.kills()));
    }

    /// Tasks created and videos brought, so far.
    fn progress(&self) -> u64 {
        self.stage.kie.calls().create + self.stage.telegram.videos_delivered() as u64
    }
}

/// When to kill the bot: so many points, ascending and drawn by `seed`, in the progress of so many
/// videos, each of which is two units of progress.
pub(crate) fn kill_points(kills: u32, videos: u64, seed: u64) -> VecDeque<u64> {
    let units = (2 * videos).max(1);
    let mut points: Vec<u64> =
        (0..kills).map(|kill| random_bits(!seed, kill.into()) % (units * 9 / 10).max(1)).collect();
    points.sort_unstable();
    points.into()
}

/// A progress bar on stderr, if that is a terminal which can draw one.
fn bar(videos: u64) -> ProgressBar {
    if is_dumb() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("  {bar:36} {pos} of {len} videos, {msg}, {elapsed}");
    ProgressBar::new(videos)
        .with_message("0 at KIE, 0 kills")
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_fall_within_the_work_and_repeat_with_their_seed() {
        let kills = kill_points(30, 300, 7);
        assert_eq!(kills, kill_points(30, 300, 7));
        assert_ne!(kills, kill_points(30, 300, 8));
        assert!(kills.iter().is_sorted() && kills.iter().all(|at| *at < 540));
        assert!(kills[29] - kills[0] > 270, "{kills:?}");
        assert_eq!(kill_points(2, 0, 1), [0, 0]);
    }
}
