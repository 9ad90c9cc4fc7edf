//! How the values of the domain are written in columns.

use rusqlite::Row;
use rusqlite::ToSql;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;

use crate::domain::credits::Credits;
use crate::domain::credits::EntryKind;
use crate::domain::draft::DraftStatus;
use crate::domain::failure::FailureKind;
use crate::domain::id::DraftId;
use crate::domain::id::InboxId;
use crate::domain::id::JobId;
use crate::domain::id::KeyId;
use crate::domain::id::MessageId;
use crate::domain::id::OrderId;
use crate::domain::id::OutboxId;
use crate::domain::id::PhotoId;
use crate::domain::id::UserId;
use crate::domain::job::Form;
use crate::domain::job::Status;
use crate::domain::job::Step;
use crate::domain::key::KeyFault;
use crate::domain::key::KeySource;
use crate::domain::time::Timestamp;
use crate::domain::user::Language;

/// A person's language from two columns that stand together: their own choice
/// and what Telegram says.
pub(crate) fn language(row: &Row<'_>, chosen: usize) -> rusqlite::Result<Language> {
    let telegram: Option<String> = row.get(chosen + 1)?;
    let chosen: Option<String> = row.get(chosen)?;
    Ok(Language::of(chosen.as_deref(), telegram.as_deref()))
}

macro_rules! integers {
    ($($name:ident)*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    )*};
}

macro_rules! words {
    ($($name:ident)*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.word()))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let word = value.as_str()?;
                Self::ALL
                    .into_iter()
                    .find(|known| known.word() == word)
                    .ok_or(FromSqlError::InvalidType)
            }
        }
    )*};
}

integers! { Credits DraftId InboxId JobId KeyId MessageId OrderId OutboxId PhotoId Timestamp UserId }

words! { DraftStatus EntryKind FailureKind Form KeyFault KeySource Status Step }
