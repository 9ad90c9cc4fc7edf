//! A person tapped a button. Buttons outlive what they stood for, and any
//! data can come: whose the draft or order is, and how it stands, is looked up.

use std::time::Duration;

use crate::actions::mute_alert::mute_alert;
use crate::actions::mute_alert::unmute_alert;
use crate::actions::place_order::PlaceOrder;
use crate::actions::place_order::PlaceOrderError;
use crate::actions::place_order::Placed;
use crate::actions::place_order::place_order;
use crate::actions::receive_photo::more_with_photo;
use crate::chat::conversation::Conversation;
use crate::chat::conversation::draft_anchor;
use crate::chat::conversation::show;
use crate::chat::conversation::show_at;
use crate::chat::screen::Screen;
use crate::chat::screens;
use crate::chat::screens::prompt::Occasion;
use crate::chat::screens::script::Script;
use crate::chat::tap::Tap;
use crate::domain::draft::DraftMove;
use crate::domain::draft::DraftState;
use crate::domain::draft::Source;
use crate::domain::id::DraftId;
use crate::domain::id::MessageId;
use crate::domain::id::OrderId;
use crate::domain::id::OutboxId;
use crate::domain::notification::MuteFor;
use crate::domain::user::Language;
use crate::store::drafts;
use crate::store::drafts::Draft;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::orders;
use crate::store::outbox;
use crate::store::tx::Tx;
use crate::store::users;
use crate::store::users::User;

/// A second tap on an ordered script within this time is the same wish: the
/// message says already that it was accepted.
const SAME_WISH: Duration = Duration::from_mins(1);

/// The message in which the language is chosen.
const LANGUAGE_ANCHOR: &str = "language";

/// One tap of one person.
pub struct TapContext<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The transaction of its action.
    pub tx: &'a Tx<'a>,
    /// Who tapped.
    pub user: &'a User,
    /// The message with the button.
    pub message: MessageId,
}

impl TapContext<'_> {
    /// Answers what the button meant; `None` is data that no button of ours has.
    pub fn answer(&self, tap: Option<Tap>) -> Result<(), StoreError> {
        match tap {
            Some(Tap::Preset { draft, preset }) => self.preset(draft, &preset),
            Some(Tap::OwnText { draft }) => self.own_text(draft),
            Some(Tap::Ideas { draft }) => self.ideas(draft),
            Some(Tap::Order { draft, revision, count }) => self.order(draft, revision, count),
            Some(Tap::AnotherScript { draft, revision }) => self.another_script(draft, revision),
            Some(Tap::EditScript { draft }) => self.edit_script(draft),
            Some(Tap::MoreWithPhoto { order }) => self.more(order),
            Some(Tap::Menu) => self.menu(),
            Some(Tap::Language(language)) => self.language(language),
            Some(Tap::Mute { alert, length }) => self.mute(alert, length),
            Some(Tap::Unmute { alert }) => self.unmute(alert),
            None => self.stale(),
        }
    }

    fn preset(&self, draft: DraftId, preset: &str) -> Result<(), StoreError> {
        let Some(draft) = self.open_draft(draft)? else { return self.stale() };
        let source = Source::Preset(preset.to_owned());
        if self.conversation.preset(preset).is_none() {
            return self.stale();
        }
        match &draft.state {
            DraftState::Writing(wanted) if *wanted == source => Ok(()),
            // A second tap that came late. Who has read the script may be ordering it already, so
            // it stays; another one has a button of its own.
            DraftState::Ready { source: wanted, prompt } if *wanted == source => {
                self.script(&draft, prompt)
            }
            _ => self.write(draft.id, &source),
        }
    }

    fn own_text(&self, draft: DraftId) -> Result<(), StoreError> {
        let Some(draft) = self.open_draft(draft)? else { return self.stale() };
        drafts::make(self.tx, draft.id, DraftMove::Describe)?;
        let (words, language) = (&self.conversation.words, self.user.language);
        self.edit_draft(draft.id, &screens::own_text::invitation(words, language, draft.id))
    }

    fn ideas(&self, draft: DraftId) -> Result<(), StoreError> {
        let Some(draft) = self.open_draft(draft)? else { return self.stale() };
        drafts::make(self.tx, draft.id, DraftMove::ChooseIdea)?;
        self.edit_draft(draft.id, &self.ideas_screen(draft.id))
    }

    fn another_script(&self, draft: DraftId, revision: u32) -> Result<(), StoreError> {
        match self.open_draft(draft)? {
            Some(Draft {
                id, revision: current, state: DraftState::Ready { source, .. }, ..
            }) if current == revision => self.write(id, &source),
            // The tap before this one is being carried out.
            Some(Draft { state: DraftState::Writing(_), .. }) => Ok(()),
            _ => self.stale(),
        }
    }

    /// The script stays orderable while the person thinks of a better one.
    fn edit_script(&self, draft: DraftId) -> Result<(), StoreError> {
        match self.open_draft(draft)? {
            Some(Draft { state: DraftState::Ready { prompt, .. }, .. }) => self.tell(
                &screens::script::edit(&self.conversation.words, self.user.language, &prompt),
            ),
            Some(Draft { state: DraftState::Writing(_), .. }) => self.still_writing(),
            _ => self.stale(),
        }
    }

    fn order(&self, draft: DraftId, revision: u32, count: u32) -> Result<(), StoreError> {
        let tapped = PlaceOrder { user: self.user.id, draft, revision, count };
        match place_order(self.tx, &self.conversation.rules, &tapped) {
            Ok(placed) => self.accepted(draft, count, placed),
            Err(PlaceOrderError::Store(error)) => Err(error),
            Err(PlaceOrderError::AlreadyOrdered) => self.already_ordered(draft),
            Err(PlaceOrderError::Short { balance, .. }) => {
                let cost = self.conversation.rules.price.times(count);
                let (words, language) = (&self.conversation.words, self.user.language);
                let support = &self.conversation.support;
                self.tell(&screens::order::too_few_credits(
                    words, language, count, cost, balance, support,
                ))
            }
            Err(PlaceOrderError::Paused) => {
                self.tell(&screens::order::paused(&self.conversation.words, self.user.language))
            }
            Err(PlaceOrderError::Stale) if self.is_writing(draft)? => self.still_writing(),
            Err(
                PlaceOrderError::NoDraft | PlaceOrderError::Stale | PlaceOrderError::NotOffered,
            ) => self.stale(),
        }
    }

    fn accepted(&self, draft: DraftId, count: u32, placed: Placed) -> Result<(), StoreError> {
        let usual = jobs::median_render(self.tx, &self.conversation.rules.model)?;
        let wait = usual.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        let (words, language) = (&self.conversation.words, self.user.language);
        self.edit_draft(
            draft,
            &screens::order::accepted(words, language, count, placed.balance, wait),
        )
    }

    fn already_ordered(&self, draft: DraftId) -> Result<(), StoreError> {
        let order = orders::of_draft(self.tx, draft)?;
        if order.is_some_and(|order| self.tx.now.since(order.created_at) < SAME_WISH) {
            return Ok(());
        }
        self.tell(&screens::order::already_ordered(&self.conversation.words, self.user.language))
    }

    fn more(&self, order: OrderId) -> Result<(), StoreError> {
        match more_with_photo(self.tx, self.user.id, order)? {
            Some(draft) => self.tell(&self.ideas_screen(draft)),
            None => self.stale(),
        }
    }

    fn menu(&self) -> Result<(), StoreError> {
        drafts::drop_open(self.tx, self.user.id)?;
        let welcome = screens::start::Welcome {
            first_time: false,
            balance: self.user.credits,
            presets: &self.conversation.presets,
        };
        self.tell(&screens::start::start(&self.conversation.words, self.user.language, &welcome))
    }

    fn language(&self, language: Language) -> Result<(), StoreError> {
        users::choose_language(self.tx, self.user.id, language)?;
        self.edit(LANGUAGE_ANCHOR, &screens::language::chosen(&self.conversation.words, language))
    }

    fn mute(&self, row: OutboxId, length: MuteFor) -> Result<(), StoreError> {
        match mute_alert(self.tx, &self.conversation.rules, self.user.id, row, length)? {
            Some((alert, until)) => {
                let (words, language) = (&self.conversation.words, self.user.language);
                let screen = screens::alert::muted(words, language, row, &alert, until);
                self.edit(&alert_anchor(row), &screen)
            }
            None => self.stale(),
        }
    }

    fn unmute(&self, row: OutboxId) -> Result<(), StoreError> {
        match unmute_alert(self.tx, &self.conversation.rules, self.user.id, row)? {
            Some(alert) => {
                let (words, language) = (&self.conversation.words, self.user.language);
                let screen = screens::alert::heard(words, language, row, &alert);
                self.edit(&alert_anchor(row), &screen)
            }
            None => self.stale(),
        }
    }

    fn write(&self, draft: DraftId, source: &Source) -> Result<(), StoreError> {
        drafts::write(self.tx, draft, source)?;
        self.edit_draft(
            draft,
            &screens::script::writing(&self.conversation.words, self.user.language),
        )
    }

    /// Shows a script that is there already.
    fn script(&self, draft: &Draft, prompt: &str) -> Result<(), StoreError> {
        let shown = Script { draft: draft.id, revision: draft.revision, prompt, fallback: None };
        let offer = self.conversation.offer(self.user.credits);
        let (words, language) = (&self.conversation.words, self.user.language);
        self.edit_draft(draft.id, &screens::script::script(words, language, &shown, &offer))
    }

    fn ideas_screen(&self, draft: DraftId) -> Screen {
        let (words, presets) = (&self.conversation.words, &self.conversation.presets);
        screens::prompt::ideas(words, self.user.language, draft, presets, Occasion::SamePhoto)
    }

    /// The draft, if it is this person's and still open.
    fn open_draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        let draft = drafts::find(self.tx, self.user.id, id)?;
        Ok(draft.filter(|draft| !matches!(draft.state, DraftState::Ordered | DraftState::Dropped)))
    }

    fn is_writing(&self, id: DraftId) -> Result<bool, StoreError> {
        let draft = drafts::find(self.tx, self.user.id, id)?;
        Ok(draft.is_some_and(|draft| matches!(draft.state, DraftState::Writing(_))))
    }

    fn still_writing(&self) -> Result<(), StoreError> {
        self.tell(&screens::script::still_writing(&self.conversation.words, self.user.language))
    }

    fn stale(&self) -> Result<(), StoreError> {
        self.tell(&screens::hint::stale(&self.conversation.words, self.user.language))
    }

    fn tell(&self, screen: &Screen) -> Result<(), StoreError> {
        show(self.tx, self.user.id, screen)
    }

    /// Shows the draft's next screen.
    fn edit_draft(&self, draft: DraftId, screen: &Screen) -> Result<(), StoreError> {
        self.edit(&draft_anchor(draft), screen)
    }

    /// Shows the next screen of an anchor in the very message that was tapped.
    fn edit(&self, anchor: &str, screen: &Screen) -> Result<(), StoreError> {
        outbox::anchor(self.tx, self.user.id, anchor, self.message)?;
        show_at(self.tx, self.user.id, anchor, screen)
    }
}

/// The message in which an alert shows itself once it was tapped.
fn alert_anchor(row: OutboxId) -> String {
    format!("alert {row}")
}
