//! Walking a tree freely: a question, how to tell, its choices; beside it the map.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::panel::{Panel, Sight};
use super::quiz::Quiz;
use super::sheet::{BESIDE, Pane, Sheet, areas, labels, rule};
use super::source::Source;
use crate::command::{Command, Scope};
use crate::content::library::Target;
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Screen, Step};
use crate::study::walk;
use crate::text::{clean, count, width};
use crate::theme::Role;
use crate::ui::map::way;

pub struct Walk {
    source: Source,
    walk: walk::Walk,
    /// The nodes that were seen, by id, so that they are known after an edit of the file.
    seen: BTreeSet<String>,
    /// The choice that enter takes.
    cursor: usize,
    /// The link that enter follows.
    link: Option<usize>,
    pane: Pane,
    panel: Panel,
    on_map: bool,
    /// Where to begin once the file is there, as ids of nodes.
    wanted: Vec<String>,
}

impl Walk {
    /// A walk that begins at the first question, or at a node of an id.
    pub fn new(look: &Look<'_>, file: usize, node: Option<&str>) -> Option<(Self, Vec<Effect>)> {
        let (source, open) = Source::new(look, file)?;
        let walk = Self {
            source,
            walk: walk::Walk::default(),
            seen: BTreeSet::new(),
            cursor: 0,
            link: None,
            pane: Pane::default(),
            panel: Panel::default(),
            on_map: false,
            wanted: node.map(str::to_owned).into_iter().collect(),
        };
        Some((walk, vec![open]))
    }

    pub fn scopes(&self) -> &'static [Scope] {
        if self.on_map {
            return &[Scope::Map, Scope::Moving, Scope::Global];
        }
        if self.choices() == 0 {
            return &[Scope::End, Scope::Walk, Scope::Moving, Scope::Global];
        }
        &[Scope::Picking, Scope::Turn, Scope::Walk, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    fn choices(&self) -> usize {
        let node = self.source.tree.as_ref().and_then(|tree| tree.nodes.get(self.walk.here()));
        node.map_or(0, |node| node.choices.len())
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        if self.source.tree.is_none() {
            return matches!(command, Command::Back);
        }
        match command {
            Command::Pick(n) => usize::from(n) <= self.choices(),
            Command::StepBack => !self.walk.steps().is_empty(),
            Command::Restart => !self.walk.steps().is_empty() && self.choices() > 0,
            Command::NextLink | Command::PreviousLink => !self.pane.links.is_empty(),
            Command::Edit => look.editable,
            Command::Situations => super::situations(look, self.source.file).next().is_some(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let at = self.walk.steps().len() + 1;
        let right = match self.choices() {
            0 if self.source.tree.is_none() => String::new(),
            0 => format!("end, after {}", count(at - 1, "question")),
            _ => format!("question {at}"),
        };
        (self.source.title(look), right)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => self.command(*command, look),
            Input::Opened(path, text) => {
                let ids = self.source.tree.as_ref().map_or_else(Vec::new, |tree| self.walk.ids(tree));
                if self.source.opened(path, text, look) {
                    self.arrive(&ids);
                    self.lay(look);
                }
                Step::default()
            }
            Input::Read => {
                let effects = self.source.reread(look);
                Step { effects, toast: self.source.failed.clone(), ..Step::default() }
            }
            Input::Resize | Input::Shown => {
                self.lay(look);
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                let by: isize = if *down { 3 } else { -3 };
                if self.on_map {
                    self.panel.go(by.signum());
                } else {
                    self.pane.scroll(by);
                }
                Step::default()
            }
            Input::Mouse(Mouse::Click(at)) => self.click(*at, look),
            _ => Step::default(),
        }
    }

    /// Stands where it stood before the file was read anew, or where it was asked to begin.
    fn arrive(&mut self, ids: &[String]) {
        let Some(tree) = &self.source.tree else { return };
        self.walk = walk::Walk::over(tree, ids);
        if let Some(node) = self.wanted.pop().and_then(|id| tree.named(&id)) {
            self.walk = walk::Walk::along(tree, &way(tree, node));
        }
        self.panel.reset();
        self.cursor = 0;
        self.link = None;
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        if command == Command::Back {
            return Step::go(Go::Back);
        }
        let Some(tree) = &self.source.tree else { return Step::default() };
        if command == Command::Map {
            self.on_map = !self.on_map;
            self.lay(look);
            return Step::default();
        }
        if self.on_map {
            return self.on_map(command, look);
        }
        let node = tree.nodes.get(self.walk.here());
        let page = self.pane.height();
        match command {
            Command::Pick(n) => return self.take(usize::from(n).saturating_sub(1), look),
            Command::Choose => match self.link {
                Some(link) => return self.follow(link, look),
                None if self.choices() > 0 => return self.take(self.cursor, look),
                None => self.turn(walk::Walk::default(), look),
            },
            Command::StepBack => {
                let mut walk = self.walk.clone();
                let choice = walk.back();
                self.turn(walk, look);
                self.cursor = choice.unwrap_or(0);
                self.lay(look);
                self.pane.show_option(self.cursor);
            }
            Command::Restart => self.turn(walk::Walk::default(), look),
            Command::Up | Command::Down if self.choices() > 1 => {
                self.link = None;
                let by = if command == Command::Down { 1 } else { -1 };
                self.cursor = self.cursor.saturating_add_signed(by).min(self.choices() - 1);
                self.lay(look);
                self.pane.show_option(self.cursor);
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.pane.scroll(by),
            Command::NextLink | Command::PreviousLink => self.next_link(command == Command::PreviousLink),
            Command::Situations => return situations(look, self.source.file),
            Command::Lesson => {
                let about = node.map_or("", |node| node.title.as_str());
                return self.source.lesson(look, about);
            }
            Command::AsText => {
                return Step::go(Go::Read(self.source.file, node.map(|node| node.span.start)));
            }
            Command::Facts => return self.source.facts(look),
            Command::Edit => return self.source.edit(node.map_or(0, |node| node.span.start)),
            _ => {}
        }
        Step::default()
    }

    fn on_map(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Some(tree) = &self.source.tree else { return Step::default() };
        let page = usize::from(areas(look, true).1.height).max(2).cast_signed();
        match command {
            _ if let Some(by) = command.rows(page, page - 1) => self.panel.go(by),
            Command::Fold => self.panel.fold(tree),
            Command::FoldAll => self.panel.fold_all(tree),
            Command::Left => self.panel.left(tree),
            Command::Right => self.panel.right(tree),
            Command::Choose => self.jump(look),
            _ => {}
        }
        Step::default()
    }

    /// Goes to the row of the cursor, by the way on which it stands.
    fn jump(&mut self, look: &Look<'_>) {
        let (Some(tree), Some((steps, _))) = (&self.source.tree, self.panel.chosen()) else { return };
        let walk = walk::Walk::along(tree, &steps);
        self.on_map = false;
        self.turn(walk, look);
    }

    fn take(&mut self, choice: usize, look: &Look<'_>) -> Step {
        let Some(tree) = &self.source.tree else { return Step::default() };
        let mut walk = self.walk.clone();
        if !walk.take(tree, choice) {
            return Step::toast("This choice leads nowhere; `inservice check` tells why.");
        }
        self.turn(walk, look);
        Step::default()
    }

    fn turn(&mut self, walk: walk::Walk, look: &Look<'_>) {
        self.walk = walk;
        self.cursor = 0;
        self.link = None;
        self.pane.start();
        self.lay(look);
    }

    fn next_link(&mut self, back: bool) {
        let order = self.pane.order();
        let here = order.iter().position(|(_, link)| Some(*link) == self.link);
        let next = match (here, back) {
            (None, false) => order.first(),
            (None, true) => order.last(),
            (Some(at), false) => order.get(at + 1).or(order.first()),
            (Some(at), true) => at.checked_sub(1).and_then(|at| order.get(at)).or(order.last()),
        };
        if let Some((line, link)) = next.copied() {
            self.link = Some(link);
            self.pane.show(line, line);
        }
    }

    fn follow(&mut self, link: usize, look: &Look<'_>) -> Step {
        let Some(url) = self.pane.links.get(link).cloned() else { return Step::default() };
        if let (Some(id), Some(tree)) = (url.strip_prefix('#'), &self.source.tree)
            && let Some(node) = tree.named(id)
        {
            let walk = walk::Walk::along(tree, &way(tree, node));
            self.turn(walk, look);
            return Step::default();
        }
        if url.contains("://") || url.starts_with("mailto:") {
            let toast = format!("Copied {}", clean(&url));
            return Step { effects: vec![Effect::Copy(url)], toast: Some(toast), ..Step::default() };
        }
        match look.library.follow(self.source.file, &url) {
            Some(target) => super::open(look, target),
            None => Step::toast(format!("`{}` leads nowhere in this pack.", clean(&url))),
        }
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let (text, map) = areas(look, self.on_map);
        if map.contains(at) {
            if self.panel.click(usize::from(at.y - map.y), map.height) {
                self.jump(look);
            }
        } else if text.contains(at)
            && let Some(choice) = self.pane.option_at(usize::from(at.y - text.y))
        {
            return self.take(choice, look);
        }
        Step::default()
    }

    fn lay(&mut self, look: &Look<'_>) {
        let Some(tree) = &self.source.tree else { return };
        let (text, _) = areas(look, false);
        self.seen.extend(self.walk.ids(tree));
        let passed = (0..tree.nodes.len()).filter(|at| tree.nodes.get(*at).is_some_and(|n| self.seen.contains(&n.id)));
        let passed: BTreeSet<usize> = passed.collect();
        self.panel.follow(tree, &self.walk, passed, Sight::All);
        let mut sheet = Sheet { follow: true, ..Sheet::new(look, text.width) };
        let Some(node) = tree.nodes.get(self.walk.here()) else { return };
        if self.walk.steps().is_empty() {
            if !tree.intro.is_empty() {
                sheet.blocks(&tree.intro);
                sheet.blank();
            }
        } else {
            sheet.plain(&crumbs(look, &labels(tree, self.walk.steps()), sheet.columns), Role::Muted);
            sheet.blank();
        }
        let leaf = node.leaf();
        if leaf {
            sheet.signed(look.glyphs.leaf_on_way, Role::Accent, &node.title, Role::Heading1);
        } else {
            sheet.plain(&node.title, Role::Heading1);
        }
        if let Some(how) = &node.how {
            sheet.blank();
            sheet.named("How to tell", how, Role::Text);
        }
        if !node.body.is_empty() {
            sheet.blank();
            sheet.blocks(&node.body);
        }
        sheet.blank();
        if leaf {
            sheet.leaf(node);
        } else {
            sheet.choices(node, self.link.is_none().then_some(self.cursor));
        }
        self.pane.set(sheet, text.height);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let (text, map) = areas(look, self.on_map);
        let Some(tree) = &self.source.tree else {
            super::told(look, text, buffer, self.source.failed.as_deref().unwrap_or("Reading the tree…"));
            return;
        };
        if text.width > 0 {
            self.pane.view(look, text, buffer, self.link);
        }
        if map.width > 0 {
            rule(look, map, buffer);
            let focus = self.on_map || look.size.width < BESIDE;
            self.panel.view(look, tree, None, map, buffer, focus);
        }
    }
}

/// The choices that were made, as one line; the last ones where not all fit.
pub fn crumbs(look: &Look<'_>, labels: &[&str], columns: usize) -> String {
    let glyph = look.glyphs.right;
    let whole = labels.join(&format!(" {glyph} "));
    if width(&whole) <= columns {
        return whole;
    }
    let mut out = String::new();
    for label in labels.iter().rev() {
        let next = if out.is_empty() { (*label).to_owned() } else { format!("{label} {glyph} {out}") };
        if width(&next) + 4 > columns && !out.is_empty() {
            break;
        }
        out = next;
    }
    format!("{} {glyph} {out}", look.glyphs.more)
}

/// The situations of a tree, one after the other.
pub fn situations(look: &Look<'_>, file: usize) -> Step {
    let title = look.library.files.get(file).map_or_else(String::new, |file| file.title.clone());
    match Quiz::of(look, &title, Target::File(file)) {
        Some((quiz, effects)) => Step { effects, ..Step::go(Go::Enter(Box::new(Screen::Quiz(Box::new(quiz))))) },
        None => Step::toast("This tree has no situations yet."),
    }
}
