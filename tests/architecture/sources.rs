//! The sources and how to read them: files, the order of modules, lines of code.

use std::{collections::BTreeMap, fs, path::Path};

use crate::imports;

/// Texts by their paths under a folder, such as `store/queue.rs` under `src`.
pub(crate) struct Sources(pub BTreeMap<String, String>);

impl Sources {
    /// The files of a folder of this repository.
    pub(crate) fn read(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut texts = BTreeMap::new();
        let mut dirs = vec![root.clone()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    texts.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        assert!(!texts.is_empty(), "there is no source under {folder}");
        Self(texts)
    }

    /// Module paths in the order in which a reader meets them, each with its file.
    pub(crate) fn order(&self) -> Vec<(String, String)> {
        self.order_of("lib.rs", "", "")
    }

    fn order_of(&self, page: &str, dir: &str, prefix: &str) -> Vec<(String, String)> {
        let mut order = Vec::new();
        for (_, line) in code(&self.0[page]) {
            let Some(name) = module(&line) else { continue };
            let path = format!("{prefix}{name}");
            let inner = format!("{dir}{name}/mod.rs");
            if self.0.contains_key(&inner) {
                let dir = format!("{dir}{name}/");
                order.extend(self.order_of(&inner, &dir, &format!("{path}::")));
                order.push((path, inner));
            } else {
                order.push((path, format!("{dir}{name}.rs")));
            }
        }
        order
    }
}

/// `store` for `store/queue.rs`, `main` for `main.rs`.
pub(crate) fn top_module(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// `queue` for `pub mod queue;`, and for `mod queue;` where only tests are in it.
pub(crate) fn module(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(';')
}

/// Numbered lines without comments. A `use` of several names counts as one line for each.
pub(crate) fn code(text: &str) -> Vec<(usize, String)> {
    imports::joined(text)
        .into_iter()
        .flat_map(|(number, line)| imports::apart(line).into_iter().map(move |line| (number, line)))
        .collect()
}

/// The text above its `#[cfg(test)] mod tests`, which stands last in a file; of a
/// file that is there for tests alone, nothing.
pub(crate) fn without_tests(text: &str) -> &str {
    if text.contains("\n#![cfg(test)]\n") {
        return "";
    }
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

/// `a::b::C` for every `crate::a::b::C` in a line.
pub(crate) fn mentions(line: impl AsRef<str>) -> Vec<String> {
    let path_char = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    line.as_ref()
        .split("crate::")
        .skip(1)
        .map(|tail| tail.chars().take_while(|&c| path_char(c)).collect())
        .collect()
}

/// The words of a line.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Whether a line reaches into a crate: `name::…`, and neither `my_name::…` nor
/// `crate::name::…`.
pub(crate) fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}
