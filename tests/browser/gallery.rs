//! The gallery in a browser: each screen reads as its snapshot says, and fits its window.

use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf};

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP, PHONE};
use crate::chat::PATIENCE;
use crate::process::Sandbox;

/// With this variable the snapshots are written instead of compared.
const UPDATE: &str = "UPDATE_SNAPSHOTS";

/// What each exhibit shows: its name, and of each language the text and the rows of buttons.
const READ: &str = "
    const plain = (element) => element.innerText.replaceAll('\\u00a0', ' ').trim();
    const keys = (wall) => [...wall.querySelectorAll('.keys > div')].map((row) => [...row.children].map(plain));
    const file = (wall) => wall.querySelector('video, img, .paper b');
    const wall = (wall) => ({ language: wall.lang, text: plain(wall.querySelector('.body')), keys: keys(wall),
        file: file(wall) && (file(wall).getAttribute('src') ?? plain(file(wall))) });
    return [...document.querySelectorAll('[data-testid=exhibit]')].map((exhibit) =>
        ({ room: exhibit.closest('.room').id, name: exhibit.dataset.name,
           walls: [...exhibit.querySelectorAll('.wall')].map(wall) }));";

/// What sticks out of the window, or out of its wall.
const STICKING_OUT: &str = "
    const wide = (element) => element.scrollWidth > element.clientWidth + 1;
    const out = [...document.querySelectorAll('.wall, .keys button')].filter(wide).map((element) => element.innerText);
    return document.documentElement.scrollWidth > innerWidth ? ['the page', ...out] : out;";

async fn opens(sandbox: &Sandbox, window: (u32, u32)) -> Browser {
    let url = format!("{}/gallery", sandbox.url.trim_end_matches('/'));
    let browser = Browser::open(&url, window).await;
    let ready = Locator::Css("[data-testid=rooms][data-ready]");
    browser.client.wait().at_most(PATIENCE).for_element(ready).await.unwrap();
    browser
}

/// The snapshots by the names of their files.
async fn snapshots(browser: &Browser) -> BTreeMap<String, String> {
    let exhibits = browser.evaluates(READ).await;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for exhibit in exhibits.as_array().expect("a list of exhibits") {
        let room = exhibit["room"].as_str().unwrap_or_default().replace(' ', "-");
        let text = files.entry(format!("{room}.txt")).or_default();
        let _ = writeln!(text, "# {}\n", exhibit["name"].as_str().unwrap_or_default());
        for wall in exhibit["walls"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "{}", as_text(wall));
        }
    }
    files
}

fn as_text(wall: &Value) -> String {
    let mut text = format!("## {}\n", wall["language"].as_str().unwrap_or_default());
    if let Some(file) = wall["file"].as_str() {
        let _ = writeln!(text, "({})", file.split('#').next().unwrap_or_default());
    }
    let _ = writeln!(text, "{}", wall["text"].as_str().unwrap_or_default());
    for row in wall["keys"].as_array().into_iter().flatten() {
        let keys = row.as_array().into_iter().flatten().filter_map(Value::as_str);
        let keys: Vec<String> = keys.map(|key| format!("[{key}]")).collect();
        let _ = writeln!(text, "{}", keys.join(" "));
    }
    text
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser/snapshots")
}

/// The snapshots that are kept, by the names of their files.
fn kept() -> BTreeMap<String, String> {
    let files = fs::read_dir(folder()).into_iter().flatten().map(|file| file.unwrap());
    let name = |file: &fs::DirEntry| file.file_name().into_string().unwrap();
    files.map(|file| (name(&file), fs::read_to_string(file.path()).unwrap())).collect()
}

fn write(files: &BTreeMap<String, String>) {
    let _ = fs::remove_dir_all(folder());
    fs::create_dir_all(folder()).unwrap();
    for (name, text) in files {
        fs::write(folder().join(name), text).unwrap();
    }
}

/// The first line in which two texts differ.
fn difference(kept: &str, shown: &str) -> String {
    let (mut old, mut new) = (kept.lines(), shown.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => return "only in their ends".to_owned(),
            (old, new) if old != new => {
                let line = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
                return format!("line {number}\n  kept:  {}\n  shown: {}", line(old), line(new));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_screen_reads_as_its_snapshot_says() {
    let sandbox = Sandbox::open();
    let browser = opens(&sandbox, DESKTOP).await;
    let shown = snapshots(&browser).await;
    assert!(shown.len() > 8, "{:?}", shown.keys());
    browser.is_clean().await;
    if env::var_os(UPDATE).is_some() {
        return write(&shown);
    }
    let kept = kept();
    let names: Vec<&String> = kept.keys().chain(shown.keys()).collect();
    let differs = names.into_iter().find(|name| kept.get(*name) != shown.get(*name));
    if let Some(name) = differs {
        let of = |files: &BTreeMap<String, String>| files.get(name).cloned().unwrap_or_default();
        panic!(
            "tests/browser/snapshots/{name} differs in {}\nif the screens are right, write them \
             anew: {UPDATE}=1 cargo test --test browser gallery",
            difference(&of(&kept), &of(&shown)),
        );
    }
}

#[tokio::test]
async fn nothing_sticks_out_on_a_desktop_or_a_phone() {
    let sandbox = Sandbox::open();
    for window in [PHONE, DESKTOP] {
        let browser = opens(&sandbox, window).await;
        assert_eq!(browser.evaluates(STICKING_OUT).await, json!([]), "{window:?}");
        if window == DESKTOP {
            browser.evaluates("document.getElementById('prompt').scrollIntoView()").await;
            browser.takes_picture("gallery").await;
        }
    }
}
