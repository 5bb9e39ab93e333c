//! What a learner knows and what to ask next. Pure: the clock and the seed are arguments, nothing is read or written.

pub mod adopt;
pub mod answer;
pub mod ask;
pub mod compare;
pub mod day;
pub mod desk;
pub mod drill;
pub mod items;
pub mod memory;
pub mod mock;
pub mod optimize;
pub mod pace;
pub mod picture;
pub mod plan;
pub mod progress;
pub mod queue;
pub mod review;
pub mod schedule;
pub mod stats;
pub mod tally;
pub mod topics;
pub mod walk;

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// A number that is the same on every machine for the same parts: seeds of shuffles and of fuzz.
#[must_use]
pub fn hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// The nearest whole number.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a float beyond the range saturates, which is what is wanted")]
pub fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// The part of 1 that a hash stands for, below 1.
#[must_use]
pub fn share(hash: u64) -> f64 {
    // 53 bits are what a float can hold.
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}
