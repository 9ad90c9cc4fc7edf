//! KIE: what its answers mean, and the calls.

pub(crate) mod phrases;

pub(crate) mod refusals;

pub(crate) mod verdicts;

pub(crate) mod outages;

pub(crate) mod harmless;

pub(crate) mod moderation;

/// KIE's failures, word for word, for the classifier's test.
mod corpus;

pub(crate) mod classify;

/// The input of a createTask call.
pub(crate) mod input;

pub(crate) mod wire;

/// Where the video of a finished task is.
pub(crate) mod result;

pub(crate) mod record;

pub(crate) mod upload;

pub(crate) mod files;

pub(crate) mod samples;

pub(crate) mod whole;

pub(crate) mod download;

pub(crate) mod client;

/// The client against a scripted server.
mod stories;
