//! How long a video takes: the way through the queue, and its render.

use std::{collections::BTreeSet, time::Duration};

use crate::domain::{id::OrderId, time::Timestamp};
use crate::store::{error::StoreError, jobs, keys, models, submit_queue, tx::View};

/// How many renders there must have been: fewer say nothing.
const ENOUGH: usize = 5;

/// How old a render may be that still says something.
const RECENT: Duration = Duration::from_hours(24);

/// By the renders of this time the pace of the queue is judged.
const PACE: Duration = Duration::from_mins(10);

/// How the queue moves.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flow {
    /// The median render of the model that will make what waits; `None` where too little is known.
    pub render: Option<Duration>,
    /// How many tasks can be under way at once, by the accounts that are of use.
    places: u32,
    /// How many of these are free.
    free: u32,
    /// Where none is free, how many of that model's renders have ended in the last ten minutes.
    passed: u32,
}

impl Flow {
    /// How the queue moves now, for the first of the models that is up, with so many tasks in flight for
    /// each account.
    pub(crate) fn read<'a>(
        view: &View<'_>,
        now: Timestamp,
        preferred: impl Iterator<Item = &'a str>,
        in_flight: u32,
    ) -> Result<Self, StoreError> {
        let usable = keys::list(view)?.into_iter().filter(|key| key.is_on(now));
        let accounts: BTreeSet<String> = usable.map(|key| key.account).collect();
        let accounts = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
        let places = in_flight.saturating_mul(accounts);
        let taken: u32 = submit_queue::in_flight(view)?.iter().map(|(_, tasks)| tasks).sum();
        let free = places.saturating_sub(taken);
        let Some(model) = models::first_up(view, preferred)? else {
            return Ok(Self { render: None, places, free, passed: 0 });
        };
        let render = median_render(view, model, now)?;
        // With places free, renders were as few as the orders.
        let passed = if free == 0 { rendered_since(view, model, now - PACE)? } else { 0 };
        Ok(Self { render, places, free, passed })
    }

    /// Whether the first video behind so many has to wait until others are made.
    pub(crate) fn is_full_for(&self, ahead: u32) -> bool {
        ahead >= self.free
    }

    /// How long the last of the next so many videos takes: until those have gone off that find no free
    /// place, as fast as renders ended lately or as the places allow, and its own render.
    pub(crate) fn wait_for(&self, videos: u32) -> Option<Duration> {
        let render = self.render?;
        let waiting = videos.saturating_sub(self.free);
        if waiting == 0 {
            return Some(render);
        }
        let by_renders = (self.passed > 0).then(|| PACE / self.passed);
        let by_places = (self.places > 0).then(|| render / self.places);
        let each = [by_renders, by_places].into_iter().flatten().min()?;
        Some(render + each * waiting)
    }
}

/// The median of a model's last renders.
pub(crate) fn median_render(
    view: &View<'_>,
    model: &str,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let renders = jobs::last_renders(view, model, now - RECENT, 21)?;
    Ok(renders.get(renders.len() / 2).filter(|_| renders.len() >= ENOUGH).copied())
}

/// How many videos wait to be submitted that were ordered before. Those that are held are in nobody's way.
pub(crate) fn videos_ahead(view: &View<'_>, order: OrderId) -> Result<u32, StoreError> {
    let sql = "select count(*) from generation_jobs
               where status = 'queued' and order_id < ? and held_since is null";
    view.one(sql, [order], |row| row.get(0))
}

fn rendered_since(view: &View<'_>, model: &str, since: Timestamp) -> Result<u32, StoreError> {
    let sql = "select count(*) from generation_jobs where model = ? and rendered_at > ?";
    view.one(sql, (model, since), |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENDER: Duration = Duration::from_mins(5);

    fn minutes(places: u32, free: u32, passed: u32, videos: u32) -> Option<u64> {
        let flow = Flow { render: Some(RENDER), places, free, passed };
        flow.wait_for(videos).map(|wait| wait.as_secs() / 60)
    }

    #[test]
    fn what_finds_a_free_place_waits_for_its_render_alone() {
        assert_eq!(minutes(100, 100, 0, 3), Some(5));
        assert_eq!(minutes(100, 3, 1, 3), Some(5));
        assert_eq!(Flow { free: 9, ..Flow::default() }.wait_for(3), None, "too little is known");
    }

    #[test]
    fn the_queue_moves_as_fast_as_it_did_or_as_its_places_allow() {
        assert_eq!(minutes(300, 0, 0, 600), Some(15), "nothing has ended yet");
        assert_eq!(minutes(300, 0, 600, 600), Some(15));
        assert_eq!(minutes(300, 0, 1200, 600), Some(10), "renders were faster");
        assert_eq!(minutes(300, 299, 0, 301), Some(5), "a rush after a quiet hour");
        assert_eq!(minutes(0, 0, 0, 1), None, "no key is of use");
    }
}
