//! Building a tree: its questions are put in order before it is walked.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::panel::{Panel, Sight};
use super::sheet::{Pane, Sheet, areas, rule};
use super::source::Source;
use super::walk::Walk;
use crate::command::{Command, Scope};
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Screen, Step};
use crate::study::{hash, walk};
use crate::text::count;
use crate::theme::Role;

pub struct Build {
    source: Source,
    build: walk::Build,
    cursor: usize,
    /// What the last choice has brought.
    told: String,
    begun: u64,
    pane: Pane,
    panel: Panel,
}

impl Build {
    pub fn new(look: &Look<'_>, file: usize) -> Option<(Self, Vec<Effect>)> {
        let (source, open) = Source::new(look, file)?;
        let build = Self {
            source,
            build: walk::Build::default(),
            cursor: 0,
            told: String::new(),
            begun: 0,
            pane: Pane::default(),
            panel: Panel::default(),
        };
        Some((build, vec![open]))
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.build.done() {
            return &[Scope::Built, Scope::Build, Scope::Moving, Scope::Global];
        }
        &[Scope::Picking, Scope::Turn, Scope::Build, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        match command {
            Command::Pick(n) => usize::from(n) <= self.build.rest.len(),
            Command::Choose | Command::Restart => self.source.tree.is_some(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let (placed, rest) = (self.build.placed.len(), self.build.rest.len());
        (self.source.title(look), format!("build, {placed} of {}", placed + rest))
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => return self.command(*command, look),
            Input::Opened(path, text) if self.source.opened(path, text, look) => self.shuffle(look),
            Input::Read => return Step { effects: self.source.reread(look), ..Step::default() },
            Input::Resize | Input::Shown => self.lay(look),
            Input::Mouse(Mouse::Wheel { down, .. }) => self.pane.scroll(if *down { 3 } else { -3 }),
            Input::Mouse(Mouse::Click(at)) => return self.click(*at, look),
            _ => {}
        }
        Step::default()
    }

    fn shuffle(&mut self, look: &Look<'_>) {
        if let Some(tree) = &self.source.tree {
            let id = self.source.id(look).as_bytes();
            let seed = hash(&[&look.seed.to_le_bytes(), id, &self.begun.to_le_bytes()]);
            self.build = walk::Build::new(tree, seed);
            self.begun += 1;
        }
        self.cursor = 0;
        self.told.clear();
        self.panel.reset();
        self.lay(look);
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = self.pane.height();
        match command {
            Command::Back => return Step::go(Go::Back),
            Command::Restart => self.shuffle(look),
            Command::Pick(n) => self.place(usize::from(n).saturating_sub(1), look),
            Command::Choose if self.build.done() => {
                return match Walk::new(look, self.source.file, None) {
                    Some((walk, effects)) => {
                        Step { effects, ..Step::go(Go::Replace(Box::new(Screen::Walk(Box::new(walk))))) }
                    }
                    None => Step::go(Go::Back),
                };
            }
            Command::Choose => self.place(self.cursor, look),
            Command::Up | Command::Down if !self.build.done() => {
                let by = if command == Command::Down { 1 } else { -1 };
                self.cursor = self.cursor.saturating_add_signed(by).min(self.build.rest.len().saturating_sub(1));
                self.lay(look);
                self.pane.show_option(self.cursor);
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.pane.scroll(by),
            _ => {}
        }
        Step::default()
    }

    fn place(&mut self, at: usize, look: &Look<'_>) {
        let Some(tree) = &self.source.tree else { return };
        let title = self.build.rest.get(at).and_then(|node| tree.nodes.get(*node)).map(|node| node.title.clone());
        let Some(title) = title else { return };
        let first = self.build.placed.is_empty();
        self.told = match (self.build.place(tree, at), first) {
            (true, _) => format!("{} {title}", look.glyphs.right_answer),
            (false, true) => {
                format!("{} Not first: another question splits more, or costs less. {title}", look.glyphs.wrong_answer)
            }
            (false, false) => {
                format!("{} Not yet: nothing that is placed leads there. {title}", look.glyphs.wrong_answer)
            }
        };
        self.cursor = self.cursor.min(self.build.rest.len().saturating_sub(1));
        self.lay(look);
        self.pane.show_option(self.cursor);
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let (text, _) = areas(look, false);
        if text.contains(at)
            && let Some(choice) = self.pane.option_at(usize::from(at.y - text.y))
        {
            self.place(choice, look);
        }
        Step::default()
    }

    fn lay(&mut self, look: &Look<'_>) {
        let Some(tree) = &self.source.tree else { return };
        let (text, map) = areas(look, false);
        let here = self.build.placed.last().copied().unwrap_or(0);
        let way = walk::Walk::along(tree, &crate::ui::map::way(tree, here));
        let placed: BTreeSet<usize> = self.build.placed.iter().copied().collect();
        self.panel.follow(tree, &way, placed, Sight::Passed);
        let mut sheet = Sheet::new(look, text.width);
        let done = self.build.done();
        let head = match (done, self.build.placed.is_empty()) {
            (true, _) => "The tree stands",
            (false, true) => "Which question comes first?",
            (false, false) => "Which question can come now?",
        };
        sheet.plain(head, Role::Heading1);
        if !self.told.is_empty() && !done {
            let role = if self.told.starts_with(look.glyphs.right_answer) { Role::Good } else { Role::Bad };
            sheet.plain(&self.told, role);
        }
        sheet.blank();
        for (n, node) in self.build.rest.iter().enumerate() {
            let title = tree.nodes.get(*node).map_or("", |node| node.title.as_str());
            sheet.option(n, title, "", n == self.cursor);
        }
        if done {
            let words = match self.build.slips {
                0 => "Every question in its place at the first try.".to_owned(),
                slips => format!("With {} that came too early.", count(slips, "question")),
            };
            sheet.plain(&words, Role::Text);
            sheet.blank();
            sheet.plain("Enter walks it.", Role::Muted);
        }
        if map.width == 0 && !self.build.placed.is_empty() {
            // Where there is no room for a map, the order is told.
            sheet.blank();
            for node in &self.build.placed {
                let title = tree.nodes.get(*node).map_or("", |node| node.title.as_str());
                sheet.signed(look.glyphs.on_way, Role::Accent, title, Role::Muted);
            }
        }
        self.pane.set(sheet, text.height);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let (text, map) = areas(look, false);
        let Some(tree) = &self.source.tree else {
            super::told(look, text, buffer, self.source.failed.as_deref().unwrap_or("Reading the tree…"));
            return;
        };
        self.pane.view(look, text, buffer, None);
        if map.width > 0 {
            rule(look, map, buffer);
            if !self.build.placed.is_empty() {
                self.panel.view(look, tree, None, map, buffer, false);
            }
        }
    }
}
