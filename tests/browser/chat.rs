//! What a person does and sees in their column of the page.

use std::time::Duration;

use fantoccini::{Locator, elements::Element};
use serde_json::Value;

use crate::browser::Browser;

/// How long anything may take, on a machine that is busy with builds.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// Plays a video and returns its state, once its time has moved.
const PLAY: &str = "
    const [video, done] = arguments;
    const report = () => done({ ready: video.readyState, width: video.videoWidth,
        duration: video.duration, time: video.currentTime });
    video.addEventListener('timeupdate', () => { if (video.currentTime > 0) report(); });
    video.muted = true;
    video.play().catch((error) => done({ failed: String(error) }));";

/// One person's column.
#[derive(Clone, Copy)]
pub(crate) struct Chat<'a> {
    pub browser: &'a Browser,
    pub name: &'a str,
}

impl Chat<'_> {
    async fn find(&self, path: &str) -> Element {
        let path = self.path(path);
        let wait = self.browser.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::XPath(&path)).await;
        found.unwrap_or_else(|error| panic!("{path} is not there: {error}"))
    }

    async fn count(&self, path: &str) -> usize {
        let path = self.path(path);
        self.browser.client.find_all(Locator::XPath(&path)).await.unwrap().len()
    }

    fn path(&self, path: &str) -> String {
        path.replace("//", &format!("//section[@data-name='{}']//", self.name))
    }

    /// Presses a button of the page.
    pub(crate) async fn clicks(&self, testid: &str) {
        let button = format!("(//*[@data-testid='{testid}' and not(@hidden)])[1]");
        self.find(&button).await.click().await.unwrap();
    }

    /// Taps the newest key with this label.
    pub(crate) async fn taps(&self, label: &str) {
        self.find(&format!("({})[last()]", key(label))).await.click().await.unwrap();
    }

    /// Writes and sends a message.
    pub(crate) async fn types(&self, text: &str) {
        self.find("//*[@data-testid='text']").await.send_keys(text).await.unwrap();
        self.clicks("send").await;
    }

    /// Picks files of this machine, a path a line.
    pub(crate) async fn picks(&self, paths: &str) {
        self.find("//*[@data-testid='file']").await.send_keys(paths).await.unwrap();
    }

    /// Picks files and sends them.
    pub(crate) async fn sends_file(&self, paths: &str) {
        self.picks(paths).await;
        self.has_shown("tray").await;
        self.clicks("send").await;
    }

    /// Writes the caption of a picked file; the first is 1.
    pub(crate) async fn writes_caption(&self, number: usize, text: &str) {
        let line = format!("(//*[@data-testid='caption'])[{number}]");
        self.find(&line).await.send_keys(text).await.unwrap();
    }

    /// Does something to the newest message that says this, which shows how when the pointer is there.
    pub(crate) async fn acts_on(&self, text: &str, act: &str) {
        let message = format!("//*[@data-testid='message'][{}]", reads(text));
        let button = format!("({message}/descendant::*[@data-testid='{act}'])[last()]");
        let button = self.find(&button).await;
        let button = vec![serde_json::to_value(button).unwrap()];
        self.browser.client.execute("arguments[0].click()", button).await.unwrap();
    }

    /// Waits for a part of the page to be shown.
    async fn has_shown(&self, testid: &str) {
        self.find(&format!("//*[@data-testid='{testid}' and not(@hidden)]")).await;
    }

    /// Waits for a text among the messages.
    pub(crate) async fn sees(&self, text: &str) {
        self.find(&format!("//*[@data-testid='message'][{}]", reads(text))).await;
    }

    /// Waits for a notice of the page's own.
    pub(crate) async fn has_toast(&self, text: &str) {
        self.find(&format!("//*[@data-testid='toast'][{}]", reads(text))).await;
    }

    /// Waits for a part of the page.
    pub(crate) async fn has(&self, testid: &str) {
        self.find(&format!("//*[@data-testid='{testid}']")).await;
    }

    /// Waits for a key with this label.
    pub(crate) async fn has_key(&self, label: &str) {
        self.has_keys(label, 1).await;
    }

    /// Waits for so many keys with this label.
    pub(crate) async fn has_keys(&self, label: &str, count: usize) {
        self.find(&format!("({})[{count}]", key(label))).await;
    }

    /// How many keys have this label now.
    pub(crate) async fn keys(&self, label: &str) -> usize {
        self.count(&key(label)).await
    }

    /// How many messages there are now.
    pub(crate) async fn messages(&self) -> usize {
        self.count("//*[@data-testid='message']").await
    }

    /// All text in the column now.
    pub(crate) async fn text(&self) -> String {
        self.find("//*[@role='log']").await.text().await.unwrap()
    }

    /// Plays a video as soon as it has come; the first is 1.
    pub(crate) async fn plays(&self, number: usize) -> Value {
        let video = self.find(&format!("(//video)[{number}]")).await;
        let video = serde_json::to_value(video).unwrap();
        self.browser.client.execute_async(PLAY, vec![video]).await.unwrap()
    }
}

fn key(label: &str) -> String {
    format!("//*[@data-testid='key'][{}]", reads(label))
}

/// That a text is there, as a person reads it, who cannot tell a no-break space from another.
fn reads(text: &str) -> String {
    format!("contains(translate(., '\u{a0}', ' '), '{text}')")
}
