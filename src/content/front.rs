//! The TOML of a pack: headers of files, `pack.toml`, `module.toml`, the fence behind a table.
//!
//! What an author wrote is read key by key: a bad key costs that key and a flaw with its place, not the header.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::doc::Span;
use crate::problem::Flaw;
use crate::text::nearest;

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Lesson,
    Cards,
    Tree,
    Questions,
    Incident,
}

/// How far an interview goes: define, configure, diagnose and trade off, design and govern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    L1,
    L2,
    L3,
    L4,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::L1, Self::L2, Self::L3, Self::L4];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::L4 => "L4",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub title: String,
    pub url: String,
}

/// The header of a Markdown file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Header {
    pub kind: Option<Kind>,
    pub id: Option<String>,
    pub title: Option<String>,
    pub as_of: Option<String>,
    pub level: Option<Level>,
    pub tags: Vec<String>,
    pub prerequisites: Vec<String>,
    pub minutes: Option<u32>,
    pub sources: Vec<Source>,
    /// The deck's name in a hashcards header.
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PackHeader {
    pub name: Option<String>,
    pub title: Option<String>,
    pub summary: String,
    pub licence: String,
    pub as_of: Option<String>,
    pub modules: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModuleHeader {
    pub title: Option<String>,
    pub level: Option<Level>,
    pub weight: Option<u8>,
    pub summary: String,
    pub prerequisites: Vec<String>,
    pub objectives: Vec<String>,
    pub aka: Vec<String>,
}

/// The fence behind a table that makes it a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableHeader {
    pub id: Option<String>,
    pub title: Option<String>,
    pub entities: Entities,
    pub noun: Option<String>,
    pub ask: Option<Vec<String>>,
    pub name_from: Vec<String>,
    pub prompt: Option<String>,
    pub name_prompt: Option<String>,
    /// Wordings of single attributes, where one for all of them would read badly.
    pub prompts: BTreeMap<String, String>,
    pub name_prompts: BTreeMap<String, String>,
    pub skip: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entities {
    #[default]
    Rows,
    Columns,
}

/// A TOML table of the format, with the keys it may have.
pub trait Keys: DeserializeOwned + Default {
    const KEYS: &'static [&'static str];
}

impl Keys for Header {
    const KEYS: &'static [&'static str] =
        &["kind", "id", "title", "as_of", "level", "tags", "prerequisites", "minutes", "sources", "name"];
}

impl Keys for PackHeader {
    const KEYS: &'static [&'static str] = &["name", "title", "summary", "licence", "as_of", "modules"];
}

impl Keys for ModuleHeader {
    const KEYS: &'static [&'static str] =
        &["title", "level", "weight", "summary", "prerequisites", "objectives", "aka"];
}

impl Keys for TableHeader {
    const KEYS: &'static [&'static str] = &[
        "id",
        "title",
        "entities",
        "noun",
        "ask",
        "name_from",
        "prompt",
        "name_prompt",
        "prompts",
        "name_prompts",
        "skip",
    ];
}

/// Where the header of a file is, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fences {
    /// The TOML between the fences.
    pub toml: Span,
    /// Where the text behind them begins.
    pub body: usize,
    /// `+++` of this format, or `---` of another.
    pub own: bool,
}

/// Finds the header at the very start of a file.
#[must_use]
pub fn fences(text: &str) -> Option<Fences> {
    let mark = text.strip_prefix('\u{FEFF}').unwrap_or(text).get(..3)?;
    if mark != "+++" && mark != "---" {
        return None;
    }
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_start_matches('\u{FEFF}').trim_end() != mark {
        return None;
    }
    let start = first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == mark {
            return Some(Fences { toml: start..at, body: at + line.len(), own: mark == "+++" });
        }
        at += line.len();
    }
    None
}

/// Reads a TOML text that stands at `offset` in its file. Every unknown key, bad value or slip of syntax is one flaw.
pub fn read<T: Keys>(text: &str, offset: usize, flaws: &mut Vec<Flaw>) -> T {
    let (mut table, errors) = DeTable::parse_recoverable(text);
    let broken = !errors.is_empty();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let span = shifted(span, offset);
        flaws.push(Flaw::error(
            "toml",
            span,
            sentence(error.message()),
            "Write TOML: `key = \"value\"`, one key a line.",
        ));
    }
    let unknown: Vec<_> = (table.get_ref().iter())
        .filter(|(key, _)| !T::KEYS.contains(&key.get_ref().as_ref()))
        .map(|(key, _)| (key.get_ref().to_string(), key.span()))
        .collect();
    for (key, span) in unknown {
        let hint = nearest(&key, T::KEYS.iter().copied())
            .map_or_else(|| format!("Known keys: {}.", T::KEYS.join(", ")), |known| format!("Did you mean `{known}`?"));
        let what = format!("The key `{key}` is not known here.");
        flaws.push(Flaw::error("unknown-key", shifted(span, offset), what, hint));
        table.get_mut().remove(key.as_str());
    }
    // A value of the wrong type takes its key with it; what remains is read again.
    for _ in 0..=T::KEYS.len() {
        let error = match T::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(value) => return value,
            Err(error) => error,
        };
        let span = error.span().unwrap_or(0..0);
        if !broken {
            flaws.push(Flaw::error("bad-value", shifted(span.clone(), offset), sentence(error.message()), ""));
        }
        let Some(key) = (table.get_ref().iter())
            .find(|(key, value)| key.span().start <= span.start && value.span().end >= span.end)
            .or_else(|| table.get_ref().iter().rfind(|(key, _)| key.span().start <= span.start))
            .map(|(key, _)| key.get_ref().to_string())
        else {
            break;
        };
        table.get_mut().remove(key.as_str());
    }
    T::default()
}

fn shifted(span: Span, offset: usize) -> Span {
    span.start + offset..span.end + offset
}

fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches('.').replace('\n', "; ");
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// Whether a text can be an id: lower-case letters, digits and dashes.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a text is `YYYY-MM` or `YYYY-MM-DD`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number = |part: &str, digits: usize, most: u32| {
        part.len() == digits && part.parse::<u32>().is_ok_and(|n| n >= 1 && n <= most)
    };
    match *parts {
        [year, month] => number(year, 4, 9999) && number(month, 2, 12),
        [year, month, day] => number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (Header, Vec<String>) {
        let mut flaws = Vec::new();
        let header = read(text, 0, &mut flaws);
        (header, flaws.iter().map(|flaw| format!("{}: {} {}", flaw.code, flaw.what, flaw.hint)).collect())
    }

    #[test]
    fn the_header_lies_between_its_fences() {
        let text = "+++\nkind = \"lesson\"\n+++\nBody";
        let found = fences(text).unwrap();
        assert_eq!((&text[found.toml], &text[found.body..], found.own), ("kind = \"lesson\"\n", "Body", true));
        assert_eq!(fences("no header"), None);
        assert_eq!(fences("+++\nnever closed"), None);
        assert_eq!(fences("---\nname = \"x\"\n---\n").map(|f| f.own), Some(false));
        assert_eq!(fences("----\n"), None);
    }

    #[test]
    fn a_bad_key_costs_only_itself() {
        let (read, flaws) = header("kind = \"lesson\"\ntitel = \"A\"\nlevel = \"L7\"\nid = \"a\"\ntags = 3\n");
        assert_eq!((read.kind, read.id.as_deref()), (Some(Kind::Lesson), Some("a")));
        assert_eq!(flaws.len(), 3, "{flaws:?}");
        assert!(flaws[0].contains("Did you mean `title`?"), "{flaws:?}");
        assert!(flaws[1].contains("L7") || flaws[2].contains("L7"), "{flaws:?}");
    }

    #[test]
    fn broken_toml_keeps_what_can_be_read() {
        let (read, flaws) = header("id = \"a\"\ntitle = \"no end\nkind = \"cards\"\n");
        assert_eq!(read.id.as_deref(), Some("a"));
        assert!(!flaws.is_empty());
    }

    #[test]
    fn ids_and_dates_have_one_form() {
        for (id, good) in [("a-1", true), ("A", false), ("-a", false), ("", false), ("a_b", false)] {
            assert_eq!(is_id(id), good, "{id}");
        }
        for (date, good) in [("2026-11", true), ("2026-11-24", true), ("2026", false), ("2026-13", false), ("x", false)]
        {
            assert_eq!(is_date(date), good, "{date}");
        }
    }
}
