//! The file of a tree, and the tree once its text is there.

use std::borrow::Cow;

use crate::content::front::Kind;
use crate::content::scan::What;
use crate::content::tree::{Tree, read};
use crate::effect::{Effect, FilePath};
use crate::problem::{Lines, Problem};
use crate::screen::popup::Popup;
use crate::screen::{GONE, Go, Look, Step};
use crate::text::clean;

pub struct Source {
    pub file: usize,
    pub path: FilePath,
    pub tree: Option<Tree>,
    text: String,
    /// Why there is no tree.
    pub failed: Option<String>,
}

impl Source {
    /// A file, and the wish for its text.
    pub fn new(look: &Look<'_>, file: usize) -> Option<(Self, Effect)> {
        let found = look.library.files.get(file).filter(|found| found.kind == Kind::Tree)?;
        let pack = look.library.modules.get(found.module)?.pack;
        let path = FilePath { pack, path: found.path.clone() };
        let open = Effect::Open(path.clone());
        Some((Self { file, path, tree: None, text: String::new(), failed: None }, open))
    }

    /// Takes the text in; false when it is of another file.
    pub fn opened(&mut self, path: &FilePath, text: &Result<Cow<'static, str>, Box<Problem>>, look: &Look<'_>) -> bool {
        if *path != self.path {
            return false;
        }
        match text {
            Ok(text) => {
                let body = look.library.files.get(self.file).map_or(0, |file| file.body);
                self.tree = Some(read(text, body)).filter(|tree| !tree.nodes.is_empty());
                self.failed = self.tree.is_none().then(|| "This file holds no tree.".to_owned());
                self.text = text.clone().into_owned();
            }
            Err(problem) => self.failed = Some(clean(&problem.to_string()).into_owned()),
        }
        true
    }

    /// The packs were read anew: the file is asked for again, wherever it stands now.
    pub fn reread(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let Some(file) = look.library.paths.get(&(self.path.pack, self.path.path.clone())).copied() else {
            // Its number is another file's now.
            self.file = GONE;
            self.failed = Some("The file of this tree is gone; what was read of it stays.".to_owned());
            return Vec::new();
        };
        self.file = file;
        vec![Effect::Open(self.path.clone())]
    }

    /// The name of the tree behind the one of its module.
    pub fn title(&self, look: &Look<'_>) -> String {
        let Some(file) = look.library.files.get(self.file) else { return self.path.path.clone() };
        let module = look.library.modules.get(file.module).map_or("", |module| module.title.as_str());
        if module.is_empty() || module == file.title {
            return file.title.clone();
        }
        format!("{module} {} {}", look.glyphs.right, file.title)
    }

    /// The id of the tree.
    pub fn id<'a>(&self, look: &Look<'a>) -> &'a str {
        look.library.files.get(self.file).map_or("", |file| file.id.as_str())
    }

    pub fn edit(&self, byte: usize) -> Step {
        let line = Lines::new(&self.text).line(byte);
        Step { effects: vec![Effect::Edit { path: self.path.clone(), line }], ..Step::default() }
    }

    pub fn facts(&self, look: &Look<'_>) -> Step {
        let mut lines = Vec::new();
        if let Some(file) = look.library.files.get(self.file) {
            let date = file
                .as_of
                .clone()
                .or_else(|| look.library.modules.get(file.module).and_then(|module| module.as_of.clone()));
            let checked =
                date.map_or_else(|| "No date of checking is given.".to_owned(), |d| format!("Facts checked {d}."));
            lines.push((checked, file.path.clone()));
            lines.extend(file.sources.iter().map(|source| (source.title.clone(), source.url.clone())));
        }
        Step::go(Go::Open(Popup::facts("Sources", lines)))
    }

    /// Opens the lesson of the module where it speaks of some words: at the heading that shares most with them.
    pub fn lesson(&self, look: &Look<'_>, about: &str) -> Step {
        match taught(look, self.file, about) {
            Some((file, byte)) => Step::go(Go::Read(file, Some(byte))),
            None => Step::toast("No lesson of this module is there."),
        }
    }
}

/// Where the lessons of a file's module speak of some words.
fn taught(look: &Look<'_>, file: usize, about: &str) -> Option<(usize, usize)> {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(str::to_lowercase)
            .collect()
    };
    let about = words(about);
    let module = look.library.files.get(file)?.module;
    let mut best: Option<(usize, (usize, usize))> = None;
    for at in look.library.module_range(module) {
        let Some(lesson) = look.library.files.get(at).filter(|file| file.kind == Kind::Lesson) else { continue };
        for entry in lesson.entries.iter().filter(|entry| matches!(entry.what, What::Heading(_))) {
            let shared = words(&entry.title).iter().filter(|word| about.contains(word)).count();
            if best.is_none_or(|(most, _)| shared > most) {
                best = Some((shared, (at, entry.start)));
            }
        }
        best = best.or(Some((0, (at, 0))));
    }
    best.map(|(_, place)| place)
}
