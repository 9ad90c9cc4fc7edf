//! What is no TOML: the place, and the usual slips with what to write instead.

use std::path::Path;

use toml::de::Error;

use crate::config::findings::{Finding, is_secret, without_long_words};

/// How many places of one file are told.
const MOST: usize = 20;

/// Quotes that word processors and chats put in the place of plain ones.
const SMART_QUOTES: [char; 9] = ['„', '“', '”', '«', '»', '‘', '’', '‚', '″'];

/// The places of a file that are no TOML, one finding a line, from the errors of its parser.
pub(crate) fn faults(text: &str, path: &Path, errors: &[Error]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut errors: Vec<&Error> = errors.iter().collect();
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    for error in errors {
        let Some(span) = error.span() else {
            let problem = format!("cannot be read: {}", error.message());
            let hint = "`reelbot config example` prints a complete one".to_owned();
            findings.push(Finding { key: path.display().to_string(), problem, hint });
            continue;
        };
        let before = text.get(..span.start).unwrap_or(text);
        let (number, column) =
            (line_number(before), before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        let line = text.lines().nth(number - 1).unwrap_or_default();
        let place = format!("line {number}, ");
        if findings.iter().any(|finding| finding.key.starts_with(&place)) {
            continue;
        }
        findings.push(Finding {
            key: format!("{place}column {column}"),
            problem: format!("of {} cannot be read: {}", path.display(), quoted(line)),
            hint: advice(line, error.message(), before),
        });
    }
    findings.truncate(MOST);
    findings
}

/// The number of the line, from 1, that comes after that text.
pub(crate) fn line_number(before: &str) -> usize {
    before.matches('\n').count() + 1
}

/// The text without the lines of findings, so that the others can be read.
pub(crate) fn without(text: &str, faults: &[Finding]) -> String {
    let is_fault = |number: usize| {
        let place = format!("line {number}, ");
        faults.iter().any(|fault| fault.key.starts_with(&place))
    };
    let lines =
        text.lines().zip(1..).map(|(line, number)| if is_fault(number) { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line as it may be shown: of one with a token or a key only the name, and of any no word that is
/// as long as one.
fn quoted(line: &str) -> String {
    let line = line.trim();
    match line.find(['=', ':']).filter(|_| is_secret(line)) {
        Some(at) => format!("{} (not shown)", without_long_words(&line[..=at])),
        None if line.is_empty() => "the end of the file".to_owned(),
        None => without_long_words(line),
    }
}

/// What to write instead.
fn advice(line: &str, message: &str, above: &str) -> String {
    let line = line.trim();
    if message.starts_with("duplicate key") {
        return match line.strip_prefix('[') {
            Some(_) => format!("{} is there twice: put all its lines under one", quoted(line)),
            None => format!("{} is there twice: keep one of them", name_of(line)),
        };
    }
    if message.contains("array") && !line.contains(['=', ':']) || line.is_empty() {
        let open = above.lines().rev().find(|line| line.contains('[') && !line.contains(']'));
        if let Some(open) = open {
            let name = name_of(open);
            return format!("close the list of {name} with ], and put commas between its values");
        }
    }
    if let Some(advice) = foreign(line) {
        return advice;
    }
    match line.split_once('=') {
        Some((name, _)) if name.contains(':') => with_equals(line),
        Some((name, value)) => of_value(name.trim(), value.trim()),
        None if line.contains(':') => with_equals(line),
        None if line.starts_with('[') => closed_section(line),
        None => match line.split_once(char::is_whitespace) {
            Some((name, _)) => {
                format!("write = after {}, and text in quotes", without_long_words(name))
            }
            None => "write name = value, or begin a comment with #".to_owned(),
        },
    }
}

/// What is of another format or comes from a word processor.
fn foreign(line: &str) -> Option<String> {
    let is_value_quoted = line.split_once(['=', ':']).is_some_and(|(_, value)| {
        value.trim().starts_with(SMART_QUOTES) || value.trim().ends_with(SMART_QUOTES)
    });
    if is_value_quoted {
        return Some(format!("write plain quotes: {} = \"…\"", name_of(line)));
    }
    if line.contains(SMART_QUOTES) {
        return Some("write plain quotes, \" and not „ “ ” or «".to_owned());
    }
    if line.starts_with("//") || line.starts_with([';', '%']) || line.starts_with("/*") {
        return Some("begin a comment with #".to_owned());
    }
    if line.starts_with(['{', '}']) || line.starts_with('"') && line.contains("\":") {
        return Some("this is JSON: write name = value, a line each, under a [section]".to_owned());
    }
    if let Some(item) = line.strip_prefix("- ") {
        let item = if item.contains(':') { "…" } else { "\"…\"" };
        return Some(format!("this is YAML: write a list in one line, as in name = [{item}]"));
    }
    line.contains('\u{a0}').then(|| "there is a no-break space: type the line anew".to_owned())
}

/// A line with a colon where the = belongs.
fn with_equals(line: &str) -> String {
    let name = name_of(line);
    match line.split_once(':') {
        Some((_, rest)) if rest.trim().is_empty() => format!("write a section as [{name}]"),
        _ => format!("write = and not a colon, and text in quotes: {name} = \"…\""),
    }
}

fn closed_section(line: &str) -> String {
    let name = line.trim_matches(['[', ']', ' ']).split([']', ' ']).next().unwrap_or_default();
    let name = without_long_words(name);
    if line.starts_with("[[") || ["presets", "models"].contains(&name.as_str()) {
        return format!("write [[{name}]] on a line of its own");
    }
    format!("write [{name}] on a line of its own")
}

/// What is wrong after the =.
fn of_value(name: &str, value: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'');
    if name.is_empty() || !name.chars().all(bare) {
        let name = without_long_words(name.trim_start_matches("export "));
        return format!(
            "write the name of an option before the =, not {name}: letters, digits and _"
        );
    }
    let name = without_long_words(name);
    match value.chars().next() {
        None | Some('#') => format!("write a value after the =; {name} = \"\" is empty text"),
        Some(quote @ ('"' | '\'')) => of_text(quote, &value[1..]),
        Some('[') if !value.contains(']') => format!("close the list with ]: {name} = [ … ]"),
        Some('[') => "put each text of the list in quotes, and commas between".to_owned(),
        Some('{') => format!("write it as {name} = {{ a = \"…\", b = \"…\" }}"),
        Some(_) => unquoted(&name, value.split(" #").next().unwrap_or(value).trim()),
    }
}

fn of_text(quote: char, text: &str) -> String {
    let Some((inside, after)) = text.rsplit_once(quote) else {
        return format!("the closing {quote} is missing");
    };
    if inside.contains('\\') {
        return "write / where the text has \\, or put it in '…', in which \\ is itself".to_owned();
    }
    match after.trim() {
        "" => format!("write \\{quote} for a {quote} in the text"),
        _ => "nothing may follow the closing quote but a # and a comment".to_owned(),
    }
}

fn unquoted(name: &str, value: &str) -> String {
    let number = value.trim_end_matches([',', ';', ' ']);
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    if number != value && is_number(number) {
        return format!("remove what follows the number: {name} = {number}");
    }
    let plain = number.replace(',', ".").replace([' ', '_'], "");
    if is_number(&plain) {
        return match plain.parse::<i64>() {
            Err(_) if !plain.contains('.') => format!("{name} takes no number as large as that"),
            _ => format!("write the number as {name} = {plain}"),
        };
    }
    let what = match name.rsplit('.').next().unwrap_or(name) {
        "token" => "the token",
        "api_key" => "the key",
        "proxy" | "ping_url" => "the address",
        _ => return format!("put the text in quotes: {name} = \"{}\"", without_long_words(number)),
    };
    format!("put {what} in quotes: {name} = \"…\"")
}

/// The name at the beginning of a line.
fn name_of(line: &str) -> String {
    let name = line.split(['=', ':']).next().unwrap_or(line).trim();
    without_long_words(name.trim_matches(['"', '\'', '[', ']', '{', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    fn hints(text: &str) -> Vec<String> {
        let errors = DeTable::parse_recoverable(text).1;
        let found = faults(text, Path::new("c.toml"), &errors);
        found.into_iter().map(|finding| finding.hint).collect()
    }

    #[test]
    fn the_usual_slips_come_with_what_to_write() {
        for (text, hint) in [
            ("[telegram]\ntoken = 123:AA", "put the token in quotes: token = \"…\""),
            ("[kie]\npoll_interval = 30s", "put the text in quotes: poll_interval = \"30s\""),
            ("[kie]\nmodel = sora-2", "put the text in quotes: model = \"sora-2\""),
            ("[kie]\nmodel = „sora-2“", "write plain quotes: model = \"…\""),
            ("[kie]\nmodel = “sora-2”", "write plain quotes: model = \"…\""),
            (
                "[kie]\nmodel: \"sora-2\"",
                "write = and not a colon, and text in quotes: model = \"…\"",
            ),
            ("telegram:\n", "write a section as [telegram]"),
            ("[telegram]\nadmins:\n", "write a section as [admins]"),
            ("[kie\nmodel = \"a\"", "write [kie] on a line of its own"),
            ("[[presets]\nid = \"a\"", "write [[presets]] on a line of its own"),
            ("[database]\npath = \"C:\\users\"", "write / where the text has \\"),
            ("[kie]\nmodel = \"sora", "the closing \" is missing"),
            ("[kie]\nmodel = \"sora\",", "nothing may follow the closing quote"),
            ("[kie]\nmodel = ", "write a value after the =; model = \"\" is empty text"),
            ("[kie]\nmodel \"sora\"", "write = after model, and text in quotes"),
            ("[workers]\ncount = 20,", "remove what follows the number: count = 20"),
            ("[workers]\ncount = 1 000", "write the number as count = 1000"),
            (
                "[telegram]\nmessages_per_second = 0,5",
                "write the number as messages_per_second = 0.5",
            ),
            ("[workers]\ncount = 1\ncount = 2", "count is there twice: keep one of them"),
            ("[workers]\n[kie]\n[workers]", "[workers] is there twice"),
            ("[credits]\ncounts = [1, 2\n[kie]\n", "close the list of counts with ]"),
            ("[credits]\ncounts = [1, 2", "close the list with ]: counts = [ … ]"),
            ("// a comment", "begin a comment with #"),
            ("{\n\"kie\": {}\n}", "this is JSON"),
            ("- id: a", "this is YAML"),
        ] {
            let found = hints(text);
            assert!(
                found.first().is_some_and(|found| found.starts_with(hint)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn each_line_is_told_once_and_without_secrets() {
        let text = "[telegram]\ntoken = 123456789:AAsecret\nproxy = socks5://u:pass@h\n\
                    support = @shop\ntok en = 12:AAsecretAAsecretAAsecret\n";
        let errors = DeTable::parse_recoverable(text).1;
        let found = faults(text, Path::new("c.toml"), &errors);
        let places: Vec<&str> = found.iter().map(|finding| finding.key.as_str()).collect();
        assert_eq!(places.len(), 4, "{found:?}");
        assert_eq!(places[0], "line 2, column 9");
        assert_eq!(
            found[2].to_string(),
            "line 4, column 11 of c.toml cannot be read: support = @shop"
        );
        let all = format!("{found:?}");
        assert!(!all.contains("AAsecret") && !all.contains("pass"), "{all}");
        assert_eq!(without(text, &found), "[telegram]\n\n\n\n");
    }
}
