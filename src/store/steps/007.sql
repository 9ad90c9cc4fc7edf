-- What operators did, and who.

create table admin_log (
    id      integer primary key autoincrement,
    at      integer not null,
    os_user text    not null,
    act     text    not null,
    subject text    not null,
    details text
) strict;

-- The releases of reelbot that have written this file.

create table releases (
    id      integer primary key autoincrement,
    version text    not null,
    since   integer not null
) strict;

-- What a run does once in a while, and how it last went.

create table chores (
    name      text primary key,
    done_at   integer,
    failed_at integer,
    error     text,
    check ((failed_at is null) = (error is null))
) strict, without rowid;
