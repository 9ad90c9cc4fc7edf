//! The commands of `reelbot backup`.

use clap::{Args, Subcommand};

use crate::cli::{
    backup::{
        create::CreateBackup, drill::DrillBackup, list::ListBackups, restore::RestoreBackup,
        verify::VerifyBackup,
    },
    context::Context,
    exit::CliError,
};

const BACKUP: &str = "\
Examples:
  reelbot backup create
  reelbot backup list
  reelbot backup restore reelbot-20261126T011000Z-daily.db";

const CREATE: &str = "\
Examples:
  reelbot backup create
  reelbot backup create --without-keys --json";

const LIST: &str = "\
Examples:
  reelbot backup list
  reelbot backup list --json";

const VERIFY: &str = "\
Examples:
  reelbot backup verify
  reelbot backup verify /mnt/usb/reelbot-20261126T011000Z-daily.db";

const RESTORE: &str = "\
Examples:
  reelbot backup restore --dry-run reelbot-20261126T011000Z-daily.db
  reelbot backup restore reelbot-20261126T011000Z-daily.db
  reelbot backup restore /mnt/usb/copy.db --yes";

const DRILL: &str = "\
Examples:
  reelbot backup drill
  reelbot backup drill --json";

/// Make, list, verify and restore backups of the database.
///
/// A running bot makes one each day (`[backup]` in the config) and restores the newest on trial each
/// week. A backup is a whole database in one file, beside a manifest with its checksum. The KIE keys
/// are in it in clear text: whoever has the file can use them.
#[derive(Args, Clone, Debug)]
#[command(after_help = BACKUP)]
pub(crate) struct BackupArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: BackupCommand,
}

/// What can be done with backups.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Copy the database, also beside a running bot, and look whether the copy is sound
    #[command(after_help = CREATE)]
    Create(CreateBackup),
    /// List the backups, the newest first
    #[command(after_help = LIST)]
    List(ListBackups),
    /// Look whether a backup is whole: its checksum, every page and reference, and its books
    #[command(after_help = VERIFY)]
    Verify(VerifyBackup),
    /// Put a backup in the place of the database, which is backed up before; stop the bot first
    #[command(after_help = RESTORE)]
    Restore(RestoreBackup),
    /// Restore the newest backup into a temporary file, and look whether a bot could run on it
    #[command(after_help = DRILL)]
    Drill(DrillBackup),
}

impl BackupArgs {
    /// Does what needs the rights of whoever has typed it, and not those of the database's owner.
    pub(crate) fn open_first(&mut self) {
        if let BackupCommand::Restore(args) = &mut self.command {
            args.open_first();
        }
    }

    /// Whether it only reads a file that is named, and so needs nothing of the database's owner.
    pub(crate) fn reads_a_file_alone(&self) -> bool {
        matches!(&self.command, BackupCommand::Verify(args) if args.file.is_some())
    }

    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            BackupCommand::Create(args) => args.run(context),
            BackupCommand::List(args) => args.run(context),
            BackupCommand::Verify(args) => args.run(context),
            BackupCommand::Restore(args) => args.run(context),
            BackupCommand::Drill(args) => args.run(context),
        }
    }
}
