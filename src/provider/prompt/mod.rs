//! From the text of an answer to the prompt in it: models think aloud, wrap what they write, talk
//! around it, and sometimes write something else.

pub(crate) mod reasoning;

pub(crate) mod json;

pub(crate) mod wrapping;

pub(crate) mod phrases;

pub(crate) mod scene;

pub(crate) mod tongues;

/// What is said before and after a prompt.
pub(crate) mod talk;

pub(crate) mod variants;

pub(crate) mod leftovers;

pub(crate) mod refusal;

pub(crate) mod extract;

/// What will be seen, told in each language.
pub(crate) mod summary;

/// The different scenes, each with a prompt.
pub(crate) mod scenes;
