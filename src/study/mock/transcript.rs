//! An interview as Markdown, for the learner's own folder.

use super::clock;
use super::past::{by, sum};
use super::run::{Done, Run, Scored};
use crate::study::day::{Moment, iso};

/// The transcript of an interview.
#[must_use]
pub fn transcript(run: &Run) -> String {
    let total = sum(&run.done);
    let begun = run.begun();
    let mut out = format!("# {}\n\n{}, seed {}.\n\n", run.title, wall(begun), run.seed);
    out.push_str(&format!(
        "**{} of {} points ({} %)**, {} asked, {} skipped, {} of {} minutes.\n",
        total.score.got,
        total.score.of,
        total.score.percent(),
        total.questions,
        total.skipped,
        clock(total.took / 1000),
        clock(total.meant.into()),
    ));
    let table = |out: &mut String, head: &str, rows: Vec<(String, super::past::Sum)>| {
        out.push_str(&format!("\n| {head} | questions | points | time |\n|---|--:|--:|--:|\n"));
        for (name, sum) in rows {
            let (score, time) = (sum.score, clock(sum.took / 1000));
            out.push_str(&format!(
                "| {} | {} | {} of {} | {time} |\n",
                inline(&name),
                sum.questions,
                score.got,
                score.of
            ));
        }
    };
    if run.done.len() > 1 {
        table(&mut out, "module", by(&run.done, |done| done.module.clone()));
        let level = |done: &Done| done.level.map_or_else(String::new, |level| level.name().to_owned());
        table(&mut out, "level", by(&run.done, level));
    }
    for (n, done) in run.done.iter().enumerate() {
        question(&mut out, n + 1, done);
    }
    out
}

/// The date and the time that the clock on the wall showed; a night belongs to its own date here.
#[must_use]
pub fn wall(when: Moment) -> String {
    let date = (when.at.div_euclid(1000) + i64::from(when.offset)).div_euclid(86_400);
    let minutes = when.seconds() / 60;
    format!("{} at {}:{:02}", iso(date), minutes / 60, minutes % 60)
}

fn question(out: &mut String, n: usize, done: &Done) {
    out.push_str(&format!("\n## {n}. {}\n\n", inline(&done.prompt)));
    let mut facts: Vec<String> =
        [done.module.clone(), done.level.map_or_else(String::new, |level| level.name().into())]
            .into_iter()
            .filter(|fact| !fact.is_empty())
            .collect();
    match done.grade() {
        Some(grade) => facts.push(format!("{} of {} points: {}", done.score.got, done.score.of, grade.name())),
        None => facts.push("skipped".to_owned()),
    }
    facts.push(format!("{} of {}", clock(done.took / 1000), clock(done.meant.into())));
    out.push_str(&format!("{}\n", inline(&facts.join(" · "))));
    if !done.skipped() {
        out.push_str("\n### Answer\n\n");
        if done.said.is_empty() {
            out.push_str("Given aloud.\n");
        }
        for line in done.said.lines() {
            out.push_str(&format!("> {line}\n"));
        }
    }
    list(out, "Rubric", &done.points, |line| format!("- [{}] ({}) ", tick(line), line.weight));
    list(out, "Follow-ups", &done.follow_ups, |line| format!("- [{}] ", tick(line)));
    let raised: Vec<Scored> = done.raised().cloned().collect();
    list(out, "Red flags raised", &raised, |_| "- ".to_owned());
}

fn tick(line: &Scored) -> char {
    if line.ticked { 'x' } else { ' ' }
}

fn list(out: &mut String, head: &str, lines: &[Scored], lead: impl Fn(&Scored) -> String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n### {head}\n\n"));
    for line in lines {
        out.push_str(&format!("{}{}\n", lead(line), inline(&line.text)));
    }
}

/// A text that stays on its line and out of the columns of a table.
fn inline(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::run;
    use super::super::score::Sheet;
    use super::super::score::tests::question;
    use super::*;
    use crate::content::front::Level;

    #[test]
    fn a_transcript_reads_as_markdown() {
        let mut run = run(2);
        let slot = super::super::run::Slot { level: Some(Level::L2), ..run.slots[0].clone() };
        let sheet = Sheet { points: vec![true, false, true, false], follow_ups: vec![false], flags: vec![true, false] };
        run.done = vec![
            Done::new(&slot, &question(), "Tasks | pods", Some(&sheet), 65_000, "First I look.\n\nThen I say.\n"),
            Done::new(&slot, &question(), "Other", None, 0, ""),
        ];
        let text = transcript(&run);
        for part in [
            "# Interview\n\n1970-01-01 at 1:16, seed 7.\n",
            "**4 of 16 points (25 %)**, 2 asked, 1 skipped, 1:05 of 10:00 minutes.",
            "| Tasks \\| pods | 1 | 4 of 8 | 1:05 |",
            "| L2 | 2 | 4 of 16 | 1:05 |",
            "## 1. Why?\n\nTasks \\| pods · L2 · 4 of 8 points: again · 1:05 of 5:00\n",
            "> First I look.\n> \n> Then I say.\n",
            "- [x] (2) Asks first.\n- [ ] (1) Reads 137.\n",
            "### Follow-ups\n\n- [ ] One zone? (The subnet.)\n",
            "### Red flags raised\n\n- Redeploys.\n",
            "## 2. Why?\n\nOther · L2 · skipped · 0:00 of 5:00\n",
        ] {
            assert!(text.contains(part), "{part}\nis missing in\n{text}");
        }
    }
}
