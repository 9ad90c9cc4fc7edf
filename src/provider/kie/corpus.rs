//! Every failure text of KIE that was found in public logs, documents and clients, verbatim,
//! with its usual code and what it means.
#![cfg(test)]

use serde_json::{Value, json};

use crate::domain::{
    failure::{
        FailureKind::{
            self, Billing, InputFetch, ModelDown, OurBug, RateLimit, Temporary, Unknown,
            UserViolation,
        },
        Violation,
    },
    key::KeyFault,
    text::without_bom,
};

const PEOPLE: Option<Violation> = Some(Violation::People);
const COPYRIGHT: Option<Violation> = Some(Violation::Copyright);
const ADULT: Option<Violation> = Some(Violation::Adult);
const BAD_FILE: Option<Violation> = Some(Violation::BadFile);
const OTHER: Option<Violation> = Some(Violation::Other);
const EMPTY: Option<KeyFault> = Some(KeyFault::AccountEmpty);
const DEAD: Option<KeyFault> = Some(KeyFault::KeyDead);
const CAPPED: Option<KeyFault> = Some(KeyFault::KeyCapped);

type Row = (&'static str, &'static str, FailureKind, Option<Violation>, Option<KeyFault>);

/// Code, text, kind, which rule was broken, what is wrong with the key.
#[rustfmt::skip]
pub(super) const CORPUS: &[Row] = &[
    // The account and the key.
    ("402", "The current credits are insufficient. Please top up.", Billing, None, EMPTY),
    ("402", "Credits insufficient", Billing, None, EMPTY),
    ("402", "", Billing, None, EMPTY),
    ("402", "Insufficient balance", Billing, None, EMPTY),
    ("", "out of credits", Billing, None, EMPTY),
    ("429", "insufficient credits", Billing, None, EMPTY),
    ("", "Insufficient credits", Billing, None, EMPTY),
    ("433", "The current number of points used by apiKey has exceeded the daily limit", Billing, None, CAPPED),
    ("433", "", Billing, None, CAPPED),
    ("", "Daily quota reached", Billing, None, CAPPED),
    ("401", "You do not have access permissions", Billing, None, DEAD),
    ("401", "Unauthorized", Billing, None, DEAD),
    ("403", "", Billing, None, DEAD),
    // Too many requests.
    ("429", "Rate limit exceeded", RateLimit, None, None),
    ("429", "Your call frequency is too high. Please try again later.", RateLimit, None, None),
    ("430", "Your call frequency is too high. Please try again later.", RateLimit, None, None),
    ("405", "", RateLimit, None, None),
    // The model.
    ("500", "This interface is temporarily paused", ModelDown, None, None),
    ("422", "The page does not exist or is not published", ModelDown, None, None),
    ("505", "", ModelDown, None, None),
    ("", "Model not found", ModelDown, None, None),
    // What we sent.
    ("500", "This field is required", OurBug, None, None),
    ("500", "aspect_ratio is not within the range of allowed options", OurBug, None, None),
    ("500", "resolution is not within the range of allowed options", OurBug, None, None),
    ("500", "mode is not within the range of allowed options", OurBug, None, None),
    ("500", "image_size is not within the range of allowed options", OurBug, None, None),
    ("500", "This aspect_ratio is not within the range of allowed options", OurBug, None, None),
    ("500", "This voice is not within the range of allowed options", OurBug, None, None),
    ("500", "Value must be within the specified range", OurBug, None, None),
    ("500", "The text length cannot exceed the maximum limit", OurBug, None, None),
    ("500", "enable_safety_checker it must be a boolean", OurBug, None, None),
    ("422", "character_id example_123456789 invalid", OurBug, None, None),
    ("422", "Please enter callBackUrl", OurBug, None, None),
    ("422", "voiceId cannot be empty", OurBug, None, None),
    ("422", "Ratio error", OurBug, None, None),
    ("422", "Each reference audio must be between 2 and 30 seconds", OurBug, None, None),
    ("413", "", OurBug, None, None),
    ("400", "Only English prompts are supported at this time.", OurBug, None, None),
    ("400", "The parameters `ratio` and `duration` specified in the request are not valid. Request id: 1", OurBug, None, None),
    ("400", "content[1].video_url: invalid param: video duration 52838 ms, expected [2000, 15000] ms", OurBug, None, None),
    ("400", "the parameter video pixel count specified in the request must be greater than or equal to 407696", OurBug, None, None),
    ("500", "first/last frame content cannot be mixed with reference media content", OurBug, None, None),
    ("400", "taskId parameter is required", OurBug, None, None),
    // Temporary faults.
    ("500", "the server is busy", Temporary, None, None),
    ("500", "System busy, please try again", Temporary, None, None),
    ("500", "Internal Server Error", Temporary, None, None),
    ("455", "", Temporary, None, None),
    ("455", "System is currently undergoing maintenance", Temporary, None, None),
    ("408", "", Temporary, None, None),
    ("500", "", Temporary, None, None),
    ("500", "Internal Error, Please try again later.", Temporary, None, None),
    ("500", "internal error, please try again later", Temporary, None, None),
    ("", "Internal Error", Temporary, None, None),
    ("500", "Internal server error", Temporary, None, None),
    ("500", "Internal Error - Timeout", Temporary, None, None),
    ("", "upstream API service timed out", Temporary, None, None),
    ("", "Timeout", Temporary, None, None),
    ("", "Generation timeout exceeded", Temporary, None, None),
    ("501", "", Temporary, None, None),
    ("501", "Generation Failed", Temporary, None, None),
    ("501", "Generation failed", Temporary, None, None),
    ("501", "Failed - Video generation task failed", Temporary, None, None),
    ("500", "moderation service timeout", Temporary, None, None),
    // Our photo could not be fetched.
    ("", "Image fetch failed", InputFetch, None, None),
    ("400", "Failed to fetch the image. Kindly verify any access limits set by you or your service provider.", InputFetch, None, None),
    ("451", "Unable to download image from the provided filesUrl", InputFetch, None, None),
    ("451", "", InputFetch, None, None),
    // The photo or the text breaks a rule.
    ("400", "We couldn't process the provided image file (code=invalid_image_format)", UserViolation, BAD_FILE, None),
    ("400", "Image size exceeds maximum of 26214400 bytes", UserViolation, BAD_FILE, None),
    ("400", "No valid characters detected in the video", UserViolation, BAD_FILE, None),
    ("400", "We currently do not support uploads of images containing photorealistic people.", UserViolation, PEOPLE, None),
    ("", "OpenAI currently do not support uploads of images containing photorealistic people", UserViolation, PEOPLE, None),
    ("", "This content may violate our guardrails concerning similarity to third-party content.", UserViolation, COPYRIGHT, None),
    ("", "This content may violate our guardrails around nudity, sexuality, or erotic content.", UserViolation, ADULT, None),
    ("", "This content may violate our content policies.", UserViolation, OTHER, None),
    ("", "This content may include suggestive or racy material.", UserViolation, ADULT, None),
    ("422", "Invalid prompt: prompt contains prohibited content", UserViolation, OTHER, None),
    ("422", "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.", UserViolation, OTHER, None),
    ("400", "Content was flagged by the safety system. Try different prompts or inputs.", UserViolation, OTHER, None),
    ("", "The input or output was flagged as sensitive. Please try again with different inputs.", UserViolation, OTHER, None),
    ("", "Your input was rejected. Please try again or with a different input.", UserViolation, OTHER, None),
    ("400", "Request blocked: The uploaded audio was flagged by Google safety review.", UserViolation, OTHER, None),
    ("", "Your prompt was caught by our AI moderator. Please adjust it and try again!", UserViolation, OTHER, None),
    ("500", "the output video may be related to copyright restrictions", UserViolation, COPYRIGHT, None),
    ("500", "The request failed because the output video may be related to copyright restrictions. Request id: 021758", UserViolation, COPYRIGHT, None),
    ("500", "The request failed because the input video may be related to copyright restrictions.", UserViolation, COPYRIGHT, None),
    ("500", "The request failed because the output audio may be related to copyright restrictions.", UserViolation, COPYRIGHT, None),
    ("400", "Your prompt was flagged by Website as violating content policies.", UserViolation, OTHER, None),
    ("400", "Your content was flagged by OpenAI as violating content policies", UserViolation, OTHER, None),
    ("400", "public error unsafe image upload.", UserViolation, OTHER, None),
    ("400", "public error minor upload", UserViolation, PEOPLE, None),
    ("400", "Your request was rejected by Flow(public error unsafe image upload.). You may consider using our other fallback channels", UserViolation, OTHER, None),
    ("400", "Your request was rejected by Flow(Internal error). You may consider using our other fallback channels", Temporary, None, None),
    // Anything else.
    ("531", "malformed lyrics", Temporary, None, None),
    ("400", "", Unknown, None, None),
    ("", "", Unknown, None, None),
    ("", "The duck has left the pond", Unknown, None, None),
];

/// Refusals of the makers behind KIE, by what was wrong.
pub(super) const MAKERS: &[(Violation, &[&str])] = &[
    (
        Violation::People,
        &[
            "The request failed because the input image may contain real person.",
            "input image may contain real person",
            "the input video may contain real person",
            "InputImageSensitiveContentDetected.PrivacyInformation",
            "InputVideoSensitiveContentDetected.PrivacyInformation: the request failed",
            "PUBLIC_ERROR_PROMINENT_PEOPLE_UPLOAD",
            "public_error_minor",
            "The image contains recognizable people.",
            "detected real faces in the image",
            "Face detected in image",
            "Images of celebrities are not supported.",
            "输入图片可能包含真人，请您更换后重试。",
            "图片中包含人脸，审核不通过",
            "Image contains a minor, which is not permitted.",
            "Uploads of children are not permitted",
            "Under-18 subject detected",
            "People under the age of 18 cannot appear in generated videos",
            "The photo appears to include a person. Uploading photos of people is not supported.",
            "输入图片可能包含真实人物",
            "Photos of kids are not allowed",
            "A baby was detected in the upload",
        ],
    ),
    (
        Violation::Copyright,
        &[
            "OutputVideoSensitiveContentDetected.PolicyViolation: the output video may be related to copyright restrictions",
            "Input data is suspected of being involved in IP infringement.",
            "IPInfringementSuspect",
            "This prompt names a trademark.",
            "This may violate third-party IP.",
            "涉及知识产权",
            "内容涉嫌侵权",
            "视频可能涉及版权限制",
            "third_party_content_blocked",
            "similarity_to_third_party_content",
            "Disney characters are not allowed",
        ],
    ),
    (
        Violation::Adult,
        &[
            "ContentModerationError: Content flagged for: sexual",
            "Prompt contains unsafe content: sexual, violence",
            "The image contains nudity.",
            "PUBLIC_ERROR_SEXUAL",
            "图片涉及色情",
            "裸露",
        ],
    ),
    (
        Violation::Other,
        &[
            "InputTextSensitiveContentDetected",
            "InputImageSensitiveContentDetected",
            "OutputVideoSensitiveContentDetected",
            "OutputAudioSensitiveContentDetected: the output audio may contain sensitive information",
            "SensitiveContentDetected.SevereViolation",
            "InputImageRiskDetection",
            "output_image_risk_detection",
            "The request failed because the input text may contain sensitive information.",
            "Failure to pass the risk control system",
            "Trigger the platform's content security policy",
            "Input data may contain inappropriate content.",
            "Output data may contain inappropriate content.",
            "Green net check failed for image (input)",
            "DataInspectionFailed",
            "data_inspection_failed",
            "input new_sensitive",
            "output new_sensitive",
            "video description involves sensitive content",
            "This request violates our usage policies.",
            "Your image may violate OpenAI's policies",
            "The prompt goes against our community guidelines",
            "The generated video does not comply with our terms of use",
            "Policy violation",
            "violates the platform's rules",
            "content is illegal",
            "The image is unsafe.",
            "The image is inappropriate.",
            "PROHIBITED_CONTENT",
            "IMAGE_SAFETY",
            "SENSITIVE_WORD_ERROR",
            "content_filter",
            "Prompt rejected",
            "Your image was rejected.",
            "图片不合规",
            "不符合社区规范",
            "Content policy violation detected in response",
            "Your request was rejected as a result of our safety system.",
            "Generated video rejected by content moderation.",
            "imagine:content-moderated",
            "Blocked by the content management policy",
            "ResponsibleAIPolicyViolation",
            "content_policy_violation",
            "moderation_blocked",
            "PUBLIC_ERROR_UNSAFE_GENERATION",
            "OperationDenied.ImageIllegalDetected",
            "CreationPolicyViolation",
            "The prompt violates Google's Responsible AI practices.",
            "Content flagged and reported for containing illegal material",
            "内容包含敏感信息",
            "图片违规",
            "提示词包含敏感内容，请修改",
            "审核不通过",
            "未通过内容安全审核",
            "触发风控",
            "內容違規",
            "Post Img Risk Not Pass",
            "Pre Img Risk Not Pass: pre_img_risk",
            "SAFETY.INPUT.TEXT",
            "SAFETY.OUTPUT.VIDEO",
            "INPUT_PREPROCESSING.SAFETY.TEXT",
            "RAI_FILTERED",
            "All generated videos were filtered because of safety",
            "Generation blocked: your request was classified as harmful",
            "Text Risk Not Pass",
            "INTERNAL.BAD_OUTPUT.SAFETY",
            "finishReason: SAFETY",
            "video_filtered",
            "image_moderation_failed",
            "prompt_is_not_allowed",
            "the moderation endpoint rejected the image",
            "prompt flagged by the safety classifier",
        ],
    ),
];

/// Answers of every kind, good and bad. Tests corrupt them.
pub(super) fn answers() -> Vec<Value> {
    let answer = |code: u16, data: Value| json!({"code": code, "msg": "success", "data": data});
    let video = "https://tempfile.aiquickdraw.com/v/1.mp4";
    let urls = json!({"resultUrls": [video], "resultWaterMarkUrls": ["https://h/w.mp4"]});
    let record = |state: &str, result: Value| {
        answer(
            200,
            json!({"taskId": "281e5b0f39b9", "model": "sora-2-image-to-video", "state": state,
                "param": "{\"input\":{\"prompt\":\"A cup.\"}}", "resultJson": result,
                "failCode": "400", "failMsg": "Internal Error, Please try again later.",
                "costTime": 181_000, "completeTime": 1_756_817_158_000_i64,
                "createTime": 1_756_817_000_000_i64}),
        )
    };
    vec![
        answer(200, json!({"taskId": "281e5b0f39b9", "recordId": "281e5b0f39b9"})),
        json!({"code": "200", "message": "success", "data": {"recordId": 17}}),
        json!({"code": 433, "msg": "used up", "data": null}),
        json!({"code": 500, "msg": "This interface is temporarily paused", "data": {}}),
        answer(
            200,
            json!({"fileName": "a.jpg", "filePath": "reelbot/a.jpg", "fileSize": 154_832,
            "downloadUrl": "https://tempfile.redpandaai.co/reelbot/a.jpg", "success": true}),
        ),
        answer(200, json!(812.5)),
        answer(200, json!(video)),
        record("waiting", Value::Null),
        record("generating", json!("")),
        record("success", json!(urls.to_string())),
        record("success", urls),
        record("fail", Value::Null),
    ]
}

/// Every text in an answer, JSON inside of strings included.
pub(super) fn mentioned(answer: &Value) -> Vec<String> {
    match answer {
        Value::Array(items) => items.iter().flat_map(mentioned).collect(),
        Value::Object(fields) => fields.values().flat_map(mentioned).collect(),
        Value::String(text) => {
            let inner = serde_json::from_slice(without_bom(text.as_bytes()));
            let inner = inner.map_or(Vec::new(), |inner| mentioned(&inner));
            [vec![text.trim().to_owned()], inner].concat()
        }
        other => vec![other.to_string().trim_end_matches(".0").to_owned()],
    }
}
