//! The trees of the course: walked, built, asked as situations, and how well each is known.

pub mod build;
mod case;
mod draw;
pub mod pair;
mod panel;
pub mod quiz;
mod report;
mod set;
mod sheet;
mod source;
mod story;
pub mod walk;

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::popup::{Action, Item, Popup};
use super::{Go, Input, Look, Prompt, Screen, Step, body, window};
use crate::command::{Command, Scope};
use crate::content::front::Kind;
use crate::content::library::Target;
use crate::content::scan::{Entry, File, What};
use crate::effect::{Effect, Mouse};
use crate::study::tally::{Tally, tallies};
use crate::study::walk::Help;
use crate::text::{count, fit, pad, width};
use crate::theme::Role;
use crate::ui::line::{draw, fill, put};
use build::Build;
use pair::Pair;
use quiz::Quiz;
use sheet::{BESIDE, Sheet};
use walk::Walk;

/// Weak spots of a tree that are named.
const WEAK: usize = 3;

#[derive(Default)]
pub struct Trees {
    /// Which of the trees is chosen.
    at: usize,
    /// The files that hold trees, and the lines of the list.
    files: Vec<usize>,
    rows: Vec<Row>,
    tallies: BTreeMap<usize, Tally>,
}

/// A line of the list.
#[derive(Clone, Copy)]
enum Row {
    Module(usize),
    Tree(usize),
}

impl Trees {
    /// The room, and the wish for the history that its numbers are made of.
    pub fn new(look: &Look<'_>) -> (Self, Vec<Effect>) {
        let mut trees = Self::default();
        trees.list(look);
        (trees, vec![Effect::History])
    }

    /// Takes in which trees there are: modules, and the trees under each.
    fn list(&mut self, look: &Look<'_>) {
        let files = look.library.files.iter().enumerate();
        self.files = files.filter(|(_, file)| file.kind == Kind::Tree).map(|(at, _)| at).collect();
        self.rows.clear();
        let mut module = None;
        for file in &self.files {
            let own = look.library.files.get(*file).map(|file| file.module);
            if own != module {
                self.rows.extend(own.map(Row::Module));
                module = own;
            }
            self.rows.push(Row::Tree(*file));
        }
        self.go(0);
    }

    /// Exactly one situation, for a set that asks other things too; `item` is its place in `Look::items`. It writes its
    /// own row and goes back after the verdict. `cram`: without effect on the schedule.
    ///
    /// Who opened it hears of the row through `Input::Recorded` before `Input::Shown`. Without a row the situation was left
    /// unanswered.
    pub fn situation(look: &Look<'_>, item: usize, title: &str, cram: bool) -> Option<(Screen, Vec<Effect>)> {
        let (quiz, effects) = Quiz::one(look, item, title, cram)?;
        Some((Screen::Quiz(Box::new(quiz)), effects))
    }

    pub fn scopes(&self) -> &'static [Scope] {
        &[Scope::Trees, Scope::Moving, Scope::Global]
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        None
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        let Some(file) = self.file() else { return command == Command::Back };
        let some = || situations(look, file).next().is_some();
        match command {
            Command::Situations => some(),
            Command::Pretest => some() && self.help(look, file) == Help::Shown,
            Command::NearMiss | Command::QuizModule | Command::QuizAll | Command::Timed => some(),
            _ => true,
        }
    }

    pub fn title(&self, _look: &Look<'_>) -> (String, String) {
        ("Trees".to_owned(), count(self.files.len(), "tree"))
    }

    fn file(&self) -> Option<usize> {
        self.files.get(self.at).copied()
    }

    fn help(&self, look: &Look<'_>, file: usize) -> Help {
        case::help(look, look.library.files.get(file).map_or("", |file| file.id.as_str()))
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) => return self.command(*command, look),
            Input::History(rows) => self.tallies = tallies(rows.iter(), look.library),
            Input::Shown => return Step { effects: vec![Effect::History], ..Step::default() },
            Input::Read => {
                self.list(look);
                return Step { effects: vec![Effect::History], ..Step::default() };
            }
            Input::Jump(minutes) => {
                let minutes = u32::try_from(*minutes).unwrap_or(5);
                return enter(Quiz::of_all(look, Some(minutes)), Screen::Quiz, "There are no situations yet.");
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) => return self.click(*at, look),
            _ => {}
        }
        Step::default()
    }

    fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.files.len().saturating_sub(1));
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = usize::from(body(look.size).height).max(2).cast_signed();
        match command {
            _ if let Some(by) = command.rows(page, page) => self.go(by),
            Command::Back => return Step::go(Go::Back),
            Command::QuizAll => {
                return enter(Quiz::of_all(look, None), Screen::Quiz, "There are no situations yet.");
            }
            Command::Timed => return Step::go(Go::Open(minutes())),
            _ => {
                let Some(file) = self.file() else { return Step::toast("There are no trees in these packs.") };
                return Self::on_tree(command, file, look);
            }
        }
        Step::default()
    }

    fn on_tree(command: Command, file: usize, look: &Look<'_>) -> Step {
        let Some(found) = look.library.files.get(file) else { return Step::default() };
        match command {
            Command::Choose => walk(look, file, None),
            Command::Situations => walk::situations(look, file),
            Command::NearMiss => enter(Pair::new(look, file), Screen::Pair, "This tree cannot be opened."),
            Command::Build => enter(Build::new(look, file), Screen::Build, "This tree cannot be opened."),
            Command::Pretest => {
                enter(Quiz::pretest(look, &found.title, file), Screen::Quiz, "This tree has no situations yet.")
            }
            Command::QuizModule => {
                let title = look.library.modules.get(found.module).map_or("", |module| module.title.as_str());
                let quiz = Quiz::of(look, title, Target::Module(found.module));
                enter(quiz, Screen::Quiz, "This module has no situations yet.")
            }
            Command::AsText => Step::go(Go::Read(file, None)),
            _ => Step::default(),
        }
    }

    /// Where the list and what is said about the chosen tree stand.
    fn panes(look: &Look<'_>) -> (Rect, Rect) {
        let mut area = body(look.size);
        if area.height > 8 {
            area.y += 1;
            area.height -= 1;
        }
        if area.width < BESIDE {
            let below = if area.height >= 10 { 3 } else { 0 };
            let list = Rect { height: area.height - below, ..area };
            return (
                list,
                Rect::new(area.x + 1, list.bottom() + 1, area.width.saturating_sub(2), below.saturating_sub(1)),
            );
        }
        let left = (area.width * 11 / 20).clamp(42, 70);
        let right = (area.width - left).saturating_sub(3).min(look.measure);
        (Rect { width: left, ..area }, Rect::new(area.x + left + 2, area.y, right, area.height))
    }

    /// The first line of the list that is shown.
    fn first(&self, height: u16) -> usize {
        let file = self.file();
        let at = self.rows.iter().position(|row| matches!(row, Row::Tree(known) if Some(*known) == file));
        window(at.unwrap_or(0), self.rows.len(), usize::from(height))
    }

    fn click(&mut self, at: Position, look: &Look<'_>) -> Step {
        let (list, _) = Self::panes(look);
        if !list.contains(at) {
            return Step::default();
        }
        let row = self.first(list.height) + usize::from(at.y - list.y);
        let Some(Row::Tree(file)) = self.rows.get(row).copied() else { return Step::default() };
        let again = self.file() == Some(file);
        self.at = self.files.iter().position(|known| *known == file).unwrap_or(0);
        if again { walk(look, file, None) } else { Step::default() }
    }

    pub fn view(&self, look: &Look<'_>, _area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let (list, about) = Self::panes(look);
        if self.rows.is_empty() {
            let words = if look.reading.is_some() {
                "Reading the pack…"
            } else {
                "There are no decision trees in these packs."
            };
            told(look, list, buffer, words);
            return;
        }
        let chosen = self.file();
        let first = self.first(list.height);
        if list.y > body(look.size).y && list.width >= 34 {
            let x = list.right().saturating_sub(15);
            put(buffer, buffer.area, x, list.y - 1, " seen  right", theme.style(Role::Faint));
        }
        for (row, y) in self.rows.iter().skip(first).zip(list.y..list.bottom()) {
            match row {
                Row::Module(module) => {
                    let title = look.library.modules.get(*module).map_or("", |module| module.title.as_str());
                    let room = usize::from(list.width.saturating_sub(2));
                    put(buffer, list, list.x + 1, y, &fit(title, room), theme.style(Role::Muted));
                }
                Row::Tree(file) => self.tree(look, *file, Some(*file) == chosen, Rect { y, height: 1, ..list }, buffer),
            }
        }
        let Some(file) = chosen else { return };
        if about.height > 2 {
            let mut sheet = Sheet::new(look, about.width);
            self.about(&mut sheet, file);
            for (line, y) in sheet.lines.iter().zip(about.y..about.bottom()) {
                draw(buffer, about, y, line, theme, None);
            }
        } else if about.height > 0 {
            let lines = [self.stand(look, file), self.weakest(look, file).unwrap_or_default()];
            for (line, y) in lines.iter().zip(about.y..about.bottom()) {
                put(buffer, about, about.x, y, &fit(line, usize::from(about.width)), theme.style(Role::Muted));
            }
        }
    }

    fn tree(&self, look: &Look<'_>, file: usize, chosen: bool, area: Rect, buffer: &mut Buffer) {
        let theme = look.theme;
        let Some(found) = look.library.files.get(file) else { return };
        let (seen, all) = seen(look, file);
        let score = self.tallies.get(&file).and_then(|tally| tally.all.percent());
        let score = score.map_or_else(String::new, |percent| format!("{percent} %"));
        let numbers =
            if area.width >= 34 { format!("{:>5}  {score:>5}", format!("{seen}/{all}")) } else { String::new() };
        let room = usize::from(area.width).saturating_sub(width(&numbers) + 6);
        let role = if chosen { Role::Heading3 } else { Role::Text };
        put(buffer, area, area.x + 3, area.y, &pad(&found.title, room), theme.style(role));
        let from = area.right().saturating_sub(u16::try_from(width(&numbers)).unwrap_or(0) + 2);
        put(buffer, area, from, area.y, &numbers, theme.style(Role::Muted));
        if chosen {
            put(buffer, area, area.x + 1, area.y, look.glyphs.pointer, theme.style(Role::Accent));
            fill(buffer, area, theme.style(Role::Selection));
        }
    }

    /// How much help the tree still gives.
    fn stand(&self, look: &Look<'_>, file: usize) -> String {
        match self.help(look, file) {
            Help::Shown => "Next run: narrated".to_owned(),
            help => format!("Next run: {}", help.name()),
        }
    }

    fn weakest(&self, look: &Look<'_>, file: usize) -> Option<String> {
        let tally = self.tallies.get(&file)?;
        let (id, score) = tally.weak_nodes().into_iter().next()?;
        Some(format!("Weakest: {}, {} of {}", name(look, file, id), score.right, score.all))
    }

    fn about(&self, sheet: &mut Sheet<'_>, file: usize) {
        let look = sheet.look;
        let Some(found) = look.library.files.get(file) else { return };
        let dot = format!(" {} ", look.glyphs.dot);
        sheet.plain(&found.title, Role::Heading1);
        let level = found.level.or(look.library.modules.get(found.module).and_then(|module| module.level));
        let mut parts: Vec<String> = level.map(|level| level.name().to_owned()).into_iter().collect();
        let of = |wanted: What| found.count(|what| what == wanted);
        parts.push(count(of(What::Node), "question"));
        parts.push(count(of(What::Leaf), "end"));
        parts.push(count(of(What::Situation), "situation"));
        sheet.plain(&parts.join(&dot), Role::Muted);
        sheet.blank();
        sheet.told("Next run", self.help(look, file).name(), Role::Text);
        let (seen, all) = seen(look, file);
        if all > 0 {
            sheet.told("Seen", &format!("{seen} of {}", count(all, "situation")), Role::Text);
        }
        let tally = self.tallies.get(&file);
        let Some((tally, percent)) = tally.and_then(|tally| Some((tally, tally.all.percent()?))) else {
            sheet.blank();
            let words = "Nothing was answered here yet. Walk it, put it together, or let its situations come: the first is narrated.";
            sheet.plain(words, Role::Muted);
            return;
        };
        sheet.told("Right", &format!("{percent} % of {}", count(tally.all.all, "answer")), Role::Text);
        for (head, weak) in [("Lost at", tally.weak_nodes()), ("Missed ends", tally.weak_leaves())] {
            if weak.is_empty() {
                continue;
            }
            sheet.blank();
            sheet.plain(head, Role::Heading3);
            for (id, score) in weak.into_iter().take(WEAK) {
                let right = format!("{:>3} %", score.percent().unwrap_or(0));
                sheet.signed(&right, Role::Muted, &name(look, file, id), Role::Text);
            }
        }
        if let Some((one, other, times)) = tally.most_confused() {
            sheet.blank();
            sheet.plain("Taken for each other", Role::Heading3);
            for id in [one, other] {
                sheet.signed(
                    look.glyphs.bullets.first().unwrap_or(&"-"),
                    Role::Muted,
                    &name(look, file, id),
                    Role::Text,
                );
            }
            sheet.plain(&count(times, "time"), Role::Muted);
        }
    }
}

/// The situations of a file.
fn situations<'a>(look: &Look<'a>, file: usize) -> impl Iterator<Item = &'a Entry> + use<'a> {
    let entries = look.library.files.get(file).map_or(&[][..], |file: &File| &file.entries);
    entries.iter().filter(|entry| entry.what == What::Situation)
}

/// How many situations of a tree were answered, of how many.
fn seen(look: &Look<'_>, file: usize) -> (usize, usize) {
    let seen = situations(look, file).filter(|entry| look.progress.state(&entry.id).seen()).count();
    (seen, situations(look, file).count())
}

/// What a node of an id is called.
fn name(look: &Look<'_>, file: usize, id: &str) -> String {
    let entries = look.library.files.get(file).map_or(&[][..], |file| &file.entries);
    let node = entries.iter().find(|entry| matches!(entry.what, What::Node | What::Leaf) && entry.id == id);
    node.map_or_else(|| id.to_owned(), |entry| entry.title.clone())
}

/// For how long one wants to be asked.
fn minutes() -> Popup {
    let items = [3, 5, 10, 20].map(|minutes| {
        let about = format!("about {}", count(minutes, "situation"));
        Item::new(&count(minutes, "minute"), &about, Action::Jump(minutes))
    });
    Popup::list("For how long", items.into())
}

/// Opens a room, or says why not.
fn enter<T>(room: Option<(T, Vec<Effect>)>, screen: impl Fn(Box<T>) -> Screen, otherwise: &str) -> Step {
    match room {
        Some((room, effects)) => Step { effects, ..Step::go(Go::Enter(Box::new(screen(Box::new(room))))) },
        None => Step::toast(otherwise),
    }
}

/// Opens the walk of a tree, at its root or at a node.
pub fn walk(look: &Look<'_>, file: usize, node: Option<&str>) -> Step {
    enter(Walk::new(look, file, node), Screen::Walk, "This tree cannot be opened.")
}

/// Opens what a link names: a tree is walked, everything else is read.
pub fn open(look: &Look<'_>, target: Target) -> Step {
    if let Some(step) = tree_of(look, target) {
        return step;
    }
    match (target, look.library.site(target)) {
        (Target::Entry(..), Some((file, byte))) => Step::go(Go::Read(file, Some(byte))),
        (_, Some((file, _))) => Step::go(Go::Read(file, None)),
        (_, None) => Step::default(),
    }
}

/// The walk of a target that is a tree or a node of one.
pub fn tree_of(look: &Look<'_>, target: Target) -> Option<Step> {
    let (file, entry) = match target {
        Target::File(file) => (file, None),
        Target::Entry(file, entry) => (file, Some(entry)),
        Target::Module(_) => return None,
    };
    let found = look.library.files.get(file).filter(|found| found.kind == Kind::Tree)?;
    let node = entry.and_then(|at| found.entries.get(at)).filter(|entry| matches!(entry.what, What::Node | What::Leaf));
    Some(walk(look, file, node.map(|entry| entry.id.as_str())))
}

/// A sentence where there is nothing else to see.
fn told(look: &Look<'_>, area: Rect, buffer: &mut Buffer, words: &str) {
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    for (line, y) in crate::ui::say::plain(words, room, Role::Muted).iter().zip(area.y..area.bottom()) {
        draw(buffer, Rect::new(area.x + 1.min(area.width), area.y, area.width, area.height), y, line, look.theme, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::FilePath;
    use crate::store::{Places, Settings};
    use crate::study::day::Moment;
    use crate::study::items::Items;
    use crate::study::progress::Progress;
    use crate::study::review::{Act, Grade, ReviewId};
    use crate::study::schedule::Scheduler;
    use crate::study::walk::tests::SMALL;
    use crate::theme::{Depth, Theme};
    use crate::ui::glyphs::UNICODE;
    use ratatui::layout::Size;

    /// One situation, the way a drill would ask it: some commands, and then whether it went back and what it wrote.
    fn one(cram: bool, commands: &[Command]) -> (bool, Vec<Act>) {
        let text = format!("+++\nkind = \"tree\"\nid = \"t\"\ntitle = \"T\"\n+++\n{SMALL}");
        let library = crate::study::items::tests::library(&[("1-m/t.md", &text)]);
        let (items, progress, scheduler) = (Items::new(&library), Progress::default(), Scheduler::default());
        let (places, theme) = (Places::default(), Theme::built_in("dark", Depth::True));
        let mut settings = Settings::default();
        settings.insert("trees".to_owned(), "{\"t\":\"first\"}".to_owned());
        let look = Look {
            library: &library,
            index: &crate::find::Index::default(),
            places: &places,
            theme: &theme,
            glyphs: &UNICODE,
            measure: 84,
            size: Size::new(80, 24),
            problems: &[],
            reading: None,
            editable: true,
            items: &items,
            progress: &progress,
            scheduler: &scheduler,
            settings: &settings,
            now: Moment { at: 0, offset: 0 },
            seed: 7,
            next: ReviewId { run: 1, ordinal: 1 },
        };
        let item = items.find(&library, "pins").unwrap();
        let (mut screen, effects) = Trees::situation(&look, item, "Today", cram).unwrap();
        let path = FilePath { pack: 0, path: "1-m/t.md".to_owned() };
        assert_eq!(effects, [Effect::Open(path.clone())]);
        screen.on(&Input::Opened(&path, &Ok(text.into())), &look);
        let (mut back, mut acts) = (false, Vec::new());
        for command in commands {
            let step = screen.on(&Input::Command(*command), &look);
            back = matches!(step.go, Go::Back);
            for effect in step.effects {
                if let Effect::Record(rows) = effect {
                    acts.extend(rows.iter().map(|row| row.act.clone()));
                    back |= matches!(screen.on(&Input::Recorded(&rows), &look).go, Go::Back);
                }
            }
        }
        (back, acts)
    }

    #[test]
    fn one_situation_writes_its_row_and_goes_back() {
        use Command::{Choose, Easy, Pick};
        let right = [Pick(2), Pick(1), Choose];
        let with = |last: Command| [right[0], right[1], right[2], last];
        assert_eq!(one(false, &right), (false, vec![]));
        assert_eq!(one(false, &with(Choose)), (true, vec![Act::Grade(Grade::Good)]));
        assert_eq!(one(false, &with(Easy)), (true, vec![Act::Grade(Grade::Easy)]));
        assert_eq!(one(true, &with(Choose)), (true, vec![Act::Cram(Grade::Good)]));
        // What is wrong is on disk before the verdict is seen.
        assert_eq!(one(false, &[Pick(1), Choose]), (false, vec![Act::Grade(Grade::Again)]));
        assert_eq!(one(false, &[Pick(1), Choose, Choose]), (true, vec![Act::Grade(Grade::Again)]));
        assert_eq!(one(false, &[Pick(2), Command::Back]), (true, vec![]));
    }
}
