//! The last message of an order.

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};
use crate::domain::id::OrderId;

/// How an order went.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Went {
    /// So many of its videos have arrived.
    Delivered(u32),
    /// So many have, and the rest was called off.
    CalledOff(u32),
    /// None has: the photo was refused each time.
    PhotoRefused,
    /// The same, and the product has other photos.
    SideRefused,
    /// None has: the photo could be had no more.
    PhotoGone,
    /// So many have, and a text was refused: another one may pass.
    TextRefused(u32),
}

/// How the order went, "🔄 More with this product" and "🏠 Main menu"; where its photo was refused,
/// "📸 Another photo" instead, one of the same product where there is one; where a text was, "✍️ Rewrite for free" before both.
pub(crate) fn closing(voice: &Voice<'_>, order: OrderId, count: u32, went: Went) -> Screen {
    let (key, delivered) = match went {
        Went::PhotoRefused => (Key::ClosingPhoto, 0),
        Went::SideRefused => (Key::ClosingSide, 0),
        Went::PhotoGone => (Key::ClosingPhotoGone, 0),
        Went::CalledOff(0) => (Key::ClosingCancelled, 0),
        Went::CalledOff(some) => (Key::ClosingCancelledSome, some),
        Went::TextRefused(some) => (Key::ClosingText, some),
        Went::Delivered(0) => (Key::ClosingNone, 0),
        Went::Delivered(some) if some < count => (Key::ClosingSome, some),
        Went::Delivered(all) => (Key::ClosingAll, all),
    };
    let next = match went {
        Went::PhotoRefused | Went::PhotoGone => {
            voice.button(Key::ButtonAnotherPhoto, &Tap::AnotherPhoto)
        }
        Went::SideRefused => voice.button(Key::ButtonAnotherPhoto, &Tap::MoreWithPhoto { order }),
        Went::Delivered(_) | Went::CalledOff(_) | Went::TextRefused(_) => {
            voice.button(Key::ButtonMore, &Tap::MoreWithPhoto { order })
        }
    };
    let rewrite = matches!(went, Went::TextRefused(_))
        .then(|| voice.button(Key::ButtonRewrite, &Tap::Rewrite { order }));
    voice
        .screen(key, &[("delivered", delivered.into()), ("count", count.into())])
        .row(rewrite)
        .row([next])
        .row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::user::Language;

    #[test]
    fn an_order_ends_with_more_and_menu() {
        let words = Words::shipped();
        let shown = |delivered, count| {
            closing(&words.voice(Language::Ru), OrderId(9), count, Went::Delivered(delivered))
        };
        let text = |delivered, count| shown(delivered, count).text().to_owned();
        assert_eq!(text(3, 3), "🎉 Готово, все 3\u{a0}видео у\u{a0}вас! Снять ещё?");
        assert_eq!(text(1, 1), "🎉 Готово! Снять ещё?");
        assert!(
            text(2, 3).starts_with("Готово 2\u{a0}из 3\u{a0}видео. За остальное кредиты вернули.")
        );
        assert!(text(0, 1).starts_with("На этот раз видео не получилось, кредит вернули."));
        let screen = shown(3, 3);
        assert_eq!(
            buttons(&screen),
            [("🔄 Сделать еще с\u{a0}этим товаром", "m:9"), ("🏠 Главное меню", "h")]
        );
    }

    #[test]
    fn after_a_refused_photo_another_one_is_asked_for() {
        let words = Words::shipped();
        for (count, text) in [
            (1, "С\u{a0}этим фото видео не получилось, кредит вернули. "),
            (3, "С\u{a0}этим фото видео не получились, кредиты вернули. "),
        ] {
            let voice = words.voice(Language::Ru);
            let screen = closing(&voice, OrderId(9), count, Went::PhotoRefused);
            assert!(screen.text().starts_with(text), "{}", screen.text());
            assert!(!screen.text().contains("Фото уже у\u{a0}меня"));
            assert_eq!(buttons(&screen), [("📸 Другое фото", "f"), ("🏠 Главное меню", "h")]);
        }
    }

    #[test]
    fn after_a_refused_text_a_rewrite_is_offered_first() {
        let words = Words::shipped();
        let voice = words.voice(Language::Ru);
        for (delivered, count, text) in [
            (0, 1, "На этот раз видео не получилось, кредит вернули. Могу бесплатно переписать"),
            (2, 3, "Готово 2\u{a0}из 3\u{a0}видео. За остальное кредиты вернули. Могу"),
        ] {
            let screen = closing(&voice, OrderId(9), count, Went::TextRefused(delivered));
            assert!(screen.text().starts_with(text), "{}", screen.text());
            assert_eq!(buttons(&screen)[0], ("✍️ Переписать бесплатно", "r:9"));
            assert_eq!(
                buttons(&screen)[1..].iter().map(|(_, data)| *data).collect::<Vec<_>>(),
                ["m:9", "h"]
            );
        }
    }

    fn buttons(screen: &Screen) -> Vec<(&str, &str)> {
        screen.buttons.iter().flatten().map(|b| (b.label.as_str(), b.data())).collect()
    }
}
