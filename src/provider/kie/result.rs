//! Where the video of a finished task is.
//!
//! KIE passes on what the makers answer, so the result has many shapes: a list, an object, both
//! nested and encoded as JSON once more, under many names. An address is the video's unless its
//! place or its ending says that it is something else: a cover, the input, a page.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::provider::kie::wire::{address, decoded};

/// The names of the fields of a record that hold a result, and parts of such names.
const HOLDERS: &[&str] = &["url", "urls", "data", "info", "content", "file", "files", "media"];
const RESULTS: &[&str] = &["result", "video", "output", "response", "works", "download"];

/// Parts of the names of pictures.
const STILLS: &[&str] = &[
    "image",
    "img",
    "photo",
    "picture",
    "cover",
    "thumb",
    "poster",
    "frame",
    "snapshot",
    "screenshot",
    "avatar",
    "gif",
    "preview",
    "icon",
    "sprite",
    "storyboard",
];

/// Parts of the names of what was sent to KIE.
const INPUTS: &[&str] =
    &["param", "input", "request", "reference", "prompt", "callback", "webhook"];

/// Parts of the names of pages and of addresses of an API.
const PAGES: &[&str] = &["status", "cancel", "detail", "docs", "page", "share", "logurl", "poll"];

/// Parts of the names of what is heard or read; a video may have them, too.
const SOUNDS: &[&str] =
    &["audio", "music", "sound", "voice", "subtitle", "caption", "lyric", "transcript"];

/// Parts of the names of what may be the input as well as the video.
const SOURCES: &[&str] = &["source", "origin"];

/// Parts of the names of what is a video.
const VIDEOS: &[&str] = &["video", "result", "output", "mp4", "movie", "clip"];

/// Parts of the names of addresses.
const ADDRESSES: &[&str] =
    &["url", "uri", "link", "file", "src", "href", "download", "works", "media", "content"];

/// What stands before and after "watermark" in the names of videos without one.
const WITHOUT: &[&str] = &["no", "non", "un", "without", "remove", "removed", "free", "clean"];
const REMOVED: &[&str] = &["free", "remov", "less"];

/// Fields that say what the other fields of their object are about.
const TYPES: &[&str] = &[
    "type",
    "kind",
    "role",
    "format",
    "mimeType",
    "mime_type",
    "contentType",
    "content_type",
    "mediaType",
    "media_type",
    "fileType",
    "file_type",
];

/// The endings of files that are no video which Telegram plays.
const OTHER_FILES: &[&str] = &[
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "svg", "ico", "avif", "heic", "heif", "tif",
    "tiff", "mp3", "wav", "m4a", "aac", "ogg", "flac", "json", "txt", "html", "htm", "xml", "srt",
    "vtt", "ass", "m3u8", "mpd", "zip",
];

/// The address of the video in a record's `data`, if it is there. The clean video is preferred
/// to the one with a watermark.
pub(crate) fn video_address(data: &Value) -> Option<String> {
    let fields = data.as_object()?;
    let mut found = Vec::new();
    let (first, others): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(name, _)| name.as_str() == "resultJson");
    for (name, value) in first.into_iter().chain(others) {
        if HOLDERS.contains(&name.as_str()) || mentions(&plain(name), RESULTS) {
            search(value, Place::default().within(name), &mut found);
        }
    }
    let sent: BTreeSet<String> =
        ["param", "input"].iter().flat_map(|name| files(&data[*name])).collect();
    found.retain(|(_, url)| !sent.contains(file(url)));
    found.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, url)| url)
}

/// How little an address is preferred: it speaks of a picture itself, has a watermark, is perhaps the
/// input, no MP4 file, not called a video.
type Rank = (bool, Mark, bool, bool, bool);

/// What a name or an address says of a watermark, the preferred first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Without,
    #[default]
    Unsaid,
    With,
}

impl Mark {
    /// What a plain name says.
    fn of(name: &str) -> Self {
        let Some((before, after)) = name.split_once("watermark") else { return Self::Unsaid };
        let is_without = WITHOUT.iter().any(|word| before.ends_with(word))
            || REMOVED.iter().any(|word| after.starts_with(word));
        if is_without { Self::Without } else { Self::With }
    }

    /// This, or what was said further out.
    fn or(self, other: Self) -> Self {
        if self == Self::Unsaid { other } else { self }
    }
}

/// What the names on the way to a value say about it.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    is_no_video: bool,
    mark: Mark,
    is_source: bool,
    called: Called,
}

/// What the name of an address calls it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Called {
    #[default]
    Nothing,
    Address,
    Video,
}

impl Place {
    /// The place within this one that has a name.
    fn within(self, name: &str) -> Self {
        let name = plain(name);
        let is_video = mentions(&name, VIDEOS);
        Self {
            is_no_video: self.is_no_video
                || [STILLS, INPUTS, PAGES].iter().any(|words| mentions(&name, words))
                || !is_video && mentions(&name, SOUNDS),
            mark: Mark::of(&name).or(self.mark),
            is_source: self.is_source || mentions(&name, SOURCES),
            called: if is_video {
                Called::Video
            } else if mentions(&name, ADDRESSES) {
                Called::Address
            } else {
                Called::Nothing
            },
        }
    }

    /// The place of an object's fields, by what some of them say about the others.
    fn described_by(self, fields: &serde_json::Map<String, Value>) -> Self {
        let types = TYPES.iter().filter_map(|name| fields.get(*name)?.as_str());
        let flags = fields.iter().filter(|(_, value)| **value == Value::Bool(true));
        let marks =
            flags.map(|(name, _)| name.as_str()).filter(|name| plain(name).contains("watermark"));
        types
            .chain(marks)
            .fold(self, |place, name| Self { called: place.called, ..place.within(name) })
    }

    /// How little an address here is preferred; `None` if it is not the video's.
    fn rank(self, url: &str) -> Option<Rank> {
        let ending = ending(url);
        let is_mp4 = ending.as_deref() == Some("mp4");
        let is_other = ending.is_some_and(|ending| OTHER_FILES.contains(&ending.as_str()));
        let is_likely = is_mp4 || self.called != Called::Nothing && !self.is_source;
        let is_video = !self.is_no_video && !is_other && is_likely;
        let mark = self.mark.or(Mark::of(&plain(url)));
        // The name of a file, or how a host is to change it, may speak of a still.
        let name = url.rsplit('/').next().map(plain).unwrap_or_default();
        let is_still = mentions(&name, STILLS);
        let is_called_video = self.called == Called::Video;
        is_video.then_some((is_still, mark, self.is_source, !is_mp4, !is_called_video))
    }
}

/// Collects the addresses in a value that may be the video's.
fn search(value: &Value, place: Place, found: &mut Vec<(Rank, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| search(item, place, found)),
        Value::Object(fields) => {
            let inside = place.described_by(fields);
            fields.iter().for_each(|(name, value)| search(value, inside.within(name), found));
        }
        Value::String(text) => {
            if let Some(inner) = decoded(value) {
                search(&inner, place, found);
            }
            let urls = listed(text).into_iter();
            found.extend(urls.filter_map(|url| Some((place.rank(&url)?, url))));
        }
        _ => {}
    }
}

/// The address in a text, or the addresses in a list of such.
fn listed(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', ' ', '\n']).filter(|part| !part.is_empty());
    if text.matches("://").count() > 1 && parts.clone().all(|part| part.starts_with("http")) {
        parts.filter_map(address).collect()
    } else {
        address(text).into_iter().collect()
    }
}

/// Every file whose address is in a value.
fn files(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(files).collect(),
        Value::Object(fields) => fields.values().flat_map(files).collect(),
        Value::String(text) => match decoded(value) {
            Some(inner) => files(&inner),
            None => listed(text).iter().map(|url| file(url).to_owned()).collect(),
        },
        _ => Vec::new(),
    }
}

/// The host and the path of an address: whatever its scheme and query, it is the same file.
fn file(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.split_once("://").map_or(path, |(_, path)| path)
}

/// A name in lower case, without what stands between its words; `image_to_video` is a video.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let name: String = letters.flat_map(char::to_lowercase).collect();
    let made = name.find("tovideo").or_else(|| name.find("2video"));
    made.map_or_else(|| name.clone(), |at| name[at..].to_owned())
}

fn mentions(name: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| name.contains(part))
}

/// The ending of the file's name in an address, in lower case.
fn ending(url: &str) -> Option<String> {
    let (_, path) = file(url).split_once('/')?;
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(ending.to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VIDEO: &str = "https://h/v.mp4";

    fn found(result: &Value) -> Option<String> {
        let param = json!({"model": "m", "input": {"image_urls": ["https://h/in"],
            "video_url": "https://h/in.mp4"}});
        video_address(&json!({"resultJson": result, "param": param.to_string()}))
    }

    /// Encoded as JSON so many times more.
    fn encoded(value: &Value, times: usize) -> Value {
        (0..times).fold(value.clone(), |value, _| Value::from(value.to_string()))
    }

    #[test]
    fn a_video_is_found_in_every_shape_of_a_result() {
        for result in [
            json!(VIDEO),
            json!([VIDEO]),
            json!([[VIDEO]]),
            json!({"resultUrls": [VIDEO]}),
            json!({"resultUrls": VIDEO}),
            json!({"resultUrls": "[\"https://h/v.mp4\"]"}),
            json!({"resultUrl": VIDEO}),
            json!({"result_url": "https:\\/\\/h\\/v.mp4"}),
            json!({"videoUrl": VIDEO}),
            json!({"video_url": VIDEO}),
            json!({"videoURLs": [VIDEO]}),
            json!({"url": VIDEO}),
            json!({"urls": [VIDEO]}),
            json!({"video": VIDEO}),
            json!({"video": {"url": VIDEO, "content_type": "video/mp4"}}),
            json!({"videos": [{"url": VIDEO, "id": "7", "duration": "5.1"}]}),
            json!({"videos": {"720p": VIDEO}}),
            json!({"output": [VIDEO]}),
            json!({"output": {"video_url": VIDEO}}),
            json!({"task_result": {"videos": [{"id": 1, "url": VIDEO}]}}),
            json!({"data": {"works": [{"resource": {"resource": VIDEO}}]}}),
            json!({"content": {"video_url": VIDEO}}),
            json!({"file": {"download_url": VIDEO}}),
            json!({"resultObject": {"mp4": VIDEO}}),
            json!([{"type": "image_to_video", "url": VIDEO}]),
            json!(["", null, 7, "ftp://h/v.mp4", VIDEO]),
        ] {
            for times in 0..4 {
                let result = encoded(&result, times);
                assert_eq!(found(&result).as_deref(), Some(VIDEO), "{result}");
            }
        }
        for name in [
            "videoUrl",
            "video_url",
            "resultUrl",
            "resultUrls",
            "output",
            "url",
            "response",
            "info",
            "data",
        ] {
            let data = json!({ name: VIDEO, "resultJson": null });
            assert_eq!(video_address(&data).as_deref(), Some(VIDEO), "{name}");
        }
    }

    #[test]
    fn an_address_without_an_ending_is_a_video_where_its_name_says_so() {
        for result in [
            json!({"resultUrls": ["https://h/7"]}),
            json!({"url": "https://h/7", "cover": "https://h/8"}),
            json!({"video": {"src": "https://h/7", "poster": "https://h/8"}}),
            json!("https://h/7"),
        ] {
            assert_eq!(found(&result).as_deref(), Some("https://h/7"), "{result}");
        }
        for result in [json!({"id": "https://h/7"}), json!({"get": "https://h/7"})] {
            assert_eq!(found(&result), None, "{result}");
        }
    }

    #[test]
    fn the_clean_video_is_preferred_however_both_are_called() {
        let mark = "https://h/a-mark.mp4";
        for result in [
            json!({"resultUrls": [VIDEO], "resultWaterMarkUrls": [mark]}),
            json!({"url": VIDEO, "watermark_url": mark}),
            json!({"aWatermarkUrl": mark, "noWatermarkUrl": VIDEO}),
            json!({"videos": {"watermarked": mark, "without_watermark": VIDEO}}),
            json!([{"url": mark, "watermark": true}, {"url": VIDEO, "watermark": false}]),
            json!({"videoUrl": "https://h/plain.mp4", "videoUrlNoWatermark": VIDEO}),
            json!(["https://h/watermark/v.mp4", VIDEO]),
            json!("https://h/v.mp4?watermark=1,https://h/v.mp4"),
            json!({"unwatermarked": VIDEO, "video": mark.replace("a-", ""), "watermark": true}),
        ] {
            assert_eq!(found(&result).as_deref(), Some(VIDEO), "{result}");
        }
        let marked = json!({"resultUrls": [], "resultWaterMarkUrls": [mark]});
        assert_eq!(found(&marked).as_deref(), Some(mark));
    }

    #[test]
    fn an_address_that_speaks_of_a_still_is_the_last_to_be_taken() {
        for still in [
            "https://h/thumb",
            "https://h/x?type=image",
            "https://h/x.mp4?x-oss-process=video/snapshot,t_0,f_jpg",
            "https://h/v_cover.mp4",
        ] {
            let both = json!({"resultUrls": [still, "https://h/vid"]});
            assert_eq!(found(&both).as_deref(), Some("https://h/vid"), "{still}");
            let alone = json!({ "resultUrls": [still] });
            assert_eq!(found(&alone).as_deref(), Some(still), "it may be the video for all that");
        }
    }

    #[test]
    fn neither_a_picture_nor_the_input_nor_a_page_is_the_video() {
        let others = json!({
            "coverUrl": "https://h/1", "thumbnail_url": "https://h/2.jpg", "posterUrl": "https://h/3",
            "videoCover": "https://h/4", "videoThumbnailUrl": "https://h/5.mp4",
            "lastFrameUrl": "https://h/6", "first_frame_url": "https://h/7.png",
            "imageUrls": ["https://h/8"], "audioUrl": "https://h/9.mp3", "input": "https://h/10.mp4",
            "images": [{"url": "https://h/11"}], "status_url": "https://h/12", "url": "http://h/in?x=1",
            "sourceUrl": "https://h/13", "files": ["https://h/14.PNG?x=.mp4", "https://h/in"],
            "medias": [{"type": "image", "url": "https://h/15"},
                {"mime_type": "image/png", "url": "https://h/16"}],
            "resultUrls": ["https://h/in.mp4", "https://h/17.jpeg"], "previewUrl": "https://h/18",
        });
        assert_eq!(found(&others), None);
        let mut both = others;
        both["zz_result"] = json!({"url": VIDEO});
        assert_eq!(found(&both).as_deref(), Some(VIDEO));
        for name in ["param", "input", "callBackUrl", "model", "coverUrl"] {
            assert_eq!(video_address(&json!({ name: VIDEO })), None, "{name}");
        }
    }

    #[test]
    fn what_an_address_must_not_hold_is_encoded() {
        let spaced = found(&json!({"resultUrls": ["https://h/my video.mp4?a=b c"]}));
        assert_eq!(spaced.as_deref(), Some("https://h/my%20video.mp4?a=b%20c"));
    }
}
