//! `reelbot sandbox --stand-ins`: the stand-ins alone, for a bot that runs elsewhere.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::mpsc::{Sender, channel},
    thread,
    time::Duration,
};

use anyhow::Context as _;
use tokio::runtime::Runtime;

use crate::cli::{exit::CliError, output::print, signals};
use crate::sandbox::{demo, serve::Server, stage::Stage};

/// What they wait for.
enum Event {
    Signal,
    Order,
}

/// Serves until a signal. A config of a bot that talks to them is written into the file, and each
/// line of stdin lets a new person order three videos.
pub(crate) fn serve(
    runtime: &Runtime,
    stage: &Stage,
    page: &Server,
    config: &Path,
) -> Result<(), CliError> {
    let (events, event) = channel();
    signals::listen(events.clone(), || Event::Signal, None)?;
    let text = stage.addresses.config();
    write(config, &text).with_context(|| format!("cannot write {}", config.display()))?;
    print(&greeting(&page.url(), config, &stage.first_key()))?;
    thread::spawn(move || listen(&events));
    for number in 1.. {
        match event.recv() {
            Ok(Event::Order) => order(runtime, stage, number)?,
            Ok(Event::Signal) | Err(_) => break,
        }
    }
    Ok(())
}

/// The token in it opens nothing outside; still it is the owner's alone, as a real one is.
fn write(config: &Path, text: &str) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(config)?;
    file.write_all(text.as_bytes())
}

fn greeting(url: &str, config: &Path, key: &str) -> String {
    format!(
        "\n  reelbot sandbox: stand-ins of Telegram, KIE and GPT for a bot of yours\n\n\
         \x20 Chat    {url}\n\
         \x20 Config  {}\n\
         \x20 Key     {key}\n\
         \x20 Order   Enter lets a person order three videos\n\
         \x20 Stop    Ctrl-C\n\n",
        config.display()
    )
}

fn listen(events: &Sender<Event>) {
    for _ in io::stdin().lock().lines().map_while(Result::ok) {
        // The receiver is gone when the stand-ins are closing.
        let _ = events.send(Event::Order);
    }
}

/// A new person orders, beside everything else.
fn order(runtime: &Runtime, stage: &Stage, number: u32) -> Result<(), CliError> {
    let person = stage.telegram.person(&format!("Anna {number}"), "en");
    let telegram = stage.telegram.clone();
    print(&format!("  Anna {number} orders three videos\n"))?;
    let runtime = runtime.handle().clone();
    thread::spawn(move || {
        let report = |after: Duration, text: &str| {
            // They go on ordering when stdout is closed.
            let _ = print(&format!("  Anna {number}  {:5.1} s  {text}\n", after.as_secs_f64()));
        };
        if let Err(error) = runtime.block_on(demo::play(&telegram, &person, report)) {
            let _ = print(&format!("  Anna {number}  ✗ {error}\n"));
        }
    });
    Ok(())
}
