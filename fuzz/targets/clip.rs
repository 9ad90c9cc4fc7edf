//! A finished video, which should be an MP4.
#![cfg_attr(feature = "fuzz", no_main)]

use std::io::Cursor;

use reelbot::testing::telegram::shape;

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    if let Some(shape) = shape(&mut Cursor::new(input)) {
        assert!((1..=0xFFFF).contains(&shape.width) && (1..=0xFFFF).contains(&shape.height));
        assert!(shape.seconds > 0);
    }
});
