//! What to ask next: what is due, what is new, in which order, and how it is mixed.

use std::collections::{BTreeMap, BTreeSet};

use super::day::Day;
use super::day::Moment;
use super::items::{Item, Items, Kind};
use super::progress::Progress;
use super::schedule::{Due, Scheduler, State};
use super::{hash, share, whole};
use crate::content::library::{Library, Target};

/// All that choosing may see.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub library: &'a Library,
    pub items: &'a Items,
    pub progress: &'a Progress,
    pub scheduler: &'a Scheduler,
    pub now: Moment,
    pub seed: u64,
}

/// Which items are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// Everything, within the limits of a day.
    #[default]
    Today,
    Place(Target),
    Tag(String),
    /// The items that would be forgotten first.
    Weak,
    Leeches,
    These(Vec<usize>),
}

/// What a set should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub from: From,
    /// None: every kind.
    pub kinds: Vec<Kind>,
    pub size: Option<usize>,
    pub minutes: Option<u32>,
    /// Everything, whether due or not, and without effect on the schedule.
    pub cram: bool,
}

/// How many of what is waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub due: usize,
    pub new: usize,
    pub situations: usize,
    pub questions: usize,
    pub seconds: u64,
}

/// A set without a size or a length holds at most so many items.
const SIZE: usize = 40;
/// Positions between two items of one group.
const APART: usize = 4;

impl<'a> Desk<'a> {
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day()
    }

    #[must_use]
    pub fn item(&self, at: usize) -> Option<&'a Item> {
        self.items.get(at)
    }

    #[must_use]
    pub fn id(&self, at: usize) -> &'a str {
        self.items.get(at).map_or("", |item| item.id(self.library))
    }

    #[must_use]
    pub fn state(&self, at: usize) -> &'a State {
        self.progress.state(self.id(at))
    }

    /// Seconds that an answer is expected to take.
    #[must_use]
    pub fn seconds(&self, item: &Item) -> u32 {
        let minutes = item.entry(self.library).and_then(|entry| entry.minutes).filter(|_| item.kind == Kind::Question);
        minutes.map_or(item.kind.seconds(), |minutes| minutes.saturating_mul(60))
    }

    /// When an item is due once the interview is counted in: nothing seen is due after it, and all of it comes back on
    /// one of the three days before.
    #[must_use]
    pub fn due(&self, id: &str, state: &State) -> Due {
        let today = self.today();
        let (Due::On(day), Some(date)) = (state.due, self.progress.goal.ahead(today)) else { return state.due };
        let back = 1 + i64::try_from(hash(&[id.as_bytes()]) % 3).unwrap_or(0);
        let last = state.last.map_or(today, Moment::day);
        let final_look = (date - back).max(last + 1).min(date - 1);
        if day > final_look && final_look > last { Due::On(final_look) } else { state.due }
    }

    #[must_use]
    pub fn is_due(&self, id: &str, state: &State) -> bool {
        State { due: self.due(id, state), ..state.clone() }.is_due(self.now)
    }

    /// How many new items may still be begun today.
    #[must_use]
    pub fn new_left(&self) -> usize {
        // Before the interview something new must come back twice on other days.
        if self.progress.goal.ahead(self.today()).is_some_and(|date| date - self.today() < 2) {
            return 0;
        }
        self.scheduler.rules.new_per_day.saturating_sub(self.progress.done(self.now).new)
    }

    /// What one answer today gains on the day of the interview, or a month from now, for each second that it takes.
    #[must_use]
    pub fn gain(&self, at: usize) -> f64 {
        let Some(item) = self.item(at) else { return 0.0 };
        let state = self.state(at);
        let today = self.today();
        let date = self.progress.goal.ahead(today).unwrap_or(today + 30);
        let model = &self.scheduler.model;
        let days = u32::try_from(state.last.map_or(0, |last| (today - last.day()).max(0))).unwrap_or(0);
        let later = (date - today).max(0) as f64;
        let after = |grade| model.recall(model.after(state.memory, days, grade).stability, later);
        let known = if state.seen() { state.recall(model, today) } else { 0.5 };
        let with = known * after(super::review::Grade::Good) + (1.0 - known) * after(super::review::Grade::Again);
        (with - state.recall(model, date)).max(0.0) * item.weight / f64::from(self.seconds(item).max(1))
    }

    /// The items that a wish is about, whether due or not.
    #[must_use]
    pub fn candidates(&self, wish: &Wish) -> Vec<usize> {
        let all: Vec<usize> = match &wish.from {
            From::Today | From::Weak | From::Leeches => (0..self.items.len()).collect(),
            From::Place(target) => self.items.at(self.library, *target),
            From::Tag(tag) => (0..self.items.len())
                .filter(|at| {
                    let file = self.item(*at).and_then(|item| self.library.files.get(item.file));
                    file.is_some_and(|file| file.tags.contains(tag))
                })
                .collect(),
            From::These(these) => these.clone(),
        };
        let today = self.today();
        let mut all: Vec<usize> = all
            .into_iter()
            .filter(|at| self.item(*at).is_some_and(|item| wish.kinds.is_empty() || wish.kinds.contains(&item.kind)))
            .filter(|at| !self.state(*at).aside(today) || matches!(wish.from, From::These(_)))
            .collect();
        match wish.from {
            From::Leeches => all.retain(|at| self.state(*at).leech(&self.scheduler.rules)),
            From::Weak => {
                all.retain(|at| self.state(*at).seen());
                let model = &self.scheduler.model;
                let weak = |at: &usize| whole(self.state(*at).recall(model, today) * 1e6);
                all.sort_by_cached_key(|at| weak(at));
            }
            _ => {}
        }
        all
    }

    /// The items of a set, in the order in which they are asked.
    #[must_use]
    pub fn set(&self, wish: &Wish) -> Vec<usize> {
        let all = self.candidates(wish);
        let most = wish.size.unwrap_or(SIZE);
        if wish.cram || matches!(wish.from, From::These(_) | From::Weak | From::Leeches) {
            let mut all = all;
            if matches!(wish.from, From::Place(_) | From::Tag(_) | From::Today) {
                all.sort_by_key(|at| hash(&[&self.seed.to_le_bytes(), self.id(*at).as_bytes()]));
            }
            all.truncate(most);
            return self.mixed(all);
        }
        let (mut due, mut new): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for at in all {
            let state = self.state(at);
            if !state.seen() {
                new.push(at);
            } else if self.is_due(self.id(at), state) {
                due.push(at);
            }
        }
        let today = matches!(wish.from, From::Today);
        if today {
            let done = self.progress.done(self.now).reviews;
            self.first_by_gain(&mut due);
            due.truncate(self.scheduler.rules.reviews_per_day.saturating_sub(done));
            self.first_by_gain(&mut new);
            new = self.new_of_today(new);
        } else {
            self.first_by_gain(&mut due);
        }
        let chosen = self.within(&due, &new, most, wish.minutes.or_else(|| today.then(|| self.minutes_left())));
        self.mixed(chosen)
    }

    /// Minutes of today's that are left; a set is worth at least five of them.
    #[must_use]
    pub fn minutes_left(&self) -> u32 {
        let done = u32::try_from(self.progress.done(self.now).seconds / 60).unwrap_or(u32::MAX);
        self.progress.goal.daily().saturating_sub(done).max(5)
    }

    /// What gains most comes first; what was answered wrongly with confidence before all else.
    fn first_by_gain(&self, all: &mut [usize]) {
        all.sort_by_cached_key(|at| {
            let state = self.state(*at);
            let urgent = u8::from(!(state.surprised || state.stepping()));
            (urgent, std::cmp::Reverse(whole(self.gain(*at) * 1e9)), *at)
        });
    }

    /// New items within the limit of a day: cards by gain, few situations and questions among them, one of a group.
    fn new_of_today(&self, all: Vec<usize>) -> Vec<usize> {
        let left = self.new_left();
        let all = self.in_turn(all);
        let mut out = Vec::new();
        let mut groups = BTreeSet::new();
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        for at in all {
            let Some(item) = self.item(at) else { continue };
            let most = match item.kind {
                Kind::Question => usize::from(self.minutes_left() >= 15),
                Kind::Situation => 2,
                Kind::Card | Kind::Cell => left,
            };
            let count = kinds.entry(item.kind).or_default();
            if out.len() < left && *count < most && groups.insert(item.group) {
                *count += 1;
                out.push(at);
            }
        }
        out
    }

    /// Modules take turns, and in each of them cells with what was written by hand.
    fn in_turn(&self, all: Vec<usize>) -> Vec<usize> {
        let mut piles: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        let mut dealt: Vec<(usize, usize)> = Vec::with_capacity(all.len());
        for at in all {
            let Some(item) = self.item(at) else { continue };
            let pile = piles.entry((item.module, item.kind == Kind::Cell)).or_default();
            dealt.push((*pile, at));
            *pile += 1;
        }
        dealt.sort_by_key(|(round, _)| *round);
        dealt.into_iter().map(|(_, at)| at).collect()
    }

    /// As many as fit: due ones first, but never without something new when there is room for both.
    fn within(&self, due: &[usize], new: &[usize], most: usize, minutes: Option<u32>) -> Vec<usize> {
        let mut left = minutes.map_or(u64::MAX, |minutes| u64::from(minutes) * 60);
        let mut out = Vec::new();
        // Three of four places are for what is due.
        let mut due = due.iter().copied().peekable();
        let mut new = new.iter().copied().peekable();
        while out.len() < most {
            let turn = out.len() % 4 == 3 && new.peek().is_some() || due.peek().is_none();
            let Some(at) = (if turn { new.next() } else { due.next() }) else { break };
            let takes = self.item(at).map_or(10, |item| u64::from(self.seconds(item)));
            if takes > left && !out.is_empty() {
                continue;
            }
            left = left.saturating_sub(takes);
            out.push(at);
        }
        out
    }

    /// Kinds and modules take turns, the same question about a neighbour follows at once, and items that give each other
    /// away are kept apart.
    #[must_use]
    pub fn mixed(&self, chosen: Vec<usize>) -> Vec<usize> {
        let mut rest = chosen;
        let mut out: Vec<usize> = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let previous = out.last().and_then(|at| self.item(*at));
            let near: Vec<u64> =
                out.iter().rev().take(APART).filter_map(|at| self.item(*at)).map(|item| item.group).collect();
            let score = |place: usize, at: usize| -> i64 {
                let Some(item) = self.item(at) else { return i64::MIN };
                let mut score = -i64::try_from(place).unwrap_or(i64::MAX);
                if near.contains(&item.group) {
                    score -= 1000;
                }
                if let Some(previous) = previous {
                    let lot = share(hash(&[&self.seed.to_le_bytes(), self.id(at).as_bytes()]));
                    if self.contrast(previous, item) && lot < 0.5 {
                        score += 12;
                    } else if item.module != previous.module {
                        score += 4;
                    }
                    if item.kind != previous.kind {
                        score += 2;
                    }
                }
                score
            };
            let best = rest.iter().enumerate().take(16.max(APART * 4)).max_by_key(|(place, at)| score(*place, **at));
            let Some((place, _)) = best else { break };
            out.push(rest.remove(place));
        }
        out
    }

    /// Whether two items are the same question about two things: cells of one column.
    fn contrast(&self, one: &Item, other: &Item) -> bool {
        if one.kind != Kind::Cell || other.kind != Kind::Cell || one.file != other.file {
            return false;
        }
        let column = |item: &Item| {
            let mut parts = item.id(self.library).split('/');
            (parts.next(), parts.nth(1), parts.next())
        };
        column(one) == column(other)
    }

    /// What is waiting now, without the limits of minutes.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let mut out = Waiting::default();
        for at in self.set(&Wish { size: Some(usize::MAX), minutes: Some(u32::MAX / 60), ..Wish::default() }) {
            self.count(at, &mut out);
        }
        out
    }

    /// What a set holds.
    #[must_use]
    pub fn count_of(&self, set: &[usize]) -> Waiting {
        let mut out = Waiting::default();
        for at in set {
            self.count(*at, &mut out);
        }
        out
    }

    fn count(&self, at: usize, out: &mut Waiting) {
        let Some(item) = self.item(at) else { return };
        out.seconds += u64::from(self.seconds(item));
        match item.kind {
            Kind::Situation => out.situations += 1,
            Kind::Question => out.questions += 1,
            Kind::Card | Kind::Cell if self.state(at).seen() => out.due += 1,
            Kind::Card | Kind::Cell => out.new += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::items::tests::library;
    use crate::study::progress::Goal;
    use crate::study::review::{Act, Grade, Review, ReviewId};
    use std::collections::HashMap;

    fn noon(day: i64) -> Moment {
        Moment { at: (day * 24 + 12) * 3_600_000, offset: 0 }
    }

    struct World {
        library: Library,
        items: Items,
        progress: Progress,
        scheduler: Scheduler,
    }

    fn world(cards: usize) -> World {
        let text: String = (0..cards).map(|n| format!("Q: q{n} {{#c{n}}}\nA: a\n\n")).collect();
        let library = library(&[("1-m/cards.md", &text), ("2-n/cards.md", "C: [x] and [y] and [z]. {#cz}\n")]);
        let items = Items::new(&library);
        World { library, items, progress: Progress::default(), scheduler: Scheduler::default() }
    }

    impl World {
        fn desk(&self, now: Moment) -> Desk<'_> {
            Desk {
                library: &self.library,
                items: &self.items,
                progress: &self.progress,
                scheduler: &self.scheduler,
                now,
                seed: 7,
            }
        }

        fn answer(&mut self, id: &str, grade: Grade, when: Moment, ordinal: i64) {
            let row = Review::new(ReviewId { run: 1, ordinal }, id, Act::Grade(grade), when);
            let state = self.scheduler.after(self.progress.state(id), &row);
            self.progress.take(vec![row], vec![(id.to_owned(), state)]);
        }
    }

    #[test]
    fn a_day_has_its_limits() {
        let mut world = world(60);
        world.progress.goal.minutes = Some(600);
        let now = noon(100);
        assert_eq!(world.desk(now).set(&Wish::default()).len(), 20);
        for n in 0..15 {
            world.answer(&format!("c{n}"), Grade::Easy, now, n);
        }
        assert_eq!(world.desk(now).new_left(), 5);
        assert_eq!(world.desk(now).set(&Wish::default()).len(), 5);
        // The next day brings new ones again, and what became due.
        assert_eq!(world.desk(noon(101)).new_left(), 20);
        let place = Wish { from: From::Place(world.library.find("m").unwrap()), ..Wish::default() };
        assert_eq!(world.desk(now).set(&place).len(), 40);
    }

    #[test]
    fn minutes_bound_a_set() {
        let world = world(60);
        let wish = Wish { minutes: Some(2), ..Wish::default() };
        // Two minutes hold eight cards of 14 seconds.
        assert_eq!(world.desk(noon(100)).set(&wish).len(), 8);
    }

    #[test]
    fn siblings_are_kept_apart() {
        let world = world(30);
        let wish = Wish { cram: true, size: Some(33), ..Wish::default() };
        let set = world.desk(noon(100)).set(&wish);
        let at: Vec<usize> = (0..set.len()).filter(|n| world.desk(noon(100)).id(set[*n]).starts_with("cz")).collect();
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] > APART), "{at:?}");
        // New ones of a group do not come on one day.
        let today = world.desk(noon(100)).set(&Wish::default());
        assert!(today.iter().filter(|at| world.desk(noon(100)).id(**at).starts_with("cz")).count() <= 1);
    }

    #[test]
    fn nothing_is_due_after_the_interview_and_all_of_it_shortly_before() {
        let mut world = world(40);
        for n in 0..40 {
            world.answer(&format!("c{n}"), Grade::Easy, noon(100), n);
        }
        world.progress.goal = Goal { date: Some(107), minutes: None };
        let desk = world.desk(noon(101));
        for n in 0..40 {
            let id = format!("c{n}");
            let Due::On(day) = desk.due(&id, world.progress.state(&id)) else { panic!() };
            assert!((101..107).contains(&day), "{day}");
        }
        // After the date the ordinary schedule is back.
        let state = world.progress.state("c1");
        assert_eq!(world.desk(noon(108)).due("c1", state), state.due);
        // Nothing new is begun that could not be seen twice.
        assert_eq!((world.desk(noon(105)).new_left(), world.desk(noon(106)).new_left()), (20, 0));
    }

    #[test]
    fn what_gains_most_comes_first() {
        let mut world = world(3);
        world.answer("c0", Grade::Easy, noon(100), 1);
        world.answer("c1", Grade::Good, noon(100), 2);
        world.answer("c1", Grade::Good, noon(100).plus(700_000), 3);
        world.progress.goal.date = Some(130);
        let desk = world.desk(noon(110));
        let at = |id: &str| world.items.find(&world.library, id).unwrap();
        assert!(desk.gain(at("c1")) > desk.gain(at("c0")));
        assert!(desk.gain(at("c2")) > 0.0);
    }

    #[test]
    fn putting_aside_holds() {
        let mut world = world(2);
        let row = Review::new(ReviewId { run: 1, ordinal: 1 }, "c0", Act::Suspend, noon(1));
        let state = world.scheduler.after(world.progress.state("c0"), &row);
        world.progress = Progress::new(HashMap::from([("c0".to_owned(), state)]), vec![row], true, Goal::default());
        let wish = Wish { cram: true, ..Wish::default() };
        let desk = world.desk(noon(5));
        assert!(!desk.set(&wish).iter().any(|at| desk.id(*at) == "c0"));
    }
}
