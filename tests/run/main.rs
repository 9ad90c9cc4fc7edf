//! `reelbot run` as an operator and the servers outside see it: the real binary as a child,
//! stand-ins on loopback, and people that use the bot.

mod wire;

mod servers;

mod bot;

mod database;

mod namespace;

mod flow;

mod input;

mod secrets;

mod exits;

mod start;

mod settings;

mod signals;

mod pulse;

mod systemd;

mod kills;

mod other_servers;

mod local_server;

mod proxies;

mod ownership;

mod crowd;

mod storm;

mod litestream;

mod second_site;

mod machine;
