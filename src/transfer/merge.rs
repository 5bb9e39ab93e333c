//! Two histories as one: nothing is lost and nothing is there twice, in whatever order and however often they meet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::schedule::derived;
use crate::study::hash;
use crate::study::review::{Act, Review, ReviewId};

/// What is new among some rows, and how many were known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    pub fresh: Vec<Review>,
    pub known: usize,
}

/// Everything that a row says, without what it is called.
fn saying(row: &Review) -> u64 {
    let about = row.act.written().1;
    hash(&[&renamed(row).ordinal.to_le_bytes(), about.as_bytes()])
}

/// The name of a row whose own name means another row here. What it takes back may have been renamed too, so that is no
/// part of it.
fn renamed(row: &Review) -> ReviewId {
    let (name, about) = row.act.written();
    let about = if matches!(row.act, Act::Void(_)) { "" } else { about.as_str() };
    let numbers = format!("{} {} {} {} {:?}", row.when.at, row.when.offset, row.took, row.hints, row.confidence);
    let parts = [&row.item, &name, about, &numbers, &row.note].map(str::as_bytes);
    ReviewId { run: row.when.at, ordinal: i64::try_from(hash(&parts) >> 1).unwrap_or(0) }
}

/// How far apart two moments may be that mean the same answer: Anki's log has room for one answer a millisecond and moves
/// the others, and some files keep seconds only.
const APART: i64 = 1000;

/// Rows by what they are about, to find those that mean the same answer. Each stands for one other row at most.
#[derive(Default)]
struct Shelf {
    rows: HashMap<(String, String), BTreeSet<(i64, ReviewId)>>,
}

impl Shelf {
    fn key(row: &Review) -> (String, String) {
        (row.item.clone(), row.act.written().0)
    }

    fn put(&mut self, row: &Review) {
        self.rows.entry(Self::key(row)).or_default().insert((row.when.at, row.id));
    }

    fn take(&mut self, row: &Review) -> Option<ReviewId> {
        let there = self.rows.get_mut(&Self::key(row))?;
        let from = (row.when.at - APART + 1, ReviewId { run: i64::MIN, ordinal: i64::MIN });
        let found = there.range(from..).next().copied().filter(|(at, _)| *at < row.when.at + APART)?;
        there.remove(&found);
        Some(found.1)
    }
}

/// Whether another program told the row.
fn told(row: &Review) -> bool {
    row.id == derived(&row.item, &row.act, row.when)
}

/// Rows of this program, which keep their names. A name that means another row here gets a new one, made of what the row
/// says; rows that take such a row back follow it.
#[must_use]
pub fn own(known: &[Review], mut incoming: Vec<Review>) -> Merged {
    let mut names: HashMap<ReviewId, u64> = known.iter().map(|row| (row.id, saying(row))).collect();
    let mut sayings: HashMap<u64, ReviewId> = known.iter().map(|row| (saying(row), row.id)).collect();
    let arriving: BTreeSet<ReviewId> = incoming.iter().map(|row| row.id).collect();
    // The same answer may have come here through another program, or go from one to here.
    let (mut all, mut foreign) = (Shelf::default(), Shelf::default());
    for row in known.iter().filter(|row| !arriving.contains(&row.id)) {
        all.put(row);
        if told(row) {
            foreign.put(row);
        }
    }
    let mut moved: BTreeMap<ReviewId, ReviewId> = BTreeMap::new();
    let mut out = Merged::default();
    // What takes back comes after what is taken back.
    incoming.sort_by_key(|row| (matches!(row.act, Act::Void(_)), row.order()));
    for mut row in incoming {
        if let Act::Void(target) = &mut row.act
            && let Some(new) = moved.get(target)
        {
            *target = *new;
        }
        let says = saying(&row);
        let other = renamed(&row);
        let same = if names.get(&row.id) == Some(&says) {
            Some(row.id)
        } else if row.id == other {
            sayings.get(&says).copied()
        } else if names.get(&other) == Some(&says) {
            Some(other)
        } else if told(&row) {
            all.take(&row)
        } else {
            foreign.take(&row)
        };
        if let Some(same) = same {
            moved.insert(row.id, same);
            out.known += 1;
            continue;
        }
        if names.contains_key(&row.id) {
            let mut new = other;
            while names.contains_key(&new) {
                new.ordinal = new.ordinal.wrapping_add(1);
            }
            moved.insert(row.id, new);
            row.id = new;
        }
        names.insert(row.id, says);
        sayings.insert(says, row.id);
        out.fresh.push(row);
    }
    out.fresh.sort_by_key(Review::order);
    out
}

/// Rows that another program told, which may have come from here.
#[must_use]
pub fn foreign(known: &[Review], mut incoming: Vec<Review>) -> Merged {
    let mut shelf = Shelf::default();
    let mut suspended: HashMap<&str, (i64, bool)> = HashMap::new();
    for row in known {
        shelf.put(row);
        if matches!(row.act, Act::Suspend | Act::Resume) {
            let last = suspended.entry(&row.item).or_insert((i64::MIN, false));
            if row.when.at >= last.0 {
                *last = (row.when.at, row.act == Act::Suspend);
            }
        }
    }
    let names: BTreeSet<ReviewId> = known.iter().map(|row| row.id).collect();
    incoming.sort_by_key(Review::order);
    let mut out = Merged::default();
    for row in incoming {
        let aside = row.act == Act::Suspend && suspended.get(row.item.as_str()).is_some_and(|(_, on)| *on);
        if aside || shelf.take(&row).is_some() || names.contains(&row.id) {
            out.known += 1;
        } else {
            out.fresh.push(row);
        }
    }
    out.fresh.dedup_by_key(|row| row.id);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::review::{Grade, effective};
    use crate::study::schedule::Scheduler;
    use proptest::prelude::*;

    fn history(run: i64) -> impl Strategy<Value = Vec<Review>> {
        let row = (0_u32..6, 1_u32..=4, 0_i64..30, 0_usize..3);
        prop::collection::vec(row, 0..14).prop_map(move |rows| {
            let mut out: Vec<Review> = Vec::new();
            for (n, (kind, grade, day, item)) in (1..).zip(rows) {
                let at = day * 86_400_000 + n;
                let act = match kind {
                    0 => out.last().map_or(Act::Bury, |last| Act::Void(last.id)),
                    1 => Act::Suspend,
                    2 => Act::Cram(Grade::from_number(grade).unwrap()),
                    _ => Act::Grade(Grade::from_number(grade).unwrap()),
                };
                let item = match act {
                    Act::Void(_) => out.last().unwrap().item.clone(),
                    _ => format!("i{item}"),
                };
                out.push(Review::new(ReviewId { run, ordinal: n }, item, act, Moment { at, offset: 0 }));
            }
            out
        })
    }

    fn take(mut into: Vec<Review>, rows: &[Review]) -> Vec<Review> {
        let fresh = own(&into, rows.to_vec()).fresh;
        into.extend(fresh);
        into
    }

    fn states(rows: &[Review]) -> Vec<crate::study::schedule::State> {
        let scheduler = Scheduler::default();
        (0..3)
            .map(|n| {
                let of: Vec<Review> = rows.iter().filter(|row| row.item == format!("i{n}")).cloned().collect();
                scheduler.fold(&effective(of))
            })
            .collect()
    }

    proptest! {
        #[test]
        fn histories_merge_in_any_order(a in history(1), b in history(2), c in history(3)) {
            let one = take(take(take(Vec::new(), &a), &b), &c);
            let two = take(take(take(Vec::new(), &c), &a), &b);
            prop_assert_eq!(one.len(), a.len() + b.len() + c.len());
            prop_assert_eq!(take(one.clone(), &two).len(), one.len());
            prop_assert_eq!(take(two.clone(), &one).len(), two.len());
            prop_assert_eq!(states(&one), states(&two));
        }

        /// Two machines that began at the same millisecond gave the same names to different rows.
        #[test]
        fn names_that_clash_lose_nothing(a in history(1), b in history(1)) {
            let one = take(a.clone(), &b);
            let two = take(b.clone(), &a);
            let said = |rows: &[Review]| {
                let mut out: Vec<(String, i64, String)> = rows
                    .iter()
                    .filter(|row| !matches!(row.act, Act::Void(_)))
                    .map(|row| (row.item.clone(), row.when.at, row.act.written().0))
                    .collect();
                out.sort();
                out
            };
            prop_assert_eq!(said(&one), said(&two));
            // And meeting again adds nothing.
            prop_assert_eq!(said(&take(one.clone(), &two)), said(&one));
            prop_assert_eq!(take(one.clone(), &b).len(), one.len());
        }

        /// One machine sends its answers through Anki and as they are.
        #[test]
        fn two_ways_lead_to_one_history(a in history(1)) {
            let rows: Vec<Review> = effective(a.clone()).into_iter().filter(|row| row.answered().is_some()).collect();
            let through: Vec<Review> = rows.iter().map(|row| super::super::schedule::row(&row.item, row.act.clone(), row.when)).collect();
            let first = foreign(&[], through.clone()).fresh;
            prop_assert_eq!(own(&first, rows.clone()).fresh, Vec::new());
            prop_assert_eq!(own(&rows, through).fresh, Vec::new());
        }

        #[test]
        fn answers_that_come_back_are_known(a in history(1)) {
            let rows: Vec<Review> = effective(a.clone()).into_iter().filter(|row| row.answered().is_some()).collect();
            // Anki's log moves what falls on one millisecond.
            let back: Vec<Review> = rows
                .iter()
                .map(|row| {
                    let when = Moment { at: row.when.at + 1, offset: 0 };
                    super::super::schedule::row(&row.item, row.act.clone(), when)
                })
                .collect();
            prop_assert_eq!(foreign(&a, back.clone()), Merged { fresh: Vec::new(), known: rows.len() });
            let elsewhere = foreign(&[], back.clone()).fresh;
            prop_assert_eq!(elsewhere.len(), back.len());
            prop_assert_eq!(foreign(&elsewhere, back).fresh, Vec::new());
        }
    }
}
