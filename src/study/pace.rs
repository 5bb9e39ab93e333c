//! How fast somebody answers: sets and plans are sized by it once enough answers tell.

use super::items::{Items, Kind};
use super::review::Review;
use crate::content::library::Library;

/// Answers of a kind that are needed before they say more than the usual time.
const ENOUGH: usize = 12;
/// An answer that took longer was interrupted by something else; in milliseconds.
pub(super) const INTERRUPTED: u32 = 600_000;

/// Seconds that an answer takes, in the order of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace([u32; 4]);

impl Default for Pace {
    fn default() -> Self {
        Self(Kind::ALL.map(Kind::seconds))
    }
}

impl Pace {
    /// The median of the latest answers. It stays within a third and four times of what is usual: clicking through
    /// cards, or thinking aloud over one of them, is no pace for a plan.
    #[must_use]
    pub fn of(recent: &[Review], items: &Items, library: &Library) -> Self {
        let mut times: [Vec<u32>; 4] = Default::default();
        for row in recent.iter().filter(|row| row.answered().is_some() && (1..INTERRUPTED).contains(&row.took)) {
            let item = items.find(library, &row.item).and_then(|at| items.get(at));
            if let Some(times) = item.and_then(|item| times.get_mut(item.kind as usize)) {
                times.push(row.took);
            }
        }
        let mut pace = Self::default();
        for (seconds, times) in pace.0.iter_mut().zip(&mut times).filter(|(_, times)| times.len() >= ENOUGH) {
            let median = median(times).unwrap_or(*seconds);
            *seconds = median.clamp(seconds.div_ceil(3), *seconds * 4);
        }
        pace
    }

    /// Seconds that an answer of a kind takes.
    #[must_use]
    pub fn seconds(self, kind: Kind) -> u32 {
        self.0.get(kind as usize).copied().unwrap_or_else(|| kind.seconds())
    }
}

/// The median of some times in milliseconds, in whole seconds, begun ones counted as whole.
pub(super) fn median(times: &mut [u32]) -> Option<u32> {
    times.sort_unstable();
    times.get(times.len() / 2).map(|millis| millis.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::Moment;
    use crate::study::items::tests::library;
    use crate::study::review::{Act, Grade, ReviewId};

    fn paced(took: &[u32]) -> u32 {
        let library = library(&[("1-m/cards.md", "Q: a {#qa}\nA: b\n")]);
        let rows: Vec<Review> = (1..)
            .zip(took)
            .map(|(ordinal, took)| {
                let id = ReviewId { run: 1, ordinal };
                Review {
                    took: *took,
                    ..Review::new(id, "qa", Act::Grade(Grade::Good), Moment { at: ordinal, offset: 0 })
                }
            })
            .collect();
        Pace::of(&rows, &Items::new(&library), &library).seconds(Kind::Card)
    }

    #[test]
    fn the_median_tells_once_there_is_enough() {
        assert_eq!(paced(&[]), Kind::Card.seconds());
        assert_eq!(paced(&[20_000; 11]), Kind::Card.seconds());
        assert_eq!(paced(&[20_000; 12]), 20);
        assert_eq!(paced(&[[20_500; 7], [3_000; 7]].concat()), 21);
        // Scripts give no time, and what was interrupted gives a wrong one.
        assert_eq!(paced(&[[0; 20], [900_000; 20]].concat()), Kind::Card.seconds());
        assert_eq!((paced(&[500; 30]), paced(&[300_000; 30])), (5, 56));
    }
}
