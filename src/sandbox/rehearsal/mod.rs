//! A rehearsal: many people order at once. Afterwards the results are checked, from outside the
//! bot and from inside.

/// The people, all of whom want videos at once.
pub mod crowd;

/// The checks outside the database.
pub mod checks;

/// The results in numbers.
pub mod report;
