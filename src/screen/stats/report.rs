//! Everything that statistics show, as blocks of lines; the room and the command line draw the same ones.

use crate::content::library::Library;
use crate::store::Settings;
use crate::study::day::{Day, short};
use crate::study::desk::Desk;
use crate::study::items::Kind;
use crate::study::optimize::{ENOUGH, Fitted, answers};
use crate::study::picture::Curve;
use crate::study::plan::{Planned, Readiness, Standing};
use crate::study::progress::Goal;
use crate::study::review::{Confidence, Review};
use crate::study::stats::{Stats, Tally, grade_name};
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::chart::{Bar, columns, meter, shade};
use crate::ui::glyphs::Glyphs;
use crate::ui::line::{Line, Piece};
use crate::ui::say::plain;

/// Days of the past that are shown.
const PAST: Day = 90;
/// Days of which it is forecast how much falls due.
const AHEAD: usize = 30;
/// Weeks of the calendar.
const WEEKS: Day = 26;

pub struct Report {
    pub stats: Stats,
    pub today: Day,
    pub goal: Goal,
    pub ready: Readiness,
    pub plan: Vec<Planned>,
    pub forecast: Vec<usize>,
    /// Modules with how they stand.
    pub modules: Vec<(String, Standing)>,
    /// What the optimiser did last.
    pub fitted: Option<Fitted>,
    /// Answers that the optimiser can learn from.
    pub useful: usize,
    title: String,
}

/// Lines under a heading.
pub struct Block {
    pub title: String,
    pub lines: Vec<Line>,
}

fn line(pieces: Vec<Piece>) -> Line {
    Line { pieces, ..Line::default() }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share, or a dash where there is none.
fn maybe(share: Option<f64>, glyphs: &Glyphs) -> String {
    share.map_or_else(|| glyphs.dash.to_owned(), percent)
}

impl Report {
    #[must_use]
    pub fn new(desk: &Desk<'_>, rows: &[Review], settings: &Settings) -> Self {
        let title = |library: &Library| {
            let packs: Vec<&str> = library.packs.iter().map(|pack| pack.title.as_str()).collect();
            packs.join(" + ")
        };
        let modules = desk.library.modules.iter().enumerate();
        Self {
            stats: Stats::new(desk, rows),
            today: desk.today(),
            goal: desk.progress.goal,
            ready: desk.readiness(&[]),
            plan: desk.plan(),
            forecast: desk.forecast(AHEAD),
            modules: modules.map(|(at, module)| (module.title.clone(), desk.standing(at))).collect(),
            fitted: Fitted::read(settings.get("parameters-about").map(String::as_str)),
            useful: answers(rows),
            title: title(desk.library),
        }
    }

    /// The curve of readiness: what was, and what the plan promises.
    #[must_use]
    pub fn curve(&self) -> Curve {
        let past = self.stats.curve(self.today, PAST);
        let date = self.goal.ahead(self.today);
        let mut coming: Vec<(Day, f64)> = Vec::new();
        // Without a date the plan speaks of another day than the curve does.
        if date.is_some() {
            coming.extend(past.last().copied());
            coming.extend(self.plan.iter().map(|day| (day.day, day.ready)).filter(|(day, _)| *day > self.today));
        }
        Curve { title: self.title.clone(), today: self.today, date, past, coming }
    }

    /// All blocks, for lines of so many columns.
    #[must_use]
    pub fn blocks(&self, columns: usize, glyphs: &'static Glyphs) -> Vec<Block> {
        let all = [
            self.readiness(columns, glyphs),
            Some(self.memory(columns, glyphs)),
            self.due(columns, glyphs),
            self.confidence(columns, glyphs),
            self.topics(columns, glyphs),
            Some(self.calendar(columns, glyphs)),
            Some(self.answers(columns, glyphs)),
            self.leeches(columns),
            Some(self.optimizer(columns)),
        ];
        all.into_iter().flatten().collect()
    }

    fn readiness(&self, wide: usize, glyphs: &'static Glyphs) -> Option<Block> {
        let curve = self.curve();
        let days: Vec<(Day, f64, bool)> = curve
            .past
            .iter()
            .map(|(day, share)| (*day, *share, false))
            .chain(curve.coming.iter().skip(1).map(|(day, share)| (*day, *share, true)))
            .collect();
        let room = wide.saturating_sub(7).max(1);
        let (first, last) = (days.first()?.0, days.last()?.0);
        // A day takes up to four columns, or there is one column for several days.
        let shown = (days.len() * 4).min(room);
        let bar = |at: usize| {
            let found = days.get(at * days.len() / shown);
            found.map_or(Bar::default(), |(_, share, coming)| Bar { height: *share, coming: *coming })
        };
        let bars: Vec<Bar> = (0..shown).map(bar).collect();
        let tall = 8;
        let mut lines = vec![line(vec![
            Piece::new(
                match self.goal.ahead(self.today) {
                    Some(date) => format!("{} on {}", percent(self.ready.on_day), short(date)),
                    None => percent(self.ready.now),
                },
                Role::Heading1,
            ),
            Piece::new(
                match (self.goal.ahead(self.today), self.plan.last()) {
                    (Some(_), Some(end)) => format!("   {} with the plan", percent(end.ready)),
                    _ => String::new(),
                },
                Role::Muted,
            ),
        ])];
        for (n, mut row) in columns(&bars, tall, glyphs).into_iter().enumerate() {
            let label = match n {
                0 => "100 %",
                4 => " 50 %",
                7 => "  0 %",
                _ => "     ",
            };
            row.pieces.insert(0, Piece::new(format!("{label} {}", glyphs.bar), Role::Faint));
            lines.push(row);
        }
        let (left, right) = (short(first), short(last));
        let gap = shown.saturating_sub(width(&left) + width(&right));
        let labels = if gap > 0 { format!("{left}{}{right}", " ".repeat(gap)) } else { left };
        lines.push(line(vec![Piece::new(format!("       {labels}"), Role::Faint)]));
        if curve.coming.len() > 1 {
            let shades = (glyphs.shades.last().unwrap_or(&"#"), glyphs.shades.get(1).unwrap_or(&":"));
            let told = if wide < 72 { "planned" } else { "if the plan is kept and every answer is good" };
            let text = format!("       {} so far   {} {told}", shades.0, shades.1);
            lines.push(line(vec![Piece::new(text, Role::Faint)]));
        }
        for line in &mut lines {
            if line.width() > wide {
                let text = fit(&line.plain(), wide).into_owned();
                line.pieces = vec![Piece::new(text, Role::Faint)];
            }
        }
        Some(Block { title: "Readiness".to_owned(), lines })
    }

    fn memory(&self, wide: usize, glyphs: &'static Glyphs) -> Block {
        let periods = [("Last 7 days", Some(7)), ("Last 30 days", Some(30)), ("Last 90 days", Some(90)), ("All", None)];
        let mut lines = vec![line(vec![Piece::new(
            format!("{}{:>7}{:>11}{:>9}", pad("", 13), "true", "predicted", "answers"),
            Role::Muted,
        )])];
        for (name, days) in periods {
            let found = self.stats.retention(self.today, days);
            lines.push(line(vec![
                Piece::new(pad(name, 13), Role::Text),
                Piece::new(format!("{:>7}", maybe(found.asked.share(), glyphs)), Role::Heading3),
                Piece::new(format!("{:>11}{:>9}", maybe(found.expected(), glyphs), found.asked.answers), Role::Muted),
            ]));
        }
        if self.stats.retention(self.today, None).asked.answers == 0 {
            lines =
                plain("What is asked again on a later day shows here how well it is kept.", wide.min(84), Role::Muted);
        }
        Block { title: "Memory against its prediction".to_owned(), lines }
    }

    fn due(&self, wide: usize, glyphs: &'static Glyphs) -> Option<Block> {
        let days = (wide.saturating_sub(6) / 2).min(self.forecast.len());
        let shown = self.forecast.get(..days)?;
        let most = shown.iter().copied().max().filter(|most| *most > 0)?;
        let share = |count: &usize| *count as f64 / most as f64;
        let bars: Vec<Bar> =
            shown.iter().flat_map(|count| [Bar { height: share(count), coming: false }, Bar::default()]).collect();
        let mut lines = Vec::new();
        for (n, mut row) in columns(&bars, 4, glyphs).into_iter().enumerate() {
            let label = if n == 0 { format!("{most:>4} ") } else { " ".repeat(5) };
            row.pieces.insert(0, Piece::new(label, Role::Faint));
            lines.push(row);
        }
        let end = short(self.today + i64::try_from(days).unwrap_or(0) - 1);
        let gap = (days * 2).saturating_sub(6 + width(&end));
        let total: usize = shown.iter().sum();
        if gap > 0 {
            lines.push(line(vec![Piece::new(format!("     today{}{end}", " ".repeat(gap)), Role::Faint)]));
        }
        let today = shown.first().copied().unwrap_or(0);
        let told = format!("{today} today, {total} in {}", count(days, "day"));
        lines.push(line(vec![Piece::new(told, Role::Muted)]));
        Some(Block { title: "What falls due".to_owned(), lines })
    }

    fn confidence(&self, wide: usize, glyphs: &'static Glyphs) -> Option<Block> {
        if self.stats.confidence.iter().all(|tally| tally.answers == 0) {
            return None;
        }
        let bar = wide.saturating_sub(42).min(24);
        let mut lines = Vec::new();
        for (sure, tally) in Confidence::ALL.into_iter().zip(self.stats.confidence) {
            let mut pieces = vec![Piece::new(pad(sure.name(), 8), Role::Text)];
            pieces.extend(meter(tally.share().unwrap_or(0.0), bar, Role::Accent, glyphs));
            pieces.push(Piece::new(format!("{:>6}", maybe(tally.share(), glyphs)), Role::Heading3));
            let claim = format!("  of {} meant  {}", percent(sure.claim()), count(tally.answers, "answer"));
            pieces.push(Piece::new(claim, Role::Muted));
            lines.push(line(pieces));
        }
        Some(Block { title: "How sure, and how often right".to_owned(), lines })
    }

    fn topics(&self, wide: usize, glyphs: &'static Glyphs) -> Option<Block> {
        let mut lines = Vec::new();
        let rest = if wide >= 56 { 30 } else { 15 };
        let name = wide.saturating_sub(rest).min(44);
        let bar = if wide >= 56 { 14 } else { 0 };
        let mut part = |title: &str, rows: Vec<(&str, Tally)>| {
            let rows: Vec<_> = rows.into_iter().filter(|(_, tally)| tally.answers > 0).collect();
            if rows.is_empty() {
                return;
            }
            let head = format!("{}{:>6}{:>9}", pad("", bar + 1), "right", "answers");
            lines.push(line(vec![Piece::new(pad(title, name), Role::Heading3), Piece::new(head, Role::Muted)]));
            for (title, tally) in rows {
                let share = tally.share().unwrap_or(0.0);
                let mut pieces = vec![Piece::new(pad(title, name.saturating_sub(1)) + "  ", Role::Text)];
                pieces.extend(meter(share, bar, Role::Accent, glyphs));
                pieces.push(Piece::new(format!("{:>6}", percent(share)), Role::Text));
                pieces.push(Piece::new(format!("{:>9}", tally.answers), Role::Muted));
                lines.push(line(pieces));
            }
        };
        let modules = self.modules.iter().zip(&self.stats.modules);
        part("Modules", modules.map(|((title, _), tally)| (title.as_str(), *tally)).collect());
        part("Trees", self.stats.trees.iter().map(|(title, tally)| (title.as_str(), *tally)).collect());
        part("Levels", self.stats.levels.iter().map(|(level, tally)| (*level, *tally)).collect());
        (!lines.is_empty()).then(|| Block { title: "What is known".to_owned(), lines })
    }

    fn calendar(&self, wide: usize, glyphs: &'static Glyphs) -> Block {
        let weeks = Day::try_from(wide.saturating_sub(5) / 2).unwrap_or(1).clamp(1, WEEKS);
        // Day 0 was a Thursday; a week begins on Monday.
        let monday = self.today - (self.today + 3).rem_euclid(7);
        let answers = |day: Day| self.stats.days.get(&day).map_or(0, crate::study::stats::Daily::answers);
        let first = monday - (weeks - 1) * 7;
        let most = (first..=self.today).map(answers).max().unwrap_or(0);
        let mut lines = Vec::new();
        for (n, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].into_iter().enumerate() {
            let days = (0..weeks).map(|week| first + week * 7 + Day::try_from(n).unwrap_or(0));
            let signs: String =
                days.map(|day| {
                    if day > self.today { "  ".to_owned() } else { format!("{} ", shade(answers(day), most, glyphs)) }
                })
                .collect();
            let name = if n % 2 == 0 { name } else { "" };
            lines.push(line(vec![Piece::new(pad(name, 5), Role::Faint), Piece::new(signs.trim_end(), Role::Accent)]));
        }
        let told = format!("{} to today, at most {} on one day", short(first), count(most, "answer"));
        lines.push(line(vec![Piece::new(fit(&told, wide).into_owned(), Role::Muted)]));
        Block { title: "Days".to_owned(), lines }
    }

    fn answers(&self, wide: usize, glyphs: &'static Glyphs) -> Block {
        let total = self.stats.total();
        let most = self.stats.by_grade.iter().copied().max().unwrap_or(0).max(1);
        let bar = wide.saturating_sub(28).min(30);
        let mut lines = Vec::new();
        for (at, n) in self.stats.by_grade.into_iter().enumerate() {
            let mut pieces = vec![Piece::new(pad(grade_name(at), 10), Role::Text)];
            pieces.extend(meter(n as f64 / most as f64, bar, Role::Accent, glyphs));
            let share = if total > 0 { n as f64 / total as f64 } else { 0.0 };
            pieces.push(Piece::new(format!("{n:>7}{:>7}", percent(share)), Role::Muted));
            lines.push(line(pieces));
        }
        let times: Vec<String> = Kind::ALL
            .iter()
            .zip(self.stats.seconds)
            .filter_map(|(kind, seconds)| Some(format!("{} {} s", kind.name(), seconds?)))
            .collect();
        if !times.is_empty() {
            lines.extend(plain(
                &format!("Half of the answers took less than: {}", times.join(", ")),
                wide,
                Role::Muted,
            ));
        }
        Block { title: "Answers".to_owned(), lines }
    }

    fn leeches(&self, wide: usize) -> Option<Block> {
        let found = &self.stats.leeches;
        let rows = found.iter().take(8).map(|leech| {
            let aside = if leech.suspended { " (put aside)" } else { "" };
            let text = format!("{}{aside}", leech.words);
            line(vec![
                Piece::new(format!("{:>3}  ", leech.lapses), Role::Warning),
                Piece::new(fit(&text, wide.saturating_sub(5)).into_owned(), Role::Text),
            ])
        });
        let lines: Vec<Line> = rows.collect();
        (!lines.is_empty()).then(|| Block { title: "Forgotten again and again".to_owned(), lines })
    }

    fn optimizer(&self, wide: usize) -> Block {
        let text = match &self.fitted {
            Some(fitted) => format!(
                "The schedule was fitted to {} on {}: log loss {:.4} before, {:.4} after, on answers that it had not seen.",
                count(fitted.answers, "answer"),
                short(fitted.day),
                fitted.before,
                fitted.after
            ),
            None if self.useful >= ENOUGH => format!(
                "The schedule uses the published parameters. {} are enough to fit it to you: inservice optimize",
                count(self.useful, "answer")
            ),
            None => format!(
                "The schedule uses the published parameters. It can be fitted to you after {} about items seen on two days \
                 or more; there are {}.",
                count(ENOUGH, "answer"),
                self.useful
            ),
        };
        Block { title: "Schedule".to_owned(), lines: plain(&text, wide.min(84), Role::Text) }
    }
}
