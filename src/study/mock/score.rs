//! What an answer is worth: the points that were made, by weight, less the red flags. docs/scoring.md says it in words.

use serde::{Deserialize, Serialize};

use crate::content::doc::{Run, Style};
use crate::content::question::{Point, Question};
use crate::content::section::Rich;
use crate::study::review::Grade;

/// From this share of the points on, in percent, the grade is hard, good, easy.
pub const HARD: u32 = 60;
pub const GOOD: u32 = 75;
pub const EASY: u32 = 95;

/// Which points were made, which follow-ups were met, and which red flags were raised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub points: Vec<bool>,
    pub follow_ups: Vec<bool>,
    pub flags: Vec<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub got: u32,
    pub of: u32,
}

impl Score {
    /// In whole percent, rounded down: a bar is met or not.
    #[must_use]
    pub fn percent(self) -> u32 {
        (self.got * 100).checked_div(self.of).unwrap_or(0)
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { got: self.got + other.got, of: self.of + other.of }
    }
}

impl Sheet {
    /// A sheet on which the points and red flags are ticked whose terms appear in a typed answer.
    #[must_use]
    pub fn new(question: &Question, typed: &str) -> Self {
        let said = Said::new(typed);
        Self {
            points: question.rubric.iter().map(|point| !said.found(&point.terms).is_empty()).collect(),
            follow_ups: vec![false; question.follow_ups.len()],
            flags: question.red_flags.iter().map(|flag| !said.meant(&flag.terms).is_empty()).collect(),
        }
    }

    /// A point counts its weight, a follow-up one, a red flag takes its weight away; the score is never below nothing.
    #[must_use]
    pub fn score(&self, question: &Question) -> Score {
        let ticked = |points: &[Point], ticks: &[bool]| -> u32 {
            points.iter().zip(ticks).filter(|(_, ticked)| **ticked).map(|(point, _)| point.weight).sum()
        };
        let met = self.follow_ups.iter().filter(|met| **met).count();
        let got = ticked(&question.rubric, &self.points) + u32::try_from(met).unwrap_or(0);
        let lost = ticked(&question.red_flags, &self.flags);
        Score { got: got.saturating_sub(lost), of: full(question) }
    }

    /// Whether any red flag was raised.
    #[must_use]
    pub fn flagged(&self) -> bool {
        self.flags.contains(&true)
    }

    /// The grade for the schedule.
    #[must_use]
    pub fn grade(&self, question: &Question) -> Grade {
        grade(self.score(question), self.flagged())
    }
}

/// A question without a rubric gets a point, or its answer would be worth nothing.
pub fn scorable(question: &mut Question) {
    if question.rubric.is_empty() {
        let text = "The answer says what the model answer says.".to_owned();
        let run = Run { text, style: Style::default(), link: None, at: question.span.start };
        let text = Rich { runs: vec![run], ..Rich::default() };
        question.rubric.push(Point { text, weight: 1, terms: Vec::new() });
    }
}

/// All that a question is worth.
#[must_use]
pub fn full(question: &Question) -> u32 {
    let points: u32 = question.rubric.iter().map(|point| point.weight).sum();
    points + u32::try_from(question.follow_ups.len()).unwrap_or(0)
}

/// The grade of a score. A red flag makes hard the best there is.
#[must_use]
pub fn grade(score: Score, flagged: bool) -> Grade {
    let grade = match score.percent() {
        EASY.. => Grade::Easy,
        GOOD.. => Grade::Good,
        HARD.. => Grade::Hard,
        _ => Grade::Again,
    };
    if flagged { grade.min(Grade::Hard) } else { grade }
}

/// An answer, made ready to look for terms in it.
pub struct Said<'a> {
    text: &'a str,
    /// Each character as it is compared, and its byte in the text.
    chars: Vec<(char, usize)>,
}

/// Blanks, dashes and underscores are the same; case does not matter.
fn folded(c: char) -> impl Iterator<Item = char> {
    let c = match c {
        '-' | '_' | '\u{2010}'..='\u{2014}' => ' ',
        '\u{2019}' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    c.to_lowercase()
}

/// Units behind a number, however they are written: `24 h` is also said as "24 hours".
const UNITS: &[(&str, &[&str])] = &[
    ("s", &["s", "sec", "secs", "second", "seconds"]),
    ("min", &["min", "mins", "minute", "minutes"]),
    ("h", &["h", "hr", "hrs", "hour", "hours"]),
    ("d", &["d", "day", "days"]),
    ("%", &["%", "percent"]),
];

/// A text as it is compared, each character with its byte: folded, and with units in one spelling.
fn spelled(text: &str) -> Vec<(char, usize)> {
    let chars: Vec<(char, usize)> = text.char_indices().flat_map(|(at, c)| folded(c).map(move |c| (c, at))).collect();
    let mut out: Vec<(char, usize)> = Vec::with_capacity(chars.len());
    let mut rest = chars.as_slice();
    while let Some(((c, at), next)) = rest.split_first() {
        let number = out.iter().rev().find(|(c, _)| *c != ' ').is_some_and(|(c, _)| c.is_ascii_digit());
        let begins = number && !out.last().is_some_and(|(c, _)| c.is_alphabetic());
        let word = rest.iter().take_while(|(c, _)| c.is_alphabetic()).count().max(1);
        let unit = begins.then(|| rest.iter().take(word).map(|(c, _)| *c).collect::<String>());
        let unit = unit.and_then(|unit| UNITS.iter().find(|(_, spellings)| spellings.contains(&unit.as_str())));
        if let Some((short, _)) = unit {
            out.extend(short.chars().map(|c| (c, *at)));
            rest = rest.get(word..).unwrap_or_default();
        } else {
            out.push((*c, *at));
            rest = next;
        }
    }
    out
}

/// From this many letters on a term is also the beginning of a longer word: `preserv` finds `preserved`.
const STEM: usize = 5;

/// Words that turn what follows them into its opposite.
const DENIALS: &[&str] =
    &["not", "never", "no", "nor", "neither", "without", "avoid", "avoids", "avoiding", "instead", "rather", "cannot"];
/// What ends a clause: a denial before it is about something else.
const CLAUSE_ENDS: &[char] = &['.', ',', ';', ':', '!', '?', '(', ')'];
/// How many words a denial reaches.
const REACH: usize = 6;

/// Each text once, without regard to case.
fn once<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut out: Vec<&str> = Vec::new();
    for words in all {
        if !out.iter().any(|known| known.eq_ignore_ascii_case(words)) {
            out.push(words);
        }
    }
    out
}

impl<'a> Said<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, chars: spelled(text) }
    }

    /// The words of the answer in which some terms are found, each once.
    #[must_use]
    pub fn found(&self, terms: &[String]) -> Vec<&'a str> {
        once(terms.iter().filter_map(|term| self.find(term)))
    }

    /// The same without words that are only denied: "I would not redeploy" raises no flag.
    #[must_use]
    pub fn meant(&self, terms: &[String]) -> Vec<&'a str> {
        let meant = |term: &String| self.places(term).find(|(from, _)| !self.denied(*from)).map(|(_, words)| words);
        once(terms.iter().filter_map(meant))
    }

    /// The words in which a term is found first. It begins where a word begins and ends where one ends, save for a
    /// plural and for what stems leave open.
    #[must_use]
    pub fn find(&self, term: &str) -> Option<&'a str> {
        self.places(term).next().map(|(_, words)| words)
    }

    /// Where a term is found, and in which words.
    fn places(&self, term: &str) -> impl Iterator<Item = (usize, &'a str)> {
        let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted: Vec<char> = spelled(&term).into_iter().map(|(c, _)| c).collect();
        let starts = if wanted.is_empty() { 0..0 } else { 0..self.chars.len() };
        starts.filter_map(move |from| {
            let to = self.matches(&wanted, from)?;
            let start = self.chars.get(from)?.1;
            let end = self.chars.get(to).map_or(self.text.len(), |(_, at)| *at);
            Some((from, self.text.get(start..end)?.trim_end()))
        })
    }

    /// Whether the words before a place deny what stands there: "I would never", "instead of", in the same clause.
    fn denied(&self, from: usize) -> bool {
        let mut before = String::new();
        for (c, _) in self.chars.iter().take(from).rev().take_while(|(c, _)| !CLAUSE_ENDS.contains(c)) {
            before.push(*c);
        }
        let mut after = String::new();
        for word in before.split(' ').filter(|word| !word.is_empty()).take(REACH) {
            let word: String = word.chars().rev().filter(|c| c.is_alphanumeric() || *c == '\'').collect();
            if word == "but" {
                return false;
            }
            let denies = DENIALS.contains(&word.as_str()) || word.ends_with("n't");
            if denies && after != "only" {
                return true;
            }
            after = word;
        }
        false
    }

    fn at(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(c, _)| *c)
    }

    /// Where the words end that match from `from` on.
    fn matches(&self, wanted: &[char], from: usize) -> Option<usize> {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = from.checked_sub(1).and_then(|at| self.at(at));
        if word(wanted.first().copied()) && word(before) {
            return None;
        }
        let mut at = from;
        for (n, c) in wanted.iter().enumerate() {
            if *c == ' ' {
                let start = at;
                while self.at(at) == Some(' ') {
                    at += 1;
                }
                // `60 s` is also written `60s`.
                let joint = n.checked_sub(1).and_then(|n| wanted.get(n)).is_some_and(char::is_ascii_digit);
                if at == start && !joint {
                    return None;
                }
            } else if self.at(at) == Some(*c) {
                at += 1;
            } else {
                return None;
            }
        }
        if !word(wanted.last().copied()) || !word(self.at(at)) {
            return Some(at);
        }
        let stem = wanted.iter().rev().take_while(|c| c.is_alphabetic()).count();
        let letters = || self.chars.iter().skip(at).take_while(|(c, _)| c.is_alphabetic()).count();
        let rest = if stem == 0 { 0 } else { letters() };
        let plural = rest == 1 && self.at(at) == Some('s');
        let whole = !word(self.at(at + rest));
        (rest > 0 && whole && (plural || stem >= STEM)).then_some(at + rest)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::content::parse::blocks;
    use crate::content::question::questions;

    pub const TEXT: &str = "\
## Why? {#why level=L2 minutes=4}
### Rubric
- (2) Asks first. `stopped reason|stop code`
- (1) Reads 137. `137|sigkill`
- (3) Looks at memory. `oom|memory`
- (1) Says why.
### Red flags
- Redeploys. `redeploy`
- (2) Guesses.
### Follow-ups
- One zone? (The subnet.)
### In 40 seconds
Short.
### In 3 minutes
Long.
";

    pub fn question() -> Question {
        questions(&blocks(TEXT, 0, ""), false, &mut Vec::new()).remove(0)
    }

    #[test]
    fn terms_are_words() {
        let cases = [
            ("alb", "An ALB.", Some("ALB")),
            ("alb", "many ALBs here", Some("ALBs")),
            ("alb", "the album", None),
            ("ip", "a ship, a tip", None),
            ("ip", "IP-targets", Some("IP")),
            ("preserv", "it Preserves the client", Some("Preserves")),
            ("preserv", "unpreserved", None),
            ("health check", "two Health-Checks fail", Some("Health-Checks")),
            ("health check", "healthcheck", None),
            ("x-forwarded-for", "the X forwarded for header", Some("X forwarded for")),
            ("60 s", "after 60s", Some("60s")),
            ("60 s", "after 60 s.", Some("60 s")),
            ("60 s", "60 seconds", Some("60 seconds")),
            ("60 seconds", "after 60s.", Some("60s")),
            ("24 h", "24-hour window", Some("24-hour")),
            ("24 hours", "24 h", Some("24 h")),
            ("10 %", "10 percent more", Some("10 percent")),
            ("10 percent", "10% more", Some("10%")),
            ("60 s", "60 shards", None),
            ("3 d", "3 days", Some("3 days")),
            ("second", "the second one", Some("second")),
            ("60", "600 or 160", None),
            ("60", "60 %", Some("60")),
            ("137", "code 137s", None),
            ("don't", "I don\u{2019}t", Some("don\u{2019}t")),
            ("größe", "die GRÖßE", Some("GRÖßE")),
            ("日本", "in 日本 yes", Some("日本")),
            ("5xx", "a 5XX, yes", Some("5XX")),
            ("/health", "GET /health", Some("/health")),
            ("stop  code", "the stop\n code", Some("stop\n code")),
            ("", "anything", None),
            ("anything", "", None),
        ];
        for (term, text, expected) in cases {
            assert_eq!(Said::new(text).find(term), expected, "`{term}` in {text:?}");
        }
    }

    #[test]
    fn found_words_come_once() {
        let said = Said::new("OOM, oom and memory");
        assert_eq!(said.found(&["oom".to_owned(), "oom".to_owned(), "memory".to_owned()]), ["OOM", "memory"]);
    }

    #[test]
    fn what_is_denied_is_not_meant() {
        let cases = [
            ("I redeploy.", true),
            ("I would not redeploy.", false),
            ("I wouldn\u{2019}t just blindly redeploy it", false),
            ("Never redeploy", false),
            ("I read the reason instead of redeploying.", false),
            ("Rather than redeploy, I read.", false),
            ("Without looking, I redeploy.", true),
            ("It does not help. I redeploy.", true),
            ("I would not wait but redeploy.", true),
            ("Not only do I redeploy", true),
            ("Not knowing why the task had stopped at noon I redeploy", true),
            ("I would not redeploy. Then I redeploy anyway.", true),
            ("No, I redeploy.", true),
        ];
        for (text, raised) in cases {
            let sheet = Sheet::new(&question(), text);
            assert_eq!(sheet.flags, [raised, false], "{text}");
        }
    }

    #[test]
    fn a_typed_answer_ticks_what_it_names() {
        let sheet = Sheet::new(&question(), "The stop code says 137, so I redeploy.");
        assert_eq!(sheet.points, [true, true, false, false]);
        assert_eq!((sheet.flags.as_slice(), sheet.follow_ups.as_slice()), (&[true, false][..], &[false][..]));
        assert_eq!(Sheet::new(&question(), "").points, [false; 4]);
    }

    #[test]
    fn points_weigh_and_red_flags_subtract() {
        let cases = [
            ([true, true, true, true], true, [false, false], 8, Grade::Easy),
            ([true, true, true, false], true, [false, false], 7, Grade::Good),
            ([true, false, true, false], true, [false, false], 6, Grade::Good),
            ([true, false, true, false], false, [false, false], 5, Grade::Hard),
            ([true, true, true, true], true, [true, false], 7, Grade::Hard),
            ([true, true, true, true], true, [true, true], 5, Grade::Hard),
            ([true, true, false, false], true, [false, false], 4, Grade::Again),
            ([false, true, false, false], false, [true, true], 0, Grade::Again),
        ];
        for (points, met, flags, got, expected) in cases {
            let sheet = Sheet { points: points.to_vec(), follow_ups: vec![met], flags: flags.to_vec() };
            let score = sheet.score(&question());
            assert_eq!((score, sheet.grade(&question())), (Score { got, of: 8 }, expected), "{sheet:?}");
        }
    }

    #[test]
    fn a_question_without_a_rubric_can_be_scored() {
        let mut bare = Question { rubric: Vec::new(), follow_ups: Vec::new(), ..question() };
        scorable(&mut bare);
        assert_eq!((full(&bare), bare.rubric.len()), (1, 1));
        let before = question();
        let mut after = before.clone();
        scorable(&mut after);
        assert_eq!(before, after);
    }

    #[test]
    fn the_bars_are_met_or_not() {
        let cases = [(59, Grade::Again), (60, Grade::Hard), (74, Grade::Hard), (75, Grade::Good), (95, Grade::Easy)];
        for (got, expected) in cases {
            assert_eq!(grade(Score { got, of: 100 }, false), expected, "{got}");
        }
        assert_eq!(grade(Score::default(), false), Grade::Again);
    }
}
