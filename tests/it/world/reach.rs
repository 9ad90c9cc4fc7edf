//! Death's reach: the ports through which the bot touches the outside, with a point
//! before and after each touch.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use reelbot::app::Components;
use reelbot::domain::failure::Failure;
use reelbot::domain::id::UserId;
use reelbot::domain::ports::Brief;
use reelbot::domain::ports::Courier;
use reelbot::domain::ports::CourierError;
use reelbot::domain::ports::DownloadError;
use reelbot::domain::ports::Parcel;
use reelbot::domain::ports::PollError;
use reelbot::domain::ports::Progress;
use reelbot::domain::ports::PromptWriter;
use reelbot::domain::ports::Receipt;
use reelbot::domain::ports::RenderRequest;
use reelbot::domain::ports::SubmitError;
use reelbot::domain::ports::VideoMaker;
use reelbot::domain::secret::Secret;
use reelbot::domain::time::Timestamp;
use reelbot::sandbox::kie::outcome::RenderOutcome;
use reelbot::sandbox::kie::stand_in::KieStandIn;
use reelbot::service::stop::Stop;

use crate::world::crash::Crash;
use crate::world::death::Death;

/// What becomes of the videos, by their number, whoever submits them however often.
pub type Fate = fn(u32) -> RenderOutcome;

/// Who decides what becomes of the video in hand.
pub struct Destiny {
    /// KIE.
    pub kie: KieStandIn,
    /// The fate of each.
    pub fate: Fate,
    /// The number of the video that the worker has in hand.
    pub in_hand: AtomicU32,
}

/// Puts death between the bot and the outside, before anybody works.
pub fn put_between(components: &mut Components, death: &Arc<Death>, destiny: &Arc<Destiny>) {
    let context = Arc::get_mut(&mut components.context).expect("nobody works yet");
    context.ports.maker = Arc::new(Maker {
        kie: Arc::clone(&context.ports.maker),
        destiny: Arc::clone(destiny),
        stop: context.stop.clone(),
        death: Arc::clone(death),
    });
    let courier = Arc::clone(&context.ports.courier);
    context.ports.courier = Arc::new(Bringer { courier, death: Arc::clone(death) });
    let prompt_worker = Arc::get_mut(&mut components.prompt_worker).expect("nobody writes yet");
    let writer = Arc::clone(&prompt_worker.writer);
    prompt_worker.writer = Arc::new(Writer { writer, death: Arc::clone(death) });
}

struct Maker {
    kie: Arc<dyn VideoMaker>,
    destiny: Arc<Destiny>,
    stop: Stop,
    death: Arc<Death>,
}

impl VideoMaker for Maker {
    fn check_model(&self, model: &str) -> Result<(), Failure> {
        self.kie.check_model(model)
    }

    fn upload(&self, key: &Secret, photo: &Path, name: &str) -> Result<String, Failure> {
        self.death.at(Crash::BeforeUpload);
        let url = self.kie.upload(key, photo, name);
        self.death.at(Crash::AfterUpload);
        if self.death.awaits(Crash::AfterUploadIsSaved) {
            // No port comes after that commit, but a step that sees the house close
            // stops there and writes nothing more, as if it were dead.
            self.stop.set();
        }
        url
    }

    fn submit(&self, key: &Secret, request: &RenderRequest<'_>) -> Result<String, SubmitError> {
        self.death.at(Crash::BeforeSubmit);
        let number = self.destiny.in_hand.load(Ordering::SeqCst);
        self.destiny.kie.next((self.destiny.fate)(number));
        let task = self.kie.submit(key, request);
        self.death.at(Crash::AfterSubmit);
        task
    }

    fn poll(&self, key: &Secret, task: &str) -> Result<Progress, PollError> {
        self.death.at(Crash::BeforePoll);
        let progress = self.kie.poll(key, task);
        self.death.at(Crash::AfterPoll);
        progress
    }

    fn download(&self, key: &Secret, url: &str, into: &Path) -> Result<(), DownloadError> {
        self.death.at(Crash::BeforeDownload);
        let downloaded = self.kie.download(key, url, into);
        self.death.at(Crash::AfterDownload);
        downloaded
    }

    fn balance(&self, key: &Secret) -> Result<f64, Failure> {
        self.kie.balance(key)
    }

    fn probe(&self, key: &Secret, model: &str) -> bool {
        self.kie.probe(key, model)
    }
}

struct Bringer {
    courier: Arc<dyn Courier>,
    death: Arc<Death>,
}

impl Courier for Bringer {
    fn ready_at(&self, user: UserId) -> Timestamp {
        self.courier.ready_at(user)
    }

    fn deliver(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError> {
        self.death.at(Crash::BeforeSend);
        let receipt = self.courier.deliver(parcel);
        self.death.at(Crash::AfterSend);
        receipt
    }
}

struct Writer {
    writer: Arc<dyn PromptWriter>,
    death: Arc<Death>,
}

impl PromptWriter for Writer {
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<String, String> {
        self.death.at(Crash::BeforeScript);
        let script = self.writer.write(brief, key);
        self.death.at(Crash::AfterScript);
        script
    }
}
