//! The clock: when a page falls due. It says that nobody looked, never that anything is wrong.

use jiff::ToSpan;
use jiff::civil::Date;

use super::evidence::Evidence;
use super::review::{How, ReviewFacts, Reviewed, add_length};
use super::statistics::milli_log2;
use super::{Inputs, State};
use crate::diagnostic::rules::freshness::{NEVER_CONFIRMED, OVERDUE};
use crate::diagnostic::rules::front_matter::INVALID_DATE;
use crate::model::Page;

const NEVER: i32 = 800;
const LATE: i32 = 300;
const PER_DOUBLING: i32 = 700;
const MOST_DOUBLINGS: i32 = 2000;
const FOLLOWED: i32 = -400;

/// What the clock says of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    pub evidence: Vec<Evidence>,
    /// The day from which it is due.
    pub due: Option<Date>,
    /// What a good review takes off its doubt.
    pub credit: i32,
}

/// Reads the clock.
pub(super) fn read_clock(page: &Page, facts: &ReviewFacts, inputs: &Inputs<'_>, today: Date) -> Clock {
    let config = &inputs.site.config.freshness;
    let every = facts.every.as_ref().map_or(config.interval(&page.kind), |every| every.value);
    let path = &page.parsed.content_path;
    let reviewed = match facts.reviewed {
        Reviewed::Invalid(span) => {
            let message =
                format!("its review date `{}` is no day that has come", page.parsed.file.slice(span).trim());
            let evidence = Evidence::new(&INVALID_DATE, State::Unknown, NEVER, message).at(span);
            let help = "give the day on which the page was last confirmed";
            return Clock { evidence: vec![evidence.help(help).unreported()], ..Clock::default() };
        }
        _ if facts.evergreen.is_some() => return Clock::default(),
        Reviewed::Never => return never_confirmed(page, inputs, today),
        Reviewed::On(reviewed) => reviewed,
    };
    let interval = days_between(reviewed, add_length(reviewed, every)).max(1);
    let due = reviewed.saturating_add(spread(path, interval).days());
    let length = days_between(reviewed, due).max(1);
    if today < due {
        let left = days_between(today, due);
        let is_followed = facts.how.as_ref().is_some_and(|how| how.value >= How::Followed);
        let credit = if is_followed { FOLLOWED * left / length } else { 0 };
        return Clock { evidence: Vec::new(), due: Some(due), credit };
    }
    let age = days_between(reviewed, today);
    let message = format!("not confirmed since {reviewed}, {age} days ago; due every {interval} days");
    let place = page.parsed.front.field("reviewed").map(|node| node.span).unwrap_or_default();
    let evidence = Evidence::new(&OVERDUE, State::Due, late(age, length), message)
        .at(place)
        .fact("age_days", age)
        .fact("interval_days", interval)
        .help(format!("read or follow it, then `docent review {}`", page.parsed.file.path()));
    Clock { evidence: vec![evidence], due: Some(due), credit: 0 }
}

fn late(age: i32, interval: i32) -> i32 {
    let doublings = milli_log2(age.max(0).unsigned_abs().into(), interval.max(1).unsigned_abs().into())
        .min(MOST_DOUBLINGS);
    LATE + PER_DOUBLING * doublings / 1000
}

fn never_confirmed(page: &Page, inputs: &Inputs<'_>, today: Date) -> Clock {
    let config = &inputs.site.config.freshness;
    let start = config.adopted.as_ref().and_then(|day| day.parse().ok()).unwrap_or(today);
    let over = days_between(start, add_length(start, config.adopt_over)).max(1);
    let path = &page.parsed.content_path;
    let due = start.saturating_add(((hash(path) % u64::from(over.unsigned_abs())) as i32).days());
    let since = match &page.git {
        Some(git) => format!("; git saw it change on {}", git.changed),
        None => String::new(),
    };
    let message = format!("never confirmed by anybody{since}; first due on {due}");
    let weight = if today >= due && config.adopted.is_some() {
        let interval =
            spread(path, days_between(today, add_length(today, config.interval(&page.kind)))).max(1);
        NEVER + late(days_between(due, today) + interval, interval)
    } else {
        NEVER
    };
    let evidence = Evidence::new(&NEVER_CONFIRMED, State::Due, weight, message)
        .help(format!("read or follow it, then `docent review {}`", page.parsed.file.path()))
        .unreported();
    Clock { evidence: vec![evidence], due: Some(due), credit: 0 }
}

/// An interval moved by up to a tenth, by a hash of the path, so that not all pages fall due at once.
fn spread(path: &str, interval: i32) -> i32 {
    let tenth = interval / 10;
    interval - tenth + (hash(path) % (2 * u64::from(tenth.unsigned_abs()) + 1)) as i32
}

fn hash(path: &str) -> u64 {
    blake3::hash(path.as_bytes()).as_bytes()[..8]
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Days from one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or_default()
}

/// Days since 1970.
pub(super) fn day_number(day: Date) -> i32 {
    days_between(Date::constant(1970, 1, 1), day)
}

/// The day so many days after 1970.
pub(super) fn day_text(number: i32) -> String {
    Date::constant(1970, 1, 1).saturating_add(number.days()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_dates_are_spread_by_a_tenth_of_the_interval_and_never_more() {
        let spreads: Vec<i32> = (0..500).map(|page| spread(&format!("runbooks/{page}.md"), 90)).collect();
        assert_eq!(spreads.iter().min(), Some(&81));
        assert_eq!(spreads.iter().max(), Some(&99));
        let mean = spreads.iter().sum::<i32>() / 500;
        assert!((88..=92).contains(&mean), "{mean}");
        assert_eq!(spread("a", 5), 5);
    }

    #[test]
    fn lateness_weighs_more_with_each_doubling_up_to_two() {
        for (age, weight) in [(90, 300), (180, 1000), (360, 1700), (3600, 1700)] {
            assert_eq!(late(age, 90), weight, "{age}");
        }
    }
}
