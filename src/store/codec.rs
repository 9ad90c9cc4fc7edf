//! How the values of the domain are written in columns.

use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::domain::{
    album::AlbumKind,
    credits::{Credits, EntryKind},
    draft::{Fallback, ScriptState, SourceKind},
    failure::{FailureKind, Violation},
    id::{
        AlbumId, BatchId, BotId, DraftId, ExportId, InboxId, JobId, KeyId, MessageId, OrderId,
        OutboxId, PhotoId, StyleId, UserId,
    },
    job::{Form, Status, Step},
    key::{KeyFault, KeySource},
    lane::Lane,
    options::Edges,
    photo::PhotoFault,
    preset::Localized,
    time::Timestamp,
    user::Language,
    video::Aspect,
    vote::Vote,
};

/// A person's language from two columns that stand together, their own choice
/// and what Telegram says; `fallback` where both are empty.
pub(crate) fn language(
    row: &Row<'_>,
    chosen: usize,
    fallback: Language,
) -> rusqlite::Result<Language> {
    let telegram: Option<String> = row.get(chosen + 1)?;
    let chosen: Option<String> = row.get(chosen)?;
    Ok(Language::of(chosen.as_deref(), telegram.as_deref(), fallback))
}

/// A text in each language from two columns that stand together.
pub(crate) fn localized(row: &Row<'_>, ru: usize) -> rusqlite::Result<Option<Localized>> {
    let en: Option<String> = row.get(ru + 1)?;
    let ru: Option<String> = row.get(ru)?;
    Ok(ru.zip(en).map(|(ru, en)| Localized { ru, en }))
}

impl ToSql for Lane {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.number()))
    }
}

impl FromSql for Lane {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        Self::ALL.into_iter().find(|lane| lane.number() == number).ok_or(FromSqlError::InvalidType)
    }
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

integers! {
    AlbumId BatchId BotId Credits DraftId ExportId InboxId JobId KeyId MessageId OrderId OutboxId PhotoId
    StyleId Timestamp UserId
}

words! {
    AlbumKind Aspect Edges EntryKind FailureKind Fallback Form KeyFault KeySource PhotoFault ScriptState
    SourceKind Status Step Violation Vote
}
