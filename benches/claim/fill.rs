//! Databases full of jobs, written straight into the file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use reelbot::testing::{clock::SystemClock, domain::Secret, store::Db};
use rusqlite::Connection;

/// The time at which the jobs of these databases begin, in Unix milliseconds.
pub(crate) const START: i64 = 1_764_000_000_000;

/// The secret of the one key: KIE is not called here.
const KEY: &str = "00000000000000000000000000000000";

/// A prompt of usual length, so that rows have their usual size.
const PROMPT: &str = "The camera circles the product in one slow, steady, full turn at a constant \
     distance and height, as on a turntable, so that it is seen from every side. The product \
     stays in the centre, sharp and exactly as in the photo: same shape, colours, label and text.";

/// People, their photos and orders, numbered on: the first of them is `?1`, the last `?2`;
/// an order has `?3` jobs.
const ORDERS: &str = "
    create temp table n (i integer primary key);
    insert into n
        with recursive n (i) as (select :first union all select i + 1 from n where i < :last)
        select i from n;
    insert into users (tg_user_id, created_at) select i, 0 from n;
    insert into photos (id, tg_user_id, file_id) select i, i, 'photo' || i from n;
    insert into photo_uploads (photo_id, shape, url, uploaded_at)
        select i, 'as_it_is', 'http://127.0.0.1/' || i, :start * 2 from n;
    insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt, count, price,
            created_at)
        select i, i, i, 1, i, :prompt, :jobs, 1, 0 from n;";

/// The messages that say how open orders stand: moves note that there is more to say.
const STATUSES: &str = "
    insert into status_messages (order_id, chat_id, anchor, shown, ready_at, next_at)
        select i, i, 'script ' || i || ':1', 0, 0, :start from n;";

/// Jobs that were delivered long ago.
const FINISHED: &str = "
    insert into generation_jobs (order_id, tg_user_id, number, model, status,
            fence, key_id, task_id, submitted_at, video_url, rendered_at, telegram_file_id,
            delivered_at, started_at, finished_at, created_at)
        select i, i, j, 'model', 'completed', 3, 1, 'task' || i || '-' || j,
            :start - 600000 - i, 'http://127.0.0.1/video' || i, :start - 300000 - i, 'video' || i,
            :start - 299000, :start - 600000, :start - 299000, :start - 700000
        from n, (select value as j from json_each('[1,2,3,4,5]')) order by i, j;";

/// Jobs that wait for their turn, one for each person.
const WAITING: &str = "
    insert into generation_jobs (order_id, tg_user_id, number, model, status,
            step, due_at, created_at)
        select i, i, 1, 'model', 'queued', 'submit', :start + i, :start from n;";

/// Tasks at KIE that are polled.
const RENDERING: &str = "
    insert into generation_jobs (order_id, tg_user_id, number, model, status,
            step, due_at, key_id, task_id, submitted_at, created_at)
        select i, i, 1, 'model', 'processing', 'poll', :start + i, 1, 'open' || i,
            unixepoch('subsec') * 1000, :start from n;";

/// What a database is filled with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fill {
    /// Orders of five finished jobs each.
    pub finished_orders: i64,
    /// Waiting jobs.
    pub waiting: i64,
    /// Jobs with a task at KIE.
    pub rendering: i64,
}

/// Creates a database of that name with one key and these jobs.
pub(crate) fn database(folder: &Path, name: &str, fill: Fill) -> PathBuf {
    let path = folder.join(name).join("reelbot.db");
    Db::open(&path, Arc::new(SystemClock)).expect("a database can be created");
    let connection = Connection::open(&path).expect("it opens again");
    connection.pragma_update(None, "synchronous", "off").expect("known");
    connection.pragma_update(None, "foreign_keys", "on").expect("known");
    let sql = "insert into kie_keys (id, account, label, source, secret, fingerprint, tail)
               values (1, 'main', 'bench', 'stored', ?, ?, '…')";
    let fingerprint = reelbot::testing::domain::fingerprint(&Secret::new(KEY));
    connection.execute(sql, (KEY, fingerprint)).expect("a key goes in");
    let mut first = 1;
    for (orders, jobs, statuses, each) in [
        (fill.finished_orders, FINISHED, "", 5),
        (fill.waiting, WAITING, STATUSES, 1),
        (fill.rendering, RENDERING, STATUSES, 1),
    ] {
        if orders > 0 {
            let sql = format!("begin;{ORDERS}{jobs}{statuses}drop table n;commit;")
                .replace(":first", &first.to_string())
                .replace(":last", &(first + orders - 1).to_string())
                .replace(":start", &START.to_string())
                .replace(":jobs", &each.to_string())
                .replace(":prompt", &format!("'{PROMPT}'"));
            connection.execute_batch(&sql).expect("the rows keep the schema's rules");
            first += orders;
        }
    }
    connection.execute_batch("pragma wal_checkpoint(truncate)").expect("checkpoint");
    path
}
