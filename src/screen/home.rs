//! What to do now.

mod today;
mod view;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::compare::list::Tables;
use super::interview;
use super::popup::{Action, Item, Popup};
use super::shelf::Shelf;
use super::trees::Trees;
use super::{Go, Input, Look, Prompt, Screen, Step, body};
use crate::command::{Command, Scope};
use crate::content::library::Target;
use crate::content::scan::What;
use crate::effect::{Effect, Mouse};
use crate::screen::plan::Plan;
use crate::screen::stats::Stats;
use crate::study::day::{iso, short};
use crate::study::progress::Progress;
use crate::study::queue::{From, Wish};
use crate::ui::field::Field;

use today::{Choice, Today};

#[derive(Default)]
pub struct Home {
    today: Box<Today>,
    /// Answers were given since it was computed.
    stale: bool,
    /// The choice under the cursor.
    at: usize,
    /// The date that is being typed.
    field: Option<Field>,
}

impl Home {
    pub fn scopes(&self) -> &'static [Scope] {
        if self.field.is_some() { &[Scope::Typing] } else { &[Scope::Home, Scope::Moving, Scope::Global] }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.field.as_ref()?;
        Some(Prompt { label: "Interview on ", text: field.text(), note: String::new() })
    }

    pub fn can(&self, command: Command, _look: &Look<'_>) -> bool {
        match command {
            Command::Choose => self.field.is_some() || !self.today.choices().is_empty(),
            _ => true,
        }
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let packs: Vec<&str> = look.library.packs.iter().map(|pack| pack.title.as_str()).collect();
        (packs.join(" + "), view::countdown(&self.today, look))
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Read => self.refresh(look),
            Input::Shown => {
                self.refresh(look);
                // What another window answered meanwhile counts here too.
                return Step { effects: vec![Effect::Sync], ..Step::default() };
            }
            Input::Resize => self.today.plan_when_wide(look, &look.desk()),
            // Its own rows come while another room lies over it; another window's are shown at once.
            Input::Recorded(rows) => {
                self.stale = true;
                if rows.iter().any(|row| row.id.run != look.next.run) {
                    self.refresh(look);
                }
            }
            Input::Text(text) => {
                if let Some(field) = &mut self.field {
                    field.push(text);
                }
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => self.go(if *down { 1 } else { -1 }),
            Input::Mouse(Mouse::Click(at)) if self.field.is_none() => {
                if let Some(chosen) = view::hit(&self.today, self.at, look, *at) {
                    self.at = chosen;
                    return self.choose(look);
                }
            }
            Input::Command(command) => {
                if self.stale || self.today.day != look.now.day() {
                    self.refresh(look);
                }
                return if self.field.is_some() { self.typed(*command, look) } else { self.command(*command, look) };
            }
            _ => {}
        }
        Step::default()
    }

    fn refresh(&mut self, look: &Look<'_>) {
        let before = self.today.choices().get(self.at).copied();
        *self.today = Today::new(look);
        self.stale = false;
        // On a module the cursor stays; otherwise the first thing to do is marked.
        let choices = self.today.choices();
        let kept = before.filter(|before| matches!(before, Choice::Module(_)));
        self.at = kept.and_then(|before| choices.iter().position(|choice| *choice == before)).unwrap_or(0);
    }

    fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.today.choices().len().saturating_sub(1));
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = usize::from(body(look.size).height).max(2).cast_signed();
        match command {
            _ if let Some(by) = command.rows(page, page) => self.go(by),
            Command::Choose => return self.choose(look),
            Command::Date => self.field = Some(goal_field(look)),
            Command::Drill => return Step::go(Go::Open(choices(look))),
            Command::Learn => return Step::go(Go::Enter(Box::new(Screen::Shelf(Shelf::default())))),
            Command::Interview => return Step::go(Go::Enter(Box::new(interview::setup(look, None)))),
            Command::Compare => return Step::go(Go::Enter(Box::new(Tables::screen(look)))),
            Command::Trees => {
                let (trees, effects) = Trees::new(look);
                let go = Go::Enter(Box::new(Screen::Trees(Box::new(trees))));
                return Step { go, effects, ..Step::default() };
            }
            Command::Plan => return Step::go(Go::Enter(Box::new(Screen::Plan(Plan::new(look))))),
            Command::Stats => {
                let (stats, effects) = Stats::new(look);
                let go = Go::Enter(Box::new(Screen::Stats(Box::new(stats))));
                return Step { go, effects, ..Step::default() };
            }
            _ => {}
        }
        Step::default()
    }

    /// Begins what is under the cursor.
    fn choose(&mut self, look: &Look<'_>) -> Step {
        let begin =
            |from: From, title: &str| Step::go(Go::Drill(Box::new(Wish { from, ..Wish::default() }), title.to_owned()));
        match self.today.choices().get(self.at) {
            Some(Choice::Resume) => Step::go(Go::Resume),
            Some(Choice::Pretest) => {
                let wish = Wish { from: From::These(self.today.pretest.clone()), once: true, ..Wish::default() };
                Step::go(Go::Drill(Box::new(wish), "Where you stand".to_owned()))
            }
            Some(Choice::Start) => begin(From::Today, "Today"),
            Some(Choice::Module(module)) => {
                let title = look.library.modules.get(*module).map_or("", |found| found.title.as_str());
                begin(From::Place(Target::Module(*module)), title)
            }
            None => Step::default(),
        }
    }

    /// Keys while a date is typed.
    fn typed(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Some(field) = &mut self.field else { return Step::default() };
        match command {
            Command::Erase if !field.erase() => self.field = None,
            Command::EraseWord => field.erase_word(),
            Command::EraseAll => field.clear(),
            Command::Back => self.field = None,
            Command::Choose => return self.set_goal(look),
            _ => {}
        }
        Step::default()
    }

    fn set_goal(&mut self, look: &Look<'_>) -> Step {
        let text = self.field.as_ref().map_or("", |field| field.text());
        let goal = match look.progress.goal.written(text, look.now.day()) {
            Ok(goal) => goal,
            Err(why) => return Step::toast(format!("`{text}`: {why}.")),
        };
        self.field = None;
        // What follows from it is shown at once; the rest of the program hears of it through the effects.
        let mut progress: Progress = look.progress.clone();
        progress.goal = goal;
        self.refresh(&Look { progress: &progress, ..*look });
        let told = match goal.date {
            Some(date) => format!("Interview on {}, {}.", short(date), goal.effort()),
            None => "No interview date.".to_owned(),
        };
        let mut effects = vec![Effect::Keep("date", goal.date.map(iso))];
        effects.extend(goal.minutes.map(|minutes| Effect::Keep("minutes", Some(minutes.to_string()))));
        Step { effects, toast: Some(told), ..Step::default() }
    }

    pub fn view(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        if let Some(field) = &self.field {
            return view::goal(field.text(), &self.today, look, area, buffer);
        }
        view::draw_home(&self.today, self.at, look, area, buffer);
    }
}

/// The goal as it is, to be changed.
fn goal_field(look: &Look<'_>) -> Field {
    let goal = look.progress.goal;
    let date = goal.ahead(look.now.day()).map(iso);
    let words: Vec<String> = date.into_iter().chain(goal.minutes.map(|minutes| minutes.to_string())).collect();
    let mut field = Field::default();
    field.push(&words.join(" "));
    field
}

/// What may be drilled.
fn choices(look: &Look<'_>) -> Popup {
    let drill = |text: &str, note: &str, wish: Wish| Item::new(text, note, Action::Drill(wish, text.to_owned()));
    let of = |from: From| Wish { from, ..Wish::default() };
    let mut items = vec![
        drill("Today's set", "What is due and a little that is new, sized to your minutes", Wish::default()),
        drill("Ten in a row", "A short set", Wish { size: Some(10), ..Wish::default() }),
        drill("Twenty in a row", "A set of some minutes", Wish { size: Some(20), ..Wish::default() }),
        drill("Fifty in a row", "A long set", Wish { size: Some(50), ..Wish::default() }),
        drill("Weak spots", "What would be forgotten first", of(From::Weak)),
        drill("Leeches", "What was forgotten again and again", of(From::Leeches)),
        drill(
            "Cram everything",
            "A lot of all modules, without effect on the schedule",
            Wish { cram: true, ..Wish::default() },
        ),
    ];
    let aside = (0..look.items.len()).filter(|at| look.desk().state(*at).suspended).collect::<Vec<_>>();
    if !aside.is_empty() {
        let note = "What was put aside for good; x takes it back";
        items.push(drill("Put aside", note, Wish { cram: true, ..of(From::These(aside)) }));
    }
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
