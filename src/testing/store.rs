//! Of `store`.

pub use crate::store::{
    audit::{self, Orphan},
    claimed_step::ClaimedStep,
    db::Db,
    drafts,
    error::StoreError,
    inbox, keys, ledger,
    outbox::{self, Kind},
    photos, pictures,
    queue::{self, Capacity, Claimed, SubmitCapacity},
    report::{self, JobLine},
    schema::VERSION,
    scratch::Scratch,
    scripts::{self, NewPrompt},
    send_queue::{self, Message},
    submit_queue, switches,
    tx::Tx,
    users::{self, Profile},
};
