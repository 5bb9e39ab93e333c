//! The rooms. Each is a plain struct in a file of its own with the same few functions; the switchboard here calls them.

pub mod compare;
pub mod drill;
pub mod find;
pub mod grades;
pub mod home;
pub mod interview;
pub mod plan;
pub mod popup;
pub mod reader;
pub mod sheet;
pub mod shelf;
pub mod stats;
pub mod trees;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::command::{Command, Scope};
use crate::content::library::{Library, Target};
use crate::effect::{Effect, FilePath, Mouse};
use crate::find::Index;
use crate::problem::Problem;
use crate::store::{Places, Settings};
use crate::study::day::Moment;
use crate::study::desk::Desk;
use crate::study::items::Items;
use crate::study::progress::Progress;
use crate::study::queue::Wish;
use crate::study::review::{Act, Review, ReviewId};
use crate::study::schedule::Scheduler;
use crate::theme::Theme;
use crate::ui::glyphs::Glyphs;
use crate::ui::prose::Colours;

use compare::Compare;
use compare::list::Tables;
use drill::Drill;
use find::Find;
use home::Home;
use interview::{Session, Setup};
use plan::Plan;
use popup::Popup;
use reader::Reader;
use shelf::Shelf;
use stats::Stats;
use trees::Trees;
use trees::build::Build;
use trees::pair::Pair;
use trees::quiz::Quiz;
use trees::walk::Walk;

pub enum Screen {
    Home(Home),
    Drill(Box<Drill>),
    Setup(Box<Setup>),
    Session(Box<Session>),
    Find(Box<Find>),
    Trees(Box<Trees>),
    Walk(Box<Walk>),
    Quiz(Box<Quiz>),
    Pair(Box<Pair>),
    Build(Box<Build>),
    Shelf(Shelf),
    Reader(Box<Reader>),
    Tables(Tables),
    Compare(Box<Compare>),
    Plan(Plan),
    Stats(Box<Stats>),
    Popup(Popup),
}

/// What reaches a screen. News of the world reach all of the stack, the rest only its top.
pub enum Input<'a> {
    Command(Command),
    Text(&'a str),
    Mouse(Mouse),
    Resize,
    /// The packs were read anew.
    Read,
    Opened(&'a FilePath, &'a Result<Cow<'static, str>, Box<Problem>>),
    /// A text that only this screen asked for.
    Peeked(&'a FilePath, &'a Result<Cow<'static, str>, Box<Problem>>),
    Coloured(&'a FilePath, usize, &'a Colours),
    /// A list was asked for a place and gives the byte, or the number of what was chosen.
    Jump(usize),
    /// It is on top again after what lay over it has gone.
    Shown,
    /// The same for a set: what was asked there is to be asked later.
    Passed,
    /// Rows of the log are on disk and in `Look::progress`.
    Recorded(&'a [Review]),
    /// Rows could not be written.
    Unrecorded,
    /// The whole log, which was asked for.
    History(&'a [Review]),
    /// What was written in the editor.
    Composed(&'a str),
    /// The moment has come that the screen waited for.
    Wake,
}

/// The number of a file that is not in the library any more.
pub const GONE: usize = usize::MAX;

/// All that drawing and acting may see.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub library: &'a Library,
    pub index: &'a Index,
    pub places: &'a Places,
    pub theme: &'a Theme,
    pub glyphs: &'static Glyphs,
    pub measure: u16,
    pub size: Size,
    pub problems: &'a [Problem],
    /// How many files of how many were read, while a pack is opened.
    pub reading: Option<(usize, usize)>,
    /// Whether the packs are folders, whose files can be edited.
    pub editable: bool,
    pub items: &'a Items,
    pub progress: &'a Progress,
    pub scheduler: &'a Scheduler,
    pub settings: &'a Settings,
    pub now: Moment,
    /// Where shuffles begin; another for every run of the program.
    pub seed: u64,
    /// The number of the next row of the log.
    pub next: ReviewId,
}

impl<'a> Look<'a> {
    /// What choosing and planning see.
    #[must_use]
    pub fn desk(&self) -> Desk<'a> {
        Desk {
            library: self.library,
            items: self.items,
            progress: self.progress,
            scheduler: self.scheduler,
            now: self.now,
            seed: self.seed,
        }
    }

    /// A row of the log about an item, as it happens now.
    #[must_use]
    pub fn review(&self, item: &str, act: Act) -> Review {
        let mut review = Review::new(self.next, item, act, self.now);
        if let Some(Target::Entry(file, entry)) = self.library.named(item)
            && let Some(file) = self.library.files.get(file)
        {
            review.place.clone_from(&file.path);
            review.words = file.entries.get(entry).map_or_else(String::new, |entry| entry.title.clone());
        }
        review
    }
}

/// Where to go after an input.
#[derive(Default)]
pub enum Go {
    #[default]
    Stay,
    Back,
    /// Back to a set, which asks this later and goes on.
    Later,
    /// Open a file, at a byte or where it was left.
    Read(usize, Option<usize>),
    Open(Popup),
    /// Put a room over this one; `Back` comes here again.
    Enter(Box<Screen>),
    /// Put a room in the place of this one.
    Replace(Box<Screen>),
    /// Begin a set under a title.
    Drill(Box<Wish>, String),
    /// Run a command here.
    Do(Command),
    /// Go home and run a command there.
    Home(Command),
    /// Go on with the set that was left.
    Resume,
    /// Close this list and run a command in what lies below.
    Run(Command),
    /// Close this list and go to a byte in what lies below.
    Jump(usize),
}

#[derive(Default)]
pub struct Step {
    pub go: Go,
    pub effects: Vec<Effect>,
    pub toast: Option<String>,
}

impl Step {
    #[must_use]
    pub fn go(go: Go) -> Self {
        Self { go, ..Self::default() }
    }

    #[must_use]
    pub fn toast(text: impl Into<String>) -> Self {
        Self { toast: Some(text.into()), ..Self::default() }
    }
}

/// What the line of keys shows instead while something is typed.
pub struct Prompt<'a> {
    pub label: &'static str,
    pub text: &'a str,
    pub note: String,
}

macro_rules! each {
    ($self:expr, $screen:ident => $call:expr) => {
        match $self {
            Screen::Home($screen) => $call,
            Screen::Drill($screen) => $call,
            Screen::Setup($screen) => $call,
            Screen::Session($screen) => $call,
            Screen::Find($screen) => $call,
            Screen::Trees($screen) => $call,
            Screen::Walk($screen) => $call,
            Screen::Quiz($screen) => $call,
            Screen::Pair($screen) => $call,
            Screen::Build($screen) => $call,
            Screen::Shelf($screen) => $call,
            Screen::Reader($screen) => $call,
            Screen::Tables($screen) => $call,
            Screen::Compare($screen) => $call,
            Screen::Plan($screen) => $call,
            Screen::Stats($screen) => $call,
            Screen::Popup($screen) => $call,
        }
    };
}

impl Screen {
    #[must_use]
    pub fn scopes(&self) -> &'static [Scope] {
        each!(self, screen => screen.scopes())
    }

    /// Whether a command would do anything now.
    #[must_use]
    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        each!(self, screen => screen.can(command, look))
    }

    /// Whether characters are typed here instead of being keys.
    #[must_use]
    pub fn typing(&self) -> bool {
        match self {
            Self::Session(session) => session.typing(),
            Self::Find(_) => true,
            other => other.prompt().is_some(),
        }
    }

    /// The scopes that help shows besides the ones that hold now.
    #[must_use]
    pub fn more_scopes(&self) -> &'static [Scope] {
        match self {
            Self::Session(session) => session.more_scopes(),
            _ => &[Scope::Typing],
        }
    }

    /// Where the caret stands in what is written, if not in the last line.
    #[must_use]
    pub fn caret(&self, look: &Look<'_>) -> Option<Position> {
        match self {
            Self::Session(session) => session.caret(look),
            Self::Find(find) => find.caret(look),
            _ => None,
        }
    }

    #[must_use]
    pub fn prompt(&self) -> Option<Prompt<'_>> {
        each!(self, screen => screen.prompt())
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        each!(self, screen => screen.on(input, look))
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        each!(self, screen => screen.view(look, area, buffer));
    }

    /// What is to be remembered before the screen is left.
    #[must_use]
    pub fn leave(&self, look: &Look<'_>) -> Vec<Effect> {
        match self {
            Self::Drill(drill) => drill.leave(),
            Self::Session(session) => session.leave(look),
            Self::Quiz(quiz) => quiz.leave(look),
            Self::Reader(reader) => reader.place(look).map(Effect::Remember).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// When the screen wants to be woken, in milliseconds since 1970; a running clock does.
    #[must_use]
    pub fn wake_at(&self, look: &Look<'_>) -> Option<i64> {
        match self {
            Self::Session(session) => session.wake_at(look),
            Self::Find(find) => find.wake_at(look),
            Self::Quiz(quiz) => quiz.wake_at(look),
            _ => None,
        }
    }

    /// The words at the left and at the right of the top line; none: what lies below keeps its own.
    #[must_use]
    pub fn title(&self, look: &Look<'_>) -> Option<(String, String)> {
        match self {
            Self::Home(home) => Some(home.title(look)),
            Self::Drill(drill) => Some(drill.title(look)),
            Self::Setup(setup) => Some(setup.title(look)),
            Self::Session(session) => Some(session.title(look)),
            Self::Find(find) => Some(find.title(look)),
            Self::Trees(trees) => Some(trees.title(look)),
            Self::Walk(walk) => Some(walk.title(look)),
            Self::Quiz(quiz) => Some(quiz.title(look)),
            Self::Pair(pair) => Some(pair.title(look)),
            Self::Build(build) => Some(build.title(look)),
            Self::Shelf(shelf) => Some(shelf.title(look)),
            Self::Reader(reader) => Some(reader.title(look)),
            Self::Tables(tables) => Some(tables.title(look)),
            Self::Compare(compare) => Some(compare.title(look)),
            Self::Plan(plan) => Some(plan.title(look)),
            Self::Stats(stats) => Some(stats.title(look)),
            Self::Popup(_) => None,
        }
    }
}

/// The part of the screen between the top line and the line of keys.
#[must_use]
pub fn body(size: Size) -> Rect {
    if size.height < 3 {
        return Rect::new(0, 0, size.width, size.height);
    }
    Rect::new(0, 1, size.width, size.height - 2)
}

/// The first of `count` rows to show so that `at` is among the `height` that fit, with room around it.
#[must_use]
pub fn window(at: usize, count: usize, height: usize) -> usize {
    at.saturating_sub(height / 2).min(count.saturating_sub(height))
}
