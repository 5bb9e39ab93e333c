//! The world, in and out: what the loop tells the program, and what the program asks of the loop.

use std::borrow::Cow;

use ratatui::layout::{Position, Size};

use crate::content::library::Library;
use crate::key::Chord;
use crate::problem::Problem;
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
    Failed(Box<Problem>),
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

/// What is asked of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Open(FilePath),
    Remember(Place),
    Copy(String),
    Edit { path: FilePath, line: usize },
    Colour { path: FilePath, at: usize, language: String, text: String },
    Theme(String),
    Redraw,
    Suspend,
    Quit,
}
