//! Tickets → events, counted by page, tag and day in one pass.
//!
//! In: tickets and [`Topics`]. Out: a [`Tally`]. An event is a ticket with at least one topical tag
//! that its asker did not bring up within the day before, and that its problem did not bring up
//! already; merged, spam and deleted tickets are none. Not here: what many events mean (`surge`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::NewTicket;
use super::clock::day_text;
use super::topics::{Extent, Topics, day_of};
use crate::model::PageId;
use crate::tickets::store::hash;
use crate::tickets::topical::JUDGED_DAYS;
use crate::tickets::{Satisfaction, Status, TagId, TicketRow, Tickets};

/// The same asker with the same tag within this many seconds is one event.
const SAME: i64 = 24 * 60 * 60;
/// The newest tickets that are kept of a page.
const NEWEST: usize = 5;

/// Events, counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// By day from `as_of - JUDGED_DAYS + 1` to `as_of`.
    pub by_day: Vec<u32>,
    /// By page.
    pub pages: Vec<PageTally>,
    /// By topical tag that was seen in the judged days.
    pub tags: BTreeMap<TagId, TagTally>,
    /// Events of the last 56 days: the pages that answer each, once for each set of pages.
    pub answered: BTreeMap<Vec<PageId>, u64>,
}

/// The tickets of one page.
#[derive(Clone, Debug, Default)]
pub(super) struct PageTally {
    /// Places in [`Tally::by_day`] of its events, ascending.
    pub days: Vec<u32>,
    /// How many of them came since its review.
    pub since_review: u32,
    /// Its newest tickets, newest first.
    pub newest: Vec<NewTicket>,
    /// Since its review.
    pub own: Outcomes,
    /// Of all other topical tickets in the same time.
    pub rest: Outcomes,
    /// Askers of tickets that flag it since its review.
    pub flags: BTreeSet<u64>,
}

/// How tickets ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    /// Solved.
    pub solved: u64,
    /// Of these, reopened or rated badly.
    pub bad: u64,
}

/// The events of one tag.
#[derive(Clone, Debug, Default)]
pub(super) struct TagTally {
    /// Places in [`Tally::by_day`], ascending.
    pub days: Vec<u32>,
    /// Who asked in the last 56 days.
    pub askers: BTreeSet<u64>,
    /// Topical tags beside it in the last 56 days.
    pub beside: BTreeMap<TagId, u32>,
}

/// What a tally needs to know of the pages.
pub(super) struct Pages<'a> {
    /// By page: the first day that its review does not answer for.
    pub since: &'a [i32],
    /// Address of a page without slashes at its ends → the page.
    pub by_address: &'a HashMap<String, PageId>,
    /// The tag with which agents flag an article.
    pub flag_tag: Option<TagId>,
}

/// Counts the tickets of an extent. Those that were solved after the day that is judged are open still.
pub(super) fn tally(tickets: &Tickets, topics: &Topics, extent: Extent, pages: &Pages<'_>) -> Tally {
    let first = extent.as_of - JUDGED_DAYS + 1;
    let recent = extent.as_of - 55;
    let mut tally = Tally {
        by_day: vec![0; JUDGED_DAYS as usize],
        pages: vec![PageTally::default(); topics.of_page.len()],
        ..Tally::default()
    };
    let mut events = Events { seen: HashMap::new(), problems: problems(tickets) };
    // By day from the first of the extent: all topical outcomes, summed up.
    let mut outcomes = vec![Outcomes::default(); (extent.as_of - extent.first + 1).unsigned_abs() as usize];
    // Older ones count for no page: not as events, and not since any review.
    let oldest = pages.since.iter().copied().min().unwrap_or(first).min(first - 1);
    for ticket in extent.since(tickets, oldest) {
        let day = day_of(ticket.created);
        if ticket.status == Status::Void {
            continue;
        }
        let topical: Vec<TagId> =
            ticket.tags.iter().copied().filter(|tag| topics.is_topical[*tag as usize]).collect();
        let answering = topics.answering(&topical, &topical);
        if was_solved(&ticket, extent.today) {
            let outcomes = &mut outcomes[(day - extent.first).unsigned_abs() as usize];
            add_outcome(&mut tally, outcomes, &ticket, &answering, pages);
        }
        if pages.flag_tag.is_some_and(|tag| ticket.tags.contains(&tag)) {
            add_flag(&mut tally, &ticket, &answering, pages);
        }
        if day < first - 1 || topical.is_empty() {
            // The day before still counts as the same asker's.
            continue;
        }
        let new = events.new_tags(&ticket, &topical);
        if new.is_empty() || day < first {
            continue;
        }
        let place = (day - first).unsigned_abs();
        tally.by_day[place as usize] += 1;
        let answering = topics.answering(&new, &topical);
        for id in &answering {
            let page = &mut tally.pages[*id];
            page.days.push(place);
            page.since_review += u32::from(day >= pages.since[*id]);
            page.newest.insert(
                0,
                NewTicket {
                    id: ticket.id.to_string(),
                    url: ticket.url.as_ref().map(ToString::to_string),
                    created: day_text(day),
                },
            );
            page.newest.truncate(NEWEST);
        }
        for tag in &new {
            let entry = tally.tags.entry(*tag).or_default();
            entry.days.push(place);
            if day >= recent {
                entry.askers.insert(asker(&ticket));
                for other in topical.iter().filter(|other| *other != tag) {
                    *entry.beside.entry(*other).or_default() += 1;
                }
            }
        }
        if day >= recent {
            *tally.answered.entry(answering).or_default() += 1;
        }
    }
    let mut sums = Vec::with_capacity(outcomes.len() + 1);
    let mut sum = Outcomes::default();
    sums.push(sum);
    for day in &outcomes {
        sum = Outcomes { solved: sum.solved + day.solved, bad: sum.bad + day.bad };
        sums.push(sum);
    }
    for (page, since) in tally.pages.iter_mut().zip(pages.since) {
        let before = sums[((since - extent.first).max(0).unsigned_abs() as usize).min(sums.len() - 1)];
        page.rest = Outcomes {
            solved: sum.solved - before.solved - page.own.solved,
            bad: sum.bad - before.bad - page.own.bad,
        };
    }
    tally
}

impl Topics {
    /// Pages that answer a ticket with these new tags among all of these, sorted.
    fn answering(&self, new: &[TagId], all: &[TagId]) -> Vec<PageId> {
        let mut pages: Vec<PageId> =
            new.iter().flat_map(|tag| &self.pages_of[*tag as usize]).copied().collect();
        pages.sort_unstable();
        pages.dedup();
        pages.retain(|page| self.of_page[*page].holds(new, all));
        pages
    }
}

/// Who asked, as far as the export says.
fn asker(ticket: &TicketRow<'_>) -> u64 {
    ticket.requester.or(ticket.organisation).unwrap_or_else(|| hash(&ticket.id.to_string()))
}

/// Every problem that has incidents.
fn problems(tickets: &Tickets) -> BTreeSet<u64> {
    tickets.iter().filter_map(|ticket| ticket.problem).collect()
}

/// Tags that were brought up.
struct Events {
    /// Who or which problem, and the tag → when it was counted last.
    seen: HashMap<(bool, u64, TagId), i64>,
    problems: BTreeSet<u64>,
}

impl Events {
    /// The tags of a ticket that are an event.
    fn new_tags(&mut self, ticket: &TicketRow<'_>, topical: &[TagId]) -> Vec<TagId> {
        let is_problem = || {
            let own = hash(&ticket.id.to_string());
            (!self.problems.is_empty() && self.problems.contains(&own)).then_some(own)
        };
        let problem = ticket.problem.or_else(is_problem);
        let mut new = Vec::new();
        for tag in topical {
            let (key, same) = match problem {
                Some(problem) => ((true, problem, *tag), i64::MAX),
                None => ((false, asker(ticket), *tag), SAME),
            };
            match self.seen.get(&key) {
                Some(last) if ticket.created.saturating_sub(*last) < same => {}
                _ => {
                    self.seen.insert(key, ticket.created);
                    new.push(*tag);
                }
            }
        }
        new
    }
}

fn was_solved(ticket: &TicketRow<'_>, today: i32) -> bool {
    match ticket.solved {
        Some(solved) => day_of(solved) <= today,
        None => ticket.status == Status::Solved,
    }
}

fn add_outcome(
    tally: &mut Tally,
    day: &mut Outcomes,
    ticket: &TicketRow<'_>,
    answering: &[PageId],
    pages: &Pages<'_>,
) {
    let bad = u64::from(ticket.reopened || ticket.satisfaction == Some(Satisfaction::Bad));
    day.solved += 1;
    day.bad += bad;
    for page in answering {
        if day_of(ticket.created) >= pages.since[*page] {
            let own = &mut tally.pages[*page].own;
            own.solved += 1;
            own.bad += bad;
        }
    }
}

/// A flagged ticket means the articles that it links, else those that answer it.
fn add_flag(tally: &mut Tally, ticket: &TicketRow<'_>, answering: &[PageId], pages: &Pages<'_>) {
    let linked = ticket.linked_articles.iter().filter_map(|url| pages.by_address.get(&address(url)).copied());
    let mut meant: Vec<PageId> = linked.collect();
    if ticket.linked_articles.is_empty() {
        meant = answering.to_vec();
    }
    for page in meant {
        if day_of(ticket.created) >= pages.since[page] {
            tally.pages[page].flags.insert(asker(ticket));
        }
    }
}

/// The path of an address, without slashes at its ends, `index.html`, query and fragment.
pub(super) fn address(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    let path = path.trim_matches('/');
    path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/').to_lowercase()
}
