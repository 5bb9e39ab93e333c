//! Any text gives pages of any width, and reading it piece by piece ends.
#![no_main]

use std::collections::BTreeMap;

use inservice::content::chunk::Doc;
use inservice::ui::glyphs::UNICODE;
use inservice::ui::prose::{Layout, lay};

libfuzzer_sys::fuzz_target!(|input: (u8, &str)| {
    let (columns, text) = input;
    let doc = Doc::new(text.to_owned(), 0);
    let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
    let layout = Layout { columns: usize::from(columns).max(1), glyphs: &UNICODE, shifts: &shifts, scrolls: columns % 2 == 0, colours: &colours };
    for chunk in 0..doc.len() {
        lay(&doc.blocks(chunk), chunk == 0, &layout);
    }
});
