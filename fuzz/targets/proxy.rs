//! The address of a proxy: what the config takes, the clients take, and it is shown without a password.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{config::Proxy, provider::client_proxy};

const URL: &str = "https://api.example";

reelbot_fuzz::fuzz_target!(|text: &str| {
    let proxy = Proxy::parse(text);
    let Proxy::Fixed(address) = &proxy else {
        assert!(client_proxy(&proxy, URL).is_none());
        return;
    };
    let client = client_proxy(&proxy, URL).expect("the client takes it");
    let (shown, password) = (address.to_string(), client.password().unwrap_or_default());
    assert!(password.len() < 8 || !shown.contains(password), "{shown}");
});
