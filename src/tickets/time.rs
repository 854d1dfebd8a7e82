//! Times as ticket systems write them → seconds since 1970.

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Why a time was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadTime {
    /// It is none.
    Invalid,
    /// It has a form that can be read in several ways.
    Ambiguous,
}

/// Months by name leave no doubt; these forms need no `date_format`.
const NAMED_MONTHS: &[&str] = &[
    "%d/%b/%y %I:%M %p",
    "%d/%b/%y %H:%M",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%Y %H:%M",
    "%d-%b-%Y %H:%M",
    "%d/%b/%y",
];

/// Reads a time; one without a zone is UTC.
pub(super) fn parse(text: &str, format: Option<&str>) -> Result<i64, BadTime> {
    let text = text.trim();
    if let Some(format) = format {
        return after_format(format, text).ok_or(BadTime::Invalid);
    }
    if let Some(seconds) = plain(text) {
        return Ok(seconds);
    }
    if let Some(seconds) = NAMED_MONTHS.iter().find_map(|format| after_format(format, text)) {
        return Ok(seconds);
    }
    Err(if is_ambiguous(text) { BadTime::Ambiguous } else { BadTime::Invalid })
}

/// ISO 8601 and what is like it: `2026-11-23T09:14:00.000+0100`, `2026-11-23 09:14:00 UTC`.
fn plain(text: &str) -> Option<i64> {
    let bare = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" +0000")).unwrap_or(text);
    if bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return epoch(bare);
    }
    if bare.get(4..5) != Some("-") {
        return None;
    }
    if let Ok(time) = bare.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    // A `Z` or an offset was tried above; without one it is UTC.
    if bare.ends_with(['Z', 'z']) {
        return None;
    }
    let time: DateTime = bare.parse().ok()?;
    seconds(time)
}

/// Seconds since 1970, or milliseconds where they would lie in the far future.
fn epoch(digits: &str) -> Option<i64> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        9 | 10 => Some(number),
        12 | 13 => Some(number / 1000),
        _ => None,
    }
}

fn after_format(format: &str, text: &str) -> Option<i64> {
    let read = BrokenDownTime::parse(format, text).ok()?;
    if let Some(offset) = read.offset() {
        return offset.to_timestamp(read.to_datetime().ok()?).ok().map(Timestamp::as_second);
    }
    match read.to_datetime() {
        Ok(time) => seconds(time),
        Err(_) => seconds(read.to_date().ok()?.to_datetime(jiff::civil::Time::midnight())),
    }
}

fn seconds(time: DateTime) -> Option<i64> {
    Offset::UTC.to_timestamp(time).ok().map(Timestamp::as_second)
}

/// Whether a text is made like `03/04/26 …`.
fn is_ambiguous(text: &str) -> bool {
    let date = text.split([' ', 'T', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    let is_number =
        |part: &&str| matches!(part.len(), 1..=4) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number) && parts[0].len() < 4
}

/// The day of a time, for people.
pub fn day(seconds: i64) -> String {
    let time = Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(seconds));
    time.map(|time| Offset::UTC.to_datetime(time).date().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_system_are_read() {
        let cases = [
            ("2026-11-23T09:14:00Z", 1_795_425_240),
            ("2026-11-23T10:14:00.000+0100", 1_795_425_240),
            ("2026-11-23T10:14:00.123+01:00", 1_795_425_240),
            ("2026-11-23 09:14:00", 1_795_425_240),
            ("2026-11-23 09:14:00 UTC", 1_795_425_240),
            ("2026-11-23 09:14:00 +0000", 1_795_425_240),
            ("23/Nov/26 9:14 AM", 1_795_425_240),
            ("2026-11-23", 1_795_392_000),
            ("1795425240", 1_795_425_240),
            ("1795425240000", 1_795_425_240),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, None), Ok(expected), "{text}");
        }
        assert_eq!(parse("11/23/26 9:14 AM", Some("%m/%d/%y %I:%M %p")), Ok(1_795_425_240));
        assert_eq!(parse("23.11.2026", Some("%d.%m.%Y")), Ok(1_795_392_000));
        assert_eq!(parse("23.11.2026 10:14 +0100", Some("%d.%m.%Y %H:%M %z")), Ok(1_795_425_240));
    }

    #[test]
    fn what_is_no_time_and_what_may_be_two_is_told_apart() {
        for text in [
            "2016-13-40",
            "YYYY-MM-DD",
            "",
            "yesterday",
            "2026-02-30T00:00:00Z",
            "12345",
            "2026-11-23T25:00:00Z",
        ] {
            assert_eq!(parse(text, None), Err(BadTime::Invalid), "{text}");
        }
        for text in ["03/04/26 9:14 AM", "3.4.2026", "23/11/2026 09:14", "03-04-2026"] {
            assert_eq!(parse(text, None), Err(BadTime::Ambiguous), "{text}");
        }
    }
}
