-- People: who was greeted, when each was last seen, what their next text means, and the first
-- payload of a link that they came with.

alter table users add column greeted_at integer;
alter table users add column seen_at integer not null default 0;
alter table users add column awaits text;
alter table users add column awaits_until integer check ((awaits is null) = (awaits_until is null));
alter table users add column start_payload text;

update users set greeted_at = created_at, seen_at = created_at;

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
