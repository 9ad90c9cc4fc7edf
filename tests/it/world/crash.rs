//! Crashes of the bot at named points, which a story injects.

pub mod point;

pub mod injector;

pub mod ports;

pub mod moves;
