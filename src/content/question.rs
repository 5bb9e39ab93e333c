//! Interview questions: a prompt, a rubric with weights, red flags, follow-ups and model answers.

use super::doc::{Block, Span};
use super::front::{Level, is_id};
use super::section::{Rich, Section, is_item, rich, sections};
use crate::problem::Flaw;
use crate::text::nearest;

/// A question, or a stage of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub id: String,
    pub prompt: String,
    pub level: Option<Level>,
    pub minutes: Option<u32>,
    pub tags: Vec<String>,
    pub span: Span,
    /// What is shown with the prompt.
    pub exhibit: Vec<Block>,
    pub rubric: Vec<Point>,
    pub red_flags: Vec<Point>,
    pub follow_ups: Vec<Rich>,
    /// The answer in 40 seconds; of a stage, its model answer.
    pub short: Vec<Block>,
    pub long: Vec<Block>,
}

/// One thing that is listened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub text: Rich,
    pub weight: u32,
    /// Words of which a typed answer that makes the point contains one.
    pub terms: Vec<String>,
}

/// The parts that a question may have.
const PARTS: [&str; 6] = ["Rubric", "Red flags", "Follow-ups", "In 40 seconds", "In 3 minutes", "Model answer"];

/// The questions of a file. Stages of an incident need fewer parts.
#[must_use]
pub fn questions(blocks: &[Block], incident: bool, flaws: &mut Vec<Flaw>) -> Vec<Question> {
    let (_, found) = sections(blocks, 2);
    found.iter().map(|section| question(section, incident, flaws)).collect()
}

fn question(section: &Section<'_>, incident: bool, flaws: &mut Vec<Flaw>) -> Question {
    let at = section.block.span.clone();
    let level = section.attribute("level").and_then(|name| {
        let level = Level::from_name(name);
        if level.is_none() {
            let what = format!("`{name}` is not a level.");
            flaws.push(Flaw::error("bad-value", at.clone(), what, "Levels are L1, L2, L3 and L4."));
        }
        level
    });
    let minutes = section.attribute("minutes").and_then(|text| {
        let minutes = text.parse().ok().filter(|minutes| (1..=60).contains(minutes));
        if minutes.is_none() {
            let what = format!("`{text}` is not a number of minutes.");
            flaws.push(Flaw::error("bad-value", at.clone(), what, "Write a whole number from 1 to 60."));
        }
        minutes
    });
    for (key, _) in section.heading.attrs.iter().filter(|(key, _)| key != "level" && key != "minutes") {
        let what = format!("A question has no attribute `{key}`.");
        flaws.push(Flaw::error("unknown-key", at.clone(), what, "Known attributes: level, minutes."));
    }
    let id = section.heading.id.clone().unwrap_or_default();
    if !is_id(&id) {
        let hint = "Add one behind the heading: `{#vanish level=L2 minutes=4}`.";
        flaws.push(Flaw::error("no-id", at.clone(), "The question has no id that can be used.", hint));
    }
    let (exhibit, parts) = sections(section.body, 3);
    let mut out = Question {
        id,
        prompt: section.title(),
        level,
        minutes,
        tags: section.heading.classes.clone(),
        span: section.span(),
        exhibit: exhibit.to_vec(),
        rubric: Vec::new(),
        red_flags: Vec::new(),
        follow_ups: Vec::new(),
        short: Vec::new(),
        long: Vec::new(),
    };
    for part in &parts {
        let title = part.title();
        match title.as_str() {
            "Rubric" => out.rubric = points(part, flaws),
            "Red flags" => out.red_flags = points(part, flaws),
            "Follow-ups" => out.follow_ups = part.body.iter().filter(|block| is_item(block)).map(rich).collect(),
            "In 40 seconds" | "Model answer" => out.short = part.body.to_vec(),
            "In 3 minutes" => out.long = part.body.to_vec(),
            _ => {
                let hint = nearest(&title, PARTS).map_or_else(
                    || format!("Known parts: {}.", PARTS.join(", ")),
                    |part| format!("Did you mean `### {part}`?"),
                );
                let what = format!("A question has no part `{title}`.");
                flaws.push(Flaw::error("unknown-part", part.block.span.clone(), what, hint));
            }
        }
    }
    complete(&out, &at, incident, flaws);
    out
}

fn complete(question: &Question, at: &Span, incident: bool, flaws: &mut Vec<Flaw>) {
    let mut tell = |code, what: &str, hint: &str| flaws.push(Flaw::warning(code, at.clone(), what, hint));
    let points = question.rubric.len();
    if question.rubric.is_empty() {
        tell("no-rubric", "The question has no rubric.", "Add `### Rubric` with a list of weighted points.");
    } else if !incident && !(4..=8).contains(&points) {
        tell("rubric-size", &format!("The rubric has {points} points."), "Write 4 to 8 points.");
    }
    if !incident && !(2..=4).contains(&question.red_flags.len()) {
        tell("red-flags", &format!("The question has {} red flags.", question.red_flags.len()), "Write 2 to 4.");
    }
    if !incident && !(1..=2).contains(&question.follow_ups.len()) {
        tell("follow-ups", &format!("The question has {} follow-ups.", question.follow_ups.len()), "Write 1 or 2.");
    }
    for text in question.follow_ups.iter().filter(|text| follow_up(&text.plain()).1.is_empty()) {
        let hint = "Put the answer behind the question, in parentheses: it is shown when both are scored.";
        flaws.push(Flaw::warning("open-follow-up", text.span.clone(), "The follow-up has no answer.", hint));
    }
    let mut tell = |code, what: &str, hint: &str| flaws.push(Flaw::warning(code, at.clone(), what, hint));
    if question.short.is_empty() || (!incident && question.long.is_empty()) {
        let hint = if incident { "Add `### Model answer`." } else { "Add `### In 40 seconds` and `### In 3 minutes`." };
        tell("no-answer", "A model answer is missing.", hint);
    }
    if !incident && question.level.is_none() {
        tell("no-level", "The question has no level.", "Add `level=L1` to `L4` to its heading.");
    }
}

/// The question of a follow-up, without the answer that its author put in parentheses behind it.
#[must_use]
pub fn follow_up(text: &str) -> (&str, &str) {
    let text = text.trim();
    let Some(inner) = text.strip_suffix(')') else { return (text, "") };
    let mut depth = 1;
    for (at, c) in inner.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (before, after) = inner.split_at(at);
            let asked = before.trim_end();
            return if asked.is_empty() { (text, "") } else { (asked, after.trim_start_matches('(')) };
        }
    }
    (text, "")
}

/// The items of a list as points: a weight in parentheses, the text, and a code span of terms.
fn points(part: &Section<'_>, flaws: &mut Vec<Flaw>) -> Vec<Point> {
    part.body.iter().filter(|block| is_item(block)).map(|block| point(block, flaws)).collect()
}

fn point(block: &Block, flaws: &mut Vec<Flaw>) -> Point {
    let mut text = rich(block);
    let mut terms = Vec::new();
    if let Some(last) = text.runs.last().filter(|run| run.style.code && text.runs.len() > 1) {
        terms = last.text.split('|').map(|term| term.trim().to_lowercase()).filter(|term| !term.is_empty()).collect();
        text.runs.pop();
        if let Some(last) = text.runs.last_mut() {
            last.text = last.text.trim_end().to_owned();
        }
    }
    let mut weight = 1;
    if let Some(first) = text.runs.first_mut()
        && let Some((number, rest)) = first.text.strip_prefix('(').and_then(|rest| rest.split_once(')'))
        && let Ok(number) = number.parse::<u32>()
    {
        if (1..=3).contains(&number) {
            weight = number;
        } else {
            let what = format!("The weight {number} is out of range.");
            flaws.push(Flaw::error("bad-value", block.span.clone(), what, "Weights are 1, 2 or 3."));
        }
        first.text = rest.trim_start().to_owned();
    }
    Point { text, weight, terms }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse::blocks;

    #[test]
    fn the_answer_of_a_follow_up_is_not_shown_with_it() {
        let cases = [
            ("One zone? (The subnet.)", ("One zone?", "The subnet.")),
            ("Now with (two) zones? (Then a (small) one.)", ("Now with (two) zones?", "Then a (small) one.")),
            ("Only one zone: what changes?", ("Only one zone: what changes?", "")),
            ("(all of it)", ("(all of it)", "")),
            ("odd) one)", ("odd) one)", "")),
        ];
        for (text, expected) in cases {
            assert_eq!(follow_up(text), expected, "{text}");
        }
    }

    const GOOD: &str = "\
## Why? {#why level=L2 minutes=4}
```text
exit 137
```
### Rubric
- (2) Asks first. `stopped reason|stop code`
- Reads 137 as SIGKILL. `137`
- Third.
- Fourth with `code` inside.
### Red flags
- Redeploys. `redeploy`
- Guesses.
### Follow-ups
- One zone? (The subnet.)
### In 40 seconds
Short.
### In 3 minutes
Long.
";

    fn parse(text: &str) -> (Vec<Question>, Vec<&'static str>) {
        let mut flaws = Vec::new();
        let found = questions(&blocks(text, 0, ""), false, &mut flaws);
        (found, flaws.into_iter().map(|flaw| flaw.code).collect())
    }

    #[test]
    fn a_question_is_read_whole() {
        let (found, flaws) = parse(GOOD);
        assert_eq!(flaws, [""; 0]);
        let question = &found[0];
        assert_eq!((question.level, question.minutes, question.exhibit.len()), (Some(Level::L2), Some(4), 1));
        let points: Vec<_> = question.rubric.iter().map(|p| (p.weight, p.text.plain(), p.terms.len())).collect();
        assert_eq!(
            points,
            [
                (2, "Asks first.".to_owned(), 2),
                (1, "Reads 137 as SIGKILL.".into(), 1),
                (1, "Third.".into(), 0),
                (1, "Fourth with code inside.".into(), 0)
            ]
        );
    }

    #[test]
    fn slips_are_told() {
        let cases = [
            (GOOD.replace("level=L2", "level=L9"), "bad-value"),
            (GOOD.replace("minutes=4", "minutes=soon"), "bad-value"),
            (GOOD.replace("#why ", ""), "no-id"),
            (GOOD.replace("(2)", "(7)"), "bad-value"),
            (GOOD.replace("### Follow-ups", "### Follow ups"), "unknown-part"),
            (GOOD.replace("- Third.\n", ""), "rubric-size"),
            (GOOD.replace(" (The subnet.)", ""), "open-follow-up"),
            (GOOD.replace("### In 3 minutes\nLong.\n", ""), "no-answer"),
        ];
        for (text, code) in cases {
            assert_eq!(parse(&text).1.first().copied(), Some(code), "{text}");
        }
    }
}
