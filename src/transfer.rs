//! Cards and histories of other programs: read into a [`Haul`], and written from one. Everything here turns bytes into
//! values and back; files and the history are the business of the commands.

pub mod anki;
pub mod apkg;
pub mod deck;
pub mod html;
pub mod id;
pub mod json;
pub mod merge;
pub mod note;
pub mod obsidian;
pub mod pack;
pub mod schedule;
pub mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::study::day::Moment;
use crate::study::review::Review;
use crate::text::acts;

/// A card without its place in a file. All texts are Markdown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    pub prompt: String,
    #[serde(flatten)]
    pub shape: Shape,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confused: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// How a card is asked, as in the format of cards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Shape {
    Answer {
        answer: String,
    },
    List {
        points: Vec<String>,
    },
    Pair {
        definition: String,
    },
    /// The gaps stand in brackets in the prompt.
    Cloze,
    Choice {
        options: Vec<Choice>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    Order {
        steps: Vec<String>,
    },
    Typed {
        accepted: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tolerance: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
}

impl Default for Shape {
    fn default() -> Self {
        Self::Answer { answer: String::new() }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub text: String,
    pub right: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    pub title: String,
    pub cards: Vec<Card>,
}

/// What a file held, or what is to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Haul {
    pub decks: Vec<Deck>,
    /// Rows about the items of the cards.
    pub reviews: Vec<Review>,
    /// What was left out, and how often.
    pub left: BTreeMap<String, usize>,
}

impl Haul {
    /// Counts something that was left out.
    pub fn leave(&mut self, what: &str) {
        *self.left.entry(what.to_owned()).or_default() += 1;
    }

    /// Puts a card into the deck of a title.
    pub fn put(&mut self, title: &str, card: Card) {
        let title = self::title(title);
        // Cards of one deck mostly stand together.
        match self.decks.iter_mut().rev().find(|deck| deck.title == title) {
            Some(deck) => deck.cards.push(card),
            None => self.decks.push(Deck { title, cards: vec![card] }),
        }
    }

    #[must_use]
    pub fn cards(&self) -> usize {
        self.decks.iter().map(|deck| deck.cards.len()).sum()
    }
}

/// What a reader needs to know beside the bytes.
pub struct Setting<'a> {
    /// What a deck is called whose file does not say it.
    pub title: &'a str,
    /// The wall clock of a moment in UTC.
    pub moment: &'a dyn Fn(i64) -> Moment,
}

/// A sentence about a file that cannot be taken.
#[must_use]
pub fn refused(what: impl Into<String>, hint: &str) -> Box<Problem> {
    Box::new(Problem::error("import", what, hint))
}

/// Text from elsewhere: line ends of one kind, tabs as spaces, nothing that acts on a terminal.
#[must_use]
pub fn tame(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if acts(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// A title on one line; decks without one are called `Cards`.
#[must_use]
pub fn title(text: &str) -> String {
    let words: Vec<String> = tame(text).split_whitespace().map(str::to_owned).collect();
    if words.is_empty() { "Cards".to_owned() } else { words.join(" ") }
}

/// A tag that can stand in the braces behind a card.
#[must_use]
pub fn tag(text: &str) -> Option<String> {
    let word: String = tame(text).trim().chars().filter(|c| !"{}".contains(*c)).collect();
    let word = word.split_whitespace().collect::<Vec<_>>().join("-");
    let word = word.trim_end_matches([',', ';']);
    match word {
        "" => None,
        // This class makes a card of steps.
        "order" => Some("order-".to_owned()),
        _ => Some(word.to_owned()),
    }
}

/// The tags of a text that lists them.
#[must_use]
pub fn tags(text: &str) -> Vec<String> {
    text.split_whitespace().filter_map(tag).collect()
}

/// Bytes as text: UTF-8, or UTF-16 with its mark.
pub fn decode(bytes: &[u8]) -> Result<String, Box<Problem>> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units = bytes.get(2..).unwrap_or_default().chunks_exact(2).map(|pair| match *pair {
            [a, b] => order([a, b]),
            _ => 0,
        });
        char::decode_utf16(units).collect::<Result<String, _>>()
    };
    let wrong = |what: String| Err(refused(what, "Save it as UTF-8."));
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes).or_else(|_| wrong("The file is broken UTF-16.".to_owned()))?,
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes).or_else(|_| wrong("The file is broken UTF-16.".to_owned()))?,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(why) => return wrong(format!("The file is not UTF-8 from byte {} on.", why.valid_up_to())),
        },
    };
    if text.contains('\0') {
        return Err(refused("The file is no text: it holds zero bytes.", "Name its format with `--format`."));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_tamed() {
        assert_eq!(tame("a\r\nb\rc\td\u{1b}[31m\u{202e}\u{feff}e\0"), "a\nb\nc    d[31me");
        assert_eq!((title("  A \n B\t"), title("\u{7}")), ("A B".to_owned(), "Cards".to_owned()));
        assert_eq!((tag("a b{}"), tag(" "), tag("order")), (Some("a-b".into()), None, Some("order-".into())));
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode("\u{feff}ü".as_bytes()).unwrap(), "ü");
        assert_eq!(decode(&[0xff, 0xfe, b'a', 0, 0xfc, 0]).unwrap(), "aü");
        assert_eq!(decode(&[0xfe, 0xff, 0, b'a']).unwrap(), "a");
        for bytes in [&b"caf\xe9"[..], &[0xff, 0xfe, 0, 0xd8], b"a\0b"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
