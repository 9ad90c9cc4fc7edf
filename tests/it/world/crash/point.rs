//! The points at which the bot can crash.

/// One list makes the points and [`Crash::ALL`], so that no point is left out.
macro_rules! points {
    ($($(#[$doc:meta])* $point:ident,)*) => {
        /// Where the bot crashes, in the order of the story. All that shows of a program
        /// from outside is what it commits and what it calls; between two of these a
        /// crash makes no difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Crash {
            $($(#[$doc])* $point,)*
        }

        impl Crash {
            /// Every point.
            pub(crate) const ALL: &[Self] = &[$(Self::$point,)*];
        }
    };
}

points! {
    /// The ideas to choose from are next in the outbox, and Telegram does not have them.
    BeforeIdeasAreSent,
    /// The person has the ideas; the database does not know in which message.
    AfterIdeasAreSent,
    /// The database knows in which message the ideas are.
    AfterIdeasAreRecorded,
    /// The tap on a preset is stored, and not confirmed to Telegram.
    AfterTapIsStored,
    /// GPT has not been asked yet.
    BeforeScript,
    /// GPT has answered, and the answer is not recorded.
    AfterScript,
    /// The script is recorded, and not shown.
    AfterScriptIsSaved,
    /// The tap on "3 videos" is stored, and not confirmed to Telegram.
    AfterOrderIsStored,
    /// Charged and queued; no worker has claimed anything yet.
    AfterOrderIsSaved,
    /// The answer to the order is next in the outbox, and Telegram does not have it.
    BeforeAnswerIsSent,
    /// The person has the answer to the order; the database does not know.
    AfterAnswerIsSent,
    /// The database knows that the person has the answer to the order.
    AfterAnswerIsRecorded,
    /// A submission is claimed.
    AfterSubmitIsClaimed,
    /// The photo has been fetched from Telegram, not yet uploaded to KIE.
    BeforeUpload,
    /// KIE has the photo, and its address is not recorded.
    AfterUpload,
    /// The photo's address at KIE is recorded; nothing says that a task will be created.
    AfterUploadIsSaved,
    /// It is recorded that a task is about to be created; there is none.
    BeforeSubmit,
    /// KIE has created the task and answered; the step has not read the answer.
    AfterSubmit,
    /// The step is over; the task's id is not recorded.
    BeforeSubmitIsSaved,
    /// The task's id is recorded.
    AfterSubmitIsSaved,
    /// A poll is claimed.
    AfterPollIsClaimed,
    /// KIE has not been asked yet.
    BeforePoll,
    /// KIE has answered; the step has not read the answer.
    AfterPoll,
    /// The step knows that there is a video; the database does not.
    BeforePollIsSaved,
    /// The database knows where the video is.
    AfterPollIsSaved,
    /// The step knows that there will be no video; the database does not.
    BeforeRefundIsSaved,
    /// The job has failed and the credit is back; the person is not told yet.
    AfterRefundIsSaved,
    /// A delivery is claimed.
    AfterDeliverIsClaimed,
    /// Nothing is downloaded yet.
    BeforeDownload,
    /// KIE has served the video, whole or not.
    AfterDownload,
    /// The step knows that the delivery has failed; the database does not.
    BeforeRetryIsSaved,
    /// The delivery is to be tried again.
    AfterRetryIsSaved,
    /// The video is downloaded, and Telegram does not have it.
    BeforeSend,
    /// The person has the video; the step has not read Telegram's answer.
    AfterSend,
    /// The step is over; the database does not know that the person has the video.
    BeforeDeliveryIsSaved,
    /// The job has completed.
    AfterDeliveryIsSaved,
    /// The message about the refund is next in the outbox, and Telegram does not have it.
    BeforeRefundIsSent,
    /// The person has the message about the refund; the database does not know.
    AfterRefundIsSent,
    /// The database knows that the person has the message about the refund.
    AfterRefundIsRecorded,
    /// The closing keyboard is next in the outbox, and Telegram does not have it.
    BeforeClosingIsSent,
    /// The person has the closing keyboard; the database does not know.
    AfterClosingIsSent,
    /// The database knows that the person has the closing keyboard.
    AfterClosingIsRecorded,
}
