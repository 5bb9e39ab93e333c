//! `quiz --plain`: situations line by line, for pipes and screen readers.

use std::io::{BufRead, Write};

use super::Global;
use super::desk::Study;
use super::plain::{Talk, comes_back};
use crate::content::doc::{Block, plain};
use crate::content::tree::{Situation, Tree, read};
use crate::problem::Problem;
use crate::study::items::Kind;
use crate::study::queue::Wish;
use crate::study::review::{Act, Grade, Review};
use crate::study::walk::{Help, Note, Outcome, Walk, askable, grade, judge};

/// Asks the situations of a place, or those that are due.
pub fn quiz(
    global: &Global,
    place: Option<&str>,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<u8, Box<Problem>> {
    let mut study = Study::open(global)?;
    let wish = Wish { kinds: vec![Kind::Situation], ..study.wish(place)? };
    let desk = study.desk();
    let mut ids: Vec<String> = desk.set(&wish).into_iter().map(|at| desk.id(at).to_owned()).collect();
    if ids.is_empty() && place.is_some() {
        // Nothing is due there: it is asked all the same, and the schedule stays.
        let cram = Wish { cram: true, ..wish };
        ids = desk.set(&cram).into_iter().map(|at| desk.id(at).to_owned()).collect();
    }
    let mut talk = Talk { input, out };
    if ids.is_empty() {
        talk.say("No situation is due.");
        return Ok(1);
    }
    talk.say(&format!("{} to ask. Write the number of a choice, b to go back, h for help, q to leave.", ids.len()));
    let clock = global.clock();
    let (mut right, mut asked) = (0, 0);
    for id in ids {
        let Some(item) = study.items.find(&study.library, &id).and_then(|at| study.items.get(at)).copied() else {
            continue;
        };
        let body = study.library.files.get(item.file).map_or(0, |file| file.body);
        let tree = read(&study.text(item.file)?, body);
        let Some(situation) = tree.situations.iter().find(|found| found.id == id && askable(&tree, found)) else {
            continue;
        };
        study.now = clock.now();
        let Some(answer) = ask(&mut talk, &tree, situation) else { break };
        let when = clock.now();
        let verdict = judge(&tree, situation, &answer.walk);
        let grade = grade(verdict.outcome, answer.helped > 0);
        let state = study.progress.state(&id);
        let due = !state.seen() || study.desk().is_due(&id, state);
        let early = !due && verdict.outcome != Outcome::Wrong;
        let act = if early { Act::Cram(grade) } else { Act::Grade(grade) };
        let took = u32::try_from((when.at - study.now.at).max(0)).unwrap_or(u32::MAX);
        let note = Note::new(&tree, situation, &answer.walk, Help::First, &answer.because).text();
        let hints = u8::try_from(answer.helped).unwrap_or(u8::MAX);
        let row = Review { took, hints, note, ..study.review(&id, act, when) };
        study.record(&[row])?;
        asked += 1;
        right += usize::from(verdict.outcome != Outcome::Wrong);
        tell(&mut talk, &tree, situation, &answer.walk);
        let back = if early {
            "It was not due: the schedule stays.".to_owned()
        } else {
            format!("Comes back in {}.", comes_back(&study, &id, when))
        };
        talk.say(&format!("Graded {}. {back}", grade_words(grade)));
    }
    talk.say(&format!("\n{right} of {asked} right."));
    Ok(0)
}

fn grade_words(grade: Grade) -> &'static str {
    match grade {
        Grade::Again => "again, because it was wrong",
        Grade::Hard => "hard, because it took help or another way",
        Grade::Good | Grade::Easy => "good, right without help",
    }
}

/// What somebody chose.
struct Given {
    walk: Walk,
    helped: usize,
    because: String,
}

/// Walks a situation; nothing when the talk was left.
fn ask(talk: &mut Talk<'_>, tree: &Tree, situation: &Situation) -> Option<Given> {
    talk.say("");
    talk.say(&format!("Situation: {}", situation.title));
    talk.say(&words(&situation.body));
    let (mut walk, mut helped) = (Walk::default(), 0);
    while !walk.ended(tree, situation) {
        let node = tree.nodes.get(walk.here())?;
        talk.say(&format!("\n{}", node.title));
        for (n, choice) in node.choices.iter().enumerate() {
            let note = if choice.note.is_empty() { String::new() } else { format!(" ({})", choice.note) };
            talk.say(&format!("  {}. {}{note}", n + 1, choice.label));
        }
        loop {
            let line = talk.hear()?;
            match line.as_str() {
                "q" => return None,
                "h" => {
                    helped += 1;
                    let how = node.how.as_ref().map_or_else(
                        || "There is no help at this question.".to_owned(),
                        |how| format!("How to tell: {}", how.plain()),
                    );
                    talk.say(&how);
                    continue;
                }
                "b" if walk.back().is_some() => {
                    helped += 1;
                    break;
                }
                _ => {}
            }
            let choice = line.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            if choice.is_some_and(|choice| walk.take(tree, choice)) {
                break;
            }
            talk.say(&format!("Write a number from 1 to {}.", node.choices.len()));
        }
    }
    talk.say("\nBecause … (one line, or nothing)");
    // At the end of the input the answer stands all the same.
    let because = talk.hear().unwrap_or_default();
    Some(Given { walk, helped, because })
}

fn tell(talk: &mut Talk<'_>, tree: &Tree, situation: &Situation, walk: &Walk) {
    let title = |at: usize| tree.nodes.get(at).map_or("", |node| node.title.as_str());
    let label = |node: usize, choice: usize| {
        tree.nodes.get(node).and_then(|node| node.choices.get(choice)).map_or("", |choice| choice.label.as_str())
    };
    let verdict = judge(tree, situation, walk);
    let answer = situation.answer.unwrap_or(0);
    talk.say("");
    match verdict.outcome {
        Outcome::Right => talk.say(&format!("Right: {}.", title(answer))),
        Outcome::Around => talk.say(&format!("Right, by another way: {}.", title(answer))),
        Outcome::Wrong => talk.say(&format!("Not right. The answer is: {}.", title(answer))),
    }
    if let Some(lost) = verdict.lost {
        talk.say(&format!("Lost at question {}: {}", lost.step + 1, title(lost.node)));
        talk.say(&format!(
            "You took \"{}\"; it says \"{}\".",
            label(lost.node, lost.chosen),
            label(lost.node, lost.right)
        ));
    }
    for clue in &situation.clues {
        talk.say(&format!("Clue: {}", clue.text.plain()));
    }
    for (name, text) in [("Tempting", &situation.tempting), ("Change", &situation.change)] {
        if let Some(text) = text {
            talk.say(&format!("{name}: {}", text.plain()));
        }
    }
    if let Some(say) = tree.nodes.get(answer).and_then(|node| node.say.as_ref()) {
        talk.say(&format!("Say: {}", say.plain()));
    }
}

/// The words of a story.
fn words(blocks: &[Block]) -> String {
    blocks
        .iter()
        .map(|block| match &block.body {
            crate::content::doc::Body::Code { text, .. } => text.trim_end().to_owned(),
            _ => plain(block.runs()),
        })
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
