//! KIE: what its answers mean, and the calls.

pub mod phrases;

/// KIE's failures, word for word, for the classifier's test.
mod corpus;

pub mod classify;

/// The input of a createTask call.
pub mod input;

pub mod wire;

pub mod record;

pub mod upload;

pub mod download;

pub mod client;

/// The client against a scripted server.
mod stories;
