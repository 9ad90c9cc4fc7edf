//! What can be made to happen to a task.

use serde::Deserialize;
use serde::Serialize;

use crate::sandbox::kie::corpus::INTERNAL;
use crate::sandbox::kie::corpus::Line;

/// What happens to the next task. As JSON: `{"outcome": "fail", "code": "500", "text": "…"}`.
/// Times are milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It succeeds.
    Succeed,
    /// createTask refuses: no task, no charge.
    Refuse {
        /// The code in the body.
        code: u16,
        /// The text.
        msg: String,
    },
    /// The task fails when its time has come.
    Fail(Line),
    /// It stays `waiting` for ever.
    Stuck,
    /// It succeeds so much later than usual, on the stand-in's clock.
    LateBy {
        /// How much.
        millis: u64,
    },
    /// The task is created and the connection dropped.
    DropAfterAccept,
    /// The connection is dropped and no task created.
    DropBefore,
    /// The task is created and the answer comes after so much real time.
    AnswerAfter {
        /// How much.
        millis: u64,
    },
    /// A gateway's HTML page with status 502, and no task.
    HtmlBefore,
    /// The same page, but the task was created.
    HtmlAfter,
    /// The task is created and the answer is cut in the middle of its JSON.
    BrokenAfter,
    /// So many polls answer `recordInfo is null`.
    NullPolls {
        /// How many.
        polls: u32,
    },
    /// So many polls of the running task answer truncated JSON.
    BrokenPolls {
        /// How many.
        polls: u32,
    },
    /// So many polls of the running task answer this code: 429, 455, 500, …
    CodePolls {
        /// The code in the body.
        code: u16,
        /// How many.
        polls: u32,
    },
    /// The task succeeds, and its file is served with a fault.
    File {
        /// Which.
        fault: FileFault,
        /// How many downloads are spoiled before the file is served whole.
        times: u32,
    },
}

/// What is wrong with a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFault {
    /// It takes about two seconds of real time.
    Slow,
    /// Half of it comes, then nothing for half a minute, then the end of the connection.
    Stalling,
    /// Half of what Content-Length promises comes, then the end of the connection.
    Truncated,
    /// 404.
    NotFound,
    /// An HTML page with status 200.
    Html,
}

/// What a single poll answers instead of the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollFault {
    /// `recordInfo is null`.
    Null,
    /// Truncated JSON.
    Broken,
    /// This code.
    Code(u16),
}

/// The `number`-th throw of a die that depends on nothing but the seed: 64
/// well-mixed bits (splitmix64).
pub fn throw(seed: u64, number: u64) -> u64 {
    let mut bits = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A random fault in `rate` of all cases (0 to 1); none otherwise.
pub fn chaos(rate: f64, seed: u64, number: u64) -> Option<Outcome> {
    let throws = (throw(seed, 2 * number), throw(seed, 2 * number + 1));
    let share = f64::from(u32::try_from(throws.0 >> 32).unwrap_or(u32::MAX)) / 2f64.powi(32);
    (share < rate).then(|| fault(throws.1))
}

fn fault(throw: u64) -> Outcome {
    match throw % 12 {
        0 => Outcome::HtmlBefore,
        1 => Outcome::HtmlAfter,
        2 => Outcome::DropBefore,
        3 => Outcome::DropAfterAccept,
        4 => Outcome::BrokenAfter,
        5 => Outcome::Refuse { code: 500, msg: "System busy, please try again".to_owned() },
        6 => Outcome::Fail(Line::new(INTERNAL.0, INTERNAL.1)),
        7 => Outcome::NullPolls { polls: 2 },
        8 => Outcome::BrokenPolls { polls: 2 },
        9 => Outcome::CodePolls { code: 455, polls: 2 },
        10 => Outcome::File { fault: FileFault::Truncated, times: 1 },
        _ => Outcome::File { fault: FileFault::NotFound, times: 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaos_comes_as_often_as_asked_and_repeats_with_its_seed() {
        let faults = |rate: f64| (0..10_000).filter_map(|n| chaos(rate, 7, n)).count();
        assert_eq!(faults(0.0), 0);
        assert_eq!(faults(1.0), 10_000);
        assert!((2_800..3_200).contains(&faults(0.3)));
        assert_eq!(chaos(0.5, 9, 3), chaos(0.5, 9, 3));
    }

    #[test]
    fn an_outcome_reads_as_json() {
        let fail = Outcome::Fail(Line::new("500", "Internal Error"));
        let json = r#"{"outcome":"fail","code":"500","text":"Internal Error"}"#;
        assert_eq!(serde_json::to_string(&fail).unwrap(), json);
        assert_eq!(serde_json::from_str::<Outcome>(json).unwrap(), fail);
    }
}
