//! What comes from outside as it should never be: made up, or a valid text broken
//! in the ways in which texts break. One source for the tests of every module.
#![cfg(test)]
#![allow(dead_code, reason = "tests/it borrows this file and needs a part of it")]
#![allow(missing_docs, clippy::must_use_candidate)]

use std::{fmt, ops::Deref};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use serde_json::Value;

/// How deep nesting goes: far beyond any parser's patience, and any stack's.
pub(crate) const DEEP: usize = 100_000;

/// JSON for the place of any value: other types, numbers that fit nowhere, halves
/// of characters, white space, addresses that are none.
const ODD: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "200",
    "200.0",
    "1e999",
    "-1e999",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "\"\"",
    "\" \\n\"",
    "\"200\"",
    "\"success\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u0000\\u202e\\ufeff\"",
    "\"<b>&lt\"",
    "\"file:///etc/passwd\"",
    "\"https://\"",
    "\"{\\\"resultUrls\\\":[{}]}\"",
    "[]",
    "[[],{}]",
    "{}",
    "{\"\":null}",
    "[",
    "}",
];

/// Bytes that are put in between others: invalid UTF-8, an encoded half of a pair,
/// marks of order, zeros, brackets, quotes.
const PIECES: &[&[u8]] = &[
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\r\n",
    b"\"",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"(",
    b"<",
    b"&",
    b"=",
    b"99999999999999999999",
    "🎬".as_bytes(),
];

/// Bytes that show as text where a test fails, and not whole if they are many.
#[derive(Clone)]
pub(crate) struct Bytes(pub Vec<u8>);

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = &self.0[..self.0.len().min(500)];
        write!(f, "{} bytes: {}", self.0.len(), head.escape_ascii())
    }
}

/// One way in which bytes break.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Cut(Index),
    Drop(Index, usize),
    Double(Index, usize),
    Put(Index, &'static [u8]),
    Flood(Index, &'static [u8]),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        2 => at().prop_map(Damage::Cut),
        2 => (at(), 1..40_usize).prop_map(|(at, length)| Damage::Drop(at, length)),
        2 => (at(), 1..40_usize).prop_map(|(at, length)| Damage::Double(at, length)),
        3 => (at(), select(PIECES)).prop_map(|(at, piece)| Damage::Put(at, piece)),
        1 => (at(), select(PIECES)).prop_map(|(at, piece)| Damage::Flood(at, piece)),
    ]
}

impl Damage {
    fn strike(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let whole = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(whole)] ^= 1 << bit,
            Self::Cut(at) => bytes.truncate(at.index(whole)),
            Self::Drop(at, length) => {
                let from = at.index(whole);
                bytes.drain(from..(from + length).min(whole));
            }
            Self::Double(at, length) => {
                let from = at.index(whole);
                let to = (from + length).min(whole);
                bytes.extend_from_within(from..to);
                bytes[from..].rotate_right(to - from);
            }
            Self::Put(at, piece) => put(bytes, at.index(whole), piece),
            Self::Flood(at, piece) => put(bytes, at.index(whole), &piece.repeat(DEEP / 10)),
        }
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// Bytes of any kind, and those of valid texts with one to four kinds of damage.
pub(crate) fn bytes(valid: &[Vec<u8>]) -> BoxedStrategy<Bytes> {
    let broken = (select(valid.to_vec()), vec(damage(), 1..5)).prop_map(|(mut bytes, damages)| {
        for damage in &damages {
            damage.strike(&mut bytes);
        }
        bytes
    });
    prop_oneof![1 => any::<Vec<u8>>(), 6 => broken].prop_map(Bytes).boxed()
}

/// As [`bytes`], where a text is wanted: what is not UTF-8 is replaced.
pub(crate) fn texts(valid: &[String]) -> BoxedStrategy<String> {
    let valid: Vec<Vec<u8>> = valid.iter().map(|text| text.clone().into_bytes()).collect();
    bytes(&valid).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).boxed()
}

/// As [`bytes`], and the same documents with a value of theirs replaced by an odd
/// one, written twice, or nested too deep.
pub(crate) fn documents(valid: &[Value]) -> BoxedStrategy<Bytes> {
    let plain: Vec<Vec<u8>> = valid.iter().map(|value| value.to_string().into_bytes()).collect();
    let twisted = (select(valid.to_vec()), any::<Index>(), odd(), any::<bool>())
        .prop_map(|(value, at, odd, twice)| Bytes(twisted(value, at, &odd, twice).into_bytes()));
    prop_oneof![2 => twisted, 1 => bytes(&plain)].boxed()
}

/// JSON of any kind, some of it valid.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(ODD).prop_map(str::to_owned),
        4 => any_json().prop_map(|value| value.to_string()),
        1 => Just("[".repeat(DEEP)),
        1 => Just(format!("{}0{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP))),
        1 => Just(format!("\"{}\"", "*".repeat(DEEP))),
        1 => Just(format!("\"https://h/{}\"", "v".repeat(DEEP))),
        1 => Just("9".repeat(DEEP)),
    ]
}

/// Any JSON value.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z_]{0,8}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Stands where the odd value belongs until the document is text.
const MARK: &str = "the odd value belongs here";

fn twisted(mut value: Value, at: Index, odd: &str, twice: bool) -> String {
    let places = places(&value, String::new());
    let place = &places[at.index(places.len())];
    let spot = value.pointer_mut(place).expect("it was listed");
    let before = std::mem::replace(spot, Value::from(MARK)).to_string();
    let key = place.rsplit('/').next().unwrap_or_default();
    let instead = if twice && !place.is_empty() {
        // In a list this is one item more; in an object the same name again.
        let name = if key.parse::<u32>().is_ok() { String::new() } else { format!("\"{key}\":") };
        format!("{before},{name}{odd}")
    } else {
        odd.to_owned()
    };
    value.to_string().replace(&format!("\"{MARK}\""), &instead)
}

/// The JSON pointers of a value and of all within it.
fn places(value: &Value, here: String) -> Vec<String> {
    let inner: Vec<String> = match value {
        Value::Array(items) => (0..items.len())
            .flat_map(|index| places(&items[index], format!("{here}/{index}")))
            .collect(),
        Value::Object(fields) => {
            fields.iter().flat_map(|(key, value)| places(value, format!("{here}/{key}"))).collect()
        }
        _ => Vec::new(),
    };
    [vec![here], inner].concat()
}
