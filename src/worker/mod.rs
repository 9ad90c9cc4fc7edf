//! The workers: blocking threads that claim a step, do it through the ports, and
//! record it. No thread waits for a render, a rate limit or another thread.

pub mod keyring;

pub mod step_limits;

pub mod context;

pub mod inspect;

pub mod submit;

pub mod deliver;

pub mod step;

pub mod worker;

pub mod prompt_worker;

pub mod janitor;

pub mod pool;
