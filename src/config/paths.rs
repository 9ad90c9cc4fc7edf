//! Paths as people write them: `~` is resolved, and what would make a folder called `$HOME` is
//! refused.

use std::path::{Component, Path, PathBuf};

use crate::config::findings::Finding;
use crate::domain::{pasted::unwrapped, text::is_zero_width};

/// The path that the operator means by the value of `key`: without quotes around it, and with the
/// home of this user for a `~` at its beginning.
pub(crate) fn resolve(key: &str, path: &Path, home: Option<&Path>) -> Result<PathBuf, Finding> {
    // What is not Unicode was typed by no slip.
    let Some(text) = path.to_str().map(unwrapped) else { return Ok(path.to_owned()) };
    let refused = |(problem, hint): (&str, String)| Finding {
        key: key.to_owned(),
        problem: format!("is \"{}\", {problem}", text.replace(is_unseen, "\u{fffd}")),
        hint,
    };
    if let Some(slip) = slip(text) {
        return Err(refused(slip));
    }
    match (text.strip_prefix('~'), home) {
        (None, _) => Ok(PathBuf::from(text)),
        (Some(rest), Some(home)) => Ok(home.join(rest.trim_start_matches('/'))),
        (Some(_), None) => {
            let hint = "write the whole path, from / on".to_owned();
            Err(refused(("and this user has no home directory", hint)))
        }
    }
}

/// What no path here can mean, and what to write instead.
fn slip(text: &str) -> Option<(&'static str, String)> {
    let whole = || "write the whole path, from / on, or ~/ for your home".to_owned();
    if text.contains(is_unseen) {
        return Some(("with characters that cannot be seen", "type it anew".to_owned()));
    }
    if text == ":memory:" {
        let hint = "write the path of a file".to_owned();
        return Some(("which no file has: what people pay would be gone at the end", hint));
    }
    let local = ["file:", "sqlite:"].iter().find_map(|scheme| text.strip_prefix(scheme));
    if local.is_some() || text.contains("://") {
        let path = local.map(|rest| rest.trim_start_matches("//")).filter(|path| !path.is_empty());
        let hint = path.map_or_else(whole, |path| format!("write {path}"));
        return Some(("which is an address and not a path", hint));
    }
    if text.contains('\\') || is_on_a_drive(text) {
        let hint = "write it with /, as in /home/anna/reelbot; a space needs no \\ before it";
        return Some(("which is no path of this system", hint.to_owned()));
    }
    if names_a_variable(text) {
        let home = ["$HOME/", "${HOME}/"].iter().find_map(|home| text.strip_prefix(home));
        let hint = home.map_or_else(whole, |rest| format!("write ~/{rest}"));
        return Some(("but variables are not resolved", hint));
    }
    let is_far_home = |part: Component<'_>| part.as_os_str() == "~";
    if Path::new(text).components().skip(1).any(is_far_home) {
        return Some(("but ~ is only resolved at the beginning", whole()));
    }
    if text.starts_with('~') && text != "~" && !text.starts_with("~/") {
        let problem = "but only ~/ is resolved, not the home of another user";
        return Some((problem, "write the whole path, from / on".to_owned()));
    }
    None
}

/// Whether a character cannot be seen, or was none in the encoding it came in.
fn is_unseen(c: char) -> bool {
    is_zero_width(c) || c.is_control() || c == '\u{fffd}'
}

/// Whether it begins with the letter of a drive.
fn is_on_a_drive(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), None | Some('/'))
}

/// Whether it names a variable of a shell's, or one of systemd's or of Windows' at its beginning.
fn names_a_variable(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    text.starts_with('%') || text.split('$').skip(1).any(|name| name.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<PathBuf, Finding> {
        resolve("texts.dir", Path::new(text), Some(Path::new("/home/anna")))
    }

    #[test]
    fn a_tilde_is_the_home_of_this_user() {
        for (text, path) in [
            ("~", "/home/anna"),
            ("~/", "/home/anna"),
            ("~/texts", "/home/anna/texts"),
            ("~//texts", "/home/anna/texts"),
            ("\"~/my texts\"", "/home/anna/my texts"),
            ("\u{feff} /srv/texts\r\n", "/srv/texts"),
            ("'texts'", "texts"),
            ("texts~", "texts~"),
            ("a$/100$", "a$/100$"),
            ("./12:30 & more", "./12:30 & more"),
            ("", ""),
        ] {
            assert_eq!(resolved(text), Ok(PathBuf::from(path)), "{text}");
        }
        let homeless = resolve("texts.dir", Path::new("~/texts"), None).unwrap_err();
        let said = "texts.dir is \"~/texts\", and this user has no home directory";
        assert_eq!(homeless.to_string(), said);
    }

    #[test]
    fn what_would_become_a_folder_of_that_name_is_refused_with_what_to_write() {
        for (text, problem, hint) in [
            ("$HOME/texts", "variables are not resolved", "write ~/texts"),
            ("${HOME}/a b", "variables are not resolved", "write ~/a b"),
            ("/srv/$USER/texts", "variables are not resolved", "the whole path"),
            ("$(pwd)/texts", "variables are not resolved", "the whole path"),
            ("%h/texts", "variables are not resolved", "the whole path"),
            ("%USERPROFILE%/texts", "variables are not resolved", "the whole path"),
            ("~anna/texts", "not the home of another user", "from / on"),
            ("~texts", "not the home of another user", "from / on"),
            ("./~/texts", "only resolved at the beginning", "~/"),
            ("/home/~/texts", "only resolved at the beginning", "~/"),
            ("file:///srv/texts", "an address", "write /srv/texts"),
            ("file:texts", "an address", "write texts"),
            ("sqlite:///srv/a.db", "an address", "write /srv/a.db"),
            ("https://example.com/texts", "an address", "the whole path"),
            ("file://", "an address", "the whole path"),
            ("C:\\reelbot\\texts", "no path of this system", "with /"),
            ("c:/reelbot", "no path of this system", "with /"),
            ("D:", "no path of this system", "with /"),
            ("my\\ texts", "no path of this system", "with /"),
            ("\\\\server\\texts", "no path of this system", "with /"),
            ("te\u{200b}xts", "cannot be seen", "anew"),
            ("te\u{fffd}xts", "cannot be seen", "anew"),
        ] {
            let finding = resolved(text).unwrap_err();
            assert_eq!(finding.key, "texts.dir");
            assert!(finding.problem.contains(problem), "{text}: {finding:?}");
            assert!(finding.hint.contains(hint), "{text}: {finding:?}");
        }
    }
}
