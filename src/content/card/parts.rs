//! The fields of one card as they are read, and which kind of card they make.

use super::{CardKind, Choice, Field, TYPED, field, gaps};
use crate::content::doc::Span;
use crate::problem::Flaw;

#[derive(Default)]
pub(super) struct Parts {
    pub prompt: Field,
    pub answer: Option<Field>,
    pub typed: Option<Field>,
    pub definition: Option<Field>,
    pub why: Option<Field>,
    pub confused: Option<Field>,
    pub hints: Vec<Field>,
    pub sources: Vec<Field>,
}

impl Parts {
    pub fn take(&mut self, tag: &str, field: Field, flaws: &mut Vec<Flaw>) {
        let slot = match tag {
            "A:" => &mut self.answer,
            TYPED => &mut self.typed,
            "D:" => &mut self.definition,
            "W:" => &mut self.why,
            "X:" => &mut self.confused,
            "H:" => return self.hints.push(field),
            _ => return self.sources.push(field),
        };
        if slot.is_some() {
            let what = format!("The card has two lines with `{tag}`.");
            flaws.push(Flaw::error("double-field", field.span.clone(), what, "Keep one, or end the card with `---`."));
        } else if field.text.is_empty() {
            let what = format!("Nothing stands behind `{tag}`.");
            flaws.push(Flaw::error("empty-field", field.span.clone(), what, "Write the text or take the line out."));
        } else {
            *slot = Some(field);
        }
    }

    pub fn kind(&mut self, first: &str, order: bool, span: &Span, flaws: &mut Vec<Flaw>) -> Option<CardKind> {
        if self.prompt.text.is_empty() {
            flaws.push(Flaw::error(
                "empty-card",
                span.clone(),
                "The card asks nothing.",
                "Write the question behind its tag.",
            ));
            return None;
        }
        match first {
            "C:" => {
                let gaps = gaps(&self.prompt.text);
                if gaps.is_empty() {
                    let hint = "Put brackets around what is to be recalled: `a [gap]`.";
                    flaws.push(Flaw::error("no-gap", self.prompt.span.clone(), "The cloze card has no gap.", hint));
                    return None;
                }
                Some(CardKind::Cloze(gaps))
            }
            "T:" => {
                let Some(definition) = self.definition.take() else {
                    let hint = "Write its definition in a line that begins with `D:`.";
                    flaws.push(Flaw::error("no-answer", span.clone(), "The term has no definition.", hint));
                    return None;
                };
                Some(CardKind::Pair(definition))
            }
            _ => self.question(order, span, flaws),
        }
    }

    fn question(&mut self, order: bool, span: &Span, flaws: &mut Vec<Flaw>) -> Option<CardKind> {
        let whole = std::mem::take(&mut self.prompt);
        let (options, prompt) = split_items(&whole, |line| {
            line.strip_prefix("- [ ]").or(line.strip_prefix("- [x]")).or(line.strip_prefix("- [X]"))
        });
        if !options.is_empty() {
            self.prompt = prompt;
            let options: Vec<_> =
                options.into_iter().map(|(line, text)| Choice { text, right: !line.starts_with("- [ ]") }).collect();
            let right = options.iter().filter(|option| option.right).count();
            if right == 0 {
                let hint = "Mark what is right with `- [x]`.";
                flaws.push(Flaw::error("no-answer", span.clone(), "None of the choices is right.", hint));
                return None;
            }
            if options.len() < 2 {
                flaws.push(Flaw::warning(
                    "one-choice",
                    span.clone(),
                    "There is nothing to choose from.",
                    "Add other choices.",
                ));
            }
            return Some(CardKind::Choice { options, comment: self.answer.take() });
        }
        if order {
            let numbered = |line: &'_ str| -> Option<usize> {
                let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
                (rest.len() < line.len() && rest.starts_with(". ")).then(|| line.len() - rest.len() + 2)
            };
            let (steps, prompt) = split_items(&whole, |line| numbered(line).and_then(|at| line.get(at..)));
            self.prompt = prompt;
            if steps.len() < 2 {
                let hint = "Number the steps `1.`, `2.`, … each on its own line.";
                flaws.push(Flaw::error("no-answer", span.clone(), "There are no steps to put in order.", hint));
                return None;
            }
            return Some(CardKind::Order(steps.into_iter().map(|(_, step)| step).collect()));
        }
        self.prompt = whole;
        if let Some(typed) = self.typed.take() {
            let (answers, tolerance) = match typed.text.split_once('±') {
                Some((answers, tolerance)) => (answers, Some(tolerance.trim().to_owned())),
                None => (typed.text.as_str(), None),
            };
            let accepted: Vec<_> =
                answers.split('|').map(|answer| answer.trim().to_owned()).filter(|answer| !answer.is_empty()).collect();
            if accepted.is_empty() {
                flaws.push(Flaw::error(
                    "no-answer",
                    typed.span,
                    "No typed answer is accepted.",
                    "Write it behind `A=`.",
                ));
                return None;
            }
            return Some(CardKind::Typed { accepted, tolerance, comment: self.answer.take() });
        }
        let Some(answer) = self.answer.take() else {
            let hint = "Write it in a line that begins with `A:`.";
            flaws.push(Flaw::error("no-answer", span.clone(), "The question has no answer.", hint));
            return None;
        };
        let (points, rest) = split_items(&answer, |line| line.strip_prefix("- "));
        if points.len() > 1 && rest.text.is_empty() {
            return Some(CardKind::List(points.into_iter().map(|(_, point)| point).collect()));
        }
        Some(CardKind::Answer(answer))
    }
}

/// Takes the lines that `item` recognises (and what is indented below them) out of a field.
fn split_items<'a>(whole: &'a Field, item: impl Fn(&'a str) -> Option<&'a str>) -> (Vec<(&'a str, Field)>, Field) {
    let mut items: Vec<(&str, Field)> = Vec::new();
    let mut rest = String::new();
    let mut at = whole.span.start;
    for line in whole.text.split_inclusive('\n') {
        if let Some(body) = item(line) {
            items.push((line, field(body, at + line.len() - body.len())));
        } else if let Some((_, last)) = items.last_mut().filter(|_| line.starts_with("  ")) {
            last.text.push('\n');
            last.text.push_str(line.trim_end());
            last.span.end = at + line.trim_end().len();
        } else {
            rest.push_str(line);
        }
        at += line.len();
    }
    (items, Field { text: rest.trim().to_owned(), span: whole.span.clone() })
}
