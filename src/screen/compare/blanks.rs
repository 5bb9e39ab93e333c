//! Recalling cells in place, into the same schedule as everything else.

use super::{Compare, Doing};
use crate::command::Command;
use crate::effect::Effect;
use crate::screen::popup::{Item, Popup};
use crate::screen::{Go, Look, Step};
use crate::study::compare::recall::{Blanked, Recall, Which};
use crate::study::hash;
use crate::study::review::{Act, Grade, Review};
use crate::text::count;
use crate::ui::sheet::Mark;

impl Compare {
    /// Where the lot of this moment begins.
    pub(super) fn lot(&self, look: &Look<'_>) -> u64 {
        let id = self.origins.first().map_or("", |origin| origin.id.as_str());
        hash(&[&look.seed.to_le_bytes(), id.as_bytes(), &look.now.at.to_le_bytes(), &look.next.ordinal.to_le_bytes()])
    }

    pub(super) fn recall(&mut self, which: Which, look: &Look<'_>) -> Step {
        let recall = self.view.as_ref().and_then(|view| Recall::new(view, which));
        match recall {
            Some(recall) => self.begin(recall, look),
            None => Step::toast("There is nothing to recall here."),
        }
    }

    /// What may be recalled of what is seen.
    pub(super) fn menu(&self) -> Popup {
        let Some(view) = &self.view else { return Popup::list("Recall", Vec::new()) };
        let (entity, attribute) = view.at();
        let entity = view.matrix.entities.get(entity).map_or("", String::as_str);
        let attribute = view.matrix.attributes.get(attribute).map_or("", String::as_str);
        let (row, column) = if view.turned() { (attribute, entity) } else { (entity, attribute) };
        let mut choices = Vec::new();
        if !view.single() {
            choices.push((Command::BlankRow, Which::Row, format!("The row: {row}")));
        }
        choices.push((Command::BlankColumn, Which::Column, format!("The column: {column}")));
        if !view.single() {
            choices.push((Command::BlankSome, Which::Some(0), "A third of the cells, by chance".to_owned()));
            choices.push((Command::BlankAll, Which::All, "Every cell".to_owned()));
        }
        let mut items: Vec<Item> = Vec::new();
        for (command, which, text) in choices {
            let Some(recall) = Recall::new(view, which) else { continue };
            let cards = recall.blanks().iter().filter(|blank| blank.card.is_some()).count();
            let of = match which {
                Which::Some(_) => count(recall.blanks().len(), "cell"),
                _ => format!("{}, {cards} graded", count(recall.blanks().len(), "cell")),
            };
            items.push(Item::run(command, &text, &of));
        }
        if !self.contrasts() {
            let note = format!("Name what it compares by before you see it: {}", view.matrix.attributes.len());
            items.push(Item::run(Command::Draw, "Draw the table", &note));
        }
        Popup::list("Recall", items)
    }

    fn begin(&mut self, recall: Recall, look: &Look<'_>) -> Step {
        self.doing = Doing::Recalling(recall);
        self.next_blank(look);
        Step::default()
    }

    /// Goes to the next hidden cell; stays where there is none.
    fn next_blank(&mut self, look: &Look<'_>) {
        let (Doing::Recalling(recall), Some(view)) = (&self.doing, &mut self.view) else { return };
        let here = view.at();
        let hidden = recall.get(here).is_some_and(|blank| blank.state == Blanked::Hidden);
        if !hidden && let Some((entity, attribute)) = recall.next(here) {
            view.choose(entity, attribute);
        }
        self.since = look.now;
        self.lay(look);
    }

    pub(super) fn can_recall(&self, recall: &Recall, command: Command) -> bool {
        let shown = recall.shown().is_some();
        match command {
            Command::Again | Command::Hard | Command::Good | Command::Easy => shown,
            Command::Tick => false,
            Command::Left | Command::Right => !shown && self.columns.len() > 1,
            Command::NextEntity | Command::PreviousEntity => !shown,
            Command::Undo => !shown && recall.last().is_some(),
            _ => true,
        }
    }

    /// Commands while cells are recalled.
    pub(super) fn recalling(&mut self, command: Command, look: &Look<'_>) -> Step {
        let Doing::Recalling(recall) = &self.doing else { return Step::default() };
        let shown = recall.shown().is_some();
        match command {
            Command::Choose if shown => return self.grade(Grade::Good, look),
            Command::Again if shown => return self.grade(Grade::Again, look),
            Command::Hard if shown => return self.grade(Grade::Hard, look),
            Command::Good if shown => return self.grade(Grade::Good, look),
            Command::Easy if shown => return self.grade(Grade::Easy, look),
            Command::Choose => return self.show_or_go_on(look),
            Command::Undo => {
                if let Some((card, row)) = recall.last() {
                    let review = look.review(card, Act::Void(row));
                    self.writing = Some(review.id);
                    return Step { effects: vec![Effect::Record(vec![review])], ..Step::default() };
                }
            }
            Command::Facts => return Step::go(Go::Open(self.sources(look))),
            Command::Back => {
                self.doing = Doing::Looking;
                self.lay(look);
            }
            Command::Up | Command::Down if shown => self.within(command == Command::Down),
            _ if shown => {}
            command => {
                let walked = matches!(
                    command,
                    Command::Up
                        | Command::Down
                        | Command::Left
                        | Command::Right
                        | Command::HalfUp
                        | Command::HalfDown
                        | Command::PageUp
                        | Command::PageDown
                        | Command::Top
                        | Command::Bottom
                        | Command::NextEntity
                        | Command::PreviousEntity
                );
                if walked {
                    self.since = look.now;
                    return self.command(command, look);
                }
            }
        }
        Step::default()
    }

    fn within(&mut self, down: bool) {
        if let Some(view) = &self.view {
            let (row, _) = view.position();
            self.sheet.within(row, down);
        }
    }

    /// Shows the chosen cell when it is hidden; else goes to the next that is, and at the end to what was missed.
    fn show_or_go_on(&mut self, look: &Look<'_>) -> Step {
        let (Doing::Recalling(recall), Some(view)) = (&mut self.doing, &self.view) else { return Step::default() };
        if recall.left() == 0 {
            let missed = recall.missed(view);
            self.doing = Doing::Looking;
            if let Some(missed) = missed {
                return self.begin(missed, look);
            }
            self.lay(look);
            return Step::default();
        }
        if recall.reveal(view.at()) {
            self.lay(look);
        } else {
            self.next_blank(look);
        }
        Step::default()
    }

    fn grade(&mut self, grade: Grade, look: &Look<'_>) -> Step {
        let Doing::Recalling(recall) = &self.doing else { return Step::default() };
        let Some(card) = recall.shown().and_then(|blank| blank.card.as_deref()) else { return Step::default() };
        let took = u32::try_from((look.now.at - self.since.at).max(0)).unwrap_or(u32::MAX);
        let review = Review { took, ..look.review(card, Act::Grade(grade)) };
        self.writing = Some(review.id);
        Step { effects: vec![Effect::Record(vec![review])], ..Step::default() }
    }

    pub(super) fn recorded(&mut self, rows: &[Review], look: &Look<'_>) -> Step {
        let Some(row) = rows.iter().find(|row| Some(row.id) == self.writing) else { return Step::default() };
        self.writing = None;
        let Doing::Recalling(recall) = &mut self.doing else { return Step::default() };
        match row.act {
            Act::Grade(grade) => {
                recall.graded(&row.item, grade, row.id);
                self.next_blank(look);
                Step::default()
            }
            Act::Void(target) => {
                if let (Some((entity, attribute)), Some(view)) = (recall.taken_back(target), &mut self.view) {
                    view.choose(entity, attribute);
                }
                self.since = look.now;
                self.lay(look);
                Step::toast("Taken back.")
            }
            _ => Step::default(),
        }
    }

    /// How a cell is drawn.
    pub(super) fn mark(&self, cell: (usize, usize)) -> Mark {
        let Doing::Recalling(recall) = &self.doing else { return Mark::None };
        match recall.get(cell).map(|blank| blank.state) {
            None => Mark::None,
            Some(Blanked::Hidden) => Mark::Blank,
            Some(Blanked::Graded(grade, _)) if grade.passed() => Mark::Right,
            Some(Blanked::Graded(..)) => Mark::Wrong,
            Some(Blanked::Shown | Blanked::Seen) => Mark::Shown,
        }
    }
}
