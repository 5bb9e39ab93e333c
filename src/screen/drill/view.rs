//! How the card and what follows it look.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Drill;
use super::card::{Card, Stage};
use crate::screen::grades::{GRADES, Grades};
use crate::screen::{Look, body};
use crate::study::answer::{Difference, Verdict};
use crate::study::ask::{Ask, Form};
use crate::study::items::Kind;
use crate::study::schedule::Phase;
use crate::text::{clean, fit, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece, draw, put};
use crate::ui::say::{behind, markdown, plain};

/// Where the card stands: its lines, and the grades below when they are shown.
fn areas(look: &Look<'_>, shown: bool) -> (Rect, Rect) {
    let area = body(look.size);
    let margin = if area.width > 60 { 4 } else { 1 };
    let wide = area.width.saturating_sub(2 * margin).min(look.measure);
    let x = area.x + (area.width - wide) / 2;
    let grades = if shown && area.height > GRADES + 2 { GRADES } else { 0 };
    let lead = u16::from(area.height > 4) + u16::from(area.height > 16);
    let tall = area.height.saturating_sub(grades + lead);
    (Rect::new(x, area.y + lead, wide, tall), Rect::new(x, area.bottom() - grades, wide, grades))
}

impl Drill {
    /// Lays the lines of the card out for the size of the screen.
    pub(super) fn lay(&mut self, look: &Look<'_>) {
        let Some(card) = &mut self.card else {
            if let Some(summary) = &mut self.summary {
                summary.lay(look);
            }
            return;
        };
        let (area, _) = areas(look, card.stage == Stage::Shown);
        card.height = usize::from(area.height);
        let columns = usize::from(area.width).max(1);
        let mut lines = Vec::new();
        if let Some(ask) = card.ask.clone() {
            lines.extend(heading(card, look, columns));
            lines.extend(question(card, &ask, look, columns));
            if card.stage == Stage::Shown {
                lines.push(Line::default());
                lines.extend(answer(card, &ask, look, columns));
            }
        }
        card.lines = lines;
        card.top = card.top.min(card.lines.len().saturating_sub(card.height));
        if card.moves()
            && let Some(at) = card.lines.iter().position(|line| line.at == card.cursor + 1 && line.lead > 0)
        {
            // The point that is chosen stays in sight.
            card.top = card.top.clamp(at.saturating_sub(card.height.saturating_sub(2)), at);
        }
    }

    pub(super) fn scroll(&mut self, look: &Look<'_>, by: isize) {
        if let Some(card) = &mut self.card {
            card.top = card.top.saturating_add_signed(by).min(card.lines.len().saturating_sub(card.height));
        } else if let Some(summary) = &mut self.summary {
            summary.scroll(look, by);
        }
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let Some(card) = &self.card else {
            if let Some(summary) = &self.summary {
                summary.view(look, area, buffer);
            }
            return;
        };
        self.bar(look, area, buffer);
        let (text, grades) = areas(look, card.stage == Stage::Shown);
        // A short card stands a little below the top, so that the eye need not climb.
        let spare = usize::from(text.height).saturating_sub(card.lines.len());
        let down = u16::try_from(spare / 5).unwrap_or(0).min(6);
        for (line, y) in card.lines.iter().skip(card.top).zip(text.y + down..text.bottom()) {
            draw(buffer, text, y, line, theme, None);
        }
        if card.top + card.height < card.lines.len() {
            let x = text.right().saturating_sub(2);
            put(buffer, area, x, text.bottom().saturating_sub(1), look.glyphs.more, theme.style(Role::Accent));
        }
        if grades.height > 0 {
            let given = Grades { item: &card.id, marked: card.grade, cram: self.run.cram };
            given.draw(look, |grade| card.allows(grade), grades, buffer);
        }
    }

    /// How far the set has come, as a line.
    fn bar(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        if area.height < 5 {
            return;
        }
        let (done, left) = (self.run.done().len(), self.run.left());
        let wide = usize::from(area.width);
        let full = wide * done / (done + left).max(1);
        let x = put(buffer, area, area.x, area.y, &look.glyphs.full.repeat(full), look.theme.style(Role::Accent));
        put(buffer, area, x, area.y, &look.glyphs.empty.repeat(wide - full), look.theme.style(Role::Rule));
    }
}

/// Where the card comes from and how it stands, in small words.
fn heading(card: &Card, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let file = look.library.files.get(card.file);
    let module = file.and_then(|file| look.library.modules.get(file.module)).map_or("", |module| module.title.as_str());
    let kind = look.items.find(look.library, &card.id).and_then(|at| look.items.get(at)).map(|item| item.kind);
    let state = look.progress.state(&card.id);
    let mut parts = vec![module.to_owned()];
    if kind == Some(Kind::Cell) {
        parts.push("table".to_owned());
    }
    parts.push(
        match state.phase {
            Phase::New => "new",
            Phase::Learning(_) => "learning",
            Phase::Review => "review",
            Phase::Relearning(_) => "relearning",
        }
        .to_owned(),
    );
    if state.leech(&look.scheduler.rules) {
        parts.push(format!("forgotten {} times", state.lapses));
    }
    if let Some(sure) = card.sure {
        parts.push(format!("you said: {}", sure.name()));
    }
    parts.retain(|part| !part.is_empty());
    let mut lines = plain(&parts.join(&format!(" {} ", look.glyphs.dot)), columns, Role::Muted);
    lines.push(Line::default());
    lines
}

fn question(card: &Card, ask: &Ask, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let glyphs = look.glyphs;
    let mut lines = markdown(&ask.prompt, columns, Role::Heading3, glyphs);
    let shown = card.stage == Stage::Shown;
    match &ask.form {
        Form::Choice { options, several } => {
            lines.push(Line::default());
            for (at, (text, right)) in options.iter().enumerate() {
                let picked = card.picked.contains(&at);
                let sign = match (shown, picked, *right) {
                    (true, _, true) => glyphs.right_answer,
                    (true, true, false) => glyphs.wrong_answer,
                    (false, true, _) if *several => glyphs.done,
                    (false, false, _) if *several => glyphs.open,
                    _ => " ",
                };
                let role = match (shown, picked, *right) {
                    (true, _, true) => Role::Good,
                    (true, true, false) => Role::Bad,
                    (true, ..) => Role::Muted,
                    _ => Role::Accent,
                };
                let own = if role == Role::Accent { Role::Text } else { role };
                let lead = format!("{} {sign} ", at + 1);
                let other = ask.others.get(at).filter(|other| shown && !other.is_empty());
                lines.extend(behind(&lead, role, columns, |room| {
                    let mut lines = markdown(text, room, own, glyphs);
                    if let Some(other) = other {
                        beside(&mut lines, other, room, look);
                    }
                    lines
                }));
            }
            if *several && !shown {
                lines.push(Line::default());
                lines.extend(plain("Several are right. Choose them, then enter.", columns, Role::Muted));
            }
        }
        Form::Order { steps, .. } if !shown => {
            lines.push(Line::default());
            for (at, text) in steps.iter().enumerate() {
                let place = card.picked.iter().position(|picked| *picked == at);
                let role = if place.is_some() { Role::Muted } else { Role::Text };
                let place = place.map_or_else(|| "   ".to_owned(), |place| format!("{}. ", place + 1));
                let lead = format!("{}  {place}", at + 1);
                lines.extend(behind(&lead, Role::Accent, columns, |room| markdown(text, room, role, glyphs)));
            }
            lines.push(Line::default());
            lines.extend(plain("Press the numbers in the right order.", columns, Role::Muted));
        }
        Form::Typed { .. } if !shown => {
            lines.push(Line::default());
            let words = if card.field.is_some() {
                "Type the answer below, then enter."
            } else {
                "Press i to type the answer, enter to see it."
            };
            lines.extend(plain(words, columns, Role::Muted));
        }
        Form::Points(points) if !shown => {
            lines.push(Line::default());
            lines.extend(plain(&format!("{} points.", points.len()), columns, Role::Muted));
        }
        _ => {}
    }
    for hint in ask.hints.iter().take(card.hints) {
        lines.push(Line::default());
        lines.extend(behind("Hint  ", Role::Note, columns, |room| markdown(hint, room, Role::Text, glyphs)));
    }
    lines
}

/// A note behind the last line, or on a line of its own.
fn beside(lines: &mut Vec<Line>, note: &str, room: usize, look: &Look<'_>) {
    let note = format!("{} {}", look.glyphs.dot, clean(note));
    let used: usize = lines.last().map_or(room, |line| width(&line.plain()));
    match lines.last_mut().filter(|_| used + 1 + width(&note) <= room) {
        Some(line) => line.pieces.push(Piece::new(format!(" {note}"), Role::Faint)),
        None => lines.extend(plain(&note, room, Role::Faint)),
    }
}

fn answer(card: &Card, ask: &Ask, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let glyphs = look.glyphs;
    let mut lines = Vec::new();
    if let Some(right) = card.right() {
        let (sign, words, role) = if right {
            (glyphs.right_answer, "Right.", Role::Good)
        } else if card.picked.is_empty() && !card.typed() {
            (glyphs.wrong_answer, "Not answered.", Role::Muted)
        } else {
            (glyphs.wrong_answer, "Not right.", Role::Bad)
        };
        lines.extend(plain(&format!("{sign} {words}"), columns, role));
    }
    match &ask.form {
        Form::Points(points) => {
            for (at, text) in points.iter().enumerate() {
                let ticked = card.ticks.get(at).copied().unwrap_or(false);
                let pointer = if at == card.cursor { glyphs.pointer } else { " " };
                let lead = format!("{pointer} {} ", if ticked { glyphs.done } else { glyphs.open });
                let from = lines.len();
                lines.extend(behind(&lead, Role::Accent, columns, |room| markdown(text, room, Role::Text, glyphs)));
                if let Some(line) = lines.get_mut(from) {
                    line.at = at + 1;
                }
            }
            lines.push(Line::default());
            lines.extend(plain("Tick with space what you said; enter takes the grade.", columns, Role::Muted));
        }
        Form::Order { steps, right } => {
            for (n, place) in right.iter().enumerate() {
                let there = card.picked.get(n) == Some(place);
                let (sign, role) =
                    if there { (glyphs.right_answer, Role::Good) } else { (glyphs.wrong_answer, Role::Bad) };
                let lead = format!("{sign} {}. ", n + 1);
                let text = steps.get(*place).map_or("", String::as_str);
                lines.extend(behind(&lead, role, columns, |room| markdown(text, room, Role::Text, glyphs)));
            }
        }
        Form::Typed { accepted, .. } => {
            if let Some(Verdict::Wrong { told, diff }) = &card.verdict {
                lines.extend(plain(told, columns, Role::Text));
                if !card.typed.trim().is_empty() {
                    let mut pieces = vec![Piece::new("You      ", Role::Muted)];
                    for part in diff {
                        let (text, role) = match part.kind {
                            Difference::Same => (part.text.clone(), Role::Text),
                            Difference::Extra => (format!("-{}-", part.text), Role::Bad),
                            Difference::Missing => (format!("+{}+", part.text), Role::Good),
                        };
                        pieces.push(Piece::new(format!("{} ", clean(&text)), role));
                    }
                    lines.push(Line { pieces, ..Line::default() });
                }
            }
            let text = accepted.join(" or ");
            lines.extend(behind("Answer   ", Role::Muted, columns, |room| plain(&clean(&text), room, Role::Heading3)));
        }
        Form::Choice { .. } | Form::Recall => {}
    }
    if !ask.answer.is_empty() {
        lines.extend(markdown(&ask.answer, columns, Role::Heading1, glyphs));
    }
    let more = [("Why      ", &ask.why, Role::Tip), ("Not      ", &ask.confused, Role::Warning)];
    for (label, text, role) in more {
        if let Some(text) = text {
            lines.push(Line::default());
            lines.extend(behind(label, role, columns, |room| markdown(text, room, Role::Text, glyphs)));
        }
    }
    let file = look.library.files.get(card.file);
    let mut facts: Vec<String> =
        file.and_then(|file| file.as_of.as_ref()).map(|date| format!("checked {date}")).into_iter().collect();
    let source = ask
        .sources
        .first()
        .cloned()
        .or_else(|| file.and_then(|file| file.sources.first()).map(|source| source.title.clone()));
    facts.extend(source);
    if !facts.is_empty() {
        lines.push(Line::default());
        let text = facts.join(&format!(" {} ", glyphs.dot));
        lines.extend(plain(&fit(&text, columns), columns.max(width(&text)), Role::Faint));
    }
    lines
}
