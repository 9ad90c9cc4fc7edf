//! What a person reads when a video failed: one calm sentence per kind of
//! failure, never the provider's words.

use crate::chat::{key::Key, voice::Voice};
use crate::domain::{
    credits::Credits,
    failure::{FailureKind, Violation},
};

/// The sentence for so many videos that failed for good, with what came back.
pub(crate) fn sentence(
    voice: &Voice<'_>,
    kind: FailureKind,
    violation: Option<Violation>,
    videos: u32,
    refund: Credits,
) -> String {
    let values = [("videos", videos.into()), ("credits", refund.into())];
    voice.text(reason(kind, violation), &values)
}

/// The same where the photo could be had no more.
pub(crate) fn photo_gone(voice: &Voice<'_>, videos: u32, refund: Credits) -> String {
    let values = [("videos", videos.into()), ("credits", refund.into())];
    voice.text(Key::FailedPhotoGone, &values)
}

/// The same where their person was away until they were too old to be kept.
pub(crate) fn waited_in_vain(voice: &Voice<'_>, videos: u32, refund: Credits) -> String {
    let values = [("videos", videos.into()), ("credits", refund.into())];
    voice.text(Key::FailedAway, &values)
}

fn reason(kind: FailureKind, violation: Option<Violation>) -> Key {
    match kind {
        FailureKind::UserViolation => what_to_change(violation.unwrap_or(Violation::Other)),
        FailureKind::Billing | FailureKind::Unknown => Key::FailedOursSupport,
        FailureKind::OurBug => Key::FailedOurs,
        FailureKind::RateLimit => Key::FailedCrowded,
        FailureKind::Temporary | FailureKind::InputFetch => Key::FailedTemporary,
        FailureKind::ModelDown => Key::FailedModelDown,
        FailureKind::Timeout => Key::FailedTimeout,
        FailureKind::Cancelled => Key::FailedCancelled,
    }
}

fn what_to_change(violation: Violation) -> Key {
    match violation {
        Violation::People => Key::FailedPeople,
        Violation::Copyright => Key::FailedCopyright,
        Violation::Adult => Key::FailedAdult,
        Violation::BadFile => Key::FailedBadFile,
        Violation::Other => Key::FailedRules,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{failure::cause, user::Language};

    fn russian(
        kind: FailureKind,
        violation: Option<Violation>,
        videos: u32,
        refund: i64,
    ) -> String {
        sentence(&Words::shipped().voice(Language::Ru), kind, violation, videos, Credits(refund))
    }

    #[test]
    fn a_passing_fault_has_exactly_these_words() {
        let begins = |videos, refund, words: &str| {
            let text = russian(FailureKind::Temporary, None, videos, refund);
            assert!(text.starts_with(words), "{text}");
            assert!(text.ends_with("попробуйте, пожалуйста, ещё раз чуть позже."), "{text}");
        };
        begins(1, 1, "❌ Произошла ошибка. Кредит вернули ✅ ");
        begins(1, 3, "❌ Произошла ошибка. Вернули 3\u{a0}кредита ✅ ");
        begins(2, 2, "❌ Произошла ошибка. Не получилось 2\u{a0}видео, вернули 2\u{a0}кредита ✅ ");
        begins(
            5,
            15,
            "❌ Произошла ошибка. Не получилось 5\u{a0}видео, вернули 15\u{a0}кредитов ✅ ",
        );
    }

    #[test]
    fn every_text_of_a_failure_names_the_credits_that_are_back() {
        for kind in FailureKind::ALL {
            assert!(russian(kind, None, 1, 1).contains("Кредит вернули ✅"), "{kind:?}");
            let five = russian(kind, None, 5, 5);
            assert!(
                five.contains("Не получилось 5\u{a0}видео, вернули 5\u{a0}кредитов ✅"),
                "{five}"
            );
            let english = |videos| {
                let voice = Words::shipped();
                sentence(&voice.voice(Language::En), kind, None, videos, Credits(videos.into()))
            };
            assert!(english(1).contains("Your credit is back ✅"), "{kind:?}");
            let five = english(5);
            assert!(
                five.contains(
                    "5\u{a0}videos did not work out, and your 5\u{a0}credits are back ✅"
                ),
                "{five}"
            );
        }
    }

    #[test]
    fn what_is_told_in_the_same_words_is_one_cause() {
        let violations = || Violation::ALL.into_iter().map(Some).chain([None]);
        let told = |(kind, violation)| (cause(kind, violation), russian(kind, violation, 2, 2));
        let all: Vec<_> = FailureKind::ALL
            .into_iter()
            .flat_map(|kind| violations().map(move |violation| (kind, violation)))
            .map(told)
            .collect();
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
            assert_eq!(one.0 == other.0, one.1 == other.1, "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_text_of_a_violation_names_what_to_change() {
        let text = |violation| russian(FailureKind::UserViolation, Some(violation), 1, 1);
        assert!(text(Violation::People).contains("фото, на котором только товар"));
        assert!(text(Violation::Copyright).contains("бренд"));
        assert!(text(Violation::Adult).contains("откровенными"));
        assert!(text(Violation::BadFile).contains("чёткий снимок"));
        assert!(text(Violation::Other).contains("опишите видео иначе"));
        let unexplained = russian(FailureKind::UserViolation, None, 1, 1);
        assert_eq!(unexplained, text(Violation::Other));
    }
}
