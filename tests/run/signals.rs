//! SIGTERM and SIGINT: what is in hand is finished, and nothing new is begun.

use crate::books::audit;
use crate::books::count;
use crate::child::Bot;
use crate::servers::Servers;

/// A bot with 20 submissions in hand, whose answers KIE holds back.
fn busy(servers: &Servers) -> Bot {
    let bot = servers.run();
    servers.wire.close_gate("createTask");
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
        bot.says("closing: steps in hand finish");
        servers.wire.open_gate();
        let (code, said) = bot.ends();
        assert_eq!(code, 0, "{said}");
        assert!(!said.contains("cut off"), "{said}");
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
    bot.says("closing: steps in hand finish");
    bot.signal("INT");
    let (code, said) = bot.ends();
    assert_eq!(code, 130, "{said}");
    servers.wire.open_gate();
    // Submissions whose answers never came are made again, and noted.
    finished(&servers);
    assert_eq!(count(&servers.database(), "select sum(credits) from users"), 4 * 45);
}
