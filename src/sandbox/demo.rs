//! The demo: a scripted person orders videos, to be watched.

use std::time::{Duration, Instant};

use crate::chat::tap::Tap;
use crate::domain::id::MessageId;
use crate::sandbox::telegram::{person::Person, shown::ShownMessage, stand_in::TelegramStandIn};

/// A product photo to try with. Photograph by Rachel Michetti, CC0, from
/// scikit-image's sample data.
pub const PHOTO: &[u8] = include_bytes!("coffee.jpg");

/// How long each step may take, in real time, before something must be wrong.
const PATIENCE: Duration = Duration::from_mins(10);

/// Why the demo did not finish.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// Something did not happen.
    #[error("the demo waited in vain for {0}")]
    InVain(&'static str),
    /// The photo could not be sent.
    #[error("the photo cannot be sent: {0}")]
    Photo(#[from] std::io::Error),
}

/// How many videos are ordered.
const COUNT: u32 = 3;

/// Plays the main use: photo, preset, three videos, closing keyboard. `on_step` is
/// called after each step.
pub(crate) async fn play(
    telegram: &TelegramStandIn,
    person: &Person,
    mut on_step: impl FnMut(Duration, &str),
) -> Result<(), DemoError> {
    let began = Instant::now();
    let watch = Watch { telegram, person };
    let mut report = |text: &str| on_step(began.elapsed(), text);
    person.sends_text("/start");
    watch.message("the welcome", |message| message.from_bot).await?;
    report("/start, and the bot says hello");
    person.sends_photo(PHOTO)?;
    let ideas = watch.message("the ideas", |message| tap(message, Tap::PRESET).is_some()).await?;
    report("a photo of a cup of coffee, and the bot offers ideas");
    watch.tap(&ideas, Tap::PRESET)?;
    let script = watch.message("the script", |message| tap(message, Tap::ORDER).is_some()).await?;
    report("the first idea is tapped, and GPT has written the script");
    let three = |tap: Tap| matches!(tap, Tap::Order { count: COUNT, .. });
    let button = data(&script, |data| Tap::parse(data).is_some_and(three));
    watch.tap(&script, &button.ok_or(DemoError::InVain("a button for three videos"))?)?;
    report("three videos are ordered");
    for number in 1..=COUNT {
        watch.until("a video", |chat| videos(chat) >= number).await?;
        report(&format!("video {number} of {COUNT} has arrived"));
    }
    watch
        .message("the closing keyboard", |message| tap(message, Tap::MORE_WITH_PHOTO).is_some())
        .await?;
    report("the closing keyboard: done");
    Ok(())
}

/// Waits for changes in one person's chat.
struct Watch<'a> {
    telegram: &'a TelegramStandIn,
    person: &'a Person,
}

impl Watch<'_> {
    async fn until(
        &self,
        what: &'static str,
        is_there: impl Fn(&[ShownMessage]) -> bool,
    ) -> Result<(), DemoError> {
        let mut changes = self.telegram.changes();
        let seen = async {
            while !is_there(&self.person.chat()) {
                if changes.changed().await.is_err() {
                    return Err(DemoError::InVain(what));
                }
            }
            Ok(())
        };
        tokio::time::timeout(PATIENCE, seen).await.unwrap_or(Err(DemoError::InVain(what)))
    }

    async fn message(
        &self,
        what: &'static str,
        is_it: impl Fn(&ShownMessage) -> bool,
    ) -> Result<ShownMessage, DemoError> {
        let is_there = |message: &&ShownMessage| message.from_bot && is_it(message);
        self.until(what, |chat| chat.iter().any(|message| is_there(&message))).await?;
        let chat = self.person.chat();
        chat.into_iter().rfind(|message| is_there(&message)).ok_or(DemoError::InVain(what))
    }

    fn tap(&self, message: &ShownMessage, prefix: &str) -> Result<(), DemoError> {
        let data = tap(message, prefix).ok_or(DemoError::InVain("a button"))?;
        let id: MessageId = message.id;
        self.person.taps(id, &data).map(drop).map_err(|_| DemoError::InVain("a button"))
    }
}

fn videos(chat: &[ShownMessage]) -> u32 {
    let is_video = |message: &&ShownMessage| {
        message.from_bot && message.media.as_ref().is_some_and(|media| media.kind == "video")
    };
    chat.iter().filter(is_video).map(|_| 1).sum()
}

/// The data of the first button that begins with `prefix`.
fn tap(message: &ShownMessage, prefix: &str) -> Option<String> {
    data(message, |data| data.starts_with(prefix))
}

fn data(message: &ShownMessage, is_it: impl Fn(&str) -> bool) -> Option<String> {
    message.data().find(|data| is_it(data)).map(str::to_owned)
}
