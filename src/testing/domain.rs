//! Of `domain`.

pub use crate::domain::{
    brief::{Brief, Task, Written},
    credits::Credits,
    draft::{Fallback, Scene, ScriptId, Source},
    failure::{Failure, FailureKind},
    id::{DraftId, KeyId, MessageId, OrderId, OutboxId, UserId},
    job::{Status, Step},
    key::{EnvironmentKey, KeySource, fingerprint},
    lane::Lane,
    notification::{MuteFor, Notification},
    options::{Choice, Options, Quote},
    parcel::{KeptVideo, Parcel, Receipt},
    photo::PhotoFormat,
    ports::{
        Clock, Courier, CourierError, DownloadError, FetchError, PhotoSource, PollError, Progress,
        PromptWriter, RenderRequest, SubmitError, VideoMaker, VideoSource,
    },
    preset::Localized,
    secret::{Secret, SecretFault},
    text::is_blank,
    time::Timestamp,
    user::Language,
    video::Aspect,
    zone::Zone,
};
