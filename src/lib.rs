//! An offline trainer for AWS compute interviews: its packs of Markdown, read, listed and checked.
//!
//! ```text
//!   cli        command line: what is printed, and the exit code         layer 3
//!   disk       a folder of files as a gathering                         layer 2
//!   content    texts as typed values: lessons, cards, tables, trees     layer 1
//!   problem    what is wrong, where, and what to do                     layer 0
//!   text       cleaned, measured and cut for a terminal                 layer 0
//! ```
//!
//! A module names only modules of a lower layer, or its own children; `tests/tidy.rs` holds it to that.

#![cfg_attr(
    test,
    allow(clippy::string_slice, clippy::format_push_string, reason = "tests may panic and need not be fast")
)]

pub mod cli;
pub mod content;
pub mod disk;
pub mod problem;
pub mod text;
