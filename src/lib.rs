//! An offline terminal trainer for AWS compute interviews.

pub mod content;
pub mod problem;
pub mod text;
