//! `optimize`: fits the schedule to one's own history, and says honestly what that has brought.

use serde_json::json;

use super::super::desk::Study;
use super::super::{Global, SCHEMA};
use super::Answer;
use crate::problem::Problem;
use crate::store::Store;
use crate::study::memory::Model;
use crate::study::optimize::{ENOUGH, Fit, Fitted, answers, fit, pasts, written};
use crate::study::review::effective;
use crate::study::schedule::Scheduler;
use crate::text::count;

/// Under these names parameters, those before them, and what is known about them are kept.
const PARAMETERS: &str = "parameters";
const BEFORE: &str = "parameters-before";
const ABOUT: &str = "parameters-about";
/// What stands for the published parameters.
const PUBLISHED: &str = "published";

fn read(text: &str) -> Option<Vec<f32>> {
    let all: Vec<f32> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
    (all.len() == crate::study::memory::PARAMETERS).then_some(all)
}

pub fn optimize(global: &Global, dry: bool, undo: bool, as_json: bool) -> Answer {
    let mut study = Study::open(global)?;
    if undo {
        return take_back(&mut study, as_json);
    }
    let rows = effective(study.store.log()?);
    let useful = answers(&rows);
    if useful < ENOUGH {
        let told = format!(
            "There are {} about items seen on two days or more; {ENOUGH} are needed. Nothing was changed.",
            count(useful, "answer")
        );
        return Ok(tell(as_json, &json!({ "answers": useful, "needed": ENOUGH, "changed": false }), &told, 1));
    }
    let settings = study.store.settings()?;
    let old = settings.get(PARAMETERS).and_then(|text| read(text));
    let steps = study.scheduler.rules.relearning.len();
    let Some(found) = fit(&pasts(&rows), old.as_deref(), steps) else {
        let hint = "Try again after some more days.";
        return Err(Box::new(Problem::error("optimize", "The answers do not yet tell parameters apart.", hint)));
    };
    let changed = found.gains() && !dry;
    if changed {
        let about = Fitted {
            day: study.now.day(),
            answers: useful,
            before: found.before.log_loss,
            after: found.after.log_loss,
        };
        let before = old.as_deref().map_or_else(|| PUBLISHED.to_owned(), written);
        study.store.set(BEFORE, &before)?;
        study.store.set(PARAMETERS, &written(&found.parameters))?;
        study.store.set(ABOUT, &about.kept())?;
        refold(&mut study.store, &study.scheduler, Some(&found.parameters))?;
    }
    let told = json!({
        "answers": useful, "needed": ENOUGH, "changed": changed, "held_out": found.held_out,
        "before": { "log_loss": found.before.log_loss, "rmse": found.before.rmse },
        "after": { "log_loss": found.after.log_loss, "rmse": found.after.rmse },
        "parameters": found.parameters,
    });
    Ok(tell(as_json, &told, &report(&found, useful, dry), u8::from(!found.gains())))
}

fn report(found: &Fit, useful: usize, dry: bool) -> String {
    let (before, after) = (found.before, found.after);
    let mut out = format!(
        "{}; measured on the last {} of them, which the fit had not seen:\n\n",
        count(useful, "answer"),
        found.held_out
    );
    out.push_str("             before     after\n");
    out.push_str(&format!("log loss   {:>8.4}  {:>8.4}\n", before.log_loss, after.log_loss));
    out.push_str(&format!("RMSE       {:>8.4}  {:>8.4}\n\n", before.rmse, after.rmse));
    let share = f64::from((before.log_loss - after.log_loss) / before.log_loss.max(f32::EPSILON)) * 100.0;
    out.push_str(&match (found.gains(), dry) {
        (false, _) => "No gain: the parameters stay as they were.".to_owned(),
        (true, true) => format!("A gain of {share:.1} %. Nothing was changed; without --dry-run it will be."),
        (true, false) => format!(
            "A gain of {share:.1} %. The schedule is fitted to you from now on; `inservice optimize --undo` takes it back."
        ),
    });
    out
}

/// The parameters before the last fit come back.
fn take_back(study: &mut Study, as_json: bool) -> Answer {
    let settings = study.store.settings()?;
    let Some(before) = settings.get(BEFORE) else {
        let told = "There is no fit to take back.";
        return Ok(tell(as_json, &json!({ "changed": false }), told, 1));
    };
    let old = read(before);
    match &old {
        Some(old) => study.store.set(PARAMETERS, &written(old))?,
        None => study.store.unset(PARAMETERS)?,
    }
    study.store.unset(BEFORE)?;
    study.store.unset(ABOUT)?;
    refold(&mut study.store, &study.scheduler, old.as_deref())?;
    Ok(tell(as_json, &json!({ "changed": true, "parameters": old }), "The parameters before the fit are back.", 0))
}

/// All states by other parameters.
fn refold(store: &mut Store, scheduler: &Scheduler, parameters: Option<&[f32]>) -> Result<(), Box<Problem>> {
    let scheduler = Scheduler { model: Model::new(parameters), rules: scheduler.rules.clone() };
    store.rebuild(&scheduler).map(|_| ())
}

fn tell(as_json: bool, about: &serde_json::Value, words: &str, code: u8) -> (String, u8) {
    if !as_json {
        return (format!("{words}\n"), code);
    }
    let mut object = json!({ "schema": SCHEMA });
    if let (Some(object), Some(about)) = (object.as_object_mut(), about.as_object()) {
        object.extend(about.clone());
    }
    (format!("{object}\n"), code)
}
