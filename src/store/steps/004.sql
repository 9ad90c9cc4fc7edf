-- Alerts have a table: when each operator was last alerted, and what they have muted.

create table alerts (
    tg_user_id  integer not null,
    concern     text    not null,
    subject     text    not null,
    alerted_at  integer not null,
    muted_until integer,
    primary key (tg_user_id, concern, subject)
) strict, without rowid;

insert into alerts (tg_user_id, concern, subject, alerted_at)
    select chat_id, json_extract(body, '$.concern'), json_extract(body, '$.subject'),
           max(created_at)
    from outbox where kind = 'news' and substr(body, 1, 16) = '{"news":"alert",'
    group by 1, 2, 3;

-- What was muted was alerted, some time ago.
insert into alerts (tg_user_id, concern, subject, alerted_at, muted_until)
    select tg_user_id, concern, subject, 0, muted_until from mutes where true
    on conflict do update set muted_until = excluded.muted_until;

drop table mutes;

-- News are called notifications, in the outbox and in the bodies that wait there.

alter table outbox rename to outbox_before;

create table outbox (
    id         integer primary key autoincrement,
    chat_id    integer not null,
    kind       text    not null check (kind in ('screen', 'notification')),
    body       text    not null,
    anchor     text,
    once       text unique,
    due_at     integer not null,
    tries      integer not null default 0,
    created_at integer not null,
    done_at    integer,
    error      text
) strict;

insert into outbox (id, chat_id, kind, body, anchor, once, due_at, tries, created_at, done_at, error)
    select id, chat_id, iif(kind = 'news', 'notification', kind),
           iif(kind = 'news' and substr(body, 1, 8) = '{"news":',
               '{"notification":' || substr(body, 9), body),
           anchor, once, due_at, tries, created_at, done_at, error
    from outbox_before order by id;

-- Ids go on from where they were: buttons of alerts name them.
delete from sqlite_sequence where name = 'outbox';
insert into sqlite_sequence (name, seq)
    select 'outbox', seq from sqlite_sequence where name = 'outbox_before';

drop table outbox_before;

create index outbox_due on outbox (due_at) where done_at is null;
create index outbox_of_chat on outbox (chat_id, id) where done_at is null;
create index outbox_done on outbox (done_at) where done_at is not null;

-- What nobody reads.

alter table kie_keys drop column created_at;
alter table orders drop column prompt;
alter table models_down drop column reason;
alter table models_down drop column down_since;
alter table lost_submissions drop column created_at;
alter table inbox drop column received_at;

-- The schema refuses every pair of status and step that is no state of a job; until here it took
-- a job without a step as queued or processing, which nobody would ever have claimed. Polls that
-- do not find a task and deliveries that are not confirmed are counted; a video waits for a person
-- who has blocked the bot.

create table new_generation_jobs (
    id                 integer primary key autoincrement,
    order_id           integer not null references orders (id),
    tg_user_id         integer not null references users (tg_user_id),
    photo_id           integer not null references photos (id),
    number             integer not null check (number > 0),
    prompt             text    not null,
    model              text    not null,
    status             text    not null check (status in
                           ('queued', 'processing', 'completed', 'failed')),
    step               text check (step in ('submit', 'poll', 'deliver')),
    due_at             integer,
    fence              integer not null default 0,
    claimed_until      integer,
    attempt            integer not null default 1 check (attempt > 0),
    key_id             integer references kie_keys (id),
    submitting_at      integer,                          -- written before createTask is sent
    lost_submissions   integer not null default 0,
    rate_limited_since integer,
    held_since         integer,                          -- its model is down
    task_id            text,
    submitted_at       integer,
    unknown_polls      integer not null default 0,       -- polls in a row that did not find the task
    unknown_since      integer,
    video_url          text,
    rendered_at        integer,
    form               text    not null default 'video' check (form in ('video', 'document', 'link')),
    deliveries         integer not null default 0,       -- tries that failed
    unconfirmed        integer not null default 0,       -- of them sent, and the answer lost
    telegram_file_id   text,                             -- with it the video can be sent again
    delivered_at       integer,                          -- for a late gift too
    parked_at          integer,                          -- its person has blocked the bot
    failure_kind       text check (failure_kind in
                           ('user_violation', 'billing', 'rate_limit', 'temporary', 'model_down',
                            'our_bug', 'input_fetch', 'unknown', 'timeout', 'cancelled')),
    error_message      text,                             -- the provider's words, for the operator
    started_at         integer,                          -- the first submission, for the operator
    finished_at        integer,
    created_at         integer not null,
    unique (order_id, number),
    check ((status in ('completed', 'failed')) = (finished_at is not null)),
    check ((status = 'failed') = (failure_kind is not null)),
    check (status <> 'queued' or (step is 'submit' and task_id is null)),
    check (status <> 'processing' or
           (step is not null and step <> 'submit' and task_id is not null)),
    check (status <> 'completed' or step is null),
    check (status <> 'failed' or step is null or (step <> 'submit' and failure_kind = 'timeout')),
    check (step is not 'deliver' or video_url is not null),
    check (step is not 'poll' or (task_id is not null and key_id is not null)),
    check (due_at is not null or step is null or step = 'submit'),
    check (claimed_until is null or (step is not null and due_at is not null)),
    check ((task_id is null) = (submitted_at is null))
) strict;

insert into new_generation_jobs (
    id, order_id, tg_user_id, photo_id, number, prompt,
    model, status, step, due_at, fence, claimed_until,
    attempt, key_id, submitting_at, lost_submissions, rate_limited_since, held_since,
    task_id, submitted_at, video_url, rendered_at, form, deliveries,
    telegram_file_id, delivered_at, failure_kind, error_message, started_at, finished_at,
    created_at
) select
    id, order_id, tg_user_id, photo_id, number, prompt,
    model, status, step, due_at, fence, claimed_until,
    attempt, key_id, submitting_at, lost_submissions, rate_limited_since, held_since,
    task_id, submitted_at, video_url, rendered_at, form, deliveries,
    telegram_file_id, delivered_at, failure_kind, error_message, started_at, finished_at,
    created_at
from generation_jobs;

drop table generation_jobs;

alter table new_generation_jobs rename to generation_jobs;

create index jobs_to_submit on generation_jobs (due_at)
    where step = 'submit' and claimed_until is null and due_at is not null;
create index jobs_to_submit_again on generation_jobs (due_at)
    where step = 'submit' and fence > 0 and claimed_until is null and due_at is not null;
create index jobs_to_poll on generation_jobs (key_id, due_at)
    where step = 'poll' and claimed_until is null;
create index jobs_to_deliver on generation_jobs (due_at)
    where step = 'deliver' and claimed_until is null;
create index jobs_claimed on generation_jobs (claimed_until) where claimed_until is not null;
create index jobs_in_flight on generation_jobs (key_id) where status = 'processing' and step = 'poll';
create index jobs_in_flight_of on generation_jobs (tg_user_id)
    where status = 'processing' and step = 'poll';
create index jobs_queued on generation_jobs (tg_user_id, id) where status = 'queued';
create index jobs_rendered on generation_jobs (model, rendered_at) where rendered_at is not null;
create index jobs_of_user on generation_jobs (tg_user_id, id);
create index jobs_parked on generation_jobs (tg_user_id) where parked_at is not null;
create unique index jobs_task on generation_jobs (task_id) where task_id is not null;

-- A draft knows the price that its buttons say.

create table new_drafts (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    photo_id   integer not null references photos (id),
    state      text    not null check (state in
                   ('choosing', 'describing', 'writing', 'ready', 'ordered', 'dropped')),
    revision   integer not null default 0,               -- +1 with every script that is begun
    preset     text,
    own_text   text,
    prompt     text,
    price      integer,                                  -- of one video, as its buttons say
    refused_at integer,                                  -- an own text was too long
    updated_at integer not null,
    check (state not in ('writing', 'ready') or (preset is null) <> (own_text is null)),
    check (state not in ('ready', 'ordered') or prompt is not null)
) strict;

insert into new_drafts (
    id, tg_user_id, photo_id, state, revision, preset, own_text, prompt, refused_at, updated_at
) select
    id, tg_user_id, photo_id, state, revision, preset, own_text, prompt, refused_at, updated_at
from drafts;

drop table drafts;

alter table new_drafts rename to drafts;

create unique index drafts_open on drafts (tg_user_id) where state not in ('ordered', 'dropped');
create index drafts_writing on drafts (updated_at) where state = 'writing';

-- A photo that comes again is known by Telegram's unique id.

create table new_photos (
    id          integer primary key autoincrement,
    tg_user_id  integer not null references users (tg_user_id),
    file_id     text    not null,
    unique_id   text,                                    -- the same whenever the photo comes again
    upload_url  text,
    uploaded_at integer,
    checked_at  integer,                                 -- its bytes were found usable
    check ((upload_url is null) = (uploaded_at is null))
) strict;

insert into new_photos (id, tg_user_id, file_id, upload_url, uploaded_at, checked_at)
select id, tg_user_id, file_id, upload_url, uploaded_at, checked_at from photos;

drop table photos;

alter table new_photos rename to photos;

create unique index photos_unique on photos (tg_user_id, unique_id);
