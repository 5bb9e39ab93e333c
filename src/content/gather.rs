//! From the files of a folder to a library: files are read one by one, then everything between them is checked.

use std::collections::{BTreeMap, BTreeSet};

use super::front::{Kind, ModuleHeader, PackHeader, is_date, read};
use super::library::{Library, Module, Pack, Target, joined};
use super::scan::{File, LinkUse, Scan, is_url, scan};
use crate::problem::{Flaw, Lines, Problem, Severity};
use crate::text::{clean, nearest};

/// A flaw and the file that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: String,
    pub flaw: Flaw,
}

impl Found {
    /// The problem, given the text of its file.
    #[must_use]
    pub fn locate(self, root: &str, text: &str) -> Problem {
        let path = if root.is_empty() { self.path } else { format!("{}/{}", root.trim_end_matches('/'), self.path) };
        self.flaw.locate(&path, &Lines::new(text))
    }
}

/// One pack in the making.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    label: String,
    paths: BTreeSet<String>,
    pack: PackHeader,
    modules: BTreeMap<String, ModuleHeader>,
    scans: Vec<(File, Vec<LinkUse>)>,
    found: Vec<Found>,
}

/// Whether a path is read at all: Markdown, or the TOML about packs and modules, nothing hidden.
#[must_use]
pub fn wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = path.split('/').any(|part| part.starts_with(['.', '_']));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !hidden
        && (extension.eq_ignore_ascii_case("md")
            || extension.eq_ignore_ascii_case("markdown")
            || path == "pack.toml"
            || name == "module.toml")
}

/// How many paths a broken link is compared with to say what may have been meant.
const MOST_COMPARED: usize = 500;

impl Gathering {
    /// A pack that will be called `label` unless its `pack.toml` says otherwise. `paths` are all files of the folder.
    pub fn new(label: &str, paths: impl IntoIterator<Item = String>) -> Self {
        Self { label: clean(label).into_owned(), paths: paths.into_iter().collect(), ..Self::default() }
    }

    /// Takes the text of one file.
    pub fn add(&mut self, path: &str, text: &str) {
        let mut flaws = Vec::new();
        if path == "pack.toml" {
            self.pack = read(text, 0, &mut flaws);
            if let Some(date) = self.pack.as_of.as_ref().filter(|date| !is_date(date)) {
                let what = format!("`{date}` is not a date.");
                flaws.push(Flaw::error("bad-value", 0..0, what, "Write YYYY-MM or YYYY-MM-DD."));
            }
        } else if path.ends_with("module.toml") {
            let header: ModuleHeader = read(text, 0, &mut flaws);
            if header.title.is_none() {
                flaws.push(Flaw::error("no-title", 0..0, "The module has no title.", "Add `title = \"…\"`."));
            }
            if header.weight.is_some_and(|weight| !(1..=5).contains(&weight)) {
                flaws.push(Flaw::error("bad-value", 0..0, "The weight is out of range.", "Weights go from 1 to 5."));
            }
            self.modules.insert(folder(path).to_owned(), header);
        } else {
            let Scan { file, links, flaws: found } = scan(path, text);
            self.scans.push((file, links));
            flaws = found;
        }
        self.found.extend(flaws.into_iter().map(|flaw| Found { path: path.to_owned(), flaw }));
    }

    /// A file that could not be read still has its place.
    pub fn unreadable(&mut self, path: &str, what: String, hint: &str) {
        self.found.push(Found { path: path.to_owned(), flaw: Flaw::error("unreadable", 0..0, what, hint) });
    }

    /// Puts the pack behind the packs of a library and checks what lies between its files.
    pub fn finish(mut self, library: &mut Library) -> Vec<Found> {
        let pack = library.packs.len();
        let name = self.pack.name.clone().unwrap_or_else(|| self.label.clone());
        library.packs.push(Pack {
            title: self.pack.title.clone().unwrap_or_else(|| self.label.clone()),
            name,
            summary: self.pack.summary.clone(),
            licence: self.pack.licence.clone(),
            as_of: self.pack.as_of.clone(),
        });
        let first = library.modules.len();
        let folders: BTreeSet<String> = self
            .scans
            .iter()
            .map(|(file, _)| folder(&file.path).to_owned())
            .chain(self.modules.keys().cloned())
            .collect();
        let mut modules: Vec<Module> = folders.into_iter().map(|folder| self.module(pack, folder)).collect();
        let order = |module: &Module| {
            let at = self.pack.modules.iter().position(|id| *id == module.id);
            (module.folder.is_empty(), at.unwrap_or(usize::MAX), numbered(&module.folder))
        };
        modules.sort_by_cached_key(order);
        for id in &self.pack.modules {
            if !modules.iter().any(|module| module.id == *id) {
                let hint = nearest(id, modules.iter().map(|module| module.id.as_str())).map_or_else(
                    || "Name the folder without its number.".to_owned(),
                    |id| format!("Did you mean `{id}`?"),
                );
                let flaw = Flaw::error("no-place", 0..0, format!("The pack has no module `{id}`."), hint);
                self.found.push(Found { path: "pack.toml".to_owned(), flaw });
            }
        }
        let at_folder: BTreeMap<&str, usize> =
            modules.iter().enumerate().map(|(at, module)| (module.folder.as_str(), first + at)).collect();
        for (file, _) in &mut self.scans {
            file.module = at_folder.get(folder(&file.path)).copied().unwrap_or(first);
        }
        drop(at_folder);
        library.modules.extend(modules);
        self.scans.sort_by_cached_key(|(file, _)| (file.module, rank(file), numbered(&file.path)));
        let base = library.files.len();
        let (files, links): (Vec<File>, Vec<Vec<LinkUse>>) = self.scans.into_iter().unzip();
        for (at, file) in files.iter().enumerate() {
            library.paths.insert((pack, file.path.clone()), base + at);
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            library.stems.entry((pack, stem.to_owned())).or_insert(base + at);
        }
        library.files.extend(files);
        let mut found = self.found;
        names(library, first, base, &mut found);
        for (at, links) in links.iter().enumerate() {
            check_links(library, base + at, links, &self.paths, &mut found);
            check_prerequisites(library, base + at, &mut found);
        }
        found.sort_by(|a, b| (&a.path, a.flaw.span.start).cmp(&(&b.path, b.flaw.span.start)));
        found
    }

    fn module(&self, pack: usize, folder: String) -> Module {
        let header = self.modules.get(&folder).cloned().unwrap_or_default();
        let last = folder.rsplit('/').next().unwrap_or("");
        let bare = last.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
        let bare = if bare.is_empty() { last } else { bare };
        let id = match folder.rsplit_once('/') {
            Some((above, _)) => format!("{above}/{bare}"),
            None if folder.is_empty() => self.pack.name.clone().unwrap_or_else(|| self.label.clone()),
            None => bare.to_owned(),
        };
        let named = || {
            if folder.is_empty() {
                self.pack.title.clone().unwrap_or_else(|| self.label.clone())
            } else {
                clean(&id).into_owned()
            }
        };
        let as_of = self
            .scans
            .iter()
            .filter(|(file, _)| self::folder(&file.path) == folder)
            .find_map(|(file, _)| file.as_of.clone());
        Module {
            pack,
            title: header.title.clone().unwrap_or_else(named),
            id,
            level: header.level,
            weight: header.weight.unwrap_or(1).clamp(1, 5),
            summary: header.summary,
            prerequisites: header.prerequisites,
            objectives: header.objectives,
            aka: header.aka,
            as_of: as_of.or_else(|| self.pack.as_of.clone()),
            folder,
        }
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Lessons come first, the one called `lesson` before the others, a README before the rest.
fn rank(file: &File) -> (u8, bool) {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let kind = match file.kind {
        Kind::Lesson => 0,
        Kind::Tree => 1,
        Kind::Cards => 2,
        Kind::Questions => 3,
        Kind::Incident => 4,
    };
    (kind, !(name == "lesson.md" || name.eq_ignore_ascii_case("readme.md") || name.eq_ignore_ascii_case("index.md")))
}

/// A path that sorts as people count: `2-b` before `10-a`.
fn numbered(path: &str) -> Vec<(u64, String)> {
    let split = |part: &str| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = part.strip_suffix(rest).unwrap_or("");
        (digits.parse().unwrap_or(u64::MAX), rest.to_lowercase())
    };
    path.split('/').map(split).collect()
}

/// Collects the names of a new pack and tells of those that are taken.
fn names(library: &mut Library, first: usize, base: usize, found: &mut Vec<Found>) {
    let known = library.names().map(str::to_owned);
    let mut all: BTreeMap<String, Target> =
        known.filter_map(|name| Some((name.clone(), library.named(&name)?))).collect();
    let mut own: BTreeMap<String, Target> = BTreeMap::new();
    for (at, module) in library.modules.iter().enumerate().skip(first) {
        for name in std::iter::once(&module.id).chain(&module.aka) {
            own.entry(name.clone()).or_insert(Target::Module(at));
        }
    }
    for (at, file) in library.files.iter().enumerate().skip(base) {
        // The lesson that carries the name of its module is where the module opens, so the name stays the module's.
        let module = library.modules.get(file.module);
        let shared = module.is_some_and(|module| module.id == file.id || module.aka.contains(&file.id));
        if !shared {
            take(&mut own, &file.id, Target::File(at), file, 0..3, found);
        }
        for (n, entry) in file.entries.iter().enumerate().filter(|(_, entry)| entry.what.global()) {
            take(&mut own, &entry.id, Target::Entry(at, n), file, entry.start..entry.end, found);
        }
    }
    // A later pack replaces what it names again.
    all.extend(own);
    (library.names, library.ids) = (Vec::new(), Vec::new());
    for (name, target) in all {
        match target {
            Target::Entry(file, entry) => library.ids.push((file, entry)),
            Target::Module(_) | Target::File(_) => library.names.push((name, target)),
        }
    }
}

fn take(
    own: &mut BTreeMap<String, Target>,
    name: &str,
    target: Target,
    file: &File,
    span: std::ops::Range<usize>,
    found: &mut Vec<Found>,
) {
    if own.contains_key(name) {
        let what = format!("The id `{name}` is taken already.");
        let mut flaw = Flaw::error("duplicate-id", span, what, "Ids are unique in the whole pack; choose another.");
        if !file.headed {
            flaw.severity = Severity::Warning;
        }
        found.push(Found { path: file.path.clone(), flaw });
    } else {
        own.insert(name.to_owned(), target);
    }
}

fn check_links(library: &Library, at: usize, links: &[LinkUse], paths: &BTreeSet<String>, found: &mut Vec<Found>) {
    let Some(file) = library.files.get(at) else { return };
    for link in links {
        let url = link.url.as_str();
        let flaw = if url.contains("://") || url.starts_with("mailto:") || url.starts_with("//") {
            (url.starts_with("http") && !is_url(url)).then(|| {
                Flaw::error(
                    "bad-url",
                    link.span.clone(),
                    format!("`{url}` is not an address."),
                    "Write the whole address.",
                )
            })
        } else {
            broken(library, at, file, link, paths)
        };
        if let Some(mut flaw) = flaw {
            if !file.headed {
                flaw.severity = Severity::Warning;
            }
            found.push(Found { path: file.path.clone(), flaw });
        }
    }
}

fn broken(library: &Library, at: usize, file: &File, link: &LinkUse, paths: &BTreeSet<String>) -> Option<Flaw> {
    let url = link.url.as_str();
    let (path, fragment) = url.split_once('#').map_or((url, ""), |(path, fragment)| (path, fragment));
    let span = link.span.clone();
    let Some(resolved) = joined(&file.path, path) else {
        let hint = "Links that leave the pack are not followed.";
        return Some(Flaw::warning("outside-link", span, format!("`{url}` leads out of the pack."), hint));
    };
    if library.follow(at, url).is_some() || (!path.is_empty() && paths.contains(&resolved) && !wanted(&resolved)) {
        return None;
    }
    let target = library.follow(at, path);
    if let (Some(Target::File(to)), false) = (target, path.is_empty() && fragment.is_empty()) {
        let entries = library.files.get(to).map(|file| file.entries.as_slice()).unwrap_or_default();
        let hint = nearest(fragment, entries.iter().map(|entry| entry.id.as_str())).map_or_else(
            || "Link to a heading's `{#id}` or to its slug.".to_owned(),
            |id| format!("Did you mean `#{id}`?"),
        );
        return Some(Flaw::error("broken-link", span, format!("Nothing there is called `#{fragment}`."), hint));
    }
    let prefix = format!("{}/", resolved.trim_end_matches('/'));
    let folder = paths.range(prefix.clone()..).next().is_some_and(|known| known.starts_with(&prefix));
    if folder || resolved.is_empty() {
        return None;
    }
    // Comparing with every path of a huge folder, for every broken link, would take minutes.
    let hint = nearest(&resolved, paths.iter().map(String::as_str).filter(|path| wanted(path)).take(MOST_COMPARED))
        .map_or_else(|| "Write the path relative to this file.".to_owned(), |known| format!("Did you mean `{known}`?"));
    Some(Flaw::error("broken-link", span, format!("There is no file `{resolved}`."), hint))
}

fn check_prerequisites(library: &Library, at: usize, found: &mut Vec<Found>) {
    let Some(file) = library.files.get(at) else { return };
    for name in &file.prerequisites {
        if let Err(problem) = library.find(name) {
            let flaw =
                Flaw::error("no-place", 0..3, format!("The prerequisite `{name}` does not exist."), problem.hint);
            found.push(Found { path: file.path.clone(), flaw });
        }
    }
    let first = library.first_of(file.module) == Some(at);
    for name in library.modules.get(file.module).into_iter().filter(|_| first).flat_map(|module| &module.prerequisites)
    {
        if let Err(problem) = library.find(name) {
            let flaw =
                Flaw::error("no-place", 0..0, format!("The prerequisite `{name}` does not exist."), problem.hint);
            found.push(Found { path: format!("{}/module.toml", folder(&file.path)), flaw });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(files: &[(&str, &str)]) -> (Library, Vec<(String, &'static str)>) {
        let mut gathering = Gathering::new("pack", files.iter().map(|(path, _)| (*path).to_owned()));
        for (path, text) in files {
            gathering.add(path, text);
        }
        let mut library = Library::default();
        let found = gathering.finish(&mut library);
        (library, found.into_iter().map(|found| (found.path, found.flaw.code)).collect())
    }

    const HEAD: &str = "+++\nkind = \"lesson\"\nid = \"a\"\ntitle = \"A\"\n+++\n";

    #[test]
    fn modules_are_folders_in_the_order_of_their_numbers() {
        let (library, found) = pack(&[
            ("10-late/lesson.md", "# Late\n"),
            ("2-early/cards.md", "Q: a\nA: b\n"),
            ("2-early/lesson.md", "# Early\n"),
            ("2-early/module.toml", "title = \"The early one\"\naka = [\"soon\"]\n"),
        ]);
        assert_eq!(found, []);
        let titles: Vec<_> = library.modules.iter().map(|module| module.title.as_str()).collect();
        assert_eq!(titles, ["The early one", "late"]);
        let files: Vec<_> = library.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(files, ["2-early/lesson.md", "2-early/cards.md", "10-late/lesson.md"]);
        assert_eq!(library.find("soon"), Ok(Target::Module(0)));
        assert_eq!(library.find("soon#early"), Ok(Target::Entry(0, 0)));
        assert_eq!(library.find("10-late/lesson"), Ok(Target::File(2)));
        assert!(library.find("sonn").unwrap_err().hint.contains("soon"));
    }

    #[test]
    fn links_are_followed() {
        let good =
            format!("{HEAD}[b](b.md#part) [self](#x) [web](https://x.org/a) [pic](p.png) [dir](sub/)\n\n# X {{#x}}\n");
        let files = [("m/a.md", good.as_str()), ("m/b.md", "# Part\n"), ("m/p.png", ""), ("m/sub/c.md", "# C\n")];
        let mut gathering = Gathering::new("pack", files.iter().map(|(path, _)| (*path).to_owned()));
        for (path, text) in files.iter().filter(|(path, _)| wanted(path)) {
            gathering.add(path, text);
        }
        assert_eq!(gathering.finish(&mut Library::default()), []);
        let cases = [
            ("[b](c.md)", "broken-link"),
            ("[b](#nothing)", "broken-link"),
            ("[b](../../etc/passwd)", "outside-link"),
            ("[b](https://)", "bad-url"),
        ];
        for (link, code) in cases {
            let text = format!("{HEAD}{link}\n");
            assert_eq!(pack(&[("m/a.md", &text)]).1, [("m/a.md".to_owned(), code)], "{link}");
        }
    }

    #[test]
    fn ids_are_unique_and_prerequisites_exist() {
        let twice = format!("{HEAD}| a | b |\n|---|---|\n| x | 1 |\n\n```toml table\nid = \"a\"\n```\n");
        assert_eq!(pack(&[("m/a.md", &twice)]).1, [("m/a.md".to_owned(), "duplicate-id")]);
        let needs = HEAD.replace("title", "prerequisites = [\"zzz\"]\ntitle");
        assert_eq!(pack(&[("m/a.md", &needs)]).1, [("m/a.md".to_owned(), "no-place")]);
    }
}
