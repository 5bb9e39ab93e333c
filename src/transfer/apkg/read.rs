//! Reading a package: every Anki's form, and the newer one with a compressed collection.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use ruzstd::decoding::StreamingDecoder;
use serde_json::Value;
use zip::ZipArchive;

use crate::problem::Problem;
use crate::study::day::{Day, Moment};
use crate::study::review::{Act, Grade, Review};
use crate::transfer::anki::Note;
use crate::transfer::anki::template::Template;
use crate::transfer::id::Names;
use crate::transfer::schedule::{difficulty, noon, of_ease, row as told, seed};
use crate::transfer::{Haul, Setting, refused, tags};

/// A collection larger than this is not taken into memory.
const LARGEST: u64 = 256 << 20;
const DAY: i64 = 86_400_000;
/// Answers before 2000 or after 2200 are a slip of a clock.
const TIMES: std::ops::Range<i64> = 946_684_800_000..7_258_118_400_000;

fn broken(what: &str) -> Box<Problem> {
    refused(what, "Export the deck from Anki once more.")
}

/// Unpacks the newest collection of a package.
fn collection(file: impl Read + Seek) -> Result<Vec<u8>, Box<Problem>> {
    let mut archive = ZipArchive::new(file).map_err(|_| broken("The package is no zip file, or it is cut off."))?;
    let names = ["collection.anki21b", "collection.anki21", "collection.anki2"];
    let Some(name) = names.into_iter().find(|name| archive.index_for_name(name).is_some()) else {
        return Err(broken("The package holds no collection of Anki."));
    };
    let packed = archive.by_name(name).map_err(|_| broken("The collection in the package cannot be read."))?;
    let mut out = Vec::new();
    let damaged = |_| broken("The collection in the package is damaged or cut off.");
    if name.ends_with('b') {
        let opened = StreamingDecoder::new(packed);
        let unpacked = opened.map_err(|_| broken("The collection in the package is damaged or cut off."))?;
        unpacked.take(LARGEST + 1).read_to_end(&mut out).map_err(damaged)?;
    } else {
        packed.take(LARGEST + 1).read_to_end(&mut out).map_err(damaged)?;
    }
    if out.len() as u64 > LARGEST {
        let what = format!("The collection in the package is larger than {} MB.", LARGEST >> 20);
        return Err(refused(what, "Export single decks, without media."));
    }
    if !out.starts_with(b"SQLite format 3\0") || out.len() < 100 {
        return Err(broken("The collection in the package is no database."));
    }
    // A journal of its own file cannot be kept in memory.
    for at in [18, 19] {
        out.get_mut(at).into_iter().for_each(|mode| *mode = 1);
    }
    Ok(out)
}

/// A number of a row, whatever type it was stored with.
fn int(row: &Row<'_>, at: usize) -> i64 {
    match row.get_ref(at) {
        Ok(ValueRef::Integer(value)) => value,
        Ok(ValueRef::Real(value)) => crate::study::whole(value),
        Ok(ValueRef::Text(text)) => std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0),
        _ => 0,
    }
}

fn text(row: &Row<'_>, at: usize) -> String {
    match row.get_ref(at) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Ok(ValueRef::Integer(value)) => value.to_string(),
        Ok(ValueRef::Real(value)) => value.to_string(),
        _ => String::new(),
    }
}

fn bytes(row: &Row<'_>, at: usize) -> Vec<u8> {
    match row.get_ref(at) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.to_vec(),
        _ => Vec::new(),
    }
}

/// A kind of note.
#[derive(Default)]
struct Kind {
    name: String,
    cloze: bool,
    fields: Vec<String>,
    templates: Vec<Template>,
}

struct Collection {
    kinds: HashMap<i64, Kind>,
    decks: HashMap<i64, String>,
    /// The day from which due days are counted.
    first: Day,
}

struct CardRow {
    id: i64,
    note: i64,
    deck: i64,
    ord: u32,
    modified: i64,
    phase: i64,
    queue: i64,
    due: i64,
    days: i64,
    factor: i64,
    data: String,
}

struct Log {
    at: i64,
    ease: i64,
    days: i64,
    before: i64,
    factor: i64,
    took: i64,
    kind: i64,
}

/// Reads a package.
pub fn read(file: impl Read + Seek, setting: &Setting<'_>) -> Result<Haul, Box<Problem>> {
    let bytes = collection(file)?;
    let opened = || -> rusqlite::Result<Connection> {
        let mut connection = Connection::open_in_memory()?;
        connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        // Newer collections sort names with it.
        connection.create_collation("unicase", |a, b| a.to_lowercase().cmp(&b.to_lowercase()))?;
        Ok(connection)
    };
    let gather = |connection: &Connection| -> rusqlite::Result<Option<Haul>> {
        if !tables(connection)? {
            return Ok(None);
        }
        whole(connection, setting).map(Some)
    };
    let found = opened().and_then(|connection| gather(&connection));
    match found {
        Ok(Some(haul)) => Ok(haul),
        Ok(None) => Err(broken("The collection in the package lacks the tables of Anki.")),
        Err(_) => Err(broken("The collection in the package is damaged.")),
    }
}

/// Whether the tables are there, and are plain tables.
fn tables(connection: &Connection) -> rusqlite::Result<bool> {
    let mut query = connection.prepare("SELECT type, name, sql FROM sqlite_master")?;
    let mut rows = query.query([])?;
    let mut plain = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, name, sql) = (text(row, 0), text(row, 1), text(row, 2).to_ascii_lowercase());
        if kind == "table" && sql.trim_start().starts_with("create table") {
            plain.push(name);
        }
    }
    Ok(["col", "notes", "cards", "revlog"].iter().all(|wanted| plain.iter().any(|name| name == wanted)))
}

fn whole(connection: &Connection, setting: &Setting<'_>) -> rusqlite::Result<Haul> {
    let about = about(connection, setting)?;
    let mut cards: BTreeMap<i64, Vec<CardRow>> = BTreeMap::new();
    let mut query = connection.prepare(
        "SELECT id, nid, did, ord, mod, type, queue, due, ivl, factor, data, odue, odid FROM cards ORDER BY nid, ord",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        // A card in a filtered deck belongs to another and is due there.
        let (home, away) = (int(row, 12), int(row, 11));
        let card = CardRow {
            id: int(row, 0),
            note: int(row, 1),
            deck: if home == 0 { int(row, 2) } else { home },
            ord: u32::try_from(int(row, 3)).unwrap_or(u32::MAX),
            modified: int(row, 4),
            phase: int(row, 5),
            queue: int(row, 6),
            due: if home != 0 && away != 0 { away } else { int(row, 7) },
            days: int(row, 8),
            factor: int(row, 9),
            data: text(row, 10),
        };
        cards.entry(card.note).or_default().push(card);
    }
    let mut logs: HashMap<i64, Vec<Log>> = HashMap::new();
    let mut query =
        connection.prepare("SELECT id, cid, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        logs.entry(int(row, 1)).or_default().push(Log {
            at: int(row, 0),
            ease: int(row, 2),
            days: int(row, 3),
            before: int(row, 4),
            factor: int(row, 5),
            took: int(row, 6),
            kind: int(row, 7),
        });
    }
    let mut haul = Haul::default();
    let mut names = Names::default();
    let mut query = connection.prepare("SELECT id, guid, mid, tags, flds FROM notes ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let there = cards.remove(&int(row, 0)).unwrap_or_default();
        let Some(first) = there.first() else { continue };
        let Some(kind) = about.kinds.get(&int(row, 2)) else {
            haul.leave("notes of an unknown kind");
            continue;
        };
        let flds = text(row, 4);
        let fields = flds.split('\u{1f}').enumerate().map(|(n, html)| {
            (kind.fields.get(n).cloned().unwrap_or_else(|| format!("Field {}", n + 1)), html.to_owned())
        });
        let note = Note {
            guid: text(row, 1),
            kind: kind.name.clone(),
            cloze: kind.cloze,
            fields: fields.collect(),
            templates: kind.templates.clone(),
            tags: tags(&text(row, 3)),
            there: Some(there.iter().map(|card| card.ord).collect()),
        };
        let deck = about.decks.get(&first.deck).map_or("", String::as_str);
        let made = note.cards(&mut names, &mut haul);
        for card in &there {
            let log = logs.remove(&card.id).unwrap_or_default();
            let item = made.iter().find_map(|made| made.item(card.ord));
            match item {
                Some((kept, own)) => {
                    let (rows, set) = history(&kept, card, &log, about.first, setting);
                    if let Some(last) = rows.last().filter(|_| kept != own) {
                        let adopted = told(own, Act::Adopt(kept), last.when);
                        haul.reviews.push(adopted);
                    }
                    haul.reviews.extend(rows);
                    (0..set).for_each(|_| haul.leave("dates that were set by hand"));
                }
                None => log.iter().for_each(|_| haul.leave("answers to cards that were not taken")),
            }
        }
        for made in made {
            haul.put(if deck.is_empty() { setting.title } else { deck }, made.card);
        }
    }
    for _ in logs.into_values().flatten() {
        haul.leave("answers to cards that are not in the package");
    }
    Ok(haul)
}

/// The kinds of notes and the decks, from JSON or from tables of their own.
fn about(connection: &Connection, setting: &Setting<'_>) -> rusqlite::Result<Collection> {
    let (began, models, decks) = connection
        .query_row("SELECT crt, models, decks FROM col", [], |row| Ok((int(row, 0), text(row, 1), text(row, 2))))?;
    let first = (setting.moment)(began.saturating_mul(1000).clamp(TIMES.start, TIMES.end)).day();
    let own: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'notetypes')",
        [],
        |row| row.get(0),
    )?;
    let mut out = Collection { kinds: HashMap::new(), decks: HashMap::new(), first };
    if own {
        tabled(connection, &mut out)?;
        return Ok(out);
    }
    let object = |text: &str| match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    };
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    for (id, deck) in object(&decks) {
        out.decks.insert(id.parse().unwrap_or(0), word(&deck, "name"));
    }
    for (id, model) in object(&models) {
        let list = |key: &str| model.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let templates = (0..).zip(list("tmpls")).map(|(n, template)| Template {
            ord: template.get("ord").and_then(Value::as_u64).and_then(|ord| u32::try_from(ord).ok()).unwrap_or(n),
            front: word(&template, "qfmt"),
            back: word(&template, "afmt"),
        });
        let kind = Kind {
            name: word(&model, "name"),
            cloze: model.get("type").and_then(Value::as_i64) == Some(1),
            fields: list("flds").iter().map(|field| word(field, "name")).collect(),
            templates: templates.collect(),
        };
        out.kinds.insert(id.parse().unwrap_or(0), kind);
    }
    Ok(out)
}

fn tabled(connection: &Connection, out: &mut Collection) -> rusqlite::Result<()> {
    let mut query = connection.prepare("SELECT id, name FROM decks")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        out.decks.insert(int(row, 0), text(row, 1).replace('\u{1f}', "::"));
    }
    let mut query = connection.prepare("SELECT id, name, config FROM notetypes")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let cloze = field(&bytes(row, 2), 1).is_some_and(|value| matches!(value, Wire::Number(1)));
        out.kinds.insert(int(row, 0), Kind { name: text(row, 1), cloze, ..Kind::default() });
    }
    let mut query = connection.prepare("SELECT ntid, ord, name FROM fields")?;
    let mut rows = query.query([])?;
    let mut fields: BTreeMap<(i64, i64), String> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        fields.insert((int(row, 0), int(row, 1)), text(row, 2));
    }
    for ((kind, _), name) in fields {
        out.kinds.entry(kind).or_default().fields.push(name);
    }
    let mut query = connection.prepare("SELECT ntid, ord, config FROM templates")?;
    let mut rows = query.query([])?;
    let mut templates: BTreeMap<(i64, i64), Template> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let config = bytes(row, 2);
        let format = |number| match field(&config, number) {
            Some(Wire::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        let ord = u32::try_from(int(row, 1)).unwrap_or(u32::MAX);
        templates.insert((int(row, 0), int(row, 1)), Template { ord, front: format(1), back: format(2) });
    }
    for ((kind, _), template) in templates {
        out.kinds.entry(kind).or_default().templates.push(template);
    }
    Ok(())
}

/// A value in the form in which newer collections keep their settings (protocol buffers).
enum Wire<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The first field of a number in a message.
fn field(message: &[u8], wanted: u64) -> Option<Wire<'_>> {
    let mut rest = message;
    while !rest.is_empty() {
        let (key, after) = varint(rest)?;
        let (value, after) = match key & 7 {
            0 => varint(after).map(|(value, after)| (Wire::Number(value), after))?,
            1 => (Wire::Bytes(after.get(..8)?), after.get(8..)?),
            2 => {
                let (length, after) = varint(after)?;
                let length = usize::try_from(length).ok()?;
                (Wire::Bytes(after.get(..length)?), after.get(length..)?)
            }
            5 => (Wire::Bytes(after.get(..4)?), after.get(4..)?),
            _ => return None,
        };
        if key >> 3 == wanted {
            return Some(value);
        }
        rest = after;
    }
    None
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (n, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(n * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(n + 1..)?));
        }
    }
    None
}

/// Stability of some days, and the difficulty that a factor of the log or of a card says.
fn memory(factor: i64, days: i64) -> (f32, f32) {
    let days = days.clamp(1, 36_500);
    #[expect(clippy::cast_possible_truncation, reason = "both are small numbers")]
    let (factor_of, days_of) = ((factor as f64 / 1000.0) as f32, days as f64 as f32);
    if (100..=1100).contains(&factor) { (days_of, difficulty(factor)) } else { of_ease(factor_of, days_of) }
}

/// The rows that a card of Anki stands for, and how many were left out because somebody set a date.
fn history(item: &str, card: &CardRow, logs: &[Log], first: Day, setting: &Setting<'_>) -> (Vec<Review>, usize) {
    let mut rows: Vec<Review> = Vec::new();
    let mut set = 0;
    for log in logs.iter().filter(|log| TIMES.contains(&log.at)) {
        let when = (setting.moment)(log.at);
        let grade = u32::try_from(log.ease).ok().and_then(Grade::from_number);
        let Some(grade) = grade else {
            if log.days == 0 || log.factor == 0 {
                rows.push(told(item, Act::Forget, when));
            } else if rows.is_empty() && log.days > 0 {
                rows.push(seed(item, memory(log.factor, log.days), when.day() + log.days.min(36_500), when));
            } else {
                set += 1;
            }
            continue;
        };
        // The log begins in the middle: what was before is told by its interval.
        if rows.is_empty() && [1, 2].contains(&log.kind) && log.before > 0 {
            let before = (setting.moment)(log.at - log.before.min(36_500) * DAY);
            rows.push(seed(item, memory(log.factor, log.before), before.day() + log.before.min(36_500), before));
        }
        let act = if log.kind == 3 && log.factor == 0 { Act::Cram(grade) } else { Act::Grade(grade) };
        rows.push(Review { took: u32::try_from(log.took).unwrap_or(0), ..told(item, act, when) });
    }
    let answered = rows.iter().any(|row| row.grade().is_some());
    let forgotten = rows.iter().rev().find(|row| row.answered().is_none());
    let forgotten = forgotten.is_some_and(|row| row.act == Act::Forget);
    if !answered && !forgotten && [2, 3].contains(&card.phase) && card.days > 0 {
        let known = rows.iter().find(|row| matches!(row.act, Act::Seed { .. })).map(|row| row.when);
        rows.retain(|row| !matches!(row.act, Act::Seed { .. }));
        rows.push(scheduled(item, card, known, first, setting));
    }
    if card.queue == -1 {
        let when = (setting.moment)(card.modified.saturating_mul(1000).clamp(TIMES.start, TIMES.end));
        rows.push(told(item, Act::Suspend, when));
    }
    rows.sort_by_key(Review::order);
    (rows, set)
}

/// The schedule of a card of which no answer is told.
fn scheduled(item: &str, card: &CardRow, known: Option<Moment>, first: Day, setting: &Setting<'_>) -> Review {
    let data: Value = serde_json::from_str(&card.data).unwrap_or_default();
    let days = card.days.clamp(1, 36_500);
    let due = if card.due > 1_000_000 {
        (setting.moment)(card.due.saturating_mul(1000).clamp(TIMES.start, TIMES.end)).day()
    } else {
        first + card.due.clamp(-200_000, 1_000_000)
    };
    let last = data.get("lrt").and_then(Value::as_i64).map(|at| at.saturating_mul(1000));
    let last = last.filter(|at| TIMES.contains(at)).map(setting.moment);
    let when = known.or(last).unwrap_or_else(|| noon(due - days, setting.moment));
    #[expect(clippy::cast_possible_truncation, reason = "the numbers were written from such floats")]
    let number = |key: &str| data.get(key).and_then(Value::as_f64).map(|value| value as f32);
    let memory = match (number("s"), number("d")) {
        (Some(stability), Some(difficulty)) if stability > 0.0 && difficulty > 0.0 => {
            (stability.clamp(0.001, 36_500.0), difficulty.clamp(1.0, 10.0))
        }
        _ => memory(card.factor, days),
    };
    seed(item, memory, due, when)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_field_by_field() {
        let message = [0x08, 0x01, 0x12, 0x03, b'a', b'b', b'c', 0x18, 0xac, 0x02];
        assert!(matches!(field(&message, 1), Some(Wire::Number(1))));
        assert!(matches!(field(&message, 2), Some(Wire::Bytes(b"abc"))));
        assert!(matches!(field(&message, 3), Some(Wire::Number(300))));
        for cut in [&message[..5], &[0xff; 12], &[0x0f]] {
            assert!(field(cut, 9).is_none());
        }
    }
}
