//! A screen as a message: sent as a new one, or as an edit of an existing one.

use std::io::Cursor;

use serde::Serialize;
use serde_json::Value;
use teloxide::{
    payloads::{
        EditMessageReplyMarkup, EditMessageText, EditMessageTextSetters, SendDocument, SendInvoice,
        SendMessage, SendMessageSetters, SendPhoto, SendVideo,
    },
    requests::Payload,
    types::{ChatId, InlineKeyboardMarkup, InputFile, LabeledPrice, ParseMode},
};

use crate::chat::{
    screen::{Body, Button, Invoice, Screen},
    text::plain,
};
use crate::domain::id::{MessageId, UserId};
use crate::telegram::{
    api::ATTACHED,
    bot::{Bot, CALL},
    error::TelegramError,
    mp4::shape,
    parts::{by_id, file_id, keyboard, no_preview, reply, teloxide_id},
};

/// The currency of Telegram Stars.
const STARS: &str = "XTR";

/// Where the button under a forwarded invoice leads: into the bot, for what is paid there is
/// credited to who pays.
const FORWARDED: &str = "invoice";

/// What shows a screen, as far as Telegram names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The message.
    pub message: Option<MessageId>,
    /// The id under which Telegram has the picture or video in it.
    pub file_id: Option<String>,
}

/// A picture or a video of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The file.
    pub bytes: Vec<u8>,
    /// The id under which Telegram has it, if it was sent before.
    pub file_id: Option<String>,
}

/// A screen on its way to a person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'a> {
    /// The person.
    pub to: UserId,
    /// The message to edit, if there is one.
    pub edits: Option<MessageId>,
    /// The screen.
    pub screen: &'a Screen,
    /// The file that it shows, if it shows one of ours.
    pub upload: Option<&'a Upload>,
    /// Whether it comes without a sound, where it comes as a new message.
    pub is_silent: bool,
}

impl<'a> Letter<'a> {
    fn upload(&self) -> Result<&'a Upload, TelegramError> {
        self.upload.ok_or_else(|| TelegramError::Refused("the file is not there".to_owned()))
    }
}

impl Upload {
    /// What a payload says of it.
    fn input(&self) -> InputFile {
        by_id(self.file_id.as_deref().unwrap_or(ATTACHED))
    }
}

/// Shows a screen to a person: in the message to edit if that can still be edited, else in a new one.
pub(crate) async fn show(bot: &Bot, letter: Letter<'_>) -> Result<Shown, TelegramError> {
    let shown = show_html(bot, letter).await;
    match (shown, letter.upload) {
        // Ids of files are for one bot alone, which has had another token before.
        (Err(TelegramError::Refused(text)), Some(upload)) if upload.file_id.is_some() => {
            tracing::debug!(%text, "a file of ours goes anew");
            let upload = Upload { file_id: None, ..upload.clone() };
            show_html(bot, Letter { upload: Some(&upload), ..letter }).await
        }
        (shown, _) => shown,
    }
}

/// Shows a text in a message that is there, and nowhere else.
pub(crate) async fn revise(
    bot: &Bot,
    to: UserId,
    message: MessageId,
    screen: &Screen,
) -> Result<(), TelegramError> {
    match edit(bot, to, message, screen.text(), keyboard(&screen.buttons), Some(ParseMode::Html))
        .await
    {
        Ok(_) | Err(TelegramError::NotModified) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn show_html(bot: &Bot, letter: Letter<'_>) -> Result<Shown, TelegramError> {
    match edit_or_send(bot, letter, Some(ParseMode::Html)).await {
        Err(TelegramError::Refused(text))
            if text.to_lowercase().contains("can't parse entities") =>
        {
            tracing::error!(%text, "a message went as plain text: its HTML is broken");
            let screen = letter.screen;
            let plain = Screen { body: plain_body(&screen.body), ..screen.clone() };
            edit_or_send(bot, Letter { screen: &plain, ..letter }, None).await
        }
        shown => shown,
    }
}

/// A text is edited into the message, and so are buttons; nothing else fits into the message of a text.
async fn edit_or_send(
    bot: &Bot,
    letter: Letter<'_>,
    mode: Option<ParseMode>,
) -> Result<Shown, TelegramError> {
    let Letter { to, edits, screen, .. } = letter;
    let edited = match (edits, &screen.body) {
        (Some(message), Body::Text(text)) => {
            edit(bot, to, message, text, keyboard(&screen.buttons), mode).await
        }
        (Some(message), Body::Unchanged) => edit_buttons(bot, to, message, &screen.buttons).await,
        (_, _) => Err(TelegramError::EditGone("it is no edit".to_owned())),
    };
    match edited {
        Ok(_) | Err(TelegramError::NotModified) => {
            return Ok(Shown { message: edits, file_id: None });
        }
        // Buttons alone are no message.
        Err(TelegramError::EditGone(_)) if screen.body == Body::Unchanged => {
            return Ok(Shown::default());
        }
        Err(TelegramError::EditGone(_)) => {}
        Err(error) => return Err(error),
    }
    let sent = send(bot, letter, mode).await?;
    Ok(Shown { message: sent["message_id"].as_i64().map(MessageId), file_id: file_id(&sent) })
}

async fn edit(
    bot: &Bot,
    to: UserId,
    message: MessageId,
    text: &str,
    keyboard: Option<InlineKeyboardMarkup>,
    mode: Option<ParseMode>,
) -> Result<Value, TelegramError> {
    let id = teloxide_id(message).ok_or_else(|| TelegramError::EditGone(message.to_string()))?;
    let mut payload =
        EditMessageText::new(ChatId(to.0), id, text).link_preview_options(no_preview());
    payload.parse_mode = mode;
    payload.reply_markup = keyboard;
    bot.call(&payload, CALL).await
}

async fn edit_buttons(
    bot: &Bot,
    to: UserId,
    message: MessageId,
    buttons: &[Vec<Button>],
) -> Result<Value, TelegramError> {
    let id = teloxide_id(message).ok_or_else(|| TelegramError::EditGone(message.to_string()))?;
    let mut payload = EditMessageReplyMarkup::new(ChatId(to.0), id);
    payload.reply_markup = keyboard(buttons);
    bot.call(&payload, CALL).await
}

async fn send(
    bot: &Bot,
    letter: Letter<'_>,
    mode: Option<ParseMode>,
) -> Result<Value, TelegramError> {
    let Letter { to, screen, is_silent, .. } = letter;
    let silent = is_silent.then_some(true);
    let (chat, reply) = (ChatId(to.0), reply(screen));
    let keyboard = keyboard(&screen.buttons);
    match &screen.body {
        Body::Text(text) => {
            let mut payload = SendMessage::new(chat, text).link_preview_options(no_preview());
            payload.parse_mode = mode;
            payload.reply_markup = keyboard.map(Into::into);
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            bot.call(&payload, CALL).await
        }
        Body::File { name, content, caption } => {
            let mut payload = SendDocument::new(chat, by_id(ATTACHED));
            payload.caption = Some(caption.clone());
            payload.parse_mode = mode;
            payload.reply_markup = keyboard.map(Into::into);
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            bot.upload_bytes(&payload, content.clone().into_bytes(), name).await
        }
        Body::Video { file_id, caption } => {
            let mut payload = SendVideo::new(chat, by_id(file_id));
            payload.caption = Some(caption.clone());
            payload.parse_mode = mode;
            payload.reply_markup = keyboard.map(Into::into);
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            bot.call(&payload, CALL).await
        }
        Body::Picture { name, caption } => {
            let upload = letter.upload()?;
            let mut payload = SendPhoto::new(chat, upload.input());
            payload.caption = Some(caption.clone());
            payload.parse_mode = mode;
            payload.reply_markup = keyboard.map(Into::into);
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            send_upload(bot, &payload, upload, name).await
        }
        Body::Sample { preset, caption } => {
            let upload = letter.upload()?;
            let mut payload = SendVideo::new(chat, upload.input());
            let shape = shape(&mut Cursor::new(&upload.bytes));
            payload.width = shape.map(|shape| shape.width);
            payload.height = shape.map(|shape| shape.height);
            payload.duration = shape.map(|shape| shape.seconds);
            payload.supports_streaming = Some(true);
            payload.caption = Some(caption.clone());
            payload.parse_mode = mode;
            payload.reply_markup = keyboard.map(Into::into);
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            send_upload(bot, &payload, upload, &format!("{preset}.mp4")).await
        }
        Body::Invoice(Invoice { title, description, payload, stars }) => {
            let prices = [LabeledPrice::new(title, *stars)];
            let mut payload = SendInvoice::new(chat, title, description, payload, STARS, prices);
            payload.start_parameter = Some(FORWARDED.to_owned());
            payload.reply_markup = keyboard;
            payload.disable_notification = silent;
            payload.reply_parameters = reply;
            bot.call(&payload, CALL).await
        }
        Body::Unchanged => Err(TelegramError::Refused("there is no message to edit".to_owned())),
    }
}

/// Sends a file of ours: by its id if it has one.
async fn send_upload<P>(
    bot: &Bot,
    payload: &P,
    upload: &Upload,
    name: &str,
) -> Result<Value, TelegramError>
where
    P: Payload + Serialize + Sync,
{
    match upload.file_id {
        Some(_) => bot.call(payload, CALL).await,
        None => bot.upload_bytes(payload, upload.bytes.clone(), name).await,
    }
}

/// A body whose text has no markup.
fn plain_body(body: &Body) -> Body {
    let mut body = body.clone();
    match &mut body {
        Body::Text(html)
        | Body::File { caption: html, .. }
        | Body::Video { caption: html, .. }
        | Body::Picture { caption: html, .. }
        | Body::Sample { caption: html, .. } => *html = plain(html),
        Body::Invoice(_) | Body::Unchanged => {}
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::tap::Tap;
    use crate::telegram::scripted::{Answer, scripted};

    const ANN: UserId = UserId(7);

    fn letter(edits: Option<MessageId>, screen: &Screen) -> Letter<'_> {
        Letter { to: ANN, edits, screen, upload: None, is_silent: false }
    }

    fn in_message(id: i64) -> Shown {
        Shown { message: Some(MessageId(id)), file_id: None }
    }

    fn screen() -> Screen {
        Screen::new("<b>кофе</b> &lt;3".into()).row([Button::new("Меню", &Tap::Menu)])
    }

    #[tokio::test]
    async fn a_screen_goes_out_with_its_buttons_and_without_a_preview() {
        let (server, bot) = scripted(vec![Answer::ok(&json!({"message_id": 11}))]).await;
        let shown = show(&bot, letter(None, &screen())).await;
        assert_eq!(shown, Ok(in_message(11)));
        let button = json!({"text": "Меню", "callback_data": "h"});
        assert_eq!(
            server.calls()[0].json(),
            json!({"chat_id": 7, "text": "<b>кофе</b> &lt;3", "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": true},
                "reply_markup": {"inline_keyboard": [[button]]}})
        );
    }

    #[tokio::test]
    async fn every_body_goes_by_its_own_method_as_an_answer() {
        let (server, bot) = scripted(vec![]).await;
        let caption = || "<b>a</b>".to_owned();
        let bodies = [
            Body::Text(caption()),
            Body::Video { file_id: "AgAC".into(), caption: caption() },
            Body::Invoice(Invoice {
                title: "3".into(),
                description: "Three".into(),
                payload: "inv:1".into(),
                stars: 5,
            }),
        ];
        for body in bodies {
            let screen = Screen { reply_to: Some(MessageId(9)), ..Screen::of(body) };
            // What is no text does not fit into the message of a text.
            let edits = (!matches!(screen.body, Body::Text(_))).then_some(MessageId(5));
            show(&bot, letter(edits, &screen)).await.unwrap();
        }
        assert_eq!(server.methods(), ["SendMessage", "SendVideo", "SendInvoice"]);
        let calls: Vec<Value> =
            server.calls().iter().map(crate::telegram::scripted::Call::json).collect();
        for call in &calls {
            let reply = json!({"message_id": 9, "allow_sending_without_reply": true});
            assert_eq!(call["reply_parameters"], reply);
        }
        let (video, invoice) = (&calls[1], &calls[2]);
        assert_eq!((&video["video"], &video["caption"]), (&json!("AgAC"), &json!("<b>a</b>")));
        let prices = json!([{"label": "3", "amount": 5}]);
        assert_eq!((&invoice["currency"], &invoice["prices"]), (&json!("XTR"), &prices));
        assert!(!invoice["start_parameter"].as_str().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_text_too_long_for_a_message_goes_as_a_file() {
        let (server, bot) = scripted(vec![]).await;
        let (name, content) = ("script.txt".to_owned(), "A mug <b>& steam".to_owned());
        let file = Screen::of(Body::File { name, content, caption: "<i>the script</i>".into() });
        let file = file.row([Button::new("Меню", &Tap::Menu)]);
        show(&bot, letter(Some(MessageId(5)), &file)).await.unwrap();
        assert_eq!(server.methods(), ["SendDocument"]);
        let body = server.calls()[0].body.clone();
        for part in [
            "name=\"document\"\r\n\r\nattach://file\r\n",
            "name=\"caption\"\r\n\r\n<i>the script</i>\r\n",
            "filename=\"script.txt\"\r\n\r\nA mug <b>& steam\r\n",
            "\"callback_data\":\"h\"",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
    }

    #[tokio::test]
    async fn a_picture_goes_once_and_then_by_its_id() {
        let sizes = json!([{"file_id": "small"}, {"file_id": "large"}]);
        let sent = || Answer::ok(&json!({"message_id": 11, "photo": sizes}));
        let wrong = "Bad Request: wrong file identifier/HTTP URL specified";
        let script = vec![sent(), sent(), Answer::error(400, wrong), sent()];
        let (server, bot) = scripted(script).await;
        let screen = Screen::of(Body::Picture { name: "cup".into(), caption: "a".into() });
        let picture =
            |id: Option<&str>| Upload { bytes: b"JPEG".into(), file_id: id.map(Into::into) };
        for id in [None, Some("large"), Some("of another bot")] {
            let picture = picture(id);
            let letter = Letter { upload: Some(&picture), ..letter(None, &screen) };
            assert_eq!(show(&bot, letter).await.unwrap().file_id.as_deref(), Some("large"));
        }
        let calls = server.calls();
        assert!(calls[0].body.contains("filename=\"cup\"\r\n\r\nJPEG\r\n"));
        assert_eq!(calls[1].json()["photo"], "large");
        assert!(calls[3].body.contains("JPEG"));
        let none = show(&bot, letter(None, &screen)).await;
        assert!(matches!(none, Err(TelegramError::Refused(_))));
    }

    #[tokio::test]
    async fn a_button_taps_opens_pays_or_copies() {
        let (server, bot) = scripted(vec![]).await;
        let shop = Button::url("Shop", "https://shop.test/?a=1".parse().unwrap());
        let screen = Screen::new("a".into())
            .row([Button::pay("Pay")])
            .row([shop])
            .row(Button::copy("Copy", "A mug"));
        show(&bot, letter(None, &screen)).await.unwrap();
        assert_eq!(
            server.calls()[0].json()["reply_markup"]["inline_keyboard"],
            json!([
                [{"text": "Pay", "pay": true}],
                [{"text": "Shop", "url": "https://shop.test/?a=1"}],
                [{"text": "Copy", "copy_text": {"text": "A mug"}}],
            ])
        );
    }

    #[tokio::test]
    async fn a_text_over_a_message_without_one_is_sent_as_a_new_one() {
        let other = Answer::error(400, "Bad Request: there is no text in the message to edit");
        let (server, bot) = scripted(vec![other, Answer::ok(&json!({"message_id": 12}))]).await;
        let shown = show(&bot, letter(Some(MessageId(5)), &screen())).await;
        assert_eq!(shown, Ok(in_message(12)));
        assert_eq!(server.methods(), ["EditMessageText", "SendMessage"]);
    }

    #[tokio::test]
    async fn an_existing_message_is_edited() {
        let same = "Bad Request: message is not modified: specified new message content";
        let (server, bot) =
            scripted(vec![Answer::ok(&json!(true)), Answer::error(400, same)]).await;
        for _ in 0..2 {
            let shown = show(&bot, letter(Some(MessageId(5)), &screen())).await;
            assert_eq!(shown, Ok(in_message(5)));
        }
        assert_eq!(server.methods(), ["EditMessageText", "EditMessageText"]);
        assert_eq!(server.calls()[0].json()["message_id"], 5);
    }

    #[tokio::test]
    async fn a_message_that_is_gone_is_sent_as_a_new_one() {
        let gone = Answer::error(400, "Bad Request: message to edit not found");
        let (server, bot) = scripted(vec![gone, Answer::ok(&json!({"message_id": 12}))]).await;
        let shown = show(&bot, letter(Some(MessageId(5)), &screen())).await;
        assert_eq!(shown, Ok(in_message(12)));
        assert_eq!(server.methods(), ["EditMessageText", "SendMessage"]);
    }

    #[tokio::test]
    async fn broken_html_goes_as_plain_text_once() {
        let broken = || Answer::error(400, "Bad Request: can't parse entities: Unclosed tag");
        let (server, bot) = scripted(vec![broken(), broken()]).await;
        assert!(matches!(
            show(&bot, letter(None, &screen())).await,
            Err(TelegramError::Refused(_))
        ));
        let second = server.calls()[1].json();
        assert_eq!((&second["text"], second.get("parse_mode")), (&json!("кофе <3"), None));
        assert_eq!(server.methods().len(), 2);
    }
}
