//! The addresses of services as they are pasted: with more at their end than belongs to them, of
//! another page of the same maker, or without encryption.

use url::Url;

use crate::config::findings::{Findings, shown};

/// What is wrong with an address, and the one that was meant.
struct Slip {
    problem: &'static str,
    meant: String,
}

/// The rest of the sentence where an address has too much at its end.
const TOO_MUCH: &str = "goes too far: reelbot adds the rest itself";

/// The rest of the sentence where an address is no API's.
const FOR_PEOPLE: &str = "is a page for people, not the API";

/// Hosts of the makers themselves, which are all reached by https.
const MAKERS: [&str; 4] =
    ["api.telegram.org", "api.kie.ai", "kieai.redpandaai.co", "api.openai.com"];

/// Hosts of KIE's pages.
const KIE_PAGES: [&str; 4] = ["kie.ai", "www.kie.ai", "docs.kie.ai", "redpandaai.co"];

/// Notes what is wrong with `telegram.api_url`. A path in it is kept: reverse proxies have one.
pub(crate) fn check_bot_api(key: &str, url: &str, findings: &mut Findings) {
    let people = ["t.me", "telegram.me", "telegram.org", "core.telegram.org", "web.telegram.org"];
    check(key, url, findings, |url| {
        meant_for(url, &people, "https://api.telegram.org")
            .or_else(|| cut(url, |part| is_bot(part) || part == "file"))
    });
}

/// Notes what is wrong with `kie.api_url` or `kie.upload_url`, whose right one is `own`.
pub(crate) fn check_kie(key: &str, url: &str, own: &str, findings: &mut Findings) {
    check(key, url, findings, |url| {
        meant_for(url, &KIE_PAGES, own)
            .or_else(|| cut(url, |part| matches!(part, "api" | "v1" | "jobs" | "createTask")))
    });
}

/// Notes what is wrong with `gpt.api_url`.
pub(crate) fn check_gpt(key: &str, url: &str, findings: &mut Findings) {
    let people = ["openai.com", "platform.openai.com", "chatgpt.com", "chat.openai.com"];
    check(key, url, findings, |url| {
        let at = |path: &str| Slip {
            problem: "does not go far enough",
            meant: format!("{}{path}", origin(url)),
        };
        let path = url.path().trim_end_matches('/');
        meant_for(url, &people, "https://api.openai.com/v1")
            .or_else(|| meant_for(url, &KIE_PAGES, "https://api.kie.ai/gpt-5-2/v1"))
            .or_else(|| cut(url, |part| matches!(part, "chat" | "completions" | "responses")))
            .or_else(|| match (url.host_str(), path) {
                (Some("api.openai.com"), "") => Some(at("/v1")),
                (Some("api.kie.ai"), "") => Some(at("/gpt-5-2/v1")),
                (Some("api.kie.ai"), path) if path.matches('/').count() == 1 && path != "/v1" => {
                    Some(at(&format!("{path}/v1")))
                }
                _ => None,
            })
    });
}

fn check(key: &str, text: &str, findings: &mut Findings, slip: impl Fn(&Url) -> Option<Slip>) {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    match url.and_then(|url| slip(&url).or_else(|| unencrypted(&url))) {
        Some(Slip { problem, meant }) => {
            let hint = format!("write \"{}\"", shown(&meant));
            findings.add(key, format!("is \"{}\", which {problem}", shown(text)), hint);
        }
        None => findings.expect_url(key, text),
    }
}

fn unencrypted(url: &Url) -> Option<Slip> {
    let is_maker = url.host_str().is_some_and(|host| MAKERS.contains(&host));
    (url.scheme() == "http" && is_maker).then(|| Slip {
        problem: "would send your secrets in the clear",
        meant: url.as_str().replacen("http://", "https://", 1).trim_end_matches('/').to_owned(),
    })
}

fn meant_for(url: &Url, people: &[&str], meant: &str) -> Option<Slip> {
    let is_page = people.contains(&url.host_str()?);
    is_page.then(|| Slip { problem: FOR_PEOPLE, meant: meant.to_owned() })
}

/// Cuts the path before the first part that the client adds itself.
fn cut(url: &Url, added: impl Fn(&str) -> bool) -> Option<Slip> {
    let parts: Vec<&str> = url.path().split('/').skip(1).collect();
    let end = parts.iter().position(|part| added(part))?;
    let meant = [&[&*origin(url)], &parts[..end]].concat().join("/");
    Some(Slip { problem: TOO_MUCH, meant })
}

/// `bot`, or `bot` with a token or its placeholder: no name of a reverse proxy's path.
fn is_bot(part: &str) -> bool {
    let Some(rest) = part.strip_prefix("bot") else { return false };
    rest.is_empty() || rest.contains(':') || rest.starts_with(['<', '{', '%', '$', '['])
}

/// Scheme, host and port, with the user that a reverse proxy may want.
fn origin(url: &Url) -> String {
    url[..url::Position::BeforePath].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(check: impl Fn(&mut Findings)) -> Option<String> {
        let mut findings = Findings::default();
        check(&mut findings);
        let all = format!("{:?}", findings.0);
        assert!(!all.contains("s3cret"), "{all}");
        assert!(findings.0.len() < 2, "{all}");
        findings.0.pop().map(|finding| finding.hint)
    }

    fn bot_api(url: &str) -> Option<String> {
        hint(|findings| check_bot_api("telegram.api_url", url, findings))
    }

    fn gpt(url: &str) -> Option<String> {
        hint(|findings| check_gpt("gpt.api_url", url, findings))
    }

    fn kie(url: &str) -> Option<String> {
        hint(|findings| check_kie("kie.api_url", url, "https://api.kie.ai", findings))
    }

    #[test]
    fn addresses_that_are_right_are_left_alone() {
        for url in [
            "https://api.telegram.org",
            "http://127.0.0.1:8081",
            "https://proxy.example/telegram",
            "https://bots.example/robot",
            "http://telegram-bot-api:8081",
        ] {
            assert_eq!(bot_api(url), None, "{url}");
        }
        for url in ["https://api.kie.ai", "http://127.0.0.1:9", "https://proxy.example/kie"] {
            assert_eq!(kie(url), None, "{url}");
        }
        for url in [
            "https://api.kie.ai/gpt-5-2/v1",
            "https://api.openai.com/v1",
            "https://openrouter.ai/api/v1",
            "http://127.0.0.1:11434/v1",
            "http://127.0.0.1:9",
        ] {
            assert_eq!(gpt(url), None, "{url}");
        }
    }

    #[test]
    fn what_was_pasted_with_too_much_or_too_little_is_named_with_the_right_one() {
        let token = "123456789:s3cretAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for url in [
            "https://api.telegram.org/bot",
            "https://api.telegram.org/bot<token>/getMe",
            "https://api.telegram.org/file/bot",
            &format!("https://api.telegram.org/bot{token}"),
            &format!("https://api.telegram.org/bot{token}/sendMessage"),
            "http://api.telegram.org",
            "https://t.me",
            "https://core.telegram.org/bots/api",
        ] {
            let meant = "write \"https://api.telegram.org\"";
            assert_eq!(bot_api(url).as_deref(), Some(meant), "{url}");
        }
        let prefixed = bot_api("https://proxy.example/tg/bot");
        assert_eq!(prefixed.as_deref(), Some("write \"https://proxy.example/tg\""));
        for url in [
            "https://api.kie.ai/api/v1",
            "https://api.kie.ai/api/v1/jobs/createTask",
            "https://api.kie.ai/v1",
            "https://kie.ai",
            "https://docs.kie.ai/market",
            "http://api.kie.ai",
        ] {
            assert_eq!(kie(url).as_deref(), Some("write \"https://api.kie.ai\""), "{url}");
        }
        for url in [
            "https://api.openai.com/v1/chat/completions",
            "https://api.openai.com/v1/responses",
            "https://api.openai.com",
            "https://platform.openai.com/api-keys",
        ] {
            assert_eq!(gpt(url).as_deref(), Some("write \"https://api.openai.com/v1\""), "{url}");
        }
        for url in [
            "https://api.kie.ai",
            "https://api.kie.ai/gpt-5-2",
            "https://api.kie.ai/gpt-5-2/v1/chat/completions",
        ] {
            assert_eq!(
                gpt(url).as_deref(),
                Some("write \"https://api.kie.ai/gpt-5-2/v1\""),
                "{url}"
            );
        }
    }
}
