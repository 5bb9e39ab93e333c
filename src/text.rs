//! Text as a terminal shows it: cleaned of control characters, measured in columns, cut between graphemes.
//!
//! Everything that comes from content, a file name or the operating system passes through [`clean`] before it may be
//! drawn or printed; nothing else in the program writes such text to a terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns a tab moves at most.
const TAB: usize = 4;

/// Whether a character would act on the terminal, or on the order of the text around it, instead of showing itself.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Makes one line of foreign text safe to show: C0 controls become their pictures (`␛`), C1 controls and
/// bidirectional overrides become `�`, a tab or a line break becomes a space, a byte order mark disappears.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(shown).collect())
}

fn shown(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\r' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}' => None,
        '\u{7F}' => Some('\u{2421}'),
        c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32),
        c if acts(c) => Some('\u{FFFD}'),
        c => Some(c),
    }
}

/// The same as [`clean`] for text whose columns matter: tabs become spaces up to the next tab stop.
#[must_use]
pub fn clean_code(line: &str) -> Cow<'_, str> {
    if !line.contains('\t') {
        return clean(line);
    }
    let mut out = String::with_capacity(line.len() + 8);
    let mut column = 0;
    for part in line.split_inclusive('\t') {
        let body = part.strip_suffix('\t').unwrap_or(part);
        let body = clean(body);
        column += width(&body);
        out.push_str(&body);
        if part.ends_with('\t') {
            let step = TAB - column % TAB;
            out.extend(std::iter::repeat_n(' ', step));
            column += step;
        }
    }
    Cow::Owned(out)
}

/// The columns a text takes: the sum over its graphemes, none wider than two columns.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// The columns of one grapheme, as the terminal buffer counts them.
#[must_use]
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.len() == 1 {
        return 1;
    }
    grapheme.width().min(2)
}

/// Cuts a text to at most `columns`, marking the cut with `…`.
#[must_use]
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme_width(grapheme);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Fills a text with spaces to exactly `columns`, cutting it where it is longer.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns).into_owned();
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// The anchor that Git hosts make of a heading: lower case, spaces to dashes, punctuation dropped.
#[must_use]
pub fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// The part of an id made from free text: only ASCII letters, digits and single dashes.
#[must_use]
pub fn key(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// The candidate most like `word`, when one is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(score, _)| *score > 0.82)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A count with its noun: "1 card", "3 cards".
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    let stem = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match (n, stem) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        (_, None) => format!("{n} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_or_dropped() {
        let cases = [
            ("plain", "plain"),
            ("a\u{1b}[31mb", "a␛[31mb"),
            ("a\u{9b}31mb", "a\u{fffd}31mb"),
            ("bell\u{7}", "bell␇"),
            ("del\u{7f}", "del␡"),
            ("tab\tline\nend\r", "tab line end"),
            ("\u{feff}mark", "mark"),
            ("user\u{202e}txt.exe", "user\u{fffd}txt.exe"),
            ("family 👨‍👩‍👧 stays", "family 👨‍👩‍👧 stays"),
        ];
        for (raw, shown) in cases {
            assert_eq!(clean(raw), shown);
        }
    }

    #[test]
    fn columns_are_measured_not_counted() {
        let cases = [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("", 0), ("🇩🇪", 2)];
        for (text, columns) in cases {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn cuts_fall_between_graphemes() {
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("abc", 3), "abc");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(pad("日本", 5), "日本 ");
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(clean_code("a\tb"), "a   b");
        assert_eq!(clean_code("\t\u{1b}x"), "    ␛x");
    }

    #[test]
    fn slugs_are_those_of_git_hosts() {
        assert_eq!(slug("How ALB routes: path, host & header"), "how-alb-routes-path-host--header");
        assert_eq!(key("Idle timeout (default)"), "idle-timeout-default");
    }
}
