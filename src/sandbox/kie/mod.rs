//! A stand-in for KIE, written from KIE's documentation and from published
//! logs of real calls, not from our own client. Whatever happens in it is
//! computed from its clock when somebody asks, so a story on a hand-moved
//! clock needs no waiting.
//!
//! ```
//! # use std::{sync::Arc, time::Duration};
//! # use reelbot::clock::SystemClock;
//! # use reelbot::sandbox::kie::{behaviour::Behaviour, outcome::RenderOutcome, stand_in::KieStandIn};
//! let kie = KieStandIn::new(Arc::new(SystemClock), Behaviour::steady(Duration::from_secs(5)));
//! kie.account("main").key("0123456789abcdef0123456789abcdef").credits(1000.0);
//! kie.script([RenderOutcome::DropAfterAccept, RenderOutcome::Stuck]);
//! let router = kie.router();
//! assert!(kie.tasks().is_empty());
//! ```

/// What KIE says when it refuses or fails, word for word.
pub mod corpus;

/// The models on offer: their input fields and prices.
pub mod models;

/// Checks a task's input as KIE does.
pub mod schema;

/// What can be made to happen to a task.
pub mod outcome;

/// How the stand-in behaves when nothing else was said.
pub mod behaviour;

/// What goes wrong at random.
pub mod chaos;

/// Accounts, keys, credits and rate limits.
pub mod account;

/// The life of one task.
pub mod task;

/// Uploaded photos and finished videos.
pub mod file_store;

/// All that the stand-in remembers.
pub mod state;

/// The stand-in itself, and how a test or the sandbox controls it.
pub mod stand_in;

/// KIE's answers on the wire.
pub mod reply;

/// Takes photos and makes clips, in the background.
pub mod render;

/// `POST /api/v1/jobs/createTask`.
pub mod create;

/// `GET /api/v1/jobs/recordInfo`, the credit balance and download links.
pub mod record;

/// `POST /api/file-stream-upload`.
pub mod upload;

/// The file host.
pub mod host;

/// Which address leads where.
pub mod router;

/// For the stories that follow: the stand-in on a port, with a client.
mod trial;

/// Stories about tasks, told over HTTP.
mod stories;

/// Stories about photos and videos, told over HTTP.
mod file_stories;
