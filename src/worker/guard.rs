//! The guard: a run whose database is no longer its own ends before it does harm, and a config that
//! has changed is read again. What the run reports of itself goes along.

use std::time::Duration;

use crate::actions::alert_operator::alert_operator;
use crate::domain::notification::Concern;
use crate::service::{
    notify::Notifier,
    serve::{Next, RETRY, serve},
};
use crate::store::{
    error::{StoreError, StoreErrorKind},
    tx::Tx,
};
use crate::worker::{context::WorkerContext, reload::Reloader, reporter::Reporter};

/// The time between two looks, in real time: no thread of an idle bot wakes more often.
const INTERVAL: Duration = Duration::from_secs(5);

/// No look lasts longer, on however slow a disk.
const LONGEST_LOOK: Duration = Duration::from_mins(5);

/// How long an alert has for its way before the bot ends.
const ALERT_TIME: Duration = Duration::from_secs(2);

/// Looks until the bot shuts down.
pub(crate) fn watch(context: &WorkerContext, reloader: Option<&Reloader>) {
    let stop = &context.stop;
    let turns = context.db.pulse.loops.join("guard", LONGEST_LOOK);
    let mut reporter = Reporter::default();
    serve(&turns, stop, None, RETRY, || {
        look_at_database(context)?;
        let sooner = reloader.map_or(Ok(None), Reloader::look)?;
        reporter.look(context)?;
        Ok::<_, StoreError>(Next::Within(sooner.unwrap_or(INTERVAL)))
    });
}

fn look_at_database(context: &WorkerContext) -> Result<(), StoreError> {
    let Err(error) = context.db.check_ownership() else { return Ok(()) };
    match error.kind {
        StoreErrorKind::Moved => {
            context.db.abandon();
            end_run(context, Concern::DatabaseMoved, &error);
        }
        kind if kind.ends_the_run() => {
            context.stop.set();
            context.db.health.failed(&error);
        }
        _ => return Err(error),
    }
    Ok(())
}

/// Begins nothing more, ends the run, and alerts the operator as far as the file still allows. What
/// is under way is recorded: the file that is open may be found again.
pub(crate) fn end_run(context: &WorkerContext, concern: Concern, error: &StoreError) {
    context.stop.set();
    context.db.health.failed(error);
    let (settings, text) = (context.settings(), error.text.clone());
    let alert =
        move |tx: &Tx<'_>| alert_operator(tx, &settings.rules.admins, concern, "database", &text);
    if context.db.write(alert).is_ok() {
        // The run waits for this thread before it closes the outbox. Nobody wakes it sooner.
        let sent = Notifier::default();
        sent.wait(sent.ticket(), ALERT_TIME);
    }
}
