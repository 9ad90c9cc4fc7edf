//! The names of the files that people are sent: by product, shape and number.

use std::collections::HashSet;

use crate::chat::{caption::product_name, voice::Voice};
use crate::domain::parcel::VideoOfOrder;

/// The longest part of a name that is the product's, in characters.
const LONGEST: usize = 40;

/// `арт-123_9x16_2`: the name of a video's file without its ending. Where the product has no name,
/// its number in the series does, or else the order.
pub(crate) fn file_stem(voice: &Voice<'_>, video: &VideoOfOrder<'_>) -> String {
    let product = video.product.map(|product| slug(&product_name(voice, product)));
    let product = product.filter(|slug| !slug.is_empty());
    let product = product.unwrap_or_else(|| format!("video-{}", video.order));
    let shape = video.aspect.map(|aspect| format!("_{}", aspect.word().replace(':', "x")));
    format!("{product}{}_{}", shape.unwrap_or_default(), video.number)
}

/// The names of several files beside those that are taken, each once, whatever the letters' case: some
/// disks do not tell them apart.
pub(crate) fn file_stems<'a>(
    voice: &Voice<'_>,
    taken: impl IntoIterator<Item = &'a str>,
    videos: impl IntoIterator<Item = VideoOfOrder<'a>>,
) -> impl Iterator<Item = String> {
    let mut taken: HashSet<String> = taken.into_iter().map(str::to_lowercase).collect();
    videos.into_iter().map(move |video| {
        let stem = file_stem(voice, &video);
        let numbered = (2..).map(|number| format!("{stem} ({number})"));
        let mut names = std::iter::once(stem.clone()).chain(numbered);
        names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
    })
}

/// Letters and digits, with a dash for whatever stands between them.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(LONGEST).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{
        article::Product,
        id::{JobId, OrderId},
        user::Language,
        video::Aspect,
    };

    fn video(product: Option<&str>, aspect: Option<Aspect>) -> VideoOfOrder<'_> {
        let (job, order) = (JobId(5), OrderId(17));
        let product = product.map(Product::Named);
        VideoOfOrder { job, order, number: 2, count: 3, title: None, product, aspect, vote: None }
    }

    #[test]
    fn a_file_is_named_by_product_shape_and_number() {
        let portrait = Some(Aspect::Portrait);
        let long = "а".repeat(100);
        for (product, aspect, name) in [
            (Some("арт. 123"), portrait, "арт-123_9x16_2"),
            (Some("SKU-7/B"), Some(Aspect::Card), "SKU-7-B_3x4_2"),
            (Some("../../etc/passwd"), portrait, "etc-passwd_9x16_2"),
            (Some("a\u{0}b\"c\\d\r\n"), None, "a-b-c-d_2"),
            (Some("…"), None, "video-17_2"),
            (None, portrait, "video-17_9x16_2"),
            (Some(&long), None, &format!("{}_2", "а".repeat(40))),
        ] {
            assert_eq!(
                file_stem(&Words::shipped().voice(Language::Ru), &video(product, aspect)),
                name
            );
        }
        let third = VideoOfOrder { product: Some(Product::Numbered(3)), ..video(None, portrait) };
        for (language, name) in
            [(Language::Ru, "Товар-3_9x16_2"), (Language::En, "Product-3_9x16_2")]
        {
            assert_eq!(file_stem(&Words::shipped().voice(language), &third), name);
        }
    }

    #[test]
    fn no_two_files_of_an_archive_have_one_name() {
        let videos = ["Кружка", "кружка", "кружка!"].map(|name| video(Some(name), None));
        let words = Words::shipped();
        let named = |taken: &[&'static str]| {
            let voice = words.voice(Language::Ru);
            file_stems(&voice, taken.iter().copied(), videos).collect::<Vec<String>>()
        };
        assert_eq!(named(&[]), ["Кружка_2", "кружка_2 (2)", "кружка_2 (3)"]);
        let taken = ["кружка_2", "Кружка_2 (3)", ""];
        assert_eq!(named(&taken), ["Кружка_2 (2)", "кружка_2 (4)", "кружка_2 (5)"]);
    }
}
