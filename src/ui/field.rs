//! A line of text that is being typed. Edits fall on whole graphemes, and what is pasted is cleaned.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::clean;

/// More than this is not taken: no search needs it.
const LONGEST: usize = 1000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
}

impl Field {
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn push(&mut self, text: &str) {
        for c in clean(text).chars() {
            if self.text.len() < LONGEST {
                self.text.push(c);
            }
        }
    }

    /// Takes the last grapheme away; false when there was none.
    pub fn erase(&mut self) -> bool {
        let Some((at, _)) = self.text.grapheme_indices(true).next_back() else { return false };
        self.text.truncate(at);
        true
    }

    pub fn erase_word(&mut self) {
        let at = self.text.trim_end().rfind(' ').map_or(0, |at| at + 1);
        self.text.truncate(at);
    }

    pub fn clear(&mut self) {
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphemes_go_whole_and_pastes_are_clean() {
        let mut field = Field::default();
        field.push("ab e\u{301}👨‍👩‍👧");
        assert!(field.erase() && field.erase());
        assert_eq!(field.text(), "ab ");
        field.push("\u{1b}[31mx\ny");
        assert_eq!(field.text(), "ab ␛[31mx y");
        field.erase_word();
        assert_eq!(field.text(), "ab ␛[31mx ");
        field.push(&"z".repeat(1_000_000));
        assert!(field.text().len() <= LONGEST);
        field.clear();
        assert!(!field.erase());
    }
}
