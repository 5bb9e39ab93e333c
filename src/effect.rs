//! The world, in and out: what the loop tells the program, and what the program asks of the loop.

use std::borrow::Cow;

use ratatui::layout::{Position, Size};

use crate::content::front::Kind;
use crate::content::library::Library;
use crate::content::words::Text;
use crate::key::Chord;
use crate::problem::Problem;
use crate::study::adopt::Lost;
use crate::study::review::Review;
use crate::study::schedule::State;
use crate::ui::prose::Colours;

/// What came in.
pub enum Msg {
    Key(Chord),
    Mouse(Mouse),
    Paste(String),
    Resize(Size),
    /// The text of a file that was asked for.
    Opened {
        path: FilePath,
        text: Result<Cow<'static, str>, Box<Problem>>,
    },
    /// The text of a file that only the top screen asked for.
    Peeked {
        path: FilePath,
        text: Result<Cow<'static, str>, Box<Problem>>,
    },
    /// Packs were read, for the first time or anew.
    Read {
        library: Box<Library>,
        problems: Vec<Problem>,
    },
    /// So many files of so many were read.
    Reading {
        done: usize,
        of: usize,
    },
    Coloured {
        path: FilePath,
        at: usize,
        colours: Colours,
    },
    /// Rows of the log that are on disk, with the states that they gave. A window hears of its own and of others'.
    Recorded {
        rows: Vec<Review>,
        states: Vec<(String, State)>,
    },
    /// Older rows that were asked for.
    Earlier {
        rows: Vec<Review>,
        whole: bool,
    },
    /// What is known of items that are gone from the library.
    Lost(Vec<Lost>),
    /// Every row of the log that holds, for statistics.
    History(Vec<Review>),
    /// What was written in the editor.
    Composed(String),
    /// Words of files, for an index of a generation; the last of them have `more` unset.
    Words {
        generation: u64,
        texts: Vec<(usize, Vec<Text>)>,
        more: bool,
    },
    /// The moment has come that somebody waited for.
    Wake,
    Failed(Box<Problem>),
    /// Rows that could not be written; nothing of them is on disk.
    Unrecorded(Box<Problem>),
    /// The program is told to end.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    Click(Position),
    Wheel { at: Position, down: bool },
}

/// A file by its pack and its path in it, which stays the same when packs are read anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePath {
    pub pack: usize,
    pub path: String,
}

/// Where somebody read: so many bytes behind the heading `entry`, or behind the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub entry: String,
    pub behind: usize,
}

/// A mark in a file, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub pack: String,
    pub file: String,
    pub mark: Mark,
}

/// A file whose words are asked for, by its number in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub file: usize,
    pub path: FilePath,
    pub kind: Kind,
    /// Where the text begins behind the header.
    pub body: usize,
}

/// What is asked of the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Open(FilePath),
    /// Give the text of a file to the top screen only: the others stay as they are.
    Peek(FilePath),
    Remember(Place),
    Copy(String),
    Edit {
        path: FilePath,
        line: usize,
    },
    Colour {
        path: FilePath,
        at: usize,
        language: String,
        text: String,
    },
    /// Let a text be written in the editor. It is kept under a name while the editor has it.
    Compose {
        name: String,
        text: String,
    },
    /// Give the words of files, for an index of a generation.
    Words {
        generation: u64,
        sources: Vec<Source>,
    },
    /// Append rows to the log. They are on disk before the next frame.
    Record(Vec<Review>),
    /// Tell what other windows wrote.
    Sync,
    /// Read so many of the last rows of the log.
    Earlier(usize),
    /// Tell what is known of items that are gone from the library.
    Lost(Vec<String>),
    /// Read the whole log.
    History,
    /// Keep a small thing by its name; without a value it is forgotten.
    Keep(&'static str, Option<String>),
    /// Write a file that the learner asked for, under a name in the folder where the program was started.
    Write {
        name: String,
        text: String,
    },
    Redraw,
    Suspend,
    Quit,
}
