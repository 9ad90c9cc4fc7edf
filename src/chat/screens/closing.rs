//! The last message of an order.

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};
use crate::domain::id::OrderId;

/// How the order went, "🔄 More with this product" and "🏠 Main menu".
pub(crate) fn closing(voice: &Voice<'_>, order: OrderId, delivered: u32, count: u32) -> Screen {
    let key = match delivered {
        0 => Key::ClosingNone,
        some if some < count => Key::ClosingSome,
        _ => Key::ClosingAll,
    };
    voice
        .screen(key, &[("delivered", delivered.into()), ("count", count.into())])
        .row([voice.button(Key::ButtonMore, &Tap::MoreWithPhoto { order })])
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
        let text = |delivered, count| {
            closing(&words.voice(Language::Ru), OrderId(9), delivered, count).text().to_owned()
        };
        assert_eq!(text(3, 3), "🎉 Готово, все 3 видео у вас! Снимем ещё?");
        assert_eq!(text(1, 1), "🎉 Готово! Снимем ещё?");
        assert!(text(2, 3).starts_with("Готово 2 из 3 видео. За остальные кредиты вернули."));
        assert!(text(0, 1).starts_with("На этот раз видео не получилось, кредит вернули."));
        let screen = closing(&words.voice(Language::Ru), OrderId(9), 3, 3);
        let buttons: Vec<(&str, &str)> = screen
            .buttons
            .iter()
            .flatten()
            .map(|button| (button.label.as_str(), button.data()))
            .collect();
        assert_eq!(buttons, [("🔄 Сделать еще с этим товаром", "m:9"), ("🏠 Главное меню", "h")]);
    }
}
