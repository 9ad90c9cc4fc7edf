//! The workers: blocking threads that claim a step, do it through the ports, and
//! record it. No thread waits for a render, a rate limit or another thread.

pub(crate) mod window;

pub(crate) mod key_polls;

pub(crate) mod keyring;

pub(crate) mod step_limits;

pub(crate) mod context;

pub(crate) mod picture;

pub(crate) mod inspect;

pub(crate) mod padding;

pub(crate) mod upload;

pub(crate) mod submit;

pub(crate) mod deliver;

pub(crate) mod step;

pub(crate) mod worker;

pub(crate) mod requests;

pub(crate) mod idea;

mod written;

mod script_photo;

pub(crate) mod prompt_worker;

pub(crate) mod diagnosis;

pub(crate) mod doctor;

mod speech;

pub(crate) mod voice_worker;

pub(crate) mod refetch;

pub(crate) mod resend;

pub(crate) mod archive;

pub(crate) mod exporter;

pub(crate) mod prune;

pub(crate) mod reload;

pub(crate) mod reporter;

pub(crate) mod guard;

pub(crate) mod janitor;

pub(crate) mod after_backup;

pub(crate) mod backups;

pub(crate) mod pool;
