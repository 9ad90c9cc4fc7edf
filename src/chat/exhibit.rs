//! Screens by the names of the functions that make them.

use std::collections::BTreeMap;

use crate::chat::screen::Screen;

/// A screen with the name of the function that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// As `order::accepted`.
    pub name: String,
    /// The screen.
    pub screen: Screen,
}

/// Screens, each by the function that makes it.
macro_rules! exhibits {
    ($($screen:expr),* $(,)?) => { vec![$(named(stringify!($screen), $screen)),*] };
}

pub(crate) use exhibits;

/// A screen by the code that makes it.
pub(crate) fn named(code: &str, screen: Screen) -> Named {
    let name = code.split('(').next().unwrap_or_default();
    Named { name: name.split_whitespace().collect(), screen }
}

/// Several screens of one name.
pub(crate) fn all_named(name: &str, screens: impl IntoIterator<Item = Screen>) -> Vec<Named> {
    screens.into_iter().map(|screen| named(name, screen)).collect()
}

/// Of the same screens in several languages those that differ from the ones before, numbered where
/// names are alike.
pub(crate) fn distinct(languages: &[Vec<Named>]) -> Vec<(String, Vec<Screen>)> {
    let mut found: Vec<(String, Vec<Screen>)> = Vec::new();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for (index, Named { name, .. }) in languages[0].iter().enumerate() {
        let in_each = |named: &Vec<Named>| named[index].screen.clone();
        let screens: Vec<Screen> = languages.iter().map(in_each).collect();
        if found.iter().any(|(_, other)| *other == screens) {
            continue;
        }
        let number = numbers.entry(name).and_modify(|number| *number += 1).or_insert(1);
        found.push((format!("{name} {number}"), screens));
    }
    found
}
