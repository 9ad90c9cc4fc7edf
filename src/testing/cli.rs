//! Of `cli`.

pub use crate::cli::rehearse::memory::memory_kib;
