//! `telegram.timezone`: a name of IANA's.

use crate::config::{
    findings::{Findings, without_long_words},
    likeness::most_alike,
};
use crate::domain::zone::Zone;

/// The shortest name, in characters, for which a like one is looked for.
const SHORT: usize = 5;

/// Notes a name that no zone has, with the one that may be meant.
pub(crate) fn check(key: &str, name: &str, findings: &mut Findings) {
    if Zone::named(name).is_some() {
        return;
    }
    let hint = match nearest(name) {
        Some(nearest) => format!("did you mean \"{nearest}\"?"),
        None => "write a name of IANA's, such as \"Europe/Moscow\" or \"Asia/Yekaterinburg\"; an \
                 offset such as UTC+3 is none"
            .to_owned(),
    };
    findings.add(key, format!("is \"{}\", which is no time zone", without_long_words(name)), hint);
}

/// The name of a place that is most like this one: the whole of it, or its city. Abbreviations and
/// `Etc/GMT+3`, which is behind GMT, are hardly meant.
fn nearest(name: &str) -> Option<String> {
    let names = Zone::names();
    let is_place = |name: &&str| name.contains('/') && !name.starts_with("etc/");
    let small: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let name = name.trim().to_lowercase().replace(' ', "_");
    let at = |found: &str| small.iter().position(|small| small == found);
    let places = || small.iter().map(String::as_str).filter(is_place);
    let city = |place: &'_ str| place.rsplit_once('/').map(|(_, city)| city.to_owned());
    let of_city = |name: &str| {
        let place = places().find(|place| city(place).as_deref() == Some(name))?;
        at(place)
    };
    let cities: Vec<String> = places().filter_map(city).collect();
    // So short a name is an abbreviation, which is like any city.
    let is_short = name.chars().count() < SHORT;
    let exact = at(&name).or_else(|| of_city(&name));
    if is_short || exact.is_some() {
        return exact.map(|index| names[index].clone());
    }
    let found = most_alike(&name, places())
        .and_then(at)
        .or_else(|| most_alike(&name, cities.iter().map(String::as_str)).and_then(of_city));
    found.map(|index| names[index].clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_zone_has_comes_with_the_one_that_may_be_meant() {
        let hint = |name: &str| {
            let mut findings = Findings::default();
            check("telegram.timezone", name, &mut findings);
            findings.0.pop().map(|finding| finding.hint)
        };
        for known in ["Europe/Moscow", "europe/moscow", "Asia/Yekaterinburg", "UTC", "Etc/GMT-3"] {
            assert_eq!(hint(known), None, "{known}");
        }
        for (slip, meant) in [
            ("Moscow", "Europe/Moscow"),
            ("Europe/Moskow", "Europe/Moscow"),
            (" Europe/Moscow", "Europe/Moscow"),
            ("Europe\\Moscow", "Europe/Moscow"),
            ("vladivostok", "Asia/Vladivostok"),
            ("Yekaterinberg", "Asia/Yekaterinburg"),
            ("New York", "America/New_York"),
            ("Asia/Novosibirks", "Asia/Novosibirsk"),
        ] {
            assert_eq!(hint(slip), Some(format!("did you mean \"{meant}\"?")), "{slip}");
        }
        for strange in ["", "UTC+3", "+03:00", "GMT+3", "MSK", "Москва", "the zone that I live in"]
        {
            assert!(hint(strange).unwrap().contains("Europe/Moscow"), "{strange}");
        }
        assert!(hint(&"Moscow".repeat(10_000)).is_some());
    }
}
