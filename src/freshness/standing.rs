//! Doubt that spreads: a page stands on others, and is no better than they are.
//!
//! Steps and `uses` carry it, and in modules and paths every link, since those are made of other
//! pages. A link of a runbook or article only orders the queue: nearly all pages are linked somehow,
//! and a doubt that reached all of them would say nothing.

use std::collections::{BTreeMap, VecDeque};

use super::evidence::Evidence;
use super::{Reason, State};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::freshness::STANDS_ON;
use crate::model::graph::EdgeKind;
use crate::model::{PageId, Site};
use crate::source::Span;

const STANDS: i32 = 1000;
const LINKS: i32 = 300;
/// Pages that a finding names.
const SHOWN: usize = 5;

/// What a page is by its own evidence: its state, and the code of the heaviest reason.
pub(super) type Own = (State, &'static str);

/// By page: what it stands on and cannot be trusted.
pub(super) fn propagate(site: &Site, own: &[Own]) -> Vec<Option<Evidence>> {
    let ways = Ways::find(site, own);
    (0..site.pages.len()).map(|page| ways.evidence(site, own, page)).collect()
}

/// One finding for each cause, at its page, however many pages stand on it.
pub(super) fn findings<'a>(
    site: &Site,
    own: &[Own],
    reasons: impl Iterator<Item = (PageId, &'a Reason)>,
) -> Vec<Diagnostic> {
    let mut standing: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (page, reason) in reasons {
        if reason.rule == &STANDS_ON
            && reason.weight == STANDS
            && let Some(cause) = reason.chain.last()
        {
            standing.entry(*cause).or_default().push(page);
        }
    }
    let path = |page: &PageId| format!("`{}`", site.pages[*page].parsed.content_path);
    let finding = |(cause, pages): (PageId, Vec<PageId>)| {
        let mut names: Vec<String> = pages.iter().take(SHOWN).map(path).collect();
        if pages.len() > SHOWN {
            names.push(format!("{} more", pages.len() - SHOWN));
        }
        let (verb, are) = if pages.len() == 1 { ("stands", "it is") } else { ("stand", "they are") };
        let (state, rule) = own[cause];
        let message = format!(
            "{} {verb} on this page, which is {} ({rule}), so {are} doubtful too",
            listed(&names),
            state.word()
        );
        Diagnostic::new(&STANDS_ON, message)
            .at(&site.pages[cause].parsed.file, Span::default(), "")
            .help("mend and confirm this page first")
    };
    standing.into_iter().map(finding).collect()
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The shortest way from each page to a cause.
struct Ways {
    /// By page: steps to the nearest cause and the page that leads there; a cause leads to itself.
    next: Vec<Option<(usize, PageId)>>,
}

impl Ways {
    fn find(site: &Site, own: &[Own]) -> Self {
        let mut carried: Vec<Vec<PageId>> = vec![Vec::new(); site.pages.len()];
        for (from, edges) in site.graph.edges.iter().enumerate() {
            for (to, _) in edges.iter().filter(|(_, kind)| carries(site, from, *kind)) {
                carried[*to].push(from);
            }
        }
        let mut next = vec![None; site.pages.len()];
        let mut queue = VecDeque::new();
        for (page, (state, _)) in own.iter().enumerate() {
            if is_cause(*state) {
                next[page] = Some((0, page));
                queue.push_back(page);
            }
        }
        while let Some(to) = queue.pop_front() {
            let steps = next[to].map_or(0, |(steps, _)| steps);
            for from in &carried[to] {
                if next[*from].is_none() {
                    next[*from] = Some((steps + 1, to));
                    queue.push_back(*from);
                }
            }
        }
        Self { next }
    }

    fn evidence(&self, site: &Site, own: &[Own], page: PageId) -> Option<Evidence> {
        let is_own_cause = is_cause(own[page].0);
        let known = |(to, kind): &(PageId, EdgeKind)| {
            let (steps, _) = self.next[*to]?;
            let carries = carries(site, page, *kind);
            // Beyond one step, a cause of its own would lead back to itself.
            ((carries && !is_own_cause) || steps == 0).then_some((!carries, steps, *to))
        };
        let (is_link, _, first) = site.graph.edges[page].iter().filter_map(known).min()?;
        let mut chain = vec![first];
        while let Some((steps, next)) = self.next[chain[chain.len() - 1]]
            && steps > 0
        {
            chain.push(next);
        }
        let cause = own[chain[chain.len() - 1]];
        let names: Vec<&str> =
            chain.iter().map(|page| site.pages[*page].parsed.content_path.as_str()).collect();
        let way = names.join(" → ");
        let verb = if is_link { "links to" } else { "stands on" };
        let message = format!("{verb} {way}, which is {}: {}", cause.0.word(), cause.1);
        let last = names.last().copied().unwrap_or_default();
        let weight = if is_link { LINKS } else { STANDS };
        let mut evidence = Evidence::new(&STANDS_ON, State::Doubtful, weight, message)
            .fact("cause", cause.1)
            .fact("chain", names.clone())
            .help(format!("mend and confirm {last} first"))
            .unreported();
        if is_link {
            evidence = evidence.only_orders();
        }
        evidence.reason.chain = chain;
        Some(evidence)
    }
}

fn is_cause(state: State) -> bool {
    matches!(state, State::Broken | State::Doubtful)
}

fn carries(site: &Site, from: PageId, kind: EdgeKind) -> bool {
    kind != EdgeKind::Link || matches!(site.pages[from].kind.as_str(), "module" | "path")
}

/// A path is as trusted as its weakest step: its worst step, if that is worse than the path itself.
pub(super) fn weakest_step(site: &Site, states: &[State], path: PageId) -> Option<Evidence> {
    if site.pages[path].kind != "path" {
        return None;
    }
    let steps = site.graph.edges[path].iter().filter(|(_, kind)| *kind == EdgeKind::Step);
    let (state, step) = steps.map(|(step, _)| (states[*step], *step)).min()?;
    if state > State::Unknown || state >= states[path] {
        return None;
    }
    let name = &site.pages[step].parsed.content_path;
    let message = format!("its step {name} is {}", state.word());
    let mut evidence = Evidence::new(&STANDS_ON, state, 0, message)
        .fact("step", name.clone())
        .help(format!("confirm {name} first"))
        .unreported();
    evidence.reason.chain = vec![step];
    Some(evidence)
}
