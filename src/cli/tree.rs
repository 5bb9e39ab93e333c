//! A tree outside of the program: as text with box drawing, and in the languages of Graphviz and Mermaid.

use std::borrow::Cow;

use super::Format;
use crate::content::section::Rich;
use crate::content::tree::{Node, Tree};
use crate::text::{clean, count};
use crate::ui::glyphs::Glyphs;
use crate::ui::map::{Mark, line, rows};
use crate::ui::wrap::wrap;

/// A tree in a format.
#[must_use]
pub fn show(tree: &Tree, title: &str, format: Format, columns: usize, glyphs: &'static Glyphs) -> String {
    match format {
        Format::Dot => dot(tree, title),
        Format::Mermaid => mermaid(tree),
        _ => text(tree, title, columns, glyphs),
    }
}

fn text(tree: &Tree, title: &str, columns: usize, glyphs: &'static Glyphs) -> String {
    let mut out = format!("{}\n\n", clean(title));
    let all = rows(tree, |_| true);
    // A pipe has no second line to fold: what does not fit is read below.
    for at in 0..all.len() {
        let node = all.get(at).and_then(|row| tree.nodes.get(row.node));
        let sign = if node.is_some_and(Node::leaf) { glyphs.leaf } else { glyphs.passed };
        let mark = Mark { sign, ..Mark::default() };
        out.push_str(line(&all, at, tree, &mark, columns, glyphs).plain().trim_end());
        out.push('\n');
    }
    for (head, leaves) in [("Questions", false), ("Ends", true)] {
        out.push_str(&format!("\n{head}\n"));
        for node in tree.nodes.iter().filter(|node| node.leaf() == leaves) {
            out.push('\n');
            wrapped(&mut out, "", &node.title, columns);
            let parts = [
                ("How to tell", &node.how),
                ("Say", &node.say),
                ("Flips if", &node.flips),
                ("Tempting", &node.tempting),
            ];
            for (name, part) in parts {
                if let Some(words) = part.as_ref().map(Rich::plain) {
                    wrapped(&mut out, "  ", &format!("{name}: {words}"), columns);
                }
            }
        }
    }
    let situations = count(tree.situations.len(), "situation");
    out.push_str(&format!("\n{situations}; `inservice quiz` asks them.\n"));
    out
}

fn wrapped(out: &mut String, indent: &str, words: &str, columns: usize) {
    let words = clean(words);
    for piece in wrap(&words, columns.saturating_sub(indent.len()).max(1)) {
        out.push_str(indent);
        out.push_str(words.get(piece).unwrap_or(""));
        out.push('\n');
    }
}

/// The words between quotation marks, as Graphviz reads them.
fn quoted(words: &str) -> String {
    clean(words).replace('\\', "\\\\").replace('"', "\\\"")
}

fn dot(tree: &Tree, title: &str) -> String {
    let mut out = format!("digraph \"{}\" {{\n  rankdir=TB;\n  node [fontname=\"sans-serif\"];\n", quoted(title));
    for (at, node) in tree.nodes.iter().enumerate() {
        let shape = if node.leaf() { "box, style=filled, fillcolor=\"#eeeeee\"" } else { "box, style=rounded" };
        out.push_str(&format!("  n{at} [label=\"{}\", shape={shape}];\n", quoted(&node.title)));
    }
    for (at, choice) in choices(tree) {
        if let Some(to) = choice.to {
            out.push_str(&format!("  n{at} -> n{to} [label=\"{}\"];\n", quoted(&choice.label)));
        }
    }
    out.push_str("}\n");
    out
}

/// The words between quotation marks, as Mermaid reads them: its entities stand for what would end them.
fn escaped(words: &str) -> String {
    let words: Cow<'_, str> = clean(words);
    let mut out = String::new();
    for c in words.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}

fn mermaid(tree: &Tree) -> String {
    let mut out = "flowchart TD\n".to_owned();
    for (at, node) in tree.nodes.iter().enumerate() {
        let words = escaped(&node.title);
        let shaped = if node.leaf() { format!("[\"{words}\"]") } else { format!("([\"{words}\"])") };
        out.push_str(&format!("  n{at}{shaped}\n"));
    }
    for (at, choice) in choices(tree) {
        if let Some(to) = choice.to {
            out.push_str(&format!("  n{at} -->|\"{}\"| n{to}\n", escaped(&choice.label)));
        }
    }
    out
}

fn choices(tree: &Tree) -> impl Iterator<Item = (usize, &crate::content::tree::Choice)> {
    tree.nodes.iter().enumerate().flat_map(|(at, node)| node.choices.iter().map(move |choice| (at, choice)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::tree::read;
    use crate::study::walk::tests::SMALL;
    use crate::ui::glyphs::{ASCII, UNICODE};

    #[test]
    fn a_tree_in_three_formats() {
        let tree = read(&SMALL.replace("Any {#any}", "Any \"#1\" a < b {#any}"), 0);
        let text = show(&tree, "Small", Format::Text, 80, &UNICODE);
        assert!(
            text.starts_with("Small\n\n○ HTTP?\n├─ □ Yes  ALB\n└─ ○ No  Fixed addresses?\n   ├─ □ Yes  NLB\n"),
            "{text}"
        );
        assert!(text.contains("HTTP?\n  How to tell: the protocol is named.\n"), "{text}");
        assert!(text.contains("ALB\n  Say: a.\n  Flips if: b.\n  Tempting: NLB, c.\n"), "{text}");
        assert!(show(&tree, "Small", Format::Text, 80, &ASCII).is_ascii());
        let dot = show(&tree, "Sm\"all", Format::Dot, 80, &UNICODE);
        assert!(dot.starts_with("digraph \"Sm\\\"all\" {\n") && dot.ends_with("}\n"), "{dot}");
        assert!(dot.contains("n0 -> n2 [label=\"Yes\"];") && dot.contains("Any \\\"#1\\\" a < b"), "{dot}");
        let mermaid = show(&tree, "Small", Format::Mermaid, 80, &UNICODE);
        assert!(mermaid.starts_with("flowchart TD\n  n0([\"HTTP?\"])\n"), "{mermaid}");
        assert!(
            mermaid.contains("n0 -->|\"Yes\"| n2\n") && mermaid.contains("[\"Any #quot;#35;1#quot; a #lt; b\"]"),
            "{mermaid}"
        );
    }
}
