//! What is seen of a comparison as text for elsewhere: a Markdown table, or comma-separated values.

use super::Cell;
use super::view::View;
use crate::content::doc::Run;

/// What is seen as a Markdown table; parsed again it has the same words.
#[must_use]
pub fn markdown(view: &View) -> String {
    let (rows, columns) = (view.rows(), view.columns());
    let mut out = String::from("| |");
    for column in &columns {
        out.push_str(&format!(" {} |", escaped(view.column_name(*column))));
    }
    out.push_str(&format!("\n|---|{}\n", "---|".repeat(columns.len())));
    for row in rows {
        out.push_str(&format!("| {} |", escaped(view.row_name(row))));
        for column in &columns {
            let cell = view.cell(row, *column).map_or_else(String::new, |cell| rich(&cell.runs));
            out.push_str(&format!(" {cell} |"));
        }
        out.push('\n');
    }
    out
}

/// What is seen as comma-separated values, by the rules of RFC 4180.
#[must_use]
pub fn csv(view: &View) -> String {
    let (rows, columns) = (view.rows(), view.columns());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = std::iter::once("").chain(columns.iter().map(|column| view.column_name(*column)));
    // Writing to memory does not fail.
    let _ = writer.write_record(head);
    for row in rows {
        let cells = columns.iter().map(|column| view.cell(row, *column).map_or("", |cell: &Cell| cell.text.as_str()));
        let _ = writer.write_record(std::iter::once(view.row_name(row)).chain(cells));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Runs as Markdown: code stays code, and what stands out stays so where its marks cannot be read otherwise.
fn rich(runs: &[Run]) -> String {
    let mut out = String::new();
    for (at, run) in runs.iter().enumerate() {
        if run.text == "\n" {
            out.push(' ');
        } else if run.style.code {
            out.push_str(&code(&run.text));
        } else {
            let mark = match (run.style.strong, run.style.emphasis) {
                (true, _) => "**",
                (false, true) => "*",
                (false, false) => "",
            };
            // Marks count only between a word and what is none.
            let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let before = out.chars().next_back();
            let after = runs.get(at + 1).and_then(|next| next.text.chars().next().filter(|_| !next.style.code));
            let stands = word(run.text.chars().next()) && word(run.text.chars().next_back());
            let apart = before.is_none_or(|c| c == ' ') && after.is_none_or(|c| c == ' ' || c == '\n');
            let mark = if stands && apart { mark } else { "" };
            out.extend([mark, &escaped(&run.text), mark]);
        }
    }
    out.trim().to_owned()
}

/// A code span that may hold backticks; a bar in a table is escaped there too.
fn code(text: &str) -> String {
    let mut longest = 0;
    let mut here = 0;
    for c in text.chars() {
        here = if c == '`' { here + 1 } else { 0 };
        longest = longest.max(here);
    }
    let fence = "`".repeat(longest + 1);
    // Blanks at both ends are taken off once when it is read.
    let pad = text.starts_with('`') || text.ends_with('`') || (text.starts_with(' ') && text.ends_with(' '));
    let pad = if pad && !text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Plain words in which nothing is a mark of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let marks = match c {
            // Inside of a word an underscore is a letter.
            '_' => !(inside(before) && inside(chars.peek().copied())),
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '^' | '#' | '{' | '}' => true,
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Matrix;
    use super::super::tests::{BALANCERS, parsed};
    use super::*;
    use crate::content::doc::{Body, plain};
    use crate::content::parse::blocks;
    use proptest::prelude::*;

    /// The words of the first table of a text.
    fn words(text: &str) -> Vec<Vec<String>> {
        let blocks = blocks(text, 0, "");
        let Some(Body::Table { rows, .. }) = blocks.first().map(|block| &block.body) else { return Vec::new() };
        rows.iter().map(|row| row.iter().map(|cell| plain(&cell.runs)).collect()).collect()
    }

    fn seen(view: &View) -> Vec<Vec<String>> {
        let columns = view.columns();
        let head = std::iter::once(String::new()).chain(columns.iter().map(|at| view.column_name(*at).to_owned()));
        let mut out = vec![head.collect::<Vec<_>>()];
        for row in view.rows() {
            let cells = columns.iter().map(|at| view.cell(row, *at).map_or_else(String::new, |cell| cell.text.clone()));
            out.push(std::iter::once(view.row_name(row).to_owned()).chain(cells).collect());
        }
        out
    }

    #[test]
    fn what_is_seen_is_what_is_copied() {
        let mut view = View::new(Matrix::of(&parsed(BALANCERS)[0]));
        view.choose(1, 1);
        view.sort_by_chosen();
        view.hide();
        view.set_filter("60");
        assert_eq!(markdown(&view), "| | ALB | GWLB |\n|---|---|---|\n| Timeout | 60 s | 350 s |\n");
        assert_eq!(csv(&view), ",ALB,GWLB\nTimeout,60 s,350 s\n");
    }

    #[test]
    fn marks_and_code_survive() {
        let text = "| x | a\\|b_c | **d** |\n|-|-|-|\n| `a\\|b` | `` ` `` and *e* f | _no_`x`1 < 2 & \\*3\\* [y](z) ~~o~~ |\n\n```toml table\nid = \"t\"\n```\n";
        let view = View::new(Matrix::of(&parsed(text)[0]));
        let copied = markdown(&view);
        assert_eq!(words(&copied), seen(&view), "{copied}");
        assert!(copied.contains("`` ` `` and *e* f") && copied.contains("a\\|b_c"), "{copied}");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader("a".as_bytes());
        assert_eq!(reader.records().count(), 1);
    }

    proptest! {
        #[test]
        fn copies_are_read_as_they_were_seen(cells in prop::collection::vec("[a-z0-9 `*_|\\\\<>&~$#{}^!()\\[\\]\",.:é日-]{1,14}", 6)) {
            let fit = |text: &String| {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if text.is_empty() { "x".to_owned() } else { text }
            };
            let cells: Vec<String> = cells.iter().map(fit).collect();
            let run = |text: &str| Run { text: text.to_owned(), style: crate::content::doc::Style::default(), link: None, at: 0 };
            let value = |text: &String| Some(Cell { text: text.clone(), runs: vec![run(text)], card: None });
            let matrix = Matrix {
                entities: cells[..2].iter().map(|name| format!("{name}e")).collect(),
                attributes: cells[2..4].iter().map(|name| format!("{name}a")).collect(),
                cells: vec![vec![value(&cells[4]), value(&cells[5])], vec![value(&cells[5]), value(&cells[4])]],
            };
            let view = View::new(matrix);
            let copied = markdown(&view);
            prop_assert_eq!(words(&copied), seen(&view), "{}", copied);
            let text = csv(&view);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let rows: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(rows, seen(&view));
        }
    }
}
