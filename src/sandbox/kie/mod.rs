//! A stand-in for KIE, written from KIE's documentation and from published
//! logs of real calls, not from our own client. Its state is computed from its
//! clock when a request comes, so a test that moves the clock by hand needs no
//! waiting.
//!
//! ```
//! # use std::{sync::Arc, time::Duration};
//! # use reelbot::testing::clock::SystemClock;
//! # use reelbot::testing::sandbox::{Behaviour, KieStandIn, RenderOutcome};
//! let kie = KieStandIn::new(Arc::new(SystemClock), Behaviour::steady(Duration::from_secs(5)));
//! kie.account("main").key("0123456789abcdef0123456789abcdef").credits(1000.0);
//! kie.script([RenderOutcome::DropAfterAccept, RenderOutcome::Stuck]);
//! let router = kie.router();
//! assert!(kie.tasks().is_empty());
//! ```

/// KIE's refusals and failures, word for word.
pub(crate) mod corpus;

/// The models on offer: their input fields and prices.
pub(crate) mod models;

/// Checks a task's input as KIE does.
pub(crate) mod schema;

/// What a test can make happen to a task.
pub(crate) mod outcome;

/// How the stand-in behaves by default.
pub(crate) mod behaviour;

/// Random faults.
pub(crate) mod chaos;

/// Accounts, keys, credits and rate limits.
pub(crate) mod account;

/// One task.
pub(crate) mod task;

/// Uploaded photos and finished videos.
pub(crate) mod file_store;

/// The state of the stand-in.
pub(crate) mod state;

/// The stand-in itself, and how a test or the sandbox controls it.
pub(crate) mod stand_in;

/// KIE's answers on the wire.
pub(crate) mod reply;

/// Takes photos and makes clips, in the background.
pub(crate) mod render;

/// `POST /api/v1/jobs/createTask`.
pub(crate) mod create;

/// `GET /api/v1/jobs/recordInfo`, the credit balance and download links.
pub(crate) mod record;

/// `POST /api/file-stream-upload`.
pub(crate) mod upload;

/// The file host.
pub(crate) mod host;

/// The routes.
pub(crate) mod router;

/// For the tests that follow: the stand-in on a port, with a client.
mod trial;

/// Tests of tasks, over HTTP.
mod stories;

/// Tests of photos and videos, over HTTP.
mod file_stories;
