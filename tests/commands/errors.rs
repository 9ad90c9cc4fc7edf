//! Errors for programs: one JSON object on stderr wherever `--json` was given.

use std::fs;

use crate::pty::Pty;
use crate::shell::{GOOD, Shell};

#[test]
fn an_error_is_one_json_object_where_json_was_asked_for() {
    let shell = Shell::new();
    for (line, code, error, hint) in [
        ("keys list --json", 1, "there is no database yet", "keys add"),
        ("credits show @nobody --json", 1, "there is no database yet", "keys add"),
        ("keys list --jsn --json", 2, "unexpected argument '--jsn' found", "--json"),
        ("--json", 2, "unexpected argument '--json' found", "Usage: reelbot"),
        ("keys --json", 2, "unexpected argument '--json' found", "Usage: reelbot keys"),
        ("jobs list --limit many --json", 2, "invalid value 'many'", "--help"),
        ("rehearse --chaos 2 --json", 2, "write a number from 0 to 1", "--help"),
        ("keys list --log-format xml --json", 2, "possible values: human, json", "--help"),
        (
            "users show --json",
            2,
            "required arguments were not provided: <USER>",
            "Usage: reelbot users show",
        ),
        ("webhook show --json", 78, "there is no bot token", "@BotFather"),
    ] {
        let failed = shell.fails_in_json(line, code);
        let [said, advice] =
            ["error", "hint"].map(|name| failed[name].as_str().unwrap_or_default());
        assert!(said.contains(error), "{line}: {failed}");
        assert!(advice.contains(hint), "{line}: {failed}");
        assert!(!said.contains("error: ") && !said.contains('\u{1b}'), "{line}: {failed}");
    }
    fs::write(shell.path("config.toml"), "[workers]\ncount = 0\n").unwrap();
    let failed = shell.fails_in_json("keys list --json", 78);
    assert_eq!(failed["hint"], "write a number from 1 to 256");
    let output = shell.run("config check --json", "");
    assert!(output.err.starts_with("{\"error\":\"one thing needs mending\""), "{}", output.err);
}

#[test]
fn without_it_and_after_two_dashes_an_error_is_for_people() {
    let shell = Shell::new();
    for line in ["keys list", "keys remove -- --json", "keys list --jsn"] {
        let output = shell.run(line, "");
        assert!(output.err.starts_with("error: "), "{line}: {}", output.err);
    }
    assert_eq!(shell.run("keys list --json --help", "").code, 0);
}

#[test]
fn a_terminal_that_shows_no_colours_is_not_painted() {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    let painted = |variables: &[(&str, &str)], line: &str| {
        let mut command = shell.command(line);
        command.envs(variables.iter().copied());
        Pty::start(&command).ends().1.contains('\u{1b}')
    };
    for line in ["keys list", "keys enable none", "config check"] {
        assert!(painted(&[("TERM", "xterm")], line), "{line}");
        assert!(painted(&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], line), "{line}");
        for plain in [&[("TERM", "dumb")][..], &[], &[("TERM", "xterm"), ("NO_COLOR", "1")]] {
            assert!(!painted(plain, line), "{line} {plain:?}");
        }
    }
    let few = "rehearse --users 2 --videos 1 --kill 0 --chaos 0 --speed 200";
    assert!(!painted(&[("TERM", "dumb"), ("RUST_LOG", "warn")], few));
}
