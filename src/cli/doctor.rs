//! `doctor`: what is where, what the terminal can do, whether the history is sound, and what to do about it.

use std::io::IsTerminal;
use std::path::Path;

use crate::course;
use crate::problem::Problem;
use crate::run::world::{settings, themes};
use crate::store::Store;
use crate::text::{count, pad};
use crate::theme::{Depth, suitable};
use crate::ui::glyphs;

/// The report, and whether all is well.
#[must_use]
pub fn doctor(config: &Path, data: &Path, environment: impl Fn(&str) -> Option<String> + Copy) -> (String, bool) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let library = course::library();
    rows.push(("version", env!("CARGO_PKG_VERSION").to_owned()));
    let date = library.packs.first().and_then(|pack| pack.as_of.clone()).unwrap_or_default();
    rows.push(("course", format!("{}, facts of {date}", count(library.modules.len(), "module"))));
    let file = config.join("config.toml");
    let state = if file.exists() { "" } else { " (none; the program's own settings are used)" };
    rows.push(("settings", format!("{}{state}", file.display())));
    problems.extend(settings(config).1);
    let (theme, depth) = suitable(environment);
    let (all, found) = themes(config, depth);
    problems.extend(found);
    let names: Vec<&str> = all.iter().map(|theme| theme.name.as_str()).collect();
    rows.push(("themes", names.join(", ")));
    let history = data.join("history.db");
    rows.push(("history", history.display().to_string()));
    match Store::open(&history).and_then(|store| store.sound()) {
        Ok(()) => rows.push(("", "sound".to_owned())),
        Err(problem) => problems.push(*problem),
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    rows.push((
        "terminal",
        if terminal { environment("TERM").unwrap_or_default() } else { "none: this is a pipe".to_owned() },
    ));
    let colours = match depth {
        Depth::None => "none",
        Depth::Sixteen => "16",
        Depth::Indexed => "256",
        Depth::True => "16 million",
    };
    rows.push(("colours", format!("{colours}; the theme that suits is {theme}")));
    let unicode = std::ptr::eq(glyphs::suitable(environment), &raw const glyphs::UNICODE);
    rows.push(("signs", if unicode { "Unicode" } else { "ASCII" }.to_owned()));
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(environment);
    rows.push(("editor", editor.unwrap_or_else(|| "vi (set EDITOR to choose another)".to_owned())));
    let mut out: String = rows.iter().map(|(name, value)| format!("{}  {value}\n", pad(name, 9))).collect();
    for problem in &problems {
        out.push_str(&format!("\n{problem}\n"));
    }
    out.push_str(if problems.is_empty() { "\nAll is well.\n" } else { "\nSomething is wrong; see above.\n" });
    (out, problems.is_empty())
}
