//! How a word stands in a text: together at its best place, or scattered.

use std::ops::Range;

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

/// How a word stands in a folded text; `inner` when that is no title.
pub fn fit(text: &str, inner: bool, word: &Word) -> Fit {
    if let Some((at, score)) = together(text, word) {
        return Fit::Together(at, score);
    }
    // Somewhere in a text there is every letter: they must stand close, and closer in a long one.
    let apart = if inner || word.count < 3 { APART } else { APART_IN_TITLES };
    match near(text, word, apart) {
        Some(_) if !inner => Fit::Scattered(0..text.len()),
        Some(stretch) if word.count > 2 => Fit::Scattered(stretch),
        _ if word.count < 3 => Fit::Perhaps,
        _ => Fit::None,
    }
}

/// Where a word stands with its letters together: the first place that begins a word, else the first.
fn together(text: &str, word: &Word) -> Option<(usize, i32)> {
    let mut first = None;
    let mut from = 0;
    while let Some((at, next)) = stands(text, word, from) {
        from = next;
        if at == 0 || !letter(text.get(..at).unwrap_or("").chars().next_back()) {
            first = Some((at, if at == 0 { TEXT_START } else { WORD_START }));
            break;
        }
        first = first.or(Some((at, 0)));
    }
    let (at, starts) = first?;
    let end = text.get(at + word.folded.len()..).unwrap_or("").chars().next();
    Some((at, word.weight() - 5 + starts + if letter(end) { 0 } else { WORD_END }))
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
    let (first, rest) = word.folded.as_bytes().split_first()?;
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(char::from(*first))?;
        from = start + 1;
        let before = start.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        if before.is_none_or(|byte| !inside(*byte))
            && let Some(end) = follow(text.as_bytes(), from, rest, apart)
        {
            return Some(start..end);
        }
    }
}

/// Where the last of some letters ends that follow each other closely from a byte on.
fn follow(bytes: &[u8], from: usize, letters: &[u8], apart: usize) -> Option<usize> {
    let mut at = from;
    for wanted in letters {
        let rest = bytes.get(at..)?;
        let close = rest.get(..=apart).unwrap_or(rest);
        let ahead = close.iter().position(|byte| byte == wanted).or_else(|| {
            let end = rest.iter().position(|byte| !inside(*byte))?;
            let next = end + rest.get(end..)?.iter().position(|byte| inside(*byte))?;
            (rest.get(next) == Some(wanted)).then_some(next)
        })?;
        at += ahead + 1;
    }
    Some(at)
}

/// Whether a byte is part of a word.
fn inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}
