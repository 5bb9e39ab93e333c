//! The settings file, read key by key: a bad key costs that key and a problem with its place.

use serde::Deserialize;

use crate::content::front::{Keys, read};
use crate::problem::{Lines, Problem};
use crate::study::schedule::Rules;

#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// The recall at which an item comes back, from 0.7 to 0.98.
    pub retention: f32,
    pub new_per_day: usize,
    pub reviews_per_day: usize,
    /// Minutes between the first answers, and between those after a lapse.
    pub learning_minutes: Vec<u32>,
    pub relearning_minutes: Vec<u32>,
    /// How early such a step may be asked when nothing else is left.
    pub learn_ahead_minutes: u32,
    /// Lapses that make a leech.
    pub leech: u32,
}

impl Keys for Config {
    const KEYS: &'static [&'static str] = &[
        "theme",
        "measure",
        "mouse",
        "unicode",
        "packs",
        "retention",
        "new_per_day",
        "reviews_per_day",
        "learning_minutes",
        "relearning_minutes",
        "learn_ahead_minutes",
        "leech",
    ];
}

impl Default for Config {
    fn default() -> Self {
        let rules = Rules::default();
        let minutes = |steps: &[u32]| steps.iter().map(|seconds| seconds / 60).collect();
        Self {
            theme: None,
            measure: 84,
            mouse: true,
            unicode: None,
            packs: Vec::new(),
            retention: rules.retention,
            new_per_day: rules.new_per_day,
            reviews_per_day: rules.reviews_per_day,
            learning_minutes: minutes(&rules.learning),
            relearning_minutes: minutes(&rules.relearning),
            learn_ahead_minutes: rules.ahead / 60,
            leech: rules.leech,
        }
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
        config.retention = config.retention.clamp(0.7, 0.98);
        (config, flaws.into_iter().map(|flaw| flaw.locate(file, &lines)).collect())
    }
}

impl Config {
    /// The rules of the schedule.
    #[must_use]
    pub fn rules(&self) -> Rules {
        // A step is a day at most: what comes later is a matter of days.
        let seconds = |steps: &[u32]| steps.iter().map(|minutes| minutes.clamp(&1, &1440) * 60).collect();
        Rules {
            retention: self.retention,
            learning: seconds(&self.learning_minutes),
            relearning: seconds(&self.relearning_minutes),
            new_per_day: self.new_per_day,
            reviews_per_day: self.reviews_per_day,
            ahead: self.learn_ahead_minutes.min(1440) * 60,
            leech: self.leech.max(1),
            ..Rules::default()
        }
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
