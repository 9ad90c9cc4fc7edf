//! The operator's time zone.

use std::fmt;

use jiff::{
    ToSpan, civil,
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::domain::time::Timestamp;

/// A day of the calendar.
pub(crate) type Date = civil::Date;

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// Reads `2026-11`, for years that have four digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let read = Self { year: year.parse().ok()?, month: month.parse().ok()? };
        let is_one = (1970..=9998).contains(&read.year) && (1..=12).contains(&read.month);
        (is_one && read.to_string() == text).then_some(read)
    }

    /// The year, as 2026.
    pub fn year(self) -> u32 {
        self.year.unsigned_abs().into()
    }

    /// Its number in the year, from 1 on.
    pub fn number(self) -> u32 {
        self.month.unsigned_abs().into()
    }

    fn first(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }
}

/// `2026-11`
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A time zone, from the database that the program brings along: it is the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone with that name of IANA's, `Europe/Moscow`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().filter(|zone| !zone.is_unknown()).map(Self)
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The names of all zones.
    pub(crate) fn names() -> Vec<String> {
        let database = TimeZoneDatabase::bundled();
        database.available().map(|name| name.as_str().to_owned()).collect()
    }

    /// The minute as people there read it: `2025-11-24 19:00 MSK`.
    pub fn minute(&self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%d %H:%M %Z")
    }

    /// The moment there in a form of `strftime`.
    pub(crate) fn shown(&self, at: Timestamp, form: &str) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(time) => time.to_zoned(self.0.clone()).strftime(form).to_string(),
            Err(_) => at.to_string(),
        }
    }

    /// The hour of the day there, 0 to 23.
    pub fn hour(&self, at: Timestamp) -> Option<u8> {
        let time = jiff::Timestamp::from_millisecond(at.0).ok()?;
        u8::try_from(time.to_zoned(self.0.clone()).hour()).ok()
    }

    /// The distance from universal time there: `UTC+3`, `UTC+5:30`, `UTC`.
    pub fn offset(&self, at: Timestamp) -> String {
        let time = jiff::Timestamp::from_millisecond(at.0).ok();
        let seconds = time.map_or(0, |time| self.0.to_offset(time).seconds());
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        match (hours, minutes.abs()) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{hours:+}"),
            (hours, minutes) => format!("UTC{hours:+}:{minutes:02}"),
        }
    }

    /// The month there; `None` of a time that no calendar of ours has.
    pub(crate) fn month(&self, at: Timestamp) -> Option<Month> {
        let date = self.date(at)?;
        Month::parse(&format!("{:04}-{:02}", date.year(), date.month()))
    }

    /// When a month begins there, and when the next one does.
    pub(crate) fn span(&self, month: Month) -> (Timestamp, Timestamp) {
        let first = month.first();
        let next = first.checked_add(1.month()).unwrap_or(first);
        (self.begin(first), self.begin(next))
    }

    /// The midnight there with which a date begins.
    pub(crate) fn begin(&self, date: Date) -> Timestamp {
        let begin = date.to_zoned(self.0.clone()).and_then(|time| time.start_of_day());
        begin.map_or(Timestamp(0), |time| Timestamp(time.timestamp().as_millisecond()))
    }

    /// The midnight there so many days before the one before that moment.
    pub(crate) fn days_before(&self, at: Timestamp, days: i64) -> Timestamp {
        let date = self.date(at).and_then(|date| date.checked_sub(days.days()).ok());
        date.map_or(Timestamp(0), |date| self.begin(date))
    }

    /// The dates there from one moment to another, both included.
    pub(crate) fn dates(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Date> {
        let dates = self.date(from).zip(self.date(to));
        dates
            .into_iter()
            .flat_map(|(from, to)| from.series(1.day()).take_while(move |date| *date <= to))
    }

    /// The midnight there with which the day of that moment began.
    pub(crate) fn midnight(&self, at: Timestamp) -> Timestamp {
        let time = jiff::Timestamp::from_millisecond(at.0).ok();
        let day = time.and_then(|time| time.to_zoned(self.0.clone()).start_of_day().ok());
        day.map_or(at, |day| Timestamp(day.timestamp().as_millisecond()))
    }

    /// The date there, to be compared with others.
    pub fn date(&self, at: Timestamp) -> Option<Date> {
        let time = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(time.to_zoned(self.0.clone()).date())
    }

    /// When clocks there last showed this time of the day, at `now` or before. Where a day skips it,
    /// the moment at which it was skipped.
    pub fn last(&self, time: jiff::civil::Time, now: Timestamp) -> Option<Timestamp> {
        let today = self.date(now)?;
        [Some(today), today.yesterday().ok()].into_iter().flatten().find_map(|date| {
            let at = date.to_datetime(time).to_zoned(self.0.clone()).ok()?;
            Some(Timestamp(at.timestamp().as_millisecond())).filter(|at| *at <= now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_764_000_000_000);

    #[test]
    fn a_time_reads_as_people_there_read_it() {
        let minute = |name: &str| Zone::named(name).unwrap().minute(NOON);
        assert_eq!(minute("Europe/Moscow"), "2025-11-24 19:00 MSK");
        assert_eq!(minute("Asia/Vladivostok"), "2025-11-25 02:00 +10");
        assert_eq!(minute("America/New_York"), "2025-11-24 11:00 EST");
        assert_eq!(minute("UTC"), "2025-11-24 16:00 UTC");
        assert_eq!(Zone::utc().minute(NOON), "2025-11-24 16:00 UTC");
        assert_eq!(Zone::utc().minute(Timestamp(i64::MAX)), Timestamp(i64::MAX).to_string());
        assert_eq!(Zone::named("Europe/Moskow"), None);
    }

    #[test]
    fn a_time_of_the_day_comes_once_a_day() {
        let zone = Zone::named("Europe/Moscow").unwrap();
        let last = |hour, now| {
            let at = zone.last(jiff::civil::time(hour, 0, 0, 0), now).unwrap();
            zone.minute(at)
        };
        assert_eq!(last(19, NOON), "2025-11-24 19:00 MSK");
        assert_eq!(last(4, NOON), "2025-11-24 04:00 MSK");
        assert_eq!(last(20, NOON), "2025-11-23 20:00 MSK");
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let after_the_skip = Timestamp(1_774_747_800_000); // 2026-03-29 03:30 CEST
        let skipped = berlin.last(jiff::civil::time(2, 30, 0, 0), after_the_skip).unwrap();
        assert_eq!(berlin.minute(skipped), "2026-03-29 03:30 CEST");
    }

    #[test]
    fn a_day_there_begins_at_its_own_midnight() {
        let date = |name: &str| Zone::named(name).unwrap().date(NOON).unwrap().to_string();
        assert_eq!(date("Europe/Moscow"), "2025-11-24");
        assert_eq!(date("Asia/Vladivostok"), "2025-11-25");
    }
}
