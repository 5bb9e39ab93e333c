//! The rubric, point by point, and the red flags. The learner has the last word.

use ratatui::buffer::Buffer;

use super::ask::fact;
use super::list::{self, Entry, entry, indented};
use super::session::Session;
use crate::content::question::{Point, follow_up};
use crate::content::section::Rich;
use crate::screen::Look;
use crate::study::day::span;
use crate::study::mock::run::Phase;
use crate::study::mock::score::{EASY, GOOD, HARD, Said, Sheet};
use crate::study::review::Grade;
use crate::study::schedule::Due;
use crate::text::{fit, width};
use crate::theme::Role;
use crate::ui::line::{Line, put};
use crate::ui::say::plain;

/// Columns before the words of an entry.
const INDENT: usize = 7;

impl Session {
    /// The points of the rubric and the follow-ups.
    pub(super) fn points(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let Some(question) = &self.asked.question else { return Vec::new() };
        let typed = self.said.text();
        let said = Said::new(&typed);
        let mut lines = self.reminder(look, columns);
        lines.push(Line::default());
        lines.extend(plain("What did you say?", columns, Role::Heading1));
        lines.push(Line::default());
        lines.extend(self.ticked(
            &question.rubric,
            &self.run.sheet.points,
            &|terms| said.found(terms),
            '+',
            look,
            columns,
        ));
        if question.follow_ups.is_empty() {
            return lines;
        }
        lines.push(Line::default());
        let many =
            if question.follow_ups.len() == 1 { "Did you meet the follow-up?" } else { "Did you meet the follow-ups?" };
        lines.extend(plain(many, columns, Role::Heading3));
        for (at, text) in question.follow_ups.iter().enumerate() {
            let place = question.rubric.len() + at;
            let whole = text.plain();
            let (asked, answer) = follow_up(&whole);
            let asked = only(text, asked);
            let one = Entry {
                number: place + 1,
                chosen: place == self.cursor,
                ticked: self.run.sheet.follow_ups.get(at).copied().unwrap_or(false),
                text: &asked,
                note: "+1".to_owned(),
            };
            lines.extend(entry(&one, columns, look));
            if !answer.is_empty() {
                lines.extend(indented(INDENT, columns, |room| plain(answer, room, Role::Muted)));
            }
        }
        lines
    }

    /// The red flags: asked for each time, so that none is forgotten.
    pub(super) fn flags(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let Some(question) = &self.asked.question else { return Vec::new() };
        let typed = self.said.text();
        let said = Said::new(&typed);
        let mut lines = plain("Did one of these slip out?", columns, Role::Heading1);
        lines.push(Line::default());
        lines.extend(self.ticked(
            &question.red_flags,
            &self.run.sheet.flags,
            &|terms| said.meant(terms),
            '-',
            look,
            columns,
        ));
        if !self.run.sheet.flagged() {
            lines.push(Line::default());
            lines.extend(plain("None of them? Enter.", columns, Role::Muted));
        }
        lines
    }

    fn ticked<'t>(
        &self,
        points: &[Point],
        ticks: &[bool],
        heard: &dyn Fn(&[String]) -> Vec<&'t str>,
        sign: char,
        look: &Look<'_>,
        columns: usize,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        for (at, point) in points.iter().enumerate() {
            let one = Entry {
                number: at + 1,
                chosen: at == self.cursor,
                ticked: ticks.get(at).copied().unwrap_or(false),
                text: &point.text,
                note: format!("{sign}{}", point.weight),
            };
            lines.extend(entry(&one, columns, look));
            let found = heard(&point.terms);
            let found: Vec<String> =
                found.iter().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            if !found.is_empty() {
                lines.extend(indented(INDENT, columns, |room| fact("found: ", &found.join(", "), room, Role::Tip)));
            }
        }
        lines
    }

    pub(super) fn view_score(&self, look: &Look<'_>, buffer: &mut Buffer) {
        let (area, below) = self.areas(look);
        list::lines(&self.lines, self.top, look, area, buffer);
        let Some(question) = &self.asked.question else { return };
        let theme = look.theme;
        // The red flags are asked for later: until then they take nothing away.
        let flags = if self.run.phase == Phase::Points { Vec::new() } else { self.run.sheet.flags.clone() };
        let score = Sheet { flags, ..self.run.sheet.clone() }.score(question);
        let dot = look.glyphs.dot;
        let told = format!("{} of {} {dot} {} %", score.got, score.of, score.percent());
        if below.height < 3 {
            put(buffer, below, below.x, below.y, &told, theme.style(Role::Heading3));
            return;
        }
        let columns = usize::from(below.width);
        put(buffer, below, below.x, below.y, &look.glyphs.rule.repeat(columns), theme.style(Role::Rule));
        let x = put(buffer, below, below.x, below.y + 1, &told, theme.style(Role::Heading3)) + 3;
        let last = self.run.phase == Phase::Flags || question.red_flags.is_empty();
        let (word, rest) = if last {
            let grade = self.run.sheet.grade(question);
            (grade.name(), format!(": {}", self.back_words(look, grade)))
        } else {
            ("", "Then the red flags.".to_owned())
        };
        let x = put(buffer, below, x, below.y + 1, word, theme.style(Role::Accent));
        let room = usize::from(below.right().saturating_sub(x));
        let role = if last { Role::Text } else { Role::Muted };
        put(buffer, below, x, below.y + 1, &fit(&rest, room), theme.style(role));
        put(buffer, below, below.x, below.y + 2, &bars(look, columns), theme.style(Role::Faint));
    }

    /// When the question comes back after a grade, in words.
    pub(super) fn back_words(&self, look: &Look<'_>, grade: Grade) -> String {
        match self.comes_back(look, grade) {
            None if self.cram => "cramming has no effect on the schedule".to_owned(),
            None => "an incident is not scheduled".to_owned(),
            Some(Due::At(_) | Due::Never) => "back tomorrow".to_owned(),
            Some(Due::On(day)) => match day - look.now.day() {
                ..=1 => "back tomorrow".to_owned(),
                days => format!("back in {}", span(days * 86_400)),
            },
        }
    }
}

/// How a score becomes a grade, as docs/scoring.md says.
fn bars(look: &Look<'_>, columns: usize) -> String {
    let dot = look.glyphs.dot;
    let long = format!("hard from {HARD} %, good from {GOOD}, easy from {EASY}; with a red flag hard at most");
    if width(&long) <= columns {
        long
    } else {
        fit(&format!("hard {HARD} {dot} good {GOOD} {dot} easy {EASY} %"), columns).into_owned()
    }
}

/// The runs of a text up to where it is the same as `asked`.
fn only(text: &Rich, asked: &str) -> Rich {
    let mut left = asked.len();
    let mut runs = Vec::new();
    for run in &text.runs {
        if left == 0 {
            break;
        }
        let mut run = run.clone();
        if run.text != "\n" && run.text.len() > left {
            run.text.truncate(run.text.floor_char_boundary(left));
        }
        left = left.saturating_sub(run.text.len());
        runs.push(run);
    }
    Rich { runs, ..text.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;
    use crate::content::section::rich;

    #[test]
    fn a_follow_up_keeps_its_look_without_its_answer() {
        let blocks = blocks("- With *one* zone? (The `subnet`.)\n", 0, "");
        let text = rich(&blocks[0]);
        let whole = text.plain();
        let (asked, answer) = follow_up(&whole);
        assert_eq!((only(&text, asked).plain().as_str(), answer), ("With one zone?", "The subnet."));
        assert!(only(&text, asked).runs[1].style.emphasis);
    }
}
