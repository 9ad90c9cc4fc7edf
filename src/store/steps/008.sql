-- What a person chose for themselves, and whether their nights are quiet.

alter table users add column aspect text check (aspect in ('9:16', '3:4', '1:1', '16:9'));
alter table users add column seconds integer check (seconds > 0);
alter table users add column quiet integer check (quiet in (0, 1));

-- What was found of a photo when its bytes were looked at.

alter table photos add column width integer;
alter table photos add column height integer;
alter table photos add column verdict text;
alter table photos add column looked_at integer;

-- Each video has a scene of its own.

alter table generation_jobs add column title_ru text;
alter table generation_jobs add column title_en text;
alter table generation_jobs add column prompt text;

-- Shapes are named by their ratio, and there are four. A product has a name. A script has scenes, and
-- what its buttons say of the shape and the length. An order knows the idea and the series it is of.

create table new_drafts (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    name       text,                                     -- the product's, as an article number
    aspect     text check (aspect in ('9:16', '3:4', '1:1', '16:9')), -- null: as the person or the config says
    seconds    integer check (seconds > 0),                           -- the same
    refused_at integer,                                  -- an own text was too long
    closed_at  integer,                                  -- its photo cannot serve
    updated_at integer not null
) strict;

insert into new_drafts (
    id, tg_user_id, photo_id, message_id, aspect, seconds, refused_at, closed_at, updated_at
) select
    id, tg_user_id, photo_id, message_id, case aspect when 'portrait' then '9:16' when 'landscape' then '16:9' end,
    seconds, refused_at, closed_at, updated_at
from drafts;

create table new_scripts (
    draft_id   integer not null references new_drafts (id) on delete cascade,
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
    primary key (draft_id, revision),
    check ((state = 'offered') = (begun_at is null)),
    check ((state = 'ready') = (prompt is not null and price is not null)),
    check ((summary_ru is null) = (summary_en is null))
) strict, without rowid;

insert into new_scripts (
    draft_id, revision, state, source, idea, message_id, begun_at, asked, fallback, prompt,
    summary_ru, summary_en, price
) select
    draft_id, revision, state, source, idea, message_id, begun_at, asked, fallback, prompt,
    summary_ru, summary_en, price
from scripts;

-- Ids go on from where they were: buttons of forgotten drafts name them.
delete from sqlite_sequence where name = 'new_drafts';
insert into sqlite_sequence (name, seq)
    select 'new_drafts', seq from sqlite_sequence where name = 'drafts';

drop table scripts;
drop table drafts;

alter table new_drafts rename to drafts;
alter table new_scripts rename to scripts;

create index drafts_of_user on drafts (tg_user_id, id);
create index drafts_by_age on drafts (updated_at);
create index drafts_of_photo on drafts (photo_id);
create index scripts_writing on scripts (begun_at) where state = 'writing';

create table new_orders (
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

insert into new_orders (
    id, tg_user_id, draft_id, revision, photo_id, prompt, count, price, aspect, seconds, created_at,
    closed_at
) select
    id, tg_user_id, draft_id, revision, photo_id, prompt, count, price,
    case aspect when 'portrait' then '9:16' when 'landscape' then '16:9' end, seconds, created_at,
    closed_at
from orders;

delete from sqlite_sequence where name = 'new_orders';
insert into sqlite_sequence (name, seq)
    select 'new_orders', seq from sqlite_sequence where name = 'orders';

drop table orders;

alter table new_orders rename to orders;

create index orders_of_user on orders (tg_user_id, id);
create index orders_of_photo on orders (photo_id);
create index orders_open on orders (tg_user_id) where closed_at is null;

-- The message of an order, or of those that one tap placed, says how it stands.

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

-- How many videos wait before those of an order is counted in an index of what waits.

create index jobs_waiting on generation_jobs (order_id) where status = 'queued' and held_since is null;

-- Formats: a photo is uploaded as it is and in the shapes that people choose, and of a script it is
-- known how often what its buttons say has changed.

alter table scripts add column offer integer not null default 0;

create table photo_uploads (
    id          integer primary key,
    photo_id    integer not null references photos (id) on delete cascade,
    shape       text    not null check (shape in ('as_it_is', '9:16', '3:4', '1:1', '16:9')),
    url         text    not null,
    uploaded_at integer not null,
    unique (photo_id, shape)
) strict;

create index photo_uploads_by_age on photo_uploads (uploaded_at);

insert into photo_uploads (photo_id, shape, url, uploaded_at)
select id, 'as_it_is', upload_url, uploaded_at from photos where upload_url is not null;

drop index photos_uploaded;

create table new_photos (
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

insert into new_photos (
    id, tg_user_id, file_id, unique_id, checked_at, width, height, verdict, looked_at
) select
    id, tg_user_id, file_id, unique_id, checked_at, width, height, verdict, looked_at
from photos;

delete from sqlite_sequence where name = 'new_photos';
insert into sqlite_sequence (name, seq)
    select 'new_photos', seq from sqlite_sequence where name = 'photos';

drop table photos;

alter table new_photos rename to photos;

create unique index photos_unique on photos (tg_user_id, unique_id);

-- Photos are looked at as they come; those of before are not.

update photos set looked_at = 0;

create index photos_not_looked_at on photos (id) where looked_at is null;

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

-- Telegram's ids of files are good for one bot alone. Those of rows that name none are of the first
-- that was noted.
create table bot (
    one      integer primary key check (one = 1),
    first_id integer not null,                           -- Telegram's
    id       integer not null                            -- of the one that runs now
) strict;

alter table generation_jobs add column bot_id integer;

-- The samples of ideas that Telegram has.

create table samples (
    sha256  blob primary key,                            -- of the video
    file_id text not null                                -- Telegram's
) strict, without rowid;

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
-- An album is one product from several sides, or a product each: its person says which. Of an album that
-- this cuts in two, what comes later is one of its own.

drop table albums;

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

alter table drafts add column album_id integer;

create index drafts_of_album on drafts (album_id) where album_id is not null;

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

-- The photos of the product, from several sides, that an order films: a draft's, which it outlives.
create table order_photos (
    order_id   integer not null references orders (id),
    place      integer not null check (place > 0),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    primary key (order_id, place)
) strict, without rowid;

create index order_photos_of_photo on order_photos (photo_id);

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

alter table scripts add column batch_id integer;

create index scripts_of_batch on scripts (batch_id) where batch_id is not null;

-- A photo is replaced by editing its message.

alter table drafts add column photo_before integer references photos (id);
alter table scripts add column place integer check (place > 0);
alter table scripts add column photo_offer integer not null default 0;
alter table scripts add column photos integer check (photos > 0);
alter table scripts add column edges text check (edges in ('whole', 'added_above_and_below', 'added_at_the_sides', 'cut_above_and_below', 'cut_at_the_sides'));

create index drafts_of_photo_before on drafts (photo_before) where photo_before is not null;

create index orders_of_batch on orders (batch_id) where batch_id is not null;
create index orders_of_lead on orders (lead_id) where lead_id is not null;

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
