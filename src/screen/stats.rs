//! Whether it works: readiness, memory against its prediction, confidence against the truth, what is weak.

pub mod report;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::{Sheet, columns};
use super::{Go, Input, Look, Prompt, Step};
use crate::command::{Command, Scope};
use crate::effect::{Effect, Mouse};
use crate::study::day::iso;
use crate::study::picture::svg;
use crate::text::{count, pad};
use crate::theme::Role;
use crate::ui::line::{Line, Piece};
use crate::ui::say::plain;

use report::{Block, Report};

/// From so many columns on two blocks stand side by side.
const TWO: usize = 130;

pub struct Stats {
    /// Nothing before the history has come.
    report: Option<Report>,
    sheet: Sheet,
}

impl Stats {
    /// The room, and the history that it asks for.
    #[must_use]
    pub fn new(look: &Look<'_>) -> (Self, Vec<Effect>) {
        let mut stats = Self { report: None, sheet: Sheet::default() };
        stats.lay(look);
        (stats, vec![Effect::History])
    }

    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Numbers, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        command != Command::Picture || self.report.as_ref().is_some_and(|report| report.stats.total() > 0)
    }

    pub fn title(&self, _look: &Look<'_>) -> (String, String) {
        let answers = self.report.as_ref().map(|report| count(report.stats.total(), "answer"));
        ("Statistics".to_owned(), answers.unwrap_or_default())
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(Command::Back) => return Step::go(Go::Back),
            Input::Command(Command::Picture) => return self.picture(),
            Input::Command(command) => {
                self.sheet.moved(*command, look);
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.sheet.scroll(look, if *down { 3 } else { -3 }),
            Input::Resize => self.lay(look),
            Input::History(rows) => {
                self.report = Some(Report::new(&look.desk(), rows, look.settings));
                self.lay(look);
            }
            Input::Read | Input::Recorded(_) => return Step { effects: vec![Effect::History], ..Step::default() },
            _ => {}
        }
        Step::default()
    }

    fn picture(&self) -> Step {
        let Some(report) = &self.report else { return Step::default() };
        let name = format!("readiness-{}.svg", iso(report.today));
        let toast = Some(format!("The picture is in `{name}`, where the program was started."));
        Step { effects: vec![Effect::Write { name, text: svg(&report.curve()) }], toast, ..Step::default() }
    }

    fn lay(&mut self, look: &Look<'_>) {
        let wide = columns(look);
        let lines = match &self.report {
            None => plain("Reading the history…", wide, Role::Muted),
            Some(report) if report.stats.total() == 0 => plain(
                "Nothing was answered yet. After the first set you see here whether it works: what you would recall, and \
                 how well that is predicted.",
                wide.min(72),
                Role::Muted,
            ),
            Some(report) if wide >= TWO => {
                let gap = 4;
                let half = ((wide - gap) / 2).min(84);
                beside(report.blocks(half, look.glyphs), half, gap)
            }
            Some(report) => report.blocks(wide.min(100), look.glyphs).into_iter().flat_map(lines).collect(),
        };
        self.sheet.fill(lines, look);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        self.sheet.view(look, buffer);
    }
}

/// A block with its heading, and a blank line behind it.
#[must_use]
pub fn lines(block: Block) -> Vec<Line> {
    let heading = Line { pieces: vec![Piece::new(block.title, Role::Heading2)], ..Line::default() };
    std::iter::once(heading).chain(block.lines).chain([Line::default()]).collect()
}

/// Blocks in two columns of about the same height.
fn beside(blocks: Vec<Block>, half: usize, gap: usize) -> Vec<Line> {
    let (mut left, mut right): (Vec<Line>, Vec<Line>) = (Vec::new(), Vec::new());
    for block in blocks {
        if left.len() <= right.len() { &mut left } else { &mut right }.extend(lines(block));
    }
    let tall = left.len().max(right.len());
    left.resize(tall, Line::default());
    right.resize(tall, Line::default());
    let join = |(mut one, two): (Line, Line)| {
        let blank = (half + gap).saturating_sub(one.width());
        one.pieces.push(Piece::new(pad("", blank), Role::Text));
        one.pieces.extend(two.pieces);
        one
    };
    left.into_iter().zip(right).map(join).collect()
}
