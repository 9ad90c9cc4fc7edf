//! Answers of a chat-completions API: the first byte is the length that is asked for.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{
    domain::{Written, is_blank},
    provider::written,
};

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    let Some((longest, body)) = input.split_first() else { return };
    let longest = usize::from(*longest) * 8;
    let answer = written(200, body, longest, 3);
    assert_eq!(answer, written(200, body, longest, 3));
    if let Ok(Written { prompt, summary, scenes, .. }) = answer {
        let summaries = summary.iter().flat_map(|summary| [&summary.ru, &summary.en]);
        for text in summaries {
            assert!((1..=300).contains(&text.chars().count()) && !is_blank(text));
        }
        assert!(scenes.len() <= 3 && scenes.first().is_none_or(|scene| scene.prompt == prompt));
        for scene in &scenes {
            assert!((1..=longest).contains(&scene.prompt.chars().count()));
            let titles = scene.title.iter().flat_map(|title| [&title.ru, &title.en]);
            for title in titles {
                assert!((1..=60).contains(&title.chars().count()) && !is_blank(title));
            }
        }
        assert!((1..=longest).contains(&prompt.chars().count()));
        assert!(prompt == prompt.trim() && !prompt.contains('\n') && !is_blank(&prompt));
    }
    // The rest as what a model said.
    let Ok(said) = std::str::from_utf8(body) else { return };
    let answer = serde_json::json!({"choices": [{"message": {"content": said}}]}).to_string();
    if let Ok(Written { prompt, .. }) = written(200, answer.as_bytes(), longest, 3) {
        assert!((1..=longest).contains(&prompt.chars().count()) && !is_blank(&prompt));
        assert!(!prompt.contains("<think>") && !prompt.contains("<|channel|>"), "{prompt}");
    }
});
