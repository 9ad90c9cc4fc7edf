//! Questions at a terminal: what counts as an answer, and what interrupts one.

use std::process::Command;

use crate::pty::Pty;
use crate::shell::{ANNAS_ORDER, GOOD, Shell};

const HIDDEN: &str = "KIE API key (not shown): ";

fn signal(pty: &Pty, name: &str) {
    let kill = format!("kill -{name} -{}", pty.foreground());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[test]
fn a_key_is_typed_unseen() {
    let shell = Shell::new();
    let mut pty = Pty::start(&shell.command("keys add --label studio"));
    pty.shows(HIDDEN);
    pty.echoes(false);
    // What is pasted after it would be the shell's next command.
    pty.types(&format!("{GOOD}\nreelbot\n"));
    let (code, screen) = pty.ends();
    assert_eq!(code, 0, "{screen}");
    assert!(!screen.contains(GOOD) && screen.contains("1250.5 at KIE"), "{screen}");
}

#[test]
fn whatever_ends_a_prompt_the_terminal_is_as_before() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    for (line, prompt) in
        [("keys add --label spare", HIDDEN), ("keys remove studio", "Type studio to go on: ")]
    {
        let interrupted_at = |mut pty: Pty, interrupt: fn(&mut Pty)| {
            pty.shows(prompt);
            pty.types("half");
            interrupt(&mut pty);
            let (code, screen) = pty.ends();
            assert_eq!(code, 130, "{line}: {screen}");
            let last = screen.trim_end().lines().last().unwrap();
            assert!(last.ends_with("interrupted; nothing was changed"), "{screen}");
        };
        let interrupted = |interrupt| interrupted_at(Pty::start(&shell.command(line)), interrupt);
        interrupted_at(Pty::start_alone(&shell.command(line)), |pty| pty.types("\u{3}"));
        interrupted(|pty| pty.types("\u{3}"));
        interrupted(|pty| pty.types("\u{1c}"));
        interrupted(|pty| signal(pty, "TERM"));
        interrupted(|pty| signal(pty, "HUP"));
    }
    let keys = shell.json("keys list --json");
    assert_eq!(keys.as_array().unwrap().len(), 1, "{keys}");
}

#[test]
fn the_end_of_input_is_no_answer() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    for (line, prompt, code, error) in [
        ("keys add", HIDDEN, 2, "no key was given"),
        ("keys remove studio", "to go on: ", 1, "nothing was removed"),
    ] {
        let mut pty = Pty::start(&shell.command(line));
        pty.shows(prompt);
        pty.types("\u{4}");
        let (ended, screen) = pty.ends();
        assert_eq!(ended, code, "{screen}");
        assert!(screen.contains(error), "{screen}");
    }
}

#[test]
fn a_suspended_prompt_gives_the_terminal_back_and_asks_again() {
    let shell = Shell::new();
    let mut script = shell.command("");
    let reelbot = script.get_program().to_str().unwrap().to_owned();
    let typed = format!("\"{reelbot}\" keys add --no-test; echo suspended; read word; fg");
    let inner = format!("set -m; {typed}");
    script = {
        let mut sh = Command::new("sh");
        sh.args(["-c", &inner]).current_dir(shell.path("."));
        sh.envs(script.get_envs().filter_map(|(name, value)| Some((name, value?))));
        sh
    };
    let mut pty = Pty::start(&script);
    pty.shows(HIDDEN);
    pty.types("\u{1a}");
    pty.shows("suspended");
    pty.echoes(true);
    pty.types("a word\n");
    pty.echoes(false);
    pty.types(&format!("{GOOD}\n"));
    let (code, screen) = pty.ends();
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("a word") && screen.contains("key-1"), "{screen}");
}

#[test]
fn what_cannot_be_undone_wants_its_name_typed_and_enter() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    for (typed, code) in [("y\n", 1), ("yes\n", 1), ("\n", 1), ("stud\n", 1), (" studio \n", 0)] {
        let mut pty = Pty::start(&shell.command("keys remove 1"));
        pty.shows("Forget studio (…good) for good? Type studio to go on: ");
        pty.types(typed);
        let (ended, screen) = pty.ends();
        assert_eq!(ended, code, "{typed:?}: {screen}");
    }
}

#[test]
fn only_y_or_yes_is_a_yes() {
    let shell = Shell::new();
    shell.adds_anna();
    shell.sql(ANNAS_ORDER);
    shell.sql("update users set seen_at = 0");
    for (typed, code) in
        [("tty\n", 1), ("yellow\n", 1), ("\n", 1), ("n\n", 1), ("y\n", 0), (" YES\n", 0)]
    {
        let mut pty = Pty::start(&shell.command("credits grant @Anna 1"));
        pty.shows("[y/N] ");
        pty.types(typed);
        let (ended, screen) = pty.ends();
        assert_eq!(ended, code, "{typed:?}: {screen}");
    }
}
