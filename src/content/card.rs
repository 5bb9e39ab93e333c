//! Flashcards: lines with tags in the first column, as hashcards made common.

mod parts;

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::doc::Span;
use super::front::is_id;
use crate::problem::Flaw;
use crate::text::clean;
use parts::Parts;

/// A card as written; what is asked of it are its [`faces`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub id: String,
    /// Whether the author gave the id; else it is made of the text.
    pub named: bool,
    pub tags: Vec<String>,
    pub deck: Option<usize>,
    pub span: Span,
    pub prompt: Field,
    pub kind: CardKind,
    pub why: Option<Field>,
    pub confused: Option<Field>,
    pub hints: Vec<Field>,
    pub sources: Vec<Field>,
}

/// A piece of Markdown inside a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    pub text: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardKind {
    Answer(Field),
    /// An answer whose points are ticked one by one.
    List(Vec<Field>),
    /// A term (the prompt) and its definition: asked in both directions.
    Pair(Field),
    /// The prompt has gaps: bytes inside of its text, without the brackets.
    Cloze(Vec<Span>),
    Choice {
        options: Vec<Choice>,
        comment: Option<Field>,
    },
    Order(Vec<Field>),
    /// A typed answer: alternatives, and how far a number may be off.
    Typed {
        accepted: Vec<String>,
        tolerance: Option<String>,
        comment: Option<Field>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub text: Field,
    pub right: bool,
}

/// A group of cards under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deck {
    pub id: Option<String>,
    pub title: String,
    pub tags: Vec<String>,
    pub span: Span,
}

/// What a file of cards holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards {
    pub cards: Vec<Card>,
    pub decks: Vec<Deck>,
    pub flaws: Vec<Flaw>,
}

/// One thing asked of a card: the id its history is kept under, and words that tell it from others in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub id: String,
    pub title: String,
}

const TAGS: [&str; 9] = ["Q:", "A:", "C:", "T:", "D:", "W:", "X:", "H:", "S:"];
const TYPED: &str = "A=";

/// The tag that a line begins with.
fn tag(line: &str) -> Option<&'static str> {
    TAGS.into_iter().chain([TYPED]).find(|tag| line.starts_with(tag))
}

/// Whether a line begins a card, which is how a file without a header shows that it holds cards.
#[must_use]
pub fn begins(line: &str) -> bool {
    ["Q:", "C:", "T:"].into_iter().any(|tag| line.starts_with(tag))
}

/// A card whose lines are still being gathered.
struct Draft {
    start: usize,
    parts: Vec<(&'static str, Field)>,
}

/// Parses the cards of a file from `start` on. `headed` files must name every card.
#[must_use]
pub fn cards(text: &str, start: usize, headed: bool) -> Cards {
    let mut out = Cards::default();
    let mut draft: Option<Draft> = None;
    let mut fence: Option<&str> = None;
    let mut at = start;
    for line in text.get(start..).unwrap_or("").split_inclusive('\n') {
        let span = at..at + line.len();
        at = span.end;
        let bare = line.trim_end();
        if fence.is_some() || bare.trim_start().starts_with("```") || bare.trim_start().starts_with("~~~") {
            let mark = bare.trim_start().get(..3).unwrap_or("");
            fence = match fence {
                Some(open) if mark == open && bare.trim_start().trim_matches(['`', '~']).is_empty() => None,
                Some(open) => Some(open),
                None => Some(if mark == "```" { "```" } else { "~~~" }),
            };
        } else if let Some(tag) = tag(bare) {
            if begins(bare) {
                finish(draft.take(), &mut out, headed);
                draft = Some(Draft { start: span.start, parts: Vec::new() });
            }
            if let Some(draft) = &mut draft {
                let body = line.get(tag.len()..).unwrap_or("").to_owned();
                draft.parts.push((tag, Field { text: body, span: span.start + tag.len()..span.end }));
            } else {
                let what = format!("`{tag}` stands outside of a card.");
                out.flaws.push(Flaw::error(
                    "stray-line",
                    trimmed(&span, line),
                    what,
                    "Begin the card with `Q:`, `C:` or `T:`.",
                ));
            }
            continue;
        } else if bare.starts_with('#') && bare.trim_start_matches('#').starts_with(' ') {
            finish(draft.take(), &mut out, headed);
            deck(bare, &span, &mut out);
            continue;
        } else if bare == "---" {
            finish(draft.take(), &mut out, headed);
            continue;
        }
        match draft.as_mut().and_then(|draft| draft.parts.last_mut()) {
            Some((_, field)) => {
                field.text.push_str(line);
                field.span.end = span.end;
            }
            None if bare.is_empty() => {}
            // Words before the first card introduce the file; behind a card they are a slip.
            None if out.cards.is_empty() => {}
            None => out.flaws.push(Flaw::warning(
                "stray-line",
                trimmed(&span, line),
                "This line belongs to no card.",
                "Begin a card with `Q:`, `C:` or `T:`, or make it a heading.",
            )),
        }
    }
    finish(draft.take(), &mut out, headed);
    out
}

fn trimmed(span: &Span, line: &str) -> Span {
    span.start..span.start + line.trim_end().len()
}

fn deck(line: &str, span: &Span, out: &mut Cards) {
    let (title, attributes) = attributes(line.trim_start_matches('#').trim());
    out.decks.push(Deck {
        id: attributes.id,
        title: clean(title).into_owned(),
        tags: attributes.classes,
        span: trimmed(span, line),
    });
}

#[derive(Default)]
struct Attributes {
    id: Option<String>,
    classes: Vec<String>,
}

/// Takes a trailing `{#id .class}` off a line.
fn attributes(line: &str) -> (&str, Attributes) {
    let mut found = Attributes::default();
    let Some((before, inside)) = line.trim_end().strip_suffix('}').and_then(|rest| rest.rsplit_once('{')) else {
        return (line, found);
    };
    if inside.trim().is_empty() || !inside.split_whitespace().all(|word| word.starts_with(['#', '.'])) {
        return (line, found);
    }
    for word in inside.split_whitespace() {
        if let Some(id) = word.strip_prefix('#') {
            found.id = Some(id.to_owned());
        } else if let Some(class) = word.strip_prefix('.') {
            found.classes.push(class.to_owned());
        }
    }
    (before.trim_end(), found)
}

fn finish(draft: Option<Draft>, out: &mut Cards, headed: bool) {
    let Some(Draft { start, parts }) = draft else { return };
    let Some(((first, prompt), rest)) = parts.split_first() else { return };
    let end = parts.last().map_or(start, |(_, field)| field.span.start + field.text.trim_end().len());
    let line_end = prompt.text.find('\n').unwrap_or(prompt.text.len());
    let (head, tail) = prompt.text.split_at_checked(line_end).unwrap_or((&prompt.text, ""));
    let (head, attributes) = attributes(head);
    let whole = format!("{head}{tail}");
    let mut draft = Parts { prompt: field(&whole, prompt.span.start), ..Parts::default() };
    for (tag, part) in rest {
        draft.take(tag, field(&part.text, part.span.start), &mut out.flaws);
    }
    let order = attributes.classes.iter().any(|class| class == "order");
    let span = start..end.max(start);
    let Some(kind) = draft.kind(first, order, &span, &mut out.flaws) else { return };
    let id = attributes.id.clone().unwrap_or_else(|| text_id(&draft.prompt.text, &kind));
    if let Some(id) = &attributes.id
        && !is_id(id)
    {
        let what = format!("`{id}` cannot be an id.");
        out.flaws.push(Flaw::error("bad-id", span.clone(), what, "Use lower-case letters, digits and dashes."));
    }
    if headed && attributes.id.is_none() {
        let hint =
            "Add one behind the first line, such as `{#spot-notice}`: it keeps the card's history through edits.";
        out.flaws.push(Flaw::warning("no-id", span.start..prompt.span.start + line_end, "The card has no id.", hint));
    }
    let mut tags: Vec<_> = attributes.classes.into_iter().filter(|class| class != "order").collect();
    tags.extend(out.decks.last().into_iter().flat_map(|deck| deck.tags.iter().cloned()));
    out.cards.push(Card {
        id,
        named: attributes.id.is_some(),
        tags,
        deck: out.decks.len().checked_sub(1),
        span,
        prompt: draft.prompt,
        kind,
        why: draft.why,
        confused: draft.confused,
        hints: draft.hints,
        sources: draft.sources,
    });
}

/// A field without the blank around it, and the bytes that it takes.
fn field(text: &str, at: usize) -> Field {
    let start = at + (text.len() - text.trim_start().len());
    let text = text.trim();
    Field { text: text.to_owned(), span: start..start + text.len() }
}

/// A card without an id is known by its words: case and spaces do not matter.
fn text_id(prompt: &str, kind: &CardKind) -> String {
    let mut hasher = SipHasher13::new();
    let mut write = |text: &str| {
        for word in text.split_whitespace() {
            hasher.write(word.to_lowercase().as_bytes());
            hasher.write_u8(b' ');
        }
        hasher.write_u8(0);
    };
    write(prompt);
    match kind {
        CardKind::Answer(answer) | CardKind::Pair(answer) => write(&answer.text),
        CardKind::List(points) | CardKind::Order(points) => points.iter().for_each(|point| write(&point.text)),
        CardKind::Choice { options, .. } => options.iter().for_each(|option| write(&option.text.text)),
        CardKind::Typed { accepted, .. } => accepted.iter().for_each(|answer| write(answer)),
        CardKind::Cloze(_) => {}
    }
    format!("~{:016x}", hasher.finish())
}

/// The gaps of a cloze text: brackets that are neither escaped nor part of a link, a picture or a code span.
#[must_use]
pub fn gaps(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let mut code = false;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '`' if open.is_none() => code = !code,
            '[' if !code && before != '!' && open.is_none() => open = Some(at + 1),
            ']' if !code => {
                if let Some(start) = open.take()
                    && chars.peek().is_none_or(|(_, next)| *next != '(')
                    && text.get(start..at).is_some_and(|gap| !gap.trim().is_empty())
                {
                    out.push(start..at);
                }
            }
            _ => {}
        }
        before = c;
    }
    out
}

/// What is asked of a card, each with the id that its history is kept under.
#[must_use]
pub fn faces(card: &Card) -> Vec<Face> {
    let title = |text: &str| clean(text.lines().next().unwrap_or("")).into_owned();
    match &card.kind {
        CardKind::Cloze(gaps) if gaps.len() > 1 => (1..=gaps.len())
            .map(|n| Face { id: format!("{}/{n}", card.id), title: hidden(card, gaps, n - 1) })
            .collect(),
        CardKind::Cloze(gaps) => vec![Face { id: card.id.clone(), title: hidden(card, gaps, 0) }],
        CardKind::Pair(definition) => vec![
            Face { id: format!("{}/term", card.id), title: title(&definition.text) },
            Face { id: format!("{}/definition", card.id), title: title(&card.prompt.text) },
        ],
        CardKind::Answer(_)
        | CardKind::List(_)
        | CardKind::Choice { .. }
        | CardKind::Order(_)
        | CardKind::Typed { .. } => {
            vec![Face { id: card.id.clone(), title: title(&card.prompt.text) }]
        }
    }
}

/// The cloze text with one gap hidden and the brackets of the others taken off.
#[must_use]
pub fn hidden(card: &Card, gaps: &[Span], asked: usize) -> String {
    let text = &card.prompt.text;
    let mut out = String::new();
    let mut at = 0;
    for (n, gap) in gaps.iter().enumerate() {
        out.push_str(text.get(at..gap.start - 1).unwrap_or(""));
        out.push_str(if n == asked { "[…]" } else { text.get(gap.clone()).unwrap_or("") });
        at = gap.end + 1;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    clean(&out.replace("\\[", "[").replace("\\]", "]")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Card {
        let mut parsed = cards(text, 0, false);
        assert_eq!(parsed.flaws, [], "{text}");
        assert_eq!(parsed.cards.len(), 1, "{text}");
        parsed.cards.remove(0)
    }

    #[test]
    fn every_kind_is_recognised() {
        let kind = |text: &str| match one(text).kind {
            CardKind::Answer(_) => "answer",
            CardKind::List(_) => "list",
            CardKind::Pair(_) => "pair",
            CardKind::Cloze(_) => "cloze",
            CardKind::Choice { options, .. } if options.iter().filter(|option| option.right).count() == 1 => "single",
            CardKind::Choice { .. } => "multiple",
            CardKind::Order(_) => "order",
            CardKind::Typed { .. } => "typed",
        };
        let cases = [
            ("Q: a\nA: b\n", "answer"),
            ("Q: a\nA:\n- b\n- c\n", "list"),
            ("Q: a\nA: see\n- b\n- c\n", "answer"),
            ("T: a\nD: b\n", "pair"),
            ("C: a [b] c\n", "cloze"),
            ("Q: a\n- [ ] b\n- [x] c\n", "single"),
            ("Q: a\n- [x] b\n- [x] c\nA: comment\n", "multiple"),
            ("Q: a {#o .order}\n1. b\n2. c\n", "order"),
            ("Q: a\nA= 2 min | 120 s\n", "typed"),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn fields_keep_their_text_and_their_place() {
        let text = "Q: How long? {#notice .spot}\nA: Two minutes.\nW: Best\n  effort.\nX: The other.\nH: one\nH: two\n";
        let card = one(text);
        assert_eq!((card.id.as_str(), card.named, &card.tags[..]), ("notice", true, &["spot".to_owned()][..]));
        assert_eq!(card.prompt.text, "How long?");
        let CardKind::Answer(answer) = card.kind else { panic!("an answer") };
        assert_eq!(&text[answer.span], "Two minutes.");
        assert_eq!(card.why.unwrap().text, "Best\n  effort.");
        assert_eq!(card.hints.len(), 2);
        assert_eq!(&text[card.span], text.trim_end());
    }

    #[test]
    fn code_in_an_answer_is_not_read_for_tags() {
        let card = one("Q: a\nA:\n```\nQ: not a card\n---\n```\n");
        let CardKind::Answer(answer) = card.kind else { panic!("an answer") };
        assert!(answer.text.contains("Q: not a card"));
    }

    #[test]
    fn gaps_are_brackets_that_nothing_else_claims() {
        let gaps_of = |text: &str| gaps(text).into_iter().map(|gap| text[gap].to_owned()).collect::<Vec<_>>();
        assert_eq!(gaps_of("a [b] and [c d]"), ["b", "c d"]);
        assert_eq!(gaps_of("[link](x) ![pic](y) \\[no\\] `a[0]` [yes]"), ["yes"]);
        assert_eq!(gaps_of("[] unclosed [x"), [""; 0]);
        let card = one("C: a [b] and [c]. {#g}\n");
        let faces: Vec<_> = faces(&card).into_iter().map(|face| (face.id, face.title)).collect();
        assert_eq!(faces, [("g/1".into(), "a […] and c.".into()), ("g/2".into(), "a b and […].".into())]);
    }

    #[test]
    fn a_card_without_an_id_is_known_by_its_words() {
        assert_eq!(one("Q: a  b\nA: c\n").id, one("Q: A b\n\nA: C\n").id);
        assert_ne!(one("Q: a b\nA: c\n").id, one("Q: a b\nA: d\n").id);
    }

    #[test]
    fn slips_are_told() {
        let code = |text: &str| cards(text, 0, true).flaws.first().map(|flaw| flaw.code);
        let cases = [
            ("Q: a {#x}\n", Some("no-answer")),
            ("T: a {#x}\n", Some("no-answer")),
            ("C: no gap {#x}\n", Some("no-gap")),
            ("Q: {#x}\nA: b\n", Some("empty-card")),
            ("Q: a {#x}\nA: b\nA: c\n", Some("double-field")),
            ("Q: a {#x}\n- [ ] b\n- [ ] c\n", Some("no-answer")),
            ("A: b\n", Some("stray-line")),
            ("Q: a\nA: b\n", Some("no-id")),
            ("Q: a {#X}\nA: b\n", Some("bad-id")),
            ("Q: a {#x}\nA: b\n\n---\nstray\n", Some("stray-line")),
            ("# Deck {#d}\n\nQ: a {#x}\nA: b\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }
}
