//! Databases of earlier versions come here with all that is in them.
#![cfg(test)]

use rusqlite::{Connection, types::FromSql};

use crate::domain::notification::{Alert, Concern, Notification};
use crate::store::{
    identity::DatabaseKind,
    schema::{Migrated, migrate},
};

/// What version 3 wrote: Ann has ordered two videos, Olga is an operator.
const ROWS: &str = r#"
    insert into users (tg_user_id, username, first_name, credits, created_at)
        values (7, 'ann', 'Ann', 0, 1), (9, 'olga', 'Olga', 0, 2);
    insert into credit_entries (tg_user_id, amount, kind, once, created_at)
        values (7, 5, 'grant', 'grant a', 3);
    insert into kie_keys (account, label, source, secret, fingerprint, tail, created_at)
        values ('main', 'first', 'stored', 's', 'f', '…cdef', 4);
    insert into photos (tg_user_id, file_id, upload_url, uploaded_at, checked_at, created_at)
        values (7, 'file', 'https://kie.test/a', 5, 5, 4);
    insert into drafts (tg_user_id, photo_id, state, revision, preset, prompt, created_at, updated_at)
        values (7, 1, 'ordered', 1, 'scroll-up', 'A cup turns.', 4, 6);
    insert into orders (tg_user_id, draft_id, photo_id, prompt, count, price, created_at)
        values (7, 1, 1, 'A cup turns.', 2, 1, 6);
    insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
        values (7, -2, 'charge', 'charge order 1', 1, 6);
    insert into generation_jobs (order_id, tg_user_id, photo_id, number, prompt, model, status, step,
            due_at, key_id, task_id, submitted_at, started_at, created_at)
        values (1, 7, 1, 1, 'A cup turns.', 'm', 'processing', 'poll', 8, 1, 'task', 7, 7, 6),
               (1, 7, 1, 2, 'A cup turns.', 'm', 'queued', 'submit', null, null, null, null, null, 6);
    insert into lost_submissions (job_id, key_id, model, reason, sent_at, created_at)
        values (2, 1, 'm', 'reset', 7, 8);
    insert into models_down (slug, reason, down_since, probe_at) values ('old', 'paused', 7, 9);
    insert into inbox (update_id, body, received_at, handled_at)
        values (100, '{"update_id":100}', 5, 6), (101, '{"update_id":101}', 7, null);
    insert into outbox (chat_id, kind, body, anchor, once, due_at, created_at, done_at) values
        (7, 'screen', '{"text":"{\"news\":","buttons":[]}', 'draft 1', null, 6, 6, 6),
        (7, 'news', '{"news":"video_failed","kind":"temporary","violation":null,"refund":1}', null,
         'refund job 5', 7, 7, null),
        (9, 'news', '{"news":"alert","concern":"our_bug","subject":"main","detail":"\"news\":"}',
         null, 'alert our_bug 9 "main" 20', 20, 20, 20),
        (9, 'news', '{"news":"alert","concern":"our_bug","subject":"main","detail":"422"}', null,
         'alert our_bug 9 "main" 30', 30, 30, null),
        (9, 'news', '{"news":"alert","concern":"key_dead","subject":"main","detail":"401"}', null,
         'alert key_dead 9 "main" 25', 25, 25, 25),
        (9, 'screen', '{"text":"gone","buttons":[]}', null, null, 30, 30, null);
    delete from outbox where id = 6;
    insert into mutes (tg_user_id, concern, subject, muted_until)
        values (9, 'key_dead', 'main', 900), (9, 'model_down', 'old', 800);
    insert into anchors (chat_id, name, message_id, updated_at) values (7, 'draft 1', 5, 6);
"#;

/// A database of version 3 with its rows.
fn old() -> Connection {
    let old = Connection::open_in_memory().unwrap();
    old.pragma_update(None, "foreign_keys", "on").unwrap();
    for step in [
        include_str!("steps/001.sql"),
        include_str!("steps/002.sql"),
        include_str!("steps/003.sql"),
    ] {
        old.execute_batch(step).unwrap();
    }
    old.execute_batch(ROWS).unwrap();
    old.pragma_update(None, "user_version", 3).unwrap();
    old.pragma_update(None, "application_id", DatabaseKind::Real.mark()).unwrap();
    old
}

fn migrated() -> Connection {
    let mut database = old();
    assert_eq!(migrate(&mut database, DatabaseKind::Real).unwrap(), Migrated::From(3));
    database
}

fn all<T: FromSql>(database: &Connection, sql: &str) -> Vec<T> {
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Every table with the number of its rows.
fn counts(database: &Connection) -> Vec<(String, i64)> {
    let sql = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
               order by name";
    let count = |table: String| {
        let rows = all(database, &format!("select count(*) from {table}"));
        (table, rows[0])
    };
    all::<String>(database, sql).into_iter().map(count).collect()
}

/// The tables that an old file did not have, with how many rows they get.
const NEW_TABLES: [(&str, i64); 20] = [
    ("admin_log", 0),
    ("alerts", 3),
    ("batches", 0),
    ("bot", 0),
    ("chores", 0),
    ("draft_photos", 0),
    ("entry_kinds", 9),
    ("exports", 0),
    ("open_runs", 0),
    ("order_photos", 0),
    ("photo_uploads", 1),
    ("pictures", 0),
    ("releases", 0),
    ("rewrites", 0),
    ("samples", 0),
    ("scripts", 0),
    ("status_messages", 0),
    ("styles", 0),
    ("voices", 0),
    ("votes", 0),
];

#[test]
fn every_row_comes_along_and_every_reference_holds() {
    let (before, database) = (counts(&old()), migrated());
    let mut after = counts(&database);
    let is_new = |(table, _): &(String, i64)| NEW_TABLES.iter().any(|(name, _)| name == table);
    let new: Vec<_> = after.extract_if(.., |count| is_new(count)).collect();
    let new: Vec<_> = new.iter().map(|(table, rows)| (table.as_str(), *rows)).collect();
    assert_eq!(new, NEW_TABLES);
    let kept: Vec<_> = before.into_iter().filter(|(table, _)| table != "mutes").collect();
    assert_eq!(after, kept);
    assert!(all::<String>(&database, "select \"table\" from pragma_foreign_key_check").is_empty());
    assert_eq!(all::<String>(&database, "select * from pragma_integrity_check"), ["ok"]);
    assert_eq!(all::<i64>(&database, "select credits from users order by 1"), [0, 3]);
    assert_eq!(all::<String>(&database, "select prompt from orders"), ["A cup turns."]);
    assert_eq!(all::<i64>(&database, "select revision from orders"), [1]);
    assert_eq!(all::<i64>(&database, "select sent_at from lost_submissions"), [7]);
    assert_eq!(all::<i64>(&database, "select probe_at from models_down"), [9]);
    let waiting = "select body from inbox where handled_at is null";
    assert_eq!(all::<String>(&database, waiting), ["{\"update_id\":101}"]);
}

#[test]
fn what_waits_in_the_outbox_can_still_be_sent() {
    let database = migrated();
    let bodies = "select body from outbox where kind = 'notification' order by id";
    let read = |body: String| serde_json::from_str::<Notification>(&body).unwrap();
    let read: Vec<_> = all(&database, bodies).into_iter().map(read).collect();
    let alert = |concern, detail: &str| {
        let (subject, detail) = ("main".to_owned(), detail.to_owned());
        Notification::Alert(Alert { concern, subject, detail })
    };
    assert!(matches!(read[0], Notification::VideoFailed { .. }), "{read:?}");
    let alerts = [
        alert(Concern::OurBug, "\"news\":"),
        alert(Concern::OurBug, "422"),
        alert(Concern::KeyDead, "401"),
    ];
    assert_eq!(read[1..], alerts);
    let screens = all::<String>(&database, "select body from outbox where kind = 'screen'");
    assert_eq!(screens, [r#"{"text":"{\"news\":","buttons":[]}"#]);
    let waiting = "select id from outbox where done_at is null order by id";
    assert_eq!(all::<i64>(&database, waiting), [2, 4]);
    let lanes = "select kind || ' ' || lane from outbox where done_at is null order by id";
    assert_eq!(all::<String>(&database, lanes), ["notification 1", "notification 1"]);
    let anchors = "select name || ' ' || message_id || ' ' || generation from anchors";
    assert_eq!(all::<String>(&database, anchors), ["draft 1 5 0"]);
    let new = "insert into outbox (chat_id, kind, body, due_at, created_at)
               values (7, 'screen', '{}', 1, 1) returning id";
    assert_eq!(all::<i64>(&database, new), [7], "no id is used twice");
}

#[test]
fn what_was_alerted_and_what_was_muted_is_known() {
    let database = migrated();
    let sql = "select tg_user_id || ' ' || concern || ' ' || subject || ' ' || alerted_at || ' '
                   || coalesce(muted_until, '-') from alerts order by concern";
    assert_eq!(
        all::<String>(&database, sql),
        ["9 key_dead main 25 900", "9 model_down old 0 800", "9 our_bug main 30 -"],
    );
}

/// An entry of each kind that version 5 knew, and who has them.
const ENTRIES_OF_5: &str = "
    insert into users (tg_user_id, created_at) values (11, 1);
    insert into credit_entries (tg_user_id, amount, kind, once, order_id, job_id, note, created_at)
        values (11, 2, 'welcome', 'welcome 11', null, null, null, 30),
               (11, 4, 'grant', 'grant b', null, null, 'for patience', 31),
               (11, -1, 'take', 'take c', null, null, null, 32),
               (11, -2, 'charge', 'charge order 9', 1, null, null, 33),
               (11, 1, 'refund', 'refund job 2', null, 2, null, 34);";

#[test]
fn the_ledger_comes_along_entry_by_entry() {
    let mut database = old();
    database.pragma_update(None, "foreign_keys", "off").unwrap();
    database.execute_batch(include_str!("steps/004.sql")).unwrap();
    database.execute_batch(include_str!("steps/005.sql")).unwrap();
    database.execute_batch(ENTRIES_OF_5).unwrap();
    database.pragma_update(None, "user_version", 5).unwrap();
    let ledger = "select id || ' ' || tg_user_id || ' ' || amount || ' ' || kind || ' ' || once
                      || ' ' || coalesce(order_id, '-') || ' ' || coalesce(job_id, '-')
                      || ' ' || coalesce(note, '-') || ' ' || created_at
                  from credit_entries order by id";
    let before = all::<String>(&database, ledger);
    assert_eq!(migrate(&mut database, DatabaseKind::Real).unwrap(), Migrated::From(5));
    assert_eq!(all::<String>(&database, ledger), before);
    assert_eq!(before.len(), 7);
    let balances = "select credits from users order by tg_user_id";
    assert_eq!(all::<i64>(&database, balances), [3, 0, 4], "no entry has counted again");
    let next = "insert into credit_entries (tg_user_id, amount, kind, once, created_at)
                values (11, 1, 'grant', 'grant d', 40) returning id";
    assert_eq!(all::<i64>(&database, next), [8]);
    let again = "insert into credit_entries (tg_user_id, amount, kind, once, created_at)
                 values (11, 4, 'grant', 'grant b', 40) on conflict (once) do nothing";
    assert_eq!(database.execute(again, []).unwrap(), 0, "an event counts once, as before");
    assert_eq!(all::<i64>(&database, balances), [3, 0, 5]);
}

/// What only version 4 knew: a video that waits for somebody who is away, a task that was not
/// found, a draft with a price, and a photo that nothing names.
const ROWS_OF_4: &str = "
    update generation_jobs set status = 'processing', step = 'deliver', video_url = 'v',
        rendered_at = 9, due_at = 99, parked_at = 10, unconfirmed = 1, fence = 5 where id = 1;
    insert into photos (id, tg_user_id, file_id, unique_id) values (5, 9, 'g', 'u'), (6, 9, 'h', 'w');
    insert into drafts (tg_user_id, photo_id, state, revision, own_text, prompt, price, updated_at)
        values (9, 5, 'ready', 3, 'Spin', 'It spins.', 2, 11);
    insert into anchors (chat_id, name, message_id, updated_at) values (9, 'draft 2', 77, 11);
    insert into drafts (tg_user_id, photo_id, state, revision, preset, updated_at)
        values (7, 1, 'writing', 1, 'scroll-up', 12);
    insert into users (tg_user_id, created_at) values (8, 3);
    insert into photos (id, tg_user_id, file_id) values (8, 8, 'i');
    insert into drafts (tg_user_id, photo_id, state, updated_at) values (8, 8, 'describing', 13);";

#[test]
fn what_only_the_version_before_knew_comes_along() {
    let mut database = old();
    database.pragma_update(None, "foreign_keys", "off").unwrap();
    database.execute_batch(include_str!("steps/004.sql")).unwrap();
    database.execute_batch(ROWS_OF_4).unwrap();
    database.pragma_update(None, "user_version", 4).unwrap();
    assert_eq!(migrate(&mut database, DatabaseKind::Real).unwrap(), Migrated::From(4));
    let job = "select parked_at || ' ' || unconfirmed || ' ' || fence || ' ' || due_at
               from generation_jobs where id = 1";
    assert_eq!(all::<String>(&database, job), ["10 1 5 99"]);
    let scripts =
        "select draft_id || ':' || revision || ' ' || state || ' ' || source || ' ' || idea
                       || ' ' || coalesce(prompt, '-') || ' ' || coalesce(price, '-')
                   from scripts order by draft_id";
    assert_eq!(
        all::<String>(&database, scripts),
        ["2:3 ready own_text Spin It spins. 2", "3:1 writing preset scroll-up - -"]
    );
    let anchors = "select name || ' ' || message_id from anchors where chat_id = 9 order by name";
    assert_eq!(all::<String>(&database, anchors), ["draft 2 77", "script 2:3 77"]);
    let awaits = "select awaits || ' ' || awaits_until from users where awaits is not null";
    assert_eq!(all::<String>(&database, awaits), ["text:4 600013"]);
    assert_eq!(all::<i64>(&database, "select id from photos order by id"), [1, 5, 8]);
    assert!(all::<String>(&database, "select \"table\" from pragma_foreign_key_check").is_empty());
}

#[test]
fn a_name_that_two_had_is_kept_by_who_came_last() {
    let mut database = old();
    let several = "
        insert into users (tg_user_id, username, created_at) values (20, 'Shop', 5),
            (21, 'SHOP', 9), (22, 'shop', 7), (23, null, 9), (24, null, 9), (25, 'other', 1);";
    database.execute_batch(several).unwrap();
    assert_eq!(migrate(&mut database, DatabaseKind::Real).unwrap(), Migrated::From(3));
    let names = "select tg_user_id || ' ' || coalesce(username, '-') from users order by 1";
    let kept = ["20 -", "21 SHOP", "22 -", "23 -", "24 -", "25 other", "7 ann", "9 olga"];
    assert_eq!(all::<String>(&database, names), kept);
}

#[test]
fn ids_that_are_in_old_buttons_are_not_given_again() {
    let mut old = Connection::open_in_memory().unwrap();
    for step in [
        include_str!("steps/001.sql"),
        include_str!("steps/002.sql"),
        include_str!("steps/003.sql"),
        include_str!("steps/004.sql"),
        include_str!("steps/005.sql"),
        include_str!("steps/006.sql"),
        include_str!("steps/007.sql"),
    ] {
        old.execute_batch(step).unwrap();
    }
    let rows = "
        insert into users (tg_user_id, created_at) values (7, 1);
        insert into photos (id, tg_user_id, file_id) values (50, 7, 'f');
        insert into drafts (id, tg_user_id, photo_id, updated_at) values (50, 7, 50, 1);
        insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                created_at)
            values (50, 7, 50, 1, 50, 'p', 1, 1, 1);
        delete from orders; delete from drafts; delete from photos;";
    old.execute_batch(rows).unwrap();
    old.pragma_update(None, "user_version", 7).unwrap();
    old.pragma_update(None, "application_id", DatabaseKind::Real.mark()).unwrap();
    assert_eq!(migrate(&mut old, DatabaseKind::Real).unwrap(), Migrated::From(7));
    let rows = "
        insert into photos (tg_user_id, file_id) values (7, 'g');
        insert into drafts (tg_user_id, photo_id, updated_at) values (7, 51, 1);
        insert into orders (tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                created_at)
            values (7, 51, 1, 51, 'p', 1, 1, 1);";
    old.execute_batch(rows).unwrap();
    for table in ["photos", "drafts", "orders"] {
        assert_eq!(all::<i64>(&old, &format!("select id from {table}")), [51], "{table}");
    }
}
