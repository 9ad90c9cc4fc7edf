//! Of `sandbox`.

pub use crate::sandbox::{
    demo::PHOTO,
    gpt::GptStandIn,
    gpt_reply::GptReply,
    kie::{
        behaviour::{Behaviour, Blanks, ModelState},
        corpus::FailureText,
        outcome::{FileFault, RecordFault, RenderOutcome},
        stand_in::KieStandIn,
        task::{TaskSeen, TaskState},
    },
    seeded::random_bits,
    serve::{Server, serve},
    stage::Stage,
    telegram::{
        calls::ApiCall,
        fault::{Fault, PlannedFault},
        message::{MediaKind, StoredMessage},
        person::Person,
        shown::ShownMessage,
        stand_in::TelegramStandIn,
    },
};
