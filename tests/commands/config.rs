//! `reelbot config check`: it names what cannot work, and `run` refuses the same.

use std::fs;

use crate::shell::Shell;

/// A token that could be one, so that a run is not refused for having none.
const TOKEN: &str = "123456789:AAtokenTOKENtokenTOKENtokenTOKEN123";

#[test]
fn what_cannot_work_is_named_and_no_run_begins_with_it() {
    let shell = Shell::new();
    fs::write(shell.path("file"), "").unwrap();
    fs::create_dir(shell.path("folder")).unwrap();
    let preset = |n| {
        let label = format!("{{ ru = \"П{n}\", en = \"P{n}\" }}");
        format!("[[presets]]\nid = \"p{n}\"\nlabel = {label}\nidea = \"i\"\n")
    };
    let with_sample = preset(1) + "sample = \"file\"\n";
    let many = (0..101).map(preset).collect::<Vec<_>>().concat();
    for (text, problem, hint) in [
        ("[database]\npath = \"folder\"", "database.path is ", "name a file in it"),
        ("[database]\npath = \"file/a.db\"", "is a file and no folder", "another place"),
        ("[database]\npath = \":memory:\"", "gone at the end", "write the path of a file"),
        ("[database]\npath = \"file:a.db\"", "is an address", "write a.db"),
        ("[texts]\ndir = \"nowhere\"", "texts.dir cannot be used", "name a folder"),
        ("[texts]\ndir = \"file\"", "texts.dir cannot be used", "name a folder"),
        (
            "[telegram]\ntoken_file = \"none\"",
            "telegram.token_file cannot be used",
            "check the path",
        ),
        ("[gpt]\napi_key_file = \"folder\"", "gpt.api_key_file cannot be used", "name a file"),
        ("[telegram]\nmessages_per_second = 1e99", "is 1e99", "write a number from 0.001"),
        ("[kie]\nlow_balance = 1e99", "kie.low_balance is 1e99", "such as 300"),
        ("[workers]\ncount = 0", "workers.count is 0", "from 1 to 256"),
        ("[kie]\nhold = \"-2h\"", "kie.hold in line 2 is the text", "hold = \"2h\""),
        ("[telegram]\ntoken = 123:AA", "line 2, column 9", "put the token in quotes"),
        ("[kie]\npoll_interval = 30", "without a unit", "poll_interval = \"30s\""),
        ("[telegram]\nlanguage = \"de\"", "telegram.language in line 2", "\"ru\" or \"en\""),
        ("[telegram]\nproxy = \"ftp://h\"", "telegram.proxy", ""),
        (&many, "presets has 101 rows", "87 at most"),
        ("[telegram]\nquiet_hours = \"22:00\"", "telegram.quiet_hours is", "such as \"22-8\""),
        (&with_sample, "sample is ", "name an MP4"),
    ] {
        fs::write(shell.path("config.toml"), text).unwrap();
        let line = |line: &str| {
            let mut command = shell.command(line);
            command.env_remove("REELBOT_DATABASE");
            if !text.contains("token") {
                command.env("TELEGRAM_BOT_TOKEN", TOKEN);
            }
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(78), "{line} with {text}: {output:?}");
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap())
        };
        let [report, _] = line("config check");
        let mut lines = report.lines().skip_while(|line| !line.contains(problem));
        assert!(lines.next().is_some_and(|line| line.starts_with('✗')), "{text}: {report}");
        assert!(lines.next().is_some_and(|line| line.contains(hint)), "{text}: {report}");
        let [_, log] = line("run");
        assert!(log.contains("error: ") && log.contains("hint: "), "{text}: {log}");
        assert!(log.contains(problem) || problem.starts_with("texts"), "{text}: {log}");
    }
}

#[test]
fn what_is_only_doubtful_is_a_warning() {
    let shell = Shell::new();
    for (text, problem) in [
        ("presets = []", "presets is an empty list"),
        ("[kie]\ncreates_per_10s = 21", "KIE's own limit is 20 tasks in 10 seconds"),
        ("[kie]\npolls_per_second = 1000", "KIE's own limit is 10 a second"),
        ("[telegram]\nmessages_per_second = 31", "Telegram's own limit is 30 a second"),
    ] {
        fs::write(shell.path("config.toml"), text).unwrap();
        let report = shell.runs("config check");
        let mut lines = report.lines();
        assert!(lines.any(|line| line.starts_with('!') && line.contains(problem)), "{report}");
    }
}

#[test]
fn a_filter_of_the_log_that_would_silence_it_is_refused() {
    let shell = Shell::new();
    for (filter, hint) in [("loud", "write off, error, warn"), ("warning", "RUST_LOG=warn?")] {
        for line in ["config check", "migrate", "run"] {
            let output = shell.command(line).env("RUST_LOG", filter).output().unwrap();
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(78), "{line}: {error}");
            assert!(error.contains(&format!("error: RUST_LOG has {filter}")), "{error}");
            assert!(error.contains(hint), "{error}");
        }
    }
}

#[test]
fn a_file_of_a_secret_that_cannot_be_read_is_named_with_its_variable() {
    let shell = Shell::new();
    fs::write(shell.path("empty"), " \n").unwrap();
    fs::create_dir(shell.path("credentials")).unwrap();
    fs::write(shell.path("credentials/telegram-token"), b"123:\xff").unwrap();
    for (name, file, key, reason) in [
        ("KIE_API_KEY_1_FILE", "none", "KIE_API_KEY_1_FILE", "No such file"),
        ("kie_api_key_file", "empty", "kie_api_key_file", "the file is empty"),
        ("TELEGRAM_BOT_TOKEN_FILE", ".", "TELEGRAM_BOT_TOKEN_FILE", "Is a directory"),
        ("CREDENTIALS_DIRECTORY", "credentials", "the credential telegram-token", "UTF-8"),
    ] {
        let output = shell.command("config check").env(name, shell.path(file)).output().unwrap();
        let report = String::from_utf8(output.stdout).unwrap();
        let found = format!("✗ {key} cannot be used: cannot read {}", shell.path(file).display());
        assert_eq!(output.status.code(), Some(78), "{report}");
        assert!(report.contains(&found) && report.contains(reason), "{report}");
    }
}
