//! The points at which the bot can die.

/// One list makes the points and [`Crash::ALL`], so that no point is left out.
macro_rules! points {
    ($($(#[$doc:meta])* $point:ident,)*) => {
        /// Where the bot dies, in the order of the story. What the world can see of a
        /// program is what it commits and what it calls; between two of these a crash
        /// makes no difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Crash {
            $($(#[$doc])* $point,)*
        }

        impl Crash {
            /// Every point.
            pub const ALL: &[Self] = &[$(Self::$point,)*];
        }
    };
}

points! {
    /// The ideas to choose from are next, and Telegram does not have them.
    BeforeIdeasAreTold,
    /// The person has the ideas; the file does not know in which message.
    AfterIdeasAreTold,
    /// The file knows in which message the ideas are.
    AfterIdeasAreNoted,
    /// The tap on a preset is in the file, and Telegram has not been told so.
    AfterTapIsStored,
    /// GPT has not been asked yet.
    BeforeScript,
    /// GPT has answered, and nobody has noted it.
    AfterScript,
    /// The script is in the file, and nobody has seen it.
    AfterScriptIsSaved,
    /// The tap on "3 videos" is in the file, and Telegram has not been told so.
    AfterOrderIsStored,
    /// Charged and queued; nobody works on it yet.
    AfterOrderIsSaved,
    /// The answer to the order is next, and Telegram does not have it.
    BeforeAnswerIsTold,
    /// The person reads the answer to the order; the file does not know.
    AfterAnswerIsTold,
    /// The file knows that the person has the answer to the order.
    AfterAnswerIsNoted,
    /// A submission is claimed.
    AfterSubmitIsClaimed,
    /// The photo has been fetched from Telegram, not yet brought to KIE.
    BeforeUpload,
    /// KIE has the photo, and nobody has noted where.
    AfterUpload,
    /// It is noted where KIE has the photo; no task has been thought of.
    AfterUploadIsSaved,
    /// It is noted that a task is about to be created; there is none.
    BeforeSubmit,
    /// KIE has created the task and answered; the step has not looked at the answer.
    AfterSubmit,
    /// The step is over; the task's id is in no file.
    BeforeSubmitIsSaved,
    /// The task's id is in the file.
    AfterSubmitIsSaved,
    /// A poll is claimed.
    AfterPollIsClaimed,
    /// KIE has not been asked yet.
    BeforePoll,
    /// KIE has answered; the step has not looked at the answer.
    AfterPoll,
    /// The step knows that there is a video; the file does not.
    BeforePollIsSaved,
    /// The file knows where the video is.
    AfterPollIsSaved,
    /// The step knows that there will be no video; the file does not.
    BeforeRefundIsSaved,
    /// The job has failed and the credit is back; the person has not heard of it.
    AfterRefundIsSaved,
    /// A delivery is claimed.
    AfterDeliverIsClaimed,
    /// Nothing is downloaded yet.
    BeforeDownload,
    /// KIE has served the video, whole or not.
    AfterDownload,
    /// The step knows that the delivery has failed; the file does not.
    BeforeRetryIsSaved,
    /// The delivery is to be tried again.
    AfterRetryIsSaved,
    /// The video is here, and Telegram does not have it.
    BeforeSend,
    /// The person has the video; the step has not looked at Telegram's answer.
    AfterSend,
    /// The step is over; the file does not know that the person has the video.
    BeforeDeliveryIsSaved,
    /// The job has completed.
    AfterDeliveryIsSaved,
    /// The news of the refund is next, and Telegram does not have it.
    BeforeRefundIsTold,
    /// The person reads of the refund; the file does not know.
    AfterRefundIsTold,
    /// The file knows that the person has heard of the refund.
    AfterRefundIsNoted,
    /// The closing keyboard is next, and Telegram does not have it.
    BeforeClosingIsTold,
    /// The person has the closing keyboard; the file does not know.
    AfterClosingIsTold,
    /// The file knows that the person has the closing keyboard.
    AfterClosingIsNoted,
}
