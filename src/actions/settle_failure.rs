//! The provider refused a task, or a task failed: what that means for the key
//! and for the job, by the kind of failure.

use std::time::Duration;

use crate::actions::{
    alert_operator::alert_operator,
    end_job::fail_job,
    hold_job::settle_model_down,
    rules::{FIRST_COOLDOWN, LONGEST_COOLDOWN, RATE_LIMIT_PATIENCE, Rules},
};
use crate::domain::{
    failure::{Failure, FailureKind},
    id::KeyId,
    job::Step,
    job_move::{Move, Requeue},
    key::KeyFault,
    notification::Concern,
    retry::doubling,
    time::Timestamp,
};
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    jobs,
    keys::{self, KeyRow},
    tx::Tx,
    uploads,
};

/// Settles a failed attempt: another one, another key, another model, or the end.
pub(crate) fn settle_failure(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    match failure.kind {
        FailureKind::Billing => other_key(tx, rules, step, failure),
        FailureKind::RateLimit => wait_for_window(tx, rules, step, failure),
        FailureKind::Temporary => next_attempt(tx, rules, step, failure),
        FailureKind::InputFetch => {
            uploads::forget(tx, &step.order)?;
            next_attempt(tx, rules, step, failure)
        }
        FailureKind::ModelDown => settle_model_down(tx, rules, step, failure),
        FailureKind::OurBug => fail_and_alert(tx, rules, step, failure, Concern::OurBug),
        FailureKind::Unknown => fail_and_alert(tx, rules, step, failure, Concern::Unknown),
        FailureKind::UserViolation | FailureKind::Timeout | FailureKind::Cancelled => {
            fail_job(tx, step, failure, None)
        }
    }
}

/// Switches a key off for what an answer says about it, and alerts the operator.
pub(crate) fn report_key_fault(
    tx: &Tx<'_>,
    rules: &Rules,
    key: KeyId,
    failure: &Failure,
    fault: KeyFault,
) -> Result<(), StoreError> {
    note_key_fault(tx, key, fault)?;
    let Some(row) = keys::get(tx, key)? else { return Ok(()) };
    let (concern, subject) = match fault {
        KeyFault::AccountEmpty => (Concern::AccountEmpty, row.account),
        KeyFault::KeyDead => (Concern::KeyDead, row.label),
        KeyFault::KeyCapped => (Concern::KeyCapped, row.label),
    };
    alert_operator(tx, &rules.admins, concern, &subject, &failure.text)
}

/// Switches a key off for what an answer says about it.
pub(crate) fn note_key_fault(tx: &Tx<'_>, key: KeyId, fault: KeyFault) -> Result<(), StoreError> {
    let until = match fault {
        KeyFault::AccountEmpty | KeyFault::KeyDead => None,
        KeyFault::KeyCapped => Some(tomorrow(tx.now)),
    };
    keys::switch_off(tx, key, fault, until)
}

/// The key is off. Another one takes over at once, which does not count as an
/// attempt; when there is none left the job fails.
fn other_key(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if let Some(key) = step.attempt.key {
        let fault = failure.key_fault.unwrap_or(KeyFault::AccountEmpty);
        report_key_fault(tx, rules, key, failure, fault)?;
    }
    if keys::list(tx)?.iter().any(|key| key.is_on(tx.now)) {
        requeue(tx, step, step.attempt.number, tx.now, failure)
    } else {
        fail_job(tx, step, failure, None)
    }
}

/// The account pauses; a submission takes the next free window of any account,
/// until that lasts too long. After a task that KIE accepted and then failed so,
/// another one counts as an attempt: else tasks would be made without end.
fn wait_for_window(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    let row = step.attempt.key.map(|key| keys::get(tx, key)).transpose()?.flatten();
    let lasts = row.as_ref().map_or(Ok(false), |row| pause_account(tx, row))?;
    let is_over = match step.step {
        Step::Submit => {
            let since = step.attempt.rate_limited_since.unwrap_or(tx.now);
            tx.now.since(since) > RATE_LIMIT_PATIENCE
        }
        Step::Poll | Step::Deliver => rules.retries.after(step.attempt.number).is_none(),
    };
    if lasts || is_over {
        let account = row.as_ref().map_or("KIE", |row| &row.account);
        alert_operator(tx, &rules.admins, Concern::RateLimit, account, &failure.text)?;
    }
    match step.step {
        _ if is_over => fail_job(tx, step, failure, None),
        Step::Submit => {
            let rate_limited_since = step.attempt.rate_limited_since.or(Some(tx.now));
            let requeue = Requeue { rate_limited_since, ..step.requeue() };
            jobs::transition(tx, step.claim, &Move::Requeue(requeue))
        }
        Step::Poll | Step::Deliver => next_attempt(tx, rules, step, failure),
    }
}

/// Pauses an account after a rate limit, twice as long each time in a row;
/// says whether its pauses have grown to the longest. A refusal that comes during
/// a pause belongs to the limit that is known already.
fn pause_account(tx: &Tx<'_>, row: &KeyRow) -> Result<bool, StoreError> {
    if row.cooldown_until.is_some_and(|until| until > tx.now) {
        return Ok(false);
    }
    let pause = doubling(FIRST_COOLDOWN, row.cooldowns, LONGEST_COOLDOWN);
    keys::cool_down(tx, row.id, tx.now + pause)?;
    Ok(pause == LONGEST_COOLDOWN)
}

fn fail_and_alert(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
    concern: Concern,
) -> Result<(), StoreError> {
    alert_operator(tx, &rules.admins, concern, &step.attempt.model, &failure.text)?;
    fail_job(tx, step, failure, None)
}

fn next_attempt(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    match rules.retries.after(step.attempt.number) {
        Some(delay) => requeue(tx, step, step.attempt.number + 1, tx.now + delay, failure),
        None => fail_job(tx, step, failure, None),
    }
}

fn requeue(
    tx: &Tx<'_>,
    step: &ClaimedStep,
    attempt: u32,
    due: Timestamp,
    failure: &Failure,
) -> Result<(), StoreError> {
    let (due, error) = (Some(due), Some(failure.text.as_str()));
    let requeue = Requeue { due, attempt, error, rate_limited_since: None, ..step.requeue() };
    jobs::transition(tx, step.claim, &Move::Requeue(requeue))
}

/// When KIE counts a key's cap anew: its days are UTC's, whatever the operator's zone.
fn tomorrow(now: Timestamp) -> Timestamp {
    Timestamp::of_day(now.day() + 1) + Duration::from_mins(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_begins_after_midnight_utc() {
        let now = Timestamp(1_764_000_000_000);
        assert_eq!(tomorrow(now).to_string(), "2025-11-25T00:01:00Z");
    }
}
