//! Cards as the lines of our own format, which hashcards made common, and back.

use super::id::{Names, from_words};
use super::{Card, Choice, Deck, Haul, Setting, Shape, tag, tame};
use crate::content::card::{self, CardKind, Cards, Field, begins, cards, faces};
use crate::content::front::{Header, fences, is_id, read as read_header};
use crate::problem::Severity;

const TAGS: [&str; 10] = ["Q:", "A:", "C:", "T:", "D:", "W:", "X:", "H:", "S:", "A="];

/// What a card may take at most, in bytes, and how many gaps it may have: more is no card but a mistake, or worse.
const LONGEST: usize = 200 << 10;
const GAPS: usize = 200;

/// Makes a Markdown text stand inside of a field: no line of it begins a card, a deck or a field, and every fence is
/// closed. What it says stays the same.
#[must_use]
pub fn guard(text: &str) -> String {
    let text = tame(text);
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<String> = None;
    for line in text.trim().lines() {
        let bare = line.trim_end();
        let start = bare.trim_start();
        let mark: String = start.chars().take(3).collect();
        if let Some(open) = &fence {
            if *open == mark && start.trim_matches(['`', '~']).is_empty() {
                fence = None;
            }
            out.push_str(bare);
        } else if mark == "```" && start.trim_start_matches('`').contains('`') {
            // A code span of many marks, which looks like a fence to a reader of lines.
            out.push_str(&bare.replace('`', "\\`"));
        } else if mark == "```" || mark == "~~~" {
            fence = Some(mark);
            out.push_str(bare);
        } else if TAGS.iter().any(|tag| bare.starts_with(tag)) {
            let (letter, rest) = bare.split_at_checked(1).unwrap_or((bare, ""));
            out.push_str(&format!("{letter}\\{rest}"));
        } else if (bare.starts_with('#') && bare.trim_start_matches('#').starts_with(' ')) || bare == "---" {
            out.push('\\');
            out.push_str(bare);
        } else {
            out.push_str(bare);
        }
        out.push('\n');
    }
    if let Some(open) = fence {
        out.push_str(&open);
    }
    out.trim().to_owned()
}

/// Whether a field must begin on a line of its own to be read as what it is.
fn block(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    let digits = first.trim_start_matches(|c: char| c.is_ascii_digit());
    ["```", "~~~", "- ", "* ", "+ ", "> ", "|"].iter().any(|start| first.starts_with(start))
        || (digits.len() < first.len() && digits.starts_with(". "))
}

fn field(out: &mut String, tag: &str, text: &str) {
    let text = guard(text);
    let between = if block(&text) { "\n" } else { " " };
    out.push_str(&format!("{tag}{between}{text}\n"));
}

/// A field for each text that there is.
fn fields<'a>(out: &mut String, tag: &str, texts: impl IntoIterator<Item = &'a String>) {
    for text in texts {
        field(out, tag, text);
    }
}

/// One item of a list of a card: what goes on below it is indented.
fn item(out: &mut String, start: &str, text: &str) {
    let text = guard(text);
    // A fence is one only at the beginning of a line.
    let text = if text.starts_with("```") || text.starts_with("~~~") {
        out.push_str(&format!("{start}\n"));
        format!("  {text}")
    } else {
        text
    };
    let start = if text.starts_with("  ") { "" } else { start };
    for (n, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let indent = if n == 0 { start } else { "  " };
        let indent = if n > 0 && line.starts_with("  ") { "" } else { indent };
        out.push_str(&format!("{indent}{line}\n"));
    }
}

/// A card as its lines.
#[must_use]
pub fn write(card: &Card) -> String {
    let mut out = String::new();
    let mut braces = format!("{{#{}", card.id);
    for tag in card.tags.iter().filter_map(|text| tag(text)) {
        braces.push_str(&format!(" .{tag}"));
    }
    if matches!(card.shape, Shape::Order { .. }) {
        braces.push_str(" .order");
    }
    braces.push('}');
    let first = match card.shape {
        Shape::Cloze => "C:",
        Shape::Pair { .. } => "T:",
        _ => "Q:",
    };
    let prompt = guard(&card.prompt);
    let (head, tail) = prompt.split_once('\n').map_or((prompt.as_str(), ""), |(head, tail)| (head, tail));
    if block(&prompt) || head.is_empty() {
        out.push_str(&format!("{first} {braces}\n"));
        if !prompt.is_empty() {
            out.push_str(&format!("{prompt}\n"));
        }
    } else {
        out.push_str(&format!("{first} {head} {braces}\n"));
        if !tail.is_empty() {
            out.push_str(&format!("{tail}\n"));
        }
    }
    match &card.shape {
        Shape::Cloze => {}
        Shape::Answer { answer } => field(&mut out, "A:", answer),
        Shape::Pair { definition } => field(&mut out, "D:", definition),
        Shape::List { points } => {
            out.push_str("A:\n");
            for point in points {
                item(&mut out, "- ", point);
            }
        }
        Shape::Choice { options, comment } => {
            for option in options {
                item(&mut out, if option.right { "- [x] " } else { "- [ ] " }, &option.text);
            }
            fields(&mut out, "A:", comment);
        }
        Shape::Order { steps } => {
            steps.iter().zip(1..).for_each(|(step, n)| item(&mut out, &format!("{n}. "), step));
        }
        Shape::Typed { accepted, tolerance, comment } => {
            let mut typed = accepted.join(" | ");
            if let Some(tolerance) = tolerance {
                typed.push_str(&format!(" ± {tolerance}"));
            }
            field(&mut out, "A=", &typed);
            fields(&mut out, "A:", comment);
        }
    }
    fields(&mut out, "W:", &card.why);
    fields(&mut out, "X:", &card.confused);
    fields(&mut out, "H:", &card.hints);
    fields(&mut out, "S:", &card.sources);
    out
}

fn texts(fields: Vec<Field>) -> Vec<String> {
    fields.into_iter().map(|field| field.text).collect()
}

/// A card as the format reads it, without its place.
#[must_use]
pub fn bare(card: card::Card) -> Card {
    let text = |field: Option<Field>| field.map(|field| field.text);
    let shape = match card.kind {
        CardKind::Answer(answer) => Shape::Answer { answer: answer.text },
        CardKind::List(points) => Shape::List { points: texts(points) },
        CardKind::Pair(definition) => Shape::Pair { definition: definition.text },
        CardKind::Cloze(_) => Shape::Cloze,
        CardKind::Choice { options, comment } => Shape::Choice {
            options: options.into_iter().map(|one| Choice { text: one.text.text, right: one.right }).collect(),
            comment: text(comment),
        },
        CardKind::Order(steps) => Shape::Order { steps: texts(steps) },
        CardKind::Typed { accepted, tolerance, comment } => {
            Shape::Typed { accepted, tolerance, comment: text(comment) }
        }
    };
    Card {
        id: card.id,
        tags: card.tags,
        prompt: card.prompt.text,
        shape,
        why: text(card.why),
        confused: text(card.confused),
        hints: texts(card.hints),
        sources: texts(card.sources),
    }
}

/// The one card that some lines hold, if they hold nothing else and are without a mistake.
fn only(text: &str) -> Option<card::Card> {
    let Cards { mut cards, decks, flaws } = cards(text, 0, true);
    let sound = decks.is_empty() && flaws.iter().all(|flaw| flaw.severity == Severity::Warning);
    if sound && cards.len() == 1 { cards.pop() } else { None }
}

/// The card as it will be read back once it is written: whatever comes in, this comes out the same again and again.
/// `None` when no such card can be written.
#[must_use]
pub fn settle(mut card: Card) -> Option<Card> {
    if !is_id(&card.id) {
        return None;
    }
    for _ in 0..4 {
        let text = write(&card);
        if text.len() > LONGEST {
            return None;
        }
        let again = only(&text)?;
        if matches!(&again.kind, CardKind::Cloze(gaps) if gaps.len() > GAPS) {
            return None;
        }
        let again = bare(again);
        if again.id != card.id {
            return None;
        }
        if again == card {
            return Some(card);
        }
        card = again;
    }
    None
}

/// The card of some lines that hold one card and nothing else.
#[must_use]
pub fn only_lines(text: &str) -> Option<Card> {
    only(&tame(text)).map(bare)
}

/// What is asked of a card: ids, and the words of each.
#[must_use]
pub fn asked(card: &Card) -> Vec<card::Face> {
    only(&write(card)).map(|card| faces(&card)).unwrap_or_default()
}

/// Reads a deck of hashcards or of our own.
#[must_use]
pub fn read(text: &str, setting: &Setting<'_>) -> Haul {
    let text = tame(text);
    let mut haul = Haul::default();
    let found = fences(&text);
    let toml = found.as_ref().and_then(|found| text.get(found.toml.clone())).unwrap_or("");
    let header: Header = read_header(toml, 0, &mut Vec::new());
    let own = header.title.or(header.name);
    let parsed = cards(&text, found.map_or(0, |found| found.body), false);
    let mut names: Names = parsed.cards.iter().filter(|card| card.named).map(|card| card.id.clone()).collect();
    let mut seen = Names::default();
    for flaw in parsed.flaws.iter().filter(|flaw| flaw.severity == Severity::Error) {
        haul.leave(&format!("cards with a mistake: {}", flaw.what));
    }
    for card in parsed.cards {
        let heading = card.deck.and_then(|at| parsed.decks.get(at)).map(|deck| deck.title.clone());
        let title = own.clone().or(heading).unwrap_or_else(|| setting.title.to_owned());
        let named = card.named && seen.take(&card.id) == card.id;
        let mut card = bare(card);
        if !named {
            card.id = names.take(&from_words(&card.prompt));
        }
        card.tags.extend(header.tags.iter().cloned());
        match settle(card) {
            Some(card) => haul.put(&title, card),
            None => haul.leave("cards that cannot be written as one"),
        }
    }
    haul
}

/// Writes all cards as a file of their own, which says what the deck is called.
#[must_use]
pub fn file(decks: &[Deck]) -> String {
    let name = match decks {
        [deck] => format!("---\nname = {}\n---\n\n", quoted(&deck.title)),
        _ => String::new(),
    };
    format!("{name}{}", print(decks))
}

/// A string of TOML.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Writes cards behind each other, a heading for each title.
#[must_use]
pub fn print(decks: &[Deck]) -> String {
    let mut out = String::new();
    for deck in decks {
        if decks.len() > 1 {
            out.push_str(&format!("# {}\n\n", deck.title));
        }
        for card in &deck.cards {
            out.push_str(&write(card));
            out.push('\n');
        }
    }
    out
}

/// Whether a text looks like a deck of this format.
#[must_use]
pub fn looks(text: &str) -> bool {
    text.lines().any(begins)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn setting() -> Setting<'static> {
        Setting { title: "notes", moment: &|at| crate::study::day::Moment { at, offset: 3600 } }
    }

    /// Lines that want to be something else.
    pub fn nasty() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            4 => "[a-z *_`~#|\\[\\]\\\\!<>&:=.0-9-]{0,14}",
            2 => "\\PC{0,8}",
            1 => prop::sample::select(vec![
                "Q: x", "A: y", "A= 3 ± 1", "---", "# head", "```", "~~~", "- [ ] a", "- [x] b", "1. one", "- point",
                "{#id}", "{.order}", "> quote", "| a | b |", "", "    code", "\u{1b}[31m", "W:", "[gap]", "```x```",
            ]).prop_map(str::to_owned),
        ];
        prop::collection::vec(line, 0..5).prop_map(|lines| lines.join("\n"))
    }

    pub fn any_card() -> impl Strategy<Value = Card> {
        let shape = prop_oneof![
            3 => nasty().prop_map(|answer| Shape::Answer { answer }),
            1 => nasty().prop_map(|definition| Shape::Pair { definition }),
            1 => Just(Shape::Cloze),
            1 => prop::collection::vec(nasty(), 1..4).prop_map(|points| Shape::List { points }),
            1 => prop::collection::vec(nasty(), 1..4).prop_map(|steps| Shape::Order { steps }),
            1 => (prop::collection::vec((nasty(), any::<bool>()), 1..4), prop::option::of(nasty())).prop_map(
                |(options, comment)| Shape::Choice {
                    options: options.into_iter().map(|(text, right)| Choice { text, right }).collect(),
                    comment
                }
            ),
            1 => (prop::collection::vec("[a-z0-9 ]{1,6}", 1..3), prop::option::of("[0-9]{1,2} %"), prop::option::of(nasty()))
                .prop_map(|(accepted, tolerance, comment)| Shape::Typed { accepted, tolerance, comment }),
        ];
        let more = (prop::option::of(nasty()), prop::option::of(nasty()), prop::collection::vec(nasty(), 0..2));
        ("[a-z]{1,6}(-[a-z0-9]{1,4})?", prop::collection::vec("\\PC{0,6}", 0..3), nasty(), shape, more).prop_map(
            |(id, tags, prompt, shape, (why, confused, hints))| Card {
                id,
                tags,
                prompt,
                shape,
                why,
                confused,
                hints,
                sources: Vec::new(),
            },
        )
    }

    #[test]
    fn every_kind_is_written_as_it_is_read() {
        let text = "Q: Plain? {#plain .a}\nA: Yes.\nW: Because.\nX: No.\nH: one\nH: two\nS: https://a.org/b\n\n\
            T: Term {#pair}\nD: Its meaning.\n\nC: A [first] and `code` [second]. {#cloze}\n\n\
            Q: Which? {#one}\n- [ ] a\n- [x] b\n\nQ: Order {#order .order}\n1. a\n2. b\n\n\
            Q: How long? {#typed}\nA= 2 min | 120 s ± 5 %\nA: Said.\n\nQ: List {#list}\nA:\n- p\n- q\n\n\
            Q: Code {#code}\nA:\n```\nQ: x\n---\n```\n\n";
        let haul = read(text, &setting());
        assert!(haul.left.is_empty(), "{:?}", haul.left);
        assert_eq!(haul.cards(), 8);
        assert_eq!(print(&haul.decks), text);
    }

    #[test]
    fn decks_of_hashcards_are_read_as_they_are() {
        let text = "---\nname = \"Medicine\"\n---\n\nC: The mitochondria is the [powerhouse] of the cell.\n\n---\n\n\
            Q: List the PGM minerals.\nA:\n\n- ruthenium\n- rhodium\n\nC:\nBetter is the sight\nof the eyes.\n\n\
            — [Ecclesiastes] [6]:[9]\n\nQ: What does this show?\n\n![diagram](images/d.png)\n\nA: A neuron.\n\n\
            Q: What is the inverse?\nA:\n\n$$\n\\begin{pmatrix}\na & b \\\\\n\\end{pmatrix}^{-1}\n$$\n";
        let haul = read(text, &setting());
        assert!(haul.left.is_empty(), "{:?}", haul.left);
        assert_eq!((haul.decks.len(), haul.decks[0].title.as_str(), haul.cards()), (1, "Medicine", 5));
        let cards = &haul.decks[0].cards;
        assert_eq!(asked(&cards[2]).len(), 3);
        assert_eq!(cards[1].shape, Shape::List { points: vec!["ruthenium".into(), "rhodium".into()] });
        let Shape::Answer { answer } = &cards[4].shape else { panic!() };
        assert_eq!(answer, "$$\n\\begin{pmatrix}\na & b \\\\\n\\end{pmatrix}^{-1}\n$$");
    }

    #[test]
    fn what_would_break_the_deck_is_escaped() {
        let cases = [
            ("Q: x", "Q\\: x"),
            ("a\nA= 3", "a\nA\\= 3"),
            ("# Head", "\\# Head"),
            ("a\n---\nb", "a\n\\---\nb"),
            ("```\nopen", "```\nopen\n```"),
            ("```a```", "\\`\\`\\`a\\`\\`\\`"),
        ];
        for (text, expected) in cases {
            assert_eq!(guard(text), expected);
        }
    }

    proptest! {
        #[test]
        fn guarding_twice_changes_nothing(text in nasty()) {
            let once = guard(&text);
            prop_assert_eq!(guard(&once), once);
        }

        #[test]
        fn decks_are_a_fixed_point(cards in prop::collection::vec(any_card(), 1..5)) {
            let mut names = Names::default();
            let mut haul = Haul::default();
            for card in cards {
                let id = names.take(&card.id);
                if let Some(card) = settle(Card { id, ..card }) {
                    haul.put("notes", card);
                }
            }
            let again = read(&print(&haul.decks), &setting());
            prop_assert_eq!(&again.decks, &haul.decks);
        }
    }
}
