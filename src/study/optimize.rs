//! Fitting the model of memory to one's own history: which answers it can learn from, and whether it learned anything.

use std::collections::{BTreeMap, BTreeSet};

use fsrs::{ComputeParametersInput, DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview, compute_parameters};

use super::day::{Day, iso, parse};
use super::memory::PARAMETERS;
use super::review::{Act, Review};
use super::stats::{aliases, resolve};

/// Answers about items seen on two days or more that are needed to fit anything.
pub const ENOUGH: usize = 400;

/// The answers of one item in order: grades from 1 to 4, and days since the answer before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    pub answers: Vec<(u32, u32)>,
    /// When each of them was given, in milliseconds.
    pub at: Vec<i64>,
}

/// What each item went through since it was begun. What another program knew of it before is not known here, so such
/// items are left out.
#[must_use]
pub fn pasts(rows: &[Review]) -> Vec<Past> {
    let alias = aliases(rows);
    let mut open: BTreeMap<&str, (Past, Option<Day>)> = BTreeMap::new();
    let mut foreign: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    for row in rows {
        let id = resolve(&alias, &row.item);
        match row.act {
            Act::Grade(grade) if !foreign.contains(id) => {
                let (past, last) = open.entry(id).or_default();
                let day = row.when.day();
                let since = last.map_or(0, |last| (day - last).max(0));
                past.answers.push((grade.number(), u32::try_from(since).unwrap_or(0)));
                past.at.push(row.when.at);
                *last = Some(last.map_or(day, |last| last.max(day)));
            }
            Act::Forget | Act::Seed { .. } => {
                out.extend(open.remove(id).map(|(past, _)| past));
                if row.act == Act::Forget {
                    foreign.remove(id);
                } else {
                    foreign.insert(id);
                }
            }
            _ => {}
        }
    }
    out.extend(open.into_values().map(|(past, _)| past));
    out.retain(|past| past.answers.iter().any(|(_, since)| *since > 0));
    out
}

/// How many answers there are about items that were seen on two days or more.
#[must_use]
pub fn answers(rows: &[Review]) -> usize {
    pasts(rows).iter().map(|past| past.answers.len()).sum()
}

/// One example for each answer on a later day: it, and all that went before. The earliest first.
#[must_use]
pub fn examples(pasts: &[Past]) -> Vec<FSRSItem> {
    let mut out: Vec<(i64, FSRSItem)> = Vec::new();
    for past in pasts {
        let reviews: Vec<FSRSReview> =
            past.answers.iter().map(|(rating, delta_t)| FSRSReview { rating: *rating, delta_t: *delta_t }).collect();
        for (n, (review, at)) in reviews.iter().zip(&past.at).enumerate().skip(1) {
            if review.delta_t > 0
                && let Some(reviews) = reviews.get(..=n)
            {
                out.push((*at, FSRSItem { reviews: reviews.to_vec() }));
            }
        }
    }
    out.sort_by_key(|(at, _)| *at);
    out.into_iter().map(|(_, item)| item).collect()
}

/// How far predictions were off: log loss, and the error over bins of like answers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Error {
    pub log_loss: f32,
    pub rmse: f32,
}

/// What fitting has brought. `before` and `after` are measured on the last fifth of the answers, which the parameters
/// that are compared had not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Examples in all, and those that were held out.
    pub examples: usize,
    pub held_out: usize,
    pub before: Error,
    pub after: Error,
    /// Fitted to all answers.
    pub parameters: Vec<f32>,
}

impl Fit {
    /// Whether the new parameters predict better.
    #[must_use]
    pub fn gains(&self) -> bool {
        self.after.log_loss < self.before.log_loss
    }
}

fn error(parameters: &[f32], examples: &[FSRSItem]) -> Option<Error> {
    let found = FSRS::new(parameters).ok()?.evaluate(examples.to_vec(), |_| true).ok()?;
    Some(Error { log_loss: found.log_loss, rmse: found.rmse_bins })
}

fn fitted(examples: &[FSRSItem], relearning_steps: usize) -> Option<Vec<f32>> {
    let input = ComputeParametersInput {
        train_set: examples.to_vec(),
        enable_short_term: true,
        num_relearning_steps: Some(relearning_steps),
        ..ComputeParametersInput::default()
    };
    let found = compute_parameters(input).ok()?;
    (found.len() == PARAMETERS && found.iter().all(|value| value.is_finite())).then_some(found)
}

/// Fits the parameters; `None` where the crate finds no answer in the data. `old` are those in use; none: the published.
#[must_use]
pub fn fit(pasts: &[Past], old: Option<&[f32]>, relearning_steps: usize) -> Option<Fit> {
    let all = examples(pasts);
    let old = old.unwrap_or(&DEFAULT_PARAMETERS);
    let (train, test) = all.split_at_checked(all.len() * 4 / 5)?;
    let trial = fitted(train, relearning_steps)?;
    let (before, after) = (error(old, test)?, error(&trial, test)?);
    let parameters = fitted(&all, relearning_steps)?;
    Some(Fit { examples: all.len(), held_out: test.len(), before, after, parameters })
}

/// What is kept about a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    pub day: Day,
    pub answers: usize,
    pub before: f32,
    pub after: f32,
}

impl Fitted {
    #[must_use]
    pub fn read(kept: Option<&str>) -> Option<Self> {
        let mut parts = kept?.split(' ');
        Some(Self {
            day: parse(parts.next()?)?,
            answers: parts.next()?.parse().ok()?,
            before: parts.next()?.parse().ok()?,
            after: parts.next()?.parse().ok()?,
        })
    }

    #[must_use]
    pub fn kept(&self) -> String {
        format!("{} {} {} {}", iso(self.day), self.answers, self.before, self.after)
    }
}

/// Parameters as they are kept: numbers with spaces between them.
#[must_use]
pub fn written(parameters: &[f32]) -> String {
    let words: Vec<String> = parameters.iter().map(ToString::to_string).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::review::{Grade, ReviewId};
    use crate::study::{hash, share};

    fn row(item: &str, act: Act, day: Day, hour: i64) -> Review {
        Review::new(ReviewId::default(), item, act, Moment { at: (day * 24 + hour) * 3_600_000, offset: 0 })
    }

    fn good(item: &str, day: Day, hour: i64) -> Review {
        row(item, Act::Grade(Grade::Good), day, hour)
    }

    #[test]
    fn days_between_answers_are_those_of_the_learner() {
        // The second answer comes after midnight and before four: it is of the same day. The third comes three days on.
        let rows = [good("a", 10, 22), good("a", 11, 2), row("a", Act::Grade(Grade::Again), 13, 12), good("a", 13, 13)];
        let found = pasts(&rows);
        assert_eq!(
            found.iter().map(|past| past.answers.clone()).collect::<Vec<_>>(),
            [[(3, 0), (3, 0), (1, 3), (3, 0)]]
        );
        assert_eq!(answers(&rows), 4);
        // Only an answer on a later day is an example, with all that went before.
        let examples = examples(&found);
        assert_eq!(examples.len(), 1);
        let told: Vec<(u32, u32)> = examples[0].reviews.iter().map(|review| (review.rating, review.delta_t)).collect();
        assert_eq!(told, [(3, 0), (3, 0), (1, 3)]);
    }

    #[test]
    fn what_says_nothing_about_memory_is_left_out() {
        let seed = Act::Seed { stability: 9.0, difficulty: 5.0, due: 40 };
        let rows = [
            good("once", 10, 12),
            good("same-day", 10, 12),
            good("same-day", 10, 13),
            row("crammed", Act::Cram(Grade::Good), 10, 12),
            row("crammed", Act::Cram(Grade::Good), 20, 12),
            row("foreign", seed, 10, 12),
            good("foreign", 12, 12),
            good("foreign", 20, 12),
        ];
        assert_eq!((pasts(&rows), answers(&rows)), (Vec::new(), 0));
    }

    #[test]
    fn beginning_anew_begins_a_new_past_and_a_new_id_goes_on() {
        let rows = [
            good("a", 10, 12),
            good("a", 12, 12),
            row("a", Act::Forget, 13, 12),
            good("a", 20, 12),
            good("a", 21, 12),
            good("old", 10, 12),
            row("new", Act::Adopt("old".to_owned()), 11, 12),
            good("new", 14, 12),
        ];
        let mut told: Vec<Vec<(u32, u32)>> = pasts(&rows).into_iter().map(|past| past.answers).collect();
        told.sort();
        assert_eq!(told, [[(3, 0), (3, 1)], [(3, 0), (3, 2)], [(3, 0), (3, 4)]]);
    }

    #[test]
    fn examples_are_in_the_order_of_time() {
        let rows = [good("b", 10, 12), good("b", 30, 12), good("a", 11, 12), good("a", 12, 12)];
        let mut rows = rows.to_vec();
        rows.sort_by_key(Review::order);
        let days: Vec<u32> = examples(&pasts(&rows)).iter().map(|item| item.reviews[1].delta_t).collect();
        assert_eq!(days, [1, 20]);
    }

    /// A learner whose memories last `factor` times as long as the published ones, by dice that always fall the same.
    pub fn learner(items: usize, factor: f64) -> Vec<Review> {
        let model = crate::study::memory::Model::default();
        let mut rows = Vec::new();
        for n in 0..items {
            let id = format!("i{n}");
            let mut memory = None;
            let mut day = 1000 + Day::try_from(n % 40).unwrap();
            let mut last = day;
            for turn in 0..6_u64 {
                let days = u32::try_from(day - last).unwrap();
                let recall = memory.map_or(0.6, |memory: crate::study::memory::Memory| {
                    model.recall(memory.stability, f64::from(days) / factor)
                });
                let lot = share(hash(&[id.as_bytes(), &turn.to_le_bytes()]));
                let grade = if lot < recall { Grade::Good } else { Grade::Again };
                rows.push(row(&id, Act::Grade(grade), day, 12));
                let next = model.after(memory, days, grade);
                memory = Some(next);
                last = day;
                day += crate::study::whole(f64::from(next.stability)).max(1);
            }
        }
        rows.sort_by_key(Review::order);
        rows
    }

    #[test]
    fn a_learner_who_forgets_faster_is_learned() {
        let rows = learner(150, 0.25);
        let found = fit(&pasts(&rows), None, 1).unwrap();
        assert!(found.gains(), "{:?} {:?}", found.before, found.after);
        assert_eq!((found.parameters.len(), found.held_out), (PARAMETERS, found.examples - found.examples * 4 / 5));
    }

    #[test]
    fn nothing_to_learn_from_is_no_fit() {
        assert_eq!(fit(&[], None, 1), None);
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let fitted = Fitted { day: 20_000, answers: 512, before: 0.41, after: 0.39 };
        assert_eq!(Fitted::read(Some(&fitted.kept())), Some(fitted));
        assert_eq!((Fitted::read(None), Fitted::read(Some("2026-11-25 x"))), (None, None));
        assert_eq!(written(&[0.5, 1.0]), "0.5 1");
    }
}
