//! Ratios against raw limits, taken in one run: what the program does, and the least that anybody could do.
//! `cargo bench` prints them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark reads the clock and prints"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use inservice::app::{App, Setup};
use inservice::content::chunk::Doc;
use inservice::content::gather::Gathering;
use inservice::content::library::Library;
use inservice::content::scan::{Entry, What};
use inservice::effect::{Effect, Msg};
use inservice::find::{Index, Query, Search};
use inservice::key::Chord;
use inservice::paint::Painter;
use inservice::store::{Places, Settings};
use inservice::study::day::Moment;
use inservice::study::progress::Progress;
use inservice::study::schedule::Scheduler;
use inservice::theme::{BUILT_IN, Depth, Theme};
use inservice::ui::glyphs::UNICODE;
use inservice::ui::prose::{Layout, lay};
use pulldown_cmark::{Options, Parser};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

/// The median of some runs.
fn median(runs: usize, mut once: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            once();
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(runs / 2).copied().unwrap_or_default()
}

fn report(what: &str, ours: Duration, against: &str, least: Duration) {
    let ratio = ours.as_secs_f64() / least.as_secs_f64().max(1e-9);
    println!("{what:<44} {:>10.3} ms = {ratio:>7.2} x {against} ({:.3} ms)", ms(ours), ms(least));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A lesson of at least so many bytes, from the test pack.
fn lesson(bytes: usize) -> String {
    let one = include_str!("../tests/pack/06-load-balancing/lesson.md");
    let body = one.splitn(3, "+++").nth(2).unwrap_or(one);
    let mut out = String::new();
    while out.len() < bytes {
        out.push_str(body);
    }
    out
}

fn library(text: &str) -> Library {
    let mut gathering = Gathering::new("bench", ["a.md".to_owned()]);
    gathering.add("a.md", text);
    let mut library = Library::default();
    gathering.finish(&mut library);
    library
}

/// The program with one lesson open.
fn app(text: &str, size: Size) -> App {
    let (mut app, effects) = App::new(Setup {
        library: library(text),
        places: Places::default(),
        themes: BUILT_IN.iter().map(|(name, _)| Theme::built_in(name, Depth::True)).collect(),
        theme: 0,
        glyphs: &UNICODE,
        measure: 84,
        size,
        problems: Vec::new(),
        editable: false,
        reading: false,
        place: Some("a".to_owned()),
        start: inservice::app::Start::Read,
        progress: Progress::default(),
        scheduler: Scheduler::default(),
        settings: Settings::default(),
        now: Moment::default(),
        seed: 7,
        run: 1,
    });
    for effect in effects {
        if let Effect::Open(path) = effect {
            app.update(Msg::Opened { path, text: Ok(text.to_owned().into()) }, Moment::default());
        }
    }
    app
}

/// What the program works between two looks for a key.
const SLICE: usize = 3_000_000;

/// A library of so many headings, each of a few words of the test pack.
fn headings(count: usize) -> Library {
    let text = lesson(1);
    let words: Vec<&str> = text.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).collect();
    let mut random = fastrand::Rng::with_seed(7);
    let mut library = library("# One\n");
    let file = library.files.first_mut().unwrap();
    file.entries = (0..count)
        .map(|at| {
            let title: Vec<&str> = (0..random.usize(4..11)).filter_map(|_| random.choice(&words).copied()).collect();
            let (id, title) = (format!("h-{at}"), title.join(" "));
            let (what, group) = (What::Heading(2), 0);
            Entry { what, id, title, start: at, end: at, line: 1, level: None, group, minutes: None, axes: None }
        })
        .collect();
    library
}

/// Typing some queries letter by letter: each key until all is looked at, and until the first page is there, against
/// looking with `contains` at every line for the same letters.
fn finding(count: usize) {
    let library = headings(count);
    let mut index = Index::default();
    let start = Instant::now();
    while !index.is_grown(&library) {
        index.grow(&library, 1024 * 1024);
    }
    println!("index of {count} headings {:>28.1} ms", ms(start.elapsed()));
    let lines: Vec<String> =
        (library.files.iter().flat_map(|file| &file.entries)).map(|entry| entry.title.to_lowercase()).collect();
    // The best of some runs of each key: what it costs, and not what else the machine does.
    let mut keys: Vec<[Duration; 4]> = Vec::new();
    for query in ["protocol balancer", "target", "lb hlth", "the appliance must", "zzz", "e"] {
        let first = keys.len();
        for run in 0..5 {
            let mut search = Search::default();
            for (n, (at, c)) in query.char_indices().enumerate() {
                let typed = query.get(..at + c.len_utf8()).unwrap_or(query);
                let start = Instant::now();
                search.ask(Query::new(typed), &index, &library);
                let mut done = search.step(&index, SLICE);
                black_box(search.hits(&index));
                let page = start.elapsed();
                let mut longest = page;
                while !done {
                    let slice = Instant::now();
                    done = search.step(&index, SLICE);
                    black_box(search.hits(&index));
                    longest = longest.max(slice.elapsed());
                }
                let settled = start.elapsed();
                let start = Instant::now();
                black_box(lines.iter().filter(|line| line.contains(typed)).count());
                let times = [settled, page, longest, start.elapsed()];
                match keys.get_mut(first + n).filter(|_| run > 0) {
                    Some(known) => known.iter_mut().zip(times).for_each(|(best, time)| *best = time.min(*best)),
                    None => keys.push(times),
                }
            }
        }
    }
    let of = |what: usize, part: usize| {
        let mut times: Vec<Duration> = keys.iter().filter_map(|times| times.get(what).copied()).collect();
        times.sort();
        times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    report(&format!("find, a key settled, {count} items, median"), of(0, 50), "contains", of(3, 50));
    report(&format!("find, a key settled, {count} items, worst"), of(0, 100), "contains", of(3, 100));
    report(&format!("find, first page, {count} items, worst"), of(1, 100), "contains", of(3, 100));
    println!("longest slice without a look for a key {:>16.3} ms", ms(of(2, 100)));
}

fn main() {
    if std::env::args().any(|word| word == "find") {
        return [10_000, 100_000, 1_000_000].into_iter().for_each(finding);
    }
    let small = lesson(60_000);
    let large = lesson(11_000_000);

    let events = |text: &str| {
        let text = text.to_owned();
        median(15, move || {
            black_box(Parser::new_ext(&text, Options::all()).count());
        })
    };
    let parse = |text: &str| {
        let text = text.to_owned();
        median(15, move || {
            let doc = Doc::new(text.as_str(), 0);
            for chunk in 0..doc.len() {
                black_box(doc.blocks(chunk));
            }
        })
    };
    let least = events(&small);
    report("parse a lesson of 60 KB", parse(&small), "pulldown-cmark", least);
    let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
    let laid = median(15, || {
        let doc = Doc::new(small.as_str(), 0);
        let layout = Layout { columns: 84, glyphs: &UNICODE, shifts: &shifts, scrolls: true, colours: &colours };
        for chunk in 0..doc.len() {
            black_box(lay(&doc.blocks(chunk), chunk == 0, &layout));
        }
    });
    report("parse and lay it out whole", laid, "pulldown-cmark", least);
    report("scan it for the library", median(15, || drop(black_box(library(&small)))), "pulldown-cmark", least);
    let cut = median(5, || drop(black_box(Doc::new(large.as_str(), 0))));
    report("cut a file of 11 MB into pieces", cut, "pulldown-cmark over it", events(&large));

    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let size = Size::new(width, height);
        let mut app = app(&small, size);
        let mut painter = Painter::new(io::sink(), size);
        painter.frame(|buffer| app.view(buffer)).unwrap();
        let blank = median(200, || {
            black_box(Buffer::empty(Rect::new(0, 0, width, height)));
        });
        let mut down = true;
        let key = median(400, || {
            let chord = if down { Chord::char('j') } else { Chord::char('k') };
            down = !down;
            app.update(Msg::Key(chord), Moment::default());
            painter.frame(|buffer| app.view(buffer)).unwrap();
        });
        report(&format!("line down, update to bytes, {width}x{height}"), key, "an empty buffer", blank);
        let mut painter = Painter::new(Vec::new(), size);
        painter.frame(|buffer| app.view(buffer)).unwrap();
        let before = painter.get_ref().len();
        for _ in 0..100 {
            app.update(Msg::Key(Chord::char('j')), Moment::default());
            painter.frame(|buffer| app.view(buffer)).unwrap();
        }
        let bytes = (painter.get_ref().len() - before) as f64 / 100.0;
        println!(
            "bytes a line of scrolling, {width}x{height:<17} {bytes:>10.0}    = {:>7.3} x its cells",
            bytes / f64::from(width * height)
        );
    }
    [10_000, 100_000, 1_000_000].into_iter().for_each(finding);
}
