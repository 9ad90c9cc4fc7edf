//! What is kept for ever and what is not, and what is looked at when a run was cut off.

use std::{collections::HashSet, time::Duration};

use reelbot::testing::chat::Tap;

use crate::world::{
    World,
    checks::{count_of, reads, texts},
};

const DAY: Duration = Duration::from_hours(24);

/// Time passes, and the janitor goes round as soon as there is something to forget.
fn days_pass(world: &mut World, days: u32) {
    for _ in 0..days {
        world.passes(DAY);
        world.janitor_goes_round();
    }
}

#[test]
fn after_a_month_only_money_videos_and_what_an_order_needs_are_left() {
    let (mut world, anna) = World::with_anna(10);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.sends_photo(&anna);
    days_pass(&mut world, 35);
    for table in ["drafts", "inbox", "outbox", "anchors", "albums"] {
        assert_eq!(world.count(&format!("select count(*) from {table}")), 0, "{table}");
    }
    let kept = [("orders", 1), ("generation_jobs", 3), ("photos", 1), ("credit_entries", 3)];
    for (table, rows) in kept {
        assert_eq!(world.count(&format!("select count(*) from {table}")), rows, "{table}");
    }
    world.orders_more(&anna, 3);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 6);
}

#[test]
fn a_photo_that_came_to_nothing_is_forgotten_with_its_draft() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    days_pass(&mut world, 6);
    assert_eq!(world.count("select count(*) from photos"), 1);
    days_pass(&mut world, 3);
    assert_eq!(world.count("select count(*) from photos"), 0);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_button_of_a_script_that_is_forgotten_costs_nothing() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    days_pass(&mut world, 8);
    let before = texts(&anna).len();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), world.jobs().len()), (1, 0));
    assert_eq!(texts(&anna).len(), before + 1, "it says so: {:#?}", texts(&anna));
}

#[test]
fn a_video_that_waits_for_somebody_who_is_away_is_not_forgotten() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    anna.blocks();
    world.settles();
    days_pass(&mut world, 9);
    assert_eq!((anna.videos().len(), world.balance(&anna)), (0, 0));
    anna.unblocks();
    anna.sends_text("/start");
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0));
}

#[test]
fn an_order_and_its_draft_keep_no_copy_of_the_prompt() {
    let (mut world, anna) = World::with_anna(5);
    world.orders(&anna, 5);
    world.all_work_is_done();
    let prompts = "select (select count(*) from orders where prompt <> '')
                        + (select count(*) from scripts where prompt is not null)";
    assert_eq!(world.count(prompts), 1);
    let scenes = "select count(distinct prompt) from generation_jobs";
    assert_eq!(world.count(scenes), 4, "the first is the order's");
    let inputs: HashSet<String> =
        world.stage.kie.tasks().iter().map(|task| task.input["prompt"].to_string()).collect();
    assert_eq!(inputs.len(), 5, "{inputs:#?}");
}

#[test]
fn damage_that_a_cut_off_run_left_alerts_the_operator() {
    let mut world = World::new();
    let olga = world.person_with("Olga", "en", 1);
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    world.janitor_goes_round();
    world.settles();
    assert_eq!(count_of(&olga, "damaged"), 0);
    world.is_killed();
    world.page_is_damaged("credit_entries");
    world.starts();
    world.janitor_finds_damage();
    world.settles();
    assert!(reads(&olga, "database is damaged"), "{:#?}", texts(&olga));
    world.is_killed();
}
