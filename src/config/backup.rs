//! `[backup]`: when the database is copied, and what is kept.

use std::path::PathBuf;

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::config::findings::Findings;

/// What stands for the file in the command after a backup.
pub(crate) const FILE: &str = "{file}";

/// The copies that a run makes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Backup {
    /// The folder, relative to the config file's; empty: `backups` beside the database.
    pub dir: PathBuf,
    /// When one is made each day, by the operator's clocks; `None`: never.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub at: Option<Time>,
    /// The last backup of each of so many days is kept, 1 to 366.
    pub keep_daily: usize,
    /// The last backup of each of so many weeks is kept, 0 to 520.
    pub keep_weekly: usize,
    /// A command that is run after each, such as one that copies it to another machine; empty: none.
    /// `{file}` in it is the whole path of the backup, whose manifest lies beside it as `.json`.
    pub after: Vec<String>,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            dir: PathBuf::new(),
            at: Some(Time::constant(4, 10, 0, 0)),
            keep_daily: 7,
            keep_weekly: 4,
            after: Vec::new(),
        }
    }
}

impl Backup {
    /// Notes what is wrong in `[backup]`.
    pub(crate) fn check(&self, findings: &mut Findings) {
        findings.expect_within("backup.keep_daily", self.keep_daily as u64, 1..=366);
        findings.expect_within("backup.keep_weekly", self.keep_weekly as u64, 0..=520);
        if self.after.first().is_some_and(|program| program.trim().is_empty()) {
            let hint =
                "name the program first, as in [\"rclone\", \"copy\", \"{file}\", \"there:\"]";
            findings.add("backup.after", "begins with no program", hint);
        }
    }

    /// Notes what may not be meant.
    pub(crate) fn warn(&self, findings: &mut Findings) {
        if !self.after.is_empty() && !self.after.iter().any(|part| part.contains(FILE)) {
            let problem = format!("has no {FILE}, so the command is not told which file to take");
            let hint = format!("write {FILE} where the path of the backup belongs");
            findings.add("backup.after", problem, hint);
        }
    }
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
fn write_time<S: Serializer>(at: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(time) => to.collect_str(&time.strftime("%H:%M")),
        None => to.serialize_str(""),
    }
}

fn read_time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let time = Time::strptime("%H:%M", text.trim());
    time.map(Some).map_err(|_| {
        let sentence =
            format!("\"{text}\" is no time of the day: write \"04:10\", or \"\" for never");
        D::Error::custom(sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Backup, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| error.message().to_owned())
    }

    #[test]
    fn a_time_of_the_day_is_text() {
        assert_eq!(read("").unwrap(), Backup::default());
        assert_eq!(read("at = \"04:10\"").unwrap(), Backup::default());
        assert_eq!(read("at = \" 23:59 \"").unwrap().at, Some(Time::constant(23, 59, 0, 0)));
        assert_eq!(read("at = \"\"").unwrap().at, None);
        for wrong in ["24:00", "4", "4:60", "noon", "04:10:30"] {
            let error = read(&format!("at = \"{wrong}\"")).unwrap_err();
            assert!(error.contains(wrong) && error.contains("04:10"), "{error}");
        }
        let written = toml::to_string(&Backup::default()).unwrap();
        assert!(written.contains("at = \"04:10\""), "{written}");
    }

    #[test]
    fn a_command_names_a_program_and_the_file() {
        let found = |after: &[&str]| {
            let mut findings = Findings::default();
            let after = after.iter().map(|part| (*part).to_owned()).collect();
            let backup = Backup { after, ..Backup::default() };
            backup.check(&mut findings);
            backup.warn(&mut findings);
            findings.0.len()
        };
        assert_eq!(found(&[]), 0);
        assert_eq!(found(&["rclone", "copy", "{file}", "there:"]), 0);
        assert_eq!(found(&["sh", "-c", "gzip -k {file}"]), 0);
        assert_eq!(found(&["sync"]), 1);
        assert_eq!(found(&["", "{file}"]), 1);
    }
}
