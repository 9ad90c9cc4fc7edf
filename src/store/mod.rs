//! The only module that speaks SQL. Two ways to touch the database: `db.read`
//! from a pool of read-only connections, `db.write` through the one writer.

pub(crate) mod error;

pub(crate) mod codec;

pub(crate) mod fallback;

pub(crate) mod health;

mod plan;

pub(crate) mod tx;

pub(crate) mod writer;

pub(crate) mod place;

pub(crate) mod checkpoint;

pub(crate) mod identity;

pub(crate) mod releases;

pub(crate) mod schema;

pub(crate) mod lock;

pub(crate) mod scratch;

pub(crate) mod backup;

pub(crate) mod file;

mod process;

pub(crate) mod pulse_file;

pub(crate) mod heart;

pub(crate) mod runs;

pub(crate) mod db;

pub mod users;

pub(crate) mod menus;

pub(crate) mod choices;

pub mod keys;

pub mod ledger;

pub mod inbox;

pub(crate) mod anchors;

pub mod outbox;

pub mod send_queue;

pub(crate) mod alerts;

pub(crate) mod models;

pub mod switches;

pub(crate) mod chores;

pub(crate) mod admin_log;

pub(crate) mod bots;

pub(crate) mod orders;

pub(crate) mod draft_photos;

pub mod drafts;

pub mod scripts;

pub(crate) mod own_texts;

pub(crate) mod scripts_in_hand;

pub(crate) mod quotes;

pub(crate) mod same_words;

pub(crate) mod rewrites;

pub(crate) mod voices;

pub(crate) mod albums;

pub mod submit_queue;

pub mod photos;

pub(crate) mod replaced_photos;

pub(crate) mod batches;

pub mod pictures;

pub(crate) mod status_messages;

pub(crate) mod samples;

pub(crate) mod styles;

pub(crate) mod votes;

pub(crate) mod videos;

pub(crate) mod video_groups;

pub mod exports;

mod ended;

pub(crate) mod jobs;

pub(crate) mod away;

pub(crate) mod wait;

pub(crate) mod standing;

pub(crate) mod claimed_step;

pub mod uploads;

pub mod queue;

pub mod report;

pub(crate) mod load;

pub(crate) mod overview;

pub(crate) mod statistics;

pub mod audit;

pub(crate) mod back_up;

pub(crate) mod restore;

mod upgrade;
