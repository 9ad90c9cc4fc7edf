//! Faults of the machine and the network, in the middle of orders from several people. While a
//! fault lasts the bot logs it once, keeps its memory and its calls small, and loses nothing; when
//! it ends the bot goes on by itself.

mod crowd;

mod disk;

mod lock;

mod damage;

mod proxy;

mod network;

mod hanging_calls;

mod huge_answers;
