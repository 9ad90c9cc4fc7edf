//! Actions: what happens, each in one transaction with what must happen with it.
//! Bot, workers and commands share them.

pub(crate) mod rules;

pub(crate) mod offered;

pub(crate) mod admit_user;

pub(crate) mod grant_credits;

pub(crate) mod add_key;

pub(crate) mod receive_photo;

pub(crate) mod join_album;

pub(crate) mod begin_script;

pub(crate) mod replace_photo;

pub(crate) mod rewrite_order;

pub(crate) mod place_order;

pub(crate) mod place_series;

pub(crate) mod release_step;

pub(crate) mod end_job;

pub(crate) mod cancel_order;

pub(crate) mod alert_operator;

pub(crate) mod silent_admins;

pub(crate) mod mute_alert;

pub(crate) mod hold_job;

pub(crate) mod settle_failure;

pub(crate) mod settle_submit;

pub(crate) mod settle_poll;

pub(crate) mod settle_deliver;

pub(crate) mod rescue_jobs;

pub(crate) mod resume_work;

pub(crate) mod send_again;

pub(crate) mod keep_style;

pub(crate) mod other_format;
