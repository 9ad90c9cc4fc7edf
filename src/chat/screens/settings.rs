//! `/settings`: what a person may choose for themselves, with a mark at what holds now.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    screens::prompt::SHORT,
    setting::Setting,
    tap::Tap,
    text::units,
    voice::Voice,
};
use crate::domain::{quiet::QuietHours, user::Language, video::Aspect};

/// The most buttons of lengths in a row.
const IN_A_ROW: usize = 5;

/// What holds now, and what else there is.
#[derive(Clone, Debug)]
pub(crate) struct Chosen<'a> {
    /// The shape of new videos.
    pub aspect: Aspect,
    /// The shapes that can be had.
    pub aspects: &'a [Aspect],
    /// The length of new videos in seconds.
    pub seconds: u32,
    /// The lengths that can be had.
    pub lengths: &'a [u32],
    /// Whether quiet hours hold for the person.
    pub is_quiet: bool,
    /// Which hours those are, or would be.
    pub hours: QuietHours,
    /// In which zone, as `UTC+3`.
    pub zone: &'a str,
}

/// The settings. Of what there is only one there are no buttons.
pub(crate) fn settings(voice: &Voice<'_>, chosen: &Chosen<'_>) -> Screen {
    let (from, until) = chosen.hours.bounds();
    let hours = [
        ("from", i64::from(from).into()),
        ("until", i64::from(until).into()),
        ("zone", chosen.zone.into()),
    ];
    let nights = if chosen.is_quiet { Key::SettingsQuiet } else { Key::SettingsLoud };
    let text = [voice.text(Key::Settings, &[]), voice.text(nights, &hours)];
    let languages = Language::ALL.map(|language| {
        let label = voice.text(super::language::label(language), &[]);
        toggle(voice, &label, language == voice.language, Setting::Language(language))
    });
    let aspects = chosen.aspects.iter().map(|&aspect| {
        toggle(voice, aspect.word(), aspect == chosen.aspect, Setting::Aspect(aspect))
    });
    let lengths = chosen.lengths.iter().map(|&seconds| {
        let label = voice.text(Key::ButtonSeconds, &[("seconds", i64::from(seconds).into())]);
        toggle(voice, &label, seconds == chosen.seconds, Setting::Seconds(seconds))
    });
    let nights = [(Key::ButtonQuiet, true), (Key::ButtonLoud, false)].map(|(key, quiet)| {
        let label = voice.text(key, &[]);
        toggle(voice, &label, quiet == chosen.is_quiet, Setting::Quiet(quiet))
    });
    let screen = Screen::of_paragraphs(&text).row(languages).row(choice(aspects));
    let lengths = choice(lengths);
    let rows = lengths.chunks(IN_A_ROW).fold(screen, |screen, row| screen.row(row.to_vec()));
    stacked(&nights).into_iter().fold(rows, Screen::row)
}

/// Buttons two in a row, where a phone shows all of them whole; else one below the other.
fn stacked(buttons: &[Button]) -> Vec<Vec<Button>> {
    let fit = buttons.iter().all(|button| units(&button.label) <= SHORT);
    buttons.chunks(if fit { 2 } else { 1 }).map(<[Button]>::to_vec).collect()
}

/// The buttons, where there is something to choose.
fn choice(buttons: impl Iterator<Item = Button>) -> Vec<Button> {
    let buttons: Vec<Button> = buttons.collect();
    if buttons.len() > 1 { buttons } else { Vec::new() }
}

fn toggle(voice: &Voice<'_>, label: &str, holds: bool, setting: Setting) -> Button {
    let marked = || voice.text(Key::ButtonChosen, &[("name", label.into())]);
    let label = if holds { marked() } else { label.to_owned() };
    Button::new(&label, &Tap::Setting(setting))
}
