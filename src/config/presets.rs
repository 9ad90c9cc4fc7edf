//! `[[presets]]`: the prompt buttons that come with reelbot.

use std::path::PathBuf;

use crate::config::findings::{Findings, row, without_long_words};
use crate::domain::{
    preset::{Localized, Preset},
    text::is_blank,
    user::Language,
};

/// The longest label, in UTF-16 units: the chat cuts what is longer.
pub(crate) const LONGEST_LABEL: usize = 40;

/// The most presets: below a photo there are three more buttons, and ten for a person's own styles.
const MOST: usize = 87;

/// The shipped buttons. A config file with presets of its own replaces them all.
///
/// Each idea is a complete prompt: while GPT is down it goes to the model as it
/// is. All keep the product unchanged and leave people out, because models
/// distort labels when asked for more and refuse photos with people.
pub(crate) fn shipped() -> Vec<Preset> {
    vec![
        preset("scroll-up", "⬆️ Прокрути вверх", "⬆️ Scroll up", SCROLL_UP),
        preset("orbit", "🔄 Покрути вокруг", "🔄 Spin around", ORBIT),
        preset("hero-zoom", "🔍 Покажи детали", "🔍 Show the details", HERO_ZOOM),
        preset("soft-light", "✨ Игра света", "✨ Play of light", SOFT_LIGHT),
        preset("fresh-splash", "💧 Капли и брызги", "💧 Drops and splashes", FRESH_SPLASH),
    ]
}

fn preset(id: &str, ru: &str, en: &str, idea: &str) -> Preset {
    let label = Localized { ru: ru.to_owned(), en: en.to_owned() };
    Preset { id: id.to_owned(), label, idea: idea.to_owned(), sample: PathBuf::new() }
}

/// Notes what is wrong in `[[presets]]`.
pub(crate) fn check(presets: &[Preset], findings: &mut Findings) {
    if presets.len() > MOST {
        let problem = format!(
            "has {} rows, and Telegram shows 100 buttons at most, 13 of them others",
            presets.len()
        );
        findings.add("presets", problem, format!("keep {MOST} at most; five to ten are usual"));
    }
    for (index, preset) in presets.iter().enumerate() {
        let key = row("presets", &preset.id);
        if !Preset::id_is_valid(&preset.id) {
            let hint = "write 1 to 24 of a-z, 0-9 and -, as in \"scroll-up\"";
            findings.add(format!("{key}: id"), "is not a valid id", hint);
        }
        if presets[..index].iter().any(|earlier| earlier.id == preset.id) {
            findings.add(format!("{key}: id"), "is there twice", "give each preset its own id");
        }
        for language in Language::ALL {
            let label = preset.label.text(language);
            let length = if is_blank(label) { 0 } else { label.encode_utf16().count() };
            if !(1..=LONGEST_LABEL).contains(&length) {
                let key = format!("{key}: label.{}", language.code());
                let hint = "write 1 to 40 characters, of which an emoji is two or more: more does \
                            not fit on a button";
                findings.add(key, format!("has {length} characters"), hint);
            }
        }
        findings.expect_text(format!("{key}: idea"), &preset.idea);
    }
}

/// Notes what may not be what was meant: no buttons at all, or two that say the same.
pub(crate) fn warn(presets: &[Preset], findings: &mut Findings) {
    if presets.is_empty() {
        let problem = "is an empty list: people have no button but that for a text of their own";
        findings.add("presets", problem, "leave it out for those as shipped, or write [[presets]]");
    }
    for (index, preset) in presets.iter().enumerate() {
        for language in Language::ALL {
            let label = |preset: &Preset| preset.label.text(language).trim().to_lowercase();
            let same = presets[..index].iter().find(|earlier| label(earlier) == label(preset));
            if let Some(same) = same {
                let key = format!("{}: label.{}", row("presets", &preset.id), language.code());
                let problem = format!("is that of \"{}\" too", without_long_words(&same.id));
                findings.add(key, problem, "give each button a label of its own");
            }
        }
    }
}

const SCROLL_UP: &str = "The camera glides slowly and smoothly upward along the product, from its \
    base to its top, in one continuous shot, as if the viewer were scrolling up a page. The \
    product stands still and stays exactly as in the photo: same shape, colours, label and text. \
    Soft studio light, gentle reflections, the background drifts past with a slight parallax. \
    Photorealistic, sharp focus, no people, no hands, no added text.";

const ORBIT: &str = "The camera circles the product in one slow, steady, full turn at a constant \
    distance and height, as on a turntable, so that it is seen from every side. The product stays \
    in the centre, sharp and exactly as in the photo: same shape, colours, label and text. Clean \
    studio light whose highlights travel over the surface. Photorealistic, no people, no hands, \
    no added text.";

const HERO_ZOOM: &str = "The shot opens on the whole product, then the camera moves in slowly \
    and smoothly to a close-up of its finest detail: the texture, the material, the finish. It \
    rests there for a moment with a shallow depth of field. The product stays exactly as in the \
    photo: same shape, colours, label and text. Warm directional light, photorealistic, no \
    people, no hands, no added text.";

const SOFT_LIGHT: &str = "The product stands still while the light comes alive: a soft beam of \
    morning sun moves slowly across it, shadows glide over the background, fine dust glimmers in \
    the air, and a gentle highlight runs along its edges. The camera pushes in almost \
    imperceptibly. The product stays exactly as in the photo: same shape, colours, label and \
    text. Calm, premium mood, photorealistic, no people, no hands, no added text.";

const FRESH_SPLASH: &str = "In slow motion a clean splash of crystal-clear water rises around the \
    product, droplets hang in the air and sparkle, and a few run down its surface. The camera \
    holds steady at product height with a slight push in. The product stays in the centre, \
    upright, and exactly as in the photo: same shape, colours, label and text. Bright backlight, \
    fresh mood, photorealistic, no people, no hands, no added text.";
