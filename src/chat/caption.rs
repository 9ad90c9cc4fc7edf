//! The text under a finished video.

use crate::chat::{key::Key, screen::Screen, voice::Voice};
use crate::domain::{article::Product, parcel::VideoOfOrder, preset::Preset};

/// The caption of a video, in HTML; a gift is a late video whose credit is already back.
pub(crate) fn caption(voice: &Voice<'_>, video: &VideoOfOrder<'_>, gift: bool) -> String {
    let key = if gift { Key::VideoGift } else { Key::VideoCaption };
    let number = voice.text(key, &[("number", video.number.into()), ("count", video.count.into())]);
    let title = video.title.map(|title| title.text(voice.language));
    let of = |key, name: Option<&str>| name.map(|name| voice.text(key, &[("name", name.into())]));
    let product = video.product.map(|product| product_name(voice, product));
    let product = of(Key::VideoProduct, product.as_deref());
    let lines = [Some(number), of(Key::VideoScene, title), product];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What a product is called, as plain text.
pub(crate) fn product_name(voice: &Voice<'_>, product: Product<'_>) -> String {
    match product {
        Product::Named(name) => name.to_owned(),
        Product::Numbered(number) => {
            voice.text(Key::ButtonProductNumber, &[("number", number.into())])
        }
    }
}

/// What the idea of an order is called, as plain text: a ready-made one by its name, where there still is
/// such a one.
pub(crate) fn idea_name(
    voice: &Voice<'_>,
    presets: &[Preset],
    preset: Option<&str>,
) -> Option<String> {
    let Some(id) = preset else { return Some(voice.text(Key::MyOwnText, &[])) };
    let preset = presets.iter().find(|preset| preset.id == id);
    preset.map(|preset| preset.name(voice.language).to_owned())
}

/// A video as a link, for when Telegram takes it neither as a video nor as a
/// file. It begins with the video's [`caption`].
pub(crate) fn link(voice: &Voice<'_>, caption: String, url: &str) -> Screen {
    let link = voice.text(Key::VideoLink, &[("url", url.into())]);
    Screen::of_paragraphs(&[caption, link])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{
        text::{check_html, shown_units},
        words::Words,
    };
    use crate::domain::{
        id::{JobId, OrderId},
        preset::Localized,
        user::Language,
    };

    /// The longest caption that Telegram takes, in UTF-16 units.
    const MAX_CAPTION: usize = 1024;

    #[test]
    fn a_caption_counts_the_videos() {
        let words = Words::shipped();
        let (ru, en) = (words.voice(Language::Ru), words.voice(Language::En));
        assert_eq!(caption(&ru, &video(2, 3), false), "🎬 Видео 2\u{a0}из 3");
        assert_eq!(caption(&ru, &video(1, 1), false), "🎬 Ваше видео готово");
        assert_eq!(caption(&en, &video(2, 3), false), "🎬 Video 2\u{a0}of 3");
        assert!(caption(&en, &video(2, 3), true).contains("this one is a gift"));
    }

    #[test]
    fn a_caption_names_the_scene_and_the_product() {
        let words = Words::shipped();
        let title = Localized { ru: "Пар < кофе".into(), en: "Steam".into() };
        let named = VideoOfOrder {
            title: Some(&title),
            product: Some(Product::Named("арт. 7&8")),
            ..video(1, 3)
        };
        assert_eq!(
            caption(&words.voice(Language::Ru), &named, false),
            "🎬 Видео 1\u{a0}из 3\n<i>Пар &lt; кофе</i>\n📦 арт. 7&amp;8"
        );
        let third = VideoOfOrder { product: Some(Product::Numbered(3)), ..video(1, 1) };
        let said = caption(&words.voice(Language::Ru), &third, false);
        assert_eq!(said.replace('\u{a0}', " "), "🎬 Ваше видео готово\n📦 Товар 3");
    }

    fn video(number: u32, count: u32) -> VideoOfOrder<'static> {
        let (job, order) = (JobId(5), OrderId(17));
        let (title, product, aspect, vote) = (None, None, None, None);
        VideoOfOrder { job, order, number, count, title, product, aspect, vote }
    }

    #[test]
    fn every_caption_is_html_and_fits() {
        let words = Words::shipped();
        for language in Language::ALL {
            for (number, count) in [(1, 1), (u32::MAX, u32::MAX)] {
                for gift in [false, true] {
                    let caption = caption(&words.voice(language), &video(number, count), gift);
                    assert_eq!(check_html(&caption), Ok(()));
                    assert!(shown_units(&caption) <= MAX_CAPTION);
                }
            }
        }
    }

    #[test]
    fn the_address_in_a_link_is_escaped() {
        let words = Words::shipped();
        let screen = link(&words.voice(Language::Ru), "🎬".into(), "https://a.test/v?a=1&b=2");
        assert!(screen.text().starts_with("🎬\n\n"));
        assert!(screen.text().ends_with("\nhttps://a.test/v?a=1&amp;b=2"), "{}", screen.text());
    }
}
