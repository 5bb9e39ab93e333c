//! The whole state and its two functions: `update` takes a message and gives effects, `view` draws.

mod arrive;
mod frame;
mod stack;

use ratatui::layout::Size;

use crate::command::{Command, SCOPES, Scope, lookup};
use crate::content::library::Library;
use crate::effect::{Effect, Msg};
use crate::find::Index;
use crate::key::Chord;
use crate::problem::Problem;
use crate::screen::find::Find;
use crate::screen::home::Home;
use crate::screen::popup::Popup;
use crate::screen::{Input, Look, Screen};
use crate::store::{Places, Settings};
use crate::study::adopt::{Lost, orphans, pairs};
use crate::study::day::Moment;
use crate::study::items::Items;
use crate::study::progress::Progress;
use crate::study::review::{Act, ReviewId};
use crate::study::schedule::Scheduler;
use crate::text::count;
use crate::theme::Theme;
use crate::ui::glyphs::Glyphs;

/// So much is taken into the index at once: a few milliseconds of work.
const GROWTH: usize = 1024 * 1024;

/// The room in which the program opens, at its place when there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Home, or the place as a text.
    #[default]
    Read,
    Drill,
    Interview,
    /// The comparison tables, or the one at the place.
    Compare,
    /// The trees, or the situations of the place.
    Quiz,
}

/// What the program starts with.
pub struct Setup {
    pub library: Library,
    pub places: Places,
    pub themes: Vec<Theme>,
    pub theme: usize,
    pub glyphs: &'static Glyphs,
    pub measure: u16,
    pub size: Size,
    pub problems: Vec<Problem>,
    pub editable: bool,
    /// Whether packs are still being read.
    pub reading: bool,
    /// Where to open.
    pub place: Option<String>,
    pub start: Start,
    pub progress: Progress,
    pub scheduler: Scheduler,
    pub settings: Settings,
    pub now: Moment,
    pub seed: u64,
    /// What this start of the program calls its rows of the log.
    pub run: i64,
}

pub struct App {
    library: Library,
    /// What can be found; empty until somebody looks for something.
    index: Index,
    places: Places,
    themes: Vec<Theme>,
    theme: usize,
    glyphs: &'static Glyphs,
    measure: u16,
    size: Size,
    problems: Vec<Problem>,
    /// How many of the problems are not about packs.
    own_problems: usize,
    editable: bool,
    reading: Option<(usize, usize)>,
    place: Option<String>,
    start: Start,
    stack: Vec<Screen>,
    toast: Option<String>,
    items: Items,
    progress: Progress,
    scheduler: Scheduler,
    settings: Settings,
    now: Moment,
    seed: u64,
    next: ReviewId,
}

impl App {
    /// The program at its start, and what it asks for at once.
    pub fn new(setup: Setup) -> (Self, Vec<Effect>) {
        let mut app = Self {
            own_problems: setup.problems.len(),
            library: setup.library,
            index: Index::default(),
            places: setup.places,
            themes: setup.themes,
            theme: setup.theme,
            glyphs: setup.glyphs,
            measure: setup.measure,
            size: setup.size,
            problems: setup.problems,
            editable: setup.editable,
            reading: setup.reading.then_some((0, 0)),
            place: setup.place,
            start: setup.start,
            stack: vec![Screen::Home(Home::default())],
            toast: None,
            items: Items::default(),
            progress: setup.progress,
            scheduler: setup.scheduler,
            settings: setup.settings,
            now: setup.now,
            seed: setup.seed,
            next: ReviewId { run: setup.run, ordinal: 1 },
        };
        app.items = Items::new(&app.library);
        app.progress.keep_pace(&app.items, &app.library);
        let mut effects = Vec::new();
        if app.reading.is_none() {
            effects = app.all(&Input::Read);
            effects.extend(app.arrive());
        }
        (app, effects)
    }

    fn look(&self) -> Look<'_> {
        Look {
            library: &self.library,
            index: &self.index,
            places: &self.places,
            theme: self.themes.get(self.theme).unwrap_or_else(|| plain()),
            glyphs: self.glyphs,
            measure: self.measure,
            size: self.size,
            problems: &self.problems,
            reading: self.reading,
            editable: self.editable,
            items: &self.items,
            progress: &self.progress,
            scheduler: &self.scheduler,
            settings: &self.settings,
            now: self.now,
            seed: self.seed,
            next: self.next,
        }
    }

    /// When the program wants to be woken, in milliseconds since 1970.
    #[must_use]
    pub fn wake_at(&self) -> Option<i64> {
        let look = self.look();
        self.stack.iter().skip(self.main()).filter_map(|screen| screen.wake_at(&look)).min()
    }

    /// Asks about cards whose words were changed, where packs can be edited.
    fn look_for_lost(&self) -> Option<Effect> {
        let lost: Vec<String> = orphans(&self.library, &self.items, &self.progress);
        let lost: Vec<String> = lost.into_iter().filter(|id| id.starts_with('~')).collect();
        (self.editable && !lost.is_empty()).then_some(Effect::Lost(lost))
    }

    /// The nearest new card goes on with the history of a lost one.
    fn adopt(&mut self, lost: &[Lost]) -> Vec<Effect> {
        let found = pairs(lost, &self.library, &self.items, &self.progress);
        if found.is_empty() {
            return Vec::new();
        }
        let look = self.look();
        let mut rows = Vec::new();
        for (n, (new, old)) in (0_i64..).zip(&found) {
            let mut row = look.review(new, Act::Adopt(old.clone()));
            row.id.ordinal += n;
            rows.push(row);
        }
        self.toast = Some(format!("{} reworded; the history goes on.", count(found.len(), "card")));
        self.noted(vec![Effect::Record(rows)])
    }

    pub fn update(&mut self, msg: Msg, now: Moment) -> Vec<Effect> {
        self.now = now;
        match msg {
            Msg::Key(chord) => self.key(chord),
            Msg::Mouse(mouse) => {
                self.toast = None;
                self.top(&Input::Mouse(mouse))
            }
            Msg::Paste(text) => {
                if self.stack.last().is_some_and(Screen::typing) {
                    self.top(&Input::Text(&text))
                } else {
                    Vec::new()
                }
            }
            Msg::Resize(size) => {
                self.size = size;
                self.all(&Input::Resize)
            }
            Msg::Opened { path, text } => self.all(&Input::Opened(&path, &text)),
            Msg::Peeked { path, text } => self.seen(&Input::Peeked(&path, &text)),
            Msg::Coloured { path, at, colours } => self.all(&Input::Coloured(&path, at, &colours)),
            Msg::Reading { done, of } => {
                self.reading = Some((done, of));
                Vec::new()
            }
            Msg::Read { library, problems } => {
                self.library = *library;
                self.index = self.index.next();
                self.items = Items::new(&self.library);
                self.progress.keep_pace(&self.items, &self.library);
                self.reading = None;
                self.problems.truncate(self.own_problems);
                self.problems.extend(problems);
                let mut effects = self.all(&Input::Read);
                effects.extend(self.arrive());
                effects.extend(self.look_for_lost());
                effects
            }
            Msg::Recorded { rows, states } => {
                self.progress.take(rows.clone(), states);
                self.all(&Input::Recorded(&rows))
            }
            Msg::Earlier { rows, whole } => {
                self.progress.earlier(rows, whole);
                self.top(&Input::Shown)
            }
            Msg::Lost(lost) => self.adopt(&lost),
            Msg::History(rows) => self.all(&Input::History(&rows)),
            Msg::Words { generation, texts, more } => {
                if generation == self.index.generation() {
                    for (file, texts) in texts {
                        self.index.add(file, texts);
                    }
                    if !more {
                        self.index.complete();
                    }
                }
                Vec::new()
            }
            Msg::Composed(text) => self.top(&Input::Composed(&text)),
            Msg::Wake => {
                self.grow();
                self.seen(&Input::Wake)
            }
            Msg::Failed(problem) => {
                self.toast = Some(problem.to_string());
                Vec::new()
            }
            Msg::Unrecorded(problem) => {
                let effects = self.all(&Input::Unrecorded);
                self.toast = Some(problem.to_string());
                effects
            }
            Msg::End => self.leave(),
        }
    }

    /// Tells the room that is seen, also while a list lies over it.
    fn seen(&mut self, input: &Input<'_>) -> Vec<Effect> {
        let over = self.stack.split_off((self.main() + 1).min(self.stack.len()));
        let effects = self.top(input);
        self.stack.extend(over);
        effects
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.toast = None;
        let Some(top) = self.stack.last() else { return vec![Effect::Quit] };
        let scopes = top.scopes();
        match lookup(scopes, chord) {
            Some(command) => self.run(command),
            None => match chord.typed() {
                Some(c) if self.stack.last().is_some_and(Screen::typing) => {
                    self.top(&Input::Text(c.encode_utf8(&mut [0; 4])))
                }
                _ => Vec::new(),
            },
        }
    }

    fn run(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Quit => return self.leave(),
            Command::Help => {
                let mut scopes: Vec<Scope> = self.stack.last().map_or(SCOPES, |top| top.scopes()).to_vec();
                let more = self.stack.last().map_or(&[][..], |top| top.more_scopes());
                scopes.extend(
                    more.iter().filter(|scope| !self.stack.last().is_some_and(|top| top.scopes().contains(scope))),
                );
                self.stack.push(Screen::Popup(Popup::help(&scopes)));
            }
            Command::Palette => {
                if let Some(top) = self.stack.last() {
                    let look = self.look();
                    let popup =
                        Popup::palette(top.scopes(), |command| command != Command::Palette && top.can(command, &look));
                    self.stack.push(Screen::Popup(popup));
                }
            }
            Command::Problems => self.stack.push(Screen::Popup(Popup::problems(&self.problems))),
            Command::Theme => {
                self.theme = (self.theme + 1) % self.themes.len().max(1);
                let name = self.look().theme.name.clone();
                self.toast = Some(format!("Theme: {name}"));
                return self.noted(vec![Effect::Keep("theme", Some(name))]);
            }
            Command::Find => return self.find(),
            Command::Redraw => return vec![Effect::Redraw],
            Command::Suspend => return vec![Effect::Suspend],
            command => {
                let can = self.stack.last().is_some_and(|top| top.can(command, &self.look()));
                if can {
                    return self.top(&Input::Command(command));
                }
            }
        }
        Vec::new()
    }

    fn find(&mut self) -> Vec<Effect> {
        // Finding from where one finds would only stack the same room.
        if matches!(self.stack.last(), Some(Screen::Find(_))) {
            return Vec::new();
        }
        self.index.grow(&self.library, GROWTH);
        let (find, effects) = Find::new(&self.look());
        self.stack.push(Screen::Find(Box::new(find)));
        self.noted(effects)
    }

    /// Takes more into the index while somebody finds.
    fn grow(&mut self) {
        if matches!(self.stack.get(self.main()), Some(Screen::Find(_))) {
            self.index.grow(&self.library, GROWTH);
        }
    }

    /// Everything that is remembered before the program ends.
    fn leave(&mut self) -> Vec<Effect> {
        let look = self.look();
        let mut effects: Vec<Effect> = self.stack.iter().flat_map(|screen| screen.leave(&look)).collect();
        effects.push(Effect::Quit);
        effects
    }
}

fn plain() -> &'static Theme {
    static PLAIN: std::sync::OnceLock<Theme> = std::sync::OnceLock::new();
    PLAIN.get_or_init(|| Theme::built_in("terminal", crate::theme::Depth::None))
}
