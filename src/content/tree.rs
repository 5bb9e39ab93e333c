//! Decision trees and their situations: headings whose links are the choices.

mod situation;
mod ways;

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
    let sound = ways::shape(&tree, flaws);
    tree.situations =
        situations.iter().map(|section| situation::situation(section, &tree, sound, &names, flaws)).collect();
    situation::cover(&tree, flaws);
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

#[cfg(test)]
mod tests {
    use super::ways::paths;
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
