//! Ids of cards that other programs name in their own way, or not at all.

use std::collections::BTreeSet;

use crate::content::front::is_id;
use crate::study::hash;

const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const ANKI: &str = "anki-";
const WORDS: &str = "c-";
/// Names longer than this become a hash.
const LONGEST: usize = 60;

/// Letters and digits for any bytes, five bits each.
fn letters(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(*byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(digit(buffer >> bits));
        }
    }
    if bits > 0 {
        out.push(digit(buffer << (5 - bits)));
    }
    out
}

fn digit(value: u32) -> char {
    DIGITS.get((value & 31) as usize).map_or('a', |digit| char::from(*digit))
}

fn bytes(letters: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for c in letters.bytes() {
        let value = DIGITS.iter().position(|digit| *digit == c)?;
        buffer = (buffer << 5 | u32::try_from(value).ok()?) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(buffer >> bits & 0xff).ok()?);
        }
    }
    Some(out)
}

/// The id of a card whose note another program knows by `guid`. [`to_guid`] gives the name back.
#[must_use]
pub fn from_guid(guid: &str) -> String {
    if is_id(guid) && guid.len() <= LONGEST {
        return guid.to_owned();
    }
    if origin(guid).is_some() {
        return match guid.strip_prefix('~') {
            Some(hash) => format!("{WORDS}{hash}"),
            None => guid.replace('/', "-"),
        };
    }
    if guid.len() > 30 {
        return format!("{ANKI}{:016x}", hash(&[guid.as_bytes()]));
    }
    format!("{ANKI}{}", letters(guid.as_bytes()))
}

/// The name of an item of this program that cannot be written as the id of a card: a cell of a table (`table/row/column`)
/// or a card that is known by its words (`~` and a hash).
#[must_use]
pub fn origin(name: &str) -> Option<&str> {
    let cell = name.contains('/') && name.split('/').all(is_id);
    let words = name.strip_prefix('~').is_some_and(hex);
    (cell || words).then_some(name)
}

fn hex(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What a note is called elsewhere.
#[must_use]
pub fn to_guid(id: &str) -> String {
    if let Some(hash) = id.strip_prefix(WORDS).filter(|hash| hex(hash)) {
        return format!("~{hash}");
    }
    let foreign = id.strip_prefix(ANKI).and_then(bytes).and_then(|bytes| String::from_utf8(bytes).ok());
    foreign.filter(|guid| from_guid(guid) == id).unwrap_or_else(|| id.to_owned())
}

/// An id made of the words of a prompt: readable, and the same each time.
#[must_use]
pub fn from_words(prompt: &str) -> String {
    let words: Vec<String> = prompt
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()))
        .take(5)
        .collect();
    let mut start = words.join("-");
    start.truncate(32);
    let start = start.trim_end_matches('-');
    let start = if start.is_empty() { "card" } else { start };
    let plain: Vec<&str> = prompt.split_whitespace().collect();
    let end = hash(&[plain.join(" ").to_lowercase().as_bytes()]);
    format!("{start}-{:08x}", end >> 32)
}

/// An id for a title, with `fallback` where it has no letters of ASCII.
#[must_use]
pub fn from_title(title: &str, fallback: &str) -> String {
    let mut out = String::new();
    for c in title.chars().take(80) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(40);
    let out = out.trim_end_matches('-');
    if out.is_empty() { fallback.to_owned() } else { out.to_owned() }
}

/// Ids that are taken.
#[derive(Clone, Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes an id, with a number where it is taken already.
    pub fn take(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut n = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{wanted}-{n}");
            n += 1;
        }
        id
    }

    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.taken.contains(id)
    }
}

impl FromIterator<String> for Names {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> Self {
        Self { taken: names.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_readable_where_they_can_be() {
        let cases = [
            ("How long is the *warning* before it?", "how-long-is-the-warning-"),
            ("日本", "card-"),
            ("`a::b` – ünder", "a-b-"),
        ];
        for (prompt, start) in cases {
            let id = from_words(prompt);
            assert!(id.starts_with(start) && is_id(&id), "{id}");
        }
        assert_eq!(from_words("A  b"), from_words("a\nB"));
        assert_eq!((from_title("AWS::EC2 – é", "deck"), from_title("日本", "deck")), ("aws-ec2".into(), "deck".into()));
        assert_eq!(from_guid("balancers/nlb/static-ip"), "balancers-nlb-static-ip");
        assert_eq!(from_guid("~0123456789abcdef"), "c-0123456789abcdef");
        assert_eq!(to_guid("c-0123456789abcdef"), "~0123456789abcdef");
    }

    #[test]
    fn taken_names_get_numbers() {
        let mut names = Names::default();
        assert_eq!([names.take("a"), names.take("a"), names.take("a-2")], ["a", "a-2", "a-2-2"]);
    }

    proptest! {
        #[test]
        fn guids_go_there_and_back(guid in "\\PC{1,14}", id in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}") {
            let made = from_guid(&guid);
            prop_assert!(is_id(&made));
            if guid.len() <= 30 && !guid.contains('/') {
                prop_assert_eq!(to_guid(&made), guid);
            }
            prop_assert_eq!(from_guid(&to_guid(&id)), id);
        }
    }
}
