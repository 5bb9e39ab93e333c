//! `doctor`: what is where, what the terminal can do, whether the history is sound, and what to do about it.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;

use crate::config::Config;
use crate::course;
use crate::problem::Problem;
use crate::run::world::scheduler;
use crate::run::world::{settings, themes};
use crate::store::Store;
use crate::store::backup::copies;
use crate::study::day::iso;
use crate::study::review::{Act, Review, effective};
use crate::text::{count, pad};
use crate::theme::{Depth, suitable};
use crate::ui::glyphs;

/// The report, and whether all is well.
#[must_use]
pub fn doctor(
    config: &Path,
    data: &Path,
    repair: bool,
    environment: impl Fn(&str) -> Option<String> + Copy,
) -> (String, bool) {
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
    let own = settings(config).0;
    if repair {
        let mended = Store::open(&history).and_then(|mut store| {
            let scheduler = scheduler(&own, &store.settings()?);
            store.rebuild(&scheduler)
        });
        match mended {
            Ok(states) => rows.push(("", format!("computed anew: {}", count(states.len(), "item")))),
            Err(problem) => problems.push(*problem),
        }
    }
    match Store::open(&history).and_then(|store| examine(&store, &own)) {
        Ok(told) => rows.push(("", told)),
        Err(problem) => problems.push(*problem),
    }
    let copies = copies(&history);
    let newest = copies.first().map_or_else(|| "none yet".to_owned(), |(day, _)| format!("newest of {}", iso(*day)));
    rows.push(("copies", format!("{}, {newest}", copies.len())));
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

/// Whether the history is whole, and whether what is known is what the log adds up to.
fn examine(store: &Store, config: &Config) -> Result<String, Box<Problem>> {
    store.sound()?;
    let rows = store.log()?;
    let all = rows.len();
    let scheduler = scheduler(config, &store.settings()?);
    let states = store.states()?;
    // Histories that went over to another id are told by the rows of both; they are left out here.
    let adopted = rows.iter().any(|row| matches!(row.act, Act::Adopt(_)));
    let mut by_item: BTreeMap<&str, Vec<Review>> = BTreeMap::new();
    for row in &rows {
        by_item.entry(&row.item).or_default().push(row.clone());
    }
    let wrong = by_item
        .into_iter()
        .filter(|(item, rows)| {
            let state = scheduler.fold(&effective(rows.clone()));
            !adopted && states.get(*item) != Some(&state)
        })
        .count();
    if wrong > 0 {
        let what = format!("What is known of {} is not what the log adds up to.", count(wrong, "item"));
        let hint = "Rules or parameters changed since: `inservice doctor --repair` computes all anew from the log.";
        return Err(Box::new(Problem::warning("states", what, hint)));
    }
    Ok(format!("sound, {}", count(all, "row")))
}
