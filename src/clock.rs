//! The clock on the learner's wall. The only place that asks what time it is; everything else is told.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::study::day::Moment;

/// A clock that runs, or that stands still so that a run can be repeated.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    still: Option<Moment>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { zone: local().unwrap_or_else(TimeZone::system), still: None }
    }
}

/// The zone that the machine is set to. Asking for it by name would read the folder of all zones, which takes a third of
/// the time in which the program starts.
fn local() -> Option<TimeZone> {
    if std::env::var_os("TZ").is_some() {
        return None;
    }
    let rules = std::fs::read("/etc/localtime").ok()?;
    TimeZone::tzif("local", &rules).ok()
}

impl Clock {
    /// A clock that stands at a moment such as `2026-11-25T09:00:00+01:00`, or one with a zone in brackets.
    pub fn still(text: &str) -> Result<Self, String> {
        let moment = if let Ok(zoned) = text.parse::<ZonedDateTime>() {
            moment(zoned.timestamp(), zoned.time_zone())
        } else {
            let at = text
                .parse::<Timestamp>()
                .map_err(|why| format!("write a moment like 2026-11-25T09:00:00+01:00 ({why})"))?;
            Moment { at: at.as_millisecond(), offset: offset_of(text) }
        };
        Ok(Self { zone: TimeZone::UTC, still: Some(moment) })
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> Moment {
        self.still.unwrap_or_else(|| moment(Timestamp::now(), &self.zone))
    }

    /// What the wall shows at a moment in UTC. A clock that stands still has one offset.
    #[must_use]
    pub fn moment(&self, at: i64) -> Moment {
        match (self.still, Timestamp::from_millisecond(at)) {
            (Some(still), _) => Moment { at, offset: still.offset },
            (None, Ok(stamp)) => moment(stamp, &self.zone),
            (None, Err(_)) => Moment { at, offset: 0 },
        }
    }

    /// The moment of a timestamp that somebody wrote, on the wall of this clock.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        let at =
            text.parse::<Timestamp>().map_err(|why| format!("write a moment like 2026-11-25T09:00:00Z ({why})"))?;
        Ok(moment(at, &self.zone))
    }
}

fn moment(at: Timestamp, zone: &TimeZone) -> Moment {
    Moment { at: at.as_millisecond(), offset: zone.to_offset(at).seconds() }
}

/// The offset at the end of a timestamp, in seconds; nothing for UTC.
fn offset_of(text: &str) -> i32 {
    let digits = |part: &str| part.parse::<i32>().unwrap_or(0);
    let Some((at, sign)) = text.char_indices().skip(11).find(|(_, c)| ['+', '-'].contains(c)) else { return 0 };
    let mut parts = text.get(at + 1..).unwrap_or("").split(':');
    let (hours, minutes) = (digits(parts.next().unwrap_or("")), digits(parts.next().unwrap_or("")));
    let seconds = hours * 3600 + minutes * 60;
    if sign == '-' { -seconds } else { seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_clock_stands() {
        let clock = Clock::still("2026-11-25T09:00:00+01:00").unwrap();
        assert_eq!(clock.now(), Moment { at: 1_795_593_600_000, offset: 3600 });
        let zoned = Clock::still("2026-07-01T00:30:00[Europe/Berlin]").unwrap();
        assert_eq!(zoned.now().offset, 7200);
        assert_eq!(Clock::still("2026-11-25T09:00:00Z").unwrap().now().offset, 0);
        assert!(Clock::still("noon").is_err());
    }
}
