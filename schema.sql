-- The database of reelbot, as a new one is created.
--
-- Times are Unix milliseconds. Words in CHECKs equal the enums in src/domain, by test.
-- A change here needs a numbered step in src/store/steps, which brings older files to
-- the same schema; a test compares the two.

-- People. The balance is the sum of their ledger entries, kept by a trigger.
create table users (
    tg_user_id    integer primary key,
    username      text,
    first_name    text    not null default '',
    language_code text,                                  -- what Telegram says
    language      text check (language in ('ru', 'en')), -- chosen with /language
    credits       integer not null default 0 check (credits >= 0),
    blocked_at    integer,                               -- blocked the bot: is told nothing
    created_at    integer not null,
    greeted_at    integer,                               -- has read what the bot does
    seen_at       integer not null default 0,            -- did something, to the day
    awaits        text,                                  -- what their next text means
    awaits_until  integer check ((awaits is null) = (awaits_until is null)),
    start_payload text,                                  -- of the first link that had one
    menu          text,                                  -- the chat's own list of commands, as it was set
    aspect        text check (aspect in ('9:16', '3:4', '1:1', '16:9')), -- chosen; null: as the config says
    seconds       integer check (seconds > 0),           -- the same
    quiet         integer check (quiet in (0, 1))        -- whether nights are quiet; the same
) strict;

create index users_with_language on users (language, menu) where language is not null;

-- A name is one person's: whom Telegram last said.
create unique index users_by_name on users (username collate nocase) where username is not null;

-- Why credits come or go: which way, and what an entry of that kind names.
create table entry_kinds (
    kind   text    primary key,
    sign   integer not null check (sign in (-1, 1)),
    refers text check (refers in ('order', 'job', 'payment', 'promo', 'invited'))
) strict, without rowid;

insert into entry_kinds (kind, sign, refers) values
    ('welcome', 1, null),
    ('grant', 1, null),
    ('take', -1, null),
    ('charge', -1, 'order'),
    ('refund', 1, 'job'),
    ('purchase', 1, 'payment'),
    ('chargeback', -1, 'payment'),
    ('promo', 1, 'promo'),
    ('referral', 1, 'invited');

create trigger entry_kinds_are_never_changed before update on entry_kinds begin
    select raise(abort, 'what a kind of entry means is never changed');
end;

-- The ledger: only ever added to. `once` makes the same event count once.
create table credit_entries (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    amount     integer not null check (amount <> 0),
    kind       text    not null references entry_kinds (kind),
    once       text    not null unique,
    order_id   integer references orders (id),
    job_id     integer references generation_jobs (id),
    payment_id text,                                     -- Telegram's id of the charge
    promo_code text,
    invited_id integer references users (tg_user_id),    -- who came by this person's link
    note       text,
    created_at integer not null
) strict;

create index credit_entries_of_user on credit_entries (tg_user_id, id);

create trigger credit_entries_are_of_their_kind before insert on credit_entries
when not exists (
    select 1 from entry_kinds k
    where k.kind = new.kind and (new.amount > 0) = (k.sign > 0)
      and (new.order_id is not null) = (k.refers is 'order')
      and (new.job_id is not null) = (k.refers is 'job')
      and (new.payment_id is not null) = (k.refers is 'payment')
      and (new.promo_code is not null) = (k.refers is 'promo')
      and (new.invited_id is not null) = (k.refers is 'invited')
) begin
    select raise(abort, 'an entry has not the sign or the reference of its kind');
end;

create trigger credit_entries_keep_the_balance after insert on credit_entries begin
    update users set credits = credits + new.amount where tg_user_id = new.tg_user_id;
end;

create trigger credit_entries_are_never_changed before update on credit_entries begin
    select raise(abort, 'the ledger is append-only');
end;

create trigger credit_entries_are_never_deleted before delete on credit_entries begin
    select raise(abort, 'the ledger is append-only');
end;

-- KIE API keys. Keys of one account share its limits. The secret of a key from the
-- environment stays there; its fingerprint finds it again after a restart.
create table kie_keys (
    id             integer primary key autoincrement,
    account        text    not null check (account <> ''),
    label          text    not null check (label <> ''),
    source         text    not null check (source in ('stored', 'environment')),
    secret         text,
    fingerprint    text    not null unique,
    tail           text    not null,                     -- the mask that may be shown
    enabled        integer not null default 1 check (enabled in (0, 1)),
    fault          text check (fault in ('account_empty', 'key_dead', 'key_capped')),
    off_until      integer,                              -- with a fault: null is until an operator acts
    cooldown_until integer,                              -- after a rate limit
    cooldowns      integer not null default 0,           -- rate limits in a row
    balance        real,                                 -- the account's credits at KIE
    balance_at     integer,                              -- when it was read, for `keys list`, to come
    removed_at     integer,
    check ((source = 'stored' and removed_at is null) = (secret is not null))
) strict;

-- Telegram's ids of files are good for one bot alone. Those of rows that name none are of the first
-- that was noted.
create table bot (
    one      integer primary key check (one = 1),
    first_id integer not null,                           -- Telegram's
    id       integer not null                            -- of the one that runs now
) strict;

-- Photos that people sent, by Telegram file id.
create table photos (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    file_id    text    not null,
    unique_id  text,                                     -- the same whenever the photo comes again
    checked_at integer,                                  -- its bytes were found usable
    width      integer,                                  -- pixels, once its bytes were looked at
    height     integer,
    verdict    text,                                     -- what was found of it: JSON
    looked_at  integer,                                  -- by the photo doctor, once
    looks      integer not null default 0,               -- of the doctor that were begun
    bot_id     integer                                   -- the bot that knows the file id
) strict;

create unique index photos_unique on photos (tg_user_id, unique_id);
create index photos_not_looked_at on photos (id) where looked_at is null;

-- Where KIE finds a photo, as it is and brought to a shape. It keeps its copy for a day, and so do we
-- the address.
create table photo_uploads (
    id          integer primary key,
    photo_id    integer not null references photos (id) on delete cascade,
    shape       text    not null check (shape in ('as_it_is', '9:16', '3:4', '1:1', '16:9')),
    url         text    not null,
    uploaded_at integer not null,
    unique (photo_id, shape)
) strict;

create index photo_uploads_by_age on photo_uploads (uploaded_at);

-- What a person is preparing: one for each photo that they sent, several at a time. A week after
-- its last move it is forgotten, whatever became of it.
create table drafts (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    name       text,                                     -- the product's, as an article number
    aspect     text check (aspect in ('9:16', '3:4', '1:1', '16:9')), -- null: as the person or the config says
    seconds    integer check (seconds > 0),                           -- the same
    refused_at integer,                                  -- an own text was too long
    closed_at  integer,                                  -- its photo cannot serve
    updated_at integer not null,
    album_id   integer,                                  -- that its photo came in
    photo_before integer references photos (id)          -- that the person replaced, until the new one is known to serve
) strict;

create index drafts_of_album on drafts (album_id) where album_id is not null;
create index drafts_of_user on drafts (tg_user_id, id);
create index drafts_by_age on drafts (updated_at);
create index drafts_of_photo on drafts (photo_id);
create index drafts_of_photo_before on drafts (photo_before) where photo_before is not null;

-- The photos of a product from several sides.
create table draft_photos (
    draft_id   integer not null references drafts (id) on delete cascade,
    place      integer not null check (place > 0),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    photo_before integer references photos (id),         -- that the person replaced, as in drafts
    primary key (draft_id, place)
) strict, without rowid;

create index draft_photos_of_photo on draft_photos (photo_id);
create index draft_photos_of_photo_before on draft_photos (photo_before) where photo_before is not null;

-- A series: scripts of several products from one idea, ordered together.
create table batches (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    album_id   integer not null,
    products   integer not null check (products > 0),    -- of how many it was begun
    is_ordered integer not null default 0 check (is_ordered in (0, 1)), -- orders name it
    created_at integer not null,
    photo_offer integer not null default 0               -- what it offers from this number on is of the photos it has now
) strict;

create index batches_of_album on batches (album_id);
create index batches_never_ordered on batches (created_at) where is_ordered = 0;

-- The scripts of a draft. Each that was shown can be ordered as long as the draft lives.
create table scripts (
    draft_id   integer not null references drafts (id) on delete cascade,
    revision   integer not null check (revision > 0),
    state      text    not null check (state in
                   ('offered', 'writing', 'ready', 'ordered')),
    source     text    not null check (source in ('preset', 'own_text', 'edited', 'style', 'rewrite')),
    idea       text    not null,                         -- the preset's id, or words
    for_all    integer not null default 0 check (for_all in (0, 1)), -- words for all products of its album
    rule       text,                                     -- of a rewrite: the violation that it avoids
    message_id integer,                                  -- the message with these words
    begun_at   integer,                                  -- the writer was last asked for it
    asked      integer not null default 0,               -- how often it was
    tries      integer not null default 0,               -- at writing it that were begun
    fallback   text check (fallback in ('limit', 'away')), -- why it was not written, but taken as is
    prompt     text,
    summary_ru text,
    summary_en text,
    scenes     text,                                     -- one for each video: JSON
    people     integer not null default 0 check (people in (0, 1)), -- the photo shows some
    several    integer not null default 0 check (several in (0, 1)), -- it shows several products
    aspect     text check (aspect in ('9:16', '3:4', '1:1', '16:9')), -- as its buttons say
    seconds    integer check (seconds > 0),                           -- the same
    price      integer,                                  -- of one video, the same
    offer      integer not null default 0,               -- +1 when its buttons say something else
    batch_id   integer,                                  -- the series that it is of
    place      integer check (place > 0),                -- the number of its product in that
    photo_offer integer not null default 0,              -- its buttons from this number on are of the photo it has now
    photos     integer check (photos > 0),               -- how many of the product are shown together, as its screen says
    edges      text check (edges in ('whole', 'added_above_and_below', 'added_at_the_sides', 'cut_above_and_below', 'cut_at_the_sides')), -- what becomes of those of the photo, the same; null: nobody knew
    primary key (draft_id, revision),
    check ((state = 'offered') = (begun_at is null)),
    check ((state = 'ready') = (prompt is not null and price is not null)),
    check ((summary_ru is null) = (summary_en is null))
) strict, without rowid;

create index scripts_of_batch on scripts (batch_id) where batch_id is not null;
create index scripts_writing on scripts (begun_at) where state = 'writing';

-- One tap on "1 / 3 / 5 videos". A script is ordered once, however often it is tapped; the order
-- outlives it.
create table orders (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    draft_id   integer not null,
    revision   integer not null,
    photo_id   integer not null references photos (id),
    prompt     text    not null,
    preset     text,                                     -- the idea, where it was a ready-made one
    name       text,                                     -- the product's
    batch_id   integer,                                  -- the series that it is of
    place      integer check (place > 0),                -- the number of its product in the series
    lead_id    integer,                                  -- the first of those that one tap placed; null: itself
    summary_ru text,                                     -- what is seen
    summary_en text,
    count      integer not null check (count > 0),
    price      integer not null check (price > 0),       -- credits for one video
    aspect     text check (aspect in ('9:16', '3:4', '1:1', '16:9')),
    seconds    integer check (seconds > 0),
    created_at integer not null,
    closed_at  integer,                                  -- the last job has ended
    unique (draft_id, revision)
) strict;

create index orders_of_user on orders (tg_user_id, id);
create index orders_of_photo on orders (photo_id);
create index orders_of_batch on orders (batch_id) where batch_id is not null;
create index orders_of_lead on orders (lead_id) where lead_id is not null;
create index orders_open on orders (tg_user_id) where closed_at is null;

-- The photos of the product, from several sides, that an order films: a draft's, which it outlives.
create table order_photos (
    order_id   integer not null references orders (id),
    place      integer not null check (place > 0),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    primary key (order_id, place)
) strict, without rowid;

create index order_photos_of_photo on order_photos (photo_id);

-- The rewrite of a refused order: one each.
create table rewrites (
    order_id   integer primary key references orders (id),
    tg_user_id integer not null references users (tg_user_id),
    draft_id   integer not null unique,                  -- its draft, which may be forgotten
    revision   integer,                                  -- its script; null: none came of it
    asked      integer not null,                         -- how often the writer was asked for it
    asked_at   integer not null                          -- when it was, the last time
) strict;

create index rewrites_of_user on rewrites (tg_user_id, asked_at);

-- One video each. `step` is what the job needs next; it rests until `due_at`, and is
-- claimed by a worker under `fence` until `claimed_until`. A person's jobs enter the submit
-- queue one at a time: those behind their own earlier job have no due time yet.
create table generation_jobs (
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
    telegram_file_id   text,                             -- sends the video again
    delivered_at       integer,                          -- for a late gift too
    parked_at          integer,                          -- its person has blocked the bot
    failure_kind       text check (failure_kind in
                           ('user_violation', 'billing', 'rate_limit', 'temporary', 'model_down',
                            'our_bug', 'input_fetch', 'unknown', 'timeout', 'cancelled')),
    error_message      text,                             -- the provider's words, for the operator
    started_at         integer,                          -- the first submission, for the operator
    finished_at        integer,
    created_at         integer not null,
    violation          text check (violation in         -- with a user_violation, as far as known
                           ('people', 'copyright', 'adult', 'bad_file', 'other')),
    title_ru           text,                             -- of its scene
    title_en           text,
    prompt             text,                             -- the same; null: the order's
    bot_id             integer,                          -- the bot that knows the file id
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
create index jobs_waiting on generation_jobs (order_id) where status = 'queued' and held_since is null;
create index jobs_rendered on generation_jobs (model, rendered_at) where rendered_at is not null;
create index jobs_of_user on generation_jobs (tg_user_id, id);
create index jobs_parked on generation_jobs (tg_user_id) where parked_at is not null;
create unique index jobs_task on generation_jobs (task_id) where task_id is not null;

-- Prompts that people have saved as a style of their own, for other products.
create table styles (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    name       text    not null,
    prompt     text    not null,
    created_at integer not null
) strict;

create index styles_of_user on styles (tg_user_id, id);

-- What people think of their videos: one vote each, which may change.
create table votes (
    job_id     integer primary key references generation_jobs (id),
    tg_user_id integer not null references users (tg_user_id),
    vote       text    not null check (vote in ('up', 'down')),
    voted_at   integer not null
) strict;

-- What people asked to have again: a video, the same as a file, or the archive of many. Asked for
-- once more while it is open, it is the same.
create table exports (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    what       text    not null,
    packed     text    not null default '[]',            -- of an archive, what is sent: JSON
    tries      integer not null default 0,               -- that failed, since something was sent
    due_at     integer not null,
    created_at integer not null,
    done_at    integer,
    error      text,                                     -- why it was given up
    parked_at  integer check (parked_at is null or done_at is null) -- its person is away: until due_at
) strict;

create unique index exports_open on exports (tg_user_id, what) where done_at is null;
create index exports_of_user on exports (tg_user_id, what);
create index exports_due on exports (due_at) where done_at is null and parked_at is null;
create index exports_parked on exports (tg_user_id) where parked_at is not null;
create index exports_done on exports (done_at) where done_at is not null;

-- What the operator has switched on: `paused` takes no more orders.
create table switches (
    name  text    primary key check (name in ('paused')),
    since integer not null
) strict, without rowid;

-- Models that KIE has paused or withdrawn: off until a free probe finds them again.
create table models_down (
    slug     text    primary key,
    probe_at integer not null
) strict, without rowid;

-- Submissions whose answer was lost: each may have left a paid task that nobody polls.
create table lost_submissions (
    id         integer primary key autoincrement,
    job_id     integer not null references generation_jobs (id),
    key_id     integer references kie_keys (id),
    model      text    not null,
    reason     text    not null,
    sent_at    integer not null
) strict;

-- Telegram updates, stored before Telegram is told that they arrived.
create table inbox (
    id         integer primary key autoincrement,
    update_id  integer not null unique,
    body       text    not null,
    tries      integer not null default 0,
    handled_at integer,
    due_at     integer,                                  -- about money, and put off until then
    tg_user_id integer not null default 0                -- whose it is; 0: nobody's
) strict;

create index inbox_of_person on inbox (tg_user_id, id) where handled_at is null;
create index inbox_waiting on inbox (id) where handled_at is null;
create index inbox_handled on inbox (handled_at) where handled_at is not null;

-- What people must be told: in the lanes 0 (answers), 1 (news), 2 (status) and 3 (broadcast), each
-- in order for each chat, and the first two in one order. A row with an anchor edits the message of
-- that anchor, once there is one; a later row of an anchor replaces an earlier.
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
    error      text,                                     -- why it was given up
    lane       integer not null default 0 check (lane between 0 and 3),
    generation integer not null default 0,               -- of its anchor, when it was put here
    version    integer not null default 0,               -- +1 when there is more to say
    parked_at  integer check (parked_at is null or done_at is null) -- its person is away: until due_at
) strict;

create index outbox_due on outbox (lane, due_at) where done_at is null and parked_at is null;
create index outbox_of_chat on outbox (chat_id, lane, id) where done_at is null and parked_at is null;
create index outbox_parked on outbox (chat_id) where parked_at is not null;
create index outbox_done on outbox (done_at) where done_at is not null and once is null;
create index outbox_done_once on outbox (done_at) where done_at is not null and once is not null;

-- The message of an order, or of those that one tap placed, that says how it stands: edited while its videos
-- are made, and once more when the last has ended. Then its row goes.
create table status_messages (
    order_id integer primary key references orders (id), -- the first of them
    chat_id  integer not null,
    anchor   text    not null,                           -- whose message it is
    shown    integer not null,                           -- a fingerprint of what it shows
    version  integer not null default 0,                 -- +1 when there may be more to say
    ready_at integer not null,                           -- it is not edited before
    next_at  integer,                                    -- it is looked at then; null: after the next move
    final    integer not null default 0 check (final in (0, 1)), -- the order has closed
    final_at integer,                                    -- its last words are to be said since then
    parked_at integer                                    -- its person is away
) strict;

create index status_messages_due on status_messages (final, next_at) where next_at is not null;
create index status_messages_of_chat on status_messages (chat_id);

-- Pictures that screens show.
create table pictures (
    name    text primary key,
    bytes   blob not null,
    file_id text                                         -- Telegram's, once it was sent
) strict;

create table samples (
    sha256  blob primary key,                            -- of the video
    file_id text not null                                -- Telegram's
) strict, without rowid;

-- What each operator was alerted about: a concern about a subject. An operator is whom the
-- config names, known as a user or not.
create table alerts (
    tg_user_id  integer not null,
    concern     text    not null,
    subject     text    not null,
    alerted_at  integer not null,                        -- last
    muted_until integer,                                 -- not to be alerted before
    primary key (tg_user_id, concern, subject)
) strict, without rowid;

-- Which message shows what, so that it can be edited later. It is let go after some days. What is
-- sent late for an older generation does not become the anchor's message.
create table anchors (
    chat_id    integer not null,
    name       text    not null,
    generation integer not null,                         -- +1 when another message takes its place
    message_id integer,                                  -- none: the next screen is a new message
    updated_at integer not null,
    primary key (chat_id, name)
) strict, without rowid;

create index anchors_by_age on anchors (updated_at);

-- Albums: what came together. Their usable photos are drafts.
create table albums (
    id       integer primary key autoincrement,
    chat_id  integer not null,
    group_id text    not null,
    unusable integer not null default 0,                 -- how many of its files cannot serve
    faults   text    not null default '[]',              -- why: each reason once, as JSON
    kind     text check (kind in ('one', 'many')),       -- null: the person has not said yet
    seen_at  integer not null,
    unique (chat_id, group_id)
) strict;

create index albums_by_age on albums (seen_at);

-- Voice messages that are to be put into words, and for a while those that were.
create table voices (
    tg_user_id integer not null references users (tg_user_id),
    message_id integer not null,
    draft_id   integer,                                  -- that it is about
    order_id   integer,                                  -- whose product it is about
    is_answer  integer not null check (is_answer in (0, 1)), -- to a message about just these
    awaits     text,                                     -- what was asked for when it came
    file_id    text    not null,                         -- Telegram's
    name       text    not null,                         -- with the ending of its format
    sent_at    integer not null,
    tries      integer not null default 0,               -- that were begun
    next_at    integer,                                  -- null: it is done
    primary key (tg_user_id, message_id)
) strict, without rowid;

create index voices_waiting on voices (next_at) where next_at is not null;
create index voices_by_age on voices (sent_at);

-- The run that has not closed this file: one that is found at a start was cut off.
create table open_runs (
    id      integer primary key check (id = 1),
    since   integer not null,
    cut_off integer not null default 0 check (cut_off in (0, 1)) -- and not checked since
) strict;

-- What operators did: grants, takes, pauses, changes of keys. Only ever added to.
create table admin_log (
    id      integer primary key autoincrement,
    at      integer not null,
    os_user text    not null,                            -- who typed it
    act     text    not null,                            -- the command
    subject text    not null,                            -- the person, key or switch
    details text
) strict;

-- The releases of reelbot that have written this file, the last row is the present one. A newer
-- release keeps this table as it is: an older one reads it to say who wrote the file.
create table releases (
    id      integer primary key autoincrement,
    version text    not null,
    since   integer not null
) strict;

-- What a run does once in a while, such as a backup, and how it last went.
create table chores (
    name      text primary key,
    done_at   integer,                                   -- last, successfully
    failed_at integer,                                   -- since then, last
    error     text,
    check ((failed_at is null) = (error is null))
) strict, without rowid;
