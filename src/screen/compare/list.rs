//! Every comparison table, found by what it compares and by what.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Compare;
use crate::command::{Command, Scope};
use crate::content::library::{Library, Target};
use crate::content::scan::{Axes, Entry, What};
use crate::effect::Mouse;
use crate::screen::{Go, Input, Look, Prompt, Screen, Step, body, window};
use crate::study::queue::{From, Wish};
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::field::Field;
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::say::plain;
use crate::ui::wrap::wrap;

/// From this width on the chosen table is described beside the list.
const TWO: u16 = 76;

/// What a word in the title of a table counts more than one in its names.
const TITLE: i64 = 20;

/// A table that is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    file: usize,
    entry: usize,
    score: i64,
    /// The names in it that were found.
    hits: Vec<String>,
}

pub struct Tables {
    found: Vec<Found>,
    of: usize,
    at: usize,
    field: Option<Field>,
    query: String,
}

/// A line of the list.
enum Row {
    Module(usize),
    Table(usize),
}

impl Tables {
    #[must_use]
    pub fn new(look: &Look<'_>) -> Self {
        let mut tables = Self { found: Vec::new(), of: 0, at: 0, field: None, query: String::new() };
        tables.search(look);
        tables.of = tables.found.len();
        tables
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.field.is_some() { &[Scope::Typing] } else { &[Scope::Tables, Scope::Moving, Scope::Global] }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.field.as_ref()?;
        Some(Prompt { label: "/", text: field.text(), note: format!("{} of {}", self.found.len(), self.of) })
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        match command {
            Command::Choose | Command::Drill | Command::Draw | Command::Lesson => !self.found.is_empty(),
            Command::Search => self.of > 0,
            _ => true,
        }
    }

    pub fn title(&self, _look: &Look<'_>) -> (String, String) {
        let right = if self.query.is_empty() {
            count(self.of, "table")
        } else {
            format!("{} of {}", self.found.len(), count(self.of, "table"))
        };
        ("Compare".to_owned(), right)
    }

    /// Lists what fits the query, best first; without one, all in the order of the library.
    fn search(&mut self, look: &Look<'_>) {
        let words: Vec<&str> = self.query.split_whitespace().collect();
        let matcher = SkimMatcherV2::default();
        self.found = tables(look.library)
            .filter_map(|(file, entry, found)| {
                let (score, hits) = score(&matcher, &words, found)?;
                Some(Found { file, entry, score, hits })
            })
            .collect();
        if !words.is_empty() {
            // Letters that only happen to stand in this order are not what was meant.
            let best = self.found.iter().map(|found| found.score).max().unwrap_or(0);
            self.found.retain(|found| found.score * 2 >= best);
            self.found.sort_by_key(|found| (std::cmp::Reverse(found.score), found.file, found.entry));
        }
        self.at = self.at.min(self.found.len().saturating_sub(1));
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        let page = usize::from(body(look.size).height).max(2).cast_signed();
        match input {
            Input::Command(command) if let Some(by) = command.rows(page, page) => self.go(by),
            Input::Command(command) => match command {
                Command::Search => self.field = Some(Field::default()),
                Command::Choose => return self.open(look, false),
                Command::Draw => return self.open(look, true),
                Command::Drill => return self.drill(look),
                Command::Lesson => return self.lesson(look),
                Command::Back => return self.back(look),
                Command::Erase | Command::EraseWord | Command::EraseAll => self.erase(*command, look),
                _ => {}
            },
            Input::Text(text) => {
                if let Some(field) = &mut self.field {
                    field.push(text);
                }
                self.typed(look);
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => return self.click(*at, look),
            Input::Read => {
                let here = self.chosen().and_then(|found| Some(entry(look.library, found)?.id.clone()));
                self.of = tables(look.library).count();
                self.search(look);
                let same = |found: &Found| entry(look.library, found).map(|entry| &entry.id) == here.as_ref();
                self.at = self.found.iter().position(same).unwrap_or(self.at);
            }
            _ => {}
        }
        Step::default()
    }

    fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.found.len().saturating_sub(1));
    }

    fn typed(&mut self, look: &Look<'_>) {
        self.query = self.field.as_ref().map_or_else(String::new, |field| field.text().trim().to_owned());
        self.at = 0;
        self.search(look);
    }

    fn erase(&mut self, command: Command, look: &Look<'_>) {
        let Some(field) = &mut self.field else { return };
        match command {
            Command::Erase if !field.erase() => self.field = None,
            Command::EraseWord => field.erase_word(),
            Command::EraseAll => field.clear(),
            _ => {}
        }
        self.typed(look);
    }

    /// First out of the field, then to all tables, then out of the room.
    fn back(&mut self, look: &Look<'_>) -> Step {
        if self.field.take().is_none() && self.query.is_empty() {
            return Step::go(Go::Back);
        }
        let here = self.chosen().map(|found| (found.file, found.entry));
        self.query.clear();
        self.search(look);
        self.at = self.found.iter().position(|found| Some((found.file, found.entry)) == here).unwrap_or(0);
        Step::default()
    }

    fn chosen(&self) -> Option<&Found> {
        self.found.get(self.at)
    }

    fn open(&mut self, look: &Look<'_>, draw: bool) -> Step {
        self.field = None;
        let Some(found) = self.chosen() else { return Step::default() };
        let opened = Compare::new(look, found.file, found.entry);
        let opened = opened.map(|(compare, effects)| (if draw { compare.to_draw() } else { compare }, effects));
        opened.map_or_else(Step::default, Compare::enter)
    }

    fn drill(&self, look: &Look<'_>) -> Step {
        let Some(found) = self.chosen() else { return Step::default() };
        let title = entry(look.library, found).map_or_else(String::new, |entry| entry.title.clone());
        let wish = Wish { from: From::Place(Target::Entry(found.file, found.entry)), ..Wish::default() };
        Step::go(Go::Drill(Box::new(wish), title))
    }

    fn lesson(&self, look: &Look<'_>) -> Step {
        let site = self.chosen().and_then(|found| Some((found.file, entry(look.library, found)?.start)));
        site.map_or_else(Step::default, |(file, byte)| Step::go(Go::Read(file, Some(byte))))
    }

    /// The lines of the list: under their modules, while nothing is looked for.
    fn rows(&self, look: &Look<'_>) -> Vec<Row> {
        let mut out = Vec::new();
        let mut module = None;
        for (at, found) in self.found.iter().enumerate() {
            let own = look.library.files.get(found.file).map(|file| file.module);
            if self.query.is_empty() && own != module {
                module = own;
                out.extend(own.map(Row::Module));
            }
            out.push(Row::Table(at));
        }
        out
    }

    /// The list, what is beside it, and the first line of the list that is shown.
    fn frame(&self, look: &Look<'_>, rows: &[Row]) -> (Rect, Option<Rect>, usize) {
        let mut area = body(look.size);
        if area.height > 6 {
            area.y += 1;
            area.height -= 1;
        }
        let at = rows.iter().position(|row| matches!(row, Row::Table(at) if *at == self.at)).unwrap_or(0);
        let first = if self.at == 0 { 0 } else { window(at, rows.len(), usize::from(area.height)) };
        if look.size.width < TWO {
            return (area, None, first);
        }
        let left = (area.width * 9 / 20).clamp(34, 56);
        let right = Rect::new(area.x + left + 3, area.y, (area.width - left - 4).min(84), area.height);
        (Rect { width: left, ..area }, Some(right), first)
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let rows = self.rows(look);
        let (area, _, first) = self.frame(look, &rows);
        if !area.contains(at) {
            return Step::default();
        }
        match rows.get(first + usize::from(at.y - area.y)) {
            Some(Row::Table(table)) if *table == self.at => self.open(look, false),
            Some(Row::Table(table)) => {
                self.at = *table;
                Step::default()
            }
            _ => Step::default(),
        }
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let rows = self.rows(look);
        let (area, beside, first) = self.frame(look, &rows);
        if self.found.is_empty() {
            let words = if self.of == 0 {
                "There is no comparison table here. A Markdown table becomes one when a fence called `toml table` follows it."
            } else {
                "No table compares that. Look for the name of a service, a feature or a limit."
            };
            let area = Rect { width: body(look.size).width, ..area };
            let lines = wrap(words, usize::from(area.width.saturating_sub(6).min(look.measure)).max(1));
            for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
                put(buffer, area, area.x + 3, y, words.get(line).unwrap_or(""), theme.style(Role::Muted));
            }
            return;
        }
        for (row, y) in rows.iter().skip(first).zip(area.y..area.bottom()) {
            match row {
                Row::Module(module) => {
                    let title = look.library.modules.get(*module).map_or("", |module| module.title.as_str());
                    let title = fit(title, usize::from(area.width.saturating_sub(3)));
                    put(buffer, area, area.x + 1, y, &title, theme.style(Role::Muted));
                }
                Row::Table(at) => self.row(look, *at, Rect { y, height: 1, ..area }, buffer),
            }
        }
        if let Some((beside, found)) = beside.zip(self.chosen()) {
            for y in area.y..area.bottom() {
                put(buffer, body(look.size), beside.x.saturating_sub(2), y, look.glyphs.bar, theme.style(Role::Rule));
            }
            let lines = about(look, found, usize::from(beside.width).max(1));
            for (line, y) in lines.iter().zip(beside.y..beside.bottom()) {
                draw(buffer, beside, y, line, theme, None);
            }
        }
    }

    fn row(&self, look: &Look<'_>, at: usize, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let Some((found, entry)) = self.found.get(at).and_then(|found| Some((found, entry(look.library, found)?)))
        else {
            return;
        };
        let size = entry.axes.as_ref().map_or_else(String::new, |axes| {
            format!("{} {} {}", axes.entities.len(), look.glyphs.times, axes.attributes.len())
        });
        let chosen = at == self.at;
        let room = usize::from(area.width).saturating_sub(width(&size) + 6);
        let x = put(buffer, area, area.x + 3, area.y, &fit(&entry.title, room), theme.style(Role::Text));
        // What was found in it says why it is listed.
        let hits = found.hits.join(", ");
        let left = room.saturating_sub(usize::from(x - area.x).saturating_sub(1));
        if !hits.is_empty() && left > 6 {
            put(buffer, area, x + 2, area.y, &fit(&hits, left), theme.style(Role::Accent));
        }
        let x = area.right().saturating_sub(u16::try_from(width(&size)).unwrap_or(0) + 1);
        put(buffer, area, x, area.y, &size, theme.style(Role::Faint));
        if chosen {
            put(buffer, area, area.x + 1, area.y, look.glyphs.pointer, theme.style(Role::Accent));
            fill(buffer, area, theme.style(Role::Selection));
        }
    }
}

fn entry<'a>(library: &'a Library, found: &Found) -> Option<&'a Entry> {
    library.files.get(found.file)?.entries.get(found.entry)
}

/// The tables of a library: file, place among its entries, entry.
pub fn tables(library: &Library) -> impl Iterator<Item = (usize, usize, &Entry)> {
    library.files.iter().enumerate().flat_map(|(file, found)| {
        let tables = found.entries.iter().enumerate().filter(|(_, entry)| entry.what == What::Table);
        tables.map(move |(at, entry)| (file, at, entry))
    })
}

/// How well a table fits the words, each of which must be found in one of its names; and the names that were.
fn score(matcher: &SkimMatcherV2, words: &[&str], entry: &Entry) -> Option<(i64, Vec<String>)> {
    let none = Axes::default();
    let axes = entry.axes.as_deref().unwrap_or(&none);
    let mut total = 0;
    let mut hits: Vec<String> = Vec::new();
    for word in words {
        // A table that is called so is meant rather than one that speaks of it.
        let title = matcher.fuzzy_match(&entry.title, word).map(|score| score + TITLE);
        let names = axes.entities.iter().chain(&axes.attributes);
        let best =
            names.filter_map(|name| Some((matcher.fuzzy_match(name, word)?, name))).max_by_key(|(score, _)| *score);
        let named = best.map(|(score, _)| score);
        total += title.max(named)?;
        if let Some((_, name)) = best.filter(|_| named >= title)
            && !hits.contains(name)
        {
            hits.push(name.clone());
        }
    }
    Some((total, hits))
}

/// What there is to know about a table before it is opened.
fn about(look: &Look<'_>, found: &Found, columns: usize) -> Vec<Line> {
    let Some((file, entry)) =
        look.library.files.get(found.file).and_then(|file| Some((file, file.entries.get(found.entry)?)))
    else {
        return Vec::new();
    };
    let none = Axes::default();
    let axes = entry.axes.as_deref().unwrap_or(&none);
    let mut lines = plain(&entry.title, columns, Role::Heading1);
    let module = look.library.modules.get(file.module).map(|module| module.title.clone());
    let mut meta: Vec<String> = module.into_iter().collect();
    meta.extend(file.as_of.as_ref().map(|date| format!("facts checked {date}")));
    lines.extend(plain(&meta.join(&format!(" {} ", look.glyphs.dot)), columns, Role::Muted));
    lines.extend(cards(look, found).into_iter().flat_map(|text| plain(&text, columns, Role::Muted)));
    for (names, title) in [(&axes.entities, "Compares"), (&axes.attributes, "By")] {
        lines.push(Line::default());
        lines.extend(plain(title, columns, Role::Heading3));
        for name in names {
            let hit = found.hits.contains(name);
            let sign = if hit { look.glyphs.pointer } else { " " };
            let name = fit(name, columns.saturating_sub(2)).into_owned();
            let pieces = vec![
                Piece::new(pad(sign, 2), Role::Accent),
                Piece::new(name, if hit { Role::Accent } else { Role::Text }),
            ];
            lines.push(Line { pieces, ..Line::default() });
        }
    }
    lines
}

/// How many of its cells are cards, and how they stand.
fn cards(look: &Look<'_>, found: &Found) -> Option<String> {
    let desk = look.desk();
    let all = look.items.at(look.library, Target::Entry(found.file, found.entry));
    let seen = all.iter().filter(|at| desk.state(**at).seen()).count();
    let due = all.iter().filter(|at| desk.state(**at).seen() && desk.is_due(desk.id(**at), desk.state(**at))).count();
    let words = match (seen, due) {
        (0, _) => "none seen yet".to_owned(),
        (seen, 0) => format!("{seen} seen, none due"),
        (seen, due) => format!("{seen} seen, {due} due"),
    };
    (!all.is_empty()).then(|| format!("{}: {words}", count(all.len(), "card")))
}

impl Tables {
    /// The room as the screen that it is.
    #[must_use]
    pub fn screen(look: &Look<'_>) -> Screen {
        Screen::Tables(Self::new(look))
    }
}
