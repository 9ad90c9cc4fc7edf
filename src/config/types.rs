//! Values of the wrong type: each is told with its line and what to write, all in one go.

use std::slice;

use toml::{Table, Value, de::DeValue};

use crate::config::{
    findings::{self, Finding},
    mistyped::{Fits, Given, described},
    options::known,
    settings::Config,
    syntax::line_number,
};

/// The lists of tables, with a row that has every option of theirs.
const ROWS: [(&str, &str); 2] = [
    ("presets", "id = \"a\"\nlabel = { ru = \"а\", en = \"a\" }\nidea = \"a\"\nsample = \"a\""),
    (
        "models",
        "slug = \"a\"\nimage = { name = \"i\", shape = \"list\" }\n\
         duration = { name = \"d\", shape = \"number\", allowed = [5] }\n\
         aspect = { name = \"a\", portrait = \"p\", landscape = \"l\" }\nextra = {}\n\
         longest_prompt = 2000\ncredits = 1",
    ),
];

/// Takes the values out of a table, which was read from `text`, that the config cannot have; in a
/// row another stands in the place of each. What has no name there is left alone.
pub(crate) fn take_mistyped(table: &mut Table, text: &str) -> Vec<Finding> {
    let lines = Lines::of(text);
    let mut findings = Vec::new();
    for (section, known) in known() {
        let Some(value) = table.get_mut(&section) else { continue };
        let line = lines.of_key(&[&section]);
        if let Some((_, row)) = ROWS.iter().find(|(name, _)| *name == section) {
            let row: Table = toml::from_str(row).unwrap_or_default();
            findings.extend(take_from_rows(&section, value, &row, &lines));
            continue;
        }
        match (value, known) {
            (Value::Table(given), Value::Table(known)) => {
                for (name, known) in known {
                    let Some(value) = given.get(&name) else { continue };
                    let key = format!("{section}.{name}");
                    let holder = |value| {
                        Table::from_iter([(
                            section.clone(),
                            Table::from_iter([(name.clone(), value)]).into(),
                        )])
                    };
                    let option =
                        Given { key, name: &name, line: lines.of_key(&[&section, &name]), known };
                    let found = option.faults(value, &|value| probe(holder(value)));
                    if !found.is_empty() {
                        given.remove(&name);
                    }
                    findings.extend(found);
                }
            }
            (value, _) => {
                let problem =
                    format!("in line {line} is {}, not a section", described(&section, value));
                let hint = format!("write [{section}] on a line of its own, and its options below");
                findings.push(Finding { key: section.clone(), problem, hint });
                table.remove(&section);
            }
        }
    }
    findings.sort_by_key(|finding| line_in(&finding.problem));
    findings
}

/// Whether the config can be made of these values.
fn probe(table: Table) -> Result<(), String> {
    table.try_into::<Config>().map(drop).map_err(|error| error.message().to_owned())
}

/// The line that a problem names.
fn line_in(problem: &str) -> usize {
    let digits = problem.split("in line ").nth(1).and_then(|rest| rest.split([' ', ':']).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

fn take_from_rows(
    section: &str,
    value: &mut Value,
    model: &Table,
    lines: &Lines<'_>,
) -> Vec<Finding> {
    let line = lines.of_key(&[section]);
    let Value::Array(rows) = value else {
        let problem =
            format!("in line {line} is {}, not a list of them", described(section, value));
        let hint =
            format!("write [[{section}]] on a line of its own before each, its options below");
        *value = Value::Array(Vec::new());
        return vec![Finding { key: section.to_owned(), problem, hint }];
    };
    let mut findings = Vec::new();
    for (index, row) in rows.iter_mut().enumerate() {
        let number = (index + 1).to_string();
        let Value::Table(given) = row else {
            let problem = format!("in line {line} has {} in its list", described(section, row));
            let hint =
                format!("write [[{section}]] on a line of its own before each, its options below");
            findings.push(Finding { key: section.to_owned(), problem, hint });
            let usual = |(name, known): (&String, &Value)| {
                (name.clone(), stand_in(name, known, line + index))
            };
            *row = model.iter().map(usual).collect::<Table>().into();
            continue;
        };
        let name = ["id", "slug"].iter().find_map(|name| given.get(*name)?.as_str());
        let title = name.map_or(format!("{section} {number}"), |name| findings::row(section, name));
        let holder =
            |row: Table| Table::from_iter([(section.to_owned(), Value::Array(vec![row.into()]))]);
        let path = vec![section.to_owned(), number];
        let at = Place { before: format!("{title}: "), path, lines };
        findings.extend(take_from_row(&at, given, model, &|row| probe(holder(row))));
    }
    findings
}

/// Where a row, or a table in it, is.
struct Place<'a> {
    /// What stands before the names of its options.
    before: String,
    path: Vec<String>,
    lines: &'a Lines<'a>,
}

impl Place<'_> {
    fn line_of(&self, name: &str) -> usize {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain([name]).collect();
        self.lines.of_key(&path)
    }
}

fn take_from_row(
    at: &Place<'_>,
    given: &mut Table,
    model: &Table,
    fits: Fits<'_, Table>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, known) in model {
        let key = format!("{}{name}", at.before);
        let with = |value: Value| {
            let mut row = model.clone();
            row.insert(name.clone(), value);
            fits(row)
        };
        let Some(value) = given.get_mut(name) else {
            let mut without = model.clone();
            without.remove(name);
            if fits(without).is_err() {
                let line = at.lines.of_key(&at.path.iter().map(String::as_str).collect::<Vec<_>>());
                let problem = format!("is missing in line {line} and below");
                let hint = format!("add {name} = {known}");
                findings.push(Finding { key, problem, hint });
                given.insert(name.clone(), stand_in(name, known, line));
            }
            continue;
        };
        let line = at.line_of(name);
        match (value, known) {
            (Value::Table(inner), Value::Table(known)) if !known.is_empty() => {
                let path = [at.path.as_slice(), slice::from_ref(name)].concat();
                let at = Place { before: format!("{key}."), path, lines: at.lines };
                findings.extend(take_from_row(&at, inner, known, &|inner| with(inner.into())));
            }
            (value, known) => {
                let option = Given { key, name, line, known: known.clone() };
                let found = option.faults(value, &with);
                if !found.is_empty() {
                    *value = stand_in(name, known, line);
                }
                findings.extend(found);
            }
        }
    }
    findings
}

/// What stands in the place of a value that was taken out: no second row has that name.
fn stand_in(name: &str, known: &Value, line: usize) -> Value {
    match name {
        "id" | "slug" => format!("line-{line}").into(),
        _ => known.clone(),
    }
}

/// The lines of the names in a file.
struct Lines<'a> {
    text: &'a str,
    root: Option<DeValue<'a>>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let root = toml::de::DeTable::parse(text).ok();
        Self { text, root: root.map(|table| DeValue::Table(table.into_inner())) }
    }

    /// The line of a name, by its path, in which rows count from 1; as near to it as is known.
    fn of_key(&self, path: &[&str]) -> usize {
        let (mut at, mut line) = (self.root.as_ref(), 1);
        for part in path {
            let next = match at {
                Some(DeValue::Table(table)) => {
                    let found = table.iter().find(|(name, _)| name.get_ref() == part);
                    found.map(|(name, value)| (name.span(), value))
                }
                Some(DeValue::Array(rows)) => {
                    let index = part.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                    index.and_then(|index| rows.get(index)).map(|row| (row.span(), row))
                }
                _ => None,
            };
            let Some((span, value)) = next else { break };
            line = line_number(self.text.get(..span.start).unwrap_or_default());
            at = Some(value.get_ref());
        }
        line
    }
}
