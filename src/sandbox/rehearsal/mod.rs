//! A rehearsal: many people order at once. Afterwards the results are checked, from outside the
//! bot and from inside.

/// The people, all of whom want videos at once.
pub(crate) mod crowd;

/// The checks outside the database.
pub(crate) mod checks;

/// The results in numbers.
pub(crate) mod report;
