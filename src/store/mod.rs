//! The only module that speaks SQL. Two ways to touch the database: `db.read`
//! from a pool of read-only connections, `db.write` through the one writer.

pub mod error;

pub mod codec;

pub mod health;

pub mod tx;

pub mod writer;

pub mod checkpoint;

pub mod schema;

pub mod lock;

pub mod scratch;

pub mod db;

pub mod users;

pub mod keys;

pub mod ledger;

pub mod inbox;

pub mod outbox;

pub mod alerts;

pub mod models;

pub mod switches;

pub mod drafts;

pub mod albums;

pub mod orders;

pub mod submit_queue;

pub mod photos;

pub mod jobs;

pub mod claimed_step;

pub mod queue;

pub mod report;

pub mod audit;

mod upgrade;
