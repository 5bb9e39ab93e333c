//! A list over the screen: all keys, the palette, the sections of a page, sources, problems.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::{Clear, Widget};

use super::{Go, Input, Look, Prompt, Step};
use crate::command::{Command, Scope, rows};
use crate::effect::Mouse;
use crate::problem::{Problem, Severity};
use crate::study::queue::Wish;
use crate::text::{clean, fit, width};
use crate::theme::Role;
use crate::ui::field::Field;
use crate::ui::line::{fill, put};
use crate::ui::wrap::wrap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    None,
    Run(Command),
    Jump(usize),
    /// Begin a set under a title.
    Drill(Wish, String),
}

#[derive(Clone, Debug)]
pub struct Item {
    pub left: String,
    pub text: String,
    pub note: String,
    pub role: Role,
    pub action: Action,
}

pub struct Popup {
    title: &'static str,
    items: Vec<Item>,
    /// The items that match what was typed, best first.
    shown: Vec<usize>,
    field: Option<Field>,
    at: usize,
}

impl Popup {
    fn new(title: &'static str, items: Vec<Item>, field: Option<Field>, at: usize) -> Self {
        let shown = (0..items.len()).collect();
        let mut popup = Self { title, items, shown, field, at };
        popup.step_over(1);
        popup
    }

    /// A list of rows to read or to choose from.
    #[must_use]
    pub fn list(title: &'static str, items: Vec<Item>) -> Self {
        Self::new(title, items, None, 0)
    }

    /// A list that is searched while one types.
    #[must_use]
    pub fn search(title: &'static str, items: Vec<Item>) -> Self {
        Self::new(title, items, Some(Field::default()), 0)
    }

    /// All keys of some scopes.
    #[must_use]
    pub fn help(scopes: &[Scope]) -> Self {
        let mut items = Vec::new();
        for scope in scopes {
            items.push(Item::heading(scope.name()));
            items.extend(rows(*scope).map(|row| Item {
                left: row.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                text: row.help.to_owned(),
                note: String::new(),
                role: Role::Text,
                action: Action::Run(row.command),
            }));
        }
        Self::new("Keys", items, None, 0)
    }

    /// The commands that are possible now.
    #[must_use]
    pub fn palette(scopes: &[Scope], can: impl Fn(Command) -> bool) -> Self {
        let possible = scopes.iter().flat_map(|scope| rows(*scope)).filter(|row| can(row.command));
        let mut items: Vec<Item> = Vec::new();
        for row in possible {
            if items.iter().all(|item| item.action != Action::Run(row.command)) {
                items.push(Item {
                    left: row.keys.first().map(ToString::to_string).unwrap_or_default(),
                    text: row.help.to_owned(),
                    note: String::new(),
                    role: Role::Text,
                    action: Action::Run(row.command),
                });
            }
        }
        Self::new("Commands", items, Some(Field::default()), 0)
    }

    /// The sections of a page: depth, title and byte.
    #[must_use]
    pub fn contents(sections: &[(usize, String, usize)], at: usize) -> Self {
        let items = sections.iter().map(|(depth, title, byte)| Item {
            left: String::new(),
            text: format!("{}{title}", "  ".repeat(*depth)),
            note: String::new(),
            role: if *depth == 0 { Role::Heading3 } else { Role::Text },
            action: Action::Jump(*byte),
        });
        Self::new("Contents", items.collect(), None, at)
    }

    /// Lines to read.
    #[must_use]
    pub fn facts(title: &'static str, lines: Vec<(String, String)>) -> Self {
        let items = lines.into_iter().map(|(text, note)| Item {
            left: String::new(),
            text,
            note,
            role: Role::Text,
            action: Action::None,
        });
        Self::new(title, items.collect(), None, 0)
    }

    /// Where the facts of some files come from, and when they were checked.
    #[must_use]
    pub fn sources(look: &Look<'_>, files: &[usize]) -> Self {
        let mut lines = Vec::new();
        for file in files.iter().filter_map(|file| look.library.files.get(*file)) {
            let date = file.as_of.as_ref().or(look.library.modules.get(file.module).and_then(|own| own.as_of.as_ref()));
            let checked = date
                .map_or_else(|| "No date of checking is given.".to_owned(), |date| format!("Facts checked {date}."));
            lines.push((checked, file.path.clone()));
            lines.extend(file.sources.iter().map(|source| (source.title.clone(), source.url.clone())));
        }
        Self::facts("Sources", lines)
    }

    #[must_use]
    pub fn problems(problems: &[Problem]) -> Self {
        let items = problems.iter().map(|problem| {
            let place = problem.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
            Item {
                left: String::new(),
                text: clean(&format!("{place}{}", problem.what)).into_owned(),
                note: clean(&problem.hint).into_owned(),
                role: if problem.severity == Severity::Error { Role::Bad } else { Role::Warning },
                action: Action::None,
            }
        });
        Self::new("Problems", items.collect(), None, 0)
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.field.is_some() { &[Scope::Typing] } else { &[Scope::List, Scope::Moving] }
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        match command {
            Command::Choose => self.chosen().is_some_and(|item| item.action != Action::None),
            _ => true,
        }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.field.as_ref()?;
        Some(Prompt { label: ":", text: field.text(), note: format!("{} of {}", self.shown.len(), self.items.len()) })
    }

    fn chosen(&self) -> Option<&Item> {
        self.items.get(*self.shown.get(self.at)?)
    }

    fn go(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.step_over(by.signum());
    }

    /// Headings are not chosen.
    fn step_over(&mut self, way: isize) {
        while self.chosen().is_some_and(Item::is_heading) {
            let next = self.at.saturating_add_signed(way);
            if next == self.at || next >= self.shown.len() {
                self.at = (self.at + 1).min(self.shown.len().saturating_sub(1));
                break;
            }
            self.at = next;
        }
    }

    fn filter(&mut self) {
        let Some(field) = &self.field else { return };
        let query = field.text().trim();
        let matcher = SkimMatcherV2::default();
        let mut scored: Vec<(i64, usize)> = (self.items.iter().enumerate())
            .filter_map(|(at, item)| Some((matcher.fuzzy_match(&item.text, query)?, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        self.shown = scored.into_iter().map(|(_, at)| at).collect();
        self.at = 0;
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        let page = usize::from(area(look.size, self.items.len()).height.saturating_sub(4)).max(1).cast_signed();
        match input {
            Input::Command(command) if let Some(by) = command.rows(page, page) => self.go(by),
            Input::Command(command) => match command {
                Command::Choose => return self.choose(),
                Command::Back => return Step::go(Go::Back),
                Command::Erase => {
                    let erased = self.field.as_mut().is_some_and(Field::erase);
                    if !erased {
                        return Step::go(Go::Back);
                    }
                    self.filter();
                }
                Command::EraseWord | Command::EraseAll => {
                    if let Some(field) = &mut self.field {
                        if *command == Command::EraseAll { field.clear() } else { field.erase_word() }
                    }
                    self.filter();
                }
                _ => {}
            },
            Input::Text(text) => {
                if let Some(field) = &mut self.field {
                    field.push(text);
                }
                self.filter();
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => {
                let area = area(look.size, self.items.len());
                if !area.contains(*at) {
                    return Step::go(Go::Back);
                }
                let found = self
                    .layout(area)
                    .into_iter()
                    .find(|(y, lines, _)| (*y..*y + lines.len().max(1)).contains(&usize::from(at.y)));
                if let Some((_, _, n)) = found {
                    self.at = n;
                    return self.choose();
                }
            }
            _ => {}
        }
        Step::default()
    }

    fn choose(&self) -> Step {
        match self.chosen().map(|item| &item.action) {
            Some(Action::Run(command)) => Step::go(Go::Run(*command)),
            Some(Action::Jump(byte)) => Step::go(Go::Jump(*byte)),
            Some(Action::Drill(wish, title)) => Step::go(Go::Drill(Box::new(wish.clone()), title.clone())),
            _ => Step::default(),
        }
    }

    /// The items on the screen: the row of each, its lines and its number among the shown.
    fn layout(&self, area: Rect) -> Vec<(usize, Vec<String>, usize)> {
        let inner = inner(area);
        let (columns, height) = (self.columns(inner), usize::from(inner.height));
        let lines = |n: usize| -> Vec<String> {
            let Some(item) = self.shown.get(n).and_then(|at| self.items.get(*at)) else { return Vec::new() };
            let cut = |text: &str| -> Vec<String> {
                wrap(text, columns).into_iter().filter_map(|line| text.get(line).map(str::to_owned)).collect()
            };
            let indent = item.text.len() - item.text.trim_start().len();
            let mut out = cut(item.text.trim_start());
            for line in &mut out {
                line.insert_str(0, &" ".repeat(indent));
            }
            out.extend(cut(&item.note));
            out
        };
        // From the chosen item upwards until half of the room is used, then downwards.
        let mut first = self.at;
        let mut used = lines(self.at).len();
        while first > 0 {
            let more = lines(first - 1).len();
            let below = self.shown.len().saturating_sub(self.at + 1);
            if used + more > height.saturating_sub(below.min(height / 2)) {
                break;
            }
            used += more;
            first -= 1;
        }
        let mut out = Vec::new();
        let mut y = usize::from(inner.y);
        for n in first..self.shown.len() {
            if y >= usize::from(inner.bottom()) {
                break;
            }
            let found = lines(n);
            let tall = found.len().max(1);
            out.push((y, found, n));
            y += tall;
        }
        out
    }

    /// The columns of the words, behind the keys.
    fn columns(&self, inner: Rect) -> usize {
        usize::from(inner.width).saturating_sub(self.keys(inner)).max(1)
    }

    fn keys(&self, inner: Rect) -> usize {
        let widest =
            self.items.iter().filter(|item| !item.is_heading()).map(|item| width(&item.left)).max().unwrap_or(0);
        if widest == 0 { 0 } else { (widest + 2).min(usize::from(inner.width) / 3) }
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let area = area(look.size, self.items.len());
        let theme = look.theme;
        Clear.render(area.intersection(buffer.area), buffer);
        let ground = theme.style(Role::Ground).patch(theme.style(Role::Popup));
        fill(buffer, area, ground);
        let rule = look.glyphs.rule.repeat(usize::from(area.width));
        put(buffer, area, area.x, area.y, &rule, theme.style(Role::Rule));
        put(buffer, area, area.x + 2, area.y, &format!(" {} ", self.title), theme.style(Role::Heading2));
        put(buffer, area, area.x, area.bottom().saturating_sub(1), &rule, theme.style(Role::Rule));
        let inner = inner(area);
        let keys = u16::try_from(self.keys(inner)).unwrap_or(0);
        if self.shown.is_empty() {
            let words = if self.items.is_empty() { "Nothing here: all is well." } else { "Nothing matches." };
            put(buffer, inner, inner.x, inner.y, words, theme.style(Role::Muted));
        }
        for (y, lines, n) in self.layout(area) {
            let Some(item) = self.shown.get(n).and_then(|at| self.items.get(*at)) else { continue };
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            let chosen = n == self.at && !item.is_heading();
            let tall = u16::try_from(lines.len().max(1)).unwrap_or(1).min(inner.bottom().saturating_sub(y));
            let left = if item.is_heading() {
                String::new()
            } else {
                fit(&item.left, usize::from(keys.saturating_sub(1))).into_owned()
            };
            put(buffer, inner, inner.x, y, &left, theme.style(Role::Accent));
            let note_from = lines.len().saturating_sub(wrap(&item.note, self.columns(inner)).len());
            for (line, row) in lines.iter().zip(y..inner.bottom()) {
                let role =
                    if usize::from(row - y) >= note_from && !item.note.is_empty() { Role::Muted } else { item.role };
                let x = if item.is_heading() { inner.x } else { inner.x + keys };
                put(buffer, inner, x, row, line, theme.style(role));
            }
            if chosen {
                put(buffer, area, area.x + 1, y, look.glyphs.pointer, theme.style(Role::Accent));
                fill(buffer, Rect::new(area.x, y, area.width, tall), theme.style(Role::Selection));
            }
        }
    }
}

impl Item {
    /// A line to read with a note below.
    #[must_use]
    pub fn plain(text: &str, note: &str) -> Self {
        Self::new(text, note, Action::None)
    }

    /// A line that runs a command.
    #[must_use]
    pub fn run(command: Command, text: &str, note: &str) -> Self {
        Self::new(text, note, Action::Run(command))
    }

    #[must_use]
    pub fn new(text: &str, note: &str, action: Action) -> Self {
        Self { left: String::new(), text: text.to_owned(), note: note.to_owned(), role: Role::Text, action }
    }

    #[must_use]
    pub fn heading(text: &str) -> Self {
        Self {
            left: String::from("#"),
            text: text.to_owned(),
            note: String::new(),
            role: Role::Heading3,
            action: Action::None,
        }
    }

    fn is_heading(&self) -> bool {
        self.left == "#"
    }
}

fn area(size: Size, items: usize) -> Rect {
    let body = super::body(size);
    let wide = body.width.min(84);
    let wide = if body.width < 90 { body.width } else { wide.min(body.width - 4) };
    let tall = body.height.min(u16::try_from(items.saturating_mul(2).saturating_add(4)).unwrap_or(u16::MAX).max(10));
    let tall = if body.height < 30 { body.height } else { tall.min(body.height - 2) };
    Rect::new(body.x + (body.width - wide) / 2, body.y + (body.height - tall) / 2, wide, tall)
}

fn inner(area: Rect) -> Rect {
    Rect::new(
        area.x + 3.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(5),
        area.height.saturating_sub(2),
    )
}
