//! A dress rehearsal: a crowd that orders at once, and what must be true when it has been served,
//! seen from outside the bot and from inside.

/// The people, who all want videos at once.
pub mod crowd;

/// What must hold outside the database as well.
pub mod checks;

/// What came of it, in numbers.
pub mod report;
