//! A person looks through their videos, or wants some of them again.

use std::collections::BTreeMap;

use crate::actions::send_again::{Requested, send_again};
use crate::chat::{
    conversation::Conversation,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::my_videos::{self, ON_A_PAGE, Page, pages},
    video_tap::LONGEST_SEARCH,
};
use crate::domain::{
    awaited::Awaited,
    export::{Export, Group},
    id::JobId,
    zone::Month,
};
use crate::store::{
    error::StoreError,
    videos::{self, MadeVideo},
};

/// How many videos are looked through for a word: the newest.
const LOOKED_THROUGH: u32 = 5000;

/// How many months, and how many orders, can be had as archives by a button.
const ARCHIVES: usize = 6;

/// What stands before an article number and says nothing itself.
const ARTICLE: [&str; 8] = ["арт", "артикул", "art", "article", "sku", "no", "n", "№"];

/// `/my`: the newest videos.
pub(crate) fn on_my(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    Ok(Reply::Message(page(conversation, 1, None)?))
}

/// `/my арт 123`, or the text that was asked for with "🔎": what is found, in a new message.
pub(crate) fn on_find(conversation: &Conversation<'_>, text: &str) -> Result<Reply, StoreError> {
    let search = search_of(text);
    Ok(Reply::Message(page(conversation, 1, search.as_deref())?))
}

/// Another page, in the message that was tapped.
pub(crate) fn on_page(
    conversation: &Conversation<'_>,
    number: u32,
    search: Option<&str>,
) -> Result<Reply, StoreError> {
    Ok(Reply::Edit(Anchor::MyVideos, page(conversation, number, search)?))
}

/// "🔎": the next text is what to look for.
pub(crate) fn on_search(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    conversation.expect_text(Awaited::Search)?;
    Ok(Reply::Message(my_videos::search(&conversation.voice())))
}

/// A video is to be sent again.
pub(crate) fn on_again(conversation: &Conversation<'_>, job: JobId) -> Result<Reply, StoreError> {
    Ok(match request(conversation, Export::Video(job))? {
        Requested::New(_) | Requested::Already => conversation.toast(Key::ToastSending),
        Requested::Nothing => conversation.stale(),
    })
}

/// "📎 As a file"
pub(crate) fn on_as_file(conversation: &Conversation<'_>, job: JobId) -> Result<Reply, StoreError> {
    Ok(match request(conversation, Export::File(job))? {
        Requested::New(_) => conversation.toast(Key::ToastFile),
        Requested::Already => conversation.toast(Key::ToastOnItsWay),
        Requested::Nothing => conversation.stale(),
    })
}

/// "🗂 Download all": which months and orders there are.
pub(crate) fn on_archives(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    let (tx, user, zone) = (conversation.tx, conversation.user.id, &conversation.settings.timezone);
    let times = videos::times(tx, user, tx.now)?;
    let mut months: BTreeMap<Month, u32> = BTreeMap::new();
    for month in times.into_iter().filter_map(|at| zone.month(at)) {
        *months.entry(month).or_default() += 1;
    }
    let months: Vec<_> = months.into_iter().rev().take(ARCHIVES).collect();
    if months.is_empty() {
        return on_page(conversation, 1, None);
    }
    let most = u32::try_from(ARCHIVES).unwrap_or(u32::MAX);
    let orders = videos::orders(tx, user, tx.now, most)?;
    let screen = my_videos::archives(&conversation.voice(), &months, &orders);
    Ok(Reply::Edit(Anchor::MyVideos, screen))
}

/// An archive is to be put together.
pub(crate) fn on_archive(
    conversation: &Conversation<'_>,
    group: Group,
) -> Result<Reply, StoreError> {
    Ok(match request(conversation, Export::Archive(group))? {
        Requested::New(videos) => {
            Reply::Message(my_videos::archive_begun(&conversation.voice(), videos))
        }
        Requested::Already => conversation.toast(Key::ToastOnItsWay),
        Requested::Nothing => conversation.stale(),
    })
}

fn request(conversation: &Conversation<'_>, what: Export) -> Result<Requested, StoreError> {
    let zone = &conversation.settings.timezone;
    send_again(conversation.tx, conversation.user.id, what, zone)
}

/// A page of all videos, or of those in which a text is found. A number beyond the last is the last.
fn page(
    conversation: &Conversation<'_>,
    number: u32,
    search: Option<&str>,
) -> Result<Screen, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let skipped = |all| (number.clamp(1, pages(all)) - 1).saturating_mul(ON_A_PAGE);
    let (videos, all) = if let Some(search) = search {
        let mut found = found(conversation, search)?;
        let all = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let from = usize::try_from(skipped(all)).unwrap_or(usize::MAX);
        found.drain(..from.min(found.len()));
        found.truncate(ON_A_PAGE as usize);
        (found, all)
    } else {
        let all = videos::count(tx, user, tx.now)?;
        (videos::page(tx, user, tx.now, skipped(all), ON_A_PAGE)?, all)
    };
    let (number, zone) = (number.clamp(1, pages(all)), &conversation.settings.timezone);
    let shown = Page { videos: &videos, number, all, search, zone };
    Ok(my_videos::page(&conversation.voice(), &shown))
}

/// The videos in whose names all the words are found; where there is none, in whose prompts.
fn found(conversation: &Conversation<'_>, search: &str) -> Result<Vec<MadeVideo>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let wanted = wanted(search);
    let has_all = |text: &str| {
        let text = plain(text);
        wanted.iter().all(|word| text.contains(word))
    };
    let videos = videos::page(tx, user, tx.now, 0, LOOKED_THROUGH)?;
    let (named, others): (Vec<_>, Vec<_>) =
        videos.into_iter().partition(|video| has_all(&names(video)));
    if !named.is_empty() {
        return Ok(named);
    }
    Ok(others.into_iter().filter(|video| has_all(&video.prompt)).collect())
}

fn names(video: &MadeVideo) -> String {
    let titles = video.title.as_ref().map(|title| [title.ru.as_str(), title.en.as_str()]);
    let names = video.product.as_deref().into_iter().chain(titles.into_iter().flatten());
    names.collect::<Vec<_>>().join("\n")
}

/// The words that must be found: those that say what they stand beside count only alone.
fn wanted(search: &str) -> Vec<String> {
    let plain = plain(search);
    let words = || plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling: Vec<String> =
        words().filter(|word| !ARTICLE.contains(word)).map(str::to_owned).collect();
    match (telling.is_empty(), words().next()) {
        (false, _) => telling,
        (true, Some(_)) => words().map(str::to_owned).collect(),
        // Nothing but signs: as they stand.
        (true, None) => vec![plain.trim().to_owned()],
    }
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// What is looked for, as the buttons of its pages can carry it; `None` of an empty text.
fn search_of(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let mut search = words.join(" ");
    let mut end = search.len().min(LONGEST_SEARCH);
    while !search.is_char_boundary(end) {
        end -= 1;
    }
    search.truncate(end);
    let search = search.trim_end();
    (!search.is_empty()).then(|| search.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_found_however_it_is_written() {
        for (search, words) in [
            ("арт 123", &["123"][..]),
            ("Артикул № 123/4", &["123", "4"]),
            ("Тёплый свет", &["теплый", "свет"]),
            ("арт", &["арт"]),
            ("№", &["№"]),
        ] {
            assert_eq!(wanted(search), words, "{search}");
        }
    }

    #[test]
    fn what_is_looked_for_fits_a_button() {
        assert_eq!(search_of("  арт \n\t 123 ").as_deref(), Some("арт 123"));
        assert_eq!(search_of(" \n "), None);
        let long = search_of(&"ж".repeat(500)).unwrap();
        assert_eq!(long.len(), LONGEST_SEARCH);
        assert!(search_of(&"a🎬".repeat(50)).unwrap().len() <= LONGEST_SEARCH);
    }
}
