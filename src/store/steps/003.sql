-- What was submitted before goes to KIE before the rest of the line.

create index jobs_to_submit_again on generation_jobs (due_at)
    where step = 'submit' and fence > 0 and claimed_until is null and due_at is not null;
