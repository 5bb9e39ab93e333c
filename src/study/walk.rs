//! A walk down a decision tree: where it stands, where it left the right way, and which clue was lost there.

use serde::{Deserialize, Serialize};

use super::review::Grade;
use crate::content::tree::{Clue, Situation, Tree};

/// The choices made so far, from the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    steps: Vec<(usize, usize)>,
    here: usize,
}

impl Walk {
    /// The node where it stands.
    #[must_use]
    pub fn here(&self) -> usize {
        self.here
    }

    /// The choices made, as (node, choice).
    #[must_use]
    pub fn steps(&self) -> &[(usize, usize)] {
        &self.steps
    }

    /// Makes a choice; false where there is no such choice, or where it leads nowhere.
    pub fn take(&mut self, tree: &Tree, choice: usize) -> bool {
        let found = tree.nodes.get(self.here).and_then(|node| node.choices.get(choice));
        let Some(to) = found.and_then(|choice| choice.to) else { return false };
        self.steps.push((self.here, choice));
        self.here = to;
        true
    }

    /// Takes the last choice back and says which it was.
    pub fn back(&mut self) -> Option<usize> {
        let (node, choice) = self.steps.pop()?;
        self.here = node;
        Some(choice)
    }

    /// The walk that some choices make, as far as the tree has them.
    #[must_use]
    pub fn along(tree: &Tree, steps: &[(usize, usize)]) -> Self {
        let mut walk = Self::default();
        for (node, choice) in steps {
            if *node != walk.here || !walk.take(tree, *choice) {
                break;
            }
        }
        walk
    }

    /// The ids of the nodes that were passed and of the one where it stands: they outlive an edit of the file.
    #[must_use]
    pub fn ids(&self, tree: &Tree) -> Vec<String> {
        let passed = self.steps.iter().map(|(node, _)| *node).chain([self.here]);
        passed.filter_map(|node| tree.nodes.get(node)).map(|node| node.id.clone()).collect()
    }

    /// The walk over nodes of some ids, as far as the tree still has it.
    #[must_use]
    pub fn over(tree: &Tree, ids: &[String]) -> Self {
        let mut walk = Self::default();
        for id in ids.iter().skip(1) {
            let choices = tree.nodes.get(walk.here).map_or(&[][..], |node| &node.choices);
            let leads = |to: usize| tree.nodes.get(to).is_some_and(|node| node.id == *id);
            let Some(choice) = choices.iter().position(|choice| choice.to.is_some_and(leads)) else { break };
            walk.take(tree, choice);
        }
        walk
    }

    /// Whether it stands at a node without choices.
    #[must_use]
    pub fn at_leaf(&self, tree: &Tree) -> bool {
        tree.nodes.get(self.here).is_none_or(|node| node.choices.iter().all(|choice| choice.to.is_none()))
    }

    /// The first choice that is not the one of the situation's way.
    #[must_use]
    pub fn stray(&self, situation: &Situation) -> Option<usize> {
        self.steps.iter().zip(&situation.path).position(|(own, right)| own != right)
    }

    /// Whether there is nothing more to choose for a situation: a leaf, or one step behind a wrong turn.
    #[must_use]
    pub fn ended(&self, tree: &Tree, situation: &Situation) -> bool {
        self.at_leaf(tree) || self.stray(situation).is_some_and(|at| self.steps.len() > at + 1)
    }
}

/// Whether a situation can be asked: its way leads to its answer.
#[must_use]
pub fn askable(tree: &Tree, situation: &Situation) -> bool {
    let walk = Walk::along(tree, &situation.path);
    situation.answer == Some(walk.here()) && walk.steps().len() == situation.path.len() && walk.at_leaf(tree)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Right,
    /// The right leaf by another way than the one that the situation's clues show.
    Around,
    Wrong,
}

/// Where a walk left the right way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Which question of the walk it was, from 0.
    pub step: usize,
    pub node: usize,
    pub chosen: usize,
    pub right: usize,
    /// The clue that decides there, among those of the situation.
    pub clue: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub end: usize,
    pub lost: Option<Lost>,
}

/// What a walk that has ended says about the walker.
#[must_use]
pub fn judge(tree: &Tree, situation: &Situation, walk: &Walk) -> Verdict {
    let lost = walk.stray(situation).and_then(|step| {
        let (node, chosen) = *walk.steps().get(step)?;
        let (_, right) = *situation.path.get(step)?;
        Some(Lost { step, node, chosen, right, clue: decisive(&situation.clues, node) })
    });
    let arrived = situation.answer == Some(walk.here()) && walk.at_leaf(tree);
    let outcome = match (arrived, lost) {
        (true, None) => Outcome::Right,
        (true, Some(_)) => Outcome::Around,
        (false, _) => Outcome::Wrong,
    };
    Verdict { outcome, end: walk.here(), lost }
}

/// The clue that decides at a node: its own, else one that names no node, else the first.
#[must_use]
pub fn decisive(clues: &[Clue], node: usize) -> Option<usize> {
    (clues.iter().position(|clue| clue.node == Some(node)))
        .or_else(|| clues.iter().position(|clue| clue.node.is_none()))
        .or((!clues.is_empty()).then_some(0))
}

/// The grade of a situation: help is a hint, or a choice that was taken back.
#[must_use]
pub fn grade(outcome: Outcome, helped: bool) -> Grade {
    match (outcome, helped) {
        (Outcome::Right, false) => Grade::Good,
        (Outcome::Right, true) | (Outcome::Around, _) => Grade::Hard,
        (Outcome::Wrong, _) => Grade::Again,
    }
}

/// How much help a tree still gives. It fades: the first run is narrated, in the second the ends are hidden, from the
/// third on only the first question is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Help {
    #[default]
    Shown,
    Ends,
    First,
}

impl Help {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shown => "narrated",
            Self::Ends => "ends hidden",
            Self::First => "first question only",
        }
    }

    /// The help of the next run, after one that ended so.
    #[must_use]
    pub fn after(self, outcome: Outcome) -> Self {
        match (self, outcome) {
            (Self::Shown, _) => Self::Ends,
            (Self::Ends, Outcome::Wrong) => Self::Ends,
            (Self::Ends | Self::First, _) => Self::First,
        }
    }
}

/// What is kept of an answer in the note of its row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The questions that were answered, by id, in order.
    #[serde(default)]
    pub way: Vec<String>,
    /// The node where the walk ended.
    #[serde(default)]
    pub leaf: String,
    /// The leaf that is right.
    #[serde(default)]
    pub answer: String,
    /// The question at which the walk left the right way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(default)]
    pub help: Help,
    /// What the learner gave as the reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
}

impl Note {
    #[must_use]
    pub fn new(tree: &Tree, situation: &Situation, walk: &Walk, help: Help, because: &str) -> Self {
        let id = |node: usize| tree.nodes.get(node).map_or_else(String::new, |node| node.id.clone());
        let verdict = judge(tree, situation, walk);
        Self {
            way: walk.steps().iter().map(|(node, _)| id(*node)).collect(),
            leaf: id(verdict.end),
            answer: situation.answer.map(id).unwrap_or_default(),
            at: verdict.lost.map(|lost| id(lost.node)),
            help,
            because: because.trim().to_owned(),
        }
    }

    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A tree whose questions are put in order before it is walked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    pub placed: Vec<usize>,
    /// The questions that are left, shuffled.
    pub rest: Vec<usize>,
    /// How often a question was named before anything led to it.
    pub slips: usize,
}

impl Build {
    #[must_use]
    pub fn new(tree: &Tree, seed: u64) -> Self {
        let mut seen = vec![false; tree.nodes.len()];
        let mut open = vec![0];
        while let Some(node) = open.pop() {
            if let Some(flag) = seen.get_mut(node).filter(|flag| !**flag) {
                *flag = true;
                let choices = tree.nodes.get(node).map_or(&[][..], |node| &node.choices);
                open.extend(choices.iter().filter_map(|choice| choice.to));
            }
        }
        let asks = |at: &usize| tree.nodes.get(*at).is_some_and(|node| !node.leaf()) && seen.get(*at) == Some(&true);
        let mut rest: Vec<usize> = (0..tree.nodes.len()).filter(asks).collect();
        fastrand::Rng::with_seed(seed).shuffle(&mut rest);
        Self { rest, ..Self::default() }
    }

    /// Places the question at a place of the rest; false when nothing that is placed leads to it.
    pub fn place(&mut self, tree: &Tree, at: usize) -> bool {
        let Some(node) = self.rest.get(at).copied() else { return false };
        let leads = |from: &usize| {
            tree.nodes.get(*from).is_some_and(|from| from.choices.iter().any(|choice| choice.to == Some(node)))
        };
        if if self.placed.is_empty() { node == 0 } else { self.placed.iter().any(leads) } {
            self.rest.remove(at);
            self.placed.push(node);
            return true;
        }
        self.slips += 1;
        false
    }

    #[must_use]
    pub fn done(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::content::parse::blocks;
    use crate::content::tree::tree;
    use proptest::prelude::*;

    /// Two questions, three leaves, two situations that differ in one clue.
    pub const SMALL: &str = "\
## HTTP? {#http}
How to tell: the protocol is named.
- [Yes](#alb)
- [No](#fixed)

## Fixed addresses? {#fixed}
- [Yes](#nlb)
- [No](#any)

## ALB {#alb}
**Say:** a. **Flips if:** b. **Tempting:** [NLB](#nlb), c.

## NLB {#nlb}
**Say:** a. **Flips if:** b. **Tempting:** [ALB](#alb), c.

## Any {#any}
**Say:** a. **Flips if:** b. **Tempting:** [ALB](#alb), c.

## Situation: pins {#pins answer=nlb pair=paths}
Words.

**Clue:** [Fixed?](#fixed) addresses are pinned.
**Clue:** [HTTP?](#http) plain TCP.
**Tempting:** [ALB](#alb), no.
**Change:** other, and it becomes [ALB](#alb).

## Situation: paths {#paths answer=alb pair=pins}
Words.

**Clue:** it reads paths. **Tempting:** [NLB](#nlb), no. **Change:** z, and it becomes [NLB](#nlb).
";

    fn small() -> Tree {
        tree(&blocks(SMALL, 0, ""), &mut Vec::new())
    }

    fn walk(tree: &Tree, choices: &[usize]) -> Walk {
        let mut walk = Walk::default();
        for choice in choices {
            assert!(walk.take(tree, *choice), "{choices:?}");
        }
        walk
    }

    #[test]
    fn walks_and_what_they_say() {
        // Situation, choices, whether it has ended, what came of it, and the clue that was lost.
        type Expected<'a> = (usize, &'a [usize], bool, Outcome, Option<&'a str>);
        let tree = small();
        let clue = |at: usize, n: usize| tree.situations[at].clues[n].text.plain();
        let cases: [Expected<'_>; 6] = [
            (0, &[1, 0], true, Outcome::Right, None),
            (0, &[0], true, Outcome::Wrong, Some("HTTP? plain TCP.")),
            (0, &[1, 1], true, Outcome::Wrong, Some("Fixed? addresses are pinned.")),
            (0, &[1], false, Outcome::Wrong, None),
            // The wrong branch goes on for one step.
            (1, &[1], false, Outcome::Wrong, Some("it reads paths.")),
            (1, &[1, 0], true, Outcome::Wrong, Some("it reads paths.")),
        ];
        for (at, choices, ended, outcome, lost) in cases {
            let (situation, walk) = (&tree.situations[at], walk(&tree, choices));
            let verdict = judge(&tree, situation, &walk);
            assert_eq!((walk.ended(&tree, situation), verdict.outcome), (ended, outcome), "{choices:?}");
            let told = verdict.lost.and_then(|lost| lost.clue).map(|n| clue(at, n));
            assert_eq!(told.as_deref(), lost, "{choices:?}");
        }
        assert!(tree.situations.iter().all(|situation| askable(&tree, situation)));
    }

    #[test]
    fn a_wrong_branch_ends_after_one_step() {
        let mut text = String::new();
        for n in 0..5 {
            text.push_str(&format!("## Q{n}? {{#q{n}}}\n- [on](#q{})\n- [out](#l{n})\n\n", n + 1));
            text.push_str(&format!("## L{n} {{#l{n}}}\n**Say:** s **Flips if:** f **Tempting:** t\n\n"));
        }
        text.push_str(
            "## L5 {#q5}\n**Say:** s **Flips if:** f **Tempting:** t\n\n## Situation: s {#s answer=l0}\nW.\n",
        );
        let tree = tree(&blocks(&text, 0, ""), &mut Vec::new());
        let situation = &tree.situations[0];
        let ended = |choices: &[usize]| walk(&tree, choices).ended(&tree, situation);
        assert_eq!([ended(&[0]), ended(&[0, 0]), ended(&[1])], [false, true, true]);
        assert_eq!(judge(&tree, situation, &walk(&tree, &[0, 0])).lost.unwrap().step, 0);
    }

    #[test]
    fn the_right_leaf_by_another_way_is_told_apart() {
        let text = "## A {#a}\n- [x](#b)\n- [y](#c)\n\n## B {#b}\n- [p](#c)\n- [q](#d)\n\n\
            ## C {#c}\n**Say:** s **Flips if:** f **Tempting:** t\n\n## D {#d}\n**Say:** s **Flips if:** f **Tempting:** t\n\n\
            ## Situation: s {#s answer=c}\nW.\n\n**Path:** [x](#b) [p](#c)\n";
        let tree = tree(&blocks(text, 0, ""), &mut Vec::new());
        let of = |choices: &[usize]| judge(&tree, &tree.situations[0], &walk(&tree, choices)).outcome;
        assert_eq!([of(&[0, 0]), of(&[1]), of(&[0, 1])], [Outcome::Right, Outcome::Around, Outcome::Wrong]);
    }

    #[test]
    fn help_costs_and_fades() {
        assert_eq!(grade(Outcome::Right, false), Grade::Good);
        assert_eq!(grade(Outcome::Right, true), Grade::Hard);
        assert_eq!(grade(Outcome::Around, false), Grade::Hard);
        assert_eq!(grade(Outcome::Wrong, true), Grade::Again);
        let cases = [
            (Help::Shown, Outcome::Right, Help::Ends),
            (Help::Ends, Outcome::Wrong, Help::Ends),
            (Help::Ends, Outcome::Right, Help::First),
            (Help::First, Outcome::Wrong, Help::First),
        ];
        for (help, outcome, next) in cases {
            assert_eq!(help.after(outcome), next);
        }
    }

    #[test]
    fn back_and_again_by_ids() {
        let tree = small();
        let mut walk = walk(&tree, &[1, 0]);
        let ids = walk.ids(&tree);
        assert_eq!(ids, ["http", "fixed", "nlb"]);
        assert_eq!(Walk::over(&tree, &ids), walk);
        assert_eq!(Walk::along(&tree, walk.steps()), walk);
        assert_eq!((walk.back(), walk.here(), walk.back(), walk.back()), (Some(0), 1, Some(1), None));
        assert!(!walk.take(&tree, 9));
        let gone: Vec<String> = ["http", "other"].map(str::to_owned).into();
        assert_eq!(Walk::over(&tree, &gone).here(), 0);
    }

    #[test]
    fn a_note_says_where_the_way_was_lost() {
        let tree = small();
        let note = Note::new(&tree, &tree.situations[0], &walk(&tree, &[1, 1]), Help::First, " no pin ");
        assert_eq!(
            note.text(),
            r#"{"way":["http","fixed"],"leaf":"any","answer":"nlb","at":"fixed","help":"first","because":"no pin"}"#
        );
        assert_eq!(Note::read(&note.text()), Some(note));
        assert_eq!(Note::read("free words"), None);
    }

    #[test]
    fn questions_are_placed_from_the_root_on() {
        let tree = small();
        let mut build = Build::new(&tree, 3);
        assert_eq!(build.rest.len(), 2);
        let at = |build: &Build, node: usize| build.rest.iter().position(|known| *known == node).unwrap();
        let early = at(&build, 1);
        assert!(!build.place(&tree, early));
        let first = at(&build, 0);
        assert!(build.place(&tree, first) && build.place(&tree, 0) && build.done());
        assert_eq!((build.slips, build.placed.as_slice()), (1, &[0, 1][..]));
    }

    /// Trees as text: every node has a node before it that leads to it, some have more, and a few are broken.
    pub fn any_tree() -> impl Strategy<Value = String> {
        let node = (any::<prop::sample::Index>(), prop::option::weighted(0.2, any::<prop::sample::Index>()));
        (prop::collection::vec(node, 0..14), prop::option::weighted(0.1, any::<prop::sample::Index>())).prop_map(
            |(nodes, fault)| {
                let count = nodes.len() + 1;
                let mut links: Vec<Vec<usize>> = vec![Vec::new(); count];
                for (at, (from, more)) in nodes.iter().enumerate() {
                    links[from.index(at + 1)].push(at + 1);
                    if let Some(more) =
                        more.map(|more| more.index(at + 1)).filter(|more| !links[*more].contains(&(at + 1)))
                    {
                        links[more].push(at + 1);
                    }
                }
                if let Some(fault) = fault {
                    links[fault.index(count)].push(0);
                }
                let mut text = String::new();
                for (at, links) in links.iter().enumerate() {
                    text.push_str(&format!("## N{at} {{#n{at}}}\n"));
                    text.extend(links.iter().map(|to| format!("- [to {to}](#n{to})\n")));
                    text.push_str(if links.is_empty() {
                        "**Say:** s **Flips if:** f **Tempting:** t\n\n"
                    } else {
                        "\n"
                    });
                }
                text
            },
        )
    }

    proptest! {
        #[test]
        fn a_tree_that_check_accepts_can_be_finished_from_every_node(text in any_tree(), picks in prop::collection::vec(0usize..4, 20)) {
            let mut flaws = Vec::new();
            let tree = tree(&blocks(&text, 0, ""), &mut flaws);
            prop_assume!(flaws.iter().all(|flaw| flaw.severity != crate::problem::Severity::Error));
            for node in 0..tree.nodes.len() {
                let mut walk = Walk { here: node, ..Walk::default() };
                for pick in &picks {
                    let choices = tree.nodes[walk.here()].choices.len();
                    if choices > 0 {
                        prop_assert!(walk.take(&tree, pick % choices));
                    }
                }
                prop_assert!(walk.at_leaf(&tree) && tree.nodes[walk.here()].say.is_some());
            }
            let build = Build::new(&tree, 1);
            prop_assert_eq!(build.rest.len(), tree.nodes.len() - tree.leaves());
        }
    }
}
