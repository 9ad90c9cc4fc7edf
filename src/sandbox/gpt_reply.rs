//! How the stand-in for a chat endpoint answers.

/// How the endpoint answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GptReply {
    /// With a prompt.
    #[default]
    Write,
    /// With this text.
    Say {
        /// The text.
        text: String,
    },
    /// With another number of scenes than was asked for.
    Scenes {
        /// How many.
        count: usize,
    },
    /// With a prompt as prose, whatever format was asked for.
    Prose,
    /// With the JSON in a block of code, and talk around it.
    Fenced,
    /// With a polite refusal.
    Refuse,
    /// With an empty list of choices.
    Empty,
    /// As KIE reports errors: status 200, a code, and no choices.
    Code {
        /// The code in the body.
        code: u16,
        /// The text.
        msg: String,
    },
    /// With a script of which the second half is cut off, `finish_reason` "length".
    Length,
    /// With a prompt, after a delay in real time.
    Slow {
        /// Milliseconds.
        millis: u64,
    },
    /// With a gateway's HTML page, status 502.
    Html,
    /// As OpenAI reports errors: this HTTP status, and an `error`.
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// In a stream of chunks, although `stream` was false.
    Stream,
}

/// What a random reply may be.
pub(crate) fn random_replies() -> [GptReply; 8] {
    let busy = "The server is busy, please try again later.";
    [
        GptReply::Status { status: 500 },
        GptReply::Status { status: 429 },
        GptReply::Code { code: 500, msg: busy.to_owned() },
        GptReply::Html,
        GptReply::Refuse,
        GptReply::Empty,
        GptReply::Length,
        GptReply::Slow { millis: 2000 },
    ]
}
