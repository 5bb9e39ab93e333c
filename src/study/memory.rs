//! The model of memory: FSRS-6 as the crate `fsrs` computes it, with our own types around it.

use fsrs::{FSRS, FSRS6_DEFAULT_DECAY, MemoryState};

use super::review::Grade;

/// What is known about one memory: after `stability` days nine of ten such memories are still there; `difficulty` runs
/// from 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    pub stability: f32,
    pub difficulty: f32,
}

/// The number of parameters of FSRS-6.
pub const PARAMETERS: usize = 21;

/// FSRS with some parameters.
#[derive(Clone, Debug)]
pub struct Model {
    fsrs: FSRS,
    decay: f64,
    /// By it time is stretched so that nine of ten memories are there after the stability.
    factor: f64,
    /// The memory after a first answer, by its grade: it depends on nothing else, and a new library asks for thousands.
    first: [Memory; 4],
}

impl Default for Model {
    fn default() -> Self {
        Self::of(FSRS::default(), FSRS6_DEFAULT_DECAY)
    }
}

impl Model {
    /// A model with one's own parameters; those of the crate where they are none.
    #[must_use]
    pub fn new(parameters: Option<&[f32]>) -> Self {
        let own = parameters.filter(|own| own.len() == PARAMETERS && own.iter().all(|value| value.is_finite()));
        own.and_then(|own| {
            let fsrs = FSRS::new(own).ok()?;
            Some(Self::of(fsrs, own.last().copied().unwrap_or(FSRS6_DEFAULT_DECAY)))
        })
        .unwrap_or_default()
    }

    fn of(fsrs: FSRS, decay: f32) -> Self {
        let decay = f64::from(-decay);
        let factor = 0.9_f64.powf(decay.recip()) - 1.0;
        let first = Grade::ALL.map(|grade| step(&fsrs, None, 0, grade));
        Self { fsrs, decay, factor, first }
    }

    /// The memory after an answer that was given `days` after the last one.
    #[must_use]
    pub fn after(&self, memory: Option<Memory>, days: u32, grade: Grade) -> Memory {
        if memory.is_some() {
            return step(&self.fsrs, memory, days, grade);
        }
        let [again, hard, good, easy] = self.first;
        match grade {
            Grade::Again => again,
            Grade::Hard => hard,
            Grade::Good => good,
            Grade::Easy => easy,
        }
    }

    /// The memory that another scheduler's ease (2.5 is usual) and interval in days stand for.
    #[must_use]
    pub fn of_ease(&self, ease: f32, days: f32) -> Memory {
        let found = self.fsrs.memory_state_from_sm2(ease.clamp(1.3, 9.0), days.clamp(0.1, 36_500.0), 0.9);
        found.map_or(Memory { stability: days.max(0.1), difficulty: 5.0 }, |state| Memory {
            stability: state.stability,
            difficulty: state.difficulty,
        })
    }

    /// How likely a memory is there after `days`, from 0 to 1.
    #[must_use]
    pub fn recall(&self, stability: f32, days: f64) -> f64 {
        (1.0 + self.factor * days.max(0.0) / f64::from(stability.max(0.001))).powf(self.decay)
    }

    /// After how many days a memory has fallen to a recall of `retention`.
    #[must_use]
    pub fn interval(&self, stability: f32, retention: f32) -> f64 {
        f64::from(stability) / self.factor * (f64::from(retention).powf(self.decay.recip()) - 1.0)
    }
}

/// The memory after an answer that was given `days` after the last one.
fn step(fsrs: &FSRS, memory: Option<Memory>, days: u32, grade: Grade) -> Memory {
    let state = memory.map(|memory| MemoryState { stability: memory.stability, difficulty: memory.difficulty });
    // It fails on numbers out of range only, which a damaged database may hold: then the memory begins anew.
    let next = fsrs.next_states(state, 0.9, days).or_else(|_| fsrs.next_states(None, 0.9, 0));
    let Ok(next) = next else { return Memory { stability: 1.0, difficulty: 5.0 } };
    let chosen = match grade {
        Grade::Again => next.again,
        Grade::Hard => next.hard,
        Grade::Good => next.good,
        Grade::Easy => next.easy,
    };
    Memory { stability: chosen.memory.stability, difficulty: chosen.memory.difficulty }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-3 * b.abs().max(1.0)
    }

    #[test]
    fn nine_of_ten_are_there_after_the_stability() {
        let model = Model::default();
        for stability in [0.2, 1.0, 7.5, 400.0] {
            assert!(near(model.recall(stability, f64::from(stability)), 0.9));
            assert!(near(model.interval(stability, 0.9), f64::from(stability)));
        }
        assert!(near(model.recall(3.0, 0.0), 1.0));
        assert!(model.recall(3.0, 30.0) < model.recall(3.0, 10.0));
    }

    #[test]
    fn better_answers_give_longer_memories() {
        let model = Model::default();
        for before in [None, Some(Memory { stability: 5.0, difficulty: 5.0 })] {
            let all = Grade::ALL.map(|grade| model.after(before, 5, grade).stability);
            assert!(all.is_sorted(), "{all:?}");
            for grade in Grade::ALL {
                assert!((1.0..=10.0).contains(&model.after(before, 5, grade).difficulty));
            }
        }
    }

    #[test]
    fn the_first_answers_follow_the_published_defaults() {
        // The first four parameters of FSRS-6 are the stabilities after the first answer.
        let expected = [0.212, 1.2931, 2.3065, 8.2956];
        for (grade, expected) in Grade::ALL.into_iter().zip(expected) {
            assert!(near(f64::from(Model::default().after(None, 0, grade).stability), expected));
        }
    }

    #[test]
    fn an_ease_and_an_interval_become_a_memory() {
        let model = Model::default();
        let usual = model.of_ease(2.5, 12.0);
        assert!(near(f64::from(usual.stability), 12.0));
        assert!(model.of_ease(1.3, 12.0).difficulty > usual.difficulty);
        assert!(model.of_ease(f32::NAN, f32::NAN).difficulty >= 1.0);
    }

    #[test]
    fn odd_parameters_and_numbers_do_no_harm() {
        for odd in [&[][..], &[1.0; 5], &[f32::NAN; PARAMETERS]] {
            assert!(near(Model::new(Some(odd)).recall(1.0, 1.0), 0.9));
        }
        let broken = Memory { stability: f32::NAN, difficulty: 700.0 };
        assert!(Model::default().after(Some(broken), 3, Grade::Good).stability.is_finite());
    }
}
