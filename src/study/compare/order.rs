//! The order of the cells of a column: numbers by what they amount to, words as people count.

use std::cmp::Ordering;

use crate::study::answer::leading;

/// What a cell is sorted by.
#[derive(Clone, Debug, PartialEq)]
enum Rank {
    /// What is measured, and how much of it.
    Amount(&'static str, f64),
    Words(Vec<Part>),
    Blank,
}

/// A stretch of letters or of digits, so that 2 comes before 10.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Digits(usize, String),
    Letters(String),
}

/// The places of some texts in order. A column of which half are numbers is ordered by them, with the words behind;
/// blanks come last either way.
#[must_use]
pub fn sorted(texts: &[&str], down: bool) -> Vec<usize> {
    let filled = texts.iter().filter(|text| !text.trim().is_empty()).count();
    let numbers = texts.iter().filter(|text| leading(text).is_some()).count();
    let numeric = numbers > 0 && numbers * 2 >= filled;
    let mut all: Vec<(usize, Rank)> = texts.iter().map(|text| rank(text, numeric)).enumerate().collect();
    // Equal cells keep the author's order in both directions.
    all.sort_by(|(_, one), (_, other)| compare(one, other, down));
    all.into_iter().map(|(at, _)| at).collect()
}

fn rank(text: &str, numeric: bool) -> Rank {
    if text.trim().is_empty() {
        return Rank::Blank;
    }
    match leading(text).filter(|_| numeric) {
        Some((of, value)) => Rank::Amount(of, value),
        None => Rank::Words(parts(text)),
    }
}

fn compare(one: &Rank, other: &Rank, down: bool) -> Ordering {
    let way = |order: Ordering| if down { order.reverse() } else { order };
    match (one, other) {
        (Rank::Amount(of, value), Rank::Amount(other_of, other_value)) => {
            of.cmp(other_of).then(way(value.total_cmp(other_value)))
        }
        (Rank::Words(one), Rank::Words(other)) => way(one.cmp(other)),
        (one, other) => class(one).cmp(&class(other)),
    }
}

fn class(rank: &Rank) -> u8 {
    match rank {
        Rank::Amount(..) => 0,
        Rank::Words(_) => 1,
        Rank::Blank => 2,
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match (out.last_mut(), c.is_ascii_digit()) {
            (Some(Part::Digits(count, digits)), true) => {
                if digits == "0" {
                    digits.clear();
                    *count = 0;
                }
                digits.push(c);
                *count += 1;
            }
            (Some(Part::Letters(letters)), false) => letters.push(c),
            (_, true) => out.push(Part::Digits(1, c.to_string())),
            (_, false) => out.push(Part::Letters(c.to_string())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_sorted_by_what_they_mean() {
        let cases: &[(&[&str], &[&str])] = &[
            // Units of one kind are compared by what they amount to.
            (&["2 h", "90 min", "30 s", "1 day"], &["30 s", "90 min", "2 h", "1 day"]),
            (&["1 TiB", "512 GiB", "1 GB", "1 GiB"], &["1 GB", "1 GiB", "512 GiB", "1 TiB"]),
            (&["25 Gbps", "800 Mbps", "1 Tbps"], &["800 Mbps", "25 Gbps", "1 Tbps"]),
            (&["60 s, 1 to 4,000", "350 s for TCP", "5 minutes"], &["60 s, 1 to 4,000", "5 minutes", "350 s for TCP"]),
            (&["up to 72 %", "66 %", "about 90%"], &["66 %", "up to 72 %", "about 90%"]),
            (&["$0.10 per hour", "$0.0225", "$1,200"], &["$0.0225", "$0.10 per hour", "$1,200"]),
            (&["16k IOPS", "3,000 IOPS", "1M IOPS"], &["3,000 IOPS", "16k IOPS", "1M IOPS"]),
            (&["15-minute", "30 s"], &["30 s", "15-minute"]),
            (&["two minutes", "one hour", "10 s"], &["10 s", "two minutes", "one hour"]),
            (&["4 and 7", "7", "3", "4"], &["3", "4 and 7", "4", "7"]),
            (&["-5", "3", "−8"], &["−8", "-5", "3"]),
            // Words stand behind the numbers, and blanks behind all.
            (&["none", "60 s", "", "10 s"], &["10 s", "60 s", "none", ""]),
            // Where words are the most of it, all are words, counted as people count.
            (&["none", "one per zone", "by routes", "no"], &["by routes", "no", "none", "one per zone"]),
            (&["TLS 1.10", "TLS 1.2", "tls 1.3"], &["TLS 1.2", "tls 1.3", "TLS 1.10"]),
            (&["m5.10xlarge", "m5.2xlarge", "c7g.large"], &["c7g.large", "m5.2xlarge", "m5.10xlarge"]),
        ];
        for (texts, expected) in cases {
            let shown: Vec<&str> = sorted(texts, false).into_iter().map(|at| texts[at]).collect();
            assert_eq!(shown, *expected);
        }
    }

    #[test]
    fn backwards_keeps_words_and_blanks_behind() {
        let texts = ["10 s", "", "none", "2 min", "10 s"];
        assert_eq!(sorted(&texts, true), [3, 0, 4, 2, 1]);
        assert_eq!(sorted(&["b", "", "a", "b"], true), [0, 3, 2, 1]);
    }

    proptest::proptest! {
        #[test]
        fn every_cell_stays_once(texts in proptest::collection::vec("[0-9a-z $%.,é-]{0,8}", 0..12), down: bool) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut places = sorted(&texts, down);
            places.sort_unstable();
            proptest::prop_assert_eq!(places, (0..texts.len()).collect::<Vec<_>>());
        }
    }
}
