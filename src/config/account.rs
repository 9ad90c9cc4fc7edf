//! The users of this machine, by its `/etc/passwd` and `/etc/group`.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::Path,
};

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// The name, or `#` and the number of one that has none.
    pub name: String,
    /// The number.
    pub uid: u32,
    /// The groups, that of the account first.
    pub gids: Vec<u32>,
}

impl Account {
    /// What the user with this number is called.
    pub(crate) fn name_of(uid: u32) -> String {
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        Self::listed(uid, &users, "").map_or_else(|| format!("#{uid}"), |account| account.name)
    }

    /// Whose a file is. One without a name has the group of the file.
    pub(crate) fn owning(file: &Metadata) -> Self {
        let [users, groups] =
            ["/etc/passwd", "/etc/group"].map(|path| fs::read_to_string(path).unwrap_or_default());
        Self::listed(file.uid(), &users, &groups).unwrap_or_else(|| Self {
            name: format!("#{}", file.uid()),
            uid: file.uid(),
            gids: vec![file.gid()],
        })
    }

    fn listed(uid: u32, users: &str, groups: &str) -> Option<Self> {
        let mut rows = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let row = rows.find(|row| row.get(2).and_then(|id| id.parse().ok()) == Some(uid))?;
        let (name, gid) = (row[0].to_owned(), row.get(3)?.parse().ok()?);
        let others = groups.lines().filter_map(|line| {
            let row: Vec<&str> = line.split(':').collect();
            let is_member = row.get(3)?.split(',').any(|member| member == name);
            row.get(2)?.parse().ok().filter(|other| is_member && *other != gid)
        });
        let gids = [gid].into_iter().chain(others).collect();
        Some(Self { name, uid, gids })
    }

    /// The user who may most likely read a file that the present one may not: its owner, or that of the
    /// folder where it is; if that is root, the user after whom its group is called.
    pub(crate) fn reading(path: &Path) -> Option<Self> {
        let found = path.ancestors().find_map(|path| fs::metadata(path).ok())?;
        let owner = Self::owning(&found);
        if owner.uid != 0 {
            return Some(owner);
        }
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let mut rows = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let group = rows.find(|row| row.get(2).and_then(|id| id.parse().ok()) == Some(found.gid()));
        let name = group.map(|row| row[0]).unwrap_or_default();
        let uid = users.lines().find_map(|line| {
            let row: Vec<&str> = line.split(':').collect();
            row.get(2)?.parse().ok().filter(|_| row[0] == name)
        });
        uid.and_then(|uid| Self::listed(uid, &users, &groups)).or(Some(owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_called_by_name_if_they_have_one_and_have_all_their_groups() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\nreelbot:x:996:995::/var/lib/reelbot:\n";
        let groups = "root:x:0:\nreelbot:x:995:reelbot\nvideo:x:44:anna,reelbot\nno:x:7:reelbots\n";
        let account = Account::listed(996, users, groups).unwrap();
        assert_eq!((account.name.as_str(), account.gids), ("reelbot", vec![995, 44]));
        assert_eq!(Account::listed(7, users, groups), None);
        assert_eq!(Account::owning(&fs::metadata("/").unwrap()).name, "root");
        assert_eq!(Account::name_of(0), "root");
        assert_eq!(Account::name_of(4_000_000_000), "#4000000000");
    }
}
