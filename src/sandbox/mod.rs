//! The sandbox: everything reelbot talks to, on this machine. The stand-ins
//! speak the real wire formats over loopback, and the bot runs unmodified.

pub mod serve;

pub mod telegram;

pub mod page;
