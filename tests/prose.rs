//! `CommonMark` and GFM as a reader sees them: small cases, each at several widths; and what holds for any text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::collections::BTreeMap;

use inservice::content::chunk::Doc;
use inservice::text::width;
use inservice::ui::glyphs::UNICODE;
use inservice::ui::prose::{Layout, lay};
use proptest::prelude::*;

fn lines(markdown: &str, columns: usize) -> Vec<String> {
    let doc = Doc::new(markdown.to_owned(), 0);
    let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
    let layout = Layout { columns, glyphs: &UNICODE, shifts: &shifts, scrolls: true, colours: &colours };
    (0..doc.len())
        .flat_map(|chunk| lay(&doc.blocks(chunk), chunk == 0, &layout).lines)
        .map(|line| line.plain().trim_end().to_owned())
        .collect()
}

const CASES: [(&str, &str); 34] = [
    ("headings", "# One\n\n## Two\n\nThree\n=====\n"),
    ("paragraphs", "One line\ngoes on.\n\nAnother.\n"),
    ("hard break", "one  \ntwo\\\nthree\n"),
    ("emphasis inside a word", "un*frigging*believable\n"),
    ("strong next to punctuation", "**bold**, then *it*.\n"),
    ("nested emphasis", "***both*** and ~~gone~~\n"),
    ("code span with backticks", "`` a`b `` and `  x  `\n"),
    ("entities", "&copy; &amp; &#35; &lt;\n"),
    ("escapes", "\\*not\\* \\`this\\`\n"),
    ("autolink", "<https://example.org/a_b> and www.example.org\n"),
    ("link with title", "[text](https://x.org \"title\")\n"),
    ("reference link", "[text][a]\n\n[a]: https://x.org\n"),
    ("image", "![alt text](a.png) and ![](b/c.png)\n"),
    ("tight list", "- a\n- b\n  - c\n    - d\n"),
    ("loose list", "- a\n\n- b\n\n  more\n"),
    ("ordered list from nine", "9. nine\n10. ten\n11. eleven\n"),
    ("list item with code", "- a\n\n  ```\n  x = 1\n  ```\n"),
    ("tasks", "- [ ] open\n- [x] done\n"),
    ("empty items", "-\n- b\n-\n"),
    ("list then paragraph", "- a\n\nEnd.\n"),
    ("quote", "> a\n> b\n>\n> c\n"),
    ("nested quote", "> a\n>> b\n> - c\n"),
    ("quote with list and code", "> - a\n>\n> ```\n> x\n> ```\n"),
    ("callout", "> [!NOTE]\n> Words of the note.\n>\n> - item\n"),
    ("fenced code", "```rust\nfn main() {\n\tprintln!();\n}\n```\n"),
    ("indented code", "    a\n    b\n"),
    ("unclosed fence", "```\nnever closed\n"),
    ("rule", "a\n\n---\n\nb\n"),
    ("table", "| a | b |\n|---|--:|\n| one | 1 |\n| two words | 22 |\n"),
    ("table with pipes and code", "| a |\n|---|\n| `x \\| y` |\n"),
    ("table with missing cells", "| a | b |\n|---|---|\n| only |\n"),
    ("footnote", "word[^n]\n\n[^n]: The note.\n"),
    ("html", "a <b>bold</b> <kbd>x</kbd><br>next\n\n<!-- gone -->\n\n<div>kept</div>\n"),
    ("wide characters", "日本語の文章は空白なしで折り返す。👨‍👩‍👧 e\u{301}\n"),
];

#[test]
fn small_cases_at_three_widths() {
    let mut out = String::new();
    for (name, markdown) in CASES {
        for columns in [14, 30, 60] {
            out.push_str(&format!("--- {name}, {columns} columns\n"));
            for line in lines(markdown, columns) {
                assert!(width(&line) <= columns, "{name} at {columns}: {line:?}");
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    insta::assert_snapshot!("cases", out);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn no_line_is_wider_than_the_page(
        parts in prop::collection::vec(prop::sample::select(vec![
            "# H\n", "word ", "\n", "\n\n", "- ", "  - ", "1. ", "> ", "```\n", "| a | b |\n|---|---|\n", "| 日本 | x |\n", "`code`", "**", "[l](x)",
            "👍", "> [!TIP]\n", "[^1]", "\n[^1]: n\n", "    ", "---\n", "\t", "<br>", "longwordwithoutanybreak",
        ]), 0..40),
        columns in 14usize..90,
    ) {
        for line in lines(&parts.concat(), columns) {
            prop_assert!(width(&line) <= columns, "{:?} at {}", line, columns);
        }
    }

    #[test]
    fn any_text_can_be_laid_out(text in "\\PC{0,200}", columns in 1usize..60) {
        lines(&text, columns);
    }
}
