//! `reelbot run` as an operator and other people's servers meet it: the real binary as a child,
//! stand-ins on loopback, and people who use the bot.

mod wire;

mod servers;

mod child;

mod books;

mod flow;

mod input;

mod secrets;

mod exits;

mod signals;

mod kills;

mod strange;

mod crowd;

mod storm;

mod machine;
