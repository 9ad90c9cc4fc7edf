//! KIE: what its answers mean, and the calls that fetch them.

pub mod phrases;

/// Failures as KIE words them, for the classifier's test.
mod corpus;

pub mod classify;

/// What a createTask call asks of which model.
pub mod input;

pub mod wire;

pub mod record;

pub mod upload;

pub mod download;

pub mod client;

/// The client against a scripted server.
mod stories;
