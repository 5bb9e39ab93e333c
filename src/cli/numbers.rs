//! Where one stands, in numbers: for a shell prompt, for scripts, and for a look from outside of the program.

mod optimize;
mod stats;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::desk::Study;
use super::{Global, SCHEMA};
use crate::content::library::Library;
use crate::packs;
use crate::problem::Problem;
use crate::run::world::goal;
use crate::store::Store;
use crate::study::day::{ahead, civil, iso, short, weekday};
use crate::study::desk::Desk;
use crate::study::items::Items;
use crate::study::progress::{Goal, Progress};
use crate::study::queue::Wish;
use crate::study::schedule::Scheduler;
use crate::text::{count, pad};

type Answer = Result<(String, u8), Box<Problem>>;

#[derive(Subcommand)]
pub enum Numbers {
    /// Set, show or clear the date of the interview.
    Date {
        /// The day, as 2026-12-11, or so many days from today, as +18.
        #[arg(allow_hyphen_values = false)]
        day: Option<String>,
        /// Minutes a day that are meant for it.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=600))]
        minutes: Option<u32>,
        /// Forget the date.
        #[arg(long, conflicts_with = "day")]
        clear: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Say in a few letters how much is due, fast enough for a shell prompt.
    Due {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// End with 1 when nothing is due.
        #[arg(long)]
        exit_code: bool,
    },
    /// Tell how ready one is, and what is waiting.
    Status {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Tell whether it works: readiness, retention, confidence, what is weak.
    Stats {
        /// Print one JSON object.
        #[arg(long, conflicts_with_all = ["csv", "svg"])]
        json: bool,
        /// Print a table of days for a spreadsheet.
        #[arg(long, conflicts_with = "svg")]
        csv: bool,
        /// Write the curve of readiness as a picture; `-` prints it.
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// Fit the schedule to your own history.
    Optimize {
        /// Tell what it would bring, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take the last fit back.
        #[arg(long, conflicts_with = "dry_run")]
        undo: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Tell what each day until the interview holds.
    Plan {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl Numbers {
    pub fn answer(self, global: &Global) -> Answer {
        match self {
            Self::Date { day, minutes, clear, json } => date(global, day.as_deref(), minutes, clear, json),
            Self::Due { json, exit_code } => due(global, json, exit_code),
            Self::Status { json } => status(global, json),
            Self::Plan { json } => plan(global, json),
            Self::Stats { json, csv, svg } => stats::stats(global, &stats::Ways { json, csv, svg: svg.as_deref() }),
            Self::Optimize { dry_run, undo, json } => optimize::optimize(global, dry_run, undo, json),
        }
    }
}

/// A share in per cent, without decimals.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The date of the interview as people read it.
fn when(goal: &Goal, today: i64) -> String {
    match goal.date {
        Some(date) => {
            let (year, ..) = civil(date);
            let days = usize::try_from((date - today).unsigned_abs()).unwrap_or(0);
            let far = match date - today {
                0 => "today".to_owned(),
                ..0 => format!("{} ago", count(days, "day")),
                _ => format!("in {}", count(days, "day")),
            };
            format!("Interview on {} {} {year}, {far}; {}.", weekday(date), short(date), goal.effort())
        }
        None => format!("No interview date is set; {}.", goal.effort()),
    }
}

fn date(global: &Global, day: Option<&str>, minutes: Option<u32>, clear: bool, as_json: bool) -> Answer {
    let today = global.clock().now().day();
    let store = Store::open(&global.data().join("history.db"))?;
    if let Some(text) = day {
        let hint = "Write it as 2026-12-11, or as +18 for eighteen days from today.";
        let wrong = |what: String| Box::new(Problem::error("bad-date", what, hint));
        let date = ahead(text, today).ok_or_else(|| wrong(format!("`{text}` is not a date.")))?;
        if date < today {
            return Err(wrong(format!("{} lies behind.", iso(date))));
        }
        store.set("date", &iso(date))?;
    }
    if clear {
        store.unset("date")?;
    }
    if let Some(minutes) = minutes {
        store.set("minutes", &minutes.to_string())?;
    }
    let goal = goal(&store.settings()?);
    if as_json {
        let days = goal.date.map(|date| date - today);
        let told = json!({ "schema": SCHEMA, "date": goal.date.map(iso), "days_left": days, "minutes": goal.daily() });
        return Ok((format!("{told}\n"), 0));
    }
    Ok((format!("{}\n", when(&goal, today)), 0))
}

/// How much is due. Only states and the date are read; the library only when there may be something.
fn due(global: &Global, as_json: bool, exit_code: bool) -> Answer {
    let history = global.data().join("history.db");
    let now = global.clock().now();
    let mut due = 0;
    if history.exists() {
        let store = Store::open(&history)?;
        let progress = Progress::new(store.states()?, Vec::new(), false, goal(&store.settings()?));
        let (none, nothing, scheduler) = (Library::default(), Items::default(), Scheduler::default());
        let desk = Desk { library: &none, items: &nothing, progress: &progress, scheduler: &scheduler, now, seed: 0 };
        let waiting = |(id, state): &(&str, &_)| desk.waits(id, state);
        let ids: Vec<&str> = progress.states().filter(waiting).map(|(id, _)| id).collect();
        if !ids.is_empty() {
            // What was removed from the library is not due any more.
            let (library, _) = packs::library(&global.roots())?;
            due = ids.into_iter().filter(|id| library.named(id).is_some()).count();
        }
    }
    let code = u8::from(exit_code && due == 0);
    if as_json {
        return Ok((format!("{}\n", json!({ "schema": SCHEMA, "due": due })), code));
    }
    Ok((if due == 0 { "nothing due\n".to_owned() } else { format!("{due} due\n") }, code))
}

fn status(global: &Global, as_json: bool) -> Answer {
    let study = Study::open(global)?;
    let desk = study.desk();
    let set = desk.set(&Wish::default());
    let (ready, today) = (desk.readiness(&set), desk.today());
    let goal = study.progress.goal;
    let due = desk.due_now();
    let new = set.iter().filter(|at| !desk.state(**at).seen()).count();
    let minutes = desk.count_of(&set).seconds.div_ceil(60);
    if as_json {
        let share = |value: f64| (value * 10_000.0).round() / 10_000.0;
        let done = study.progress.done(study.now);
        let told = json!({
            "schema": SCHEMA,
            "date": goal.date.map(iso),
            "days_left": goal.date.map(|date| date - today),
            "readiness": {
                "now": share(ready.now), "on_day": share(ready.on_day), "with_today": share(ready.with_today),
            },
            "due": due, "new": new, "seen": ready.seen, "total": ready.total, "minutes_today": minutes,
            "minutes_a_day": goal.daily(),
            "done": { "answers": done.answers, "seconds": done.seconds },
        });
        return Ok((format!("{told}\n"), 0));
    }
    let mut out = format!("{}\n", when(&goal, today));
    let then = match goal.ahead(today) {
        Some(_) => format!("Ready on the day {}", percent(ready.on_day)),
        None => format!("Ready {}", percent(ready.now)),
    };
    out.push_str(&format!("{then}, with today's set {}", percent(ready.with_today)));
    if goal.ahead(today).is_some() {
        out.push_str(&format!(", asked now {}", percent(ready.now)));
    }
    out.push_str(&format!(".\n{due} due, {new} new, {} of {} seen.\n", ready.seen, ready.total));
    out.push_str(&if set.is_empty() {
        "There is nothing to do today.\n".to_owned()
    } else {
        format!("Today's set: {}, about {minutes} min.\n", count(set.len(), "item"))
    });
    Ok((out, 0))
}

fn plan(global: &Global, as_json: bool) -> Answer {
    let study = Study::open(global)?;
    let desk = study.desk();
    let days = desk.plan();
    let (goal, today) = (study.progress.goal, desk.today());
    if as_json {
        let rows: Vec<Value> = days
            .iter()
            .map(|day| {
                json!({
                    "day": iso(day.day), "weekday": weekday(day.day), "reviews": day.reviews, "new": day.new,
                    "minutes": day.minutes(), "readiness": (day.ready * 10_000.0).round() / 10_000.0,
                })
            })
            .collect();
        let told = json!({
            "schema": SCHEMA, "date": goal.date.map(iso), "days_left": goal.date.map(|date| date - today), "days": rows,
        });
        return Ok((format!("{told}\n"), 0));
    }
    let mut out = format!("{}\n\n{}{}{}\n", when(&goal, today), pad("Day", 14), "reviews   new   minutes   ", "ready");
    for day in &days {
        out.push_str(&format!(
            "{}{:>7}{:>6}{:>10}{:>8}\n",
            pad(&format!("{} {}", weekday(day.day), short(day.day)), 14),
            day.reviews,
            day.new,
            day.minutes(),
            percent(day.ready)
        ));
    }
    out.push_str(if goal.ahead(today).is_some() {
        "\nReady: what would be recalled on the day of the interview, if every answer is good.\n"
    } else {
        "\nReady: what would be recalled two weeks from now, if every answer is good.\n"
    });
    Ok((out, 0))
}
