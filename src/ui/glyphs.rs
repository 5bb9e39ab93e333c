//! The signs that the program itself draws, for terminals with and without Unicode.

#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub bullets: [&'static str; 3],
    pub bar: &'static str,
    pub thick: &'static str,
    pub rule: &'static str,
    pub cross: &'static str,
    pub column: &'static str,
    pub done: &'static str,
    pub open: &'static str,
    pub pointer: &'static str,
    pub folded: &'static str,
    pub dot: &'static str,
    pub more: &'static str,
    pub left: &'static str,
    pub right: &'static str,
    pub dash: &'static str,
    pub right_answer: &'static str,
    pub wrong_answer: &'static str,
    pub full: &'static str,
    pub empty: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    /// What stands where a cell is blanked out.
    pub blank: &'static str,
    pub times: &'static str,
    /// The branches of a map.
    pub tee: &'static str,
    pub corner: &'static str,
    /// Questions and leaves of a map: on the way, passed, and not seen yet.
    pub on_way: &'static str,
    pub passed: &'static str,
    pub unseen: &'static str,
    pub leaf_on_way: &'static str,
    pub leaf: &'static str,
    /// It stands further up; so many are folded away.
    pub above: &'static str,
    pub unfold: &'static str,
    /// Columns of a chart, by eighths of a row.
    pub steps: [&'static str; 8],
    /// From nothing to much.
    pub shades: [&'static str; 5],
}

pub static UNICODE: Glyphs = Glyphs {
    bullets: ["•", "◦", "▪"],
    bar: "│",
    thick: "▌",
    rule: "─",
    cross: "┼",
    column: "│",
    done: "☑",
    open: "☐",
    pointer: "▸",
    folded: "…",
    dot: "·",
    more: "…",
    left: "‹",
    right: "›",
    dash: "–",
    right_answer: "✓",
    wrong_answer: "✗",
    full: "━",
    empty: "─",
    up: "↑",
    down: "↓",
    blank: "░",
    times: "×",
    tee: "├",
    corner: "└",
    on_way: "●",
    passed: "○",
    unseen: "·",
    leaf_on_way: "■",
    leaf: "□",
    above: "↑",
    unfold: "+",
    steps: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    shades: ["·", "░", "▒", "▓", "█"],
};

pub static ASCII: Glyphs = Glyphs {
    bullets: ["*", "-", "+"],
    bar: "|",
    thick: "|",
    rule: "-",
    cross: "+",
    column: "|",
    done: "[x]",
    open: "[ ]",
    pointer: ">",
    folded: "...",
    dot: "-",
    more: "~",
    left: "<",
    right: ">",
    dash: "-",
    right_answer: "+",
    wrong_answer: "x",
    full: "=",
    empty: "-",
    up: "^",
    down: "v",
    blank: "_",
    times: "x",
    tee: "|",
    corner: "`",
    on_way: "@",
    passed: "o",
    unseen: ".",
    leaf_on_way: "#",
    leaf: "=",
    above: "^",
    unfold: "+",
    steps: ["_", "_", "-", "-", "=", "=", "#", "#"],
    shades: [".", ":", "+", "x", "#"],
};

/// The signs that a terminal can show, by its locale. `environment` looks up a variable.
#[must_use]
pub fn suitable(environment: impl Fn(&str) -> Option<String>) -> &'static Glyphs {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment(name).filter(|value| !value.is_empty()));
    let plain = locale.is_some_and(|locale| {
        let locale = locale.to_lowercase();
        !(locale.contains("utf-8") || locale.contains("utf8") || ["c", "posix"].contains(&locale.as_str()))
    });
    let term = environment("TERM").unwrap_or_default();
    if plain || term == "dumb" || term == "vt100" || term == "linux" { &ASCII } else { &UNICODE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_without_unicode_get_ascii() {
        let of = |pairs: &[(&str, &str)]| {
            let found = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            suitable(found) == &UNICODE
        };
        assert!(of(&[("LANG", "de_DE.UTF-8")]) && of(&[]) && of(&[("LANG", "C")]));
        assert!(!of(&[("LANG", "de_DE.ISO-8859-1")]) && !of(&[("LC_ALL", "en_US"), ("LANG", "en_US.UTF-8")]));
        assert!(!of(&[("TERM", "linux")]) && !of(&[("TERM", "dumb")]));
    }

    #[test]
    fn ascii_is_ascii() {
        let all = format!("{ASCII:?}");
        assert!(all.is_ascii(), "{all}");
    }
}
