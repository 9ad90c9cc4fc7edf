//! The list of an archive's videos, for spreadsheets.
//!
//! It is UTF-8 with a mark at its beginning, without which Excel takes it for something else. A
//! Russian Excel divides columns at semicolons, since its numbers have commas; an English one at
//! commas.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::chat::{caption::product_name, key::Key, voice::Voice};
use crate::domain::{user::Language, video::Aspect, zone::Zone};
use crate::store::videos::MadeVideo;

/// What Excel knows UTF-8 by.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// One video of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    /// The video.
    pub video: &'a MadeVideo,
    /// The name of its file; `None` of one that cannot be had.
    pub file: Option<&'a str>,
    /// The part of the archive that it is in.
    pub part: u32,
}

/// The list as the bytes of a file.
pub(crate) fn video_list(voice: &Voice<'_>, zone: &Zone, videos: &[Listed<'_>]) -> Vec<u8> {
    let delimiter = match voice.language {
        Language::Ru => b';',
        Language::En => b',',
    };
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .flexible(true)
        .from_writer(MARK.to_vec());
    let columns = voice.text(Key::ArchiveColumns, &[]);
    // Nothing can fail that writes into memory.
    let _ = writer.write_record(columns.split(';').map(|column| harmless(column.trim())));
    for listed in videos {
        let _ = writer.write_record(row(voice, zone, listed));
    }
    writer.into_inner().unwrap_or_default()
}

fn row(voice: &Voice<'_>, zone: &Zone, listed: &Listed<'_>) -> [String; 11] {
    let video = listed.video;
    let form = match voice.language {
        Language::Ru => "%d.%m.%Y %H:%M",
        Language::En => "%Y-%m-%d %H:%M",
    };
    let title = video.title.as_ref().map_or("", |title| title.text(voice.language));
    let product = video.of_order().product.map(|product| product_name(voice, product));
    let part = match listed.file {
        Some(_) => listed.part.to_string(),
        None => voice.text(Key::ArchiveMissing, &[]),
    };
    [
        zone.shown(video.at, form),
        video.order.to_string(),
        video.number.to_string(),
        harmless(&product.unwrap_or_default()),
        harmless(title),
        video.aspect.map_or_else(String::new, shape),
        video.seconds.map_or_else(String::new, |seconds| seconds.to_string()),
        harmless(&video.prompt),
        if video.is_gift { "0".to_owned() } else { video.price.0.to_string() },
        harmless(listed.file.unwrap_or_default()),
        part,
    ]
}

/// `9:16` would be read as a time of the day.
fn shape(aspect: Aspect) -> String {
    aspect.word().replace(':', "x")
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+7", "-7", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1"] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        for text in ["", "арт. 7", "7-8", "a=b", "'"] {
            assert_eq!(harmless(text), text);
        }
    }
}
