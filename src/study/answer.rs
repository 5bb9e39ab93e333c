//! Typed answers: words without regard to case, and numbers with their units.

use crate::text::width;

/// What a typed answer is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Right,
    /// What is off, in a sentence, and the words side by side.
    Wrong {
        told: String,
        diff: Vec<Part>,
    },
}

/// A stretch of the expected answer: there, missing, or too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub kind: Difference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    Same,
    Missing,
    Extra,
}

/// What a unit measures and how much of the base of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unit {
    of: &'static str,
    factor: f64,
}

/// Units by what they measure: names, and how many of the base unit each is.
const UNITS: &[(&str, &[&str], f64)] = &[
    ("time", &["ms", "millisecond", "milliseconds"], 0.001),
    ("time", &["s", "sec", "secs", "second", "seconds"], 1.0),
    ("time", &["m", "min", "mins", "minute", "minutes"], 60.0),
    ("time", &["h", "hr", "hrs", "hour", "hours"], 3600.0),
    ("time", &["d", "day", "days"], 86_400.0),
    ("time", &["w", "week", "weeks"], 604_800.0),
    ("size", &["b", "byte", "bytes"], 1.0),
    ("size", &["kb"], 1e3),
    ("size", &["mb"], 1e6),
    ("size", &["gb"], 1e9),
    ("size", &["tb"], 1e12),
    ("size", &["kib"], 1024.0),
    ("size", &["mib"], 1_048_576.0),
    ("size", &["gib"], 1_073_741_824.0),
    ("size", &["tib"], 1_099_511_627_776.0),
    ("rate", &["bps", "bit/s"], 1.0),
    ("rate", &["kbps", "kbit/s"], 1e3),
    ("rate", &["mbps", "mbit/s"], 1e6),
    ("rate", &["gbps", "gbit/s"], 1e9),
    ("rate", &["tbps", "tbit/s"], 1e12),
    ("share", &["%", "percent", "per cent"], 1.0),
    ("money", &["$", "usd", "dollar", "dollars"], 1.0),
];

/// A number, what it is a number of, and the unit as it was written.
#[derive(Clone, Debug, PartialEq)]
struct Amount {
    value: f64,
    unit: Option<Unit>,
    name: String,
}

/// Judges an answer against what is accepted; `tolerance` is a share such as `10 %`, or an amount.
#[must_use]
pub fn judge(given: &str, accepted: &[String], tolerance: Option<&str>) -> Verdict {
    let plain = simple(given);
    let mut told = None;
    for expected in accepted {
        // Numbers are compared as numbers: words would not see a sign.
        let numbers = amount(given).is_some() && amount(expected).is_some();
        if !numbers && !plain.is_empty() && simple(expected) == plain {
            return Verdict::Right;
        }
        if let (Some(given), Some(expected)) = (amount(given), amount(expected)) {
            match compare(&given, &expected, tolerance) {
                None => return Verdict::Right,
                Some(words) => told = told.or(Some(words)),
            }
        }
    }
    let nearest = accepted
        .iter()
        .min_by_key(|expected| strsim::levenshtein(&simple(expected), &plain))
        .map_or("", String::as_str);
    let close = width(&plain) > 4 && strsim::normalized_levenshtein(&simple(nearest), &plain) > 0.75;
    let words = if plain.is_empty() {
        "Nothing was typed."
    } else if close {
        "Nearly: look at the spelling."
    } else {
        "That is not it."
    };
    Verdict::Wrong { told: told.unwrap_or_else(|| words.to_owned()), diff: diff(given.trim(), nearest) }
}

/// What is wrong with an amount; nothing when it is right.
fn compare(given: &Amount, expected: &Amount, tolerance: Option<&str>) -> Option<String> {
    let factor = |amount: &Amount| amount.unit.map_or(1.0, |unit| unit.factor);
    let (mut value, wanted) = (given.value * factor(given), expected.value * factor(expected));
    match (given.unit, expected.unit) {
        (Some(one), Some(other)) if one.of != other.of => {
            return Some(format!("`{}` does not measure what is asked for.", given.name));
        }
        (None, Some(_)) if given.name.is_empty() => {
            // A bare number is taken in the unit that is expected, which is said when it is wrong.
            value = given.value * factor(expected);
        }
        // A number that is asked bare has its unit in the question: "21 instances", "3 dollars" say no more.
        (None, None) if expected.name.is_empty() => {}
        (Some(unit), None) if expected.name.is_empty() && unit.of == "money" => {}
        (Some(_), None) | (None, Some(_)) => return Some("The unit is another one.".to_owned()),
        (None, None) if !same_name(&given.name, &expected.name) => {
            return Some(format!("The number is asked in {}.", expected.name));
        }
        _ => {}
    }
    let allowed = tolerance.map_or(0.0, |text| allowed(text, wanted));
    if (value - wanted).abs() <= allowed + wanted.abs() * 1e-9 {
        return None;
    }
    let number_is_right = (given.value - expected.value).abs() < f64::EPSILON && given.unit != expected.unit;
    if number_is_right {
        return Some(format!("The number is right, the unit is not: {} is not {}.", given.name, expected.name));
    }
    let times = if value == 0.0 || wanted == 0.0 { 0.0 } else { (value / wanted).abs().max((wanted / value).abs()) };
    let way = if value > wanted { "high" } else { "low" };
    if times >= 1.95 {
        let times = (times * 10.0).round() / 10.0;
        return Some(format!("Too {way}, by a factor of {times}."));
    }
    Some(format!("Too {way}."))
}

fn same_name(given: &str, expected: &str) -> bool {
    let bare = |name: &str| name.strip_suffix('s').unwrap_or(name).to_owned();
    given.is_empty() || bare(given) == bare(expected)
}

fn allowed(text: &str, wanted: f64) -> f64 {
    match amount(text) {
        Some(Amount { value, unit: Some(unit), .. }) if unit.of == "share" => wanted.abs() * value / 100.0,
        Some(Amount { value, unit, .. }) => value * unit.map_or(1.0, |unit| unit.factor),
        None => 0.0,
    }
}

/// The numbers from one on, as words.
const WORDS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads a number with its unit; `None` where the text is not one.
fn amount(text: &str) -> Option<Amount> {
    let text = text.trim().trim_end_matches('.');
    // A sign of money stands before its number, and small numbers are also written as words.
    let money = text.strip_prefix('$').map(|number| format!("{} $", number.trim()));
    let text = money.as_deref().unwrap_or(text);
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let word = (1..).zip(WORDS).find(|(_, word)| first.eq_ignore_ascii_case(word));
    let word = word.map(|(number, _): (u32, _)| format!("{number} {rest}"));
    let text = word.as_deref().unwrap_or(text).trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || ".,_-+".contains(c))).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    let number: String = number.chars().filter(|c| ![',', '_'].contains(c)).collect();
    let value: f64 = number.parse().ok()?;
    let rest = rest.trim();
    let mut name = rest.to_lowercase();
    let (mut value, mut rest) = (value, rest);
    // Thousands and millions, as people write them.
    for (sign, times) in [("k", 1e3), ("K", 1e3), ("M", 1e6)] {
        if let Some(after) = rest.strip_prefix(sign).filter(|after| after.is_empty() || after.starts_with(' ')) {
            value *= times;
            rest = after.trim();
            name = rest.to_lowercase();
        }
    }
    let unit = UNITS.iter().find(|(_, names, _)| names.contains(&name.as_str()));
    let unit = unit.map(|(of, _, factor)| Unit { of, factor: *factor });
    Some(Amount { value, unit, name: if unit.is_some() { rest.to_owned() } else { name } })
}

/// Words that say how a number is meant before it comes.
const BEFORE: [&str; 17] = [
    "up to",
    "at least",
    "at most",
    "more than",
    "less than",
    "about",
    "around",
    "from",
    "over",
    "under",
    "only",
    "~",
    "≈",
    "≤",
    "≥",
    "<",
    ">",
];
/// Small numbers as words.
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// What a text that begins with an amount measures, and how much of its base unit that is: `60 s, 1 to 4,000` is 60 of
/// time. A number without a unit that is known measures nothing.
#[must_use]
pub fn leading(text: &str) -> Option<(&'static str, f64)> {
    let mut rest = text.trim_start();
    let begins = |rest: &str, word: &str| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    while let Some(word) = BEFORE.iter().find(|word| begins(rest, word)) {
        rest = rest.get(word.len()..)?.trim_start();
    }
    let bare = rest.trim_start_matches(['$', '€', '£']);
    let money = bare.len() < rest.len();
    let digits = bare.trim_start_matches(['-', '−']);
    let sign = if digits.len() < bare.len() { -1.0 } else { 1.0 };
    let end = digits.find(|c: char| !(c.is_ascii_digit() || ".,_".contains(c))).unwrap_or(digits.len());
    let (number, mut after) = digits.split_at_checked(end)?;
    let number: String = number.trim_end_matches([',', '.']).chars().filter(|c| ![',', '_'].contains(c)).collect();
    let mut value: f64 = if number.is_empty() {
        let word = digits.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let at = NUMBERS.iter().position(|name| word.eq_ignore_ascii_case(name))?;
        after = digits.get(word.len()..)?;
        u32::try_from(at + 1).map(f64::from).ok()?
    } else {
        number.parse().ok()?
    };
    for (name, times) in [("k", 1e3), ("M", 1e6), (" thousand", 1e3), (" million", 1e6), (" billion", 1e9)] {
        if let Some(more) = after.strip_prefix(name).filter(|more| !more.starts_with(char::is_alphanumeric)) {
            value *= times;
            after = more;
        }
    }
    let blank = |c: char| c.is_whitespace() || c == '-';
    let name = after.trim_start_matches(blank).split(|c: char| c.is_whitespace() || ",;()".contains(c)).next();
    let name = name.unwrap_or("").trim_end_matches('.').to_lowercase();
    let unit = UNITS.iter().find(|(_, names, _)| names.contains(&name.as_str()));
    Some(match unit {
        _ if money => ("money", sign * value),
        Some((of, _, factor)) => (of, sign * value * factor),
        None => ("", sign * value),
    })
}

/// Words without case, punctuation at the ends, articles and doubled blanks.
fn simple(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        word.trim_matches(|c: char| !c.is_alphanumeric() && !['%', '+', '#', '/', '*'].contains(&c)).to_lowercase()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let words = match words.split_first() {
        Some((first, rest)) if ["a", "an", "the"].contains(&first.as_str()) && !rest.is_empty() => rest,
        _ => words.as_slice(),
    };
    words.join(" ")
}

/// The words of two answers, in the order of the expected one.
fn diff(given: &str, expected: &str) -> Vec<Part> {
    let one: Vec<&str> = given.split_whitespace().take(60).collect();
    let two: Vec<&str> = expected.split_whitespace().take(60).collect();
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    // Longest common subsequence, by rows from the end.
    let width = two.len() + 1;
    let mut longest = vec![0_usize; (one.len() + 1) * width];
    let at = |y: usize, x: usize| y * width + x;
    let read = |table: &[usize], y: usize, x: usize| table.get(at(y, x)).copied().unwrap_or(0);
    for (y, a) in one.iter().enumerate().rev() {
        for (x, b) in two.iter().enumerate().rev() {
            let best = if same(a, b) {
                read(&longest, y + 1, x + 1) + 1
            } else {
                read(&longest, y + 1, x).max(read(&longest, y, x + 1))
            };
            if let Some(slot) = longest.get_mut(at(y, x)) {
                *slot = best;
            }
        }
    }
    let (mut y, mut x) = (0, 0);
    let mut out: Vec<Part> = Vec::new();
    let mut push = |text: &str, kind: Difference| match out.last_mut() {
        Some(last) if last.kind == kind => {
            last.text.push(' ');
            last.text.push_str(text);
        }
        _ => out.push(Part { text: text.to_owned(), kind }),
    };
    loop {
        match (one.get(y), two.get(x)) {
            (Some(a), Some(b)) if same(a, b) => {
                push(b, Difference::Same);
                (y, x) = (y + 1, x + 1);
            }
            (Some(a), other) if other.is_none() || read(&longest, y + 1, x) >= read(&longest, y, x + 1) => {
                push(a, Difference::Extra);
                y += 1;
            }
            (_, Some(b)) => {
                push(b, Difference::Missing);
                x += 1;
            }
            _ => break,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(given: &str, accepted: &str) -> bool {
        let (accepted, tolerance) = match accepted.split_once('±') {
            Some((accepted, tolerance)) => (accepted, Some(tolerance.trim())),
            None => (accepted, None),
        };
        let accepted: Vec<String> = accepted.split('|').map(|one| one.trim().to_owned()).collect();
        judge(given, &accepted, tolerance) == Verdict::Right
    }

    #[test]
    fn numbers_with_units() {
        let yes = [
            ("15 min", "900 s"),
            ("900s", "15 min"),
            ("0.25 h", "15 min"),
            ("15m", "15 min"),
            ("300", "300 s"),
            ("16,000 IOPS", "16000 iops"),
            ("16k IOPS", "16000 IOPS"),
            ("1 TiB", "1024 GiB"),
            ("10 gbps", "10 Gbps"),
            ("33 s", "30 s ± 10 %"),
            ("2 minutes", "2 min | 120 s"),
            ("50 percent", "50 %"),
            ("$7.00", "$7"),
            ("7 dollars", "$7"),
            ("7", "$7"),
            ("$1,200", "1200 USD"),
            ("five", "five"),
            ("1 target", "1"),
            ("21 instances", "21"),
            ("3 dollars", "2.9 ± 10 %"),
            ("one week", "7 d"),
            ("Two minutes", "120 s"),
        ];
        for (given, accepted) in yes {
            assert!(right(given, accepted), "{given} for {accepted}");
        }
        let no = [
            ("15 s", "15 min"),
            ("1 GB", "1 GiB"),
            ("34 s", "30 s ± 10 %"),
            ("15 GB", "15 min"),
            ("$7", "7 s"),
            ("-7", "$7"),
            ("-120 s", "120 s"),
            ("-86 %", "86 %"),
            ("15 minutes", "15"),
            ("two instances", "21"),
            ("", "15 min"),
            ("4000 IOPS", "16000 IOPS"),
        ];
        for (given, accepted) in no {
            assert!(!right(given, accepted), "{given} for {accepted}");
        }
    }

    #[test]
    fn what_is_off_is_told() {
        let told = |given: &str, accepted: &str| match judge(given, &[accepted.to_owned()], None) {
            Verdict::Wrong { told, .. } => told,
            Verdict::Right => String::from("right"),
        };
        assert_eq!(told("4000 IOPS", "16000 IOPS"), "Too low, by a factor of 4.");
        assert_eq!(told("1 GB", "1 GiB"), "The number is right, the unit is not: GB is not GiB.");
        assert_eq!(told("15 GB", "15 min"), "`GB` does not measure what is asked for.");
        assert_eq!(told("", "x"), "Nothing was typed.");
        assert_eq!(told("Elasic Load Balancing", "Elastic Load Balancing"), "Nearly: look at the spelling.");
        assert_eq!(told("the NLB.", "NLB"), "right");
    }

    #[test]
    fn differences_are_shown_word_by_word() {
        let Verdict::Wrong { diff, .. } = judge("IP target type", &["ip address type".to_owned()], None) else {
            panic!()
        };
        let told: Vec<_> = diff.iter().map(|part| (part.text.as_str(), part.kind)).collect();
        assert_eq!(
            told,
            [
                ("ip", Difference::Same),
                ("target", Difference::Extra),
                ("address", Difference::Missing),
                ("type", Difference::Same)
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_judged(given in ".{0,60}", expected in ".{1,40}") {
            let _ = judge(&given, std::slice::from_ref(&expected), Some("10 %"));
            if !simple(&expected).is_empty() {
                proptest::prop_assert_eq!(judge(&expected, std::slice::from_ref(&expected), None), Verdict::Right);
            }
        }
    }
}
