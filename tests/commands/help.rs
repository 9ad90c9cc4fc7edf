//! The help of every command, as one golden file: `help.txt`. What changes it on purpose renews it by
//!
//! `RENEW_HELP=1 cargo test --test commands help`
//!
//! and shows in the diff of that file.

use std::{env, fs};

use crate::shell::Shell;

/// The help of a command and of those below it, as a terminal of 80 columns shows it.
fn helps(shell: &Shell, command: &str) -> Vec<String> {
    let help = shell.runs(format!("{command} --help").trim());
    let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = listed.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        // A line that goes on with a description begins further to the right.
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        let is_command = !name.is_empty() && name != "help";
        is_command.then(|| format!("{command} {name}").trim().to_owned())
    });
    let below: Vec<String> = names.flat_map(|name| helps(shell, &name)).collect();
    [vec![format!("$ reelbot {command} --help\n{help}")], below].concat()
}

#[test]
fn the_help_of_every_command_is_as_it_was() {
    let all = helps(&Shell::new(), "").join("\n").replace("reelbot  --help", "reelbot --help");
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/commands/help.txt");
    if env::var_os("RENEW_HELP").is_some() {
        fs::write(golden, &all).unwrap();
    }
    let written = fs::read_to_string(golden).unwrap_or_default();
    let differs = all.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(all == written, "the help has changed; see the top of this file: {differs:?}");
}

#[test]
fn every_help_fits_into_80_columns_with_its_own_options_first_and_its_examples_last() {
    for help in helps(&Shell::new(), "") {
        let long = help.lines().find(|line| line.chars().count() > 80);
        assert!(long.is_none_or(|line| line.contains("KIE_API_KEY=…")), "{long:?} in {help}");
        let at = |title: &str| help.find(&format!("\n{title}:\n"));
        let (common, examples) = (at("Common options").unwrap(), at("Examples").unwrap());
        assert!(at("Options").is_none_or(|own| own < common) && common < examples, "{help}");
        let own = at("Options").map_or("", |own| &help[own..common]);
        for option in ["--config", "--database", "--log-format", "--help"] {
            assert!(!own.contains(option) && help[common..examples].contains(option), "{help}");
        }
    }
}
