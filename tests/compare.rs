//! The comparison tables without a terminal: frames at four sizes, what is recorded, copied and opened.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use inservice::app::Start;
use inservice::content::doc::{Body, plain};
use inservice::content::parse::blocks;
use inservice::content::scan::What;
use inservice::content::table::Table;
use inservice::effect::{Effect, Mouse, Msg};
use inservice::study::ask::Parsed;
use inservice::study::compare::view::View;
use inservice::study::compare::{Matrix, copy};
use inservice::study::review::{Act, Grade};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use support::Play;

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 15), (200, 60), (20, 5)];

/// As wide and as long as the largest tables of the course.
const BALANCERS: &str = "\
| Balancer | Layer | Protocols clients speak | Fixed addresses | Security groups | Cross-zone by default | Idle timeout by default | Target types | WAF web ACL | Mutual TLS | Choose when | Trap |
|---|---|---|---|---|---|---|---|---|---|---|---|
| Application Load Balancer | 7 | HTTP, HTTPS, gRPC, WebSocket | none | always | on, free of zone charges | 60 s, 1 to 4,000 | instance, ip, lambda | yes | verify or passthrough | the request itself decides where it goes | nobody may pin its addresses |
| Network Load Balancer | 4 | TCP, UDP, `TCP_UDP`, TLS, QUIC | one per zone, Elastic IP possible | only if given at creation | off; zone charges when on | 350 s for TCP, 60 to 6,000 | instance, ip, alb | no | verify only, on TLS listeners | pinned addresses, PrivateLink, or no HTTP | IP targets over TCP see the balancer as client |
| Gateway Load Balancer | 3 | any IP, wrapped in GENEVE | reached by routes, not by address | none | off | 350 s for TCP | instance, ip | no | no | an appliance must inspect every packet | the appliance must speak GENEVE |
| Classic Load Balancer (legacy) | 4 and 7 | HTTP, HTTPS, TCP, SSL | none, and no Elastic IP | in a VPC | off by API, on in the console | 60 s | instance only | no | no | only to keep what exists until migrated | has neither SNI nor content rules |

```toml table
id = \"balancers\"
title = \"Four load balancers\"
noun = \"load balancer\"
ask = [\"Layer\", \"Target types\", \"Idle timeout by default\"]
```
";

const MODES: &str = "\
| Mode | Layer | Trap |
|---|---|---|
| awsvpc | 3 | an address for each task |
| bridge | 4 | ports clash without dynamic ports |

```toml table
id = \"modes\"
title = \"Network modes\"
```
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lesson = |id: &str, title: &str, table: &str| {
        format!(
            "+++\nkind = \"lesson\"\nid = \"{id}\"\ntitle = \"{title}\"\nas_of = \"2026-11\"\n\n[[sources]]\ntitle = \"A page\"\nurl = \"https://example.org/{id}\"\n+++\n\n\
             Words before the table.\n\n## Which one {{#which}}\n\n{table}\n\n## After\n\nWords behind it.\n"
        )
    };
    for (module, text) in [
        ("06-load-balancing", lesson("elb", "Load balancing", BALANCERS)),
        ("07-ecs", lesson("ecs", "Containers", MODES)),
    ] {
        std::fs::create_dir(folder.path().join(module)).unwrap();
        std::fs::write(folder.path().join(module).join("lesson.md"), text).unwrap();
    }
    folder
}

fn played(root: &std::path::Path, size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(root, size.0, size.1, None);
    play.keys(keys);
    play
}

fn state(name: &str, keys: &str) {
    let folder = folder();
    let mut out = String::new();
    for (width, height) in SIZES {
        let play = played(folder.path(), (width, height), keys);
        out.push_str(&format!("{width}x{height}\n{}\n{}", "=".repeat(usize::from(width)), play.frame()));
    }
    insta::assert_snapshot!(name, out);
}

#[test]
fn the_list() {
    state("list", "c");
    state("list-found", "c / b r i d g e");
    state("list-nothing", "c / z z z");
}

#[test]
fn a_table() {
    state("table", "c enter");
    state("table-sorted", "c enter j j j j j s l l");
    state("table-turned", "c enter t l l l l l l");
    state("table-filtered", "c enter l / t i m e enter x");
    state("table-filtered-away", "c enter / z z z");
    state("one", "c enter n enter j j");
    state("contrast", "c enter v enter G");
    state("contrast-all", "c enter n n v C l a s enter a G");
    state("contrast-across", "c enter v b r i d g e enter");
}

#[test]
fn recalling() {
    state("recall-menu", "c enter b");
    state("recall-asked", "c enter j b enter");
    state("recall-shown", "c enter b enter enter 3 enter");
    state("recall-done", "c enter b enter enter 3 enter 1 enter 4 enter 3");
    state("recall-not-graded", "c enter j b enter enter");
}

#[test]
fn drawing() {
    state("draw", "c r l a y e r enter p r i c e enter");
    state("draw-done", "c r l a y e r enter p r i c e enter enter");
}

#[test]
fn exactly_the_cells_that_were_asked_are_graded() {
    let folder = folder();
    // The column of the network balancer: eleven cells, three of them cards.
    let mut play = played(folder.path(), (80, 24), "c enter n b j enter");
    play.now.at += 3000;
    play.keys("enter 3");
    // No card asks for the protocols: showing them writes nothing.
    play.keys("enter enter");
    let items = |play: &Play| -> Vec<(String, Act)> {
        play.store.log().unwrap().into_iter().map(|row| (row.item, row.act)).collect()
    };
    assert_eq!(items(&play), [("balancers/network-load-balancer/layer".to_owned(), Act::Grade(Grade::Good))]);
    assert_eq!(play.store.log().unwrap()[0].took, 3000);
    assert_eq!(play.store.log().unwrap()[0].place, "06-load-balancing/lesson.md");
    for _ in 0..4 {
        play.keys("enter 1 enter");
    }
    play.keys("enter 2 enter 4 enter enter enter enter enter enter enter enter");
    let graded: Vec<String> = items(&play).into_iter().map(|(item, _)| item).collect();
    assert_eq!(
        graded,
        ["layer", "idle-timeout-by-default", "target-types"]
            .map(|name| format!("balancers/network-load-balancer/{name}"))
    );
    let states = play.store.states().unwrap();
    assert!(graded.iter().all(|id| states[id].seen()) && states.len() == 3);
}

#[test]
fn what_is_blank_is_not_to_be_seen() {
    let folder = folder();
    let mut play = played(folder.path(), (200, 60), "c enter n b j enter");
    let secrets = ["one per zone", "only if given", "350 s for TCP, 60", "pinned addresses"];
    for secret in secrets {
        assert!(!play.frame().contains(secret), "{secret}: {}", play.frame());
    }
    assert!(play.frame().contains("nobody may pin its addresses"));
    play.keys("esc");
    assert!(secrets.iter().all(|secret| play.frame().contains(secret)));
    let play = played(folder.path(), (200, 60), "c r");
    for secret in ["Layer", "Target types", "Trap"] {
        assert!(!play.frame().contains(secret), "{}", play.frame());
    }
}

#[test]
fn a_grade_can_be_taken_back_and_what_was_missed_comes_again() {
    let folder = folder();
    let mut play = played(folder.path(), (80, 24), "c enter b enter enter 4 u");
    assert!(play.frame().contains("Taken back."), "{}", play.frame());
    let log = play.store.log().unwrap();
    assert_eq!(log.last().map(|row| row.act.clone()), Some(Act::Void(log[0].id)));
    assert!(!play.store.states().unwrap()["balancers/application-load-balancer/layer"].seen());
    play.keys("enter 1 enter 3 enter 3 enter 3");
    assert!(play.frame().contains("3 known, 1 missed."), "{}", play.frame());
    play.keys("enter");
    assert!(play.frame().contains("1 of 1"), "{}", play.frame());
    play.keys("enter 3 enter");
    assert!(play.frame().contains("enter read"), "{}", play.frame());
}

#[test]
fn a_table_is_opened_from_a_lesson_and_leads_back() {
    let folder = folder();
    let mut play = Play::new(folder.path(), 80, 24, Some("elb"));
    play.keys("c");
    assert!(play.frame().contains("Four load balancers") && play.frame().contains("enter read"), "{}", play.frame());
    play.keys("esc");
    assert!(play.frame().contains("Words before the table."), "{}", play.frame());
    play.keys("esc esc c enter o");
    assert!(play.frame().contains("Load balancing") && play.frame().contains("] section"), "{}", play.frame());
    play.keys("backspace");
    assert!(play.frame().contains("enter read"), "{}", play.frame());
    play.keys("w");
    assert!(play.frame().contains("https://example.org/elb") && play.frame().contains("2026-11"), "{}", play.frame());
    play.keys("esc d");
    assert!(play.frame().contains("1 of "), "{}", play.frame());
}

#[test]
fn the_program_opens_at_a_table() {
    let folder = folder();
    for (place, shown) in [
        (Some("ecs"), "Network modes"),
        (Some("balancers"), "enter read"),
        (None, "2 tables"),
        (Some("elb#after"), "no comparison table"),
    ] {
        let play = Play::started(folder.path(), 80, 24, place, Start::Compare);
        assert!(play.frame().contains(shown), "{place:?} {}", play.frame());
    }
}

#[test]
fn what_is_seen_is_copied() {
    let folder = folder();
    let play = played(folder.path(), (80, 24), "c enter l / l a y e r enter y Y");
    let copied: Vec<&String> = play
        .effects
        .iter()
        .filter_map(|effect| if let Effect::Copy(text) = effect { Some(text) } else { None })
        .collect();
    assert!(copied[0].starts_with("| | Application Load Balancer | Network Load Balancer |"), "{copied:?}");
    assert_eq!(copied[0].lines().nth(2).unwrap(), "| Layer | 7 | 4 | 3 | 4 and 7 |");
    assert_eq!(copied[1].lines().nth(1).unwrap(), "Layer,7,4,3,4 and 7");
}

#[test]
fn a_table_that_is_edited_is_seen_anew_at_the_same_cell() {
    let folder = folder();
    let mut play = played(folder.path(), (80, 24), "c enter n j j b enter enter");
    let path = folder.path().join("06-load-balancing/lesson.md");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replace("one per zone, Elastic", "one for each zone, Elastic").replace("| 7 | HTTP", "| seven | HTTP"),
    )
    .unwrap();
    play.reread();
    let frame = play.frame();
    assert!(frame.contains("one for") && frame.contains("seven") && frame.contains("░"), "{frame}");
    std::fs::write(&path, text.replace("id = \"balancers\"", "id = \"others\"")).unwrap();
    play.reread();
    assert!(play.frame().contains("This table is gone"), "{}", play.frame());
    play.keys("esc esc esc");
}

#[test]
fn a_click_chooses_a_cell() {
    let folder = folder();
    let mut play = played(folder.path(), (80, 24), "c enter");
    let line = play.frame().lines().position(|line| line.contains("Fixed")).unwrap();
    play.tell(Msg::Mouse(Mouse::Click(Position::new(36, u16::try_from(line).unwrap()))));
    play.keys("enter");
    assert!(play.frame().contains("Network Load Balancer\n"), "{}", play.frame());
}

/// Every comparison table of the course.
fn course() -> Vec<Table> {
    let library = inservice::course::library();
    let lessons = library.files.iter().filter(|file| file.entries.iter().any(|entry| entry.what == What::Table));
    lessons
        .flat_map(|file| match Parsed::new(file, &inservice::course::text(&file.path).unwrap()) {
            Parsed::Tables(tables) => tables,
            Parsed::Cards(_) => Vec::new(),
        })
        .collect()
}

#[test]
fn every_table_of_the_course_is_copied_as_it_is() {
    let tables = course();
    assert!(tables.len() > 20);
    for table in tables {
        let view = View::of_entities(Matrix::of(&table));
        let copied = copy::markdown(&view);
        let blocks = blocks(&copied, 0, "");
        let Some(Body::Table { rows, .. }) = blocks.first().map(|block| &block.body) else { panic!("{copied}") };
        let words: Vec<Vec<String>> =
            rows.iter().skip(1).map(|row| row.iter().map(|cell| plain(&cell.runs)).collect()).collect();
        let expected: Vec<Vec<String>> = table
            .entities
            .iter()
            .zip(&table.values)
            .map(|(name, row)| {
                std::iter::once(name.clone()).chain(row.iter().map(|value| value.text.clone())).collect()
            })
            .collect();
        assert_eq!(words, expected, "{}", table.id);
    }
}

#[test]
fn every_cell_of_the_course_can_be_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let mut narrow = played(&root, (40, 70), "c");
    let mut wide = played(&root, (80, 24), "c");
    for table in course() {
        narrow.keys("enter");
        wide.keys("enter");
        let turned = table.attributes.len() > table.entities.len();
        for row in &table.values {
            let page = bare(&narrow.frame());
            for value in row {
                assert!(page.contains(&bare(&value.text)), "{}: {}\n{}", table.id, value.text, narrow.frame());
                let first = value.text.split_whitespace().next().unwrap_or("");
                let seen: String = first.chars().take_while(|c| c.is_alphanumeric()).take(5).collect();
                assert!(wide.frame().contains(&seen), "{}: {first}\n{}", table.id, wide.frame());
                wide.keys(if turned { "j" } else { "l" });
            }
            narrow.keys("n");
            wide.keys(if turned { "g n" } else { "h h h h h h h h h h h h h j" });
        }
        narrow.keys("esc j");
        wide.keys("esc j");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_keys_never_break_it(
        keys in prop::collection::vec(0_usize..38, 1..70),
        sizes in prop::collection::vec((1_u16..130, 1_u16..50), 1..5),
    ) {
        let all = "enter enter enter space 1 2 3 4 u b v s t x X / a n p h j k l g G tab esc backspace y Y w d r e pageup pagedown ctrl-d ctrl-u";
        let all: Vec<&str> = all.split(' ').collect();
        let folder = folder();
        let mut play = Play::new(folder.path(), 80, 24, None);
        play.keys("c");
        for (n, key) in keys.iter().enumerate() {
            play.keys(all[*key]);
            if n % 9 == 4 {
                let (width, height) = sizes[n % sizes.len()];
                play.tell(Msg::Resize(Size::new(width, height)));
            }
            if n % 13 == 5 {
                play.tell(Msg::Mouse(Mouse::Click(Position::new(sizes[0].0, sizes[0].1))));
            }
            if n % 17 == 9 {
                play.reread();
            }
            prop_assert_eq!(play.frame(), play.frame());
        }
        let kept = play.store.states().unwrap();
        prop_assert_eq!(play.store.rebuild(&play.scheduler).unwrap(), kept);
    }
}
