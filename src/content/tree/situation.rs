//! Situations: what happened, which end it leads to, by which clue, and whether all of that agrees with the tree.

use std::collections::BTreeMap;

use super::ways::paths;
use super::{Clue, PREFIX, Situation, Tree, resolve, unknown};
use crate::content::doc::Span;
use crate::content::front::is_id;
use crate::content::section::{Rich, Section, labelled};
use crate::problem::Flaw;
use crate::text::nearest;

pub(super) fn situation(
    section: &Section<'_>,
    tree: &Tree,
    sound: bool,
    names: &BTreeMap<String, usize>,
    flaws: &mut Vec<Flaw>,
) -> Situation {
    let at = section.block.span.clone();
    let id = section.heading.id.clone().unwrap_or_default();
    if !is_id(&id) {
        let hint = "Add one behind the heading: `{#fix-partner answer=nlb}`.";
        flaws.push(Flaw::error("no-id", at.clone(), "The situation has no id that can be used.", hint));
    }
    for (key, _) in section.heading.attrs.iter().filter(|(key, _)| key != "answer" && key != "pair") {
        let what = format!("A situation has no attribute `{key}`.");
        flaws.push(Flaw::error("unknown-key", at.clone(), what, "Known attributes: answer, pair."));
    }
    let answer = match section.attribute("answer") {
        None => {
            let hint = "Name the right leaf: `{#id answer=leaf-id}`.";
            flaws.push(Flaw::error("no-answer", at.clone(), "The situation has no answer.", hint));
            None
        }
        Some(name) => {
            let found = names.get(name.trim_start_matches('#')).copied();
            if found.is_none() {
                flaws.push(unknown(name, at.clone(), names));
            } else if found.and_then(|at| tree.nodes.get(at)).is_some_and(|node| !node.leaf()) {
                let hint = "The answer must be a node without choices.";
                flaws.push(Flaw::error("not-a-leaf", at.clone(), format!("The answer `{name}` is a question."), hint));
            }
            found
        }
    };
    let mut out = Situation {
        id,
        title: section.title().trim_start_matches(PREFIX).trim().to_owned(),
        span: section.span(),
        body: Vec::new(),
        answer,
        pair: section.attribute("pair").map(str::to_owned),
        clues: Vec::new(),
        tempting: None,
        change: None,
        path: Vec::new(),
    };
    let mut given = None;
    for block in section.body {
        for line in if block.top() { labelled(block) } else { Vec::new() } {
            for link in line.text.runs.iter().filter_map(|run| run.link).filter_map(|at| line.text.links.get(at)) {
                if link.url.starts_with('#') && resolve(&link.url, names).is_none() {
                    flaws.push(unknown(&link.url, link.span.clone(), names));
                }
            }
            match line.label.as_deref() {
                None => out.body.push(block.clone()),
                Some("Clue") => {
                    let node = line.text.leading_link().and_then(|link| resolve(&link.url, names));
                    out.clues.push(Clue { node, text: line.text });
                }
                Some("Tempting") => out.tempting = Some(line.text),
                Some("Change") => out.change = Some(line.text),
                Some("Path") => given = Some(line.text),
                Some(label) => {
                    let known = ["Clue", "Tempting", "Change", "Path"];
                    let hint = nearest(label, known).map_or_else(
                        || format!("Known labels: {}.", known.join(", ")),
                        |k| format!("Did you mean `**{k}:**`?"),
                    );
                    let what = format!("A situation has no label `{label}`.");
                    flaws.push(Flaw::error("unknown-part", line.text.span, what, hint));
                }
            }
        }
        if !block.top() {
            out.body.push(block.clone());
        }
    }
    for (label, missing) in
        [("Clue", out.clues.is_empty()), ("Tempting", out.tempting.is_none()), ("Change", out.change.is_none())]
    {
        if missing {
            let hint = "A situation says what decided, what tempts and which change flips it.";
            flaws.push(Flaw::warning(
                "situation-text",
                at.clone(),
                format!("The situation has no `**{label}:**`."),
                hint,
            ));
        }
    }
    if out.body.is_empty() {
        flaws.push(Flaw::error(
            "empty-situation",
            at.clone(),
            "The situation describes nothing.",
            "Write 25 to 60 words.",
        ));
    }
    if let (Some(answer), true) = (answer, sound) {
        out.path = path(answer, given.as_ref(), tree, names, &at, flaws);
        contradictions(&out, answer, tree, names, flaws);
    }
    out
}

/// Whether what a situation says agrees with its answer: the clues decide on the way to it, and what tempts and what a
/// change leads to are other leaves.
fn contradictions(
    situation: &Situation,
    answer: usize,
    tree: &Tree,
    names: &BTreeMap<String, usize>,
    flaws: &mut Vec<Flaw>,
) {
    let title = |at: usize| tree.nodes.get(at).map_or("", |node| node.title.as_str());
    for clue in situation.clues.iter().filter(|_| !situation.path.is_empty()) {
        let Some(node) = clue.node.filter(|node| situation.path.iter().all(|(at, _)| at != node)) else { continue };
        let what = format!("\"{}\" is not on the way to the answer, so this clue cannot decide there.", title(node));
        let hint = "Link the clue to a question that the situation passes, or mend the answer.";
        flaws.push(Flaw::error("false-clue", clue.text.span.clone(), what, hint));
    }
    let ends = [("Tempting", situation.tempting.as_ref()), ("Change", situation.change.as_ref())];
    for (label, text) in ends.into_iter().filter_map(|(label, text)| Some((label, text?))) {
        let link = text.runs.iter().find_map(|run| run.link).and_then(|at| text.links.get(at));
        let to = link.and_then(|link| resolve(&link.url, names));
        if to == Some(answer) {
            let what = format!("`**{label}:**` leads to the answer itself, \"{}\".", title(answer));
            flaws.push(Flaw::error("same-leaf", text.span.clone(), what, "Link another leaf."));
        }
    }
}

/// The way to the answer: the one that is given, or the only one there is.
fn path(
    answer: usize,
    given: Option<&Rich>,
    tree: &Tree,
    names: &BTreeMap<String, usize>,
    at: &Span,
    flaws: &mut Vec<Flaw>,
) -> Vec<(usize, usize)> {
    let Some(given) = given else {
        let mut ways = paths(tree, answer, 2);
        if ways.is_empty() {
            let what = "No choice of the tree leads to the answer.";
            flaws.push(Flaw::error(
                "unreachable-answer",
                at.clone(),
                what,
                "Link a choice to it, or name another leaf.",
            ));
        }
        if ways.len() > 1 {
            let hint = "Say which way is right: `**Path:** [No](#protocol) [Yes](#nlb)`.";
            flaws.push(Flaw::warning("ambiguous-path", at.clone(), "Several paths lead to the answer.", hint));
        }
        return if ways.is_empty() { Vec::new() } else { ways.swap_remove(0) };
    };
    let mut out = Vec::new();
    let mut node = 0;
    let mut steps: Vec<usize> = given.runs.iter().filter_map(|run| run.link).collect();
    steps.dedup();
    for link in steps.into_iter().filter_map(|step| given.links.get(step)) {
        let to = resolve(&link.url, names);
        let choice = tree
            .nodes
            .get(node)
            .and_then(|node| node.choices.iter().position(|choice| choice.to.is_some() && choice.to == to));
        let (Some(choice), Some(to)) = (choice, to) else {
            let title = tree.nodes.get(node).map_or("", |node| node.title.as_str());
            let what = format!("\"{title}\" has no choice that leads to `{}`.", link.url);
            flaws.push(Flaw::error(
                "false-path",
                link.span.clone(),
                what,
                "Follow the tree from its root, one link a choice.",
            ));
            return Vec::new();
        };
        out.push((node, choice));
        node = to;
    }
    if node != answer {
        let hint = "Let the path end at the leaf that `answer=` names.";
        flaws.push(Flaw::error("false-path", given.span.clone(), "The path contradicts the answer.", hint));
        return Vec::new();
    }
    out
}

/// Leaves without a situation, near misses that are not mutual, a tree without any.
pub(super) fn cover(tree: &Tree, flaws: &mut Vec<Flaw>) {
    for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.leaf()) {
        if !tree.situations.iter().any(|situation| situation.answer == Some(at)) {
            let what = format!("No situation leads to the leaf \"{}\".", node.title);
            flaws.push(Flaw::warning("uncovered-leaf", node.span.clone(), what, "Write a situation with this answer."));
        }
    }
    for situation in &tree.situations {
        let Some(pair) = &situation.pair else { continue };
        match tree.situations.iter().find(|other| other.id == *pair) {
            None => {
                let hint = nearest(pair, tree.situations.iter().map(|other| other.id.as_str()))
                    .map_or_else(|| "Name a situation of this file.".to_owned(), |id| format!("Did you mean `{id}`?"));
                let what = format!("The near miss `{pair}` does not exist.");
                flaws.push(Flaw::error("broken-pair", situation.span.clone(), what, hint));
            }
            Some(other) if other.pair.as_deref() != Some(&situation.id) => {
                let what = format!("The near miss `{pair}` does not name `{}` in turn.", situation.id);
                flaws.push(Flaw::error("broken-pair", situation.span.clone(), what, "Let both name each other."));
            }
            Some(other) if other.answer == situation.answer => {
                let what = format!("The near miss `{pair}` has the same answer.");
                flaws.push(Flaw::error(
                    "broken-pair",
                    situation.span.clone(),
                    what,
                    "One changed clue must flip the leaf.",
                ));
            }
            Some(_) => {}
        }
    }
    if !tree.situations.is_empty() && tree.situations.iter().all(|situation| situation.pair.is_none()) {
        let hint = "Let two situations that differ in one clue name each other with `pair=`.";
        flaws.push(Flaw::warning("no-near-miss", 0..0, "The tree has no near-miss pair.", hint));
    }
}
