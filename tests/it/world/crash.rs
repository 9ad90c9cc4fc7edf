//! Crashes of the bot at named points, which a story injects.

pub(crate) mod point;

pub(crate) mod injector;

pub(crate) mod ports;

pub(crate) mod moves;
