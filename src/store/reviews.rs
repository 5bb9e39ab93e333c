//! The log of reviews and the states that it adds up to.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::calendar::KEPT;
use super::{Store, told};
use crate::problem::Problem;
use crate::study::adopt::Lost;
use crate::study::day::Moment;
use crate::study::memory::Memory;
use crate::study::review::{Act, Confidence, Review, ReviewId, effective};
use crate::study::schedule::{Due, Phase, Scheduler, State};

/// What the log holds that the asker does not know yet: rows, its own among them, and the states they gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    pub rows: Vec<Review>,
    pub states: Vec<(String, State)>,
}

const COLUMNS: &str = "run, ordinal, item, act, about, at, \"offset\", took, hints, confidence, note, place, words";

/// Rows that are read at the start at least, so that undo has something to take back.
const RECENT: usize = 64;

fn read_review(row: &Row<'_>) -> rusqlite::Result<Option<Review>> {
    let (name, about): (String, String) = (row.get(3)?, row.get(4)?);
    let Some(act) = Act::read(&name, &about) else { return Ok(None) };
    let confidence: String = row.get(9)?;
    Ok(Some(Review {
        id: ReviewId { run: row.get(0)?, ordinal: row.get(1)? },
        item: row.get(2)?,
        act,
        when: Moment { at: row.get(5)?, offset: row.get(6)? },
        took: u32::try_from(row.get::<_, i64>(7)?).unwrap_or(0),
        hints: u8::try_from(row.get::<_, i64>(8)?).unwrap_or(u8::MAX),
        confidence: Confidence::from_name(&confidence),
        note: row.get(10)?,
        place: row.get(11)?,
        words: row.get(12)?,
    }))
}

fn insert(transaction: &Transaction<'_>, review: &Review) -> rusqlite::Result<usize> {
    let (act, about) = review.act.written();
    transaction
        .prepare_cached(&format!(
            "INSERT INTO review ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (run, ordinal) DO NOTHING"
        ))?
        .execute(params![
            review.id.run,
            review.id.ordinal,
            review.item,
            act,
            about,
            review.when.at,
            review.when.offset,
            review.took,
            review.hints,
            review.confidence.map_or("", Confidence::name),
            review.note,
            review.place,
            review.words
        ])
}

fn read_state(row: &Row<'_>) -> rusqlite::Result<(String, State)> {
    let step = u8::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
    let phase = match row.get::<_, i64>(1)? {
        1 => Phase::Learning(step),
        2 => Phase::Review,
        3 => Phase::Relearning(step),
        _ => Phase::New,
    };
    let memory = row.get::<_, Option<f64>>(3)?.zip(row.get::<_, Option<f64>>(4)?);
    let last = row.get::<_, Option<i64>>(5)?.zip(row.get::<_, Option<i32>>(6)?);
    let number = |at: usize| row.get::<_, i64>(at).map(|value| u32::try_from(value).unwrap_or(0));
    let due = match (row.get::<_, Option<i64>>(7)?, row.get::<_, Option<i64>>(8)?) {
        (Some(at), _) => Due::At(at),
        (None, Some(day)) => Due::On(day),
        (None, None) => Due::Never,
    };
    let state = State {
        phase,
        memory: memory
            .map(|(stability, difficulty)| Memory { stability: narrow(stability), difficulty: narrow(difficulty) }),
        last: last.map(|(at, offset)| Moment { at, offset }),
        due,
        reps: number(9)?,
        lapses: number(10)?,
        clean: number(11)?,
        suspended: row.get::<_, i64>(12)? != 0,
        buried: row.get(13)?,
        surprised: Some(row.get::<_, i64>(14)?).filter(|day| *day != 0),
    };
    Ok((row.get(0)?, state))
}

/// What was widened to be stored comes back as it was.
#[expect(clippy::cast_possible_truncation, reason = "the number was an f32 before it was stored")]
fn narrow(value: f64) -> f32 {
    value as f32
}

fn write_state(transaction: &Transaction<'_>, item: &str, state: &State) -> rusqlite::Result<()> {
    let (phase, step) = match state.phase {
        Phase::New => (0, 0),
        Phase::Learning(step) => (1, step),
        Phase::Review => (2, 0),
        Phase::Relearning(step) => (3, step),
    };
    let (at, day) = match state.due {
        Due::Never => (None, None),
        Due::At(at) => (Some(at), None),
        Due::On(day) => (None, Some(day)),
    };
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO state VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            item,
            phase,
            step,
            state.memory.map(|memory| f64::from(memory.stability)),
            state.memory.map(|memory| f64::from(memory.difficulty)),
            state.last.map(|last| last.at),
            state.last.map(|last| last.offset),
            at,
            day,
            state.reps,
            state.lapses,
            state.clean,
            state.suspended,
            state.buried,
            state.surprised.unwrap_or(0)
        ])?;
    Ok(())
}

/// The rows of an item and of all ids whose history it took over.
fn rows_of(transaction: &Transaction<'_>, item: &str) -> rusqlite::Result<Vec<Review>> {
    let mut known = BTreeSet::new();
    let mut open = vec![item.to_owned()];
    let mut out: Vec<Review> = Vec::new();
    while let Some(id) = open.pop() {
        if !known.insert(id.clone()) {
            continue;
        }
        let mut query =
            transaction.prepare_cached(&format!("SELECT {COLUMNS} FROM review WHERE item = ?1 ORDER BY seq"))?;
        for row in query.query_map([&id], read_review)? {
            let Some(row) = row? else { continue };
            if let Act::Adopt(old) = &row.act {
                open.push(old.clone());
            }
            out.push(row);
        }
    }
    Ok(out)
}

/// The item and every id that took its history over.
fn touched(transaction: &Transaction<'_>, item: &str) -> rusqlite::Result<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    let mut open = vec![item.to_owned()];
    while let Some(id) = open.pop() {
        if !out.insert(id.clone()) {
            continue;
        }
        let mut query = transaction.prepare_cached("SELECT item FROM review WHERE act = 'adopt' AND about = ?1")?;
        for row in query.query_map([&id], |row| row.get::<_, String>(0))? {
            open.push(row?);
        }
    }
    Ok(out)
}

/// Computes the states of some items anew and keeps them.
fn refold(
    transaction: &Transaction<'_>,
    items: &BTreeSet<String>,
    scheduler: &Scheduler,
) -> rusqlite::Result<Vec<(String, State)>> {
    let mut out = Vec::new();
    for item in items {
        let rows = effective(rows_of(transaction, item)?);
        let state = scheduler.fold(&rows);
        write_state(transaction, item, &state)?;
        out.push((item.clone(), state));
    }
    Ok(out)
}

impl Store {
    /// Appends rows and gives what is new since the last time, other windows' rows included. All of it is on disk when
    /// this returns. Rows that are there already are not written again.
    pub fn record(&mut self, rows: &[Review], scheduler: &Scheduler) -> Result<News, Box<Problem>> {
        let what = "The answer was not saved";
        let write = |store: &mut Self| -> rusqlite::Result<News> {
            let seen = store.seen;
            let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut items = BTreeSet::new();
            for row in rows {
                if insert(&transaction, row)? > 0 {
                    items.extend(touched(&transaction, &row.item)?);
                }
            }
            let states = refold(&transaction, &items, scheduler)?;
            let (news, last) = since(&transaction, seen, states)?;
            transaction.commit()?;
            store.seen = last;
            Ok(news)
        };
        write(self).map_err(|why| told(&why, what))
    }

    /// What other windows wrote since the last time.
    pub fn news(&mut self) -> Result<News, Box<Problem>> {
        let read = |store: &mut Self| -> rusqlite::Result<News> {
            let seen = store.seen;
            let transaction = store.connection.transaction()?;
            let (news, last) = since(&transaction, seen, Vec::new())?;
            transaction.commit()?;
            store.seen = last;
            Ok(news)
        };
        read(self).map_err(|why| told(&why, "The history could not be read"))
    }

    /// The states of all items.
    pub fn states(&self) -> Result<HashMap<String, State>, Box<Problem>> {
        let read = || -> rusqlite::Result<HashMap<String, State>> {
            self.connection.prepare("SELECT * FROM state")?.query_map([], read_state)?.collect()
        };
        read().map_err(|why| told(&why, "The history could not be read"))
    }

    /// The last rows that hold, oldest first: all since `from` and at least `least`. Says whether these are all rows.
    pub fn recent(&mut self, from: i64, least: usize) -> Result<(Vec<Review>, bool), Box<Problem>> {
        let read = |store: &mut Self| -> rusqlite::Result<(Vec<Review>, bool)> {
            let mut query =
                store.connection.prepare_cached(&format!("SELECT {COLUMNS}, seq FROM review ORDER BY seq DESC"))?;
            let mut rows = query.query([])?;
            let mut out = Vec::new();
            let mut whole = true;
            while let Some(row) = rows.next()? {
                if out.is_empty() {
                    store.seen = row.get(13)?;
                }
                let at: i64 = row.get(5)?;
                if at < from && out.len() >= least.max(RECENT) {
                    whole = false;
                    break;
                }
                out.extend(read_review(row)?);
            }
            out.reverse();
            Ok((effective(out), whole))
        };
        read(self).map_err(|why| told(&why, "The history could not be read"))
    }

    /// Every row, in the order in which it was written.
    pub fn log(&self) -> Result<Vec<Review>, Box<Problem>> {
        let read = || -> rusqlite::Result<Vec<Review>> {
            let mut query = self.connection.prepare(&format!("SELECT {COLUMNS} FROM review ORDER BY seq"))?;
            let rows = query.query_map([], read_review)?;
            rows.filter_map(Result::transpose).collect()
        };
        read().map_err(|why| told(&why, "The history could not be read"))
    }

    /// The last file and words of some items, for what is not in the library any more.
    pub fn lost(&self, ids: &[String]) -> Result<Vec<Lost>, Box<Problem>> {
        let read = || -> rusqlite::Result<Vec<Lost>> {
            let mut query = self
                .connection
                .prepare("SELECT place, words FROM review WHERE item = ?1 AND words <> '' ORDER BY seq DESC LIMIT 1")?;
            let mut adopted =
                self.connection.prepare("SELECT EXISTS (SELECT 1 FROM review WHERE act = 'adopt' AND about = ?1)")?;
            let mut out = Vec::new();
            for id in ids {
                if adopted.query_row([id], |row| row.get::<_, bool>(0))? {
                    continue;
                }
                let found = query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                let (place, words) = found.unwrap_or_default();
                out.push(Lost { id: id.clone(), place, words });
            }
            Ok(out)
        };
        read().map_err(|why| told(&why, "The history could not be read"))
    }

    /// A run that no row has yet, near the one that is proposed.
    pub fn fresh_run(&self, proposed: i64) -> i64 {
        let taken = self
            .connection
            .query_row("SELECT max(run) FROM review WHERE run >= ?1", [proposed], |row| row.get::<_, Option<i64>>(0))
            .optional();
        taken.ok().flatten().flatten().map_or(proposed, |last| last + 1)
    }

    /// Computes all states anew, as after the rules changed.
    pub fn rebuild(&mut self, scheduler: &Scheduler) -> Result<HashMap<String, State>, Box<Problem>> {
        let write = |store: &mut Self| -> rusqlite::Result<()> {
            let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let items: BTreeSet<String> = {
                let mut query = transaction.prepare("SELECT DISTINCT item FROM review")?;
                let rows = query.query_map([], |row| row.get::<_, String>(0))?;
                rows.collect::<rusqlite::Result<_>>()?
            };
            transaction.execute("DELETE FROM state", [])?;
            refold(&transaction, &items, scheduler)?;
            // What was counted is counted again too.
            transaction.execute("DELETE FROM setting WHERE name = ?1", [KEPT])?;
            transaction.commit()
        };
        write(self).map_err(|why| told(&why, "The history could not be read"))?;
        self.states()
    }
}

/// The rows behind a place in the log with the states of their items, and where the log ends.
fn since(transaction: &Transaction<'_>, seen: i64, mut states: Vec<(String, State)>) -> rusqlite::Result<(News, i64)> {
    let mut query =
        transaction.prepare_cached(&format!("SELECT {COLUMNS}, seq FROM review WHERE seq > ?1 ORDER BY seq"))?;
    let mut found = query.query([seen])?;
    let mut rows = Vec::new();
    let mut last = seen;
    while let Some(row) = found.next()? {
        last = row.get(13)?;
        rows.extend(read_review(row)?);
    }
    let mut known: BTreeSet<String> = states.iter().map(|(item, _)| item.clone()).collect();
    for row in &rows {
        for item in touched(transaction, &row.item)? {
            if known.insert(item.clone()) {
                let state = transaction
                    .prepare_cached("SELECT * FROM state WHERE item = ?1")?
                    .query_row([&item], read_state)
                    .optional()?;
                states.extend(state);
            }
        }
    }
    Ok((News { rows, states }, last))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::study::review::Grade;
    use proptest::prelude::*;

    fn noon(day: i64) -> Moment {
        Moment { at: (day * 24 + 12) * 3_600_000, offset: 3600 }
    }

    pub(in crate::store) fn row(ordinal: i64, item: &str, act: Act, day: i64) -> Review {
        Review {
            took: 1234,
            hints: 1,
            confidence: Some(Confidence::Sure),
            note: "what was said".to_owned(),
            place: "m/cards.md".to_owned(),
            words: "What is asked?".to_owned(),
            ..Review::new(ReviewId { run: 1, ordinal }, item, act, noon(day))
        }
    }

    pub(in crate::store) fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("history.db")).unwrap();
        (folder, store)
    }

    #[test]
    fn rows_and_states_come_back_as_they_were() {
        let (folder, mut store) = store();
        let scheduler = Scheduler::default();
        let acts = [
            Act::Grade(Grade::Good),
            Act::Cram(Grade::Again),
            Act::Suspend,
            Act::Resume,
            Act::Bury,
            Act::Seed { stability: 12.25, difficulty: 3.1, due: 40 },
            Act::Adopt("old".to_owned()),
            Act::Void(ReviewId { run: 1, ordinal: 2 }),
            Act::Forget,
        ];
        let rows: Vec<Review> =
            acts.into_iter().zip(1_i64..).map(|(act, n)| row(n, &format!("i{}", n % 3), act, n)).collect();
        let news = store.record(&rows, &scheduler).unwrap();
        assert_eq!(news.rows, rows);
        assert_eq!(store.log().unwrap(), rows);
        let states = store.states().unwrap();
        for (item, state) in &news.states {
            assert_eq!(states.get(item), Some(state));
        }
        // The same rows once more change nothing.
        assert_eq!(store.record(&rows, &scheduler).unwrap(), News::default());
        drop(store);
        let store = Store::open(&folder.path().join("history.db")).unwrap();
        assert_eq!((store.log().unwrap(), store.states().unwrap()), (rows, states));
        assert!(store.fresh_run(1) == 2 && store.fresh_run(7) == 7);
    }

    #[test]
    fn two_windows_see_each_other() {
        let (folder, mut one) = store();
        let mut two = Store::open(&folder.path().join("history.db")).unwrap();
        let scheduler = Scheduler::default();
        let first = row(1, "a", Act::Grade(Grade::Good), 1);
        one.record(std::slice::from_ref(&first), &scheduler).unwrap();
        let second = Review { id: ReviewId { run: 2, ordinal: 1 }, ..row(1, "b", Act::Grade(Grade::Easy), 1) };
        let news = two.record(std::slice::from_ref(&second), &scheduler).unwrap();
        assert_eq!(news.rows, [first.clone(), second.clone()]);
        assert_eq!(news.states.len(), 2);
        assert_eq!(one.news().unwrap().rows, [second]);
        assert_eq!(one.news().unwrap(), News::default());
    }

    #[test]
    fn nothing_can_be_taken_out_of_the_log() {
        let (_folder, mut store) = store();
        store.record(&[row(1, "a", Act::Grade(Grade::Good), 1)], &Scheduler::default()).unwrap();
        assert!(store.connection.execute("DELETE FROM review", []).is_err());
        assert!(store.connection.execute("UPDATE review SET act = 'easy'", []).is_err());
    }

    #[test]
    fn a_history_goes_on_under_a_new_id() {
        let (_folder, mut store) = store();
        let scheduler = Scheduler::default();
        store.record(&[row(1, "old", Act::Grade(Grade::Easy), 1)], &scheduler).unwrap();
        store.record(&[row(2, "new", Act::Adopt("old".into()), 2)], &scheduler).unwrap();
        assert_eq!(store.states().unwrap()["new"].reps, 1);
        // What another machine still records under the old id counts for the new one too.
        store.record(&[row(3, "old", Act::Grade(Grade::Good), 9)], &scheduler).unwrap();
        assert_eq!(store.states().unwrap()["new"].reps, 2);
    }

    fn any_row() -> impl Strategy<Value = Review> {
        let act = prop_oneof![
            6 => (1_u32..=4).prop_map(|n| Act::Grade(Grade::from_number(n).unwrap())),
            2 => (1_i64..=2, 1_i64..=30).prop_map(|(run, ordinal)| Act::Void(ReviewId { run, ordinal })),
            1 => Just(Act::Suspend),
            1 => Just(Act::Forget),
            1 => Just(Act::Bury),
        ];
        (act, 1_i64..=2, 1_i64..=30, 0_i64..20).prop_map(|(act, run, ordinal, day)| {
            // Each id has one content, as in two copies of one history.
            Review::new(ReviewId { run, ordinal }, format!("i{}", ordinal % 3), act, noon(day))
        })
    }

    fn histories() -> impl Strategy<Value = Vec<Review>> {
        prop::collection::vec(any_row(), 1..25).prop_map(|mut rows| {
            rows.sort_by_key(|row| row.id);
            rows.dedup_by_key(|row| row.id);
            // A row that takes back names the item of what it takes back.
            for row in &mut rows {
                if let Act::Void(target) = row.act {
                    row.item = format!("i{}", target.ordinal % 3);
                }
            }
            rows
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn merging_is_the_same_in_any_order_and_any_number_of_times(rows in histories(), cut in 0_usize..25) {
            let scheduler = Scheduler::default();
            let cut = cut.min(rows.len());
            let (_a, mut one) = store();
            one.record(&rows[..cut], &scheduler).unwrap();
            one.record(&rows[cut..], &scheduler).unwrap();
            one.record(&rows, &scheduler).unwrap();
            let (_b, mut two) = store();
            for row in rows.iter().rev() {
                two.record(std::slice::from_ref(row), &scheduler).unwrap();
            }
            prop_assert_eq!(one.states().unwrap(), two.states().unwrap());
            let kept = one.states().unwrap();
            prop_assert_eq!(one.rebuild(&scheduler).unwrap(), kept);
        }

        #[test]
        fn taking_back_restores(rows in histories(), grade in 1_u32..=4) {
            let scheduler = Scheduler::default();
            let (_folder, mut store) = store();
            store.record(&rows, &scheduler).unwrap();
            let before = store.states().unwrap().get("i1").cloned().unwrap_or_default();
            let id = ReviewId { run: 9, ordinal: 1 };
            let grade = Act::Grade(Grade::from_number(grade).unwrap());
            store.record(&[Review::new(id, "i1", grade, noon(30))], &scheduler).unwrap();
            let back = Review::new(ReviewId { run: 9, ordinal: 2 }, "i1", Act::Void(id), noon(31));
            store.record(&[back], &scheduler).unwrap();
            prop_assert_eq!(&store.states().unwrap()["i1"], &before);
        }
    }
}
