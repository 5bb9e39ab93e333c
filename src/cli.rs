//! The command line. Answers go to standard output, diagnostics to standard error; exit codes: 0 done, 1 the answer is
//! "no", 2 usage or environment.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::{Parser, Subcommand};
use serde_json::{Value, json};

use crate::content::library::{Counts, Library};
use crate::course;
use crate::disk;
use crate::paths;
use crate::problem::{Problem, Severity};
use crate::run::{self, Options};
use crate::text::{clean, clean_code, count, pad};

/// The version of every JSON object that is printed.
const SCHEMA: &str = "inservice/1";

#[derive(Parser)]
#[command(
    name = "inservice",
    version,
    about = "An offline trainer for AWS compute interviews",
    args_conflicts_with_subcommands = false,
    subcommand_negates_reqs = true
)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to open: a module, a lesson, a heading (`load-balancing#tls`), a card, a tree, a question.
    place: Option<String>,
    #[command(flatten)]
    global: Global,
}

#[derive(clap::Args, Clone)]
struct Global {
    /// Folders of Markdown to open instead of the course.
    #[arg(long = "pack", value_name = "DIR", global = true)]
    packs: Vec<PathBuf>,
    /// The theme: dark, light, contrast, terminal, or one of your own.
    #[arg(long, global = true, env = "INSERVICE_THEME")]
    theme: Option<String>,
    /// The folder of settings and themes.
    #[arg(long, value_name = "DIR", global = true, env = "INSERVICE_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of the history.
    #[arg(long, value_name = "DIR", global = true, env = "INSERVICE_DATA_DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Find every mistake in packs: file, line, column, what is wrong and what to do.
    Check {
        /// Folders of Markdown.
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List the modules of packs with what is in them.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command of the arguments.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    let global = args.global;
    let answer = match args.command {
        None => return open(global, args.place),
        Some(Command::Check { paths, json }) => load(&paths).map(|(_, problems)| check(&problems, json)),
        Some(Command::List { json }) => library(&global.packs).map(|library| (list(&library, json), 0)),
    };
    let (text, code) = match answer {
        Ok(answer) => answer,
        Err(problem) => {
            eprintln!("inservice: {}", clean(&problem.to_string()));
            return ExitCode::from(2);
        }
    };
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::from(code)
}

fn open(global: Global, place: Option<String>) -> ExitCode {
    let options = Options {
        packs: global.packs,
        place,
        theme: global.theme,
        config: global.config.unwrap_or_else(paths::config),
        data: global.data_dir.unwrap_or_else(paths::data),
    };
    match run::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("inservice: {}", clean(&problem.to_string()));
            ExitCode::from(2)
        }
    }
}

/// The library of some folders, or the course.
fn library(packs: &[PathBuf]) -> Result<Library, Box<Problem>> {
    if packs.is_empty() { Ok(course::library()) } else { load(packs).map(|(library, _)| library) }
}

fn load(roots: &[PathBuf]) -> Result<(Library, Vec<Problem>), Box<Problem>> {
    let mut library = Library::default();
    let mut problems = Vec::new();
    for root in roots {
        problems.extend(disk::open(root, &mut library, &mut |_, _| {})?);
    }
    Ok((library, problems))
}

fn check(problems: &[Problem], json: bool) -> (String, u8) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let code = u8::from(errors > 0);
    if json {
        let problems: Vec<Value> = problems.iter().map(as_json).collect();
        return (format!("{}\n", json!({ "schema": SCHEMA, "problems": problems })), code);
    }
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for problem in problems {
        out.push_str(&report(problem, &renderer));
        out.push_str("\n\n");
    }
    let warnings = problems.len() - errors;
    let verdict = if problems.is_empty() {
        "No mistakes found.".to_owned()
    } else {
        format!("{} and {}.", count(errors, "error"), count(warnings, "warning"))
    };
    out.push_str(&verdict);
    out.push('\n');
    (out, code)
}

/// A problem as a person reads it: the place, the line with what is meant underlined, and what to do.
fn report(problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let what = clean(&problem.what).into_owned();
    let hint = clean(&problem.hint).into_owned();
    let title = level.primary_title(what).id(problem.code);
    let Some(place) = &problem.place else { return renderer.render(&[title.element(Level::HELP.message(hint))]) };
    // Cleaning may change lengths: the mark is measured on the cleaned pieces.
    let piece = |range: std::ops::Range<usize>| clean_code(place.excerpt.get(range).unwrap_or("")).into_owned();
    let (before, marked) = (piece(0..place.mark.start), piece(place.mark.clone()));
    let after = piece(place.mark.end..place.excerpt.len());
    let mark = before.len()..before.len() + marked.len();
    let line = format!("{before}{marked}{after}");
    let path = clean(&place.file).into_owned();
    let snippet =
        Snippet::source(line).line_start(place.line).path(path).annotation(AnnotationKind::Primary.span(mark));
    let group = title.element(snippet);
    renderer.render(&[if hint.is_empty() { group } else { group.element(Level::HELP.message(hint)) }])
}

fn as_json(problem: &Problem) -> Value {
    let place = problem.place.as_ref();
    json!({
        "severity": problem.severity,
        "code": problem.code,
        "file": place.map(|place| &place.file),
        "line": place.map(|place| place.line),
        "col": place.map(|place| place.col),
        "message": problem.what,
        "hint": problem.hint,
    })
}

fn list(library: &Library, json: bool) -> String {
    let rows = library
        .modules
        .iter()
        .enumerate()
        .map(|(at, module)| (module, library.counts(library.module_files(at).iter())));
    if json {
        let modules: Vec<Value> = rows
            .map(|(module, counts)| {
                let about = json!({
                    "id": module.id, "title": module.title, "level": module.level,
                    "weight": module.weight, "as_of": module.as_of,
                });
                merged(about, json!(counts))
            })
            .collect();
        let totals = library.counts(library.files.iter());
        return format!("{}\n", json!({ "schema": SCHEMA, "totals": totals, "modules": modules }));
    }
    let mut out = String::new();
    for (module, counts) in rows {
        let line = format!("{}  {}  {}", pad(&clean(&module.id), 24), pad(&clean(&module.title), 32), summary(&counts));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let totals = summary(&library.counts(library.files.iter()));
    out.extend([count(library.modules.len(), "module").as_str(), ": ", &totals, "\n"]);
    out
}

fn merged(mut left: Value, right: Value) -> Value {
    if let (Value::Object(left), Value::Object(right)) = (&mut left, right) {
        left.extend(right);
    }
    left
}

/// What there is, in words, without what there is not.
fn summary(counts: &Counts) -> String {
    let parts = [
        (counts.lessons, "lesson"),
        (counts.tables, "table"),
        (counts.cards + counts.generated_cards, "card"),
        (counts.trees, "tree"),
        (counts.situations, "situation"),
        (counts.questions, "question"),
        (counts.incidents, "incident"),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(n, noun)).collect();
    if parts.is_empty() { "nothing yet".to_owned() } else { parts.join(", ") }
}
