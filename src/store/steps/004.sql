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
alter table photos drop column created_at;
alter table drafts drop column created_at;
alter table orders drop column prompt;
alter table models_down drop column reason;
alter table models_down drop column down_since;
alter table lost_submissions drop column created_at;
alter table inbox drop column received_at;
