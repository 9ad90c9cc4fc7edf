//! The calls of a dead man's switch: another machine misses them when the bot is not well.

use std::{sync::Arc, time::Duration};

use ureq::Agent;

use crate::config::proxy::Proxy;
use crate::domain::secret::Secret;
use crate::provider::agent::{Purpose, client_proxy, describe};
use crate::service::{
    outage::Outage,
    pulse::Pulse,
    serve::{Fault, Next, serve},
    stop::Stop,
};

/// The time between two calls.
const INTERVAL: Duration = Duration::from_mins(1);

/// How soon a bot that is not well yet is looked at again.
const SOON: Duration = Duration::from_secs(5);

/// How long a call may take.
const CALL: Duration = Duration::from_secs(20);

/// How long a look hangs at most.
const LONGEST: Duration = Duration::from_mins(2);

/// Calls an address while a run is well. The address is a secret.
pub(crate) struct Ping {
    url: Secret,
    agent: Agent,
    pulse: Arc<Pulse>,
    outage: Outage,
}

/// Nothing fails here that is not logged.
enum Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Fault for Never {
    fn passes(&self) -> bool {
        match *self {}
    }
}

impl Ping {
    /// For the run with that pulse.
    pub(crate) fn new(url: Secret, pulse: Arc<Pulse>) -> Self {
        let proxy = client_proxy(&Proxy::default(), url.expose());
        let agent = Purpose { idle: 0, ..Purpose::calls(CALL, proxy) }.agent();
        let outage =
            Outage::new("health.ping_url cannot be called", "health.ping_url is called again")
                .hint("its watch will raise an alarm, though the bot is well; check the address");
        Self { url, agent, pulse, outage }
    }

    /// Calls until the bot shuts down.
    pub(crate) fn work(self, stop: &Stop) {
        let turns = self.pulse.loops.join("ping", LONGEST);
        serve(&turns, stop, None, SOON, || {
            Ok::<_, Never>(Next::Within(if self.call() { INTERVAL } else { SOON }))
        });
    }

    /// Calls, if the run is well; says whether it was.
    fn call(&self) -> bool {
        if !self.pulse.vitals().ailments().is_empty() {
            return false;
        }
        match self.agent.get(self.url.expose()).call() {
            Ok(answer) if answer.status().is_success() => self.outage.worked(),
            Ok(answer) => self.outage.failed(&format!("it answers {}", answer.status().as_u16())),
            Err(error) => self.outage.failed(&describe(&error)),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::*;
    use crate::service::{pulse::Beat, vitals::RunState};

    #[test]
    fn only_a_bot_that_is_well_calls() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/secret", server.local_addr().unwrap());
        let pulse = Arc::<Pulse>::default();
        let ping = Ping::new(Secret::new(&url), Arc::clone(&pulse));
        assert!(!ping.call(), "it starts");
        pulse.enter(RunState::Running);
        assert!(!ping.call(), "it is deaf");
        pulse.beat(Beat::Poll);
        pulse.beat(Beat::Commit);
        let heard = thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        assert!(ping.call());
        let request = heard.join().unwrap();
        assert!(request.starts_with("GET /secret HTTP/1.1"), "{request}");
    }
}
