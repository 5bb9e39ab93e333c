//! How home is drawn: readiness above, what to do now at the left, the modules beside it, and the days ahead where there
//! is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::today::{Choice, Today, WIDE};
use crate::command::{Command, Scope, rows};
use crate::screen::{Look, body, window};
use crate::study::day::{Day, short, span, weekday};
use crate::study::topics::Topic;
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::chart::{meter, spark};
use crate::ui::line::{Line, Piece, draw, fill, put};
use crate::ui::say::plain;

/// Below this width everything stands in one column.
const TWO: u16 = 76;
/// Columns before the words of a row, in which the cursor stands.
const GUTTER: u16 = 2;

/// A row, and what is begun by choosing it.
struct Row {
    line: Line,
    choice: Option<usize>,
}

/// A row with its place on the screen.
struct Placed {
    area: Rect,
    row: Row,
}

fn row(pieces: Vec<Piece>) -> Row {
    Row { line: Line { pieces, ..Line::default() }, choice: None }
}

fn words(text: impl Into<String>, role: Role) -> Row {
    row(vec![Piece::new(text, role)])
}

fn blank() -> Row {
    row(Vec::new())
}

/// Words at the left and at the right of a row.
fn pair(left: &str, right: &str, columns: usize, roles: (Role, Role)) -> Row {
    let room = columns.saturating_sub(width(right) + 1);
    if right.is_empty() || room < 8 {
        return words(fit(left, columns).into_owned(), roles.0);
    }
    row(vec![Piece::new(pad(left, room) + " ", roles.0), Piece::new(right, roles.1)])
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// How far away the interview is, in as many words as the width has room for.
pub fn countdown(today: &Today, look: &Look<'_>) -> String {
    let Some(date) = today.goal.date else { return String::new() };
    let days = date - today.day;
    let far = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        ..0 => format!("{} ago", count(usize::try_from(-days).unwrap_or(0), "day")),
        _ => format!("in {}", count(usize::try_from(days).unwrap_or(0), "day")),
    };
    match look.size.width {
        90.. => format!("interview {far} {} {}", look.glyphs.dot, short(date)),
        60.. => format!("{far} {} {}", look.glyphs.dot, short(date)),
        _ => far,
    }
}

/// The key of a command on home.
fn key(command: Command) -> String {
    let all = rows(Scope::Home).chain(rows(Scope::Global));
    let found = all.filter(|row| row.command == command).find_map(|row| row.keys.first());
    found.map(ToString::to_string).unwrap_or_default()
}

/// Readiness, or a welcome.
fn hero(today: &Today, look: &Look<'_>, columns: usize) -> Vec<Line> {
    let text = |words: &str, role: Role| plain(words, columns.min(84), role);
    if look.library.modules.is_empty() {
        let words = if look.reading.is_some() {
            "Reading the pack…"
        } else {
            "There is nothing to learn here. A pack is a folder of Markdown: inservice --pack DIR opens one."
        };
        return text(words, Role::Muted);
    }
    if today.fresh() {
        let mut out = text("Welcome", Role::Heading1);
        let all = count(today.ready.total, "question");
        out.extend(text(&format!("{all}, offline. One set a day is enough, and it chooses itself."), Role::Text));
        return out;
    }
    let date = today.days_left().is_some();
    let (label, share) = if date { ("On the day", today.ready.on_day) } else { ("Ready now", today.ready.now) };
    // A set that moves the number by less than one should still be seen to move it.
    let with = today.ready.with_today;
    let digits = usize::from(today.size > 0 && with > share && percent(with) == percent(share));
    let percent = |share: f64| format!("{:.digits$} %", share * 100.0);
    let number = percent(share);
    let mut pieces = vec![Piece::new(format!("{label}  "), Role::Muted)];
    let bar = columns.saturating_sub(width(label) + 4 + width(&number)).min(48);
    if bar > 4 {
        pieces.extend(meter(share, bar, Role::Accent, look.glyphs));
        pieces.push(Piece::new("  ", Role::Muted));
    }
    pieces.push(Piece::new(number, Role::Heading1));
    let mut out = vec![Line { pieces, ..Line::default() }];
    let mut more = Vec::new();
    if today.size > 0 {
        more.push(format!("{} with today's set", percent(with)));
    }
    if date {
        more.push(format!("{} {}", percent(today.ready.now), if columns < 44 { "now" } else { "if asked now" }));
    } else {
        more.push(format!("{} sets the date of the interview", key(Command::Date)));
    }
    // Where there is room the words stand below the bar.
    let indent = if columns > 60 { width(label) + 2 } else { 0 };
    for mut line in plain(&more.join(&format!(" {} ", look.glyphs.dot)), columns.saturating_sub(indent), Role::Muted) {
        line.pieces.insert(0, Piece::new(" ".repeat(indent), Role::Text));
        out.push(line);
    }
    if let Some(word) = word(today) {
        out.push(Line::default());
        out.extend(text(&word, Role::Text));
    }
    out
}

/// A sentence for a day that is unlike the others.
fn word(today: &Today) -> Option<String> {
    if let Some(away) = today.away {
        let n = |of: Day| usize::try_from((away + of / 2) / of).unwrap_or(0);
        let away = match away {
            ..60 => count(n(7), "week"),
            60..365 => count(n(30), "month"),
            _ => "a long time".to_owned(),
        };
        return Some(format!(
            "Good to see you again after {away}. Nothing is lost: this brings back what counts most."
        ));
    }
    match (today.days_left(), today.goal.date) {
        (Some(0), _) => Some("Today is the day. A short look at what wavers, then close this.".to_owned()),
        (Some(1), _) => Some("Tomorrow is the day. Look once more at what wavers, then rest.".to_owned()),
        (None, Some(_)) => Some("The interview lies behind. What you know now is worth keeping.".to_owned()),
        _ if today.is_done() => Some("Today's set is done. What you know will keep until tomorrow.".to_owned()),
        _ => None,
    }
}

/// What to do now.
fn now(today: &Today, look: &Look<'_>, columns: usize) -> Vec<Row> {
    let dot = format!(" {} ", look.glyphs.dot);
    let mut out = vec![words("Today", Role::Heading2)];
    for (at, choice) in today.choices().into_iter().enumerate() {
        let (left, right, below) = match choice {
            Choice::Module(_) => continue,
            Choice::Resume => {
                let Some(kept) = &today.kept else { continue };
                ("Go on with your set", format!("{} of {}", kept.behind, kept.all), vec![kept.title.clone()])
            }
            Choice::Pretest => {
                let size = count(today.pretest.len(), "question");
                ("Find out where you stand", "2 min".to_owned(), vec![format!("{size} over all modules")])
            }
            Choice::Start => {
                let title = match (today.away.is_some(), today.is_done()) {
                    (true, _) => "Catch up",
                    (_, true) => "A little more",
                    _ => "Start the mixed set",
                };
                (title, format!("about {} min", today.minutes()), holds(today, &dot))
            }
        };
        let role = if out.len() == 1 { Role::Heading3 } else { Role::Text };
        out.push(Row { choice: Some(at), ..pair(left, &right, columns, (role, Role::Muted)) });
        out.extend(
            below.into_iter().map(|text| words(format!("  {}", fit(&text, columns.saturating_sub(2))), Role::Muted)),
        );
    }
    if today.size == 0 && today.ready.total > 0 {
        out.push(words("Nothing waits today.", Role::Text));
        // Shortly before the interview nothing new is begun: it would not come back in time.
        if today.ready.seen < today.ready.total && today.days_left().is_some_and(|days| days <= 1) {
            out.push(words(fit("Too late for new ones; d crams.", columns), Role::Muted));
        }
    }
    if today.done.answers > 0 {
        let time = span(i64::try_from(today.done.seconds).unwrap_or(0).max(60));
        out.push(words(format!("  Done: {}, {time}", count(today.done.answers, "answer")), Role::Muted));
    }
    out
}

/// What today's set holds.
fn holds(today: &Today, dot: &str) -> Vec<String> {
    let part = |parts: &[(usize, &str)]| {
        let parts: Vec<String> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| if *what == "due" || *what == "new" { format!("{n} {what}") } else { count(*n, what) })
            .collect();
        parts.join(dot)
    };
    let waiting = today.waiting;
    let lines = [
        part(&[(waiting.due, "due"), (waiting.new, "new")]),
        part(&[(waiting.situations, "situation"), (waiting.questions, "question")]),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// What is weak and how the last weeks went, or other ways in for somebody new.
fn around(today: &Today, look: &Look<'_>, columns: usize) -> Vec<Row> {
    let mut out = Vec::new();
    if today.fresh() {
        out.extend([blank(), words("Or", Role::Heading2)]);
        let date = today.days_left().map_or("Set the date of your interview", |_| "Change the date of your interview");
        let ways = [(Command::Date, date), (Command::Learn, "Read the lessons"), (Command::Help, "See all keys")];
        out.extend(ways.into_iter().map(|(command, text)| {
            row(vec![Piece::new(pad(&key(command), 3), Role::Accent), Piece::new(text, Role::Text)])
        }));
        return out;
    }
    if !today.weakest.is_empty() {
        out.extend([blank(), words("Weakest", Role::Heading2)]);
        let most = if look.size.height >= 36 { 8 } else { 3 };
        out.extend(today.weakest.iter().take(most).map(|topic| weak(topic, look, columns)));
    }
    out.extend([blank(), words(format!("Last {} weeks", today.weeks.len()), Role::Heading2)]);
    let (streak, best) = today.streak;
    let days = |n: usize| count(n, "day");
    let told = match (streak, best) {
        (_, 0) => String::new(),
        (0, best) => format!("best {} in a row", days(best)),
        (streak, best) if best > streak => format!("{} in a row, best {best}", days(streak)),
        (streak, _) => format!("{} in a row", days(streak)),
    };
    let room = columns.saturating_sub(today.weeks.len() + 3);
    let told = if width(&told) > room { told.replace(" in a row", "") } else { told };
    out.push(row(vec![
        Piece::new(spark(&today.weeks, look.glyphs), Role::Accent),
        Piece::new(format!("   {}", fit(&told, room)), Role::Muted),
    ]));
    out
}

/// A topic with its module and how it is known.
fn weak(topic: &Topic, look: &Look<'_>, columns: usize) -> Row {
    let module = look.library.modules.get(topic.module).map_or("", |module| module.title.as_str());
    let number = percent(topic.ready);
    let room = columns.saturating_sub(width(&number) + 1);
    let title = fit(&topic.title, room).into_owned();
    let left = room.saturating_sub(width(&title));
    let module = if left > 8 && !title.contains(module) { format!("  {module}") } else { String::new() };
    row(vec![
        Piece::new(title, Role::Text),
        Piece::new(pad(&module, left) + " ", Role::Faint),
        Piece::new(number, Role::Muted),
    ])
}

/// The modules around the cursor, at most so many above and below it: how ready, and how much was seen.
fn modules(today: &Today, look: &Look<'_>, columns: usize, at: usize, near: usize) -> Vec<Row> {
    let most = today.standings.iter().map(|standing| standing.total).max().unwrap_or(0).to_string().len();
    let widest = (most * 2 + 1).max(4);
    let bar = if columns >= 48 { 8 } else { 0 };
    let numbers = 6 + 2 + widest + if bar > 0 { bar + 1 } else { 0 };
    let narrow = columns < 30;
    let head = format!("{:>6}{:>width$}", "ready", "seen", width = widest + 2);
    let mut out = vec![if narrow {
        words("Modules", Role::Heading2)
    } else {
        pair("Modules", &head, columns, (Role::Heading2, Role::Muted))
    }];
    let first = today.choices().iter().position(|choice| matches!(choice, Choice::Module(_))).unwrap_or(0);
    let from = at.saturating_sub(first + near);
    let all = look.library.modules.iter().zip(&today.standings).enumerate();
    for (at, (module, standing)) in all.skip(from).take(2 * near + 1) {
        let ready = if standing.seen > 0 { percent(standing.ready) } else { look.glyphs.dash.to_owned() };
        let pieces = if narrow {
            let room = columns.saturating_sub(6);
            vec![Piece::new(pad(&module.title, room), Role::Text), Piece::new(format!("{ready:>6}"), Role::Muted)]
        } else {
            let mut pieces = vec![Piece::new(pad(&module.title, columns.saturating_sub(numbers)), Role::Text)];
            if bar > 0 {
                pieces.push(Piece::new(" ", Role::Text));
                pieces.extend(meter(standing.ready, bar, Role::Accent, look.glyphs));
            }
            pieces.push(Piece::new(format!("{ready:>6}"), Role::Text));
            let seen = format!("{}/{}", standing.seen, standing.total);
            pieces.push(Piece::new(format!("{seen:>width$}", width = widest + 2), Role::Muted));
            pieces
        };
        out.push(Row { choice: Some(first + at), ..row(pieces) });
    }
    out
}

/// The days until the interview.
fn days(today: &Today, look: &Look<'_>, columns: usize) -> Vec<Row> {
    let mut out =
        vec![pair("The days ahead", &format!("{:>6}{:>7}", "min", "ready"), columns, (Role::Heading2, Role::Muted))];
    let bar = columns.saturating_sub(11 + 13 + 1);
    for day in &today.plan {
        let name = format!("{} {}", weekday(day.day), short(day.day));
        let mut pieces = vec![Piece::new(pad(&name, 11), Role::Text)];
        pieces.extend(meter(day.ready, bar, Role::Accent, look.glyphs));
        let gap = columns.saturating_sub(11 + bar + 13);
        let numbers = format!("{}{:>6}{:>7}", " ".repeat(gap), day.minutes(), percent(day.ready));
        pieces.push(Piece::new(numbers, Role::Muted));
        out.push(row(pieces));
    }
    out
}

/// Every row with its place.
fn place(today: &Today, at: usize, look: &Look<'_>) -> Vec<Placed> {
    let area = body(look.size);
    let mut out = Vec::new();
    if area.width < 4 {
        return out;
    }
    if area.width < TWO {
        one_column(today, at, look, area, &mut out);
        return out;
    }
    let wide = area.width.min(180);
    let inner = Rect::new(area.x + 2 - GUTTER + (area.width - wide) / 2, area.y, wide - 2, area.height);
    let top = u16::from(area.height > 8);
    let lines = hero(today, look, usize::from(inner.width.saturating_sub(GUTTER + 2)));
    let taken =
        u16::try_from(lines.len()).unwrap_or(0) + top + u16::from(area.height > 12) + u16::from(area.height > 30);
    let above = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..inner };
    stack(lines.into_iter().map(|line| Row { line, choice: None }).collect(), above, &mut out);
    let below = Rect { y: area.y + taken.min(area.height), height: area.height.saturating_sub(taken), ..inner };
    let left = (inner.width * 9 / 20).clamp(34, 48);
    let gap = 3;
    let (second, third) = if look.size.width >= WIDE && !today.plan.is_empty() {
        let rest = inner.width - left - 2 * gap;
        (rest * 11 / 20, rest - rest * 11 / 20)
    } else {
        ((inner.width - left - gap).min(72), 0)
    };
    let column = |x: u16, width: u16| Rect { x, width, ..below };
    let columns = |width: u16| usize::from(width.saturating_sub(GUTTER));
    let mut rows = now(today, look, columns(left));
    rows.extend(around(today, look, columns(left)));
    stack(rows, column(inner.x, left), &mut out);
    let mut rows = modules(today, look, columns(second), at, usize::from(below.height));
    scroll(&mut rows, at, usize::from(below.height));
    stack(rows, column(inner.x + left + gap, second), &mut out);
    if third > 0 {
        let rows = days(today, look, columns(third));
        stack(rows, column(inner.x + left + second + 2 * gap, third), &mut out);
    }
    out
}

/// Leaves the heading of a list and the rows around the cursor.
fn scroll(rows: &mut Vec<Row>, at: usize, height: usize) {
    let room = height.saturating_sub(1).max(1);
    let chosen = rows.iter().skip(1).position(|row| row.choice == Some(at)).unwrap_or(0);
    let first = window(chosen, rows.len().saturating_sub(1), room);
    rows.drain(1.min(rows.len())..(1 + first).min(rows.len()));
}

fn one_column(today: &Today, at: usize, look: &Look<'_>, area: Rect, out: &mut Vec<Placed>) {
    let area = if area.width >= 30 { Rect { width: area.width - 1, ..area } } else { area };
    let columns = usize::from(area.width.saturating_sub(GUTTER));
    let height = usize::from(area.height);
    let low = area.height < 8;
    let mut rows: Vec<Row> = hero(today, look, columns).into_iter().map(|line| Row { line, choice: None }).collect();
    if low {
        // Where there are few rows, what to do now is worth more than what is said about it.
        rows.truncate(1);
        rows.extend(now(today, look, columns).into_iter().filter(|row| row.choice.is_some()));
        rows.extend(modules(today, look, columns, at, height).into_iter().skip(1));
    } else {
        if area.height > 12 {
            rows.insert(0, blank());
        }
        rows.push(blank());
        let mut first = now(today, look, columns);
        first.remove(0);
        rows.extend(first);
        if today.fresh() {
            rows.extend(around(today, look, columns));
        }
        rows.push(blank());
        rows.extend(modules(today, look, columns, at, height));
        if !today.fresh() {
            rows.extend(around(today, look, columns));
        }
    }
    let chosen = rows.iter().position(|row| row.choice == Some(at)).unwrap_or(0);
    let last = today.choices().len().saturating_sub(1);
    // Behind the last module one sees what stands below it.
    let below = if at == last { height / 2 } else { 2 };
    let first = (chosen + 1 + below).saturating_sub(height).min(rows.len().saturating_sub(height));
    rows.drain(..first.min(rows.len()));
    stack(rows, area, out);
}

/// Puts rows under each other.
fn stack(rows: Vec<Row>, area: Rect, out: &mut Vec<Placed>) {
    for (row, y) in rows.into_iter().zip(area.y..area.bottom()) {
        out.push(Placed { area: Rect { y, height: 1, ..area }, row });
    }
}

pub fn draw_home(today: &Today, at: usize, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    for placed in place(today, at, look) {
        let inner = placed.area.intersection(area);
        if inner.is_empty() {
            continue;
        }
        let words = Rect { x: inner.x + GUTTER.min(inner.width), width: inner.width.saturating_sub(GUTTER), ..inner };
        draw(buffer, words, inner.y, &placed.row.line, look.theme, None);
        if placed.row.choice == Some(at) {
            let ground = Rect { width: inner.width + 1, ..inner }.intersection(area);
            put(buffer, inner, inner.x, inner.y, look.glyphs.pointer, look.theme.style(Role::Accent));
            fill(buffer, ground, look.theme.style(Role::Selection));
        }
    }
}

/// The choice under a place on the screen.
pub fn hit(today: &Today, at: usize, look: &Look<'_>, position: Position) -> Option<usize> {
    place(today, at, look).into_iter().find(|placed| placed.area.contains(position))?.row.choice
}

/// The page while a date is typed: what may be written, and what it means so far.
pub fn goal(text: &str, today: &Today, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let area = Rect {
        x: area.x + 2.min(area.width),
        width: area.width.saturating_sub(4).min(72),
        y: area.y + u16::from(area.height > 6),
        height: area.height.saturating_sub(u16::from(area.height > 6)),
    };
    let columns = usize::from(area.width).max(1);
    let meaning = match today.goal.written(text, today.day) {
        Ok(goal) => match goal.date {
            Some(date) => {
                let days = usize::try_from(date - today.day).unwrap_or(0);
                let far = if days == 0 { "today".to_owned() } else { format!("in {}", count(days, "day")) };
                format!("{} {}, {far}, {}", weekday(date), short(date), goal.effort())
            }
            None => format!("No date, {}", goal.effort()),
        },
        Err(why) => format!("{}{why}", look.glyphs.more),
    };
    let mut lines = Vec::new();
    if area.height >= 8 {
        lines = plain("When is the interview?", columns, Role::Heading1);
        lines.push(Line::default());
    }
    lines.extend(plain(&meaning, columns, Role::Heading3));
    lines.push(Line::default());
    lines.extend(example(today.day, columns));
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        draw(buffer, area, y, line, look.theme, None);
    }
}

/// What may be written.
fn example(today: Day, columns: usize) -> Vec<Line> {
    let date = crate::study::day::iso(today + 18);
    let text = format!(
        "Write the date, {date}, or the days until then, +18. Minutes a day may follow: +18 25. Nothing written means that \
         there is no date."
    );
    plain(&text, columns, Role::Muted)
}
