//! Whether the values make sense: all findings at once.

use url::Url;

use crate::config::{
    credits::MOST,
    findings::{Finding, Findings, row, without_long_words},
    models, presets,
    settings::Config,
};
use crate::domain::{brief::WORTHWHILE_PROMPT, credits::Credits};

/// Everything that is wrong, in the order of the file.
pub fn check(config: &Config) -> Vec<Finding> {
    let mut findings = Findings::default();
    config.telegram.check(&mut findings);
    config.database.check(&mut findings);
    config.workers.check(&mut findings);
    config.kie.check(&mut findings);
    check_chosen_models(config, &mut findings);
    config.gpt.check(&mut findings);
    config.credits.check(&mut findings);
    config.backup.check(&mut findings);
    config.health.check(&mut findings);
    config.metrics.check(&mut findings);
    presets::check(&config.presets, &mut findings);
    models::check(&config.models, &mut findings);
    findings.0
}

/// What is in order and yet may not be what was meant.
pub(crate) fn warnings(config: &Config) -> Vec<Finding> {
    let mut findings = Findings::default();
    warn_of_a_foreign_gpt(config, &mut findings);
    warn_of_another_fallback(config, &mut findings);
    warn_of_what_nobody_can_buy(config, &mut findings);
    config.kie.warn(&mut findings);
    presets::warn(&config.presets, &mut findings);
    config.backup.warn(&mut findings);
    config.telegram.warn(&mut findings);
    findings.0
}

/// Without a key of its own GPT is called with a KIE key, which no other host may see.
fn warn_of_a_foreign_gpt(config: &Config, findings: &mut Findings) {
    if !config.gpt.api_key.is_empty() || config.gpt_takes_kie_keys() {
        return;
    }
    let (gpt, kie) = (host(&config.gpt.api_url), host(&config.kie.api_url));
    let problem = format!("is empty, and {gpt} may not see your KIE key, so it writes no script");
    let hint = format!("put the key of {gpt} into OPENAI_API_KEY; only {kie} may see a KIE key");
    findings.add("gpt.api_key", problem, hint);
}

/// The smallest order is what a gift, and a grant, should be enough for.
fn warn_of_what_nobody_can_buy(config: &Config, findings: &mut Findings) {
    let model = config.model(&config.kie.model);
    let (Some(model), Some(fewest)) = (model, config.credits.counts.iter().min()) else { return };
    let (least, welcome) = (model.credits.times(*fewest), config.credits.welcome);
    if welcome > Credits(0) && welcome < least {
        let problem =
            format!("is {welcome}, and the smallest order costs {least}: it buys nothing");
        findings.add(
            "credits.welcome",
            problem,
            format!("write {least} or more, or 0 for no gift"),
        );
    }
    if least > MOST {
        let key = format!("{}: credits", row("models", &model.slug));
        let problem = format!("is {}, so the smallest order costs {least}", model.credits);
        findings.add(key, problem, format!("`credits grant` gives {MOST} at most; write less"));
    }
}

/// An order is priced, and its prompt written, before it is known which of the two models makes it.
fn warn_of_another_fallback(config: &Config, findings: &mut Findings) {
    let [primary, fallback] =
        [&config.kie.model, &config.kie.fallback_model].map(|slug| config.model(slug));
    let (Some(primary), Some(fallback)) = (primary, fallback) else { return };
    let key = "kie.fallback_model";
    if fallback.credits != primary.credits {
        let problem = format!(
            "costs a person {}, and kie.model {}: the button's price, that of kie.model, is taken for both",
            fallback.credits, primary.credits
        );
        findings.add(
            key,
            problem,
            "choose one of the same price, or set `credits` in its [[models]] row",
        );
    }
    if fallback.longest_prompt < primary.longest_prompt.min(WORTHWHILE_PROMPT) {
        let problem = format!(
            "takes prompts of {} characters, so those for kie.model are written no longer",
            fallback.longest_prompt
        );
        let hint = format!("choose one that takes {WORTHWHILE_PROMPT}, or expect plainer videos");
        findings.add(key, problem, hint);
    }
}

/// The host of a web address, without user and port.
fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_matches(['[', ']']).to_owned()
}

fn check_chosen_models(config: &Config, findings: &mut Findings) {
    let fallback = &config.kie.fallback_model;
    let chosen = [("kie.model", &config.kie.model), ("kie.fallback_model", fallback)];
    for (key, slug) in chosen {
        let held = key == "kie.fallback_model" && slug.is_empty();
        if !held && config.model(slug).is_none() {
            let slugs: Vec<&str> = config.models.iter().map(|model| model.slug.as_str()).collect();
            let slugs = without_long_words(&slugs.join(", "));
            let hint = format!("choose one of {slugs}, or add it as [[models]]");
            findings.add(
                key,
                format!("is \"{}\", which is no known model", without_long_words(slug)),
                hint,
            );
        }
    }
    if !fallback.is_empty() && *fallback == config.kie.model {
        let hint = "name another model, or \"\" to hold the jobs while the model is down";
        findings.add("kie.fallback_model", "is the same as kie.model", hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::Localized;

    fn keys(text: &str) -> Vec<String> {
        let config: Config = toml::from_str(text).expect("it parses");
        check(&config).into_iter().map(|finding| finding.key).collect()
    }

    #[test]
    fn the_defaults_are_in_order() {
        assert_eq!(check(&Config::default()), []);
    }

    #[test]
    fn every_wrong_value_of_every_section_is_found_in_one_go() {
        let text = r#"
            [telegram]
            token = "123456789:two words"
            api_url = "api.telegram.org"
            timezone = "Europe/Moskow"
            admins = [7, 0, -5]
            support = "anna"
            messages_per_second = 0
            messages_per_second_per_chat = nan
            [workers]
            count = 257
            idle_wait = "0s"
            [kie]
            api_url = "ftp://api.kie.ai"
            upload_url = "https://"
            model = "sora-3"
            fallback_model = "sora-3"
            poll_interval = "99ms"
            poll_interval_min = "98ms"
            render_timeout = "98ms"
            retry_delays = ["2h"]
            creates_per_10s = 0
            in_flight = 0
            polls_per_second = -1
            seconds = 0
            low_balance = -1
            [gpt]
            api_url = "https://two words"
            model = " "
            timeout = "999ms"
            [credits]
            welcome = -1
            counts = [3, 3, 11]
        "#;
        let expected = [
            "telegram.token",
            "telegram.api_url",
            "telegram.timezone",
            "telegram.admins",
            "telegram.admins",
            "telegram.support",
            "telegram.messages_per_second",
            "telegram.messages_per_second_per_chat",
            "workers.count",
            "workers.idle_wait",
            "kie.api_url",
            "kie.upload_url",
            "kie.poll_interval",
            "kie.poll_interval_min",
            "kie.render_timeout",
            "kie.retry_delays",
            "kie.creates_per_10s",
            "kie.in_flight",
            "kie.polls_per_second",
            "kie.seconds",
            "kie.low_balance",
            "kie.model",
            "kie.fallback_model",
            "kie.fallback_model",
            "gpt.api_url",
            "gpt.model",
            "gpt.timeout",
            "credits.welcome",
            "credits.counts",
            "credits.counts",
        ];
        assert_eq!(keys(text), expected);
    }

    #[test]
    fn the_shortest_interval_is_longer_than_the_longest_only_by_default() {
        assert_eq!(keys("[kie]\npoll_interval = \"1s\""), [""; 0]);
        let longer = "[kie]\npoll_interval = \"1s\"\npoll_interval_min = \"1500ms\"";
        assert_eq!(keys(longer), ["kie.poll_interval_min"]);
        assert_eq!(keys("[kie]\npoll_interval_min = \"31s\""), ["kie.poll_interval_min"]);
        assert_eq!(keys("[kie]\npoll_interval_min = \"30s\""), [""; 0]);
    }

    #[test]
    fn what_would_overflow_a_clock_or_a_balance_is_found() {
        let text = r#"
            [telegram]
            messages_per_second = 1e-300
            messages_per_second_per_chat = 1e300
            [workers]
            idle_wait = "721h"
            shutdown_grace = "1000000000h"
            [kie]
            poll_interval = "1000000h"
            render_timeout = "5000000000000h"
            polls_per_second = 1e-300
            hold = "1000000000h"
            low_balance = 1e99
            [gpt]
            timeout = "1000000000h"
            [credits]
            welcome = 9223372036854775807
            [[models]]
            slug = "mine"
            image = { name = "prompt", shape = "single" }
            longest_prompt = 1
            credits = 0
        "#;
        let expected = [
            "telegram.messages_per_second",
            "telegram.messages_per_second_per_chat",
            "workers.idle_wait",
            "workers.shutdown_grace",
            "kie.poll_interval",
            "kie.render_timeout",
            "kie.hold",
            "kie.polls_per_second",
            "kie.low_balance",
            "gpt.timeout",
            "credits.welcome",
            "models \"mine\": credits",
            "models \"mine\": prompt",
        ];
        assert_eq!(keys(text), expected);
    }

    #[test]
    fn wrong_rows_of_presets_and_models_are_found() {
        let text = r#"
            [[presets]]
            id = "Scroll Up"
            label = { ru = "", en = "A label that is far too long for a button in a chat" }
            idea = ""
            [[presets]]
            id = "twice"
            label = { ru = "Раз", en = "Once" }
            idea = "The camera glides."
            [[presets]]
            id = "twice"
            label = { ru = "Два", en = "Twice" }
            idea = "The camera glides."
            [[models]]
            slug = "mine"
            image = { name = "", shape = "single" }
            duration = { name = "duration", shape = "number", allowed = [10, 5] }
            longest_prompt = 0
            credits = -1
        "#;
        let expected = [
            "presets \"Scroll Up\": id",
            "presets \"Scroll Up\": label.ru",
            "presets \"Scroll Up\": label.en",
            "presets \"Scroll Up\": idea",
            "presets \"twice\": id",
            "models \"mine\": image.name",
            "models \"mine\": longest_prompt",
            "models \"mine\": credits",
            "models \"mine\": duration.allowed",
        ];
        assert_eq!(keys(text), expected);
    }

    #[test]
    fn an_empty_list_of_presets_leaves_only_own_texts_and_no_counts_leave_nothing() {
        assert_eq!(keys("presets = []"), Vec::<String>::new());
        let none = Config { presets: Vec::new(), ..with_support() };
        assert_eq!(warnings(&none)[0].key, "presets");
        assert_eq!(keys("[credits]\ncounts = []"), ["credits.counts"]);
    }

    #[test]
    fn a_pace_above_the_other_sides_limit_is_warned_of_with_that_limit() {
        let text = "[telegram]\nsupport = \"@shop\"\nmessages_per_second = 31\n\
                    messages_per_second_per_chat = 1.5\n[kie]\ncreates_per_10s = 21\n\
                    polls_per_second = 1000\nrender_timeout = \"2m\"";
        let config: Config = toml::from_str(text).unwrap();
        assert_eq!(check(&config), []);
        let told: Vec<String> = warnings(&config).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "kie.creates_per_10s is 21, and KIE's own limit is 20 tasks in 10 seconds",
                "kie.polls_per_second is 1000, and KIE's own limit is 10 a second for each key",
                "kie.render_timeout is 2m, and renders take 3 to 30 minutes",
                "telegram.messages_per_second is 31, and Telegram's own limit is 30 a second over all chats",
                "telegram.messages_per_second_per_chat is 1.5, and Telegram's own limit is 1 a second in one chat",
            ]
        );
    }

    #[test]
    fn more_presets_than_telegram_shows_buttons_are_refused() {
        let mut config = with_support();
        let preset = config.presets[0].clone();
        config.presets = (0..88)
            .map(|n| crate::domain::preset::Preset { id: format!("p-{n}"), ..preset.clone() })
            .collect();
        let found = check(&config);
        assert_eq!(
            found[0].to_string(),
            "presets has 88 rows, and Telegram shows 100 buttons at most, 13 of them others"
        );
        config.presets.pop();
        assert_eq!(check(&config), []);
    }

    #[test]
    fn a_kie_key_that_would_go_to_a_foreign_host_is_warned_of() {
        let warned = |url: &str, key: &str| {
            let text = format!(
                "[telegram]\nsupport = \"@shop\"\n[gpt]\napi_url = \"{url}\"\napi_key = \"{key}\""
            );
            let config: Config = toml::from_str(&text).expect("it parses");
            assert_eq!(check(&config), [], "{url}");
            warnings(&config)
        };
        for url in [
            "https://api.kie.ai/gpt-5-2/v1",
            "https://API.KIE.AI/v1",
            "https://api.kie.ai:443/gpt-5-2/v1",
        ] {
            assert_eq!(warned(url, ""), [], "{url}");
        }
        for url in [
            "https://api.openai.com/v1",
            "https://kie.example/v1",
            "https://api.kie.ai.example.com",
            "https://example.com/api.kie.ai",
            "https://api.kie.ai@example.com/v1",
            "https://api.kie.ai:x@example.com:443",
            "http://[::1]:8080/v1",
        ] {
            assert_eq!(warned(url, "")[0].key, "gpt.api_key", "{url}");
            assert_eq!(warned(url, "sk-0123456789"), [], "{url}");
        }
        let found = warned("https://api.openai.com/v1", "").remove(0);
        let words = "gpt.api_key is empty, and api.openai.com may not see your KIE key, so it writes no script";
        assert_eq!(found.to_string(), words);
    }

    #[test]
    fn a_fallback_with_another_price_or_shorter_prompts_is_warned_of() {
        let warned = |credits, longest_prompt| -> Vec<String> {
            let mut config = with_support();
            let fallback = config.kie.fallback_model.clone();
            let fallback = config.models.iter_mut().find(|model| model.slug == fallback).unwrap();
            (fallback.credits, fallback.longest_prompt) = (Credits(credits), longest_prompt);
            warnings(&config).iter().map(ToString::to_string).collect()
        };
        assert_eq!(warned(1, WORTHWHILE_PROMPT), [""; 0]);
        let price = "kie.fallback_model costs a person 2, and kie.model 1: \
                     the button's price, that of kie.model, is taken for both";
        assert_eq!(warned(2, 4096), [price]);
        let length = "kie.fallback_model takes prompts of 1000 characters, \
                      so those for kie.model are written no longer";
        assert_eq!(warned(1, 1000), [length]);
        assert_eq!(warned(2, 1000), [price, length]);
    }

    /// The defaults, with the only thing that they cannot know.
    fn with_support() -> Config {
        let mut config = Config::default();
        config.telegram.support = "@shop".to_owned();
        config
    }

    #[test]
    fn a_config_without_any_line_is_warned_of_nothing_but_that_nobody_helps() {
        let warned = warnings(&Config::default()).into_iter().map(|finding| finding.key);
        assert_eq!(warned.collect::<Vec<_>>(), ["telegram.support"]);
        assert_eq!(warnings(&with_support()), []);
    }

    #[test]
    fn a_gift_that_buys_nothing_is_warned_of() {
        for (price, welcome, counts, hint) in [
            (3, 1, &[1, 3, 5][..], Some("write 3 or more, or 0 for no gift")),
            (3, 2, &[1], Some("write 3 or more, or 0 for no gift")),
            (1, 1, &[5, 3], Some("write 3 or more, or 0 for no gift")),
            (2, 9, &[5], Some("write 10 or more, or 0 for no gift")),
            (3, 3, &[1, 3], None),
            (3, 0, &[1], None),
            (1, 1, &[3, 1], None),
        ] {
            let mut config = with_support();
            config.models.iter_mut().for_each(|model| model.credits = Credits(price));
            config.credits.welcome = Credits(welcome);
            config.credits.counts = counts.to_vec();
            assert_eq!(check(&config), []);
            let warned = warnings(&config).pop().map(|finding| (finding.key, finding.hint));
            let expected = hint.map(|hint| ("credits.welcome".to_owned(), hint.to_owned()));
            assert_eq!(warned, expected, "{price} {welcome} {counts:?}");
        }
    }

    #[test]
    fn a_price_beyond_all_credits_and_buttons_that_look_alike_are_warned_of() {
        let mut config = with_support();
        config.credits.welcome = Credits(0);
        config.credits.counts = vec![5, 3];
        config.models.iter_mut().for_each(|model| model.credits = Credits(400_000));
        let alike =
            Localized { ru: "⬆️ прокрути вверх ".to_owned(), en: "Up".to_owned() };
        config.presets[1].label = alike;
        assert_eq!(check(&config), []);
        let warned: Vec<String> = warnings(&config).iter().map(ToString::to_string).collect();
        let price = "models \"sora-2-image-to-video\": credits is 400000, so the smallest order costs \
                     1200000";
        assert_eq!(warned, [price, "presets \"orbit\": label.ru is that of \"scroll-up\" too"]);
    }

    #[test]
    fn a_label_is_as_long_as_telegram_counts_it() {
        let mut config = with_support();
        let faults = |config: &Config| check(config).len();
        for (label, found) in [
            ("ж".repeat(40), 0),
            ("ж".repeat(41), 1),
            ("🎬".repeat(20), 0),
            ("🎬".repeat(21), 1),
            (format!("  {}", "ж".repeat(39)), 1),
            ("\u{200b} ".to_owned(), 1),
        ] {
            config.presets[0].label.en.clone_from(&label);
            assert_eq!(faults(&config), found, "{label:?}");
        }
    }

    #[test]
    fn no_finding_shows_a_token() {
        let mut config = Config::default();
        config.telegram.token = crate::domain::secret::Secret::new("123:too short");
        let found = check(&config);
        assert_eq!(found.len(), 1);
        assert!(!format!("{found:?}").contains("too short"));
    }
}
