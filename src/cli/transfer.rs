//! `import` and `export`: cards and histories of other programs. Nothing is left half written: files are put together
//! aside and moved into place when everything else is done.

pub mod export;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::Global;
use crate::content::library::Library;
use crate::disk;
use crate::problem::Problem;
use crate::run::world::{MERGED, scheduler};
use crate::store::Store;
use crate::study::review::Review;
use crate::text::{clean, count};
use crate::transfer::pack::{Layout, layout};
use crate::transfer::{Deck, Haul, Setting, anki, apkg, deck, decode, json, merge, obsidian, refused, table};

/// The forms that files may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// By the name of the file and what it holds.
    Auto,
    /// Anki's text files.
    Anki,
    /// Anki's packages.
    Apkg,
    /// Notes for the Spaced Repetition plugin of Obsidian.
    Obsidian,
    Csv,
    Tsv,
    /// Cards and history as this program writes them.
    Json,
    /// Decks of hashcards or of this program.
    Hashcards,
}

/// A text larger than this is not a deck.
const LARGEST: u64 = 64 << 20;

/// What is to be imported, and how.
pub struct Import<'a> {
    pub files: &'a [PathBuf],
    pub format: Format,
    pub into: Option<&'a Path>,
    pub dry: bool,
}

/// One pack that will be written, with what came for it.
struct Parcel {
    folder: PathBuf,
    title: String,
    decks: Vec<Deck>,
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| "cards".to_owned(), |stem| clean(&stem.to_string_lossy()).into_owned())
}

fn extension(path: &Path) -> String {
    path.extension().map_or_else(String::new, |end| end.to_string_lossy().to_lowercase())
}

/// `import`: cards into a pack, history into the log.
pub fn import(global: &Global, wish: &Import<'_>) -> Result<String, Box<Problem>> {
    let clock = global.clock();
    let moment = |at: i64| clock.moment(at);
    let mut parcels: Vec<Parcel> = Vec::new();
    let (mut own, mut foreign): (Vec<Review>, Vec<Review>) = (Vec::new(), Vec::new());
    let mut out = String::new();
    for file in wish.files {
        let title = stem(file);
        let haul = read(file, wish.format, &Setting { title: &title, moment: &moment }).map_err(|mut problem| {
            problem.what = format!("`{}`: {}", file.display(), problem.what);
            problem
        })?;
        if haul.decks.is_empty() && haul.reviews.is_empty() {
            let why: Vec<String> = haul.left.iter().map(|(what, n)| format!("{n} {what}")).collect();
            let why = if why.is_empty() { String::new() } else { format!(" Left out: {}.", why.join("; ")) };
            let what = format!("`{}`: The file holds no card and no history.{why}", file.display());
            return Err(refused(what, "Name another format with `--format`."));
        }
        out.push_str(&told(file, &haul));
        if ours(file, wish.format) { &mut own } else { &mut foreign }.extend(haul.reviews);
        if haul.decks.is_empty() {
            continue;
        }
        let folder = wish.into.map_or_else(|| PathBuf::from(folder_name(&title)), Path::to_path_buf);
        match parcels.iter_mut().find(|parcel| parcel.folder == folder) {
            Some(parcel) => parcel.decks.extend(haul.decks),
            None => {
                let title = wish.into.map_or(title, stem);
                parcels.push(Parcel { folder, title, decks: haul.decks });
            }
        }
    }
    let mut plans = Vec::new();
    for parcel in &parcels {
        let there = there(&parcel.folder)?;
        plans.push((parcel.folder.as_path(), layout(&parcel.decks, &parcel.title, there.as_ref())));
    }
    let place = |rows: &mut Vec<Review>| {
        for row in rows.iter_mut().filter(|row| row.words.is_empty()) {
            if let Some((path, words)) = plans.iter().find_map(|(_, plan)| plan.places.get(&row.item)) {
                path.clone_into(&mut row.place);
                words.clone_into(&mut row.words);
            }
        }
    };
    place(&mut own);
    place(&mut foreign);
    let history = !own.is_empty() || !foreign.is_empty();
    if wish.dry {
        out.push_str("Nothing was written.\n");
        return Ok(out);
    }
    let mut staged = Staged::default();
    for (folder, plan) in &plans {
        staged.put(folder, plan)?;
    }
    if history {
        out.push_str(&remember(global, own, foreign)?);
    }
    staged.move_in()?;
    for (folder, plan) in &plans {
        let shown = folder.display();
        if plan.known > 0 {
            out.push_str(&format!("{} there already and stay as they are.\n", verb(plan.known, "card", "is", "are")));
        }
        if plan.is_empty() {
            out.push_str(&format!("`{shown}` is unchanged.\n"));
        } else {
            out.push_str(&format!("The cards are in `{shown}`: inservice --pack {shown}\n"));
        }
    }
    Ok(out)
}

fn verb(n: usize, noun: &str, one: &str, many: &str) -> String {
    format!("{} {}", count(n, noun), if n == 1 { one } else { many })
}

/// Whether the rows of a file keep the names that they have: this program wrote it.
fn ours(file: &Path, format: Format) -> bool {
    format == Format::Json || (format == Format::Auto && extension(file) == "json")
}

/// The name of a folder for a file: what a shell takes without quotes.
fn folder_name(title: &str) -> String {
    let name: String = title.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "cards".to_owned() } else { name.to_owned() }
}

/// What was found in a file, for a person.
fn told(file: &Path, haul: &Haul) -> String {
    let mut parts = Vec::new();
    if haul.cards() > 0 {
        parts.push(format!("{} in {}", count(haul.cards(), "card"), count(haul.decks.len(), "deck")));
    }
    let answers = haul.reviews.iter().filter(|row| row.answered().is_some()).count();
    let others = haul.reviews.len() - answers;
    if answers > 0 {
        parts.push(count(answers, "answer"));
    }
    if others > 0 {
        parts.push(verb(others, "other row", "of history", "of history"));
    }
    let mut out = format!("`{}`: {}.\n", clean(&file.to_string_lossy()), parts.join(", "));
    if !haul.left.is_empty() {
        out.push_str("Left out:\n");
    }
    for (what, n) in &haul.left {
        out.push_str(&format!("{n:>6}  {}\n", clean(what)));
    }
    out
}

/// Reads a file into a haul.
fn read(file: &Path, format: Format, setting: &Setting<'_>) -> Result<Haul, Box<Problem>> {
    let unreadable = |why: std::io::Error| refused(format!("The file cannot be read: {why}."), "Name a file.");
    let mut opened = fs::File::open(file).map_err(unreadable)?;
    let about = opened.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(refused("This is a folder.", "Name its files, such as `notes/*.md`."));
    }
    let end = extension(file);
    let mut start = [0; 4];
    let packed = (about.is_file() && opened.read(&mut start).is_ok_and(|n| n == 4) && start == *b"PK\x03\x04")
        || ["apkg", "colpkg"].contains(&end.as_str());
    if format == Format::Apkg || (format == Format::Auto && packed) {
        return apkg::read(std::io::BufReader::new(fs::File::open(file).map_err(unreadable)?), setting);
    }
    if about.len() > LARGEST {
        let what = format!("The file is larger than {} MB, which no deck is.", LARGEST >> 20);
        return Err(refused(what, "Split it."));
    }
    let mut bytes = Vec::new();
    let again = fs::File::open(file).map_err(unreadable)?;
    again.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let text = decode(&bytes)?;
    let format = if format == Format::Auto { guess(&end, &text)? } else { format };
    match format {
        Format::Json => json::read(&text, setting),
        Format::Csv => table::read(&text, table::delimiter(&text), setting),
        Format::Tsv => table::read(&text, b'\t', setting),
        Format::Obsidian => Ok(obsidian::read(&text, setting)),
        Format::Hashcards => Ok(deck::read(&text, setting)),
        Format::Anki | Format::Apkg | Format::Auto => anki::text::read(&text, setting),
    }
}

fn guess(end: &str, text: &str) -> Result<Format, Box<Problem>> {
    match end {
        "json" => Ok(Format::Json),
        "md" | "markdown" if deck::looks(text) => Ok(Format::Hashcards),
        "md" | "markdown" => Ok(Format::Obsidian),
        _ if anki::text::looks(text) => Ok(Format::Anki),
        "csv" => Ok(Format::Csv),
        "tsv" => Ok(Format::Tsv),
        "txt" => Ok(Format::Anki),
        _ => Err(refused("The name of the file does not say what it is.", "Name its format with `--format`.")),
    }
}

/// The pack that is in a folder already; `None` where there is none yet.
fn there(folder: &Path) -> Result<Option<Library>, Box<Problem>> {
    let Ok(mut entries) = fs::read_dir(folder) else {
        if folder.exists() {
            return Err(refused(format!("`{}` is a file.", folder.display()), "Name a folder with `--into`."));
        }
        return Ok(None);
    };
    if entries.next().is_none() {
        return Ok(None);
    }
    if !folder.join("pack.toml").is_file() {
        let what = format!("The folder `{}` is there already and is no pack.", folder.display());
        return Err(refused(what, "Name another with `--into`; nothing was written."));
    }
    let mut library = Library::default();
    disk::open(folder, &mut library, &mut |_, _| {})?;
    Ok(Some(library))
}

/// Folders that are written aside and moved into place at the end. What was not moved is removed again.
#[derive(Default)]
struct Staged {
    /// From where, to where.
    moves: Vec<(PathBuf, PathBuf)>,
    made: Vec<PathBuf>,
}

impl Staged {
    fn put(&mut self, folder: &Path, plan: &Layout) -> Result<(), Box<Problem>> {
        if plan.is_empty() {
            return Ok(());
        }
        let failed = |why: std::io::Error| {
            let what = format!("The cards cannot be written to `{}`: {why}.", folder.display());
            refused(what, "Name another folder with `--into`; nothing was written.")
        };
        let aside = |path: &Path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            path.with_file_name(format!(".{name}.{}.part", std::process::id()))
        };
        let whole = plan.header.is_some();
        let root = if whole { aside(folder) } else { folder.to_path_buf() };
        if whole {
            fs::create_dir_all(&root).map_err(failed)?;
            self.made.push(root.clone());
            self.moves.push((root.clone(), folder.to_path_buf()));
        }
        if let Some(header) = &plan.header {
            write_new(&root.join("pack.toml"), header.as_bytes()).map_err(failed)?;
        }
        for one in &plan.folders {
            let target = root.join(&one.name);
            let inside = if whole { target.clone() } else { aside(&target) };
            if target.exists() {
                let what = format!("The folder `{}` is there already.", target.display());
                return Err(refused(what, "Move it away, or name another folder with `--into`."));
            }
            fs::create_dir_all(&inside).map_err(failed)?;
            if !whole {
                self.made.push(inside.clone());
                self.moves.push((inside.clone(), target));
            }
            for (name, text) in &one.files {
                write_new(&inside.join(name), text.as_bytes()).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn move_in(&mut self) -> Result<(), Box<Problem>> {
        for (from, to) in std::mem::take(&mut self.moves) {
            fs::rename(&from, &to).map_err(|why| {
                let what = format!("The cards could not be moved to `{}`: {why}.", to.display());
                refused(what, "Import once more; what was taken already is not taken twice.")
            })?;
            self.made.retain(|made| *made != from);
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for path in &self.made {
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Puts rows into the history that are not there yet.
fn remember(global: &Global, own: Vec<Review>, foreign: Vec<Review>) -> Result<String, Box<Problem>> {
    let config = global.settings();
    let mut store = Store::open(&global.data().join("history.db"))?;
    let scheduler = scheduler(&config, &store.settings()?);
    let mut log = store.log()?;
    let mut fresh = Vec::new();
    let mut known = 0;
    for merged in [merge::own(&log, own), merge::foreign(&log, foreign)] {
        known += merged.known;
        log.extend(merged.fresh.iter().cloned());
        fresh.extend(merged.fresh);
    }
    store.record(&fresh, &scheduler)?;
    if !fresh.is_empty() {
        store.set(MERGED, &global.clock().now().at.to_string())?;
    }
    let kept =
        if known == 0 { String::new() } else { format!("; {} there already", verb(known, "row", "was", "were")) };
    Ok(format!("{} added to the history{kept}.\n", count(fresh.len(), "row")))
}
