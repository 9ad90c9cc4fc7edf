//! What the bot does when a person does something: one file per subject.

pub(crate) mod start;

pub(crate) mod status;

pub(crate) mod language;

pub(crate) mod settings;

pub(crate) mod ideas;

pub(crate) mod series;

pub(crate) mod series_offer;

pub(crate) mod album;

pub(crate) mod photo;

pub(crate) mod order_series;

pub(crate) mod script;

pub(crate) mod options;

pub(crate) mod draft;

pub(crate) mod samples;

pub(crate) mod order;

pub(crate) mod rewrite;

pub(crate) mod alert;

pub(crate) mod my_videos;

pub(crate) mod my;

pub(crate) mod style;

pub(crate) mod under_video;

pub(crate) mod addressed;

pub(crate) mod naming;

pub(crate) mod text;

pub(crate) mod edited;

pub(crate) mod replaced_photo;

pub(crate) mod voice_message;

pub(crate) mod command;

pub(crate) mod video_tap;

pub(crate) mod album_tap;

pub(crate) mod tap;
