//! What a person writes: the first byte is the length to cut it to.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{
    chat::{Input, check_html, cut, escape, escape_cut, own_text, shown_units, units},
    domain::is_blank,
};

reelbot_fuzz::fuzz_target!(|input: (u8, &str)| {
    let (most, text) = (usize::from(input.0), input.1);
    let made = escape_cut(text, most);
    assert!(shown_units(&made) <= most && units(&cut(text, most)) <= most);
    assert_eq!(check_html(&made), Ok(()));
    assert_eq!(check_html(&escape(text)), Ok(()));
    assert!(made == escape(text) || most == 0 || made.ends_with('…'));
    if check_html(text).is_ok() {
        assert_eq!(text.matches('<').count(), text.matches('>').count());
    }
    assert!(own_text(text).is_err() || !is_blank(text));
    let _ = Input::from_text(text);
});
