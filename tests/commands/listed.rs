//! Lists: what they leave out, and what they show of people and keys.

use crate::shell::{ANNAS_ORDER, DEAD, GOOD, Shell};

#[test]
fn a_list_that_is_cut_says_so() {
    let shell = Shell::new();
    shell.adds_anna();
    shell.sees(7002, Some("Boris"), "Boris");
    shell.sql(ANNAS_ORDER);
    for _ in 0..3 {
        shell.runs("credits grant 7001 1");
    }
    for (line, all) in [
        ("users list", 2),
        ("jobs list", 2),
        ("jobs list --user 7001", 2),
        ("credits show 7001", 3),
        ("admin-log", 3),
    ] {
        for form in ["", " --json"] {
            let cut = shell.run(&format!("{line} --limit 1{form}"), "");
            let sentence = format!("the newest 1 of {all}; --limit {all} shows all\n");
            assert!(cut.code == 0 && cut.err.contains(&sentence), "{line}: {cut:?}");
            let whole = shell.run(&format!("{line} --limit {all}{form}"), "");
            assert!(!whole.err.contains("shows all"), "{line}: {whole:?}");
        }
    }
    let one = shell.run("jobs list --status failed --limit 1", "");
    assert!(!one.err.contains("shows all"), "{one:?}");
}

#[test]
fn no_list_has_no_lines() {
    let shell = Shell::new();
    let output = shell.run("users list --limit 0", "");
    assert!(output.code == 2 && output.err.contains("write a number, 1 or more"), "{output:?}");
}

#[test]
fn people_who_blocked_the_bot_are_marked_in_a_column_of_their_own() {
    let shell = Shell::new();
    shell.adds_anna();
    shell.sees(7002, Some("Boris"), "✗ blocked");
    shell.sql("update users set blocked_at = 1764000000000 where tg_user_id = 7001");
    let list = shell.runs("users list");
    let line = |id: &str| list.lines().find(|line| line.contains(id)).unwrap_or_default();
    assert!(line("7001").contains("0  ✗ blocked  @Anna"), "{list}");
    assert!(line("7002").contains("0             @Boris"), "{list}");
}

#[test]
fn a_balance_has_an_age() {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    shell.adds_key("keys add --no-test", DEAD);
    shell.sql("update kie_keys set balance_at = balance_at - 3 * 3600000 - 60000 where id = 1");
    let list = shell.runs("keys list");
    assert!(list.contains("1250.5, 3 h ago"), "{list}");
    let json = shell.json("keys list --json");
    assert!(json[0]["credits_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{json}");
    assert!(json[1]["credits"].is_null() && json[1]["credits_at"].is_null(), "{json}");
}

#[test]
fn of_two_lines_for_one_key_the_second_is_named_by_its_number() {
    let shell = Shell::new();
    let two = format!("\n{GOOD}\n\n{DEAD}\n");
    shell.fails_with("keys add", &two, 2, "line 4 is one too many", "give one alone");
    assert_eq!(shell.runs("keys list --json"), "[]\n");
}

#[test]
fn programs_get_the_same_answers() {
    let shell = Shell::new();
    let made = shell.json("migrate --json");
    assert!(made["from_version"].is_null() && made["already"] == false, "{made}");
    assert_eq!(shell.json("migrate --dry-run --json")["already"], true);
    shell.adds_anna();
    let granted = shell.json("credits grant @anna 10 --json");
    assert_eq!((&granted["id"], &granted["credits"]), (&7001.into(), &10.into()), "{granted}");
    let added: serde_json::Value =
        serde_json::from_str(&shell.adds_key("keys add --label studio --json", GOOD)).unwrap();
    assert_eq!((&added["number"], &added["credits"]), (&1.into(), &1250.5.into()), "{added}");
    let tested = shell.json("keys test --json");
    assert_eq!((&tested[0]["check"], &tested[0]["credits"]), (&"works".into(), &1250.5.into()));
    assert_eq!(shell.json("keys disable studio --json")["enabled"], false);
    let again = shell.json("keys disable studio --json");
    assert_eq!((&again["enabled"], &again["already"]), (&false.into(), &true.into()), "{again}");
    assert_eq!(shell.json("pause --json")["paused"], true);
    assert_eq!(shell.json("resume --json")["paused_since"], serde_json::Value::Null);
    assert_eq!(shell.json("keys remove studio --yes --json")["removed"], true);
}
