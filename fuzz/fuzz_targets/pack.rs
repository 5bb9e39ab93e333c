//! Any bytes as a file of a pack give a library and a list of problems with places.
#![no_main]

use inservice::content::gather::Gathering;
use inservice::content::library::Library;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut gathering = Gathering::new("fuzz", ["a/b.md".to_owned()]);
    gathering.add("a/b.md", text);
    gathering.add("a/module.toml", text);
    gathering.add("pack.toml", text);
    let mut library = Library::default();
    for found in gathering.finish(&mut library) {
        let _ = found.locate("", text).to_string();
    }
});
