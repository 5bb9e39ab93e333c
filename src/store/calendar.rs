//! Answers by day. What was counted once is kept with the last row that it knows, so that a start reads only what came
//! since, however long the log is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::{Store, told};
use crate::problem::Problem;
use crate::study::day::{Day, ROLLOVER};
use crate::study::review::Act;

/// The setting under which the count is kept.
pub(super) const KEPT: &str = "calendar";

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    /// The last row that is counted in.
    seq: i64,
    days: BTreeMap<Day, usize>,
    /// Rows that were taken back, by run and number.
    void: BTreeSet<(i64, i64)>,
}

impl Store {
    /// How many answers that hold were given on each day.
    pub fn calendar(&self) -> Result<BTreeMap<Day, usize>, Box<Problem>> {
        self.counted().map(|count| count.days).map_err(|why| told(&why, "The history could not be read"))
    }

    /// Keeps what is counted by now.
    pub fn keep_calendar(&self) -> Result<(), Box<Problem>> {
        let count = self.counted().map_err(|why| told(&why, "The history could not be read"))?;
        // It can always be counted again, so text that cannot be made is no loss.
        serde_json::to_string(&count).map_or(Ok(()), |text| self.set(KEPT, &text))
    }

    fn counted(&self) -> rusqlite::Result<Count> {
        let kept: Option<String> = self
            .connection
            .query_row("SELECT value FROM setting WHERE name = ?1", [KEPT], |row| row.get(0))
            .optional()?;
        let kept: Count = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        match self.since(&kept)? {
            Some(count) => Ok(count),
            None => self.since(&Count::default()).map(Option::unwrap_or_default),
        }
    }

    /// What is kept and what came after it; nothing where taking back was itself taken back since: then all is counted
    /// again.
    fn since(&self, kept: &Count) -> rusqlite::Result<Option<Count>> {
        let day = format!("(at / 1000 + \"offset\" - {}) / 86400", ROLLOVER * 3600);
        let answered = "act IN ('again', 'hard', 'good', 'easy', 'cram-again', 'cram-hard', 'cram-good', 'cram-easy')";
        let mut out = kept.clone();
        let last: Option<i64> = self.connection.query_row("SELECT max(seq) FROM review", [], |row| row.get(0))?;
        out.seq = last.unwrap_or(0).max(kept.seq);
        let mut query = self.connection.prepare(&format!(
            "SELECT {day}, count(*) FROM review WHERE seq > ?1 AND seq <= ?2 AND {answered} GROUP BY 1"
        ))?;
        let mut rows = query.query([kept.seq, out.seq])?;
        while let Some(row) = rows.next()? {
            *out.days.entry(row.get(0)?).or_default() += usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        }
        // In the order in which `effective` looks at them: the latest first.
        let mut query = self.connection.prepare(
            "SELECT run, ordinal, about FROM review WHERE seq > ?1 AND seq <= ?2 AND act = 'void'
             ORDER BY at DESC, run DESC, ordinal DESC",
        )?;
        let mut fresh: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut rows = query.query([kept.seq, out.seq])?;
        while let Some(row) = rows.next()? {
            let id = (row.get(0)?, row.get(1)?);
            let Some(Act::Void(target)) = Act::read("void", &row.get::<_, String>(2)?) else { continue };
            if kept.void.contains(&id) {
                return Ok(None);
            }
            if (target.run, target.ordinal) != id && !fresh.contains(&id) {
                fresh.insert((target.run, target.ordinal));
            }
        }
        out.void.extend(&fresh);
        // What was taken back is looked up one by one: there is little of it.
        let mut query = self.connection.prepare(&format!(
            "SELECT {day}, seq, {answered}, act = 'void' FROM review WHERE run = ?1 AND ordinal = ?2"
        ))?;
        for id in &out.void {
            let found: Option<(Day, i64, bool, bool)> = query
                .query_row([id.0, id.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()?;
            let Some((day, seq, answer, void)) = found else { continue };
            // It is counted in already when both the row and its end were there before.
            let done = kept.void.contains(id) && seq <= kept.seq;
            if void && kept.seq > 0 && (fresh.contains(id) || !done) {
                return Ok(None);
            }
            if let Some(count) = out.days.get_mut(&day).filter(|_| answer && !done) {
                *count = count.saturating_sub(1);
            }
        }
        Ok(Some(out))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::reviews::tests::{row, store};
    use crate::study::review::{Grade, ReviewId, effective};
    use crate::study::schedule::Scheduler;

    #[test]
    fn the_calendar_counts_what_holds() {
        let (_folder, mut store) = store();
        let rows = [
            row(1, "a", Act::Grade(Grade::Good), 1),
            row(2, "b", Act::Cram(Grade::Again), 1),
            row(3, "a", Act::Grade(Grade::Good), 3),
            row(4, "a", Act::Void(ReviewId { run: 1, ordinal: 3 }), 4),
            row(5, "a", Act::Bury, 5),
            row(6, "b", Act::Void(ReviewId { run: 1, ordinal: 2 }), 5),
            row(7, "b", Act::Void(ReviewId { run: 1, ordinal: 6 }), 5),
        ];
        store.record(&rows, &Scheduler::default()).unwrap();
        assert_eq!(store.calendar().unwrap(), BTreeMap::from([(1, 2), (3, 0)]));
    }

    /// What a row does: an answer, putting aside, or taking back one of the rows before or after it.
    fn act(kind: u8, about: i64) -> Act {
        match kind {
            0..=4 => Act::Grade(Grade::Good),
            5 => Act::Bury,
            _ => Act::Void(ReviewId { run: 1, ordinal: about }),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_kept_changes_nothing(
            acts in prop::collection::vec((0_u8..9, 1_i64..24, 0_i64..6), 1..24),
            keeps in prop::collection::vec(0_usize..24, 0..4),
        ) {
            let (_folder, mut kept) = store();
            let (_other, mut plain) = store();
            for (n, (kind, about, day)) in acts.iter().enumerate() {
                let row = row(i64::try_from(n).unwrap() + 1, "a", act(*kind, *about), *day);
                for store in [&mut kept, &mut plain] {
                    store.record(std::slice::from_ref(&row), &Scheduler::default()).unwrap();
                }
                if keeps.contains(&n) {
                    kept.keep_calendar().unwrap();
                }
            }
            let days = |store: &Store| -> BTreeMap<Day, usize> {
                store.calendar().unwrap().into_iter().filter(|(_, count)| *count > 0).collect()
            };
            prop_assert_eq!(days(&kept), days(&plain));
            let mut wanted: BTreeMap<Day, usize> = BTreeMap::new();
            for row in effective(plain.log().unwrap()).iter().filter(|row| matches!(row.act, Act::Grade(_) | Act::Cram(_))) {
                *wanted.entry(row.when.day()).or_default() += 1;
            }
            prop_assert_eq!(days(&plain), wanted);
        }
    }
}
