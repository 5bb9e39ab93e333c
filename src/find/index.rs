//! Everything that can be found, in one list: titles at once, the words of the files as they come.

use std::collections::VecDeque;

use super::Kind;
use super::query::{fold, mask};
use crate::command::{COMMANDS, Command, Row, Scope};
use crate::content::front;
use crate::content::library::{Library, Target};
use crate::content::scan::What;
use crate::content::words::Text;

/// Where something stands: a file, one of its entries, a byte. For a module the file is the module's number, for a
/// command that of its row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    file: u32,
    entry: Option<u32>,
    at: u32,
}

/// Something that can be found.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub kind: Kind,
    /// Its title, or the words of a text.
    pub text: &'a str,
    pub(super) folded: &'a str,
    /// Whether these are words behind a title.
    pub inner: bool,
    /// The place that it belongs to; a command has none.
    pub target: Option<Target>,
    /// The byte of its file at which it stands.
    pub at: usize,
    pub command: Option<&'static Row>,
}

#[derive(Default)]
pub struct Index {
    raw: String,
    folded: String,
    /// Where the words of each item end; they begin where those before it end.
    ends: Vec<u32>,
    kinds: Vec<Kind>,
    masks: Vec<u64>,
    inner: Vec<bool>,
    spots: Vec<Spot>,
    /// The number of the title of each file; those of its entries follow it.
    files: Vec<u32>,
    done: Done,
    waiting: VecDeque<(usize, std::vec::IntoIter<Text>)>,
    /// The file whose texts are taken in, and the beginnings of its entries.
    owners: (Option<usize>, Vec<(usize, usize)>),
    /// Another number for every library: words of an older one are not taken.
    generation: u64,
    asked: bool,
    complete: bool,
    /// Bytes of words behind titles.
    taken: usize,
    /// Whether there was more than is kept.
    cut: bool,
}

/// How far the titles are taken in.
#[derive(Default)]
struct Done {
    commands: usize,
    modules: usize,
    files: usize,
    /// Of the file that is in work: its title and then its entries.
    entries: usize,
}

/// Words of files above so many bytes are not kept: whoever opens a library of that size looks for its titles.
const WORDS: usize = 48 * 1024 * 1024;
/// Longer words of one text are cut.
const LONGEST: usize = 4096;
/// What taking in one item costs beside its bytes.
const ITEM: usize = 64;

impl Index {
    /// An index of nothing that follows this one.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { generation: self.generation + 1, ..Self::default() }
    }

    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether the words of the files were asked for.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.asked
    }

    pub fn ask(&mut self) {
        self.asked = true;
    }

    /// Whether it holds fewer words than the files do.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether words of files are still to come.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.asked && !self.complete
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Takes words of a file, to be taken in by [`Self::grow`].
    pub fn add(&mut self, file: usize, texts: Vec<Text>) {
        self.waiting.push_back((file, texts.into_iter()));
    }

    /// All words have come.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// Whether [`Self::grow`] has nothing to do.
    #[must_use]
    pub fn is_grown(&self, library: &Library) -> bool {
        self.titled(library) && self.waiting.is_empty()
    }

    fn titled(&self, library: &Library) -> bool {
        self.done.files >= library.files.len() && self.done.modules >= library.modules.len() && self.done.commands > 0
    }

    /// Takes in what there is, about `budget` bytes of it.
    pub fn grow(&mut self, library: &Library, budget: usize) {
        let mut left = budget;
        while left > 0 {
            let before = self.raw.len();
            if !(self.title(library) || self.words(library)) {
                break;
            }
            left = left.saturating_sub(ITEM + self.raw.len() - before);
        }
    }

    /// Takes in one title; false when there are no more.
    fn title(&mut self, library: &Library) -> bool {
        if let Some(row) = COMMANDS.get(self.done.commands) {
            if offered(row) {
                self.push(Kind::Command, &row.help.replace('`', ""), false, self.done.commands, None, 0);
            }
            self.done.commands += 1;
        } else if let Some(module) = library.modules.get(self.done.modules) {
            let at = self.done.modules;
            let first = library.first_of(at).and_then(|file| library.files.get(file));
            // The lesson of the same name opens the module.
            if first.is_none_or(|file| file.title != module.title) {
                self.push(Kind::Module, &module.title, false, at, None, 0);
            }
            self.done.modules += 1;
        } else if let Some(file) = library.files.get(self.done.files) {
            let at = self.done.files;
            match self.done.entries.checked_sub(1) {
                None => {
                    self.files.push(short(self.len()));
                    self.push(Kind::of_file(file.kind), &file.title, false, at, None, 0);
                }
                Some(n) => {
                    let Some(entry) = file.entries.get(n) else {
                        self.done.files += 1;
                        self.done.entries = 0;
                        return true;
                    };
                    let own = file.kind == front::Kind::Lesson && entry.title == file.title;
                    if let Some(kind) = Kind::of(entry.what).filter(|_| !own) {
                        let marked = entry.title.contains(['`', '*']);
                        let bare = marked.then(|| entry.title.replace('`', "").replace("**", ""));
                        self.push(kind, bare.as_ref().unwrap_or(&entry.title), false, at, Some(n), entry.start);
                    }
                }
            }
            self.done.entries += 1;
        } else {
            return false;
        }
        true
    }

    /// Takes in one text; false when there is none.
    fn words(&mut self, library: &Library) -> bool {
        let Some((file, texts)) = self.waiting.front_mut() else { return false };
        let file = *file;
        let Some(text) = texts.next() else {
            self.waiting.pop_front();
            return true;
        };
        let Some(found) = library.files.get(file) else { return true };
        if self.taken > WORDS {
            self.cut = true;
            self.waiting.clear();
            return false;
        }
        if self.owners.0 != Some(file) {
            let entries = found.entries.iter().enumerate();
            let wanted = |what: What, row: bool| what != What::Cell && (row || what != What::Table);
            let rows = found.kind == front::Kind::Lesson;
            let mut owners: Vec<(usize, usize)> =
                entries.filter(|(_, entry)| wanted(entry.what, rows)).map(|(n, entry)| (entry.start, n)).collect();
            owners.sort_unstable();
            self.owners = (Some(file), owners);
        }
        let owners = &self.owners.1;
        let before = owners.get(..owners.partition_point(|(start, _)| *start <= text.at)).unwrap_or_default();
        // A row belongs to its table; a paragraph behind a table belongs to the section.
        let owner = before.iter().rev().find_map(|(_, n)| {
            let entry = found.entries.get(*n)?;
            let inside = entry.what != What::Table || (text.row && text.at < entry.end);
            inside.then_some((*n, entry.what))
        });
        let kind = match owner {
            _ if text.row => Kind::Row,
            Some((_, what)) if found.kind != front::Kind::Lesson => Kind::of(what).unwrap_or(Kind::Text),
            _ => Kind::Text,
        };
        let words = text.words.get(..text.words.floor_char_boundary(LONGEST)).unwrap_or(&text.words);
        self.taken += words.len();
        self.push(kind, words, true, file, owner.map(|(n, _)| n), text.at);
        true
    }

    fn push(&mut self, kind: Kind, text: &str, inner: bool, file: usize, entry: Option<usize>, at: usize) {
        let start = self.folded.len();
        self.raw.push_str(text);
        fold(text, &mut self.folded);
        self.masks.push(mask(self.folded.get(start..).unwrap_or("")));
        self.ends.push(short(self.raw.len()));
        self.kinds.push(kind);
        self.inner.push(inner);
        self.spots.push(Spot { file: short(file), entry: entry.map(short), at: short(at) });
    }

    /// What stands at a number of the list.
    #[must_use]
    pub fn get(&self, id: usize) -> Option<Item<'_>> {
        let end = long(*self.ends.get(id)?);
        let start = id.checked_sub(1).map_or(0, |before| self.ends.get(before).map_or(0, |end| long(*end)));
        let (kind, spot) = (*self.kinds.get(id)?, self.spots.get(id)?);
        let file = long(spot.file);
        let target = match (kind, spot.entry) {
            (Kind::Command, _) => None,
            (Kind::Module, _) => Some(Target::Module(file)),
            (_, None) => Some(Target::File(file)),
            (_, Some(entry)) => Some(Target::Entry(file, long(entry))),
        };
        Some(Item {
            kind,
            text: self.raw.get(start..end)?,
            folded: self.folded.get(start..end)?,
            inner: *self.inner.get(id)?,
            target,
            at: long(spot.at),
            command: COMMANDS.get(file).filter(|_| kind == Kind::Command),
        })
    }

    pub(super) fn mask(&self, id: usize) -> u64 {
        self.masks.get(id).copied().unwrap_or(0)
    }

    pub(super) fn folded(&self, id: usize) -> &str {
        let end = |id: usize| self.ends.get(id).map_or(0, |end| long(*end));
        self.folded.get(id.checked_sub(1).map_or(0, end)..end(id)).unwrap_or("")
    }

    pub(super) fn kind(&self, id: usize) -> Kind {
        self.kinds.get(id).copied().unwrap_or(Kind::Text)
    }

    pub(super) fn is_inner(&self, id: usize) -> bool {
        self.inner.get(id).copied().unwrap_or(false)
    }

    /// The bytes of an item's words.
    pub(super) fn size(&self, id: usize) -> usize {
        let end = |id: usize| self.ends.get(id).map_or(0, |end| long(*end));
        end(id) - id.checked_sub(1).map_or(0, end)
    }

    /// The number of the title of a place. A module that is called like its first lesson is found by that.
    #[must_use]
    pub fn title_of(&self, target: Target, library: &Library) -> Option<usize> {
        let (from, to) = match target {
            Target::Module(_) => (0, self.files.first()),
            Target::File(file) | Target::Entry(file, _) => (long(*self.files.get(file)?), self.files.get(file + 1)),
        };
        let to = to.map_or(self.len(), |end| long(*end));
        let found =
            (from..to).find(|id| !self.is_inner(*id) && self.get(*id).is_some_and(|item| item.target == Some(target)));
        found.or_else(|| match target {
            Target::Module(module) => self.title_of(Target::File(library.first_of(module)?), library),
            Target::File(_) | Target::Entry(..) => None,
        })
    }

    /// The first words below a title.
    #[must_use]
    pub fn below(&self, target: Target) -> Option<&str> {
        let file = match target {
            Target::Module(_) => return None,
            Target::File(file) | Target::Entry(file, _) => short(file),
        };
        let mut inner = (0..self.len())
            .filter(|id| self.is_inner(*id) && self.spots.get(*id).is_some_and(|spot| spot.file == file))
            .filter_map(|id| self.get(id));
        inner.find(|item| item.target == Some(target)).map(|item| item.text)
    }
}

/// What can be done from everywhere, and what Home leads to.
fn offered(row: &Row) -> bool {
    let own = [Command::Find, Command::Palette, Command::Choose, Command::Quit];
    matches!(row.scope, Scope::Home | Scope::Global) && !own.contains(&row.command)
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn long(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::gather::Gathering;
    use crate::content::words::texts;

    const LESSON: &str = "# Balancing\n\nIntro.\n\n## Timers {#timers}\n\nIdle.\n\n| | Layer |\n|---|---|\n| ALB | 7 |\n\n```toml table\nid = \"lb\"\ntitle = \"Two\"\n```\n\nAfter.\n";
    const CARDS: &str = "Q: How `long`? {#long}\nA: Two minutes.\n";

    fn index() -> (Index, Library) {
        let files = [("m/a.md", LESSON), ("m/b.md", CARDS)];
        let mut gathering = Gathering::new("pack", files.iter().map(|(path, _)| (*path).to_owned()));
        for (path, text) in files {
            gathering.add(path, text);
        }
        let mut library = Library::default();
        gathering.finish(&mut library);
        let mut index = Index::default();
        for (at, (_, text)) in files.iter().enumerate() {
            index.add(at, texts(library.files[at].kind, 0, text));
        }
        (index, library)
    }

    #[test]
    fn texts_belong_to_what_they_stand_under() {
        let (mut index, library) = index();
        index.grow(&library, usize::MAX);
        assert!(index.is_grown(&library));
        let all: Vec<_> = (0..index.len()).filter_map(|id| index.get(id)).collect();
        let shown: Vec<_> = (all.iter().filter(|item| item.kind != Kind::Command))
            .map(|item| (item.kind, item.text, item.inner, item.target))
            .collect();
        let entry = |file, entry| Some(Target::Entry(file, entry));
        assert_eq!(
            shown,
            [
                (Kind::Module, "m", false, Some(Target::Module(0))),
                (Kind::Lesson, "Balancing", false, Some(Target::File(0))),
                (Kind::Section, "Timers", false, entry(0, 1)),
                (Kind::Table, "Two", false, entry(0, 2)),
                (Kind::Deck, "b", false, Some(Target::File(1))),
                (Kind::Card, "How long?", false, entry(1, 0)),
                (Kind::Text, "Intro.", true, entry(0, 0)),
                (Kind::Text, "Idle.", true, entry(0, 1)),
                (Kind::Row, "ALB · Layer: 7", true, entry(0, 2)),
                (Kind::Text, "After.", true, entry(0, 1)),
                (Kind::Card, "Two minutes.", true, entry(1, 0)),
            ]
        );
        assert!(all.iter().any(|item| item.command.is_some_and(|row| row.command == Command::Theme)));
        assert_eq!(index.title_of(Target::Entry(0, 2), &library).and_then(|id| index.get(id)).unwrap().text, "Two");
        assert_eq!(index.below(Target::Entry(0, 1)), Some("Idle."));
    }

    #[test]
    fn growing_bit_by_bit_gives_the_same() {
        let (mut whole, library) = index();
        whole.grow(&library, usize::MAX);
        let (mut slow, _) = index();
        while !slow.is_grown(&library) {
            slow.grow(&library, 1);
        }
        let all = |index: &Index| (0..index.len()).map(|id| format!("{:?}", index.get(id))).collect::<Vec<_>>();
        assert_eq!(all(&whole), all(&slow));
    }
}
