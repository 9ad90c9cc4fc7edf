//! The operator's commands, as a shell sees them: the real binary, its output and exit codes.

mod shell;

mod pty;

mod prompts;

mod errors;

mod config;

mod help;

mod owner;

mod keys;

mod pasted;

mod people;

mod database;

mod backup;

mod rehearse;

mod strangers;

mod done;

mod listed;

mod numbers;
