//! `check`: every mistake with its place, for a person or for a script.

use annotate_snippets::{AnnotationKind, Level as Severe, Renderer, Snippet};
use serde_json::{Value, json};

use super::{SCHEMA, coloured};
use crate::problem::{Problem, Severity};
use crate::text::{clean, clean_code, count};

pub fn check(problems: &[Problem], json: bool) -> (String, u8) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let code = u8::from(errors > 0);
    if json {
        let problems: Vec<Value> = problems.iter().map(as_json).collect();
        return (format!("{}\n", json!({ "schema": SCHEMA, "problems": problems })), code);
    }
    let renderer = if coloured() { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for problem in problems {
        out.push_str(&report(problem, &renderer));
        out.push_str("\n\n");
    }
    let warnings = problems.len() - errors;
    let verdict = if problems.is_empty() {
        "No mistakes found.".to_owned()
    } else {
        format!("{} and {}.", count(errors, "error"), count(warnings, "warning"))
    };
    out.push_str(&verdict);
    out.push('\n');
    (out, code)
}

/// A problem as a person reads it: the place, the line with what is meant underlined, and what to do.
fn report(problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Severe::ERROR,
        Severity::Warning => Severe::WARNING,
    };
    let what = clean(&problem.what).into_owned();
    let hint = clean(&problem.hint).into_owned();
    let title = level.primary_title(what).id(problem.code);
    let Some(place) = &problem.place else { return renderer.render(&[title.element(Severe::HELP.message(hint))]) };
    // Cleaning may change lengths: the mark is measured on the cleaned pieces.
    let piece = |range: std::ops::Range<usize>| clean_code(place.excerpt.get(range).unwrap_or("")).into_owned();
    let (before, marked) = (piece(0..place.mark.start), piece(place.mark.clone()));
    let after = piece(place.mark.end..place.excerpt.len());
    let mark = before.len()..before.len() + marked.len();
    let line = format!("{before}{marked}{after}");
    let path = clean(&place.file).into_owned();
    let snippet =
        Snippet::source(line).line_start(place.line).path(path).annotation(AnnotationKind::Primary.span(mark));
    let group = title.element(snippet);
    renderer.render(&[if hint.is_empty() { group } else { group.element(Severe::HELP.message(hint)) }])
}

fn as_json(problem: &Problem) -> Value {
    let place = problem.place.as_ref();
    json!({
        "severity": problem.severity,
        "code": problem.code,
        "file": place.map(|place| &place.file),
        "line": place.map(|place| place.line),
        "col": place.map(|place| place.col),
        "message": problem.what,
        "hint": problem.hint,
    })
}
