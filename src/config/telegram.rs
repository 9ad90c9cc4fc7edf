//! `[telegram]`: the bot's account and its pace.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::{
    address::check_bot_api,
    findings::{Findings, without_long_words},
    proxy::Proxy,
    quiet_hours, timezone,
};
use crate::domain::{
    contact::{Contact, is_name},
    id::{BotId, UserId},
    quiet::QuietHours,
    secret::Secret,
    user::Language,
};

/// The bot's account at Telegram and how fast it may send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Telegram {
    /// The token that `@BotFather` gave, `123456789:AA…`. Only the commands that call Telegram need it.
    pub token: Secret,
    /// A file with the token, relative to the config file's folder; empty: none.
    pub token_file: PathBuf,
    /// Where the Bot API is: Telegram's, a local Bot API server or a stand-in.
    pub api_url: String,
    /// Where a local Bot API server's files are served; empty: they are read from its disk.
    pub file_url: String,
    /// By which proxy the Bot API is reached.
    pub proxy: Proxy,
    /// The language in which people are answered whose app tells none.
    pub language: Language,
    /// The operators' time zone, a name of IANA's: for the times that they are told, and their days.
    pub timezone: String,
    /// The hours there, `22-8`, in which people are sent what comes by itself without a sound; empty:
    /// none.
    pub quiet_hours: String,
    /// The Telegram ids of the operators that are alerted.
    pub admins: Vec<UserId>,
    /// Whom people turn to who need help or credits: an @name, a link or a mail address; empty:
    /// nobody.
    pub support: String,
    /// Messages a second over all chats, over 0; 30 is Telegram's own limit (Bots FAQ).
    pub messages_per_second: f64,
    /// Messages a second in one chat, over 0; Telegram's FAQ asks for 1 and allows short bursts.
    pub messages_per_second_per_chat: f64,
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            token: Secret::default(),
            token_file: PathBuf::new(),
            api_url: "https://api.telegram.org".to_owned(),
            file_url: String::new(),
            proxy: Proxy::default(),
            language: Language::default(),
            timezone: "Europe/Moscow".to_owned(),
            quiet_hours: QuietHours::NIGHT.to_string(),
            admins: Vec::new(),
            support: String::new(),
            messages_per_second: 30.0,
            messages_per_second_per_chat: 1.0,
        }
    }
}

impl Telegram {
    /// Which bot the token is of: its first part says it. `None` where there is no token.
    pub fn bot(&self) -> Option<BotId> {
        self.token.expose().split_once(':')?.0.parse().ok().map(BotId)
    }

    /// Whether the Bot API is Telegram's own, and no server or reverse proxy of the operator's.
    pub(crate) fn is_telegrams_own(&self) -> bool {
        let host = Url::parse(&self.api_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.as_deref() == Some("api.telegram.org")
    }

    /// Notes what is wrong in `[telegram]`.
    pub fn check(&self, findings: &mut Findings) {
        let hint = "copy it whole from @BotFather: /mybots, your bot, API Token";
        let is_secret = findings.expect_secret("telegram.token", &self.token, hint);
        if is_secret && !self.token.is_empty() && !is_token(self.token.expose()) {
            let problem = "is not a bot token: one looks like 123456789:AA…";
            findings.add("telegram.token", problem, hint);
        }
        check_bot_api("telegram.api_url", &self.api_url, findings);
        if !self.file_url.is_empty() {
            findings.expect_url("telegram.file_url", &self.file_url);
        }
        self.proxy.check("telegram.proxy", &[&self.api_url, &self.file_url], findings);
        timezone::check("telegram.timezone", &self.timezone, findings);
        quiet_hours::check("telegram.quiet_hours", &self.quiet_hours, findings);
        for admin in self.admins.iter().filter(|admin| admin.0 <= 0) {
            let hint = "a person's id is a positive number; @userinfobot tells you yours";
            findings.add("telegram.admins", format!("contains {admin}"), hint);
        }
        if !self.support.is_empty() && Contact::parse(&self.support).is_none() {
            let problem =
                format!("is \"{}\", which nobody can write to", without_long_words(&self.support));
            let hint = match name_in(&self.support) {
                Some(name) => format!("write it as \"{name}\""),
                None => {
                    "write it as \"@name\" (a letter, then letters, digits and underscores, 4 to 32 in \
                         all), as a link with https://, or as a mail address"
                        .to_owned()
                }
            };
            findings.add("telegram.support", problem, hint);
        }
        findings.expect_rate("telegram.messages_per_second", self.messages_per_second);
        let per_chat = self.messages_per_second_per_chat;
        findings.expect_rate("telegram.messages_per_second_per_chat", per_chat);
    }

    /// Notes a pace that Telegram refuses, as far as its limits are known, and that nobody helps.
    pub(crate) fn warn(&self, findings: &mut Findings) {
        for (key, rate, limit, place) in [
            (
                "telegram.messages_per_second",
                self.messages_per_second,
                PER_SECOND,
                "over all chats",
            ),
            (
                "telegram.messages_per_second_per_chat",
                self.messages_per_second_per_chat,
                PER_CHAT,
                "in one chat",
            ),
        ] {
            if rate > limit {
                let problem =
                    format!("is {rate}, and Telegram's own limit is {limit} a second {place}");
                findings.add(
                    key,
                    problem,
                    format!("write {limit}: what is above has to wait anyway"),
                );
            }
        }
        if self.support.is_empty() {
            let problem = "is empty: people who want credits or help are told of nobody";
            findings.add("telegram.support", problem, "name who answers them: \"@name\"");
        }
    }
}

/// Messages a second that Telegram takes of one bot (Bots FAQ).
const PER_SECOND: f64 = 30.0;

/// Messages a second that Telegram takes in one chat, but for short bursts (Bots FAQ).
const PER_CHAT: f64 = 1.0;

/// Digits, a colon and letters that can stand in the path of a URL. Telegram's own tokens
/// have 35 of them; other servers of the Bot API have theirs.
fn is_token(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_-.~".contains(c);
    text.split_once(':').is_some_and(|(id, rest)| {
        let is_number = !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
        is_number && !rest.is_empty() && rest.chars().all(letter)
    })
}

/// The `@name` in a link to somebody, or in a name that lacks its `@`.
fn name_in(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let name = match rest.split_once('/') {
        Some(("t.me" | "www.t.me" | "telegram.me" | "telegram.dog", name)) => name,
        Some(_) => return None,
        None => rest.trim_start_matches('@'),
    };
    let name = format!("@{}", name.split(['?', '/']).next().unwrap_or_default());
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_support_that_is_no_name_comes_with_the_name_that_is_meant() {
        let hint = |support: &str| {
            let mut findings = Findings::default();
            Telegram { support: support.to_owned(), ..Telegram::default() }.check(&mut findings);
            findings.0.pop().map(|finding| finding.hint)
        };
        for fine in [
            "",
            "@shop",
            "@Shop_help1",
            "t.me/shop",
            "https://t.me/+abc",
            "help@example.com",
            "https://example.com/shop",
        ] {
            assert_eq!(hint(fine), None, "{fine}");
        }
        for meant in ["shop", " @shop ", "@@shop", "@shop?a=b"] {
            assert_eq!(hint(meant).as_deref(), Some("write it as \"@shop\""), "{meant}");
        }
        for strange in ["@", "@me", "@1234", "+79991234567", "ftp://example.com/shop", "@магазин"]
        {
            assert!(hint(strange).unwrap().contains("\"@name\""), "{strange}");
        }
    }

    #[test]
    fn tokens_of_every_server_pass_and_what_cannot_stand_in_an_address_does_not() {
        for token in ["123:TEST", "1:t", "8123456789:AAH-x_9", "7:a.b~c"] {
            assert!(is_token(token), "{token}");
        }
        for broken in ["", ":", "1:", ":x", "colon", "x1:abc", "1:a b", "1:a/b", "1:a?b", "1:a:b"] {
            assert!(!is_token(broken), "{broken}");
        }
    }
}
