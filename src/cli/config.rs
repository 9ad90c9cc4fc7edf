//! `reelbot config …`: whether the configuration makes sense, and what it could be.

use std::{fmt::Write, fs, io, os::unix::fs::PermissionsExt};

use clap::{Args, Subcommand};
use serde_json::json;

use crate::actions::silent_admins::silent_admins;
use crate::chat::{screen::MAX_LABEL, settings::Settings, text::units, words::Words};
use crate::cli::{
    color::Paint,
    context::{Context, warnings},
    exit::{CliError, Exit},
    open::open,
    output::{print, print_json},
};
use crate::config::{
    error::ConfigError,
    findings::Finding,
    load::{EXAMPLE, Loaded, read},
    origin::Origin,
    settings::Config,
};
use crate::domain::{credits::Credits, options::Quote, user::Language};

const CONFIG: &str = "\
Examples:
  reelbot config check
  reelbot config example > reelbot.toml";

const CHECK: &str = "\
Examples:
  reelbot config check
  reelbot config check --config ./reelbot.toml
  reelbot config check --json";

const EXAMPLES: &str = "\
Examples:
  reelbot config example
  reelbot config example > ~/.config/reelbot/config.toml";

/// Check the configuration, or print a complete example.
#[derive(Args, Clone, Debug)]
#[command(after_help = CONFIG)]
pub(crate) struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What can be done with the configuration.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration without starting anything: exit code 0 or 78
    #[command(after_help = CHECK)]
    Check(CheckConfig),
    /// Print a commented config file with every option and its default
    #[command(after_help = EXAMPLES)]
    Example,
}

/// The options of `config check`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CheckConfig {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl ConfigArgs {
    /// Runs the command.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            ConfigCommand::Example => print(EXAMPLE),
            ConfigCommand::Check(args) => match read(&context.flags, &context.environment) {
                // Of a file that is no TOML nothing is in force.
                Err(ConfigError::Invalid(findings)) => args.refuse(&findings),
                loaded => {
                    let loaded = loaded?;
                    context.redactor.add(loaded.secrets());
                    args.run(&loaded)
                }
            },
        }
    }
}

impl CheckConfig {
    fn run(self, loaded: &Loaded) -> Result<(), CliError> {
        let findings = findings(loaded);
        if self.json {
            print_json(&as_json(loaded, &findings))?;
        } else {
            print(&report(loaded, &findings, Paint::on(&io::stdout())))?;
        }
        end(findings.len())
    }

    fn refuse(self, findings: &[Finding]) -> Result<(), CliError> {
        if self.json {
            print_json(&json!({ "ok": false, "findings": findings }))?;
        } else {
            print(&(listed(findings, Paint::on(&io::stdout())) + "\n"))?;
        }
        end(findings.len())
    }
}

fn end(wrong: usize) -> Result<(), CliError> {
    match wrong {
        0 => Ok(()),
        1 => Err(CliError::because(Exit::Config, "one thing needs mending")),
        _ => Err(CliError::because(Exit::Config, format!("{wrong} things need mending"))),
    }
}

/// Everything that keeps the bot from starting, as far as that can be known before.
fn findings(loaded: &Loaded) -> Vec<Finding> {
    let words = loaded.config.texts.folder().map(Words::faults).unwrap_or_default();
    let words = words.into_iter().map(|error| Finding {
        key: "texts.dir".to_owned(),
        problem: format!("cannot be used: {error}"),
        hint: error.hint().to_owned(),
    });
    loaded.findings().into_iter().chain(words).collect()
}

fn as_json(loaded: &Loaded, findings: &[Finding]) -> serde_json::Value {
    json!({
        "ok": findings.is_empty(),
        "path": loaded.path,
        "database": loaded.database().ok(),
        "findings": findings,
        "unknown": loaded.unknown,
        "warnings": all_warnings(loaded),
    })
}

/// What is in force, then what is wrong with it.
fn report(loaded: &Loaded, findings: &[Finding], color: Paint) -> String {
    let mut text = String::new();
    for (name, value) in summary(loaded) {
        let name = color.dim(&format!("{name:<12}"));
        let _ = writeln!(text, "{name}{value}");
    }
    text.push('\n');
    text.push_str(&listed(findings, color));
    let warnings = all_warnings(loaded);
    for Finding { key, problem, hint } in &warnings {
        let mark = color.yellow("!");
        let _ = writeln!(text, "{mark} {} {problem}\n{}", color.bold(key), advice(hint, color));
    }
    let green = color.green("✓");
    if !findings.is_empty() {
        text.push('\n');
    } else if warnings.is_empty() {
        let _ = writeln!(text, "{green} the configuration is in order");
    } else {
        let _ = writeln!(text, "{green} the bot runs with it, but see what is marked !");
    }
    text
}

/// What is wrong, each with what to do about it.
fn listed(findings: &[Finding], color: Paint) -> String {
    let red = color.red("✗");
    let line = |Finding { key, problem, hint }: &Finding| {
        format!("{red} {} {problem}\n{}\n", color.bold(key), advice(hint, color))
    };
    findings.iter().map(line).collect()
}

/// A hint under its finding, in lines of 78 characters.
fn advice(hint: &str, color: Paint) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in hint.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= 76 && !line.is_empty() => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if line.is_empty() => line.push_str(word),
            _ => lines.push(word.to_owned()),
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("  {}", color.cyan(line))).collect();
    lines.join("\n")
}

fn summary(loaded: &Loaded) -> Vec<(&'static str, String)> {
    let Loaded { config, path, .. } = loaded;
    let file =
        path.as_ref().map_or("none, so the defaults".to_owned(), |path| path.display().to_string());
    let database = loaded.database().map_or_else(|e| e.to_string(), |p| p.display().to_string());
    let from = |key: &str| loaded.origins.get(key).map_or(String::new(), ToString::to_string);
    let token = match &config.telegram.token {
        token if token.is_empty() => "not set; `reelbot run` needs TELEGRAM_BOT_TOKEN".to_owned(),
        token => format!("{} from {}", token.mask(), from("telegram.token")),
    };
    let keys: Vec<String> = loaded.env_keys.iter().map(|key| key.secret.mask()).collect();
    let keys = match keys.as_slice() {
        [] => "none in the environment; `reelbot keys list` shows the stored ones".to_owned(),
        keys => format!("{} from the environment", keys.join(", ")),
    };
    let gpt = match &config.gpt.api_key {
        key if !key.is_empty() => format!("{} from {}", key.mask(), from("gpt.api_key")),
        _ if config.gpt_takes_kie_keys() => "not set; a KIE key is used".to_owned(),
        _ => "not set, so no script is written".to_owned(),
    };
    let rows = [
        ("file", file),
        ("database", database),
        ("bot token", token),
        ("KIE keys", keys),
        ("GPT key", gpt),
    ];
    rows.into_iter().chain(proxies(config).map(|proxies| ("proxies", proxies))).collect()
}

/// The proxies on the way to the services, if there is any.
fn proxies(config: &Config) -> Option<String> {
    let ways: Vec<String> = config
        .ways()
        .into_iter()
        .filter_map(|(service, proxy, url)| Some(format!("{service} by {}", proxy.before(url)?)))
        .collect();
    (!ways.is_empty()).then(|| ways.join(", "))
}

/// What is in order and yet may not be what was meant.
fn all_warnings(loaded: &Loaded) -> Vec<Finding> {
    let first = readable_secrets(loaded).into_iter();
    first.chain(warnings(loaded)).chain(long_labels(&loaded.config)).chain(admins(loaded)).collect()
}

/// The admins whom no alert reaches, as far as the database that is there tells.
fn admins(loaded: &Loaded) -> Option<Finding> {
    let admins = &loaded.config.telegram.admins;
    if admins.is_empty() {
        return None;
    }
    let db = open(loaded).ok()?;
    db.read(|view| silent_admins(view, admins)).ok().flatten()
}

/// The buttons with counts in the operator's own words, which grow with counts and prices.
fn long_labels(config: &Config) -> Vec<Finding> {
    let Ok(words) = Words::new(config.texts.folder()) else { return Vec::new() };
    let settings = Settings::new(config, words);
    let price = settings.rules.offered.highest_price();
    let quote = Quote { price, ..settings.rules.offered.usual_quote() };
    let offer = settings.offer(Credits(0), quote);
    let labels = Language::ALL.into_iter().flat_map(|language| {
        let voice = settings.words.voice(language);
        offer.counts.iter().map(move |count| offer.label(&voice, *count)).collect::<Vec<_>>()
    });
    let long = labels.filter(|label| units(label) > MAX_LABEL);
    long.map(|label| Finding {
        key: "texts.dir".to_owned(),
        problem: format!("makes a button of {} characters: {label}", units(&label)),
        hint: format!("shorten button-count: a button shows {MAX_LABEL}"),
    })
    .collect()
}

/// A warning when the config file holds a secret and others on this machine can read it.
fn readable_secrets(loaded: &Loaded) -> Option<Finding> {
    let secret = ["telegram.token", "gpt.api_key"].into_iter().find(|key| {
        let given = match *key {
            "telegram.token" => &loaded.config.telegram.token,
            _ => &loaded.config.gpt.api_key,
        };
        loaded.origins.get(*key) == Some(&Origin::File) && !given.is_empty()
    })?;
    let path = loaded.path.as_ref()?;
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o004 != 0).then(|| Finding {
        key: secret.to_owned(),
        problem: "can be read by everybody on this machine".to_owned(),
        hint: format!("chmod 640 {}", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{environment::Environment, locate::Flags};

    fn checked(text: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let flags = Flags { config: Some(path), database: Some("/data/reelbot.db".into()) };
        let loaded = read(&flags, &Environment::default()).unwrap();
        report(&loaded, &findings(&loaded), Paint::plain())
    }

    #[test]
    fn a_good_config_is_reported_in_order() {
        let text = checked("[telegram]\nsupport = \"@shop\"");
        assert!(text.contains("database    /data/reelbot.db\n"), "{text}");
        assert!(text.ends_with("\n✓ the configuration is in order\n"), "{text}");
    }

    #[test]
    fn wrong_and_unknown_options_come_with_advice() {
        let text = checked("[telegram]\nsupport = \"@shop\"\n[workers]\ncount = 0\ncuont = 5\n");
        let advice = "✗ workers.count is 0\n  write a number from 1 to 256\n\
            ✗ workers.cuont is no option of reelbot\n  did you mean workers.count?\n\n";
        assert!(text.ends_with(advice), "{text}");
    }

    #[test]
    fn another_host_for_gpt_is_a_warning_and_no_mistake() {
        let text = checked("[gpt]\napi_url = \"https://api.openai.com/v1\"\n");
        let warning = "! gpt.api_key is empty, and api.openai.com may not see your KIE key, so it writes no script\n  \
            put the key of api.openai.com into OPENAI_API_KEY; only api.kie.ai may see a\n  \
            KIE key\n! telegram.support is empty: people who want credits or help are told of nobody\n  \
            name who answers them: \"@name\"\n✓ the bot runs with it, but see what is marked !\n";
        assert!(text.ends_with(warning), "{text}");
    }

    #[test]
    fn a_token_that_everybody_can_read_is_a_warning_and_never_shown() {
        let text = checked(&format!("[telegram]\ntoken = \"123456789:{}\"\n", "x".repeat(35)));
        assert!(text.contains("! telegram.token can be read by everybody"), "{text}");
        assert!(text.contains("…xxxx from config file") && !text.contains("xxxxx"), "{text}");
    }
}
