//! Setting an interview up: how long, which levels, which modules, or like the real loop; and the incidents.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{KEPT, Session, WISH};
use crate::command::{Command, Scope};
use crate::content::front::Level;
use crate::effect::{Effect, Mouse};
use crate::screen::{Go, Input, Look, Prompt, Screen, Step, body, window};
use crate::study::mock::choose::{Shape, Wish, choose, cost, incidents, modules};
use crate::study::mock::past::{Past, interviews};
use crate::study::mock::run::{Phase, Run, Slot};
use crate::study::mock::{Round, clock};
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::say::plain;

/// The lengths that are offered, in minutes.
const MINUTES: [u32; 7] = [10, 15, 20, 30, 45, 60, 90];
/// From this width on the plan stands beside the choices.
const BESIDE: u16 = 84;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Row {
    Resume,
    Heading(&'static str),
    Blank,
    Shape,
    Minutes,
    Levels,
    Module(usize),
    Incident(usize),
}

pub struct Setup {
    wish: Wish,
    rows: Vec<Row>,
    at: usize,
    /// What would be asked: how many, how long; the questions themselves stay hidden.
    plan: Vec<Slot>,
    kept: Option<Run>,
    past: Vec<Past>,
    /// How many questions of each level the modules have.
    counts: Vec<(usize, [usize; 4])>,
    /// Whether it was opened about one module: that is no choice to be kept.
    about: bool,
}

impl Setup {
    /// The choices of the last time, or an interview about one module.
    #[must_use]
    pub fn new(look: &Look<'_>, module: Option<usize>) -> Self {
        let last = look.settings.get(WISH).and_then(|text| serde_json::from_str(text).ok());
        let mut wish: Wish = last.unwrap_or_default();
        if let Some(module) = module.and_then(|at| look.library.modules.get(at)) {
            wish.modules = vec![module.id.clone()];
        }
        let past = interviews(look.progress.recent());
        let mut setup = Self {
            wish,
            rows: Vec::new(),
            at: 0,
            plan: Vec::new(),
            kept: None,
            past,
            counts: Vec::new(),
            about: module.is_some(),
        };
        setup.gather(look);
        setup
    }

    /// What there is to choose from.
    fn gather(&mut self, look: &Look<'_>) {
        self.kept = look
            .settings
            .get(KEPT)
            .and_then(|text| Run::read(text))
            .filter(|run| run.phase != Phase::Over || !run.done.is_empty());
        let ids: Vec<&str> = look.library.modules.iter().map(|module| module.id.as_str()).collect();
        self.wish.modules.retain(|id| ids.contains(&id.as_str()));
        let mut rows = Vec::new();
        if self.kept.is_some() {
            rows.extend([Row::Resume, Row::Blank]);
        }
        rows.extend([Row::Shape, Row::Minutes, Row::Levels]);
        let known = modules(look.library);
        if !known.is_empty() {
            rows.extend([Row::Blank, Row::Heading("Modules")]);
            rows.extend(known.iter().map(|(module, _)| Row::Module(*module)));
        }
        self.counts = known;
        let known = incidents(look.library);
        if !known.is_empty() {
            rows.extend([Row::Blank, Row::Heading("Incidents")]);
            rows.extend(known.into_iter().map(Row::Incident));
        }
        self.rows = rows;
        self.at = self.at.min(self.rows.len().saturating_sub(1));
        self.plan(look);
    }

    fn plan(&mut self, look: &Look<'_>) {
        // Another seed gives other questions; how many there are hardly changes.
        self.plan = choose(&look.desk(), &self.wish, look.seed);
    }

    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Setup, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        let row = self.rows.get(self.at);
        match command {
            Command::Left | Command::Right => matches!(row, Some(Row::Shape | Row::Minutes | Row::Levels)),
            Command::Tick => matches!(row, Some(Row::Module(_))),
            Command::Forget => row == Some(&Row::Resume),
            Command::Choose => matches!(row, Some(Row::Resume | Row::Incident(_))) || !self.plan.is_empty(),
            _ => true,
        }
    }

    pub fn title(&self, _look: &Look<'_>) -> (String, String) {
        ("Interview".to_owned(), String::new())
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => return self.command(*command, look),
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => {
                let (left, _) = panes(look);
                let first = self.first(left);
                let row = first + usize::from(at.y.saturating_sub(left.y));
                if left.contains(*at) && row < self.rows.len() && !self.silent(row) {
                    let again = self.at == row;
                    self.at = row;
                    return match self.rows.get(row) {
                        Some(Row::Module(_)) => self.command(Command::Tick, look),
                        Some(Row::Shape | Row::Minutes | Row::Levels) => self.command(Command::Right, look),
                        _ if again => self.command(Command::Choose, look),
                        _ => Step::default(),
                    };
                }
            }
            Input::Read | Input::Recorded(_) => self.gather(look),
            // Coming back from an interview: it may have been left, and it may be over.
            Input::Shown => {
                self.at = 0;
                self.gather(look);
                self.past = interviews(look.progress.recent());
            }
            _ => {}
        }
        Step::default()
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = isize::try_from(body(look.size).height).unwrap_or(2).max(2);
        match command {
            _ if let Some(by) = command.rows(page, page) => self.go(by),
            Command::Left | Command::Right => self.change(command == Command::Right),
            Command::Tick => self.tick(look),
            Command::Pick(n) => {
                let level = Level::ALL.get(usize::from(n).saturating_sub(1)).copied();
                self.level(level);
            }
            Command::Forget => {
                self.kept = None;
                let mut step = Step::toast("The interview that was left is gone; what was scored stays.");
                step.effects = vec![Effect::Keep(KEPT, None)];
                self.rows.retain(|row| *row != Row::Resume);
                self.rows.remove(0);
                self.at = 0;
                return step;
            }
            Command::Choose => return self.start(look),
            Command::Back => return Step::go(Go::Back),
            _ => return Step::default(),
        }
        self.plan(look);
        Step::default()
    }

    /// Rows that cannot be chosen.
    fn silent(&self, row: usize) -> bool {
        matches!(self.rows.get(row), None | Some(Row::Heading(_) | Row::Blank))
    }

    fn go(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        let way = if by < 0 { -1 } else { 1 };
        let mut at = to;
        while self.silent(at) && at < last && at > 0 {
            at = at.saturating_add_signed(way);
        }
        if !self.silent(at) {
            self.at = at;
        }
    }

    fn change(&mut self, on: bool) {
        match self.rows.get(self.at) {
            Some(Row::Shape) => {
                self.wish.shape = if self.wish.shape == Shape::Mixed { Shape::Loop } else { Shape::Mixed };
            }
            Some(Row::Minutes) => {
                let at = MINUTES.iter().position(|minutes| *minutes >= self.wish.minutes).unwrap_or(0);
                let at = if on { (at + 1) % MINUTES.len() } else { (at + MINUTES.len() - 1) % MINUTES.len() };
                self.wish.minutes = MINUTES.get(at).copied().unwrap_or(30);
            }
            Some(Row::Levels) => {
                // All, then each alone.
                let at = match self.wish.levels.as_slice() {
                    [one] => 1 + Level::ALL.iter().position(|level| level == one).unwrap_or(0),
                    _ => 0,
                };
                let at = if on { (at + 1) % 5 } else { (at + 4) % 5 };
                self.wish.levels = at.checked_sub(1).and_then(|at| Level::ALL.get(at)).copied().into_iter().collect();
            }
            _ => {}
        }
    }

    fn level(&mut self, level: Option<Level>) {
        let Some(level) = level else { return };
        let levels = &mut self.wish.levels;
        if levels.is_empty() {
            levels.extend(Level::ALL);
        }
        if levels.contains(&level) {
            levels.retain(|known| *known != level);
        } else {
            levels.push(level);
        }
        levels.sort();
        if levels.len() == Level::ALL.len() {
            levels.clear();
        }
    }

    fn tick(&mut self, look: &Look<'_>) {
        let Some(Row::Module(module)) = self.rows.get(self.at) else { return };
        let Some(id) = look.library.modules.get(*module).map(|module| module.id.clone()) else { return };
        let chosen = &mut self.wish.modules;
        if chosen.contains(&id) {
            chosen.retain(|known| *known != id);
        } else {
            chosen.push(id);
        }
    }

    fn start(&mut self, look: &Look<'_>) -> Step {
        let begun = match self.rows.get(self.at) {
            Some(Row::Resume) => Session::resumed(look),
            Some(Row::Incident(file)) => Session::incident(look, *file),
            _ => Session::interview(look, &self.wish),
        };
        let Some((session, mut effects)) = begun else {
            return Step::toast("No question fits. Choose more levels or more modules.");
        };
        if !self.about {
            effects.push(Effect::Keep(WISH, serde_json::to_string(&self.wish).ok()));
        }
        Step { effects, ..Step::go(Go::Enter(Box::new(Screen::Session(Box::new(session))))) }
    }

    fn first(&self, area: Rect) -> usize {
        window(self.at, self.rows.len(), usize::from(area.height))
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let (left, right) = panes(look);
        let first = self.first(left);
        for (row, y) in (first..self.rows.len()).zip(left.top()..left.bottom()) {
            let Some(found) = self.rows.get(row) else { continue };
            let line = self.row(found, look, usize::from(left.width.saturating_sub(2)));
            let area = Rect { x: left.x + 2.min(left.width), width: left.width.saturating_sub(2), ..left };
            draw(buffer, area, y, &line, look.theme, None);
            if row == self.at {
                put(buffer, left, left.x, y, look.glyphs.pointer, look.theme.style(Role::Accent));
                fill(buffer, Rect::new(left.x, y, left.width, 1), look.theme.style(Role::Selection));
            }
        }
        if first + usize::from(left.height) < self.rows.len() && left.height > 1 {
            let x = left.right().min(buffer.area.right().saturating_sub(1));
            put(buffer, body(look.size), x, left.bottom() - 1, look.glyphs.more, look.theme.style(Role::Accent));
        }
        let lines = self.summary(look, usize::from(right.width).max(1));
        for (line, y) in lines.iter().zip(right.top()..right.bottom()) {
            draw(buffer, right, y, line, look.theme, None);
        }
    }

    fn row(&self, row: &Row, look: &Look<'_>, columns: usize) -> Line {
        let glyphs = look.glyphs;
        let label = |label: &str, value: String| {
            let names = if columns < 34 { 8 } else { 10 };
            let value = fit(&value, columns.saturating_sub(names)).into_owned();
            vec![Piece::new(pad(label, names), Role::Muted), Piece::new(value, Role::Text)]
        };
        let between = |value: &str| format!("{} {value} {}", glyphs.left, glyphs.right);
        let ended = |text: &str, sign: &str, note: &str, role: Role| {
            let room = columns.saturating_sub(width(sign) + width(note) + 1);
            vec![
                Piece::new(sign.to_owned(), Role::Accent),
                Piece::new(pad(text, room), role),
                Piece::new(format!(" {note}"), Role::Faint),
            ]
        };
        let pieces = match row {
            Row::Blank => Vec::new(),
            Row::Heading(text) => {
                let all = *text == "Modules" && self.wish.modules.is_empty();
                let note = if all { "  all" } else { "" };
                vec![Piece::new(*text, Role::Heading3), Piece::new(note, Role::Faint)]
            }
            Row::Resume => {
                let run = self.kept.as_ref();
                let title = run.map_or("", |run| run.title.as_str());
                let (at, of) = run.map_or((0, 0), |run| (run.at + 1, run.slots.len()));
                ended(&format!("Go on: {title}"), "", &format!("{} of {of}", at.min(of)), Role::Heading3)
            }
            Row::Shape => label(
                "Shape",
                between(match self.wish.shape {
                    Shape::Mixed => "mixed",
                    Shape::Loop => "like the real loop",
                }),
            ),
            Row::Minutes => label("Minutes", between(&self.wish.minutes.to_string())),
            Row::Levels => {
                let mut pieces = label("Levels", String::new());
                for level in Level::ALL {
                    let on = self.wish.levels.is_empty() || self.wish.levels.contains(&level);
                    let sign = if on { glyphs.done } else { glyphs.open };
                    pieces.push(Piece::new(format!("{sign} "), Role::Accent));
                    let role = if on { Role::Text } else { Role::Muted };
                    pieces.push(Piece::new(format!("{}  ", level.name()), role));
                }
                pieces
            }
            Row::Module(at) => {
                let module = look.library.modules.get(*at);
                let (id, title) = module.map_or(("", ""), |module| (module.id.as_str(), module.title.as_str()));
                let all = self.wish.modules.is_empty();
                let on = all || self.wish.modules.iter().any(|known| known == id);
                let counts = self.counts.iter().find(|(known, _)| known == at).map_or([0; 4], |(_, counts)| *counts);
                let levels = self.wish.levels.as_slice();
                let fitting =
                    Level::ALL.iter().zip(counts).filter(|(level, _)| levels.is_empty() || levels.contains(level));
                let note = fitting.map(|(_, count)| count).sum::<usize>().to_string();
                let sign = format!("{} ", if on { glyphs.done } else { glyphs.open });
                ended(title, &sign, &note, if on { Role::Text } else { Role::Muted })
            }
            Row::Incident(at) => {
                let file = look.library.files.get(*at);
                let minutes =
                    file.and_then(|file| file.minutes).map_or_else(String::new, |minutes| format!("{minutes} min"));
                ended(file.map_or("", |file| file.title.as_str()), "", &minutes, Role::Text)
            }
        };
        Line { pieces, ..Line::default() }
    }

    /// What the choices come to, and how the last interviews went.
    fn summary(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(Row::Incident(at)) = self.rows.get(self.at) {
            let file = look.library.files.get(*at);
            lines.extend(plain(file.map_or("", |file| file.title.as_str()), columns, Role::Heading1));
            let stages = crate::study::mock::choose::stages(look.library, *at).len();
            let told = format!("{}: each shows new evidence and asks for the next step.", count(stages, "stage"));
            lines.extend(plain(&told, columns, Role::Text));
            return lines;
        }
        if let (Some(Row::Resume), Some(run)) = (self.rows.get(self.at), &self.kept) {
            lines.extend(plain("It waits for you", columns, Role::Heading1));
            let told = format!(
                "Begun on {}; {} scored, {} to come. Its clock stands.",
                crate::study::mock::transcript::wall(run.begun()),
                run.done.len(),
                run.slots.len().saturating_sub(run.done.len()),
            );
            lines.extend(plain(&told, columns, Role::Text));
            return lines;
        }
        if self.plan.is_empty() {
            return plain("No question fits. Choose more levels or more modules.", columns, Role::Warning);
        }
        let minutes = (self.plan.iter().map(cost).sum::<u32>() + 30) / 60;
        let told = format!("{}, about {minutes} min", count(self.plan.len(), "question"));
        lines.extend(plain(&told, columns, Role::Heading1));
        if self.wish.shape == Shape::Loop {
            for round in Round::LOOP {
                let of: Vec<&Slot> = self.plan.iter().filter(|slot| slot.round == round).collect();
                let seconds: u32 = of.iter().map(|slot| slot.answer).sum();
                let told = if of.is_empty() {
                    "none".to_owned()
                } else {
                    format!("{} in {}", of.len(), clock(seconds.into()))
                };
                lines.extend(plain(&format!("{} {told}", pad(round.name(), 18)), columns, Role::Text));
            }
        } else {
            let of = |level: Level| self.plan.iter().filter(|slot| slot.level == Some(level)).count();
            let levels: Vec<String> = Level::ALL
                .into_iter()
                .filter(|level| of(*level) > 0)
                .map(|level| format!("{} {}", of(level), level.name()))
                .collect();
            lines.extend(plain(&levels.join(&format!(" {} ", look.glyphs.dot)), columns, Role::Text));
        }
        if look.size.width < BESIDE {
            return lines;
        }
        lines.push(Line::default());
        let about = "Each question: time to think, the answer against a clock, a follow-up, then the rubric, which you tick yourself. Speak, or write.";
        lines.extend(plain(about, columns, Role::Muted));
        if let Some(last) = self.past.last() {
            let score = last.score();
            let told = format!("Last time: {} of {} points, {} %.", score.got, score.of, score.percent());
            lines.push(Line::default());
            lines.extend(plain(&told, columns, Role::Muted));
        }
        lines
    }
}

/// The choices, and what they come to: beside them, or below where the screen is narrow.
fn panes(look: &Look<'_>) -> (Rect, Rect) {
    let area = body(look.size);
    let lead = u16::from(area.height > 8);
    let area = Rect { y: area.y + lead, height: area.height - lead, ..area };
    if area.width >= BESIDE {
        let left = (area.width * 2 / 5).clamp(40, 56);
        let x = area.x + left + 5;
        let wide = area.width.saturating_sub(left + 8).min(60);
        let left = Rect { x: area.x + 2, width: left, ..area };
        return (left, Rect { x, width: wide, ..area });
    }
    let below = if area.height > 11 { 6 } else { 0 };
    let x = area.x + u16::from(area.width > 30);
    let wide = (area.width - (x - area.x)).min(64);
    let left = Rect { x, width: wide, height: area.height - below, ..area };
    (
        left,
        Rect {
            x: x + 2.min(wide),
            width: wide.saturating_sub(2),
            y: left.bottom() + u16::from(below > 0),
            height: below.saturating_sub(1),
        },
    )
}
