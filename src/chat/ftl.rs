//! What the messages of a Fluent file need: variables and other messages.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// What one message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Variables, without their `$`.
    pub variables: BTreeSet<String>,
    /// Other messages.
    pub messages: BTreeSet<String>,
}

/// The messages of a file by key.
pub(crate) fn needs(file: &FluentResource) -> BTreeMap<String, Needs> {
    file.entries()
        .filter_map(|entry| match entry {
            Entry::Message(message) => {
                let mut needs = Needs::default();
                if let Some(pattern) = &message.value {
                    needs.add_pattern(pattern);
                }
                Some((message.id.name.to_owned(), needs))
            }
            _ => None,
        })
        .collect()
}

/// All variables that the message `key` needs, those of the messages within it included.
pub(crate) fn variables(messages: &BTreeMap<String, Needs>, key: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![key];
    while let Some(key) = open.pop() {
        if let Some(needs) = messages.get(key).filter(|_| seen.insert(key)) {
            found.extend(needs.variables.iter().cloned());
            open.extend(needs.messages.iter().map(String::as_str));
        }
    }
    found
}

/// How deep placeables and calls may stand in one another. The parser goes down with
/// them on the stack, and would not stop before its end; no text needs five.
const DEEPEST: usize = 50;

/// Where a file is nested too deep for the parser, if it is. Brackets are counted as
/// they stand, those in "quotes" too: the count is never too low, and begins anew with
/// each message.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if begins_a_message(line) {
            depth = 0;
        }
        let marks = line.find('"').zip(line.rfind('"'));
        for (at, c) in line.char_indices() {
            let quoted = marks.is_some_and(|(first, last)| (first..last).contains(&at));
            match c {
                '{' => depth += 1,
                '(' if depth > 0 => depth += 1,
                '}' | ')' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some(start + at);
            }
        }
        start += line.len();
    }
    None
}

/// Where an escape `\u0041` or `\U01F602` breaks off before a letter that is not ASCII, if one
/// does: there the parser would panic over its own error message.
pub(crate) fn broken_escape(text: &str) -> Option<usize> {
    let breaks_off = |(at, escape): (usize, &str)| {
        let digits = if escape == "\\u" { 4 } else { 6 };
        let rest = &text[at + escape.len()..];
        let given = rest.bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        given < digits && rest[given..].starts_with(|c: char| !c.is_ascii())
    };
    let escapes = text.match_indices("\\u").chain(text.match_indices("\\U"));
    escapes.filter(|escape| breaks_off(*escape)).map(|(at, _)| at).min()
}

/// Whether a line begins so that any parser is back at the top: `name = `.
fn begins_a_message(line: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let rest = line.trim_start_matches(word);
    rest.len() < line.len() && rest.trim_start_matches(' ').starts_with('=')
}

impl Needs {
    fn add_pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.add_expression(expression);
            }
        }
    }

    fn add_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.add_inline(inline),
            Expression::Select { selector, variants } => {
                self.add_inline(selector);
                for variant in variants {
                    self.add_pattern(&variant.value);
                }
            }
        }
    }

    fn add_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.messages.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.add_expression(expression),
            InlineExpression::FunctionReference { arguments, .. } => {
                for argument in &arguments.positional {
                    self.add_inline(argument);
                }
            }
            InlineExpression::StringLiteral { .. }
            | InlineExpression::NumberLiteral { .. }
            | InlineExpression::TermReference { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_messages_within_messages_count() {
        let text = "a = { $x } { b }\nb = { $n ->\n    [one] { $y }\n   *[other] { a }\n}\n";
        let file = FluentResource::try_new(text.to_owned()).unwrap();
        let found = variables(&needs(&file), "a");
        assert_eq!(found, ["n", "x", "y"].map(String::from).into());
    }
}
