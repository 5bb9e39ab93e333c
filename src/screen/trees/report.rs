//! What a set of situations has brought.

use std::collections::BTreeMap;

use super::case::Case;
use super::sheet::Sheet;
use crate::content::tree::Tree;
use crate::study::tally::Score;
use crate::study::walk::{Help, Outcome};
use crate::text::count;
use crate::theme::Role;

struct Done {
    id: String,
    title: String,
    file: usize,
    outcome: Outcome,
    helped: bool,
    shown: bool,
    /// Where it ended, where it should have, and at which question the way was lost.
    end: String,
    answer: String,
    lost: String,
}

#[derive(Default)]
pub struct Report {
    done: Vec<Done>,
    /// Whether a pre-test was passed.
    pub pretest: Option<bool>,
}

impl Report {
    pub fn add(&mut self, case: &Case, tree: &Tree, file: usize) {
        let (Some(end), Some(situation)) = (&case.ending, case.situation(tree)) else { return };
        let title = |at: usize| tree.nodes.get(at).map_or_else(String::new, |node| node.title.clone());
        self.done.push(Done {
            id: case.id.clone(),
            title: case.title.clone(),
            file,
            outcome: end.verdict.outcome,
            helped: case.helped(),
            shown: case.help == Help::Shown,
            end: title(end.verdict.end),
            answer: situation.answer.map(title).unwrap_or_default(),
            lost: end.verdict.lost.map(|lost| title(lost.node)).unwrap_or_default(),
        });
    }

    pub fn len(&self) -> usize {
        self.done.len()
    }

    /// Whether everything was right, without help.
    pub fn all_right(&self) -> bool {
        !self.done.is_empty() && self.done.iter().all(|done| done.outcome == Outcome::Right && !done.helped)
    }

    /// What was missed and not made good since.
    pub fn missed(&self) -> impl Iterator<Item = &str> {
        let last = |id: &str| self.done.iter().rev().find(|done| done.id == id);
        let missed = self.done.iter().filter(|done| done.outcome == Outcome::Wrong);
        missed
            .filter(move |done| last(&done.id).is_some_and(|done| done.outcome == Outcome::Wrong))
            .map(|done| done.id.as_str())
    }

    pub fn lay(&self, sheet: &mut Sheet<'_>) {
        let graded: Vec<&Done> = self.done.iter().filter(|done| !done.shown).collect();
        let right = |done: &&&Done| done.outcome != Outcome::Wrong;
        let head = match (graded.len(), self.done.len()) {
            (0, 0) => "Nothing was asked.".to_owned(),
            (0, shown) => format!("{} narrated", count(shown, "situation")),
            (all, _) => format!("{} of {all} right", graded.iter().filter(right).count()),
        };
        sheet.plain(&head, Role::Heading1);
        match self.pretest {
            Some(true) => sheet.plain(
                "Passed: the narrated run is skipped, and only the first question is shown from now on.",
                Role::Good,
            ),
            Some(false) => {
                sheet.plain("Not passed: the first run of this tree is narrated. It costs a minute.", Role::Text);
            }
            None => {}
        }
        let mut trees: BTreeMap<usize, Score> = BTreeMap::new();
        for done in &graded {
            let score = trees.entry(done.file).or_default();
            score.right += usize::from(done.outcome != Outcome::Wrong);
            score.all += 1;
        }
        if trees.len() > 1 {
            sheet.blank();
            for (file, score) in trees {
                let title = sheet.look.library.files.get(file).map_or("", |file| file.title.as_str());
                let role = if score.right == score.all { Role::Good } else { Role::Text };
                sheet.plain(&format!("{} of {}  {title}", score.right, score.all), role);
            }
        }
        let glyphs = sheet.look.glyphs;
        for done in graded.iter().filter(|done| done.outcome == Outcome::Wrong) {
            sheet.blank();
            sheet.signed(glyphs.wrong_answer, Role::Bad, &done.title, Role::Heading3);
            let lost = format!("lost at: {}", done.lost);
            sheet.signed(" ", Role::Text, &lost, Role::Text);
            sheet.signed(" ", Role::Text, &format!("{} {} not {}", done.answer, glyphs.dash, done.end), Role::Muted);
        }
        let helped = graded.iter().filter(|done| done.helped && done.outcome != Outcome::Wrong).count();
        if helped > 0 {
            sheet.blank();
            sheet.plain(&format!("{} right with help: graded hard.", count(helped, "situation")), Role::Muted);
        }
    }
}
