//! Study without a screen: what scripts and pipes need is opened as the program opens it.

use std::borrow::Cow;
use std::path::PathBuf;

use super::{Global, SCHEMA};
use crate::content::library::{Library, Target};
use crate::packs;
use crate::problem::Problem;
use crate::run::world::{self, remembered, scheduler};
use crate::store::Store;
use crate::study::adopt::{orphans, pairs};
use crate::study::ask::{Ask, Parsed};
use crate::study::day::{Moment, iso};
use crate::study::desk::Desk;
use crate::study::items::{Items, Kind};
use crate::study::progress::Progress;
use crate::study::queue::{From, Wish};
use crate::study::review::{Act, Grade, Review, ReviewId};
use crate::study::schedule::{Due, Phase, Scheduler, State};
use serde_json::{Value, json};

/// Everything that a command about study needs.
pub struct Study {
    pub library: Library,
    pub items: Items,
    pub progress: Progress,
    pub scheduler: Scheduler,
    pub store: Store,
    pub now: Moment,
    seed: u64,
    roots: Vec<PathBuf>,
    next: ReviewId,
}

impl Study {
    /// Opens the library and the history.
    pub fn open(global: &Global) -> Result<Self, Box<Problem>> {
        let now = global.clock().now();
        let seed = global.seed.unwrap_or(0);
        let config = global.settings();
        let roots = world::roots(&global.packs, &config);
        let (library, _) = packs::library(&roots)?;
        let mut store = Store::open(&global.data().join("history.db"))?;
        let (kept, mut progress) = remembered(&mut store, now)?;
        let run = store.fresh_run(now.at * 1000 + i64::try_from(seed % 1000).unwrap_or(0));
        let items = Items::new(&library);
        progress.keep_pace(&items, &library);
        Ok(Self {
            items,
            scheduler: scheduler(&config, &kept),
            library,
            progress,
            store,
            now,
            seed,
            roots,
            next: ReviewId { run, ordinal: 1 },
        })
    }

    #[must_use]
    pub fn desk(&self) -> Desk<'_> {
        Desk {
            library: &self.library,
            items: &self.items,
            progress: &self.progress,
            scheduler: &self.scheduler,
            now: self.now,
            seed: self.seed,
        }
    }

    /// The text of a file of the library.
    pub fn text(&self, file: usize) -> Result<Cow<'static, str>, Box<Problem>> {
        packs::text_of(&self.roots, &self.library, file)
    }

    /// The question about a card or a cell.
    pub fn ask(&self, at: usize) -> Result<Option<Ask>, Box<Problem>> {
        let Some(item) = self.items.get(at) else { return Ok(None) };
        let Some(file) = self.library.files.get(item.file) else { return Ok(None) };
        let parsed = Parsed::new(file, &self.text(item.file)?);
        let id = item.id(&self.library);
        Ok(parsed.ask(id, self.progress.state(id), self.seed))
    }

    /// A row about an item, as it happens at a moment.
    pub fn review(&mut self, id: &str, act: Act, when: Moment) -> Review {
        let mut review = Review::new(self.next, id, act, when);
        self.next.ordinal += 1;
        if let Some(item) = self.items.find(&self.library, id).and_then(|at| self.items.get(at)) {
            review.words = item.entry(&self.library).map_or_else(String::new, |entry| entry.title.clone());
            review.place = self.library.files.get(item.file).map_or_else(String::new, |file| file.path.clone());
        }
        review
    }

    /// Writes rows; they are on disk and in the progress when this returns.
    pub fn record(&mut self, rows: &[Review]) -> Result<(), Box<Problem>> {
        let news = self.store.record(rows, &self.scheduler)?;
        self.progress.take(news.rows, news.states);
        Ok(())
    }

    /// The items of a place, or what is meant for today.
    pub fn wish(&self, place: Option<&str>) -> Result<Wish, Box<Problem>> {
        let from = match place {
            Some(place) => From::Place(self.library.find(place)?),
            None => From::Today,
        };
        Ok(Wish { from, ..Wish::default() })
    }
}

/// When a state is due, as scripts read it: a date, or a moment in UTC.
#[must_use]
pub fn due(state: &State) -> Value {
    match state.due {
        Due::Never => Value::Null,
        Due::On(day) => json!(iso(day)),
        Due::At(at) => jiff::Timestamp::from_millisecond(at).map_or(Value::Null, |at| json!(at.to_string())),
    }
}

#[must_use]
pub fn phase(state: &State) -> &'static str {
    match state.phase {
        Phase::New => "new",
        Phase::Learning(_) => "learning",
        Phase::Review => "review",
        Phase::Relearning(_) => "relearning",
    }
}

/// `next`: what would be asked next.
pub fn next(global: &Global, place: Option<&str>, limit: usize, as_json: bool) -> Result<(String, u8), Box<Problem>> {
    let study = Study::open(global)?;
    let desk = study.desk();
    let set = desk.set(&Wish { size: Some(limit), ..study.wish(place)? });
    let code = u8::from(set.is_empty());
    if !as_json {
        let lines: String = set
            .iter()
            .map(|at| {
                let title = study.items.get(*at).and_then(|item| item.entry(&study.library));
                format!("{}  {}\n", desk.id(*at), title.map_or("", |entry| entry.title.as_str()))
            })
            .collect();
        return Ok((if set.is_empty() { "Nothing is due.\n".to_owned() } else { lines }, code));
    }
    let items: Vec<Value> = set
        .iter()
        .filter_map(|at| {
            let item = study.items.get(*at)?;
            let entry = item.entry(&study.library)?;
            let file = study.library.files.get(item.file)?;
            let state = desk.state(*at);
            Some(json!({
                "id": entry.id, "kind": item.kind.name(), "place": format!("{}#{}", file.id, entry.id),
                "prompt": entry.title, "due": due(state), "state": phase(state),
            }))
        })
        .collect();
    Ok((format!("{}\n", json!({ "schema": SCHEMA, "items": items })), code))
}

/// `answer`: a grade from a script, on disk before this returns.
pub fn answer(global: &Global, id: &str, grade: Grade, at: Option<Moment>) -> Result<(String, u8), Box<Problem>> {
    let mut study = Study::open(global)?;
    if study.items.find(&study.library, id).is_none() {
        let hint = "`inservice next --json` gives ids.";
        return Err(Box::new(Problem::error("no-item", format!("There is no item `{id}`."), hint)));
    }
    let when = at.unwrap_or(study.now);
    if when.at > study.now.at {
        let what = "That moment has not come yet.";
        return Err(Box::new(Problem::error("bad-time", what, "Name the moment at which it was answered.")));
    }
    let review = study.review(id, Act::Grade(grade), when);
    let undo = format!("{}:{}", review.id.run, review.id.ordinal);
    study.record(&[review])?;
    let state = study.progress.state(id);
    let told = json!({
        "schema": SCHEMA, "id": id, "grade": grade.name(), "due": due(state),
        "stability": state.memory.map(|memory| memory.stability),
        "difficulty": state.memory.map(|memory| memory.difficulty), "undo": undo,
    });
    Ok((format!("{told}\n"), 0))
}

/// `undo`: takes an answer back, by what `answer` gave or the last one.
pub fn undo(global: &Global, which: Option<&str>) -> Result<(String, u8), Box<Problem>> {
    let mut study = Study::open(global)?;
    let last = study.progress.recent().iter().rev().find(|row| row.answered().is_some()).cloned();
    let row = match which {
        None => last,
        Some(text) => {
            let id = text
                .split_once(':')
                .and_then(|(run, ordinal)| Some(ReviewId { run: run.parse().ok()?, ordinal: ordinal.parse().ok()? }));
            study.store.log()?.into_iter().find(|row| Some(row.id) == id)
        }
    };
    let Some(row) = row else {
        return Err(Box::new(Problem::error("no-answer", "There is no such answer to take back.", "")));
    };
    let review = study.review(&row.item, Act::Void(row.id), study.now);
    study.record(&[review])?;
    Ok((format!("Taken back: {}.\n", row.item), 0))
}

/// Whether an item is asked line by line.
#[must_use]
pub fn plain(kind: Kind) -> bool {
    matches!(kind, Kind::Card | Kind::Cell)
}

/// What `check` says about cards without an id whose words were changed: their history goes on, if there is one.
#[must_use]
pub fn reworded(global: &Global, library: &Library) -> Vec<Problem> {
    let history = global.data().join("history.db");
    let known = Store::open_to_read(&history).and_then(|mut store| {
        let progress = remembered(&mut store, global.clock().now())?.1;
        let items = Items::new(library);
        let lost = store.lost(&orphans(library, &items, &progress))?;
        Ok(pairs(&lost, library, &items, &progress)
            .into_iter()
            .map(|(new, old)| {
                let words = lost.iter().find(|one| one.id == old).map_or("", |one| one.words.as_str()).to_owned();
                (new, words)
            })
            .collect::<Vec<_>>())
    });
    let mut out = Vec::new();
    for (new, words) in known.unwrap_or_default() {
        let Some(Target::Entry(file, entry)) = library.named(&new) else { continue };
        let Some(found) = library.files.get(file) else { continue };
        let line = found.entries.get(entry).map_or(0, |entry| entry.line);
        let what = format!("The card at line {line} goes on with the history of \"{words}\".");
        let hint = "Give it an id, such as `{#warning}`, and its history survives any edit.";
        out.push(Problem::warning("reworded", what, hint).in_file(found.path.clone()));
    }
    out
}
