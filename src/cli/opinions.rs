//! What people think of the videos of each idea, for `reelbot stats`.

use serde_json::{Value, json};

use crate::cli::table::{numbers, table, words};
use crate::store::votes::Opinion;

/// For people: nothing where nobody has voted.
pub(crate) fn text(opinions: &[Opinion]) -> String {
    if opinions.is_empty() {
        return String::new();
    }
    let row = |Opinion { preset, up, down }: &Opinion| {
        let name = preset.as_deref().unwrap_or("(own words)").to_owned();
        vec![name, up.to_string(), down.to_string()]
    };
    let columns = [words("preset"), numbers("liked"), numbers("disliked")];
    "\n".to_owned() + &table(&columns, opinions.iter().map(row))
}

/// For programs.
pub(crate) fn json(opinions: &[Opinion]) -> Value {
    let one = |Opinion { preset, up, down }: &Opinion| json!({ "preset": preset, "liked": up, "disliked": down });
    opinions.iter().map(one).collect()
}
