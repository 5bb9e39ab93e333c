//! The library: every file of the packs that are open, by module, and every name that a place may have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::front::{Kind, Level};
use super::scan::{File, What};
use crate::problem::Problem;
use crate::text::nearest;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    pub packs: Vec<Pack>,
    pub modules: Vec<Module>,
    /// In the order of reading: by module, lessons first.
    pub files: Vec<File>,
    /// The names of modules and files; sorted.
    pub names: Vec<(String, Target)>,
    /// File and entry of what has an id of its own, sorted by id: the ids stand in the entries.
    pub ids: Vec<(usize, usize)>,
    /// Pack and path to the file, so that following a link does not look at every file.
    pub paths: BTreeMap<(usize, String), usize>,
    /// Pack and bare file name to the first such file, for `[[wiki links]]`.
    pub stems: BTreeMap<(usize, String), usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    pub name: String,
    pub title: String,
    pub summary: String,
    pub licence: String,
    pub as_of: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    pub pack: usize,
    /// The folder, from the root of the pack; empty for the root.
    pub folder: String,
    pub id: String,
    pub title: String,
    pub level: Option<Level>,
    pub weight: u8,
    pub summary: String,
    pub prerequisites: Vec<String>,
    pub objectives: Vec<String>,
    pub aka: Vec<String>,
    pub as_of: Option<String>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Target {
    Module(usize),
    File(usize),
    /// A file and one of its entries.
    Entry(usize, usize),
}

/// How much of what there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub lessons: usize,
    pub tables: usize,
    pub decks: usize,
    pub cards: usize,
    pub generated_cards: usize,
    pub trees: usize,
    /// Questions and leaves of trees.
    pub nodes: usize,
    pub leaves: usize,
    pub situations: usize,
    pub questions: usize,
    pub incidents: usize,
}

impl Library {
    /// Where the files of a module stand; files are in the order of their modules.
    #[must_use]
    pub fn module_range(&self, module: usize) -> std::ops::Range<usize> {
        let from = self.files.partition_point(|file| file.module < module);
        from..self.files.partition_point(|file| file.module <= module)
    }

    /// The files of a module.
    #[must_use]
    pub fn module_files(&self, module: usize) -> &[File] {
        self.files.get(self.module_range(module)).unwrap_or_default()
    }

    #[must_use]
    pub fn counts<'a>(&self, files: impl Iterator<Item = &'a File>) -> Counts {
        let mut out = Counts::default();
        for file in files {
            match file.kind {
                Kind::Lesson => out.lessons += 1,
                Kind::Tree => out.trees += 1,
                Kind::Incident => out.incidents += 1,
                Kind::Cards | Kind::Questions => {}
            }
            for entry in &file.entries {
                match entry.what {
                    What::Table => out.tables += 1,
                    What::Cell => out.generated_cards += 1,
                    What::Deck => out.decks += 1,
                    What::Card => out.cards += 1,
                    What::Node => out.nodes += 1,
                    What::Leaf => {
                        out.nodes += 1;
                        out.leaves += 1;
                    }
                    What::Situation => out.situations += 1,
                    What::Question => out.questions += 1,
                    What::Heading(_) | What::Stage => {}
                }
            }
        }
        out
    }

    /// What a place names: an id, `id#fragment`, or a path in the pack.
    pub fn find(&self, place: &str) -> Result<Target, Box<Problem>> {
        if let Some(target) = self.at(place) {
            return Ok(target);
        }
        let (name, fragment) = place.split_once('#').unwrap_or((place, ""));
        let Some(target) = self.target(name) else {
            let hint = nearest(name, self.names())
                .map_or_else(|| "`inservice list` shows all.".to_owned(), |known| format!("Did you mean `{known}`?"));
            return Err(Box::new(Problem::error("no-place", format!("There is no place `{name}`."), hint)));
        };
        let file = self.file_of(target).and_then(|at| self.files.get(at));
        let known = file.map(|file| file.entries.as_slice()).unwrap_or_default();
        let hint = nearest(fragment, known.iter().map(|entry| entry.id.as_str()))
            .map_or_else(String::new, |known| format!("Did you mean `{name}#{known}`?"));
        Err(Box::new(Problem::error("no-place", format!("`{name}` has no `#{fragment}`."), hint)))
    }

    /// What a place names, without a word about what may have been meant.
    #[must_use]
    pub fn at(&self, place: &str) -> Option<Target> {
        let (name, fragment) = place.split_once('#').unwrap_or((place, ""));
        let target = self.target(name)?;
        if fragment.is_empty() {
            return Some(target);
        }
        let file = self.file_of(target)?;
        Some(Target::Entry(file, self.files.get(file)?.fragment(fragment)?))
    }

    /// What a set about a target is called: one item is called by its file.
    #[must_use]
    pub fn title(&self, target: Target) -> &str {
        let file = |at: usize| self.files.get(at).map_or("", |file| file.title.as_str());
        match target {
            Target::Module(at) => self.modules.get(at).map_or("", |module| module.title.as_str()),
            Target::File(at) => file(at),
            Target::Entry(at, entry) => {
                let found = self.files.get(at).and_then(|file| file.entries.get(entry));
                let part = found.filter(|found| matches!(found.what, What::Heading(_) | What::Table | What::Deck));
                part.map_or_else(|| file(at), |part| part.title.as_str())
            }
        }
    }

    /// The file at which a target opens.
    fn file_of(&self, target: Target) -> Option<usize> {
        match target {
            Target::File(file) | Target::Entry(file, _) => Some(file),
            Target::Module(module) => self.first_of(module),
        }
    }

    /// What an id stands for.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Target> {
        if let Ok(at) = self.names.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
            return self.names.get(at).map(|(_, target)| *target);
        }
        let at = self.ids.binary_search_by(|at| self.id(*at).cmp(name)).ok()?;
        self.ids.get(at).map(|(file, entry)| Target::Entry(*file, *entry))
    }

    /// Everything that [`Self::named`] finds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(|(name, _)| name.as_str());
        names.chain(self.ids.iter().map(|at| self.id(*at)))
    }

    fn id(&self, (file, entry): (usize, usize)) -> &str {
        let entry = self.files.get(file).and_then(|file| file.entries.get(entry));
        entry.map_or("", |entry| entry.id.as_str())
    }

    /// An id, a path, or the bare name of a file where only one file has it.
    fn target(&self, name: &str) -> Option<Target> {
        let stem = |file: &File| file.path.rsplit('/').next().and_then(|path| path.strip_suffix(".md")) == Some(name);
        let only = || {
            let mut all = (0..self.files.len()).filter(|at| self.files.get(*at).is_some_and(stem));
            all.next().filter(|_| all.next().is_none()).map(Target::File)
        };
        self.named(name).or_else(|| self.at_path(name)).or_else(only)
    }

    fn at_path(&self, path: &str) -> Option<Target> {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let file = self
            .files
            .iter()
            .position(|file| file.path == path || file.path.strip_suffix(".md").is_some_and(|stem| stem == path));
        file.map(Target::File).or_else(|| {
            self.modules.iter().position(|module| !path.is_empty() && module.folder == path).map(Target::Module)
        })
    }

    /// A place by which [`Self::find`] finds this target again.
    #[must_use]
    pub fn place(&self, target: Target) -> String {
        let (file, entry) = match target {
            Target::Module(module) => {
                return self.modules.get(module).map_or_else(String::new, |module| module.id.clone());
            }
            Target::File(file) => (file, None),
            Target::Entry(file, entry) => (file, Some(entry)),
        };
        let Some(file) = self.files.get(file) else { return String::new() };
        let entry = entry.and_then(|entry| file.entries.get(entry));
        let leads = |place: &String| self.at(place).and_then(|found| self.site(found)) == self.site(target);
        match entry {
            Some(entry) if entry.what.global() => entry.id.clone(),
            Some(entry) => {
                let own = format!("{}#{}", file.id, entry.id);
                Some(own).filter(leads).unwrap_or_else(|| format!("{}#{}", file.path, entry.id))
            }
            None => Some(file.id.clone()).filter(leads).unwrap_or_else(|| file.path.clone()),
        }
    }

    /// The lesson at which a module opens.
    #[must_use]
    pub fn first_of(&self, module: usize) -> Option<usize> {
        Some(self.module_range(module)).filter(|range| !range.is_empty()).map(|range| range.start)
    }

    /// The file and the byte at which a target begins.
    #[must_use]
    pub fn site(&self, target: Target) -> Option<(usize, usize)> {
        match target {
            Target::Module(module) => self.first_of(module).map(|file| (file, 0)),
            Target::File(file) => Some((file, 0)),
            Target::Entry(file, entry) => {
                self.files.get(file).and_then(|found| found.entries.get(entry)).map(|entry| (file, entry.start))
            }
        }
    }

    /// The bytes of a file that a target covers: a section runs to the next heading of its rank.
    #[must_use]
    pub fn extent(&self, target: Target) -> Option<(usize, std::ops::Range<usize>)> {
        let (at, start) = self.site(target)?;
        let file = self.files.get(at)?;
        let Target::Entry(_, n) = target else { return Some((at, file.body..usize::MAX)) };
        let entry = file.entries.get(n)?;
        let ends = |other: &&super::scan::Entry| match (entry.what, other.what) {
            (What::Heading(own), What::Heading(level)) => level <= own,
            (What::Heading(_), _) => false,
            (What::Deck, what) => what == What::Deck,
            (What::Node | What::Leaf | What::Situation, what) => {
                matches!(what, What::Node | What::Leaf | What::Situation)
            }
            (What::Question | What::Stage, what) => what == entry.what,
            _ => true,
        };
        let whole = matches!(
            entry.what,
            What::Heading(_) | What::Deck | What::Node | What::Leaf | What::Situation | What::Question | What::Stage
        );
        let end = if whole {
            file.entries.iter().filter(|other| other.start > start).find(ends).map_or(usize::MAX, |other| other.start)
        } else {
            entry.end
        };
        Some((at, start..end))
    }

    /// Where a link that stands in a file leads, if it stays in the pack.
    #[must_use]
    pub fn follow(&self, file: usize, url: &str) -> Option<Target> {
        let from = self.files.get(file)?;
        let pack = self.modules.get(from.module)?.pack;
        let (path, fragment) = url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
        let at = if path.is_empty() { Some(file) } else { self.linked(from, pack, path) }?;
        match fragment.filter(|fragment| !fragment.is_empty()) {
            None => Some(Target::File(at)),
            Some(fragment) => Some(Target::Entry(at, self.files.get(at)?.fragment(fragment)?)),
        }
    }

    fn linked(&self, from: &File, pack: usize, path: &str) -> Option<usize> {
        let path = joined(&from.path, path)?;
        let at = |path: String| self.paths.get(&(pack, path)).copied();
        at(path.clone())
            .or_else(|| at(format!("{path}.md")))
            .or_else(|| at(format!("{}/README.md", path.trim_end_matches('/'))))
            .or_else(|| {
                let stem = path.rsplit('/').next().unwrap_or(&path);
                self.stems.get(&(pack, stem.to_owned())).copied().filter(|_| !stem.contains('.'))
            })
    }
}

/// A relative link resolved against the file that it stands in; `None` when it leaves the pack.
#[must_use]
pub fn joined(from: &str, link: &str) -> Option<String> {
    let link = link.replace("%20", " ");
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_inside_the_pack() {
        let cases = [
            ("a/b.md", "c.md", Some("a/c.md")),
            ("a/b.md", "../c/d.md", Some("c/d.md")),
            ("a/b.md", "../../etc/passwd", None),
            ("a/b.md", "/c.md", Some("c.md")),
            ("b.md", "./c%20d.md", Some("c d.md")),
        ];
        for (from, link, expected) in cases {
            assert_eq!(joined(from, link).as_deref(), expected, "{from} {link}");
        }
    }
}
