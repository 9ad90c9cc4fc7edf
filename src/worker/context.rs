//! What the workers share.

use std::sync::Arc;

use crate::chat::settings::{LiveSettings, Settings};
use crate::domain::{
    id::KeyId,
    key::LiveKey,
    ports::{Courier, PhotoSource, VideoMaker, VideoSource},
};
use crate::service::{notify::Channel, outage::Outage, stop::Stop};
use crate::store::{db::Db, error::StoreError, jobs, scratch::Scratch};
use crate::worker::{keyring::Keyring, step_limits::StepLimits};

/// What every worker uses.
pub struct WorkerContext {
    /// The database.
    pub db: Arc<Db>,
    /// The services outside.
    pub ports: Ports,
    /// The keys.
    pub keyring: Arc<Keyring>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// For photos and videos on their way.
    pub scratch: Scratch,
    /// The signal that the bot shuts down.
    pub stop: Stop,
    /// How many workers may do the same kind of step.
    pub limits: Arc<StepLimits>,
    /// Logs of what fails for a while.
    pub outages: Outages,
}

/// What may fail for a while without a job failing.
#[derive(Debug)]
pub struct Outages {
    /// Calls of KIE.
    pub kie: Outage,
    /// Submissions, for faults of this machine.
    pub submissions: Outage,
    /// Deliveries, for whatever fault.
    pub deliveries: Outage,
}

impl Default for Outages {
    fn default() -> Self {
        Self {
            kie: Outage::new("KIE cannot be used", "KIE can be used again").hint(
                "check the network, kie.api_url and kie.proxy; the orders wait, and go on by themselves or \
                 are refunded",
            ),
            submissions: Outage::new("orders cannot be sent off", "orders are sent off again")
                .hint("see to the disk of the database; the orders keep their place")
                .error(),
            deliveries: Outage::new("videos cannot be delivered", "videos are delivered again")
                .hint("they are kept for a day, and tried again every 10 minutes or sooner"),
        }
    }
}

/// The services outside that the workers use.
pub struct Ports {
    /// KIE.
    pub maker: Arc<dyn VideoMaker>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// Where videos come from that were delivered.
    pub videos: Arc<dyn VideoSource>,
    /// What delivers the videos.
    pub courier: Arc<dyn Courier>,
}

impl WorkerContext {
    /// A context for so many workers.
    pub fn new(
        db: Arc<Db>,
        settings: Arc<LiveSettings>,
        workers: usize,
        keyring: Arc<Keyring>,
        ports: Ports,
        scratch: Scratch,
        stop: Stop,
    ) -> Self {
        Self {
            db,
            ports,
            keyring,
            settings,
            scratch,
            stop,
            limits: Arc::new(StepLimits::new(workers)),
            outages: Outages::default(),
        }
    }

    /// The settings in force: to be taken once for each action.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    /// Puts other settings in force. What was held for want of a model may go on with them.
    pub fn put_settings(&self, settings: Settings) -> Result<(), StoreError> {
        self.settings.store(Arc::new(settings));
        self.db.notifiers.get(Channel::Settings).notify_all();
        self.db.write(jobs::wake_held)
    }

    /// No task was asked for with the key of a submission after all. A database that does not
    /// answer costs no more than a creation counted in vain.
    pub fn uncount_creation(&self, key: Option<KeyId>) {
        if let Some(key) = key {
            let _ = self.db.read(|view| self.keyring.uncount_creation(view, key));
        }
    }

    /// The key with that id, if its secret is known.
    pub fn key(&self, id: Option<KeyId>) -> Result<Option<LiveKey>, StoreError> {
        match id {
            Some(id) => self.db.read(|view| self.keyring.key(view, id)),
            None => Ok(None),
        }
    }
}
