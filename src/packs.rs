//! The packs that are opened: some folders, or the course inside the program where none is named.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::content::library::Library;
use crate::course;
use crate::disk;
use crate::problem::Problem;

/// The library of some folders with what is wrong in them; of the course, which is checked when the program is built,
/// when there are none.
pub fn library(roots: &[PathBuf]) -> Result<(Library, Vec<Problem>), Box<Problem>> {
    if roots.is_empty() {
        return Ok((course::library(), Vec::new()));
    }
    let mut library = Library::default();
    let mut problems = Vec::new();
    for root in roots {
        problems.extend(disk::open(root, &mut library, &mut |_, _| {})?);
    }
    Ok((library, problems))
}

/// The text of a file by its path in the pack of some number.
pub fn text(roots: &[PathBuf], pack: usize, path: &str) -> Result<Cow<'static, str>, Box<Problem>> {
    let gone = || Box::new(Problem::error("unreadable", format!("The file `{path}` is gone."), ""));
    if roots.is_empty() {
        return course::text(path).ok_or_else(gone);
    }
    disk::text(roots.get(pack).ok_or_else(gone)?, path).map(Cow::Owned)
}

/// The text of a file of their library.
pub fn text_of(roots: &[PathBuf], library: &Library, file: usize) -> Result<Cow<'static, str>, Box<Problem>> {
    let gone = || Box::new(Problem::error("unreadable", "The file is gone from the library.", ""));
    let found = library.files.get(file).ok_or_else(gone)?;
    let pack = library.modules.get(found.module).map_or(0, |module| module.pack);
    text(roots, pack, &found.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_from_the_course_or_from_their_folder() {
        let (course, problems) = library(&[]).unwrap();
        assert!(problems.is_empty());
        assert!(text_of(&[], &course, 0).unwrap().starts_with("+++"));
        assert_eq!(text(&[], 0, "none.md").unwrap_err().code, "unreadable");

        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("1-m")).unwrap();
        std::fs::write(folder.path().join("1-m/lesson.md"), "# One\n").unwrap();
        let roots = [folder.path().to_owned()];
        let (found, _) = library(&roots).unwrap();
        assert_eq!(text_of(&roots, &found, 0).unwrap(), "# One\n");
        assert_eq!(text(&roots, 1, "1-m/lesson.md").unwrap_err().code, "unreadable");
        assert_eq!(text_of(&roots, &found, 9).unwrap_err().code, "unreadable");
    }
}
