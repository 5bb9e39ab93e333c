//! Cells of a comparison blanked out and recalled in place.

use std::collections::BTreeSet;

use super::view::View;
use crate::study::ask::shuffle;
use crate::study::review::{Grade, ReviewId};

/// Which cells are blanked out, of those that are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Row,
    Column,
    /// A third of them, by a seed.
    Some(u64),
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    pub entity: usize,
    pub attribute: usize,
    /// The card that keeps how well it is known.
    pub card: Option<String>,
    pub state: Blanked,
}

/// How far a blanked cell has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blanked {
    Hidden,
    /// Shown, and not graded yet.
    Shown,
    /// Graded; the row of the log says so.
    Graded(Grade, ReviewId),
    /// Shown; there is no card that could be graded.
    Seen,
}

/// Cells that are being recalled, in the order in which they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    blanks: Vec<Blank>,
}

impl Recall {
    /// Blanks cells of a view; nothing when none of them has words.
    #[must_use]
    pub fn new(view: &View, which: Which) -> Option<Self> {
        let (rows, columns) = (view.rows(), view.columns());
        let chosen = view.at();
        let mut cells: Vec<(usize, usize)> = rows
            .iter()
            .flat_map(|row| columns.iter().map(move |column| view.cross(*row, *column)))
            .filter(|(entity, attribute)| view.matrix.cell(*entity, *attribute).is_some())
            .collect();
        let turned = view.turned();
        let of_row = |cell: &(usize, usize)| if turned { cell.1 == chosen.1 } else { cell.0 == chosen.0 };
        let of_column = |cell: &(usize, usize)| if turned { cell.0 == chosen.0 } else { cell.1 == chosen.1 };
        match which {
            Which::Row => cells.retain(of_row),
            Which::Column => cells.retain(of_column),
            Which::Some(seed) => {
                let mut lot = cells.clone();
                shuffle(&mut lot, seed);
                let taken: BTreeSet<(usize, usize)> = lot.into_iter().take(cells.len().div_ceil(3)).collect();
                cells.retain(|cell| taken.contains(cell));
            }
            Which::All => {}
        }
        Self::of(view, cells)
    }

    fn of(view: &View, cells: Vec<(usize, usize)>) -> Option<Self> {
        let blank = |(entity, attribute): (usize, usize)| {
            let card = view.matrix.cell(entity, attribute).and_then(|cell| cell.card.clone());
            Blank { entity, attribute, card, state: Blanked::Hidden }
        };
        (!cells.is_empty()).then(|| Self { blanks: cells.into_iter().map(blank).collect() })
    }

    /// What was missed, once more.
    #[must_use]
    pub fn missed(&self, view: &View) -> Option<Self> {
        let missed = self.blanks.iter().filter(|blank| matches!(blank.state, Blanked::Graded(Grade::Again, _)));
        Self::of(view, missed.map(|blank| (blank.entity, blank.attribute)).collect())
    }

    #[must_use]
    pub fn blanks(&self) -> &[Blank] {
        &self.blanks
    }

    #[must_use]
    pub fn get(&self, (entity, attribute): (usize, usize)) -> Option<&Blank> {
        self.blanks.iter().find(|blank| (blank.entity, blank.attribute) == (entity, attribute))
    }

    fn count(&self, wanted: impl Fn(&Blanked) -> bool) -> usize {
        self.blanks.iter().filter(|blank| wanted(&blank.state)).count()
    }

    /// How many are not answered yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.count(|state| matches!(state, Blanked::Hidden | Blanked::Shown))
    }

    #[must_use]
    pub fn known(&self) -> usize {
        self.count(|state| matches!(state, Blanked::Graded(grade, _) if grade.passed()))
    }

    #[must_use]
    pub fn forgotten(&self) -> usize {
        self.count(|state| matches!(state, Blanked::Graded(grade, _) if !grade.passed()))
    }

    /// How many were shown that no card asks for.
    #[must_use]
    pub fn ungraded(&self) -> usize {
        self.count(|state| *state == Blanked::Seen)
    }

    /// The cell that waits for its grade.
    #[must_use]
    pub fn shown(&self) -> Option<&Blank> {
        self.blanks.iter().find(|blank| blank.state == Blanked::Shown)
    }

    /// The next cell that is hidden, behind a cell or from the beginning.
    #[must_use]
    pub fn next(&self, after: (usize, usize)) -> Option<(usize, usize)> {
        let here = self.blanks.iter().position(|blank| (blank.entity, blank.attribute) == after);
        let from = here.map_or(0, |here| here + 1);
        let round = self.blanks.iter().skip(from).chain(self.blanks.iter().take(from));
        round.filter(|blank| blank.state == Blanked::Hidden).map(|blank| (blank.entity, blank.attribute)).next()
    }

    /// Shows a hidden cell. One that no card asks for is done with that.
    pub fn reveal(&mut self, at: (usize, usize)) -> bool {
        let found = self.blanks.iter_mut().find(|blank| (blank.entity, blank.attribute) == at);
        match found.filter(|blank| blank.state == Blanked::Hidden) {
            Some(blank) => {
                blank.state = if blank.card.is_some() { Blanked::Shown } else { Blanked::Seen };
                true
            }
            None => false,
        }
    }

    /// A grade of the shown cell is on disk.
    pub fn graded(&mut self, card: &str, grade: Grade, row: ReviewId) {
        let shown = self.blanks.iter_mut().find(|blank| blank.state == Blanked::Shown);
        if let Some(blank) = shown.filter(|blank| blank.card.as_deref() == Some(card)) {
            blank.state = Blanked::Graded(grade, row);
        }
    }

    /// The last grade, which may be taken back.
    #[must_use]
    pub fn last(&self) -> Option<(&str, ReviewId)> {
        let graded = self.blanks.iter().filter_map(|blank| match blank.state {
            Blanked::Graded(_, row) => Some((blank.card.as_deref()?, row)),
            _ => None,
        });
        graded.max_by_key(|(_, row)| *row)
    }

    /// A grade was taken back: its cell is asked for again.
    pub fn taken_back(&mut self, row: ReviewId) -> Option<(usize, usize)> {
        let graded = |blank: &&mut Blank| matches!(blank.state, Blanked::Graded(_, known) if known == row);
        let blank = self.blanks.iter_mut().find(graded)?;
        blank.state = Blanked::Hidden;
        Some((blank.entity, blank.attribute))
    }

    /// The same cells in a view of a matrix that was read anew; those that are gone are left out.
    #[must_use]
    pub fn moved_to(self, old: &View, new: &View) -> Option<Self> {
        let find = |old: &[String], new: &[String], at: usize| {
            let name = old.get(at)?;
            new.iter().position(|known| known == name)
        };
        let moved = |blank: Blank| {
            let entity = find(&old.matrix.entities, &new.matrix.entities, blank.entity)?;
            let attribute = find(&old.matrix.attributes, &new.matrix.attributes, blank.attribute)?;
            let card = new.matrix.cell(entity, attribute)?.card.clone();
            let gone = card.is_none() && blank.state == Blanked::Shown;
            Some(Blank { entity, attribute, card, state: if gone { Blanked::Seen } else { blank.state } })
        };
        let blanks: Vec<Blank> = self.blanks.into_iter().filter_map(moved).collect();
        (!blanks.is_empty()).then_some(Self { blanks })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Matrix;
    use super::super::tests::{BALANCERS, parsed};
    use super::*;

    fn view() -> View {
        View::new(Matrix::of(&parsed(BALANCERS)[0]))
    }

    fn cells(recall: &Recall) -> Vec<(usize, usize)> {
        recall.blanks().iter().map(|blank| (blank.entity, blank.attribute)).collect()
    }

    #[test]
    fn rows_columns_and_lots_are_blanked() {
        let mut view = view();
        view.choose(1, 2);
        assert_eq!(cells(&Recall::new(&view, Which::Row).unwrap()), [(0, 2), (1, 2), (2, 2)]);
        assert_eq!(cells(&Recall::new(&view, Which::Column).unwrap()), [(1, 0), (1, 1), (1, 2), (1, 3)]);
        view.turn();
        assert_eq!(cells(&Recall::new(&view, Which::Row).unwrap()), [(1, 0), (1, 1), (1, 2), (1, 3)]);
        assert_eq!(Recall::new(&view, Which::All).unwrap().left(), 12);
        let lots: Vec<_> = (0..20).map(|seed| cells(&Recall::new(&view, Which::Some(seed)).unwrap())).collect();
        assert!(lots.iter().all(|lot| lot.len() == 4 && lot.is_sorted()) && lots.iter().any(|lot| *lot != lots[0]));
        view.set_filter("nothing has this");
        assert_eq!(Recall::new(&view, Which::All), None);
    }

    #[test]
    fn a_cell_is_shown_graded_and_taken_back() {
        let mut view = view();
        view.choose(0, 0);
        let mut recall = Recall::new(&view, Which::Column).unwrap();
        assert_eq!(recall.next((9, 9)), Some((0, 0)));
        assert!(recall.reveal((0, 0)) && !recall.reveal((0, 0)));
        let row = ReviewId { run: 1, ordinal: 5 };
        recall.graded("another", Grade::Good, row);
        assert_eq!(recall.left(), 4);
        recall.graded("lb/alb/layer", Grade::Good, row);
        assert_eq!((recall.left(), recall.known(), recall.next((0, 0))), (3, 1, Some((0, 1))));
        // No card asks for the trap of a balancer in this table.
        assert!(recall.reveal((0, 2)));
        assert_eq!((recall.ungraded(), recall.shown()), (1, None));
        recall.reveal((0, 1));
        recall.graded("lb/alb/timeout", Grade::Again, ReviewId { run: 1, ordinal: 6 });
        assert_eq!(cells(&recall.missed(&view).unwrap()), [(0, 1)]);
        assert_eq!(recall.last(), Some(("lb/alb/timeout", ReviewId { run: 1, ordinal: 6 })));
        assert_eq!(recall.taken_back(ReviewId { run: 1, ordinal: 6 }), Some((0, 1)));
        assert_eq!((recall.next((0, 3)), recall.missed(&view)), (Some((0, 1)), None));
    }
}
