//! A text of several lines that is being written. The lines, the caret and undo are those of `ratatui-textarea`; moves
//! and erasures fall on whole graphemes here, rows are broken as everywhere else, and what is pasted is cleaned.

use std::ops::Range;

use ratatui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use super::wrap::wrap;
use crate::text::{clean_code, grapheme_width, width};

/// More than this is not taken: nobody says so much in an interview. It also keeps a line short enough for its columns
/// to be counted in 16 bits.
const LONGEST: usize = 50_000;
/// So many steps can be taken back.
const STEPS: usize = 2000;

/// What can be done to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Newline,
    Erase,
    EraseNext,
    EraseWord,
    EraseLine,
    Undo,
    Redo,
    Left,
    Right,
    WordLeft,
    WordRight,
    Up,
    Down,
    LineStart,
    LineEnd,
    PageUp,
    PageDown,
    Start,
    End,
}

/// A row on the screen: a line of the text and the bytes of it that stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    line: usize,
    bytes: Range<usize>,
}

pub struct Editor {
    area: TextArea<'static>,
    columns: usize,
    rows: Vec<Row>,
    /// The column that moving up and down keeps to.
    goal: Option<usize>,
}

impl Editor {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut editor = Self { area: area(""), columns: 1, rows: Vec::new(), goal: None };
        editor.replace(text);
        editor
    }

    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Puts another text in the place of this one, with the caret at its end.
    pub fn replace(&mut self, text: &str) {
        let (text, _) = taken(text, LONGEST);
        self.area = area(&text);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
        self.lay(self.columns);
    }

    /// Types or pastes; false when not all of it had room.
    pub fn insert(&mut self, text: &str) -> bool {
        let used: usize = self.area.lines().iter().map(|line| line.len() + 1).sum();
        let (text, whole) = taken(text, LONGEST.saturating_sub(used));
        self.area.insert_str(text);
        self.moved();
        whole
    }

    /// Breaks the lines anew for a width; the caret may stand one column behind it.
    pub fn lay(&mut self, columns: usize) {
        self.columns = columns.max(1);
        self.rows.clear();
        for (line, text) in self.area.lines().iter().enumerate() {
            let found = wrap(text, self.columns);
            if found.is_empty() {
                self.rows.push(Row { line, bytes: 0..0 });
            }
            self.rows.extend(found.into_iter().map(|bytes| Row { line, bytes }));
        }
    }

    fn moved(&mut self) {
        self.goal = None;
        self.lay(self.columns);
    }

    /// Does something to the text; `page` is how many rows are seen.
    pub fn edit(&mut self, edit: Edit, page: usize) {
        let page = page.max(2) - 1;
        match edit {
            Edit::Up => return self.rows_away(1, false),
            Edit::Down => return self.rows_away(1, true),
            Edit::PageUp => return self.rows_away(page, false),
            Edit::PageDown => return self.rows_away(page, true),
            Edit::Newline => {
                self.insert("\n");
            }
            Edit::Erase => self.erase(),
            Edit::EraseNext => self.erase_next(),
            Edit::EraseWord => {
                self.area.delete_word();
            }
            Edit::EraseLine => {
                self.area.delete_line_by_head();
            }
            Edit::Undo => self.undo(),
            Edit::Redo => {
                self.area.redo();
            }
            Edit::Left => self.step(false),
            Edit::Right => self.step(true),
            Edit::WordLeft => self.area.move_cursor(CursorMove::WordBack),
            Edit::WordRight => self.area.move_cursor(CursorMove::WordForward),
            Edit::LineStart => self.area.move_cursor(CursorMove::Head),
            Edit::LineEnd => self.area.move_cursor(CursorMove::End),
            Edit::Start => self.jump(0, 0),
            Edit::End => {
                self.area.move_cursor(CursorMove::Bottom);
                self.area.move_cursor(CursorMove::End);
            }
        }
        self.moved();
    }

    /// The line of the caret and the byte in it.
    fn caret(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        let line = self.area.lines().get(cursor.0).map_or("", String::as_str);
        (cursor.0, line.char_indices().nth(cursor.1).map_or(line.len(), |(at, _)| at))
    }

    fn line(&self, at: usize) -> &str {
        self.area.lines().get(at).map_or("", String::as_str)
    }

    /// Puts the caret at a byte of a line.
    fn jump(&mut self, line: usize, byte: usize) {
        let column = self.line(line).get(..byte).map_or(0, |before| before.chars().count());
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(short(line), short(column)));
    }

    fn step(&mut self, on: bool) {
        let (line, byte) = self.caret();
        let text = self.line(line);
        let next = if on {
            text.get(byte..).and_then(|rest| rest.graphemes(true).next()).map(|grapheme| byte + grapheme.len())
        } else {
            text.get(..byte).and_then(|rest| rest.grapheme_indices(true).next_back()).map(|(at, _)| at)
        };
        match next {
            Some(byte) => self.jump(line, byte),
            None if on && line + 1 < self.area.lines().len() => self.jump(line + 1, 0),
            None if !on && line > 0 => self.jump(line - 1, self.line(line - 1).len()),
            None => {}
        }
    }

    fn erase(&mut self) {
        let before = self.caret();
        self.step(false);
        if self.caret() != before {
            self.erase_next();
        }
    }

    fn erase_next(&mut self) {
        let (line, byte) = self.caret();
        let rest = self.line(line).get(byte..).unwrap_or("");
        let chars = match rest.graphemes(true).next() {
            Some(grapheme) => grapheme.chars().count(),
            None => usize::from(line + 1 < self.area.lines().len()),
        };
        self.area.delete_str(chars);
    }

    /// Takes back what was typed last, a word at a time.
    fn undo(&mut self) {
        let length = |editor: &Self| editor.area.lines().iter().map(|line| line.len() + 1).sum::<usize>();
        let mut before = length(self);
        while self.area.undo() {
            let after = length(self);
            let (line, byte) = self.caret();
            let blank = self.line(line).get(..byte).is_none_or(|text| text.is_empty() || text.ends_with(' '));
            // More than a character was one step of its own.
            if before.saturating_sub(after) > 4 || after >= before || blank {
                break;
            }
            before = after;
        }
    }

    /// The row on which the caret stands, and its column.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        let (line, byte) = self.caret();
        let row = self.rows.partition_point(|row| (row.line, row.bytes.start) <= (line, byte)).saturating_sub(1);
        let start = self.rows.get(row).map_or(0, |row| row.bytes.start);
        let column = self.line(line).get(start..byte).map_or(0, width);
        (row, column.min(self.columns))
    }

    fn rows_away(&mut self, by: usize, down: bool) {
        let (row, column) = self.place();
        let goal = self.goal.unwrap_or(column);
        let to = if down { row + by } else { row.saturating_sub(by) }.min(self.rows.len().saturating_sub(1));
        let Some(target) = self.rows.get(to).cloned() else { return };
        let text = self.line(target.line).get(target.bytes.clone()).unwrap_or("");
        let mut used = 0;
        let mut byte = target.bytes.start;
        for grapheme in text.graphemes(true) {
            used += grapheme_width(grapheme);
            if used > goal {
                break;
            }
            byte += grapheme.len();
        }
        self.jump(target.line, byte);
        self.goal = Some(goal);
    }

    /// How many rows there are.
    #[must_use]
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The words of a row.
    #[must_use]
    pub fn row(&self, at: usize) -> &str {
        self.rows.get(at).and_then(|row| self.line(row.line).get(row.bytes.clone())).unwrap_or("")
    }
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
    area.set_max_histories(STEPS);
    area
}

/// A text that is fit to be shown, cut where it is too long, and whether it is whole.
fn taken(text: &str, room: usize) -> (String, bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = text.split('\n').map(|line| clean_code(line).into_owned()).collect();
    let mut text = lines.join("\n");
    let whole = text.len() <= room;
    if !whole {
        text.truncate(text.floor_char_boundary(room));
    }
    (text, whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(editor: &mut Editor, text: &str) {
        for c in text.chars() {
            editor.insert(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn rows(editor: &Editor) -> Vec<&str> {
        (0..editor.height()).map(|at| editor.row(at)).collect()
    }

    #[test]
    fn graphemes_go_whole() {
        let mut editor = Editor::new("a👨‍👩‍👧e\u{301}日");
        editor.lay(20);
        assert_eq!(editor.place(), (0, 6));
        editor.edit(Edit::Left, 5);
        editor.edit(Edit::Erase, 5);
        assert_eq!(editor.text(), "a👨‍👩‍👧日");
        editor.edit(Edit::Erase, 5);
        assert_eq!((editor.text().as_str(), editor.place()), ("a日", (0, 1)));
        editor.edit(Edit::EraseNext, 5);
        editor.edit(Edit::EraseNext, 5);
        assert_eq!(editor.text(), "a");
        editor.edit(Edit::Undo, 5);
        assert_eq!(editor.text(), "a日");
    }

    #[test]
    fn rows_break_like_prose_and_the_caret_finds_its_row() {
        let mut editor = Editor::new("one two three\n\nfour");
        editor.lay(8);
        assert_eq!(rows(&editor), ["one two", "three", "", "four"]);
        assert_eq!(editor.place(), (3, 4));
        for (edit, place) in [
            (Edit::Up, (2, 0)),
            (Edit::Up, (1, 4)),
            (Edit::Up, (0, 4)),
            (Edit::Up, (0, 4)),
            (Edit::LineEnd, (1, 5)),
            (Edit::WordLeft, (1, 0)),
            (Edit::Left, (0, 7)),
            (Edit::Start, (0, 0)),
            (Edit::PageDown, (3, 0)),
            (Edit::End, (3, 4)),
        ] {
            editor.edit(edit, 4);
            assert_eq!(editor.place(), place, "{edit:?}");
        }
    }

    #[test]
    fn undo_takes_words_and_pastes_back() {
        let mut editor = Editor::new("");
        written(&mut editor, "one two");
        editor.insert(" pasted\ntext");
        editor.edit(Edit::Undo, 5);
        assert_eq!(editor.text(), "one two");
        editor.edit(Edit::Undo, 5);
        assert_eq!(editor.text(), "one ");
        editor.edit(Edit::Undo, 5);
        editor.edit(Edit::Undo, 5);
        assert_eq!(editor.text(), "");
        editor.edit(Edit::Redo, 5);
        assert_eq!(editor.text(), "o");
    }

    #[test]
    fn what_is_pasted_is_clean_and_not_too_long() {
        let mut editor = Editor::new("");
        assert!(editor.insert("a\tb\r\nc\u{1b}[31m\u{202e}"));
        assert_eq!(editor.text(), "a   b\nc␛[31m\u{fffd}");
        assert!(!editor.insert(&"é".repeat(1_000_000)));
        assert!(editor.text().len() <= LONGEST);
        editor.replace("x");
        assert_eq!((editor.text().as_str(), editor.is_empty(), Editor::new(" \n ").is_empty()), ("x", false, true));
    }

    fn edits() -> impl Strategy<Value = Edit> {
        prop::sample::select(vec![
            Edit::Newline,
            Edit::Erase,
            Edit::EraseNext,
            Edit::EraseWord,
            Edit::EraseLine,
            Edit::Undo,
            Edit::Redo,
            Edit::Left,
            Edit::Right,
            Edit::WordLeft,
            Edit::WordRight,
            Edit::Up,
            Edit::Down,
            Edit::LineStart,
            Edit::LineEnd,
            Edit::PageUp,
            Edit::PageDown,
            Edit::Start,
            Edit::End,
        ])
    }

    proptest! {
        #[test]
        fn nothing_that_is_done_breaks_it(
            acts in prop::collection::vec((edits(), "[a é日\n\u{301}👍-]{0,6}", 1_usize..30), 0..60),
        ) {
            let mut editor = Editor::new("");
            for (edit, text, columns) in acts {
                editor.insert(&text);
                editor.lay(columns);
                editor.edit(edit, columns);
                let (row, column) = editor.place();
                prop_assert!(row < editor.height() && column <= columns);
                for at in 0..editor.height() {
                    prop_assert!(width(editor.row(at)) <= columns.max(2));
                }
            }
        }
    }
}
