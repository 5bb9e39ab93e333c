//! Which questions an interview asks: by schedule, by weight, by what was asked lately, and by lot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::run::Slot;
use super::{FOLLOWING, Round, answering, level, thinking};
use crate::content::front::{Kind as FileKind, Level};
use crate::content::library::{Library, Target};
use crate::content::scan::What;
use crate::study::desk::Desk;
use crate::study::items::Kind;
use crate::study::{hash, share, whole};

/// How an interview is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Questions of all modules, the easier ones first.
    #[default]
    Mixed,
    /// Screen, working engineer, troubleshooting, design.
    Loop,
}

/// What an interview should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub shape: Shape,
    pub minutes: u32,
    /// None: all.
    pub levels: Vec<Level>,
    /// Ids of modules; none: all.
    pub modules: Vec<String>,
}

impl Default for Wish {
    fn default() -> Self {
        Self { shape: Shape::Mixed, minutes: 30, levels: Vec::new(), modules: Vec::new() }
    }
}

/// What was asked so many days ago is not asked while there is something else.
const LATELY: i64 = 3;
/// Seconds that ticking the rubric and reading the model answer take.
const SCORING: u32 = 75;

/// Seconds that a question takes with everything around it.
#[must_use]
pub fn cost(slot: &Slot) -> u32 {
    slot.think + slot.answer + FOLLOWING + SCORING
}

/// Something that may be asked.
struct Candidate {
    slot: Slot,
    module: usize,
    /// 0: not lately; 1: in the last days; 2: today.
    lately: u8,
    value: f64,
}

/// The questions of an interview, in their order. The same seed and history give the same.
#[must_use]
pub fn choose(desk: &Desk<'_>, wish: &Wish, seed: u64) -> Vec<Slot> {
    let all = candidates(desk, wish, seed);
    let total = wish.minutes.clamp(1, 600) * 60;
    let mut taken = Taken { out: Vec::new(), modules: BTreeMap::new() };
    match wish.shape {
        Shape::Mixed => {
            taken.fill(&all, Round::Any, &Level::ALL, total);
            // Somebody who asks warms up first.
            taken.out.sort_by_key(|slot| slot.level);
        }
        Shape::Loop => {
            let mut left = 0;
            for round in Round::LOOP {
                let room = left + total * round.part() / 100;
                let before = taken.out.len();
                let mut used = 0;
                for level in round.levels() {
                    if taken.out.len() == before {
                        used = taken.fill(&all, round, &[*level], room);
                    }
                }
                left = room.saturating_sub(used);
            }
        }
    }
    taken.out
}

fn candidates(desk: &Desk<'_>, wish: &Wish, seed: u64) -> Vec<Candidate> {
    let library = desk.library;
    let today = desk.today();
    let mut out = Vec::new();
    for (at, item) in desk.items.all().iter().enumerate().filter(|(_, item)| item.kind == Kind::Question) {
        let level = level(library, item.file, item.entry);
        let module = library.modules.get(item.module).map_or("", |module| module.id.as_str());
        let state = desk.state(at);
        let wanted = (wish.levels.is_empty() || level.is_some_and(|level| wish.levels.contains(&level)))
            && (wish.modules.is_empty() || wish.modules.iter().any(|id| id == module));
        if !wanted || state.suspended {
            continue;
        }
        let lately = match state.last.map(|last| today - last.day()) {
            Some(..=0) => 2,
            Some(..=LATELY) => 1,
            _ => 0,
        };
        let id = desk.id(at);
        let due = if state.seen() && desk.is_due(id, state) { 2.0 } else { 1.0 };
        let lot = 0.5 + share(hash(&[&seed.to_le_bytes(), id.as_bytes()]));
        let slot = slot(library, item.file, item.entry, Round::Any);
        // What counts is the whole gain: for each second, short questions would always win.
        let gain = desk.gain(at) * f64::from(desk.seconds(item));
        out.push(Candidate { slot, module: item.module, lately, value: (gain * due + 1e-9) * lot });
    }
    out
}

/// A place in an interview for an entry.
#[must_use]
pub fn slot(library: &Library, file: usize, entry: usize, round: Round) -> Slot {
    let level = level(library, file, entry);
    let found = library.files.get(file).and_then(|file| file.entries.get(entry));
    let minutes = found.and_then(|entry| entry.minutes);
    Slot {
        id: found.map_or_else(String::new, |entry| entry.id.clone()),
        round,
        level,
        think: thinking(level, round),
        answer: answering(level, round, minutes),
    }
}

/// What was chosen so far.
struct Taken {
    out: Vec<Slot>,
    modules: BTreeMap<usize, i32>,
}

impl Taken {
    /// Takes what fits into so many seconds, but at least one; gives the seconds that are used.
    fn fill(&mut self, all: &[Candidate], round: Round, levels: &[Level], seconds: u32) -> u32 {
        let mut used = 0;
        let mut first = true;
        loop {
            let open = all.iter().filter(|candidate| {
                let level = candidate.slot.level.unwrap_or(Level::L2);
                levels.contains(&level) && !self.out.iter().any(|slot| slot.id == candidate.slot.id)
            });
            let best = open
                .map(|candidate| (candidate, in_round(&candidate.slot, round)))
                .filter(|(_, slot)| first || used + cost(slot) <= seconds)
                .min_by_key(|(candidate, _)| {
                    // A module or a level that was asked about counts half as much each time.
                    let often = self.modules.get(&candidate.module).copied().unwrap_or(0);
                    let level = self.out.iter().filter(|slot| slot.level == candidate.slot.level).count();
                    let often = often + i32::try_from(level).unwrap_or(i32::MAX / 2);
                    let value = candidate.value * 0.5_f64.powi(often);
                    (candidate.lately, std::cmp::Reverse(whole(value * 1e12)))
                });
            let Some((candidate, slot)) = best else { return used };
            used += cost(&slot);
            first = false;
            *self.modules.entry(candidate.module).or_default() += 1;
            self.out.push(slot);
        }
    }
}

fn in_round(slot: &Slot, round: Round) -> Slot {
    let minutes = Some(slot.answer / 60);
    Slot {
        round,
        think: thinking(slot.level, round),
        answer: answering(slot.level, round, minutes),
        id: slot.id.clone(),
        level: slot.level,
    }
}

/// The stages of the incident of a file.
#[must_use]
pub fn stages(library: &Library, file: usize) -> Vec<Slot> {
    let Some(found) = library.files.get(file).filter(|file| file.kind == FileKind::Incident) else { return Vec::new() };
    let stages: Vec<usize> =
        (0..found.entries.len()).filter(|at| found.entries.get(*at).is_some_and(|e| e.what == What::Stage)).collect();
    let of = u32::try_from(stages.len()).unwrap_or(1).max(1);
    let each = found.minutes.map(|minutes| (minutes * 60 / of).max(60));
    stages
        .into_iter()
        .map(|entry| {
            let own = found.entries.get(entry).and_then(|entry| entry.minutes);
            let slot = slot(library, file, entry, Round::Stage);
            Slot { answer: each.filter(|_| own.is_none()).unwrap_or(slot.answer), ..slot }
        })
        .collect()
}

/// The incidents of a library, as files.
#[must_use]
pub fn incidents(library: &Library) -> Vec<usize> {
    let all = library.files.iter().enumerate();
    all.filter(|(_, file)| file.kind == FileKind::Incident && file.count(|what| what == What::Stage) > 0)
        .map(|(at, _)| at)
        .collect()
}

/// The modules that have questions, with how many of each level.
#[must_use]
pub fn modules(library: &Library) -> Vec<(usize, [usize; 4])> {
    let mut out: Vec<(usize, [usize; 4])> = Vec::new();
    for (at, file) in library.files.iter().enumerate() {
        for (entry, _) in file.entries.iter().enumerate().filter(|(_, entry)| entry.what == What::Question) {
            if out.last().is_none_or(|(module, _)| *module != file.module) {
                out.push((file.module, [0; 4]));
            }
            let level = level(library, at, entry).unwrap_or(Level::L2);
            let place = Level::ALL.iter().position(|known| *known == level).unwrap_or(0);
            if let Some(count) = out.last_mut().and_then(|(_, counts)| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    out
}

/// What an interview about a place is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A file and its entry.
    Question(usize, usize),
    /// A file.
    Incident(usize),
    Module(usize),
    All,
}

/// A question is practised and an incident begun; anything else stands for its module.
#[must_use]
pub fn about(library: &Library, target: Option<Target>) -> About {
    let at = match target {
        None => return About::All,
        Some(Target::Module(module)) => return About::Module(module),
        Some(Target::File(at) | Target::Entry(at, _)) => at,
    };
    let Some(file) = library.files.get(at) else { return About::All };
    if file.kind == FileKind::Incident {
        return About::Incident(at);
    }
    match target {
        Some(Target::Entry(at, entry)) if file.entries.get(entry).is_some_and(|e| e.what == What::Question) => {
            About::Question(at, entry)
        }
        _ => About::Module(file.module),
    }
}

/// The question or the stage that an id names.
#[must_use]
pub fn find(library: &Library, id: &str) -> Option<(usize, usize)> {
    let Target::Entry(file, entry) = library.named(id)? else { return None };
    let what = library.files.get(file)?.entries.get(entry)?.what;
    matches!(what, What::Question | What::Stage).then_some((file, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::{Moment, parse};
    use crate::study::items::Items;
    use crate::study::items::tests::library;
    use crate::study::progress::{Goal, Progress};
    use crate::study::review::{Act, Grade, Review, ReviewId};
    use crate::study::schedule::Scheduler;

    fn text(kind: &str, id: &str, questions: &[(&str, &str)]) -> String {
        let mut out = format!("+++\nkind = \"{kind}\"\nid = \"{id}\"\ntitle = \"T\"\n+++\n");
        for (id, rest) in questions {
            out.push_str(&format!("\n## Why {id}? {{#{id} {rest}}}\n\n### Rubric\n- a `b`\n"));
        }
        out
    }

    fn course() -> Library {
        let level = |n: usize| format!("level=L{} minutes={}", n % 4 + 1, [2, 4, 5, 8][n % 4]);
        let ids: Vec<(String, String)> = (0..24).map(|n| (format!("q{n}"), level(n))).collect();
        let of = |from: usize| -> Vec<(&str, &str)> {
            ids[from..from + 8].iter().map(|(id, rest)| (id.as_str(), rest.as_str())).collect()
        };
        library(&[
            ("1-a/questions.md", &text("questions", "qa", &of(0))),
            ("2-b/questions.md", &text("questions", "qb", &of(8))),
            ("3-c/questions.md", &text("questions", "qc", &of(16))),
            ("4-d/incident-x.md", &text("incident", "inc", &[("s1", ""), ("s2", "minutes=3"), ("s3", "")])),
        ])
    }

    fn now() -> Moment {
        Moment { at: (parse("2026-11-25").unwrap() * 24 + 12) * 3_600_000, offset: 0 }
    }

    fn with<T>(library: &Library, rows: &[Review], run: impl FnOnce(&Desk<'_>) -> T) -> T {
        let (items, scheduler) = (Items::new(library), Scheduler::default());
        let mut states = std::collections::HashMap::new();
        for row in rows {
            let state: &mut crate::study::schedule::State = states.entry(row.item.clone()).or_default();
            *state = scheduler.after(state, row);
        }
        let progress = Progress::new(states, rows.to_vec(), true, Goal::default());
        let (items, progress, scheduler) = (&items, &progress, &scheduler);
        run(&Desk { library, items, progress, scheduler, now: now(), seed: 1 })
    }

    fn ids(slots: &[Slot]) -> Vec<&str> {
        slots.iter().map(|slot| slot.id.as_str()).collect()
    }

    #[test]
    fn a_seed_repeats_an_interview_and_another_gives_another() {
        let library = course();
        with(&library, &[], |desk| {
            let wish = Wish::default();
            let one = choose(desk, &wish, 7);
            assert_eq!(one, choose(desk, &wish, 7));
            assert!((1..20).any(|seed| choose(desk, &wish, seed) != one));
            let levels: Vec<_> = one.iter().map(|slot| slot.level).collect();
            assert!(levels.is_sorted(), "{levels:?}");
            assert!(one.iter().map(cost).sum::<u32>() <= 30 * 60 && one.len() >= 3, "{one:?}");
        });
    }

    #[test]
    fn levels_modules_and_minutes_are_kept() {
        let library = course();
        let module = library.modules[1].id.clone();
        with(&library, &[], |desk| {
            let wish = Wish { levels: vec![Level::L3], modules: vec![module], ..Wish::default() };
            let found = choose(desk, &wish, 3);
            let mut names = ids(&found);
            names.sort_unstable();
            assert_eq!(names, ["q10", "q14"]);
            // However short it is, something is asked.
            assert_eq!(choose(desk, &Wish { minutes: 1, ..Wish::default() }, 3).len(), 1);
            assert_eq!(choose(desk, &Wish { modules: vec!["none".to_owned()], ..Wish::default() }, 3), []);
        });
    }

    #[test]
    fn levels_take_turns() {
        let library = course();
        with(&library, &[], |desk| {
            for seed in 0..9 {
                let found = choose(desk, &Wish::default(), seed);
                let mut levels: Vec<_> = found.iter().map(|slot| slot.level).collect();
                levels.dedup();
                assert!(levels.len() >= 3, "{found:?}");
            }
        });
    }

    #[test]
    fn modules_take_turns() {
        let library = course();
        with(&library, &[], |desk| {
            let found = choose(desk, &Wish { minutes: 25, levels: vec![Level::L2], ..Wish::default() }, 3);
            let files: std::collections::BTreeSet<_> =
                found.iter().filter_map(|slot| find(&library, &slot.id)).map(|(file, _)| file).collect();
            assert_eq!((found.len(), files.len()), (3, 3));
        });
    }

    #[test]
    fn what_was_asked_lately_waits() {
        let library = course();
        let row = |n: i64, id: &str, ago: i64| {
            let when = now().plus(-ago * 86_400_000);
            Review::new(ReviewId { run: 1, ordinal: n }, id, Act::Grade(Grade::Good), when)
        };
        let rows = [row(1, "q0", 1), row(2, "q4", 2), row(3, "q8", 0), row(4, "q12", 1), row(5, "q16", 3)];
        with(&library, &rows, |desk| {
            let wish = Wish { levels: vec![Level::L1], minutes: 5, ..Wish::default() };
            for seed in 0..9 {
                assert_eq!(ids(&choose(desk, &wish, seed)), ["q20"]);
            }
            // When there is nothing else, it is asked again, today's last.
            let all = choose(desk, &Wish { minutes: 600, ..wish }, 1);
            assert_eq!((all.len(), all.last().map(|slot| slot.id.as_str())), (6, Some("q8")));
        });
    }

    #[test]
    fn a_loop_has_four_rounds() {
        let library = course();
        with(&library, &[], |desk| {
            let found = choose(desk, &Wish { shape: Shape::Loop, minutes: 60, ..Wish::default() }, 5);
            let rounds: Vec<_> = found.iter().map(|slot| (slot.round, slot.level)).collect();
            assert!(rounds.is_sorted_by_key(|(round, _)| *round), "{rounds:?}");
            for (round, level) in Round::LOOP.into_iter().zip(Level::ALL) {
                assert!(rounds.contains(&(round, Some(level))), "{round:?} {rounds:?}");
            }
            assert!(found.iter().filter(|slot| slot.round == Round::Screen).all(|slot| slot.answer == 60));
        });
    }

    #[test]
    fn stages_come_in_the_order_of_the_file() {
        let library = course();
        let file = incidents(&library)[0];
        let found = stages(&library, file);
        assert_eq!(ids(&found), ["s1", "s2", "s3"]);
        assert_eq!(found.iter().map(|slot| slot.answer).collect::<Vec<_>>(), [240, 180, 240]);
        assert_eq!(modules(&library).len(), 3);
        assert_eq!(modules(&library)[0].1, [2; 4]);
        assert_eq!(stages(&library, 0), []);
    }

    #[test]
    fn a_place_says_what_is_asked() {
        let library = course();
        let of = |place: &str| about(&library, Some(library.find(place).unwrap()));
        assert_eq!(of("q9"), About::Question(1, 1));
        assert_eq!((of("inc"), of("s2")), (About::Incident(3), About::Incident(3)));
        assert_eq!((of("qb"), of("2-b"), about(&library, None)), (About::Module(1), About::Module(1), About::All));
    }
}
