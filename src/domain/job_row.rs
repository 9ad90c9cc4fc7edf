//! What the moves of a job write: what its row keeps, and what it forgets.

use crate::domain::{
    failure::FailureKind,
    job::JobState,
    job_move::{Move, Requeue},
    time::Timestamp,
};

/// A field of a job's row that moves write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobField {
    Status,
    Step,
    DueAt,
    Fence,
    ClaimedUntil,
    Attempt,
    Model,
    KeyId,
    SubmittingAt,
    LostSubmissions,
    UnknownPolls,
    UnknownSince,
    RateLimitedSince,
    HeldSince,
    TaskId,
    SubmittedAt,
    VideoUrl,
    RenderedAt,
    Form,
    Deliveries,
    UnconfirmedDeliveries,
    TelegramFileId,
    DeliveredAt,
    ParkedAt,
    FailureKind,
    Violation,
    ErrorMessage,
    StartedAt,
    FinishedAt,
}

/// What is written into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldValue<'a> {
    /// Nothing: the field is cleared.
    Null,
    /// One more than before.
    Increment,
    /// This time, unless there is one already.
    FirstTime(Timestamp),
    /// A time.
    Time(Timestamp),
    /// A number or an id.
    Number(i64),
    /// A text or an enum's word.
    Text(&'a str),
}

impl<'a> Move<'a> {
    /// All that the row gets when the move is made `from` there, at `now`.
    pub(crate) fn changes(
        &self,
        from: JobState,
        now: Timestamp,
    ) -> Vec<(JobField, FieldValue<'a>)> {
        let Some(to) = self.target(from) else { return Vec::new() };
        let mut changes = self.own_changes(now);
        changes.reserve(6);
        // A column that keeps its value is not written: its indexes would be, too.
        if to.status() != from.status() {
            changes.push((JobField::Status, FieldValue::Text(to.status().word())));
        }
        if to.step() != from.step() {
            changes.push((
                JobField::Step,
                FieldValue::of(to.step().map(|step| FieldValue::Text(step.word()))),
            ));
        }
        if to.step().is_none() {
            changes.push((JobField::DueAt, FieldValue::Null));
        }
        if to.is_ended() && !from.is_ended() {
            changes.push((JobField::FinishedAt, FieldValue::Time(now)));
        }
        if self.ends_claim() {
            changes.push((JobField::ClaimedUntil, FieldValue::Null));
            if from == JobState::Queued {
                changes.push((JobField::SubmittingAt, FieldValue::Null));
            }
        }
        changes
    }

    /// What the move writes wherever it begins.
    fn own_changes(&self, now: Timestamp) -> Vec<(JobField, FieldValue<'a>)> {
        match *self {
            Self::BeginSubmission { key, model } => vec![
                (JobField::Model, FieldValue::Text(model)),
                (JobField::SubmittingAt, FieldValue::Time(now)),
                (JobField::KeyId, FieldValue::Number(key.0)),
                (JobField::StartedAt, FieldValue::FirstTime(now)),
            ],
            Self::LoseSubmission => {
                vec![
                    (JobField::LostSubmissions, FieldValue::Increment),
                    (JobField::SubmittingAt, FieldValue::Null),
                ]
            }
            Self::Submit { task, first_poll } => vec![
                (JobField::TaskId, FieldValue::Text(task)),
                (JobField::SubmittedAt, FieldValue::Time(now)),
                (JobField::DueAt, FieldValue::Time(first_poll)),
                (JobField::RateLimitedSince, FieldValue::Null),
            ],
            Self::Requeue(requeue) => requeue.changes(),
            Self::Postpone { due } => vec![(JobField::DueAt, FieldValue::Time(due))],
            Self::MissTask { due } => vec![
                (JobField::UnknownPolls, FieldValue::Increment),
                (JobField::UnknownSince, FieldValue::FirstTime(now)),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
            Self::FindTask { due } => vec![
                (JobField::UnknownPolls, FieldValue::Number(0)),
                (JobField::UnknownSince, FieldValue::Null),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
            Self::Render { url } => vec![
                (JobField::VideoUrl, FieldValue::Text(url)),
                (JobField::RenderedAt, FieldValue::Time(now)),
                (JobField::DueAt, FieldValue::Time(now)),
            ],
            Self::RetryDelivery { form, due } => vec![
                (JobField::Form, FieldValue::Text(form.word())),
                (JobField::Deliveries, FieldValue::Increment),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
            Self::DoubtDelivery { due } => vec![
                (JobField::UnconfirmedDeliveries, FieldValue::Increment),
                (JobField::Deliveries, FieldValue::Increment),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
            Self::AssumeDelivery { error } => vec![
                (JobField::UnconfirmedDeliveries, FieldValue::Increment),
                (JobField::ErrorMessage, FieldValue::Text(error)),
            ],
            Self::Deliver { file_id } => vec![
                (JobField::TelegramFileId, FieldValue::of(file_id.map(FieldValue::Text))),
                (JobField::DeliveredAt, FieldValue::Time(now)),
            ],
            Self::Park { due } => vec![
                (JobField::ParkedAt, FieldValue::FirstTime(now)),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
            Self::EndWatch => Vec::new(),
            Self::Fail { kind, violation, error } => vec![
                (JobField::FailureKind, FieldValue::Text(kind.word())),
                (
                    JobField::Violation,
                    FieldValue::of(violation.map(|violation| FieldValue::Text(violation.word()))),
                ),
                (JobField::ErrorMessage, FieldValue::Text(error)),
            ],
            Self::Cancel => vec![
                (JobField::Fence, FieldValue::Increment),
                (JobField::HeldSince, FieldValue::Null),
                (JobField::FailureKind, FieldValue::Text(FailureKind::Cancelled.word())),
            ],
            Self::TimeOut { error, due } => vec![
                (JobField::FailureKind, FieldValue::Text(FailureKind::Timeout.word())),
                (JobField::ErrorMessage, FieldValue::Text(error)),
                (JobField::DueAt, FieldValue::Time(due)),
            ],
        }
    }
}

impl<'a> Requeue<'a> {
    fn changes(&self) -> Vec<(JobField, FieldValue<'a>)> {
        let mut changes = vec![
            (JobField::Attempt, FieldValue::Number(self.attempt.into())),
            (
                JobField::RateLimitedSince,
                FieldValue::of(self.rate_limited_since.map(FieldValue::Time)),
            ),
            (JobField::HeldSince, FieldValue::of(self.held_since.map(FieldValue::Time))),
            (JobField::KeyId, FieldValue::Null),
            (JobField::TaskId, FieldValue::Null),
            (JobField::SubmittedAt, FieldValue::Null),
            (JobField::UnknownPolls, FieldValue::Number(0)),
            (JobField::UnknownSince, FieldValue::Null),
        ];
        changes.extend(self.due.map(|due| (JobField::DueAt, FieldValue::Time(due))));
        changes.extend(self.error.map(|error| (JobField::ErrorMessage, FieldValue::Text(error))));
        changes
    }
}

impl FieldValue<'_> {
    fn of(value: Option<Self>) -> Self {
        value.unwrap_or(Self::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job_move::one_of_each;

    #[test]
    fn no_move_writes_a_field_twice() {
        for step in one_of_each() {
            for from in JobState::ALL {
                let changes = step.changes(from, Timestamp(0));
                let fields: Vec<JobField> = changes.iter().map(|(field, _)| *field).collect();
                for (index, field) in fields.iter().enumerate() {
                    assert!(!fields[..index].contains(field), "{step:?} from {from:?}: {field:?}");
                }
            }
        }
    }
}
