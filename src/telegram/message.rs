//! A screen as a message: sent as a new one, or as an edit of an existing one.

use serde_json::Value;
use teloxide::{
    payloads::{EditMessageText, EditMessageTextSetters, SendMessage, SendMessageSetters},
    types::{ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ParseMode},
};

use crate::chat::screen::{Button, Screen};
use crate::domain::id::{MessageId, UserId};
use crate::telegram::{
    bot::{Bot, CALL},
    error::TelegramError,
};

/// Shows a screen to a person: in the message `edits` if it can still be edited,
/// else in a new one. Returns the message that shows it, if Telegram names it.
pub(crate) async fn show(
    bot: &Bot,
    to: UserId,
    edits: Option<MessageId>,
    screen: &Screen,
) -> Result<Option<MessageId>, TelegramError> {
    match send_or_edit(bot, to, edits, screen, Some(ParseMode::Html)).await {
        Err(TelegramError::Refused(text))
            if text.to_lowercase().contains("can't parse entities") =>
        {
            tracing::error!(%text, "a message went as plain text: its HTML is broken");
            let plain = Screen { text: plain(&screen.text), buttons: screen.buttons.clone() };
            send_or_edit(bot, to, edits, &plain, None).await
        }
        shown => shown,
    }
}

async fn send_or_edit(
    bot: &Bot,
    to: UserId,
    edits: Option<MessageId>,
    screen: &Screen,
    mode: Option<ParseMode>,
) -> Result<Option<MessageId>, TelegramError> {
    if let Some(message) = edits {
        match edit(bot, to, message, screen, mode).await {
            Ok(_) | Err(TelegramError::NotModified) => return Ok(edits),
            Err(TelegramError::EditGone(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let mut payload =
        SendMessage::new(ChatId(to.0), &screen.text).link_preview_options(no_preview());
    payload.parse_mode = mode;
    payload.reply_markup = keyboard(screen).map(Into::into);
    let sent = bot.call(&payload, CALL).await?;
    Ok(sent.get("message_id").and_then(Value::as_i64).map(MessageId))
}

async fn edit(
    bot: &Bot,
    to: UserId,
    message: MessageId,
    screen: &Screen,
    mode: Option<ParseMode>,
) -> Result<Value, TelegramError> {
    // teloxide counts messages with 32 bits, as Telegram does today.
    let id = i32::try_from(message.0).map_err(|_| TelegramError::EditGone(message.to_string()))?;
    let mut payload =
        EditMessageText::new(ChatId(to.0), teloxide::types::MessageId(id), &screen.text)
            .link_preview_options(no_preview());
    payload.parse_mode = mode;
    payload.reply_markup = keyboard(screen);
    bot.call(&payload, CALL).await
}

fn keyboard(screen: &Screen) -> Option<InlineKeyboardMarkup> {
    let button =
        |button: &Button| InlineKeyboardButton::callback(button.label.clone(), button.tap.clone());
    let rows = screen.buttons.iter().map(|row| row.iter().map(button).collect::<Vec<_>>());
    (!screen.buttons.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

/// No preview of a page that a text happens to name.
fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// Our HTML without its tags, as it reads. A `<` that opens no tag stays.
fn plain(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('>') {
            Some((_, after)) => text.push_str(after),
            None => text.extend(["<", piece]),
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::tap::Tap;
    use crate::telegram::scripted::{Answer, scripted};

    const ANN: UserId = UserId(7);

    fn screen() -> Screen {
        Screen::new("<b>кофе</b> &lt;3".into()).row([Button::new("Меню", &Tap::Menu)])
    }

    #[tokio::test]
    async fn a_screen_goes_out_with_its_buttons_and_without_a_preview() {
        let (server, bot) = scripted(vec![Answer::ok(&json!({"message_id": 11}))]).await;
        let shown = show(&bot, ANN, None, &screen()).await;
        assert_eq!(shown, Ok(Some(MessageId(11))));
        let button = json!({"text": "Меню", "callback_data": "h"});
        assert_eq!(
            server.calls()[0].json(),
            json!({"chat_id": 7, "text": "<b>кофе</b> &lt;3", "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": true},
                "reply_markup": {"inline_keyboard": [[button]]}})
        );
    }

    #[tokio::test]
    async fn an_existing_message_is_edited() {
        let same = "Bad Request: message is not modified: specified new message content";
        let (server, bot) =
            scripted(vec![Answer::ok(&json!(true)), Answer::error(400, same)]).await;
        for _ in 0..2 {
            let shown = show(&bot, ANN, Some(MessageId(5)), &screen()).await;
            assert_eq!(shown, Ok(Some(MessageId(5))));
        }
        assert_eq!(server.methods(), ["EditMessageText", "EditMessageText"]);
        assert_eq!(server.calls()[0].json()["message_id"], 5);
    }

    #[tokio::test]
    async fn a_message_that_is_gone_is_sent_as_a_new_one() {
        let gone = Answer::error(400, "Bad Request: message to edit not found");
        let (server, bot) = scripted(vec![gone, Answer::ok(&json!({"message_id": 12}))]).await;
        let shown = show(&bot, ANN, Some(MessageId(5)), &screen()).await;
        assert_eq!(shown, Ok(Some(MessageId(12))));
        assert_eq!(server.methods(), ["EditMessageText", "SendMessage"]);
    }

    #[tokio::test]
    async fn broken_html_goes_as_plain_text_once() {
        let broken = || Answer::error(400, "Bad Request: can't parse entities: Unclosed tag");
        let (server, bot) = scripted(vec![broken(), broken()]).await;
        assert!(matches!(show(&bot, ANN, None, &screen()).await, Err(TelegramError::Refused(_))));
        let second = server.calls()[1].json();
        assert_eq!((&second["text"], second.get("parse_mode")), (&json!("кофе <3"), None));
        assert_eq!(server.methods().len(), 2);
    }

    #[test]
    fn plain_text_has_no_tags() {
        assert_eq!(plain("a <b>b</b> &amp;lt; c"), "a b &lt; c");
        assert_eq!(plain("a < b"), "a < b");
        assert_eq!(plain("&quot;x&quot; &gt; y"), "\"x\" > y");
    }
}
