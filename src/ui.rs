//! The kit that screens are drawn with. Knows documents and roles, and no screen.

pub mod chart;
pub mod editor;
pub mod field;
pub mod glyphs;
pub mod grid;
pub mod line;
pub mod map;
pub mod mark;
pub mod page;
pub mod prose;
pub mod say;
pub mod search;
pub mod sheet;
pub mod wrap;
