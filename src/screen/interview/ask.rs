//! The question on its calm screen: what is asked, what is shown with it, the time that is left, what is written.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::list;
use super::session::Session;
use crate::content::doc::Block;
use crate::content::question::follow_up;
use crate::screen::{Look, window};
use crate::study::mock::run::Phase;
use crate::study::mock::{Round, clock};
use crate::text::{fit, width};
use crate::theme::Role;
use crate::ui::line::{Line, put};
use crate::ui::prose::{Layout, lay};
use crate::ui::say::{behind, plain};

/// Below this part of the time, in percent, the clock warns.
const SHORT: i64 = 20;

/// Blocks of the content as lines, and how far what is too wide can be scrolled.
pub fn blocks(blocks: &[Block], columns: usize, shift: usize, look: &Look<'_>) -> (Vec<Line>, usize) {
    let shifts = blocks.iter().map(|block| (block.span.start, shift)).collect();
    let layout = Layout { columns, glyphs: look.glyphs, shifts: &shifts, scrolls: true, colours: &BTreeMap::new() };
    let laid = lay(blocks, true, &layout);
    let blank = laid.lines.iter().take_while(|line| line.pieces.is_empty()).count();
    let most = laid.wide.iter().map(|wide| wide.most).max().unwrap_or(0);
    (laid.lines.into_iter().skip(blank).collect(), most)
}

impl Session {
    /// What the question is, in small words.
    pub(super) fn meta(&self, look: &Look<'_>) -> String {
        let Some(slot) = self.run.slot() else { return String::new() };
        let mut parts: Vec<String> = slot
            .level
            .filter(|_| slot.round != Round::Stage)
            .map(|level| level.name().to_owned())
            .into_iter()
            .collect();
        parts.extend(Some(self.module(look)).filter(|title| !title.is_empty()));
        parts.push(if slot.answer < 120 { format!("{} s", slot.answer) } else { format!("{} min", slot.answer / 60) });
        parts.join(&format!(" {} ", look.glyphs.dot))
    }

    /// The lines of what is asked.
    pub(super) fn question_lines(&mut self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let (lines, most) = self.asked_lines(look, columns);
        self.widest = most;
        lines
    }

    fn asked_lines(&self, look: &Look<'_>, columns: usize) -> (Vec<Line>, usize) {
        let mut most = 0;
        let mut shown = |part: &[Block]| {
            let (lines, wide) = blocks(part, columns, self.shift, look);
            most = most.max(wide);
            lines
        };
        let Some(question) = &self.asked.question else { return (Vec::new(), 0) };
        let mut lines = Vec::new();
        // While one writes the words of the question matter, not what is said about it.
        let roomy = look.size.height > 8;
        if !self.writing && roomy {
            lines.extend(plain(&self.meta(look), columns, Role::Muted));
            lines.push(Line::default());
        }
        if self.run.phase == Phase::FollowUp {
            if !self.writing && roomy {
                lines.extend(self.reminder(look, columns));
                lines.push(Line::default());
            }
            let text = question.follow_ups.get(self.run.follow_up).map(crate::content::section::Rich::plain);
            lines.extend(plain(follow_up(&text.unwrap_or_default()).0, columns, Role::Heading1));
        } else {
            lines.extend(plain(&question.prompt, columns, Role::Heading1));
        }
        if !self.writing {
            lines.push(Line::default());
            lines.extend(plain(self.hint(), columns, Role::Faint));
        }
        if !question.exhibit.is_empty() {
            lines.push(Line::default());
            lines.extend(shown(&question.exhibit));
        }
        for (title, evidence) in self.asked.evidence.iter().rev() {
            if !evidence.is_empty() {
                lines.push(Line::default());
                lines.extend(plain(&format!("Seen before: {title}"), columns, Role::Heading3));
                lines.push(Line::default());
                lines.extend(shown(evidence));
            }
        }
        if !self.asked.scene.is_empty() {
            lines.push(Line::default());
            lines.extend(plain("The situation", columns, Role::Heading3));
            lines.push(Line::default());
            lines.extend(shown(&self.asked.scene));
        }
        (lines, most)
    }

    /// The question in a line or two, where it is known by now.
    pub(super) fn reminder(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let prompt = self.asked.question.as_ref().map_or("", |question| question.prompt.as_str());
        let rows = if look.size.height > 16 { 2 } else { 1 };
        // Lines do not fill up to their last column.
        let room = (columns * rows).saturating_sub(8 * (rows - 1));
        plain(&fit(prompt, room), columns, Role::Muted)
    }

    /// What to do now.
    fn hint(&self) -> &'static str {
        match (self.run.phase, self.said.is_empty()) {
            (_, false) => "You began to write; t goes on with it.",
            (Phase::Think, _) => "Think first. Enter when you are ready to speak; t to write instead.",
            (Phase::FollowUp, _) => "One thing has changed. Answer aloud, then enter.",
            _ => "Answer aloud, then enter.",
        }
    }

    pub(super) fn gone(&self, columns: usize) -> Vec<Line> {
        let mut lines = plain(self.asked.gone.as_deref().unwrap_or_default(), columns, Role::Text);
        lines.push(Line::default());
        let what = if self.run.solo() { "Enter goes back." } else { "Enter goes on with the next one." };
        lines.extend(plain(what, columns, Role::Muted));
        lines
    }

    /// The question, and below it what is written, while it is written.
    pub(super) fn halves(&self, look: &Look<'_>) -> (Rect, Rect) {
        let (area, _) = self.areas(look);
        if !self.writing {
            return (area, Rect { height: 0, y: area.bottom(), ..area });
        }
        // The question keeps a third; a rule and the text get the rest.
        let wanted = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let tall = if area.height < 5 { 0 } else { wanted.min(area.height / 3) };
        let rule = u16::from(tall > 0) + u16::from(area.height > 14);
        let top = (area.y + tall + rule).min(area.bottom());
        (Rect { height: tall, ..area }, Rect { y: top, height: area.bottom() - top, ..area })
    }

    pub(super) fn view_question(&self, look: &Look<'_>, buffer: &mut Buffer) {
        let theme = look.theme;
        let (area, below) = self.areas(look);
        self.time(look, below, buffer);
        if self.run.paused() {
            self.held(look, area, buffer);
            return;
        }
        let (question, text) = self.halves(look);
        if !self.writing {
            // A short question stands a little below the top, so that the eye need not climb.
            let spare = usize::from(question.height).saturating_sub(self.lines.len());
            let down = u16::try_from(spare / 4).unwrap_or(0).min(5);
            let question = Rect { y: question.y + down, height: question.height - down, ..question };
            list::lines(&self.lines, self.top, look, question, buffer);
            return;
        }
        list::lines(&self.lines, self.top, look, question, buffer);
        if text.y > question.bottom() {
            let rule = look.glyphs.rule.repeat(usize::from(area.width));
            put(buffer, area, area.x, question.bottom(), &rule, theme.style(Role::Rule));
        }
        let first = self.first(text);
        for (at, y) in (first..self.said.height()).zip(text.top()..text.bottom()) {
            put(buffer, text, text.x, y, self.said.row(at), theme.style(Role::Text));
        }
        if self.said.is_empty() {
            put(buffer, text, text.x + 1, text.y, "Write as you would say it.", theme.style(Role::Faint));
        }
        if first + usize::from(text.height) < self.said.height() {
            let x = text.right().saturating_sub(1);
            put(buffer, text, x, text.bottom().saturating_sub(1), look.glyphs.more, theme.style(Role::Accent));
        }
    }

    /// The first row of what is written that is shown.
    fn first(&self, text: Rect) -> usize {
        window(self.said.place().0, self.said.height(), usize::from(text.height))
    }

    /// Where one writes.
    pub fn caret(&self, look: &Look<'_>) -> Option<Position> {
        if !self.writing || self.run.paused() {
            return None;
        }
        let (_, text) = self.halves(look);
        let (row, column) = self.said.place();
        let y = text.y + u16::try_from(row.checked_sub(self.first(text))?).ok()?;
        let x = text.x + u16::try_from(column).ok()?;
        text.contains(Position::new(x, y)).then_some(Position::new(x, y))
    }

    /// Paused: the question is hidden, so that a pause gives no time to think.
    fn held(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let columns = usize::from(area.width).max(1);
        let mut lines = plain("Paused", columns, Role::Heading1);
        lines.push(Line::default());
        lines.extend(plain("The clock stands and the question is hidden. Enter goes on.", columns, Role::Text));
        if !self.said.is_empty() {
            lines.extend(plain("What you wrote is kept.", columns, Role::Muted));
        }
        let spare = usize::from(area.height).saturating_sub(lines.len());
        let down = u16::try_from(spare / 4).unwrap_or(0).min(5);
        list::lines(&lines, 0, look, Rect { y: area.y + down, height: area.height - down, ..area }, buffer);
    }

    /// What the clock says.
    fn time(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let theme = look.theme;
        let left = self.run.left(look.now.at);
        let limit = i64::from(self.run.limit().max(1)) * 1000;
        // A second that has begun is still there.
        let seconds = if left > 0 { (left + 999) / 1000 } else { left / 1000 };
        let short = left * 100 <= limit * SHORT;
        let role = if short && self.run.phase != Phase::Think { Role::Warning } else { Role::Accent };
        let label = match self.run.phase {
            _ if self.run.paused() => "Paused",
            Phase::Think => "Think",
            _ if left <= 0 && area.width > 50 => "Time is up: finish the sentence",
            _ if left <= 0 => "Time is up",
            _ if short => "Come to an end",
            Phase::FollowUp => "Follow-up",
            _ if self.writing => "Write",
            _ => "Speak",
        };
        let told = if left > 0 { clock(seconds) } else { format!("{} over", clock(seconds)) };
        let y = area.bottom().saturating_sub(1);
        let words = if short && self.run.phase != Phase::Think { Role::Warning } else { Role::Heading3 };
        let room = usize::from(area.width).saturating_sub(width(&told) + 1);
        put(buffer, area, area.x, y, &fit(label, room), theme.style(words));
        let x = area.right().saturating_sub(u16::try_from(width(&told)).unwrap_or(0));
        put(buffer, area, x, y, &told, theme.style(words));
        if area.height > 1 {
            let wide = i64::from(area.width);
            let full = usize::try_from((wide * left.max(0) / limit).min(wide)).unwrap_or(0);
            let x = put(buffer, area, area.x, area.y, &look.glyphs.full.repeat(full), theme.style(role));
            let rest = usize::from(area.width) - full;
            put(buffer, area, x, area.y, &look.glyphs.empty.repeat(rest), theme.style(Role::Rule));
        }
    }
}

/// Words behind a label, as small facts.
pub fn fact(label: &str, text: &str, columns: usize, role: Role) -> Vec<Line> {
    behind(label, Role::Faint, columns, |room| plain(text, room, role))
}
