//! How a word stands in a text: together at its best place, or scattered.

use std::ops::Range;

use super::Item;
use super::query::Word;

/// A letter that stands right behind the one before it; `fuzzy-matcher` gives as much.
pub const LETTER: i32 = 20;
/// A word that begins where the text begins, where a word of it begins, that ends where one ends.
pub const TEXT_START: i32 = 16;
pub const WORD_START: i32 = 8;
pub const WORD_END: i32 = 2;
/// What scattered letters lose at least against letters that stand together.
pub const SCATTERED: i32 = 6;
/// So many other letters may stand between two scattered ones, unless the second begins the next word.
const APART: usize = 4;
const APART_IN_TITLES: usize = 8;

/// How one word stands in a text.
pub enum Fit {
    None,
    /// Not now, but a longer word might.
    Perhaps,
    /// At a byte, with a score.
    Together(usize, i32),
    /// Somewhere in a stretch.
    Scattered(Range<usize>),
}

/// How a word stands in an item.
pub fn fit(item: &Item<'_>, word: &Word) -> Fit {
    if let Some((at, score)) = together(item.folded, word) {
        return Fit::Together(at, score);
    }
    // Somewhere in a text there is every letter: they must stand close, and closer in a long one.
    let apart = if item.inner || word.count < 3 { APART } else { APART_IN_TITLES };
    match near(item.folded, word, apart) {
        Some(_) if !item.inner => Fit::Scattered(0..item.text.len()),
        Some(stretch) if word.count > 2 => Fit::Scattered(stretch),
        _ if word.count < 3 => Fit::Perhaps,
        _ => Fit::None,
    }
}

/// The best place at which a word stands with its letters together.
pub fn together(text: &str, word: &Word) -> Option<(usize, i32)> {
    let letters = word.weight() - 5;
    let mut best: Option<(usize, i32)> = None;
    let mut from = 0;
    while let Some((at, next)) = stands(text, word, from) {
        from = next;
        let end = text.get(at + word.folded.len()..).unwrap_or("");
        let starts = if at == 0 {
            TEXT_START
        } else if letter(text.get(..at).unwrap_or("").chars().next_back()) {
            0
        } else {
            WORD_START
        };
        let score = letters + starts + if letter(end.chars().next()) { 0 } else { WORD_END };
        if best.is_none_or(|(_, known)| score > known) {
            best = Some((at, score));
        }
        // A word that stands alone is as good as it gets behind the beginning.
        if score >= behind(word) {
            break;
        }
    }
    best
}

/// The most that a word gives which stands behind the beginning.
pub fn behind(word: &Word) -> i32 {
    word.weight() - 5 + WORD_START + WORD_END
}

fn letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// The next place at which a word stands, and where to look on. The rarest letter leads there.
fn stands(text: &str, word: &Word, from: usize) -> Option<(usize, usize)> {
    let Some((rare, offset)) = word.rare else {
        let at = from + text.get(from..)?.find(&word.folded)?;
        return Some((at, at + word.folded.len()));
    };
    let mut from = from;
    loop {
        let found = from + text.get(from..)?.find(rare)?;
        from = found + 1;
        if let Some(at) = found.checked_sub(offset)
            && text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(word.folded.as_bytes()))
        {
            return Some((at, from));
        }
    }
}

/// The first stretch in which the letters of a word stand close: a word begins it, and each letter is among the next few
/// or begins the next word. Only for letters of one byte.
fn near(text: &str, word: &Word, apart: usize) -> Option<Range<usize>> {
    if !word.folded.is_ascii() {
        return None;
    }
    let bytes = text.as_bytes();
    let (first, rest) = word.folded.as_bytes().split_first()?;
    let begins = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|byte| !inside(*byte));
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(char::from(*first))?;
        from = start + 1;
        if !begins(start) {
            continue;
        }
        let mut at = start + 1;
        let all = rest.iter().all(|wanted| {
            let mut close = bytes.iter().skip(at).take(apart + 1);
            let found = close.position(|byte| byte == wanted).map(|ahead| at + ahead).or_else(|| {
                let word = bytes.iter().skip(at).position(|byte| !inside(*byte))? + at;
                let next = bytes.iter().skip(word).position(|byte| inside(*byte))? + word;
                bytes.get(next).is_some_and(|byte| byte == wanted).then_some(next)
            });
            found.map(|found| at = found + 1).is_some()
        });
        if all {
            return Some(start..at);
        }
    }
}

/// Whether a byte is part of a word.
fn inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}
