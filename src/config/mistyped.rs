//! A value that an option cannot have, in plain words with what to write.

use toml::Value;

use crate::config::{
    duration,
    findings::{Finding, is_secret, without_long_words},
    likeness::most_alike,
};

/// Whether a config can be made with this value or row; the error is its parser's.
pub(crate) type Fits<'a, T> = &'a dyn Fn(T) -> Result<(), String>;

/// An option that the file gives.
pub(crate) struct Given<'a> {
    /// Its dotted name.
    pub key: String,
    /// The last part of that.
    pub name: &'a str,
    /// Where it is.
    pub line: usize,
    /// A value that it may have.
    pub known: Value,
}

/// What an option takes.
enum Kind {
    Text,
    Duration,
    OneOf(Vec<String>),
    /// Text of a form of its own, with what to write.
    Form(String),
    Whole,
    Number,
    Flag,
    Section,
}

impl Kind {
    fn of(known: &Value, fits: Fits<'_, Value>) -> Self {
        match known {
            Value::String(text) if duration::parse(text).is_ok() => Self::Duration,
            Value::String(_) | Value::Datetime(_) => match fits("\u{0}".into()) {
                Err(message) if message.starts_with("unknown variant") => {
                    let names = message.rsplit("expected ").next().unwrap_or_default();
                    Self::OneOf(names.split('`').skip(1).step_by(2).map(str::to_owned).collect())
                }
                Err(message) => {
                    let advice =
                        message.split_once(": ").map_or(message.as_str(), |(_, rest)| rest);
                    Self::Form(advice.to_owned())
                }
                Ok(()) => Self::Text,
            },
            Value::Integer(_) => Self::Whole,
            Value::Float(_) => Self::Number,
            Value::Boolean(_) => Self::Flag,
            Value::Table(_) | Value::Array(_) => Self::Section,
        }
    }
}

impl Given<'_> {
    /// What is wrong with its value, once for each in a list.
    pub(crate) fn faults(&self, value: &Value, fits: Fits<'_, Value>) -> Vec<Finding> {
        if fits(value.clone()).is_ok() {
            return Vec::new();
        }
        let Value::Array(known) = &self.known else {
            let kind = Kind::of(&self.known, fits);
            return vec![self.fault(value, &kind, &self.known)];
        };
        let of_one = |value: Value| fits(Value::Array(vec![value]));
        // A list that is empty by default has ids or texts.
        let [id, text] = [Value::from(123_456_789), "…".into()];
        let usual = if of_one(id.clone()).is_ok() { id } else { text };
        let first = known.first().cloned().unwrap_or(usual);
        let kind = Kind::of(&first, &of_one);
        let Value::Array(given) = value else {
            let problem =
                format!("{} is {}, not a list", self.place(), described(self.name, value));
            let example = if of_one(value.clone()).is_ok() { value.clone() } else { first };
            let hint = format!("write a list: {} = [{example}]", self.name);
            return vec![Finding { key: self.key.clone(), problem, hint }];
        };
        let wrong = given.iter().filter(|value| of_one((*value).clone()).is_err());
        wrong.map(|value| self.fault(value, &kind, &first)).collect()
    }

    fn place(&self) -> String {
        format!("in line {}", self.line)
    }

    fn fault(&self, value: &Value, kind: &Kind, known: &Value) -> Finding {
        let (name, is_list) = (self.name, matches!(self.known, Value::Array(_)));
        let verb = if is_list { "has" } else { "is" };
        let write = |value: &str| {
            if is_list { format!("{name} = [{value}]") } else { format!("{name} = {value}") }
        };
        let usual = write(&known.to_string());
        let text = value.as_str().unwrap_or_default().trim();
        let is_plain = matches!(value, Value::Integer(_) | Value::Float(_));
        let (not, hint) = match kind {
            Kind::Text => {
                let shown = if is_secret(name) { "…".to_owned() } else { bare(value) };
                (", not text", format!("put it in quotes: {}", write(&format!("\"{shown}\""))))
            }
            Kind::Duration if is_plain || text.parse::<f64>().is_ok_and(|number| number >= 0.0) => {
                let unit = format!("\"{}s\"", bare(value).trim());
                (", without a unit", format!("write the unit, in quotes: {}", write(&unit)))
            }
            Kind::Duration => {
                (", not a duration", format!("write it as \"100ms\", \"30s\" or \"2h\": {usual}"))
            }
            Kind::Form(advice) => (", which it cannot be", format!("{advice}: {usual}")),
            Kind::OneOf(names) => {
                let all = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
                let meant = most_alike(&text.to_lowercase(), names.iter().map(String::as_str));
                let hint = match meant {
                    Some(meant) => format!("did you mean {}?", write(&format!("\"{meant}\""))),
                    None => format!("write {}", write(&all.join(" or "))),
                };
                (", which it cannot be", hint)
            }
            Kind::Whole | Kind::Number if text.parse::<f64>().is_ok_and(f64::is_finite) => {
                (", not a number", format!("leave the quotes out: {}", write(text)))
            }
            Kind::Whole if is_plain && value.as_float().is_some() => {
                (", not a whole number", format!("write a whole number: {usual}"))
            }
            Kind::Whole if is_plain => {
                (", which is out of bounds", format!("write a number from 0 up: {usual}"))
            }
            Kind::Whole => (", not a whole number", format!("write a whole number: {usual}")),
            Kind::Number => (", not a number", format!("write a number: {usual}")),
            Kind::Flag => (", not true or false", format!("write true or false: {usual}")),
            Kind::Section => (", not a table", format!("write it as {usual}")),
        };
        let problem = format!("{} {verb} {}{not}", self.place(), described(name, value));
        Finding { key: self.key.clone(), problem, hint }
    }
}

/// A value in words, without secrets.
pub(crate) fn described(name: &str, value: &Value) -> String {
    let shown =
        if is_secret(name) { String::new() } else { without_long_words(&value.to_string()) };
    match value {
        Value::String(_) if shown.is_empty() => "text".to_owned(),
        Value::Integer(_) | Value::Float(_) if shown.is_empty() => "a number".to_owned(),
        Value::String(_) => format!("the text {shown}"),
        Value::Integer(_) | Value::Float(_) => format!("the number {shown}"),
        Value::Boolean(truth) => truth.to_string(),
        Value::Datetime(_) => "a date or time".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a table".to_owned(),
    }
}

/// A value as it would stand in quotes.
fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => without_long_words(text),
        Value::Array(_) | Value::Table(_) => "…".to_owned(),
        other => without_long_words(&other.to_string()),
    }
}
