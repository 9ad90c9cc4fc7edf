//! Switches of the page: what an operator may want to see go wrong, without a config.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use crate::sandbox::{
    gpt::GptStandIn,
    gpt_reply::GptReply,
    kie::{behaviour::ModelState, models::OfferedModel, stand_in::KieStandIn},
    telegram::stand_in::TelegramStandIn,
};

/// Something that goes wrong as long as it is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Trouble {
    /// Chat completions and transcriptions answer 503.
    GptAway,
    /// No script is written, out of principle.
    GptRefuses,
    /// The model that the bot uses first is paused.
    ModelDown,
    /// Every model is paused.
    ModelsDown,
    /// A render takes [`SLOWER`] times as long.
    KieSlow,
    /// KIE's accounts have no credits.
    KieEmpty,
    /// Telegram's flood limits are in force.
    FloodLimits,
    /// Something random goes wrong in a share of all calls.
    Chance,
}

/// All of them, in the order of the page.
const ALL: [Trouble; 8] = [
    Trouble::GptAway,
    Trouble::GptRefuses,
    Trouble::ModelDown,
    Trouble::ModelsDown,
    Trouble::KieSlow,
    Trouble::KieEmpty,
    Trouble::FloodLimits,
    Trouble::Chance,
];

/// How many times as long a slow render takes.
const SLOWER: u32 = 5;

/// The credits of each account at KIE when they are back.
const REFILL: f64 = 1_000_000.0;

/// The share of calls in which something goes wrong by chance, and what decides which.
const SHARE: f64 = 0.3;
const SEED: u64 = 1;

impl Trouble {
    /// What the page says of it, in English and in Russian.
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::GptAway => ["GPT is away", "GPT недоступен"],
            Self::GptRefuses => ["GPT refuses to write", "GPT отказывается писать"],
            Self::ModelDown => ["The main model is down", "Основная модель не работает"],
            Self::ModelsDown => ["Every model is down", "Не работает ни одна модель"],
            Self::KieSlow => ["Renders take 5 times longer", "Видео снимаются в 5 раз дольше"],
            Self::KieEmpty => ["No credits left at KIE", "У KIE кончились кредиты"],
            Self::FloodLimits => ["Telegram limits the pace", "Telegram ограничивает темп"],
            Self::Chance => ["Every third call goes wrong", "Каждый третий вызов срывается"],
        }
    }
}

/// The switches, and what they act on.
pub(crate) struct Troubles {
    telegram: TelegramStandIn,
    kie: KieStandIn,
    gpt: GptStandIn,
    /// The slug of the main model.
    model: String,
    /// The render times without any trouble, at the least and at the most.
    render: (Duration, Duration),
    on: Mutex<BTreeSet<Trouble>>,
}

impl Troubles {
    /// All off. `model` is the slug of the main model.
    pub(crate) fn new(
        telegram: &TelegramStandIn,
        kie: &KieStandIn,
        gpt: &GptStandIn,
        model: &str,
    ) -> Self {
        Self {
            telegram: telegram.clone(),
            kie: kie.clone(),
            gpt: gpt.clone(),
            model: model.to_owned(),
            render: kie.with_state(|state| state.behaviour.render),
            on: Mutex::default(),
        }
    }

    fn switch(&self, trouble: Trouble, is_on: bool) {
        let mut on = self.on.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = if is_on { on.insert(trouble) } else { on.remove(&trouble) };
        if changed {
            self.apply(trouble, &on);
        }
    }

    /// Makes what a switch acts on as all switches together want it.
    fn apply(&self, changed: Trouble, on: &BTreeSet<Trouble>) {
        let is_on = |trouble| on.contains(&trouble);
        match changed {
            Trouble::GptAway | Trouble::GptRefuses => {
                self.gpt.usually(if is_on(Trouble::GptAway) {
                    GptReply::Status { status: 503 }
                } else if is_on(Trouble::GptRefuses) {
                    GptReply::Refuse
                } else {
                    GptReply::Write
                });
            }
            Trouble::ModelDown | Trouble::ModelsDown => {
                for OfferedModel { slug, .. } in OfferedModel::all() {
                    let is_main = *slug == self.model && is_on(Trouble::ModelDown);
                    let is_down = is_main || is_on(Trouble::ModelsDown);
                    let state = if is_down { ModelState::Paused } else { ModelState::Alive };
                    self.kie.model_state(slug, state);
                }
            }
            Trouble::KieSlow => {
                let times = if is_on(Trouble::KieSlow) { SLOWER } else { 1 };
                let render = (self.render.0 * times, self.render.1 * times);
                self.kie.behave(|behaviour| behaviour.render = render);
            }
            Trouble::KieEmpty => {
                let credits = if is_on(Trouble::KieEmpty) { 0.0 } else { REFILL };
                self.kie.with_state(|state| state.accounts.set_all_credits(credits));
            }
            Trouble::FloodLimits => self.telegram.flood_limit(is_on(Trouble::FloodLimits)),
            Trouble::Chance => {
                let share = if is_on(Trouble::Chance) { SHARE } else { 0.0 };
                self.kie.behave(|behaviour| (behaviour.chaos, behaviour.seed) = (share, SEED));
                self.telegram.chaos(share, SEED);
                self.gpt.chaos(share, SEED);
            }
        }
    }

    fn shown(&self) -> Vec<Switch> {
        let on = self.on.lock().unwrap_or_else(PoisonError::into_inner);
        let switch = |name: Trouble| {
            let [en, ru] = name.words();
            Switch { name, en, ru, on: on.contains(&name) }
        };
        ALL.map(switch).into()
    }
}

/// A switch as the page shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Switch {
    name: Trouble,
    en: &'static str,
    ru: &'static str,
    on: bool,
}

/// The body of [`switch`].
#[derive(Deserialize)]
pub(crate) struct SwitchBody {
    name: Trouble,
    on: bool,
}

/// All switches.
pub(crate) async fn list(State(troubles): State<Arc<Troubles>>) -> Json<Vec<Switch>> {
    Json(troubles.shown())
}

/// Puts one on or off, and returns all.
pub(crate) async fn switch(
    State(troubles): State<Arc<Troubles>>,
    Json(body): Json<SwitchBody>,
) -> Json<Vec<Switch>> {
    troubles.switch(body.name, body.on);
    Json(troubles.shown())
}
