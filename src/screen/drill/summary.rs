//! What a set has brought.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screen::{Look, body};
use crate::study::day::span;
use crate::study::drill::Run;
use crate::study::plan::Readiness;
use crate::text::{count, pad, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw};
use crate::ui::say::plain;

pub struct Summary {
    rows: Vec<Row>,
    lines: Vec<Line>,
    top: usize,
}

/// A row before it is laid out.
enum Row {
    Title(String),
    Pair(String, String, Role),
    Blank,
}

impl Summary {
    pub fn new(run: &Run, before: Readiness, look: &Look<'_>) -> Self {
        let done = run.done();
        let passed = done.iter().filter(|answer| answer.grade.passed()).count();
        let seconds: u64 = done.iter().map(|answer| u64::from(answer.took.min(600_000)) / 1000).sum();
        let mut rows = Vec::new();
        if done.is_empty() {
            rows.push(Row::Title("Nothing was answered.".to_owned()));
        } else {
            let share = passed * 100 / done.len();
            rows.push(Row::Title(format!("{}, {share} % known", count(done.len(), "answer"))));
            rows.push(Row::Pair("Time".to_owned(), span(i64::try_from(seconds).unwrap_or(0).max(1)), Role::Text));
        }
        let desk = look.desk();
        let after = desk.readiness(&[]);
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        if !run.cram {
            let name = match look.progress.goal.ahead(desk.today()) {
                Some(_) => "Ready on the day",
                None => "Ready now",
            };
            rows.push(Row::Pair(
                name.to_owned(),
                format!("{} {} {}", percent(before.on_day), look.glyphs.right, percent(after.on_day)),
                Role::Good,
            ));
        }
        let tomorrow = desk.forecast(2).get(1).copied().unwrap_or(0);
        rows.push(Row::Pair("Tomorrow".to_owned(), format!("{} due", count(tomorrow, "item")), Role::Text));
        if run.left() > 0 {
            let words = format!("{} come back in a while", count(run.left(), "card"));
            rows.push(Row::Pair("Later today".to_owned(), words, Role::Text));
        }
        let mut topics: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for answer in done {
            let item = look.items.find(look.library, &answer.item).and_then(|at| look.items.get(at));
            if let Some(item) = item {
                let topic = topics.entry(item.module).or_default();
                topic.0 += usize::from(answer.grade.passed());
                topic.1 += 1;
            }
        }
        let mut topics: Vec<_> = topics.into_iter().collect();
        topics.sort_by_key(|(_, (passed, all))| passed * 1000 / all.max(&1));
        if topics.len() > 1 || !done.is_empty() {
            rows.push(Row::Blank);
        }
        for (module, (passed, all)) in topics {
            let title = look.library.modules.get(module).map_or("", |module| module.title.as_str()).to_owned();
            let role = if passed * 5 >= all * 4 { Role::Good } else { Role::Warning };
            rows.push(Row::Pair(title, format!("{passed} of {all}"), role));
        }
        let mut summary = Self { rows, lines: Vec::new(), top: 0 };
        summary.lay(look);
        summary
    }

    fn area(look: &Look<'_>) -> Rect {
        let area = body(look.size);
        let wide = area.width.saturating_sub(4).min(60);
        let down = if area.height > 12 { 2 } else { 0 };
        Rect::new(area.x + (area.width - wide) / 2, area.y + down, wide, area.height - down)
    }

    pub fn lay(&mut self, look: &Look<'_>) {
        let columns = usize::from(Self::area(look).width).max(1);
        let widest = self.rows.iter().map(|row| if let Row::Pair(left, ..) = row { width(left) } else { 0 }).max();
        let left = (widest.unwrap_or(0) + 3).min(columns * 3 / 5);
        self.lines = Vec::new();
        for row in &self.rows {
            match row {
                Row::Title(text) => {
                    self.lines.extend(plain(text, columns, Role::Heading1));
                    self.lines.push(Line::default());
                }
                Row::Blank => self.lines.push(Line::default()),
                Row::Pair(name, value, role) => {
                    let pieces = vec![
                        Piece::new(pad(name, left.saturating_sub(1)) + " ", Role::Muted),
                        Piece::new(value.clone(), *role),
                    ];
                    self.lines.push(Line { pieces, ..Line::default() });
                }
            }
        }
        self.scroll(look, 0);
    }

    pub fn scroll(&mut self, look: &Look<'_>, by: isize) {
        let most = self.lines.len().saturating_sub(usize::from(Self::area(look).height));
        self.top = self.top.saturating_add_signed(by).min(most);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let area = Self::area(look);
        for (line, y) in self.lines.iter().skip(self.top).zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, look.theme, None);
        }
    }
}
