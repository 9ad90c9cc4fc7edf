//! `reelbot credits …`, `users …` and `jobs …`.

use std::fs;

use crate::shell::{ANNAS_ORDER, Shell};

#[test]
fn credits_are_granted_taken_and_shown() {
    let shell = Shell::new();
    shell.runs("migrate");
    shell.fails("credits grant @anna 5", 1, "does not know @anna", "pressed Start");
    shell.fails("credits grant 7001 5", 1, "does not know 7001", "pressed Start");
    shell.adds_anna();
    let anna = "@Anna (7001)";
    assert_eq!(
        shell.runs("credits grant @ANNA 10 --note sorry"),
        format!("{anna} got 10 credits and now has 10\n")
    );
    assert_eq!(
        shell.runs("credits take 7001 1"),
        format!("{anna} gave back 1 credit and now has 9\n")
    );
    shell.fails("credits take 7001 10", 1, "they have only 9 credits", "nothing was taken");
    let shown = shell.runs("credits show @anna");
    assert!(shown.starts_with(&format!("{anna} has 9 credits\n\n")), "{shown}");
    assert!(shown.contains("grant      +10       sorry\n"), "{shown}");
    let json = shell.json("credits show @anna --json");
    assert_eq!((&json["credits"], &json["entries"][1]["credits"]), (&9.into(), &10.into()));
    assert_eq!(json["entries"][1]["note"], "sorry");
}

#[test]
fn people_and_jobs_are_shown_without_prompts_and_photos() {
    let shell = Shell::new();
    shell.adds_anna();
    shell.sql(ANNAS_ORDER);
    assert!(shell.runs("users list").contains("@Anna"));
    assert!(shell.runs("users show @anna").contains("1 under way, 0 completed, 1 failed"));
    let list = shell.runs("jobs list");
    assert!(list.contains("17/1") && list.contains("failed  user_violation\n"), "{list}");
    assert_eq!(shell.runs("jobs list --status completed"), "");
    let shown = shell.runs("jobs show 41");
    for line in ["task       task-41", "submitted  2025-11-24T16:00:01Z", "because    400: people"]
    {
        assert!(shown.contains(line), "{shown}");
    }
    let next = shell.runs("jobs show 42");
    assert!(
        next.ends_with("next       submit to KIE, after the person's earlier videos\n"),
        "{next}"
    );
    assert_eq!(shell.json("jobs show 41 --json")["failure"], "user_violation");
    shell.fails("jobs show 43", 1, "there is no job 43", "jobs list");
    for line in
        ["jobs list --json", "jobs show 41", "jobs show 41 --json", "users show 7001 --json"]
    {
        let output = shell.runs(line);
        assert!(!output.contains("her prompt") && !output.contains("her photo"), "{output}");
    }
}

#[test]
fn a_name_is_spelt_as_one_likes_and_one_that_nobody_has_is_known_to_nobody() {
    let shell = Shell::new();
    shell.adds_anna();
    for name in ["@anna", "anna", "ANNA", "t.me/anna", "https://t.me/Anna", "7001"] {
        let shown = shell.runs(&format!("credits show {name}"));
        assert!(shown.starts_with("@Anna (7001) has 0 credits"), "{name}: {shown}");
    }
    shell.sees(7002, Some("ANNA"), "Boris");
    let granted = shell.runs("credits grant @anna 3");
    assert_eq!(granted, "@ANNA (7002) got 3 credits and now has 3\n");
    assert!(shell.runs("users show 7001").contains("username   –\n"));
    shell.sees(7002, None, "Boris");
    shell.fails("credits grant @anna 3", 1, "does not know @anna", "pressed Start");
    shell.fails("users show @anna", 1, "does not know @anna", "pressed Start");
}

#[test]
fn a_name_that_was_not_seen_for_a_month_is_not_trusted_with_credits() {
    let shell = Shell::new();
    shell.adds_anna();
    let days_ago = |days: u32| {
        shell
            .sql(&format!("update users set seen_at = (unixepoch() - {days} * 86400 - 60) * 1000"));
    };
    days_ago(29);
    shell.runs("credits grant @anna 2");
    days_ago(31);
    for line in ["credits grant @anna 10", "credits take t.me/anna 1"] {
        shell.fails(line, 2, "last heard of @anna 31 days ago", "name them by id, 7001");
    }
    assert_eq!(shell.json("credits show @anna --json")["credits"], 2, "it is only noted");
    shell.runs("credits grant 7001 10");
    assert_eq!(
        shell.runs("credits grant @anna 10 --yes"),
        "@Anna (7001) got 10 credits and now has 22\n"
    );
    let shown = shell.runs("users show @anna");
    assert!(shown.contains("seen  "), "{shown}");
}

#[test]
fn a_config_check_tells_of_admins_whom_no_alert_reaches_where_the_database_is_there() {
    let shell = Shell::new();
    fs::write(
        shell.path("admins.toml"),
        "[telegram]\nadmins = [7001, 7002]\nsupport = \"@shop\"\n",
    )
    .unwrap();
    let check = || shell.runs("config check --config admins.toml");
    assert!(check().contains("✓ the configuration is in order"), "nobody can know");
    shell.adds_anna();
    let report = check();
    assert!(report.contains("! telegram.admins has 7002, who has not pressed Start"), "{report}");
    shell.sees(7002, None, "Boris");
    assert!(check().contains("✓ the configuration is in order"));
}

#[test]
fn a_config_check_tells_of_buttons_that_grow_too_long_with_counts_and_prices() {
    let shell = Shell::new();
    fs::create_dir(shell.path("own")).unwrap();
    let words = "button-count = Please make { $count } videos, for { credits }\n";
    fs::write(shell.path("own/en.ftl"), words).unwrap();
    let config = |counts: &str| {
        let text = format!(
            "[telegram]\nsupport = \"@shop\"\n[texts]\ndir = \"own\"\n[credits]\nwelcome = 0\n\
             counts = {counts}\n[[models]]\nslug = \"sora-2-image-to-video\"\ncredits = 99999\n\
             image = {{ name = \"image_urls\", shape = \"list\" }}\nlongest_prompt = 10000\n"
        );
        fs::write(shell.path("own.toml"), text).unwrap();
        shell.runs("config check --config own.toml").replace('\u{a0}', " ")
    };
    assert!(!config("[1]").contains("texts.dir"));
    let report = config("[1, 10]");
    let told =
        "! texts.dir makes a button of 41 characters: Please make 10 videos, for 999990 credits";
    assert!(report.contains(told), "{report}");
}
