//! What is pasted along with a token, a key or a path, and how people write variables and `.env`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::shell::{GOOD, Output, Shell};

/// A token whose last letter is for the test.
const TOKEN: &str = "123456789:AAtokenTOKENtokenTOKENtokenTOKEN123";

/// `config check` beside these variables.
fn checked(shell: &Shell, variables: &[(&str, &str)]) -> Output {
    let mut command = shell.command("config check");
    ends(command.envs(variables.iter().copied()))
}

fn ends(command: &mut Command) -> Output {
    let result = command.stdin(Stdio::null()).output().unwrap();
    let [out, err] = [result.stdout, result.stderr].map(|text| String::from_utf8(text).unwrap());
    let secrets = [GOOD, TOKEN].map(|secret| &secret[12..28]);
    for secret in secrets {
        assert!(!out.contains(secret) && !err.contains(secret), "a secret is shown\n{out}\n{err}");
    }
    Output { code: result.status.code().unwrap(), out, err }
}

/// It is found wrong, with a line on what to do.
#[track_caller]
fn finds(output: &Output, problem: &str, hint: &str) {
    assert_eq!(output.code, 78, "{output:?}");
    let mut lines = output.out.lines().skip_while(|line| !line.contains(problem));
    let found = lines.next().unwrap_or_else(|| panic!("no {problem}: {}", output.out));
    assert!(found.starts_with('✗'), "{found}");
    assert!(lines.next().is_some_and(|line| line.contains(hint)), "{}", output.out);
}

/// It is in order, and yet there is a word of warning.
#[track_caller]
fn warns(output: &Output, problem: &str, hint: &str) {
    assert_eq!(output.code, 0, "{output:?}");
    let mut lines = output.out.lines().skip_while(|line| !line.contains(problem));
    let found = lines.next().unwrap_or_else(|| panic!("no {problem}: {}", output.out));
    assert!(found.starts_with('!'), "{found}");
    assert!(lines.next().is_some_and(|line| line.contains(hint)), "{}", output.out);
}

#[test]
fn what_comes_along_with_a_secret_is_taken_off() {
    let shell = Shell::new();
    fs::write(shell.path("key"), format!("\u{feff}export KIE_API_KEY=\"{GOOD}\"\r\n")).unwrap();
    let utf16 = format!("\u{feff}{TOKEN}\r\n");
    let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(shell.path("token"), utf16).unwrap();
    let [key, token] = ["key", "token"].map(|name| shell.path(name).display().to_string());
    let pasted = [
        format!("\"{GOOD}\""),
        format!("«{GOOD}»\n"),
        format!("Authorization: Bearer {GOOD}"),
        format!("\u{200b}{GOOD}\u{a0}"),
    ];
    let good = |variables: &[(&str, &str)]| {
        let output = checked(&shell, variables);
        assert_eq!(output.code, 0, "{output:?}");
        assert!(output.out.contains("KIE keys    …good from"), "{}", output.out);
        assert!(output.out.contains("bot token   …N123 from"), "{}", output.out);
    };
    for pasted in &pasted {
        good(&[("KIE_API_KEY", pasted), ("TELEGRAM_BOT_TOKEN", &format!("'{TOKEN}'\u{feff}"))]);
    }
    good(&[("kie_api_key_file", &key), ("Telegram_Bot_Token_File", &format!("\"{token}\""))]);
}

#[test]
fn a_letter_that_no_secret_has_is_named_before_anything_starts() {
    let shell = Shell::new();
    let cyrillic = GOOD.replacen('e', "е", 1);
    let output = checked(&shell, &[("KIE_API_KEY_3", &cyrillic)]);
    let place =
        "KIE_API_KEY_3 is no KIE key: character 15 is a Cyrillic letter that looks like Latin e";
    finds(&output, place, "kie.ai/api-key");
    let output = checked(
        &shell,
        &[("TELEGRAM_BOT_TOKEN", &TOKEN.replace('-', "–").replace("KEN1", "KEN 1"))],
    );
    finds(&output, "telegram.token was not copied right: character", "@BotFather");
    let gpt = "[gpt]\napi_url = \"https://api.openai.com/v1\"\n";
    fs::write(shell.path("gpt.toml"), gpt).unwrap();
    let mut command = shell.command("config check --config gpt.toml");
    let output = ends(command.env("OPENAI_API_KEY", "sk-proj…AbCd"));
    finds(&output, "gpt.api_key was not copied right: character 8", "where it was made");
    fs::write(shell.path("other.toml"), format!("[telegram]\ntoken = \"{TOKEN}я\"\n")).unwrap();
    let mut command = shell.command("config check --config other.toml");
    finds(&ends(&mut command), "telegram.token was not copied right: character 46", "@BotFather");
    let mut command = shell.command("keys list");
    let output = ends(command.env("KIE_API_KEY", "two words"));
    assert!(output.code == 78 && output.err.contains("hint: copy it again"), "{output:?}");
}

#[test]
fn a_key_is_added_as_it_was_pasted() {
    for (before, after) in [
        ("\u{feff}", "\r"),
        ("\"", "\""),
        ("Bearer ", ""),
        ("KIE_API_KEY=", ""),
        ("«", "»\u{200b}"),
    ] {
        let shell = Shell::new();
        let added = shell.adds_key("keys add", &format!("{before}{GOOD}{after}"));
        assert!(added.contains("…good") && added.contains("1250.5 at KIE"), "{added}");
    }
    let shell = Shell::new();
    let error = "this is no key: character 31 is a Cyrillic letter that looks like Latin o";
    shell.fails_with("keys add", &GOOD.replacen("oo", "oо", 1), 2, error, "kie.ai");
}

#[test]
fn a_stored_key_that_was_pasted_badly_before_is_named_by_its_test() {
    let shell = Shell::new();
    shell.adds_key("keys add --label studio", GOOD);
    shell.sql("update kie_keys set secret = '\"' || secret || '\"'");
    let output = shell.run("keys test", "");
    assert_eq!(output.code, 1, "{output:?}");
    let reason = "✗ dead (it was not copied right: character 1 is a quotation mark)";
    assert!(output.out.contains(reason), "{}", output.out);
    assert!(shell.runs("keys list").contains("studio"));
}

#[test]
fn a_variable_is_read_or_named_however_it_is_written() {
    let shell = Shell::new();
    for name in ["KIE_API_KEY_01", "kie_api_key", "Kie_Api_Key_2", "KIE_API_KEY1", "KIE_API_KEY_77"]
    {
        let output = checked(&shell, &[(name, GOOD)]);
        assert!(output.code == 0 && output.out.contains("…good from"), "{name}: {output:?}");
        assert!(!output.out.contains("not read"), "{}", output.out);
    }
    for (name, meant) in [
        ("KIE_API_KEYS", "KIE_API_KEY?"),
        ("KIE_KEY", "KIE_API_KEY?"),
        ("kie_api_key_one", "KIE_API_KEY?"),
        ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN?"),
        ("telegram_token", "TELEGRAM_BOT_TOKEN?"),
        ("TELEGRAM_BOT_TOKEN_PATH", "TELEGRAM_BOT_TOKEN?"),
        ("REELBOT_DB", "REELBOT_DATABASE?"),
    ] {
        let output = checked(&shell, &[(name, GOOD)]);
        warns(&output, &format!("{name} is no variable of reelbot's"), meant);
        assert!(!output.out.contains("…good"), "{name}: {}", output.out);
    }
}

#[test]
fn of_another_projects_env_file_only_what_is_ours_is_read() {
    let shell = Shell::new();
    let foreign = "\u{feff}APP_NAME=My App\r\nif [ -f a ]; then\r\nURL=${X:-y}\r\nCERT=\"a\r\nb c\"\r\nMOTTO=it's\r\n";
    let rest = "x".repeat(200_000);
    fs::write(shell.path(".env"), format!("{foreign}{rest}\nkie_api_key_01='{GOOD}' # ours\n"))
        .unwrap();
    let output = checked(&shell, &[]);
    assert!(output.code == 0 && output.out.contains("…good from"), "{output:?}");
    assert!(!output.out.contains("not read"), "{}", output.out);
    fs::write(shell.path(".env"), format!("{foreign}KIE_API_KEY={GOOD} {GOOD}\nKIE_KEY=a\n"))
        .unwrap();
    let output = checked(&shell, &[]);
    finds(&output, "KIE_API_KEY in .env cannot be read: line 7 has a space", "'single quotes'");
    assert!(output.out.contains("! KIE_KEY in .env is no variable"), "{}", output.out);
    let check = shell.command("config check --json").output().unwrap();
    let found: Value = serde_json::from_slice(&check.stdout).unwrap();
    assert_eq!(found["findings"][0]["key"], "KIE_API_KEY in .env");
    assert_eq!(shell.command("config example").status().unwrap().code(), Some(0));
}

#[test]
fn an_env_file_that_is_none_stops_nothing() {
    let shell = Shell::new();
    let path = shell.path(".env");
    fs::create_dir(&path).unwrap();
    assert_eq!(checked(&shell, &[]).code, 0);
    fs::remove_dir(&path).unwrap();
    fs::write(&path, "# нет\nKIE_API_KEY=a\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let output = checked(&shell, &[]);
    // Root reads it nevertheless.
    if !output.out.contains("from the environment") {
        warns(&output, ".env cannot be read: Permission denied", "the right to read it");
    }
}

#[test]
fn words_that_the_bot_would_refuse_are_found_before() {
    let shell = Shell::new();
    let dir = shell.path("texts");
    let config = format!("[texts]\ndir = \"{}\"\n", dir.display());
    fs::write(shell.path("config.toml"), config).unwrap();
    finds(&checked(&shell, &[]), "texts.dir cannot be used", "name a folder");
    fs::create_dir(&dir).unwrap();
    warns(&checked(&shell, &[]), "texts.dir is of no effect", "put your words there");
    let words = |name: &str, bytes: &[u8]| fs::write(dir.join(name), bytes).unwrap();
    words("ru.FTL.txt", b"");
    words("EN.FTL", "\u{feff}script-writing = Wait\r\n".as_bytes());
    warns(&checked(&shell, &[]), "ru.FTL.txt, which is not read", "call it ru.ftl");
    words("ru.ftl", b"script-writing = \xcc\xe8\xed\xf3\xf2\xf3\n");
    finds(&checked(&shell, &[]), "ru.ftl: line 1 is not UTF-8", "save the file as UTF-8");
    words("ru.ftl", "script-writin = Минуту\n".as_bytes());
    finds(&checked(&shell, &[]), "ru.ftl: `script-writin`", "mend the file");
}

#[test]
fn a_tilde_is_the_home_and_no_folder_of_that_name_comes_into_being() {
    let shell = Shell::new();
    let made = |command: &mut Command| {
        let output = ends(command);
        assert_eq!(output.code, 0, "{output:?}");
        let database: PathBuf = shell.path("own/reelbot.db");
        assert!(database.exists() && !shell.path("~").exists(), "{output:?}");
        fs::remove_dir_all(shell.path("own")).unwrap();
    };
    made(shell.command("migrate").env("REELBOT_DATABASE", "~/own/reelbot.db"));
    made(&mut shell.command("migrate --database ~/own/reelbot.db"));
    fs::write(shell.path("own.toml"), "[database]\npath = \"~/own/reelbot.db\"\n").unwrap();
    let mut command = shell.command("migrate");
    command.env("REELBOT_CONFIG", "~/own.toml").env_remove("REELBOT_DATABASE");
    made(&mut command);
}

#[test]
fn a_command_that_calls_nobody_is_not_stopped_by_what_it_does_not_need() {
    let shell = Shell::new();
    assert_eq!(ends(&mut shell.command("migrate")).code, 0);
    fs::write(shell.path(".env"), "KIE_API_KEY='open\n").unwrap();
    for (name, value) in [
        ("HTTPS_PROXY", "foo://bar"),
        ("ALL_PROXY", "garbage value"),
        ("OPENAI_API_KEY", "bad key"),
        ("OPENAI_API_KEY_FILE", "/nonexistent"),
        ("KIE_API_KEY_FILE", "$HOME/key"),
        ("TELEGRAM_BOT_TOKEN", "rubbish"),
    ] {
        for words in ["users list", "jobs list", "pause", "resume", "audit", "migrate"] {
            let output = ends(shell.command(words).env(name, value));
            assert_eq!(output.code, 0, "{words} with {name}: {output:?}");
        }
        assert_eq!(ends(shell.command("keys test").env(name, value)).code, 78, "{name}");
    }
}

#[test]
fn a_path_that_names_a_variable_or_a_drive_is_refused() {
    let shell = Shell::new();
    for (name, path, hint) in [
        ("REELBOT_DATABASE", "$HOME/reelbot.db", "write ~/reelbot.db"),
        ("REELBOT_DATABASE", "~anna/reelbot.db", "write the whole path"),
        ("reelbot_database", "file:///srv/reelbot.db", "write /srv/reelbot.db"),
        ("REELBOT_DATABASE", "C:\\reelbot.db", "write it with /"),
        ("REELBOT_CONFIG", "${HOME}/c.toml", "write ~/c.toml"),
        ("TELEGRAM_BOT_TOKEN_FILE", "$HOME/token", "write ~/token"),
    ] {
        // Where the database is all commands must know; of tokens only some have to.
        let is_place = name.to_uppercase().starts_with("REELBOT");
        let mut command = shell.command(if is_place { "migrate" } else { "config check" });
        command.env_remove("REELBOT_DATABASE").env_remove("REELBOT_CONFIG").env(name, path);
        let output = ends(&mut command);
        if !is_place {
            finds(&output, &format!("{name} is \""), hint);
            continue;
        }
        assert_eq!(output.code, 78, "{output:?}");
        assert!(output.err.contains(&format!("error: {name} is \"")), "{}", output.err);
        assert!(output.err.contains(&format!("hint: {hint}")), "{}", output.err);
    }
    let text = "[database]\npath = \"$HOME/a.db\"\n[telegram]\ntoken_file = \"%h/token\"\n\
        [gpt]\napi_key_file = \"file://key\"\n[texts]\ndir = \"~other/texts\"\n";
    fs::write(shell.path("config.toml"), text).unwrap();
    let output = checked(&shell, &[]);
    for (key, hint) in [
        ("telegram.token_file", "the whole path"),
        ("database.path", "write ~/a.db"),
        ("gpt.api_key_file", "write key"),
        ("texts.dir", "the whole path"),
    ] {
        finds(&output, key, hint);
    }
}
