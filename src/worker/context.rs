//! What workers work with.

use std::sync::Arc;
use std::time::Duration;

use crate::actions::rules::Rules;
use crate::config::settings::Config;
use crate::domain::id::KeyId;
use crate::domain::key::LiveKey;
use crate::domain::outage::Outage;
use crate::domain::ports::Courier;
use crate::domain::ports::PhotoSource;
use crate::domain::ports::VideoMaker;
use crate::domain::video::Aspect;
use crate::store::db::Db;
use crate::store::error::StoreError;
use crate::store::scratch::Scratch;
use crate::worker::keyring::Keyring;
use crate::worker::step_limits::StepLimits;
use crate::worker::stop::Stop;

/// What every worker works with.
pub struct WorkerContext {
    /// The database.
    pub db: Arc<Db>,
    /// KIE.
    pub maker: Arc<dyn VideoMaker>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// Who brings the videos.
    pub courier: Arc<dyn Courier>,
    /// The keys.
    pub keyring: Arc<Keyring>,
    /// The operator's numbers.
    pub rules: Arc<Rules>,
    /// The shape of the videos.
    pub aspect: Aspect,
    /// Their length in seconds.
    pub seconds: u32,
    /// For photos and videos on their way.
    pub scratch: Scratch,
    /// How long an idle thread waits at most.
    pub idle_wait: Duration,
    /// The sign that the house closes.
    pub stop: Stop,
    /// How many may do the same kind of step.
    pub limits: Arc<StepLimits>,
    /// Steps that fail for a while, and what the log says of them.
    pub failing: Failing,
}

/// What may fail for a while without anybody's job failing.
#[derive(Debug, Default)]
pub struct Failing {
    /// Calls of KIE.
    pub kie: Outage,
    /// Submissions, for faults of this machine.
    pub submissions: Outage,
    /// Deliveries, for whatever fault.
    pub deliveries: Outage,
}

/// The doors that context reach through.
pub struct Ports {
    /// KIE.
    pub maker: Arc<dyn VideoMaker>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// Who brings the videos.
    pub courier: Arc<dyn Courier>,
}

impl WorkerContext {
    /// WorkerContext for a config.
    pub fn new(
        db: Arc<Db>,
        config: &Config,
        keyring: Arc<Keyring>,
        ports: Ports,
        scratch: Scratch,
        stop: Stop,
    ) -> Self {
        Self {
            db,
            maker: ports.maker,
            photos: ports.photos,
            courier: ports.courier,
            keyring,
            rules: Arc::new(Rules::new(config)),
            aspect: config.kie.aspect_ratio,
            seconds: config.kie.seconds,
            scratch,
            idle_wait: config.workers.idle_wait,
            stop,
            limits: Arc::new(StepLimits::new(config.workers.count)),
            failing: Failing::default(),
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
