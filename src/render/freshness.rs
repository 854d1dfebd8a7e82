//! The pages for those who keep the knowledge base: the queue, coverage, tickets by tag, owners.
//!
//! In: the verdicts. Out: what their templates are told. Where nobody has begun to confirm pages they
//! say how to begin. Every word is in the HTML; filters are links or work without a script.

use serde::Serialize;
use tera::Value;

use super::context::{FactValue, LinkEntry, Row, TagEntry};
use super::facts::{owner_url, owners};
use super::pages::{Filled, icon, label, plural};
use super::sparks::{Heat, TicketsContext, heat, recent_and_before, tenths, usual};
use super::trust::{ReasonContext, StateMark, Verdicts, leading, marked};
use super::{Links, Renderer};
use crate::diagnostic::Diagnostic;
use crate::freshness::{Freshness, Gap, State, TagVolume};
use crate::model::outputs::{OWNERS, QUEUE, owner_address};
use crate::model::tags::NOBODY;
use crate::model::{Output, PageId};

/// Rows of the queue on the first page: never a wall.
const FIRST: usize = 10;
/// Rows of a whole queue; more would be neither read nor loaded.
const WHOLE: usize = 500;
/// Rows of the home page.
const ATTENTION: usize = 5;
/// Tags, topics without a page, and notes that are shown.
const TAGS: usize = 20;
const GAPS: usize = 20;
const NEAR: usize = 3;
/// Gaps that are named as what would raise coverage most.
const RAISERS: usize = 3;
/// Width of the bar of states, and the room between two of its parts.
const BAR: usize = 600;
const BAR_GAP: usize = 2;

/// `freshness`.
#[derive(Debug, Serialize)]
struct FreshnessContext<'s> {
    today: &'s str,
    as_of: Option<&'s str>,
    /// Whether anybody has begun.
    kept: bool,
    coverage: Option<CoverageContext>,
    pages: usize,
    states: Vec<StateCount>,
    queue: QueueContext,
    tags: Vec<TagRow>,
    gaps: Vec<GapRow>,
    unchecked: Vec<UncheckedRow>,
}

#[derive(Debug, Serialize)]
struct CoverageContext {
    percent: u64,
    trusted: u64,
    topical: u64,
    /// What would raise it most.
    raisers: Vec<Raiser>,
}

#[derive(Debug, Serialize)]
struct Raiser {
    tag: String,
    /// Pages are there, but none that can be trusted.
    thin: bool,
    points: String,
}

#[derive(Debug, Serialize)]
struct StateCount {
    state: StateMark,
    count: usize,
    /// Its part of the bar.
    x: usize,
    width: usize,
}

/// `queue`.
#[derive(Debug, Serialize)]
struct QueueContext {
    rows: Vec<QueueRow>,
    /// Pages that want attention.
    total: usize,
    /// Address of the whole queue, if this is only its beginning.
    rest: Option<String>,
    /// How many of the rows are in each state; empty: no filter.
    states: Vec<StateCount>,
    /// All owners, to look at one's pages alone.
    owners: Vec<TagEntry>,
}

#[derive(Debug, Serialize)]
struct QueueRow {
    order: String,
    title: String,
    url: String,
    path: String,
    kind: String,
    icon: &'static str,
    state: StateMark,
    reasons: Vec<ReasonContext>,
    fix: Option<Value>,
    owners: Vec<FactValue>,
    tickets: Option<TicketsContext>,
}

#[derive(Debug, Serialize)]
struct TagRow {
    tag: String,
    heat: Vec<Heat>,
    recent: u32,
    usual: String,
    times: String,
    /// The most trusted state of its pages.
    state: Option<StateMark>,
    pages: String,
    page: Option<LinkEntry>,
}

#[derive(Debug, Serialize)]
struct GapRow {
    tag: String,
    events: u32,
    requesters: u32,
    share: String,
    with: Vec<String>,
    near: Vec<LinkEntry>,
    thin: bool,
}

#[derive(Debug, Serialize)]
struct UncheckedRow {
    what: Value,
    why: Value,
    count: String,
}

impl Renderer<'_> {
    /// The page for whoever leads the knowledge base.
    pub(super) fn freshness(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut context = self.list(links, None)?;
        let mut view = self.view("Freshness", crate::model::outputs::FRESHNESS);
        "What to mend first, why, and whose it is.".clone_into(&mut view.lead);
        "freshness".clone_into(&mut view.menu);
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        let freshness = self.verdicts.as_ref().map(|verdicts| self.freshness_context(links, verdicts));
        context.insert("freshness", &freshness);
        Ok(("freshness.html", context))
    }

    /// The whole queue.
    pub(super) fn queue(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut context = self.list(links, None)?;
        let mut view = self.view("Mend in this order", QUEUE);
        "freshness".clone_into(&mut view.menu);
        let queue = self.queue_of(links, None, WHOLE);
        view.lead = format!("{} that someone should look at.", plural(queue.total, "page"));
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs_to_freshness(links));
        context.insert("queue", &queue);
        context.insert("rows", &[(); 0]);
        Ok(("owner.html", context))
    }

    /// All owners.
    pub(super) fn owners(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut context = self.list(links, None)?;
        let mut view = self.view("Owners", OWNERS);
        view.lead = plural(self.site.owned.len(), "owner");
        "freshness".clone_into(&mut view.menu);
        let rows: Vec<Row> = self
            .site
            .owned
            .iter()
            .map(|owner| {
                let wanting = self.wanting(&owner.pages).len();
                let text = if wanting > 0 { format!("{wanting} to look at") } else { String::new() };
                Row {
                    title: owner.name.clone(),
                    url: links.to(&owner_address(owner)),
                    note: plural(owner.pages.len(), "page"),
                    text,
                    ..Row::default()
                }
            })
            .collect();
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs_to_freshness(links));
        context.insert("rows", &rows);
        Ok(("owners.html", context))
    }

    /// The pages of one owner: what wants attention first, then all others.
    pub(super) fn owner(&self, links: &Links<'_>, id: usize) -> Result<Filled, Box<Diagnostic>> {
        let owner = &self.site.owned[id];
        let wanting = self.wanting(&owner.pages);
        let others: Vec<PageId> =
            owner.pages.iter().copied().filter(|page| !wanting.contains(page)).collect();
        let mut context = self.list_of(links, &others)?;
        let mut view = self.view(&owner.name, &owner_address(owner));
        view.lead = match wanting.len() {
            0 => plural(owner.pages.len(), "page"),
            many => format!("{}, {many} to look at", plural(owner.pages.len(), "page")),
        };
        if owner.slug == NOBODY {
            "Pages without an owner".clone_into(&mut view.title);
        }
        "freshness".clone_into(&mut view.menu);
        let mut crumbs = self.crumbs_to_freshness(links);
        if self.site.outputs.get(OWNERS) == Some(&Output::Owners) {
            crumbs.push(LinkEntry { title: "Owners".to_owned(), url: links.to(OWNERS) });
        }
        context.insert("view", &view);
        context.insert("crumbs", &crumbs);
        context.insert("queue", &self.queue_of(links, Some(&owner.pages), WHOLE));
        Ok(("owner.html", context))
    }

    /// What the home page names: pages to mend first, and the address of all of them.
    pub(super) fn attention(&self, links: &Links<'_>) -> (Vec<Row>, Option<LinkEntry>) {
        let Some(verdicts) = self.verdicts.as_ref().filter(|verdicts| verdicts.is_kept) else {
            return (Vec::new(), None);
        };
        let told: Vec<PageId> =
            verdicts.queue.iter().copied().filter(|page| verdicts.mark(*page).is_some()).collect();
        let rows = told.iter().take(ATTENTION).map(|page| {
            let mut row = self.row(links, *page);
            let reason = verdicts.of(*page).and_then(leading);
            row.text = reason.map(|reason| reason.message.replace('`', "")).unwrap_or_default();
            row
        });
        let all = LinkEntry { title: format!("All {} in order", verdicts.queue.len()), url: links.to(QUEUE) };
        let is_whole_there = self.site.outputs.get(QUEUE) == Some(&Output::Queue);
        (rows.collect(), Some(all).filter(|_| is_whole_there && verdicts.queue.len() > ATTENTION))
    }

    fn crumbs_to_freshness(&self, links: &Links<'_>) -> Vec<LinkEntry> {
        let mut crumbs = self.crumbs(links, None);
        let url = crate::model::outputs::FRESHNESS;
        if self.verdicts.is_some() && self.site.outputs.get(url) == Some(&Output::Freshness) {
            crumbs.push(LinkEntry { title: "Freshness".to_owned(), url: links.to(url) });
        }
        crumbs
    }

    /// Those of some pages that want attention, in the order of the queue.
    fn wanting(&self, pages: &[PageId]) -> Vec<PageId> {
        let mut sorted = pages.to_vec();
        sorted.sort_unstable();
        let queue = self.verdicts.as_ref().map(|verdicts| verdicts.queue.as_slice()).unwrap_or_default();
        queue.iter().copied().filter(|page| sorted.binary_search(page).is_ok()).collect()
    }

    fn freshness_context<'a>(&'a self, links: &Links<'_>, verdicts: &Verdicts<'a>) -> FreshnessContext<'a> {
        let freshness = verdicts.freshness;
        FreshnessContext {
            today: &self.site.today,
            as_of: freshness.as_of.as_deref(),
            kept: verdicts.is_kept,
            coverage: coverage(freshness),
            pages: freshness.articles.len(),
            states: states(freshness.articles.iter().map(|article| article.state)),
            queue: self.queue_of(links, None, FIRST),
            tags: freshness.tags.iter().take(TAGS).map(|tag| self.tag_row(links, verdicts, tag)).collect(),
            gaps: freshness.gaps.iter().take(GAPS).map(|gap| self.gap_row(links, gap)).collect(),
            unchecked: freshness
                .unchecked
                .iter()
                .map(|it| UncheckedRow {
                    what: marked(&it.what),
                    why: marked(&it.why),
                    count: if it.count > 0 { plural(it.count, "page") } else { String::new() },
                })
                .collect(),
        }
    }

    /// The queue of some pages or of all, `most` rows of it.
    fn queue_of(&self, links: &Links<'_>, pages: Option<&[PageId]>, most: usize) -> QueueContext {
        let wanting = match (pages, &self.verdicts) {
            (Some(pages), _) => self.wanting(pages),
            (None, Some(verdicts)) => verdicts.queue.clone(),
            (None, None) => Vec::new(),
        };
        let shown = &wanting[..wanting.len().min(most)];
        let is_part = wanting.len() > shown.len() && most == FIRST;
        let judged = |page: &PageId| Some(self.verdicts.as_ref()?.of(*page)?.state);
        let states = if is_part { Vec::new() } else { states(shown.iter().filter_map(judged)) };
        QueueContext {
            rows: shown.iter().filter_map(|page| self.queue_row(links, *page)).collect(),
            total: wanting.len(),
            rest: is_part.then(|| links.to(QUEUE)),
            states: if states.len() > 1 { states } else { Vec::new() },
            owners: if pages.is_none() { self.owner_entries(links) } else { Vec::new() },
        }
    }

    /// Owners with pages that want attention.
    fn owner_entries(&self, links: &Links<'_>) -> Vec<TagEntry> {
        let entry = |owner: &crate::model::OwnerPages| {
            let url = owner_url(self.site, links, &owner.slug)?;
            let count = self.wanting(&owner.pages).len();
            (count > 0).then(|| TagEntry { title: owner.name.clone(), url, count })
        };
        self.site.owned.iter().filter_map(entry).collect()
    }

    fn queue_row(&self, links: &Links<'_>, id: PageId) -> Option<QueueRow> {
        let article = self.verdicts.as_ref()?.of(id)?;
        let page = &self.site.pages[id];
        let mut owners = owners(self.site, links, page);
        if owners.is_empty() && !self.site.owned.is_empty() {
            owners.push(FactValue::new(NOBODY, owner_url(self.site, links, NOBODY)));
        }
        Some(QueueRow {
            order: tenths((article.priority + 50) / 100),
            title: page.title.clone(),
            url: links.to(&page.url),
            path: page.parsed.file.path().to_owned(),
            kind: label(self.site, &page.kind).to_owned(),
            icon: icon(&page.kind),
            state: StateMark::of(article.state),
            reasons: self.reasons(links, article),
            fix: Some(article.remedy.as_str()).filter(|fix| !fix.is_empty()).map(marked),
            owners,
            tickets: article
                .tickets
                .as_ref()
                .map(|tickets| TicketsContext::new(tickets, article.review.on.as_deref())),
        })
    }

    fn tag_row(&self, links: &Links<'_>, verdicts: &Verdicts<'_>, tag: &TagVolume) -> TagRow {
        let (recent, before) = recent_and_before(&tag.weeks);
        let usually = usual(before);
        // As many times as usual, over 26 weeks against 8.
        let times = (u64::from(recent) * 260).checked_div(u64::from(before) * 8);
        let states = tag.pages.iter().filter_map(|page| Some(verdicts.of(*page)?.state));
        let page = tag.pages.first().filter(|_| tag.pages.len() == 1);
        TagRow {
            tag: tag.tag.clone(),
            heat: heat(&tag.weeks),
            recent,
            usual: usually,
            times: times.map(|times| format!("{}.{}", times / 10, times % 10)).unwrap_or_default(),
            state: states.max().map(StateMark::of),
            pages: if tag.pages.is_empty() { String::new() } else { plural(tag.pages.len(), "page") },
            page: page.and_then(|page| self.link_to(links, *page)),
        }
    }

    fn gap_row(&self, links: &Links<'_>, gap: &Gap) -> GapRow {
        GapRow {
            tag: gap.tag.clone(),
            events: gap.events,
            requesters: gap.requesters,
            share: share(gap.share),
            with: gap.with.clone(),
            near: gap.near.iter().take(NEAR).filter_map(|page| self.link_to(links, *page)).collect(),
            thin: gap.thin,
        }
    }

    fn link_to(&self, links: &Links<'_>, page: PageId) -> Option<LinkEntry> {
        let page = self.site.pages.get(page)?;
        Some(LinkEntry { title: page.title.clone(), url: links.to(&page.url) })
    }
}

fn coverage(freshness: &Freshness) -> Option<CoverageContext> {
    let percent = freshness.coverage_percent()?;
    let coverage = freshness.coverage?;
    let mut gaps: Vec<&Gap> = freshness.gaps.iter().filter(|gap| gap.share > 0).collect();
    gaps.sort_by(|a, b| (std::cmp::Reverse(a.share), &a.tag).cmp(&(std::cmp::Reverse(b.share), &b.tag)));
    let raiser = |gap: &&Gap| Raiser { tag: gap.tag.clone(), thin: gap.thin, points: share(gap.share) };
    Some(CoverageContext {
        percent,
        trusted: coverage.trusted,
        topical: coverage.topical,
        raisers: gaps.iter().take(RAISERS).map(raiser).collect(),
    })
}

/// Thousandths as per cent with one decimal.
fn share(thousandths: u32) -> String {
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// How many pages are in each state, those without pages left out, each with its part of the bar.
fn states(all: impl Iterator<Item = State>) -> Vec<StateCount> {
    let mut counts = [0; State::ALL.len()];
    for state in all {
        counts[State::ALL.iter().position(|known| *known == state).unwrap_or_default()] += 1;
    }
    let total: usize = counts.iter().sum::<usize>().max(1);
    let used = counts.iter().filter(|count| **count > 0).count();
    let room = BAR - BAR_GAP * used.saturating_sub(1);
    let mut x = 0;
    let mut made = Vec::new();
    for (state, count) in State::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        let width = (room * count / total).max(2);
        made.push(StateCount { state: StateMark::of(state), count, x, width });
        x += width + BAR_GAP;
    }
    made
}
