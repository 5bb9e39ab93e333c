//! A card as a front and a back, which is all that most other programs know, and back to what it was.

use super::deck::{only_lines, settle, write};
use super::{Card, Shape};
use crate::content::card::gaps;

/// What a card says in other programs, in Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub front: String,
    pub back: String,
    /// What is told with the answer.
    pub extra: String,
}

fn list(texts: impl IntoIterator<Item = String>, numbered: bool) -> String {
    let mut out = String::new();
    for (n, text) in texts.into_iter().enumerate() {
        let mark = if numbered { format!("{}. ", n + 1) } else { "- ".to_owned() };
        for (line, words) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            let indent = if line == 0 { mark.clone() } else { " ".repeat(mark.len()) };
            out.push_str(&format!("{indent}{}\n", words.trim()));
        }
    }
    out.trim_end().to_owned()
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// A card as front and back.
#[must_use]
pub fn say(card: &Card) -> Said {
    let comment = |comment: &Option<String>| comment.clone().unwrap_or_default();
    let (front, back) = match &card.shape {
        Shape::Answer { answer } => (card.prompt.clone(), answer.clone()),
        Shape::List { points } => (card.prompt.clone(), list(points.clone(), false)),
        Shape::Pair { definition } => (card.prompt.clone(), definition.clone()),
        Shape::Cloze => (card.prompt.clone(), String::new()),
        Shape::Choice { options, comment: words } => {
            let all = list(options.iter().map(|option| option.text.clone()), false);
            let right: Vec<String> =
                options.iter().filter(|option| option.right).map(|option| option.text.clone()).collect();
            let right = if right.len() > 1 { list(right, false) } else { right.concat() };
            (joined(&[&card.prompt, &all]), joined(&[&right, &comment(words)]))
        }
        Shape::Order { steps } => {
            let mut shown = steps.clone();
            shown.sort();
            (joined(&[&card.prompt, &list(shown, false)]), list(steps.clone(), true))
        }
        Shape::Typed { accepted, tolerance, comment: words } => {
            let mut answer = accepted.join(" | ");
            if let Some(tolerance) = tolerance {
                answer.push_str(&format!(" ± {tolerance}"));
            }
            (card.prompt.clone(), joined(&[&answer, &comment(words)]))
        }
    };
    let confused = card.confused.as_ref().map(|text| format!("Not to be confused with: {text}")).unwrap_or_default();
    let sources = card.sources.join("\n\n");
    let extra = joined(&[card.why.as_deref().unwrap_or(""), &confused, &sources]);
    Said { front: front.trim().to_owned(), back: back.trim().to_owned(), extra: extra.trim().to_owned() }
}

/// The card that a front and a back are. `both`: it is asked in both directions.
#[must_use]
pub fn hear(id: &str, tags: &[String], said: &Said, both: bool) -> Option<Card> {
    let shape = if both {
        Shape::Pair { definition: said.back.clone() }
    } else if said.back.trim().is_empty() && !gaps(&said.front).is_empty() {
        Shape::Cloze
    } else {
        Shape::Answer { answer: said.back.clone() }
    };
    let why = Some(said.extra.clone()).filter(|extra| !extra.trim().is_empty());
    let card =
        Card { id: id.to_owned(), tags: tags.to_vec(), prompt: said.front.clone(), shape, why, ..Card::default() };
    settle(card)
}

/// The lines of a card in our own format, where front and back alone would not give it back.
/// `through` is what the other program makes of the texts.
#[must_use]
pub fn lines(card: &Card, both: bool, through: impl Fn(Said) -> Said) -> String {
    let back = hear(&card.id, &card.tags, &through(say(card)), both);
    if back.as_ref() == Some(card) { String::new() } else { write(card) }
}

/// The card of a front, a back and such lines. Lines count only as long as front and back are theirs: who changed them
/// elsewhere meant it.
#[must_use]
pub fn whole(
    id: &str,
    tags: &[String],
    said: &Said,
    both: bool,
    lines: &str,
    through: impl Fn(Said) -> Said,
) -> Option<Card> {
    let kept = only_lines(lines).map(|card| Card { id: id.to_owned(), tags: tags.to_vec(), ..card });
    let kept = kept.and_then(settle).filter(|card| through(say(card)) == *said);
    kept.or_else(|| hear(id, tags, said, both))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::deck::tests::any_card;
    use crate::transfer::html::{html, markdown};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_card_comes_back_as_it_was(card in any_card()) {
            let Some(card) = settle(card) else { return Ok(()) };
            let same = |said: Said| said;
            let lines = lines(&card, false, same);
            prop_assert_eq!(whole(&card.id, &card.tags, &say(&card), false, &lines, same), Some(card));
        }

        #[test]
        fn and_so_it_does_through_html(card in any_card()) {
            let Some(card) = settle(card) else { return Ok(()) };
            let md = |text: &str| markdown(&html(text)).text;
            let through = |said: Said| Said { front: md(&said.front), back: md(&said.back), extra: md(&said.extra) };
            let lines = lines(&card, false, through);
            prop_assert_eq!(whole(&card.id, &card.tags, &through(say(&card)), false, &lines, through), Some(card));
        }
    }
}
