//! `.env` files. One may belong to another project and be written for a shell, so only what is ours
//! in it is read, and what is ours and cannot be read is named.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{
    findings::Finding,
    names::{canonical, meant},
};
use crate::domain::{
    pasted::unwrapped,
    text::{is_zero_width, trimmed},
};

/// The longest value, in bytes: a hundred keys with commas between them fit.
const LONGEST_VALUE: usize = 4096;

/// The most bytes of values that are kept, of ours and of the others'. A value may name earlier
/// ones, so without a limit lines that double would fill the memory.
const MOST_VALUES: usize = 64 << 10;

/// Variables by their names.
pub type Variables = BTreeMap<String, String>;

/// What a `.env` file says to reelbot. It holds secrets in plain text and so has no `Debug`.
#[derive(Clone, Default)]
pub struct Dotenv {
    /// Our variables, under the names that are written.
    pub variables: Variables,
    /// The names that look like ours and are none.
    pub unread: BTreeSet<String>,
    /// Our lines that cannot be read, each by its number and never with its value.
    pub findings: Vec<Finding>,
    /// What else the operator may want to know about the file.
    pub warnings: Vec<Finding>,
}

/// What is wrong with a line, and what to do.
type Problem = (&'static str, &'static str);

const QUOTED: &str = "put the value in 'single quotes', on one line";
const NO_VALUE: Problem = ("is not NAME=value", "write NAME=value");
const OPEN_QUOTE: Problem = ("has a quote that is not closed", QUOTED);
const SPACE: Problem = ("has a space in its value", QUOTED);
const ESCAPE: Problem = ("has a \\ that stands before nothing special", QUOTED);
const SHELL: Problem = ("has shell code in its value", "write the value itself");
const UNSET: Problem = ("names a variable that is not set", QUOTED);
const LONG: Problem =
    ("is longer than 4096 bytes", "several keys are KIE_API_KEY_1, KIE_API_KEY_2, …");
const MANY: Problem = ("brings our values over 65536 bytes", "leave out what is written twice");

/// Reads the text of a `.env` file. A value may name variables of the process and earlier ones of
/// the file.
pub fn dotenv(text: &str, process: &Variables) -> Dotenv {
    let (found, others) = (Dotenv::default(), Variables::new());
    let mut reader = Reader { found, process, others, kept: 0, others_kept: 0 };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut rest, mut number) = (text.as_str(), 1);
    while !rest.is_empty() {
        let read = reader.read(rest, number);
        number += rest[..read].matches('\n').count();
        rest = &rest[read..];
    }
    reader.found
}

/// What has been read so far.
struct Reader<'a> {
    found: Dotenv,
    process: &'a Variables,
    /// The variables of others, since ours may name them.
    others: Variables,
    /// Bytes of values.
    kept: usize,
    others_kept: usize,
}

impl Reader<'_> {
    /// Reads a line, or all lines of a quoted value of ours; returns their length.
    fn read(&mut self, text: &str, number: usize) -> usize {
        let line = &text[..text.find('\n').map_or(text.len(), |end| end + 1)];
        let Some((name, at)) = assignment(line) else {
            if let Some(name) = broken_assignment(line) {
                self.refuse(&name, number, NO_VALUE);
            }
            return line.len();
        };
        if let Some(ours) = ours(name) {
            let value = self.value(&text[at..]);
            return match value.and_then(|(value, length)| self.keep(name, value, length)) {
                Ok(length) => at + length,
                Err(problem) => {
                    self.refuse(&ours, number, problem);
                    line.len()
                }
            };
        }
        let value = self.value(&line[at..]).map(|(value, _)| value);
        if meant(name).is_some() && !value.as_ref().is_ok_and(String::is_empty) {
            self.found.unread.insert(name.to_owned());
        }
        // What cannot be read here is no fault: it is not ours.
        let value = value.unwrap_or_default();
        self.others_kept += value.len();
        if self.others_kept <= MOST_VALUES {
            self.others.insert(name.to_owned(), value);
        }
        line.len()
    }

    fn keep(&mut self, name: &str, value: String, length: usize) -> Result<usize, Problem> {
        self.kept += value.len();
        if self.kept > MOST_VALUES {
            return Err(MANY);
        }
        self.found.variables.insert(name.to_owned(), value);
        Ok(length)
    }

    fn refuse(&mut self, name: &str, number: usize, (problem, hint): Problem) {
        self.found.findings.push(Finding {
            key: format!("{name} in .env"),
            problem: format!("cannot be read: line {number} {problem}"),
            hint: hint.to_owned(),
        });
    }

    /// The value that a text begins with, and its length up to the end of its last line.
    fn value(&self, text: &str) -> Result<(String, usize), Problem> {
        let mut value = String::new();
        let mut quote = None;
        let is_blank = |c: char| c != '\n' && (c.is_whitespace() || is_zero_width(c));
        let mut rest = text.trim_start_matches(is_blank);
        if rest.starts_with('#') {
            return Ok((value, end_of_line(rest, text)?));
        }
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match (quote, c) {
                (None, c) if c.is_whitespace() => {
                    return Ok((value, end_of_line(rest, text)?));
                }
                (Some(_), '\n') if begins_with_ours(after) => return Err(OPEN_QUOTE),
                (None, '\'' | '"') => {
                    quote = Some(c);
                    after
                }
                (Some(open), c) if c == open => {
                    quote = None;
                    after
                }
                (None | Some('"'), '\\') => escaped(after, &mut value)?,
                (None | Some('"'), '$') => self.resolved(after, &mut value)?,
                (None | Some('"'), '`') => return Err(SHELL),
                (_, c) => {
                    value.push(c);
                    after
                }
            };
            if value.len() > LONGEST_VALUE {
                return Err(LONG);
            }
        }
        if quote.is_some() { Err(OPEN_QUOTE) } else { Ok((value, text.len())) }
    }

    /// Adds the value of the variable that is named after a `$`; returns what follows.
    fn resolved<'t>(&self, text: &'t str, value: &mut String) -> Result<&'t str, Problem> {
        if text.starts_with('(') {
            return Err(SHELL);
        }
        let Some(braced) = text.strip_prefix('{') else {
            let (name, after) = text.split_at(name_length(text));
            // A `$` before anything but a name is itself.
            let found = if name.is_empty() { Some("$") } else { self.variable(name) };
            value.push_str(found.ok_or(UNSET)?);
            return Ok(after);
        };
        let (inner, after) = braced.split_once('}').ok_or(SHELL)?;
        let (name, default) = inner.split_at(name_length(inner));
        let set = self.variable(name);
        let found = match (default.strip_prefix(":-"), default.strip_prefix('-')) {
            _ if name.is_empty() || default.contains(['$', '\n']) => return Err(SHELL),
            (Some(default), _) => set.filter(|set| !set.is_empty()).unwrap_or(default),
            (_, Some(default)) => set.unwrap_or(default),
            _ if default.is_empty() => set.ok_or(UNSET)?,
            _ => return Err(SHELL),
        };
        value.push_str(found);
        Ok(after)
    }

    fn variable(&self, name: &str) -> Option<&str> {
        let layers = [self.process, &self.found.variables, &self.others];
        layers.into_iter().find_map(|layer| layer.get(name)).map(String::as_str)
    }
}

/// The name in NAME=value, and where its value begins.
fn assignment(line: &str) -> Option<(&str, usize)> {
    let at = line.find('=')?;
    let name = unwrapped(&line[..at]);
    let exported = name.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    let name = exported.map_or(name, unwrapped);
    let is_name = !name.is_empty() && !name.starts_with('#') && !name.contains(char::is_whitespace);
    is_name.then_some((name, at + 1))
}

/// Our name at the beginning of a line that goes on and assigns nothing, as `NAME: value` does.
fn broken_assignment(line: &str) -> Option<String> {
    let line = trimmed(line);
    let end = line.find(|c: char| c == ':' || c.is_whitespace())?;
    ours(unwrapped(&line[..end]))
}

fn begins_with_ours(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    assignment(line).is_some_and(|(name, _)| ours(name).is_some())
}

/// Our name for a variable, if reelbot reads it from `.env`.
fn ours(name: &str) -> Option<String> {
    if name == "RUST_LOG" { Some(name.to_owned()) } else { canonical(name) }
}

/// Adds what is meant by the character after a `\`; returns what follows.
fn escaped<'t>(text: &'t str, value: &mut String) -> Result<&'t str, Problem> {
    let mut characters = text.chars();
    value.push(match characters.next() {
        Some(c @ ('\\' | '\'' | '"' | '$' | ' ' | '`')) => c,
        Some('n') => '\n',
        _ => return Err(ESCAPE),
    });
    Ok(characters.as_str())
}

/// The length of `text` up to the end of the line that `rest`, its end, begins with: nothing but a
/// comment may stand there.
fn end_of_line(rest: &str, text: &str) -> Result<usize, Problem> {
    let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
    let tail = trimmed(line);
    let is_over = tail.is_empty() || tail.starts_with('#');
    if is_over { Ok(text.len() - after.len()) } else { Err(SPACE) }
}

/// The length of the variable's name that a text begins with.
fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    fn read(text: &str) -> Dotenv {
        let process = [("HOME".to_owned(), "/home/anna".to_owned())].into();
        dotenv(text, &process)
    }

    #[track_caller]
    fn values(text: &str) -> Vec<(String, String)> {
        let found = read(text);
        assert_eq!(found.findings, [], "{text}");
        found.variables.into_iter().collect()
    }

    #[test]
    fn a_value_may_be_written_in_many_ways() {
        for (text, value) in [
            ("KIE_API_KEY=a", "a"),
            ("KIE_API_KEY = a\r\n", "a"),
            ("  export\tKIE_API_KEY=a", "a"),
            ("\u{feff}\u{200b}KIE_API_KEY=\u{a0}a\u{a0}\n", "a"),
            ("\"KIE_API_KEY\"=a", "a"),
            ("KIE_API_KEY=a # why", "a"),
            ("KIE_API_KEY=a#b", "a#b"),
            ("KIE_API_KEY=# nothing\nA=b", ""),
            ("KIE_API_KEY=\nA=b", ""),
            ("KIE_API_KEY='a b' # why", "a b"),
            ("KIE_API_KEY=\"a\\\"b\\n\"", "a\"b\n"),
            ("KIE_API_KEY=a\\ b'c d'\"e\"", "a bc de"),
            ("KIE_API_KEY='a\nb,\r\nc'\nA=b", "a\nb,\nc"),
            ("A=b\rKIE_API_KEY=a\r", "a"),
            ("KIE_API_KEY='$A \\n `'", "$A \\n `"),
            ("KIE_API_KEY=a$ \nA=1", "a$"),
            ("KIE_API_KEY=$1.5", "$1.5"),
            ("A=1\nKIE_API_KEY=x${A}$A-", "x11-"),
            ("A_B=1\nKIE_API_KEY=\"$A_B\"", "1"),
            ("KIE_API_KEY=$HOME/a", "/home/anna/a"),
            ("HOME=/srv\nKIE_API_KEY=$HOME/a", "/home/anna/a"),
            ("KIE_API_KEY=${A:-a b}c", "a bc"),
            ("A=\nKIE_API_KEY=${A:-b}${A-c}", "b"),
            ("KIE_API_KEY=a\nKIE_API_KEY=b", "b"),
            ("KIE_API_KEY=“a”", "“a”"),
        ] {
            assert_eq!(values(text), [("KIE_API_KEY".to_owned(), value.to_owned())], "{text:?}");
        }
        assert_eq!(values("kie_api_key01=a")[0].0, "kie_api_key01");
        assert_eq!(values("RUST_LOG=debug")[0].0, "RUST_LOG");
    }

    #[test]
    fn a_file_of_another_project_is_passed_over_for_what_is_ours() {
        let text = "APP_NAME=My App\nMOTTO=it's fine\nexport PATH=$PATH:${GOPATH:-~/go}/bin\n\
            CERT=\"-----BEGIN-----\nabc=\nd e\n-----END-----\"\nif [ -z \"$A\" ]; then\n  echo `pwd`\nfi\n\
            A=$(cat b)\nTELEGRAM_BOT_TOKEN=12:ab\nKEYS=(a b)\nOPEN='\nKIE_API_KEY\nexport KIE_API_KEY\n\
            # KIE_API_KEY=no\n#KIE_API_KEY_2=no\nKIE_API_KEY_1='k1'\nlast \"line";
        let expected = [("KIE_API_KEY_1", "k1"), ("TELEGRAM_BOT_TOKEN", "12:ab")];
        assert_eq!(values(text), expected.map(|(name, value)| (name.into(), value.into())));
    }

    #[test]
    fn a_line_of_ours_that_cannot_be_read_is_named_by_its_number() {
        for (line, problem) in [
            ("KIE_API_KEY='s3cret", OPEN_QUOTE.0),
            ("KIE_API_KEY=s3cret's", OPEN_QUOTE.0),
            ("KIE_API_KEY='s3cret\nTELEGRAM_BOT_TOKEN='12:ab'", OPEN_QUOTE.0),
            ("KIE_API_KEY=two s3crets", SPACE.0),
            ("KIE_API_KEY='s3cret' x", SPACE.0),
            ("KIE_API_KEY=s3cret\\x", ESCAPE.0),
            ("KIE_API_KEY=s3cret\\", ESCAPE.0),
            ("KIE_API_KEY=$(pass s3cret)", SHELL.0),
            ("KIE_API_KEY=`pass s3cret`", SHELL.0),
            ("KIE_API_KEY=\"${A:?s3cret}\"", SHELL.0),
            ("KIE_API_KEY=${A:-$s3cret}", SHELL.0),
            ("KIE_API_KEY=${s3cret", SHELL.0),
            ("KIE_API_KEY=a$s3cret", UNSET.0),
            ("KIE_API_KEY=${s3cret}", UNSET.0),
            ("KIE_API_KEY: s3cret", NO_VALUE.0),
            ("\"KIE_API_KEY\": \"s3cret\",", NO_VALUE.0),
            ("KIE_API_KEY s3cret", NO_VALUE.0),
            (&format!("KIE_API_KEY={}", "s3cret".repeat(1000)), LONG.0),
        ] {
            let found = read(&format!("# one\nA='\n{line}\nOPENAI_API_KEY=b\n"));
            let said: Vec<String> = found.findings.iter().map(ToString::to_string).collect();
            let expected = format!("KIE_API_KEY in .env cannot be read: line 3 {problem}");
            assert_eq!(said, [expected], "{line}");
            assert_eq!(found.variables["OPENAI_API_KEY"], "b", "{line}");
            assert!(!format!("{:?}", found.findings).contains("s3cret"), "{line}");
        }
    }

    #[test]
    fn a_name_that_looks_like_ours_is_kept_to_be_told() {
        let found = read("KIE_KEY=two words\nBOT_TOKEN=12:ab\nKIE_API_KEYS=\nA=$BOT_TOKEN\n");
        assert_eq!(found.findings, []);
        assert!(found.variables.is_empty());
        assert_eq!(found.unread, ["BOT_TOKEN", "KIE_KEY"].map(str::to_owned).into());
        let renamed = values("BOT_TOKEN=12:ab\nTELEGRAM_BOT_TOKEN=$BOT_TOKEN\n");
        assert_eq!(renamed, [("TELEGRAM_BOT_TOKEN".to_owned(), "12:ab".to_owned())]);
    }

    #[test]
    fn values_that_double_line_by_line_end_before_the_memory() {
        let doubled = |name: &str, line: u32| {
            format!("{name}{line}=${name}{before}${name}{before}\n", before = line - 1)
        };
        let doubling = |name: &str| {
            let first = format!("{name}0=0123456789abcdef\n");
            first + &(1..60).map(|line| doubled(name, line)).collect::<String>()
        };
        let found = read(&doubling("KIE_API_KEY_"));
        assert!(found.findings[0].problem.ends_with("line 10 is longer than 4096 bytes"));
        assert!(found.variables.values().all(|value| value.len() <= LONGEST_VALUE));
        assert!(values(&doubling("A")).is_empty());
        let many = |name: &str| -> String {
            let lines = (0..100).map(|number| format!("{name}{number}={}\n", "a".repeat(1000)));
            lines.collect::<Vec<_>>().concat()
        };
        let found = read(&many("KIE_API_KEY_"));
        assert!(found.findings[0].problem.ends_with("line 66 brings our values over 65536 bytes"));
        assert_eq!(found.variables.len(), 65);
        let foreign = many("A").repeat(100) + "KIE_API_KEY=b";
        assert_eq!(values(&foreign), [("KIE_API_KEY".to_owned(), "b".to_owned())]);
    }

    proptest! {
        #[test]
        fn what_is_wrong_in_an_env_file_is_told_without_its_values(text in texts(&files())) {
            let found = read(&text);
            prop_assert!(found.variables.values().all(|value| value.len() <= LONGEST_VALUE));
            for finding in found.findings {
                let said = format!("{finding:?}");
                prop_assert!(said.contains(".env") && said.contains("line "), "{}", said);
                prop_assert!(said.len() < 300 && !said.contains("s3cret"), "{}", said);
            }
        }
    }

    fn files() -> Vec<String> {
        vec![
            "# keys\nKIE_API_KEY='s3cret key'\nexport OPENAI_API_KEY=\"s3cret\\n\"\n".to_owned(),
            "HOME_DIR=/home/anna\nREELBOT_DATABASE=${HOME_DIR}/reelbot.db\n".to_owned(),
            "NAME=My App\nKIE_API_KEY_01=${A:-s3cret}\nif [ \"$A\" ]; then\n".to_owned(),
        ]
    }
}
