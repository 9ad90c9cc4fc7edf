//! A chat as the person sees it.

use std::path::PathBuf;

use serde::Serialize;

use crate::domain::id::MessageId;
use crate::sandbox::telegram::{
    keyboard::{ButtonAction, InlineButton, Keyboard, plain_spaces},
    message::{Media, StoredMessage, seconds},
};

/// A message on the person's screen.
#[derive(Clone, Debug, Serialize)]
pub struct ShownMessage {
    /// Its id.
    pub id: MessageId,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// Unix seconds.
    pub date: i64,
    /// Whether it was edited.
    pub edited: bool,
    /// The text or caption without formatting.
    pub text: String,
    /// The same as safe HTML.
    pub html: String,
    /// Its attachment.
    pub media: Option<ShownMedia>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<ShownButton>>,
    /// The album it belongs to.
    pub album: Option<String>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Who wrote it first, where it was forwarded.
    pub forwarded_from: Option<String>,
    /// Whether it came without a sound.
    pub silent: bool,
}

/// A button on the person's screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownButton {
    /// What it says.
    pub label: String,
    /// The callback data, if it sends any.
    pub data: Option<String>,
    /// The address that it opens, if it opens one.
    pub url: Option<String>,
    /// The text that it copies, if it copies any.
    pub copy: Option<String>,
}

/// A photo, video or file on the person's screen.
#[derive(Clone, Debug, Serialize)]
pub struct ShownMedia {
    /// `photo`, `video`, `document`, `sticker` or `voice`.
    pub kind: &'static str,
    /// Its file id.
    pub file_id: String,
    /// The file id of the smaller size of a photo.
    pub thumbnail: Option<String>,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// Pixels; 0 when not known.
    pub width: u32,
    /// Pixels; 0 when not known.
    pub height: u32,
    /// The task on its label, if it is a whole clip of KIE's stand-in.
    #[serde(skip)]
    pub task: Option<String>,
    /// Where the bytes are on this machine.
    #[serde(skip)]
    pub path: PathBuf,
}

impl ShownMessage {
    /// What the person sees of a message.
    pub fn of(message: &StoredMessage) -> Self {
        Self {
            id: message.id,
            from_bot: message.from_bot,
            date: seconds(message.date),
            edited: message.edited.is_some(),
            text: message.body.text.clone(),
            html: message.body.html(),
            media: message.media.as_ref().map(ShownMedia::of),
            buttons: message.keyboard.as_ref().map(rows).unwrap_or_default(),
            album: message.album.clone(),
            reply_to: message.reply_to,
            forwarded_from: message
                .origin
                .as_ref()
                .and_then(|origin| origin["sender_user"]["first_name"].as_str().map(str::to_owned)),
            silent: message.silent,
        }
    }

    /// The same as a person reads it, who cannot tell a no-break space from another.
    pub(crate) fn with_plain_spaces(mut self) -> Self {
        self.text = plain_spaces(&self.text);
        for button in self.buttons.iter_mut().flatten() {
            button.label = plain_spaces(&button.label);
        }
        self
    }

    /// The labels of all buttons, row after row.
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    /// The callback data of all buttons, row after row.
    pub fn data(&self) -> impl Iterator<Item = &str> {
        self.buttons.iter().flatten().filter_map(|button| button.data.as_deref())
    }
}

impl ShownMedia {
    fn of(media: &Media) -> Self {
        let file = &media.file;
        Self {
            kind: media.kind.field(),
            file_id: file.id.clone(),
            thumbnail: media.thumbnail.as_ref().map(|file| file.id.clone()),
            name: file.name.clone(),
            mime: file.mime.clone(),
            size: file.size,
            width: media.size.0,
            height: media.size.1,
            task: file.task.clone(),
            path: file.path.clone(),
        }
    }
}

fn rows(keyboard: &Keyboard) -> Vec<Vec<ShownButton>> {
    let button = |button: &InlineButton| {
        let label = button.label.clone();
        let mut shown = ShownButton { label, data: None, url: None, copy: None };
        match &button.action {
            ButtonAction::Callback(data) => shown.data = Some(data.clone()),
            ButtonAction::Url(url) => shown.url = Some(url.clone()),
            ButtonAction::Copy(text) => shown.copy = Some(text.clone()),
            ButtonAction::Pay => {}
        }
        shown
    };
    keyboard.rows.iter().map(|row| row.iter().map(button).collect()).collect()
}
