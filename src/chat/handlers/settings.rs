//! A person looks at their settings, or changes one.

use crate::chat::{
    conversation::Conversation,
    handlers::language::choose_language,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::settings::{Chosen, settings},
    setting::Setting,
};
use crate::store::{
    choices::{self, Choices},
    error::StoreError,
};

/// `/settings`
pub(crate) fn on_settings(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    Ok(Reply::Message(screen(conversation)?))
}

/// A button there was tapped. What is not on offer changes nothing.
pub(crate) fn on_setting(
    conversation: &mut Conversation<'_>,
    setting: Setting,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let offered = &conversation.settings.rules.offered;
    let before = choices::find(tx, user)?;
    let choices = match setting {
        Setting::Language(language) => {
            choose_language(conversation, language)?;
            before
        }
        Setting::Aspect(aspect) if offered.shapes().contains(&aspect) => {
            Choices { aspect: Some(aspect), ..before }
        }
        Setting::Seconds(seconds) if offered.lengths().contains(&seconds) => {
            Choices { seconds: Some(seconds), ..before }
        }
        Setting::Quiet(quiet) => Choices { quiet: Some(quiet), ..before },
        Setting::Aspect(_) | Setting::Seconds(_) => {
            let word = conversation.voice().text(Key::ToastStale, &[]);
            let now = Reply::Edit(Anchor::Settings, screen(conversation)?);
            return Ok(Reply::WithToast(Box::new(now), word));
        }
    };
    if choices != before {
        choices::keep(tx, user, choices)?;
    }
    Ok(Reply::Edit(Anchor::Settings, screen(conversation)?))
}

fn screen(conversation: &Conversation<'_>) -> Result<Screen, StoreError> {
    let (settings, now) = (conversation.settings, conversation.tx.now);
    let choices = choices::find(conversation.tx, conversation.user.id)?;
    let offered = &settings.rules.offered;
    let options = offered.quote(choices.options()).options;
    let chosen = Chosen {
        aspect: options.aspect,
        aspects: &offered.shapes(),
        seconds: options.seconds,
        lengths: &offered.lengths(),
        is_quiet: choices.quiet.unwrap_or(settings.quiet_hours.is_some()),
        hours: settings.quiet_nights(),
        zone: &settings.timezone.offset(now),
    };
    Ok(self::settings(&conversation.voice(), &chosen))
}
