//! What stands at the chosen place, laid out.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::layout::Rect;

use crate::effect::{Effect, FilePath};
use crate::find::{Item, Search};
use crate::problem::Problem;
use crate::screen::Look;
use crate::text::clean;
use crate::theme::Role;
use crate::ui::line::Line;
use crate::ui::page::Page;
use crate::ui::say::plain;
use crate::ui::search::{Hit, Needle};

/// Words of fewer letters are everywhere, and marking them marks nothing.
const SHORTEST: usize = 2;
/// More bytes of a file are not laid out to show a place.
const LONGEST: usize = 64 * 1024;

#[derive(Default)]
pub struct Preview {
    /// The file that is shown or asked for, and its text when that is there.
    path: Option<FilePath>,
    text: Option<Cow<'static, str>>,
    /// The bytes that are shown, and the one that is meant.
    span: Range<usize>,
    byte: usize,
    /// Where the place belongs.
    pub crumbs: String,
    pub page: Option<Page>,
    /// What is said where there is no page.
    pub words: Vec<Line>,
    /// What was looked for, on the page.
    pub near: Vec<(usize, Hit)>,
}

impl Preview {
    /// Shows an item; its file is asked for when it is another one.
    pub fn show(&mut self, item: Option<&Item<'_>>, look: &Look<'_>, area: Rect, search: &Search) -> Vec<Effect> {
        let Some(item) = item else {
            *self = Self::default();
            return Vec::new();
        };
        self.words.clear();
        if let Some(row) = item.command {
            *self = Self::default();
            let columns = usize::from(area.width).max(1);
            let keys: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
            self.words = plain(row.help, columns, Role::Text);
            self.words.push(Line::default());
            self.words.extend(plain(&format!("{}: {}", row.scope.name(), keys.join(", ")), columns, Role::Muted));
            return Vec::new();
        }
        let Some((file, span)) = item.target.and_then(|target| look.library.extent(target)) else { return Vec::new() };
        let Some(found) = look.library.files.get(file) else { return Vec::new() };
        let pack = look.library.modules.get(found.module).map_or(0, |module| module.pack);
        self.byte = if item.inner { item.at } else { span.start };
        // A chapter that is too long to lay out is shown from the place on.
        let start = if self.byte - span.start.min(self.byte) > LONGEST / 2 { self.byte } else { span.start };
        self.span = start..span.end.min(start + LONGEST);
        self.crumbs = crumbs(item, file, look);
        let path = FilePath { pack, path: found.path.clone() };
        if self.path.as_ref() == Some(&path) {
            self.turn(look, area, search);
            return Vec::new();
        }
        self.path = Some(path.clone());
        self.text = None;
        vec![Effect::Peek(path)]
    }

    /// Takes the text of the file that was asked for.
    pub fn peeked(
        &mut self,
        path: &FilePath,
        text: &Result<Cow<'static, str>, Box<Problem>>,
        look: &Look<'_>,
        area: Rect,
        search: &Search,
    ) {
        if self.path.as_ref() != Some(path) {
            return;
        }
        match text {
            Ok(text) => {
                self.text = Some(text.clone());
                self.turn(look, area, search);
            }
            Err(problem) => {
                self.page = None;
                self.words = plain(&clean(&problem.to_string()), usize::from(area.width).max(1), Role::Bad);
            }
        }
    }

    /// Lays the place out and looks for what was asked.
    fn turn(&mut self, look: &Look<'_>, area: Rect, search: &Search) {
        let Some(text) = &self.text else { return };
        let end = text.floor_char_boundary(self.span.end.min(text.len()));
        let start = text.floor_char_boundary(self.span.start.min(end));
        let part = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end).unwrap_or("")),
            Cow::Owned(text) => Cow::Owned(text.get(start..end).unwrap_or("").to_owned()),
        };
        let mut page = Page::new(part, 0, look.glyphs);
        page.fit(usize::from(area.width).max(1), usize::from(area.height), Vec::new());
        if self.byte > start {
            page.go(self.byte - start);
        }
        let mut chunks: Vec<usize> = page.shown().map(|(spot, _)| spot.0).collect();
        chunks.dedup();
        self.near.clear();
        let words = search.query().words().filter(|word| word.chars().count() >= SHORTEST);
        for needle in words.map(|word| Needle::new(&word.to_lowercase())) {
            for chunk in &chunks {
                self.near.extend(page.find_in(*chunk, &needle).into_iter().map(|hit| (*chunk, hit)));
            }
        }
        self.page = Some(page);
    }
}

/// The way to a place from its module on.
fn crumbs(item: &Item<'_>, file: usize, look: &Look<'_>) -> String {
    let Some(found) = look.library.files.get(file) else { return String::new() };
    let module = look.library.modules.get(found.module).map_or("", |module| module.title.as_str());
    let owner = item.target.filter(|_| item.inner).and_then(|target| look.index.title_of(target, look.library));
    let owner = owner.and_then(|id| look.index.get(id)).map_or("", |title| title.text);
    let mut out: Vec<&str> = Vec::new();
    for part in [module, &found.title, owner] {
        if !part.is_empty() && out.last() != Some(&part) {
            out.push(part);
        }
    }
    out.join(&format!(" {} ", look.glyphs.right))
}
