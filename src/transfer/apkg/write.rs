//! Writing a package in the form that every Anki imports, with the log of answers and the memory behind each card.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Cursor, Write};

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::problem::Problem;
use crate::study::day::{Day, Moment};
use crate::study::review::{Act, Review, effective};
use crate::study::schedule::{Due, Phase, Scheduler, State};
use crate::transfer::anki::{BASIC, BOTH, CLOZE, CLOZE_FIELDS, FIELDS, made, note};
use crate::transfer::html::unescape;
use crate::transfer::id::to_guid;
use crate::transfer::schedule::steps;
use crate::transfer::{Deck, refused};

/// What is known about the items of the cards.
pub struct Known<'a> {
    pub rows: &'a [Review],
    /// Cards that have another name here than in the package: theirs and ours.
    pub origins: &'a BTreeMap<String, String>,
    pub scheduler: &'a Scheduler,
    pub now: Moment,
    /// The wall clock of a moment in UTC.
    pub moment: &'a dyn Fn(i64) -> Moment,
}

/// The kinds of notes have the same ids in every package, so that Anki knows them again.
const KINDS: [(&str, i64); 3] = [(BASIC, 1_764_057_600_001), (BOTH, 1_764_057_600_002), (CLOZE, 1_764_057_600_003)];

const STYLE: &str = ".card { font-family: sans-serif; font-size: 20px; line-height: 1.5; text-align: left; \
    max-width: 40em; margin: 0 auto; }\n.extra { margin-top: 1em; opacity: 0.75; }\n.cloze { font-weight: bold; }\n";

/// Writes a package.
pub fn write(decks: &[Deck], known: &Known<'_>) -> Result<Vec<u8>, Box<Problem>> {
    let failed = || refused("The package could not be put together.", "Run `inservice doctor`.");
    let base = database(decks, known).map_err(|_| failed())?;
    let pack = || -> zip::result::ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [("collection.anki2", base.as_slice()), ("media", b"{}")] {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    };
    pack().map_err(|_| failed())
}

fn database(decks: &[Deck], known: &Known<'_>) -> rusqlite::Result<Vec<u8>> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.execute_batch("BEGIN")?;
    let mut by_item: HashMap<&str, Vec<Review>> = HashMap::new();
    for row in known.rows {
        by_item.entry(&row.item).or_default().push(row.clone());
    }
    let by_item: HashMap<&str, Vec<Review>> = by_item.into_iter().map(|(item, rows)| (item, effective(rows))).collect();
    let today = known.now.day();
    let earliest = by_item.values().flatten().map(|row| row.when.day()).min().unwrap_or(today);
    // Due days are counted from this one.
    let first = earliest.clamp(today - 20_000, today);
    let mut out = Out { connection: &connection, known, first, next: known.now.at, taken: BTreeSet::new() };
    let mut names = BTreeMap::new();
    for deck in decks {
        let id = out.id();
        names.insert(id, deck.title.as_str());
        for card in &deck.cards {
            out.card(id, card, &by_item)?;
        }
    }
    let about = out.known.now.at / 1000;
    let began = known.now.start_of(first);
    let began = (known.moment)(began).start_of(first) / 1000;
    connection.execute(
        "INSERT INTO col VALUES (1, ?1, ?2, ?2, 11, 0, 0, 0, ?3, ?4, ?5, ?6, '{}')",
        params![
            began,
            known.now.at,
            settings().to_string(),
            kinds(about).to_string(),
            deck_list(&names, about).to_string(),
            options().to_string()
        ],
    )?;
    connection.execute_batch("COMMIT")?;
    Ok(connection.serialize("main")?.to_vec())
}

struct Out<'a> {
    connection: &'a Connection,
    known: &'a Known<'a>,
    first: Day,
    next: i64,
    /// The moments of the log, of which each may be used once.
    taken: BTreeSet<i64>,
}

impl Out<'_> {
    /// A number that nothing else has.
    fn id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn card(
        &mut self,
        deck: i64,
        card: &crate::transfer::Card,
        by_item: &HashMap<&str, Vec<Review>>,
    ) -> rusqlite::Result<()> {
        let (kind, fields) = note(card);
        let id = self.id();
        let model = KINDS.iter().find(|(name, _)| *name == kind).map_or(0, |(_, id)| *id);
        let seconds = self.known.now.at / 1000;
        let tags = if card.tags.is_empty() { String::new() } else { format!(" {} ", card.tags.join(" ")) };
        let sort = unescape(fields.first().map_or("", String::as_str));
        self.connection
            .prepare_cached("INSERT INTO notes VALUES (?1, ?2, ?3, ?4, -1, ?5, ?6, ?7, ?8, 0, '')")?
            .execute(params![
                id,
                self.known.origins.get(&card.id).cloned().unwrap_or_else(|| to_guid(&card.id)),
                model,
                seconds,
                tags,
                fields.join("\u{1f}"),
                sort,
                i64::from(checksum(&sort))
            ])?;
        for (ord, item) in made(card.clone()).items {
            let none = Vec::new();
            let rows = by_item.get(item.as_str()).unwrap_or(&none);
            let number = self.id();
            let state = self.log(number, rows)?;
            self.face(number, id, deck, ord, &state, rows)?;
        }
        Ok(())
    }

    /// One card of Anki with what is known about it.
    fn face(
        &self,
        number: i64,
        note: i64,
        deck: i64,
        ord: u32,
        state: &State,
        rows: &[Review],
    ) -> rusqlite::Result<()> {
        let today = self.known.now.day();
        let last = state.last.map_or(today, Moment::day);
        let at = |due: Due| match due {
            Due::At(at) => at / 1000,
            Due::On(day) => day - self.first,
            Due::Never => 0,
        };
        let days = match state.due {
            Due::On(day) => (day - last).max(1),
            _ => 0,
        };
        let left =
            |steps: usize, at: u8| i64::try_from(steps.saturating_sub(usize::from(at)).max(1)).unwrap_or(1) * 1001;
        let rules = &self.known.scheduler.rules;
        let (kind, queue, due, left) = match state.phase {
            Phase::New => (0, 0, note % 1_000_000, 0),
            Phase::Learning(step) => (1, 1, at(state.due), left(rules.learning.len(), step)),
            Phase::Review => (2, 2, at(state.due), 0),
            Phase::Relearning(step) => (3, 1, at(state.due), left(rules.relearning.len(), step)),
        };
        let days = if kind == 3 { 1 } else { days };
        let suspended = rows.iter().rev().find(|row| row.act == Act::Suspend).filter(|_| state.suspended);
        let modified = suspended.map_or(self.known.now.at, |row| row.when.at) / 1000;
        let queue = if state.suspended { -1 } else { queue };
        let factor = if state.seen() { 2500 } else { 0 };
        self.connection
            .prepare_cached(
                "INSERT INTO cards VALUES (?1, ?2, ?3, ?4, ?5, -1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0, 0, ?14)",
            )?
            .execute(params![
                number,
                note,
                deck,
                ord,
                modified,
                kind,
                queue,
                due,
                days,
                factor,
                state.reps,
                state.lapses,
                left,
                memory(state, rules.retention).to_string()
            ])?;
        Ok(())
    }

    /// Writes the answers to one item and gives the state that they add up to.
    fn log(&mut self, number: i64, rows: &[Review]) -> rusqlite::Result<State> {
        let mut state = State::default();
        let mut before = 0;
        for row in rows {
            let next = self.known.scheduler.after(&state, row);
            let (ease, kind) = match row.act {
                Act::Grade(grade) => match state.phase {
                    Phase::New | Phase::Learning(_) => (grade.number(), 0),
                    Phase::Review => (grade.number(), 1),
                    Phase::Relearning(_) => (grade.number(), 2),
                },
                Act::Cram(grade) => (grade.number(), 3),
                Act::Seed { .. } | Act::Forget => (0, 4),
                Act::Void(_) | Act::Suspend | Act::Resume | Act::Bury | Act::Adopt(_) => {
                    state = next;
                    continue;
                }
            };
            let days = match (&row.act, next.due) {
                (Act::Forget, _) => 0,
                (Act::Cram(_), _) => before,
                (Act::Seed { due, .. }, _) => (due - row.when.day()).max(1),
                (_, Due::On(day)) => (day - row.when.day()).max(1),
                (_, Due::At(at)) => -((at - row.when.at) / 1000).max(1),
                (_, Due::Never) => 0,
            };
            let factor = match (&row.act, next.memory) {
                (Act::Forget | Act::Cram(_), _) | (_, None) => 0,
                (_, Some(memory)) => steps(memory.difficulty),
            };
            // Two answers of one millisecond have no room: the later ones move.
            let mut at = row.when.at;
            while !self.taken.insert(at) {
                at += 1;
            }
            self.connection
                .prepare_cached("INSERT INTO revlog VALUES (?1, ?2, -1, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![at, number, ease, days, before, factor, row.took, kind])?;
            before = days;
            state = next;
        }
        Ok(state)
    }
}

/// What Anki's FSRS knows about a card.
fn memory(state: &State, retention: f32) -> Value {
    let Some(memory) = state.memory else { return json!({}) };
    let last = state.last.map(|last| last.at / 1000);
    json!({ "s": memory.stability, "d": memory.difficulty, "dr": retention, "lrt": last })
}

fn settings() -> Value {
    json!({
        "activeDecks": [1], "curDeck": 1, "curModel": KINDS.first().map(|(_, id)| *id), "nextPos": 1, "estTimes": true,
        "dueCounts": true, "addToCur": true, "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "schedVer": 2,
        "sched2021": true, "sortType": "noteFld", "sortBackwards": false, "dayLearnFirst": false,
    })
}

fn kinds(modified: i64) -> Value {
    let template = |ord: usize, name: &str, front: String, back: String| {
        json!({
            "name": name, "ord": ord, "qfmt": front, "afmt": back, "bqfmt": "", "bafmt": "", "did": null,
            "bfont": "", "bsize": 0,
        })
    };
    let extra = "{{#Extra}}\n<div class=\"extra\">{{Extra}}</div>\n{{/Extra}}";
    let side = |ord: usize, name: &str, asks: &str, answers: &str| {
        let back = format!("{{{{FrontSide}}}}\n\n<hr id=answer>\n\n{{{{{answers}}}}}\n{extra}");
        template(ord, name, format!("{{{{{asks}}}}}"), back)
    };
    let mut out = serde_json::Map::new();
    for (name, id) in KINDS {
        let (kind, names, templates) = match name {
            CLOZE => {
                let back = format!("{{{{cloze:Text}}}}\n{extra}");
                (1, &CLOZE_FIELDS[..], vec![template(0, "Cloze", "{{cloze:Text}}".to_owned(), back)])
            }
            BOTH => {
                let back = side(1, "Back to front", "Back", "Front");
                (0, &FIELDS[..], vec![side(0, "Front to back", "Front", "Back"), back])
            }
            _ => (0, &FIELDS[..], vec![side(0, "Card", "Front", "Back")]),
        };
        let fields: Vec<Value> = names
            .iter()
            .enumerate()
            .map(|(ord, name)| {
                json!({ "name": name, "ord": ord, "sticky": false, "rtl": false, "font": "Arial", "size": 20, "media": [] })
            })
            .collect();
        let asked: Vec<Value> = (0..templates.len()).map(|at| json!([at, "any", [at]])).collect();
        let model = json!({
            "id": id, "name": name, "type": kind, "mod": modified, "usn": -1, "sortf": 0, "did": 1, "tmpls": templates,
            "flds": fields, "css": STYLE, "latexPre": "", "latexPost": "", "latexsvg": false, "req": asked,
            "tags": [], "vers": [],
        });
        out.insert(id.to_string(), model);
    }
    Value::Object(out)
}

fn deck_list(names: &BTreeMap<i64, &str>, modified: i64) -> Value {
    let mut out = serde_json::Map::new();
    for (id, name) in [(1, "Default")].into_iter().chain(names.iter().map(|(id, name)| (*id, *name))) {
        let deck = json!({
            "id": id, "name": name, "mod": modified, "usn": -1, "desc": "", "dyn": 0, "conf": 1, "collapsed": false,
            "browserCollapsed": false, "extendNew": 0, "extendRev": 0, "newToday": [0, 0], "revToday": [0, 0],
            "lrnToday": [0, 0], "timeToday": [0, 0],
        });
        out.insert(id.to_string(), deck);
    }
    Value::Object(out)
}

fn options() -> Value {
    json!({ "1": {
        "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0, "replayq": true,
        "dyn": false,
        "new": { "bury": true, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20 },
        "rev": { "bury": true, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "perDay": 200 },
        "lapse": { "delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0 },
    } })
}

/// The first four bytes of the SHA-1 of a text, by which Anki finds notes that begin alike.
fn checksum(text: &str) -> u32 {
    let mut bytes = text.as_bytes().to_vec();
    let bits = (bytes.len() as u64).wrapping_mul(8);
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend(bits.to_be_bytes());
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in bytes.chunks_exact(64) {
        let mut words: Vec<u32> =
            block.chunks_exact(4).map(|four| four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
        for at in 16..80 {
            let old = |back: usize| words.get(at - back).copied().unwrap_or(0);
            words.push((old(3) ^ old(8) ^ old(14) ^ old(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.into_iter().enumerate() {
            let (mix, constant) = match at {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (kept, new) in state.iter_mut().zip([a, b, c, d, e]) {
            *kept = kept.wrapping_add(new);
        }
    }
    state.first().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_sha_1() {
        assert_eq!(checksum("abc"), 0xa999_3e36);
        assert_eq!(checksum(""), 0xda39_a3ee);
        assert_eq!(checksum(&"a".repeat(200)), 0xe61c_fffe);
    }
}
