//! The operators whom no alert reaches.

use crate::config::findings::Finding;
use crate::domain::id::UserId;
use crate::store::{error::StoreError, tx::View, users};

/// What is to be said of admins who never pressed Start, or have blocked the bot.
pub(crate) fn silent_admins(
    view: &View<'_>,
    admins: &[UserId],
) -> Result<Option<Finding>, StoreError> {
    let mut silent = Vec::new();
    for admin in admins {
        if users::find(view, *admin)?.is_none_or(|user| user.blocked_at.is_some()) {
            silent.push(*admin);
        }
    }
    Ok(finding(&silent))
}

fn finding(silent: &[UserId]) -> Option<Finding> {
    if silent.is_empty() {
        return None;
    }
    let ids: Vec<String> = silent.iter().map(ToString::to_string).collect();
    let (have, press) = match silent.len() {
        1 => ("has", "they press"),
        _ => ("have", "each of them presses"),
    };
    Some(Finding {
        key: "telegram.admins".to_owned(),
        problem: format!(
            "has {}, who {have} not pressed Start in the bot, or {have} blocked it: no alert reaches \
             them",
            ids.join(", ")
        ),
        hint: format!("{press} Start in the bot; @userinfobot tells an id"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admins_whom_no_alert_reaches_are_named() {
        assert_eq!(finding(&[]), None);
        let said = |ids: &[UserId]| finding(ids).unwrap().to_string();
        let one = "telegram.admins has 7, who has not pressed Start in the bot, or has blocked it: \
                   no alert reaches them";
        assert_eq!(said(&[UserId(7)]), one);
        let two = "telegram.admins has 7, 9, who have not pressed Start in the bot, or have blocked \
                   it: no alert reaches them";
        assert_eq!(said(&[UserId(7), UserId(9)]), two);
    }
}
