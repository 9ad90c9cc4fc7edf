//! KIE's answers: the first byte chooses a status, the rest is the body.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{
    domain::Progress,
    provider::{created, credit, fresh_link, is_fetchable, progress, record_address, uploaded},
};

const STATUSES: [u16; 8] = [200, 201, 301, 401, 408, 429, 500, 525];

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let status = STATUSES[usize::from(choice % 8)];
    if let Ok(task) = created(status, body) {
        assert!(status < 300 && is_fetchable(&record_address("https://h", &task)), "{task}");
    }
    let answer = progress(status, body);
    assert_eq!(answer, progress(status, body));
    if let Ok(Progress::Done { url }) = answer {
        assert!(is_fetchable(&url), "{url}");
    }
    // The rest as the result of a task, with a photo that is not the video.
    if let Ok(result) = std::str::from_utf8(body) {
        let (photo, param) = ("https://h/photo", r#"{"input":{"image_urls":["https://h/photo"]}}"#);
        let data = serde_json::json!({"state": "success", "param": param, "resultJson": result});
        let record = serde_json::json!({"code": 200, "data": data}).to_string();
        match progress(200, record.as_bytes()) {
            Ok(Progress::Done { url }) => assert!(is_fetchable(&url) && url != photo, "{url}"),
            Ok(Progress::NoAddress) => {}
            other => panic!("{other:?}"),
        }
    }
    for url in [uploaded(status, body).ok(), fresh_link(body)].into_iter().flatten() {
        assert!(is_fetchable(&url), "{url}");
    }
    assert!(credit(status, body).is_ok_and(f64::is_finite) || credit(status, body).is_err());
});
