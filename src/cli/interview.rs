//! `interview`: an interview line by line, and the interviews of the past as JSON.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use serde_json::{Value, json};

use super::desk::Study;
use super::plain::{Talk, numbers};
use super::{Global, SCHEMA};
use crate::content::chunk::Doc;
use crate::content::doc::{Block, Body};
use crate::content::front::{Kind as FileKind, Level};
use crate::content::question::{Point, Question, follow_up, questions};
use crate::content::section::sections;
use crate::problem::Problem;
use crate::study::day::{Millis, Moment};
use crate::study::mock::choose::{About, Shape, Wish, about, choose, find, slot, stages};
use crate::study::mock::past::{Answer, answers, interviews, sum};
use crate::study::mock::run::{Done, Kind, Run, Slot};
use crate::study::mock::score::{Said, Sheet, scorable};
use crate::study::mock::{Round, SEEDS, clock, level, related, too_soon};
use crate::study::review::{Act, Grade, Review, effective};
use crate::text::count;
use crate::ui::glyphs::UNICODE;
use crate::ui::prose::{Layout, lay};

#[derive(clap::Args)]
pub struct Args {
    /// A module to ask about, a question, or an incident; nothing: all modules.
    pub place: Option<String>,
    /// Line by line, for pipes and screen readers.
    #[arg(long)]
    plain: bool,
    /// Print the interviews of the past as one JSON object.
    #[arg(long, conflicts_with_all = ["plain", "place"])]
    json: bool,
    /// How long the interview may take.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=600), requires = "plain")]
    minutes: Option<u32>,
    /// A level, such as L2; may be given several times.
    #[arg(long = "level", value_name = "LEVEL", requires = "plain", value_parser = level_of)]
    levels: Vec<Level>,
    /// Like the real loop: screen, working engineer, troubleshooting, design.
    #[arg(long = "loop", requires = "plain")]
    real: bool,
}

fn level_of(text: &str) -> Result<Level, String> {
    Level::from_name(&text.to_uppercase()).ok_or_else(|| "levels are L1, L2, L3 and L4".to_owned())
}

impl Args {
    /// Whether it opens the room.
    pub fn opens(&self) -> bool {
        !self.plain && !self.json
    }
}

/// What the command prints at its end, and its exit code.
pub fn interview(
    global: &Global,
    args: &Args,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<(String, u8), Box<Problem>> {
    let mut study = Study::open(global)?;
    if args.json {
        return Ok((past(&study)?, 0));
    }
    let seed = global.seed.unwrap_or_else(|| fastrand::u64(..)) % SEEDS;
    let Some(mut run) = wished(&study, args, seed)? else {
        let hint = "Ask for another level or another place; `inservice list` shows where questions are.";
        return Err(Box::new(Problem::error("nothing-to-ask", "No question fits.", hint)));
    };
    let mut talk = Talk { input, out };
    talk.say(&format!("{}. A line \"skip\" passes on a question, \"q\" leaves.", count(run.slots.len(), "question")));
    for (n, slot) in run.slots.clone().iter().enumerate() {
        let Some(Read { question, module, scene }) = read(&study, &slot.id)? else { continue };
        if n == 0 && !scene.is_empty() {
            talk.say(&format!("\n{scene}"));
        }
        let level = slot.level.filter(|_| slot.round != Round::Stage).map_or("", Level::name);
        talk.say(&format!("\nQuestion {} of {}. {module} {level}, {}.\n", n + 1, run.slots.len(), length(slot.answer)));
        study.now = global.clock().now();
        let Some((sheet, said)) = ask(&mut talk, &question) else { break };
        let took = global.clock().now().at - study.now.at;
        let done = Done::new(slot, &question, &module, sheet.as_ref(), took.max(0), &said);
        record(&mut study, global.clock().now(), slot, &done, run.name())?;
        tell(&mut talk, &question, &done);
        run.done.push(done);
    }
    closing(&mut talk, &study, &run.done);
    Ok((String::new(), 0))
}

fn length(seconds: u32) -> String {
    if seconds < 120 { format!("{seconds} seconds") } else { format!("{} minutes", seconds / 60) }
}

fn wished(study: &Study, args: &Args, seed: u64) -> Result<Option<Run>, Box<Problem>> {
    let library = &study.library;
    let target = args.place.as_deref().map(|place| library.find(place)).transpose()?;
    let (kind, title, slots) = match about(library, target) {
        About::Question(file, entry) => {
            (Kind::Single, "Question".to_owned(), vec![slot(library, file, entry, Round::Any)])
        }
        About::Incident(at) => {
            let (id, title) =
                library.files.get(at).map(|file| (file.id.clone(), file.title.clone())).unwrap_or_default();
            (Kind::Incident(id), title, stages(library, at))
        }
        found => {
            let module = if let About::Module(at) = found { library.modules.get(at) } else { None };
            let wish = Wish {
                shape: if args.real { Shape::Loop } else { Shape::Mixed },
                minutes: args.minutes.unwrap_or(30),
                levels: args.levels.clone(),
                modules: module.map(|module| module.id.clone()).into_iter().collect(),
            };
            let slots = choose(&study.desk(), &wish, seed);
            (Kind::Interview(wish), "Interview".to_owned(), slots)
        }
    };
    Ok((!slots.is_empty()).then(|| Run::new(kind, &title, slots, seed, study.now)))
}

/// A question of the library, the title of its module, and of an incident what sets its scene.
struct Read {
    question: Question,
    module: String,
    scene: String,
}

fn read(study: &Study, id: &str) -> Result<Option<Read>, Box<Problem>> {
    let Some((at, file)) = find(&study.library, id).and_then(|(at, _)| Some((at, study.library.files.get(at)?))) else {
        return Ok(None);
    };
    let doc = Doc::new(study.text(at)?, file.body);
    let blocks: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
    let incident = file.kind == FileKind::Incident;
    let scene = if incident { text(sections(&blocks, 2).0) } else { String::new() };
    let all = questions(&blocks, incident, &mut Vec::new());
    let module = study.library.modules.get(file.module).map_or_else(String::new, |module| module.title.clone());
    let found = all.into_iter().find(|question| question.id == id);
    Ok(found.map(|mut question| {
        scorable(&mut question);
        Read { question, module, scene }
    }))
}

/// Asks one question: what was ticked and what was said. Without a sheet it was skipped; nothing: nobody answers any more.
fn ask(talk: &mut Talk<'_>, question: &Question) -> Option<(Option<Sheet>, String)> {
    talk.say(&question.prompt);
    let exhibit = text(&question.exhibit);
    if !exhibit.is_empty() {
        talk.say(&format!("\n{exhibit}"));
    }
    talk.say("\nAnswer, then a line with a dot. The dot alone: you answered aloud.");
    let mut said = match lines(talk) {
        Heard::End => return None,
        Heard::Skip => return Some((None, String::new())),
        Heard::Text(said) => said,
    };
    for one in &question.follow_ups {
        talk.say(&format!("\nFollow-up: {}", follow_up(&one.plain()).0));
        if let Heard::Text(more) = lines(talk)
            && !more.trim().is_empty()
        {
            said = format!("{}\n\n{}", said.trim_end(), more.trim());
        }
    }
    let mut sheet = Sheet::new(question, &said);
    let heard = Said::new(&said);
    talk.say("\nRubric");
    points(talk, &question.rubric, &|terms| heard.found(terms));
    let (points_of, follow_ups) = (question.rubric.len(), question.follow_ups.len());
    for (at, one) in question.follow_ups.iter().enumerate() {
        talk.say(&format!("  {}. (1) Follow-up: {}", points_of + at + 1, one.plain()));
    }
    if let Some(chosen) = chosen(talk, "Which did you make?", &sheet.points, points_of + follow_ups) {
        sheet.points = (1..=points_of).map(|n| chosen.contains(&n)).collect();
        sheet.follow_ups = (1..=follow_ups).map(|n| chosen.contains(&(points_of + n))).collect();
    }
    if !question.red_flags.is_empty() {
        talk.say("\nRed flags");
        points(talk, &question.red_flags, &|terms| heard.meant(terms));
        if let Some(chosen) = chosen(talk, "Which slipped out?", &sheet.flags, question.red_flags.len()) {
            sheet.flags = (1..=question.red_flags.len()).map(|n| chosen.contains(&n)).collect();
        }
    }
    Some((Some(sheet), said))
}

fn points<'t>(talk: &mut Talk<'_>, points: &[Point], heard: &dyn Fn(&[String]) -> Vec<&'t str>) {
    for (at, point) in points.iter().enumerate() {
        let found = heard(&point.terms).join(", ");
        let found = if found.is_empty() { found } else { format!(" [found: {found}]") };
        talk.say(&format!("  {}. ({}) {}{found}", at + 1, point.weight, point.text.plain()));
    }
}

/// The numbers that are chosen; nothing where what is ticked already holds.
fn chosen(talk: &mut Talk<'_>, what: &str, ticks: &[bool], most: usize) -> Option<Vec<usize>> {
    let ticked: Vec<String> =
        (1..).zip(ticks).filter(|(_, ticked)| **ticked).map(|(n, _): (usize, _)| n.to_string()).collect();
    let now = if ticked.is_empty() { "none".to_owned() } else { ticked.join(" ") };
    loop {
        talk.say(&format!("{what} Numbers, \"all\" or \"none\"; enter: {now}."));
        let line = talk.hear().filter(|line| !line.is_empty())?;
        match line.as_str() {
            "all" => return Some((1..=most).collect()),
            "none" => return Some(Vec::new()),
            _ => {}
        }
        let found = numbers(&line);
        let words = line.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).count();
        if found.len() == words && found.iter().all(|number| (1..=most).contains(number)) {
            return Some(found);
        }
        talk.say(&format!("`{line}` is not a list of numbers from 1 to {most}, such as 1 3."));
    }
}

enum Heard {
    Text(String),
    Skip,
    End,
}

/// The lines up to one with a dot.
fn lines(talk: &mut Talk<'_>) -> Heard {
    let mut out = String::new();
    while let Some(line) = talk.hear() {
        match line.as_str() {
            "." => return Heard::Text(out),
            "skip" if out.is_empty() => return Heard::Skip,
            "q" if out.is_empty() => return Heard::End,
            line => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    if out.is_empty() { Heard::End } else { Heard::Text(out) }
}

/// Writes the score to the log; it is on disk when this returns.
fn record(
    study: &mut Study,
    now: Moment,
    slot: &Slot,
    done: &Done,
    interview: Option<Millis>,
) -> Result<(), Box<Problem>> {
    let took = u32::try_from(done.took).unwrap_or(u32::MAX);
    let note = done.note(interview).text();
    let review = Review { took, note, ..study.review(&slot.id, done.act(slot), now) };
    let soon = too_soon(&study.scheduler, study.progress.state(&slot.id), &review);
    let mut rows = vec![review];
    if soon {
        rows.push(study.review(&slot.id, Act::Bury, now));
    }
    study.record(&rows)
}

fn tell(talk: &mut Talk<'_>, question: &Question, done: &Done) {
    let score = done.score;
    let Some(grade) = done.grade() else { return talk.say("Skipped.") };
    let time = format!("{} of {}", clock(done.took / 1000), clock(done.meant.into()));
    talk.say(&format!(
        "\n{} of {} points, {} %: {}. {time} minutes.",
        score.got,
        score.of,
        score.percent(),
        Grade::name(grade)
    ));
    let long = text(&question.long);
    talk.say(&format!(
        "\n{}\n\n{}",
        if long.is_empty() { "Model answer" } else { "In 40 seconds" },
        text(&question.short)
    ));
    if !long.is_empty() {
        talk.say(&format!("\nIn 3 minutes\n\n{long}"));
    }
}

fn closing(talk: &mut Talk<'_>, study: &Study, done: &[Done]) {
    let total = sum(done);
    if total.questions == 0 {
        return;
    }
    let score = total.score;
    talk.say(&format!(
        "\nIn all {} of {} points, {} %; {} skipped.",
        score.got,
        score.of,
        score.percent(),
        total.skipped
    ));
    let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in done {
        missed.entry(&one.module).or_default().extend(one.missed().map(|point| point.text.as_str()));
    }
    for (module, points) in missed.iter().filter(|(_, points)| !points.is_empty()) {
        talk.say(&format!("Missed in {module}:"));
        for point in points {
            talk.say(&format!("  {point}"));
        }
    }
    let desk = study.desk();
    let cards: Vec<&str> = related::related(&desk, done).into_iter().map(|at| desk.id(at)).collect();
    if !cards.is_empty() {
        talk.say(&format!("Cards that teach this: {}", cards.join(", ")));
    }
}

/// Blocks as plain text. Code stands bare: a line of a log is there to be copied.
fn text(blocks: &[Block]) -> String {
    let layout =
        Layout { columns: 80, glyphs: &UNICODE, shifts: &BTreeMap::new(), scrolls: false, colours: &BTreeMap::new() };
    let mut out = String::new();
    for block in blocks {
        if block.gap {
            out.push('\n');
        }
        if let Body::Code { text, .. } = &block.body {
            out.extend(text.lines().map(|line| format!("{line}\n")));
        } else {
            let lines = lay(std::slice::from_ref(block), true, &layout).lines;
            let lines = lines.iter().skip_while(|line| line.pieces.is_empty());
            out.extend(lines.map(|line| format!("{}\n", line.plain().trim_end())));
        }
    }
    out.trim_matches('\n').to_owned()
}

/// The interviews of the past, from the log.
fn past(study: &Study) -> Result<String, Box<Problem>> {
    let rows = effective(study.store.log()?);
    let answer = |answer: &Answer| {
        let place = find(&study.library, &answer.item);
        let file = place.and_then(|(file, _)| study.library.files.get(file));
        let module = file.and_then(|file| study.library.modules.get(file.module));
        let entry = place.zip(file).and_then(|((_, entry), file)| file.entries.get(entry));
        json!({
            "id": answer.item,
            "prompt": entry.map(|entry| &entry.title),
            "module": module.map(|module| &module.id),
            "level": place.and_then(|(file, entry)| level(&study.library, file, entry)),
            "at": stamp(answer.when),
            "grade": (!answer.note.skipped).then(|| answer.grade.name()),
            "score": answer.note.score,
            "of": answer.note.of,
            "missed": answer.note.missed,
            "flags": answer.note.flags,
            "seconds": answer.note.seconds,
            "skipped": answer.note.skipped,
        })
    };
    let held: Vec<Value> = interviews(&rows)
        .iter()
        .map(|past| {
            let score = past.score();
            json!({
                "begun": stamp(past.begun),
                "score": score.got,
                "of": score.of,
                "percent": score.percent(),
                "seconds": past.seconds(),
                "skipped": past.skipped(),
                "questions": past.answers.iter().map(answer).collect::<Vec<_>>(),
            })
        })
        .collect();
    let all = answers(&rows);
    let single: Vec<Value> = all.iter().filter(|one| one.note.interview.is_none()).map(answer).collect();
    Ok(format!("{}\n", json!({ "schema": SCHEMA, "interviews": held, "practised": single })))
}

/// A moment as a timestamp in UTC.
fn stamp(when: Moment) -> Option<String> {
    jiff::Timestamp::from_millisecond(when.at).ok().map(|at| at.to_string())
}
