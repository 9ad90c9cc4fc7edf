//! The conversation without Telegram: inputs in, replies out. Screens are pure; handlers use the
//! transaction.

pub(crate) mod text;

pub(crate) mod setting;

pub(crate) mod video_tap;

pub(crate) mod album_tap;

pub(crate) mod tap;

pub(crate) mod screen;

pub(crate) mod key;

pub(crate) mod ftl;

pub(crate) mod check;

pub(crate) mod words;

pub(crate) mod voice;

pub(crate) mod word_files;

pub(crate) mod overrides;

pub(crate) mod incoming_photo;

pub(crate) mod incoming_voice;

pub(crate) mod answered;

pub(crate) mod input;

pub(crate) mod own_text;

pub(crate) mod commands;

pub(crate) mod caption;

pub(crate) mod file_name;

pub(crate) mod video_list;

pub(crate) mod refusal;

pub(crate) mod screens;

pub(crate) mod notification;

pub(crate) mod settings;

pub(crate) mod looked_up;

pub(crate) mod reply;

pub(crate) mod subject;

pub(crate) mod conversation;

pub(crate) mod order_status;

pub(crate) mod handlers;

pub(crate) mod router;

pub(crate) mod exhibit;

mod exhibited_videos;

mod exhibited_albums;

mod exhibited_orders;

mod exhibited_scripts;

pub(crate) mod gallery;

mod typography;

mod counts;
