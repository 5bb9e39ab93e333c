//! One item as a question: what is shown before the answer is asked for, and what after.

use super::hash;
use super::schedule::{Phase, State};
use crate::content::card::{Card, CardKind, Field, cards, faces, hidden};
use crate::content::chunk::Doc;
use crate::content::doc::Span;
use crate::content::front::Kind;
use crate::content::scan::File;
use crate::content::table::{Ask as Way, CellCard, Table, Value, tables};

/// A question about one item. Texts are Markdown.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub prompt: String,
    pub form: Form,
    /// What is shown once the answer was asked for; empty where the form says it all.
    pub answer: String,
    pub why: Option<String>,
    pub confused: Option<String>,
    pub hints: Vec<String>,
    pub sources: Vec<String>,
    /// Of the wrong options that a table gave: whose cell it is, or what its cell says; shown with the answer.
    pub others: Vec<String>,
    /// Where it stands in its file.
    pub span: Span,
}

/// How an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Said or thought, then compared.
    Recall,
    /// Points of an answer, each ticked on its own.
    Points(Vec<String>),
    /// Options in the order in which they are shown, and whether each is right.
    Choice {
        options: Vec<(String, bool)>,
        several: bool,
    },
    /// Steps in the order in which they are shown; `right` is the order that is right, as places in `steps`.
    Order {
        steps: Vec<String>,
        right: Vec<usize>,
    },
    Typed {
        accepted: Vec<String>,
        tolerance: Option<String>,
    },
}

/// The parts of a file of which items are asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    Cards(Vec<Card>),
    Tables(Vec<Table>),
}

/// Options of a choice that is made of a column.
const OPTIONS: usize = 4;

impl Parsed {
    /// Reads the cards of a deck, or the tables of anything else.
    #[must_use]
    pub fn new(file: &File, text: &str) -> Self {
        if file.kind == Kind::Cards {
            return Self::Cards(cards(text, file.body, file.headed).cards);
        }
        let doc = Doc::new(text.to_owned(), file.body);
        Self::Tables((0..doc.len()).flat_map(|chunk| tables(&doc.blocks(chunk), text, &mut Vec::new())).collect())
    }

    /// The question about an item. `seed` orders what is shuffled, differently for each item and each time that it is
    /// asked; `state` decides how much help is given.
    #[must_use]
    pub fn ask(&self, id: &str, state: &State, seed: u64) -> Option<Ask> {
        let seed = hash(&[&seed.to_le_bytes(), id.as_bytes(), &state.reps.to_le_bytes()]);
        match self {
            Self::Cards(cards) => {
                let card = cards.iter().find(|card| faces(card).iter().any(|face| face.id == id))?;
                Some(of_card(card, id, seed))
            }
            Self::Tables(tables) => {
                let table = tables.iter().find(|table| id.starts_with(table.id.as_str()) && known(table, id))?;
                of_cell(table, id, state, seed)
            }
        }
    }
}

fn known(table: &Table, id: &str) -> bool {
    table.cards.iter().any(|card| card.id == id)
}

fn texts(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.text.clone()).collect()
}

fn of_card(card: &Card, id: &str, seed: u64) -> Ask {
    let mut ask = Ask {
        prompt: card.prompt.text.clone(),
        form: Form::Recall,
        answer: String::new(),
        why: card.why.as_ref().map(|why| why.text.clone()),
        confused: card.confused.as_ref().map(|confused| confused.text.clone()),
        hints: texts(&card.hints),
        sources: texts(&card.sources),
        others: Vec::new(),
        span: card.span.clone(),
    };
    let comment = |field: &Option<Field>| field.as_ref().map_or_else(String::new, |field| field.text.clone());
    match &card.kind {
        CardKind::Answer(answer) => ask.answer.clone_from(&answer.text),
        CardKind::List(points) => ask.form = Form::Points(texts(points)),
        CardKind::Pair(definition) => {
            if id.ends_with("/term") {
                ask.prompt = format!("{}\n\nWhat is this called?", definition.text);
                ask.answer.clone_from(&card.prompt.text);
            } else {
                ask.prompt = format!("What is this: {}?", card.prompt.text);
                ask.answer.clone_from(&definition.text);
            }
        }
        CardKind::Cloze(gaps) => {
            let at = id.rsplit_once('/').and_then(|(_, n)| n.parse::<usize>().ok()).map_or(0, |n| n.saturating_sub(1));
            ask.prompt = hidden(card, gaps, at);
            let gap = gaps.get(at).and_then(|gap| card.prompt.text.get(gap.clone())).unwrap_or("");
            gap.clone_into(&mut ask.answer);
        }
        CardKind::Choice { options, comment: words } => {
            let mut options: Vec<(String, bool)> =
                options.iter().map(|option| (option.text.text.clone(), option.right)).collect();
            shuffle(&mut options, seed);
            let several = options.iter().filter(|(_, right)| *right).count() > 1;
            ask.form = Form::Choice { options, several };
            ask.answer = comment(words);
        }
        CardKind::Order(steps) => {
            let mut shown: Vec<usize> = (0..steps.len()).collect();
            shuffle(&mut shown, seed);
            // The right order as it stands would give everything away.
            if shown.is_sorted() {
                shown.rotate_left(1);
            }
            let mut right = vec![0; steps.len()];
            for (place, step) in shown.iter().enumerate() {
                if let Some(slot) = right.get_mut(*step) {
                    *slot = place;
                }
            }
            let text = |step: &usize| steps.get(*step).map_or_else(String::new, |step| step.text.clone());
            ask.form = Form::Order { steps: shown.iter().map(text).collect(), right };
        }
        CardKind::Typed { accepted, tolerance, comment: words } => {
            ask.form = Form::Typed { accepted: accepted.clone(), tolerance: tolerance.clone() };
            ask.answer = comment(words);
        }
    }
    ask
}

fn of_cell(table: &Table, id: &str, state: &State, seed: u64) -> Option<Ask> {
    let card = table.cards.iter().find(|card| card.id == id)?;
    let span = table
        .values
        .get(card.entity)
        .and_then(|row| row.get(card.attribute))
        .map_or_else(|| table.span.clone(), |value| value.span.clone());
    let column: Vec<&String> = match card.ask {
        Way::Entity => table.entities.iter().collect(),
        Way::Value => {
            let beside = |other: &&CellCard| other.ask == Way::Value && other.attribute == card.attribute;
            table.cards.iter().filter(beside).map(|other| &other.answer).collect()
        }
    };
    // The first meetings offer what stands in the column, without cells that the author skipped: those fit more than
    // one prompt. Later the cell must be recalled.
    let early = matches!(state.phase, Phase::New | Phase::Learning(_));
    let mut options: Vec<(String, bool)> = Vec::new();
    if early || card.ask == Way::Entity {
        let mut others: Vec<&String> = column.into_iter().filter(|text| **text != card.answer).collect();
        others.sort();
        others.dedup();
        shuffle(&mut others, seed);
        options = others.into_iter().take(OPTIONS - 1).map(|text| (text.clone(), false)).collect();
        options.push((card.answer.clone(), true));
        shuffle(&mut options, seed.rotate_left(17));
    }
    let (form, answer) = if options.len() > 2 {
        (Form::Choice { options, several: false }, String::new())
    } else {
        (Form::Recall, card.answer.clone())
    };
    let others = match &form {
        Form::Choice { options, .. } => options.iter().map(|(text, right)| other(table, card, text, *right)).collect(),
        _ => Vec::new(),
    };
    let (prompt, why, confused) = (card.prompt.clone(), None, None);
    Some(Ask { prompt, form, answer, why, confused, hints: Vec::new(), sources: Vec::new(), others, span })
}

/// What a wrong option would have been right for.
fn other(table: &Table, card: &CellCard, option: &str, right: bool) -> String {
    let cell = |row: &Vec<Value>| row.get(card.attribute).map(|value| value.text.clone());
    let rows = table.entities.iter().zip(&table.values).filter(|_| !right);
    match card.ask {
        Way::Entity => rows.filter(|(name, _)| *name == option).find_map(|(_, row)| cell(row)).unwrap_or_default(),
        Way::Value => {
            let names = rows.filter(|(_, row)| cell(row).as_deref() == Some(option)).map(|(name, _)| name.as_str());
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Shuffles by a seed; the same seed gives the same order on every machine.
pub fn shuffle<T>(all: &mut [T], seed: u64) {
    for at in (1..all.len()).rev() {
        let lot = hash(&[&seed.to_le_bytes(), &at.to_le_bytes()]);
        let other = usize::try_from(lot % (at as u64 + 1)).unwrap_or(0);
        all.swap(at, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::scan::scan;

    const DECK: &str = "Q: Plain? {#plain}\nA: Yes.\nW: Because.\nX: No.\nH: one\nH: two\n\n\
        T: Term {#pair}\nD: Its meaning.\n\nC: A [first] and `code` [second]. {#cloze}\n\n\
        Q: Which? {#one}\n- [ ] a\n- [x] b\n- [ ] c\n\nQ: Which? {#many}\n- [x] a\n- [x] b\n- [ ] c\n\n\
        Q: Order {#order .order}\n1. a\n2. b\n3. c\n4. d\n\nQ: How long? {#typed}\nA= 2 min | 120 s ± 5 %\n\n\
        Q: List {#list}\nA:\n- p\n- q\n";

    fn ask(id: &str, seed: u64) -> Ask {
        let file = scan("a.md", DECK).file;
        Parsed::new(&file, DECK).ask(id, &State::default(), seed).unwrap()
    }

    #[test]
    fn every_kind_hides_its_answer() {
        let plain = ask("plain", 1);
        assert_eq!((plain.prompt.as_str(), plain.answer.as_str(), plain.hints.len()), ("Plain?", "Yes.", 2));
        let cloze = ask("cloze/2", 1);
        assert_eq!((cloze.prompt.as_str(), cloze.answer.as_str()), ("A first and `code` […].", "second"));
        assert!(ask("pair/term", 1).prompt.contains("Its meaning.") && ask("pair/term", 1).answer == "Term");
        assert_eq!(ask("pair/definition", 1).answer, "Its meaning.");
        assert_eq!(ask("list", 1).form, Form::Points(vec!["p".into(), "q".into()]));
        let Form::Typed { accepted, tolerance } = ask("typed", 1).form else { panic!() };
        assert_eq!((accepted.len(), tolerance.as_deref()), (2, Some("5 %")));
        assert!(matches!(ask("many", 1).form, Form::Choice { several: true, .. }));
    }

    #[test]
    fn shuffles_keep_what_is_right() {
        let mut places = [0; 3];
        for seed in 0..60 {
            let Form::Choice { options, several } = ask("one", seed).form else { panic!() };
            assert!(!several && options.len() == 3);
            let at = options.iter().position(|(text, right)| *right && text == "b").unwrap();
            places[at] += 1;
            let Form::Order { steps, right } = ask("order", seed).form else { panic!() };
            let told: Vec<&str> = right.iter().map(|place| steps[*place].as_str()).collect();
            assert_eq!(told, ["a", "b", "c", "d"]);
            assert_ne!(right, [0, 1, 2, 3]);
            assert_eq!(ask("one", seed), ask("one", seed));
        }
        assert!(places.iter().all(|count| *count > 8), "{places:?}");
    }

    #[test]
    fn cells_offer_their_column_first_and_are_recalled_later() {
        let text = "# L\n\n| | x | y |\n|-|-|-|\n| a | 1 | 2 |\n| b | 3 | 4 |\n| c | 5 | 6 |\n| d | 5 | 7 |\n\n\
            ```toml table\nid = \"t\"\nnoun = \"letter\"\nname_from = [\"y\"]\n```\n";
        let file = scan("l.md", text).file;
        let parsed = Parsed::new(&file, text);
        let new = parsed.ask("t/a/x", &State::default(), 3).unwrap();
        let Form::Choice { options, .. } = &new.form else { panic!() };
        assert_eq!(options.len(), 3);
        assert_eq!(options.iter().filter(|(text, right)| *right && text == "1").count(), 1);
        // With the answer it is told whose cells the others are.
        let told: Vec<(&str, &str)> =
            options.iter().zip(&new.others).map(|((text, _), other)| (text.as_str(), other.as_str())).collect();
        assert!(told.contains(&("1", "")) && told.contains(&("3", "b")) && told.contains(&("5", "c, d")), "{told:?}");
        let known = State { phase: Phase::Review, ..State::default() };
        let later = parsed.ask("t/a/x", &known, 3).unwrap();
        assert_eq!((later.form, later.answer.as_str()), (Form::Recall, "1"));
        let name = parsed.ask("t/b/y/name", &known, 3).unwrap();
        let Form::Choice { options, .. } = &name.form else { panic!() };
        assert!(options.contains(&("b".to_owned(), true)) && options.len() == 4);
        let at = options.iter().position(|(text, _)| text == "c").unwrap();
        assert_eq!(name.others[at], "6");
        assert_eq!(parsed.ask("t/a/z", &known, 3), None);
        // What was skipped fits more than one prompt, so it is not offered either.
        let text = text.replace("name_from", "skip = [\"b / y\"]\nname_from");
        let parsed = Parsed::new(&scan("l.md", &text).file, &text);
        let Form::Choice { options, .. } = parsed.ask("t/a/y", &State::default(), 3).unwrap().form else { panic!() };
        let mut offered: Vec<&str> = options.iter().map(|(text, _)| text.as_str()).collect();
        offered.sort_unstable();
        assert_eq!(offered, ["2", "6", "7"]);
    }
}
