//! Of `chat`.

pub use crate::chat::{
    album_tap::AlbumTap,
    input::Input,
    key::Key,
    own_text::own_text,
    screen::{Body, Button, Invoice, Screen},
    settings::{LiveSettings, Settings},
    tap::{MAX_DATA, Tap},
    text::{MAX_TEXT, check_html, cut, escape, escape_cut, shown_units, units},
    video_tap::VideoTap,
    words::Words,
};
