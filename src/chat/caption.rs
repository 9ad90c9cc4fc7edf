//! The text under a finished video.

use crate::chat::{key::Key, screen::Screen, voice::Voice};

/// The caption of video `number` (1, 2, …) of `count`, in HTML; a gift is a
/// late video whose credit is already back.
pub(crate) fn caption(voice: &Voice<'_>, number: u32, count: u32, gift: bool) -> String {
    let key = if gift { Key::VideoGift } else { Key::VideoCaption };
    voice.text(key, &[("number", number.into()), ("count", count.into())])
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
    use crate::domain::user::Language;

    /// The longest caption that Telegram takes, in UTF-16 units.
    const MAX_CAPTION: usize = 1024;

    #[test]
    fn a_caption_counts_the_videos() {
        let words = Words::shipped();
        let (ru, en) = (words.voice(Language::Ru), words.voice(Language::En));
        assert_eq!(caption(&ru, 2, 3, false), "🎬 Видео 2\u{a0}из 3");
        assert_eq!(caption(&ru, 1, 1, false), "🎬 Ваше видео готово");
        assert_eq!(caption(&en, 2, 3, false), "🎬 Video 2\u{a0}of 3");
        assert!(caption(&en, 2, 3, true).contains("this one is a gift"));
    }

    #[test]
    fn every_caption_is_html_and_fits() {
        let words = Words::shipped();
        for language in Language::ALL {
            for (number, count) in [(1, 1), (u32::MAX, u32::MAX)] {
                for gift in [false, true] {
                    let caption = caption(&words.voice(language), number, count, gift);
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
