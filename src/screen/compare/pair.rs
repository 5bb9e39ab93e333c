//! Two entities side by side: what is offered, what is opened, what of it is drilled.

use super::list::tables;
use super::{Compare, Origin};
use crate::content::library::Target;
use crate::screen::popup::{Action, Item, Popup};
use crate::screen::{Go, Look, Screen, Step};
use crate::study::queue::{From, Wish};

impl Compare {
    /// Offers what can stand beside the chosen entity: first those of its table, then all others.
    pub(super) fn offer(&mut self, look: &Look<'_>) -> Step {
        let Some((own, name)) = self.chosen() else { return Step::default() };
        let (file, entry) = (own.file, own.entry);
        let mut items = Vec::new();
        let mut offers = Vec::new();
        let own_first = |(at, place, _): &(usize, usize, _)| (*at, *place) != (file, entry);
        let mut all: Vec<_> = tables(look.library).collect();
        all.sort_by_key(own_first);
        for (at, place, found) in all {
            let same = (at, place) == (file, entry);
            for (entity, other) in found.axes.iter().flat_map(|axes| axes.entities.iter().enumerate()) {
                if same && *other == name {
                    continue;
                }
                let text = if same { other.clone() } else { format!("{other} {} {}", look.glyphs.dot, found.title) };
                items.push(Item::new(&text, "", Action::Jump(offers.len())));
                offers.push((at, place, entity));
            }
        }
        self.offers = offers;
        Step::go(Go::Open(Popup::search("Put beside it", items)))
    }

    /// Where the chosen entity comes from, and its name there.
    pub(super) fn chosen(&self) -> Option<(&Origin, String)> {
        let view = self.view.as_ref()?;
        let at = view.at().0;
        match self.origins.as_slice() {
            [one] => Some((one, view.matrix.entities.get(at)?.clone())),
            both => both.get(at).and_then(|origin| Some((origin, origin.entity.clone()?))),
        }
    }

    pub(super) fn contrast(&mut self, offer: usize, look: &Look<'_>) -> Step {
        let Some((file, entry, entity)) = self.offers.get(offer).copied() else { return Step::default() };
        let axes = look.library.files.get(file).and_then(|file| file.entries.get(entry)?.axes.as_ref());
        let Some(other) = axes.and_then(|axes| axes.entities.get(entity)).cloned() else { return Step::default() };
        let mine = self.chosen().and_then(|(own, name)| Origin::new(look, own.file, own.entry, Some(name)));
        let Some(pair) = mine.zip(Origin::new(look, file, entry, Some(other))) else { return Step::default() };
        let contrast = Self::of(look, vec![pair.0, pair.1]);
        if self.contrasts() {
            let (compare, effects) = contrast;
            return Step { effects, ..Step::go(Go::Replace(Box::new(Screen::Compare(Box::new(compare))))) };
        }
        Self::enter(contrast)
    }

    /// What is drilled: the cards of the table, or those of the two that are contrasted.
    pub(super) fn wish(&self, look: &Look<'_>) -> Option<(Wish, String)> {
        let own = self.origins.first()?;
        if self.contrasts() {
            let view = self.view.as_ref()?;
            let cells = view.attributes().into_iter().flat_map(|attribute| [(0, attribute), (1, attribute)]);
            let cards = cells.filter_map(|(entity, attribute)| view.matrix.cell(entity, attribute)?.card.as_ref());
            let these: Vec<usize> = cards.filter_map(|card| look.items.find(look.library, card)).collect();
            let wish = Wish { from: From::These(these.clone()), ..Wish::default() };
            return (!these.is_empty()).then(|| (wish, view.matrix.entities.join(&format!(" {} ", look.glyphs.dash))));
        }
        let target = Target::Entry(own.file, own.entry);
        let title = look.library.files.get(own.file)?.entries.get(own.entry)?.title.clone();
        let wish = Wish { from: From::Place(target), ..Wish::default() };
        (!look.items.at(look.library, target).is_empty()).then_some((wish, title))
    }
}
