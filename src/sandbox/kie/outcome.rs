//! What a test can make happen to a task.

use crate::sandbox::kie::corpus::FailureText;

/// What happens to the next task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderOutcome {
    /// It succeeds.
    Succeed,
    /// createTask refuses: no task, no charge.
    Refuse {
        /// The code in the body.
        code: u16,
        /// The text.
        msg: String,
    },
    /// The task fails after its render time.
    Fail(FailureText),
    /// It stays `waiting`.
    Stuck,
    /// It succeeds later than usual, by this much on the stand-in's clock.
    LateBy {
        /// Milliseconds.
        millis: u64,
    },
    /// The task is created and the connection dropped.
    DropAfterAccept,
    /// The connection is dropped and no task created.
    DropBefore,
    /// The task is created and the answer comes after a delay in real time.
    AnswerAfter {
        /// Milliseconds.
        millis: u64,
    },
    /// A gateway's HTML page with status 502, and no task.
    HtmlBefore,
    /// The same page, but the task was created.
    HtmlAfter,
    /// The task is created and the answer ends in the middle of its JSON.
    BrokenAfter,
    /// The first polls answer `recordInfo is null`.
    NullPolls {
        /// How many.
        polls: u32,
    },
    /// The first polls of the running task answer truncated JSON.
    BrokenPolls {
        /// How many.
        polls: u32,
    },
    /// The first polls of the running task answer this code: 429, 455, 500, …
    CodePolls {
        /// The code in the body.
        code: u16,
        /// How many.
        polls: u32,
    },
    /// The task succeeds, and its first polls after that name no video yet.
    NoAddressPolls {
        /// How many.
        polls: u32,
    },
    /// The task succeeds, and its file is served with a fault.
    File {
        /// Which.
        fault: FileFault,
        /// How many downloads have the fault before the file is served well.
        times: u32,
    },
}

/// What is wrong with a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It takes about two seconds of real time.
    Slow,
    /// Half of it is sent, then nothing for `Behaviour::stall`, then the connection ends.
    Stalling,
    /// Half of what Content-Length says is sent, then the connection ends.
    Truncated,
    /// 404.
    NotFound,
    /// An HTML page with status 200.
    Html,
    /// KIE's refusal as JSON, with status 200.
    Json,
    /// Nothing, with status 200.
    Empty,
    /// Half of it is sent, with no word of how long it is, and then the answer ends.
    CutOff,
    /// All of it is sent, as a part with status 206.
    AllAsPart,
    /// A `WebM` is sent instead.
    WebM,
    /// A `QuickTime` film is sent instead.
    QuickTime,
    /// A picture is sent instead.
    Picture,
}

/// What a single poll answers instead of the state of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// `recordInfo is null`.
    Null,
    /// Truncated JSON.
    Broken,
    /// This code.
    Code(u16),
    /// A success without a result; as long as the task runs it waits.
    NoAddress,
    /// A gateway's HTML page.
    Html,
    /// Nothing: the connection ends.
    Dropped,
}

/// What goes wrong with an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadFault {
    /// Code 500, and nothing is kept.
    Refused,
    /// A gateway's HTML page, and nothing is kept.
    Html,
    /// The connection ends, and nothing is kept.
    DropBefore,
    /// The photo is kept and the connection dropped.
    DropAfter,
}
