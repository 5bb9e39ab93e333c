//! The days until the interview: what each of them holds, and how ready one is after it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::{Sheet, columns};
use super::{Go, Input, Look, Prompt, Step};
use crate::command::{Command, Scope};
use crate::effect::Mouse;
use crate::study::day::{short, weekday};
use crate::study::plan::Planned;
use crate::text::{count, pad};
use crate::theme::Role;
use crate::ui::chart::meter;
use crate::ui::line::{Line, Piece};
use crate::ui::say::plain;

pub struct Plan {
    days: Vec<Planned>,
    sheet: Sheet,
}

impl Plan {
    #[must_use]
    pub fn new(look: &Look<'_>) -> Self {
        let mut plan = Self { days: look.desk().plan(), sheet: Sheet::default() };
        plan.lay(look);
        plan
    }

    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Numbers, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        command != Command::Picture
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let goal = look.progress.goal;
        let right = match goal.ahead(look.now.day()) {
            Some(date) => count(usize::try_from(date - look.now.day()).unwrap_or(0), "day"),
            None => String::new(),
        };
        ("Plan".to_owned(), right)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(Command::Back) => return Step::go(Go::Back),
            Input::Command(command) => {
                self.sheet.moved(*command, look);
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.sheet.scroll(look, if *down { 3 } else { -3 }),
            Input::Resize => self.lay(look),
            Input::Read | Input::Recorded(_) => {
                self.days = look.desk().plan();
                self.lay(look);
            }
            _ => {}
        }
        Step::default()
    }

    fn lay(&mut self, look: &Look<'_>) {
        let wide = columns(look);
        let goal = look.progress.goal;
        let until = match goal.ahead(look.now.day()) {
            Some(date) => format!("{} until {} {}", goal.effort(), weekday(date), short(date)),
            None => format!("{}; without a date these are the next two weeks", goal.effort()),
        };
        let mut lines = plain(&until, wide, Role::Heading1);
        lines.push(Line::default());
        let roomy = wide >= 60;
        let bar = wide.saturating_sub(52).min(40);
        let head = if roomy {
            format!("{}{:>9}{:>7}{:>10}", pad("", 12), "reviews", "new", "minutes")
        } else {
            format!("{}{:>5}{:>5}{:>5}{:>7}", pad("", 10), "due", "new", "min", "ready")
        };
        let head = if roomy { format!("{head}   {}{:>6}", pad("", bar), "ready") } else { head };
        lines.push(Line { pieces: vec![Piece::new(head, Role::Muted)], ..Line::default() });
        lines.extend(self.days.iter().map(|day| line(day, look, roomy, bar)));
        lines.push(Line::default());
        let told = match goal.ahead(look.now.day()) {
            Some(_) => "Ready: what would be recalled on the day of the interview, if every answer is good.",
            None => "Ready: what would be recalled in two weeks, if every answer is good. D on home sets a date.",
        };
        lines.extend(plain(told, wide.min(84), Role::Muted));
        self.sheet.fill(lines, look);
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        self.sheet.view(look, buffer);
    }
}

fn line(day: &Planned, look: &Look<'_>, roomy: bool, bar: usize) -> Line {
    let today = day.day == look.now.day();
    let name = if today { "Today".to_owned() } else { format!("{} {}", weekday(day.day), short(day.day)) };
    let role = if today { Role::Heading3 } else { Role::Text };
    let number = |n: usize| if n == 0 { look.glyphs.dash.to_owned() } else { n.to_string() };
    let ready = format!("{:.0} %", day.ready * 100.0);
    let (reviews, new) = (number(day.reviews), number(day.new));
    let minutes = day.minutes();
    let pieces = if roomy {
        let mut pieces = vec![
            Piece::new(pad(&name, 12), role),
            Piece::new(format!("{reviews:>9}{new:>7}{minutes:>10}   "), Role::Text),
        ];
        pieces.extend(meter(day.ready, bar, Role::Accent, look.glyphs));
        pieces.push(Piece::new(format!("{ready:>6}"), Role::Text));
        pieces
    } else {
        vec![
            Piece::new(pad(&name, 10), role),
            Piece::new(format!("{reviews:>5}{new:>5}{minutes:>5}{ready:>7}"), Role::Text),
        ]
    };
    Line { pieces, ..Line::default() }
}
