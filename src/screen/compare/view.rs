//! How the table and what stands below it look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Compare, Doing, NARROW};
use crate::screen::grades::{GRADES, Grades};
use crate::screen::{Look, Step, body};
use crate::study::compare::recall::{Blanked, Recall};
use crate::study::compare::view::{Sort, View};
use crate::study::day::span;
use crate::study::review::Grade;
use crate::study::schedule::Due;
use crate::text::{fit, width};
use crate::theme::Role;
use crate::ui::line::put;
use crate::ui::sheet::{Content, Row, Sheet};
use crate::ui::wrap::{Styled, wrap};

/// Below this width the name of a row stands above its cells.
const STACKED: u16 = 50;
/// Columns that a reader of one entity wants beside its words.
const NAMES: u16 = 26;

/// Where the table is, and what is below it.
pub struct Frame {
    pub sheet: Rect,
    pub foot: Rect,
}

impl Compare {
    pub(super) fn frame(&self, look: &Look<'_>) -> Frame {
        let area = body(look.size);
        let margin = match area.width {
            0..=24 => 0,
            25..=59 => 1,
            _ => 2,
        };
        let foot = match (&self.doing, area.height) {
            (Doing::Drawing(_), _) | (_, 0..=5) => 0,
            (Doing::Recalling(_), 10..) => GRADES,
            _ => 1,
        };
        let lead = u16::from(area.height > 9);
        let gap = u16::from(area.height > 16 && foot == 1);
        let wide = area.width - 2 * margin;
        let most = if self.single() || matches!(self.doing, Doing::Drawing(_)) { look.measure + NAMES } else { wide };
        let columns = wide.min(most);
        let tall = area.height.saturating_sub(lead + gap + foot);
        let foot = Rect::new(area.x + margin, area.bottom() - foot, wide, foot);
        Frame { sheet: Rect::new(area.x + margin, area.y + lead, columns, tall), foot }
    }

    /// The part of its area that the sheet takes: a small table stands in the middle of a wide screen.
    fn seat(&self, look: &Look<'_>) -> Rect {
        let area = self.frame(look).sheet;
        let whole = self.sheet.window().len() == self.columns.len() && !matches!(self.doing, Doing::Drawing(_));
        // One entity after the other stands at the same place, however wide each is.
        let taken = if self.single() {
            area.width
        } else {
            u16::try_from(self.sheet.width()).unwrap_or(u16::MAX).min(area.width)
        };
        let room = body(look.size).width;
        let middle = (room - taken.min(room)) / 2;
        if whole && room > 100 && middle > area.x { Rect { x: middle, width: taken, ..area } } else { area }
    }

    /// Lays the table out for what is seen and for the size of the screen.
    pub(super) fn lay(&mut self, look: &Look<'_>) {
        let narrow = look.size.width < NARROW;
        let whole = self.whole || narrow;
        if let Some(view) = &mut self.view {
            view.show_single(whole);
        }
        let area = self.frame(look).sheet;
        let Some(view) = &self.view else { return };
        (self.rows, self.columns) = (view.rows(), view.columns());
        let arrow = |attribute: usize| match view.sort {
            Some(Sort { attribute: at, down }) if at == attribute => {
                format!(" {}", if down { look.glyphs.down } else { look.glyphs.up })
            }
            _ => String::new(),
        };
        let name = |name: &str, attribute: bool, at: usize| {
            if attribute { format!("{name}{}", arrow(at)) } else { name.to_owned() }
        };
        let mut before = None;
        let rows = self.rows.iter().map(|row| {
            let cells = self.columns.iter().map(|column| view.cell(*row, *column));
            let heading = view.heading(*row, before.replace(*row));
            Row {
                name: name(view.row_name(*row), view.turned(), *row),
                cells: cells.map(|cell| cell.map(|cell| Styled::new(&cell.runs, Role::Text, 0))).collect(),
                heading,
            }
        });
        let noun =
            self.origins.first().and_then(|origin| origin.table.as_ref()).map_or("", |table| table.noun.as_str());
        let content = Content {
            corner: if view.turned() || noun == "one" { String::new() } else { noun.to_owned() },
            rows: rows.collect(),
            columns: self
                .columns
                .iter()
                .map(|column| name(view.column_name(*column), !view.turned(), *column))
                .collect(),
            cut: !view.single() && view.contrast.is_none(),
            stacked: look.size.width < if view.contrast.is_some() { NARROW } else { STACKED },
        };
        let mut sheet = Sheet::new(&content, usize::from(area.width), usize::from(area.height));
        sheet.scrolled_as(&self.sheet);
        let (row, column) = view.position();
        sheet.show(row, column);
        self.sheet = sheet;
    }

    pub(super) fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let area = self.seat(look);
        let Some(view) = &mut self.view else { return Step::default() };
        if !area.contains(at) || matches!(self.doing, Doing::Drawing(_)) {
            return Step::default();
        }
        if matches!(&self.doing, Doing::Recalling(recall) if recall.shown().is_some()) {
            return Step::default();
        }
        let (x, y) = (at.x - area.x, at.y - area.y);
        let here = view.position();
        let found = self.sheet.hit(x, y).or_else(|| Some((here.0, self.sheet.head_hit(x, y)?)));
        if let Some((row, column)) = found
            && let (Some(row), Some(column)) = (self.rows.get(row), self.columns.get(column))
        {
            let (entity, attribute) = view.cross(*row, *column);
            view.choose(entity, attribute);
            let (row, column) = view.position();
            self.sheet.show(row, column);
            if (row, column) == here && matches!(self.doing, Doing::Recalling(_)) {
                return self.recalling(crate::command::Command::Choose, look);
            }
        }
        Step::default()
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let frame = self.frame(look);
        let Some(view) = &self.view else {
            let words = self.failed.as_deref().unwrap_or("");
            let lines = wrap(words, usize::from(frame.sheet.width).max(1));
            for (line, y) in lines.into_iter().zip(frame.sheet.y..frame.sheet.bottom()) {
                let style = look.theme.style(Role::Bad);
                put(buffer, frame.sheet, frame.sheet.x, y, words.get(line).unwrap_or(""), style);
            }
            return;
        };
        if matches!(self.doing, Doing::Drawing(_)) {
            self.view_sketch(look, frame.sheet, buffer);
            return;
        }
        let area = self.seat(look);
        if self.rows.is_empty() || self.columns.is_empty() {
            let words = if view.filter().is_empty() {
                "Both are the same in everything that their tables compare."
            } else {
                "No row holds these words."
            };
            put(buffer, area, area.x, area.y, words, look.theme.style(Role::Muted));
        } else {
            let mark = |row: usize, column: usize| {
                let cell = self.rows.get(row).zip(self.columns.get(column));
                cell.map(|(row, column)| self.mark(view.cross(*row, *column))).unwrap_or_default()
            };
            self.sheet.draw(buffer, area, look.theme, look.glyphs, view.position(), &mark);
            if self.sheet.goes_on() && area.height > 2 {
                // In the margin, so that no word is hidden.
                let at = (area.right().min(look.size.width.saturating_sub(1)), area.bottom() - 1);
                put(buffer, body(look.size), at.0, at.1, look.glyphs.more, look.theme.style(Role::Accent));
            }
        }
        match &self.doing {
            Doing::Recalling(recall) => self.view_recall(look, recall, view, frame.foot, buffer),
            _ => self.status(look, view, frame.foot, buffer),
        }
    }

    /// Below the table: how the chosen cell stands, and what is not shown.
    fn status(&self, look: &Look<'_>, view: &View, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let theme = look.theme;
        let dot = format!(" {} ", look.glyphs.dot);
        let mut parts = Vec::new();
        let names = |at: usize| view.matrix.attributes.get(at).map_or("", String::as_str);
        if let Some(sort) = view.sort {
            let arrow = if sort.down { look.glyphs.down } else { look.glyphs.up };
            parts.push(format!("by {} {arrow}", names(sort.attribute)));
        }
        if !view.filter().is_empty() {
            let (passed, of) = view.passed();
            parts.push(format!("{passed} of {of} hold `{}`", view.filter()));
        }
        if view.hidden() > 0 {
            parts.push(format!("{} hidden", view.hidden()));
        }
        if view.contrast.is_some_and(|contrast| !contrast.same) && view.same() > 0 {
            parts.push(format!("{} the same", view.same()));
        }
        let shown = self.sheet.window();
        if view.single() {
            let all = view.entities();
            let here = all.iter().position(|entity| *entity == view.at().0).map_or(0, |at| at + 1);
            parts.push(format!("{here} of {}", all.len()));
        } else if shown.len() < self.columns.len() {
            parts.push(format!(
                "columns {}{}{} of {}",
                shown.start + 1,
                look.glyphs.dash,
                shown.end,
                self.columns.len()
            ));
        }
        let room = usize::from(area.width);
        let right = fit(&parts.join(&dot), room).into_owned();
        let left = self.standing(look, view);
        let spare = room.saturating_sub(width(&right) + 3);
        if spare > 8 {
            put(buffer, area, area.x, area.y, &fit(&left, spare), theme.style(Role::Faint));
        }
        let x = area.right().saturating_sub(u16::try_from(width(&right)).unwrap_or(0));
        put(buffer, area, x, area.y, &right, theme.style(Role::Muted));
    }

    /// How the chosen cell stands in the schedule.
    fn standing(&self, look: &Look<'_>, view: &View) -> String {
        let (row, column) = view.position();
        if self.sheet.is_cut(row, column) {
            return "Enter shows the whole cell.".to_owned();
        }
        let (entity, attribute) = view.at();
        let Some(cell) = view.matrix.cell(entity, attribute) else { return String::new() };
        let Some(card) = &cell.card else { return String::new() };
        let state = look.progress.state(card);
        if !state.seen() {
            return "Not asked yet.".to_owned();
        }
        if look.desk().is_due(card, state) {
            return "Due now.".to_owned();
        }
        match look.desk().due(card, state) {
            Due::At(at) => format!("Due in {}.", span((at - look.now.at).max(1000) / 1000)),
            Due::On(day) => format!("Due in {}.", span((day - look.now.day()).max(1) * 86_400)),
            Due::Never => String::new(),
        }
    }

    /// Below the table while cells are recalled: what is asked, the grades, or what came of it.
    fn view_recall(&self, look: &Look<'_>, recall: &Recall, view: &View, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        if let Some(card) = recall.shown().and_then(|blank| blank.card.as_deref())
            && area.height >= GRADES
        {
            let grades = Grades { item: card, marked: Grade::Good, cram: false };
            grades.draw(look, |_| true, area, buffer);
            return;
        }
        let here = recall.get(view.at()).map(|blank| blank.state);
        let (entity, attribute) = view.at();
        let name = |names: &[String], at: usize| names.get(at).cloned().unwrap_or_default();
        let asked = format!(
            "{} {} {}?",
            name(&view.matrix.entities, entity),
            look.glyphs.dot,
            name(&view.matrix.attributes, attribute)
        );
        let (first, role) = match here {
            _ if recall.left() == 0 => (done(recall), Role::Heading3),
            Some(Blanked::Hidden) => (asked, Role::Heading3),
            Some(Blanked::Seen) => ("Not graded: no card asks for it.".to_owned(), Role::Note),
            _ => ("Enter goes to the next blank.".to_owned(), Role::Muted),
        };
        let tally = tally(recall).join(&format!(" {} ", look.glyphs.dot));
        let second = match (recall.left(), recall.forgotten()) {
            (0, 0) => "Enter goes back to the table.".to_owned(),
            (0, _) => "Enter asks once more for what was missed.".to_owned(),
            _ => tally,
        };
        let mut y = area.y;
        if area.height >= GRADES {
            let rule = look.glyphs.rule.repeat(usize::from(area.width));
            put(buffer, area, area.x, y, &rule, theme.style(Role::Rule));
            y += 1;
        }
        put(buffer, area, area.x, y, &fit(&first, usize::from(area.width)), theme.style(role));
        put(buffer, area, area.x, y + 1, &fit(&second, usize::from(area.width)), theme.style(Role::Muted));
    }
}

/// What a recall has brought.
fn done(recall: &Recall) -> String {
    format!("{}.", tally(recall).into_iter().skip(1).collect::<Vec<_>>().join(", "))
}

/// How many cells stand how.
fn tally(recall: &Recall) -> Vec<String> {
    let mut parts = vec![format!("{} left", recall.left())];
    let all = [(recall.known(), "known"), (recall.forgotten(), "missed"), (recall.ungraded(), "not graded")];
    parts.extend(all.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")));
    parts
}
