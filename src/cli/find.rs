//! Finding from the command line, in the order of the program.

use serde_json::{Value, json};

use super::{Global, SCHEMA};
use crate::content::library::Library;
use crate::content::words::texts;
use crate::find::{Hit, Index, Item, Query, Search};
use crate::packs;
use crate::problem::Problem;
use crate::text::{clean, fit, pad, width};

/// Columns of a line, and the most that a place may take of them.
const COLUMNS: usize = 100;
const PLACE: usize = 40;

/// What fits a query; the answer is "no" when nothing does.
pub fn find(global: &Global, query: &str, limit: usize, json: bool) -> Result<(String, u8), Box<Problem>> {
    let roots = global.roots();
    let (library, _) = packs::library(&roots)?;
    let mut index = Index::default();
    for (at, file) in library.files.iter().enumerate() {
        // A file that cannot be read has no words; showing it says why.
        if let Ok(text) = packs::text_of(&roots, &library, at) {
            index.add(at, texts(file.kind, file.body, &text));
        }
    }
    while !index.is_grown(&library) {
        index.grow(&library, usize::MAX);
    }
    let mut search = Search::default();
    search.ask(Query::new(query), &index, &library);
    while !search.step(&index, usize::MAX) {}
    let hits = search.hits(&index);
    let found: Vec<(Hit, Item<'_>)> =
        hits.into_iter().take(limit).filter_map(|hit| Some((hit, index.get(hit.id)?))).collect();
    let code = u8::from(found.is_empty());
    if json {
        let hits: Vec<Value> = found.iter().map(|(hit, item)| as_json(*hit, item, &index, &library)).collect();
        return Ok((format!("{}\n", json!({ "schema": SCHEMA, "query": query, "hits": hits })), code));
    }
    let rows: Vec<(String, &str, &str)> =
        found.iter().map(|(_, item)| (place(item, &library), item.kind.name(), item.text)).collect();
    let wide = rows.iter().map(|(place, ..)| width(&clean(place))).max().unwrap_or(0).min(PLACE);
    let mut out = String::new();
    for (place, kind, text) in rows {
        let place = clean(&place).into_owned();
        // A place is there to be copied: it is never cut.
        let place = if width(&place) > wide { place } else { pad(&place, wide) };
        let room = COLUMNS.saturating_sub(wide + 13).max(20);
        out.push_str(&format!("{place}  {}  {}\n", pad(kind, 9), fit(&clean(text), room)));
    }
    Ok((out, code))
}

fn place(item: &Item<'_>, library: &Library) -> String {
    let key = || item.command.and_then(|row| row.keys.first()).map_or_else(String::new, |key| format!(":{key}"));
    item.target.map_or_else(key, |target| library.place(target))
}

fn as_json(hit: Hit, item: &Item<'_>, index: &Index, library: &Library) -> Value {
    let title = item.target.filter(|_| item.inner).and_then(|target| index.title_of(target, library));
    let title = title.and_then(|id| index.get(id)).map_or(item.text, |title| title.text);
    let below = || item.target.and_then(|target| index.below(target)).unwrap_or("");
    let excerpt = if item.inner { item.text } else { below() };
    json!({
        "place": place(item, library), "kind": item.kind.name(), "title": title, "excerpt": excerpt,
        "score": hit.score,
    })
}
