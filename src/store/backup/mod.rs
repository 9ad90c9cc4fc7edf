//! Backups: whole copies of the database in a folder of their own, each with a manifest, which is
//! written last. A file without one is not finished, and nobody's.

pub(crate) mod contents;

pub(crate) mod manifest;

pub(crate) mod folder;

pub(crate) mod keep;

pub(crate) mod draft;

pub(crate) mod source;
