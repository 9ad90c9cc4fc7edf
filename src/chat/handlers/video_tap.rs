//! A person tapped a button about a video that they have, or about a saved style.

use crate::chat::{
    conversation::Conversation,
    handlers::{
        my::{on_again, on_archive, on_as_file, on_my, on_page, on_search},
        style::{on_delete_style, on_rename_style, on_style, on_styles, on_use_style},
        under_video::{on_keep_style, on_other_format, on_other_style, on_vote},
    },
    looked_up::Wanted,
    reply::Reply,
    video_tap::VideoTap,
};
use crate::store::error::StoreError;

/// Does what the button means.
pub(crate) fn on_video_tap(
    conversation: &Conversation<'_>,
    tap: VideoTap,
) -> Result<Reply, StoreError> {
    match tap {
        VideoTap::My => on_my(conversation),
        VideoTap::Page { page, search } => on_page(conversation, &Wanted::Page(page, search)),
        VideoTap::Search => on_search(conversation),
        VideoTap::Again(job) => on_again(conversation, job),
        VideoTap::AsFile(job) => on_as_file(conversation, job),
        VideoTap::Months(page) => on_page(conversation, &Wanted::Months(page)),
        VideoTap::Orders(page) => on_page(conversation, &Wanted::Orders(page)),
        VideoTap::Archive(group) => on_archive(conversation, group),
        VideoTap::OtherStyle(job) => on_other_style(conversation, job),
        VideoTap::OtherFormat(job) => on_other_format(conversation, job),
        VideoTap::Vote(job, vote) => on_vote(conversation, job, vote),
        VideoTap::KeepStyle(job) => on_keep_style(conversation, job),
        VideoTap::UseStyle { draft, style } => on_use_style(conversation, draft, style),
        VideoTap::Styles => on_styles(conversation),
        VideoTap::Style(style) => on_style(conversation, style),
        VideoTap::RenameStyle(style) => on_rename_style(conversation, style),
        VideoTap::DeleteStyle(style) => on_delete_style(conversation, style),
    }
}
