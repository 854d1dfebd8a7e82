//! [`Inputs`] → [`Freshness`]: all signals, weighed and put in order.

use std::collections::HashMap;

use jiff::civil::Date;

use super::clock::{Clock, day_number, day_text, read_clock};
use super::evidence::{Evidence, count};
use super::gaps::{by_week, coverage, dead_tags, find_gaps, volumes};
use super::order::{START, priority};
use super::review::{ReviewFacts, Reviewed, add_length};
use super::signals::{PageTickets, Window, find_changes, find_flag, find_outcome, find_surge};
use super::statistics::rounded;
use super::surge::{self, BASELINE_DAYS, Counts, FEWEST_BASELINE, FEWEST_RECENT, Series, Thresholds};
use super::tally::{Pages, Tally, address, tally};
use super::topics::{Extent, Topics};
use super::unchecked::{TicketsLeft, Untested, find_unchecked};
use super::{Article, Freshness, Inputs, Reason, State, TicketCounts, proof, standing};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::SHALLOW_HISTORY;
use crate::diagnostic::rules::freshness::{NEVER_CONFIRMED, NO_TICKET_DATA};
use crate::source::Span;
use crate::tickets::Tickets;
use crate::tickets::topical::JUDGED_DAYS;

/// What the reuse of a page without complaint takes off its doubt, from this many tickets on.
const REUSED: (u64, i32) = (10, -400);

/// Judges every page.
pub fn judge(inputs: &Inputs<'_>) -> Freshness {
    let (site, facts, today) = (inputs.site, inputs.reviews, inputs.today);
    let view = inputs.tickets.and_then(|tickets| TicketView::of(inputs, tickets));
    let dead = proof::known_faults(inputs.findings);
    let mut drafts: Vec<Draft> = Vec::with_capacity(site.pages.len());
    let stale = stale_tickets(inputs, view.as_ref(), today);
    for (id, page) in site.pages.iter().enumerate() {
        let facts = &facts[id];
        let mut draft = Draft::default();
        let dead = dead.get(page.parsed.file.path()).map(Vec::as_slice).unwrap_or_default();
        draft.evidence.extend(proof::find_proof(id, facts, inputs, dead));
        draft.evidence.extend(find_changes(page, facts, inputs));
        if let Some(view) = &view {
            view.add_evidence(id, facts, inputs, &mut draft);
        }
        draft.evidence.extend(missing_inputs(
            facts,
            inputs,
            stale.as_ref(),
            view.as_ref().map(|view| view.has_topic(id)),
        ));
        let Clock { evidence, due, credit } = read_clock(page, facts, inputs, today);
        draft.evidence.extend(evidence);
        draft.due = due;
        draft.credit += credit;
        draft.rest(facts, today);
        drafts.push(draft);
    }
    let own: Vec<standing::Own> = drafts.iter().zip(facts).map(|(draft, facts)| draft.own(facts)).collect();
    for (id, evidence) in standing::propagate(site, &own).into_iter().enumerate() {
        drafts[id].evidence.extend(evidence);
        drafts[id].rest(&facts[id], today);
        drafts[id].explain_rest(&facts[id], today);
    }
    let states: Vec<State> = drafts.iter().zip(facts).map(|(draft, facts)| draft.own(facts).0).collect();
    for (id, draft) in drafts.iter_mut().enumerate() {
        draft.evidence.extend(standing::weakest_step(site, &states, id));
    }
    let states: Vec<State> = drafts.iter().zip(facts).map(|(draft, facts)| draft.own(facts).0).collect();

    let mut findings: Vec<Diagnostic> = Vec::new();
    for (page, draft) in site.pages.iter().zip(&drafts) {
        findings.extend(draft.evidence.iter().filter_map(|evidence| evidence.finding(page, &site.pages)));
    }
    let reasons = drafts
        .iter()
        .enumerate()
        .flat_map(|(id, draft)| draft.evidence.iter().map(move |evidence| (id, &evidence.reason)));
    findings.extend(standing::findings(site, &own, reasons));
    findings.extend(never_confirmed(inputs));
    // Exports that could not be read have findings of their own.
    findings.extend(stale.filter(|_| inputs.tickets.is_some()).map(|(finding, _)| finding));
    let mut freshness = Freshness { findings, ..Freshness::default() };
    let mut left = TicketsLeft::default();
    if let Some(view) = &view {
        freshness.as_of = Some(day_text(view.extent.as_of));
        freshness.coverage = Some(coverage(&view.tally, &states));
        freshness.gaps = find_gaps(site, view.tickets, &view.topics, &view.tally, &states);
        freshness.tags = volumes(view.tickets, &view.topics, &view.tally);
        left = view.left(today);
    }
    freshness.unchecked = find_unchecked(inputs, &left);
    let articles = drafts.into_iter().enumerate().map(|(id, draft)| {
        let tickets = view.as_ref().and_then(|view| view.counts(id, &facts[id]));
        let path = site.pages[id].parsed.file.path();
        draft.finish(&facts[id], states[id], path, tickets)
    });
    freshness.articles = articles.collect();
    freshness
}

/// A page while it is judged.
#[derive(Default)]
struct Draft {
    evidence: Vec<Evidence>,
    /// What rests.
    resting: Vec<Evidence>,
    supports: Vec<String>,
    credit: i32,
    due: Option<Date>,
}

impl Draft {
    /// Puts aside what rests on this day, as far as it did not get worse since.
    fn rest(&mut self, facts: &ReviewFacts, today: Date) {
        // What was found in the meantime may outgrow a snooze that held.
        self.evidence.append(&mut self.resting);
        for snooze in &facts.snoozes {
            let named = |evidence: &Evidence| snooze.names(evidence.reason.rule, today);
            let doubts = self.evidence.iter().chain(&self.resting).filter(|evidence| named(evidence));
            let doubts = doubts.filter(|evidence| evidence.reason.is_doubt());
            let is_outgrown = snooze.is_outgrown(doubts.map(|evidence| evidence.reason.weight).sum());
            let rests = |evidence: &mut Evidence| match evidence.reason.state {
                Some(State::Doubtful) => named(evidence) && !is_outgrown,
                Some(State::Due) => named(evidence),
                _ => false,
            };
            self.resting.extend(self.evidence.extract_if(.., rests));
        }
    }

    /// What the page says of its snoozes: what rests, and what was to rest and got worse.
    fn explain_rest(&mut self, facts: &ReviewFacts, today: Date) {
        for snooze in &facts.snoozes {
            for evidence in &self.resting {
                let rule = evidence.reason.rule;
                if snooze.names(rule, today) {
                    let (until, why) = (snooze.until, &snooze.reason);
                    self.supports.push(format!("{} rests until {until}: {why}", rule.code));
                }
            }
            let woken = self.evidence.iter_mut().filter(|evidence| evidence.reason.is_doubt());
            for evidence in woken.filter(|evidence| snooze.names(evidence.reason.rule, today)) {
                let message = &mut evidence.reason.message;
                *message = format!("{message}; it rested until {}, and got worse since", snooze.until);
            }
        }
    }

    /// The state by what was found so far, and the code of its heaviest reason.
    fn own(&self, facts: &ReviewFacts) -> (State, &'static str) {
        let worst = self.evidence.iter().filter_map(|evidence| {
            let reason = &evidence.reason;
            Some((reason.state?, -reason.weight, reason.rule.code))
        });
        match worst.min() {
            Some((state, _, rule)) => (state, rule),
            None if !self.resting.is_empty() => (State::Snoozed, ""),
            None if facts.evergreen.is_some() => (State::Evergreen, ""),
            None => (State::Fresh, ""),
        }
    }

    fn finish(
        mut self,
        facts: &ReviewFacts,
        state: State,
        path: &str,
        tickets: Option<TicketCounts>,
    ) -> Article {
        self.evidence.sort_by(|a, b| {
            b.reason.weight.cmp(&a.reason.weight).then_with(|| a.reason.rule.code.cmp(b.reason.rule.code))
        });
        let helps = self.evidence.iter().filter(|evidence| evidence.reason.state == Some(state));
        let help = helps.map(|evidence| evidence.help.clone()).find(|help| !help.is_empty());
        let remedy = match state {
            State::Doubtful | State::Due => format!("read it, then `docent review {path} --how read`"),
            _ => help.unwrap_or_default(),
        };
        let reasons: Vec<Reason> = self.evidence.into_iter().map(|evidence| evidence.reason).collect();
        let doubt = START + self.credit + reasons.iter().map(|reason| reason.weight).sum::<i32>();
        Article {
            state,
            doubt,
            priority: priority(
                doubt,
                tickets.as_ref().map_or(0, |tickets| tickets.weeks.iter().rev().take(8).sum()),
            ),
            reasons,
            resting: self.resting.into_iter().map(|evidence| evidence.reason).collect(),
            supports: self.supports,
            review: facts.review(),
            due: self.due.map(|due| due.to_string()),
            remedy,
            tickets,
        }
    }
}

/// Tickets, sorted out and tested.
struct TicketView<'a> {
    tickets: &'a Tickets,
    extent: Extent,
    topics: Topics,
    tally: Tally,
    /// By page.
    windows: Vec<Window>,
    /// By page: its events in the two windows, and the test or why there is none.
    tests: Vec<(u32, u32, Result<surge::Verdict, Untested>)>,
    future: usize,
}

impl<'a> TicketView<'a> {
    fn of(inputs: &Inputs<'_>, tickets: &'a Tickets) -> Option<Self> {
        let (site, facts, today) = (inputs.site, inputs.reviews, inputs.today);
        let extent = Extent::of(tickets, day_number(today))?;
        let topics = Topics::of(site, facts, tickets, extent);
        let window = |facts: &ReviewFacts| {
            let first = extent.as_of - surge::RECENT_DAYS + 1;
            let after = facts.reviewed.date().map_or(first, |day| day_number(day) + 1);
            Window { start: first.max(after), end: extent.as_of }
        };
        let since = |facts: &ReviewFacts| {
            facts.reviewed.date().map_or(extent.as_of - JUDGED_DAYS + 1, |day| day_number(day) + 1)
        };
        let mut by_address = HashMap::new();
        for (id, page) in site.pages.iter().enumerate() {
            by_address.insert(address(&format!("{}{}", site.addresses.base_path, page.url)), id);
            by_address.insert(address(&page.url), id);
        }
        let since: Vec<i32> = facts.iter().map(since).collect();
        let flag_tag = tickets.find_tag(&site.config.freshness.flag_tag);
        let pages = Pages { since: &since, by_address: &by_address, flag_tag };
        let tally = tally(tickets, &topics, extent, &pages);
        let windows: Vec<Window> = facts.iter().map(window).collect();
        let tests = test_pages(inputs, &topics, &tally, extent, &windows);
        let last = day_number(today);
        let future = tickets.created_between(Some(i64::from(last) + 1), None).len();
        Some(Self { tickets, extent, topics, tally, windows, tests, future })
    }

    fn has_topic(&self, page: usize) -> bool {
        !self.topics.of_page[page].tags.is_empty()
    }

    fn add_evidence(&self, id: usize, facts: &ReviewFacts, inputs: &Inputs<'_>, draft: &mut Draft) {
        let page = &inputs.site.pages[id];
        let of_page = &self.topics.of_page[id];
        let (recent, baseline, test) = self.tests[id];
        let tally = &self.tally.pages[id];
        let known = PageTickets {
            tags: of_page.tags.iter().map(|tag| self.tickets.tag_name(*tag)).collect(),
            all: of_page.all,
            tally,
            window: self.windows[id],
            extent: self.extent,
            recent,
            baseline,
            verdict: test.ok(),
        };
        draft.evidence.extend(find_surge(page, facts, &known));
        match find_outcome(page, facts, known.tally) {
            Some(Ok(evidence)) => draft.evidence.push(evidence),
            Some(Err(support)) => {
                draft.supports.push(support);
                if tally.own.solved >= REUSED.0 {
                    draft.credit += REUSED.1;
                }
            }
            None => {}
        }
        draft.evidence.extend(find_flag(page, facts, tally));
        draft.evidence.extend(dead_tags(
            inputs.site,
            id,
            facts,
            self.tickets,
            (&self.topics, &self.tally, self.extent),
        ));
    }

    fn counts(&self, id: usize, facts: &ReviewFacts) -> Option<TicketCounts> {
        if !self.has_topic(id) {
            return None;
        }
        let (recent, baseline, test) = self.tests[id];
        let tally = &self.tally.pages[id];
        let first = self.extent.as_of - JUDGED_DAYS + 1;
        let place = facts.reviewed.date().map(|day| (day_number(day) - first) / 7);
        Some(TicketCounts {
            recent,
            baseline,
            rate_ratio: test.ok().map(|test| rounded(test.ratio)),
            p: test.ok().map(|test| rounded(test.p)),
            weeks: by_week(&tally.days),
            review_week: place
                .and_then(|week| usize::try_from(week).ok())
                .filter(|week| *week < super::gaps::WEEKS),
            since_review: tally.since_review,
            newest: tally.newest.clone(),
        })
    }

    fn left(&self, today: Date) -> TicketsLeft {
        TicketsLeft {
            ends: Some((day_text(self.extent.as_of), day_number(today) - self.extent.as_of)),
            untested: self.tests.iter().filter_map(|(_, _, test)| test.err()).collect(),
            future: self.future,
        }
    }
}

/// Tests all pages together, since each takes some of its dispersion from the others.
fn test_pages(
    inputs: &Inputs<'_>,
    topics: &Topics,
    tally: &Tally,
    extent: Extent,
    windows: &[Window],
) -> Vec<(u32, u32, Result<surge::Verdict, Untested>)> {
    let first = extent.as_of - JUDGED_DAYS + 1;
    let mut series = Vec::new();
    let mut tests = Vec::new();
    for (id, window) in windows.iter().enumerate() {
        // Of a review after the export ends, nothing is left of the recent window.
        let start = (window.start.min(extent.as_of + 1) - first).unsigned_abs() as usize;
        let mut own = Counts { recent: 0, weeks: vec![0; BASELINE_DAYS as usize / 7] };
        let mut all = own.clone();
        for day in &tally.pages[id].days {
            add(&mut own, *day as usize, start, 1);
        }
        for (day, events) in tally.by_day.iter().enumerate() {
            add(&mut all, day, start, *events);
        }
        let held = window.start - extent.first.max(window.start - BASELINE_DAYS);
        let test = if topics.of_page[id].tags.is_empty() {
            Err(Untested::NoTopic)
        } else if window.days() < FEWEST_RECENT {
            Err(Untested::TooEarly)
        } else if held < FEWEST_BASELINE {
            Err(Untested::NoBaseline)
        } else {
            Ok(series.len())
        };
        tests.push((own.recent, own.baseline(), test));
        if test.is_ok() {
            series.push(Series { own, all });
        }
    }
    let config = &inputs.site.config.freshness;
    let thresholds =
        Thresholds { watch: config.watch, alarm: config.alarm, false_discovery: config.false_discovery };
    let verdicts = surge::judge(&series, thresholds);
    tests
        .into_iter()
        .map(|(recent, baseline, test)| (recent, baseline, test.map(|at| verdicts[at])))
        .collect()
}

/// Adds events of a day to the window that it lies in.
fn add(counts: &mut Counts, day: usize, start: usize, events: u32) {
    if day >= start {
        counts.recent += events;
    } else if day + BASELINE_DAYS as usize >= start {
        counts.weeks[(day + BASELINE_DAYS as usize - start) / 7] += events;
    }
}

/// Exports that say nothing of today: a finding for all, and the evidence for each page.
fn stale_tickets(
    inputs: &Inputs<'_>,
    view: Option<&TicketView<'_>>,
    today: Date,
) -> Option<(Diagnostic, String)> {
    if !inputs.expects_tickets && inputs.tickets.is_none() {
        return None;
    }
    let config = &inputs.site.config.freshness;
    let message = match view {
        None => "the ticket exports could not be read or hold no ticket".to_owned(),
        Some(view) => {
            let day: Date = day_text(view.extent.as_of).parse().ok()?;
            if add_length(day, config.max_export_age) >= today {
                return None;
            }
            let days = count((day_number(today) - view.extent.as_of).unsigned_abs().into(), "day");
            format!("the ticket exports end on {day}, {days} ago")
        }
    };
    let finding = Diagnostic::new(&NO_TICKET_DATA, message.clone());
    let source = inputs.site.config.tickets.first();
    let finding = match source {
        Some(source) => finding.at(&inputs.site.config.file, source.path.span, ""),
        None => finding,
    };
    let finding = finding.help("fetch new ones, or allow their age: `freshness: { max_export_age: 60d }`");
    Some((finding, message))
}

/// Inputs without which nobody can say that a page is fresh.
fn missing_inputs(
    facts: &ReviewFacts,
    inputs: &Inputs<'_>,
    stale: Option<&(Diagnostic, String)>,
    has_topic: Option<bool>,
) -> Vec<Evidence> {
    let mut missing = Vec::new();
    if let Some((_, why)) = stale
        && has_topic.unwrap_or(true)
    {
        let evidence = Evidence::new(&NO_TICKET_DATA, State::Unknown, 0, why.clone());
        missing.push(evidence.help("fetch new exports").unreported());
    }
    if let Some(why) = &inputs.history.missing
        && (!facts.covers.is_empty() || facts.commit.is_some())
    {
        let message = format!("{why}, so nobody knows what changed since the review");
        let evidence = Evidence::new(&SHALLOW_HISTORY, State::Unknown, 0, message);
        missing.push(
            evidence.help("fetch the history: `git fetch --filter=blob:none --unshallow`").unreported(),
        );
    }
    missing
}

/// One line for all pages that nobody ever confirmed, where reviews are in use at all.
fn never_confirmed(inputs: &Inputs<'_>) -> Option<Diagnostic> {
    let facts = inputs.reviews;
    let config = &inputs.site.config.freshness;
    let is_never = |facts: &&ReviewFacts| facts.reviewed == Reviewed::Never && facts.evergreen.is_none();
    let never = facts.iter().filter(is_never).count();
    let in_use = config.is_written || facts.iter().any(|facts| facts.reviewed != Reviewed::Never);
    if never == 0 || !in_use {
        return None;
    }
    let pages = if never == 1 { "1 page was".to_owned() } else { format!("{never} pages were") };
    let start = config.adopted.as_ref().and_then(|day| day.parse().ok()).unwrap_or(inputs.today);
    let until = add_length(start, config.adopt_over);
    let message = format!("{pages} never confirmed by anybody; first due between {start} and {until}");
    let finding = Diagnostic::new(&NEVER_CONFIRMED, message);
    let file = &inputs.site.config.file;
    let finding = if file.text().is_empty() { finding } else { finding.at(file, Span::default(), "") };
    Some(
        finding
            .help("`docent freshness --state due` lists them; `docent review PATH --how read` confirms one"),
    )
}
