//! Where a database can be: in a file of a folder, which need not be there yet.

use std::{fs, io::ErrorKind, path::Path};

use crate::config::findings::Finding;

/// What keeps a database from being at a path, that `key` names.
pub(crate) fn slip(key: &str, path: &Path) -> Option<Finding> {
    let refused =
        |problem: String, hint: String| Some(Finding { key: key.to_owned(), problem, hint });
    let shown = path.display();
    let file = || format!("name a file in it: {}", path.join("reelbot.db").display());
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => refused(format!("is {shown}, which is a folder"), file()),
        Ok(found) if !found.is_file() => {
            refused(format!("is {shown}, which is no regular file"), "name another file".to_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let above = path.ancestors().skip(1).find(|above| above.is_file());
            let above = above.unwrap_or(path).display();
            let problem = format!("is {shown}, but {above} is a file and no folder");
            refused(problem, "name another place".to_owned())
        }
        Err(_) if path.to_string_lossy().ends_with('/') => {
            refused(format!("is {shown}, which ends as a folder does"), file())
        }
        // What is not there can be made; what cannot be looked at is explained when it is opened.
        _ => None,
    }
}

/// What keeps a path, that `key` names, from being a folder; an empty one names none.
pub(crate) fn folder_slip(key: &str, path: &Path) -> Option<Finding> {
    let above = path.ancestors().find(|above| above.exists())?;
    if above.is_dir() {
        return None;
    }
    let problem = format!("is {}, but {} is no folder", path.display(), above.display());
    Some(Finding { key: key.to_owned(), problem, hint: "name another folder".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_cannot_be_where_a_file_is() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("file"), "").unwrap();
        for fine in ["", "new", "new/folder"] {
            assert_eq!(folder_slip("backup.dir", &at(fine)), None, "{fine}");
        }
        assert_eq!(folder_slip("backup.dir", Path::new("")), None);
        for wrong in ["file", "file/folder"] {
            let found = folder_slip("backup.dir", &at(wrong)).unwrap();
            assert!(found.problem.ends_with("file is no folder"), "{found}");
        }
    }

    #[test]
    fn what_is_no_file_is_told_with_a_name_that_could_be_one() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("file"), "").unwrap();
        for fine in ["file", "new.db", "new/folder/reelbot.db"] {
            assert_eq!(slip("database.path", &at(fine)), None, "{fine}");
        }
        for (name, problem) in [
            ("", "which is a folder"),
            ("file/reelbot.db", "file is a file and no folder"),
            ("new/", "which ends as a folder does"),
            ("/dev/null", "which is no regular file"),
        ] {
            let found = slip("database.path", &at(name)).unwrap_or_else(|| panic!("{name}"));
            assert!(found.problem.ends_with(problem), "{found}");
        }
    }
}
