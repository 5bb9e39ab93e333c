//! The modules and what is in each.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Go, Input, Look, Prompt, Step, body, interview, trees, window};
use crate::command::{Command, Scope};
use crate::content::front::Kind;
use crate::content::library::{Module, Target};
use crate::content::scan::{File, What};
use crate::effect::Mouse;
use crate::study::queue::{From, Wish};
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::line::{fill, put};
use crate::ui::wrap::wrap;

/// Below this width one list takes the screen at a time.
const TWO: u16 = 76;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pane {
    #[default]
    Modules,
    Files,
}

#[derive(Default)]
pub struct Shelf {
    module: usize,
    file: usize,
    pane: Pane,
}

impl Shelf {
    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Shelf, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        match command {
            Command::Choose | Command::Right => {
                !look.library.modules.is_empty() && (command == Command::Choose || self.pane == Pane::Modules)
            }
            Command::Left => self.pane == Pane::Files,
            Command::Interview => self.files(look).iter().any(interview::asks),
            Command::AsText => self.pane == Pane::Files && self.tree(look).is_some(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let packs: Vec<&str> = look.library.packs.iter().map(|pack| pack.title.as_str()).collect();
        let right = match look.reading {
            Some((_, 0)) => "reading…".to_owned(),
            Some((done, of)) => format!("reading {done} of {of} files"),
            None => {
                let date = look.library.packs.first().and_then(|pack| pack.as_of.clone());
                date.map_or_else(String::new, |date| format!("facts of {date}"))
            }
        };
        (packs.join(" + "), right)
    }

    /// The module that a file belongs to is chosen, as when one comes back from it.
    pub fn choose(&mut self, look: &Look<'_>, file: usize) {
        if let Some(found) = look.library.files.get(file) {
            self.module = found.module;
            self.file = file - look.library.module_range(found.module).start;
        }
    }

    fn files<'a>(&self, look: &Look<'a>) -> &'a [File] {
        look.library.module_files(self.module)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        let modules = look.library.modules.len();
        let height = usize::from(body(look.size).height).max(2).cast_signed();
        match input {
            Input::Command(command) if let Some(by) = command.rows(height, height) => self.go(look, by),
            Input::Command(command) => match command {
                Command::Right if modules > 0 => self.pane = Pane::Files,
                Command::Left => self.pane = Pane::Modules,
                Command::Back if self.pane == Pane::Files => self.pane = Pane::Modules,
                Command::Back => return Step::go(Go::Back),
                Command::Choose => return self.open(look),
                Command::Drill => return self.drill(look),
                Command::Interview => {
                    let file = look.library.module_range(self.module).start + self.file;
                    let files = self.pane == Pane::Files;
                    let target = if files { Target::File(file) } else { Target::Module(self.module) };
                    return interview::enter(look, target);
                }
                Command::AsText => {
                    return self.tree(look).map_or_else(Step::default, |at| Step::go(Go::Read(at, None)));
                }
                _ => {}
            },
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(look, if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => return self.click(*at, look),
            Input::Read => {
                self.module = self.module.min(modules.saturating_sub(1));
                self.file = self.file.min(self.files(look).len().saturating_sub(1));
            }
            _ => {}
        }
        Step::default()
    }

    fn go(&mut self, look: &Look<'_>, by: isize) {
        let step = |at: usize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
        match self.pane {
            Pane::Modules => {
                self.module = step(self.module, look.library.modules.len());
                self.file = 0;
            }
            Pane::Files => self.file = step(self.file, self.files(look).len()),
        }
    }

    fn open(&mut self, look: &Look<'_>) -> Step {
        // One list at a time: the files come first, so that nobody lands in a lesson without having seen the others.
        if self.pane == Pane::Modules && look.size.width < TWO {
            self.pane = Pane::Files;
            return Step::default();
        }
        let range = look.library.module_range(self.module);
        let at = if self.pane == Pane::Modules { range.start } else { range.start + self.file };
        if !range.contains(&at) {
            return Step::toast("This module has no files yet.");
        }
        trees::tree_of(look, Target::File(at)).unwrap_or_else(|| Step::go(Go::Read(at, None)))
    }

    /// The chosen file, when it holds a tree.
    fn tree(&self, look: &Look<'_>) -> Option<usize> {
        let at = look.library.module_range(self.module).start + self.file;
        look.library.files.get(at).filter(|file| file.kind == Kind::Tree).map(|_| at)
    }

    fn drill(&self, look: &Look<'_>) -> Step {
        let range = look.library.module_range(self.module);
        let module = Target::Module(self.module);
        let target = if self.pane == Pane::Files { Target::File(range.start + self.file) } else { module };
        let title = match target {
            Target::File(file) => look.library.files.get(file).map(|file| file.title.clone()),
            _ => look.library.modules.get(self.module).map(|module| module.title.clone()),
        };
        let wish = Wish { from: From::Place(target), ..Wish::default() };
        Step::go(Go::Drill(Box::new(wish), title.unwrap_or_default()))
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let (left, right) = panes(look);
        if left.is_some_and(|left| left.contains(at)) {
            let left = left.unwrap_or_default();
            let first = window(self.module, look.library.modules.len(), usize::from(left.height));
            let row = first + usize::from(at.y - left.y);
            if row < look.library.modules.len() {
                let again = self.module == row && right.is_none();
                self.module = row;
                self.file = 0;
                self.pane = if again || right.is_none() { Pane::Files } else { Pane::Modules };
            }
        } else if let Some(right) = right.filter(|right| right.contains(at)) {
            let (head, first) = self.head(look, right);
            let row = usize::from(at.y - right.y);
            if let Some(row) =
                row.checked_sub(head.len()).map(|row| row + first).filter(|row| *row < self.files(look).len())
            {
                self.pane = Pane::Files;
                self.file = row;
                return self.open(look);
            }
        }
        Step::default()
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let (left, right) = panes(look);
        let (left, right) = match (left, right, self.pane) {
            (Some(only), None, Pane::Files) => (None, Some(only)),
            both => (both.0, both.1),
        };
        if look.library.modules.is_empty() {
            let area = left.or(right).unwrap_or_default();
            let words = if look.reading.is_some() {
                "Reading the pack…"
            } else {
                "There is nothing to read here. A pack is a folder of Markdown: inservice --pack DIR opens one."
            };
            for (line, y) in wrap(words, usize::from(area.width.saturating_sub(2))).into_iter().zip(area.y..) {
                put(buffer, area, area.x + 2, y, words.get(line).unwrap_or(""), look.theme.style(Role::Muted));
            }
            return;
        }
        if let Some(left) = left {
            self.modules(look, left, buffer);
        }
        if let Some(right) = right {
            self.module(look, right, buffer);
        }
    }

    fn modules(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let modules = &look.library.modules;
        let first = window(self.module, modules.len(), usize::from(area.height));
        for (module, y) in (first..modules.len()).zip(area.y..area.bottom()) {
            let Some(found) = modules.get(module) else { continue };
            let chosen = module == self.module;
            let level = found.level.map_or("", |level| level.name());
            let room = usize::from(area.width).saturating_sub(5 + if level.is_empty() { 0 } else { 3 });
            let role = if chosen { Role::Heading3 } else { Role::Text };
            put(buffer, area, area.x + 3, y, &pad(&found.title, room), theme.style(role));
            put(buffer, area, area.right().saturating_sub(4), y, level, theme.style(Role::Muted));
            if chosen {
                put(buffer, area, area.x + 1, y, look.glyphs.pointer, theme.style(Role::Accent));
                let role = if self.pane == Pane::Modules { Role::Selection } else { Role::Block };
                fill(buffer, Rect::new(area.x, y, area.width, 1), theme.style(role));
            }
        }
    }

    /// The lines above the files, and the first file that is shown.
    fn head(&self, look: &Look<'_>, area: Rect) -> (Vec<(String, Role)>, usize) {
        let mut out = Vec::new();
        let Some(module) = look.library.modules.get(self.module) else { return (out, 0) };
        let columns = usize::from(area.width.saturating_sub(4)).max(1);
        let lines = |text: &str| -> Vec<String> {
            wrap(text, columns).into_iter().filter_map(|line| text.get(line).map(str::to_owned)).collect()
        };
        out.extend(lines(&module.title).into_iter().map(|line| (line, Role::Heading1)));
        out.extend(lines(&meta(module, self.files(look), look)).into_iter().map(|line| (line, Role::Muted)));
        let tall = usize::from(area.height);
        let mut groups = Vec::new();
        if !module.summary.is_empty() {
            let words = lines(&module.summary).into_iter().map(|line| (line, Role::Text));
            groups.push(std::iter::once((String::new(), Role::Text)).chain(words).collect::<Vec<_>>());
        }
        if !module.objectives.is_empty() {
            let mut group = vec![(String::new(), Role::Text), ("Afterwards you can".to_owned(), Role::Heading3)];
            for objective in &module.objectives {
                let bullet = look.glyphs.bullets.first().unwrap_or(&"-");
                for (n, line) in wrap(objective, columns.saturating_sub(2).max(1)).into_iter().enumerate() {
                    let sign = if n == 0 { bullet } else { " " };
                    group.push((format!("{sign} {}", objective.get(line).unwrap_or("")), Role::Text));
                }
            }
            groups.push(group);
        }
        // Where there is little room, the files matter more than what is said about them.
        let needed = self.files(look).len().min(tall / 2) + 2;
        for group in groups {
            if out.len() + group.len() + needed <= tall {
                out.extend(group);
            }
        }
        out.push((String::new(), Role::Text));
        let room = tall.saturating_sub(out.len()).max(1);
        let first = window(self.file, self.files(look).len(), room);
        (out, first)
    }

    fn module(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let (head, first) = self.head(look, area);
        let mut y = area.y;
        for (line, role) in &head {
            put(buffer, area, area.x + 3, y, line, theme.style(*role));
            y += 1;
        }
        let files = self.files(look);
        for (n, y) in (first..files.len()).zip(y..area.bottom()) {
            let Some(file) = files.get(n) else { continue };
            let chosen = self.pane == Pane::Files && n == self.file;
            let note = self.note(look, file);
            let room = usize::from(area.width).saturating_sub(6 + width(&note));
            put(buffer, area, area.x + 3, y, &fit(&file.title, room), theme.style(Role::Text));
            let x = area.right().saturating_sub(u16::try_from(width(&note)).unwrap_or(0) + 2);
            put(buffer, area, x, y, &note, theme.style(Role::Muted));
            if chosen {
                put(buffer, area, area.x + 1, y, look.glyphs.pointer, theme.style(Role::Accent));
                fill(buffer, Rect::new(area.x, y, area.width, 1), theme.style(Role::Selection));
            }
        }
    }

    /// What a file holds, in a few words.
    fn note(&self, look: &Look<'_>, file: &File) -> String {
        let of = |what: &dyn Fn(What) -> bool, noun: &str| count(file.count(what), noun);
        match file.kind {
            Kind::Lesson => {
                let pack = look.library.modules.get(file.module).and_then(|module| look.library.packs.get(module.pack));
                let begun = pack.is_some_and(|pack| look.places.contains_key(&(pack.name.clone(), file.id.clone())));
                format!("{}{} min", if begun { "begun · " } else { "" }, file.reading_minutes())
            }
            Kind::Cards => of(&|what| what == What::Card, "card"),
            Kind::Tree => of(&|what| what == What::Situation, "situation"),
            Kind::Questions => of(&|what| what == What::Question, "question"),
            Kind::Incident => of(&|what| what == What::Stage, "stage"),
        }
    }
}

/// The two panes; the second is missing where the screen is narrow.
fn panes(look: &Look<'_>) -> (Option<Rect>, Option<Rect>) {
    let mut area = body(look.size);
    if area.height > 6 {
        area.y += 1;
        area.height -= 1;
    }
    if look.size.width < TWO {
        return (Some(area), None);
    }
    let left = (area.width * 2 / 5).clamp(30, 44);
    let right = Rect::new(area.x + left + 1, area.y, (area.width - left - 1).min(100), area.height);
    (Some(Rect { width: left, ..area }), Some(right))
}

/// The level of the chosen module and how much there is in it.
fn meta(module: &Module, files: &[File], look: &Look<'_>) -> String {
    let counts = look.library.counts(files.iter());
    let mut parts: Vec<String> = module.level.iter().map(|level| level.name().to_owned()).collect();
    let all = [
        (counts.cards + counts.generated_cards, "card"),
        (counts.tables, "table"),
        (counts.situations, "situation"),
        (counts.questions, "question"),
    ];
    parts.extend(all.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(n, noun)));
    parts.join(&format!(" {} ", look.glyphs.dot))
}
