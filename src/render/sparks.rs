//! Tickets by week as small pictures: bars beside a page, shades beside a tag.
//!
//! In: counts of weeks. Out: SVG path data and the same in words. Colours come from classes.

use std::fmt::Write as _;

use serde::Serialize;

use crate::freshness::TicketCounts;

/// Weeks that a picture shows.
const SHOWN: usize = 26;
/// The last of them, in the colour of the state.
const RECENT: usize = 8;
/// Weeks that the usual number is taken from.
const BASELINE: u32 = 26;
/// Heights in tenths: of the picture, and of its highest bar, which leaves room for the pin.
const FLOOR: u32 = 280;
const HIGHEST: u32 = 220;
/// Shades beside none.
const SHADES: u32 = 4;

/// The tickets of a page.
#[derive(Clone, Debug, Serialize)]
pub struct TicketsContext {
    /// In the last 8 weeks.
    pub recent: u32,
    /// How many there usually are in as long; missing if that is not known.
    pub usual: Option<String>,
    /// A picture of the weeks; missing if there was no ticket in them.
    pub spark: Option<Spark>,
}

/// Bars of weeks.
#[derive(Clone, Debug, Serialize)]
pub struct Spark {
    /// The same in words.
    pub label: String,
    /// Path data of the weeks before.
    pub before: String,
    /// Path data of the last 8 weeks.
    pub recent: String,
    /// Path data of the line where it was reviewed.
    pub review: Option<String>,
    /// Path data of that line's head.
    pub head: Option<String>,
}

/// The weeks of a tag, by how many tickets they had.
#[derive(Clone, Debug, Serialize)]
pub struct Heat {
    /// 0 (none) to 4.
    pub shade: u32,
    /// Path data of its weeks.
    pub path: String,
}

impl TicketsContext {
    /// Of one page, confirmed on a day or never.
    pub fn new(tickets: &TicketCounts, reviewed: Option<&str>) -> Self {
        let recent = if tickets.weeks.is_empty() { tickets.recent } else { last(&tickets.weeks, RECENT) };
        let usual = tickets.rate_ratio.map(|_| usual(tickets.baseline));
        let spark = spark(tickets, &said(recent, usual.as_deref(), tickets, reviewed));
        Self { recent, usual, spark }
    }
}

/// In words what the picture shows.
fn said(recent: u32, usual: Option<&str>, tickets: &TicketCounts, reviewed: Option<&str>) -> String {
    let mut label = format!("{recent} ticket{} in 8 weeks", if recent == 1 { "" } else { "s" });
    if let Some(usual) = usual {
        let _ = write!(label, ", usual {usual}");
    }
    let hidden = tickets.weeks.len().saturating_sub(SHOWN);
    match (tickets.review_week.and_then(|week| week.checked_sub(hidden)), reviewed) {
        (Some(week), _) => {
            let _ = write!(label, "; reviewed in week {} of {SHOWN}", week + 1);
        }
        (None, Some(day)) => {
            let _ = write!(label, "; reviewed {day}");
        }
        (None, None) => label.push_str("; never reviewed"),
    }
    label
}

fn spark(tickets: &TicketCounts, label: &str) -> Option<Spark> {
    let hidden = tickets.weeks.len().saturating_sub(SHOWN);
    let weeks = &tickets.weeks[hidden..];
    let most = *weeks.iter().max().filter(|most| **most > 0)?;
    let (mut before, mut recent) = (String::new(), String::new());
    for (place, count) in weeks.iter().enumerate().filter(|(_, count)| **count > 0) {
        let top = FLOOR - (u64::from(*count) * u64::from(HIGHEST) / u64::from(most)) as u32;
        let bars = if place + RECENT < weeks.len() { &mut before } else { &mut recent };
        let _ = write!(bars, "M{}.5 28V{}h3.8V28z", place * 5, tenths(top));
    }
    let week = tickets.review_week.and_then(|week| week.checked_sub(hidden));
    let at = week.map(|week| week * 5 + 2);
    Some(Spark {
        label: label.to_owned(),
        before,
        recent,
        review: at.map(|at| format!("M{at}.5 4V28")),
        head: at.map(|at| format!("M{at}.5 4.5l-3-4.5h6z")),
    })
}

/// The weeks of a tag in shades, each tag on its own scale.
pub fn heat(weeks: &[u32]) -> Vec<Heat> {
    let weeks = &weeks[weeks.len().saturating_sub(SHOWN)..];
    let most = weeks.iter().max().copied().unwrap_or_default().max(1);
    let mut shades: Vec<Heat> = (0..=SHADES).map(|shade| Heat { shade, path: String::new() }).collect();
    for (place, count) in weeks.iter().enumerate() {
        let shade = (u64::from(*count) * u64::from(SHADES)).div_ceil(u64::from(most)) as usize;
        let _ = write!(shades[shade].path, "M{} 0h7v18h-7z", place * 8);
    }
    shades.retain(|shade| !shade.path.is_empty());
    shades
}

/// Tickets in the last 8 weeks, and in those before.
pub fn recent_and_before(weeks: &[u32]) -> (u32, u32) {
    let recent = last(weeks, RECENT);
    (recent, weeks.iter().sum::<u32>() - recent)
}

/// How many there usually are in 8 weeks, of those in the 26 weeks before.
pub fn usual(baseline: u32) -> String {
    let eight_weeks = u64::from(baseline) * 10 * RECENT as u64;
    let usual = (eight_weeks + u64::from(BASELINE) / 2) / u64::from(BASELINE);
    if usual >= 100 {
        ((usual + 5) / 10).to_string()
    } else {
        tenths(u32::try_from(usual).unwrap_or_default())
    }
}

fn last(weeks: &[u32], many: usize) -> u32 {
    weeks[weeks.len().saturating_sub(many)..].iter().sum()
}

/// `192` is `19.2`.
pub fn tenths(number: u32) -> String {
    if number.is_multiple_of(10) {
        (number / 10).to_string()
    } else {
        format!("{}.{}", number / 10, number % 10)
    }
}
