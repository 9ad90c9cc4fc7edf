//! What is looked up of a person's videos for an answer: in a read, before the transaction of their
//! update, for it takes the longer the more videos they have.

use std::collections::HashMap;

use crate::chat::{
    input::{Incoming, Input},
    key::Key,
    looked_up::{LookedUp, Seen, Wanted},
    screen::Screen,
    screens::{
        archives::{self, ARCHIVES_ON_A_PAGE},
        my_videos::{self, ON_A_PAGE, Page, pages},
    },
    settings::Settings,
    voice::Voice,
};
use crate::domain::{
    awaited::Awaited,
    id::{JobId, UserId},
    time::Timestamp,
    user::Language,
    zone::{Month, Zone},
};
use crate::store::{
    error::StoreError,
    tx::View,
    users::{self, User},
    video_groups,
    videos::{self, MadeVideo, Names},
};

/// How many videos are looked through for a word: the newest.
const LOOKED_THROUGH: u32 = 5000;

/// What stands before an article number and says nothing itself.
const ARTICLE: [&str; 8] = ["арт", "артикул", "art", "article", "sku", "no", "n", "№"];

/// Looks up what an update of a person is about, or may be: a text is looked for when it was asked for.
pub(crate) fn look_up(
    settings: &Settings,
    view: &View<'_>,
    now: Timestamp,
    incoming: &Incoming,
    wanted: Wanted,
) -> Result<Option<LookedUp>, StoreError> {
    let Some(user) = users::find(view, incoming.from.id)? else { return Ok(None) };
    let is_search = matches!(user.awaits, Some((Awaited::Search, until)) if now < until);
    if matches!(incoming.input, Input::Text(_)) && !is_search {
        return Ok(None);
    }
    let seen = see(settings, view, now, &user, &wanted)?;
    Ok(Some(LookedUp { wanted, seen }))
}

/// Looks at the videos of a person.
pub(crate) fn see(
    settings: &Settings,
    view: &View<'_>,
    now: Timestamp,
    user: &User,
    wanted: &Wanted,
) -> Result<Seen, StoreError> {
    let looking =
        Looking { settings, view, now, user: user.id, voice: settings.words.voice(user.language) };
    match wanted {
        Wanted::Page(number, search) => looking.page(*number, search.as_deref()).map(Seen::Screen),
        Wanted::Months(number) => looking.months(*number).map(Seen::Screen),
        Wanted::Orders(number) => looking.orders(*number).map(Seen::Screen),
        Wanted::Archive(group) => {
            let zone = &settings.timezone;
            video_groups::count(view, user.id, now, *group, zone).map(Seen::Videos)
        }
    }
}

struct Looking<'a> {
    settings: &'a Settings,
    view: &'a View<'a>,
    now: Timestamp,
    user: UserId,
    voice: Voice<'a>,
}

impl Looking<'_> {
    /// A page of all videos, or of those in which a text is found. A number beyond the last is the last.
    fn page(&self, number: u32, search: Option<&str>) -> Result<Screen, StoreError> {
        let (view, user, now) = (self.view, self.user, self.now);
        let skipped = |all| (number.clamp(1, pages(all)) - 1).saturating_mul(ON_A_PAGE);
        let (videos, all) = if let Some(search) = search {
            let found = self.found(search)?;
            let all = u32::try_from(found.len()).unwrap_or(u32::MAX);
            let skipped = usize::try_from(skipped(all)).unwrap_or(usize::MAX);
            let shown = found.into_iter().skip(skipped).take(ON_A_PAGE as usize);
            let videos = shown.map(|job| videos::find(view, user, now, job));
            let videos: Vec<Option<MadeVideo>> = videos.collect::<Result<_, _>>()?;
            (videos.into_iter().flatten().collect(), all)
        } else {
            let all = videos::count(view, user, now)?;
            (videos::page(view, user, now, skipped(all), ON_A_PAGE)?, all)
        };
        let (zone, presets) = (&self.settings.timezone, &self.settings.presets);
        let number = number.clamp(1, pages(all));
        let shown = Page { videos: &videos, number, all, search, zone, presets };
        Ok(my_videos::page(&self.voice, &shown))
    }

    /// The videos in whose names all the words are found; where there is none, in whose prompts.
    fn found(&self, search: &str) -> Result<Vec<JobId>, StoreError> {
        let (view, user, now) = (self.view, self.user, self.now);
        let wanted = wanted(search);
        let has_all = |text: &str| {
            let text = plain(text);
            // "AB-12" is found by "ab12" too.
            let closed = || text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            wanted.iter().all(|word| text.contains(word) || closed().contains(word))
        };
        let presets = &self.settings.presets;
        let ideas: HashMap<&str, String> = presets
            .iter()
            .map(|preset| {
                (preset.id.as_str(), Language::ALL.map(|language| preset.name(language)).join("\n"))
            })
            .collect();
        let own = Language::ALL.map(|l| self.settings.words.voice(l).text(Key::MyOwnText, &[]));
        let own = own.join("\n");
        let named = videos::named(view, user, now, LOOKED_THROUGH, |names| {
            let Names { product, title, preset } = *names;
            let idea = preset.map_or(Some(&own), |preset| ideas.get(preset));
            let (ru, en) = title.unzip();
            let texts = [product, ru, en, idea.map(String::as_str)];
            has_all(&texts.into_iter().flatten().collect::<Vec<_>>().join("\n"))
        })?;
        if named.is_empty() {
            return videos::prompted(view, user, now, LOOKED_THROUGH, has_all);
        }
        Ok(named)
    }

    /// A page of the months, the newest first. A number beyond the last is the last.
    fn months(&self, number: u32) -> Result<Screen, StoreError> {
        let times = video_groups::times(self.view, self.user, self.now)?;
        let months = months(&times, &self.settings.timezone);
        if months.is_empty() {
            return self.page(1, None);
        }
        let mut pages = months.chunks(ARCHIVES_ON_A_PAGE as usize);
        let last = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let number = number.clamp(1, last);
        let shown = pages.nth(number as usize - 1).unwrap_or_default();
        Ok(archives::months(&self.voice, shown, number, number < last))
    }

    /// A page of the orders and series, the newest first. A number beyond the last is the first.
    fn orders(&self, number: u32) -> Result<Screen, StoreError> {
        let page = |number: u32| {
            let skipped = (number - 1).saturating_mul(ARCHIVES_ON_A_PAGE);
            let most = ARCHIVES_ON_A_PAGE + 1;
            video_groups::orders(self.view, self.user, self.now, skipped, most)
        };
        let (mut number, mut orders) = (number.max(1), page(number.max(1))?);
        if orders.is_empty() {
            (number, orders) = (1, page(1)?);
        }
        if orders.is_empty() {
            return self.page(1, None);
        }
        let has_more = orders.len() > ARCHIVES_ON_A_PAGE as usize;
        orders.truncate(ARCHIVES_ON_A_PAGE as usize);
        Ok(archives::orders(&self.voice, &orders, self.settings.told(), number, has_more))
    }
}

/// The months of these times, which are the newest first, with how many there are of each.
fn months(times: &[Timestamp], zone: &Zone) -> Vec<(Month, u32)> {
    let mut months: Vec<(Month, u32)> = Vec::new();
    let mut begin = None;
    for at in times {
        match months.last_mut() {
            // The calendar is asked once for each month.
            Some((_, count)) if begin.is_some_and(|begin| *at >= begin) => *count += 1,
            _ => {
                let Some(month) = zone.month(*at) else { continue };
                begin = Some(zone.span(month).0);
                months.push((month, 1));
            }
        }
    }
    months
}

/// The words that must be found: those that say what they stand beside count only alone.
fn wanted(search: &str) -> Vec<String> {
    let plain = plain(search);
    let words = || plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling: Vec<String> =
        words().filter(|word| !ARTICLE.contains(word)).map(|word| bare(word).to_owned()).collect();
    match (telling.is_empty(), words().next()) {
        (false, _) => telling,
        (true, Some(_)) => words().map(str::to_owned).collect(),
        // Nothing but signs: as they stand.
        (true, None) => vec![plain.trim().to_owned()],
    }
}

/// `123` of `арт123`.
fn bare(word: &str) -> &str {
    let rests = ARTICLE.iter().filter_map(|said| word.strip_prefix(said));
    let numbered = rests.filter(|rest| rest.contains(|c: char| c.is_ascii_digit()));
    numbered.min_by_key(|rest| rest.len()).unwrap_or(word)
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_found_however_it_is_written() {
        for (search, words) in [
            ("арт 123", &["123"][..]),
            ("Артикул № 123/4", &["123", "4"]),
            ("арт123", &["123"]),
            ("Артикул77", &["77"]),
            ("sku9 артS1", &["9", "s1"]),
            ("артист", &["артист"]),
            ("Тёплый свет", &["теплый", "свет"]),
            ("арт", &["арт"]),
            ("№", &["№"]),
        ] {
            assert_eq!(wanted(search), words, "{search}");
        }
    }
}
