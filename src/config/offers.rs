//! What can be chosen of the shipped models.
#![cfg(test)]

use crate::config::settings::Config;
use crate::domain::{
    credits::Credits,
    options::{Choice, Offered, Options},
    video::Aspect,
};

fn offered(slug: &str, aspect: Aspect, seconds: u32) -> Offered {
    let model = Config::default().model(slug).cloned();
    assert!(model.is_some(), "{slug}");
    Offered { model, stand_in: None, usual: Options { aspect, seconds } }
}

#[test]
fn a_model_shows_its_shapes_and_a_row_of_lengths() {
    use Aspect::{Card, Landscape, Portrait, Square};
    let all = [Portrait, Card, Square, Landscape];
    for (slug, usual, shapes, lengths) in [
        ("sora-2-image-to-video", 10, &[Portrait, Landscape][..], &[10, 15][..]),
        ("grok-imagine-video-1-5-preview", 10, &all, &[5, 8, 10, 15]),
        ("grok-imagine-video-1-5-preview", 3, &all, &[3, 5, 10, 15]),
        ("bytedance/seedance-2-mini", 60, &all, &[5, 8, 10, 15]),
        ("bytedance/seedance-2-mini", 1, &all, &[4, 5, 10, 15]),
        ("kling-2.6/image-to-video", 7, &all, &[5, 10]),
        ("kling-3.0/video", 10, &all, &[5, 8, 10, 15]),
    ] {
        let offered = offered(slug, Portrait, usual);
        assert_eq!(offered.shapes(), shapes, "{slug}");
        assert_eq!(offered.lengths(), lengths, "{slug} {usual}");
    }
}

#[test]
fn what_a_model_does_not_make_becomes_the_nearest_that_it_makes() {
    use Aspect::{Card, Landscape, Portrait, Square};
    let sora = offered("sora-2-image-to-video", Square, 12);
    let quoted = |aspect, seconds| {
        let options = sora.quote(Choice { aspect, seconds }).options;
        (options.aspect, options.seconds)
    };
    assert_eq!(quoted(None, None), (Portrait, 10));
    assert_eq!(quoted(Some(Card), Some(1)), (Portrait, 10));
    assert_eq!(quoted(Some(Landscape), Some(99)), (Landscape, 15));
    assert_eq!(quoted(Some(Square), Some(13)), (Portrait, 15));
    assert!(!sora.takes(Choice { aspect: Some(Card), seconds: None }));
    assert!(!sora.takes(Choice { aspect: None, seconds: Some(12) }));
    assert!(sora.takes(Choice { aspect: Some(Landscape), seconds: Some(15) }));
}

#[test]
fn every_choice_is_quoted_as_something_that_can_be_had() {
    for model in Config::default().models {
        let offered = offered(&model.slug, Aspect::Square, 7);
        for aspect in Aspect::ALL {
            for seconds in 0..70 {
                let choice = Choice { aspect: Some(aspect), seconds: Some(seconds) };
                let quote = offered.quote(choice);
                assert!(offered.takes(quote.options.into()), "{} {quote:?}", model.slug);
                assert!((Credits(1)..=offered.highest_price()).contains(&quote.price));
                if offered.takes(choice) {
                    assert_eq!(Choice::from(quote.options), choice, "{}", model.slug);
                }
            }
        }
    }
}

#[test]
fn a_price_holds_from_its_length_on_and_a_shape_may_cost_more() {
    let mut offered = offered("grok-imagine-video-1-5-preview", Aspect::Portrait, 10);
    let mut model = Config::default().model("bytedance/seedance-2-mini").cloned().unwrap();
    model.credits = Credits(2);
    let lengths = [("8", 3), ("10", 5)];
    let lengths = lengths.map(|(length, credits)| (length.to_owned(), Credits(credits)));
    model.duration.as_mut().unwrap().credits = lengths.into();
    model.aspect.as_mut().unwrap().credits = [("16:9".to_owned(), Credits(1))].into();
    offered.model = Some(model);
    let price = |aspect, seconds| {
        offered.quote(Choice { aspect: Some(aspect), seconds: Some(seconds) }).price.0
    };
    for (seconds, credits) in [(5, 2), (8, 3), (10, 5), (15, 5)] {
        assert_eq!(price(Aspect::Portrait, seconds), credits, "{seconds}");
        assert_eq!(price(Aspect::Landscape, seconds), credits + 1, "{seconds}");
    }
    assert_eq!(offered.highest_price(), Credits(6));
}
