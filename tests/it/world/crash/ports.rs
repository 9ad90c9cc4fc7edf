//! The ports through which the bot reaches the outside, with a crash point before and
//! after each call.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use reelbot::testing::{
    app::Components,
    domain::{
        Brief, Courier, CourierError, DownloadError, Failure, KeptVideo, Parcel, PollError,
        Progress, PromptWriter, Receipt, RenderRequest, Secret, SubmitError, Timestamp, UserId,
        VideoMaker, Written,
    },
    sandbox::{KieStandIn, RenderOutcome},
    service::Stop,
};

use crate::world::crash::{injector::Injector, point::Crash};

/// The outcome of each video, by its number, however often it is submitted.
pub(crate) type Outcomes = fn(u32) -> RenderOutcome;

/// Tells KIE's stand-in the outcome of the video that is submitted.
pub(crate) struct PlannedRenders {
    /// KIE.
    pub kie: KieStandIn,
    /// The outcome of each.
    pub outcomes: Outcomes,
    /// The number of the video whose step the worker has claimed.
    pub claimed: AtomicU32,
}

/// Wraps the bot's ports, before its threads begin.
pub(crate) fn wrap(
    components: &mut Components,
    injector: &Arc<Injector>,
    renders: &Arc<PlannedRenders>,
) {
    let context = Arc::get_mut(&mut components.context).expect("no thread works yet");
    context.ports.maker = Arc::new(CrashingMaker {
        maker: Arc::clone(&context.ports.maker),
        renders: Arc::clone(renders),
        stop: context.stop.clone(),
        injector: Arc::clone(injector),
    });
    let courier = Arc::clone(&context.ports.courier);
    context.ports.courier = Arc::new(CrashingCourier { courier, injector: Arc::clone(injector) });
    let prompt_worker = Arc::get_mut(&mut components.prompt_worker).expect("no thread writes yet");
    let writer = Arc::clone(&prompt_worker.writer);
    prompt_worker.writer = Arc::new(CrashingWriter { writer, injector: Arc::clone(injector) });
}

struct CrashingMaker {
    maker: Arc<dyn VideoMaker>,
    renders: Arc<PlannedRenders>,
    stop: Stop,
    injector: Arc<Injector>,
}

impl VideoMaker for CrashingMaker {
    fn upload(&self, key: &Secret, photo: &Path, name: &str) -> Result<String, Failure> {
        self.injector.thread_at(Crash::BeforeUpload);
        let url = self.maker.upload(key, photo, name);
        self.injector.thread_at(Crash::AfterUpload);
        if self.injector.is_armed_at(Crash::AfterUploadIsSaved) {
            // No port is called after that commit, but a step that sees the bot close
            // stops there and writes nothing more, as if it had crashed.
            self.stop.set();
        }
        url
    }

    fn submit(&self, key: &Secret, request: &RenderRequest<'_>) -> Result<String, SubmitError> {
        self.injector.thread_at(Crash::BeforeSubmit);
        let number = self.renders.claimed.load(Ordering::SeqCst);
        self.renders.kie.next((self.renders.outcomes)(number));
        let task = self.maker.submit(key, request);
        self.injector.thread_at(Crash::AfterSubmit);
        task
    }

    fn poll(&self, key: &Secret, task: &str) -> Result<Progress, PollError> {
        self.injector.thread_at(Crash::BeforePoll);
        let progress = self.maker.poll(key, task);
        self.injector.thread_at(Crash::AfterPoll);
        progress
    }

    fn download(
        &self,
        key: &Secret,
        url: &str,
        most: u64,
        into: &Path,
    ) -> Result<(), DownloadError> {
        self.injector.thread_at(Crash::BeforeDownload);
        let downloaded = self.maker.download(key, url, most, into);
        self.injector.thread_at(Crash::AfterDownload);
        downloaded
    }

    fn balance(&self, key: &Secret) -> Result<f64, Failure> {
        self.maker.balance(key)
    }

    fn probe(&self, key: &Secret, model: &str) -> bool {
        self.maker.probe(key, model)
    }
}

struct CrashingCourier {
    courier: Arc<dyn Courier>,
    injector: Arc<Injector>,
}

impl Courier for CrashingCourier {
    fn max_bytes(&self) -> u64 {
        self.courier.max_bytes()
    }

    fn ready_at(&self, user: UserId) -> Timestamp {
        self.courier.ready_at(user)
    }

    fn deliver(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError> {
        self.injector.thread_at(Crash::BeforeSend);
        let receipt = self.courier.deliver(parcel);
        self.injector.thread_at(Crash::AfterSend);
        receipt
    }

    fn send_again(&self, kept: &KeptVideo<'_>) -> Result<Receipt, CourierError> {
        self.courier.send_again(kept)
    }

    fn send_file(
        &self,
        user: UserId,
        file: &Path,
        name: &str,
        caption: &str,
    ) -> Result<(), CourierError> {
        self.courier.send_file(user, file, name, caption)
    }
}

struct CrashingWriter {
    writer: Arc<dyn PromptWriter>,
    injector: Arc<Injector>,
}

impl PromptWriter for CrashingWriter {
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<Written, String> {
        self.injector.thread_at(Crash::BeforeScript);
        let script = self.writer.write(brief, key);
        self.injector.thread_at(Crash::AfterScript);
        script
    }
}
