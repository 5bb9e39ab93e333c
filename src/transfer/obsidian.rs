//! Cards of Obsidian's Spaced Repetition plugin, with the schedules that it writes behind them as comments.

use super::deck::{asked, settle};
use super::id::{Names, from_words};
use super::schedule::{noon, of_ease, seed};
use super::{Card, Haul, Setting, Shape, tame};
use crate::study::day::parse;

/// A schedule of one card.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    due: i64,
    days: f32,
    memory: (f32, f32),
}

/// The schedules of a comment such as `<!--SR:!2026-12-01,12,250!fsrs,2026-…,8,8.3,5.1,2,…-->`, one for each card, and
/// the text without the comment.
fn comment(text: &str) -> (String, Vec<Option<Plan>>) {
    let mut out = String::new();
    let mut plans = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--SR:") {
        out.push_str(before.trim_end_matches(' '));
        let (inside, behind) = after.split_once("-->").unwrap_or((after, ""));
        plans.extend(inside.split('!').skip(1).map(plan));
        rest = behind;
    }
    out.push_str(rest);
    (out, plans)
}

fn plan(text: &str) -> Option<Plan> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let day = |text: &str| parse(text.get(..10)?);
    let number = |text: &str| text.parse::<f32>().ok().filter(|number| number.is_finite());
    match *parts.as_slice() {
        // Due, interval, stability, difficulty, state, answers, lapses, steps, last answer.
        ["fsrs", due, days, stability, difficulty, state, ..] => {
            let memory = (number(stability)?.clamp(0.001, 36_500.0), number(difficulty)?.clamp(1.0, 10.0));
            (state != "0").then_some(Plan { due: day(due)?, days: number(days)?, memory })
        }
        [due, days, ease, ..] => {
            let (due, days, ease) = (day(due)?, number(days)?, number(ease)?);
            // The plugin writes this date for a card that was never asked.
            (due > 10_957).then_some(Plan { due, days, memory: of_ease(ease / 100.0, days) })
        }
        _ => None,
    }
}

/// Whether a word is a tag that assigns cards to a deck, and the name of the deck.
fn deck(word: &str) -> Option<String> {
    let path = word.strip_prefix('#')?;
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    ["flashcards", "flashcard", "cards"].contains(&first).then(|| rest.split('/').collect::<Vec<_>>().join("::"))
}

/// Takes the deck tags off the start of a line.
fn tagged(line: &str) -> (Option<String>, &str) {
    let mut found = None;
    let mut rest = line.trim_start();
    while let Some(name) = rest.split_whitespace().next().filter(|word| deck(word).is_some()) {
        if found.is_none() {
            found = deck(name);
        }
        rest = rest.get(name.len()..).unwrap_or("").trim_start();
    }
    if found.is_some() { (found, rest) } else { (None, line) }
}

/// Splits at a separator that stands in no code span and in no link.
fn split<'a>(line: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut code = false;
    for (at, c) in line.char_indices() {
        if c == '`' {
            code = !code;
        } else if !code && line.get(at..).is_some_and(|rest| rest.starts_with(mark)) {
            let (left, right) = (line.get(..at)?, line.get(at + mark.len()..)?);
            return Some((left.trim(), right.trim())).filter(|(left, right)| !left.is_empty() && !right.is_empty());
        }
    }
    None
}

/// Links between notes are their words here; pictures are named.
fn unlinked(text: &str, pictures: &mut usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((inside, behind)) = after.split_once("]]").filter(|(inside, _)| !inside.contains('\n')) else { break };
        let (target, words) = inside.split_once('|').unwrap_or((inside, inside));
        if let Some(before) = before.strip_suffix('!') {
            *pictures += 1;
            out.push_str(&format!("{before}(picture {target})"));
        } else {
            out.push_str(before);
            out.push_str(words.trim_start_matches('#'));
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A sentence with `==gaps==` as one with brackets; `None` without a gap.
fn cloze(text: &str) -> Option<(String, Vec<String>)> {
    let mut out = String::new();
    let mut hints = Vec::new();
    let mut gaps = 0;
    let mut code = false;
    let mut chars = text.char_indices().peekable();
    let mut until = 0;
    while let Some((at, c)) = chars.next() {
        if at < until {
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        if c == '`' {
            code = !code;
        }
        let gap = rest
            .strip_prefix("==")
            .filter(|after| !code && !after.starts_with(char::is_whitespace) && !after.starts_with('='))
            .and_then(|after| after.split_once("=="))
            .map(|(inside, _)| inside)
            .filter(|inside| !inside.trim().is_empty() && !inside.contains("\n\n"));
        if let Some(inside) = gap {
            until = at + inside.len() + 4;
            // `==2;;words;;hint==` numbers the gap and helps with it.
            let mut parts: Vec<&str> = inside.split(";;").collect();
            if parts.len() > 1 && parts.first().is_some_and(|n| n.parse::<u32>().is_ok()) {
                parts.remove(0);
            }
            let words = parts.first().unwrap_or(&"").trim();
            hints.extend(parts.get(1).map(|hint| (*hint).to_owned()));
            if out.ends_with('!') {
                out.pop();
                out.push_str("\\!");
            }
            let inside = words.replace('[', "\\[").replace(']', "\\]");
            out.push_str(&format!("[{inside}]"));
            if text.get(until..).is_some_and(|behind| behind.starts_with('(')) {
                out.push('\\');
            }
            gaps += 1;
            continue;
        }
        // Other brackets are no gaps, unless they are links.
        if "[]".contains(c) && !code {
            out.push('\\');
        }
        out.push(c);
        if c == '\\'
            && let Some((_, next)) = chars.next_if(|(_, next)| !"[]".contains(*next))
        {
            out.push(next);
        }
    }
    (gaps > 0).then_some((out, hints))
}

struct Reader<'a> {
    haul: Haul,
    names: Names,
    setting: &'a Setting<'a>,
    deck: String,
    pictures: usize,
}

impl Reader<'_> {
    /// The deck that a tag names; that of the note where it names none.
    fn title(&self, tag: Option<String>) -> String {
        tag.map_or_else(|| self.deck.clone(), |name| if name.is_empty() { self.setting.title.to_owned() } else { name })
    }

    fn card(&mut self, title: &str, prompt: &str, shape: Shape, hints: Vec<String>, plans: &[Option<Plan>]) {
        // Either a bullet of a list or a quote may be a card.
        let prompt = if shape == Shape::Cloze { prompt } else { prompt.trim_start_matches(['-', '*', '>', ' ']) };
        let id = self.names.take(&from_words(prompt));
        let settled = settle(Card { id, prompt: prompt.to_owned(), shape, hints, ..Card::default() });
        let Some(card) = settled else {
            self.haul.leave("cards that cannot be written as one");
            return;
        };
        let mut faces = asked(&card);
        if matches!(card.shape, Shape::Pair { .. }) {
            // The plugin asks the left side first.
            faces.reverse();
        }
        for (face, plan) in faces.iter().zip(plans) {
            if let Some(plan) = plan {
                let before = crate::study::whole(f64::from(plan.days).clamp(0.0, 36_500.0)).max(0);
                let when = noon(plan.due - before, self.setting.moment);
                self.haul.reviews.push(seed(&face.id, plan.memory, plan.due, when));
            }
        }
        if plans.iter().flatten().count() > faces.len() {
            self.haul.leave("schedules without a card");
        }
        self.haul.put(title, card);
    }

    /// A paragraph: lines without a blank one between them.
    fn paragraph(&mut self, lines: &[&str]) {
        let text = lines.join("\n");
        let (text, plans) = comment(&text);
        let text = unlinked(&text, &mut self.pictures);
        let text = text.trim();
        for (mark, both) in [("??", true), ("?", false)] {
            let middle = text.lines().position(|line| line.trim() == mark);
            if let Some(at) = middle {
                let left: Vec<&str> = text.lines().take(at).collect();
                let right: Vec<&str> = text.lines().skip(at + 1).collect();
                let (tag, first) = tagged(left.first().unwrap_or(&""));
                let title = self.title(tag);
                let rest = left.iter().skip(1).copied();
                let (left, right) =
                    (std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n"), right.join("\n"));
                if left.trim().is_empty() || right.trim().is_empty() {
                    self.haul.leave("cards with nothing on one side");
                    return;
                }
                let shape = if both { Shape::Pair { definition: right } } else { Shape::Answer { answer: right } };
                self.card(&title, left.trim(), shape, Vec::new(), &plans);
                return;
            }
        }
        // Single lines; a comment belongs to the card before it.
        let mut plain: Vec<&str> = Vec::new();
        let mut any = false;
        let mut fenced = false;
        for (n, line) in lines.iter().enumerate() {
            let mark = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            fenced ^= mark;
            if fenced || mark {
                plain.push(line);
                continue;
            }
            let (bare, mut plans) = comment(line);
            if let Some(next) = lines.get(n + 1).filter(|next| next.trim_start().starts_with("<!--SR:")) {
                plans.extend(comment(next).1);
            }
            let bare = unlinked(&bare, &mut 0);
            let (tag, rest) = tagged(&bare);
            if tag.is_some() && rest.is_empty() {
                self.deck = self.title(tag);
                continue;
            }
            let title = self.title(tag);
            if let Some((left, right)) = split(rest, ":::") {
                let shape = Shape::Pair { definition: right.to_owned() };
                self.card(&title, left, shape, Vec::new(), &plans);
            } else if let Some((left, right)) = split(rest, "::") {
                let shape = Shape::Answer { answer: right.to_owned() };
                self.card(&title, left, shape, Vec::new(), &plans);
            } else {
                plain.push(line);
                continue;
            }
            any = true;
        }
        if any {
            return;
        }
        let (text, plans) = comment(&plain.join("\n"));
        let text = unlinked(&text, &mut 0);
        let (tag, rest) = tagged(&text);
        let title = self.title(tag);
        if let Some((prompt, hints)) = cloze(rest.trim()) {
            // With several gaps a hint for one would give others away.
            let hints = if prompt.matches('[').count() > 1 { Vec::new() } else { hints };
            self.card(&title, &prompt, Shape::Cloze, hints, &plans);
        } else if !plans.is_empty() {
            self.haul.leave("schedules without a card");
        }
    }
}

/// Reads a note.
#[must_use]
pub fn read(text: &str, setting: &Setting<'_>) -> Haul {
    let text = tame(text);
    let mut body = text.as_str();
    let mut haul = Haul::default();
    let mut own = None;
    if let Some(front) = body.strip_prefix("---\n")
        && let Some((head, rest)) = front.split_once("\n---\n").or_else(|| front.split_once("\n---"))
    {
        body = rest;
        if head.lines().any(|line| line.starts_with("sr-due:")) {
            haul.leave("schedules of whole notes");
        }
        let words = head.split(|c: char| c.is_whitespace() || "[],\"'".contains(c));
        own =
            words.filter(|word| !word.is_empty()).find_map(|word| deck(&format!("#{}", word.trim_start_matches('#'))));
    }
    let deck = own.filter(|name| !name.is_empty()).unwrap_or_else(|| setting.title.to_owned());
    let mut reader = Reader { haul, names: Names::default(), setting, deck, pictures: 0 };
    let mut lines: Vec<&str> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) => fence = Some(mark),
            _ => {}
        }
        let heading = start.starts_with('#') && start.trim_start_matches('#').starts_with(' ');
        if fence.is_none() && mark.is_none() && (line.trim().is_empty() || heading) {
            reader.paragraph(&std::mem::take(&mut lines));
        } else {
            lines.push(line);
        }
    }
    reader.paragraph(&lines);
    let pictures = reader.pictures;
    let mut haul = reader.haul;
    for _ in 0..pictures {
        haul.leave("pictures, which are named where they stood");
    }
    haul
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::day::iso;
    use crate::study::review::Act;
    use crate::transfer::deck::tests::setting;
    use proptest::prelude::*;

    fn of(text: &str) -> Haul {
        read(text, &setting())
    }

    #[test]
    fn every_kind_of_card_is_read() {
        let text = "---\ntags: [flashcards/aws/ec2, other]\n---\n# Heading\n\nHow long?::Two minutes. <!--SR:!2026-12-01,12,250-->\n\
            - Hund:::dog\n<!--SR:!2026-12-01,4,270!2026-12-03,6,250-->\n\n\
            Several\nlines\n?\nOn both\n\n- sides\n\nBack\n??\nand forth\n<!--SR:!2000-01-01,1,250!2026-11-30,3,230-->\n\n\
            The ==sky== is ==1;;blue;;colour== [not a gap], see [[Note|this]].\n<!--SR:!2026-12-01,1,250-->\n\n\
            #flashcards/other One::`a::b` two\n\n#flashcards/third\nThird::3\n\nIn `a::b` no card.\n\n```\nno::card\n```\n";
        let haul = of(text);
        let decks: Vec<(&str, usize)> = haul.decks.iter().map(|deck| (deck.title.as_str(), deck.cards.len())).collect();
        assert_eq!(decks, [("aws::ec2", 5), ("other", 1), ("third", 1)]);
        let cards = &haul.decks[0].cards;
        assert_eq!(cards[0].shape, Shape::Answer { answer: "Two minutes.".into() });
        assert_eq!((cards[1].prompt.as_str(), &cards[1].shape), ("Hund", &Shape::Pair { definition: "dog".into() }));
        assert_eq!(cards[2].prompt, "Several\nlines");
        assert_eq!(cards[4].prompt, "The [sky] is [blue] \\[not a gap\\], see this.");
        assert_eq!(haul.decks[1].cards[0].shape, Shape::Answer { answer: "`a::b` two".into() });
        let rows: Vec<String> = haul
            .reviews
            .iter()
            .map(|row| {
                let Act::Seed { due, .. } = row.act else { panic!() };
                let end = row.item.split_once('/').map_or("", |(_, end)| end);
                format!("{} {} {end}", iso(row.when.day()), iso(due))
            })
            .collect();
        let expected = [
            "2026-11-19 2026-12-01 ",
            "2026-11-27 2026-12-01 definition",
            "2026-11-27 2026-12-03 term",
            "2026-11-27 2026-11-30 term",
            "2026-11-30 2026-12-01 1",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn schedules_of_fsrs_are_read_too() {
        let text = "Q one::A\n<!--SR:!fsrs,2027-05-12T10:13:49.801Z,332,332.25,1.5,2,7,0,0,2026-06-14T10:13:49.801Z-->\n\
            Two::B <!--SR:!fsrs,2026-10-29T00:00:00.000Z,8,8.3,1,0,0,0,0-->\n";
        let haul = of(text);
        assert_eq!((haul.cards(), haul.reviews.len()), (2, 1));
        let Act::Seed { stability, difficulty, due } = haul.reviews[0].act else { panic!() };
        assert_eq!((stability, difficulty, iso(due).as_str()), (332.25, 1.5, "2027-05-12"));
        assert_eq!(iso(haul.reviews[0].when.day()), "2026-06-14");
    }

    #[test]
    fn what_is_left_out_is_told() {
        let haul = of("---\nsr-due: 2026-12-01\n---\nA picture::![[x.png]]\n\nNo card\n<!--SR:!2026-12-01,12,250-->\n");
        let left: Vec<&str> = haul.left.keys().map(String::as_str).collect();
        assert_eq!(
            left,
            ["pictures, which are named where they stood", "schedules of whole notes", "schedules without a card"]
        );
    }

    proptest! {
        #[test]
        fn any_note_is_read_the_same_twice(text in "(\\PC|\n|::|==|\\?\n|`|\\[|<!--SR:!2026-12-01,3,250-->){0,60}") {
            let haul = of(&text);
            prop_assert_eq!(of(&text), haul.clone());
            // And its cards are a fixed point of our own format.
            let again = crate::transfer::deck::read(&crate::transfer::deck::print(&haul.decks), &setting());
            prop_assert_eq!(again.cards(), haul.cards());
        }
    }
}
