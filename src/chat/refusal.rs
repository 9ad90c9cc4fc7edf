//! What a person reads when a video failed: one calm sentence per kind of
//! failure, never the provider's words.

use crate::chat::{key::Key, voice::Voice};
use crate::domain::{
    credits::Credits,
    failure::{FailureKind, Violation},
};

/// The sentence for a video that failed for good, with what came back.
pub(crate) fn sentence(
    voice: &Voice<'_>,
    kind: FailureKind,
    violation: Option<Violation>,
    refund: Credits,
) -> String {
    voice.text(reason(kind, violation), &[("credits", refund.into())])
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
    use crate::domain::user::Language;

    fn russian(kind: FailureKind, violation: Option<Violation>, refund: i64) -> String {
        sentence(&Words::shipped().voice(Language::Ru), kind, violation, Credits(refund))
    }

    #[test]
    fn a_passing_fault_has_exactly_these_words() {
        let text = russian(FailureKind::Temporary, None, 1);
        assert_eq!(text, "❌ Произошла ошибка. Кредит вернули ✅");
        let three = russian(FailureKind::Temporary, None, 3);
        assert_eq!(three, "❌ Произошла ошибка. Вернули 3 кредита ✅");
    }

    #[test]
    fn every_text_of_a_failure_names_the_credit_that_is_back() {
        for kind in FailureKind::ALL {
            assert!(russian(kind, None, 1).contains("Кредит вернули ✅"), "{kind:?}");
            let english = sentence(&Words::shipped().voice(Language::En), kind, None, Credits(1));
            assert!(english.contains("Your credit is back ✅"), "{kind:?}");
        }
    }

    #[test]
    fn the_text_of_a_violation_names_what_to_change() {
        let text = |violation| russian(FailureKind::UserViolation, Some(violation), 1);
        assert!(text(Violation::People).contains("фото одного товара"));
        assert!(text(Violation::Copyright).contains("бренд"));
        assert!(text(Violation::Adult).contains("откровенными"));
        assert!(text(Violation::BadFile).contains("чёткий снимок"));
        assert!(text(Violation::Other).contains("опишите видео иначе"));
        let unexplained = russian(FailureKind::UserViolation, None, 1);
        assert_eq!(unexplained, text(Violation::Other));
    }
}
