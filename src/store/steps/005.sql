-- The prompt and the photo of a video are its order's: each prompt is kept once. A draft gives its
-- prompt away with the order, and is forgotten some days after its last move.

create table new_orders (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    draft_id   integer not null unique,
    photo_id   integer not null references photos (id),
    prompt     text    not null,
    count      integer not null check (count > 0),
    price      integer not null check (price > 0),       -- credits for one video
    created_at integer not null,
    closed_at  integer                                   -- the last job has ended
) strict;

insert into new_orders (
    id, tg_user_id, draft_id, photo_id, prompt, count, price, created_at, closed_at
) select
    id, tg_user_id, draft_id, photo_id,
    coalesce((select prompt from generation_jobs where order_id = orders.id limit 1), ''),
    count, price, created_at, closed_at
from orders;

drop table orders;

alter table new_orders rename to orders;

create index orders_of_user on orders (tg_user_id, id);
create index orders_of_photo on orders (photo_id);

create table new_generation_jobs (
    id                 integer primary key autoincrement,
    order_id           integer not null references orders (id),
    tg_user_id         integer not null references users (tg_user_id),
    number             integer not null check (number > 0),
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
    telegram_file_id   text,                             -- for /my, to come: sends the video again
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
    id, order_id, tg_user_id, number, model, status, step, due_at, fence, claimed_until,
    attempt, key_id, submitting_at, lost_submissions, rate_limited_since, held_since, task_id,
    submitted_at, unknown_polls, unknown_since, video_url, rendered_at, form, deliveries,
    unconfirmed, telegram_file_id, delivered_at, parked_at, failure_kind, error_message,
    started_at, finished_at, created_at
) select
    id, order_id, tg_user_id, number, model, status, step, due_at, fence, claimed_until,
    attempt, key_id, submitting_at, lost_submissions, rate_limited_since, held_since, task_id,
    submitted_at, unknown_polls, unknown_since, video_url, rendered_at, form, deliveries,
    unconfirmed, telegram_file_id, delivered_at, parked_at, failure_kind, error_message,
    started_at, finished_at, created_at
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
    check (state <> 'ready' or prompt is not null)
) strict;

insert into new_drafts (
    id, tg_user_id, photo_id, state, revision, preset, own_text, prompt, price, refused_at,
    updated_at
) select
    id, tg_user_id, photo_id, state, revision,
    iif(state in ('ordered', 'dropped'), null, preset),
    iif(state in ('ordered', 'dropped'), null, own_text),
    iif(state in ('ordered', 'dropped'), null, prompt),
    price, refused_at, updated_at
from drafts;

drop table drafts;

alter table new_drafts rename to drafts;

create unique index drafts_open on drafts (tg_user_id) where state not in ('ordered', 'dropped');
create index drafts_writing on drafts (updated_at) where state = 'writing';
create index drafts_by_age on drafts (updated_at);
create index drafts_of_photo on drafts (photo_id);

-- Photos that nothing names.

delete from photos
where not exists (select 1 from orders where photo_id = photos.id)
  and not exists (select 1 from drafts where photo_id = photos.id);

-- What is forgotten is found by its age.

create index photos_uploaded on photos (uploaded_at) where uploaded_at is not null;

drop index outbox_done;
create index outbox_done on outbox (done_at) where done_at is not null and once is null;
create index outbox_done_once on outbox (done_at) where done_at is not null and once is not null;
create index anchors_by_age on anchors (updated_at);
create index albums_by_age on albums (seen_at);

-- A run that was cut off is known at the next start.

create table open_runs (
    id      integer primary key check (id = 1),
    since   integer not null,
    cut_off integer not null default 0 check (cut_off in (0, 1)) -- and not checked since
) strict;
