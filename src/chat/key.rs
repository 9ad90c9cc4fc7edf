//! The names of all messages: a typo in a key does not compile.

use std::fmt;

macro_rules! keys {
    ($($name:ident = $text:literal,)*) => {
        /// One message of `ru.ftl` and `en.ftl`, in their order; its text is written there.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, clippy::missing_docs_in_private_items, reason = "each is explained by its text in the Fluent files")]
        pub enum Key { $($name,)* }

        impl Key {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the Fluent files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

keys! {
    Credits = "credits",
    CreditBack = "credit-back",
    ButtonOwnText = "button-own-text",
    ButtonIdeas = "button-ideas",
    ButtonChoose = "button-choose",
    ButtonMoreSamples = "button-more-samples",
    ButtonUseText = "button-use-text",
    ButtonCount = "button-count",
    ButtonAnotherScript = "button-another-script",
    ButtonEditScript = "button-edit-script",
    ButtonMore = "button-more",
    ButtonAnotherPhoto = "button-another-photo",
    ButtonRewrite = "button-rewrite",
    ButtonMenu = "button-menu",
    ButtonBalance = "button-balance",
    ButtonExamples = "button-examples",
    ButtonHelp = "button-help",
    ButtonRussian = "button-russian",
    ButtonEnglish = "button-english",
    ButtonChosen = "button-chosen",
    ButtonSeconds = "button-seconds",
    ButtonQuiet = "button-quiet",
    ButtonLoud = "button-loud",
    ButtonMuteDay = "button-mute-day",
    ButtonMuteWeek = "button-mute-week",
    ButtonUnmute = "button-unmute",
    CommandStart = "command-start",
    CommandBalance = "command-balance",
    CommandHelp = "command-help",
    CommandSettings = "command-settings",
    CommandLanguage = "command-language",
    CommandSupport = "command-support",
    CommandTerms = "command-terms",
    CommandPrivacy = "command-privacy",
    CommandPaysupport = "command-paysupport",
    StartFirst = "start-first",
    StartAgain = "start-again",
    StartExample = "start-example",
    StartIdeas = "start-ideas",
    StartGift = "start-gift",
    StartBalance = "start-balance",
    StartPrice = "start-price",
    StartPhoto = "start-photo",
    Examples = "examples",
    Sample = "sample",
    SampleIllustration = "sample-illustration",
    SamplesChoose = "samples-choose",
    PhotoNeeded = "photo-needed",
    PhotoAlbum = "photo-album",
    PhotoNotAnImage = "photo-not-an-image",
    PhotoOtherFormat = "photo-other-format",
    PhotoTooLarge = "photo-too-large",
    PhotoTooSmall = "photo-too-small",
    PhotoAdviceBlurred = "photo-advice-blurred",
    PhotoAdviceDark = "photo-advice-dark",
    PhotoAdviceSmall = "photo-advice-small",
    PhotoAdviceShape = "photo-advice-shape",
    PhotoNamed = "photo-named",
    PromptNewPhoto = "prompt-new-photo",
    PromptSamePhoto = "prompt-same-photo",
    PromptCaption = "prompt-caption",
    OwnTextInvitation = "own-text-invitation",
    OwnTextEmpty = "own-text-empty",
    OwnTextTooLong = "own-text-too-long",
    OwnTextOffer = "own-text-offer",
    VoiceAsText = "voice-as-text",
    VoiceTooLong = "voice-too-long",
    VoiceEnough = "voice-enough",
    VoiceListening = "voice-listening",
    VoiceNothing = "voice-nothing",
    VoiceGivenUp = "voice-given-up",
    ScriptWriting = "script-writing",
    ScriptStillWriting = "script-still-writing",
    ScriptTitle = "script-title",
    ScriptSummary = "script-summary",
    ScriptScenes = "script-scenes",
    ScriptPeople = "script-people",
    ScriptPresetAsIs = "script-preset-as-is",
    ScriptOwnAsIs = "script-own-as-is",
    ScriptPresetLimit = "script-preset-limit",
    ScriptOwnLimit = "script-own-limit",
    ScriptEditedAsIs = "script-edited-as-is",
    ScriptNoMore = "script-no-more",
    ScriptQuestion = "script-question",
    ScriptEdit = "script-edit",
    ScriptEditFile = "script-edit-file",
    OrderAccepted = "order-accepted",
    OrderBalance = "order-balance",
    OrderWait = "order-wait",
    OrderWaitHours = "order-wait-hours",
    OrderSoon = "order-soon",
    ProgressNone = "progress-none",
    ProgressSome = "progress-some",
    ProgressWait = "progress-wait",
    ProgressWaitHours = "progress-wait-hours",
    OrderAlready = "order-already",
    OrderHeld = "order-held",
    OrderPaused = "order-paused",
    OrderShort = "order-short",
    OrderTopUp = "order-top-up",
    OrderTopUpNobody = "order-top-up-nobody",
    VideoCaption = "video-caption",
    VideoGift = "video-gift",
    VideoScene = "video-scene",
    VideoProduct = "video-product",
    VideoLink = "video-link",
    ClosingAll = "closing-all",
    ClosingSome = "closing-some",
    ClosingNone = "closing-none",
    ClosingPhoto = "closing-photo",
    ClosingText = "closing-text",
    RewriteAway = "rewrite-away",
    RewriteGivenUp = "rewrite-given-up",
    CreditsGranted = "credits-granted",
    FailedPeople = "failed-people",
    FailedCopyright = "failed-copyright",
    FailedAdult = "failed-adult",
    FailedBadFile = "failed-bad-file",
    FailedRules = "failed-rules",
    FailedOurs = "failed-ours",
    FailedOursSupport = "failed-ours-support",
    FailedCrowded = "failed-crowded",
    FailedTemporary = "failed-temporary",
    FailedModelDown = "failed-model-down",
    FailedTimeout = "failed-timeout",
    FailedCancelled = "failed-cancelled",
    AlertAccountEmpty = "alert-account-empty",
    AlertLowBalance = "alert-low-balance",
    AlertKeyDead = "alert-key-dead",
    AlertKeyCapped = "alert-key-capped",
    AlertKeyGone = "alert-key-gone",
    AlertNoKeys = "alert-no-keys",
    AlertRateLimit = "alert-rate-limit",
    AlertModelDown = "alert-model-down",
    AlertOurBug = "alert-our-bug",
    AlertUnknown = "alert-unknown",
    AlertAudit = "alert-audit",
    AlertDamage = "alert-damage",
    AlertTelegramFiles = "alert-telegram-files",
    AlertDatabaseMoved = "alert-database-moved",
    AlertConfig = "alert-config",
    AlertPayment = "alert-payment",
    AlertBackup = "alert-backup",
    AlertMuted = "alert-muted",
    HintStale = "hint-stale",
    HintUnknownCommand = "hint-unknown-command",
    HintOtherMedia = "hint-other-media",
    HintCancelled = "hint-cancelled",
    HintPleasure = "hint-pleasure",
    HintTrouble = "hint-trouble",
    ToastStale = "toast-stale",
    ToastWriting = "toast-writing",
    ToastSamples = "toast-samples",
    ToastAccepted = "toast-accepted",
    ToastNoPayments = "toast-no-payments",
    Balance = "balance",
    BalancePrice = "balance-price",
    Help = "help",
    Settings = "settings",
    SettingsQuiet = "settings-quiet",
    SettingsLoud = "settings-loud",
    LanguageChoose = "language-choose",
    LanguageChosen = "language-chosen",
    Support = "support",
    SupportNobody = "support-nobody",
    Terms = "terms",
    Privacy = "privacy",
    Paysupport = "paysupport",
    PaysupportNobody = "paysupport-nobody",
}

impl Key {
    /// The key with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// Whether Telegram shows it as it is: the labels of buttons, the command list and
    /// the words for taps have no markup, so nothing in them is escaped.
    pub fn is_plain(self) -> bool {
        ["button-", "command-", "toast-"].iter().any(|kind| self.name().starts_with(kind))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
