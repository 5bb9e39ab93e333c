//! What lies around a card: where it is taught, its sources, and help for what will not stay.

use super::Drill;
use crate::command::Command;
use crate::content::front::Kind as FileKind;
use crate::content::library::Target;
use crate::content::scan::What;
use crate::screen::Look;
use crate::screen::popup::{Item as Row, Popup};
use crate::study::queue::{From, Wish};

impl Drill {
    /// Where the lesson of the module speaks of what is asked: the table itself, or the heading that shares most words.
    pub(super) fn taught(&self, look: &Look<'_>) -> Option<(usize, usize)> {
        let card = self.card.as_ref()?;
        let ask = card.ask.as_ref()?;
        let file = look.library.files.get(card.file)?;
        if file.kind != FileKind::Cards {
            return Some((card.file, ask.span.start));
        }
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.chars().count() > 3)
                .map(str::to_lowercase)
                .collect()
        };
        let deck = file.entries.iter().rfind(|entry| entry.what == What::Deck && entry.start <= ask.span.start);
        let deck = deck.map_or("", |deck| deck.title.as_str());
        let about = words(&format!("{} {} {deck} {deck}", ask.prompt, ask.answer));
        let range = look.library.module_range(file.module);
        let lessons = range.filter(|at| look.library.files.get(*at).is_some_and(|file| file.kind == FileKind::Lesson));
        let mut best: Option<(usize, (usize, usize))> = None;
        for at in lessons {
            let entries = look.library.files.get(at).map_or(&[][..], |file| &file.entries);
            for entry in entries.iter().filter(|entry| matches!(entry.what, What::Heading(_))) {
                let shared = words(&entry.title).iter().filter(|word| about.contains(word)).count();
                if best.is_none_or(|(most, _)| shared > most) {
                    best = Some((shared, (at, entry.start)));
                }
            }
            best = best.or(Some((0, (at, 0))));
        }
        best.map(|(_, place)| place)
    }

    /// Sources and dates of what is asked.
    pub(super) fn facts(&self, look: &Look<'_>) -> Popup {
        let mut rows = Vec::new();
        let file = self.card.as_ref().and_then(|card| look.library.files.get(card.file));
        let own = self.card.as_ref().and_then(|card| card.ask.as_ref()).map_or(&[][..], |ask| &ask.sources);
        rows.extend(own.iter().map(|url| Row::plain(url, "")));
        if let Some(file) = file {
            let date = file.as_of.clone().unwrap_or_else(|| "an unknown date".to_owned());
            rows.push(Row::plain(&format!("Facts checked {date}"), &file.path));
            rows.extend(file.sources.iter().map(|source| Row::plain(&source.title, &source.url)));
        }
        Popup::list("Sources", rows)
    }

    /// What may be done about a card that was missed again and again.
    pub(super) fn clinic(&self, look: &Look<'_>) -> Popup {
        let mut rows = Vec::new();
        let id = self.card.as_ref().map_or("", |card| card.id.as_str());
        let lapses = look.progress.state(id).lapses;
        let told = format!("Forgotten {lapses} times after it was known.");
        rows.push(Row::plain(&told, "Such a card is usually too large, too vague, or mixed up with another."));
        for row in look.progress.recent().iter().rev().filter(|row| row.item == id && !row.note.is_empty()).take(3) {
            rows.push(Row::plain(&format!("Answered: {}", row.note), ""));
        }
        if look.editable {
            rows.push(Row::run(Command::Edit, "Edit it", "Split it, sharpen it, or add a hint; its history stays."));
        }
        let date = look.progress.goal.ahead(look.now.day()).is_some();
        let until = if date { "It does not count until you take it back." } else { "It is not asked any more." };
        rows.push(Row::run(Command::AsideForGood, "Put it aside", until));
        rows.push(Row::run(Command::Lesson, "Read where it is taught", ""));
        rows.push(Row::run(Command::Forget, "Begin with it anew", "As if it had never been asked."));
        Popup::list("A card that will not stay", rows)
    }
}

/// What is drilled when one stands in a section of a lesson: what it holds, else its module.
#[must_use]
pub fn section(look: &Look<'_>, file: usize, byte: usize) -> Option<(Wish, String)> {
    let found = look.library.files.get(file)?;
    let mut heading =
        found.entries.iter().enumerate().filter(|(_, entry)| matches!(entry.what, What::Heading(level) if level > 1));
    let here = heading.rfind(|(_, entry)| entry.start <= byte);
    let target =
        here.map(|(at, _)| Target::Entry(file, at)).filter(|target| !look.items.at(look.library, *target).is_empty());
    let module = || Some((Target::Module(found.module), look.library.modules.get(found.module)?.title.clone()));
    if found.kind != FileKind::Lesson {
        let wish = Wish { from: From::Place(Target::File(file)), ..Wish::default() };
        return Some((wish, found.title.clone()));
    }
    let (target, title) = match target {
        Some(Target::Entry(file, at)) => (Target::Entry(file, at), found.entries.get(at)?.title.clone()),
        _ => module()?,
    };
    Some((Wish { from: From::Place(target), ..Wish::default() }, title))
}
