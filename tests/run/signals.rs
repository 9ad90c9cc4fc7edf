//! SIGTERM and SIGINT: steps under way are finished, and no new ones are begun.

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::Servers;

/// A bot with 20 submissions under way, whose answers are held.
fn busy(servers: &Servers) -> Bot {
    let bot = servers.run();
    servers.wire.holds("createTask");
    for number in 0..4 {
        let person = servers.telegram.person(&format!("Ann{number}"), "en");
        servers.orders(&person, 5);
    }
    servers.until("20 submissions", || servers.wire.asked("createTask") == 20);
    bot
}

#[test]
fn a_signal_lets_twenty_submissions_finish_and_then_ends_with_0() {
    for signal in ["TERM", "INT"] {
        let servers = Servers::open();
        let bot = busy(&servers);
        bot.signal(signal);
        bot.logs("closing: steps in hand finish");
        servers.wire.releases();
        let (code, log) = bot.ends();
        assert_eq!(code, 0, "{log}");
        assert!(!log.contains("cut off"), "{log}");
        let jobs = |such: &str| {
            let sql = format!("select count(*) from generation_jobs where {such}");
            count(&servers.database(), &sql)
        };
        assert_eq!(jobs("claimed_until is not null or submitting_at is not null"), 0);
        assert_eq!(jobs("attempt > 1 or lost_submissions > 0 or status = 'failed'"), 0);
        assert_eq!(jobs("status = 'processing' and task_id is not null"), 20);
        assert_eq!(servers.wire.asked("createTask"), 20);
        audit(&servers.database());
        finished(&servers);
        assert_eq!(servers.kie.tasks().len(), 20);
    }
}

/// The next run delivers what the last one has begun.
fn finished(servers: &Servers) {
    let bot = servers.run();
    servers.until("the videos", || servers.telegram.videos_delivered() == 20);
    for id in servers.telegram.people() {
        servers.closes(&servers.telegram.person_by_id(id).unwrap());
    }
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_second_signal_ends_at_once_and_the_next_run_goes_on() {
    let servers = Servers::open();
    let bot = busy(&servers);
    bot.signal("TERM");
    bot.logs("closing: steps in hand finish");
    bot.signal("INT");
    let (code, log) = bot.ends();
    assert_eq!(code, 130, "{log}");
    servers.wire.releases();
    // Submissions whose answers never came are made again, and recorded.
    finished(&servers);
    assert_eq!(count(&servers.database(), "select sum(credits) from users"), 4 * 45);
}
