//! What every long-running thread and task is made of: a notifier that wakes it, a
//! signal that stops it, a loop that keeps it going, and a log of outages.

pub mod notify;

pub mod stop;

pub mod outage;

pub mod serve;
