//! The janitor: periodic maintenance of the database, the models and the keys.

use std::{sync::Arc, time::Duration};

use jiff::civil::Date;

use crate::actions::{alert_operator::alert_operator, rescue_jobs::rescue_jobs};
use crate::chat::settings::Settings;
use crate::domain::{
    failure::Failure,
    key::{KeyFault, LiveKey},
    notification::Concern,
    time::Timestamp,
};
use crate::service::serve::{Next, RETRY, serve};
use crate::store::{
    audit,
    error::{StoreError, StoreErrorKind},
    jobs, keys, models,
    queue::CLAIM_LIFE,
    runs,
    tx::Tx,
};
use crate::worker::{
    context::WorkerContext,
    guard::end_run,
    prune::{prune, prune_photos},
};

/// The time between two rounds.
const INTERVAL: Duration = Duration::from_mins(1);

/// No round lasts longer, though it may look through a large database.
const LONGEST_ROUND: Duration = Duration::from_hours(3);

/// The time between two readings of the balance of an account.
const BALANCE_INTERVAL: Duration = Duration::from_mins(10);

/// Maintains the database, the models and the keys.
pub struct Janitor {
    context: Arc<WorkerContext>,
    balances_at: Option<Timestamp>,
    audited_on: Option<Date>,
}

impl Janitor {
    /// A janitor that has not begun.
    pub fn new(context: Arc<WorkerContext>) -> Self {
        Self { context, balances_at: None, audited_on: None }
    }

    /// Works until the bot shuts down.
    pub fn work(mut self) {
        let context = Arc::clone(&self.context);
        let (stop, pause) = (&context.stop, context.db.clock.real(INTERVAL).max(RETRY));
        let turns = context.db.pulse.loops.join("janitor", LONGEST_ROUND);
        serve(&turns, stop, None, pause, || self.round().map(|()| Next::Within(pause)));
    }

    /// One round.
    pub fn round(&mut self) -> Result<(), StoreError> {
        let settings = self.context.settings();
        let copy = Arc::clone(&settings);
        let rescue = move |tx: &Tx<'_>| rescue_jobs(tx, &copy.rules, tx.now - CLAIM_LIFE);
        let rescued = self.context.db.write(rescue)?;
        if rescued > 0 {
            tracing::warn!(rescued, "steps with an expired claim were given back");
        }
        check_database(&self.context)?;
        prune(&self.context)?;
        let now = self.context.db.clock.now();
        probe_models(&self.context, now)?;
        let today = settings.timezone.date(now);
        if self.audited_on != today {
            audit_database(&self.context, &settings)?;
            alert_of_lost_keys(&self.context, &settings)?;
            prune_photos(&self.context)?;
            self.audited_on = today;
        }
        let is_due = self.balances_at.is_none_or(|last| now.since(last) >= BALANCE_INTERVAL);
        if is_due || self.context.db.read(keys::is_reading_wanted)? {
            match self.balances_at.replace(now) {
                None => try_keys(&self.context, &settings)?,
                Some(_) => read_balances(&self.context, &settings)?,
            }
        }
        Ok(())
    }
}

/// Looks for damage after a run that was cut off. The bot, which works on meanwhile, ends where
/// some is found; the operator is alerted before, as far as the file still allows.
fn check_database(context: &WorkerContext) -> Result<(), StoreError> {
    if !context.db.read(runs::was_cut_off)? {
        return Ok(());
    }
    tracing::info!("the last run was cut off: the database is checked, beside the work");
    let damage = match context.db.check(&context.stop) {
        Ok(false) => return Ok(()),
        Ok(true) => {
            tracing::info!("the database is sound");
            return context.db.write(runs::mark_checked);
        }
        Err(error) if error.kind == StoreErrorKind::Corrupt => error,
        Err(error) => return Err(error),
    };
    end_run(context, Concern::Damage, &damage);
    Err(damage)
}

/// Alerts the operator of tasks that this run cannot ask after: at the start, and once a day.
fn alert_of_lost_keys(context: &WorkerContext, settings: &Arc<Settings>) -> Result<(), StoreError> {
    let lost = context.db.read(|view| context.keyring.lost_keys(view))?;
    let settings = Arc::clone(settings);
    context.db.write(move |tx| {
        lost.iter().try_for_each(|(label, tasks)| {
            alert_operator(tx, &settings.rules.admins, Concern::KeyGone, label, &tasks.to_string())
        })
    })
}

/// Audits the whole database: at the start, and once in each of the operator's nights after it.
fn audit_database(context: &WorkerContext, settings: &Arc<Settings>) -> Result<(), StoreError> {
    let verdicts = context.db.read(|view| audit::check(view, context.db.clock.now()))?;
    let broken: Vec<_> = verdicts.into_iter().filter(|verdict| verdict.broken > 0).collect();
    if broken.is_empty() {
        tracing::info!("the audit found everything in order");
        return Ok(());
    }
    for verdict in &broken {
        let (name, places) = (verdict.name, verdict.broken);
        tracing::error!(invariant = name, places, "the audit found an invariant broken");
    }
    let settings = Arc::clone(settings);
    context.db.write(move |tx| {
        broken.iter().try_for_each(|verdict| {
            let places = verdict.broken.to_string();
            alert_operator(tx, &settings.rules.admins, Concern::Audit, verdict.name, &places)
        })
    })
}

/// Asks whether the models that are down take tasks again.
fn probe_models(context: &WorkerContext, now: Timestamp) -> Result<(), StoreError> {
    let due = context.db.read(|view| models::to_probe(view, now))?;
    for slug in due {
        let Some(key) = context.db.read(|view| context.keyring.any_key(view, now))? else {
            return Ok(());
        };
        let is_back = context.ports.maker.probe(&key.secret, &slug);
        tracing::info!(model = slug, is_back, "a model that was down was probed");
        context.db.write(move |tx| {
            if !is_back {
                return models::still_down(tx, &slug);
            }
            models::mark_up(tx, &slug)?;
            jobs::wake_held(tx)
        })?;
    }
    Ok(())
}

/// Tries each key once, by asking for the credits of its account: the operator learns at the start
/// which are of no use, and not by the first order.
fn try_keys(context: &WorkerContext, settings: &Arc<Settings>) -> Result<(), StoreError> {
    for key in context.db.read(|view| context.keyring.all(view))? {
        match context.ports.maker.balance(&key.secret) {
            Ok(balance) => record_balance(context, settings, key, balance)?,
            Err(Failure { key_fault: Some(fault), text, .. }) => warn_of_refusal(&key, fault, text),
            Err(Failure { text, .. }) => log_unread(&key, &text),
        }
    }
    Ok(())
}

fn warn_of_refusal(key: &LiveKey, fault: KeyFault, text: String) {
    let hint = match fault {
        KeyFault::KeyDead => {
            "copy it again from https://kie.ai/api-key; `reelbot keys test` tries it"
        }
        KeyFault::AccountEmpty => "top its account up at https://kie.ai",
        KeyFault::KeyCapped => "raise its limit at https://kie.ai/api-key, or wait until tomorrow",
    };
    let (mask, fault) = (key.secret.mask(), key.secret.fault());
    let reason = fault.map_or(text, |fault| format!("it was not copied right: {fault}"));
    tracing::warn!(key = key.label, mask, reason, hint, "KIE refuses a key");
}

fn log_unread(key: &LiveKey, reason: &str) {
    tracing::debug!(key = key.label, reason, "no balance could be read");
}

/// Asks KIE for the credits of each account, and alerts the operator before
/// orders fail for want of them.
fn read_balances(context: &WorkerContext, settings: &Arc<Settings>) -> Result<(), StoreError> {
    let mut read = Vec::new();
    for key in context.db.read(|view| context.keyring.all(view))? {
        if read.contains(&key.account) {
            continue;
        }
        match context.ports.maker.balance(&key.secret) {
            Ok(balance) => {
                read.push(key.account.clone());
                record_balance(context, settings, key, balance)?;
            }
            Err(failure) => log_unread(&key, &failure.text),
        }
    }
    Ok(())
}

fn record_balance(
    context: &WorkerContext,
    settings: &Arc<Settings>,
    key: LiveKey,
    balance: f64,
) -> Result<(), StoreError> {
    let settings = Arc::clone(settings);
    context.db.write(move |tx| {
        keys::note_balance(tx, key.id, balance, settings.rules.low_balance)?;
        if balance >= settings.rules.low_balance {
            return Ok(());
        }
        let left = format!("{balance:.0}");
        alert_operator(tx, &settings.rules.admins, Concern::LowBalance, &key.account, &left)
    })
}
