//! How long backups are kept.

use std::{collections::BTreeSet, time::Duration};

use crate::domain::{time::Timestamp, zone::Zone};
use crate::store::backup::{folder::Backup, manifest::Reason};

/// How long those are kept that were made before the database was changed as a whole.
const PRECAUTION: Duration = Duration::from_hours(30 * 24);

/// How many daily backups are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    /// The last one of each of so many days.
    pub daily: usize,
    /// The last one of each of so many weeks.
    pub weekly: usize,
}

/// Those of `backups` that need not be kept, the oldest first. The newest is kept whatever its age,
/// and what an operator has made is theirs to remove.
pub(crate) fn surplus<'a>(
    backups: &'a [Backup],
    keep: Keep,
    zone: &Zone,
    now: Timestamp,
) -> Vec<&'a Backup> {
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let mut surplus = Vec::new();
    for (age, backup) in backups.iter().rev().enumerate() {
        let made_at = backup.manifest.made_at;
        let is_kept = match backup.manifest.reason {
            Reason::Manual => true,
            Reason::Migration | Reason::Restore => now.since(made_at) < PRECAUTION,
            Reason::Daily => {
                let Some(date) = zone.date(made_at) else { continue };
                let week = date.iso_week_date();
                let day = days.len() < keep.daily && days.insert(date);
                let week = weeks.len() < keep.weekly && weeks.insert((week.year(), week.week()));
                day || week
            }
        };
        if !is_kept && age > 0 {
            surplus.push(backup);
        }
    }
    surplus.reverse();
    surplus
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::backup::{contents::Contents, manifest::Manifest};

    /// 2025-11-24, a Monday.
    const MONDAY: Timestamp = Timestamp(1_764_000_000_000);
    const DAY: Duration = Duration::from_hours(24);

    fn backup(days_ago: u32, reason: Reason) -> Backup {
        let manifest = Manifest {
            file: format!("{days_ago}-{}.db", reason.word()),
            made_at: MONDAY - DAY * days_ago,
            reason,
            database: "/data/reelbot.db".into(),
            release: String::new(),
            version: 7,
            bytes: 1,
            sha256: String::new(),
            with_keys: true,
            findings: Vec::new(),
            contents: Contents::default(),
        };
        Backup { path: manifest.file.clone().into(), manifest }
    }

    fn kept(backups: &[Backup], daily: usize, weekly: usize) -> Vec<String> {
        let surplus = surplus(backups, Keep { daily, weekly }, &Zone::utc(), MONDAY);
        let kept = backups.iter().rev().filter(|backup| !surplus.contains(backup));
        kept.map(|backup| backup.manifest.file.clone()).collect()
    }

    #[test]
    fn the_last_days_and_the_last_weeks_are_kept() {
        let daily: Vec<_> = (0..60).rev().map(|days| backup(days, Reason::Daily)).collect();
        let expected =
            ["0", "1", "2", "3", "4", "5", "6", "8", "15"].map(|d| format!("{d}-daily.db"));
        // Of the week before: Sunday, a day ago. So the fourth week ends 15 days ago.
        assert_eq!(kept(&daily, 7, 4), expected);
        assert_eq!(kept(&daily, 1, 1), ["0-daily.db"]);
        assert_eq!(kept(&daily, 0, 0), ["0-daily.db"]);
    }

    #[test]
    fn days_without_a_backup_push_none_out() {
        let rare: Vec<_> = [90, 60, 30].map(|days| backup(days, Reason::Daily)).into();
        assert_eq!(kept(&rare, 2, 1), ["30-daily.db", "60-daily.db"]);
        let twice: Vec<_> = (0..4).map(|_| backup(0, Reason::Daily)).collect();
        assert_eq!(surplus(&twice, Keep { daily: 7, weekly: 4 }, &Zone::utc(), MONDAY).len(), 3);
    }

    #[test]
    fn what_an_operator_made_stays_and_a_precaution_for_a_month() {
        let others = [
            backup(400, Reason::Manual),
            backup(31, Reason::Migration),
            backup(29, Reason::Migration),
            backup(29, Reason::Restore),
            backup(0, Reason::Daily),
        ];
        let expected = ["0-daily.db", "29-restore.db", "29-migration.db", "400-manual.db"];
        assert_eq!(kept(&others, 7, 4), expected);
        assert_eq!(kept(&others[1..2], 7, 4), ["31-migration.db"], "the newest of all");
    }
}
