//! The Bot API's methods. Each takes the state and the parameters, and answers.

pub(crate) mod body;

pub(crate) mod profile;

pub(crate) mod send;

pub(crate) mod media;

pub(crate) mod edit;

pub(crate) mod other;

pub(crate) mod call;
