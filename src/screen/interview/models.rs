//! The model answers, with the learner's own beside them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ask::blocks;
use super::list;
use super::session::{Model, Session};
use crate::screen::Look;
use crate::study::day::span;
use crate::study::mock::{Round, clock};
use crate::study::review::Grade;
use crate::text::width;
use crate::theme::Role;
use crate::ui::line::{Line, put};
use crate::ui::say::plain;

/// From this width on one's own answer stands beside the model.
const BESIDE: u16 = 110;
/// Rows above the answers: the score, a blank, the names of the answers, a rule.
const HEAD: u16 = 4;

impl Session {
    fn beside(look: &Look<'_>) -> bool {
        look.size.width >= BESIDE
    }

    fn said(&self) -> &str {
        self.run.done.last().map_or("", |done| done.said.as_str())
    }

    /// The answers that can be read here.
    fn choices(&self, look: &Look<'_>) -> Vec<(Model, &'static str)> {
        let mut out = Vec::new();
        let long = self.asked.question.as_ref().is_some_and(|question| !question.long.is_empty());
        let roomy = look.size.width > 46;
        out.push((
            Model::Short,
            match (long, roomy) {
                (false, _) => "Model answer",
                (true, true) => "In 40 seconds",
                (true, false) => "40 seconds",
            },
        ));
        if long {
            out.push((Model::Long, if roomy { "In 3 minutes" } else { "3 minutes" }));
        }
        if !Self::beside(look) {
            out.push((Model::Own, if roomy { "Your answer" } else { "Yours" }));
        }
        out
    }

    pub(super) fn turn_over(&mut self, look: &Look<'_>) {
        let choices = self.choices(look);
        let at = choices.iter().position(|(model, _)| *model == self.model).unwrap_or(0);
        self.model = choices.get((at + 1) % choices.len().max(1)).map_or(Model::Short, |(model, _)| *model);
    }

    /// Where the head, one's own answer (where there is room for both) and the model answer stand.
    fn panes(&self, look: &Look<'_>) -> (Rect, Rect, Rect) {
        let area = self.areas(look).0;
        let area = if Self::beside(look) {
            let whole = crate::screen::body(look.size);
            let wide = (whole.width - 8).min(2 * look.measure + 6);
            Rect { x: whole.x + (whole.width - wide) / 2, width: wide, ..area }
        } else {
            area
        };
        let tall = if area.height > HEAD + 2 { HEAD } else { u16::from(area.height > 2) };
        let head = Rect { height: tall, ..area };
        let rest = Rect { y: area.y + tall, height: area.height - tall, ..area };
        if !Self::beside(look) {
            return (head, Rect { width: 0, ..rest }, rest);
        }
        let half = (rest.width - 6) / 2;
        (head, Rect { width: half, ..rest }, Rect { x: rest.x + half + 6, width: half, ..rest })
    }

    /// What can be scrolled through.
    pub(super) fn model_height(&self, look: &Look<'_>) -> u16 {
        self.panes(look).2.height
    }

    pub(super) fn models(&mut self, look: &Look<'_>) -> Vec<Line> {
        if Self::beside(look) && self.model == Model::Own {
            self.model = Model::Short;
        }
        let (_, own, model) = self.panes(look);
        self.own = if own.width > 0 { self.own_lines(usize::from(own.width)) } else { Vec::new() };
        let Some(question) = &self.asked.question else { return Vec::new() };
        let columns = usize::from(model.width).max(1);
        let lines = match self.model {
            Model::Short => blocks(&question.short, columns, self.shift, look).0,
            Model::Long => blocks(&question.long, columns, self.shift, look).0,
            Model::Own => self.own_lines(columns),
        };
        if lines.is_empty() {
            return plain("Nothing is written here.", columns, Role::Muted);
        }
        // Both are scrolled together: there are as many lines as the longer one has.
        let blank = self.own.len().saturating_sub(lines.len());
        lines.into_iter().chain(std::iter::repeat_n(Line::default(), blank)).collect()
    }

    fn own_lines(&self, columns: usize) -> Vec<Line> {
        let said = self.said();
        if said.is_empty() {
            return plain("You answered aloud.", columns.max(1), Role::Muted);
        }
        said.lines()
            .flat_map(
                |line| if line.is_empty() { vec![Line::default()] } else { plain(line, columns.max(1), Role::Text) },
            )
            .collect()
    }

    pub(super) fn view_models(&self, look: &Look<'_>, buffer: &mut Buffer) {
        let theme = look.theme;
        let (head, own, model) = self.panes(look);
        let dot = look.glyphs.dot;
        if let (Some(done), Some(slot)) = (self.run.done.last(), self.run.slot()) {
            let told = format!("{} of {} {dot} {} %", done.score.got, done.score.of, done.score.percent());
            let mut x = put(buffer, head, head.x, head.y, &told, theme.style(Role::Heading1)) + 3;
            let state = look.progress.state(&slot.id);
            let back = match state.due_day(look.now).map(|day| day - look.now.day()) {
                _ if slot.round == Round::Stage => String::new(),
                Some(days) if days > 1 => format!("back in {}", span(days * 86_400)),
                _ => "back tomorrow".to_owned(),
            };
            let time = format!("{} of {}", clock(done.took / 1000), clock(done.meant.into()));
            let grade = done.grade().map_or("", Grade::name).to_owned();
            for fact in [grade, back, time].into_iter().filter(|fact| !fact.is_empty()) {
                let wide = u16::try_from(width(&fact)).unwrap_or(u16::MAX);
                if x.saturating_add(wide) <= head.right() {
                    x = put(buffer, head, x, head.y, &fact, theme.style(Role::Muted)) + 3;
                }
            }
        }
        if head.height >= HEAD {
            let y = head.y + 2;
            let beside = Self::beside(look);
            if beside {
                put(buffer, head, own.x, y, "Your answer", theme.style(Role::Heading3));
            }
            let mut x = model.x;
            for (choice, name) in self.choices(look) {
                let chosen = choice == self.model;
                let role = if chosen { Role::Heading2 } else { Role::Muted };
                put(buffer, head, x, y, name, theme.style(role));
                let wide = u16::try_from(width(name)).unwrap_or(0);
                let sign = if chosen { look.glyphs.full } else { look.glyphs.rule };
                let line = if chosen { Role::Heading2 } else { Role::Rule };
                put(buffer, head, x, y + 1, &sign.repeat(usize::from(wide)), theme.style(line));
                x += wide + 3;
            }
            if beside {
                let rule = look.glyphs.rule.repeat(width("Your answer"));
                put(buffer, head, own.x, y + 1, &rule, theme.style(Role::Rule));
            }
        }
        list::lines(&self.lines, self.top, look, model, buffer);
        if own.width > 0 {
            list::lines(&self.own, self.top.min(self.own.len()), look, own, buffer);
            let whole = buffer.area;
            let tall = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
            for y in model.top()..model.bottom().min(model.top().saturating_add(tall)) {
                put(buffer, whole, own.right() + 2, y, look.glyphs.column, theme.style(Role::Rule));
            }
        }
    }
}
