//! Moments and days. A day begins at four in the morning, so that a late evening belongs to the day before.

/// Milliseconds since 1970 in UTC.
pub type Millis = i64;

/// A day by its number: 0 is the first of January 1970. The number of a day is that of its date on the calendar.
pub type Day = i64;

/// The hour at which a day begins, on the learner's clock.
pub const ROLLOVER: i64 = 4;

const DAY: i64 = 86_400;

/// A moment with what the clock on the wall shows: seconds east of UTC, daylight saving included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    pub at: Millis,
    pub offset: i32,
}

impl Moment {
    /// The day to which the moment belongs. Clocks that change at night move no day: only the wall clock counts.
    #[must_use]
    pub fn day(self) -> Day {
        (self.at.div_euclid(1000) + i64::from(self.offset) - ROLLOVER * 3600).div_euclid(DAY)
    }

    /// When a day begins, in the offset of this moment.
    #[must_use]
    pub fn start_of(self, day: Day) -> Millis {
        (day * DAY + ROLLOVER * 3600 - i64::from(self.offset)) * 1000
    }

    /// Seconds since midnight on the wall.
    #[must_use]
    pub fn seconds(self) -> i64 {
        (self.at.div_euclid(1000) + i64::from(self.offset)).rem_euclid(DAY)
    }

    #[must_use]
    pub fn plus(self, millis: Millis) -> Self {
        Self { at: self.at + millis, ..self }
    }
}

/// Year, month and day of the month of a day.
#[must_use]
pub fn civil(day: Day) -> (i64, u8, u8) {
    // Days are counted from 1 March of the year 0, so that the leap day is the last of its year.
    let days = day + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(date).unwrap_or(1))
}

/// The day of a date; `None` when there is no such date.
#[must_use]
pub fn from_civil(year: i64, month: u8, date: u8) -> Option<Day> {
    if !(1..=12).contains(&month) || date == 0 || !(1..=9999).contains(&year) {
        return None;
    }
    let (shifted, m) = if month <= 2 { (year - 1, i64::from(month) + 9) } else { (year, i64::from(month) - 3) };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * m + 2) / 5 + i64::from(date) - 1;
    let day = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    (civil(day) == (year, month, date)).then_some(day)
}

/// A date as YYYY-MM-DD.
#[must_use]
pub fn iso(day: Day) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Reads YYYY-MM-DD.
#[must_use]
pub fn parse(text: &str) -> Option<Day> {
    let mut parts = text.trim().split('-');
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    from_civil(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)
}

/// Reads a date as YYYY-MM-DD, or so many days from today as `+18`.
#[must_use]
pub fn ahead(text: &str, today: Day) -> Option<Day> {
    match text.trim().strip_prefix('+') {
        Some(days) if days.bytes().all(|digit| digit.is_ascii_digit()) => {
            days.parse::<u16>().ok().map(|days| today + i64::from(days))
        }
        Some(_) => None,
        None => parse(text),
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A date as people say it: `11 Dec`.
#[must_use]
pub fn short(day: Day) -> String {
    let (_, month, date) = civil(day);
    format!("{date} {}", MONTHS.get(usize::from(month) - 1).unwrap_or(&""))
}

/// The name of the day of the week, in three letters.
#[must_use]
pub fn weekday(day: Day) -> &'static str {
    usize::try_from(day.rem_euclid(7)).ok().and_then(|at| WEEKDAYS.get(at)).copied().unwrap_or("")
}

/// A length of time in the largest unit that says enough: `10 min`, `3 d`, `2.4 mo`.
#[must_use]
pub fn span(seconds: i64) -> String {
    let of = |unit: i64, name: &str| {
        let tenths = (seconds * 10 + unit / 2) / unit;
        if tenths < 100 && tenths % 10 != 0 {
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        } else {
            format!("{} {name}", (tenths + 5) / 10)
        }
    };
    match seconds {
        i64::MIN..=0 => "now".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", (seconds + 30) / 60),
        3600..DAY => of(3600, "h"),
        DAY..5_184_000 => format!("{} d", (seconds + DAY / 2) / DAY),
        5_184_000..31_536_000 => of(2_592_000, "mo"),
        _ => of(31_557_600, "y"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment by the wall clock: a day, hours, minutes, and hours east of UTC.
    fn wall(day: Day, hour: i64, minute: i64, east: i32) -> Moment {
        Moment { at: ((day * 24 + hour) * 60 + minute) * 60_000 - i64::from(east) * 3_600_000, offset: east * 3600 }
    }

    #[test]
    fn a_day_begins_at_four() {
        let day = parse("2026-11-25").unwrap();
        let cases = [(3, 59, -1), (4, 0, 0), (4, 1, 0), (23, 59, 0), (0, 0, -1)];
        for (hour, minute, expected) in cases {
            assert_eq!(wall(day, hour, minute, 1).day(), day + expected, "{hour}:{minute}");
        }
        let now = wall(day, 12, 0, -5);
        assert_eq!(Moment { at: now.start_of(day), offset: now.offset }.day(), day);
        assert_eq!(Moment { at: now.start_of(day) - 1, offset: now.offset }.day(), day - 1);
    }

    #[test]
    fn daylight_saving_moves_no_day() {
        // Berlin 2026: on 29 March two o'clock becomes three, on 25 October three becomes two.
        let spring = parse("2026-03-29").unwrap();
        assert_eq!(wall(spring, 1, 59, 1).day(), spring - 1);
        assert_eq!(wall(spring, 3, 59, 2).day(), spring - 1);
        assert_eq!(wall(spring, 4, 1, 2).day(), spring);
        let autumn = parse("2026-10-25").unwrap();
        assert_eq!(wall(autumn, 2, 30, 2).day(), autumn - 1);
        assert_eq!(wall(autumn, 2, 30, 1).day(), autumn - 1);
        assert_eq!(wall(autumn, 4, 1, 1).day(), autumn);
    }

    #[test]
    fn dates_go_there_and_back() {
        for day in (-200_000..200_000).step_by(37) {
            let (year, month, date) = civil(day);
            if year >= 1 {
                assert_eq!(from_civil(year, month, date), Some(day));
                assert_eq!(parse(&iso(day)), Some(day));
            }
        }
        assert_eq!(iso(0), "1970-01-01");
        assert_eq!((weekday(0), weekday(parse("2026-11-25").unwrap())), ("Thu", "Wed"));
        for wrong in ["2026-02-29", "2026-13-01", "26-01-01", "2026-1", "2026-01-01-01", "tomorrow", "2026-00-10"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse("2028-02-29").map(iso), Some("2028-02-29".to_owned()));
    }

    #[test]
    fn days_ahead() {
        assert_eq!(ahead("+18", 100), Some(118));
        assert_eq!(ahead(" 1970-02-01 ", 100), Some(31));
        for wrong in ["18", "+", "+-3", "++3", "soon", "+99999999"] {
            assert_eq!(ahead(wrong, 100), None, "{wrong}");
        }
    }

    #[test]
    fn spans_read_well() {
        let cases = [
            (0, "now"),
            (59, "59 s"),
            (60, "1 min"),
            (600, "10 min"),
            (5400, "1.5 h"),
            (86_400, "1 d"),
            (8 * 86_400, "8 d"),
            (65 * 86_400, "2.2 mo"),
            (400 * 86_400, "1.1 y"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(span(seconds), expected);
        }
    }
}
