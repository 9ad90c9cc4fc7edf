//! How imports are read: `use` statements across lines, with trees in braces.

use std::collections::BTreeSet;

/// Numbered lines without comments, where a `use` statement is one line; `https://` begins
/// no comment.
pub(crate) fn joined(text: &str) -> Vec<(usize, String)> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let comment = line.match_indices("//").find(|&(at, _)| !line[..at].ends_with(':'));
        let line = line[..comment.map_or(line.len(), |(at, _)| at)].trim_end();
        match joined.last_mut() {
            Some((_, open)) if tree(open).is_some() && !open.ends_with(';') => {
                open.push_str(line.trim_start());
            }
            _ => joined.push((number, line.to_owned())),
        }
    }
    joined
}

/// `use a::b;` and `use a::c::d;` for `use a::{b, c::d};`; any other line as it is.
pub(crate) fn apart(line: String) -> Vec<String> {
    match tree(&line).and_then(|tree| tree.strip_suffix(';')) {
        Some(tree) => {
            let start = &line[..line.len() - tree.len() - 1];
            names(tree).iter().map(|name| format!("{start}{name};")).collect()
        }
        None => vec![line],
    }
}

/// What is wrong with a `use` statement, if anything is: it should be the only one of its block
/// for a crate (within this crate: for a top module), with names in nested braces. `earlier` has
/// the roots of the statements above it, each with its indentation.
pub(crate) fn fault(line: &str, earlier: &mut BTreeSet<(usize, String)>) -> Option<String> {
    let indent = line.len() - line.trim_start().len();
    if !line.is_empty() {
        // A line further left has closed the blocks further right.
        earlier.retain(|(at, _)| *at <= indent);
    }
    let tree = tree(line)?.strip_suffix(';')?;
    if tree.starts_with("super::") {
        return (tree != "super::*").then(|| "start at `crate::`".to_owned());
    }
    let roots: BTreeSet<String> = names(tree).iter().map(|name| root(name)).collect();
    if roots.len() > 1 {
        return Some(format!("write one `use` for each of {roots:?}"));
    }
    if !is_nested(tree) {
        return Some("nest the names that share a path".to_owned());
    }
    let again = roots.into_iter().find(|root| !earlier.insert((indent, root.clone())));
    again.map(|root| format!("put this into the `use {root}::{{…}}` above"))
}

/// What follows `use`, complete or not; nothing in lines of another kind.
fn tree(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let tree = line.strip_prefix("use ")?;
    let path_char = |c: char| c.is_alphanumeric() || "_:{},*; ".contains(c);
    tree.chars().all(path_char).then_some(tree)
}

/// `a::b`, `a::c` and `a::c::d` for `a::{b, c::{self, d}}`.
fn names(tree: &str) -> Vec<String> {
    let Some((path, inner)) = braces(tree) else { return vec![tree.to_owned()] };
    let name = |name: String| match name.split(' ').next() {
        Some("self") => path.trim_end_matches("::").to_owned(),
        _ => format!("{path}{name}"),
    };
    branches(inner).into_iter().flat_map(names).map(name).collect()
}

/// Whether no two branches of a tree begin with the same name.
fn is_nested(tree: &str) -> bool {
    let Some((_, inner)) = braces(tree) else { return true };
    let mut heads = BTreeSet::new();
    let head = |branch: &str| branch.split("::").next().unwrap_or_default().to_owned();
    branches(inner).into_iter().all(|branch| heads.insert(head(branch)) && is_nested(branch))
}

/// `a::` and `b, c` for `a::{b, c}`.
fn braces(tree: &str) -> Option<(&str, &str)> {
    let (path, inner) = tree.split_once('{')?;
    Some((path, inner.strip_suffix('}').unwrap_or(inner)))
}

/// The parts between the commas that are outside of braces.
fn branches(inner: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The crate of a name, and within this crate its top module.
fn root(name: &str) -> String {
    let mut parts = name.split("::");
    match (parts.next().unwrap_or_default(), parts.next()) {
        (own @ ("crate" | "reelbot"), Some(module)) => format!("{own}::{module}"),
        (other, _) => other.to_owned(),
    }
}
