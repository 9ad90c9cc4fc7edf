//! A method's parameters, however they were sent: numbers and objects may be text.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::sandbox::telegram::files::Upload;

/// The parameters of one call.
#[derive(Debug, Default)]
pub struct Params {
    /// Everything but files.
    pub values: Map<String, Value>,
    /// Files by the name of their part.
    pub files: BTreeMap<String, Upload>,
}

/// A file parameter.
#[derive(Clone, Copy, Debug)]
pub enum InputFile<'a> {
    /// Sent along with the call.
    Upload(&'a Upload),
    /// A file id.
    Reference(&'a str),
}

impl Params {
    /// A parameter as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }

    /// A whole number, or text that is one.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::String(text) => text.parse().ok(),
            number => number.as_i64(),
        }
    }

    /// A yes or no.
    pub fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => ["true", "True", "1"].contains(&text.as_str()),
            _ => false,
        }
    }

    /// An object or a list, or text that is its JSON.
    pub fn json(&self, name: &str) -> Option<Value> {
        match self.values.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            value => Some(value.clone()),
        }
    }

    /// A file: in the part of its name, in the part that `attach://…` names, or a reference.
    pub fn file(&self, name: &str) -> Option<InputFile<'_>> {
        if let Some(upload) = self.files.get(name) {
            return Some(InputFile::Upload(upload));
        }
        let text = self.text(name).filter(|text| !text.is_empty())?;
        match text.strip_prefix("attach://") {
            Some(part) => self.files.get(part).map(InputFile::Upload),
            None => Some(InputFile::Reference(text)),
        }
    }

    /// For the log of calls: a file shows as its name and size.
    pub fn to_log(&self) -> Value {
        let mut log = self.values.clone();
        for (name, file) in &self.files {
            log.insert(name.clone(), json!({"file_name": file.name, "file_size": file.size}));
        }
        Value::Object(log)
    }
}

impl From<Vec<(String, String)>> for Params {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let values = pairs.into_iter().map(|(name, value)| (name, Value::String(value)));
        Self { values: values.collect(), files: BTreeMap::new() }
    }
}
