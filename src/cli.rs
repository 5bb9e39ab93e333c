//! The command line. Answers go to standard output, diagnostics to standard error; exit codes: 0 done, 1 the answer is
//! "no", 2 usage or environment.

mod check;
mod desk;
mod doctor;
mod find;
mod interview;
mod keep;
mod list;
mod new;
mod numbers;
mod plain;
mod quiz;
mod show;
mod table;
mod transfer;
mod tree;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::app::Start;
use crate::clock::Clock;
use crate::command;
use crate::config::Config;
use crate::content;
use crate::content::front::Kind;
use crate::content::library::Target;
use crate::packs;
use crate::paths;
use crate::problem::Problem;
use crate::run::{self, Options, world};
use crate::study::review::Grade;
use crate::text::{clean, pad};
use crate::theme::{self, Theme};
use crate::ui::glyphs;

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
    /// A clock that stands still, so that a run can be repeated.
    #[arg(long, value_name = "TIME", global = true, hide = true, env = "INSERVICE_NOW", value_parser = Clock::still)]
    now: Option<Clock>,
    /// Where shuffles begin, so that a run can be repeated.
    #[arg(long, global = true, hide = true, env = "INSERVICE_SEED")]
    seed: Option<u64>,
}

impl Global {
    /// The clock of the wall, or the one that stands still.
    fn clock(&self) -> Clock {
        self.now.clone().unwrap_or_default()
    }

    /// The folder of the history.
    fn data(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(paths::data)
    }

    /// The settings; the program itself tells what is wrong with them.
    fn settings(&self) -> Config {
        world::settings(&self.config.clone().unwrap_or_else(paths::config)).0
    }

    /// The folders that are opened; none of them: the course.
    fn roots(&self) -> Vec<PathBuf> {
        world::roots(&self.packs, &self.settings())
    }
}

#[derive(Subcommand)]
enum Command {
    /// Drill a place, or what is due.
    Drill {
        /// What to drill: a module, a lesson, a table, a deck.
        place: Option<String>,
        /// Ask line by line, for pipes and screen readers.
        #[arg(long)]
        plain: bool,
    },
    /// Open the comparison tables, or the one at a place.
    Compare {
        /// A table, or where one stands: a module, a lesson, a section.
        place: Option<String>,
    },
    /// Be asked the situations of a place, or choose a tree.
    Quiz {
        /// What to ask: a module, a tree, a situation.
        place: Option<String>,
        /// Ask line by line, for pipes and screen readers.
        #[arg(long)]
        plain: bool,
    },
    /// Copy the history to a file and read the copy back; without a file, list the daily copies.
    Backup { file: Option<PathBuf> },
    /// Put a copy in the place of the history; what was there is kept aside.
    Restore {
        /// A copy; left out: the newest daily one that is whole.
        file: Option<PathBuf>,
    },
    /// Take cards and histories of other programs: Anki, Obsidian, hashcards, CSV, TSV, JSON.
    Import {
        /// Files: .apkg, .txt (Anki's text), .md, .csv, .tsv, .json.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What the files are, where their names do not say it.
        #[arg(long, default_value = "auto")]
        format: transfer::Format,
        /// The folder of the pack that the cards become; left out: a new one that is called as the file.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
        /// Tell what would be taken and write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write cards for other programs: .apkg and .txt for Anki, .csv, .tsv, .md, or .json with the whole history.
    Export {
        /// A file that is not there yet.
        file: PathBuf,
        /// What to write: a module, a lesson, a table, a deck, a card; left out: everything.
        place: Option<String>,
        /// What the file is to be, where its name does not say it.
        #[arg(long, default_value = "auto")]
        format: transfer::Format,
        /// Only the history, as JSON, to be merged into another by `import`.
        #[arg(long)]
        history: bool,
    },
    /// List what has a history and is not in the library any more.
    Orphans {
        /// Forget them; the answers stay in the log.
        #[arg(long)]
        clean: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print what would be asked next.
    Next {
        place: Option<String>,
        #[arg(long, default_value_t = 1)]
        limit: usize,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Record an answer from a script; it is on disk when this ends.
    Answer {
        /// The id, as `next --json` gives it.
        id: String,
        /// again, hard, good or easy.
        #[arg(value_parser = grade)]
        grade: Grade,
        /// When it was answered, such as 2026-11-25T09:00:00Z; left out: now.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    #[command(flatten)]
    Numbers(numbers::Numbers),
    /// Take an answer back: the last one, or the one that `answer` named.
    Undo { which: Option<String> },
    /// Find every mistake in packs: file, line, column, what is wrong and what to do.
    Check {
        /// Folders of Markdown.
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print a lesson, section, table, card, tree or question.
    Show {
        /// What to print: `load-balancing`, `load-balancing#tls`, the id of a card.
        place: String,
        /// Columns of the text.
        #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u16).range(10..=1000))]
        width: u16,
        /// When to colour.
        #[arg(long, value_name = "WHEN", default_value = "auto")]
        color: When,
        /// A table as markdown, csv or json, a tree as dot or mermaid, for a pipe.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Find anything by a few letters, best first, as the program does.
    Find {
        /// Words in any order; `t:` before them keeps to tables, `c:` cards, `q:` questions, `h:` headings, `n:` nodes,
        /// `s:` situations, `p:` prose, `:` commands.
        #[arg(required = true)]
        query: Vec<String>,
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Write a pack to start from, which passes `check`.
    New {
        /// A folder that does not exist yet, or is empty.
        dir: PathBuf,
    },
    /// Print all keys.
    Keys {
        /// As Markdown, for the documentation.
        #[arg(long)]
        markdown: bool,
    },
    /// Tell what is where, and what is wrong with it.
    Doctor {
        /// Compute what is known anew from the log of answers.
        #[arg(long)]
        repair: bool,
    },
    /// Print completions for a shell.
    Completions { shell: clap_complete::Shell },
    /// Print the manual page.
    Man,
    /// Hold a mock interview: of all modules, about a place, one question, or an incident.
    Interview(interview::Args),
    /// List the modules of packs with what is in them.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// What `show` prints for a pipe.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// As a person reads it.
    Text,
    /// A comparison table for a document.
    Markdown,
    /// A comparison table for a spreadsheet.
    Csv,
    /// A comparison table for a script.
    Json,
    /// A tree for Graphviz.
    Dot,
    /// A tree as Git hosts draw it.
    Mermaid,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

fn refuse(problem: &Problem) -> ExitCode {
    eprintln!("inservice: {}", clean(&problem.to_string()));
    ExitCode::from(2)
}

/// Runs the command of the arguments.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    let global = args.global;
    if let (Some(place), Some(_)) = (&args.place, &args.command) {
        let what = format!("`{place}` stands before a command.");
        let hint = format!("Write it behind the command: `inservice drill {place}`.");
        return refuse(&Problem::error("place-before-command", what, hint));
    }
    let answer = match args.command {
        None => return open(global, args.place, Start::Read),
        Some(Command::Interview(asked)) if asked.opens() => return open(global, asked.place, Start::Interview),
        Some(Command::Interview(asked)) => {
            let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
            interview::interview(&global, &asked, &mut input, &mut out)
        }
        Some(Command::Show { place, width, color, format }) => {
            show(&global, &place, width, color, format).map(|text| (text, 0))
        }
        Some(Command::Compare { place }) => return open(global, place, Start::Compare),
        Some(Command::Find { query, limit, json }) => find::find(&global, &query.join(" "), limit, json),
        Some(Command::New { dir }) => new::new(&dir).map(|text| (text, 0)),
        Some(Command::Keys { markdown }) => Ok((if markdown { command::markdown() } else { keys() }, 0)),
        Some(Command::Doctor { repair }) => {
            let config = global.config.unwrap_or_else(paths::config);
            let data = global.data_dir.unwrap_or_else(paths::data);
            let (text, well) = doctor::doctor(&config, &data, repair, environment);
            Ok((text, u8::from(!well)))
        }
        Some(Command::Completions { shell }) => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "inservice", &mut out);
            Ok((String::from_utf8_lossy(&out).into_owned(), 0))
        }
        Some(Command::Man) => {
            let mut out = Vec::new();
            // Writing to memory does not fail.
            let _ = clap_mangen::Man::new(Args::command()).render(&mut out);
            Ok((String::from_utf8_lossy(&out).into_owned(), 0))
        }
        Some(Command::Drill { place, plain: true }) => {
            let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
            plain::drill(&global, place.as_deref(), &mut input, &mut out).map(|code| (String::new(), code))
        }
        Some(Command::Drill { place, plain: false }) => return open(global, place, Start::Drill),
        Some(Command::Quiz { place, plain: true }) => {
            let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
            quiz::quiz(&global, place.as_deref(), &mut input, &mut out).map(|code| (String::new(), code))
        }
        Some(Command::Quiz { place, plain: false }) => return open(global, place, Start::Quiz),
        Some(Command::Next { place, limit, json }) => desk::next(&global, place.as_deref(), limit, json),
        Some(Command::Answer { id, grade, at }) => {
            let at = at.map(|text| global.clock().read(&text)).transpose();
            let at = at.map_err(|why| Box::new(Problem::error("bad-time", format!("The time is not one: {why}."), "")));
            at.and_then(|at| desk::answer(&global, &id, grade, at))
        }
        Some(Command::Backup { file }) => keep::backup(&global, file.as_deref()).map(|text| (text, 0)),
        Some(Command::Restore { file }) => keep::bring_back(&global, file.as_deref()).map(|text| (text, 0)),
        Some(Command::Orphans { clean, json }) => keep::removed(&global, clean, json),
        Some(Command::Import { files, format, into, dry_run }) => {
            let wish = transfer::Import { files: &files, format, into: into.as_deref(), dry: dry_run };
            transfer::import(&global, &wish).map(|text| (text, 0))
        }
        Some(Command::Export { file, place, format, history }) => {
            let wish = transfer::export::Export { file: &file, place: place.as_deref(), format, history };
            transfer::export::export(&global, &wish).map(|text| (text, 0))
        }
        Some(Command::Numbers(numbers)) => numbers.answer(&global),
        Some(Command::Undo { which }) => desk::undo(&global, which.as_deref()),
        Some(Command::Check { paths, json }) => packs::library(&paths).map(|(library, mut problems)| {
            problems.extend(desk::reworded(&global, &library));
            check::check(&problems, json)
        }),
        Some(Command::List { json }) => {
            packs::library(&global.roots()).map(|(library, _)| (list::list(&library, json), 0))
        }
    };
    let (text, code) = match answer {
        Ok(answer) => answer,
        Err(problem) => return refuse(&problem),
    };
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::from(code)
}

fn grade(text: &str) -> Result<Grade, String> {
    text.parse().map_err(|()| "write again, hard, good or easy".to_owned())
}

fn open(global: Global, place: Option<String>, start: Start) -> ExitCode {
    let options = Options {
        packs: global.packs,
        place,
        start,
        theme: global.theme,
        config: global.config.unwrap_or_else(paths::config),
        data: global.data_dir.unwrap_or_else(paths::data),
        seed: global.seed.unwrap_or_else(|| fastrand::u64(..)),
        clock: global.now.unwrap_or_default(),
    };
    match run::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => refuse(&problem),
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// All keys as lines for a person.
fn keys() -> String {
    let mut out = String::new();
    for scope in command::SCOPES.iter().copied() {
        out.push_str(&format!("{}\n", scope.name()));
        for row in command::rows(scope) {
            let keys: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
            out.push_str(&format!("  {}  {}\n", pad(&keys.join(" "), 28), row.help));
        }
        out.push('\n');
    }
    out
}

fn show(global: &Global, place: &str, width: u16, when: When, format: Format) -> Result<String, Box<Problem>> {
    if matches!(format, Format::Markdown | Format::Csv | Format::Json) {
        return table::table(global, place, format);
    }
    let roots = global.roots();
    let (library, _) = packs::library(&roots)?;
    let target = library.find(place)?;
    let nothing = || Box::new(Problem::error("no-place", format!("`{place}` has nothing to print yet."), ""));
    let (at, span) = library.extent(target).ok_or_else(nothing)?;
    let file = library.files.get(at).ok_or_else(nothing)?;
    let text = packs::text_of(&roots, &library, at)?;
    let glyphs = glyphs::suitable(environment);
    if let (Target::File(_), Kind::Tree) = (target, file.kind) {
        let tree = content::tree::read(&text, file.body);
        return Ok(tree::show(&tree, &file.title, format, usize::from(width), glyphs));
    }
    if format != Format::Text {
        let hint = "Name a tree; `inservice list` shows what there is.";
        return Err(Box::new(Problem::error("no-tree", format!("`{place}` is not a decision tree."), hint)));
    }
    let part = text.get(span.start..span.end.min(text.len())).unwrap_or("");
    let colour = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => coloured(),
    };
    let (suitable, depth) = theme::suitable(environment);
    let theme = colour.then(|| {
        let depth =
            if matches!(when, When::Always) && depth == theme::Depth::None { theme::Depth::Sixteen } else { depth };
        Theme::built_in(global.theme.as_deref().unwrap_or(suitable), depth)
    });
    let mut out = String::new();
    if matches!(target, Target::File(_) | Target::Module(_)) {
        out.push_str(&format!("{}\n\n", clean(&file.title)));
    }
    out.push_str(show::show(part, usize::from(width), glyphs, theme.as_ref()).trim_start_matches('\n'));
    Ok(out)
}

/// Whether answers are coloured: on a terminal that does not forbid it.
fn coloured() -> bool {
    std::io::stdout().is_terminal() && environment("NO_COLOR").is_none_or(|value| value.is_empty())
}
