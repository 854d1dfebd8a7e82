//! What tickets and commits say of a page since its review: surge, outcome, flag, changed sources and
//! names that are gone.

use super::clock::day_text;
use super::evidence::{Evidence, count};
use super::references::{names_gone, paths_gone};
use super::review::ReviewFacts;
use super::sources::source_changes;
use super::statistics::{fisher, milli_log2, one_in, rounded};
use super::surge::{Level, RECENT_DAYS, Verdict};
use super::tally::PageTally;
use super::topics::Extent;
use super::{Inputs, State};
use crate::diagnostic::rules::freshness::{FLAG, OUTCOME, REFERENCE_GONE, SOURCE_CHANGED, TICKET_SURGE};
use crate::model::Page;
use crate::source::Span;

const SURGE_WATCH: i32 = 1200;
const SURGE_ALARM: i32 = 2200;
const BAD_OUTCOME: i32 = 1000;
const ONE_FLAG: i32 = 2500;
const TWO_FLAGS: i32 = 3500;
const REFERENCE: i32 = 3000;
const PER_CHANGE: i32 = 800;
const MOST_CHANGES: i32 = 3000;
/// Fewest solved tickets that say anything about outcomes.
const FEWEST_SOLVED: u64 = 10;
const OUTCOME_CHANCE: f64 = 0.01;

/// The two windows of a page, days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// First day of the recent window, which ends at `as_of`.
    pub start: i32,
    /// Its last day.
    pub end: i32,
}

impl Window {
    /// Days of the recent window.
    pub fn days(self) -> i32 {
        self.end - self.start + 1
    }

    /// `the last 8 weeks`, or `the 20 days since the review`.
    fn words(self) -> String {
        if self.days() == RECENT_DAYS {
            "the last 8 weeks".into()
        } else {
            format!("the {} days since the review", self.days())
        }
    }
}

/// What is known of the tickets of a page.
pub(super) struct PageTickets<'a> {
    pub tags: Vec<&'a str>,
    pub all: bool,
    pub tally: &'a PageTally,
    pub window: Window,
    pub extent: Extent,
    pub recent: u32,
    pub baseline: u32,
    pub verdict: Option<Verdict>,
}

impl PageTickets<'_> {
    fn tagged(&self) -> String {
        let mut names: Vec<&str> = self.tags.clone();
        let more = names.len().saturating_sub(3);
        names.truncate(3);
        let mut text = names.join(if self.all { " and " } else { " or " });
        if more > 0 {
            text = format!("{text} (and {more} more)");
        }
        text
    }
}

/// A surge, if there is one.
pub(super) fn find_surge(page: &Page, facts: &ReviewFacts, tickets: &PageTickets<'_>) -> Option<Evidence> {
    let verdict = tickets.verdict?;
    let level = verdict.level?;
    let (recent, baseline) = (tickets.recent, tickets.baseline);
    let tagged = format!("{} tagged {}", count(recent.into(), "ticket"), tickets.tagged());
    let window = tickets.window.words();
    let days = tickets.window.days();
    let whole = days == RECENT_DAYS;
    let message = if level == Level::First {
        format!("{tagged} in {window}, and none in the 26 weeks before: the first ever")
    } else {
        let tenths = (i64::from(baseline) * i64::from(days) * 10 + 91) / 182;
        let usual = format!("{}.{}", tenths / 10, tenths % 10);
        let since = if whole && facts.reviewed.date().is_some() { ", all since the review" } else { "" };
        let per = if whole { "per 8 weeks".to_owned() } else { format!("per {days} days") };
        let chance = one_in(verdict.p);
        format!(
            "{tagged} in {window}{since}; usual {usual} {per}. By chance about {chance} ({})",
            level.word()
        )
    };
    let weight = match level {
        Level::First => 0,
        Level::Watch => SURGE_WATCH,
        Level::Alarm => SURGE_ALARM,
    };
    let evidence = Evidence::new(&TICKET_SURGE, State::Doubtful, weight, message)
        .at(tag_place(page, facts))
        .fact("level", level.word())
        .fact("recent", recent)
        .fact("baseline", baseline)
        .fact("rate_ratio", rounded(verdict.ratio))
        .fact("p", rounded(verdict.p))
        .fact("dispersion", rounded(verdict.dispersion))
        .fact("from", day_text(tickets.window.start))
        .fact("as_of", day_text(tickets.extent.as_of))
        .help(format!(
            "read the newest of them, mend the page, then `docent review {}`",
            page.parsed.file.path()
        ));
    Some(if level == Level::First { evidence.only_orders() } else { evidence })
}

/// Where a page says which tickets it answers.
pub(super) fn tag_place(page: &Page, facts: &ReviewFacts) -> Span {
    let asked = facts.ticket_tags.as_ref().and_then(|tags| tags.tags.first());
    asked.or(page.parsed.front.tags.first()).map(|tag| tag.span).unwrap_or_default()
}

/// Worse outcomes than others', or the good news that there are none.
pub(super) fn find_outcome(
    page: &Page,
    facts: &ReviewFacts,
    tally: &PageTally,
) -> Option<Result<Evidence, String>> {
    let (own, rest) = (tally.own, tally.rest);
    if own.solved == 0 {
        return None;
    }
    let since = if facts.reviewed.date().is_some() { "since the review" } else { "in the last 34 weeks" };
    if own.bad == 0 {
        return (own.solved > 1).then(|| Err(format!("reused {} times {since}, none reopened", own.solved)));
    }
    let chance = fisher(own.bad, own.solved, own.bad + rest.bad, own.solved + rest.solved);
    if own.solved < FEWEST_SOLVED || chance >= OUTCOME_CHANCE {
        return None;
    }
    let all = rest.solved.max(1);
    let tenths = (rest.bad * 1000 + all / 2) / all;
    let usual = format!("{}.{}", tenths / 10, tenths % 10);
    let message = format!(
        "{} of {} solved {since} were reopened or rated badly; of all others {usual} %. By chance about {}",
        own.bad,
        count(own.solved, "ticket"),
        one_in(chance)
    );
    Some(Ok(Evidence::new(&OUTCOME, State::Doubtful, BAD_OUTCOME, message)
        .at(tag_place(page, facts))
        .fact("bad", own.bad)
        .fact("solved", own.solved)
        .fact("others_bad", rest.bad)
        .fact("others_solved", rest.solved)
        .fact("p", rounded(chance))
        .help("read the reopened tickets: the answer may not work")))
}

/// Flags of agents.
pub(super) fn find_flag(page: &Page, facts: &ReviewFacts, tally: &PageTally) -> Option<Evidence> {
    let weight = match tally.flags.len() {
        0 => return None,
        1 => ONE_FLAG,
        _ => TWO_FLAGS,
    };
    let times = count(tally.flags.len() as u64, "ticket");
    let since = if facts.reviewed.date().is_some() { " since the review" } else { "" };
    Some(
        Evidence::new(&FLAG, State::Doubtful, weight, format!("flagged as wrong in {times}{since}"))
            .at(tag_place(page, facts))
            .fact("tickets", tally.flags.len())
            .help("read what the agents wrote, mend the page, and confirm it"),
    )
}

/// What changed in the repository since the review.
pub(super) fn find_changes(page: &Page, facts: &ReviewFacts, inputs: &Inputs<'_>) -> Vec<Evidence> {
    let mut found = Vec::new();
    let body = page.parsed.file.slice(page.parsed.body);
    let changed = page.git.as_ref().map(|git| git.changed.as_str());
    if let Some(changes) = source_changes(facts, body, changed, inputs.history, inputs.today)
        && let Some(newest) = changes.commits.first()
    {
        let commits = changes.commits.len() as u64;
        let touched = |path: &&String| facts.covers.iter().any(|cover| cover.matches(path));
        let patterns = facts.covers.iter().filter(|cover| {
            changes.commits.iter().any(|commit| commit.paths.iter().any(|path| cover.matches(path)))
        });
        let places: Vec<&str> = patterns.map(|cover| place_of(&cover.pattern.value)).take(3).collect();
        let day = day_text((newest.landed.div_euclid(24 * 60 * 60)) as i32);
        let message = format!(
            "{} to {} {} (latest {day} \"{}\")",
            count(commits, "commit"),
            places.join(", "),
            changes.since,
            shortened(&newest.subject)
        );
        let weight = PER_CHANGE * milli_log2(1 + commits, 1).min(MOST_CHANGES) / 1000;
        found.push(
            Evidence::new(&SOURCE_CHANGED, State::Doubtful, weight, message)
                .at(facts.covers.first().map(|cover| cover.pattern.span).unwrap_or_default())
                .fact("commits", commits)
                .fact("bulk", changes.bulk)
                .fact("latest", newest.id.clone())
                .fact(
                    "latest_paths",
                    newest.paths.iter().filter(touched).take(5).cloned().collect::<Vec<_>>(),
                )
                .help(format!("look at them: `docent review {} --show`", page.parsed.file.path())),
        );
    }
    let code = &page.parsed.inline_code;
    let mut gone = paths_gone(facts, code, inputs.history);
    gone.extend(names_gone(facts, code, inputs.names));
    gone.sort();
    gone.dedup_by(|a, b| a.name.value == b.name.value);
    for (at, gone) in gone.iter().enumerate() {
        let commit = facts.commit.as_ref().map_or("the review", |commit| commit.value.as_str());
        let message = format!("`{}` was in the repository at {commit} and is gone", gone.name.value);
        let help = match &gone.now {
            Some(now) => format!("it is now `{now}`"),
            None => "mend the page, or leave the name out".into(),
        };
        // However many are gone, the page is to be read once.
        let weight = if at == 0 { REFERENCE } else { 0 };
        found.push(
            Evidence::new(&REFERENCE_GONE, State::Doubtful, weight, message)
                .at(gone.name.span)
                .fact("name", gone.name.value.clone())
                .help(help),
        );
    }
    found
}

/// A path pattern as people say it: without what stands for any files.
fn place_of(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    let place = pattern[..end].trim_end_matches('/');
    if place.is_empty() { pattern } else { place }
}

fn shortened(subject: &str) -> String {
    if subject.chars().count() <= 72 {
        return subject.to_owned();
    }
    subject.chars().take(71).chain(['…']).collect()
}
