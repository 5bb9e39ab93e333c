//! An offline terminal trainer for AWS compute interviews: its packs of Markdown, read, listed, checked and studied.
//!
//! ```text
//!   transfer   cards and histories of other programs                   layer 4
//!   packs      what is opened: folders, or the course                  layer 3
//!   ui         pages, tables and lines from documents and roles         layer 2
//!   course     the course inside the program                            layer 2
//!   disk       a folder of files as a gathering                         layer 2
//!   study      what is known, and what to ask next                      layer 2
//!   content    texts as typed values: lessons, cards, tables, trees     layer 1
//!   theme      roles and how they look                                  layer 1
//!   paint      frames to a terminal in few bytes                        layer 0
//!   key        chords                                                   layer 0
//!   problem    what is wrong, where, and what to do                     layer 0
//!   text       cleaned, measured and cut for a terminal                 layer 0
//! ```
//!
//! A module names only modules of a lower layer, or its own children; `tests/tidy.rs` holds it to that.

#![cfg_attr(
    test,
    allow(clippy::string_slice, clippy::format_push_string, reason = "tests may panic and need not be fast")
)]

pub mod app;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod content;
pub mod course;
pub mod disk;
pub mod effect;
pub mod find;
pub mod highlight;
pub mod key;
pub mod packs;
pub mod paint;
pub mod paths;
pub mod problem;
pub mod run;
pub mod screen;
pub mod store;
pub mod study;
pub mod term;
pub mod text;
pub mod theme;
pub mod transfer;
pub mod ui;
pub mod work;
