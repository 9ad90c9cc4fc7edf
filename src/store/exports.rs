//! What people asked to have again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{
    export::{Effort, Export},
    id::{ExportId, JobId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Asked for again this soon, it is a second tap.
const SAME_REQUEST: Duration = Duration::from_secs(5);

/// A video of an archive that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// The job that made it.
    pub job: JobId,
    /// The part that it is in; 0 of one that could not be had.
    pub part: u32,
    /// The name of its file there.
    pub file: String,
}

impl Packed {
    /// The name of its file without the ending.
    pub(crate) fn stem(&self) -> &str {
        self.file.rsplit_once('.').map_or(self.file.as_str(), |(stem, _)| stem)
    }
}

/// An open request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenExport {
    /// The row.
    pub id: ExportId,
    /// Who asked.
    pub user: UserId,
    /// What for.
    pub what: Export,
    /// Of an archive: the videos that are done.
    pub packed: Vec<Packed>,
    /// How often it has failed since something of it was sent.
    pub tries: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// Which requests are for archives, by the words of [`Export`].
const ARCHIVE: &str = "what not glob 'video *' and what not glob 'file *'";

/// How many archives a person has asked for since then.
pub(crate) fn archives_since(
    view: &View<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<u32, StoreError> {
    let sql = format!(
        "select count(*) from exports where tg_user_id = ? and created_at > ? and {ARCHIVE}"
    );
    view.one(&sql, (user, since), |row| row.get(0))
}

/// Whether something is asked for already, or was a moment ago.
pub(crate) fn is_asked_for(tx: &Tx<'_>, user: UserId, what: Export) -> Result<bool, StoreError> {
    let sql = "select 1 from exports
               where tg_user_id = ?1 and what = ?2
                 and (done_at is null or (done_at > ?3 and done_at <= ?4)) limit 1";
    let same = (user, what.to_string(), tx.now - SAME_REQUEST, tx.now);
    Ok(tx.first(sql, same, |_| Ok(()))?.is_some())
}

/// Asks for something that is not asked for.
pub(crate) fn request(tx: &Tx<'_>, user: UserId, what: Export) -> Result<(), StoreError> {
    let sql = "insert into exports (tg_user_id, what, due_at, created_at) values (?1, ?2, ?3, ?3)";
    tx.add(sql, (user, what.to_string(), tx.now))?;
    tx.notify(Channel::Exports);
    Ok(())
}

/// The open request that has been due longest, of those that may be taken now. Each part puts all
/// archives of its person behind what is due by then, so that people take turns.
pub(crate) fn due(
    view: &View<'_>,
    now: Timestamp,
    is_free: impl Fn(UserId, Effort) -> bool,
) -> Result<Option<OpenExport>, StoreError> {
    let sql = "select id, tg_user_id, what from exports
               where done_at is null and parked_at is null and due_at <= ? order by due_at, id";
    let due = view.all(sql, [now], |row| {
        let (id, user, what): (ExportId, UserId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Export::parse(&what).map(|what| (id, user, what)))
    })?;
    let free = due.into_iter().flatten().find(|(_, user, what)| is_free(*user, what.effort()));
    let Some((id, user, what)) = free else { return Ok(None) };
    let sql = "select packed, tries, created_at from exports where id = ?";
    view.first(sql, [id], |row| {
        let packed: String = row.get(0)?;
        let packed = serde_json::from_str(&packed).unwrap_or_default();
        let (tries, created_at) = (row.get(1)?, row.get(2)?);
        Ok(OpenExport { id, user, what, packed, tries, created_at })
    })
}

/// When the next open request is due, if there is one whose person is there.
pub fn next_due(view: &View<'_>) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select min(due_at) from exports where done_at is null and parked_at is null";
    view.one(sql, [], |row| row.get(0))
}

/// Puts a request off: a try has failed, or it was not its turn.
pub(crate) fn put_off(
    tx: &Tx<'_>,
    id: ExportId,
    until: Timestamp,
    has_failed: bool,
) -> Result<(), StoreError> {
    let sql = "update exports set due_at = iif(parked_at is null, ?, due_at), tries = tries + ?
               where id = ? and done_at is null";
    tx.run(sql, (until, has_failed, id)).map(drop)
}

/// Lets no request wait longer than until `latest`, except for a person who is away.
pub(crate) fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    let sql = "update exports set due_at = ?1
               where done_at is null and parked_at is null and due_at > ?1";
    tx.run(sql, [latest]).map(drop)
}

/// The open requests of a person who cannot be reached wait for them, until then at most.
pub(crate) fn park(tx: &Tx<'_>, user: UserId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "update exports set parked_at = ?, due_at = ?
               where tg_user_id = ? and done_at is null and parked_at is null";
    tx.run(sql, (tx.now, until, user)).map(drop)
}

/// A person is there: what they asked for is due. What was sent of it, and what failed, still counts.
pub(crate) fn unpark(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = "update exports set parked_at = null, due_at = ?
               where tg_user_id = ? and parked_at is not null";
    if tx.run(sql, (tx.now, user))? > 0 {
        tx.notify(Channel::Exports);
    }
    Ok(())
}

/// Gives up at most so many requests that have waited for their people in vain until `before`.
pub(crate) fn give_up_parked(
    tx: &Tx<'_>,
    before: Timestamp,
    most: u16,
) -> Result<usize, StoreError> {
    let sql =
        "update exports set done_at = ?1, parked_at = null, error = 'the person did not come back'
               where id in (select id from exports
                            where parked_at is not null and due_at < ?2 limit ?3)";
    tx.run(sql, (tx.now, before, most))
}

/// Notes which videos of an archive are done. Its tries are counted anew where a part was sent.
pub(crate) fn note_packed(
    tx: &Tx<'_>,
    open: &OpenExport,
    packed: &[Packed],
) -> Result<(), StoreError> {
    let parts = |packed: &[Packed]| packed.iter().map(|packed| packed.part).max();
    let is_sent = parts(packed) > parts(&open.packed).or(Some(0));
    let tries = if is_sent { 0 } else { open.tries };
    let sql = "update exports set packed = ?, tries = ? where id = ? and done_at is null";
    tx.run(sql, (serde_json::json!(packed).to_string(), tries, open.id))?;
    let_others_go_first(tx, open.user)
}

/// The archives of a person were just seen to.
fn let_others_go_first(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = format!(
        "update exports set due_at = ?2
         where tg_user_id = ?1 and done_at is null and due_at < ?2 and {ARCHIVE}"
    );
    tx.run(&sql, (user, tx.now)).map(drop)
}

/// Closes a request: it is carried out, or given up for a reason.
pub(crate) fn close(tx: &Tx<'_>, open: &OpenExport, error: Option<&str>) -> Result<(), StoreError> {
    let sql = "update exports set done_at = ?, error = ?, parked_at = null
               where id = ? and done_at is null";
    tx.run(sql, (tx.now, error, open.id))?;
    match open.what {
        Export::Archive(_) => let_others_go_first(tx, open.user),
        Export::Video(_) | Export::File(_) => Ok(()),
    }
}

/// Forgets at most so many requests that were closed before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from exports where id in (select id from exports
                   where done_at is not null and done_at < ? limit ?)";
    tx.run(sql, (before, most))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::store::db::Db;

    const ANN: UserId = UserId(7);
    const MONTH: Duration = Duration::from_hours(30 * 24);

    struct Fixture {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    /// Ann has asked for a video.
    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
        let db = Db::open(&folder.path().join("reelbot.db"), clock.clone()).unwrap();
        db.write(|tx| {
            tx.run("insert into users (tg_user_id, created_at) values (?, 0)", [ANN])?;
            request(tx, ANN, Export::Video(JobId(1)))
        })
        .unwrap();
        Fixture { db, clock, _folder: folder }
    }

    impl Fixture {
        fn write(&self, made: impl Fn(&Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static) {
            self.db.write(move |tx| made(tx)).unwrap();
        }

        fn due(&self) -> Option<OpenExport> {
            let now = self.db.clock.now();
            self.db.read(|view| due(view, now, |_, _| true)).unwrap()
        }
    }

    #[test]
    fn nothing_that_happens_meanwhile_brings_back_what_waits_for_a_person() {
        let fixture = fixture();
        let open = fixture.due().unwrap();
        fixture.write(|tx| park(tx, ANN, tx.now + MONTH));
        // Another thread had it in hand, and the program starts anew.
        fixture.write(move |tx| put_off(tx, open.id, tx.now, true));
        fixture.write(|tx| cap_due_at(tx, tx.now));
        fixture.write(|tx| park(tx, ANN, tx.now));
        fixture.clock.advance(MONTH.saturating_sub(Duration::from_secs(1)));
        fixture.write(|tx| give_up_parked(tx, tx.now, 9).map(drop));
        assert_eq!((fixture.due(), fixture.db.read(next_due).unwrap()), (None, None));
        fixture.write(|tx| unpark(tx, ANN));
        assert_eq!(fixture.due().unwrap().tries, 1, "what failed still counts");
    }

    #[test]
    fn it_waits_a_month_and_is_closed_once() {
        let fixture = fixture();
        fixture.write(|tx| park(tx, ANN, tx.now + MONTH));
        fixture.clock.advance(MONTH + Duration::from_secs(1));
        let given_up = |tx: &Tx<'_>| give_up_parked(tx, tx.now, 9);
        assert_eq!([(); 2].map(|()| fixture.db.write(given_up).unwrap()), [1, 0]);
        fixture.write(|tx| unpark(tx, ANN));
        assert_eq!(fixture.due(), None);
    }
}
