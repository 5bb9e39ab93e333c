//! Notes of Anki: fields of HTML which templates make cards of. The same for its text files and its packages.

pub mod template;
pub mod text;

use template::{Template, both_ways, faces};

use super::deck::{asked, settle};
use super::html::{CLOSE, OPEN, cloze, cloze_html, escape, html, markdown, plain_cloze, unescape};
use super::id::{Names, from_guid, from_words, origin};
use super::note::{Said, hear, lines, say, whole};
use super::{Card, Haul, Shape};
use crate::content::card::gaps;

/// What notes are called that this program writes.
pub const BASIC: &str = "inservice";
pub const BOTH: &str = "inservice both ways";
pub const CLOZE: &str = "inservice cloze";

/// The fields of our own notes. The last holds the card in our format where the others do not say all of it.
pub const FIELDS: [&str; 4] = ["Front", "Back", "Extra", "Card"];
pub const CLOZE_FIELDS: [&str; 3] = ["Text", "Extra", "Card"];

#[derive(Clone, Debug, Default)]
pub struct Note {
    pub guid: String,
    /// What its kind is called.
    pub kind: String,
    pub cloze: bool,
    /// Names and HTML.
    pub fields: Vec<(String, String)>,
    pub templates: Vec<Template>,
    pub tags: Vec<String>,
    /// Which of its cards are there; `None`: all.
    pub there: Option<Vec<u32>>,
}

/// What a note may hold at most, in bytes.
const LONGEST: usize = 200 << 10;

/// A card with the numbers that its faces have as cards of Anki.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub card: Card,
    pub items: Vec<(u32, String)>,
    /// What the item is called here whose history the note carries, where that is another name.
    pub origin: Option<String>,
}

impl Made {
    /// The item whose history the card with a number carries, and that of the card itself.
    #[must_use]
    pub fn item(&self, ord: u32) -> Option<(String, &str)> {
        let (_, item) = self.items.iter().find(|(known, _)| *known == ord)?;
        let kept = self.origin.as_ref().map_or_else(|| item.clone(), |origin| item.replacen(&self.card.id, origin, 1));
        Some((kept, item))
    }
}

/// What Anki's HTML makes of texts.
fn through(gapped: bool) -> impl Fn(Said) -> Said {
    let md = |text: &str| markdown(&html(text)).text;
    move |said| Said {
        front: if gapped { cloze(&cloze_html(&said.front)).text } else { md(&said.front) },
        back: md(&said.back),
        extra: md(&said.extra),
    }
}

/// A card as a note: its kind and its fields.
#[must_use]
pub fn note(card: &Card) -> (&'static str, Vec<String>) {
    let said = say(card);
    let gapped = card.shape == Shape::Cloze;
    let both = matches!(card.shape, Shape::Pair { .. });
    let kept = escape(&lines(card, both, through(gapped)));
    if gapped {
        return (CLOZE, vec![numbered(&cloze_html(&said.front)), html(&said.extra), kept]);
    }
    let kind = if both { BOTH } else { BASIC };
    (kind, vec![html(&said.front), html(&said.back), html(&said.extra), kept])
}

/// HTML with marked gaps as Anki writes it: `{{c1::…}}`.
fn numbered(marked: &str) -> String {
    let mut out = String::new();
    let mut n = 0;
    for piece in marked.split(OPEN) {
        let Some((gap, behind)) = piece.split_once(CLOSE) else {
            out.push_str(piece);
            continue;
        };
        n += 1;
        // Colons and braces of the gap itself end nothing when a comment stands between them.
        let mut gap = gap.replace("::", ":<!-- -->:").replace("}}", "}<!-- -->}");
        if gap.ends_with('}') {
            gap.push_str("<!-- -->");
        }
        out.push_str(&format!("{{{{c{n}::{gap}}}}}{behind}"));
    }
    out
}

/// A sentence with the gaps of Anki: the HTML with marks, the number of each gap, and the hints.
#[derive(Debug, Default, PartialEq)]
struct Gapped {
    html: String,
    numbers: Vec<u32>,
    hints: Vec<String>,
    /// Gaps inside of gaps, which are not asked.
    inner: usize,
}

/// Finds the gaps of a field.
fn gapped(field: &str) -> Gapped {
    let mut out = Gapped::default();
    // What is open: its number, and what it holds so far.
    let mut open: Vec<(u32, String)> = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        let begins = rest.strip_prefix("{{c").and_then(|after| {
            let behind = after.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = after.strip_suffix(behind)?.parse::<u32>().ok().filter(|n| (1..=500).contains(n))?;
            Some((number, behind.strip_prefix("::")?))
        });
        if let Some((number, behind)) = begins {
            open.push((number, String::new()));
            rest = behind;
        } else if let (Some(behind), false) = (rest.strip_prefix("}}"), open.is_empty()) {
            rest = behind;
            let Some((number, text)) = open.pop() else { continue };
            let (words, hint) =
                text.split_once("::").map_or((text.as_str(), None), |(words, hint)| (words, Some(hint)));
            if let Some((_, outer)) = open.last_mut() {
                out.inner += 1;
                outer.push_str(words);
            } else {
                out.html.push(OPEN);
                out.html.push_str(words);
                out.html.push(CLOSE);
                out.numbers.push(number);
                out.hints.extend(hint.map(|hint| markdown(hint).text));
            }
        } else {
            let c = rest.chars().next().unwrap_or(' ');
            let text = open.last_mut().map_or(&mut out.html, |(_, text)| text);
            if ![OPEN, CLOSE].contains(&c) {
                text.push(c);
            }
            rest = rest.get(c.len_utf8()..).unwrap_or("");
        }
    }
    // What never closes is text.
    for (number, text) in open {
        out.html.push_str(&format!("{{{{c{number}::{text}"));
    }
    out
}

impl Note {
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, html)| html)
    }

    /// Whether this program wrote the note.
    fn ours(&self) -> bool {
        self.kind.starts_with(BASIC) && self.fields.iter().any(|(name, _)| name == "Card")
    }

    fn id(&self, front: &str, names: &mut Names) -> String {
        names.take(&if self.guid.trim().is_empty() { from_words(front) } else { from_guid(self.guid.trim()) })
    }

    fn has(&self, ord: u32) -> bool {
        self.there.as_ref().is_none_or(|there| there.contains(&ord))
    }

    /// The cards of the note. What is left out is told to the haul.
    pub fn cards(&self, names: &mut Names, haul: &mut Haul) -> Vec<Made> {
        if self.fields.iter().any(|(_, html)| html.contains("image-occlusion:")) {
            haul.leave("notes that hide parts of a picture");
            return Vec::new();
        }
        if self.fields.iter().map(|(_, html)| html.len()).sum::<usize>() > LONGEST {
            haul.leave("notes of more than 200 kB, which are no cards");
            return Vec::new();
        }
        let mut made = if self.cloze { self.gaps(names, haul) } else { self.sides(names, haul) };
        let origin = origin(self.guid.trim()).filter(|_| self.ours());
        for made in &mut made {
            made.origin = origin.filter(|origin| from_guid(origin) == made.card.id).map(str::to_owned);
        }
        made
    }

    fn gaps(&self, names: &mut Names, haul: &mut Haul) -> Vec<Made> {
        let Some((at, found)) = self
            .fields
            .iter()
            .enumerate()
            .map(|(at, (_, html))| (at, gapped(html)))
            .find(|(_, found)| !found.numbers.is_empty())
        else {
            haul.leave("cloze notes without a gap");
            return Vec::new();
        };
        let front = cloze(&found.html);
        count(haul, front.pictures, front.sounds);
        let id = self.id(&front.text, names);
        let card = if self.ours() {
            let extra = markdown(self.field("Extra")).text;
            let said = Said { front: front.text, back: String::new(), extra };
            whole(&id, &self.tags, &said, false, &unescape(self.field("Card")), through(true))
        } else {
            let others: Vec<&str> =
                self.fields.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, (_, html))| html.as_str()).collect();
            let extra = markdown(&others.join("<p>"));
            count(haul, extra.pictures, extra.sounds);
            let hints = if found.numbers.len() == 1 { found.hints.clone() } else { Vec::new() };
            let of = |front: String| {
                let said = Said { front, back: String::new(), extra: extra.text.clone() };
                let card = hear(&id, &self.tags, &said, false).filter(|card| card.shape == Shape::Cloze)?;
                settle(Card { hints: hints.clone(), ..card })
                    .filter(|card| gaps(&card.prompt).len() == found.numbers.len())
            };
            of(front.text).or_else(|| of(plain_cloze(&found.html)))
        };
        let Some(card) = card else {
            haul.leave("cloze notes that cannot be written as a card");
            return Vec::new();
        };
        let mut items: Vec<(u32, String)> = Vec::new();
        for (number, face) in found.numbers.iter().zip(asked(&card)) {
            if items.iter().any(|(known, _)| *known == number - 1) {
                haul.leave("gaps that Anki hides together: here each is asked alone");
            } else {
                items.push((number - 1, face.id));
            }
        }
        for _ in 0..found.inner {
            haul.leave("gaps inside of gaps");
        }
        vec![Made { card, items, origin: None }]
    }

    fn sides(&self, names: &mut Names, haul: &mut Haul) -> Vec<Made> {
        if self.ours() {
            let text = |name: &str| markdown(self.field(name)).text;
            let said = Said { front: text("Front"), back: text("Back"), extra: text("Extra") };
            let both = self.kind.starts_with(BOTH);
            let id = self.id(&said.front, names);
            let card = whole(&id, &self.tags, &said, both, &unescape(self.field("Card")), through(false));
            let Some(card) = card else {
                haul.leave("notes without a question or an answer");
                return Vec::new();
            };
            return vec![made(card)];
        }
        let told = faces(self, |ord| self.has(ord));
        let mut sides: Vec<(u32, Said)> = Vec::new();
        for (ord, front, back) in told {
            let (front, back) = (markdown(&front), markdown(&back));
            count(haul, front.pictures + back.pictures, front.sounds + back.sounds);
            if front.text.is_empty() || back.text.is_empty() {
                haul.leave("cards without a question or an answer");
            } else {
                sides.push((ord, Said { front: front.text, back: back.text, extra: String::new() }));
            }
        }
        let Some((_, first)) = sides.first() else { return Vec::new() };
        let base = self.id(&first.front.clone(), names);
        if both_ways(&sides)
            && let Some(card) = hear(&base, &self.tags, first, true)
        {
            return vec![made(card)];
        }
        let alone = sides.len() == 1;
        let mut out = Vec::new();
        for (ord, said) in &sides {
            let id = if alone { base.clone() } else { names.take(&format!("{base}-{}", ord + 1)) };
            match hear(&id, &self.tags, said, false) {
                Some(card) => {
                    let items = asked(&card).into_iter().map(|face| (*ord, face.id)).take(1).collect();
                    out.push(Made { card, items, origin: None });
                }
                None => haul.leave("notes that cannot be written as a card"),
            }
        }
        out
    }
}

/// A card of our own note with the numbers of its faces.
#[must_use]
pub fn made(card: Card) -> Made {
    let mut faces = asked(&card);
    // The first card of a pair asks its front, which is the term.
    if matches!(card.shape, Shape::Pair { .. }) {
        faces.reverse();
    }
    let items = (0..).zip(faces).map(|(ord, face)| (ord, face.id)).collect();
    Made { card, items, origin: None }
}

fn count(haul: &mut Haul, pictures: usize, sounds: usize) {
    for _ in 0..pictures {
        haul.leave("pictures, which are named where they stood");
    }
    for _ in 0..sounds {
        haul.leave("sounds");
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::transfer::deck::tests::any_card;
    use proptest::prelude::*;

    /// A note as it would be read back.
    pub fn read_back(card: &Card) -> Note {
        let (kind, fields) = note(card);
        let names: &[&str] = if kind == CLOZE { &CLOZE_FIELDS } else { &FIELDS };
        Note {
            guid: crate::transfer::id::to_guid(&card.id),
            kind: kind.to_owned(),
            cloze: kind == CLOZE,
            fields: names.iter().map(|name| (*name).to_owned()).zip(fields).collect(),
            tags: card.tags.clone(),
            ..Note::default()
        }
    }

    fn foreign(cloze: bool, fields: &[&str]) -> Note {
        Note {
            guid: "x".to_owned(),
            kind: "Basic".to_owned(),
            cloze,
            fields: (1..).zip(fields).map(|(n, html)| (format!("F{n}"), (*html).to_owned())).collect(),
            ..Note::default()
        }
    }

    fn cards(note: &Note) -> (Vec<Made>, Haul) {
        let mut haul = Haul::default();
        let made = note.cards(&mut Names::default(), &mut haul);
        (made, haul)
    }

    #[test]
    fn gaps_are_found_with_their_numbers() {
        let (made, haul) = cards(&foreign(
            true,
            &["The {{c1::sky::colour}} is {{c2::<b>blue</b>}} and {{c1::big {{c3::very}}}} [x].", "Back extra"],
        ));
        let made = &made[0];
        assert_eq!(made.card.prompt, "The [sky] is [**blue**] and [big very] \\[x\\].");
        assert_eq!(made.card.why.as_deref(), Some("Back extra"));
        assert_eq!(made.items, [(0, "x/1".to_owned()), (1, "x/2".to_owned())]);
        assert_eq!(haul.left.len(), 2, "{:?}", haul.left);
        let (one, _) = cards(&foreign(true, &["A {{c4::gap::help}}."]));
        assert_eq!((one[0].card.hints.clone(), one[0].items.clone()), (vec!["help".into()], vec![(3, "x".into())]));
        for broken in ["no gap", "{{c1::open", "}} {{c0::x}}", "{{c1::}}"] {
            assert_eq!(cards(&foreign(true, &[broken])).0, [], "{broken}");
        }
        assert_eq!(
            gapped(&numbered("a \u{e000}b::c}}\u{e001} d")).html,
            "a \u{e000}b:<!-- -->:c}<!-- -->}<!-- -->\u{e001} d"
        );
    }

    #[test]
    fn notes_without_templates_have_two_sides() {
        let (made, _) = cards(&foreign(false, &["<b>Q</b>", "A", "", "more"]));
        assert_eq!(made[0].card.prompt, "**Q**");
        assert_eq!(made[0].card.shape, Shape::Answer { answer: "A\n\nmore".into() });
        let (none, haul) = cards(&foreign(false, &["only"]));
        assert!(none.is_empty() && haul.left.contains_key("cards without a question or an answer"));
        let hidden = foreign(true, &["{{c1::image-occlusion:rect:left=.1}}"]);
        assert!(cards(&hidden).1.left.contains_key("notes that hide parts of a picture"));
    }

    proptest! {
        #[test]
        fn our_own_notes_are_a_fixed_point(card in any_card()) {
            let Some(card) = settle(card) else { return Ok(()) };
            let (made, haul) = cards(&read_back(&card));
            prop_assert!(haul.left.is_empty(), "{:?}", haul.left);
            prop_assert_eq!(&made[0].card, &card);
            prop_assert_eq!(made[0].items.len(), asked(&card).len());
        }

        #[test]
        fn foreign_notes_settle_at_once(front in "([a-z <>&;:{}*\\[\\]]|<b>|</b>|<br>|\\{\\{c1::|\\}\\}){1,20}", cloze in any::<bool>()) {
            let (made, _) = cards(&foreign(cloze, &[&front, "an <i>answer</i>"]));
            for made in made {
                let (again, _) = cards(&read_back(&made.card));
                prop_assert_eq!(&again[0].card, &made.card);
            }
        }
    }
}
