//! Anki's text files: rows of fields behind lines that begin with `#` and say how to read them.

use std::collections::BTreeMap;

use csv::{QuoteStyle, ReaderBuilder, WriterBuilder};

use super::{CLOZE, CLOZE_FIELDS, FIELDS, Note, note};
use crate::problem::Problem;
use crate::transfer::html::escape;
use crate::transfer::id::{Names, to_guid};
use crate::transfer::table::delimiter;
use crate::transfer::{Deck, Haul, Setting, refused, tags, tame};

/// What the lines at the beginning say.
#[derive(Default)]
struct Head {
    separator: Option<u8>,
    html: Option<bool>,
    columns: Vec<String>,
    deck: String,
    kind: String,
    tags: String,
    guid_at: Option<usize>,
    kind_at: Option<usize>,
    deck_at: Option<usize>,
    tags_at: Option<usize>,
}

fn separator(value: &str) -> Option<u8> {
    match value.to_lowercase().as_str() {
        "tab" | "\\t" => Some(b'\t'),
        "comma" => Some(b','),
        "semicolon" => Some(b';'),
        "space" => Some(b' '),
        "pipe" => Some(b'|'),
        "colon" => Some(b':'),
        other => other.bytes().next().filter(|byte| other.len() == 1 && byte.is_ascii_punctuation()),
    }
}

/// Reads the lines at the beginning; gives where the rows begin.
fn head(text: &str) -> (Head, usize) {
    let mut head = Head::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let Some(inside) = line.strip_prefix('#') else { break };
        at += line.len();
        let Some((key, value)) = inside.trim_end_matches('\n').split_once(':') else { continue };
        let place = || value.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        match key.trim().to_lowercase().as_str() {
            "separator" => head.separator = separator(value).or_else(|| value.starts_with('\t').then_some(b'\t')),
            "html" => head.html = Some(value.trim().eq_ignore_ascii_case("true")),
            "columns" => {
                let mark = char::from(head.separator.unwrap_or(b'\t'));
                head.columns = value.split(mark).map(|name| name.trim().to_owned()).collect();
            }
            "deck" => value.trim().clone_into(&mut head.deck),
            "notetype" => value.trim().clone_into(&mut head.kind),
            "tags" => value.trim().clone_into(&mut head.tags),
            "guid column" => head.guid_at = place(),
            "notetype column" => head.kind_at = place(),
            "deck column" => head.deck_at = place(),
            "tags column" => head.tags_at = place(),
            _ => {}
        }
    }
    (head, at)
}

/// Whether texts look like HTML where the file does not say it.
fn marked_up(text: &str) -> bool {
    ["<br", "<b>", "<i>", "<div", "<img", "<p>", "<ul", "</", "&nbsp;", "&lt;", "&amp;", "&gt;"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// Whether the lines at the beginning are those of Anki.
#[must_use]
pub fn looks(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    ["#separator:", "#html:", "#columns:", "#notetype", "#deck", "#guid", "#tags"]
        .iter()
        .any(|key| first.starts_with(key))
}

/// Reads a text file of notes.
pub fn read(text: &str, setting: &Setting<'_>) -> Result<Haul, Box<Problem>> {
    let text = text.replace("\r\n", "\n");
    let (head, at) = head(&text);
    let body = text.get(at..).unwrap_or("");
    let mark = head.separator.unwrap_or_else(|| delimiter(body));
    let html = head.html.unwrap_or_else(|| marked_up(body));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .delimiter(mark)
        .from_reader(body.as_bytes());
    let mut haul = Haul::default();
    let mut names = Names::default();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|why| {
            let what = format!("Row {} cannot be read: {why}.", n + 1);
            refused(what, "Export the notes from Anki once more.")
        })?;
        let cell = |at: Option<usize>| tame(at.and_then(|at| record.get(at)).unwrap_or("")).trim().to_owned();
        let kind = head.kind_at.map_or_else(|| head.kind.clone(), |at| cell(Some(at)));
        let special = [head.guid_at, head.kind_at, head.deck_at, head.tags_at];
        // Anki puts the tags behind the fields where no line names their column.
        let named = |at: usize| head.columns.get(at).map(String::as_str);
        let tags_at = head.tags_at.or_else(|| head.columns.iter().position(|name| name.eq_ignore_ascii_case("tags")));
        let ours = kind.starts_with(super::BASIC);
        let own: &[&str] = if kind == CLOZE { &CLOZE_FIELDS } else { &FIELDS };
        let mut fields: Vec<(String, String)> = Vec::new();
        for (at, raw) in record.iter().enumerate() {
            if special.contains(&Some(at)) || tags_at == Some(at) {
                continue;
            }
            let name = if ours { own.get(fields.len()).copied() } else { named(at) };
            let name = name.map_or_else(|| format!("Field {}", fields.len() + 1), str::to_owned);
            let raw = tame(raw);
            fields.push((name, if html { raw } else { escape(&raw) }));
        }
        if fields.iter().all(|(_, html)| html.trim().is_empty()) {
            continue;
        }
        let deck = head.deck_at.map_or_else(|| head.deck.clone(), |at| cell(Some(at)));
        let gap = fields.iter().any(|(_, html)| html.contains("{{c1::"));
        let note = Note {
            guid: cell(head.guid_at),
            cloze: gap || kind.to_lowercase().contains("cloze"),
            kind,
            fields,
            tags: tags(&format!("{} {}", head.tags, cell(tags_at))),
            ..Note::default()
        };
        for made in note.cards(&mut names, &mut haul) {
            haul.put(if deck.is_empty() { setting.title } else { &deck }, made.card);
        }
    }
    Ok(haul)
}

/// Writes cards as a text file that Anki imports. `origins`: what cards are called here whose id is another.
#[must_use]
pub fn write(decks: &[Deck], origins: &BTreeMap<String, String>) -> String {
    let mut writer =
        WriterBuilder::new().delimiter(b'\t').quote_style(QuoteStyle::Always).flexible(true).from_writer(Vec::new());
    for deck in decks {
        for card in &deck.cards {
            let (kind, mut fields) = note(card);
            fields.resize(FIELDS.len(), String::new());
            let guid = origins.get(&card.id).cloned().unwrap_or_else(|| to_guid(&card.id));
            let start = [guid, kind.to_owned(), deck.title.clone(), card.tags.join(" ")];
            // Writing to memory does not fail.
            let _ = writer.write_record(start.iter().chain(&fields));
        }
    }
    let rows = writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let head = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:4\n";
    format!("{head}{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::deck::settle;
    use crate::transfer::deck::tests::{any_card, setting};
    use crate::transfer::{Card, Shape};
    use proptest::prelude::*;

    /// What Anki 26.09 wrote.
    const EXPORTED: &str = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:7\n\
        pX<z1?HC5D\tBasic\tAWS::EC2\tWhat is <b>EC2</b>?\tA <i>virtual</i> machine<br>in &lt;AWS&gt;\t\taws ec2::basics\n\
        m}?Vi`)>7a\tBasic (and reversed card)\tAWS::EC2\tHund\tdog\t\t\n\
        nnqx<k)Oj0\tCloze\tAWS\tThe {{c1::sky::colour}} is {{c2::blue}}.\textra\t\t\n\
        \"w9zfI1#.E5\"\tBasic (type in the answer)\tAWS\t2+2\t4\t\t\n\
        p02Ibl)d8V\tBasic\tAWS\t\"<img src=\"\"x.jpg\"\"> pic\"\t[sound:a.mp3]ans\t\t\n";

    #[test]
    fn what_anki_exports_is_read() {
        let haul = read(EXPORTED, &setting()).unwrap();
        let decks: Vec<(&str, usize)> = haul.decks.iter().map(|deck| (deck.title.as_str(), deck.cards.len())).collect();
        assert_eq!(decks, [("AWS::EC2", 2), ("AWS", 3)]);
        let cards = &haul.decks[0].cards;
        assert_eq!(
            (cards[0].prompt.as_str(), cards[0].tags.join(" ").as_str()),
            ("What is **EC2**?", "aws ec2::basics")
        );
        assert_eq!(cards[1].shape, Shape::Pair { definition: "dog".into() });
        assert_eq!(haul.decks[1].cards[0].prompt, "The [sky] is [blue].");
        assert_eq!(haul.left.len(), 2, "{:?}", haul.left);
        let again = read(&write(&haul.decks, &BTreeMap::new()), &setting()).unwrap();
        assert_eq!(again.decks, haul.decks);
    }

    #[test]
    fn heads_say_how_to_read() {
        let cases = [
            "Q & <x>\tA\n",
            "#html:false\n#separator:;\n\"Q & <x>\";A\n# a comment\n",
            "#separator:Comma\n#columns:Front,Back\n#tags:one two\n#deck:Deck\nQ &amp; &lt;x&gt;,A\n",
        ];
        for text in cases {
            let haul = read(text, &setting()).unwrap();
            let card = &haul.decks[0].cards[0];
            assert_eq!((haul.cards(), card.prompt.as_str()), (1, "Q & \\<x>"), "{text}");
        }
        let haul = read(cases[2], &setting()).unwrap();
        assert_eq!((haul.decks[0].title.as_str(), haul.decks[0].cards[0].tags.len()), ("Deck", 2));
    }

    proptest! {
        #[test]
        fn text_is_a_fixed_point(cards in prop::collection::vec(any_card(), 1..5)) {
            let mut names = Names::default();
            let mut haul = Haul::default();
            for card in cards {
                let id = names.take(&card.id);
                if let Some(card) = settle(Card { id, ..card }) {
                    haul.put("A::B", card);
                }
            }
            let again = read(&write(&haul.decks, &BTreeMap::new()), &setting()).unwrap();
            prop_assert_eq!(again.decks, haul.decks);
        }

        #[test]
        fn any_text_settles_at_once(text in "(\\PC|\n|\t|#|\"|<b>|\\{\\{c1::|\\}\\}){0,60}") {
            let Ok(first) = read(&text, &setting()) else { return Ok(()) };
            prop_assert_eq!(read(&write(&first.decks, &BTreeMap::new()), &setting()).unwrap().decks, first.decks);
        }
    }
}
