//! Which name was meant.

/// The longest unknown name for which a like one is looked for, in bytes.
const LONGEST_NAME: usize = 100;

/// The name with the fewest slips between, if there are few.
pub(crate) fn most_alike<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // What is longer than all names by far is like none, and comparing it costs its length.
    let short = name.len() <= LONGEST_NAME;
    known
        .filter(|_| short)
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(slips, known)| *slips <= (known.len() / 3).max(1))
        .min()
        .map(|(_, known)| known)
}
