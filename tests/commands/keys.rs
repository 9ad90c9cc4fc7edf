//! `reelbot keys …`.

use std::{fs, process::Stdio, sync::Arc};

use reelbot::testing::{
    actions::register_environment_keys,
    clock::SystemClock,
    domain::{EnvironmentKey, Secret},
    store::Db,
};
use serde_json::Value;

use crate::shell::{ANNAS_ORDER, DEAD, EMPTY, GOOD, Shell};

#[test]
fn a_new_machine_needs_no_step_before_its_first_key() {
    let shell = Shell::new();
    shell.fails("keys list", 1, "there is no database yet", "`reelbot keys add`");
    assert!(!shell.database().exists());
    let output = shell.adds_key("keys add", GOOD);
    assert_eq!(
        output,
        "added      key-1\nnumber     1\naccount    key-1\nkey        …good\n\
         credits    1250.5 at KIE\n"
    );
    let list = shell.runs("keys list");
    assert!(
        list.contains(" 1  key-1  key-1    …good  database  1250.5, ")
            && list.ends_with(" 0  ✓ on\n"),
        "{list}"
    );
    let json = shell.json("keys list --json");
    assert_eq!((&json[0]["key"], &json[0]["credits"]), (&"…good".into(), &1250.5.into()));
}

#[test]
fn invalid_keys_are_refused() {
    let shell = Shell::new();
    shell.fails_with("keys add", DEAD, 1, "KIE does not know the key …dead", "nothing was added");
    shell.fails_with("keys add", "\n", 2, "no key was given", "kie.ai");
    shell.fails_with("keys add", "two words\n", 2, "this is no key", "kie.ai");
    assert_eq!(shell.json("keys list --json"), Value::Array(Vec::new()));
}

#[test]
fn an_unreachable_kie_is_69_and_the_key_can_be_taken_untested() {
    let shell = Shell::new();
    // Nothing listens on port 1; a port that was just free may be another test's by now.
    shell.configure("http://127.0.0.1:1");
    shell.fails_with("keys add", GOOD, 69, "KIE could not be asked", "--no-test");
    assert!(shell.adds_key("keys add --no-test", GOOD).contains("not asked"));
    let output = shell.run("keys test", "");
    assert_eq!(output.code, 69, "{output:?}");
    assert!(output.out.contains("◌ not asked"), "{}", output.out);
}

#[test]
fn labels_are_unique_and_no_key_is_added_twice() {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    assert!(shell.adds_key("keys add", EMPTY).contains("key-2"));
    shell.fails_with("keys add", GOOD, 1, "as “key-1”", "keys remove key-1");
    shell.fails_with("keys add --no-test --label KEY-1", DEAD, 1, "KEY-1", "another --label");
    let list = shell.runs("keys list");
    assert!(list.contains("✗ off: account empty"), "{list}");
    shell.fails("keys enable studio", 1, "there is no key “studio”", "1 (key-1, …good)");
}

#[test]
fn keys_are_tested_switched_and_removed() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    shell.adds_key("keys add --label spare --account second --no-test", DEAD);
    assert!(shell.runs("keys test studio").contains("✓ works, 1250.5 credits"));
    let output = shell.run("keys test", "");
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.err.contains("error: KIE does not know spare\n"), "{}", output.err);
    assert!(shell.runs("keys list").contains("✗ off: KIE does not know it"));
    assert_eq!(shell.runs("keys disable 1"), "studio is disabled\n");
    assert!(shell.runs("keys list").contains("✗ disabled"));
    assert_eq!(shell.runs("keys enable studio"), "studio is enabled\n");
    shell.fails("keys remove spare", 2, "no terminal", "--yes");
    assert_eq!(shell.runs("keys remove spare --yes"), "spare is removed\n");
    assert!(!shell.runs("keys list").contains("spare"));
}

#[test]
fn keys_of_the_environment_are_listed_once_the_bot_knows_them_and_never_stored() {
    let shell = Shell::new();
    shell.runs("migrate");
    fs::write(shell.path(".env"), format!("KIE_API_KEY={GOOD}\n")).unwrap();
    let output = shell.run("keys list", "");
    assert!(output.err.contains("1 of the environment, unknown to the bot so far"), "{output:?}");
    let db = Db::open(&shell.database(), Arc::new(SystemClock)).unwrap();
    db.write(|tx| {
        register_environment_keys(
            tx,
            &[EnvironmentKey { secret: Secret::new(GOOD), account: None }],
        )
    })
    .unwrap();
    let output = shell.run("keys list", "");
    assert!(
        output.out.contains("environment") && !output.err.contains("unknown to the bot"),
        "{output:?}"
    );
    assert!(shell.runs("keys test").contains("✓ works, 1250.5 credits"));
    fs::remove_file(shell.path(".env")).unwrap();
    assert!(shell.runs("keys test").contains("its secret is only in the bot's environment"));
    db.checkpoint().unwrap();
    let bytes = fs::read(shell.database()).unwrap();
    assert!(!bytes.windows(GOOD.len()).any(|part| part == GOOD.as_bytes()));
    let output = shell.run("keys remove 1 --yes", "");
    assert!(output.code == 0 && output.err.contains("it comes back"), "{output:?}");
}

#[test]
fn a_key_whose_videos_still_render_is_not_removed() {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    shell.adds_anna();
    shell.sql(ANNAS_ORDER);
    shell.sql(
        "update generation_jobs set status = 'processing', step = 'poll', due_at = 0, key_id = 1,
             task_id = 'task-42', submitted_at = 0 where id = 42",
    );
    shell.fails("keys remove 1 --yes", 1, "still rendering", "keys disable key-1");
    let output = shell.runs("keys disable 1");
    assert_eq!(output, "key-1 is disabled; 1 video under way with it will still be fetched\n");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    let mut child = shell.command("keys list").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
