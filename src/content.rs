//! The course as typed values. Knows no terminal and no disk: texts come in as strings, problems go out as values.

pub mod card;
pub mod chunk;
pub mod doc;
pub mod front;
pub mod gather;
pub mod library;
pub mod parse;
pub mod question;
pub mod scan;
pub mod section;
pub mod table;
pub mod tree;
pub mod words;
