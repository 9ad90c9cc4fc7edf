//! `reelbot credits …`, `users …` and `jobs …`.

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
