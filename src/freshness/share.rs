//! How many reviews changed nothing but the review: of a team, never of a person.
//!
//! In: the reviews in the history and the owners of pages. Out: one line for each team. A high share
//! says that reviewing is done by habit, and that is a matter of the team's way of working.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::clock::day_text;
use super::names::long_name;
use crate::config::builtin::every_page;
use crate::discover::git::reviews::{LineKind, ReviewEdit};
use crate::model::Site;

/// The reviews of a team's pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamShare {
    /// The team; `None`: pages that people own, or nobody.
    pub team: Option<String>,
    /// Reviews.
    pub reviews: usize,
    /// Those that changed nothing else of the page.
    pub date_only: usize,
}

/// The names of the key that holds the day of a review.
pub fn review_keys() -> Vec<&'static str> {
    let field = every_page().iter().find(|field| field.name == "reviewed");
    field
        .into_iter()
        .flat_map(|field| std::iter::once(&field.name).chain(&field.aliases))
        .map(String::as_str)
        .collect()
}

/// What a line of a page says. Fences and blank lines come and go with the keys.
pub fn line_kind(line: &str) -> LineKind {
    let line = line.trim();
    if line.is_empty() || matches!(line, "---" | "..." | "freshness:") {
        return LineKind::Review;
    }
    let key = line.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    match long_name(key) {
        Some("reviewed") if line.contains(':') => LineKind::Day,
        Some(name) if name.starts_with("reviewed") && line.contains(':') => LineKind::Review,
        _ => LineKind::Other,
    }
}

/// The day that a line of the kind [`LineKind::Day`] gives.
pub fn line_day(line: &str) -> Option<Date> {
    let value = line.split_once(':')?.1.trim_start().trim_start_matches(['"', '\'']);
    let value = value.get(..10)?;
    // `ms.date` is written in the American way.
    value.parse().or_else(|_| Date::strptime("%m/%d/%Y", value)).ok()
}

/// The share of each team, by name, up to the day that is judged; pages that are gone do not count.
pub fn date_only_share(site: &Site, reviews: &[ReviewEdit]) -> Vec<TeamShare> {
    let owners: BTreeMap<&str, &[String]> =
        site.pages.iter().map(|page| (page.parsed.file.path(), page.owners.as_slice())).collect();
    let mut shares: BTreeMap<Option<&str>, TeamShare> = BTreeMap::new();
    for review in reviews {
        let Some(owners) = owners.get(review.path.as_str()) else { continue };
        if day_text(review.landed.div_euclid(24 * 60 * 60) as i32) > site.today {
            continue;
        }
        let mut teams: Vec<Option<&str>> =
            owners.iter().map(String::as_str).filter(|owner| is_team(owner)).map(Some).collect();
        if teams.is_empty() {
            teams.push(None);
        }
        for team in teams {
            let share = shares.entry(team).or_default();
            share.reviews += 1;
            share.date_only += usize::from(review.date_only);
        }
    }
    shares.into_iter().map(|(team, share)| TeamShare { team: team.map(str::to_owned), ..share }).collect()
}

/// A name is a team's unless it looks like a person's: `@ana`, `ana@example.org`.
fn is_team(owner: &str) -> bool {
    let handle = owner.strip_prefix('@');
    match handle {
        Some(handle) => handle.contains('/'),
        None => !owner.contains('@'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_review_are_told_from_others() {
        for (line, kind) in [
            ("reviewed: 2026-01-01", LineKind::Day),
            ("  last-reviewed: 2026-01-01 # x", LineKind::Day),
            ("\"reviewed\": x", LineKind::Day),
            ("reviewed_how: read", LineKind::Review),
            ("---", LineKind::Review),
            ("", LineKind::Review),
            ("review_every: 90d", LineKind::Other),
            ("reviewed", LineKind::Other),
            ("Text: reviewed", LineKind::Other),
        ] {
            assert_eq!(line_kind(line), kind, "{line}");
        }
    }

    #[test]
    fn the_day_of_a_review_is_read_from_its_line() {
        for (line, day) in [
            ("reviewed: 2026-01-02", Some("2026-01-02")),
            ("  \"last-reviewed\": '2026-01-02' # x", Some("2026-01-02")),
            ("ms.date: 01/02/2026", Some("2026-01-02")),
            ("reviewed: soon", None),
            ("reviewed:", None),
        ] {
            assert_eq!(line_day(line), day.map(|day| day.parse().unwrap()), "{line}");
        }
    }

    #[test]
    fn a_person_is_no_team() {
        let teams = ["team-db", "@group/team", "@ana", "ana@example.org"].map(is_team);
        assert_eq!(teams, [true, true, false, false]);
    }
}
