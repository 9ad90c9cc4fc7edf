//! A second site by Litestream: the bot and the process that copies its database die together in
//! the middle of a rush, and another bot goes on from the copy. No order is lost whose person has
//! read that it was accepted, and nobody waits for ever.
//!
//! Neither KIE nor Telegram recognises a repeated request: what the copy does not know yet is
//! rendered or sent once more.

use std::{
    cell::RefCell,
    collections::HashSet,
    time::{Duration, Instant},
};

use reelbot::testing::sandbox::{Behaviour, Person};

use crate::bot::Bot;
use crate::crowd::{Crowd, closings};
use crate::database::{audit, count};
use crate::litestream::{Litestream, Replica, VERSIONS};
use crate::servers::Servers;

/// Groups of people come one after the other, so that somebody orders at every moment.
const GROUPS: usize = 20;
const GROUP: usize = 3;
const EACH: u32 = 5;

/// The time between two groups.
const BETWEEN: Duration = Duration::from_millis(200);

/// Both die when so many people have read that their order was accepted.
const DEATH: usize = 20;

/// How long a person waits for an answer at most, between two looks for updates and with all else
/// that a machine of tests does meanwhile.
const ANSWER: Duration = Duration::from_secs(1);

#[test]
fn a_second_site_goes_on_from_a_copy_and_loses_no_order() {
    for version in VERSIONS {
        goes_on_elsewhere(version, &Replica::Folder);
    }
}

#[test]
#[ignore = "wants a server like S3: scripts/test-s3 runs it with one"]
fn a_second_site_goes_on_from_a_copy_in_a_bucket_and_loses_no_order() {
    let endpoint = std::env::var("REELBOT_S3").expect("REELBOT_S3 is the address of such a server");
    for version in VERSIONS {
        goes_on_elsewhere(version, &Replica::Bucket(endpoint.clone(), "copies".to_owned()));
    }
}

fn goes_on_elsewhere(version: &str, replica: &Replica) {
    let servers = servers();
    let Some(litestream) = Litestream::of(&servers, version, replica) else { return };
    let rush = Rush::new(&servers);
    let bot = servers.run();
    let replication = litestream.replicates();
    rush.until_death();
    replication.kill();
    bot.kill();
    let death = Instant::now();

    let accepted = rush.accepted();
    let second = servers.path("second/reelbot.db");
    litestream.restores(&second);
    let orders = |of| count(of, "select count(*) from orders");
    let (known, copied) = (orders(&servers.database()), orders(&second));
    println!("{version}, {replica:?}: {} have read \"accepted\"", accepted.len());
    println!("{known} orders, {copied} in the copy");
    assert!(copied > 0, "there was no copy yet");

    let mut command = servers.command();
    command.env("REELBOT_DATABASE", &second);
    let bot = Bot::start(command);
    bot.logs("reelbot runs");
    println!("the second site runs {:?} after that", death.elapsed());
    servers.until("all videos", || {
        assert!(!bot.has_ended(), "the bot ended by itself");
        rush.goes_on()
    });
    for person in accepted {
        let sql = format!("select count(*) from orders where tg_user_id = {}", person.id());
        assert_eq!(count(&second, &sql), 1, "orders of somebody whose order was accepted");
    }
    assert!(rush.people().iter().all(|person| closings(person) > 0), "somebody waits");
    what_came_twice(&servers, &rush, &second);
    answers_are_quick(&servers);
    bot.stop();
    audit(&second);
}

/// Servers whose renders take some seconds, and whose bot leaves its log to Litestream.
fn servers() -> Servers {
    let render = (Duration::from_millis(500), Duration::from_secs(3));
    let behaviour = Behaviour { render, ..Behaviour::steady(Duration::ZERO).without_limits() };
    let mut servers = Servers::with(behaviour);
    servers.extra.push_str("[database]\ncheckpoints = \"litestream\"\n");
    servers
}

/// People who come one group after the other.
struct Rush<'a> {
    servers: &'a Servers,
    begun: Instant,
    groups: RefCell<Vec<Crowd>>,
}

impl<'a> Rush<'a> {
    fn new(servers: &'a Servers) -> Self {
        Self { servers, begun: Instant::now(), groups: RefCell::default() }
    }

    /// Each person that has been answered does the next thing. Returns whether all have what
    /// they ordered.
    fn goes_on(&self) -> bool {
        let mut groups = self.groups.borrow_mut();
        let come = u32::try_from(groups.len()).unwrap();
        if groups.len() < GROUPS && self.begun.elapsed() >= BETWEEN * come {
            groups.push(Crowd::gather(self.servers, GROUP, EACH));
        }
        groups.iter().filter(|group| group.goes_on()).count() == GROUPS
    }

    fn until_death(&self) {
        self.servers.until("the moment of death", || {
            assert!(!self.goes_on(), "all was over before");
            self.accepted().len() >= DEATH
        });
    }

    fn accepted(&self) -> Vec<Person> {
        self.people().into_iter().filter(has_read_accepted).collect()
    }

    fn people(&self) -> Vec<Person> {
        self.groups.borrow().iter().flat_map(Crowd::people).collect()
    }
}

fn has_read_accepted(person: &Person) -> bool {
    let accepted = |text: &str| text.contains("Принял!") || text.contains("Got it!");
    person.chat().iter().any(|message| message.from_bot && accepted(&message.text))
}

fn what_came_twice(servers: &Servers, rush: &Rush<'_>, database: &std::path::Path) {
    let jobs = count(database, "select count(*) from generation_jobs");
    let (mut shown, mut different) = (0, 0);
    for person in rush.people() {
        let captions: Vec<_> = person.videos().into_iter().map(|video| video.text).collect();
        shown += captions.len();
        different += captions.into_iter().collect::<HashSet<_>>().len();
    }
    let failed = count(database, "select count(*) from generation_jobs where status = 'failed'");
    let paid = servers.kie.tasks().len();
    println!("{different} videos of {jobs}, {} came twice", shown - different);
    let named = count(database, "select count(*) from lost_submissions");
    let twice = i64::try_from(paid).unwrap() - jobs;
    println!("{paid} renders paid, {twice} of them twice; the audit names {named}");
    assert_eq!(i64::try_from(different).unwrap() + failed, jobs);
}

/// While Telegram is not told of updates yet, it is asked for new ones a few times a second.
fn answers_are_quick(servers: &Servers) {
    let olga = servers.telegram.person("Olga", "en");
    let mut waits: Vec<_> = (0..20)
        .map(|_| {
            let (begun, before) = (Instant::now(), olga.chat().len());
            olga.sends_text("/help");
            servers.until("an answer", || olga.chat().len() > before + 1);
            begun.elapsed()
        })
        .collect();
    waits.sort();
    println!("an answer takes {:?}, at most {:?}", waits[10], waits[19]);
    assert!(waits[10] < ANSWER, "{waits:?}");
}
