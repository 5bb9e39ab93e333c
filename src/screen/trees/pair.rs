//! Near misses: two situations that differ in one clue, side by side. The clue is named, then the question at which
//! their ways part, then both are walked.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::case::Case;
use super::sheet::{BESIDE, Pane, Sheet, labels};
use super::source::Source;
use super::story::{behind_link, story};
use super::walk::crumbs;
use crate::command::{Command, Scope};
use crate::content::tree::{Situation, Tree};
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Step, body};
use crate::study::review::ReviewId;
use crate::study::walk::{Help, Outcome, decisive};
use crate::theme::Role;
use crate::ui::field::Field;
use crate::ui::line::{Line, draw, put};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The clue is named in words.
    Name,
    /// The question is chosen at which the ways part.
    Part,
    /// The first, then the second situation is walked.
    Walk(usize),
    Told,
}

pub struct Pair {
    source: Source,
    /// The pairs of the tree, as places of situations, and which of them is asked.
    pairs: Vec<(usize, usize)>,
    turn: usize,
    stage: Stage,
    field: Field,
    named: String,
    /// The questions on either way, and which was said to part them.
    questions: Vec<usize>,
    parted: Option<usize>,
    cursor: usize,
    cases: Vec<Case>,
    writing: Option<ReviewId>,
    written: bool,
    stories: [Vec<Line>; 2],
    pane: Pane,
}

impl Pair {
    pub fn new(look: &Look<'_>, file: usize) -> Option<(Self, Vec<Effect>)> {
        let (source, open) = Source::new(look, file)?;
        let pair = Self {
            source,
            pairs: Vec::new(),
            turn: 0,
            stage: Stage::Name,
            field: Field::default(),
            named: String::new(),
            questions: Vec::new(),
            parted: None,
            cursor: 0,
            cases: Vec::new(),
            writing: None,
            written: false,
            stories: [Vec::new(), Vec::new()],
            pane: Pane::default(),
        };
        Some((pair, vec![open]))
    }

    pub fn scopes(&self) -> &'static [Scope] {
        match self.stage {
            Stage::Name if !self.cases.is_empty() => &[Scope::Typing],
            Stage::Name | Stage::Told => &[Scope::Verdict, Scope::Moving, Scope::Global],
            Stage::Part | Stage::Walk(_) => {
                &[Scope::Picking, Scope::Turn, Scope::NearMiss, Scope::Moving, Scope::Global]
            }
        }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let named = self.stage == Stage::Name && !self.cases.is_empty();
        named.then(|| Prompt {
            label: "The clue that changed: ",
            text: self.field.text(),
            note: if self.field.text().trim().is_empty() { "esc: leave".to_owned() } else { "enter: go on".to_owned() },
        })
    }

    fn options(&self) -> usize {
        let Some(tree) = &self.source.tree else { return 0 };
        match self.stage {
            Stage::Part => self.questions.len(),
            Stage::Walk(n) => {
                let case = self.cases.get(n);
                case.and_then(|case| tree.nodes.get(case.walk.here())).map_or(0, |node| node.choices.len())
            }
            Stage::Name | Stage::Told => 0,
        }
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        match command {
            Command::Pick(n) => usize::from(n) <= self.options(),
            Command::StepBack => match self.stage {
                Stage::Walk(n) => self.cases.get(n).is_some_and(|case| !case.walk.steps().is_empty()),
                _ => false,
            },
            Command::Easy | Command::Map | Command::Undo => false,
            Command::Edit => look.editable,
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let right = match self.pairs.len() {
            0 | 1 => "near miss".to_owned(),
            all => format!("near miss {} of {all}", self.turn + 1),
        };
        (self.source.title(look), right)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => self.command(*command, look),
            Input::Text(text) => {
                self.field.push(text);
                Step::default()
            }
            Input::Opened(path, text) => {
                if self.source.opened(path, text, look) {
                    if let Some(tree) = &self.source.tree {
                        self.pairs = pairs(tree);
                    }
                    if self.stage != Stage::Told {
                        self.begin(look);
                    }
                }
                Step::default()
            }
            Input::Read => Step { effects: self.source.reread(look), ..Step::default() },
            Input::Resize | Input::Shown => {
                self.lay(look);
                Step::default()
            }
            Input::Recorded(rows) => {
                if rows.iter().any(|row| Some(row.id) == self.writing) {
                    self.writing = None;
                    self.written = true;
                    self.lay(look);
                }
                Step::default()
            }
            Input::Unrecorded => {
                self.writing = None;
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                self.pane.scroll(if *down { 3 } else { -3 });
                Step::default()
            }
            Input::Mouse(Mouse::Click(at)) => self.click(*at, look),
            _ => Step::default(),
        }
    }

    /// Begins with the pair whose turn it is.
    fn begin(&mut self, look: &Look<'_>) {
        self.cases.clear();
        if let (Some(tree), Some((one, other))) = (&self.source.tree, self.pairs.get(self.turn)) {
            let id = |at: usize| tree.situations.get(at).map_or("", |situation| situation.id.as_str());
            let case = |at: usize| Case::new(tree, id(at), Help::First, look.now);
            self.cases = case(*one).into_iter().chain(case(*other)).collect();
            self.questions = Vec::new();
            for case in &self.cases {
                let path = case.situation(tree).map_or(&[][..], |situation| &situation.path);
                for (node, _) in path {
                    if !self.questions.contains(node) {
                        self.questions.push(*node);
                    }
                }
            }
            self.questions.sort_unstable();
        }
        (self.stage, self.cursor, self.parted) = (Stage::Name, 0, None);
        (self.writing, self.written) = (None, false);
        self.field.clear();
        self.named.clear();
        self.pane.start();
        self.lay(look);
    }

    /// The question at which the two ways part.
    fn parting(&self) -> Option<usize> {
        let tree = self.source.tree.as_ref()?;
        let path = |n: usize| Some(self.cases.get(n)?.situation(tree)?.path.as_slice());
        let (one, other) = (path(0)?, path(1)?);
        one.iter().zip(other).find(|(one, other)| one != other).map(|(one, _)| one.0)
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = self.pane.height();
        match command {
            Command::Back => return Step::go(Go::Back),
            _ if self.cases.is_empty() => return Step::go(Go::Back),
            Command::Erase => {
                self.field.erase();
            }
            Command::EraseWord => self.field.erase_word(),
            Command::EraseAll => self.field.clear(),
            Command::Choose => return self.choose(self.cursor, look),
            Command::Pick(n) => return self.choose(usize::from(n).saturating_sub(1), look),
            Command::StepBack => {
                if let Stage::Walk(n) = self.stage
                    && let Some(case) = self.cases.get_mut(n)
                {
                    case.back();
                    self.cursor = case.cursor;
                    self.lay(look);
                }
            }
            Command::Up | Command::Down if self.options() > 0 => {
                let by = if command == Command::Down { 1 } else { -1 };
                self.cursor = self.cursor.saturating_add_signed(by).min(self.options() - 1);
                self.lay(look);
                self.pane.show_option(self.cursor);
            }
            Command::Facts => return self.source.facts(look),
            Command::Lesson | Command::Edit => {
                let first = self.source.tree.as_ref().and_then(|tree| self.cases.first()?.situation(tree));
                let (title, at) = first.map_or(("", 0), |found| (found.title.as_str(), found.span.start));
                return if command == Command::Edit { self.source.edit(at) } else { self.source.lesson(look, title) };
            }
            _ if let Some(by) = command.rows(page, page - 1) => self.pane.scroll(by),
            _ => {}
        }
        Step::default()
    }

    fn choose(&mut self, at: usize, look: &Look<'_>) -> Step {
        match self.stage {
            Stage::Name => {
                let named = self.field.text().trim().to_owned();
                if named.is_empty() {
                    return Step::default();
                }
                self.named = named;
                // Where there is one question only, there is nothing to choose from.
                let only = self.questions.first().copied().filter(|_| self.questions.len() == 1);
                self.parted = only;
                self.stage = if only.is_some() { Stage::Walk(0) } else { Stage::Part };
            }
            Stage::Part => {
                self.parted = self.questions.get(at).copied();
                self.stage = if self.parted.is_some() { Stage::Walk(0) } else { Stage::Part };
            }
            Stage::Walk(n) => {
                let (Some(tree), Some(case)) = (&self.source.tree, self.cases.get_mut(n)) else {
                    return Step::default();
                };
                if case.take(tree, at) {
                    if n == 0 {
                        self.stage = Stage::Walk(1);
                    } else {
                        return self.tell(look);
                    }
                }
            }
            Stage::Told if self.writing.is_some() => return Step::default(),
            Stage::Told if !self.written => return Step { effects: self.record(look), ..Step::default() },
            Stage::Told => {
                if self.turn + 1 >= self.pairs.len() {
                    return Step::go(Go::Back);
                }
                self.turn += 1;
                self.begin(look);
                return Step::default();
            }
        }
        self.cursor = 0;
        self.pane.start();
        self.lay(look);
        Step::default()
    }

    /// Both have ended: both are judged and written at once.
    fn tell(&mut self, look: &Look<'_>) -> Step {
        let Some(tree) = &self.source.tree else { return Step::default() };
        // Whoever could not say where the ways part has guessed at least one of them.
        let guessed = self.parted != self.parting();
        for case in &mut self.cases {
            case.hints += usize::from(guessed);
            case.end(tree, look);
        }
        self.stage = Stage::Told;
        self.pane.start();
        let effects = self.record(look);
        self.lay(look);
        Step { effects, ..Step::default() }
    }

    fn record(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let Some(tree) = &self.source.tree else { return Vec::new() };
        let rows: Vec<_> =
            self.cases.iter().zip(0..).filter_map(|(case, n)| case.row(tree, None, n, false, look)).collect();
        self.writing = rows.first().map(|row| row.id);
        vec![Effect::Record(rows)]
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let area = self.task(look);
        match self.pane.option_at(usize::from(at.y.saturating_sub(area.y))) {
            Some(choice) if area.contains(at) && self.options() > 0 => self.choose(choice, look),
            _ => Step::default(),
        }
    }

    /// The two stories, where both stand side by side.
    fn columns(look: &Look<'_>) -> Option<[Rect; 2]> {
        let area = body(look.size);
        if area.width < BESIDE {
            return None;
        }
        let each = ((area.width - 7) / 2).min(look.measure);
        let at = |x: u16| Rect::new(x, area.y + 1, each, area.height.saturating_sub(1));
        Some([at(area.x + 2), at(area.x + 5 + each)])
    }

    /// Where the question stands.
    fn task(&self, look: &Look<'_>) -> Rect {
        let area = body(look.size);
        let margin = if area.width > 50 { 2 } else { u16::from(area.width > 24) };
        let tall = self.stories.iter().map(Vec::len).max().unwrap_or(0);
        let above = if tall > 0 { tall + 3 } else { usize::from(area.height > 8) };
        let above = u16::try_from(above).unwrap_or(u16::MAX).min(area.height);
        let wide = area.width.saturating_sub(2 * margin).min(look.measure.max(96));
        Rect::new(area.x + margin, area.y + above, wide, area.height - above)
    }

    fn lay(&mut self, look: &Look<'_>) {
        let Some(tree) = &self.source.tree else { return };
        let found: Vec<&Situation> = self.cases.iter().filter_map(|case| case.situation(tree)).collect();
        self.stories = [Vec::new(), Vec::new()];
        let room = usize::from(body(look.size).height);
        if let Some(columns) = Self::columns(look).filter(|_| self.stage != Stage::Told) {
            let lines = |n: usize| {
                let mut sheet = Sheet::new(look, columns.first().map_or(1, |column| column.width));
                if let Some(situation) = found.get(n) {
                    story(&mut sheet, situation);
                }
                sheet.lines
            };
            let both = [lines(0), lines(1)];
            if both.iter().all(|lines| lines.len() + 12 <= room) {
                self.stories = both;
            }
        }
        let task = self.task(look);
        let mut sheet = Sheet::new(look, task.width);
        if self.cases.len() < 2 {
            sheet.plain("This tree has no pair of situations that can be told apart.", Role::Muted);
            self.pane.set(sheet, task.height);
            return;
        }
        let with_stories = self.stories.iter().all(Vec::is_empty);
        if with_stories && self.stage != Stage::Told {
            for situation in &found {
                story(&mut sheet, situation);
                sheet.blank();
            }
        }
        match self.stage {
            Stage::Name => {
                sheet.plain("One clue differs, and with it the answer. Which?", Role::Heading1);
                sheet.blank();
                sheet.plain("Name it in a few words. Then say where the two part, and walk both.", Role::Muted);
            }
            Stage::Part => {
                sheet.plain("At which question do the two part?", Role::Heading1);
                sheet.blank();
                for (n, node) in self.questions.iter().enumerate() {
                    let title = tree.nodes.get(*node).map_or("", |node| node.title.as_str());
                    sheet.option(n, title, "", n == self.cursor);
                }
            }
            Stage::Walk(n) => {
                if let (Some(case), Some(situation)) = (self.cases.get(n), found.get(n)) {
                    let which = if n == 0 { "The first" } else { "The second" };
                    let way = crumbs(look, &labels(tree, case.walk.steps()), sheet.columns.saturating_sub(20));
                    let dot = look.glyphs.dot;
                    let way = if case.walk.steps().is_empty() { String::new() } else { format!(" {dot} {way}") };
                    sheet.plain(&format!("{which}: {}{way}", situation.title), Role::Muted);
                    if let Some(node) = tree.nodes.get(case.walk.here()) {
                        sheet.plain(&node.title, Role::Heading1);
                        sheet.blank();
                        sheet.choices(node, Some(self.cursor));
                    }
                }
            }
            Stage::Told => self.told(&mut sheet, tree, &found),
        }
        self.pane.set(sheet, task.height);
        if with_stories && self.options() > 0 {
            self.pane.show_option(self.options() - 1);
        }
    }

    fn told(&self, sheet: &mut Sheet<'_>, tree: &Tree, found: &[&Situation]) {
        let glyphs = sheet.look.glyphs;
        let title = |at: usize| tree.nodes.get(at).map_or("", |node| node.title.as_str());
        let right = self
            .cases
            .iter()
            .filter_map(|case| case.ending.as_ref())
            .filter(|end| end.verdict.outcome != Outcome::Wrong);
        let both = match right.count() {
            2 => (glyphs.right_answer, Role::Good, "Told apart"),
            1 => (glyphs.wrong_answer, Role::Bad, "One of the two"),
            _ => (glyphs.wrong_answer, Role::Bad, "Neither of the two"),
        };
        sheet.signed(both.0, both.1, both.2, Role::Heading1);
        sheet.blank();
        sheet.told("You named", &self.named, Role::Muted);
        if let Some(parting) = self.parting() {
            let hit = self.parted == Some(parting);
            let (sign, role) = if hit { (glyphs.right_answer, Role::Good) } else { (glyphs.wrong_answer, Role::Bad) };
            sheet.told("They part at", &format!("{} {sign}", title(parting)), role);
        }
        for (case, situation) in self.cases.iter().zip(found) {
            let Some(end) = &case.ending else { continue };
            let good = end.verdict.outcome != Outcome::Wrong;
            let (sign, role) = if good { (glyphs.right_answer, Role::Good) } else { (glyphs.wrong_answer, Role::Bad) };
            sheet.blank();
            sheet.signed(sign, role, &situation.title, Role::Heading3);
            sheet.told("Answer", situation.answer.map_or("", title), Role::Text);
            if !good {
                sheet.told("You", title(end.verdict.end), Role::Bad);
            }
            let at = end.verdict.lost.map(|lost| lost.node).or(self.parting()).unwrap_or(0);
            if let Some(clue) = decisive(&situation.clues, at).and_then(|at| situation.clues.get(at)) {
                sheet.named("Clue", &behind_link(&clue.text), Role::Text);
            }
            if let Some(change) = &situation.change {
                sheet.named("Change", change, Role::Text);
            }
        }
        sheet.blank();
        let rule = "Right is good; hard when you went back or named another question; wrong is again.";
        let saved = if self.written { "" } else { " Not on disk yet: enter tries again." };
        sheet.plain(&format!("{rule}{saved}"), Role::Muted);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let task = self.task(look);
        if self.source.tree.is_none() {
            super::told(look, task, buffer, self.source.failed.as_deref().unwrap_or("Reading the tree…"));
            return;
        }
        let tall = self.stories.iter().map(Vec::len).max().unwrap_or(0);
        if let Some(columns) = Self::columns(look).filter(|_| tall > 0) {
            for (lines, column) in self.stories.iter().zip(columns) {
                for (line, y) in lines.iter().zip(column.y..column.bottom()) {
                    draw(buffer, column, y, line, look.theme, None);
                }
            }
            let bottom = task.y.saturating_sub(2);
            if let Some(second) = columns.last() {
                for y in second.y..bottom {
                    put(buffer, buffer.area, second.x - 2, y, look.glyphs.bar, look.theme.style(Role::Rule));
                }
                let wide = usize::from((second.right() - task.x).min(look.size.width));
                let line = look.glyphs.rule.repeat(wide);
                put(buffer, buffer.area, task.x, bottom, &line, look.theme.style(Role::Rule));
            }
        }
        self.pane.view(look, task, buffer, None);
    }
}

/// The near misses of a tree that can be asked.
pub fn pairs(tree: &Tree) -> Vec<(usize, usize)> {
    let asks = |at: &usize| tree.situations.get(*at).is_some_and(|found| crate::study::walk::askable(tree, found));
    let mut out = Vec::new();
    for (at, situation) in tree.situations.iter().enumerate() {
        let other = situation.pair.as_ref().and_then(|pair| tree.situations.iter().position(|known| known.id == *pair));
        if let Some(other) = other.filter(|other| *other > at && asks(&at) && asks(other)) {
            out.push((at, other));
        }
    }
    out
}
