//! An interview on its way: what is asked, in which phase it is, how long it took, what was said.

use serde::{Deserialize, Serialize};

use super::choose::Wish;
use super::past::Note;
use super::score::{Score, Sheet};
use super::{FOLLOWING, Round, Watch};
use crate::content::front::Level;
use crate::content::question::Question;
use crate::study::day::{Millis, Moment};
use crate::study::review::{Act, Grade};

/// A place in an interview: what is asked and how long it may take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub id: String,
    pub round: Round,
    pub level: Option<Level>,
    /// Seconds.
    pub think: u32,
    pub answer: u32,
}

/// What kind of an interview it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Interview(Wish),
    /// The incident of a file, by its id.
    Incident(String),
    /// One question, practised from anywhere.
    Single,
}

/// Where a question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    #[default]
    Think,
    Answer,
    FollowUp,
    Points,
    Flags,
    /// The model answers are read.
    Models,
    /// Every question was asked.
    Over,
}

impl Phase {
    /// Whether a clock runs in it.
    #[must_use]
    pub fn timed(self) -> bool {
        self <= Self::FollowUp
    }
}

/// A question that was scored, or skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub id: String,
    pub prompt: String,
    pub module: String,
    pub level: Option<Level>,
    pub score: Score,
    /// Absent where it was skipped.
    pub grade: Option<u32>,
    /// Milliseconds of the answer and its follow-ups.
    pub took: Millis,
    /// Seconds that were meant for it.
    pub meant: u32,
    pub said: String,
    pub points: Vec<Scored>,
    pub follow_ups: Vec<Scored>,
    pub flags: Vec<Scored>,
}

/// A line of the rubric and whether it was ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    pub text: String,
    pub weight: u32,
    pub ticked: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<String>,
}

impl Done {
    /// What was scored on a question.
    #[must_use]
    pub fn new(
        slot: &Slot,
        question: &Question,
        module: &str,
        sheet: Option<&Sheet>,
        took: Millis,
        said: &str,
    ) -> Self {
        let empty = Sheet::default();
        let ticks = sheet.unwrap_or(&empty);
        let lines = |points: &[crate::content::question::Point], ticks: &[bool]| -> Vec<Scored> {
            let ticked = |at: usize| ticks.get(at).copied().unwrap_or(false);
            let scored = |(at, point): (usize, &crate::content::question::Point)| Scored {
                text: point.text.plain(),
                weight: point.weight,
                ticked: ticked(at),
                terms: point.terms.clone(),
            };
            points.iter().enumerate().map(scored).collect()
        };
        let follow_ups = question.follow_ups.iter().enumerate().map(|(at, text)| Scored {
            text: text.plain(),
            weight: 1,
            ticked: ticks.follow_ups.get(at).copied().unwrap_or(false),
            terms: Vec::new(),
        });
        Self {
            id: slot.id.clone(),
            prompt: question.prompt.clone(),
            module: module.to_owned(),
            level: slot.level,
            score: ticks.score(question),
            grade: sheet.map(|sheet| sheet.grade(question).number()),
            took,
            meant: slot.answer + FOLLOWING * u32::try_from(question.follow_ups.len()).unwrap_or(0),
            said: said.trim().to_owned(),
            points: lines(&question.rubric, &ticks.points),
            follow_ups: follow_ups.collect(),
            flags: lines(&question.red_flags, &ticks.flags),
        }
    }

    #[must_use]
    pub fn skipped(&self) -> bool {
        self.grade.is_none()
    }

    /// What the log says happened. A stage is no item of the schedule, and passing on a question tells nothing that the
    /// schedule could use: both are counted only.
    #[must_use]
    pub fn act(&self, slot: &Slot) -> Act {
        match self.grade() {
            Some(grade) if slot.round != Round::Stage => Act::Grade(grade),
            grade => Act::Cram(grade.unwrap_or(Grade::Again)),
        }
    }

    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        Grade::from_number(self.grade?)
    }

    pub fn missed(&self) -> impl Iterator<Item = &Scored> {
        self.points.iter().chain(&self.follow_ups).filter(|line| !line.ticked)
    }

    pub fn raised(&self) -> impl Iterator<Item = &Scored> {
        self.flags.iter().filter(|line| line.ticked)
    }

    /// What the log keeps of it.
    #[must_use]
    pub fn note(&self, interview: Option<Millis>) -> Note {
        let texts = |lines: &mut dyn Iterator<Item = &Scored>| lines.map(|line| line.text.clone()).collect();
        Note {
            score: self.score.got,
            of: self.score.of,
            missed: texts(&mut self.missed()),
            flags: texts(&mut self.raised()),
            seconds: u32::try_from(self.took / 1000).unwrap_or(u32::MAX),
            skipped: self.skipped(),
            interview,
        }
    }
}

/// An interview on its way. It is kept whole, so that it goes on after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub kind: Kind,
    pub title: String,
    begun: Millis,
    offset: i32,
    pub seed: u64,
    pub slots: Vec<Slot>,
    pub at: usize,
    pub phase: Phase,
    /// Which follow-up is asked.
    pub follow_up: usize,
    watch: Watch,
    /// Milliseconds of the phases of this question that are over, thinking left out.
    took: Millis,
    pub sheet: Sheet,
    pub done: Vec<Done>,
}

impl Run {
    #[must_use]
    pub fn new(kind: Kind, title: &str, slots: Vec<Slot>, seed: u64, now: Moment) -> Self {
        let mut run = Self {
            kind,
            title: title.to_owned(),
            begun: now.at,
            offset: now.offset,
            seed,
            slots,
            at: 0,
            phase: Phase::Think,
            follow_up: 0,
            watch: Watch::default(),
            took: 0,
            sheet: Sheet::default(),
            done: Vec::new(),
        };
        if run.slots.is_empty() {
            run.phase = Phase::Over;
        }
        run.resume(now.at);
        run
    }

    #[must_use]
    pub fn begun(&self) -> Moment {
        Moment { at: self.begun, offset: self.offset }
    }

    #[must_use]
    pub fn solo(&self) -> bool {
        self.kind == Kind::Single
    }

    #[must_use]
    pub fn slot(&self) -> Option<&Slot> {
        self.slots.get(self.at).filter(|_| self.phase != Phase::Over)
    }

    /// What the rows of the log call this interview; nothing for a single question.
    #[must_use]
    pub fn name(&self) -> Option<Millis> {
        (!self.solo()).then_some(self.begun)
    }

    /// Starts the clock of a phase that has one.
    pub fn resume(&mut self, now: Millis) {
        if self.phase.timed() {
            self.watch.start(now);
        }
    }

    pub fn pause(&mut self, now: Millis) {
        self.watch.stop(now);
    }

    #[must_use]
    pub fn running(&self) -> bool {
        self.watch.running()
    }

    #[must_use]
    pub fn paused(&self) -> bool {
        self.phase.timed() && !self.watch.running()
    }

    /// Seconds that the phase may take.
    #[must_use]
    pub fn limit(&self) -> u32 {
        let slot = self.slot();
        match self.phase {
            Phase::Think => slot.map_or(0, |slot| slot.think),
            Phase::Answer => slot.map_or(0, |slot| slot.answer),
            Phase::FollowUp => FOLLOWING,
            Phase::Points | Phase::Flags | Phase::Models | Phase::Over => 0,
        }
    }

    /// Milliseconds that are left in the phase; below nothing when the time is over.
    #[must_use]
    pub fn left(&self, now: Millis) -> Millis {
        i64::from(self.limit()) * 1000 - self.watch.spent(now)
    }

    /// Milliseconds that the answer to this question has taken.
    #[must_use]
    pub fn took(&self, now: Millis) -> Millis {
        let open = matches!(self.phase, Phase::Answer | Phase::FollowUp);
        self.took + if open { self.watch.spent(now) } else { 0 }
    }

    /// Begins another phase of the same question.
    pub fn enter(&mut self, phase: Phase, now: Millis) {
        self.took = self.took(now);
        self.phase = phase;
        self.watch = Watch::default();
        self.resume(now);
    }

    /// What follows thinking, answering and each follow-up.
    pub fn go_on(&mut self, follow_ups: usize, now: Millis) {
        let next = match self.phase {
            Phase::Think => Phase::Answer,
            Phase::Answer if follow_ups > 0 => {
                self.follow_up = 0;
                Phase::FollowUp
            }
            Phase::FollowUp if self.follow_up + 1 < follow_ups => {
                self.follow_up += 1;
                Phase::FollowUp
            }
            Phase::Answer | Phase::FollowUp => Phase::Points,
            phase => phase,
        };
        self.enter(next, now);
    }

    /// Turns to the next question.
    pub fn next(&mut self, now: Millis) {
        self.at += 1;
        self.follow_up = 0;
        self.sheet = Sheet::default();
        let phase = if self.at < self.slots.len() { Phase::Think } else { Phase::Over };
        self.enter(phase, now);
        self.took = 0;
    }

    /// As text to be kept; its clock stands.
    #[must_use]
    pub fn kept(&self, now: Millis) -> Option<String> {
        let mut run = self.clone();
        run.pause(now);
        serde_json::to_string(&run).ok()
    }

    /// An interview that was kept. Its clock stands until it is gone on with.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    #[must_use]
    pub fn skipped(&self) -> usize {
        self.done.iter().filter(|done| done.skipped()).count()
    }
}

#[cfg(test)]
pub mod tests {
    use super::super::score::tests::question;
    use super::*;

    const NOW: Moment = Moment { at: 1_000_000, offset: 3600 };

    pub fn run(count: usize) -> Run {
        let slot = |n: usize| Slot { id: format!("q{n}"), think: 20, answer: 240, ..Slot::default() };
        Run::new(Kind::Interview(Wish::default()), "Interview", (0..count).map(slot).collect(), 7, NOW)
    }

    #[test]
    fn a_question_goes_through_its_phases() {
        let mut run = run(2);
        let mut now = NOW.at;
        let mut seen = Vec::new();
        while run.phase.timed() {
            seen.push((run.phase, run.follow_up, run.limit()));
            now += 10_000;
            run.go_on(2, now);
        }
        let expected =
            [(Phase::Think, 0, 20), (Phase::Answer, 0, 240), (Phase::FollowUp, 0, 60), (Phase::FollowUp, 1, 60)];
        assert_eq!(seen, expected);
        // Thinking is not part of the answer, and scoring has no clock.
        assert_eq!((run.took(now + 99_000), run.running(), run.paused()), (30_000, false, false));
        run.next(now);
        assert_eq!((run.at, run.phase, run.took(now), run.left(now + 5_000)), (1, Phase::Think, 0, 15_000));
        run.next(now);
        assert_eq!((run.phase, run.slot(), run.running()), (Phase::Over, None, false));
    }

    #[test]
    fn a_pause_stops_the_clock_and_so_does_a_restart() {
        let mut run = run(1);
        run.go_on(0, NOW.at + 1_000);
        run.pause(NOW.at + 11_000);
        assert!(run.paused());
        assert_eq!(run.left(NOW.at + 900_000), 230_000);
        run.resume(NOW.at + 900_000);
        let kept = run.kept(NOW.at + 905_000).unwrap();
        let mut back = Run::read(&kept).unwrap();
        assert!(back.paused());
        assert_eq!((back.left(NOW.at + 9_999_999), back.took(0)), (225_000, 15_000));
        back.resume(NOW.at + 10_000_000);
        assert_eq!(back.left(NOW.at + 10_001_000), 224_000);
        assert_eq!(Run::read("no interview"), None);
    }

    #[test]
    fn what_was_scored_is_what_the_log_keeps() {
        let question = question();
        let sheet = Sheet { points: vec![true, false, true, false], follow_ups: vec![true], flags: vec![true, false] };
        let slot = Slot { id: "why".to_owned(), answer: 240, ..Slot::default() };
        let done = Done::new(&slot, &question, "Module", Some(&sheet), 125_900, " so ");
        assert_eq!((done.score, done.grade(), done.meant), (Score { got: 5, of: 8 }, Some(Grade::Hard), 300));
        let note = done.note(Some(5));
        assert_eq!((note.score, note.of, note.seconds, note.skipped), (5, 8, 125, false));
        assert_eq!(note.missed, ["Reads 137.", "Says why."]);
        assert_eq!(note.flags, ["Redeploys."]);
        let skipped = Done::new(&slot, &question, "Module", None, 0, "");
        assert_eq!((skipped.skipped(), skipped.score), (true, Score { got: 0, of: 8 }));
        assert_eq!(skipped.missed().count(), 5);
        let stage = Slot { round: Round::Stage, ..slot.clone() };
        assert_eq!(done.act(&slot), Act::Grade(Grade::Hard));
        assert_eq!((skipped.act(&slot), done.act(&stage)), (Act::Cram(Grade::Again), Act::Cram(Grade::Hard)));
    }
}
