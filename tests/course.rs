//! The course as a whole: enough of everything, in balance, and nothing asked twice.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::collections::BTreeMap;

use inservice::content::card::{Card, CardKind, cards};
use inservice::content::chunk::Doc;
use inservice::content::doc::{Block, Body};
use inservice::content::front::Kind;
use inservice::content::library::Library;
use inservice::content::question::{Question, questions};
use inservice::content::scan::{File, What};
use inservice::content::table::{Table, tables};
use inservice::content::tree::{Tree, tree};
use inservice::course;
use inservice::study::ask::{Form, Parsed};
use inservice::study::mock::score::Sheet;
use inservice::study::schedule::State;

/// The trees that must be there, by the catalogue of the curriculum.
const CORE: [&str; 25] = [
    "which-compute",
    "instance-family",
    "price-instrument",
    "capacity-guarantee",
    "placement-group",
    "scaling-policy",
    "group-does-not-launch",
    "instances-replaced",
    "which-balancer",
    "unhealthy-targets",
    "alb-5xx",
    "ecs-access-denied",
    "ecs-capacity-choice",
    "ecs-task-pending",
    "ecs-task-stopped",
    "deployment-strategy",
    "eks-node-strategy",
    "pod-credentials",
    "pod-pending",
    "karpenter-stuck",
    "registry-control",
    "image-pull-failure",
    "graviton-migrate",
    "batch-or-what",
    "container-pattern",
];

struct Course {
    library: Library,
    texts: Vec<String>,
}

impl Course {
    fn new() -> Self {
        let library = course::library();
        let texts = library.files.iter().map(|file| course::text(&file.path).unwrap().into_owned()).collect();
        Self { library, texts }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = (&File, &str)> {
        self.library
            .files
            .iter()
            .zip(&self.texts)
            .filter(move |(file, _)| file.kind == kind)
            .map(|(f, t)| (f, t.as_str()))
    }

    fn blocks(file: &File, text: &str) -> Vec<Block> {
        let doc = Doc::new(text.to_owned(), file.body);
        (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect()
    }

    fn cards(&self) -> Vec<(String, Card)> {
        let of = |(file, text): (&File, &str)| {
            let path = file.path.clone();
            cards(text, file.body, true).cards.into_iter().map(move |card| (path.clone(), card)).collect::<Vec<_>>()
        };
        self.of(Kind::Cards).flat_map(of).collect()
    }

    fn tables(&self) -> Vec<Table> {
        self.library
            .files
            .iter()
            .zip(&self.texts)
            .filter(|(file, _)| file.kind != Kind::Cards)
            .flat_map(|(file, text)| tables(&Self::blocks(file, text), text, &mut Vec::new()))
            .collect()
    }

    fn trees(&self) -> Vec<(String, Tree)> {
        self.of(Kind::Tree)
            .map(|(file, text)| (file.id.clone(), tree(&Self::blocks(file, text), &mut Vec::new())))
            .collect()
    }

    fn questions(&self) -> Vec<Question> {
        let of = |(file, text): (&File, &str)| questions(&Self::blocks(file, text), false, &mut Vec::new());
        self.of(Kind::Questions).flat_map(of).collect()
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

fn plain(blocks: &[Block]) -> String {
    blocks.iter().flat_map(Block::runs).map(|run| run.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn there_is_enough_of_everything() {
    let course = Course::new();
    let counts = course.library.counts(course.library.files.iter());
    assert_eq!(course.library.modules.len(), 17, "sixteen modules and a capstone");
    assert!(counts.questions >= 144, "{counts:?}");
    assert!(counts.cards + counts.generated_cards >= 706 && counts.cards >= 313, "{counts:?}");
    assert!(counts.tables >= 49 && counts.situations >= 180 && counts.incidents >= 6, "{counts:?}");
    let ids: Vec<&str> = course.of(Kind::Tree).map(|(file, _)| file.id.as_str()).collect();
    for id in CORE {
        assert!(ids.contains(&id), "the tree `{id}` is missing: {ids:?}");
    }
}

#[test]
fn questions_are_balanced_by_level() {
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    let all = Course::new().questions();
    for question in &all {
        *levels.entry(question.level.unwrap().name()).or_default() += 1;
    }
    for (level, wanted) in [("L1", 17), ("L2", 33), ("L3", 31), ("L4", 18)] {
        let share = levels[level] * 100 / all.len();
        assert!(share.abs_diff(wanted) <= 6, "{level}: {share} % of {}", all.len());
    }
}

#[test]
fn every_leaf_is_reached_and_every_tree_has_a_near_miss() {
    for (id, tree) in Course::new().trees() {
        for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.leaf()) {
            let reached = tree.situations.iter().any(|situation| situation.answer == Some(at));
            assert!(reached, "{id}: no situation reaches `{}`", node.id);
        }
        assert!(tree.situations.iter().any(|situation| situation.pair.is_some()), "{id}");
        for situation in &tree.situations {
            let count = words(&plain(&situation.body));
            assert!((22..=66).contains(&count), "{id} {}: {count} words", situation.id);
            for clue in &situation.clues {
                assert!(words(&clue.text.plain()) <= 24, "{id} {}: {}", situation.id, clue.text.plain());
            }
        }
    }
}

/// A model answer must be worth what it teaches: it makes the points of its own rubric, and raises no red flag.
#[test]
fn model_answers_score_by_their_own_rubric() {
    for question in Course::new().questions() {
        for (name, blocks, least) in [("short", &question.short, 75), ("long", &question.long, 90)] {
            let sheet = Sheet::new(&question, &plain(blocks));
            let missed: Vec<String> = (question.rubric.iter().zip(&sheet.points))
                .filter(|(_, made)| !**made)
                .map(|(point, _)| point.text.plain())
                .collect();
            let raised: Vec<String> = (question.red_flags.iter().zip(&sheet.flags))
                .filter(|(_, raised)| **raised)
                .map(|(flag, _)| flag.text.plain())
                .collect();
            let sheet = Sheet { follow_ups: vec![true; question.follow_ups.len()], ..sheet };
            let share = sheet.score(&question).percent();
            let told = format!("{}, {name} answer: {share} %, missed {missed:?}, raised {raised:?}", question.id);
            assert!(share >= least && raised.is_empty(), "{told}");
        }
    }
}

/// An answer that says nothing makes few points, whatever big words it drops.
#[test]
fn an_empty_answer_scores_nothing() {
    const EMPTY: &str = "It depends on the workload and on the cost. I would look at the metrics and the logs first, talk to the \
        team, check the network, the instances, the tasks and the images, and choose the simplest service that scales. \
        Security and availability matter, so I would follow best practice, monitor everything and automate the rest.";
    for question in Course::new().questions() {
        let sheet = Sheet::new(&question, EMPTY);
        let made: Vec<String> = (question.rubric.iter().zip(&sheet.points))
            .filter(|(_, made)| **made)
            .map(|(point, _)| point.text.plain())
            .collect();
        let share = sheet.score(&question).percent();
        assert!(share <= 25, "{}: {share} % for {made:?}", question.id);
    }
}

#[test]
fn code_fits_a_page_of_eighty_columns() {
    let course = Course::new();
    for (file, text) in course.library.files.iter().zip(&course.texts).filter(|(file, _)| file.kind != Kind::Cards) {
        for block in Course::blocks(file, text) {
            let Body::Code { text, info, .. } = &block.body else { continue };
            if info.starts_with("toml") {
                continue;
            }
            // A name that cannot be broken, such as an ARN, may stand out.
            for line in text.lines().filter(|line| line.split_whitespace().all(|word| word.len() < 60)) {
                assert!(line.chars().count() <= 76, "{}: {line}", file.path);
            }
        }
    }
}

#[test]
fn answers_are_short_and_prompts_unlike() {
    let course = Course::new();
    let mut prompts: Vec<(String, String)> = Vec::new();
    for (path, card) in course.cards() {
        let answer = match &card.kind {
            CardKind::Answer(answer) => words(&answer.text),
            CardKind::Cloze(gaps) => {
                gaps.iter().filter_map(|gap| card.prompt.text.get(gap.clone())).map(words).max().unwrap_or(0)
            }
            _ => 0,
        };
        assert!(answer <= 14, "{path} `{}`: an answer of {answer} words", card.id);
        if !matches!(card.kind, CardKind::Pair(_)) {
            prompts.push((card.id.clone(), card.prompt.text.to_lowercase()));
        }
    }
    for table in course.tables() {
        for (entity, row) in table.entities.iter().zip(&table.values) {
            for (attribute, value) in table.attributes.iter().zip(row) {
                assert!(words(&value.text) <= 16, "{} {entity} / {attribute}: {}", table.id, value.text);
            }
        }
        prompts.extend(table.cards.iter().map(|card| (card.id.clone(), card.prompt.to_lowercase())));
    }
    prompts.sort_by(|a, b| a.1.cmp(&b.1));
    for pair in prompts.windows(2) {
        assert_ne!(pair[0].1, pair[1].1, "`{}` and `{}` ask the same", pair[0].0, pair[1].0);
    }
    // Nearly the same words in two cards written by hand ask nearly the same.
    let hand: Vec<_> = prompts.iter().filter(|(id, prompt)| !id.contains('/') && prompt.len() > 30).collect();
    for (at, one) in hand.iter().enumerate() {
        for other in &hand[at + 1..] {
            if one.1.len().abs_diff(other.1.len()) < 12 {
                let alike = strsim_alike(&one.1, &other.1);
                assert!(alike < 0.88, "`{}` and `{}` are {alike:.2} alike", one.0, other.0);
            }
        }
    }
}

/// The share of words that two prompts have in common.
fn strsim_alike(one: &str, other: &str) -> f64 {
    let split = |text: &str| text.split_whitespace().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let (one, other) = (split(one), split(other));
    one.intersection(&other).count() as f64 / one.union(&other).count().max(1) as f64
}

#[test]
fn the_right_choice_stands_anywhere() {
    let course = Course::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut all = 0;
    for (file, text) in course.of(Kind::Cards) {
        let parsed = Parsed::new(file, text);
        for entry in file.entries.iter().filter(|entry| entry.what == What::Card) {
            for seed in 0..4 {
                let Some(ask) = parsed.ask(&entry.id, &State::default(), seed * 7919) else { continue };
                if let Form::Choice { options, several: false } = ask.form
                    && options.len() == 4
                {
                    *places.entry(options.iter().position(|(_, right)| *right).unwrap()).or_default() += 1;
                    all += 1;
                }
            }
        }
    }
    assert!(all >= 80, "{all} single choices of four options were looked at");
    for (place, count) in places {
        let share = count * 100 / all;
        assert!((15..=35).contains(&share), "place {place}: {share} % of {all}");
    }
}

#[test]
fn model_answers_fit_their_time() {
    for question in Course::new().questions() {
        let (short, long) = (words(&plain(&question.short)), words(&plain(&question.long)));
        assert!((70..=125).contains(&short), "`{}`: {short} words in 40 seconds", question.id);
        assert!((300..=480).contains(&long), "`{}`: {long} words in 3 minutes", question.id);
        assert!(question.minutes.is_some(), "`{}` has no time", question.id);
        let without = question.rubric.iter().filter(|point| point.terms.is_empty()).count();
        assert!(without <= 1, "`{}`: {without} points without terms", question.id);
    }
}

#[test]
fn snippets_are_valid() {
    let course = Course::new();
    let mut looked_at = 0;
    for (file, text) in course.library.files.iter().zip(&course.texts) {
        for block in Course::blocks(file, text) {
            let Body::Code { info, text, .. } = &block.body else { continue };
            match info.split_whitespace().next().unwrap_or("") {
                "json" => {
                    let parsed: Result<serde_json::Value, _> = serde_json::from_str(text);
                    assert!(parsed.is_ok(), "{}: {parsed:?}\n{text}", file.path);
                    looked_at += 1;
                }
                "bash" | "sh" => {
                    let mut shell = std::process::Command::new("bash");
                    let mut child = shell.arg("-n").stdin(std::process::Stdio::piped()).spawn().unwrap();
                    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
                    assert!(child.wait().unwrap().success(), "{}:\n{text}", file.path);
                    looked_at += 1;
                }
                _ => {}
            }
        }
    }
    assert!(looked_at > 20);
}
