//! Tables and other plain text for people.

use std::io;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets::NOTHING,
};

use crate::cli::{color::Paint, terminal};
use crate::domain::time::Timestamp;

/// The narrowest that a column of free text becomes, in characters.
const NARROWEST: u16 = 14;

/// The head of a column and how it behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    head: &'static str,
    right: bool,
    wraps: bool,
}

/// A column of words, each on one line.
pub(crate) const fn words(head: &'static str) -> Column {
    Column { head, right: false, wraps: false }
}

/// A column of numbers.
pub(crate) const fn numbers(head: &'static str) -> Column {
    Column { head, right: true, wraps: false }
}

/// A column of free text, which is wrapped where the terminal is narrow.
pub(crate) const fn text(head: &'static str) -> Column {
    Column { head, right: false, wraps: true }
}

/// A table for stdout: on a terminal as wide as that, in a pipe as wide as it needs.
pub(crate) fn table(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    draw(columns, rows, terminal::width(), Paint::on(&io::stdout()))
}

fn draw(
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<String>>,
    width: Option<u16>,
    color: Paint,
) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().map(|column| column.head));
    for row in rows {
        table.add_row(row.iter().map(|cell| shown(cell)));
    }
    if let Some(width) = width {
        table.set_width(width);
    }
    for (column, Column { right, wraps, .. }) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 2));
        if *right {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_constraint(match wraps {
            true => ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST)),
            false => ColumnConstraint::ContentWidth,
        });
    }
    let text = table.trim_fmt();
    let (head, body) = text.split_once('\n').unwrap_or((&text, ""));
    format!("{}\n{}\n", color.dim(head), with_colored_marks(body, color))
}

/// Names and values, one pair a line.
pub(crate) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let color = Paint::on(&io::stdout());
    let line = |(name, value): (&str, String)| {
        let name = color.dim(&format!("{name:<11}"));
        format!("{name}{}\n", with_colored_marks(&shown(&value), color))
    };
    pairs.into_iter().map(line).collect()
}

/// Text as it may be shown: what other people wrote must not control the terminal, nor change the
/// direction of the text after it.
pub(crate) fn shown(text: &str) -> String {
    let controls =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if controls(c) { ' ' } else { c }).collect()
}

/// `1 credit`, `5 credits`.
pub(crate) fn count(number: impl Into<i64>, noun: &str) -> String {
    match number.into() {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// Credits at KIE, which have decimals.
pub(crate) fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A time that may be missing, for JSON.
pub(crate) fn iso(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

fn with_colored_marks(line: &str, color: Paint) -> String {
    let line = line.replace('✓', &color.green("✓"));
    line.replace('✗', &color.red("✗")).replace('◌', &color.yellow("◌"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [numbers("no"), words("label"), text("state")];

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_table_has_plain_columns_and_no_space_at_the_ends() {
        let rows = [row(["1", "studio", "✓ on"]), row(["12", "x", ""])];
        assert_eq!(
            draw(&COLUMNS, rows, None, Paint::plain()),
            "no  label   state\n 1  studio  ✓ on\n12  x\n"
        );
    }

    #[test]
    fn only_free_text_is_wrapped_to_the_width() {
        let rows = [row(["1", "studio", "one two three four five six seven eight"])];
        let drawn = draw(&COLUMNS, rows, Some(34), Paint::plain());
        assert!(drawn.lines().all(|line| line.chars().count() <= 34), "{drawn}");
        assert!(drawn.contains(" 1  studio  one two"), "{drawn}");
    }

    #[test]
    fn no_name_controls_the_terminal() {
        let drawn = draw(
            &[words("name")],
            [vec!["a\u{1b}[2Jb\nc\u{202e}d".to_owned()]],
            None,
            Paint::plain(),
        );
        assert_eq!(drawn, "name\na [2Jb c d\n");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            (count(1, "credit"), count(0, "credit")),
            ("1 credit".into(), "0 credits".into())
        );
        assert_eq!((decimal(1250.0), decimal(3.25)), ("1250".into(), "3.2".into()));
    }
}
