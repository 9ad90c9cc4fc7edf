//! Of `store`.

pub use crate::store::{
    audit::{self, Orphan},
    claimed_step::ClaimedStep,
    db::Db,
    drafts,
    error::StoreError,
    inbox, keys, ledger,
    outbox::{self, Kind, Message},
    photos,
    queue::{self, Capacity, Claimed, SubmitCapacity},
    report::{self, JobLine},
    schema::VERSION,
    scratch::Scratch,
    scripts::{self, NewPrompt},
    submit_queue, switches,
    tx::Tx,
    users::{self, Profile},
};
