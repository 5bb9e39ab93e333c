//! Drawing a table from nothing: the learner says by what entities are told apart before seeing it.

use crate::text::{key, nearest};

/// What was named so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Which attributes were named.
    pub named: Vec<bool>,
    /// What was named and is no attribute of the table, in the learner's words.
    pub others: Vec<String>,
}

/// What a guess was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Attribute(usize),
    Before(usize),
    Other,
    Nothing,
}

impl Drawing {
    #[must_use]
    pub fn new(attributes: usize) -> Self {
        Self { named: vec![false; attributes], others: Vec::new() }
    }

    #[must_use]
    pub fn found(&self) -> usize {
        self.named.iter().filter(|named| **named).count()
    }

    #[must_use]
    pub fn whole(&self) -> bool {
        self.named.iter().all(|named| *named)
    }

    /// Takes a guess.
    pub fn say(&mut self, guess: &str, attributes: &[String]) -> Named {
        let guess = guess.trim();
        if key(guess).is_empty() {
            return Named::Nothing;
        }
        match meant(guess, attributes, &self.named) {
            Some(at) => {
                let before = self.named.get(at).copied().unwrap_or(true);
                if let Some(named) = self.named.get_mut(at) {
                    *named = true;
                }
                if before { Named::Before(at) } else { Named::Attribute(at) }
            }
            None => {
                if !self.others.iter().any(|other| key(other) == key(guess)) {
                    self.others.push(guess.to_owned());
                }
                Named::Other
            }
        }
    }
}

/// The attribute that a guess means: the same words, a good part of its words, or nearly the same letters. What was not
/// named yet goes before what was.
fn meant(guess: &str, attributes: &[String], named: &[bool]) -> Option<usize> {
    if let Some(at) = attributes.iter().position(|name| key(name) == key(guess)) {
        return Some(at);
    }
    let guessed = words(guess);
    let mut best: Option<((usize, bool), usize)> = None;
    for (at, name) in attributes.iter().enumerate() {
        let known = words(name);
        let shared = guessed.iter().filter(|word| known.iter().any(|other| alike(word, other))).count();
        // Half of what was said and half of what it is called: `timeout` means `Idle timeout`, `the protocol of clients` is
        // no guess at `Clients`.
        let enough = shared > 0 && shared * 2 >= guessed.len() && shared * 3 >= known.len();
        let worth = (shared * 100 / known.len().max(1), !named.get(at).copied().unwrap_or(false));
        if enough && best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, at));
        }
    }
    best.map(|(_, at)| at).or_else(|| {
        let lower: Vec<String> = attributes.iter().map(|name| name.to_lowercase()).collect();
        let near = nearest(&guess.to_lowercase(), lower.iter().map(String::as_str))?;
        lower.iter().position(|name| name == near).filter(|_| near.len().abs_diff(guess.len()) < 4)
    })
}

/// Words that tell something.
fn words(text: &str) -> Vec<String> {
    const EMPTY: [&str; 14] =
        ["the", "a", "an", "of", "by", "for", "to", "is", "it", "its", "does", "do", "when", "what"];
    let all: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let full: Vec<String> = all.iter().filter(|word| !EMPTY.contains(&word.as_str())).cloned().collect();
    if full.is_empty() { all } else { full }
}

/// Words with the same stem, as far as letters tell.
fn alike(one: &str, other: &str) -> bool {
    let stem = |word: &str| -> String { word.chars().take(5).collect() };
    let long = one.chars().count() > 4 && other.chars().count() > 4;
    let bare = |word: &str| word.strip_suffix('s').filter(|word| word.len() > 1).unwrap_or(word).to_owned();
    bare(one) == bare(other) || (long && stem(one) == stem(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_taken_as_they_are_meant() {
        let attributes: Vec<String> = [
            "Layer",
            "Protocols clients speak",
            "Fixed addresses",
            "Idle timeout by default",
            "WAF web ACL",
            "Choose when",
            "Cross-zone by default",
        ]
        .map(str::to_owned)
        .into();
        let mut drawing = Drawing::new(attributes.len());
        let cases = [
            ("layer", Named::Attribute(0)),
            ("Layers", Named::Before(0)),
            ("protocol", Named::Attribute(1)),
            ("fixed IP address", Named::Attribute(2)),
            ("timeout", Named::Attribute(3)),
            ("WAF", Named::Attribute(4)),
            ("price", Named::Other),
            ("cros-zone by default", Named::Attribute(6)),
            ("  ", Named::Nothing),
            ("when to choose it", Named::Attribute(5)),
        ];
        for (guess, expected) in cases {
            assert_eq!(drawing.say(guess, &attributes), expected, "{guess}");
        }
        assert!(drawing.whole() && drawing.found() == 7 && drawing.others == ["price"]);
    }

    proptest::proptest! {
        #[test]
        fn any_guess_is_taken(guess in ".{0,30}", names in proptest::collection::vec(".{0,12}", 0..6)) {
            let mut drawing = Drawing::new(names.len());
            drawing.say(&guess, &names);
            proptest::prop_assert!(drawing.found() + drawing.others.len() <= 1);
        }
    }
}
