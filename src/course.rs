//! The course inside the program: an index made when the program was built, and all texts behind each other.

use std::borrow::Cow;

use crate::content::library::Library;

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/course.index"));
static SPANS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/course.spans"));
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/course.md"));

/// The name of the pack of the course.
pub const NAME: &str = "aws-compute";

/// The library of the course.
#[must_use]
pub fn library() -> Library {
    // The build wrote it and a test reads it: bytes that cannot be read would be an empty course, never a crash.
    postcard::from_bytes(INDEX).unwrap_or_default()
}

/// The text of a file of the course.
#[must_use]
pub fn text(path: &str) -> Option<Cow<'static, str>> {
    let spans: Vec<(&str, (usize, usize))> = postcard::from_bytes(SPANS).unwrap_or_default();
    let at = spans.binary_search_by(|(known, _)| known.cmp(&path)).ok()?;
    let (start, end) = spans.get(at)?.1;
    TEXTS.get(start..end).map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_is_whole() {
        let library = library();
        assert!(!library.files.is_empty());
        assert_eq!(library.packs.first().map(|pack| pack.name.as_str()), Some(NAME));
        for file in &library.files {
            let text = text(&file.path).unwrap();
            assert!(text.starts_with("+++"), "{}", file.path);
        }
    }
}
