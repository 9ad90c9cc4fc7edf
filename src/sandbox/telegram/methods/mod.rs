//! The Bot API's methods. Each takes the state and the parameters, and answers.

pub mod body;

pub mod profile;

pub mod send;

pub mod media;

pub mod edit;

pub mod other;

pub mod call;
