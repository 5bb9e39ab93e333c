//! What to do now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::popup::{Action, Item, Popup};
use super::shelf::Shelf;
use super::{Go, Input, Look, Prompt, Screen, Step};
use crate::command::{Command, Scope};
use crate::content::library::Target;
use crate::content::scan::What;
use crate::study::queue::{From, Wish};
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
        let not_yet = [Command::Trees, Command::Interview, Command::Compare, Command::Stats, Command::Plan];
        !not_yet.contains(&command)
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let packs: Vec<&str> = look.library.packs.iter().map(|pack| pack.title.as_str()).collect();
        (packs.join(" + "), String::new())
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(Command::Choose) => Step::go(Go::Drill(Box::default(), "Today".to_owned())),
            Input::Command(Command::Drill) => Step::go(Go::Open(choices(look))),
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

/// What may be drilled.
fn choices(look: &Look<'_>) -> Popup {
    let drill = |text: &str, note: &str, wish: Wish| Item::new(text, note, Action::Drill(wish, text.to_owned()));
    let of = |from: From| Wish { from, ..Wish::default() };
    let mut items = vec![
        drill("Today's set", "What is due and a little that is new, sized to your minutes", Wish::default()),
        drill("Ten in a row", "A short set", Wish { size: Some(10), ..Wish::default() }),
        drill("Weak spots", "What would be forgotten first", of(From::Weak)),
        drill("Leeches", "What was forgotten again and again", of(From::Leeches)),
        drill(
            "Cram everything",
            "A lot of all modules, without effect on the schedule",
            Wish { cram: true, ..Wish::default() },
        ),
    ];
    items.push(Item::heading("Modules"));
    for (at, module) in look.library.modules.iter().enumerate() {
        items.push(drill(&module.title, "", of(From::Place(Target::Module(at)))));
    }
    let mut tags: Vec<&String> = look.library.files.iter().flat_map(|file| &file.tags).collect();
    tags.sort();
    tags.dedup();
    if !tags.is_empty() {
        items.push(Item::heading("Tags"));
    }
    items.extend(tags.into_iter().map(|tag| drill(tag, "", of(From::Tag(tag.clone())))));
    let tables = look.library.files.iter().enumerate().flat_map(|(file, found)| {
        let tables = found.entries.iter().enumerate().filter(|(_, entry)| entry.what == What::Table);
        tables.map(move |(at, entry)| (Target::Entry(file, at), entry))
    });
    items.push(Item::heading("Tables"));
    items.extend(tables.map(|(target, entry)| drill(&entry.title, "", of(From::Place(target)))));
    Popup::search("What to drill", items)
}
