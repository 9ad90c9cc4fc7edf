//! How a series went: one summary of all its products.

use crate::chat::{
    album_tap::AlbumTap,
    caption::product_name,
    key::Key,
    refusal::{photo_gone, sentence, waited_in_vain},
    screen::{Button, Screen},
    tap::Tap,
    text::cut,
    voice::Voice,
};
use crate::domain::{
    article::Product,
    credits::Credits,
    failure::{FailureKind, Violation, cause},
    id::BatchId,
};
use crate::store::{batches::ProductEnding, orders::Ending};

/// So many causes are told: a message has its limit.
const MOST_CAUSES: usize = 3;

/// The most of the products' names that are listed for one cause, in UTF-16 units.
const MAX_NAMES: usize = 200;

/// How a series went, with each cause of what failed and the products that it met, and what can be done for
/// those that were refused. `more` is the series while some product of it can still be filmed.
pub(crate) fn closing(
    voice: &Voice<'_>,
    more: Option<BatchId>,
    endings: &[ProductEnding],
) -> Screen {
    let sum =
        |of: fn(&Ending) -> u32| endings.iter().map(|product| of(&product.ending)).sum::<u32>();
    let (count, delivered) = (sum(|ending| ending.count), sum(|ending| ending.delivered));
    let cancelled = sum(Ending::cancelled);
    let key = match delivered {
        all if all == count && more.is_some() => Key::SeriesClosing,
        0 if cancelled == count => Key::ClosingCancelled,
        0 if more.is_none() => Key::SeriesClosingOver,
        0 => Key::SeriesClosingNone,
        _ => Key::SeriesClosingSome,
    };
    let values = [("delivered", delivered.into()), ("count", count.into())];
    let mut text = vec![voice.text(key, &values)];
    if cancelled > 0 && cancelled < count {
        let values = [("videos", cancelled.into()), ("count", count.into())];
        text.push(voice.text(Key::StatusCancelled, &values));
    }
    for cause in causes(endings) {
        text.push(failed(voice, endings, cause));
    }
    let photos = endings.iter().filter(|product| product.ending.is_photo_refused()).count();
    let another_photo = voice.button(Key::ButtonAnotherPhoto, &Tap::AnotherPhoto);
    rewrites(voice, endings)
        .into_iter()
        .fold(Screen::of_paragraphs(&text), |screen, rewrite| screen.row([rewrite]))
        .row((photos > 0).then_some(another_photo))
        .row(
            more.map(|batch| {
                voice.button(Key::ButtonSeriesMore, &Tap::Album(AlbumTap::More(batch)))
            }),
        )
        .row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

/// "✍️ Rewrite for free" for each product whose text was refused.
fn rewrites(voice: &Voice<'_>, endings: &[ProductEnding]) -> Vec<Button> {
    let refused = endings.iter().filter(|product| product.ending.is_text_refused());
    let refused: Vec<&ProductEnding> = refused.collect();
    let label = |product: &ProductEnding| match called(voice, product) {
        Some(name) if refused.len() > 1 => {
            voice.text(Key::ButtonRewriteProduct, &[("name", name.as_str().into())])
        }
        _ => voice.text(Key::ButtonRewrite, &[]),
    };
    let tap = |product: &ProductEnding| Tap::Rewrite { order: product.order };
    refused.iter().map(|product| Button::new(&label(product), &tap(product))).collect()
}

/// What a product is called.
fn called(voice: &Voice<'_>, product: &ProductEnding) -> Option<String> {
    let ProductEnding { name, place, .. } = product;
    Product::of(name.as_deref(), *place).map(|product| product_name(voice, product))
}

/// What is told of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The photo could be had no more.
    PhotoGone,
    /// The video was there, and its person was not.
    Away,
    /// Another one.
    Failure(FailureKind, Option<Violation>),
}

impl Cause {
    /// Of a failure of that product.
    fn of(product: &ProductEnding, kind: FailureKind, violation: Option<Violation>) -> Self {
        let (kind, violation) = cause(kind, violation);
        if product.is_photo_gone && violation == Some(Violation::BadFile) {
            return Self::PhotoGone;
        }
        if product.ending.is_away && kind == FailureKind::Temporary {
            return Self::Away;
        }
        Self::Failure(kind, violation)
    }
}

/// The causes of what failed, each once, without what was called off; more than a few are told by the
/// first ones.
fn causes(endings: &[ProductEnding]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    for product in endings {
        for (kind, violation) in &product.ending.failures {
            let cause = Cause::of(product, *kind, *violation);
            if *kind != FailureKind::Cancelled && !causes.contains(&cause) {
                causes.push(cause);
            }
        }
    }
    causes.truncate(MOST_CAUSES);
    causes
}

fn failed(voice: &Voice<'_>, endings: &[ProductEnding], cause: Cause) -> String {
    let met = |product: &ProductEnding| {
        product.ending.count(|kind, violation| Cause::of(product, kind, violation) == cause)
    };
    let videos = endings.iter().map(met).sum();
    let back = endings.iter().map(|product| product.ending.price.times(met(product)).0).sum();
    let text = match cause {
        Cause::PhotoGone => photo_gone(voice, videos, Credits(back)),
        Cause::Away => waited_in_vain(voice, videos, Credits(back)),
        Cause::Failure(kind, violation) => sentence(voice, kind, violation, videos, Credits(back)),
    };
    let names = endings.iter().filter(|product| met(product) > 0);
    let names: Vec<String> = names.filter_map(|product| called(voice, product)).collect();
    if names.is_empty() {
        return text;
    }
    let names = cut(&names.join(", "), MAX_NAMES);
    format!("{text}\n{}", voice.text(Key::VideoProduct, &[("name", names.as_str().into())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{id::OrderId, user::Language};

    fn product(
        place: u32,
        delivered: u32,
        kinds: &[(FailureKind, Option<Violation>)],
    ) -> ProductEnding {
        let count = delivered + u32::try_from(kinds.len()).unwrap();
        let failures = kinds.to_vec();
        let ending = Ending { count, price: Credits(1), delivered, failures, is_away: false };
        let (order, place) = (OrderId(place.into()), Some(place));
        ProductEnding { order, name: None, place, ending, is_photo_gone: false }
    }

    fn shown(endings: &[ProductEnding]) -> (String, Vec<(String, String)>) {
        let screen = closing(&Words::shipped().voice(Language::Ru), Some(BatchId(4)), endings);
        let button = |button: &Button| (button.label.clone(), button.data().to_owned());
        let buttons = screen.buttons.iter().flatten().map(button).collect();
        (screen.text().replace('\u{a0}', " "), buttons)
    }

    #[test]
    fn what_was_called_off_has_not_failed() {
        let off = (FailureKind::Cancelled, None);
        let failed = (FailureKind::Timeout, None);
        for (endings, begins, off_too) in [
            (vec![product(1, 2, &[])], "🎉 Готово 2 из 2 видео!", false),
            (vec![product(1, 0, &[off]), product(2, 0, &[off])], "Заказ отменён, кредиты", false),
            (vec![product(1, 1, &[]), product(2, 0, &[off])], "Готово 1 из 2 видео", true),
            (vec![product(1, 0, &[failed]), product(2, 0, &[off])], "На этот раз видео", true),
            (vec![product(1, 1, &[failed]), product(2, 0, &[off])], "Готово 1 из 3 видео", true),
        ] {
            let (text, _) = shown(&endings);
            assert!(text.starts_with(begins), "{text}");
            assert_eq!(text.contains("✖️ Отменено 1 видео"), off_too, "{text}");
            assert!(!text.contains("✖️ Видео отмен"), "{text}");
        }
    }

    #[test]
    fn each_refused_product_is_named_and_has_its_way_on() {
        let text = (FailureKind::UserViolation, Some(Violation::Copyright));
        let photo = (FailureKind::UserViolation, Some(Violation::People));
        let one = [product(1, 1, &[]), product(2, 0, &[text]), product(3, 0, &[photo])];
        let (said, buttons) = shown(&one);
        assert!(said.contains("📦 Товар 2") && said.contains("📦 Товар 3"), "{said}");
        let labels: Vec<&str> = buttons.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels[..2], ["✍️ Переписать бесплатно", "📸 Другое фото"]);
        assert_eq!(buttons[0].1, "r:2");
        let mut two = [product(2, 0, &[text]), product(5, 0, &[text])];
        two[1].name = Some("арт. 5".to_owned());
        let (_, buttons) = shown(&two);
        assert_eq!(buttons[0], ("✍️ Переписать: Товар\u{a0}2".to_owned(), "r:2".to_owned()));
        assert_eq!(buttons[1], ("✍️ Переписать: арт. 5".to_owned(), "r:5".to_owned()));
    }
}
