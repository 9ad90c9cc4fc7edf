//! The log: `tracing` to stderr, for people or as JSON, and never with a secret.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io,
    os::fd::AsFd,
    panic,
    sync::OnceLock,
};

use clap::ValueEnum;
use rustix::fs::fstat;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    fmt::{self, MakeWriter},
    layer::{Filter, SubscriberExt},
    reload::{self, Handle},
};

use crate::cli::{
    color::Paint,
    exit::{CliError, Exit},
    redact::Redactor,
};
use crate::config::{
    environment::Environment, error::ConfigError, log::LogLevel, log_filter::slip,
};

/// Changes the level while the program runs.
static LEVEL: OnceLock<Handle<EnvFilter, Registry>> = OnceLock::new();

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For reading.
    #[default]
    Human,
    /// One JSON object a line, for programs.
    Json,
}

/// What the log depends on.
#[derive(Clone, Copy, Debug)]
struct Style {
    format: LogFormat,
    times: bool,
    colours: bool,
}

/// Starts the log. `RUST_LOG` sets its level, `usual` unless it is set; under systemd's journal,
/// which adds the time itself, human lines come without one, and each with its priority.
pub(crate) fn start(
    format: LogFormat,
    usual: Level,
    environment: &Environment,
    redactor: &Redactor,
) -> Result<(), CliError> {
    let filter = environment.var("RUST_LOG").unwrap_or(usual.as_str());
    if let Some(slip) = slip(filter) {
        return Err(ConfigError::Invalid(vec![slip]).into());
    }
    let filter = EnvFilter::try_new(filter);
    let filter = filter.map_err(|error| {
        CliError::because(Exit::Config, format!("RUST_LOG cannot be understood: {error}"))
            .hint("write a level, as in RUST_LOG=debug, or RUST_LOG=info,reelbot::worker=trace")
    })?;
    let is_journal = is_journal(environment.var("JOURNAL_STREAM"), &io::stderr());
    let times = !is_journal || format == LogFormat::Json;
    let style = Style { format, times, colours: Paint::on(&io::stderr()).is_on() };
    let writer = redactor.guard(io::stderr);
    let writer = if is_journal { writer.with_priorities() } else { writer };
    let (filter, level) = reload::Layer::new(filter);
    // It is started once.
    let _ = LEVEL.set(level);
    let subscriber = subscriber(style, filter, writer);
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|error| CliError::new(Exit::Failed, error))?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs from this level on, from now on. `RUST_LOG` overrules it.
pub(crate) fn set_level(level: LogLevel, environment: &Environment) {
    if environment.var("RUST_LOG").is_some() {
        return;
    }
    if let Some(handle) = LEVEL.get() {
        // It fails where the log has ended, which it does with the program.
        let _ = handle.reload(EnvFilter::new(level.word()));
    }
}

/// Whether this stream is systemd's journal: the variable names its device and number. A program that
/// was started by a service and writes to a file has it too.
fn is_journal(named: Option<&str>, stream: &impl AsFd) -> bool {
    let named = named.and_then(|text| text.split_once(':'));
    let named = named.and_then(|(device, inode)| Some((device.parse().ok()?, inode.parse().ok()?)));
    fstat(stream).is_ok_and(|file| named == Some((file.st_dev, file.st_ino)))
}

fn subscriber<W>(
    style: Style,
    filter: impl Filter<Registry> + Send + Sync + 'static,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_ansi(style.colours);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match (style.format, style.times) {
        (LogFormat::Json, _) => lines.json().flatten_event(true).boxed(),
        (LogFormat::Human, true) => lines.boxed(),
        (LogFormat::Human, false) => lines.without_time().boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter.and(filter_fn(may_log))))
}

/// Libraries may warn, whatever `RUST_LOG` says, and log nothing else: HTTP libraries print headers
/// and addresses, and with them keys and prompts.
fn may_log(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let ours = target == "reelbot" || target.starts_with("reelbot::");
    ours || *metadata.level() <= Level::WARN
}

/// A panic goes to the log as well: its message may hold a secret.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let trace = Backtrace::capture();
    let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
    tracing::error!(place, trace, "panicked: {message}");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::domain::secret::Secret;

    #[derive(Clone, Default)]
    struct CapturedLog(Arc<Mutex<Vec<u8>>>);

    impl io::Write for CapturedLog {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(
        format: LogFormat,
        filter: &str,
        redactor: &Redactor,
        action: impl FnOnce(),
    ) -> String {
        let captured = CapturedLog::default();
        let sink = captured.clone();
        let style = Style { format, times: false, colours: true };
        let writer = redactor.guard(move || sink.clone());
        let subscriber = subscriber(style, EnvFilter::new(filter), writer);
        tracing::subscriber::with_default(subscriber, action);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_token_or_key_is_logged_in_either_form_at_any_level() {
        let token = format!("8123456789:{}", "Aa0_-".repeat(7));
        let key = Secret::new("0123456789abcdef0123456789abcdef");
        let redactor = Redactor::default();
        redactor.add([key.clone()]);
        for format in [LogFormat::Human, LogFormat::Json] {
            let text = logged(format, "trace", &redactor, || {
                let url = format!("https://api.telegram.org/bot{token}/sendMessage");
                let span = tracing::info_span!("job", key = key.expose());
                let _inside = span.enter();
                tracing::trace!(url, "calling with {}", key.expose());
                tracing::warn!(target: "hyper", header = %format!("Bearer {}", key.expose()), "slow");
                tracing::error!("failed: {:?}", Some(&url));
            });
            assert_eq!(text.lines().count(), 3, "{text}");
            assert!(text.contains("…cdef"), "{text}");
            assert!(!text.contains("Aa0_-Aa0_-"), "{text}");
            assert!(!text.contains("0123456789abcdef"), "{text}");
        }
    }

    #[test]
    fn libraries_may_warn_and_log_nothing_else_whatever_the_filter_says() {
        let text = logged(LogFormat::Human, "trace,hyper=trace", &Redactor::default(), || {
            tracing::info!(target: "hyper::client", "headers");
            tracing::debug!(target: "reelbotics", "not ours");
            tracing::warn!(target: "ureq", "warned");
            tracing::trace!(target: "reelbot::worker::pool", "detail");
        });
        assert!(text.contains("warned") && text.contains("detail"), "{text}");
        assert!(!text.contains("headers") && !text.contains("not ours"), "{text}");
    }

    #[test]
    fn the_journal_is_known_by_its_number_and_gets_a_priority_before_each_line() {
        let file = tempfile::tempfile().unwrap();
        let stat = fstat(&file).unwrap();
        let is = |text: &str| is_journal(Some(text), &file);
        assert!(is(&format!("{}:{}", stat.st_dev, stat.st_ino)));
        assert!(!is(&format!("{}:{}", stat.st_dev, stat.st_ino + 1)));
        assert!(!is("") && !is("8") && !is("a:b") && !is_journal(None, &file));
        let captured = CapturedLog::default();
        let sink = captured.clone();
        let writer = Redactor::default().guard(move || sink.clone()).with_priorities();
        let style = Style { format: LogFormat::Human, times: false, colours: false };
        tracing::subscriber::with_default(
            subscriber(style, EnvFilter::new("trace"), writer),
            || {
                tracing::error!("one\ntwo");
                tracing::warn!("three");
                tracing::info!("four");
                tracing::debug!("five");
            },
        );
        let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        let priorities: Vec<&str> = text.lines().filter_map(|line| line.get(..3)).collect();
        let lines = text.lines().count();
        assert!(lines >= 4 && priorities.len() == lines, "{text}");
        for (line, priority) in [("one", "<3>"), ("three", "<4>"), ("four", "<6>"), ("five", "<7>")]
        {
            assert!(text.lines().any(|l| l.starts_with(priority) && l.contains(line)), "{text}");
        }
    }

    #[test]
    fn json_lines_are_json() {
        let text = logged(LogFormat::Json, "info", &Redactor::default(), || {
            tracing::info!(job.id = 7, "delivered");
        });
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["job.id"], &line["message"]), (&7.into(), &"delivered".into()));
    }
}
