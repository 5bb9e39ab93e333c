//! `interview`: the room opened from a shell, an interview line by line, and the interviews of the past as JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use serde_json::{Value, json};

use super::{SCHEMA, course, disk, library};
use crate::clock::Clock;
use crate::content::chunk::Doc;
use crate::content::front::{Kind as FileKind, Level};
use crate::content::library::{Library, Target};
use crate::content::question::{Point, Question, questions};
use crate::content::scan::What;
use crate::problem::Problem;
use crate::run::Options;
use crate::run::world::World;
use crate::study::day::Moment;
use crate::study::items::Items;
use crate::study::mock::choose::{Shape, Wish, choose, find, slot, stages};
use crate::study::mock::past::{Answer, answers, interviews, sum};
use crate::study::mock::run::{Done, Kind, Run, Slot};
use crate::study::mock::score::{Said, Sheet};
use crate::study::mock::{Round, clock, related};
use crate::study::queue::Desk;
use crate::study::review::{Act, Grade, Review, ReviewId, effective};
use crate::study::schedule::Due;
use crate::text::{clean, count};
use crate::ui::glyphs;

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
    #[arg(long = "level", value_name = "LEVEL", requires = "plain", value_parser = level)]
    levels: Vec<Level>,
    /// Like the real loop: screen, working engineer, troubleshooting, design.
    #[arg(long = "loop", requires = "plain")]
    real: bool,
}

fn level(text: &str) -> Result<Level, String> {
    Level::from_name(&text.to_uppercase()).ok_or_else(|| "levels are L1, L2, L3 and L4".to_owned())
}

impl Args {
    /// Whether it opens the room.
    pub fn opens(&self) -> bool {
        !self.plain && !self.json
    }
}

/// What the command prints at its end, and its exit code.
pub fn interview(options: Options, args: &Args) -> Result<(String, u8), Box<Problem>> {
    let packs = options.packs.clone();
    let mut world = World::open(options)?;
    let packs = if packs.is_empty() { world.roots.clone() } else { packs };
    let library = library(&packs)?;
    if args.json {
        return Ok((past(&world, &library)?, 0));
    }
    let clock = world.options.clock.clone();
    let mut table = Table { world: &mut world, library: &library, clock, ordinal: 1, packs: &packs };
    let run = table.wished(args)?;
    let stdin = std::io::stdin();
    let mut stdout = std::io::stdout();
    table.hold(run, &mut stdin.lock(), &mut stdout)?;
    Ok((String::new(), 0))
}

/// The interviews of the past, from the log.
fn past(world: &World, library: &Library) -> Result<String, Box<Problem>> {
    let rows = effective(world.store.as_ref().map_or(Ok(Vec::new()), |store| store.log())?);
    let answer = |answer: &Answer| {
        let place = find(library, &answer.item);
        let file = place.and_then(|(file, _)| library.files.get(file));
        let module = file.and_then(|file| library.modules.get(file.module));
        let entry = place.zip(file).and_then(|((_, entry), file)| file.entries.get(entry));
        let level = place.and_then(|(file, entry)| crate::study::mock::level(library, file, entry));
        json!({
            "id": answer.item,
            "prompt": entry.map(|entry| &entry.title),
            "module": module.map(|module| &module.id),
            "level": level,
            "at": told(answer.when),
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
                "begun": told(past.begun),
                "score": score.got,
                "of": score.of,
                "percent": score.percent(),
                "seconds": past.seconds(),
                "skipped": past.skipped(),
                "questions": past.answers.iter().map(answer).collect::<Vec<_>>(),
            })
        })
        .collect();
    let single: Vec<Value> = answers(&rows).iter().filter(|one| one.note.interview.is_none()).map(answer).collect();
    Ok(format!("{}\n", json!({ "schema": SCHEMA, "interviews": held, "practised": single })))
}

/// A moment as a timestamp in UTC.
fn told(when: Moment) -> String {
    jiff::Timestamp::from_millisecond(when.at).map_or_else(|_| String::new(), |at| at.to_string())
}

/// An interview at a table: one line asked, one line answered.
struct Table<'a> {
    world: &'a mut World,
    library: &'a Library,
    clock: Clock,
    /// The number of the next row of the log.
    ordinal: i64,
    packs: &'a [std::path::PathBuf],
}

fn said(why: &std::io::Error) -> Box<Problem> {
    Box::new(Problem::error("pipe", format!("The answer cannot be read or printed: {why}."), ""))
}

impl Table<'_> {
    fn desk<T>(&self, use_it: impl FnOnce(&Desk<'_>) -> T) -> T {
        let items = Items::new(self.library);
        use_it(&Desk {
            library: self.library,
            items: &items,
            progress: &self.world.progress,
            scheduler: &self.world.scheduler,
            now: self.clock.now(),
            seed: self.world.options.seed,
        })
    }

    fn wished(&self, args: &Args) -> Result<Run, Box<Problem>> {
        let library = self.library;
        let target = args.place.as_deref().map(|place| library.find(place)).transpose()?;
        let file = |at: usize| library.files.get(at);
        let (seed, now) = (self.world.options.seed, self.clock.now());
        let what = |at: usize, entry: usize| file(at).and_then(|file| file.entries.get(entry)).map(|entry| entry.what);
        let incident = match target {
            Some(Target::File(at)) => Some(at),
            Some(Target::Entry(at, entry)) if what(at, entry) == Some(What::Stage) => Some(at),
            _ => None,
        };
        if let Some(found) = incident.and_then(file).filter(|file| file.kind == FileKind::Incident) {
            let slots = stages(library, incident.unwrap_or(0));
            return Ok(Run::new(Kind::Incident(found.id.clone()), &found.title, slots, seed, now));
        }
        if let Some(Target::Entry(at, entry)) = target
            && what(at, entry) == Some(What::Question)
        {
            return Ok(Run::new(Kind::Single, "Question", vec![slot(library, at, entry, Round::Any)], seed, now));
        }
        let module = match target {
            Some(Target::Module(module)) => Some(module),
            Some(Target::File(at) | Target::Entry(at, _)) => file(at).map(|file| file.module),
            None => None,
        };
        let wish = Wish {
            shape: if args.real { Shape::Loop } else { Shape::Mixed },
            minutes: args.minutes.unwrap_or(30),
            levels: args.levels.clone(),
            modules: module
                .and_then(|at| library.modules.get(at))
                .map(|module| module.id.clone())
                .into_iter()
                .collect(),
        };
        let slots = self.desk(|desk| choose(desk, &wish, seed));
        if slots.is_empty() {
            let hint = "Ask for another level or another place; `inservice list` shows where questions are.";
            return Err(Box::new(Problem::error("nothing-to-ask", "No question fits.", hint)));
        }
        Ok(Run::new(Kind::Interview(wish), "Interview", slots, seed, now))
    }

    fn question(&self, id: &str) -> Option<(Question, String)> {
        let (at, _) = find(self.library, id)?;
        let file = self.library.files.get(at)?;
        let module = self.library.modules.get(file.module)?;
        let text: Cow<'_, str> = match self.packs.get(module.pack) {
            Some(root) => disk::text(root, &file.path).ok()?.into(),
            None => course::text(&file.path)?,
        };
        let doc = Doc::new(text, file.body);
        let blocks: Vec<_> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
        let all = questions(&blocks, file.kind == FileKind::Incident, &mut Vec::new());
        Some((all.into_iter().find(|question| question.id == id)?, module.title.clone()))
    }

    fn hold(&mut self, mut run: Run, from: &mut dyn BufRead, to: &mut dyn Write) -> Result<(), Box<Problem>> {
        let name = run.name();
        let of = run.slots.len();
        let slots = run.slots.clone();
        for (n, slot) in slots.iter().enumerate() {
            let Some((question, module)) = self.question(&slot.id) else { continue };
            let level = slot.level.map_or("", Level::name);
            let head = format!(
                "Question {} of {of}. {level} {module}, {}.",
                n + 1,
                count(slot.answer as usize / 60, "minute")
            );
            let ended = self.ask(slot, &question, &head, &module, &mut run.done, name, from, to)?;
            if ended {
                break;
            }
        }
        self.closing(&run, to).map_err(|why| said(&why))
    }

    /// Asks one question; true when there is nobody any more who answers.
    #[expect(clippy::too_many_arguments, reason = "both ends of the pipe and what is asked")]
    fn ask(
        &mut self,
        slot: &Slot,
        question: &Question,
        head: &str,
        module: &str,
        all: &mut Vec<Done>,
        interview: Option<i64>,
        from: &mut dyn BufRead,
        to: &mut dyn Write,
    ) -> Result<bool, Box<Problem>> {
        let io = |why: std::io::Error| said(&why);
        let mut put = |text: &str| writeln!(to, "{}", text.trim_end()).and_then(|()| to.flush());
        put(&format!("\n{}\n\n{}", clean(head), clean(&question.prompt))).map_err(io)?;
        let exhibit = blocks(&question.exhibit);
        if !exhibit.trim().is_empty() {
            put(&format!("\n{exhibit}")).map_err(io)?;
        }
        put("\nAnswer; a line with a dot ends it. A dot alone: you answered aloud. \"skip\" passes on the question.")
            .map_err(io)?;
        let begun = self.clock.now();
        let Some(mut typed) = lines(from).map_err(io)? else { return Ok(true) };
        if typed.trim() == "skip" {
            let done = Done::new(slot, question, module, None, self.clock.now().at - begun.at, "");
            self.record(slot, &done, interview)?;
            put("Skipped.").map_err(io)?;
            all.push(done);
            return Ok(false);
        }
        for follow_up in &question.follow_ups {
            put(&format!("\nFollow-up: {}\nAnswer; a line with a dot ends it.", asked(&follow_up.plain())))
                .map_err(io)?;
            let more = lines(from).map_err(io)?.unwrap_or_default();
            if !more.trim().is_empty() {
                typed.push_str(&format!("\n\n{}", more.trim()));
            }
        }
        let took = self.clock.now().at - begun.at;
        let mut sheet = Sheet::new(question, &typed);
        put("\nRubric").map_err(io)?;
        let heard = Said::new(&typed);
        for (at, point) in question.rubric.iter().enumerate() {
            put(&told_point(at + 1, point, &heard)).map_err(io)?;
        }
        let points = question.rubric.len();
        for (at, follow_up) in question.follow_ups.iter().enumerate() {
            put(&format!("  {}. (1) Follow-up: {}", points + at + 1, clean(&follow_up.plain()))).map_err(io)?;
        }
        let before = numbers(&sheet.points);
        put(&format!("Which did you make? Numbers, \"none\", or enter for {before}.")).map_err(io)?;
        if let Some(chosen) = choice(from, points + question.follow_ups.len()).map_err(io)? {
            sheet.points = (1..=points).map(|n| chosen.contains(&n)).collect();
            sheet.follow_ups = (points + 1..=points + question.follow_ups.len()).map(|n| chosen.contains(&n)).collect();
        }
        if !question.red_flags.is_empty() {
            put("\nRed flags").map_err(io)?;
            for (at, flag) in question.red_flags.iter().enumerate() {
                put(&told_point(at + 1, flag, &heard)).map_err(io)?;
            }
            let before = numbers(&sheet.flags);
            put(&format!("Which slipped out? Numbers, \"none\", or enter for {before}.")).map_err(io)?;
            if let Some(chosen) = choice(from, question.red_flags.len()).map_err(io)? {
                sheet.flags = (1..=question.red_flags.len()).map(|n| chosen.contains(&n)).collect();
            }
        }
        let done = Done::new(slot, question, module, Some(&sheet), took, &typed);
        self.record(slot, &done, interview)?;
        let grade = done.grade().map_or("", Grade::name);
        let score = done.score;
        put(&format!(
            "\n{} of {} points, {} %: {grade}. {} of {} minutes.",
            score.got,
            score.of,
            score.percent(),
            clock(took / 1000),
            clock(done.meant.into())
        ))
        .map_err(io)?;
        let (short, long) = (blocks(&question.short), blocks(&question.long));
        put(&format!("\n{}\n\n{short}", if long.is_empty() { "Model answer" } else { "In 40 seconds" })).map_err(io)?;
        if !long.is_empty() {
            put(&format!("\nIn 3 minutes\n\n{long}")).map_err(io)?;
        }
        all.push(done);
        Ok(false)
    }

    /// Writes the row; it is on disk when this returns.
    fn record(&mut self, slot: &Slot, done: &Done, interview: Option<i64>) -> Result<(), Box<Problem>> {
        let now = self.clock.now();
        let grade = done.grade().unwrap_or(Grade::Again);
        let scheduled = slot.round != Round::Stage && !done.skipped();
        let act = if scheduled { Act::Grade(grade) } else { Act::Cram(grade) };
        let id = ReviewId { run: self.world.run, ordinal: self.ordinal };
        let took = u32::try_from(done.took).unwrap_or(u32::MAX);
        let place = find(self.library, &slot.id).and_then(|(file, _)| self.library.files.get(file));
        let place = place.map_or_else(String::new, |file| file.path.clone());
        let named = |review: Review| Review { place: place.clone(), words: done.prompt.clone(), ..review };
        let mut rows =
            vec![named(Review { took, note: done.note(interview).text(), ..Review::new(id, &slot.id, act, now) })];
        let after = self
            .world
            .scheduler
            .after(self.world.progress.state(&slot.id), rows.first().unwrap_or(&Review::new(id, "", Act::Bury, now)));
        if scheduled && matches!(after.due, Due::At(_)) {
            let id = ReviewId { ordinal: self.ordinal + 1, ..id };
            rows.push(named(Review::new(id, &slot.id, Act::Bury, now)));
        }
        self.ordinal += 2;
        let Some(store) = &mut self.world.store else {
            let hint = "Run `inservice doctor`.";
            return Err(Box::new(Problem::error("store", "There is no history to write to.", hint)));
        };
        let news = store.record(&rows, &self.world.scheduler)?;
        self.world.progress.take(news.rows, news.states);
        Ok(())
    }

    fn closing(&self, run: &Run, to: &mut dyn Write) -> std::io::Result<()> {
        let total = sum(&run.done);
        if total.questions == 0 {
            return Ok(());
        }
        let percent = total.score.percent();
        writeln!(
            to,
            "\nIn all {} of {} points, {percent} %; {} skipped.",
            total.score.got, total.score.of, total.skipped
        )?;
        let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for done in &run.done {
            missed.entry(&done.module).or_default().extend(done.missed().map(|point| point.text.as_str()));
        }
        for (module, points) in missed.iter().filter(|(_, points)| !points.is_empty()) {
            writeln!(to, "Missed in {}:", clean(module))?;
            for point in points {
                writeln!(to, "  {}", clean(point))?;
            }
        }
        let cards: Vec<String> =
            self.desk(|desk| related::related(desk, &run.done).into_iter().map(|at| desk.id(at).to_owned()).collect());
        if !cards.is_empty() {
            writeln!(to, "Cards that teach this: {}", cards.join(", "))?;
        }
        Ok(())
    }
}

/// A point with its number, its weight, and the words that were found.
fn told_point(n: usize, point: &Point, heard: &Said<'_>) -> String {
    let found = heard.found(&point.terms);
    let found = if found.is_empty() { String::new() } else { format!(" [found: {}]", clean(&found.join(", "))) };
    format!("  {n}. ({}) {}{found}", point.weight, clean(&point.text.plain()))
}

/// A follow-up without the answer in parentheses behind it.
fn asked(text: &str) -> String {
    clean(crate::study::mock::follow_up(text).0).into_owned()
}

fn numbers(ticks: &[bool]) -> String {
    let ticked: Vec<String> =
        ticks.iter().enumerate().filter(|(_, ticked)| **ticked).map(|(at, _)| (at + 1).to_string()).collect();
    if ticked.is_empty() { "none".to_owned() } else { ticked.join(" ") }
}

/// The lines up to one with a dot, or to the end; nothing when the end was there already.
fn lines(from: &mut dyn BufRead) -> std::io::Result<Option<String>> {
    let mut out = String::new();
    let mut any = false;
    loop {
        let mut bytes = Vec::new();
        if from.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(any.then_some(out));
        }
        any = true;
        let line = String::from_utf8_lossy(&bytes).into_owned();
        match line.trim_end() {
            "." => return Ok(Some(out)),
            "skip" if out.is_empty() => return Ok(Some("skip".to_owned())),
            line => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
}

/// The numbers of a line from 1 to `most`; nothing for an empty line or the end.
fn choice(from: &mut dyn BufRead, most: usize) -> std::io::Result<Option<Vec<usize>>> {
    let mut bytes = Vec::new();
    from.read_until(b'\n', &mut bytes)?;
    let line = String::from_utf8_lossy(&bytes).into_owned();
    if line.trim().is_empty() {
        return Ok(None);
    }
    let numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    Ok(Some(numbers.filter(|n| (1..=most).contains(n)).collect()))
}

/// Blocks as plain text.
fn blocks(blocks: &[crate::content::doc::Block]) -> String {
    let (shifts, colours) = (BTreeMap::new(), BTreeMap::new());
    let layout = crate::ui::prose::Layout { columns: 80, glyphs: &glyphs::UNICODE, shifts: &shifts, colours: &colours };
    let lines = crate::ui::prose::lay(blocks, true, &layout).lines;
    lines.iter().map(|line| line.plain().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
