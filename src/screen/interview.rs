//! Mock interviews: set up, asked on a calm screen against a clock, scored point by point, and debriefed. Incidents and
//! single questions run in the same room.

mod act;
mod ask;
mod asked;
mod debrief;
mod list;
mod models;
mod score;
mod session;
mod setup;

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::{Go, Look, Screen, Step, body};
use crate::content::front::Kind;
use crate::content::library::Target;
use crate::content::scan::{Entry, File, What};
use crate::effect::Effect;
use crate::store::Settings;
use crate::study::mock::choose::{About, about};

pub use session::Session;
pub use setup::Setup;

/// Under these names the interview on its way, the answers that are being written, and the last wish are kept.
pub const KEPT: &str = "interview";
pub const DRAFTS: &str = "interview-drafts";
pub const WISH: &str = "interview-wish";

/// Answers that were begun, by the ids of their questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts(BTreeMap<String, String>);

impl Drafts {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        Self(settings.get(DRAFTS).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
    }

    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    #[must_use]
    pub fn get(&self, id: &str) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }

    /// An empty draft is none.
    pub fn set(&mut self, id: &str, text: &str) {
        if text.trim().is_empty() {
            self.0.remove(id);
        } else {
            self.0.insert(id.to_owned(), text.to_owned());
        }
    }

    fn keep(&self) -> Effect {
        Effect::Keep(DRAFTS, (!self.0.is_empty()).then(|| self.text()))
    }
}

/// The room in which an interview is set up, about a module when one is given.
#[must_use]
pub fn setup(look: &Look<'_>, module: Option<usize>) -> Screen {
    Screen::Setup(Box::new(Setup::new(look, module)))
}

/// The room for a place: a question or an incident begins at once, anything else sets up an interview about its module.
#[must_use]
pub fn open(look: &Look<'_>, target: Option<Target>) -> (Screen, Vec<Effect>) {
    let about = about(look.library, target);
    let begun = match about {
        About::Question(file, entry) => Session::at(look, file, entry),
        About::Incident(file) => Session::incident(look, file),
        About::Module(_) | About::All => None,
    };
    if let Some((session, effects)) = begun {
        return (Screen::Session(Box::new(session)), effects);
    }
    let module = if let About::Module(module) = about { Some(module) } else { None };
    (setup(look, module), Vec::new())
}

/// Whether a file holds what an interview asks.
#[must_use]
pub fn asks(file: &File) -> bool {
    matches!(file.kind, Kind::Questions | Kind::Incident)
}

/// Goes to the room for a place.
#[must_use]
pub fn enter(look: &Look<'_>, target: Target) -> Step {
    let (room, effects) = open(look, Some(target));
    Step { effects, ..Step::go(Go::Enter(Box::new(room))) }
}

/// Goes to the room from a file that is read at a byte: with the question that stands there, else with its module.
#[must_use]
pub fn read(look: &Look<'_>, file: usize, byte: usize) -> Step {
    let entries = look.library.files.get(file).map_or(&[][..], |file| &file.entries);
    let asks = |entry: &Entry| entry.what == What::Question;
    let questions: Vec<(usize, &Entry)> = entries.iter().enumerate().filter(|(_, entry)| asks(entry)).collect();
    let here = questions.iter().rev().find(|(_, entry)| entry.start <= byte).or(questions.first());
    enter(look, here.map_or(Target::File(file), |(entry, _)| Target::Entry(file, *entry)))
}

/// Where text stands: a column of a width that reads well, with some blank around it. The last rows are for `below`.
fn areas(look: &Look<'_>, below: u16) -> (Rect, Rect) {
    let area = body(look.size);
    let margin = match area.width {
        ..30 => 0,
        30..=60 => 1,
        _ => 4,
    };
    let wide = area.width.saturating_sub(2 * margin).min(look.measure);
    let x = area.x + (area.width - wide) / 2;
    let below = match area.height {
        ..3 => 0,
        tall if tall > below + 2 => below,
        _ => below.min(1),
    };
    let lead = u16::from(area.height > 6) + u16::from(area.height > 16);
    let gap = u16::from(below > 0 && area.height > 12);
    let tall = area.height.saturating_sub(below + lead + gap);
    (Rect::new(x, area.y + lead, wide, tall), Rect::new(x, area.bottom() - below, wide, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_kept_by_question() {
        let mut drafts = Drafts::default();
        assert_eq!(drafts.keep(), Effect::Keep(DRAFTS, None));
        drafts.set("a", "text");
        drafts.set("b", " \n ");
        let settings = Settings::from([(DRAFTS.to_owned(), drafts.text())]);
        assert_eq!(Drafts::read(&settings), drafts);
        assert_eq!((drafts.get("a"), drafts.get("b")), ("text", ""));
        drafts.set("a", "");
        assert_eq!(drafts, Drafts::default());
        assert_eq!(Drafts::read(&Settings::from([(DRAFTS.to_owned(), "[1".to_owned())])), Drafts::default());
    }
}
