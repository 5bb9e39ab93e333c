//! What to ask next: what is due, what is new, in which order, and how it is mixed.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::items::{Item, Kind};
use super::{hash, share, whole};
use crate::content::library::Target;

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
    /// Nothing comes back within the set.
    pub once: bool,
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

/// What a day may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub minutes: u32,
    pub new: usize,
    pub reviews: usize,
    pub most: usize,
}

/// A set without a size or a length holds at most so many items.
const SIZE: usize = 40;
/// Items of a pre-test at most: two minutes.
const PRETEST: usize = 8;
/// Positions between two items of one group.
const APART: usize = 4;

impl Desk<'_> {
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
        let today = matches!(wish.from, From::Today);
        if wish.cram || matches!(wish.from, From::These(_) | From::Weak | From::Leeches) {
            let mut all = all;
            if matches!(wish.from, From::Place(_) | From::Tag(_) | From::Today) {
                all.sort_by_key(|at| hash(&[&self.seed.to_le_bytes(), self.id(*at).as_bytes()]));
            }
            all.truncate(wish.size.unwrap_or(SIZE));
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
        self.first_by_gain(&mut due);
        if !today {
            let seconds = wish.minutes.map_or(u64::MAX, |minutes| u64::from(minutes) * 60);
            let seen = |at: usize| self.state(at).seen();
            let new = self.in_turn(self.siblings_later(new));
            return self.mixed(self.within(&due, &new, wish.size.unwrap_or(SIZE), seconds, &seen));
        }
        self.new_by_gain(&mut new);
        self.of_today(due, &new, wish)
    }

    /// What is due and a little that is new, within the minutes of the day; a few longer items stand between the cards.
    fn of_today(&self, due: Vec<usize>, new: &[usize], wish: &Wish) -> Vec<usize> {
        let own = self.limits(!due.is_empty());
        let limits =
            Limits { minutes: wish.minutes.unwrap_or(own.minutes), most: wish.size.unwrap_or(usize::MAX), ..own };
        let (long, mut chosen) = self.fill(due, new, limits, &|at| self.state(at).seen());
        let step = chosen.len() / (long.len() + 1);
        for (n, at) in long.into_iter().enumerate() {
            chosen.insert(((n + 1) * step + n).min(chosen.len()), at);
        }
        chosen.truncate(limits.most);
        self.mixed(chosen)
    }

    /// What today may still hold. Whoever comes back to something that is due begins nothing new.
    pub(super) fn limits(&self, due: bool) -> Limits {
        let done = self.progress.done(self.now).reviews;
        Limits {
            minutes: self.minutes_left(),
            new: if self.away().is_some() && due { 0 } else { self.new_left() },
            reviews: self.scheduler.rules.reviews_per_day.saturating_sub(done),
            most: usize::MAX,
        }
    }

    /// Fills a day: the longer items, and the cards. `seen` says what is not new.
    pub(super) fn fill(
        &self,
        mut due: Vec<usize>,
        new: &[usize],
        limits: Limits,
        seen: &dyn Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<usize>) {
        let long = self.longer(&due, if limits.new > 0 { new } else { &[] }, limits.minutes);
        due.retain(|at| !self.is_long(*at));
        due.truncate(limits.reviews);
        let begun = long.iter().filter(|at| !seen(**at)).count();
        let new = self.new_of_day(new, limits.new.saturating_sub(begun));
        let taken: u64 = long.iter().map(|at| self.cost(*at, seen(*at))).sum();
        let seconds = (u64::from(limits.minutes) * 60).saturating_sub(taken);
        let most = limits.most.saturating_sub(long.len()).max(1);
        let cards = self.within(&due, &new, most, seconds, seen);
        (long, cards)
    }

    /// A few items over all modules, the weightiest first, that show where somebody stands. Nothing when there is too
    /// little to tell.
    #[must_use]
    pub fn pretest(&self) -> Vec<usize> {
        let mut piles: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, item) in self.items.all().iter().enumerate() {
            if !self.is_long(at) && !self.state(at).aside(self.today()) {
                piles.entry(item.module).or_default().push(at);
            }
        }
        let mut piles: Vec<(usize, Vec<usize>)> = piles.into_iter().collect();
        let weight = |module: usize| self.library.modules.get(module).map_or(0, |module| module.weight);
        piles.sort_by_key(|(module, _)| std::cmp::Reverse(weight(*module)));
        for (_, pile) in &mut piles {
            // What was written by hand asks for more than one cell does.
            let of = |at: usize| self.item(at).map(|item| item.kind);
            pile.sort_by_cached_key(|at| (of(*at), hash(&[&self.seed.to_le_bytes(), self.id(*at).as_bytes()])));
        }
        let mut out = Vec::new();
        let mut groups = BTreeSet::new();
        for round in 0..PRETEST {
            for (_, pile) in &piles {
                let Some(at) = pile.get(round).filter(|_| out.len() < PRETEST) else { continue };
                if self.item(*at).is_some_and(|item| groups.insert(item.group)) {
                    out.push(*at);
                }
            }
        }
        if out.len() < 4 { Vec::new() } else { self.mixed(out) }
    }

    /// Minutes of today's that are left; a set is worth at least five of them.
    #[must_use]
    pub fn minutes_left(&self) -> u32 {
        let done = u32::try_from(self.progress.done(self.now).seconds / 60).unwrap_or(u32::MAX);
        self.progress.goal.daily().saturating_sub(done).max(5)
    }

    /// Seconds that an item takes of a day: a new card comes back within the set.
    #[must_use]
    pub fn cost(&self, at: usize, seen: bool) -> u64 {
        let Some(item) = self.item(at) else { return 0 };
        let times = if seen || self.is_long(at) { 1 } else { 2 };
        u64::from(self.seconds(item)) * times
    }

    /// Whether an item takes minutes: a situation or a question.
    fn is_long(&self, at: usize) -> bool {
        self.item(at).is_some_and(|item| matches!(item.kind, Kind::Situation | Kind::Question))
    }

    /// What was answered wrongly with confidence, or waits for its step.
    fn is_urgent(&self, at: usize) -> bool {
        let state = self.state(at);
        state.seen() && (state.surprised.is_some() || state.stepping())
    }

    /// What gains most comes first; what was answered wrongly with confidence before all else.
    fn first_by_gain(&self, all: &mut [usize]) {
        all.sort_by_cached_key(|at| (!self.is_urgent(*at), std::cmp::Reverse(whole(self.gain(*at) * 1e9)), *at));
    }

    /// New items by gain; where a module has proved hard its new ones come earlier.
    pub(super) fn new_by_gain(&self, all: &mut [usize]) {
        let mut hard = vec![(0.0, 0.0); self.library.modules.len()];
        for (at, item) in self.items.all().iter().enumerate() {
            if let (Some(memory), Some(slot)) = (self.state(at).memory, hard.get_mut(item.module)) {
                slot.0 += f64::from(memory.difficulty);
                slot.1 += 1.0;
            }
        }
        // Difficulty runs from 1 to 10; of a module without any answer nothing is known.
        let factor = |module: usize| match hard.get(module) {
            Some((sum, count)) if *count > 0.0 => 1.0 + sum / count / 10.0,
            _ => 1.5,
        };
        all.sort_by_cached_key(|at| {
            let factor = self.item(*at).map_or(1.0, |item| factor(item.module));
            (std::cmp::Reverse(whole(self.gain(*at) * factor * 1e9)), *at)
        });
    }

    /// The situations and the question of a day, by its minutes: what is due before what is new.
    fn longer(&self, due: &[usize], new: &[usize], minutes: u32) -> Vec<usize> {
        let of = |kind: Kind, most: u32| {
            let is = move |at: &usize| self.item(*at).is_some_and(|item| item.kind == kind);
            due.iter().chain(new).copied().filter(is).take(usize::try_from(most).unwrap_or(0))
        };
        of(Kind::Situation, (minutes / 8).min(2)).chain(of(Kind::Question, (minutes / 15).min(1))).collect()
    }

    /// The new cards of a day, at most `left`: modules take turns, and of a group there is one.
    fn new_of_day(&self, all: &[usize], left: usize) -> Vec<usize> {
        let cards = all.iter().copied().filter(|at| !self.is_long(*at));
        let mut groups = BTreeSet::new();
        let apart = |at: &usize| self.item(*at).is_some_and(|item| groups.insert(item.group));
        self.in_turn(cards.collect()).into_iter().filter(apart).take(left).collect()
    }

    /// First one of each group, then the second ones: a short set covers much, and little of it gives itself away.
    fn siblings_later(&self, all: Vec<usize>) -> Vec<usize> {
        let mut met: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        let mut dealt: Vec<(usize, usize)> = Vec::with_capacity(all.len());
        for at in all {
            let Some(item) = self.item(at) else { continue };
            let round = met.entry(item.group).or_default();
            dealt.push((*round, at));
            *round += 1;
        }
        dealt.sort_by_key(|(round, _)| *round);
        dealt.into_iter().map(|(_, at)| at).collect()
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
    fn within(
        &self,
        due: &[usize],
        new: &[usize],
        most: usize,
        mut left: u64,
        seen: &dyn Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut out = Vec::new();
        // Three of four places are for what is due.
        let mut due = due.iter().copied().peekable();
        let mut new = new.iter().copied().peekable();
        while out.len() < most {
            let turn = out.len() % 4 == 3 && new.peek().is_some() || due.peek().is_none();
            let Some(at) = (if turn { new.next() } else { due.next() }) else { break };
            let takes = self.cost(at, seen(at));
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
            let near: Vec<_> =
                out.iter().rev().take(APART).filter_map(|at| self.item(*at)).map(|item| item.group).collect();
            let score = |place: usize, at: usize| -> i64 {
                let Some(item) = self.item(at) else { return i64::MIN };
                let mut score = -i64::try_from(place).unwrap_or(i64::MAX);
                if near.contains(&item.group) {
                    score -= 1000;
                }
                if self.is_urgent(at) {
                    score += 100;
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

    /// Whether two items show a difference best side by side: cells of one column, situations of one tree.
    fn contrast(&self, one: &Item, other: &Item) -> bool {
        if one.kind != other.kind || one.file != other.file {
            return false;
        }
        if one.kind != Kind::Cell {
            return one.kind == Kind::Situation;
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
        out.seconds += self.cost(at, self.state(at).seen());
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
    use crate::content::library::Library;
    use crate::study::day::Moment;
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::progress::Goal;
    use crate::study::progress::Progress;
    use crate::study::review::{Act, Grade, Review, ReviewId};
    use crate::study::schedule::{Due, LATER, Scheduler, State};
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
        let mut world = world(60);
        let wish = Wish { minutes: Some(2), ..Wish::default() };
        // A new card of 14 seconds comes twice: two minutes hold four of them.
        assert_eq!(world.desk(noon(100)).set(&wish).len(), 4);
        // One that is due comes once: six of them and one that is new, which take 6 x 14 + 28 seconds of 120.
        for n in 0..60 {
            world.answer(&format!("c{n}"), Grade::Easy, noon(88), n);
        }
        assert_eq!(world.desk(noon(100)).set(&wish).len(), 7);
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

    #[test]
    fn a_set_of_today_mixes_kinds_and_keeps_to_its_minutes() {
        let cards: String = (0..80).map(|n| format!("Q: q{n} {{#c{n}}}\nA: a\n\n")).collect();
        let tree = "+++\nkind = \"tree\"\nid = \"t\"\n+++\n## A? {#a}\n- yes → [Leaf](#l)\n- no → [Other](#o)\n\n## Leaf {#l .leaf}\nx\n\n## Other {#o .leaf}\ny\n\n## Situation: one {#s1 answer=l}\nw\n\n## Situation: two {#s2 answer=o}\nw\n";
        let questions = "+++\nkind = \"questions\"\nid = \"qs\"\n+++\n## Why? {#why}\n\nx\n\n## How? {#how}\n\ny\n";
        let library = library(&[("1-m/cards.md", &cards), ("1-m/tree.md", tree), ("1-m/questions.md", questions)]);
        let items = Items::new(&library);
        let mut world = World { library, items, progress: Progress::default(), scheduler: Scheduler::default() };
        for n in 0..60 {
            world.answer(&format!("c{n}"), Grade::Easy, noon(88), n);
        }
        let desk = world.desk(noon(100));
        let set = desk.set(&Wish::default());
        let waiting = desk.count_of(&set);
        assert_eq!((waiting.situations, waiting.questions), (2, 1));
        // Twenty minutes, of which the last item may miss a few seconds.
        assert!((1140..=1200).contains(&waiting.seconds), "{waiting:?}");
        assert!(waiting.new > 0 && waiting.due > 0, "{waiting:?}");
        // A set of five minutes has no room for a question.
        let short = desk.count_of(&desk.set(&Wish { minutes: Some(5), ..Wish::default() }));
        assert_eq!((short.situations, short.questions), (0, 0));
        assert!(short.seconds <= 300);
    }

    #[test]
    fn who_comes_back_begins_nothing_new() {
        let mut world = world(60);
        for n in 0..20 {
            world.answer(&format!("c{n}"), Grade::Easy, noon(40), n);
        }
        // The calendar knows of the answers, so the twenty that are due are all there is.
        let desk = world.desk(noon(100));
        assert_eq!((desk.away(), desk.set(&Wish::default()).len()), (Some(60), 20));
        let desk = world.desk(noon(50));
        assert_eq!(desk.away(), None);
        assert!(desk.set(&Wish::default()).len() > 20);
    }

    #[test]
    fn confident_errors_come_first_and_once_more_after_weeks() {
        let mut world = world(30);
        for n in 0..30 {
            world.answer(&format!("c{n}"), Grade::Easy, noon(60), n);
        }
        let sure = |grade, day, ordinal| Review {
            confidence: Some(crate::study::review::Confidence::Sure),
            ..Review::new(ReviewId { run: 2, ordinal }, "c17", Act::Grade(grade), noon(day))
        };
        let mut tell = |row: Review| {
            let state = world.scheduler.after(world.progress.state("c17"), &row);
            world.progress.take(vec![row], vec![("c17".to_owned(), state)]);
        };
        tell(sure(Grade::Again, 99, 1));
        tell(sure(Grade::Good, 99, 2));
        let desk = world.desk(noon(102));
        assert_eq!(desk.set(&Wish::default()).first().map(|at| desk.id(*at)), Some("c17"));
        // However long its interval: three weeks after the error it is asked once more.
        let state = State { due: Due::On(900), last: Some(noon(105)), ..world.progress.state("c17").clone() };
        assert_eq!(world.desk(noon(106)).due("c17", &state), Due::On(99 + LATER));
        assert_eq!(world.desk(noon(106)).due("c17", &State { surprised: None, ..state }), Due::On(900));
    }

    #[test]
    fn a_pretest_goes_over_all_modules() {
        let deck = |name: &str| (0..3).map(|n| format!("Q: q {{#{name}{n}}}\nA: a\n\n")).collect::<String>();
        let decks: Vec<(String, String)> =
            ["a", "b", "c", "d", "e"].iter().map(|name| (format!("{name}-m/cards.md"), deck(name))).collect();
        let files: Vec<(&str, &str)> = decks.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let library = library(&files);
        let items = Items::new(&library);
        let world = World { library, items, progress: Progress::default(), scheduler: Scheduler::default() };
        let desk = world.desk(noon(1));
        let test = desk.pretest();
        let modules: BTreeSet<usize> = test.iter().filter_map(|at| desk.item(*at)).map(|item| item.module).collect();
        assert_eq!((test.len(), modules.len()), (8, 5));
        assert_eq!(desk.set(&Wish { from: From::These(test.clone()), ..Wish::default() }).len(), 8);
    }

    #[test]
    fn the_same_question_about_a_neighbour_follows() {
        let rows: String = (0..12).map(|n| format!("| e{n} | a{n} | b{n} | c{n} |\n")).collect();
        let table = format!("# L\n\n| | x | y | z |\n|-|-|-|-|\n{rows}\n```toml table\nid = \"t\"\n```\n");
        let library = library(&[("1-m/lesson.md", &table)]);
        let items = Items::new(&library);
        let world = World { library, items, progress: Progress::default(), scheduler: Scheduler::default() };
        let desk = world.desk(noon(1));
        let set = desk.set(&Wish { from: From::Place(world.library.find("t").unwrap()), ..Wish::default() });
        let pairs = set.windows(2).filter(|pair| {
            let [one, other] = [desk.item(pair[0]).unwrap(), desk.item(pair[1]).unwrap()];
            desk.contrast(one, other)
        });
        assert!(set.len() > 20 && pairs.count() >= 5);
        for pair in set.windows(2) {
            assert_ne!(desk.item(pair[0]).unwrap().group, desk.item(pair[1]).unwrap().group);
        }
    }
}
