//! One file per screen.

pub(crate) mod help;

pub(crate) mod start;

pub(crate) mod photo;

pub(crate) mod prompt;

pub(crate) mod album;

pub(crate) mod samples;

pub(crate) mod own_text;

pub(crate) mod voice_message;

pub(crate) mod script;

pub(crate) mod cancellable;

pub(crate) mod order;

pub(crate) mod closing;

pub(crate) mod series_photos;

pub(crate) mod series;

pub(crate) mod series_closing;

pub(crate) mod rewrite;

pub(crate) mod under_video;

pub(crate) mod my_videos;

pub(crate) mod archives;

pub(crate) mod styles;

pub(crate) mod balance;

pub(crate) mod language;

pub(crate) mod settings;

pub(crate) mod hint;

pub(crate) mod alert;
