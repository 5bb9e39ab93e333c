//! What to do now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::shelf::Shelf;
use super::{Go, Input, Look, Prompt, Screen, Step};
use crate::command::{Command, Scope};
use crate::theme::Role;
use crate::ui::line::put;

#[derive(Default)]
pub struct Home;

impl Home {
    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Home, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        let not_yet = [
            Command::Drill,
            Command::Choose,
            Command::Trees,
            Command::Interview,
            Command::Compare,
            Command::Find,
            Command::Stats,
            Command::Plan,
        ];
        !not_yet.contains(&command)
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let packs: Vec<&str> = look.library.packs.iter().map(|pack| pack.title.as_str()).collect();
        (packs.join(" + "), String::new())
    }

    pub fn on(&mut self, input: &Input<'_>, _look: &Look<'_>) -> Step {
        match input {
            Input::Command(Command::Learn) => Step::go(Go::Enter(Box::new(Screen::Shelf(Shelf::default())))),
            _ => Step::default(),
        }
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let ready = look.desk().readiness(&[]);
        let text = format!("{} of {} seen", ready.seen, ready.total);
        put(buffer, area, area.x + 2, area.y + 1, &text, look.theme.style(Role::Text));
    }
}
