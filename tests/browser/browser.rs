//! A browser with the chat page open.

use std::{env, fs, path::Path};

use fantoccini::{Client, ClientBuilder, Locator, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::chat::{Chat, PATIENCE};
use crate::process::Driver;

/// With this variable the pictures in `docs` are taken anew.
const TAKE: &str = "TAKE_PICTURES";

/// The size of a desktop window, in CSS pixels.
pub(crate) const DESKTOP: (u32, u32) = (1280, 800);

/// The size of a phone's screen, in CSS pixels.
pub(crate) const PHONE: (u32, u32) = (390, 844);

/// Chromium's flags, beside its folder: above all, no requests to the outside.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
];

/// A browser. It closes when it goes.
pub(crate) struct Browser {
    /// The window.
    pub client: Client,
    driver: Driver,
}

impl Browser {
    /// Opens a page in a window whose inner size is this.
    pub(crate) async fn open(url: &str, (width, height): (u32, u32)) -> Self {
        let driver = Driver::start();
        let mut flags = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!("--user-data-dir={}", driver.folder.path().join("profile").display()));
        let ratio = if env::var_os(TAKE).is_some() { 2 } else { 1 };
        let metrics = json!({"width": width, "height": height, "pixelRatio": ratio});
        let wanted = json!({
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {
                "args": flags,
                "mobileEmulation": {"deviceMetrics": metrics},
            },
        });
        let wanted: Capabilities = wanted.as_object().expect("an object").clone();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wanted).connect(&driver.url()).await.unwrap();
        client.goto(url).await.unwrap();
        Self { client, driver }
    }

    /// One person's column.
    pub(crate) fn chat<'a>(&'a self, name: &'a str) -> Chat<'a> {
        Chat { browser: self, name }
    }

    /// Waits for a text in the status line above the chats.
    pub(crate) async fn has_status(&self, text: &str) {
        let path = format!("//*[@data-testid='status'][contains(., '{text}')]");
        self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await.unwrap();
    }

    /// Presses a button of the page itself.
    pub(crate) async fn clicks(&self, testid: &str) {
        let path = format!("//*[@data-testid='{testid}']");
        let button = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        button.unwrap().click().await.unwrap();
    }

    /// What a script in the page returns.
    pub(crate) async fn evaluates(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Whether pictures are asked for.
    pub(crate) fn takes_pictures() -> bool {
        env::var_os(TAKE).is_some()
    }

    /// Takes a picture of the window for `docs`, where that is asked for.
    pub(crate) async fn takes_picture(&self, name: &str) {
        if !Self::takes_pictures() {
            return;
        }
        let picture = self.client.screenshot().await.unwrap();
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        fs::write(docs.join(format!("{name}.png")), picture).unwrap();
    }

    /// The page has logged nothing to the console and fetched nothing from elsewhere.
    pub(crate) async fn is_clean(&self) {
        assert_eq!(self.log().await, json!([]), "the browser's console");
        let hosts = self
            .evaluates(
                "const entries = performance.getEntries().filter((entry) => /:\\/\\//.test(entry.name));
                 return [...new Set(entries.map((entry) => new URL(entry.name).hostname))]",
            )
            .await;
        assert_eq!(hosts, json!(["127.0.0.1"]), "where the page's requests went");
    }

    /// The browser's console. The call is Chromium's own, so no client has it.
    async fn log(&self) -> Value {
        let session = self.client.session_id().await.unwrap().expect("the session is open");
        let url = format!("{}/session/{session}/se/log", self.driver.url());
        let answer = reqwest::Client::new().post(url).json(&json!({"type": "browser"}));
        let log: Value = answer.send().await.unwrap().json().await.unwrap();
        log["value"].clone()
    }
}
