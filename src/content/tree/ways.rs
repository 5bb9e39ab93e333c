//! The ways through a tree: whether it has loops, what is reached, and how one comes to a node.

use super::Tree;
use crate::problem::Flaw;

/// More questions on the way to a leaf are told.
const MOST_QUESTIONS: usize = 7;

/// Loops, nodes that nothing leads to and paths that are too long; whether the tree is free of loops.
pub(super) fn shape(tree: &Tree, flaws: &mut Vec<Flaw>) -> bool {
    let mut sound = true;
    let mut seen = vec![false; tree.nodes.len()];
    // A walk without recursion: the path from the root, and at each node the choice to try next.
    let mut path: Vec<(usize, usize)> = vec![(0, 0)];
    let mut open = vec![false; tree.nodes.len()];
    let mut deepest = vec![0_usize; tree.nodes.len()];
    set(&mut open, 0, true);
    while let Some((node, next)) = path.last().copied() {
        set(&mut seen, node, true);
        let Some(choice) = tree.nodes.get(node).and_then(|node| node.choices.get(next)) else {
            set(&mut open, node, false);
            path.pop();
            continue;
        };
        if let Some(last) = path.last_mut() {
            last.1 += 1;
        }
        let Some(to) = choice.to else { continue };
        if open.get(to).copied().unwrap_or(false) {
            sound = false;
            let title = tree.nodes.get(to).map_or("", |node| node.title.as_str());
            let what = format!("This choice leads back to \"{title}\": the tree has a loop.");
            flaws.push(Flaw::error("loop", choice.span.clone(), what, "Let every choice lead on."));
        } else if !seen.get(to).copied().unwrap_or(true) || deepest.get(to).is_some_and(|depth| *depth < path.len()) {
            if let Some(depth) = deepest.get_mut(to) {
                *depth = path.len();
            }
            set(&mut open, to, true);
            path.push((to, 0));
        }
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        if !seen.get(at).copied().unwrap_or(true) {
            let hint = "Link a choice to it, or take it out.";
            flaws.push(Flaw::error(
                "unreachable",
                node.span.clone(),
                format!("No choice leads to \"{}\".", node.title),
                hint,
            ));
        } else if sound && node.leaf() && deepest.get(at).is_some_and(|depth| *depth > MOST_QUESTIONS) {
            let what = format!("A path to \"{}\" asks more than {MOST_QUESTIONS} questions.", node.title);
            flaws.push(Flaw::warning("long-path", node.span.clone(), what, "Ask what splits most first."));
        }
    }
    sound
}

fn set(flags: &mut [bool], at: usize, value: bool) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = value;
    }
}

/// The ways from the root to a node, at most `most` of them, each as (node, choice) pairs. The tree has no loop.
pub(super) fn paths(tree: &Tree, target: usize, most: usize) -> Vec<Vec<(usize, usize)>> {
    let leads = leading(tree, target);
    let mut out = Vec::new();
    let mut path: Vec<(usize, usize)> = Vec::new();
    let mut stack: Vec<(usize, usize)> = vec![(0, 0)];
    while let Some((node, next)) = stack.last().copied() {
        if node == target && next == 0 {
            out.push(path.clone());
            if out.len() == most {
                break;
            }
        }
        let choice = if node == target { None } else { tree.nodes.get(node).and_then(|node| node.choices.get(next)) };
        let Some(choice) = choice else {
            stack.pop();
            path.pop();
            continue;
        };
        if let Some(last) = stack.last_mut() {
            last.1 += 1;
        }
        if let Some(to) = choice.to.filter(|to| leads.get(*to).copied().unwrap_or(false)) {
            path.push((node, next));
            stack.push((to, 0));
        }
    }
    out
}

/// From which nodes a node can be reached: a search that never enters the others does not go astray in a tree whose
/// branches meet again and again.
fn leading(tree: &Tree, target: usize) -> Vec<bool> {
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); tree.nodes.len()];
    for (at, node) in tree.nodes.iter().enumerate() {
        for to in node.choices.iter().filter_map(|choice| choice.to) {
            if let Some(from) = into.get_mut(to) {
                from.push(at);
            }
        }
    }
    let mut leads = vec![false; tree.nodes.len()];
    let mut open = vec![target];
    while let Some(node) = open.pop() {
        if !leads.get(node).copied().unwrap_or(true) {
            set(&mut leads, node, true);
            open.extend(into.get(node).into_iter().flatten());
        }
    }
    leads
}
