//! The course is held to its own format: not one error, not one warning.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is its way of telling")]

use std::path::Path;

use inservice::content::library::Library;
use inservice::disk;

#[test]
fn the_course_has_no_mistakes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut library = Library::default();
    let problems = disk::open(&root, &mut library, &mut |_, _| {}).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(library.counts(library.files.iter()).cards > 50, "the course was not found");
}

#[test]
fn the_course_in_the_program_is_the_course_on_the_disk() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut library = Library::default();
    disk::open(&root, &mut library, &mut |_, _| {}).unwrap();
    assert_eq!(library, inservice::course::library());
}
