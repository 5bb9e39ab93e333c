//! Decision trees and their situations: headings whose links are the choices.

use std::collections::BTreeMap;

use super::chunk::Doc;
use super::doc::{Block, Span};
use super::section::{Line, Rich, Section, is_item, labelled, rich, sections};
use crate::problem::Flaw;
use crate::text::{nearest, slug};

/// A tree, or rather a graph without loops: two choices may lead to the same node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub intro: Vec<Block>,
    /// The first is the root.
    pub nodes: Vec<Node>,
    pub situations: Vec<Situation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: String,
    pub title: String,
    pub span: Span,
    /// What decides: where to look, or the command, metric or log field.
    pub how: Option<Rich>,
    /// What else is written under the heading.
    pub body: Vec<Block>,
    /// None at a leaf.
    pub choices: Vec<Choice>,
    pub say: Option<Rich>,
    pub flips: Option<Rich>,
    pub tempting: Option<Rich>,
}

impl Node {
    #[must_use]
    pub fn leaf(&self) -> bool {
        self.choices.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub label: String,
    /// The node that it leads to; `None` when the link names none.
    pub to: Option<usize>,
    pub note: String,
    pub span: Span,
}

/// A scenario with the leaf that is right for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    pub id: String,
    pub title: String,
    pub span: Span,
    pub body: Vec<Block>,
    pub answer: Option<usize>,
    /// The id of the near miss.
    pub pair: Option<String>,
    pub clues: Vec<Clue>,
    pub tempting: Option<Rich>,
    pub change: Option<Rich>,
    /// The choices that lead to the answer, as (node, choice); empty when none does.
    pub path: Vec<(usize, usize)>,
}

/// Why the answer is right, and at which node that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue {
    pub node: Option<usize>,
    pub text: Rich,
}

const PREFIX: &str = "Situation:";
const MOST_QUESTIONS: usize = 7;

/// Reads the tree of a file whose text begins at `body`; what is wrong with it is told by `check`.
#[must_use]
pub fn read(text: &str, body: usize) -> Tree {
    let doc = Doc::new(text.to_owned(), body);
    let blocks: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
    tree(&blocks, &mut Vec::new())
}

impl Tree {
    /// The node that a link within the file leads to, by its id or by the slug of its title.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        let name = name.trim_start_matches('#');
        (self.nodes.iter().position(|node| node.id == name))
            .or_else(|| self.nodes.iter().position(|node| slug(&node.title) == name))
    }

    #[must_use]
    pub fn leaves(&self) -> usize {
        self.nodes.iter().filter(|node| node.leaf()).count()
    }
}

/// Parses the tree of a file.
#[must_use]
pub fn tree(blocks: &[Block], flaws: &mut Vec<Flaw>) -> Tree {
    let (intro, found) = sections(blocks, 2);
    let (situations, nodes): (Vec<&Section<'_>>, Vec<&Section<'_>>) =
        found.iter().partition(|section| section.title().starts_with(PREFIX));
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (at, section) in nodes.iter().enumerate() {
        let own = section.heading.id.iter().cloned();
        for name in own.chain([slug(&section.title())]) {
            if names.get(&name).is_some_and(|other| *other != at) {
                let what = format!("Two nodes answer to `#{name}`.");
                flaws.push(Flaw::error(
                    "duplicate-id",
                    section.block.span.clone(),
                    what,
                    "Give each node its own `{#id}`.",
                ));
            }
            names.entry(name).or_insert(at);
        }
    }
    let nodes: Vec<_> = nodes.iter().map(|section| node(section, &names, flaws)).collect();
    let mut tree = Tree { intro: intro.to_vec(), nodes, situations: Vec::new() };
    if tree.nodes.is_empty() {
        let hint = "Write each question as a `##` heading with its choices as a list of links.";
        flaws.push(Flaw::error("empty-tree", 0..0, "The tree has no node.", hint));
        return tree;
    }
    let sound = shape(&tree, flaws);
    tree.situations = situations.iter().map(|section| situation(section, &tree, sound, &names, flaws)).collect();
    cover(&tree, flaws);
    tree
}

/// The node that a link within the file leads to.
fn resolve(url: &str, names: &BTreeMap<String, usize>) -> Option<usize> {
    url.strip_prefix('#').and_then(|name| names.get(name)).copied()
}

fn unknown(url: &str, span: Span, names: &BTreeMap<String, usize>) -> Flaw {
    let name = url.trim_start_matches('#');
    let hint = nearest(name, names.keys().map(String::as_str)).map_or_else(
        || "Link to the `{#id}` of a heading of this file.".to_owned(),
        |id| format!("Did you mean `#{id}`?"),
    );
    Flaw::error("broken-link", span, format!("The tree has no node `{url}`."), hint)
}

fn node(section: &Section<'_>, names: &BTreeMap<String, usize>, flaws: &mut Vec<Flaw>) -> Node {
    let mut out = Node {
        id: section.heading.id.clone().unwrap_or_else(|| slug(&section.title())),
        title: section.title(),
        span: section.span(),
        how: None,
        body: Vec::new(),
        choices: Vec::new(),
        say: None,
        flips: None,
        tempting: None,
    };
    for block in section.body {
        let item = is_item(block).then(|| rich(block));
        if let Some((item, link)) = item.as_ref().and_then(|item| item.leading_link().map(|link| (item, link.clone())))
            && link.url.starts_with('#')
        {
            let (label, note): (Vec<_>, Vec<_>) = item.runs.iter().cloned().partition(|run| run.link == Some(0));
            let label = super::doc::plain(&label);
            let to = resolve(&link.url, names);
            if to.is_none() {
                flaws.push(unknown(&link.url, link.span.clone(), names));
            }
            if out.choices.iter().any(|choice| choice.label == label) {
                let what = format!("Two choices are called `{label}`.");
                flaws.push(Flaw::error("same-choice", link.span.clone(), what, "Give each choice its own words."));
            }
            if to.is_some() && out.choices.iter().any(|choice| choice.to == to) {
                let what = format!("Two choices of one question lead to `{}`.", link.url);
                let hint = "Join them, or ask what tells them apart.";
                flaws.push(Flaw::error("same-choice", link.span.clone(), what, hint));
            }
            let note = super::doc::plain(&note);
            out.choices.push(Choice { label, to, note, span: link.span });
            continue;
        }
        let lines = if block.top() { labelled(block) } else { Vec::new() };
        if lines.iter().any(|line| line.label.is_some()) {
            for line in lines {
                field(line, &mut out, flaws);
            }
        } else if let Some(how) = how(block) {
            out.how = Some(how);
        } else {
            out.body.push(block.clone());
        }
    }
    leaf_texts(&out, section, flaws);
    out
}

/// The text behind `How to tell:`.
fn how(block: &Block) -> Option<Rich> {
    let mut text = rich(block);
    let first = text.runs.first_mut()?;
    let rest = first.text.strip_prefix("How to tell:")?;
    first.text = rest.trim_start().to_owned();
    Some(text)
}

fn field(line: Line, node: &mut Node, flaws: &mut Vec<Flaw>) {
    let slot = match line.label.as_deref() {
        Some("Say") => &mut node.say,
        Some("Flips if") => &mut node.flips,
        Some("Tempting") => &mut node.tempting,
        Some("How to tell") => &mut node.how,
        Some(label) => {
            let known = ["Say", "Flips if", "Tempting", "How to tell"];
            let hint = nearest(label, known).map_or_else(
                || "Known labels: Say, Flips if, Tempting.".into(),
                |k| format!("Did you mean `**{k}:**`?"),
            );
            let what = format!("A node has no label `{label}`.");
            return flaws.push(Flaw::error("unknown-part", line.text.span, what, hint));
        }
        None => return,
    };
    *slot = Some(line.text);
}

fn leaf_texts(node: &Node, section: &Section<'_>, flaws: &mut Vec<Flaw>) {
    let at = section.block.span.clone();
    let parts = [("Say", &node.say), ("Flips if", &node.flips), ("Tempting", &node.tempting)];
    if !node.leaf() {
        for (label, _) in parts.iter().filter(|(_, part)| part.is_some()) {
            let what = format!("A question carries `**{label}:**`, which belongs to a leaf.");
            flaws.push(Flaw::warning("misplaced-part", at.clone(), what, "Move it to the leaf."));
        }
        return;
    }
    if parts.iter().all(|(_, part)| part.is_none()) {
        let hint = "Give it choices (`- [Yes](#node)`), or make it a leaf with `**Say:**`, `**Flips if:**` and `**Tempting:**`.";
        flaws.push(Flaw::error("dead-end", at, "This node is a dead end: no choice, and nothing to say.", hint));
        return;
    }
    for (label, _) in parts.iter().filter(|(_, part)| part.is_none()) {
        let what = format!("The leaf has no `**{label}:**`.");
        flaws.push(Flaw::error(
            "leaf-text",
            at.clone(),
            what,
            "Every leaf says what to say, what flips it and what tempts.",
        ));
    }
}

/// Loops, nodes that nothing leads to and paths that are too long; whether the tree is free of loops.
fn shape(tree: &Tree, flaws: &mut Vec<Flaw>) -> bool {
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
#[must_use]
pub fn paths(tree: &Tree, target: usize, most: usize) -> Vec<Vec<(usize, usize)>> {
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

fn situation(
    section: &Section<'_>,
    tree: &Tree,
    sound: bool,
    names: &BTreeMap<String, usize>,
    flaws: &mut Vec<Flaw>,
) -> Situation {
    let at = section.block.span.clone();
    let id = section.heading.id.clone().unwrap_or_default();
    if !super::front::is_id(&id) {
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
fn cover(tree: &Tree, flaws: &mut Vec<Flaw>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;

    const GOOD: &str = "\
## HTTP? {#http}
How to tell: the protocol is named.
- [Yes](#alb)
- [No](#nlb) anything else

## ALB {#alb}
**Say:** a. **Flips if:** b. **Tempting:** [NLB](#nlb), c.

## NLB {#nlb}
**Say:** a.
**Flips if:** b.
**Tempting:** [ALB](#alb), c.

## Situation: one {#one answer=alb pair=two}
Words about it.

**Clue:** [HTTP?](#http) it says so.
**Tempting:** [NLB](#nlb), no.
**Change:** other, and it becomes [NLB](#nlb).

## Situation: two {#two answer=nlb pair=one}
Words.

**Clue:** x. **Tempting:** y. **Change:** z.
";

    fn parse(text: &str) -> (Tree, Vec<&'static str>) {
        let mut flaws = Vec::new();
        let tree = tree(&blocks(text, 0, ""), &mut flaws);
        (tree, flaws.into_iter().map(|flaw| flaw.code).collect())
    }

    #[test]
    fn a_tree_is_read_whole() {
        let (tree, flaws) = parse(GOOD);
        assert_eq!(flaws, [""; 0]);
        assert_eq!((tree.nodes.len(), tree.situations.len()), (3, 2));
        assert_eq!(tree.nodes[0].choices[1].note, "anything else");
        assert_eq!(tree.nodes[0].how.as_ref().unwrap().plain(), "the protocol is named.");
        assert_eq!(tree.nodes[1].tempting.as_ref().unwrap().plain(), "NLB, c.");
        let one = &tree.situations[0];
        assert_eq!(
            (one.title.as_str(), one.answer, one.clues[0].node, &one.path[..]),
            ("one", Some(1), Some(0), &[(0, 0)][..])
        );
        assert_eq!(one.body.len(), 1);
    }

    #[test]
    fn slips_are_told() {
        let cases = [
            (GOOD.replace("(#alb)\n- [No]", "(#abl)\n- [No]"), "broken-link"),
            (GOOD.replace("[No](#nlb) anything", "[Yes](#nlb) anything"), "same-choice"),
            (GOOD.replace("[No](#nlb) anything", "[No](#alb) anything"), "same-choice"),
            (GOOD.replace("[No](#nlb) anything", "[No](#http) anything"), "loop"),
            (GOOD.replace("- [No](#nlb) anything else\n", ""), "unreachable"),
            (GOOD.replace("**Flips if:** b. ", ""), "leaf-text"),
            (format!("{GOOD}\n## Lost {{#lost}}\n\nx\n"), "dead-end"),
            (GOOD.replace("answer=nlb", "answer=http"), "not-a-leaf"),
            (GOOD.replace("answer=nlb", "answer=nbl"), "broken-link"),
            (GOOD.replace("answer=nlb ", ""), "no-answer"),
            (GOOD.replace(" pair=one", ""), "broken-pair"),
            (GOOD.replace("**Clue:** x. ", ""), "situation-text"),
            (GOOD.replace("**Clue:** x.", "**Path:** [x](#alb)"), "false-path"),
            (GOOD.replace("- [No](#nlb) anything else\n", ""), "unreachable-answer"),
            (GOOD.replace("[HTTP?](#http) it", "[ALB](#alb) it"), "false-clue"),
            (GOOD.replace("**Tempting:** [NLB](#nlb), no.", "**Tempting:** [ALB](#alb), no."), "same-leaf"),
            (GOOD.replace("it becomes [NLB](#nlb)", "it becomes [ALB](#alb)"), "same-leaf"),
            (String::new(), "empty-tree"),
        ];
        for (text, code) in cases {
            let flaws = parse(&text).1;
            assert!(flaws.contains(&code), "{code}: {flaws:?}\n{text}");
        }
    }

    #[test]
    fn a_mistake_is_told_at_its_place() {
        // The text under the mark, for each mistake.
        let cases = [
            (GOOD.replace("[No](#nlb) anything", "[No](#http) anything"), "loop", "[No](#http)"),
            (GOOD.replace("- [No](#nlb) anything else\n", ""), "unreachable", "## NLB {#nlb}"),
            (GOOD.replace("**Flips if:** b. ", ""), "leaf-text", "## ALB {#alb}"),
            (format!("{GOOD}\n## Lost {{#lost}}\n\nx\n"), "dead-end", "## Lost {#lost}"),
            (GOOD.replace("**Clue:** x.", "**Path:** [x](#alb)"), "false-path", "[x](#alb)"),
            (GOOD.replace("[HTTP?](#http) it", "[ALB](#alb) it"), "false-clue", "[ALB](#alb) it says so."),
            (GOOD.replace("answer=nlb", "answer=http"), "not-a-leaf", "## Situation: two {#two"),
        ];
        for (text, code, place) in cases {
            let mut flaws = Vec::new();
            let _ = tree(&blocks(&text, 0, ""), &mut flaws);
            let flaw = flaws.iter().find(|flaw| flaw.code == code).unwrap_or_else(|| panic!("{code}: {flaws:?}"));
            let marked = &text[flaw.span.clone()];
            assert!(marked.contains(place), "{code}: {marked}");
        }
    }

    #[test]
    fn branches_that_meet_again_and_again_are_searched_in_no_time() {
        // Thirty times two ways that meet: a billion paths, none of which leads to the last node.
        let mut text = String::new();
        for n in 0..30 {
            text.push_str(&format!("## Q{n} {{#q{n}}}\n- [a](#l{n})\n- [b](#r{n})\n\n"));
            for side in ["l", "r"] {
                text.push_str(&format!("## {side}{n} {{#{side}{n}}}\n- [on](#q{})\n\n", n + 1));
            }
        }
        text.push_str("## End {#q30}\n**Say:** s **Flips if:** f **Tempting:** t\n\n## Apart {#apart}\n**Say:** s **Flips if:** f **Tempting:** t\n");
        let (tree, _) = parse(&text);
        let at = |id: &str| tree.named(id).unwrap();
        assert_eq!((paths(&tree, at("apart"), 2).len(), paths(&tree, at("q30"), 2).len()), (0, 2));
    }

    #[test]
    fn shared_nodes_ask_for_a_path() {
        let shared = "## A {#a}\n- [x](#b)\n- [y](#c)\n\n## B {#b}\n- [p](#c)\n- [q](#d)\n\n\
            ## C {#c}\n**Say:** s **Flips if:** f **Tempting:** t\n\n## D {#d}\n**Say:** s **Flips if:** f **Tempting:** t\n\n\
            ## Situation: s {#s answer=c}\nWords.\n\n**Clue:** c **Tempting:** t **Change:** c\n";
        assert!(parse(shared).1.contains(&"ambiguous-path"));
        let (tree, flaws) = parse(&shared.replace("**Clue:** c", "**Path:** [x](#b) [p](#c)\n**Clue:** c"));
        assert!(!flaws.contains(&"ambiguous-path"), "{flaws:?}");
        assert_eq!(tree.situations[0].path, [(0, 0), (1, 0)]);
        assert_eq!(paths(&tree, 2, 9).len(), 2);
    }
}
