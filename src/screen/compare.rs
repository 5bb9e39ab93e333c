//! A comparison table as a place to work: sort, filter, hide, turn, contrast, and recall in place.

mod blanks;
mod drawing;
pub mod list;
mod pair;
mod view;

use super::popup::Popup;
use super::{Go, Input, Look, Prompt, Screen, Step};
use crate::command::{Command, Scope};
use crate::content::library::Target;
use crate::content::table::Table;
use crate::effect::{Effect, FilePath, Mouse};
use crate::study::ask::Parsed;
use crate::study::compare::recall::{Recall, Which};
use crate::study::compare::view::View;
use crate::study::compare::{Matrix, copy};
use crate::study::day::Moment;
use crate::study::review::ReviewId;
use crate::text::{clean, count};
use crate::ui::field::Field;
use crate::ui::sheet::Sheet;

use drawing::Sketch;
use list::tables;

/// On a narrower screen one entity is shown at a time.
const NARROW: u16 = 60;

/// Where what is compared comes from.
struct Origin {
    path: FilePath,
    file: usize,
    entry: usize,
    /// The id of the table.
    id: String,
    /// The one of its entities that is meant; none: all.
    entity: Option<String>,
    table: Option<Table>,
}

/// What is done with the table.
enum Doing {
    Looking,
    Recalling(Recall),
    Drawing(Sketch),
}

pub struct Compare {
    /// A table, or the two tables of two entities.
    origins: Vec<Origin>,
    view: Option<View>,
    failed: Option<String>,
    doing: Doing,
    /// The table is to be drawn once its text is there.
    drawn: bool,
    /// One entity is read whole, where all would have room.
    whole: bool,
    /// The words of a filter that is being typed.
    field: Option<Field>,
    /// The row of the log that is being written.
    writing: Option<ReviewId>,
    /// When the chosen blank was come to.
    since: Moment,
    /// The entities that were offered for a contrast.
    offers: Vec<(usize, usize, usize)>,
    sheet: Sheet,
    rows: Vec<usize>,
    columns: Vec<usize>,
}

impl Compare {
    /// A table by its file and its place there, and what must be asked for.
    #[must_use]
    pub fn new(look: &Look<'_>, file: usize, entry: usize) -> Option<(Self, Vec<Effect>)> {
        Some(Self::of(look, vec![Origin::new(look, file, entry, None)?]))
    }

    /// The first table at a place: of a module, a lesson, a section, or the table itself.
    #[must_use]
    pub fn at(look: &Look<'_>, place: Target) -> Option<(Self, Vec<Effect>)> {
        let library = look.library;
        let files = match place {
            Target::Module(module) => library.module_range(module),
            Target::File(file) | Target::Entry(file, _) => file..file + 1,
        };
        let (_, span) = library.extent(place)?;
        let within = |start: usize| !matches!(place, Target::Entry(..)) || span.contains(&start);
        let mut all = tables(library).filter(|(file, _, _)| files.contains(file));
        let found = all.find(|(_, _, entry)| within(entry.start));
        found.and_then(|(file, entry, _)| Self::new(look, file, entry))
    }

    fn of(look: &Look<'_>, origins: Vec<Origin>) -> (Self, Vec<Effect>) {
        let compare = Self {
            origins,
            view: None,
            failed: None,
            doing: Doing::Looking,
            drawn: false,
            whole: false,
            field: None,
            writing: None,
            since: look.now,
            offers: Vec::new(),
            sheet: Sheet::default(),
            rows: Vec::new(),
            columns: Vec::new(),
        };
        let effects = compare.asked();
        (compare, effects)
    }

    /// The same, to be drawn before it is seen.
    #[must_use]
    pub fn to_draw(self) -> Self {
        Self { drawn: true, ..self }
    }

    /// The step that goes there.
    #[must_use]
    pub fn enter((compare, effects): (Self, Vec<Effect>)) -> Step {
        Step { effects, ..Step::go(Go::Enter(Box::new(Screen::Compare(Box::new(compare))))) }
    }

    fn asked(&self) -> Vec<Effect> {
        let mut paths: Vec<&FilePath> = self.origins.iter().map(|origin| &origin.path).collect();
        paths.dedup();
        paths.into_iter().cloned().map(Effect::Open).collect()
    }

    fn contrasts(&self) -> bool {
        self.origins.len() > 1
    }

    fn single(&self) -> bool {
        self.view.as_ref().is_some_and(View::single)
    }

    pub fn scopes(&self) -> &'static [Scope] {
        match &self.doing {
            _ if self.field.is_some() => &[Scope::Typing],
            Doing::Drawing(sketch) if sketch.field.is_some() => &[Scope::Typing],
            Doing::Drawing(_) => &[Scope::Sketch, Scope::Moving, Scope::Global],
            Doing::Recalling(recall) if recall.shown().is_some() => {
                &[Scope::Grading, Scope::Blanks, Scope::Moving, Scope::Global]
            }
            Doing::Recalling(recall) if recall.left() == 0 => {
                &[Scope::Recalled, Scope::Blanks, Scope::Moving, Scope::Global]
            }
            Doing::Recalling(_) => &[Scope::Blanks, Scope::Moving, Scope::Global],
            Doing::Looking if self.contrasts() => &[Scope::Pair, Scope::Sheet, Scope::Moving, Scope::Global],
            Doing::Looking if self.single() => &[Scope::One, Scope::Sheet, Scope::Moving, Scope::Global],
            Doing::Looking => &[Scope::Sheet, Scope::Moving, Scope::Global],
        }
    }

    pub fn prompt(&self) -> Option<Prompt<'_>> {
        if let Doing::Drawing(sketch) = &self.doing {
            return sketch.prompt();
        }
        let (field, view) = (self.field.as_ref()?, self.view.as_ref()?);
        let (passed, of) = view.passed();
        Some(Prompt { label: "Filter ", text: field.text(), note: format!("{passed} of {of}") })
    }

    pub fn can(&self, command: Command, look: &Look<'_>) -> bool {
        let Some(view) = &self.view else {
            return !matches!(command, Command::Choose | Command::Blank | Command::Drill) && self.always(command);
        };
        let single = view.single();
        match (&self.doing, command) {
            (Doing::Recalling(recall), _) => self.can_recall(recall, command),
            (_, Command::Choose | Command::Blank | Command::Draw) => !self.rows.is_empty() && !self.columns.is_empty(),
            (_, Command::BlankRow | Command::BlankColumn | Command::BlankSome | Command::BlankAll) => true,
            (_, Command::Contrast) => !self.columns.is_empty() && !self.rows.is_empty(),
            (_, Command::Same) => self.contrasts() && view.same() > 0,
            (_, Command::Sort) => !self.contrasts() && view.matrix.entities.len() > 1,
            (_, Command::Turn) => !single && !self.contrasts(),
            (_, Command::Hide) => !single && !self.contrasts() && self.columns.len() > 1,
            (_, Command::Unhide) => view.hidden() > 0,
            (_, Command::Left | Command::Right) => self.columns.len() > 1,
            (_, Command::NextEntity | Command::PreviousEntity) => view.entities().len() > 1,
            (_, Command::Drill) => self.wish(look).is_some(),
            _ => true,
        }
    }

    /// What needs no table.
    fn always(&self, command: Command) -> bool {
        let there = self.view.is_some();
        there
            || matches!(
                command,
                Command::Back | Command::Facts | Command::Lesson | Command::Quit | Command::Help | Command::Palette
            )
    }

    pub fn title(&self, look: &Look<'_>) -> (String, String) {
        let first = self.origins.first();
        let entry = first.and_then(|origin| look.library.files.get(origin.file)?.entries.get(origin.entry));
        let title = entry.map_or_else(String::new, |entry| entry.title.clone());
        let left = match (&self.view, self.contrasts()) {
            (Some(view), true) => view.matrix.entities.join(&format!(" {} ", look.glyphs.dash)),
            _ => title,
        };
        let file = first.and_then(|origin| look.library.files.get(origin.file));
        let right = match &self.doing {
            Doing::Recalling(recall) if recall.left() > 0 => {
                let of = recall.blanks().len();
                format!("{} of {of}", of - recall.left() + 1)
            }
            Doing::Recalling(_) => "done".to_owned(),
            Doing::Drawing(_) => "drawing".to_owned(),
            Doing::Looking => {
                file.and_then(|file| file.as_of.as_ref()).map_or_else(String::new, |date| format!("facts of {date}"))
            }
        };
        (left, right)
    }

    pub fn on(&mut self, input: &Input<'_>, look: &Look<'_>) -> Step {
        match input {
            Input::Command(command) if self.field.is_some() => self.filtering(*command, look),
            Input::Command(command) => match &self.doing {
                // What is being written must be on disk before anything else happens.
                _ if self.writing.is_some() => Step::default(),
                Doing::Looking => self.command(*command, look),
                Doing::Recalling(_) => self.recalling(*command, look),
                Doing::Drawing(_) => self.sketching(*command, look),
            },
            Input::Text(text) => {
                if let Doing::Drawing(sketch) = &mut self.doing {
                    sketch.push(text);
                } else if let Some(field) = &mut self.field {
                    field.push(text);
                    self.filter(look);
                }
                Step::default()
            }
            Input::Mouse(Mouse::Wheel { down, .. }) => {
                self.walk(if *down { 1 } else { -1 }, 0, look);
                Step::default()
            }
            Input::Mouse(Mouse::Click(at)) => self.click(*at, look),
            Input::Resize => {
                self.lay(look);
                Step::default()
            }
            Input::Read => self.reread(look),
            Input::Opened(path, text) => {
                match text {
                    Ok(text) => self.opened(path, text, look),
                    Err(problem) if self.view.is_none() && self.origins.iter().any(|origin| origin.path == **path) => {
                        self.failed = Some(clean(&problem.to_string()).into_owned());
                    }
                    Err(_) => {}
                }
                Step::default()
            }
            Input::Jump(offer) => self.contrast(*offer, look),
            Input::Recorded(rows) => self.recorded(rows, look),
            Input::Unrecorded => {
                self.writing = None;
                Step::default()
            }
            _ => Step::default(),
        }
    }

    /// Commands while one looks at the table.
    fn command(&mut self, command: Command, look: &Look<'_>) -> Step {
        let page = usize::from(look.size.height / 2).max(2).cast_signed();
        match command {
            Command::Left | Command::Right => self.walk(0, if command == Command::Right { 1 } else { -1 }, look),
            _ if let Some(by) = command.rows(page, page / 2) => self.walk(by, 0, look),
            Command::NextEntity | Command::PreviousEntity => {
                self.change(look, |view| view.next_entity(if command == Command::NextEntity { 1 } else { -1 }));
            }
            Command::Choose if self.contrasts() || self.single() => {
                let which = if self.contrasts() { Which::All } else { Which::Column };
                return self.recall(which, look);
            }
            Command::Choose => {
                self.whole = true;
                self.lay(look);
            }
            Command::Blank => return Step::go(Go::Open(self.menu())),
            Command::BlankRow => return self.recall(Which::Row, look),
            Command::BlankColumn => return self.recall(Which::Column, look),
            Command::BlankSome => return self.recall(Which::Some(self.lot(look)), look),
            Command::BlankAll => return self.recall(Which::All, look),
            Command::Draw => return self.sketch(look),
            Command::Contrast => return self.offer(look),
            Command::Same => self.change(look, View::toggle_same),
            Command::Sort => self.change(look, View::sort_by_chosen),
            Command::Turn => self.change(look, View::turn),
            Command::Hide => self.change(look, |view| {
                view.hide();
            }),
            Command::Unhide => self.change(look, View::unhide),
            Command::Search => {
                let mut field = Field::default();
                field.push(self.view.as_ref().map_or("", View::filter));
                self.field = Some(field);
            }
            Command::CopyTable => return self.copy("Markdown", copy::markdown),
            Command::CopyCsv => return self.copy("comma-separated values", copy::csv),
            Command::Facts => return Step::go(Go::Open(self.sources(look))),
            Command::Lesson => return self.lesson(look),
            Command::Drill => {
                if let Some((wish, title)) = self.wish(look) {
                    return Step::go(Go::Drill(Box::new(wish), title));
                }
            }
            Command::Back => return self.back(look),
            _ => {}
        }
        Step::default()
    }

    /// To the whole table, then to all of its rows, then out.
    fn back(&mut self, look: &Look<'_>) -> Step {
        let filtered = self.view.as_ref().is_some_and(|view| !view.filter().is_empty());
        if self.whole && look.size.width >= NARROW {
            self.whole = false;
            self.lay(look);
        } else if filtered {
            self.change(look, |view| view.set_filter(""));
        } else {
            return Step::go(Go::Back);
        }
        Step::default()
    }

    /// Changes what is seen, and lays it out.
    fn change(&mut self, look: &Look<'_>, change: impl FnOnce(&mut View)) {
        if let Some(view) = &mut self.view {
            change(view);
        }
        self.lay(look);
    }

    /// Goes so many rows and columns further; through a cell that is higher than the screen line by line.
    fn walk(&mut self, down: isize, right: isize, look: &Look<'_>) {
        let Some(view) = &mut self.view else { return };
        let (row, _) = view.position();
        if down.abs() == 1 && self.sheet.within(row, down > 0) {
            return;
        }
        let single = view.single();
        if single && right != 0 {
            view.next_entity(right);
            self.lay(look);
            return;
        }
        view.go(down, right);
        let (row, column) = view.position();
        self.sheet.show(row, column);
    }

    fn filtering(&mut self, command: Command, look: &Look<'_>) -> Step {
        match command {
            Command::Choose => {
                self.field = None;
                self.lay(look);
            }
            Command::Back => {
                self.field = None;
                self.change(look, |view| view.set_filter(""));
            }
            Command::Up => self.walk(-1, 0, look),
            Command::Down => self.walk(1, 0, look),
            Command::Erase | Command::EraseWord | Command::EraseAll => {
                let Some(field) = &mut self.field else { return Step::default() };
                match command {
                    Command::Erase if !field.erase() => self.field = None,
                    Command::EraseWord => field.erase_word(),
                    Command::EraseAll => field.clear(),
                    _ => {}
                }
                self.filter(look);
            }
            _ => {}
        }
        Step::default()
    }

    fn filter(&mut self, look: &Look<'_>) {
        let text = self.field.as_ref().map_or_else(String::new, |field| field.text().to_owned());
        self.change(look, |view| view.set_filter(&text));
    }

    fn copy(&self, name: &str, write: impl Fn(&View) -> String) -> Step {
        let Some(view) = &self.view else { return Step::default() };
        let toast =
            format!("Copied {} and {} as {name}.", count(self.rows.len(), "row"), count(self.columns.len(), "column"));
        Step { effects: vec![Effect::Copy(write(view))], toast: Some(toast), ..Step::default() }
    }

    fn sources(&self, look: &Look<'_>) -> Popup {
        let mut files: Vec<usize> = self.origins.iter().map(|origin| origin.file).collect();
        files.dedup();
        Popup::sources(look, &files)
    }

    fn lesson(&self, look: &Look<'_>) -> Step {
        let own = self.chosen().map(|(own, _)| own).or(self.origins.first());
        let entry = own.and_then(|own| look.library.files.get(own.file)?.entries.get(own.entry));
        match own.zip(entry) {
            Some((own, entry)) => Step::go(Go::Read(own.file, Some(entry.start))),
            None => Step::toast("The table is gone from its file."),
        }
    }

    /// Packs were read anew: tables are known by their ids.
    fn reread(&mut self, look: &Look<'_>) -> Step {
        self.offers.clear();
        for origin in &mut self.origins {
            if let Some(Target::Entry(file, entry)) = look.library.named(&origin.id)
                && let Some(new) = Origin::new(look, file, entry, origin.entity.take())
            {
                *origin = new;
            } else {
                return Step::toast("This table is gone; what was read of it stays.");
            }
        }
        Step { effects: self.asked(), ..Step::default() }
    }

    fn opened(&mut self, path: &FilePath, text: &str, look: &Look<'_>) {
        for origin in self.origins.iter_mut().filter(|origin| origin.path == *path) {
            let Some(file) = look.library.files.get(origin.file) else { continue };
            if let Parsed::Tables(tables) = Parsed::new(file, text) {
                origin.table = tables.into_iter().find(|table| table.id == origin.id);
            }
            if origin.table.is_none() && self.view.is_none() {
                self.failed = Some(format!("The table `{}` is not in `{}` any more.", origin.id, path.path));
            }
        }
        let Some(matrix) = self.matrix() else { return };
        self.failed = None;
        let (new, old) = match self.view.take() {
            Some(old) => (old.clone().moved_to(matrix), Some(old)),
            None if self.contrasts() => (View::contrasting(matrix), None),
            None => (View::new(matrix), None),
        };
        match (std::mem::replace(&mut self.doing, Doing::Looking), old) {
            (Doing::Recalling(recall), Some(old)) => {
                self.doing = recall.moved_to(&old, &new).map_or(Doing::Looking, Doing::Recalling);
            }
            // What was named stands where the attributes are the same.
            (Doing::Drawing(sketch), Some(old)) if old.matrix.attributes == new.matrix.attributes => {
                self.doing = Doing::Drawing(sketch);
            }
            _ => {}
        }
        self.view = Some(new);
        if std::mem::take(&mut self.drawn) {
            self.sketch(look);
        }
        self.lay(look);
    }

    /// What is compared, once every table is there.
    fn matrix(&self) -> Option<Matrix> {
        let side = |origin: &Origin| -> Option<usize> {
            origin.table.as_ref()?.entities.iter().position(|name| Some(name) == origin.entity.as_ref())
        };
        match self.origins.as_slice() {
            [one] => one.table.as_ref().map(Matrix::of),
            [one, other] => {
                let sides = (one.table.as_ref()?, side(one)?);
                Some(Matrix::side_by_side(sides, (other.table.as_ref()?, side(other)?)))
            }
            _ => None,
        }
    }
}

impl Origin {
    fn new(look: &Look<'_>, file: usize, entry: usize, entity: Option<String>) -> Option<Self> {
        let found = look.library.files.get(file)?;
        let pack = look.library.modules.get(found.module)?.pack;
        let path = FilePath { pack, path: found.path.clone() };
        Some(Self { path, file, entry, id: found.entries.get(entry)?.id.clone(), entity, table: None })
    }
}
