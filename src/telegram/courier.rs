//! Brings finished videos to people, for the worker threads.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use serde::Serialize;
use teloxide::{
    payloads::{
        SendAnimation, SendAnimationSetters, SendChatAction, SendDocument, SendDocumentSetters,
        SendVideo, SendVideoSetters,
    },
    requests::Payload,
    types::{ChatAction, ChatId, InlineKeyboardMarkup, ParseMode},
};
use tokio::runtime::Handle;

use crate::chat::{
    caption::{caption, link},
    file_name::file_stem,
    screen::Screen,
    screens::under_video::under_video,
    settings::LiveSettings,
};
use crate::domain::{
    id::UserId,
    job::Form,
    lane::Lane,
    parcel::{KeptVideo, Parcel, Receipt, VideoOfOrder},
    ports::{Clock, Courier, CourierError},
    time::Timestamp,
    user::Language,
};
use crate::telegram::{
    api::ATTACHED,
    bot::{Bot, CALL},
    error::TelegramError,
    message::{Letter, show},
    mp4::{Shape, shape},
    pace::Pace,
    parts::{by_id, file_id, keyboard},
};

/// How often it is said that a video is on its way, in real time: it is the person who sees it.
const ACTION_INTERVAL: Duration = Duration::from_secs(4);

/// The courier. It blocks, and must be called from outside the runtime.
#[derive(Clone)]
pub(crate) struct TelegramCourier {
    bot: Bot,
    settings: Arc<LiveSettings>,
    pace: Arc<Pace>,
    clock: Arc<dyn Clock>,
    runtime: Handle,
    action_interval: Duration,
}

impl TelegramCourier {
    /// A courier that shares the outbox's pace and waits on `runtime`.
    pub(crate) fn new(
        bot: Bot,
        settings: Arc<LiveSettings>,
        pace: Arc<Pace>,
        clock: Arc<dyn Clock>,
        runtime: Handle,
    ) -> Self {
        Self { bot, settings, pace, clock, runtime, action_interval: ACTION_INTERVAL }
    }

    /// As [`Courier::deliver`], for callers inside the runtime.
    pub(crate) async fn deliver_async(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError> {
        self.pace.take(parcel.user, Lane::News);
        let result = match parcel.form {
            Form::Video => self.video(parcel).await,
            Form::Document => self.document(parcel).await,
            Form::Link => self.link(parcel).await,
        };
        result.map_err(|error| self.error(parcel.user, error))
    }

    async fn video(&self, parcel: &Parcel<'_>) -> Result<Receipt, TelegramError> {
        let shown = self.shown(parcel.language, &parcel.video, parcel.gift);
        let mut payload = SendVideo::new(ChatId(parcel.user.0), by_id(ATTACHED))
            .caption(shown.caption)
            .parse_mode(ParseMode::Html)
            .disable_notification(self.is_silent(parcel))
            .supports_streaming(true);
        payload.reply_markup = shown.keyboard.map(Into::into);
        if let Some(shape) = shape_of(parcel.file).await {
            payload = payload.width(shape.width).height(shape.height).duration(shape.seconds);
        }
        self.upload(&payload, parcel, ChatAction::UploadVideo).await
    }

    async fn document(&self, parcel: &Parcel<'_>) -> Result<Receipt, TelegramError> {
        let shown = self.shown(parcel.language, &parcel.video, parcel.gift);
        let mut payload = SendDocument::new(ChatId(parcel.user.0), by_id(ATTACHED))
            .caption(shown.caption)
            .parse_mode(ParseMode::Html)
            .disable_notification(self.is_silent(parcel))
            .disable_content_type_detection(true);
        payload.reply_markup = shown.keyboard.map(Into::into);
        self.upload(&payload, parcel, ChatAction::UploadDocument).await
    }

    async fn link(&self, parcel: &Parcel<'_>) -> Result<Receipt, TelegramError> {
        let settings = self.settings.load_full();
        let voice = settings.words.voice(parcel.language);
        let buttons = under_video(&voice, parcel.video.job, parcel.video.vote);
        let caption = caption(&voice, &parcel.video, parcel.gift);
        let screen = Screen { buttons, ..link(&voice, caption, parcel.url) };
        let is_silent = self.is_silent(parcel);
        let letter =
            Letter { to: parcel.user, edits: None, screen: &screen, upload: None, is_silent };
        show(&self.bot, letter).await?;
        Ok(Receipt::default())
    }

    async fn upload<P>(
        &self,
        payload: &P,
        parcel: &Parcel<'_>,
        action: ChatAction,
    ) -> Result<Receipt, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        fits(parcel.file, self.bot.max_bytes()).await?;
        let settings = self.settings.load_full();
        let stem = file_stem(&settings.words.voice(parcel.language), &parcel.video);
        let name = format!("{stem}.{}", parcel.container.extension());
        let sending = self.bot.upload(payload, parcel.file, &name);
        let message = self.while_the_chat_says_so(parcel.user, action, sending).await?;
        Ok(Receipt { file_id: file_id(&message) })
    }

    /// Sends a video that Telegram has. It knows a file as what it was sent as at first, which we
    /// do not: so each is tried that it may be.
    async fn kept(&self, kept: &KeptVideo<'_>) -> Result<Receipt, TelegramError> {
        let chat = ChatId(kept.user.0);
        let Shown { caption, keyboard } = self.shown(kept.language, &kept.video, kept.gift);
        let markup = keyboard.map(Into::into);
        let file = || by_id(kept.file_id);
        let mut payload =
            SendVideo::new(chat, file()).caption(&caption).parse_mode(ParseMode::Html);
        payload.reply_markup.clone_from(&markup);
        let message = match self.bot.call(&payload, CALL).await {
            Err(TelegramError::Refused(text)) if is_of_another_type(&text, "document") => {
                let payload = SendDocument::new(chat, file()).caption(caption);
                let mut payload = payload.parse_mode(ParseMode::Html);
                payload.reply_markup = markup;
                self.bot.call(&payload, CALL).await?
            }
            Err(TelegramError::Refused(text)) if is_of_another_type(&text, "animation") => {
                let payload = SendAnimation::new(chat, file()).caption(caption);
                let mut payload = payload.parse_mode(ParseMode::Html);
                payload.reply_markup = markup;
                self.bot.call(&payload, CALL).await?
            }
            sent => sent?,
        };
        Ok(Receipt { file_id: file_id(&message) })
    }

    async fn file(
        &self,
        user: UserId,
        file: &Path,
        name: &str,
        caption: &str,
    ) -> Result<(), TelegramError> {
        fits(file, self.bot.max_bytes()).await?;
        let payload = SendDocument::new(ChatId(user.0), by_id(ATTACHED))
            .caption(caption)
            .parse_mode(ParseMode::Html)
            .disable_content_type_detection(true);
        let sending = self.bot.upload(&payload, file, name);
        self.while_the_chat_says_so(user, ChatAction::UploadDocument, sending).await.map(drop)
    }

    /// Sends something while the chat says above itself that it is on its way, again and again: Telegram
    /// shows that for five seconds. What is sent waits for none of these calls.
    async fn while_the_chat_says_so<T>(
        &self,
        user: UserId,
        action: ChatAction,
        sending: impl Future<Output = T>,
    ) -> T {
        let says_so = async {
            loop {
                let (bot, payload) =
                    (self.bot.clone(), SendChatAction::new(ChatId(user.0), action));
                tokio::spawn(async move {
                    if let Err(error) = bot.call(&payload, CALL).await {
                        tracing::debug!(%error, "no chat action");
                    }
                });
                tokio::time::sleep(self.action_interval).await;
            }
        };
        tokio::select! {
            sent = sending => sent,
            never = says_so => never,
        }
    }

    fn shown(&self, language: Language, video: &VideoOfOrder<'_>, gift: bool) -> Shown {
        let settings = self.settings.load();
        let voice = settings.words.voice(language);
        let keyboard = keyboard(&under_video(&voice, video.job, video.vote));
        Shown { caption: caption(&voice, video, gift), keyboard }
    }

    /// A video comes by itself, however long ago it was ordered.
    fn is_silent(&self, parcel: &Parcel<'_>) -> bool {
        self.settings.load().is_quiet(parcel.quiet, self.clock.now())
    }

    fn error(&self, user: UserId, error: TelegramError) -> CourierError {
        match error {
            TelegramError::RetryAfter(wait) => {
                self.pace.hold(user, self.clock.now() + wait);
                CourierError::Later(wait)
            }
            TelegramError::Blocked(_) | TelegramError::Deactivated(_) => CourierError::Blocked,
            TelegramError::TooLarge(text) | TelegramError::Refused(text) => {
                CourierError::Refused(text)
            }
            unknown @ TelegramError::Unknown(_) => CourierError::Unconfirmed(unknown.to_string()),
            other => CourierError::Temporary(other.to_string()),
        }
    }
}

impl Courier for TelegramCourier {
    fn max_bytes(&self) -> u64 {
        self.bot.max_bytes()
    }

    fn ready_at(&self, user: UserId) -> Timestamp {
        self.pace.ready_at(user, Lane::News)
    }

    fn deliver(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError> {
        self.runtime.block_on(self.deliver_async(parcel))
    }

    fn send_again(&self, kept: &KeptVideo<'_>) -> Result<Receipt, CourierError> {
        self.pace.take(kept.user, Lane::Answers);
        let sent = self.runtime.block_on(self.kept(kept));
        sent.map_err(|error| self.error(kept.user, error))
    }

    fn send_file(
        &self,
        user: UserId,
        file: &Path,
        name: &str,
        caption: &str,
    ) -> Result<(), CourierError> {
        self.pace.take(user, Lane::News);
        let sent = self.runtime.block_on(self.file(user, file, name, caption));
        sent.map_err(|error| self.error(user, error))
    }
}

/// What stands under a video.
struct Shown {
    caption: String,
    keyboard: Option<InlineKeyboardMarkup>,
}

/// The video's shape. Without it some apps show a square until the video plays.
async fn shape_of(file: &Path) -> Option<Shape> {
    let file = file.to_owned();
    tokio::task::spawn_blocking(move || shape(&mut File::open(file).ok()?)).await.ok()?
}

/// Whether Telegram says that a file is one of that type, and no video.
fn is_of_another_type(text: &str, kind: &str) -> bool {
    text.to_lowercase().contains(&format!("can't use file of type {kind} as"))
}

async fn fits(file: &Path, most: u64) -> Result<(), TelegramError> {
    let about = tokio::fs::metadata(file).await;
    let length = about.map_err(|error| TelegramError::NotSent(format!("the file: {error}")))?.len();
    if length > most {
        return Err(TelegramError::TooLarge(format!("{length} bytes are over {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::settings::Settings;
    use crate::clock::ManualClock;
    use crate::domain::{
        id::{JobId, OrderId},
        video::{Container, MAX_VIDEO_BYTES},
    };
    use crate::telegram::scripted::{Answer, Call, scripted};

    type Delivered = Result<Receipt, CourierError>;

    fn video(number: u32, count: u32) -> VideoOfOrder<'static> {
        let (job, order) = (JobId(5), OrderId(17));
        let (title, product, aspect, vote) = (None, None, None, None);
        VideoOfOrder { job, order, number, count, title, product, aspect, vote }
    }

    /// The result of delivering a file of so many bytes in this form, and the
    /// calls it took besides the chat action.
    async fn delivered(form: Form, bytes: u64, answer: Answer) -> (Delivered, Vec<Call>) {
        let (server, bot) = scripted(vec![answer]).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.mp4");
        File::create(&path).unwrap().set_len(bytes).unwrap();
        let parcel = Parcel {
            user: UserId(7),
            language: Language::Ru,
            quiet: None,
            file: &path,
            url: "https://a.test/v.mp4?a=1&b=2",
            form,
            container: Container::Mp4,
            video: video(2, 3),
            gift: false,
        };
        let courier = TelegramCourier { action_interval: Duration::from_millis(5), ..courier(bot) };
        let got = courier.deliver_async(&parcel).await;
        let calls = server.calls().into_iter().filter(|call| call.method != "SendChatAction");
        (got, calls.collect())
    }

    fn courier(bot: Bot) -> TelegramCourier {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp(0)));
        let pace = Arc::new(Pace::new(Arc::clone(&clock), 30.0, 1.0));
        TelegramCourier::new(bot, Settings::default().live(), pace, clock, Handle::current())
    }

    fn sent_as(kind: &str) -> Answer {
        Answer::ok(&json!({"message_id": 9, kind: {"file_id": "kept"}}))
    }

    fn receipt(file_id: Option<&str>) -> Receipt {
        Receipt { file_id: file_id.map(str::to_owned) }
    }

    #[tokio::test]
    async fn a_video_arrives_with_its_caption() {
        let (got, calls) = delivered(Form::Video, 20, sent_as("video")).await;
        assert_eq!((got, calls.len()), (Ok(receipt(Some("kept"))), 1));
        assert_eq!(calls[0].method, "SendVideo");
        for part in
            ["Видео 2\u{a0}из 3", "name=\"supports_streaming\"", "filename=\"video-17_2.mp4\""]
        {
            assert!(calls[0].body.contains(part), "{part}");
        }
    }

    #[tokio::test]
    async fn as_long_as_a_video_is_on_its_way_the_chat_says_so() {
        let sent = json!({"message_id": 9, "video": {"file_id": "kept"}});
        let slow = Answer::AfterActions(3, sent);
        let (got, calls) = delivered(Form::Video, 20, slow).await;
        assert_eq!((got, calls.len()), (Ok(receipt(Some("kept"))), 1));
    }

    #[tokio::test]
    async fn it_comes_without_a_sound_at_night_in_each_form() {
        // The clock stands at three in the morning in Moscow.
        for form in [Form::Video, Form::Document] {
            let (_, calls) = delivered(form, 20, sent_as("video")).await;
            let silent = "name=\"disable_notification\"\r\n\r\ntrue";
            assert!(calls[0].body.contains(silent), "{form:?}: {}", calls[0].body);
        }
        let (_, calls) = delivered(Form::Link, 0, Answer::ok(&json!({"message_id": 9}))).await;
        assert_eq!(calls[0].json()["disable_notification"], json!(true));
    }

    #[tokio::test]
    async fn the_file_id_is_found_under_whatever_name() {
        assert_eq!(
            delivered(Form::Video, 20, sent_as("animation")).await.0,
            Ok(receipt(Some("kept")))
        );
        let (got, calls) = delivered(Form::Document, 20, sent_as("document")).await;
        assert_eq!((got, calls[0].method.as_str()), (Ok(receipt(Some("kept"))), "SendDocument"));
        let bare = Answer::ok(&json!(true));
        assert_eq!(delivered(Form::Video, 20, bare).await.0, Ok(receipt(None)));
    }

    #[tokio::test]
    async fn a_link_is_a_message() {
        let (got, calls) = delivered(Form::Link, 0, Answer::ok(&json!({"message_id": 9}))).await;
        assert_eq!((got, calls[0].method.as_str()), (Ok(receipt(None)), "SendMessage"));
        let text = calls[0].json()["text"].as_str().unwrap().to_owned();
        assert!(text.contains("https://a.test/v.mp4?a=1&amp;b=2"), "{text}");
    }

    #[tokio::test]
    async fn a_file_over_the_limit_is_not_even_tried() {
        let (got, calls) = delivered(Form::Video, MAX_VIDEO_BYTES + 1, sent_as("video")).await;
        assert!(matches!(got, Err(CourierError::Refused(_))), "{got:?}");
        assert_eq!(calls.len(), 0);
    }

    #[tokio::test]
    async fn each_error_of_telegram_becomes_one_of_the_courier() {
        let error = async |answer| delivered(Form::Video, 20, answer).await.0.unwrap_err();
        let blocked = Answer::error(403, "Forbidden: bot was blocked by the user");
        assert_eq!(error(blocked).await, CourierError::Blocked);
        let wait = CourierError::Later(Duration::from_secs(14));
        assert_eq!(error(Answer::wait(14)).await, wait);
        let large = error(Answer::error(413, "Request Entity Too Large")).await;
        assert!(matches!(large, CourierError::Refused(_)));
        let refused = error(Answer::error(400, "Bad Request: VIDEO_CONTENT_TYPE_INVALID")).await;
        assert!(matches!(refused, CourierError::Refused(_)));
        let lost = error(Answer::HangUp).await;
        assert!(matches!(lost, CourierError::Unconfirmed(_)));
        let down = error(Answer::text(502, "<html>")).await;
        assert!(matches!(down, CourierError::Temporary(_)));
    }

    #[tokio::test]
    async fn a_worker_thread_may_call_and_keeps_the_pace() {
        let (_server, bot) = scripted(vec![Answer::wait(14)]).await;
        let courier = courier(bot);
        let worker = courier.clone();
        let deliver = move || {
            let parcel = Parcel {
                user: UserId(7),
                language: Language::En,
                quiet: None,
                file: Path::new(""),
                url: "https://a.test/v.mp4",
                form: Form::Link,
                container: Container::Mp4,
                video: video(1, 1),
                gift: true,
            };
            worker.deliver(&parcel)
        };
        let got = tokio::task::spawn_blocking(deliver).await.unwrap();
        assert_eq!(got, Err(CourierError::Later(Duration::from_secs(14))));
        assert_eq!(courier.ready_at(UserId(7)), Timestamp(14_000));
        assert!(courier.ready_at(UserId(8)) <= Timestamp(0));
    }
}
