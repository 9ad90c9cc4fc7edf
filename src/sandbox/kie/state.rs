//! The state of the stand-in.

use std::collections::{BTreeSet, HashMap, VecDeque};

use axum::body::Bytes;

use crate::domain::time::Timestamp;
use crate::sandbox::{
    clip::{self, ClipShape},
    kie::{
        account::Accounts,
        behaviour::{Behaviour, ModelState},
        chaos::Chaos,
        file_store::FileStore,
        outcome::RenderOutcome,
        task::{Ended, Task},
    },
    seeded::random_bits,
};

/// How often the addresses of tasks were called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// createTask, refused calls included.
    pub create: u64,
    /// recordInfo, refused calls included.
    pub record: u64,
    /// Those of recordInfo that were refused because they were too many.
    pub limited: u64,
}

/// The whole state, behind one lock.
#[derive(Debug, Default)]
pub struct KieState {
    /// How it behaves.
    pub behaviour: Behaviour,
    /// Accounts and keys.
    pub accounts: Accounts,
    /// The tasks by id.
    pub tasks: HashMap<String, Task>,
    /// The ids in the order of creation.
    pub order: Vec<String>,
    /// The ids of tasks that have not ended.
    pub open: BTreeSet<String>,
    /// What happens to the next tasks.
    pub queue: VecDeque<RenderOutcome>,
    /// Random faults.
    pub chaos: Chaos,
    /// The models that do not work.
    pub model_states: HashMap<String, ModelState>,
    /// The hashes of the uploads, in their order.
    pub uploads: Vec<String>,
    /// Photos and videos.
    pub file_store: FileStore,
    /// Videos made so far, by the photo's hash and the shape.
    pub clips: HashMap<(String, ClipShape), Bytes>,
    /// How often the addresses of tasks were called.
    pub calls: CallCounts,
    /// A counter, for whatever needs a unique number.
    pub serial: u64,
}

impl KieState {
    /// 32 hexadecimal digits that are unique, also among earlier runs.
    pub fn fresh_id(&mut self, now: Timestamp) -> String {
        self.serial += 1;
        let seed = self.behaviour.seed ^ now.0.unsigned_abs();
        let (high, low) =
            (random_bits(seed, 2 * self.serial), random_bits(seed, 2 * self.serial + 1));
        format!("{high:016x}{low:016x}")
    }

    /// Ends a task when its time is over: its credits are settled and its video is stored.
    pub fn settle(&mut self, id: &str, now: Timestamp) {
        let Some(task) = self.tasks.get_mut(id).filter(|task| task.ended.is_none()) else {
            return;
        };
        let Some((at, fault)) = task.end().filter(|(at, _)| *at <= now) else { return };
        let video = task.clip.take().filter(|_| fault.is_none()).map(|clip| {
            let path = format!("/files/r/{}/{}.mp4", &task.id[16..], &task.id[..16]);
            self.file_store.store(&path, clip, at);
            self.file_store.set_label(&path, clip::label(&task.id).into());
            self.file_store.set_fault(&path, task.file_fault);
            path
        });
        task.ended = Some(Ended { at, fault, video });
        self.accounts.settle(&task.key, task.price - task.charged());
        self.open.remove(id);
    }

    /// Ends every task whose time is over.
    pub fn settle_all(&mut self, now: Timestamp) {
        let open: Vec<String> = self.open.iter().cloned().collect();
        for id in open {
            self.settle(&id, now);
        }
    }
}
