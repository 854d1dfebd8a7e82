//! Lengths of time as people write them: `90d`, `6 weeks`, `3 months`.

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: LengthUnit,
}

/// What a length of time is counted in. Months and years are those of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LengthUnit {
    /// `min`, `minutes`.
    Minute,
    /// `h`, `hours`.
    Hour,
    /// `d`, `days`.
    Day,
    /// `w`, `weeks`.
    Week,
    /// `mo`, `months`.
    Month,
    /// `y`, `years`.
    Year,
}

impl Length {
    /// So many days.
    pub const fn days(count: u32) -> Self {
        Self { count, unit: LengthUnit::Day }
    }
}

/// Reads `90d`, `6 weeks`, `3 months`. A bare `m` could be minutes or months and is neither.
pub fn parse_length(text: &str) -> Option<Length> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let count: u32 = text[..digits].parse().ok().filter(|count| (1..=100_000).contains(count))?;
    let unit = match text[digits..].trim_start().to_ascii_lowercase().as_str() {
        "min" | "mins" | "minute" | "minutes" => LengthUnit::Minute,
        "h" | "hour" | "hours" => LengthUnit::Hour,
        "d" | "day" | "days" => LengthUnit::Day,
        "w" | "week" | "weeks" => LengthUnit::Week,
        "mo" | "month" | "months" => LengthUnit::Month,
        "y" | "year" | "years" => LengthUnit::Year,
        _ => return None,
    };
    Some(Length { count, unit })
}
