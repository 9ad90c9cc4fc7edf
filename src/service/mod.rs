//! What every long-running thread and task is made of: a notifier that wakes it, a
//! signal that stops it, a loop that keeps it going, a log of outages, the pulse by which
//! others see that it works, and what systemd is told of it.

pub(crate) mod notify;

pub(crate) mod stop;

pub(crate) mod outage;

pub(crate) mod loops;

pub(crate) mod serve;

pub(crate) mod in_hand;

pub(crate) mod vitals;

pub(crate) mod business;

pub(crate) mod pulse;

pub(crate) mod systemd;
