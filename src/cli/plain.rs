//! `drill --plain`: one line at a time, for pipes and screen readers. Nothing is drawn, nothing is erased.

use std::io::{BufRead, Write};

use super::Global;
use super::desk::{Study, plain};
use crate::problem::Problem;
use crate::study::answer::{Verdict, judge};
use crate::study::ask::{Ask, Form};
use crate::study::day::{Moment, span};
use crate::study::drill::{Run, of_points};
use crate::study::review::{Act, Grade, Review};
use crate::study::schedule::Due;
use crate::text::clean;

/// Asks a set over some lines of input; the end of the input ends it.
pub fn drill(
    global: &Global,
    place: Option<&str>,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<u8, Box<Problem>> {
    let mut study = Study::open(global)?;
    let wish = study.wish(place)?;
    let desk = study.desk();
    let ids: Vec<String> = desk
        .set(&wish)
        .into_iter()
        .filter(|at| desk.item(*at).is_some_and(|item| plain(item.kind)))
        .map(|at| desk.id(at).to_owned())
        .collect();
    let mut talk = Talk { input, out };
    if ids.is_empty() {
        talk.say("Nothing is due.");
        return Ok(1);
    }
    talk.say(&format!("{} to ask. Answer, then enter. q leaves, u takes the last answer back.", ids.len()));
    let mut run = Run::new("plain", ids, false, study.now);
    let clock = global.clock();
    while let Some(id) = run.next(&study.scheduler.rules, clock.now()).map(str::to_owned) {
        study.now = clock.now();
        let Some(at) = study.items.find(&study.library, &id) else {
            run.put_aside();
            continue;
        };
        let Some(ask) = study.ask(at)? else {
            run.put_aside();
            continue;
        };
        match question(&mut talk, &ask, (run.behind(), run.left())) {
            Answer::Leave => break,
            Answer::Undo => {
                let last = run.done().last().cloned();
                match last {
                    Some(last) => {
                        let row = study.review(&last.item, Act::Void(last.id), clock.now());
                        study.record(std::slice::from_ref(&row))?;
                        run.taken_back(last.id, &last.item);
                        run.skip_to_front();
                        talk.say("Taken back.");
                    }
                    None => {
                        run.skip_to_front();
                        talk.say("There is nothing to take back.");
                    }
                }
            }
            Answer::Graded(grade, note) => {
                let when = clock.now();
                let took = u32::try_from((when.at - study.now.at).max(0)).unwrap_or(u32::MAX);
                let row = Review { took, note, ..study.review(&id, Act::Grade(grade), when) };
                study.record(std::slice::from_ref(&row))?;
                let state = study.progress.state(&id).clone();
                talk.say(&format!("{}. Comes back in {}.", grade.name(), comes_back(&study, &id, when)));
                run.answered(&row, &state);
            }
        }
    }
    talk.say(&format!("{} answered.", run.done().len()));
    Ok(0)
}

pub fn comes_back(study: &Study, id: &str, now: Moment) -> String {
    let state = study.progress.state(id);
    match study.desk().due(id, state) {
        Due::At(at) => span((at - now.at).max(1000) / 1000),
        Due::On(day) => span((day - now.day()).max(1) * 86_400),
        Due::Never => "no time".to_owned(),
    }
}

enum Answer {
    Leave,
    Undo,
    Graded(Grade, String),
}

/// Lines that go out and come in.
pub struct Talk<'a> {
    pub input: &'a mut dyn BufRead,
    pub out: &'a mut dyn Write,
}

impl Talk<'_> {
    pub fn say(&mut self, text: &str) {
        // A reader that has gone away ends the talk at its next question.
        let _ = writeln!(self.out, "{}", text.lines().map(clean).collect::<Vec<_>>().join("\n"));
    }

    /// A line of input; nothing at its end.
    pub fn hear(&mut self) -> Option<String> {
        let _ = self.out.flush();
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(count) if count > 0 => Some(line.trim().to_owned()),
            _ => None,
        }
    }
}

/// Asks an item with what was answered and what is left, and takes the grade.
fn question(talk: &mut Talk<'_>, ask: &Ask, progress: (usize, usize)) -> Answer {
    talk.say("");
    let (done, left) = progress;
    talk.say(&format!("({done} answered, {left} left) {}", ask.prompt));
    let mut suggested = Grade::Good;
    let mut given = String::new();
    let mut only = false;
    match &ask.form {
        Form::Choice { options, several } => {
            for (at, (text, _)) in options.iter().enumerate() {
                talk.say(&format!("  {}. {text}", at + 1));
            }
            talk.say(if *several { "Which numbers?" } else { "Which number?" });
            let Some(line) = heard(talk) else { return Answer::Leave };
            if let Some(other) = order(&line) {
                return other;
            }
            let picked = numbers(&line);
            let right = options.iter().enumerate().all(|(at, (_, right))| picked.contains(&(at + 1)) == *right);
            let answers: Vec<&str> =
                options.iter().filter(|(_, right)| *right).map(|(text, _)| text.as_str()).collect();
            let taken: Vec<String> = (1_usize..)
                .zip(options)
                .filter(|(number, _)| picked.contains(number))
                .map(|(number, (text, _))| match ask.others.get(number - 1).filter(|other| !other.is_empty()) {
                    Some(other) => format!("{text} ({other})"),
                    None => text.clone(),
                })
                .collect();
            talk.say(&match (right, taken.is_empty()) {
                (true, _) => "Right.".to_owned(),
                (false, true) => "Not right.".to_owned(),
                (false, false) => format!("Not right: {}", taken.join("; ")),
            });
            talk.say(&format!("Answer: {}", answers.join("; ")));
            (suggested, only) = if right { (Grade::Good, false) } else { (Grade::Again, true) };
            given = if right { String::new() } else { line };
        }
        Form::Order { steps, right } => {
            for (at, text) in steps.iter().enumerate() {
                talk.say(&format!("  {}. {text}", at + 1));
            }
            talk.say("Which order? For example: 2 1 3");
            let Some(line) = heard(talk) else { return Answer::Leave };
            if let Some(other) = order(&line) {
                return other;
            }
            let wanted: Vec<usize> = right.iter().map(|place| place + 1).collect();
            let good = numbers(&line) == wanted;
            talk.say(if good { "Right." } else { "Not right." });
            for place in right {
                talk.say(&format!("  {}", steps.get(*place).map_or("", String::as_str)));
            }
            (suggested, only) = if good { (Grade::Good, false) } else { (Grade::Again, true) };
        }
        Form::Typed { accepted, tolerance } => {
            let Some(line) = heard(talk) else { return Answer::Leave };
            if let Some(other) = order(&line) {
                return other;
            }
            match judge(&line, accepted, tolerance.as_deref()) {
                Verdict::Right => talk.say("Right."),
                Verdict::Wrong { told, .. } => {
                    talk.say(&format!("Not right. {told}"));
                    suggested = Grade::Again;
                    given = line;
                }
            }
            talk.say(&format!("Answer: {}", accepted.join(" or ")));
        }
        Form::Points(points) => {
            let Some(line) = heard(talk) else { return Answer::Leave };
            if let Some(other) = order(&line) {
                return other;
            }
            for (at, text) in points.iter().enumerate() {
                talk.say(&format!("  {}. {text}", at + 1));
            }
            talk.say("Which of these did you say?");
            let Some(line) = heard(talk) else { return Answer::Leave };
            let said = numbers(&line).into_iter().filter(|n| (1..=points.len()).contains(n)).count();
            suggested = of_points(said, points.len());
        }
        Form::Recall => {
            let Some(line) = heard(talk) else { return Answer::Leave };
            if let Some(other) = order(&line) {
                return other;
            }
            talk.say(&format!("Answer: {}", ask.answer));
        }
    }
    for (label, text) in [("Why", &ask.why), ("Not", &ask.confused)] {
        if let Some(text) = text {
            talk.say(&format!("{label}: {text}"));
        }
    }
    talk.say(&format!("1 again, 2 hard, 3 good, 4 easy; enter: {}", suggested.name()));
    loop {
        let Some(line) = heard(talk) else { return Answer::Leave };
        if let Some(other) = order(&line) {
            return other;
        }
        let grade = if line.is_empty() {
            Some(suggested)
        } else {
            line.parse::<u32>().ok().and_then(Grade::from_number).or_else(|| line.parse().ok())
        };
        match grade {
            Some(grade) if !only || grade == Grade::Again => return Answer::Graded(grade, given),
            Some(_) => talk.say("What was not right is graded again: press 1 or enter."),
            None => talk.say("Write 1, 2, 3 or 4."),
        }
    }
}

/// What may be said instead of an answer.
/// What is said next, once help was given to whoever asks for it.
fn heard(talk: &mut Talk<'_>) -> Option<String> {
    loop {
        let line = talk.hear()?;
        if !["?", "h", "help"].contains(&line.as_str()) {
            return Some(line);
        }
        talk.say("Choices and orders: their numbers. Otherwise say it, or write it where it is typed; enter shows the answer.");
        talk.say("Grades: 1 to 4. u takes the last answer back, q leaves.");
    }
}

fn order(line: &str) -> Option<Answer> {
    match line {
        "q" => Some(Answer::Leave),
        "u" => Some(Answer::Undo),
        _ => None,
    }
}

pub fn numbers(line: &str) -> Vec<usize> {
    line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
}
