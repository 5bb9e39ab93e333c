//! `list`: the modules of packs with what is in them.

use serde_json::{Value, json};

use super::SCHEMA;
use crate::content::front::Level;
use crate::content::library::{Counts, Library};
use crate::study::mock::choose::modules as questions_of;
use crate::text::{clean, count, pad};

pub fn list(library: &Library, json: bool) -> String {
    let rows = library
        .modules
        .iter()
        .enumerate()
        .map(|(at, module)| (at, module, library.counts(library.module_files(at).iter())));
    if json {
        let modules: Vec<Value> = rows
            .map(|(at, module, counts)| {
                let about = json!({
                    "id": module.id, "title": module.title, "level": module.level,
                    "weight": module.weight, "as_of": module.as_of,
                    "questions_by_level": by_level(library, Some(at)),
                });
                merged(about, json!(counts))
            })
            .collect();
        let totals = merged(
            json!({ "questions_by_level": by_level(library, None) }),
            json!(library.counts(library.files.iter())),
        );
        return format!("{}\n", json!({ "schema": SCHEMA, "totals": totals, "modules": modules }));
    }
    let mut out = String::new();
    for (_, module, counts) in rows {
        let line = format!("{}  {}  {}", pad(&clean(&module.id), 24), pad(&clean(&module.title), 32), summary(&counts));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let totals = summary(&library.counts(library.files.iter()));
    out.extend([count(library.modules.len(), "module").as_str(), ": ", &totals, "\n"]);
    out
}

/// How many questions of each level there are in a module, or in all.
fn by_level(library: &Library, module: Option<usize>) -> Value {
    let mut sum = [0; 4];
    for (_, counts) in questions_of(library).into_iter().filter(|(at, _)| module.is_none_or(|module| *at == module)) {
        for (sum, count) in sum.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    let levels = Level::ALL.iter().zip(sum).map(|(level, count)| (level.name().to_owned(), count.into()));
    Value::Object(levels.collect())
}

fn merged(mut left: Value, right: Value) -> Value {
    if let (Value::Object(left), Value::Object(right)) = (&mut left, right) {
        left.extend(right);
    }
    left
}

/// What there is, in words, without what there is not.
fn summary(counts: &Counts) -> String {
    let parts = [
        (counts.lessons, "lesson"),
        (counts.tables, "table"),
        (counts.cards + counts.generated_cards, "card"),
        (counts.trees, "tree"),
        (counts.situations, "situation"),
        (counts.questions, "question"),
        (counts.incidents, "incident"),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(n, noun)).collect();
    if parts.is_empty() { "nothing yet".to_owned() } else { parts.join(", ") }
}
