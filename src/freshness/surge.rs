//! More tickets than before: the one test of counts.
//!
//! In: the events of each page in two windows, and those of all pages in the same windows, so that
//! growth, holidays and gaps of an export cancel. Out: for each page a chance and a level. Not here:
//! what an event is (`tally`).

use super::statistics::chance;

/// Days of the recent window, unless a review cuts it short.
pub const RECENT_DAYS: i32 = 56;
/// Days of the baseline before it.
pub const BASELINE_DAYS: i32 = 182;
/// Fewest days of the recent window …
pub const FEWEST_RECENT: i32 = 14;
/// … and fewest days of the baseline that an export must hold.
pub const FEWEST_BASELINE: i32 = 84;
/// Fewest recent events of a surge.
const FEWEST_EVENTS: u32 = 5;
/// Least growth of a surge.
const LEAST_RATIO: f64 = 1.5;
/// Events with nothing before that are worth a note.
const FIRST_EVENTS: u32 = 3;
/// How many events the pool is worth when it steadies a page's own dispersion.
const POOL_EVENTS: f64 = 30.0;
/// Fewest events of a page that adds to the pool.
const POOL_FEWEST: u32 = 13;

/// Events of one page, or of all, in the two windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the recent window.
    pub recent: u32,
    /// In each week of the baseline, oldest first.
    pub weeks: Vec<u32>,
}

impl Counts {
    /// In the whole baseline.
    pub fn baseline(&self) -> u32 {
        self.weeks.iter().sum()
    }
}

/// One page's events and those of all pages in the same windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The page's.
    pub own: Counts,
    /// All topical ones.
    pub all: Counts,
}

/// How far a count is beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The first tickets ever: a note.
    First,
    /// Doubtful.
    Watch,
    /// Nearly certain.
    Alarm,
}

impl Level {
    /// As reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Watch => "watch",
            Self::Alarm => "alarm",
        }
    }
}

/// What the test says of one page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The chance of as many recent events by accident.
    pub p: f64,
    /// How many times faster they come than the growth of all tickets explains.
    pub ratio: f64,
    /// How much wider than independent events they scatter.
    pub dispersion: f64,
    /// `None`: nothing unusual.
    pub level: Option<Level>,
}

/// Where a surge begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Chance below which it is watched.
    pub watch: f64,
    /// Chance below which it is an alarm.
    pub alarm: f64,
    /// Share of false discoveries that is tolerated.
    pub false_discovery: Option<f64>,
}

/// Tests every page; the verdicts are in the order of the series.
pub fn judge(series: &[Series], thresholds: Thresholds) -> Vec<Verdict> {
    let raw: Vec<f64> = series.iter().map(dispersion).collect();
    let pool = pooled(series, &raw);
    let mut verdicts: Vec<Verdict> = series
        .iter()
        .zip(&raw)
        .map(|(series, raw)| test(series, shrunk(*raw, &series.own, pool), thresholds))
        .collect();
    if let Some(tolerated) = thresholds.false_discovery {
        control(&mut verdicts, tolerated);
    }
    verdicts
}

/// φ̂: how much wider the weekly counts of the baseline scatter than independent events would, each
/// week being expected its share of all events. 1 where nothing can be said.
fn dispersion(series: &Series) -> f64 {
    let (own, all) = (f64::from(series.own.baseline()), f64::from(series.all.baseline()));
    let mut weeks = 0u32;
    let mut squares = 0.0;
    for (count, volume) in series.own.weeks.iter().zip(&series.all.weeks) {
        if *volume == 0 {
            continue;
        }
        let expected = own * f64::from(*volume) / all;
        weeks += 1;
        if expected > 0.0 {
            squares += (f64::from(*count) - expected).powi(2) / expected;
        }
    }
    if weeks < 2 || own == 0.0 { 1.0 } else { squares / f64::from(weeks - 1) }
}

/// φ̄: the median over the pages with enough events, 1 without any.
fn pooled(series: &[Series], raw: &[f64]) -> f64 {
    let mut known: Vec<f64> = series
        .iter()
        .zip(raw)
        .filter(|(series, _)| series.own.baseline() >= POOL_FEWEST)
        .map(|(_, raw)| *raw)
        .collect();
    known.sort_by(f64::total_cmp);
    let middle = known.len() / 2;
    match known.len() {
        0 => 1.0,
        even if even % 2 == 0 => f64::midpoint(known[middle - 1], known[middle]),
        _ => known[middle],
    }
}

fn shrunk(raw: f64, own: &Counts, pool: f64) -> f64 {
    let events = f64::from(own.baseline());
    ((raw * events + pool * POOL_EVENTS) / (events + POOL_EVENTS)).max(1.0)
}

fn test(series: &Series, dispersion: f64, thresholds: Thresholds) -> Verdict {
    let (recent, baseline) = (series.own.recent, series.own.baseline());
    let (all_recent, all_baseline) = (f64::from(series.all.recent), f64::from(series.all.baseline()));
    let share = all_recent / (all_recent + all_baseline).max(1.0);
    let p = chance(f64::from(recent), f64::from(baseline), share, dispersion);
    let usual = (f64::from(baseline) + 0.5) / all_baseline.max(1.0);
    let ratio = f64::from(recent) / all_recent.max(1.0) / usual;
    let is_large = recent >= FEWEST_EVENTS && ratio >= LEAST_RATIO;
    let level = if is_large && p < thresholds.alarm {
        Some(Level::Alarm)
    } else if is_large && p < thresholds.watch {
        Some(Level::Watch)
    } else if recent >= FIRST_EVENTS && baseline == 0 {
        Some(Level::First)
    } else {
        None
    };
    Verdict { p, ratio, dispersion, level }
}

/// Benjamini and Hochberg: keeps the surges whose chances are small enough for how many pages were
/// tested.
fn control(verdicts: &mut [Verdict], tolerated: f64) {
    let mut chances: Vec<f64> = verdicts.iter().map(|verdict| verdict.p).collect();
    chances.sort_by(f64::total_cmp);
    let all = chances.len() as f64;
    let limit = |rank: usize| tolerated * (rank + 1) as f64 / all;
    let last =
        chances.iter().enumerate().filter(|(rank, p)| **p <= limit(*rank)).map(|(_, p)| *p).next_back();
    for verdict in verdicts {
        let is_surge = verdict.level.is_some_and(|level| level > Level::First);
        if is_surge && last.is_none_or(|last| verdict.p > last) {
            verdict.level = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Thresholds = Thresholds { watch: 0.01, alarm: 0.001, false_discovery: None };

    fn series(recent: u32, weeks: &[u32], all_recent: u32, all_week: u32) -> Series {
        Series {
            own: Counts { recent, weeks: weeks.to_vec() },
            all: Counts { recent: all_recent, weeks: vec![all_week; weeks.len()] },
        }
    }

    /// A page with one event in every second week, among 50 a week.
    fn steady(recent: u32) -> Series {
        series(recent, &[1, 0].repeat(13), 400, 50)
    }

    #[test]
    fn a_page_with_three_times_its_tickets_is_flagged_and_one_with_its_usual_is_not() {
        for (recent, level) in
            [(0, None), (4, None), (8, None), (12, Some(Level::Watch)), (18, Some(Level::Alarm))]
        {
            let verdict = judge(&[steady(recent)], USUAL)[0];
            assert_eq!(verdict.level, level, "{recent}: {verdict:?}");
        }
    }

    #[test]
    fn growth_of_all_tickets_is_no_surge_of_one_page() {
        let grown = series(16, &[1, 0].repeat(13), 1600, 50);
        let verdict = judge(&[grown], USUAL)[0];
        assert_eq!(verdict.level, None);
        assert!((verdict.ratio - 16.0 / 1600.0 / (13.5 / 1300.0)).abs() < 1e-12, "{verdict:?}");
    }

    #[test]
    fn fewer_than_five_tickets_are_no_surge_however_rare() {
        let verdict = judge(&[series(4, &[0; 26], 400, 400)], USUAL)[0];
        assert!(verdict.p < 0.001);
        assert_eq!(verdict.level, Some(Level::First));
        assert_eq!(judge(&[series(2, &[0; 26], 400, 400)], USUAL)[0].level, None);
    }

    #[test]
    fn bursts_widen_what_is_usual() {
        let mut weeks = vec![0; 26];
        weeks[3] = 13;
        let burst = judge(&[series(11, &weeks, 400, 50)], USUAL)[0];
        // One page alone is its own pool: χ² of 13 events in one of 26 equal weeks, by hand.
        let expected = (25.0 * 0.5 + (13.0f64 - 0.5).powi(2) / 0.5) / 25.0;
        assert!((burst.dispersion - expected).abs() < 1e-9, "{burst:?}");
        assert_eq!(burst.level, None);
    }

    #[test]
    fn a_page_with_few_tickets_takes_its_dispersion_from_the_pool() {
        let mut weeks = vec![0; 26];
        weeks[3] = 26;
        let lone = series(3, &[0; 26], 400, 50);
        let verdicts = judge(&[series(0, &weeks, 400, 50), lone], USUAL);
        assert!((verdicts[1].dispersion - verdicts[0].dispersion).abs() < 1e-9, "{verdicts:?}");
        assert!(verdicts[1].dispersion > 20.0);
    }

    #[test]
    fn false_discoveries_are_controlled_if_asked_for() {
        let mut all = vec![steady(12)];
        all.extend(vec![steady(4); 299]);
        assert_eq!(judge(&all, USUAL)[0].level, Some(Level::Watch));
        let strict = Thresholds { false_discovery: Some(0.05), ..USUAL };
        assert_eq!(judge(&all, strict)[0].level, None);
        all[0] = steady(26);
        assert_eq!(judge(&all, strict)[0].level, Some(Level::Alarm));
    }
}
