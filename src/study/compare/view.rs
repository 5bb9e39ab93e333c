//! Which cells of a comparison are seen, and in which order; and the cell that is chosen.

use std::collections::BTreeSet;

use super::order::sorted;
use super::{Cell, Matrix, Shared};

/// Entities in the order of their cells of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub attribute: usize,
    pub down: bool,
}

/// Two entities of which only the differences are shown, unless what is the same is asked for too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contrast {
    pub same: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub matrix: Matrix,
    /// Whether the attributes are the rows.
    turned: bool,
    /// Whether one entity is shown, with its attributes as rows.
    single: bool,
    pub sort: Option<Sort>,
    filter: String,
    /// Whether the filter is about attributes: it stays with what were the rows when it was typed.
    of_attributes: bool,
    pub contrast: Option<Contrast>,
    hidden: BTreeSet<usize>,
    hidden_attributes: BTreeSet<usize>,
    /// The entity and the attribute of the chosen cell.
    at: (usize, usize),
}

impl View {
    /// A whole table. What there is more of makes the rows, because scrolling down is easier than sideways.
    #[must_use]
    pub fn new(matrix: Matrix) -> Self {
        let turned = matrix.attributes.len() > matrix.entities.len();
        Self { matrix, turned, ..Self::default() }
    }

    /// A whole table with its entities as the rows.
    #[must_use]
    pub fn of_entities(matrix: Matrix) -> Self {
        Self { matrix, ..Self::default() }
    }

    /// Two entities side by side.
    #[must_use]
    pub fn contrasting(matrix: Matrix) -> Self {
        let mut view = Self { matrix, turned: true, contrast: Some(Contrast::default()), ..Self::default() };
        view.settle();
        view
    }

    /// Whether the attributes are the rows now.
    #[must_use]
    pub fn turned(&self) -> bool {
        self.turned || self.single
    }

    #[must_use]
    pub fn single(&self) -> bool {
        self.single
    }

    pub fn show_single(&mut self, single: bool) {
        self.single = single && self.contrast.is_none();
        self.settle();
    }

    pub fn turn(&mut self) {
        self.turned = !self.turned;
        self.settle();
    }

    /// The entity and the attribute of the chosen cell.
    #[must_use]
    pub fn at(&self) -> (usize, usize) {
        self.at
    }

    pub fn choose(&mut self, entity: usize, attribute: usize) {
        self.at = (entity, attribute);
        self.settle();
    }

    /// The entities in order, whether their rows pass the filter or not.
    fn all_entities(&self) -> Vec<usize> {
        let count = self.matrix.entities.len();
        let order = match self.sort {
            Some(Sort { attribute, down }) => {
                let texts: Vec<&str> = (0..count).map(|entity| self.matrix.text(entity, attribute)).collect();
                sorted(&texts, down)
            }
            None => (0..count).collect(),
        };
        order.into_iter().filter(|entity| !self.hidden.contains(entity)).collect()
    }

    /// The attributes in order, whether their rows pass the filter or not.
    fn all_attributes(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            (0..self.matrix.attributes.len()).filter(|at| !self.hidden_attributes.contains(at)).collect();
        if let Some(contrast) = self.contrast {
            all.sort_by_key(|at| (self.matrix.shared(*at), *at));
            all.retain(|at| contrast.same || self.matrix.shared(*at) != Shared::Same);
        }
        all
    }

    #[must_use]
    pub fn entities(&self) -> Vec<usize> {
        let all = self.all_entities();
        if self.of_attributes || self.filter.is_empty() {
            return all;
        }
        let attributes = self.all_attributes();
        let has = |entity: &usize| {
            self.passes(self.matrix.entities.get(*entity), attributes.iter().map(|at| self.matrix.text(*entity, *at)))
        };
        all.into_iter().filter(has).collect()
    }

    #[must_use]
    pub fn attributes(&self) -> Vec<usize> {
        let all = self.all_attributes();
        if !self.of_attributes || self.filter.is_empty() {
            return all;
        }
        let entities = self.all_entities();
        let has = |attribute: &usize| {
            let cells = entities.iter().map(|entity| self.matrix.text(*entity, *attribute));
            self.passes(self.matrix.attributes.get(*attribute), cells)
        };
        all.into_iter().filter(has).collect()
    }

    /// Whether a row holds every word of the filter.
    fn passes<'a>(&self, name: Option<&'a String>, cells: impl Iterator<Item = &'a str>) -> bool {
        let mut text = name.map_or_else(String::new, |name| name.to_lowercase());
        for cell in cells {
            text.push('\n');
            text.push_str(&cell.to_lowercase());
        }
        self.filter.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    #[must_use]
    pub fn rows(&self) -> Vec<usize> {
        if self.turned() { self.attributes() } else { self.entities() }
    }

    #[must_use]
    pub fn columns(&self) -> Vec<usize> {
        match (self.single, self.turned) {
            (true, _) => vec![self.at.0],
            (false, true) => self.entities(),
            (false, false) => self.attributes(),
        }
    }

    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// How many pass the filter, and of how many.
    #[must_use]
    pub fn passed(&self) -> (usize, usize) {
        if self.of_attributes {
            (self.attributes().len(), self.all_attributes().len())
        } else {
            (self.entities().len(), self.all_entities().len())
        }
    }

    /// The entity and the attribute that meet in a row and a column.
    #[must_use]
    pub fn cross(&self, row: usize, column: usize) -> (usize, usize) {
        if self.turned() { (column, row) } else { (row, column) }
    }

    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let (entity, attribute) = self.cross(row, column);
        self.matrix.cell(entity, attribute)
    }

    #[must_use]
    pub fn row_name(&self, row: usize) -> &str {
        let names = if self.turned() { &self.matrix.attributes } else { &self.matrix.entities };
        names.get(row).map_or("", String::as_str)
    }

    #[must_use]
    pub fn column_name(&self, column: usize) -> &str {
        let names = if self.turned() { &self.matrix.entities } else { &self.matrix.attributes };
        names.get(column).map_or("", String::as_str)
    }

    /// Where the chosen cell stands among the rows and columns that are seen.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let (row, column) = if self.turned() { (self.at.1, self.at.0) } else { self.at };
        let find = |all: &[usize], at: usize| all.iter().position(|known| *known == at).unwrap_or(0);
        (find(&self.rows(), row), find(&self.columns(), column))
    }

    /// Goes so many rows and columns further.
    pub fn go(&mut self, down: isize, right: isize) {
        let (rows, columns) = (self.rows(), self.columns());
        let (row, column) = self.position();
        let step = |at: usize, by: isize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
        let row = rows.get(step(row, down, rows.len()));
        let column = columns.get(step(column, right, columns.len()));
        if let (Some(row), Some(column)) = (row, column) {
            self.at = self.cross(*row, *column);
        }
    }

    /// Goes to another entity, whichever way it lies.
    pub fn next_entity(&mut self, by: isize) {
        let all = self.entities();
        let here = all.iter().position(|entity| *entity == self.at.0).unwrap_or(0);
        if let Some(entity) = all.get(here.saturating_add_signed(by).min(all.len().saturating_sub(1))) {
            self.at.0 = *entity;
        }
    }

    /// The cell that is chosen is one that is seen: the same, or the nearest before it.
    fn settle(&mut self) {
        let near = |all: &[usize], at: usize| {
            let same = all.iter().find(|known| **known == at);
            same.or_else(|| all.iter().filter(|known| **known <= at).max()).or_else(|| all.iter().min()).copied()
        };
        let entity = near(&self.entities(), self.at.0).unwrap_or(0);
        let attribute = near(&self.attributes(), self.at.1).unwrap_or(0);
        self.at = (entity, attribute);
    }

    /// Entities in the order of the chosen attribute: up, then down, then as the author wrote them.
    pub fn sort_by_chosen(&mut self) {
        let attribute = self.at.1;
        self.sort = match self.sort {
            Some(Sort { attribute: known, down: false }) if known == attribute => Some(Sort { attribute, down: true }),
            Some(Sort { attribute: known, down: true }) if known == attribute => None,
            _ => Some(Sort { attribute, down: false }),
        };
    }

    /// Hides the chosen column; the last one stays.
    pub fn hide(&mut self) -> bool {
        let columns = self.columns();
        if self.single || columns.len() < 2 {
            return false;
        }
        let (_, at) = self.position();
        let next = columns.get(at + 1).or_else(|| columns.get(at.saturating_sub(1))).copied();
        if self.turned() {
            self.hidden.insert(self.at.0);
            self.at.0 = next.unwrap_or(0);
        } else {
            self.hidden_attributes.insert(self.at.1);
            self.at.1 = next.unwrap_or(0);
        }
        self.settle();
        true
    }

    /// How many rows and columns are hidden.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden.len() + self.hidden_attributes.len()
    }

    /// Nothing is hidden or left out any more.
    pub fn show_everything(&mut self) {
        self.unhide();
        self.set_filter("");
    }

    pub fn unhide(&mut self) {
        self.hidden.clear();
        self.hidden_attributes.clear();
        self.settle();
    }

    pub fn set_filter(&mut self, text: &str) {
        // What is being typed goes on about the same rows.
        if self.filter.is_empty() {
            self.of_attributes = self.turned();
        }
        text.trim_start().clone_into(&mut self.filter);
        self.settle();
    }

    /// Shows what is the same in both too, or not.
    pub fn toggle_same(&mut self) {
        if let Some(contrast) = &mut self.contrast {
            contrast.same = !contrast.same;
        }
        self.settle();
    }

    /// How many attributes are the same in both of a contrast.
    #[must_use]
    pub fn same(&self) -> usize {
        (0..self.matrix.attributes.len()).filter(|at| self.matrix.shared(*at) == Shared::Same).count()
    }

    /// The words above a row of a contrast with which another group begins.
    #[must_use]
    pub fn heading(&self, row: usize, before: Option<usize>) -> Option<String> {
        self.contrast?;
        let shared = self.matrix.shared(row);
        if before.map(|before| self.matrix.shared(before)) == Some(shared) {
            return None;
        }
        match shared {
            Shared::Different => None,
            Shared::Same => Some("The same".to_owned()),
            Shared::Only(entity) => Some(format!("Only {}", self.matrix.entities.get(entity)?)),
        }
    }

    /// The same view of a matrix that was read anew: what is hidden, sorted and chosen is known by its name.
    #[must_use]
    pub fn moved_to(self, matrix: Matrix) -> Self {
        let find = |old: &[String], new: &[String], at: usize| {
            let name = old.get(at)?;
            new.iter().position(|known| known == name)
        };
        let entity = |at: usize| find(&self.matrix.entities, &matrix.entities, at);
        let attribute = |at: usize| find(&self.matrix.attributes, &matrix.attributes, at);
        let sort = self.sort.and_then(|sort| Some(Sort { attribute: attribute(sort.attribute)?, ..sort }));
        let hidden = self.hidden.iter().filter_map(|at| entity(*at)).collect();
        let hidden_attributes = self.hidden_attributes.iter().filter_map(|at| attribute(*at)).collect();
        let at = (entity(self.at.0).unwrap_or(0), attribute(self.at.1).unwrap_or(0));
        let mut view = Self { matrix, sort, hidden, hidden_attributes, at, ..self };
        view.settle();
        view
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{BALANCERS, TARGETS, parsed};
    use super::*;
    use proptest::prelude::*;

    fn view() -> View {
        View::new(Matrix::of(&parsed(BALANCERS)[0]))
    }

    fn names(view: &View) -> (Vec<&str>, Vec<&str>) {
        let rows = view.rows().into_iter().map(|row| view.row_name(row)).collect();
        (rows, view.columns().into_iter().map(|column| view.column_name(column)).collect())
    }

    #[test]
    fn what_there_is_more_of_makes_the_rows() {
        assert_eq!(names(&view()), (vec!["Layer", "Timeout", "Trap", "Price"], vec!["ALB", "NLB", "GWLB"]));
        let wide = View::new(Matrix::of(&parsed(TARGETS)[0]));
        assert_eq!(names(&wide), (vec!["NLB", "ip"], vec!["Layer", "Address seen"]));
    }

    #[test]
    fn sorting_hiding_and_filtering_keep_the_chosen_cell() {
        let mut view = view();
        view.choose(0, 1);
        view.sort_by_chosen();
        view.sort_by_chosen();
        assert_eq!(names(&view).1, ["NLB", "GWLB", "ALB"]);
        assert_eq!((view.at(), view.position()), ((0, 1), (1, 2)));
        view.sort_by_chosen();
        assert_eq!(names(&view).1, ["ALB", "NLB", "GWLB"]);
        assert!(view.hide());
        assert_eq!((names(&view).1, view.at()), (vec!["NLB", "GWLB"], (1, 1)));
        assert!(view.hide() && !view.hide());
        view.unhide();
        view.set_filter("geneve");
        assert_eq!((names(&view).0, view.passed()), (vec!["Trap"], (1, 4)));
        assert_eq!(view.cell(view.rows()[0], 2).map(|cell| cell.text.as_str()), Some("GENEVE"));
        view.turn();
        assert_eq!(names(&view), (vec!["ALB", "NLB", "GWLB"], vec!["Trap"]));
        view.set_filter("");
        view.set_filter("no such");
        assert_eq!(view.rows().len(), 0);
        view.go(1, 1);
        view.set_filter("");
        view.show_single(true);
        assert_eq!(names(&view).1.len(), 1);
        view.next_entity(1);
        assert_eq!(names(&view).1, [view.matrix.entities[view.at().0].as_str()]);
    }

    #[test]
    fn a_contrast_shows_what_differs() {
        let (one, other) = (&parsed(BALANCERS)[0], &parsed(TARGETS)[0]);
        let mut view = View::contrasting(Matrix::side_by_side((one, 1), (one, 2)));
        assert_eq!(names(&view), (vec!["Layer", "Trap", "Price"], vec!["NLB", "GWLB"]));
        assert_eq!(view.same(), 1);
        view.toggle_same();
        assert_eq!(names(&view).0, ["Layer", "Trap", "Price", "Timeout"]);
        assert_eq!(view.heading(1, Some(3)).as_deref(), Some("The same"));
        let two = View::contrasting(Matrix::side_by_side((one, 1), (other, 1)));
        assert_eq!(names(&two).0, ["Layer", "Timeout", "Trap", "Price", "Address seen"]);
        let headings: Vec<_> = [0, 1, 2, 3, 4].map(|row: usize| two.heading(row, row.checked_sub(1))).into();
        assert_eq!(headings, [None, Some("Only NLB".to_owned()), None, None, Some("Only ip".to_owned())]);
    }

    #[test]
    fn a_table_read_anew_is_seen_the_same_way() {
        let mut old = view();
        old.choose(2, 1);
        old.sort_by_chosen();
        old.choose(1, 0);
        old.hide();
        old.choose(2, 2);
        let text = BALANCERS.replace("| | Layer | Timeout", "| | Timeout | Layer");
        let new = old.clone().moved_to(Matrix::of(&parsed(&text)[0]));
        assert_eq!((new.hidden(), new.at(), new.sort.map(|sort| sort.attribute)), (1, (2, 2), Some(0)));
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_always_seen(acts in prop::collection::vec((0_u8..9, -3_isize..4), 0..40)) {
            let mut view = view();
            for (act, by) in acts {
                match act {
                    0 => view.go(by, 0),
                    1 => view.go(0, by),
                    2 => view.turn(),
                    3 => { view.hide(); }
                    4 => view.unhide(),
                    5 => view.sort_by_chosen(),
                    6 => view.set_filter(["", "nlb", "s", "zz"][by.unsigned_abs() % 4]),
                    7 => view.show_single(by > 0),
                    _ => view.next_entity(by),
                }
                let (entity, attribute) = view.at();
                let (rows, columns) = (view.rows(), view.columns());
                let seen = rows.iter().any(|row| columns.iter().any(|c| view.cross(*row, *c) == (entity, attribute)));
                prop_assert!(seen || rows.is_empty() || columns.is_empty(), "{:?}", view);
            }
        }
    }
}
