//! What the log tells: how many answers, how well memory was predicted, what is weak. Rows are those that hold, in order.

use std::collections::{BTreeMap, HashMap};

use super::day::Day;
use super::desk::Desk;
use super::items::Kind;
use super::pace::{INTERRUPTED, median};
use super::review::{Act, Confidence, Grade, Review};
use super::schedule::State;

/// Answers, and how many of them were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub answers: usize,
    pub right: usize,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.answers += 1;
        self.right += usize::from(right);
    }

    /// The share that was right, when there was any answer.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.answers > 0).then(|| self.right as f64 / self.answers as f64)
    }
}

/// Answers to what had been seen on an earlier day: how many were right, and how many should have been.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Retention {
    pub asked: Tally,
    /// The sum of the recalls that were predicted.
    pub predicted: f64,
}

impl Retention {
    fn add(&mut self, right: bool, predicted: f64) {
        self.asked.add(right);
        self.predicted += predicted;
    }

    fn join(&mut self, other: Self) {
        self.asked.answers += other.asked.answers;
        self.asked.right += other.asked.right;
        self.predicted += other.predicted;
    }

    /// The recall that was predicted, when anything was asked.
    #[must_use]
    pub fn expected(self) -> Option<f64> {
        (self.asked.answers > 0).then(|| self.predicted / self.asked.answers as f64)
    }
}

/// What happened on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Daily {
    pub by_grade: [usize; 4],
    pub new: usize,
    pub millis: u64,
    pub retention: Retention,
    /// Readiness at the end of the day.
    pub ready: Option<f64>,
}

impl Daily {
    #[must_use]
    pub fn answers(&self) -> usize {
        self.by_grade.iter().sum()
    }
}

/// A card that was forgotten again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leech {
    pub id: String,
    pub words: String,
    pub lapses: u32,
    pub suspended: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    pub by_grade: [usize; 4],
    pub days: BTreeMap<Day, Daily>,
    /// By guess, maybe and sure.
    pub confidence: [Tally; 3],
    /// In the order of the library.
    pub modules: Vec<Tally>,
    /// Trees by their title.
    pub trees: BTreeMap<String, Tally>,
    pub levels: BTreeMap<&'static str, Tally>,
    pub leeches: Vec<Leech>,
    /// The median of seconds by kind, in the order of `Kind::ALL`.
    pub seconds: [Option<u32>; 4],
}

impl Stats {
    /// Reads the log.
    #[must_use]
    pub fn new(desk: &Desk<'_>, rows: &[Review]) -> Self {
        let mut stats = Self { modules: vec![Tally::default(); desk.library.modules.len()], ..Self::default() };
        let alias = aliases(rows);
        let mut replay = Replay::new(desk);
        let mut times: [Vec<u32>; 4] = Default::default();
        let mut day = None;
        for row in rows {
            let today = row.when.day();
            if let Some(before) = day.filter(|before| *before < today) {
                stats.close(&replay, before, today);
            }
            day = Some(day.map_or(today, |before: Day| before.max(today)));
            let id = resolve(&alias, &row.item);
            stats.count(desk, row, id, replay.state(id), &mut times);
            replay.take(id, row);
        }
        if let Some(before) = day {
            stats.close(&replay, before, before + 1);
        }
        for (slot, times) in stats.seconds.iter_mut().zip(&mut times) {
            *slot = median(times);
        }
        stats.leeches = leeches(desk);
        stats
    }

    fn count(&mut self, desk: &Desk<'_>, row: &Review, id: &str, before: &State, times: &mut [Vec<u32>; 4]) {
        let Some(grade) = row.answered() else { return };
        let right = grade.passed();
        let at = grade.number() as usize - 1;
        let day = row.when.day();
        let daily = self.days.entry(day).or_default();
        for count in [self.by_grade.get_mut(at), daily.by_grade.get_mut(at)].into_iter().flatten() {
            *count += 1;
        }
        daily.millis += u64::from(row.took.min(INTERRUPTED));
        if row.grade().is_some() {
            daily.new += usize::from(!before.seen());
            if let (Some(memory), Some(last)) = (before.memory, before.last)
                && day > last.day()
            {
                daily.retention.add(right, desk.scheduler.model.recall(memory.stability, (day - last.day()) as f64));
            }
        }
        if let Some(slot) = row.confidence.and_then(|sure| self.confidence.get_mut(index(sure))) {
            slot.add(right);
        }
        let Some(item) = desk.items.find(desk.library, id).and_then(|at| desk.item(at)) else { return };
        if let Some(slot) = self.modules.get_mut(item.module) {
            slot.add(right);
        }
        let own = item.entry(desk.library).and_then(|entry| entry.level);
        if let Some(level) = own.or_else(|| desk.library.modules.get(item.module)?.level) {
            self.levels.entry(level.name()).or_default().add(right);
        }
        if item.kind == Kind::Situation
            && let Some(file) = desk.library.files.get(item.file)
        {
            self.trees.entry(file.title.clone()).or_default().add(right);
        }
        let kind = Kind::ALL.iter().position(|kind| *kind == item.kind);
        if let Some(times) = kind.and_then(|kind| times.get_mut(kind)).filter(|_| (1..INTERRUPTED).contains(&row.took))
        {
            times.push(row.took);
        }
    }

    /// Notes readiness at the end of a day and of the days without answers after it.
    fn close(&mut self, replay: &Replay<'_, '_>, day: Day, next: Day) {
        for day in day..next.min(day + GAP) {
            self.days.entry(day).or_default().ready = Some(replay.ready(day));
        }
    }

    #[must_use]
    pub fn total(&self) -> usize {
        self.by_grade.iter().sum()
    }

    /// True and predicted retention of the last days, or of all of them.
    #[must_use]
    pub fn retention(&self, today: Day, days: Option<Day>) -> Retention {
        let from = days.map_or(Day::MIN, |days| today - days + 1);
        let mut out = Retention::default();
        for (_, daily) in self.days.range(from..) {
            out.join(daily.retention);
        }
        out
    }

    /// Readiness at the end of each day up to today, for at most so many days. Days before the first answer are left out.
    #[must_use]
    pub fn curve(&self, today: Day, most: Day) -> Vec<(Day, f64)> {
        let mut out: Vec<(Day, f64)> = Vec::new();
        for (day, daily) in self.days.range(..=today) {
            let Some(ready) = daily.ready else { continue };
            // A long silence is drawn as it stood at its beginning.
            if let Some((mut before, same)) = out.last().copied() {
                while before + 1 < *day {
                    before += 1;
                    out.push((before, same));
                }
            }
            out.push((*day, ready));
        }
        out.retain(|(day, _)| *day > today - most);
        out
    }
}

/// Readiness is computed for so many days without answers; a longer silence is left out.
const GAP: Day = 120;

fn index(sure: Confidence) -> usize {
    match sure {
        Confidence::Guess => 0,
        Confidence::Maybe => 1,
        Confidence::Sure => 2,
    }
}

/// Under which id the history of an old one goes on.
#[must_use]
pub fn aliases(rows: &[Review]) -> BTreeMap<&str, &str> {
    let adopted = rows.iter().filter_map(|row| match &row.act {
        Act::Adopt(old) if *old != row.item => Some((old.as_str(), row.item.as_str())),
        _ => None,
    });
    adopted.collect()
}

/// The id under which an item is known now.
#[must_use]
pub fn resolve<'a>(aliases: &BTreeMap<&'a str, &'a str>, id: &'a str) -> &'a str {
    let mut id = id;
    // Ids that adopt each other would go in a circle.
    for _ in 0..16 {
        match aliases.get(id) {
            Some(next) => id = next,
            None => break,
        }
    }
    id
}

/// The states of all items while the log is read once more.
struct Replay<'a, 'b> {
    desk: &'b Desk<'a>,
    states: HashMap<&'b str, State>,
    new: State,
    weights: f64,
}

impl<'a, 'b> Replay<'a, 'b> {
    fn new(desk: &'b Desk<'a>) -> Self {
        let weights = desk.items.all().iter().map(|item| item.weight).sum();
        Self { desk, states: HashMap::new(), new: State::default(), weights }
    }

    fn state(&self, id: &str) -> &State {
        self.states.get(id).unwrap_or(&self.new)
    }

    fn take(&mut self, id: &'b str, row: &Review) {
        let next = self.desk.scheduler.after(self.state(id), row);
        self.states.insert(id, next);
    }

    /// Readiness at the end of a day: for the interview that lies ahead now, or for the day itself.
    fn ready(&self, day: Day) -> f64 {
        if self.weights <= 0.0 {
            return 0.0;
        }
        let target = self.desk.progress.goal.ahead(self.desk.today()).unwrap_or(day);
        let known = self.states.iter().filter_map(|(id, state)| {
            let at = self.desk.items.find(self.desk.library, id)?;
            Some(self.desk.item(at)?.weight * self.desk.known(state, target))
        });
        known.sum::<f64>() / self.weights
    }
}

fn leeches(desk: &Desk<'_>) -> Vec<Leech> {
    let mut out: Vec<Leech> = desk
        .items
        .all()
        .iter()
        .filter_map(|item| item.entry(desk.library))
        .filter_map(|entry| {
            let state = desk.progress.state(&entry.id);
            state.leech(&desk.scheduler.rules).then(|| Leech {
                id: entry.id.clone(),
                words: entry.title.clone(),
                lapses: state.lapses,
                suspended: state.suspended,
            })
        })
        .collect();
    out.sort_by_key(|leech| std::cmp::Reverse(leech.lapses));
    out
}

/// A table of days for spreadsheets.
#[must_use]
pub fn table(stats: &Stats) -> Vec<[String; 11]> {
    let share = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.4}"));
    let head =
        ["day", "answers", "again", "hard", "good", "easy", "new", "minutes", "retention", "predicted", "readiness"];
    let mut out = vec![head.map(str::to_owned)];
    for (day, daily) in &stats.days {
        let [again, hard, good, easy] = daily.by_grade.map(|count| count.to_string());
        out.push([
            super::day::iso(*day),
            daily.answers().to_string(),
            again,
            hard,
            good,
            easy,
            daily.new.to_string(),
            format!("{:.1}", daily.millis as f64 / 60_000.0),
            share(daily.retention.asked.share()),
            share(daily.retention.expected()),
            share(daily.ready),
        ]);
    }
    out
}

/// The name of a grade by its place in `by_grade`.
#[must_use]
pub fn grade_name(at: usize) -> &'static str {
    Grade::ALL.get(at).map_or("", |grade| grade.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::progress::{Goal, Progress};
    use crate::study::review::ReviewId;
    use crate::study::schedule::{Rules, Scheduler};

    fn noon(day: Day) -> Moment {
        Moment { at: (day * 24 + 12) * 3_600_000, offset: 0 }
    }

    fn row(ordinal: i64, item: &str, act: Act, day: Day) -> Review {
        Review { took: 4000, ..Review::new(ReviewId { run: 1, ordinal }, item, act, noon(day)) }
    }

    fn with<T>(rows: &[Review], today: Day, goal: Goal, rules: Rules, see: impl FnOnce(&Desk<'_>, Stats) -> T) -> T {
        let library = library(&[
            ("1-m/module.toml", "level = \"core\"\n"),
            ("1-m/cards.md", "Q: a {#a}\nA: b\n\nQ: c {#c}\nA: d\n"),
            ("2-n/cards.md", "Q: e {#e}\nA: f\n\nQ: g {#g}\nA: h\n"),
        ]);
        let items = Items::new(&library);
        let scheduler = Scheduler { rules, ..Scheduler::default() };
        let mut states: HashMap<String, State> = HashMap::new();
        for row in rows {
            let state = scheduler.after(states.get(&row.item).unwrap_or(&State::default()), row);
            states.insert(row.item.clone(), state);
        }
        let progress = Progress::new(states, Vec::new(), true, goal);
        let now = noon(today);
        let desk = Desk { library: &library, items: &items, progress: &progress, scheduler: &scheduler, now, seed: 1 };
        see(&desk, Stats::new(&desk, rows))
    }

    /// Rules without steps, so that one answer puts a card into the days.
    fn bare() -> Rules {
        Rules { learning: Vec::new(), relearning: Vec::new(), leech: 1, ..Rules::default() }
    }

    #[test]
    fn answers_are_counted_once_each() {
        let sure = |row: Review, sure| Review { confidence: Some(sure), ..row };
        let rows = [
            sure(row(1, "a", Act::Grade(Grade::Good), 10), Confidence::Sure),
            sure(row(2, "c", Act::Grade(Grade::Again), 10), Confidence::Sure),
            row(3, "e", Act::Cram(Grade::Easy), 10),
            sure(row(4, "a", Act::Grade(Grade::Hard), 12), Confidence::Guess),
            row(5, "gone", Act::Grade(Grade::Good), 12),
            row(6, "a", Act::Bury, 12),
        ];
        with(&rows, 12, Goal::default(), bare(), |desk, stats| {
            assert_eq!((stats.total(), stats.by_grade), (5, [1, 1, 2, 1]));
            assert_eq!(stats.days[&10].answers(), 3);
            // New are `a` and `c`; what was crammed does not begin, and `gone` began on day 12.
            assert_eq!((stats.days[&10].new, stats.days[&12].new), (2, 1));
            assert_eq!(stats.days[&10].millis, 12_000);
            let told = |tally: Tally| (tally.answers, tally.right);
            assert_eq!(stats.confidence.map(told), [(1, 1), (0, 0), (2, 1)]);
            assert_eq!(stats.modules.iter().map(|tally| told(*tally)).collect::<Vec<_>>(), [(3, 2), (1, 1)]);
            assert_eq!(stats.seconds, [Some(4), None, None, None]);
            assert_eq!(stats.leeches, []);
            assert_eq!(table(&stats).len(), 1 + stats.days.len());
            assert_eq!(desk.today(), 12);
        });
    }

    #[test]
    fn retention_is_what_was_known_of_what_was_seen_before() {
        // `a` is answered "good" on day 10, which gives a stability of 2.3065 days. Two days later the recall is
        // (1 + 0.9802 x 2 / 2.3065) ^ -0.1542 = 1.84995 ^ -0.1542 = 0.9095; the answer is wrong. `c` has the same past
        // and is right. The second answer of `a` on that day is no test of memory. So 1 of 2 was right, and 0.91 predicted.
        let rows = [
            row(1, "a", Act::Grade(Grade::Good), 10),
            row(2, "c", Act::Grade(Grade::Good), 10),
            row(3, "a", Act::Grade(Grade::Again), 12),
            row(4, "c", Act::Grade(Grade::Good), 12),
            row(5, "a", Act::Grade(Grade::Good), 12),
        ];
        with(&rows, 20, Goal::default(), bare(), |_, stats| {
            let all = stats.retention(20, None);
            assert_eq!(all.asked, Tally { answers: 2, right: 1 });
            assert!((all.expected().unwrap() - 0.9095).abs() < 1e-3, "{all:?}");
            assert_eq!(stats.retention(20, Some(9)).asked.answers, 2);
            assert_eq!(stats.retention(20, Some(8)).asked.answers, 0);
            assert_eq!(stats.retention(20, Some(8)).expected(), None);
            assert_eq!(
                stats.leeches.iter().map(|leech| (leech.id.as_str(), leech.lapses)).collect::<Vec<_>>(),
                [("a", 1)]
            );
        });
    }

    #[test]
    fn the_curve_is_readiness_for_the_date_at_the_end_of_each_day() {
        // Four cards of the same weight. After day 10 one is known with a stability of 8.2956 days ("easy"); on day 30
        // it is recalled with (1 + 0.9802 x 20 / 8.2956) ^ -0.1542 = 3.3632 ^ -0.1542 = 0.8295: readiness 0.2074. On
        // day 12 another one follows: (1 + 0.9802 x 18 / 8.2956) ^ -0.1542 = 3.1269 ^ -0.1542 = 0.8388, together 0.4171.
        let rows = [row(1, "a", Act::Grade(Grade::Easy), 10), row(2, "e", Act::Grade(Grade::Easy), 12)];
        let goal = Goal { date: Some(30), minutes: None };
        with(&rows, 13, goal, bare(), |_, stats| {
            let curve = stats.curve(13, 60);
            assert_eq!(curve.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [10, 11, 12]);
            for ((_, ready), expected) in curve.iter().zip([0.2074, 0.2074, 0.4171]) {
                assert!((ready - expected).abs() < 1e-3, "{curve:?}");
            }
            assert_eq!(stats.curve(13, 2).len(), 1);
        });
    }

    #[test]
    fn a_history_goes_on_under_its_new_id() {
        let rows = [
            row(1, "old", Act::Grade(Grade::Good), 10),
            row(2, "a", Act::Adopt("old".to_owned()), 11),
            row(3, "a", Act::Grade(Grade::Good), 12),
        ];
        with(&rows, 12, Goal::default(), bare(), |_, stats| {
            assert_eq!(stats.modules[0], Tally { answers: 2, right: 2 });
            assert_eq!(stats.retention(12, None).asked.answers, 1);
        });
        let circle = [row(1, "a", Act::Adopt("c".to_owned()), 1), row(2, "c", Act::Adopt("a".to_owned()), 1)];
        assert!(["a", "c"].contains(&resolve(&aliases(&circle), "a")));
    }

    #[test]
    fn nothing_answered_is_no_division() {
        with(&[], 1, Goal::default(), bare(), |_, stats| {
            assert_eq!(
                (stats.total(), stats.curve(1, 60), stats.retention(1, None)),
                (0, Vec::new(), Retention::default())
            );
        });
    }
}
