//! Dates and lengths of time as people write them.
//!
//! In: the text of a value. Out: its one form, or what is wrong with it. No clock here: whether a
//! date lies in the future is asked in `check`.

use jiff::civil::Date;

pub use crate::config::length::{Length, LengthUnit, parse_length};

/// What is wrong with a date: a message that follows the value, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDate {
    /// Follows the value in backticks: `is no day of the calendar`.
    pub message: &'static str,
    /// The way out.
    pub help: String,
}

/// Reads a date, `YYYY-MM-DD`, or the date of an ISO timestamp as it is written there.
pub fn parse_date(text: &str) -> Result<String, BadDate> {
    let text = text.trim();
    let day = text.get(..10).filter(|day| is_iso(day) && is_time(&text[10..]));
    if let Some(day) = day {
        return match day.parse::<Date>() {
            Ok(_) => Ok(day.to_owned()),
            Err(_) => Err(BadDate { message: "is no day of the calendar", help: EXAMPLE.into() }),
        };
    }
    let upper = text.to_ascii_uppercase();
    if ["YYYY", "XX", "TBD", "TODO", "DD"].iter().any(|mark| upper.contains(mark)) {
        return Err(BadDate {
            message: "is a placeholder, not a date",
            help: "fill in the day, or leave the key out".into(),
        });
    }
    let help = other_form(text).map_or_else(|| EXAMPLE.to_owned(), |date| format!("did you mean `{date}`?"));
    Err(BadDate { message: "is not a date of the form `YYYY-MM-DD`", help })
}

/// Reads a date in the form that Microsoft's `ms.date` has: month, day, year.
pub(super) fn parse_us_date(text: &str) -> Option<String> {
    Date::strptime("%m/%d/%Y", text.trim()).ok().map(|date| date.to_string())
}

const EXAMPLE: &str = "write year, month and day as in `2026-09-01`";

fn is_iso(day: &str) -> bool {
    day.bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

/// Nothing, or the time of an ISO timestamp.
fn is_time(rest: &str) -> bool {
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else { return rest.is_empty() };
    let time = time.trim_start();
    time.len() >= 5
        && time.as_bytes()[0].is_ascii_digit()
        && time.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'z' | b'+' | b'-' | b' ')
        })
}

/// The date that another form can only mean.
fn other_form(text: &str) -> Option<String> {
    let read = |format: &str| Date::strptime(format, text).ok();
    let unambiguous =
        ["%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d.%m.%Y", "%Y%m%d"];
    if let Some(date) = unambiguous.iter().find_map(|format| read(format)) {
        return Some(date.to_string());
    }
    let short: Vec<&str> = text.split('-').collect();
    if let [year, month, day] = short[..] {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() == 4
            && month.len() <= 2
            && day.len() <= 2
            && digits(year)
            && digits(month)
            && digits(day)
        {
            let padded = format!("{year}-{month:0>2}-{day:0>2}");
            return padded.parse::<Date>().ok().map(|_| padded);
        }
    }
    match (read("%m/%d/%Y"), read("%d/%m/%Y")) {
        (Some(date), None) | (None, Some(date)) => Some(date.to_string()),
        (Some(us), Some(eu)) if us == eu => Some(us.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_and_days_of_the_calendar() {
        for good in ["2026-09-01", " 2024-02-29 "] {
            assert_eq!(parse_date(good).as_deref(), Ok(good.trim()));
        }
        for stamp in ["2026-09-01T23:30:00-11:00", "2026-09-01 10:00", "2026-09-01T10:00:00Z"] {
            assert_eq!(parse_date(stamp).as_deref(), Ok("2026-09-01"), "{stamp}");
        }
        let cases = [
            ("2016-13-40", "is no day of the calendar", EXAMPLE),
            ("2023-02-29", "is no day of the calendar", EXAMPLE),
            ("YYYY-MM-DD", "is a placeholder, not a date", "fill in the day, or leave the key out"),
            ("2026-XX-01", "is a placeholder, not a date", "fill in the day, or leave the key out"),
            ("2026-9-1", "is not a date of the form `YYYY-MM-DD`", "did you mean `2026-09-01`?"),
            ("1 September 2026", "is not a date of the form `YYYY-MM-DD`", "did you mean `2026-09-01`?"),
            ("Sep 1, 2026", "is not a date of the form `YYYY-MM-DD`", "did you mean `2026-09-01`?"),
            ("2026/09/01", "is not a date of the form `YYYY-MM-DD`", "did you mean `2026-09-01`?"),
            ("09/20/2026", "is not a date of the form `YYYY-MM-DD`", "did you mean `2026-09-20`?"),
            ("09/10/2026", "is not a date of the form `YYYY-MM-DD`", EXAMPLE),
            ("last week", "is not a date of the form `YYYY-MM-DD`", EXAMPLE),
            ("2026-09-01 later", "is not a date of the form `YYYY-MM-DD`", EXAMPLE),
            ("٢٠٢٦-٠٩-٠١", "is not a date of the form `YYYY-MM-DD`", EXAMPLE),
            ("", "is not a date of the form `YYYY-MM-DD`", EXAMPLE),
        ];
        for (text, message, help) in cases {
            assert_eq!(parse_date(text), Err(BadDate { message, help: help.into() }), "{text}");
        }
        assert_eq!(parse_us_date("09/20/2022").as_deref(), Some("2022-09-20"));
    }

    #[test]
    fn lengths_have_a_number_and_a_unit() {
        let length = |count, unit| Some(Length { count, unit });
        assert_eq!(parse_length("90d"), length(90, LengthUnit::Day));
        assert_eq!(parse_length("6 weeks"), length(6, LengthUnit::Week));
        assert_eq!(parse_length("3 Months"), length(3, LengthUnit::Month));
        for bad in ["", "90", "d", "30m", "0d", "-1d", "1.5d", "TBD", "99999999999d", "1 day 2"] {
            assert_eq!(parse_length(bad), None, "{bad}");
        }
    }
}
