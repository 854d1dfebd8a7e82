//! The past, judged week by week, and what followed: how often each kind of flag led to an edit.
//!
//! In: the [`Inputs`] of today and every commit to a page. Out: a [`Backtest`]. Each week is judged by
//! [`judge`] itself, from the tickets, commits and reviews that were known at its end; tags, `covers`
//! and links are those of today. Not replayed: proof, names in code, snoozes. Not here: printing it
//! (`report`), reading commits (`discover`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use super::clock::{day_number, day_text};
use super::judge::judge;
use super::references::NamesFound;
use super::review::{ReviewFacts, Reviewed};
use super::share::line_day;
use super::statistics::wilson;
use super::topics::{Extent, day_of};
use super::{Article, Inputs, State};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::freshness::{FLAG, OUTCOME, OVERDUE, SOURCE_CHANGED, STANDS_ON, TICKET_SURGE};
use crate::discover::git::History;
use crate::discover::git::edits::PageEdit;
use crate::model::PageId;

/// Fewest flags whose outcome is known, and fewest other weeks, that say anything.
pub const FEWEST: (u64, u64) = (10, 30);

/// One kind of flag.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// As reports write it.
    pub name: &'static str,
    /// What a team can do if pages with the flag are edited no more often than others.
    pub remedy: &'static str,
    /// `None`: any of those that make a page doubtful.
    rule: Option<&'static Rule>,
    /// Only if the evidence has this level.
    level: Option<&'static str>,
}

/// All kinds of flags, in the order of reports.
pub static SIGNALS: [Signal; 8] = [
    Signal { name: "doubtful", remedy: "see which of the rules flag for nothing", rule: None, level: None },
    Signal {
        name: "ticket-surge",
        remedy: "ask for rarer surges with a smaller `watch` in `freshness`, or give pages narrower `ticket_tags`",
        rule: Some(&TICKET_SURGE),
        level: None,
    },
    Signal {
        name: "ticket-surge alarm",
        remedy: "ask for rarer alarms with a smaller `alarm` in `freshness`, or give pages narrower `ticket_tags`",
        rule: Some(&TICKET_SURGE),
        level: Some("alarm"),
    },
    Signal {
        name: "outcome",
        remedy: "see whether tickets are reopened for reasons that no page can mend",
        rule: Some(&OUTCOME),
        level: None,
    },
    Signal {
        name: "flag",
        remedy: "agree with the agents on when an article is flagged",
        rule: Some(&FLAG),
        level: None,
    },
    Signal {
        name: "source-changed",
        remedy: "name fewer paths in `covers`, and robots under `bots` in `freshness`",
        rule: Some(&SOURCE_CHANGED),
        level: None,
    },
    Signal {
        name: "stands-on",
        remedy: "mend the pages that others stand on first",
        rule: Some(&STANDS_ON),
        level: None,
    },
    Signal {
        name: "overdue",
        remedy: "ask less often with longer `intervals` in `freshness`",
        rule: Some(&OVERDUE),
        level: None,
    },
];

/// Place of the last, which is the clock's and no doubt.
const CLOCK: usize = SIGNALS.len() - 1;

/// What replaying the past gave.
#[derive(Clone, Debug)]
pub struct Backtest {
    /// The ends of the weeks, oldest first, days since 1970. The first only shows what was flagged
    /// already.
    pub weeks: Vec<i32>,
    /// Days within which an edit follows a flag.
    pub within: i32,
    /// Tickets up to the last of the weeks.
    pub tickets: usize,
    /// Edits of pages that are there today, bulk ones left out, and how many pages they are of;
    /// `None` if nobody knows.
    pub edits: Option<(usize, usize)>,
    /// By [`SIGNALS`].
    pub scores: Vec<Score>,
    /// Every flag, by week, page and signal.
    pub flags: Vec<Flag>,
}

/// How often one signal was followed by an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Times that a page was newly flagged.
    pub flagged: u64,
    /// Different pages among them.
    pub pages: u64,
    /// Those of which it is known what followed …
    pub known: u64,
    /// … those followed by an edit …
    pub edited: u64,
    /// … and those followed by a review that changed nothing else.
    pub confirmed: u64,
    /// Weeks in which a page could have been flagged and nothing spoke against it …
    pub others: u64,
    /// … and those followed by an edit.
    pub others_edited: u64,
}

/// Whether a signal says where edits are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No page was ever flagged.
    Never,
    /// Nobody knows what followed.
    Unknown,
    /// Too few flags, or too few other weeks.
    TooFew,
    /// Flagged pages are edited more often than others.
    More,
    /// The difference may be chance.
    Same,
    /// Flagged pages are edited less often than others.
    Less,
}

impl Score {
    /// The share that was followed by an edit, and the interval of 95 % around it.
    pub fn share(&self) -> Option<(f64, f64, f64)> {
        let (low, high) = wilson(self.edited, self.known);
        (self.known > 0).then(|| (self.edited as f64 / self.known as f64, low, high))
    }

    /// The share of other weeks that were followed by an edit.
    pub fn other_share(&self) -> Option<f64> {
        (self.others > 0).then(|| self.others_edited as f64 / self.others as f64)
    }

    /// What it says of the signal.
    pub fn verdict(&self) -> Verdict {
        let (Some((_, low, high)), Some(usual)) = (self.share(), self.other_share()) else {
            return match (self.flagged, self.known) {
                (0, _) => Verdict::Never,
                (_, 0) => Verdict::Unknown,
                _ => Verdict::TooFew,
            };
        };
        match () {
            () if self.known < FEWEST.0 || self.others < FEWEST.1 => Verdict::TooFew,
            () if low > usual => Verdict::More,
            () if high < usual => Verdict::Less,
            () => Verdict::Same,
        }
    }
}

/// A page that was newly flagged: not by the same signal within the days before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The end of the week, days since 1970.
    pub week: i32,
    /// The page.
    pub page: PageId,
    /// Place in [`SIGNALS`].
    pub signal: usize,
    /// Why.
    pub message: String,
    /// What followed.
    pub then: Then,
}

/// What followed a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// An edit on this day.
    Edited(i32),
    /// A review on this day, and no other change.
    Confirmed(i32),
    /// Nothing.
    Nothing,
    /// The days are not over.
    Open,
    /// The history of the page begins later.
    NoPage,
    /// Nobody knows.
    Unknown,
}

/// Replays every week of the exports. `edits` are all commits to pages, `None` if nobody knows them;
/// `within` are the days within which an edit follows a flag. `None`: no ticket up to today.
pub fn backtest(inputs: &Inputs<'_>, edits: Option<&[PageEdit]>, within: i32) -> Option<Backtest> {
    let extent = Extent::of(inputs.tickets?, day_number(inputs.today))?;
    let mut weeks: Vec<i32> = (extent.first + 6..=extent.as_of).rev().step_by(7).collect();
    weeks.reverse();
    let pasts = read_pasts(inputs, edits.unwrap_or_default());
    let history = History { reviewed: BTreeMap::new(), tracked: Vec::new(), ..inputs.history.clone() };
    let names = NamesFound::default();
    let replay = |end: &i32| {
        let today = day(*end);
        let reviews: Vec<ReviewFacts> =
            inputs.reviews.iter().zip(&pasts).map(|(facts, past)| past.facts(facts, *end)).collect();
        let then =
            Inputs { today, reviews: &reviews, history: &history, names: &names, findings: &[], ..*inputs };
        let articles = judge(&then).articles;
        articles.iter().zip(&reviews).map(|(article, facts)| Judged::of(article, facts)).collect()
    };
    let judged: Vec<Vec<Judged>> = weeks.par_iter().map(replay).collect();
    let count = Counting {
        weeks,
        judged,
        pasts,
        until: day_number(inputs.today),
        within,
        has_edits: edits.is_some(),
    };
    let (scores, flags) = count.count();
    let edited: Vec<usize> = count.pasts.iter().map(|past| past.edits.len()).collect();
    Some(Backtest {
        tickets: extent.since(inputs.tickets?, extent.first).count(),
        edits: edits.map(|_| (edited.iter().sum(), edited.iter().filter(|edits| **edits > 0).count())),
        weeks: count.weeks,
        within,
        scores,
        flags,
    })
}

fn day(number: i32) -> Date {
    day_text(number).parse().unwrap_or(Date::MAX)
}

/// What happened to one page; days since 1970.
#[derive(Clone, Debug, Default)]
struct Past {
    /// The day of its first commit.
    created: Option<i32>,
    /// The days of edits that changed more than the review, ascending.
    edits: Vec<i32>,
    /// Since when a review was known, and its day, ascending.
    reviews: Vec<(i32, Date)>,
}

/// The past of each page.
fn read_pasts(inputs: &Inputs<'_>, edits: &[PageEdit]) -> Vec<Past> {
    let pages = inputs.site.pages.iter().enumerate();
    let by_path: BTreeMap<&str, PageId> = pages.map(|(id, page)| (page.parsed.file.path(), id)).collect();
    let mut pasts = vec![Past::default(); inputs.site.pages.len()];
    for edit in edits {
        let Some(past) = by_path.get(edit.path.as_str()).map(|page| &mut pasts[*page]) else { continue };
        let landed = day_of(edit.landed);
        past.created = Some(past.created.map_or(landed, |day| day.min(landed)));
        if edit.is_substantial && !edit.is_bulk {
            past.edits.push(landed);
        }
        if let Some(reviewed) = edit.review.as_deref().and_then(line_day) {
            // A page that came with its review was confirmed where it came from.
            let known = day_number(reviewed).max(if edit.is_new { i32::MIN } else { landed });
            past.reviews.push((known, reviewed));
        }
    }
    for (past, facts) in pasts.iter_mut().zip(inputs.reviews) {
        if let Some(reviewed) = facts.reviewed.date()
            && !past.reviews.iter().any(|(_, day)| *day == reviewed)
        {
            past.reviews.push((day_number(reviewed), reviewed));
        }
        past.edits.sort_unstable();
        past.reviews.sort_unstable();
    }
    pasts
}

impl Past {
    /// What the page said of its review at the end of a day.
    fn facts(&self, now: &ReviewFacts, end: i32) -> ReviewFacts {
        let known = self.reviews.iter().take_while(|(known, _)| *known <= end);
        let reviewed = known.map(|(_, reviewed)| *reviewed).max();
        ReviewFacts {
            reviewed: reviewed.map_or(Reviewed::Never, Reviewed::On),
            every: now.every.clone(),
            evergreen: now.evergreen.clone(),
            covers: now.covers.clone(),
            ticket_tags: now.ticket_tags.clone(),
            ..ReviewFacts::default()
        }
    }

    /// The first day of some that lies after one and not after another.
    fn first(days: impl Iterator<Item = i32>, after: i32, until: i32) -> Option<i32> {
        days.filter(|day| *day > after && *day <= until).min()
    }
}

/// What a week said of one page.
struct Judged {
    /// Places in [`SIGNALS`] with the reason.
    flags: Vec<(usize, String)>,
    /// By [`SIGNALS`]: whether the page could have been flagged.
    can: [bool; SIGNALS.len()],
}

impl Judged {
    fn of(article: &Article, facts: &ReviewFacts) -> Self {
        let speaks = |signal: &Signal| {
            article.reasons.iter().find(|reason| {
                let is_rule = signal.rule.is_none_or(|rule| rule == reason.rule);
                let level = signal.level.is_none_or(|level| {
                    reason.evidence.get("level").and_then(serde_json::Value::as_str) == Some(level)
                });
                let state = if signal.rule == Some(&OVERDUE) { State::Due } else { State::Doubtful };
                is_rule && level && reason.state == Some(state)
            })
        };
        let flags = SIGNALS.iter().enumerate().filter_map(|(at, signal)| {
            let reason = speaks(signal)?;
            let rule = if signal.rule.is_none() { format!("{}: ", reason.rule.code) } else { String::new() };
            Some((at, format!("{rule}{}", reason.message)))
        });
        let has_tickets = article.tickets.is_some();
        let is_tested = article.tickets.as_ref().is_some_and(|tickets| tickets.p.is_some());
        let is_reviewed = facts.reviewed != Reviewed::Never;
        let has_sources = !facts.covers.is_empty() && is_reviewed;
        let can = |signal: &Signal| match signal.rule {
            None => has_tickets || has_sources,
            Some(rule) if rule == &TICKET_SURGE => is_tested,
            Some(rule) if rule == &OUTCOME => has_tickets,
            Some(rule) if rule == &SOURCE_CHANGED => has_sources,
            Some(rule) if rule == &OVERDUE => is_reviewed && facts.evergreen.is_none(),
            Some(_) => true,
        };
        Self { flags: flags.collect(), can: std::array::from_fn(|at| can(&SIGNALS[at])) }
    }

    fn has(&self, signal: usize) -> bool {
        self.flags.iter().any(|(at, _)| *at == signal)
    }
}

/// Weeks and what is known of them.
struct Counting {
    weeks: Vec<i32>,
    /// By week and page.
    judged: Vec<Vec<Judged>>,
    pasts: Vec<Past>,
    /// The last day of which edits are known.
    until: i32,
    within: i32,
    has_edits: bool,
}

impl Counting {
    fn count(&self) -> (Vec<Score>, Vec<Flag>) {
        let mut scores = vec![Score::default(); SIGNALS.len()];
        let mut flags = Vec::new();
        for (page, past) in self.pasts.iter().enumerate() {
            // By signal: the week in which it was last seen.
            let mut seen: [Option<i32>; SIGNALS.len()] = [None; SIGNALS.len()];
            let mut flagged = [false; SIGNALS.len()];
            for (at, (week, judged)) in self.weeks.iter().zip(&self.judged).enumerate() {
                let judged = &judged[page];
                let then = self.then(past, *week);
                for (signal, message) in &judged.flags {
                    let last = seen[*signal].replace(*week);
                    if at == 0 || last.is_some_and(|last| week - last <= self.within) {
                        continue;
                    }
                    scores[*signal].add(then);
                    scores[*signal].pages += u64::from(!std::mem::replace(&mut flagged[*signal], true));
                    let message = message.clone();
                    flags.push(Flag { week: *week, page, signal: *signal, message, then });
                }
                let is_edited = match then {
                    Then::Edited(_) => true,
                    Then::Confirmed(_) | Then::Nothing => false,
                    Then::Open | Then::NoPage | Then::Unknown => continue,
                };
                for (signal, score) in scores.iter_mut().enumerate() {
                    let speaks = judged.has(0) || signal == CLOCK && judged.has(CLOCK);
                    if at > 0 && !speaks && judged.can[signal] {
                        score.others += 1;
                        score.others_edited += u64::from(is_edited);
                    }
                }
            }
        }
        flags.sort_by_key(|flag| (flag.week, flag.page, flag.signal));
        (scores, flags)
    }

    /// What followed the end of a week.
    fn then(&self, past: &Past, week: i32) -> Then {
        let end = week + self.within;
        if !self.has_edits {
            return Then::Unknown;
        }
        if past.created.is_none_or(|created| created > week) {
            return Then::NoPage;
        }
        if end > self.until {
            return Then::Open;
        }
        let reviews = past.reviews.iter().map(|(known, _)| *known);
        match Past::first(past.edits.iter().copied(), week, end) {
            Some(day) => Then::Edited(day),
            None => Past::first(reviews, week, end).map_or(Then::Nothing, Then::Confirmed),
        }
    }
}

impl Score {
    fn add(&mut self, then: Then) {
        self.flagged += 1;
        self.known += u64::from(matches!(then, Then::Edited(_) | Then::Confirmed(_) | Then::Nothing));
        self.edited += u64::from(matches!(then, Then::Edited(_)));
        self.confirmed += u64::from(matches!(then, Then::Confirmed(_)));
    }
}
