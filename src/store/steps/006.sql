-- People: who was greeted, when each was last seen, what their next text means, and the first
-- payload of a link that they came with.

alter table users add column greeted_at integer;
alter table users add column seen_at integer not null default 0;
alter table users add column awaits text;
alter table users add column awaits_until integer check ((awaits is null) = (awaits_until is null));
alter table users add column start_payload text;

update users set greeted_at = created_at, seen_at = created_at;

-- An album knows the draft of its first photo.

alter table albums add column draft_id integer;

-- Several drafts may be open, one for each photo, and each keeps the scripts that were shown. An
-- order is of one script. What was chosen of aspect and seconds belongs to the draft; orders of
-- earlier versions have none, and are made as the config says.

create table new_drafts (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    photo_id   integer not null references photos (id),
    message_id integer,                                  -- the message that brought it
    aspect     text check (aspect in ('portrait', 'landscape')), -- null: as the config says
    seconds    integer check (seconds > 0),                      -- the same
    refused_at integer,                                  -- an own text was too long
    closed_at  integer,                                  -- its photo cannot serve
    updated_at integer not null
) strict;

insert into new_drafts (id, tg_user_id, photo_id, refused_at, closed_at, updated_at)
select id, tg_user_id, photo_id, refused_at, iif(state = 'dropped', updated_at, null), updated_at
from drafts;

create table scripts (
    draft_id   integer not null references new_drafts (id) on delete cascade,
    revision   integer not null check (revision > 0),
    state      text    not null check (state in
                   ('offered', 'writing', 'ready', 'ordered')),
    source     text    not null check (source in ('preset', 'own_text', 'edited')),
    idea       text    not null,                         -- the preset's id, or the person's words
    message_id integer,                                  -- the message with these words
    begun_at   integer,                                  -- the writer was last asked for it
    asked      integer not null default 0,               -- how often it was
    fallback   text check (fallback in ('limit', 'away')), -- why it was not written, but taken as is
    prompt     text,
    summary_ru text,
    summary_en text,
    price      integer,                                  -- of one video, as its buttons say
    primary key (draft_id, revision),
    check ((state = 'offered') = (begun_at is null)),
    check ((state = 'ready') = (prompt is not null and price is not null)),
    check ((summary_ru is null) = (summary_en is null))
) strict, without rowid;

insert into scripts (draft_id, revision, state, source, idea, begun_at, asked, prompt, price)
select id, max(revision, 1), state, iif(preset is null, 'own_text', 'preset'),
    coalesce(preset, own_text), updated_at, 1, iif(state = 'ready', prompt, null),
    iif(state = 'ready', coalesce(price, 1), null)
from drafts where state in ('writing', 'ready');

insert into anchors (chat_id, name, message_id, updated_at)
select d.tg_user_id, 'script ' || d.id || ':' || max(d.revision, 1), a.message_id, a.updated_at
from drafts d join anchors a on a.chat_id = d.tg_user_id and a.name = 'draft ' || d.id
where d.state in ('writing', 'ready');

update users set (awaits, awaits_until) =
    (select 'text:' || d.id, d.updated_at + 600000 from drafts d
     where d.tg_user_id = users.tg_user_id and d.state in ('choosing', 'describing'))
where exists (select 1 from drafts d
              where d.tg_user_id = users.tg_user_id and d.state in ('choosing', 'describing'));

create table new_orders (
    id         integer primary key autoincrement,
    tg_user_id integer not null references users (tg_user_id),
    draft_id   integer not null,
    revision   integer not null,
    photo_id   integer not null references photos (id),
    prompt     text    not null,
    count      integer not null check (count > 0),
    price      integer not null check (price > 0),       -- credits for one video
    aspect     text check (aspect in ('portrait', 'landscape')),
    seconds    integer check (seconds > 0),
    created_at integer not null,
    closed_at  integer,                                  -- the last job has ended
    unique (draft_id, revision)
) strict;

insert into new_orders (
    id, tg_user_id, draft_id, revision, photo_id, prompt, count, price, created_at, closed_at
) select
    id, tg_user_id, draft_id, coalesce((select max(revision, 1) from drafts where id = draft_id), 1),
    photo_id, prompt, count, price, created_at, closed_at
from orders;

drop table orders;

alter table new_orders rename to orders;

create index orders_of_user on orders (tg_user_id, id);
create index orders_of_photo on orders (photo_id);
create index orders_open on orders (tg_user_id) where closed_at is null;

drop table drafts;

alter table new_drafts rename to drafts;

create index drafts_of_user on drafts (tg_user_id, id);
create index drafts_by_age on drafts (updated_at);
create index drafts_of_photo on drafts (photo_id);
create index scripts_writing on scripts (begun_at) where state = 'writing';

-- The ledger's kinds are rows, those of payments, promo codes and referrals among them. The ledger
-- is built anew once, with room for what those refer to.

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

create table new_credit_entries (
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

insert into new_credit_entries
    (id, tg_user_id, amount, kind, once, order_id, job_id, note, created_at)
    select id, tg_user_id, amount, kind, once, order_id, job_id, note, created_at
    from credit_entries order by id;

drop table credit_entries;

alter table new_credit_entries rename to credit_entries;

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

-- The outbox: lanes, what changed while it was being sent, what waits for a person who is away, and
-- anchors that know which of their messages is the newest.

alter table outbox add column lane integer not null default 0 check (lane between 0 and 3);
alter table outbox add column generation integer not null default 0;
alter table outbox add column version integer not null default 0;
alter table outbox add column parked_at integer check (parked_at is null or done_at is null);

update outbox set lane = 1 where kind = 'notification';

drop index outbox_due;
drop index outbox_of_chat;

create index outbox_due on outbox (lane, due_at) where done_at is null and parked_at is null;
create index outbox_of_chat on outbox (chat_id, lane, id) where done_at is null and parked_at is null;
create index outbox_parked on outbox (chat_id) where parked_at is not null;

create table anchors_with_generation (
    chat_id    integer not null,
    name       text    not null,
    generation integer not null,
    message_id integer,
    updated_at integer not null,
    primary key (chat_id, name)
) strict, without rowid;

insert into anchors_with_generation (chat_id, name, generation, message_id, updated_at)
    select chat_id, name, 0, message_id, updated_at from anchors;

drop table anchors;
alter table anchors_with_generation rename to anchors;

create index anchors_by_age on anchors (updated_at);

-- Which rule a refused photo or text has broken, as far as is known.

alter table generation_jobs add column violation text check (violation in
    ('people', 'copyright', 'adult', 'bad_file', 'other'));

-- Pictures that screens show.

create table pictures (
    name    text primary key,
    bytes   blob not null,
    file_id text
) strict;

-- The command menu that was last set in the chat of a person who chose a language.

alter table users add column menu text;

create index users_with_language on users (language, menu) where language is not null;

-- An update about money is never given up: it is put off.

alter table inbox add column due_at integer;

-- A name is one person's. Who of several has it now is not known: it was whoever came last.

update users set username = null
where username is not null and exists (
    select 1 from users o
    where o.username = users.username collate nocase
      and (o.created_at, o.tg_user_id) > (users.created_at, users.tg_user_id));

drop index users_by_name;

create unique index users_by_name on users (username collate nocase) where username is not null;

-- The inbox knows whose each update is, so that a flood of one person's holds up nobody else.

alter table inbox add column tg_user_id integer not null default 0;

update inbox set tg_user_id = cast(coalesce(
    json_extract(body, '$.message.from.id'), json_extract(body, '$.edited_message.from.id'),
    json_extract(body, '$.callback_query.from.id'), json_extract(body, '$.my_chat_member.from.id'), 0
) as integer) where handled_at is null and json_valid(body);

create index inbox_of_person on inbox (tg_user_id, id) where handled_at is null;
