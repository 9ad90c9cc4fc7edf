//! A person looks at their settings, or changes one.

use crate::chat::{
    conversation::Conversation,
    handlers::language::choose_language,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::settings::{Chosen, settings},
    setting::Setting,
    settings::Settings,
};
use crate::domain::video::Aspect;
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
    let offered = Offered::of(conversation.settings);
    let before = choices::find(tx, user)?;
    let choices = match setting {
        Setting::Language(language) => {
            choose_language(conversation, language)?;
            before
        }
        Setting::Aspect(aspect) if offered.aspects.contains(&aspect) => {
            Choices { aspect: Some(aspect), ..before }
        }
        Setting::Seconds(seconds) if offered.lengths.contains(&seconds) => {
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
    let offered = Offered::of(settings);
    let chosen = Chosen {
        aspect: offered.aspect(choices.aspect.unwrap_or(settings.rules.aspect)),
        aspects: &offered.aspects,
        seconds: offered.seconds(choices.seconds.unwrap_or(settings.rules.seconds)),
        lengths: &offered.lengths,
        is_quiet: choices.quiet.unwrap_or(settings.quiet_hours.is_some()),
        hours: settings.quiet_nights(),
        zone: &settings.timezone.offset(now),
    };
    Ok(self::settings(&conversation.voice(), &chosen))
}

/// What the model that is to make the videos offers.
struct Offered {
    aspects: Vec<Aspect>,
    lengths: Vec<u32>,
}

impl Offered {
    /// A model without a shape of its own follows the photo, which can be brought into any.
    fn of(settings: &Settings) -> Self {
        let model = settings.model(&settings.rules.model);
        let field = model.and_then(|model| model.aspect.as_ref());
        let makes = |aspect: &Aspect| field.is_none_or(|field| field.value(*aspect).is_some());
        let lengths = model.and_then(|model| model.duration.as_ref());
        Self {
            aspects: Aspect::ALL.into_iter().filter(makes).collect(),
            lengths: lengths.map(|field| field.allowed.clone()).unwrap_or_default(),
        }
    }

    /// The shape itself where it is offered, else the first that is.
    fn aspect(&self, aspect: Aspect) -> Aspect {
        let same = self.aspects.iter().find(|offered| **offered == aspect);
        same.or(self.aspects.first()).copied().unwrap_or(aspect)
    }

    /// The nearest length that is offered.
    fn seconds(&self, seconds: u32) -> u32 {
        let nearest = self.lengths.iter().min_by_key(|length| length.abs_diff(seconds));
        nearest.copied().unwrap_or(seconds)
    }
}
