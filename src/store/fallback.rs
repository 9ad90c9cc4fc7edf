//! The language in which people are answered whose app tells none. Their rows name none, so whoever
//! reads one must know it.

use std::{fmt, sync::OnceLock};

use crate::domain::user::Language;

/// Where the operator's choice for such people is asked for; until it is named, the usual language.
#[derive(Default)]
pub(crate) struct FallbackLanguage(OnceLock<Box<dyn Fn() -> Language + Send + Sync>>);

impl FallbackLanguage {
    /// The language now.
    pub(crate) fn get(&self) -> Language {
        self.0.get().map_or_else(Language::default, |ask| ask())
    }

    /// Names the place. What was named first stays.
    pub(crate) fn ask(&self, place: impl Fn() -> Language + Send + Sync + 'static) {
        self.0.get_or_init(|| Box::new(place));
    }
}

impl fmt::Debug for FallbackLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FallbackLanguage").field(&self.get()).finish()
    }
}
