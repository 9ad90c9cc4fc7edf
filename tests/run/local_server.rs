//! A Bot API server of the operator's own, started with `--local`: it names files by their place on
//! its disk.

use std::{fs, path::Path};

use reelbot::testing::sandbox::PHOTO;

use crate::database::{audit, count};
use crate::servers::{Servers, TOKEN};

/// From now on getFile gives this path.
fn files_lie_at(servers: &Servers, path: &Path) {
    let path = path.to_str().unwrap().to_owned();
    servers.wire.rewrites(move |address, answer| {
        if address.ends_with("/GetFile") {
            answer["result"]["file_path"] = path.as_str().into();
        }
    });
}

#[test]
fn a_photo_is_read_from_the_servers_disk() {
    let servers = Servers::open();
    let path = servers.path("bot-api").join(TOKEN).join("photos/file_1.jpg");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, PHOTO).unwrap();
    files_lie_at(&servers, &path);
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(servers.wire.asked("file_1.jpg"), 0);
    audit(&servers.database());
}

#[test]
fn a_photo_is_fetched_from_where_the_servers_files_are_served() {
    let mut servers = Servers::open();
    let [telegram, ..] = servers.urls();
    servers.lines[0] = format!("file_url = \"{telegram}\"");
    let anna = servers.telegram.person("Анна", "ru");
    servers.wire.rewrites(|address, answer| {
        if address.ends_with("/GetFile") {
            let path = answer["result"]["file_path"].as_str().unwrap().to_owned();
            answer["result"]["file_path"] = format!("/var/lib/bot-api/{TOKEN}/{path}").into();
        }
    });
    let bot = servers.run();
    servers.orders(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_is_the_operators_to_mend_and_not_the_persons_fault() {
    let mut servers = Servers::open();
    let olga = servers.telegram.person("Ольга", "ru");
    olga.sends_text("/start");
    servers.lines[0] = format!("admins = [{}]", olga.id().0);
    files_lie_at(&servers, Path::new("/nowhere/bot-api/photos/file_1.jpg"));
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.reads(&olga, "Фото у Telegram есть, но прочитать их не получается");
    servers.reads(&anna, "Произошла ошибка");
    let log = bot.stop();
    assert!(log.contains("Telegram has a file that cannot be read here"), "{log}");
    assert!(!log.contains("/nowhere/bot-api"), "{log}");
    let all: String = anna.chat().into_iter().map(|message| message.text).collect();
    assert!(!all.contains("другое фото"), "{all}");
    let failed = "select count(*) from generation_jobs where status = 'failed'";
    assert_eq!(count(&servers.database(), failed), 1);
    audit(&servers.database());
}
