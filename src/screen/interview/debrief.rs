//! After an interview: how it went, question by question, what was missed, and how that compares with before.

use super::session::Session;
use crate::screen::Look;
use crate::study::mock::past::{Sum, by, sum};
use crate::study::mock::run::{Done, Kind};
use crate::study::mock::{Round, clock};
use crate::study::review::Grade;
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::line::{Line, Piece};
use crate::ui::say::{behind, plain};

/// An interview of this share of the points would be passed.
const PASS: u32 = 75;
/// So many interviews of the past are drawn.
const TREND: usize = 12;

impl Session {
    pub(super) fn debrief(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let done = &self.run.done;
        let total = sum(done);
        let mut lines = verdict(total, look, columns);
        lines.extend(self.trend(look, columns));
        head(&mut lines, "Questions", columns);
        let numbers = done.iter().map(|one| tail(one).iter().map(|piece| width(&piece.text)).sum()).max().unwrap_or(0);
        for (n, one) in done.iter().enumerate() {
            lines.extend(question(n + 1, one, numbers, columns));
        }
        if done.len() > 1 {
            let module = |done: &Done| done.module.clone();
            let modules = by(done, module);
            if modules.len() > 1 {
                head(&mut lines, "By module", columns);
                lines.extend(modules.iter().map(|(name, sum)| bar(name, sum, look, columns)));
            }
            let levels = by(done, |done| done.level);
            if levels.len() > 1 {
                head(&mut lines, "By level", columns);
                let name = |level: Option<crate::content::front::Level>| level.map_or("none", |level| level.name());
                lines.extend(levels.iter().map(|(level, sum)| bar(name(*level), sum, look, columns)));
            }
        }
        self.missed(&mut lines, look, columns);
        raised(&mut lines, done, look, columns);
        lines
    }

    /// The interviews before, so that one sees whether it gets better.
    fn trend(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let mut scores: Vec<u32> = self.past.iter().map(|past| past.score().percent()).collect();
        if scores.len() < 2 || matches!(self.run.kind, Kind::Incident(_)) {
            return Vec::new();
        }
        scores.drain(..scores.len().saturating_sub(TREND));
        let steps = look.glyphs.steps;
        let sign = |score: u32| {
            let at = usize::try_from(score).unwrap_or(0) * steps.len() / 101;
            steps.get(at).copied().unwrap_or("")
        };
        let drawn: String = scores.iter().map(|score| sign(*score)).collect();
        let told: Vec<String> = scores.iter().rev().take(3).rev().map(ToString::to_string).collect();
        let mut pieces = vec![Piece::new(drawn, Role::Accent)];
        let words = format!("  {} interviews, the last: {} %", self.past.len(), told.join(", "));
        pieces.push(Piece::new(words, Role::Muted));
        let line = Line { pieces, ..Line::default() };
        if line.width() > columns { plain(&line.plain(), columns, Role::Muted) } else { vec![line] }
    }

    fn missed(&self, lines: &mut Vec<Line>, look: &Look<'_>, columns: usize) {
        let done = &self.run.done;
        let missed: Vec<&Done> = done.iter().filter(|one| one.missed().next().is_some()).collect();
        if missed.is_empty() {
            return;
        }
        head(lines, "Missed", columns);
        for one in missed {
            lines.extend(plain(&fit(&one.prompt, columns), columns, Role::Muted));
            for point in one.missed() {
                let sign = format!("  {} ", look.glyphs.open);
                lines.extend(behind(&sign, Role::Faint, columns, |room| plain(&point.text, room, Role::Text)));
            }
        }
        lines.push(Line::default());
        let teaching = self.teaching.len();
        let told = if teaching > 0 {
            format!(
                "d drills {} that {} this.",
                count(teaching, "card"),
                if teaching == 1 { "teaches" } else { "teach" }
            )
        } else {
            "No card of these modules names what was missed.".to_owned()
        };
        lines.extend(plain(&told, columns, Role::Accent));
        if self.run.slots.iter().any(|slot| slot.round != Round::Stage) {
            lines.extend(plain("The questions come back by their grades.", columns, Role::Muted));
        }
    }
}

fn head(lines: &mut Vec<Line>, text: &str, columns: usize) {
    lines.push(Line::default());
    lines.extend(plain(text, columns, Role::Heading2));
}

fn verdict(total: Sum, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let percent = total.score.percent();
    let (words, role) = if percent >= PASS { ("You would pass.", Role::Good) } else { ("Not yet.", Role::Heading1) };
    let dot = look.glyphs.dot;
    let mut facts = vec![
        format!("{} of {} points", total.score.got, total.score.of),
        format!("{percent} %"),
        format!("{} of {} min", clock(total.took / 1000), clock(total.meant.into())),
    ];
    if total.skipped > 0 {
        facts.push(format!("{} skipped", total.skipped));
    }
    let mut lines = plain(words, columns, role);
    lines.extend(plain(&facts.join(&format!(" {dot} ")), columns, Role::Text));
    lines
}

/// What a question scored, how long it took, and its red flags.
fn tail(done: &Done) -> Vec<Piece> {
    let score = if done.skipped() { "skipped".to_owned() } else { format!("{} of {}", done.score.got, done.score.of) };
    let time = format!("{} of {}", clock(done.took / 1000), clock(done.meant.into()));
    let over = done.took > i64::from(done.meant) * 1000;
    let role = match done.grade() {
        None => Role::Muted,
        Some(grade) if grade >= Grade::Good => Role::Good,
        Some(_) => Role::Warning,
    };
    let mut pieces = vec![
        Piece::new(pad(&score, 10), role),
        Piece::new(pad(&time, 13), if over { Role::Warning } else { Role::Muted }),
    ];
    let flags = done.raised().count();
    if flags > 0 {
        pieces.push(Piece::new(format!("  {}", count(flags, "red flag")), Role::Bad));
    }
    pieces
}

/// One question in a line, or in two where there is little room: its number, its level, its words, what it scored. The
/// numbers of all questions stand below each other.
fn question(n: usize, done: &Done, numbers: usize, columns: usize) -> Vec<Line> {
    let lead = format!("{n:>2}  {}  ", done.level.map_or("  ", |level| level.name()));
    let indent = width(&lead);
    let tail = tail(done);
    let room = columns.saturating_sub(numbers + 2);
    if room >= indent + 24 {
        let text = pad(&fit(&done.prompt, room - indent), room - indent + 2);
        let mut pieces = vec![Piece::new(lead, Role::Faint), Piece::new(text, Role::Text)];
        pieces.extend(tail);
        return vec![Line { pieces, ..Line::default() }];
    }
    let text = fit(&done.prompt, columns.saturating_sub(indent)).into_owned();
    let first = Line { pieces: vec![Piece::new(lead, Role::Faint), Piece::new(text, Role::Text)], ..Line::default() };
    let mut pieces = vec![Piece::new(" ".repeat(indent), Role::Text)];
    pieces.extend(tail);
    let second = Line { pieces, ..Line::default() };
    if second.width() <= columns {
        return vec![first, second];
    }
    let words = second.plain();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    std::iter::once(first).chain(plain(&words, columns, Role::Muted)).collect()
}

/// A name, a bar and numbers.
fn bar(name: &str, sum: &Sum, look: &Look<'_>, columns: usize) -> Line {
    let percent = sum.score.percent();
    let numbers = format!(" {percent:>3} %  {}", clock(sum.took / 1000));
    let names = (columns / 3).clamp(6, 30);
    let room = columns.saturating_sub(names + 1 + width(&numbers)).min(30);
    let full = room * usize::try_from(percent).unwrap_or(0) / 100;
    let pieces = vec![
        Piece::new(format!("{} ", pad(name, names)), Role::Text),
        Piece::new(look.glyphs.full.repeat(full), Role::Accent),
        Piece::new(look.glyphs.empty.repeat(room - full.min(room)), Role::Rule),
        Piece::new(fit(&numbers, columns.saturating_sub(names + 1 + room)).into_owned(), Role::Muted),
    ];
    Line { pieces, ..Line::default() }
}

fn raised(lines: &mut Vec<Line>, done: &[Done], look: &Look<'_>, columns: usize) {
    let flags: Vec<&str> = done.iter().flat_map(Done::raised).map(|flag| flag.text.as_str()).collect();
    if flags.is_empty() {
        return;
    }
    head(lines, "Red flags", columns);
    for flag in flags {
        let sign = format!("{} ", look.glyphs.wrong_answer);
        lines.extend(behind(&sign, Role::Bad, columns, |room| plain(flag, room, Role::Text)));
    }
}
