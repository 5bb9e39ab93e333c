//! The frame around a room: its name above, and below it what is typed, what there is to say, or the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::App;
use crate::command::{Command, Scope, rows};
use crate::screen::{Look, Screen, body};
use crate::text::{clean, fit, width};
use crate::theme::Role;
use crate::ui::line::{fill, put};

impl App {
    /// Draws the screen and says where the caret stands.
    pub fn view(&self, buffer: &mut Buffer) -> Option<Position> {
        let look = self.look();
        let area = buffer.area;
        fill(buffer, area, look.theme.style(Role::Ground));
        let main = self.main();
        for screen in self.stack.iter().skip(main) {
            screen.view(&look, body(look.size), buffer);
        }
        if area.height >= 3 {
            self.head(&look, buffer, main);
            let foot = self.foot(&look, buffer);
            return foot.or_else(|| self.stack.last().and_then(|top| top.caret(&look)));
        }
        None
    }

    fn head(&self, look: &Look<'_>, buffer: &mut Buffer, main: usize) {
        let area = Rect::new(0, 0, buffer.area.width, 1);
        fill(buffer, area, look.theme.style(Role::Head));
        let Some((left, right)) = self.stack.get(main).and_then(|screen| screen.title(look)) else { return };
        let wide = usize::from(area.width);
        let (left, right) = (clean(&left), clean(&right));
        // Where there is no room for both, the name of the page is what one needs.
        let right = if width(&right) * 3 > wide { "".into() } else { right };
        let mut x = 1;
        if wide >= 60 {
            x = put(buffer, area, x, 0, "inservice  ", look.theme.style(Role::Head));
        }
        let room = wide.saturating_sub(usize::from(x) + width(&right) + 3);
        put(buffer, area, x, 0, &fit(&left, room), look.theme.style(Role::HeadTitle));
        let from = area.width.saturating_sub(u16::try_from(width(&right)).unwrap_or(0) + 1);
        put(buffer, area, from, 0, &right, look.theme.style(Role::Head));
    }

    /// The last line: what is typed, what there is to say, or the keys that are possible now.
    fn foot(&self, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let theme = look.theme;
        let y = buffer.area.height - 1;
        let area = Rect::new(0, y, buffer.area.width, 1);
        fill(buffer, area, theme.style(Role::Bar));
        let top = self.stack.last()?;
        if let Some(prompt) = top.prompt() {
            let note = u16::try_from(width(&prompt.note)).unwrap_or(0);
            let room = area.width.saturating_sub(note + 4);
            let x = put(buffer, area, 1, y, prompt.label, theme.style(Role::BarKey));
            // The end of a long text is what one types at.
            let mut text = prompt.text;
            while width(text) > usize::from(room.saturating_sub(x)) {
                let mut chars = text.chars();
                chars.next();
                text = chars.as_str();
            }
            let caret = put(buffer, area, x, y, text, theme.style(Role::HeadTitle));
            put(buffer, area, area.width.saturating_sub(note + 1), y, &prompt.note, theme.style(Role::Bar));
            return Some(Position::new(caret, y));
        }
        if let Some(toast) = &self.toast {
            let text = clean(toast);
            put(
                buffer,
                area,
                1,
                y,
                &fit(&text, usize::from(area.width.saturating_sub(2))),
                theme.style(Role::HeadTitle),
            );
            return None;
        }
        self.keys(look, top, area, buffer);
        None
    }

    fn keys(&self, look: &Look<'_>, top: &Screen, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let mut left: Vec<(String, &str)> = Vec::new();
        // What must always be seen: where all keys are, and, where one chooses a room, that something is wrong.
        let mut last = Vec::new();
        let mut named = Vec::new();
        for row in top.scopes().iter().flat_map(|scope| rows(*scope)).filter(|row| !row.label.is_empty()) {
            let shows = match row.command {
                Command::Problems => !self.problems.is_empty(),
                command => top.can(command, look),
            };
            // What a scope says of a command holds before what a wider one says.
            let again = named.contains(&row.command);
            named.push(row.command);
            let Some(key) = row.keys.first().filter(|_| shows && !again) else { continue };
            let item = (key.to_string(), row.label);
            // A key means what the first scope says.
            if left.iter().any(|(shown, _)| *shown == item.0) {
                continue;
            }
            let always = match row.command {
                // While one writes, how one ends matters more.
                Command::Help => row.scope == Scope::Global,
                Command::Problems => matches!(top, Screen::Home(_) | Screen::Shelf(_)),
                _ => false,
            };
            if always { last.push(item) } else { left.push(item) }
        }
        let note = match top {
            Screen::Reader(reader) => reader.note(),
            _ => String::new(),
        };
        let wide = |(key, label): &(String, &str)| width(key) + width(label) + 3;
        let mut room = usize::from(area.width).saturating_sub(if note.is_empty() { 1 } else { width(&note) + 3 });
        let mut x = 1;
        if !note.is_empty() {
            x = put(buffer, area, x, area.y, &note, theme.style(Role::HeadTitle)) + 2;
        }
        room = room.saturating_sub(last.iter().map(wide).sum());
        let mut shown = Vec::new();
        for item in left {
            if wide(&item) > room {
                continue;
            }
            room -= wide(&item);
            shown.push(item);
        }
        for (key, label) in shown.into_iter().chain(last) {
            x = put(buffer, area, x, area.y, &key, theme.style(Role::BarKey));
            x = put(buffer, area, x, area.y, &format!(" {label}"), theme.style(Role::Bar)) + 2;
        }
    }
}
