//! The program without a terminal: a pack for tests, keys played into the state, frames as text.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod pty;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use inservice::app::{App, Setup, Start};
use inservice::content::library::Library;
use inservice::content::words::texts;
use inservice::disk;
use inservice::effect::{Effect, Msg};
use inservice::highlight::colours;
use inservice::run::world::remembered;
use inservice::store::reviews::News;
use inservice::store::{Places, Settings, Store};
use inservice::study::day::Moment;
use inservice::study::progress::Progress;
use inservice::study::review::{Act, Confidence, Grade, Review, ReviewId, effective};
use inservice::study::schedule::{Due, Scheduler, State};
use inservice::theme::{BUILT_IN, Depth, Theme};
use inservice::ui::glyphs::UNICODE;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

pub fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack")
}

pub struct Play {
    pub app: App,
    pub root: PathBuf,
    /// Everything that was asked of the world, save what is answered here.
    pub effects: Vec<Effect>,
    pub size: Size,
    /// The clock stands unless a test moves it.
    pub now: Moment,
    pub store: Store,
    pub scheduler: Scheduler,
    _folder: tempfile::TempDir,
}

/// A Wednesday in November, at nine in the morning, an hour east of UTC.
pub const NOW: Moment = Moment { at: 1_795_593_600_000, offset: 3600 };

/// What was before the program is started: rows of the log, what is kept, and what the clock shows.
pub struct Past<'a> {
    pub rows: Vec<Review>,
    pub kept: &'a [(&'a str, &'a str)],
    pub now: Moment,
}

impl Default for Past<'_> {
    fn default() -> Self {
        Self { rows: Vec::new(), kept: &[], now: NOW }
    }
}

/// Days of answers about some items, in turn: `each` of them on every day from `first` to `last`, counted from the day
/// of `NOW`. Every fifth first answer is wrong, and what is asked again is known.
pub fn learner(items: &[String], first: i64, last: i64, each: usize) -> Vec<Review> {
    let scheduler = Scheduler::default();
    let mut states: std::collections::BTreeMap<&str, State> = std::collections::BTreeMap::new();
    let (mut rows, mut turn): (Vec<Review>, usize) = (Vec::new(), 0);
    for day in first..=last {
        for n in 0..each {
            let item = &items[turn % items.len()];
            let mut when = NOW.plus(day * 86_400_000 + i64::try_from(n).unwrap() * 1_800_000);
            let mut grade = if turn % 5 == 4 { Grade::Again } else { Grade::Good };
            turn += 1;
            // The steps of minutes are done on the same day.
            for _ in 0..3 {
                let id = ReviewId { run: 0, ordinal: i64::try_from(rows.len()).unwrap() };
                let sure = [None, Some(Confidence::Guess), Some(Confidence::Maybe), Some(Confidence::Sure)][turn % 4];
                let row = Review { took: 9000, confidence: sure, ..Review::new(id, item, Act::Grade(grade), when) };
                let state = scheduler.after(states.get(item.as_str()).unwrap_or(&State::default()), &row);
                rows.push(row);
                let done = !matches!(state.due, Due::At(_));
                states.insert(item, state);
                if done {
                    break;
                }
                (grade, when) = (Grade::Good, when.plus(600_000));
            }
        }
    }
    rows
}

impl Play {
    pub fn new(root: &Path, width: u16, height: u16, place: Option<&str>) -> Self {
        Self::after(root, width, height, place, &Past::default())
    }

    /// The program as it is started after something had happened.
    pub fn after(root: &Path, width: u16, height: u16, place: Option<&str>, past: &Past<'_>) -> Self {
        Self::begun(root, (width, height), past, |setup| setup.place = place.map(str::to_owned))
    }

    /// A program that starts in its own way.
    pub fn with(root: &Path, size: (u16, u16), change: impl FnOnce(&mut Setup)) -> Self {
        Self::begun(root, size, &Past::default(), change)
    }

    /// As the command line opens a room.
    pub fn started(root: &Path, width: u16, height: u16, place: Option<&str>, start: Start) -> Self {
        Self::with(root, (width, height), |setup| {
            setup.place = place.map(str::to_owned);
            setup.start = start;
        })
    }

    fn begun(root: &Path, (width, height): (u16, u16), past: &Past<'_>, change: impl FnOnce(&mut Setup)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("history.db")).unwrap();
        let scheduler = Scheduler::default();
        store.record(&past.rows, &scheduler).unwrap();
        for (name, value) in past.kept {
            store.set(name, value).unwrap();
        }
        let (settings, mut progress) = remembered(&mut store, past.now).unwrap();
        if past.rows.is_empty() {
            // As if there were older rows that were not read yet, so that taking back is offered.
            progress = Progress::new(HashMap::new(), Vec::new(), false, progress.goal);
        }
        let mut library = Library::default();
        let problems = disk::open(root, &mut library, &mut |_, _| {}).unwrap();
        let size = Size::new(width, height);
        let mut setup = Setup {
            library,
            places: Places::default(),
            themes: BUILT_IN.iter().map(|(name, _)| Theme::built_in(name, Depth::True)).collect(),
            theme: 0,
            glyphs: &UNICODE,
            measure: 84,
            size,
            problems,
            editable: true,
            reading: false,
            place: None,
            start: Start::Read,
            progress,
            scheduler: scheduler.clone(),
            settings,
            now: past.now,
            seed: 7,
            run: 1,
        };
        change(&mut setup);
        let (app, effects) = App::new(setup);
        let (root, effects_seen) = (root.to_owned(), Vec::new());
        let now = past.now;
        let mut play = Self { app, root, effects: effects_seen, size, now, store, scheduler, _folder: folder };
        play.perform(effects);
        play
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let answer = match effect {
                Effect::Open(path) => {
                    let text = disk::text(&self.root, &path.path).map(Into::into);
                    Some(Msg::Opened { path, text })
                }
                Effect::Peek(path) => {
                    let text = disk::text(&self.root, &path.path).map(Into::into);
                    Some(Msg::Peeked { path, text })
                }
                Effect::Words { generation, sources } => {
                    let of = |source: inservice::effect::Source| {
                        let text = disk::text(&self.root, &source.path.path).unwrap_or_default();
                        (source.file, texts(source.kind, source.body, &text))
                    };
                    Some(Msg::Words { generation, texts: sources.into_iter().map(of).collect(), more: false })
                }
                Effect::Colour { path, at, language, text } => {
                    Some(Msg::Coloured { path, at, colours: colours(&language, &text) })
                }
                Effect::Record(rows) => Some(match self.store.record(&rows, &self.scheduler) {
                    Ok(News { rows, states }) => Msg::Recorded { rows, states },
                    Err(problem) => Msg::Unrecorded(problem),
                }),
                Effect::Earlier(count) => {
                    let (rows, whole) = self.store.recent(i64::MAX, count).unwrap();
                    Some(Msg::Earlier { rows, whole })
                }
                Effect::Lost(ids) => Some(Msg::Lost(self.store.lost(&ids).unwrap())),
                Effect::History => Some(Msg::History(effective(self.store.log().unwrap()))),
                Effect::Sync => {
                    let News { rows, states } = self.store.news().unwrap();
                    (!rows.is_empty()).then_some(Msg::Recorded { rows, states })
                }
                effect => {
                    self.effects.push(effect);
                    None
                }
            };
            if let Some(msg) = answer {
                self.tell(msg);
            }
        }
    }

    pub fn tell(&mut self, msg: Msg) {
        if let Msg::Resize(size) = msg {
            self.size = size;
        }
        let effects = self.app.update(msg, self.now);
        self.perform(effects);
        self.settle();
    }

    /// Lets the clock stand until nobody waits for this moment.
    fn settle(&mut self) {
        while self.app.wake_at().is_some_and(|at| at <= self.now.at) {
            let effects = self.app.update(Msg::Wake, self.now);
            self.perform(effects);
        }
    }

    /// Presses keys, written with spaces between them.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.tell(Msg::Key(key.parse().unwrap()));
        }
        self
    }

    /// The clock goes on, and what waited for it is woken.
    pub fn later(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus(seconds * 1000);
        self.tell(Msg::Wake);
        self
    }

    /// Pastes a text where one types.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Msg::Paste(text.to_owned()));
        self
    }

    /// What is kept, after everything that was asked of the world.
    pub fn kept(&self) -> Settings {
        let mut out = Settings::default();
        for effect in &self.effects {
            match effect {
                Effect::Keep(name, Some(value)) => out.insert((*name).to_owned(), value.clone()),
                Effect::Keep(name, None) => out.remove(*name),
                _ => None,
            };
        }
        out
    }

    pub fn reread(&mut self) {
        let mut library = Box::new(Library::default());
        let problems = disk::open(&self.root, &mut library, &mut |_, _| {}).unwrap();
        self.tell(Msg::Read { library, problems });
    }

    pub fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.width, self.size.height));
        self.app.view(&mut buffer);
        buffer
    }

    /// The screen as lines of text.
    pub fn frame(&self) -> String {
        let buffer = self.buffer();
        let width = usize::from(self.size.width).max(1);
        let mut out = String::new();
        for row in buffer.content.chunks(width) {
            let mut skip = 0;
            let mut line = String::new();
            for cell in row {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                line.push_str(cell.symbol());
                skip = inservice::text::width(cell.symbol()).saturating_sub(1);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
