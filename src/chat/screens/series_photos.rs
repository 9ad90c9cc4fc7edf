//! What is said of the photos of a series, by the numbers of its products.

use crate::chat::{caption::product_name, key::Key, screens::script::Offer, voice::Voice};
use crate::domain::{article::Product, options::Edges, photo::Flaw};
use crate::store::{batches::ScriptOfBatch, photos::Looked};

/// What would make better videos: a line for each flaw that is the worst of some photo. Each stands
/// with the number of its product.
pub(crate) fn flaws(voice: &Voice<'_>, photos: &[(u32, &Looked)]) -> Vec<String> {
    let keys = [
        (Flaw::Blurred, Key::SeriesBlurred),
        (Flaw::TooDark, Key::SeriesDark),
        (Flaw::TooSmall, Key::SeriesSmall),
    ];
    let line = |(flaw, key)| {
        let has_it = photos.iter().filter(|(_, looked)| looked.flaws.first() == Some(&flaw));
        numbered(voice, key, has_it.map(|(number, _)| *number))
    };
    keys.into_iter().filter_map(line).collect()
}

/// The products with these numbers have no photo any more.
pub(crate) fn photos_gone(voice: &Voice<'_>, numbers: &[u32]) -> Option<String> {
    let called = |number: &u32| Product::of(None, Some(*number));
    let names = numbers.iter().filter_map(called).map(|product| product_name(voice, product));
    let list = names.collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| voice.text(Key::SeriesGone, &[("list", list.as_str().into())]))
}

/// Which photos show people.
pub(crate) fn people(voice: &Voice<'_>, scripts: &[ScriptOfBatch]) -> Option<String> {
    let with_people = scripts.iter().filter(|script| script.people);
    numbered(voice, Key::SeriesPeople, with_people.map(|script| script.number))
}

/// Which photos show several products.
pub(crate) fn several(voice: &Voice<'_>, scripts: &[ScriptOfBatch]) -> Option<String> {
    let with_several = scripts.iter().filter(|script| script.several);
    numbered(voice, Key::SeriesSeveral, with_several.map(|script| script.number))
}

/// What happens to the edges of the photos that have another shape than the videos.
pub(crate) fn edges(
    voice: &Voice<'_>,
    scripts: &[ScriptOfBatch],
    offer: &Offer<'_>,
) -> Vec<String> {
    let keys = [
        (Edges::AddedAboveAndBelow, Key::SeriesAddedAboveAndBelow),
        (Edges::CutAtTheSides, Key::SeriesCutAtTheSides),
        (Edges::AddedAtTheSides, Key::SeriesAddedAtTheSides),
        (Edges::CutAboveAndBelow, Key::SeriesCutAboveAndBelow),
    ];
    let (offered, aspect) = (offer.offered, offer.quote.options.aspect);
    let line = |(edges, key)| {
        let lies_so = scripts.iter().filter(|script| {
            script.looked.sides.is_some_and(|sides| offered.edges(aspect, sides) == edges)
        });
        numbered(voice, key, lies_so.map(|script| script.number))
    };
    keys.into_iter().filter_map(line).collect()
}

/// A line about the photos with these numbers, if there are any.
fn numbered(voice: &Voice<'_>, key: Key, numbers: impl Iterator<Item = u32>) -> Option<String> {
    let numbers: Vec<u32> = numbers.collect();
    let shown = in_short(&numbers);
    (!numbers.is_empty()).then(|| voice.text(key, &[("numbers", shown.as_str().into())]))
}

/// `1–3, 5, 6` of ascending numbers.
fn in_short(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|before, after| before + 1 == *after);
    let shown = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first}–{last}")],
        few => few.iter().map(u32::to_string).collect(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_told_in_short() {
        for (numbers, shown) in [
            (&[][..], ""),
            (&[2], "2"),
            (&[1, 2], "1, 2"),
            (&[1, 2, 3], "1–3"),
            (&[2, 5], "2, 5"),
            (&[1, 2, 3, 4, 6, 9, 10], "1–4, 6, 9, 10"),
        ] {
            assert_eq!(in_short(numbers), shown);
        }
    }
}
