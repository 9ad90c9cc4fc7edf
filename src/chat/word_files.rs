//! The operator's files of words: which of a folder are taken, and which are not.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::config::findings::{Finding, Findings};
use crate::domain::user::Language;

/// The files of a folder.
#[derive(Debug, PartialEq)]
pub(crate) struct WordFiles {
    /// One for each language that has any.
    pub taken: Vec<(Language, PathBuf)>,
    /// The names of those that look as if they were meant, and are not taken.
    pub passed_over: Vec<String>,
}

impl WordFiles {
    /// Those of a folder: `ru.ftl` and `en.ftl`, in large or small letters.
    pub(crate) fn of(dir: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            names.extend(entry?.file_name().into_string());
        }
        // Small letters come last, and that is the name we give.
        names.sort_by(|a, b| b.cmp(a));
        let mut files = Self { taken: Vec::new(), passed_over: Vec::new() };
        for name in names {
            let language = Language::ALL.into_iter().find(|language| is_file_of(*language, &name));
            let is_free = |language| !files.taken.iter().any(|(taken, _)| *taken == language);
            match language.filter(|language| is_free(*language)) {
                Some(language) => files.taken.push((language, dir.join(name))),
                None if language.is_some() || is_like(&name) => files.passed_over.push(name),
                None => {}
            }
        }
        files.passed_over.sort();
        Ok(files)
    }
}

/// What in a folder of words may not be what was meant; a folder that cannot be read is an error
/// elsewhere.
pub(crate) fn warnings(dir: &Path) -> Vec<Finding> {
    let mut findings = Findings::default();
    if let Ok(WordFiles { taken, passed_over }) = WordFiles::of(dir) {
        if taken.is_empty() {
            let problem = format!("{} has no ru.ftl and no en.ftl", dir.display());
            let hint = "put your words there, or leave texts.dir empty for those as shipped";
            findings.add("texts.dir", format!("is of no effect: {problem}"), hint);
        }
        for name in passed_over {
            let problem = format!("has {}, which is not read", dir.join(name).display());
            findings.add("texts.dir", problem, "call it ru.ftl or en.ftl, or move it elsewhere");
        }
    }
    findings.0
}

fn is_file_of(language: Language, name: &str) -> bool {
    name.eq_ignore_ascii_case(&format!("{}.ftl", language.code()))
}

/// Whether a name speaks of words: by its ending, or by a language.
fn is_like(name: &str) -> bool {
    let name = name.to_lowercase();
    let languages = ["ru", "en", "rus", "eng", "russian", "english"];
    let stem = name.split(['.', '-', '_']).next().unwrap_or_default();
    let is_hidden = name.starts_with('.');
    !is_hidden && (name.contains(".ftl") || languages.contains(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> (Vec<(Language, String)>, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let WordFiles { mut taken, passed_over } = WordFiles::of(dir.path()).unwrap();
        taken.sort_by_key(|(language, _)| language.code());
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let taken = taken.into_iter().map(|(language, path)| (language, name(path))).collect();
        (taken, passed_over)
    }

    #[test]
    fn the_files_of_both_languages_are_taken_in_any_letters() {
        for (en, ru) in [("en.ftl", "ru.ftl"), ("EN.FTL", "Ru.ftl"), ("En.ftl", "RU.ftl")] {
            let (taken, passed_over) = files(&[en, ru, "README.md", ".ru.ftl.swp", "notes.txt"]);
            let expected = [(Language::En, en.to_owned()), (Language::Ru, ru.to_owned())];
            assert_eq!(taken, expected);
            assert_eq!(passed_over, [""; 0]);
        }
    }

    #[test]
    fn what_looks_as_if_it_were_meant_is_passed_over_by_name() {
        let names = [
            "de.ftl",
            "en.ftl.bak",
            "en.txt",
            "ru",
            "ru-RU.ftl",
            "ru.FTL.txt",
            "ru.flt",
            "russian.ftl",
            "words.ftl",
        ];
        assert_eq!(files(&names), (vec![], names.map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_folder_without_words_is_named_and_so_is_each_file_that_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let said = || warnings(dir.path()).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(matches!(&said()[..], [one] if one.ends_with("has no ru.ftl and no en.ftl")));
        fs::write(dir.path().join("russian.ftl"), "").unwrap();
        assert!(matches!(&said()[..], [_, two] if two.ends_with("russian.ftl, which is not read")));
        fs::write(dir.path().join("En.ftl"), "").unwrap();
        assert_eq!(said().len(), 1);
        assert_eq!(warnings(&dir.path().join("none")), []);
    }

    #[test]
    fn of_two_for_one_language_that_in_small_letters_is_taken() {
        let (taken, passed_over) = files(&["RU.FTL", "Ru.ftl", "ru.ftl"]);
        assert_eq!(taken, [(Language::Ru, "ru.ftl".to_owned())]);
        assert_eq!(passed_over, ["RU.FTL", "Ru.ftl"]);
    }
}
