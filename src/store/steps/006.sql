-- People: who was greeted, when each was last seen, what their next text means, and the first
-- payload of a link that they came with.

alter table users add column greeted_at integer;
alter table users add column seen_at integer not null default 0;
alter table users add column awaits text;
alter table users add column awaits_until integer check ((awaits is null) = (awaits_until is null));
alter table users add column start_payload text;

update users set greeted_at = created_at, seen_at = created_at;
