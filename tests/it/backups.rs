//! Backups: made by themselves, kept for a while, restored in the middle of the work.

use std::{fs, path::Path, time::Duration};

use reelbot::testing::{
    sandbox::Person,
    store::{BackupFolder, Before, Candidate, RunLock, Source, verify},
};

use crate::world::{World, checks::count_of};

const DAY: Duration = Duration::from_hours(24);

fn folder(world: &World) -> BackupFolder {
    BackupFolder::new(&world.database(), Path::new(""))
}

fn files(world: &World) -> Vec<String> {
    let backups = folder(world).own().unwrap();
    backups.into_iter().map(|backup| backup.manifest.file).collect()
}

/// A world with an admin who reads English, and other settings for backups.
fn with_olga(settings: &str) -> (World, Person) {
    let settings = toml::from_str(settings).unwrap();
    let mut world = World::with(|config| config.backup = settings);
    let olga = world.person_with("Olga", "en", 0);
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    (world, olga)
}

fn alerts(world: &mut World, olga: &Person) -> usize {
    world.settles();
    count_of(olga, "reelbot backup list")
}

#[test]
fn one_is_made_each_day_and_days_and_weeks_are_kept() {
    let (mut world, anna) = World::with_anna(5);
    world.backups_are_made();
    assert_eq!(files(&world).len(), 1, "a new bot has one at once");
    world.backups_are_made();
    assert_eq!(files(&world).len(), 1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    for _ in 0..40 {
        world.passes(DAY);
        world.backups_are_made();
        world.backups_are_made();
    }
    let backups = folder(&world).own().unwrap();
    // The last of this week and of the one before are among the last seven days.
    assert!((9..=10).contains(&backups.len()), "{:#?}", files(&world));
    for backup in &backups {
        let found = verify(&backup.path, world.now()).unwrap();
        assert_eq!((found.contents.orders, found.findings.len()), (1, 0));
    }
    let newest = backups.last().unwrap().manifest.made_at;
    assert!(world.now().since(newest) < DAY);
}

#[test]
fn a_restore_goes_on_from_where_the_backup_was_made() {
    let (mut world, anna) = World::with_anna(6);
    world.orders(&anna, 3);
    world.passes(Duration::from_mins(1));
    world.backups_are_made();
    let backup = folder(&world).own().unwrap().pop().unwrap();
    world.is_killed();
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", world.database().display()));
    }
    let now = backup.manifest.made_at;
    let lock = RunLock::take(&world.database(), now).unwrap();
    let beside = world.database().parent().unwrap().to_owned();
    let candidate = Candidate::fetch(&Source::open(&backup.path).unwrap(), &beside, now).unwrap();
    assert_eq!(candidate.inspected.contents.videos, 3);
    assert_eq!(candidate.put(&folder(&world), &lock, now).unwrap(), Before::Nothing);
    drop(lock);
    world.starts();
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
    assert_eq!((world.stage.kie.tasks().len(), world.balance(&anna)), (3, 3));
    world.adds_up();
}

#[test]
fn a_backup_that_fails_alerts_once_an_hour_until_one_is_made() {
    let (mut world, olga) = with_olga("");
    fs::write(folder(&world).path(), "in the way").unwrap();
    world.backups_are_made();
    world.backups_are_made();
    assert_eq!(alerts(&mut world, &olga), 1);
    for _ in 0..6 {
        world.passes(Duration::from_mins(11));
        world.backups_are_made();
    }
    assert_eq!(alerts(&mut world, &olga), 2);
    fs::remove_file(folder(&world).path()).unwrap();
    world.passes(Duration::from_mins(61));
    world.backups_are_made();
    assert_eq!((alerts(&mut world, &olga), files(&world).len()), (2, 1));
}

#[test]
fn the_command_after_a_backup_is_told_its_file_and_tried_again() {
    let (mut world, olga) =
        with_olga("after = [\"sh\", \"-c\", \"test -e {file}.ready && cp {file} {file}.there\"]");
    world.backups_are_made();
    world.backups_are_made();
    assert_eq!(alerts(&mut world, &olga), 1);
    let backup = folder(&world).own().unwrap().pop().unwrap().path;
    let [ready, there] = [".ready", ".there"].map(|end| format!("{}{end}", backup.display()));
    fs::write(ready, "").unwrap();
    world.passes(Duration::from_mins(61));
    world.backups_are_made();
    assert!(Path::new(&there).exists());
    fs::remove_file(&there).unwrap();
    world.passes(Duration::from_mins(61));
    world.backups_are_made();
    assert!(!Path::new(&there).exists(), "once for each backup");
    assert_eq!(alerts(&mut world, &olga), 1);
}

#[test]
fn the_newest_is_tried_out_each_week_and_one_of_no_use_alerts() {
    let (mut world, olga) = with_olga("");
    world.backups_are_made();
    world.backups_are_made();
    assert_eq!(alerts(&mut world, &olga), 0);
    world.passes(DAY * 8);
    world.backups_are_made();
    let newest = folder(&world).own().unwrap().pop().unwrap().path;
    fs::write(&newest, "half").unwrap();
    world.backups_are_made();
    assert_eq!(alerts(&mut world, &olga), 1, "a backup that cannot be restored");
}

#[test]
fn an_operator_may_want_none() {
    let (world, _) = with_olga("at = \"\"");
    world.backups_are_made();
    assert!(!folder(&world).path().exists());
}

#[test]
fn what_is_not_of_the_bots_making_stays_where_backups_are() {
    let (mut world, _) = World::with_anna(1);
    world.backups_are_made();
    let others = ["photos.party-2025", "film.mkv.part", ".list.partners.txt", ".part"];
    let paths = others.map(|name| folder(&world).path().join(name));
    let left = folder(&world).path().join(".reelbot-x.part");
    for path in paths.iter().chain([&left]) {
        let file = fs::File::create(path).unwrap();
        let years_ago = std::time::SystemTime::now() - DAY * 900;
        file.set_modified(years_ago).unwrap();
    }
    world.passes(DAY);
    world.backups_are_made();
    assert!(paths.iter().all(|path| path.exists()) && !left.exists());
}

#[test]
fn neither_one_made_by_hand_nor_one_of_a_clock_that_ran_ahead_is_the_days() {
    let (mut world, _) = World::with_anna(1);
    world.backups_are_made();
    let first = folder(&world).own().unwrap().pop().unwrap();
    let manifest = first.path.with_extension("json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"made_at\": \"20", "\"made_at\": \"21")).unwrap();
    world.backups_are_made();
    assert_eq!(files(&world).len(), 2);
    world.passes(DAY);
    let by_hand = files(&world)[0].replace("daily", "manual");
    let place = folder(&world).path().join(&by_hand);
    let text =
        fs::read_to_string(folder(&world).path().join(&files(&world)[0]).with_extension("json"));
    fs::copy(folder(&world).path().join(&files(&world)[0]), &place).unwrap();
    let today = world.now().to_string();
    let text = text.unwrap().replace("daily", "manual");
    let day = text.split("\"made_at\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    fs::write(place.with_extension("json"), text.replace(&day, &today)).unwrap();
    world.backups_are_made();
    assert_eq!(files(&world).len(), 4, "{:?}", files(&world));
}

#[test]
fn the_backups_of_a_data_folder_that_was_moved_are_still_its_own() {
    let (world, _) = World::with_anna(1);
    world.backups_are_made();
    let moved = tempfile::tempdir().unwrap();
    let backups = folder(&world).path().to_owned();
    fs::create_dir(moved.path().join("backups")).unwrap();
    for file in fs::read_dir(backups).unwrap().flatten() {
        fs::copy(file.path(), moved.path().join("backups").join(file.file_name())).unwrap();
    }
    let there = BackupFolder::new(&moved.path().join("reelbot.db"), Path::new(""));
    assert_eq!(there.own().unwrap().len(), 1);
    let elsewhere =
        BackupFolder::new(&moved.path().join("other.db"), &moved.path().join("backups"));
    assert_eq!((elsewhere.own().unwrap().len(), elsewhere.list().unwrap().len()), (0, 1));
}
