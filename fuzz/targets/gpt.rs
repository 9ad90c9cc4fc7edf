//! Answers of a chat-completions API: the first byte is the length that is asked for.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{
    domain::{Written, is_blank},
    provider::written,
};

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    let Some((longest, body)) = input.split_first() else { return };
    let longest = usize::from(*longest) * 8;
    let answer = written(200, body, longest);
    assert_eq!(answer, written(200, body, longest));
    if let Ok(Written { prompt, summary }) = answer {
        let summaries = summary.iter().flat_map(|summary| [&summary.ru, &summary.en]);
        for text in summaries {
            assert!((1..=300).contains(&text.chars().count()) && !is_blank(text));
        }
        assert!((1..=longest).contains(&prompt.chars().count()));
        assert!(prompt == prompt.trim() && !prompt.contains('\n') && !is_blank(&prompt));
    }
    // The rest as what a model said.
    let Ok(said) = std::str::from_utf8(body) else { return };
    let answer = serde_json::json!({"choices": [{"message": {"content": said}}]}).to_string();
    if let Ok(Written { prompt, .. }) = written(200, answer.as_bytes(), longest) {
        assert!((1..=longest).contains(&prompt.chars().count()) && !is_blank(&prompt));
        assert!(!prompt.contains("<think>") && !prompt.contains("<|channel|>"), "{prompt}");
    }
});
