//! `show TABLE --format`: a comparison table for a pipe.

use serde_json::{Map, Value, json};

use super::{Format, Global, SCHEMA};
use crate::content::library::Target;
use crate::content::scan::{File, What};
use crate::content::table::Table;
use crate::packs;
use crate::problem::Problem;
use crate::study::ask::Parsed;
use crate::study::compare::view::View;
use crate::study::compare::{Matrix, copy};

/// A table in a format, with the entities as rows.
pub fn table(global: &Global, place: &str, format: Format) -> Result<String, Box<Problem>> {
    let roots = global.roots();
    let (library, _) = packs::library(&roots)?;
    let none = || {
        let what = format!("`{place}` is no comparison table, so it has no such format.");
        Box::new(Problem::error("no-table", what, "Name a table by the id in its fence."))
    };
    let Target::Entry(at, entry) = library.find(place)? else { return Err(none()) };
    let file = library.files.get(at).ok_or_else(none)?;
    let entry = file.entries.get(entry).filter(|entry| entry.what == What::Table).ok_or_else(none)?;
    let text = packs::text_of(&roots, &library, at)?;
    let Parsed::Tables(tables) = Parsed::new(file, &text) else { return Err(none()) };
    let table = tables.into_iter().find(|table| table.id == entry.id).ok_or_else(none)?;
    let view = View::of_entities(Matrix::of(&table));
    Ok(match format {
        Format::Markdown => copy::markdown(&view),
        Format::Csv => copy::csv(&view),
        _ => format!("{}\n", data(&table, file)),
    })
}

fn data(table: &Table, file: &File) -> Value {
    let rows = table.entities.iter().zip(&table.values).map(|(entity, row)| {
        let values: Map<String, Value> =
            table.attributes.iter().zip(row).map(|(name, value)| (name.clone(), json!(value.text))).collect();
        json!({ "entity": entity, "values": values })
    });
    let sources = file.sources.iter().map(|source| json!({ "title": source.title, "url": source.url }));
    json!({
        "schema": SCHEMA, "id": table.id, "title": table.title, "noun": table.noun,
        "entities": table.entities, "attributes": table.attributes, "rows": rows.collect::<Vec<_>>(),
        "as_of": file.as_of, "sources": sources.collect::<Vec<_>>(),
    })
}
