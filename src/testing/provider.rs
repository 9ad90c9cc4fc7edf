//! Of `provider`.

pub use crate::provider::{
    agent::{client_proxy, is_fetchable},
    gpt::written,
    kie::{
        classify::classify,
        input::input,
        record::progress,
        wire::{created, credit, fresh_link, record_address, uploaded},
    },
};
