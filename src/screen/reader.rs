//! Reading a lesson.

mod links;
mod place;
mod search;
mod view;

use std::collections::BTreeSet;

use ratatui::layout::Position;

use super::compare::Compare;
use super::drill::section;
use super::interview;
use super::popup::Popup;
use super::{GONE, Go, Input, Look, Prompt, Step, window};
use crate::command::{Command, Scope};
use crate::content::front::Kind;
use crate::content::scan::{File, What};
use crate::effect::{Effect, FilePath, Mark, Mouse};
use crate::problem::{Lines, Problem};
use crate::ui::field::Field;
use crate::ui::page::Page;

use search::Search;
use view::masthead;

/// From this width on there is room for an outline beside the page.
const BESIDE: u16 = 104;
/// Lines of a turn of the wheel.
const WHEEL: isize = 3;

/// Where to go when the text is there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Goal {
    Byte(usize),
    Mark(Mark),
}

struct Section {
    id: String,
    title: String,
    depth: usize,
    start: usize,
}

pub struct Reader {
    path: FilePath,
    file: usize,
    page: Option<Page>,
    failed: Option<Box<Problem>>,
    goal: Goal,
    sections: Vec<Section>,
    outline: bool,
    focus: Option<(usize, usize)>,
    trail: Vec<(FilePath, Mark)>,
    search: Search,
    asked: BTreeSet<usize>,
}

impl Reader {
    /// A reader of a file, at a byte or where it was left.
    pub fn new(look: &Look<'_>, file: usize, byte: Option<usize>) -> (Self, Vec<Effect>) {
        let mut reader = Self {
            path: FilePath { pack: 0, path: String::new() },
            file,
            page: None,
            failed: None,
            goal: Goal::Byte(0),
            sections: Vec::new(),
            outline: true,
            focus: None,
            trail: Vec::new(),
            search: Search::default(),
            asked: BTreeSet::new(),
        };
        let effects = reader.open(look, file, byte);
        (reader, effects)
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.search.field.is_some() { &[Scope::Typing] } else { &[Scope::Reader, Scope::Moving, Scope::Global] }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.search.field.as_ref()?;
        Some(Prompt { label: "/", text: field.text(), note: self.counter() })
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        let page = self.page.as_ref();
        match command {
            Command::NextHit | Command::PreviousHit => !self.search.needle.is_empty(),
            Command::CopyCode => page.is_some_and(|page| page.code().is_some()),
            Command::Left => page.and_then(Page::wide).is_some_and(|wide| wide.shift > 0),
            Command::Right => page.and_then(Page::wide).is_some_and(|wide| wide.shift < wide.most),
            Command::Edit => look.editable,
            Command::Interview => look.library.files.get(self.file).is_some_and(interview::asks),
            Command::Compare => self.table(look).is_some(),
            Command::Choose if self.search.field.is_none() => self.focus.is_some(),
            Command::Contents => !self.sections.is_empty() && look.size.width < BESIDE,
            Command::Outline => !self.sections.is_empty() && look.size.width >= BESIDE,
            Command::NextSection | Command::PreviousSection => self.sections.len() > 1,
            Command::NextFile => self.neighbour(look, true).is_some(),
            Command::PreviousFile => self.neighbour(look, false).is_some(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let Some(file) = look.library.files.get(self.file) else { return (self.path.path.clone(), String::new()) };
        let module = look.library.modules.get(file.module).map_or("", |module| module.title.as_str());
        let left = if module == file.title || module.is_empty() {
            file.title.clone()
        } else {
            format!("{module} {} {}", look.glyphs.right, file.title)
        };
        let right = self.page.as_ref().map_or_else(String::new, |page| format!("{} %", page.percent()));
        (left, right)
    }

    pub fn file(&self) -> usize {
        self.file
    }

    /// Turns to a file; its text is asked for.
    fn open(&mut self, look: &Look<'_>, file: usize, byte: Option<usize>) -> Vec<Effect> {
        let Some((found, module)) =
            look.library.files.get(file).and_then(|found| Some((found, look.library.modules.get(found.module)?)))
        else {
            return Vec::new();
        };
        self.path = FilePath { pack: module.pack, path: found.path.clone() };
        self.file = file;
        self.page = None;
        self.focus = None;
        self.search = Search::default();
        let remembered = || {
            let pack = look.library.packs.get(module.pack)?;
            look.places.get(&(pack.name.clone(), found.id.clone())).cloned().map(Goal::Mark)
        };
        self.goal = byte.map(Goal::Byte).or_else(remembered).unwrap_or(Goal::Byte(0));
        self.list(found);
        vec![Effect::Open(self.path.clone())]
    }

    fn list(&mut self, file: &File) {
        let lesson = file.kind == Kind::Lesson;
        self.sections = file
            .entries
            .iter()
            .filter_map(|entry| {
                let depth = match entry.what {
                    What::Heading(level) if lesson && level <= 3 => usize::from(level.saturating_sub(2)),
                    What::Heading(_) | What::Cell | What::Table => return None,
                    What::Card => 1,
                    _ => 0,
                };
                let own = depth == 0 && lesson && entry.title == file.title;
                (!own).then(|| Section { id: entry.id.clone(), title: entry.title.clone(), depth, start: entry.start })
            })
            .collect();
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        let mut step = match input {
            Input::Command(command) if self.search.field.is_some() => self.typing(*command),
            Input::Command(command) => self.command(*command, look),
            Input::Text(text) => {
                if let Some(field) = &mut self.search.field {
                    field.push(text);
                    self.look_for();
                }
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                self.scroll(if *down { WHEEL } else { -WHEEL });
                Step::default()
            }
            Input::Mouse(Mouse::Click(at)) => self.click(*at, look),
            Input::Resize => {
                self.fit(look);
                self.recount();
                Step::default()
            }
            Input::Read => self.reread(look),
            Input::Opened(path, text) if **path == self.path => {
                self.opened(text, look);
                Step::default()
            }
            Input::Coloured(path, at, colours) if **path == self.path => {
                if let Some(page) = &mut self.page {
                    page.colour(*at, (*colours).clone());
                }
                Step::default()
            }
            Input::Jump(byte) => {
                if let Some(page) = &mut self.page {
                    page.go(*byte);
                }
                Step::default()
            }
            _ => Step::default(),
        };
        self.near();
        if let Some(page) = &self.page {
            for code in page.uncoloured() {
                if self.asked.insert(code.at) {
                    let (path, at) = (self.path.clone(), code.at);
                    step.effects.push(Effect::Colour { path, at, language: code.language, text: code.text });
                }
            }
        }
        step
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let height = self.page.as_ref().map_or(1, Page::height).cast_signed();
        match command {
            Command::Up => self.scroll(-1),
            Command::Down => self.scroll(1),
            Command::HalfUp => self.scroll(-(height / 2).max(1)),
            Command::HalfDown => self.scroll((height / 2).max(1)),
            Command::PageUp => self.scroll(-(height - 2).max(1)),
            Command::PageDown => self.scroll((height - 2).max(1)),
            Command::Top => {
                if let Some(page) = &mut self.page {
                    page.start();
                }
            }
            Command::Bottom => {
                if let Some(page) = &mut self.page {
                    page.end();
                }
            }
            Command::Left | Command::Right => {
                if let Some(page) = &mut self.page {
                    page.sideways(if command == Command::Right { 1 } else { -1 });
                }
            }
            Command::NextSection => self.section(true),
            Command::PreviousSection => self.section(false),
            Command::NextLink => self.link(false),
            Command::PreviousLink => self.link(true),
            Command::NextFile | Command::PreviousFile => {
                return match self.neighbour(look, command == Command::NextFile) {
                    Some(file) => self.turn(look, file, Some(0)),
                    None => Step::toast("There is no other lesson that way."),
                };
            }
            Command::Outline => {
                self.outline = !self.outline;
                self.fit(look);
            }
            Command::Contents => return Step::go(Go::Open(self.contents())),
            Command::Search => {
                self.search.field = Some(Field::default());
                self.search.origin = self.page.as_ref().map_or((0, 0), Page::top);
            }
            Command::NextHit | Command::PreviousHit => return self.next_hit(command == Command::PreviousHit),
            Command::CopyCode => return self.copy(),
            Command::Edit => {
                let line = self.page.as_ref().map_or(1, |page| Lines::new(page.text()).line(page.at()));
                let effects = vec![Effect::Edit { path: self.path.clone(), line }];
                return Step { effects, ..Step::default() };
            }
            Command::Facts => return Step::go(Go::Open(Popup::sources(look, &[self.file]))),
            Command::Compare => return self.compare(look),
            Command::Choose => {
                if let Some((chunk, link)) = self.focus {
                    return self.follow(look, chunk, link);
                }
            }
            Command::Back => return self.back(look),
            Command::Interview => {
                let at = self.page.as_ref().map_or(0, Page::at);
                return interview::read(look, self.file, at);
            }
            Command::Drill => {
                let at = self.page.as_ref().map_or(0, Page::at);
                if let Some((wish, title)) = section(look, self.file, at) {
                    return Step::go(Go::Drill(Box::new(wish), title));
                }
            }
            _ => {}
        }
        Step::default()
    }

    fn back(&mut self, look: &Look<'_>) -> Step {
        // The first step back puts away what was found, the second leaves.
        if !self.search.needle.is_empty() {
            self.search = Search::default();
            return Step::default();
        }
        let Some((path, mark)) = self.trail.pop() else { return Step::go(Go::Back) };
        if path == self.path {
            let byte = self.byte(&mark);
            if let Some(page) = &mut self.page {
                page.go(byte);
            }
            return Step::default();
        }
        let Some(file) = look.library.paths.get(&(path.pack, path.path)).copied() else {
            return Step::toast("The file one came from is gone.");
        };
        let left = self.place(look).map(Effect::Remember);
        let mut effects = self.open(look, file, Some(0));
        self.goal = Goal::Mark(mark);
        effects.extend(left);
        Step { effects, ..Step::default() }
    }

    /// Turns to another file and remembers the way back.
    fn turn(&mut self, look: &Look<'_>, file: usize, byte: Option<usize>) -> Step {
        let left = self.place(look).map(Effect::Remember);
        self.trail.push((self.path.clone(), self.mark()));
        if file == self.file {
            if let (Some(page), Some(byte)) = (&mut self.page, byte) {
                page.go(byte);
            }
            return Step::default();
        }
        let mut effects = self.open(look, file, byte);
        effects.extend(left);
        Step { effects, ..Step::default() }
    }

    fn scroll(&mut self, by: isize) {
        if let Some(page) = &mut self.page {
            page.scroll(by);
            // A choice that left the page is no choice any more.
            if self.focus.is_some_and(|focus| !page.links().iter().any(|(spot, link, _)| (spot.0, *link) == focus)) {
                self.focus = None;
            }
        }
    }

    fn section(&mut self, next: bool) {
        let Some(page) = &mut self.page else { return };
        let top = page.top();
        let at = page.at();
        let here = section_at(&self.sections, at);
        let to = match (here, next) {
            (None, true) => self.sections.first(),
            (Some(here), true) => self.sections.get(here + 1),
            (Some(here), false) => {
                let inside = self.sections.get(here).is_some_and(|section| section.start < at);
                if inside { self.sections.get(here) } else { here.checked_sub(1).and_then(|at| self.sections.get(at)) }
            }
            (None, false) => None,
        };
        match to {
            Some(section) => page.go(section.start),
            None if next => page.end(),
            None => page.start(),
        }
        // At the foot of the page a section cannot come to the top; the end is then as far as one can go.
        if next && page.top() == top {
            page.end();
        }
    }

    fn copy(&self) -> Step {
        let Some(code) = self.page.as_ref().and_then(Page::code) else {
            return Step::toast("There is no code block on this page.");
        };
        let lines = code.text.lines().count();
        let toast = format!("Copied {}.", crate::text::count(lines, "line"));
        Step { effects: vec![Effect::Copy(code.text.clone())], toast: Some(toast), ..Step::default() }
    }

    fn contents(&self) -> Popup {
        let rows: Vec<(usize, String, usize)> =
            self.sections.iter().map(|section| (section.depth, section.title.clone(), section.start)).collect();
        Popup::contents(&rows, self.here())
    }

    /// The table on the page: one that is seen, else the next one, else the last before.
    fn table(&self, look: &Look<'_>) -> Option<usize> {
        let entries = &look.library.files.get(self.file)?.entries;
        let page = self.page.as_ref()?;
        let (top, end) = (page.at(), page.shown().map(|(_, line)| line.at).max().unwrap_or(0));
        let tables = || entries.iter().enumerate().filter(|(_, entry)| entry.what == What::Table);
        let seen = tables().find(|(_, entry)| entry.end > top && entry.start <= end);
        let found = seen.or_else(|| tables().find(|(_, entry)| entry.start > end)).or_else(|| tables().next_back());
        found.map(|(at, _)| at)
    }

    fn compare(&self, look: &Look<'_>) -> Step {
        let opened = self.table(look).and_then(|entry| Compare::new(look, self.file, entry));
        opened.map_or_else(|| Step::toast("There is no comparison table in this file."), Compare::enter)
    }

    /// The section that is read.
    fn here(&self) -> usize {
        let at = self.page.as_ref().map_or(0, Page::at);
        self.section_at(at).unwrap_or(0)
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let frame = self.frame(look);
        if let Some(outline) = frame.outline.filter(|outline| outline.contains(at)) {
            let first = window(self.here(), self.sections.len(), usize::from(outline.height));
            if let Some(section) = self.sections.get(first + usize::from(at.y - outline.y)) {
                let start = section.start;
                if let Some(page) = &mut self.page {
                    page.go(start);
                }
            }
        } else if frame.prose.contains(at) {
            let row = usize::from(at.y - frame.prose.y);
            let found = self.page.as_ref().and_then(|page| {
                let (spot, line) = page.shown().nth(row)?;
                Some((spot.0, line.link_at(usize::from(at.x - frame.prose.x))?))
            });
            if let Some((chunk, link)) = found {
                self.focus = Some((chunk, link));
                return self.follow(look, chunk, link);
            }
        }
        Step::default()
    }

    /// Packs were read anew: the file may have moved or changed.
    fn reread(&mut self, look: &Look<'_>) -> Step {
        let key = (self.path.pack, self.path.path.clone());
        let Some(file) = look.library.paths.get(&key).copied() else {
            // Its number is another file's now.
            self.file = GONE;
            return Step::toast("This file is gone; what was read of it stays.");
        };
        let mark = self.mark();
        self.file = file;
        if let Some(found) = look.library.files.get(file) {
            self.list(found);
        }
        self.goal = Goal::Mark(mark);
        Step { effects: vec![Effect::Open(self.path.clone())], ..Step::default() }
    }

    fn opened(&mut self, text: &Result<std::borrow::Cow<'static, str>, Box<Problem>>, look: &Look<'_>) {
        self.asked.clear();
        match text {
            Err(problem) => {
                self.failed = Some(problem.clone());
                self.page = None;
            }
            Ok(text) => {
                self.failed = None;
                let file = look.library.files.get(self.file);
                let body = file.map_or(0, |file| behind_title(text, file));
                self.page = Some(Page::new(text.clone(), body, look.glyphs));
                self.fit(look);
                let byte = match &self.goal {
                    Goal::Byte(byte) => *byte,
                    Goal::Mark(mark) => self.byte(mark),
                };
                if let Some(page) = &mut self.page
                    && byte > body
                {
                    page.go(byte);
                }
                self.recount();
            }
        }
    }

    fn fit(&mut self, look: &Look<'_>) {
        let frame = self.frame(look);
        let columns = usize::from(frame.prose.width).max(1);
        let masthead = look.library.files.get(self.file).map_or_else(Vec::new, |file| masthead(file, look, columns));
        if let Some(page) = &mut self.page {
            page.fit(columns, usize::from(frame.prose.height), masthead);
        }
    }
}

/// The last section that begins at a byte or before it; sections are in the order of the file.
fn section_at(sections: &[Section], byte: usize) -> Option<usize> {
    sections.partition_point(|section| section.start <= byte).checked_sub(1)
}

/// Where the document begins: behind a first heading that only repeats the title.
fn behind_title(text: &str, file: &File) -> usize {
    let body = text.get(file.body..).unwrap_or("");
    let blank = body.len() - body.trim_start().len();
    let line = body.trim_start().lines().next().unwrap_or("");
    let words = line.strip_prefix("# ").map(|words| words.split(" {#").next().unwrap_or(words).trim());
    if words == Some(file.title.as_str()) { file.body + blank + line.len() } else { file.body }
}
