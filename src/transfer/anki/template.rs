//! What Anki's templates show of a note.

use super::Note;
use crate::transfer::note::Said;

/// One kind of card that is made of a note.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub ord: u32,
    pub front: String,
    pub back: String,
}

/// Templates nested deeper than this are not looked into.
const DEEPEST: usize = 16;
/// Cards of one note.
const MOST: usize = 100;
/// What one side may grow to, in bytes.
const LONGEST: usize = 1 << 20;

/// Number, front and back of the cards of a note that are wanted, as HTML.
#[must_use]
pub fn faces(note: &Note, wanted: impl Fn(u32) -> bool) -> Vec<(u32, String, String)> {
    if note.templates.is_empty() {
        return plain(note).into_iter().filter(|(ord, ..)| wanted(*ord)).collect();
    }
    note.templates
        .iter()
        .filter(|template| wanted(template.ord))
        .take(MOST)
        .map(|template| {
            let front = render(&template.front, note, false);
            // What stands behind the line is the answer; without a line, all but the front.
            let back = answer(&template.back).unwrap_or(&template.back);
            (template.ord, front, render(back, note, true))
        })
        .collect()
}

/// The part of an answer's template behind `<hr id=answer>`.
fn answer(back: &str) -> Option<&str> {
    let lower = back.to_ascii_lowercase();
    let at = lower.match_indices("<hr").find(|(at, _)| {
        let tag = lower.get(*at..).and_then(|rest| rest.split('>').next()).unwrap_or("");
        tag.contains("answer")
    })?;
    let behind = back.get(at.0..)?.split_once('>')?.1;
    Some(behind).filter(|behind| behind.contains("{{"))
}

/// A note of which nothing but the fields is known: the first asks, the others answer.
fn plain(note: &Note) -> Vec<(u32, String, String)> {
    let Some(((_, front), rest)) = note.fields.split_first() else { return Vec::new() };
    let rest: Vec<&str> = rest.iter().map(|(_, html)| html.as_str()).filter(|html| !html.trim().is_empty()).collect();
    let back = rest.join("<p>");
    let mut out = vec![(0, front.clone(), back.clone())];
    if note.kind.to_lowercase().contains("reversed") && !note.kind.to_lowercase().contains("optional") {
        out.push((1, back, front.clone()));
    }
    out
}

/// Whether two cards ask the same in both directions.
#[must_use]
pub fn both_ways(sides: &[(u32, Said)]) -> bool {
    match sides {
        [(0, a), (1, b)] => a.front == b.back && a.back == b.front,
        _ => false,
    }
}

fn render(template: &str, note: &Note, back: bool) -> String {
    let mut out = String::new();
    // Sections that are open, and whether each is shown.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let shown = open.iter().all(|shown| *shown);
        if shown {
            out.push_str(before);
        }
        let Some((inside, behind)) = after.split_once("}}") else {
            rest = "";
            break;
        };
        rest = behind;
        let inside = inside.trim();
        let field = |name: &str| note.field(name.trim());
        let filled = |name: &str| !field(name).trim().is_empty();
        if let Some(name) = inside.strip_prefix('#') {
            open.push(filled(name));
        } else if let Some(name) = inside.strip_prefix('^') {
            open.push(!filled(name));
        } else if inside.starts_with('/') {
            open.pop();
        } else if shown && open.len() < DEEPEST && out.len() < LONGEST {
            let (filters, name) = inside.rsplit_once(':').unwrap_or(("", inside));
            let hides = ["type", "hint"].iter().any(|filter| filters.split(':').any(|known| known == *filter));
            // What is typed or uncovered is not shown with the question.
            if back || !hides {
                out.push_str(field(name));
            }
        }
    }
    if open.iter().all(|shown| *shown) {
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(templates: &[(&str, &str)]) -> Note {
        let fields = [("Front", "f"), ("Back", "b"), ("Empty", " ")];
        Note {
            fields: fields.iter().map(|(name, html)| ((*name).to_owned(), (*html).to_owned())).collect(),
            templates: (0..)
                .zip(templates)
                .map(|(ord, (front, back))| Template { ord, front: (*front).into(), back: (*back).into() })
                .collect(),
            ..Note::default()
        }
    }

    #[test]
    fn templates_are_filled() {
        let cases = [
            ("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "f", "\n\nb"),
            ("{{Front}}\n{{type:Back}}", "{{Front}}<HR ID='answer'>{{type:Back}}", "f\n", "b"),
            ("{{#Empty}}x{{/Empty}}{{^Empty}}y{{/Empty}}", "{{FrontSide}}{{Back}}", "y", "b"),
            ("{{#Front}}{{#Empty}}no{{/Empty}}yes{{/Front}}", "{{text:Back}} {{Tags}}", "yes", "b "),
            ("{{hint:Back}}{{Front", "{{Gone}}", "", ""),
        ];
        for (front, back, asks, answers) in cases {
            assert_eq!(faces(&note(&[(front, back)]), |_| true), [(0, asks.to_owned(), answers.to_owned())], "{front}");
        }
    }
}
