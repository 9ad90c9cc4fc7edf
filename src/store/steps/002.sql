-- Alerts can be muted.

-- What an operator does not want to be alerted about for a while: a concern about a subject,
-- as in the alert whose button was tapped.
create table mutes (
    tg_user_id  integer not null references users (tg_user_id),
    concern     text    not null,
    subject     text    not null,
    muted_until integer not null,
    primary key (tg_user_id, concern, subject)
) strict, without rowid;
