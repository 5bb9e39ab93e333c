//! Any library and any query: typed letter by letter, what is found has a place and its marks lie in its words.
#![no_main]

use inservice::content::gather::Gathering;
use inservice::content::library::Library;
use inservice::content::words::texts;
use inservice::find::{Index, Query, Search};

libfuzzer_sys::fuzz_target!(|input: (&str, &str)| {
    let (text, query) = input;
    let mut gathering = Gathering::new("fuzz", ["a/b.md".to_owned()]);
    gathering.add("a/b.md", text);
    let mut library = Library::default();
    gathering.finish(&mut library);
    let mut index = Index::default();
    for (at, file) in library.files.iter().enumerate() {
        index.add(at, texts(file.kind, file.body, text));
    }
    while !index.is_grown(&library) {
        index.grow(&library, 1000);
    }
    let mut search = Search::default();
    for (at, c) in query.char_indices().take(40) {
        search.ask(Query::new(&query[..at + c.len_utf8()]), &index, &library);
        search.step(&index, 500);
    }
    while !search.step(&index, 100_000) {}
    for hit in search.hits(&index) {
        if let Some(item) = index.get(hit.id) {
            for mark in search.marks(&item) {
                assert!(item.text.get(mark).is_some());
            }
            let _ = item.target.map(|target| library.place(target));
        }
    }
});
