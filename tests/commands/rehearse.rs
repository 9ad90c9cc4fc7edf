//! `reelbot rehearse`: a crowd, kills, and the checks at the end.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::shell::Shell;

/// A few people, with time much faster.
const FEW: &str = "rehearse --users 6 --chaos 0.2 --speed 200 --seed 3";

#[test]
fn a_rehearsal_with_kills_serves_everybody_and_passes_all_checks() {
    let shell = Shell::new();
    let config = "[credits]\ncounts = [1, 2]\n[[presets]]\nid = \"own\"\nlabel = \
                  { ru = \"Своя\", en = \"Own\" }\nidea = \"Turn it\"\n";
    fs::write(shell.path("config.toml"), config).unwrap();
    let report = shell.json(&format!("{FEW} --videos 2 --kill 2 --json"));
    let number = |name: &str| report[name].as_u64().unwrap_or_else(|| panic!("{name}: {report}"));
    assert_eq!(report["green"], true);
    assert_eq!((number("users"), number("ordered"), number("kills")), (6, 12, 2));
    let refunds: u64 =
        report["refunded"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(number("delivered") + refunds, 12, "{report}");
    assert!(number("most_in_flight") > 0 && number("repeated") <= number("may_repeat"));
    let checked = |name: &str| {
        let all = report["invariants"].as_array().unwrap();
        let found = all.iter().find(|invariant| invariant["name"] == name).unwrap();
        found["checked"].as_u64().unwrap()
    };
    assert_eq!((checked("people"), checked("balances"), checked("charges")), (6, 6, 6));
    assert!(!shell.database().exists(), "the operator's own database is not touched");
}

#[test]
fn what_cannot_be_rehearsed_is_refused_at_once() {
    let shell = Shell::new();
    shell.fails(&format!("{FEW} --videos 2"), 2, "no button for 2 videos", "1, 3, 5");
    shell.fails(&format!("{FEW} --database x.db"), 2, "an empty database of its own", "leave out");
    let output = shell.run("rehearse --chaos 2", "");
    assert!(output.code == 2 && output.err.contains("write a number from 0 to 1"), "{output:?}");
    fs::write(shell.path("config.toml"), "[texts]\ndir = \"nowhere\"\n").unwrap();
    shell.fails(FEW, 1, "the bot ended by itself, exit status: 78: ", "reelbot.log");
}

#[test]
fn ctrl_c_ends_a_rehearsal_and_leaves_nothing_behind() {
    let shell = Shell::new();
    let tmp = shell.path("tmp");
    fs::create_dir(&tmp).unwrap();
    let mut child = shell
        .command("rehearse --users 5 --speed 1 --kill 0")
        .env("TMPDIR", &tmp)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Rehearsal: 5 people")));
    let interrupt = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(lines.any(|line| line.unwrap() == "error: interrupted"));
    assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0);
}
