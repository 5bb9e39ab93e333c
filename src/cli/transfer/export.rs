//! `export`: the cards of a place in the form of another program, with their history where it has room for one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::super::Global;
use super::super::desk::Study;
use super::{Format, extension, write_new};
use crate::content::card::{cards, faces};
use crate::content::front::Kind as FileKind;
use crate::content::scan::File;
use crate::problem::Problem;
use crate::study::ask::{Form, Parsed};
use crate::study::items::Kind;
use crate::study::review::Review;
use crate::study::schedule::{Phase, State};
use crate::text::{clean, count};
use crate::transfer::deck::{bare, file as deck_file, settle};
use crate::transfer::id::{from_guid, origin};
use crate::transfer::{Card, Deck, Shape, anki, apkg, json, refused, table, tag, title};

/// What is to be exported, and how.
pub struct Export<'a> {
    pub file: &'a Path,
    pub place: Option<&'a str>,
    pub format: Format,
    /// Only the rows of the history.
    pub history: bool,
}

fn format(wish: &Export<'_>) -> Result<Format, Box<Problem>> {
    if wish.history {
        return Ok(Format::Json);
    }
    if wish.format != Format::Auto {
        return Ok(wish.format);
    }
    match extension(wish.file).as_str() {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        "tsv" => Ok(Format::Tsv),
        "txt" => Ok(Format::Anki),
        "apkg" => Ok(Format::Apkg),
        "md" => Ok(Format::Hashcards),
        _ => {
            let hint = "End it with .json, .csv, .tsv, .txt (Anki's text), .apkg or .md, or add `--format`.";
            Err(refused("The name of the file does not say what to write.", hint))
        }
    }
}

/// The cards of a place, and what they are called in files.
#[derive(Default)]
struct Found {
    decks: Vec<Deck>,
    /// The items of the cards: what they are called here and there.
    items: HashMap<String, String>,
    /// Cards that need another id in a file: theirs and ours.
    origins: BTreeMap<String, String>,
    /// Situations and questions, which are no cards.
    others: usize,
    left: usize,
}

/// `export`: writes a file that is not there yet.
pub fn export(global: &Global, wish: &Export<'_>) -> Result<String, Box<Problem>> {
    let shown = wish.file.display();
    let format = format(wish)?;
    if format == Format::Obsidian {
        let hint = "Obsidian's plugin reads its cards from notes; write CSV or Markdown instead.";
        return Err(refused("Cards are not written for Obsidian.", hint));
    }
    if wish.file.exists() {
        let what = format!("The file `{shown}` is there already.");
        return Err(refused(what, "Name another one; nothing was written."));
    }
    let study = Study::open(global)?;
    let log = study.store.log()?;
    let found = if wish.history && wish.place.is_none() { Found::default() } else { gather(&study, wish.place)? };
    let none = found.decks.iter().all(|deck| deck.cards.is_empty());
    if none && !wish.history && log.is_empty() || none && format != Format::Json {
        let hint = "Situations and questions are no cards; name a module, a deck or a table. Nothing was written.";
        return Err(refused("There are no cards to export here.".to_owned(), hint));
    }
    let (bytes, rows) = if format == Format::Json {
        let rows: Vec<Review> = match wish.place {
            Some(_) => log.into_iter().filter(|row| found.items.contains_key(&row.item)).collect(),
            None => log,
        };
        // What this program reads again keeps its own names.
        let mut decks = found.decks.clone();
        for card in decks.iter_mut().flat_map(|deck| &mut deck.cards) {
            if let Some(origin) = found.origins.get(&card.id) {
                origin.clone_into(&mut card.id);
            }
        }
        let decks = (!wish.history).then_some(decks.as_slice());
        (json::write(decks, &rows).into_bytes(), rows.len())
    } else {
        written(&study, global, format, &found, &log)?
    };
    let failed = |why: std::io::Error| {
        let what = format!("`{shown}` cannot be written: {why}.");
        refused(what, "Name a file in a folder that you may write to.")
    };
    let half = wish.file.with_extension(format!("{}.part", std::process::id()));
    let done = write_new(&half, &bytes).and_then(|()| std::fs::rename(&half, wish.file));
    if done.is_err() {
        let _ = std::fs::remove_file(&half);
    }
    done.map_err(failed)?;
    let cards: usize = found.decks.iter().map(|deck| deck.cards.len()).sum();
    let mut out = match (wish.history, rows) {
        (true, _) => format!("`{shown}`: {}.\n", count(rows, "row")),
        (false, 0) => format!("`{shown}`: {}.\n", count(cards, "card")),
        (false, _) => format!("`{shown}`: {} and {} of history.\n", count(cards, "card"), count(rows, "row")),
    };
    if found.others > 0 && !wish.history {
        out.push_str(&format!("{} no cards and stay here.\n", are(found.others, "situation or question")));
    }
    if found.left > 0 {
        out.push_str(&format!("{} not written: see `inservice check`.\n", are(found.left, "card")));
    }
    Ok(out)
}

fn are(n: usize, noun: &str) -> String {
    let noun = if n == 1 { noun.to_owned() } else { noun.replace(" or ", "s or ") };
    format!("{} {}", count(n, &noun), if n == 1 { "is" } else { "are" })
}

/// The bytes of a file of cards, and how many rows of history are in it.
fn written(
    study: &Study,
    global: &Global,
    format: Format,
    found: &Found,
    log: &[Review],
) -> Result<(Vec<u8>, usize), Box<Problem>> {
    let text = |text: String| Ok((text.into_bytes(), 0));
    match format {
        Format::Csv => text(table::write(&found.decks, b',')),
        Format::Tsv => text(table::write(&found.decks, b'\t')),
        Format::Hashcards => text(deck_file(&found.decks)),
        Format::Apkg => {
            let clock = global.clock();
            let rows: Vec<Review> = log
                .iter()
                .filter_map(|row| Some(Review { item: found.items.get(&row.item)?.clone(), ..row.clone() }))
                .collect();
            let known = apkg::Known {
                rows: &rows,
                origins: &found.origins,
                scheduler: &study.scheduler,
                now: study.now,
                moment: &|at| clock.moment(at),
            };
            Ok((apkg::write(&found.decks, &known)?, rows.len()))
        }
        Format::Anki | Format::Auto | Format::Json | Format::Obsidian => {
            text(anki::text::write(&found.decks, &found.origins))
        }
    }
}

/// The cards of a place, by deck.
fn gather(study: &Study, place: Option<&str>) -> Result<Found, Box<Problem>> {
    let wanted: Vec<usize> = match place {
        Some(place) => study.items.at(&study.library, study.library.find(place)?),
        None => (0..study.items.len()).collect(),
    };
    let mut by_file: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut found = Found::default();
    for at in wanted {
        let Some(item) = study.items.get(at) else { continue };
        if matches!(item.kind, Kind::Card | Kind::Cell) {
            by_file.entry(item.file).or_default().insert(item.id(&study.library));
        } else {
            found.others += 1;
        }
    }
    for (at, ids) in by_file {
        let Some(file) = study.library.files.get(at) else { continue };
        let text = study.text(at)?;
        let module = study.library.modules.get(file.module);
        let module = module.filter(|module| !module.folder.is_empty()).map_or("", |module| module.title.as_str());
        if file.kind == FileKind::Cards {
            of_deck(file, module, &text, &ids, &mut found);
        } else {
            of_tables(file, module, &text, &ids, &mut found);
        }
    }
    Ok(found)
}

/// What a deck is called elsewhere: its module, its file and its heading, each once.
fn named(parts: &[&str]) -> String {
    let mut out: Vec<String> = Vec::new();
    for part in parts.iter().filter(|part| !part.trim().is_empty()) {
        let part = title(part);
        if out.last() != Some(&part) {
            out.push(part);
        }
    }
    title(&out.join("::"))
}

fn put(found: &mut Found, title: String, card: Card) {
    match found.decks.iter_mut().rev().find(|deck| deck.title == title) {
        Some(deck) => deck.cards.push(card),
        None => found.decks.push(Deck { title, cards: vec![card] }),
    }
}

fn of_deck(file: &File, module: &str, text: &str, ids: &BTreeSet<&str>, found: &mut Found) {
    let parsed = cards(text, file.body, file.headed);
    for card in parsed.cards {
        let own = faces(&card);
        if !own.iter().any(|face| ids.contains(face.id.as_str())) {
            continue;
        }
        let heading = card.deck.and_then(|at| parsed.decks.get(at)).map_or("", |deck| deck.title.as_str());
        let title = named(&[module, &file.title, heading]);
        let before = card.id.clone();
        let mut card = bare(card);
        card.tags.extend(file.tags.iter().filter_map(|text| tag(text)));
        // A card without an id is known by its words; elsewhere it needs a name.
        if origin(&before).is_some() {
            card.id = from_guid(&before);
            found.origins.insert(card.id.clone(), before.clone());
        }
        let Some(card) = settle(card) else {
            found.left += 1;
            continue;
        };
        for face in own {
            let there = face.id.replacen(&before, &card.id, 1);
            found.items.insert(face.id, there);
        }
        put(found, title, card);
    }
}

/// The cells of comparison tables as cards.
fn of_tables(file: &File, module: &str, text: &str, ids: &BTreeSet<&str>, found: &mut Found) {
    let parsed = Parsed::new(file, text);
    // Once it is known a cell is recalled, and not chosen among others.
    let known = State { phase: Phase::Review, ..State::default() };
    let Parsed::Tables(tables) = &parsed else { return };
    for (table, cell) in tables.iter().flat_map(|table| table.cards.iter().map(move |cell| (table, cell))) {
        let Some(ask) = parsed.ask(&cell.id, &known, 0).filter(|_| ids.contains(cell.id.as_str())) else { continue };
        let answer = match ask.form {
            Form::Choice { options, .. } => {
                options.into_iter().filter(|(_, right)| *right).map(|(text, _)| text).collect::<Vec<_>>().join("\n\n")
            }
            _ => ask.answer,
        };
        let id = from_guid(&cell.id);
        let card = Card { id, prompt: ask.prompt, shape: Shape::Answer { answer }, why: ask.why, ..Card::default() };
        match settle(card) {
            Some(card) => {
                found.items.insert(cell.id.clone(), card.id.clone());
                found.origins.insert(card.id.clone(), cell.id.clone());
                put(found, named(&[module, &file.title, &clean(&table.title)]), card);
            }
            None => found.left += 1,
        }
    }
}
