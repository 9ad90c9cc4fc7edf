//! Litestream beside a bot: it copies the database elsewhere, and gives it back.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::servers::Servers;

/// The versions that `scripts/test` installs: `litestream_versions` in `scripts/lib.sh`.
pub(crate) const VERSIONS: [&str; 2] = ["0.3.13", "0.5.17"];

/// Where the copy is.
#[derive(Clone, Debug)]
pub(crate) enum Replica {
    /// In a folder of the story.
    Folder,
    /// In a bucket: the address of the server, and the bucket's name.
    Bucket(String, String),
}

/// Litestream, set up for one database.
pub(crate) struct Litestream {
    program: PathBuf,
    config: PathBuf,
    database: PathBuf,
    log: PathBuf,
}

/// A process that copies. It does not outlive its handle.
pub(crate) struct Replication(Child);

impl Litestream {
    /// A version for the database of a story, if it is installed beside the build.
    pub(crate) fn of(servers: &Servers, version: &str, replica: &Replica) -> Option<Self> {
        let build = Path::new(env!("CARGO_BIN_EXE_reelbot")).ancestors().nth(2)?;
        let program = build.join("tools/litestream").join(version).join("bin/litestream");
        if !program.exists() {
            println!("skipped: there is no Litestream {version}; scripts/test installs it");
            return None;
        }
        let (config, log) = (servers.path("litestream.yml"), servers.path("litestream.log"));
        let database = servers.database();
        fs::write(&config, settings(version, &database, &replica.lines(servers))).unwrap();
        Some(Self { program, config, database, log })
    }

    /// Begins to copy.
    pub(crate) fn replicates(&self) -> Replication {
        let log = File::create(&self.log).unwrap();
        let mut command = self.command("replicate");
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Replication(command.spawn().unwrap())
    }

    /// Makes a database from the copy.
    pub(crate) fn restores(&self, to: &Path) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let output =
            self.command("restore").arg("-o").arg(to).arg(&self.database).output().unwrap();
        let log = fs::read_to_string(&self.log).unwrap();
        assert!(output.status.success(), "{output:?}\n{log}");
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().args([verb, "-config"]).arg(&self.config);
        command
    }
}

impl Replica {
    fn lines(&self, servers: &Servers) -> Vec<String> {
        match self {
            Self::Folder => {
                vec!["type: file".to_owned(), format!("path: {}", servers.path("copy").display())]
            }
            Self::Bucket(endpoint, bucket) => vec![
                "type: s3".to_owned(),
                format!("endpoint: {endpoint}"),
                format!("bucket: {bucket}"),
                // 0.3 finds nothing again under a name that begins with a slash.
                format!("path: {}", servers.path("").display().to_string().trim_matches('/')),
                "region: us-east-1".to_owned(),
                "force-path-style: true".to_owned(),
                "access-key-id: key".to_owned(),
                "secret-access-key: secret".to_owned(),
            ],
        }
    }
}

/// The config that we ship, for this database and this replica, and without a port.
fn settings(version: &str, database: &Path, replica: &[String]) -> String {
    let shipped = include_str!("../../packaging/litestream/litestream.yml");
    let (head, place) = shipped.split_once("    replica:\n").unwrap();
    let head = head.replace("/var/lib/reelbot/reelbot.db", &database.display().to_string());
    let head: Vec<_> = head.lines().filter(|line| !line.starts_with("addr:")).collect();
    let interval = place.lines().find(|line| line.contains("sync-interval:")).unwrap();
    // 0.3 has a list of them.
    let (name, item) = match version {
        "0.3.13" => ("replicas", "      - "),
        _ => ("replica", "        "),
    };
    let (head, replica) = (head.join("\n"), replica.join("\n        "));
    format!("{head}\n    {name}:\n{item}{replica}\n        {}\n", interval.trim())
}

impl Replication {
    /// Kills it, at once and without warning.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Replication {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_versions_that_are_tried_are_those_that_are_installed() {
    let script = include_str!("../../scripts/lib.sh");
    assert!(script.contains(&format!("litestream_versions='{}'", VERSIONS.join(" "))));
}
