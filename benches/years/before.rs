//! A database as version 4 left it after so many videos: written straight into the file.

use std::path::Path;

use rusqlite::Connection;

/// The version's schema: its steps, one after the other.
const STEPS: [&str; 4] = [
    include_str!("../../src/store/steps/001.sql"),
    include_str!("../../src/store/steps/002.sql"),
    include_str!("../../src/store/steps/003.sql"),
    include_str!("../../src/store/steps/004.sql"),
];

/// An order of three videos for each `i`, by one of 20,000 people, with what it left behind:
/// the prompt in the draft and in each job, and the message at its end. Of three photos one came
/// to nothing.
const ROWS: &str = "
    create temp table n (i integer primary key);
    insert into n
        with recursive n (i) as (select 1 union all select i + 1 from n where i < :orders)
        select i from n;
    insert into kie_keys (id, account, label, source, secret, fingerprint, tail)
        values (1, 'main', 'bench', 'stored', 's', 'f', '…');
    insert into users (tg_user_id, username, first_name, language_code, created_at)
        select i, 'seller_' || i, 'Seller ' || i, 'ru', 0 from n where i <= 20000;
    insert into credit_entries (tg_user_id, amount, kind, once, created_at)
        select tg_user_id, 1000000, 'grant', 'grant ' || tg_user_id, 0 from users;
    insert into photos (id, tg_user_id, file_id, unique_id, upload_url, uploaded_at)
        select i, 1 + i % 20000, printf('AgACAgIAAxkBAAI%075d', i), printf('AQAD%012d', i),
            printf('https://tempfile.redpandaai.co/kieai/183531/images/%032d.jpg', i), i from n;
    insert into photos (tg_user_id, file_id, unique_id)
        select 1 + i % 20000, printf('AgACAgIAAxkBAAI%075d', -i), printf('AQAD%012d', -i) from n
        where i % 3 = 0;
    insert into drafts (id, tg_user_id, photo_id, state, revision, preset, prompt, price, updated_at)
        select i, 1 + i % 20000, i, 'ordered', 1, 'scroll-up', :prompt, 1, i from n;
    insert into orders (id, tg_user_id, draft_id, photo_id, count, price, created_at, closed_at)
        select i, 1 + i % 20000, i, i, 3, 1, i, i + 1 from n;
    insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
        select 1 + i % 20000, -3, 'charge', 'charge order ' || i, i, i from n;
    insert into generation_jobs (order_id, tg_user_id, photo_id, number, prompt, model, status,
            fence, key_id, task_id, submitted_at, video_url, rendered_at, telegram_file_id,
            delivered_at, started_at, finished_at, created_at)
        select i, 1 + i % 20000, i, j, :prompt, 'sora-2-image-to-video', 'completed', 4, 1,
            printf('%031d%d', i, j), i, printf('https://tempfile.aiquickdraw.com/r/%031d%d_1764.mp4', i, j),
            i + 1, printf('BAACAgIAAxkDAAI%064d%d', i, j), i + 2, i, i + 2, i
        from n, (select value as j from json_each('[1,2,3]')) order by i, j;
    insert into outbox (chat_id, kind, body, once, due_at, created_at, done_at)
        select 1 + i % 20000, 'notification', '{\"notification\":\"order_done\",\"order\":' || i || '}',
            'close order ' || i, 0, i, i + 2 from n;
    drop table n;";

/// Fills a file.
pub(crate) fn fill(path: &Path, videos: usize) {
    let database = Connection::open(path).expect("it can be created");
    let fast = "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000";
    database.execute_batch(fast).expect("known");
    for step in STEPS {
        database.execute_batch(step).expect("the steps of the version");
    }
    let rows = ROWS
        .replace(":orders", &(videos / 3).to_string())
        .replace(":prompt", &format!("'{}'", "A cup turns slowly. ".repeat(45)));
    database.execute_batch(&format!("begin;{rows}commit;")).expect("the schema takes them");
    database
        .execute_batch("pragma user_version = 4; pragma application_id = 0x7265656C")
        .expect("known");
}
