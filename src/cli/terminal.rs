//! Questions at the terminal. Whatever ends one, an answer, Ctrl-C or another signal, the terminal is
//! then as it was before.

use std::{
    io::{self, IsTerminal, Stdin, Write},
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::{Errno, read},
    process::{getpgrp, getsid},
    termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr},
};
use signal_hook::{
    SigId,
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
    flag,
    low_level::{emulate_default_handler, pipe, unregister},
};

use crate::cli::exit::{CliError, Exit};

/// The signals that end a question, and the command with it.
const ENDS: [i32; 4] = [SIGINT, SIGQUIT, SIGTERM, SIGHUP];

/// The longest line that a terminal gives, in bytes.
const LONGEST_LINE: usize = 4096;

/// Whether there is a terminal to ask on.
pub(crate) fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// How many characters fit into a line of stdout, if that is a terminal.
pub(crate) fn width() -> Option<u16> {
    tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col).filter(|width| *width > 0)
}

/// Asks for a line; `None` is the end of all input, Ctrl-D. Fails with [`Exit::Interrupted`] at Ctrl-C.
pub(crate) fn ask(prompt: &str) -> Result<Option<String>, CliError> {
    answer(prompt, || Ok(()))
}

/// The same for a line that is not shown. What was typed or pasted beyond it is thrown away, or
/// the shell would run it as its next command.
pub(crate) fn ask_hidden(prompt: &str) -> Result<Option<String>, CliError> {
    answer(prompt, Hidden::begin)
}

/// `guard` is taken as long as the terminal waits for the line.
fn answer<T>(prompt: &str, guard: fn() -> io::Result<T>) -> Result<Option<String>, CliError> {
    let signals = Signals::hear().map_err(unusable)?;
    loop {
        let guarded = guard().map_err(unusable)?;
        let _ = write!(io::stderr(), "{prompt} ");
        match signals.wait_with(&io::stdin()).map_err(unusable)? {
            Event::Line => {
                let line = read_line().map_err(unusable)?;
                if line.is_none() {
                    end_line();
                }
                return Ok(line);
            }
            Event::End => {
                drop(guarded);
                end_line();
                return Err(interrupted());
            }
            Event::Suspend => {
                drop(guarded);
                emulate_default_handler(SIGTSTP).map_err(unusable)?;
            }
        }
    }
}

/// The failure of a command that was interrupted before it did anything.
fn interrupted() -> CliError {
    CliError::because(Exit::Interrupted, "interrupted; nothing was changed")
}

fn unusable(error: io::Error) -> CliError {
    CliError::new(Exit::Failed, anyhow::Error::new(error).context("the terminal cannot be used"))
}

/// Ends the line of the prompt, where no Enter has.
fn end_line() {
    let _ = writeln!(io::stderr());
}

fn read_line() -> io::Result<Option<String>> {
    let mut bytes = [0; LONGEST_LINE];
    let length = match read(io::stdin(), &mut bytes) {
        // The terminal was hung up.
        Err(Errno::IO) => 0,
        length => length?,
    };
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    Ok((length > 0).then_some(text))
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden {
    terminal: Stdin,
    before: Termios,
}

impl Hidden {
    fn begin() -> io::Result<Self> {
        let terminal = io::stdin();
        let before = tcgetattr(&terminal)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // Enter is seen.
        hidden.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Now, &hidden)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// What a question waits for.
enum Event {
    Line,
    End,
    Suspend,
}

/// Signals that are heard instead of their usual effect, until this is dropped.
struct Signals {
    ends: UnixStream,
    suspends: UnixStream,
    /// The other end of that: without it there would seem to be something to read.
    on_suspend: UnixStream,
    heard: Vec<SigId>,
    usual: Arc<AtomicBool>,
}

impl Signals {
    fn hear() -> io::Result<Self> {
        let (ends, on_end) = UnixStream::pair()?;
        let (suspends, on_suspend) = UnixStream::pair()?;
        let usual = Arc::new(AtomicBool::new(false));
        let heard = Vec::new();
        let mut signals = Self { ends, suspends, on_suspend, heard, usual };
        for signal in ENDS {
            signals.tell(signal, on_end.try_clone()?)?;
        }
        // The leader of a session cannot be suspended: there is no shell to continue it.
        if getsid(None).is_ok_and(|session| session != getpgrp()) {
            signals.tell(SIGTSTP, signals.on_suspend.try_clone()?)?;
        }
        Ok(signals)
    }

    fn tell(&mut self, signal: i32, stream: UnixStream) -> io::Result<()> {
        // signal-hook does not give a signal back: from then on it has its usual effect by this.
        flag::register_conditional_default(signal, Arc::clone(&self.usual))?;
        self.heard.push(pipe::register(signal, stream)?);
        Ok(())
    }

    fn wait_with(&self, input: &Stdin) -> io::Result<Event> {
        loop {
            let mut all = [
                PollFd::new(&self.ends, PollFlags::IN),
                PollFd::new(&self.suspends, PollFlags::IN),
                PollFd::new(input, PollFlags::IN),
            ];
            match poll(&mut all, None) {
                // The signal is in its stream by now.
                Err(Errno::INTR) => continue,
                polled => polled?,
            };
            match all.map(|one| !one.revents().is_empty()) {
                [true, ..] => return Ok(Event::End),
                [_, true, _] => {
                    read(&self.suspends, &mut [0; 8])?;
                    return Ok(Event::Suspend);
                }
                [_, _, true] => return Ok(Event::Line),
                [false, false, false] => {}
            }
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.usual.store(true, Ordering::Relaxed);
        for signal in self.heard.drain(..) {
            unregister(signal);
        }
    }
}
