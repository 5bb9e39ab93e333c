//! Finding anything: what is typed, what fits it best, and what stands there.

mod preview;
mod view;

use ratatui::layout::Position;

use super::compare::Compare;
use super::interview::Session;
use super::trees::quiz::Quiz;
use super::trees::{Trees, tree_of};
use super::{Go, Input, Look, Prompt, Screen, Step, window};
use crate::command::{Command, Scope};
use crate::content::front::Kind as FileKind;
use crate::content::library::Target;
use crate::effect::{Effect, FilePath, Mouse, Source};
use crate::find::{Filter, Hit, Item, Kind, Query, Search};
use crate::study::queue::{From, Wish};
use crate::ui::field::Field;
use crate::ui::line::Line;

use preview::Preview;

/// The name under which the places that were opened are kept, the last one first.
const KEPT: &str = "recent";
/// So many of them.
const RECENT: usize = 20;
/// About so many nanoseconds are worked between two looks for a key.
const SLICE: usize = 3_000_000;

pub struct Find {
    field: Field,
    search: Search,
    /// What fits, best first; where nothing was asked, what was opened last.
    hits: Vec<Hit>,
    at: usize,
    /// The lines of the list on the screen, and the number of the first.
    rows: Vec<Line>,
    first: usize,
    preview: Preview,
}

impl Find {
    /// A room to find in, and what it asks for.
    pub fn new(look: &Look<'_>) -> (Self, Vec<Effect>) {
        let mut find = Self {
            field: Field::default(),
            search: Search::default(),
            hits: Vec::new(),
            at: 0,
            rows: Vec::new(),
            first: 0,
            preview: Preview::default(),
        };
        let mut effects = words(look);
        effects.extend(find.take(look));
        (find, effects)
    }

    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Find, Scope::Typing]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        match command {
            Command::Choose => !self.hits.is_empty(),
            Command::Drill => self.chosen(look).is_some_and(|item| item.target.is_some()),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let right = match look.reading {
            Some((_, 0)) => "reading…".to_owned(),
            Some((done, of)) => format!("reading {done} of {of} files"),
            None if look.index.is_reading() => "reading the files…".to_owned(),
            None if look.index.is_cut() => "not all words of the files".to_owned(),
            None => String::new(),
        };
        ("Find".to_owned(), right)
    }

    /// While there is work left, as soon as possible.
    pub fn wake_at(&self, look: &Look<'_>) -> Option<i64> {
        let idle = self.search.is_settled(look.index) && look.index.is_grown(look.library);
        (!idle).then_some(look.now.at)
    }

    fn chosen<'a>(&self, look: &Look<'a>) -> Option<Item<'a>> {
        look.index.get(self.hits.get(self.at)?.id)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        let mut step = Step::default();
        match input {
            Input::Command(command) => step = self.command(*command, look),
            Input::Text(text) => {
                self.field.push(text);
                step.effects = self.ask(look);
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => step.effects = self.go(look, if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => step = self.click(*at, look),
            Input::Resize => {
                self.lay(look);
                step.effects = self.show(look);
            }
            Input::Wake => {
                self.search.step(look.index, SLICE);
                step.effects = self.take(look);
            }
            Input::Read => {
                self.search.forget();
                self.preview = Preview::default();
                step.effects = words(look);
                step.effects.extend(self.ask(look));
            }
            Input::Peeked(path, text) => {
                if let Some(area) = self.frame(look).preview {
                    self.preview.peeked(path, text, look, area, &self.search);
                }
            }
            Input::Shown => step.effects = self.take(look),
            _ => {}
        }
        step
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = usize::from(self.frame(look).list.height).saturating_sub(1).max(1).cast_signed();
        let effects = match command {
            Command::Up => self.go(look, -1),
            Command::Down => self.go(look, 1),
            Command::PageUp => self.go(look, -page),
            Command::PageDown => self.go(look, page),
            Command::Top => self.go(look, isize::MIN + 1),
            Command::Bottom => self.go(look, isize::MAX),
            Command::Choose => return self.open(look),
            Command::Drill => return self.drill(look),
            Command::Back => return Step::go(Go::Back),
            Command::NextKind => self.turn(look, true),
            Command::PreviousKind => self.turn(look, false),
            Command::Erase if !self.field.erase() => return Step::go(Go::Back),
            Command::EraseWord => {
                self.field.erase_word();
                self.ask(look)
            }
            Command::EraseAll => {
                self.field.clear();
                self.ask(look)
            }
            Command::Erase => self.ask(look),
            _ => Vec::new(),
        };
        Step { effects, ..Step::default() }
    }

    /// Looks for what is typed now.
    fn ask(&mut self, look: &Look<'_>) -> Vec<Effect> {
        self.search.ask(Query::new(self.field.text()), look.index, look.library);
        self.search.step(look.index, SLICE);
        self.at = 0;
        self.take(look)
    }

    /// Takes over what was found so far. What was chosen stays chosen while more comes in, unless it was the best.
    fn take(&mut self, look: &Look<'_>) -> Vec<Effect> {
        let chosen = self.hits.get(self.at).filter(|_| self.at > 0).map(|hit| hit.id);
        self.hits = if self.search.query().is_empty() { recent(look) } else { self.search.hits(look.index) };
        self.at = chosen.and_then(|id| self.hits.iter().position(|hit| hit.id == id)).unwrap_or(0);
        self.lay(look);
        self.show(look)
    }

    /// Shows what is chosen beside the list, once it is clear what that is.
    fn show(&mut self, look: &Look<'_>) -> Vec<Effect> {
        if !self.search.is_settled(look.index) && self.at == 0 {
            return Vec::new();
        }
        let Some(area) = self.frame(look).preview else { return Vec::new() };
        let item = self.chosen(look);
        self.preview.show(item.as_ref(), look, area, &self.search)
    }

    fn go(&mut self, look: &Look<'_>, by: isize) -> Vec<Effect> {
        self.at = self.at.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
        self.lay(look);
        self.show(look)
    }

    /// Keeps to the next kind of things, or the one before; after the last come all.
    fn turn(&mut self, look: &Look<'_>, next: bool) -> Vec<Effect> {
        let all = Filter::ALL.len() + 1;
        let known = |filter: Filter| Filter::ALL.iter().position(|known| *known == filter);
        let here = self.search.query().filter.and_then(known).map_or(0, |at| at + 1);
        let to = (here + if next { 1 } else { all - 1 }) % all;
        self.keep_to(look, to.checked_sub(1).and_then(|at| Filter::ALL.get(at).copied()))
    }

    fn keep_to(&mut self, look: &Look<'_>, filter: Option<Filter>) -> Vec<Effect> {
        let words = self.search.query().words().collect::<Vec<_>>().join(" ");
        self.field.clear();
        if let Some(filter) = filter {
            self.field.push(&format!("{} ", filter.prefix()));
        }
        self.field.push(&words);
        self.ask(look)
    }

    fn open(&self, look: &Look<'_>) -> Step {
        let Some(item) = self.chosen(look) else { return Step::default() };
        if let Some(row) = item.command {
            let go = if row.scope == Scope::Home { Go::Home(row.command) } else { Go::Do(row.command) };
            return Step::go(go);
        }
        let Some((target, (file, byte))) =
            item.target.and_then(|target| look.library.site(target).map(|site| (target, site)))
        else {
            return Step::default();
        };
        if let Kind::Tree | Kind::Node | Kind::Leaf = item.kind
            && let Some(mut walk) = tree_of(look, target)
        {
            walk.effects.push(remember(look, target));
            return walk;
        }
        if let Some(mut step) = room(look, item.kind, target) {
            step.effects.push(remember(look, target));
            return step;
        }
        let byte = match target {
            Target::Entry(..) if item.inner => Some(item.at),
            Target::Entry(..) => Some(byte),
            Target::File(_) if item.inner => Some(item.at),
            Target::File(_) | Target::Module(_) => None,
        };
        Step { go: Go::Read(file, byte), effects: vec![remember(look, target)], toast: None }
    }

    fn drill(&self, look: &Look<'_>) -> Step {
        let Some(item) = self.chosen(look) else { return Step::default() };
        let Some(target) = item.target else { return Step::default() };
        let kept = remember(look, target);
        // A node is asked for by the situations of its tree.
        let asked = match (item.kind, target) {
            (Kind::Node | Kind::Leaf, Target::Entry(file, _)) => Some(Target::File(file)),
            (Kind::Tree | Kind::Situation, _) => Some(target),
            _ => None,
        };
        let from = asked.unwrap_or(target);
        let title = look.index.title_of(from, look.library).and_then(|id| look.index.get(id));
        let title = title.map_or(item.text, |title| title.text).to_owned();
        if let Some(asked) = asked {
            return match Quiz::of(look, &title, asked) {
                Some((quiz, mut effects)) => {
                    effects.push(kept);
                    Step { go: Go::Enter(Box::new(Screen::Quiz(Box::new(quiz)))), effects, toast: None }
                }
                None => Step::toast("There are no situations here."),
            };
        }
        let wish = Wish { from: From::Place(target), ..Wish::default() };
        Step { go: Go::Drill(Box::new(wish), title), effects: vec![kept], toast: None }
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let frame = self.frame(look);
        if frame.list.contains(at) {
            let row = self.first + usize::from(at.y - frame.list.y);
            if row >= self.hits.len() {
                return Step::default();
            }
            if row == self.at {
                return self.open(look);
            }
            let by = row.cast_signed() - self.at.cast_signed();
            return Step { effects: self.go(look, by), ..Step::default() };
        }
        let chip = self.chips(&frame).into_iter().find(|chip| chip.area.contains(at));
        chip.map_or_else(Step::default, |chip| Step { effects: self.keep_to(look, chip.filter), ..Step::default() })
    }

    /// Lays out the lines of the list.
    fn lay(&mut self, look: &Look<'_>) {
        let list = self.frame(look).list;
        let height = usize::from(list.height);
        self.first = window(self.at, self.hits.len(), height);
        let shown = self.hits.iter().skip(self.first).take(height);
        let items: Vec<Item<'_>> = shown.filter_map(|hit| look.index.get(hit.id)).collect();
        self.rows = items.iter().map(|item| self.row(item, look, usize::from(list.width))).collect();
    }
}

/// Asks for the words of the files, once for every library.
fn words(look: &Look<'_>) -> Vec<Effect> {
    if look.index.asked() {
        return Vec::new();
    }
    let sources = look.library.files.iter().enumerate().filter_map(|(at, file)| {
        let pack = look.library.modules.get(file.module)?.pack;
        let path = FilePath { pack, path: file.path.clone() };
        Some(Source { file: at, path, kind: file.kind, body: file.body })
    });
    vec![Effect::Words { generation: look.index.generation(), sources: sources.collect() }]
}

/// What was opened last.
fn recent(look: &Look<'_>) -> Vec<Hit> {
    let kept = look.settings.get(KEPT).map_or("", String::as_str);
    let found = kept.lines().filter_map(|place| look.index.title_of(look.library.at(place)?, look.library));
    found.map(|id| Hit { id, score: 0 }).collect()
}

fn remember(look: &Look<'_>, target: Target) -> Effect {
    let place = look.library.place(target);
    let before = look.settings.get(KEPT).map_or("", String::as_str).lines().filter(|known| *known != place);
    let all: Vec<&str> = std::iter::once(place.as_str()).chain(before).take(RECENT).collect();
    Effect::Keep(KEPT, Some(all.join("\n")))
}

/// What stands around an item, in a few words: for words their title, for titles their lesson or module.
fn around<'a>(item: &Item<'a>, look: &Look<'a>) -> &'a str {
    let library = look.library;
    let module = |at: usize| library.modules.get(at).map_or("", |module| module.title.as_str());
    match item.target {
        None => "",
        Some(Target::Module(at)) => library
            .packs
            .get(library.modules.get(at).map_or(0, |module| module.pack))
            .map_or("", |pack| pack.title.as_str()),
        Some(Target::File(at)) => {
            library.files.get(at).map_or("", |file| if item.inner { file.title.as_str() } else { module(file.module) })
        }
        Some(target @ Target::Entry(at, _)) if item.inner => {
            let title = look.index.title_of(target, library).and_then(|id| look.index.get(id));
            title.map_or_else(|| library.files.get(at).map_or("", |file| file.title.as_str()), |title| title.text)
        }
        Some(Target::Entry(at, _)) => library.files.get(at).map_or("", |file| {
            // The name of a deck or a file of questions says little; that of a lesson says where one reads.
            if file.kind == FileKind::Lesson { file.title.as_str() } else { module(file.module) }
        }),
    }
}

/// The room in which a thing is worked with: a text of it would tell the answer.
fn room(look: &Look<'_>, kind: Kind, target: Target) -> Option<Step> {
    match (kind, target) {
        (Kind::Table | Kind::Row, Target::Entry(..)) => Compare::at(look, target).map(Compare::enter),
        (Kind::Situation, Target::Entry(file, entry)) => {
            let id = &look.library.files.get(file)?.entries.get(entry)?.id;
            let item = look.items.find(look.library, id)?;
            let title = look.library.files.get(file).map_or("", |file| file.title.as_str());
            let (screen, effects) = Trees::situation(look, item, title, false)?;
            Some(Step { go: Go::Enter(Box::new(screen)), effects, toast: None })
        }
        (Kind::Question, Target::Entry(file, entry)) => {
            let (session, effects) = Session::at(look, file, entry)?;
            Some(Step { go: Go::Enter(Box::new(Screen::Session(Box::new(session)))), effects, toast: None })
        }
        _ => None,
    }
}
