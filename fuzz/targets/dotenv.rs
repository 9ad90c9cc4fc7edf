//! The text of a `.env` file.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::config::{Variables, dotenv};

reelbot_fuzz::fuzz_target!(|input: &str| {
    let found = dotenv(input, &Variables::new());
    let (longest, most) = (4096, 65_536);
    assert!(found.variables.values().all(|value| value.len() <= longest));
    assert!(found.variables.values().map(String::len).sum::<usize>() <= most);
    for finding in found.findings {
        assert!(finding.problem.contains("line ") && finding.problem.len() < 200);
    }
});
