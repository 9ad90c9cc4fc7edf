//! The timeline of a job, in lines: what was, what is, what comes next.

use crate::domain::{
    failure::FailureKind,
    job::{Status, Step},
    time::Timestamp,
};
use crate::store::report::JobLine;

/// What a job is.
pub(crate) fn head(job: &JobLine, user: String) -> Vec<(&'static str, String)> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or("–".to_owned());
    vec![
        ("job", format!("{}, video {} of order {}", job.id, job.number, job.order)),
        ("user", user),
        ("status", job.status.word().to_owned()),
        ("model", job.model.clone()),
        ("attempt", job.attempt.to_string()),
        ("key", or_none(&job.key)),
        ("task", or_none(&job.task)),
    ]
}

/// What happened to a job and when, and what comes next.
pub(crate) fn timeline(job: &JobLine, now: Timestamp) -> Vec<(&'static str, String)> {
    let mut lines = vec![("ordered", job.created_at.to_string())];
    let mut add = |name, line: Option<String>| lines.extend(line.map(|line| (name, line)));
    // An attempt failed, and the job went on.
    let went_on = matches!(job.failure, None | Some(FailureKind::Cancelled));
    add("last error", job.error.clone().filter(|_| went_on));
    add("submitted", job.submitted_at.map(|at| at.to_string()));
    add("rendered", job.rendered_at.map(|at| after(at, job.submitted_at)));
    let ended = job.finished_at.unwrap_or(job.created_at);
    match job.failure {
        Some(FailureKind::Cancelled) => add("cancelled", Some(format!("{ended}, by the person"))),
        Some(failure) => {
            add("failed", Some(format!("{ended}, {}", failure.word())));
            add("because", job.error.clone());
        }
        None => {}
    }
    add("delivered", job.delivered_at.map(|at| delivered(job, at)));
    if job.status == Status::Completed && job.delivered_at.is_none() {
        add("undelivered", Some(format!("{ended}, the person has blocked the bot")));
    }
    add("next", next(job, now));
    lines
}

/// A job in a word or two, for a line in a list.
pub(crate) fn brief(job: &JobLine) -> &'static str {
    match (job.failure, job.step) {
        (Some(failure), _) => failure.word(),
        (None, Some(Step::Submit)) if job.due_at.is_none() => "in line",
        (None, Some(Step::Submit)) => "to submit",
        (None, Some(Step::Poll)) => "at KIE",
        (None, Some(Step::Deliver)) => "to deliver",
        (None, None) if job.delivered_at.is_none() => "undelivered",
        (None, None) => "delivered",
    }
}

/// What a job needs next and when.
fn next(job: &JobLine, now: Timestamp) -> Option<String> {
    let action = match (job.step?, job.status) {
        (Step::Submit, _) => "submit to KIE",
        (Step::Poll, Status::Failed) => "ask KIE whether the video has come after all",
        (Step::Poll, _) => "ask KIE for the video",
        (Step::Deliver, Status::Failed) => "deliver the late video as a gift",
        (Step::Deliver, _) => "deliver",
    };
    Some(match job.due_at {
        None => format!("{action}, after the person's earlier videos"),
        Some(due) if due <= now => format!("{action}, as soon as may be"),
        Some(due) => format!("{action}, at {due}"),
    })
}

fn delivered(job: &JobLine, at: Timestamp) -> String {
    match job.status {
        Status::Failed => format!("{at}, late, as a gift"),
        Status::Queued | Status::Processing | Status::Completed => after(at, job.rendered_at),
    }
}

/// A time, with how long it took since the one before.
fn after(at: Timestamp, before: Option<Timestamp>) -> String {
    match before.map(|before| at.since(before).as_secs()) {
        Some(seconds) if seconds >= 60 => {
            format!("{at}, after {} min {} s", seconds / 60, seconds % 60)
        }
        Some(seconds) => format!("{at}, after {seconds} s"),
        None => at.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{JobId, OrderId, UserId};

    const NOW: Timestamp = Timestamp(1_764_000_000_000);

    fn queued() -> JobLine {
        JobLine {
            id: JobId(42),
            order: OrderId(17),
            user: UserId(7),
            number: 2,
            status: Status::Queued,
            step: Some(Step::Submit),
            due_at: None,
            attempt: 1,
            model: "sora-2-image-to-video".to_owned(),
            key: None,
            task: None,
            submitted_at: None,
            rendered_at: None,
            failure: None,
            error: None,
            created_at: NOW,
            delivered_at: None,
            finished_at: None,
        }
    }

    fn lines(job: &JobLine) -> Vec<String> {
        timeline(job, NOW).into_iter().map(|(name, text)| format!("{name} {text}")).collect()
    }

    #[test]
    fn a_queued_job_shows_what_it_waits_for() {
        let expected = [
            "ordered 2025-11-24T16:00:00Z",
            "next submit to KIE, after the person's earlier videos",
        ];
        assert_eq!(lines(&queued()), expected);
        let due = JobLine { due_at: Some(Timestamp(NOW.0 + 5000)), ..queued() };
        assert_eq!(lines(&due)[1], "next submit to KIE, at 2025-11-24T16:00:05Z");
        assert_eq!((brief(&queued()), brief(&due)), ("in line", "to submit"));
    }

    #[test]
    fn a_delivered_job_shows_its_whole_timeline() {
        let at = |seconds: i64| Some(Timestamp(NOW.0 + seconds * 1000));
        let job = JobLine {
            status: Status::Completed,
            step: None,
            submitted_at: at(1),
            rendered_at: at(150),
            delivered_at: at(155),
            finished_at: at(155),
            ..queued()
        };
        let expected = [
            "ordered 2025-11-24T16:00:00Z",
            "submitted 2025-11-24T16:00:01Z",
            "rendered 2025-11-24T16:02:30Z, after 2 min 29 s",
            "delivered 2025-11-24T16:02:35Z, after 5 s",
        ];
        assert_eq!(lines(&job), expected);
        assert_eq!(brief(&job), "delivered");
        let blocked = JobLine { delivered_at: None, ..job };
        assert_eq!(brief(&blocked), "undelivered");
        let last = lines(&blocked).pop().unwrap();
        assert_eq!(last, "undelivered 2025-11-24T16:02:35Z, the person has blocked the bot");
    }

    #[test]
    fn a_failed_job_shows_the_providers_text_and_that_it_is_still_polled() {
        let job = JobLine {
            status: Status::Failed,
            step: Some(Step::Poll),
            due_at: Some(NOW),
            failure: Some(FailureKind::Timeout),
            error: Some("no video in 30m".to_owned()),
            finished_at: Some(NOW),
            ..queued()
        };
        let expected = [
            "ordered 2025-11-24T16:00:00Z",
            "failed 2025-11-24T16:00:00Z, timeout",
            "because no video in 30m",
            "next ask KIE whether the video has come after all, as soon as may be",
        ];
        assert_eq!(lines(&job), expected);
        assert_eq!(brief(&job), "timeout");
    }

    #[test]
    fn a_job_that_was_called_off_has_not_failed_by_its_last_error() {
        let job = JobLine {
            status: Status::Failed,
            step: None,
            attempt: 2,
            failure: Some(FailureKind::Cancelled),
            error: Some("500 busy".to_owned()),
            finished_at: Some(NOW),
            ..queued()
        };
        let expected = [
            "ordered 2025-11-24T16:00:00Z",
            "last error 500 busy",
            "cancelled 2025-11-24T16:00:00Z, by the person",
        ];
        assert_eq!((lines(&job), brief(&job)), (expected.map(str::to_owned).to_vec(), "cancelled"));
    }
}
