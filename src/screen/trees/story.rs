//! The words of a situation: its story, the question where one stands, and the verdict.

use super::case::{Case, Ending};
use super::sheet::{BESIDE, Sheet, labels};
use super::walk::crumbs;
use crate::content::section::Rich;
use crate::content::tree::{Situation, Tree};
use crate::screen::{Look, body};
use crate::study::day::span;
use crate::study::review::Grade;
use crate::study::schedule::Due;
use crate::study::walk::{Help, Outcome, decisive};
use crate::theme::Role;
use crate::ui::line::Line;

/// Rows that a question needs below the story.
const BELOW: usize = 12;

/// The story above question and map, where there is room for it.
pub fn top(look: &Look<'_>, tree: &Tree, case: &Case) -> Vec<Line> {
    let area = body(look.size);
    if area.width < BESIDE || case.ending.is_some() {
        return Vec::new();
    }
    let mut sheet = Sheet::new(look, area.width.saturating_sub(4).min(look.measure.max(96)));
    if let Some(situation) = case.situation(tree) {
        story(&mut sheet, situation);
    }
    if sheet.lines.len() + BELOW > usize::from(area.height) { Vec::new() } else { sheet.lines }
}

/// What happened.
pub fn story(sheet: &mut Sheet<'_>, situation: &Situation) {
    sheet.plain(&situation.title, Role::Heading3);
    sheet.blocks(&situation.body);
}

/// The question or the verdict; with the story, where it does not stand above.
pub fn below(sheet: &mut Sheet<'_>, tree: &Tree, case: &Case, with_story: bool, cram: bool) {
    let Some(situation) = case.situation(tree) else { return };
    if let Some(end) = &case.ending {
        verdict(sheet, tree, case, situation, end, cram);
        sheet.blank();
        story(sheet, situation);
        return;
    }
    if with_story {
        story(sheet, situation);
        sheet.blank();
    }
    question(sheet, tree, case, situation);
}

fn question(sheet: &mut Sheet<'_>, tree: &Tree, case: &Case, situation: &Situation) {
    let Some(node) = tree.nodes.get(case.walk.here()) else { return };
    let steps = case.walk.steps();
    if steps.is_empty() && case.help == Help::Shown {
        sheet.plain("Narrated, not graded: enter goes on.", Role::Muted);
    }
    if !steps.is_empty() {
        sheet.plain(&crumbs(sheet.look, &labels(tree, steps), sheet.columns), Role::Muted);
    }
    if node.leaf() {
        sheet.signed(sheet.look.glyphs.leaf_on_way, Role::Accent, &node.title, Role::Heading1);
        sheet.blank();
        sheet.plain("Why there? One line, or enter to see the verdict.", Role::Muted);
        return;
    }
    sheet.plain(&node.title, Role::Heading1);
    if case.because.is_some() {
        sheet.blank();
        sheet.plain("That is far enough. Why this way? One line, or enter to see the verdict.", Role::Muted);
        return;
    }
    let hidden = case.help == Help::First && node.how.is_some();
    if let Some(how) = node.how.as_ref().filter(|_| !hidden || case.here > 0) {
        sheet.blank();
        sheet.named("How to tell", how, Role::Text);
    }
    let clues = situation.clues.iter().filter(|clue| clue.node == Some(case.walk.here()));
    for clue in clues.clone().take(case.here.saturating_sub(usize::from(hidden))) {
        sheet.named("Clue", &behind_link(&clue.text), Role::Text);
    }
    let shown = (case.help == Help::Shown).then(|| case.right(tree)).flatten();
    if let Some(right) = shown {
        sheet.blank();
        for clue in clues {
            sheet.named("Clue", &behind_link(&clue.text), Role::Text);
        }
        let label = node.choices.get(right).map_or("", |choice| choice.label.as_str());
        sheet.told("So", label, Role::Good);
    }
    sheet.blank();
    sheet.choices(node, Some(shown.unwrap_or(case.cursor)));
}

fn verdict(sheet: &mut Sheet<'_>, tree: &Tree, case: &Case, situation: &Situation, end: &Ending, cram: bool) {
    let glyphs = sheet.look.glyphs;
    let title = |at: usize| tree.nodes.get(at).map_or("", |node| node.title.as_str());
    let label = |node: usize, choice: usize| {
        tree.nodes.get(node).and_then(|node| node.choices.get(choice)).map_or("", |choice| choice.label.as_str())
    };
    let answer = situation.answer.unwrap_or(0);
    let verdict = &end.verdict;
    match (case.help, verdict.outcome) {
        (Help::Shown, _) => sheet.signed(glyphs.right_answer, Role::Good, title(answer), Role::Heading1),
        (_, Outcome::Right) => {
            sheet.signed(glyphs.right_answer, Role::Good, &format!("Right: {}", title(answer)), Role::Heading1);
        }
        (_, Outcome::Around) => {
            sheet.signed(
                glyphs.right_answer,
                Role::Warning,
                &format!("Right, by another way: {}", title(answer)),
                Role::Heading1,
            );
        }
        (_, Outcome::Wrong) => {
            sheet.signed(
                glyphs.wrong_answer,
                Role::Bad,
                &format!("Not {}", quoted(title(verdict.end))),
                Role::Heading1,
            );
        }
    }
    graded(sheet, case, end, cram);
    sheet.blank();
    if let Some(lost) = verdict.lost {
        let asked = format!("question {}, {}", lost.step + 1, title(lost.node));
        sheet.told("Lost at", &asked, Role::Text);
        sheet.told("You took", label(lost.node, lost.chosen), Role::Bad);
        sheet.told("It was", label(lost.node, lost.right), Role::Good);
    }
    let decides = verdict.lost.and_then(|lost| lost.clue).or_else(|| decisive(&situation.clues, last_of(situation)));
    if let Some(clue) = decides.and_then(|at| situation.clues.get(at)) {
        // A clue of another question keeps the name of that question.
        let other = verdict.lost.is_some_and(|lost| clue.node.is_some_and(|node| node != lost.node));
        let text = if other { clue.text.clone() } else { behind_link(&clue.text) };
        sheet.named(if verdict.lost.is_some() { "Lost clue" } else { "Clue" }, &text, Role::Text);
    }
    if !case.said.is_empty() {
        sheet.told("You said", &format!("because {}", case.said), Role::Muted);
    }
    if verdict.lost.is_some() {
        let way = labels(tree, &situation.path).join(&format!(" {} ", glyphs.right));
        sheet.blank();
        sheet.told("Right way", &way, Role::Text);
        sheet.told("It ends at", title(answer), Role::Heading3);
    }
    if let Some(say) = tree.nodes.get(answer).and_then(|node| node.say.as_ref()) {
        sheet.named("Say", say, Role::Text);
    }
    sheet.blank();
    if let Some(tempting) = &situation.tempting {
        sheet.named("Tempting", tempting, Role::Text);
    }
    // Who fell for another leaf than the tempting one is told when that one would be right.
    let tempted = situation.tempting.as_ref().and_then(|text| tree.named(&text.leading_link()?.url));
    if verdict.outcome == Outcome::Wrong && tempted != Some(verdict.end) {
        let leaf = tree.nodes.get(verdict.end).filter(|node| node.leaf());
        if let Some(flips) = leaf.and_then(|node| node.flips.as_ref()) {
            sheet.told("Your end", &format!("flips if {}", flips.plain()), Role::Text);
        }
    }
    if let Some(change) = &situation.change {
        sheet.named("Change", change, Role::Text);
    }
}

/// What the answer is worth, by which rule, and when the situation comes back.
fn graded(sheet: &mut Sheet<'_>, case: &Case, end: &Ending, cram: bool) {
    let look = sheet.look;
    let rule = match (end.grade, end.verdict.outcome) {
        (None, _) => {
            return sheet
                .plain("This run was narrated and is not graded. In the next one the ends are hidden.", Role::Muted);
        }
        (Some(_), Outcome::Wrong) => "Graded again, because it was wrong.",
        (Some(_), Outcome::Around) => "Graded hard: right, but not by the way that the clues show.",
        (Some(Grade::Hard), _) => "Graded hard: right, with a hint or after going back.",
        (Some(_), _) => "Right without help is good, or easy when you say so.",
    };
    let wait = |grade: Grade| {
        let state = look.progress.state(&case.id);
        let states = look.scheduler.preview(state, &case.id, look.now);
        let next = Grade::ALL.iter().zip(&states).find(|(known, _)| **known == grade).map(|(_, state)| state);
        next.map_or_else(String::new, |state| back_in(look, look.desk().due(&case.id, state)))
    };
    if case.may_be_easy() {
        let (good, easy) = (wait(Grade::Good), wait(Grade::Easy));
        sheet.plain(rule, Role::Muted);
        let text = if cram {
            "enter  good     4  easy".to_owned()
        } else {
            format!("enter  good, back in {good}     4  easy, back in {easy}")
        };
        return sheet.plain(&text, Role::Heading3);
    }
    let known = look.progress.state(&case.id);
    let wait = if end.written.is_none() {
        "Not on disk yet: enter tries again.".to_owned()
    } else if cram || end.early {
        "Practice: it was not due, so the schedule stays.".to_owned()
    } else {
        format!("Comes back in {}.", back_in(look, look.desk().due(&case.id, known)))
    };
    sheet.plain(&format!("{rule} {wait}"), Role::Muted);
}

fn back_in(look: &Look<'_>, due: Due) -> String {
    match due {
        Due::At(at) => span((at - look.now.at).max(1000) / 1000),
        Due::On(day) => span((day - look.now.day()).max(1) * 86_400),
        Due::Never => "no time".to_owned(),
    }
}

fn quoted(title: &str) -> String {
    if title.ends_with('?') { "that way".to_owned() } else { title.to_owned() }
}

/// The last question on the way to the answer.
fn last_of(situation: &Situation) -> usize {
    situation.path.last().map_or(0, |(node, _)| *node)
}

/// A text without the link at its start, which names what stands above it anyway.
pub fn behind_link(text: &Rich) -> Rich {
    if text.leading_link().is_none() {
        return text.clone();
    }
    let mut out = text.clone();
    let link = out.runs.iter().find_map(|run| run.link);
    let lead = out.runs.iter().take_while(|run| run.link == link || run.text.trim().is_empty()).count();
    out.runs.drain(..lead);
    if let Some(first) = out.runs.first_mut() {
        first.text = first.text.trim_start_matches([' ', ',', ':']).to_owned();
    }
    if out.runs.is_empty() { text.clone() } else { out }
}
