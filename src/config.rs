//! The settings file, read key by key: a bad key costs that key and a problem with its place.

use serde::Deserialize;

use crate::content::front::{Keys, read};
use crate::problem::{Lines, Problem};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The name of a theme; none: what suits the terminal.
    pub theme: Option<String>,
    /// Columns of prose at most.
    pub measure: u16,
    pub mouse: bool,
    /// Whether signs beyond ASCII are drawn; none: what suits the terminal.
    pub unicode: Option<bool>,
    /// Folders that are opened instead of the course.
    pub packs: Vec<String>,
}

impl Keys for Config {
    const KEYS: &'static [&'static str] = &["theme", "measure", "mouse", "unicode", "packs"];
}

impl Default for Config {
    fn default() -> Self {
        Self { theme: None, measure: 84, mouse: true, unicode: None, packs: Vec::new() }
    }
}

impl Config {
    /// Reads the text of a settings file called `file`.
    #[must_use]
    pub fn read(text: &str, file: &str) -> (Self, Vec<Problem>) {
        let mut flaws = Vec::new();
        let mut config: Self = read(text, 0, &mut flaws);
        config.measure = config.measure.clamp(20, 200);
        let lines = Lines::new(text);
        (config, flaws.into_iter().map(|flaw| flaw.locate(file, &lines)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_key_is_told_and_the_others_hold() {
        let (config, problems) = Config::read("theme = \"light\"\nmeazure = 70\nmouse = \"no\"\n", "config.toml");
        assert_eq!(config.theme.as_deref(), Some("light"));
        assert!(config.mouse);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told.iter().any(|told| told.starts_with("config.toml:2:") && told.contains("`measure`")), "{told:?}");
        assert!(told.iter().any(|told| told.starts_with("config.toml:3:")), "{told:?}");
    }
}
