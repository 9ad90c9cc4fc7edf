//! What goes wrong around the bot. Crashes are in `crash`.

use axum::Router;
use reelbot::app::Plan;
use reelbot::sandbox::kie::outcome::RenderOutcome;
use reelbot::sandbox::serve::serve;

use crate::world::World;

impl World {
    /// Another program changes the database.
    pub fn database_changes(&self, sql: &str) {
        rusqlite::Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }

    /// The bot is killed, and starts on a machine where something is different.
    pub fn restarts_with(&mut self, change: impl Fn(&mut Plan) + 'static) {
        self.is_killed();
        self.change = Box::new(change);
        self.starts();
    }

    /// From now on this server is KIE. The bot starts anew.
    pub fn kie_becomes(&mut self, router: Router) {
        self.is_killed();
        self.kie = Some(self.runtime.block_on(serve(router, 0)).unwrap());
        self.starts();
    }
}

/// KIE refuses to create a task.
pub fn refuse(code: u16, msg: &str) -> RenderOutcome {
    RenderOutcome::Refuse { code, msg: msg.to_owned() }
}
