//! `stats`: the same numbers as in the program, for people, scripts and spreadsheets.

use std::path::Path;

use serde_json::{Value, json};

use super::super::desk::Study;
use super::super::{Global, SCHEMA, environment};
use super::Answer;
use crate::problem::Problem;
use crate::screen::stats::lines;
use crate::screen::stats::report::Report;
use crate::study::day::iso;
use crate::study::items::Kind;
use crate::study::picture::svg;
use crate::study::review::{Confidence, effective};
use crate::study::stats::{Retention, Tally, grade_name, table};
use crate::ui::glyphs;

/// How the numbers are told.
pub struct Ways<'a> {
    pub json: bool,
    pub csv: bool,
    pub svg: Option<&'a Path>,
}

pub fn stats(global: &Global, ways: &Ways<'_>) -> Answer {
    let study = Study::open(global)?;
    let rows = effective(study.store.log()?);
    let report = Report::new(&study.desk(), &rows, &study.store.settings()?);
    if let Some(file) = ways.svg {
        return picture(&report, file);
    }
    if ways.csv {
        return csv(&report);
    }
    if ways.json {
        return Ok((format!("{}\n", object(&study, &report)), 0));
    }
    if report.stats.total() == 0 {
        return Ok(("Nothing was answered yet.\n".to_owned(), 0));
    }
    let mut out = String::new();
    for line in report.blocks(80, glyphs::suitable(environment)).into_iter().flat_map(lines) {
        out.push_str(line.plain().trim_end());
        out.push('\n');
    }
    Ok((out.trim_end().to_owned() + "\n", 0))
}

fn picture(report: &Report, file: &Path) -> Answer {
    let text = svg(&report.curve());
    if file == Path::new("-") {
        return Ok((text, 0));
    }
    std::fs::write(file, text).map_err(|why| {
        let what = format!("`{}` cannot be written: {why}.", file.display());
        Box::new(Problem::error("unwritable", what, "Name a file in a folder that you may write to."))
    })?;
    Ok((format!("The picture is in `{}`.\n", file.display()), 0))
}

fn csv(report: &Report) -> Answer {
    let failed = || Box::new(Problem::error("csv", "The table could not be made.", ""));
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in table(&report.stats) {
        out.write_record(&row).map_err(|_| failed())?;
    }
    let bytes = out.into_inner().map_err(|_| failed())?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), 0))
}

fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

fn of_tally(tally: Tally) -> Value {
    json!({ "answers": tally.answers, "right": tally.right, "share": tally.share().map(rounded) })
}

fn of_retention(found: Retention) -> Value {
    json!({
        "true": found.asked.share().map(rounded), "predicted": found.expected().map(rounded),
        "answers": found.asked.answers,
    })
}

fn joined(mut left: Value, right: Value) -> Value {
    if let (Value::Object(left), Value::Object(right)) = (&mut left, right) {
        left.extend(right);
    }
    left
}

fn object(study: &Study, report: &Report) -> Value {
    let (stats, today) = (&report.stats, report.today);
    let grades: serde_json::Map<String, Value> =
        stats.by_grade.iter().enumerate().map(|(at, n)| (grade_name(at).to_owned(), json!(n))).collect();
    let periods = [("7", Some(7)), ("30", Some(30)), ("90", Some(90))];
    let periods: Vec<Value> = periods
        .into_iter()
        .map(|(name, days)| {
            joined(json!({ "days": name.parse::<u32>().ok() }), of_retention(stats.retention(today, days)))
        })
        .collect();
    let modules: Vec<Value> = study
        .library
        .modules
        .iter()
        .zip(report.modules.iter().zip(&stats.modules))
        .map(|(module, ((_, standing), tally))| {
            let about = json!({
                "id": module.id, "title": module.title, "readiness": rounded(standing.ready), "seen": standing.seen,
                "total": standing.total, "due": standing.due,
            });
            joined(about, of_tally(*tally))
        })
        .collect();
    let named = |title: &str, tally: Tally| joined(json!({ "title": title }), of_tally(tally));
    let trees: Vec<Value> = stats.trees.iter().map(|(title, tally)| named(title, *tally)).collect();
    let levels: Vec<Value> = stats.levels.iter().map(|(level, tally)| named(level, *tally)).collect();
    let leeches: Vec<Value> = stats
        .leeches
        .iter()
        .map(|leech| {
            json!({ "id": leech.id, "prompt": leech.words, "lapses": leech.lapses, "suspended": leech.suspended })
        })
        .collect();
    let confidence: Vec<Value> = Confidence::ALL
        .iter()
        .zip(stats.confidence)
        .map(|(sure, tally)| joined(json!({ "confidence": sure.name(), "claim": sure.claim() }), of_tally(tally)))
        .collect();
    let seconds: serde_json::Map<String, Value> =
        Kind::ALL.iter().zip(stats.seconds).map(|(kind, seconds)| (kind.name().to_owned(), json!(seconds))).collect();
    let curve = report.curve();
    let point =
        |(day, share): &(i64, f64), plan: bool| json!({ "day": iso(*day), "readiness": rounded(*share), "plan": plan });
    let points: Vec<Value> = curve
        .past
        .iter()
        .map(|at| point(at, false))
        .chain(curve.coming.iter().skip(1).map(|at| point(at, true)))
        .collect();
    let fitted = report.fitted.map(|fitted| {
        json!({
            "day": iso(fitted.day), "answers": fitted.answers, "log_loss_before": fitted.before,
            "log_loss_after": fitted.after,
        })
    });
    let today_answers = stats.days.get(&today).map_or(0, crate::study::stats::Daily::answers);
    json!({
        "schema": SCHEMA,
        "reviews": { "total": stats.total(), "today": today_answers, "by_grade": grades },
        "retention": joined(of_retention(stats.retention(today, None)), json!({ "periods": periods })),
        "modules": modules, "trees": trees, "levels": levels, "leeches": leeches, "confidence": confidence,
        "forecast": report.forecast, "seconds": seconds, "curve": points,
        "optimizer": { "useful_answers": report.useful, "fitted": fitted },
    })
}
