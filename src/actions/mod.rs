//! Actions: what happens, each in one transaction with what must happen with it.
//! Bot, workers and commands share them.

pub mod rules;

pub mod admit_user;

pub mod grant_credits;

pub mod add_key;

pub mod receive_photo;

pub mod place_order;

pub mod give_back;

pub mod end_job;

pub mod alert_operator;

pub mod mute_alert;

pub mod hold_job;

pub mod settle_failure;

pub mod settle_submit;

pub mod settle_poll;

pub mod settle_deliver;

pub mod rescue_jobs;

pub mod resume_work;
