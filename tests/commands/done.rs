//! What is done ends with 0, is done once, and is in the operators' log.

use std::{
    fs::File,
    io::Write,
    process::{Command, Stdio},
    thread,
};

use serde_json::{Value, json};

use crate::shell::{DEAD, EMPTY, GOOD, Output, Shell};

/// What cannot be written to.
fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// The end of a pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn ends(command: &mut Command, stdin: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let result = child.wait_with_output().unwrap();
    let [out, err] = [result.stdout, result.stderr].map(|text| String::from_utf8(text).unwrap());
    Output { code: result.status.code().unwrap_or(-1), out, err }
}

/// Every command that changes something, what it reads, and what it says of it.
const DEEDS: [(&str, &str, &str); 12] = [
    ("migrate", "", "is up to date"),
    ("credits grant @anna 5", "", "@Anna (7001) got 5 credits"),
    ("credits grant @anna 5 --json", "", "@Anna (7001) got 5 credits"),
    ("credits take 7001 2", "", "@Anna (7001) gave back 2 credits"),
    ("keys add --label studio", GOOD, "studio"),
    ("keys add --no-test --label spare --json", DEAD, "spare"),
    ("keys disable studio", "", "studio is disabled"),
    ("keys enable studio", "", "studio is enabled"),
    ("keys test studio", "", "works, 1250.5 credits"),
    ("keys remove studio --yes", "", "studio is removed"),
    ("pause", "", "no more orders are taken"),
    ("resume", "", "orders are taken again"),
];

#[test]
fn what_is_done_ends_with_0_whether_or_not_the_answer_can_be_written() {
    for stdout in [full, closed] {
        let shell = Shell::new();
        shell.adds_anna();
        for (line, stdin, done) in DEEDS {
            let mut command = shell.command(line);
            command.env("RUST_LOG", "warn").stdout(stdout()).stderr(Stdio::piped());
            let output = ends(&mut command, stdin);
            assert_eq!(output.code, 0, "{line}: {output:?}");
            let said = output.err.contains("it is done, but stdout cannot be written");
            assert!(said && output.err.contains(done), "{line}: {output:?}");
        }
        assert_eq!(shell.json("credits show 7001 --json")["credits"], 8);
    }
}

#[test]
fn what_is_done_ends_with_0_where_nobody_can_be_told_at_all() {
    for (stdout, stderr) in [(full as fn() -> Stdio, full as fn() -> Stdio), (closed, closed)] {
        let shell = Shell::new();
        shell.adds_anna();
        for (line, stdin, _) in DEEDS {
            let mut command = shell.command(line);
            let output = ends(command.stdout(stdout()).stderr(stderr()), stdin);
            assert_eq!(output.code, 0, "{line}");
        }
    }
}

#[test]
fn a_command_that_only_reads_fails_with_its_answer() {
    let shell = Shell::new();
    shell.adds_anna();
    for line in [
        "migrate --dry-run",
        "credits show @anna",
        "users list",
        "jobs list --json",
        "audit",
        "admin-log --json",
    ] {
        let mut command = shell.command(line);
        let output = ends(command.stdout(full()).stderr(Stdio::piped()), "");
        let told = output.err.contains("cannot write the answer");
        assert!(output.code == 1 && told, "{line}: {output:?}");
    }
}

#[test]
fn a_key_of_a_booking_counts_once_whatever_became_of_the_balance() {
    let shell = Shell::new();
    shell.adds_anna();
    shell.sees(7002, Some("Boris"), "Boris");
    let grant = "credits grant @anna 10 --once inv-17";
    assert_eq!(shell.runs(grant), "@Anna (7001) got 10 credits and now has 10\n");
    let again = shell.runs(&format!("{grant} --note other"));
    assert!(again.starts_with("already booked at 20"), "{again}");
    assert!(again.ends_with("Z: @Anna (7001) got 10 credits, and has 10 now\n"), "{again}");
    let take = "credits take 7001 8 --once back-1";
    shell.runs(take);
    let again = shell.json(&format!("{take} --json"));
    assert_eq!((&again["already"], &again["credits"]), (&json!(true), &json!(2)), "{again}");
    for (line, used) in [
        ("credits grant @boris 10 --once inv-17", "10 credits given to 7001 at 20"),
        ("credits grant @anna 11 --once inv-17", "10 credits given to 7001 at 20"),
        ("credits take @anna 10 --once inv-17", "10 credits given to 7001 at 20"),
        ("credits grant @anna 8 --once back-1", "8 credits taken from 7001 at 20"),
    ] {
        shell.fails(line, 1, &format!("was used for another booking: {used}"), "of its own");
    }
    shell.fails("credits take 7001 8 --once back-2", 1, "they have only 2", "nothing was taken");
    assert_eq!(shell.run("credits grant 7001 1 --once счёт", "").code, 2);
    // A name that is not trusted any longer asks nothing when it is booked already.
    shell.sql("update users set seen_at = 0");
    assert!(shell.runs(grant).starts_with("already booked at"));
    assert_eq!(shell.json("credits show 7001 --json")["entries"].as_array().unwrap().len(), 2);
    assert_eq!(shell.json("admin-log --json").as_array().unwrap().len(), 2);
}

#[test]
fn a_key_of_a_booking_counts_once_at_the_same_time() {
    let shell = Shell::new();
    shell.adds_anna();
    let line = "credits grant 7001 10 --once same --json";
    let answers: Vec<Value> = thread::scope(|scope| {
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| shell.json(line))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let first = answers.iter().filter(|answer| answer["already"] == false).count();
    assert_eq!(first, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer["credits"] == 10), "{answers:?}");
    assert_eq!(shell.json("credits show 7001 --json")["credits"], 10);
}

#[test]
fn who_did_what_is_on_record_and_no_secret_with_it() {
    let shell = Shell::new();
    shell.adds_anna();
    for (line, stdin, _) in DEEDS {
        assert_eq!(shell.run(line, stdin).code, 0, "{line}");
    }
    // What changes nothing is no deed.
    for line in ["resume", "migrate"] {
        shell.runs(line);
    }
    shell.fails("credits take 7001 1000", 1, "they have only", "nothing was taken");
    let mut command = shell.command("credits grant 7001 1 --once late-3 --note sorry");
    let output = ends(command.env("SUDO_USER", "olga").stderr(Stdio::piped()), "");
    assert_eq!(output.code, 0, "{output:?}");
    let log = shell.json("admin-log --json");
    let log = log.as_array().unwrap();
    let acts: Vec<&str> = log.iter().rev().map(|line| line["act"].as_str().unwrap()).collect();
    let expected = [
        "credits grant",
        "credits grant",
        "credits take",
        "keys add",
        "keys add",
        "keys disable",
        "keys enable",
        "keys remove",
        "pause",
        "resume",
        "credits grant",
    ];
    assert_eq!(acts, expected);
    let newest = &log[0];
    assert_eq!(
        (&newest["os_user"], &newest["subject"]),
        (&json!("olga (sudo)"), &json!("@Anna (7001)"))
    );
    assert_eq!(newest["details"], "1 credit, once late-3: sorry");
    assert!(newest["at"].as_str().unwrap().ends_with('Z') && newest["id"].is_i64(), "{newest}");
    let whole = format!("{log:?}") + &shell.runs("admin-log");
    for secret in [GOOD, DEAD, EMPTY] {
        assert!(!whole.contains(&secret[8..24]), "{whole}");
    }
}

#[test]
fn a_test_that_finds_a_key_in_order_again_is_a_deed() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    shell.runs("keys test");
    shell.sql("update kie_keys set fault = 'account_empty', balance = null");
    shell.runs("keys test studio");
    let log = shell.json("admin-log --json");
    assert_eq!(log[0]["act"], "keys test", "{log}");
    assert_eq!(log[0]["details"], "account_empty cleared");
    assert_eq!(log.as_array().unwrap().len(), 2, "{log}");
}
