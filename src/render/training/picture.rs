//! The picture of a path: which of its pages stand on which, and what else they stand on that one
//! should know of.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::{Arrow, GraphBox, draw};
use super::super::theme::html;
use super::super::{Links, Renderer};
use super::path::{PictureContext, PictureWords};
use super::{added, plural};
use crate::model::PageId;
use crate::model::graph::EdgeKind;
use crate::training::time::{of_page, shown};

impl Renderer<'_> {
    /// What needs what on a path; `None` where nothing needs anything.
    pub(super) fn picture(&self, links: &Links<'_>, path: PageId) -> Option<PictureContext> {
        let graph = &self.site.graph;
        let mut pages: Vec<PageId> = Vec::new();
        for page in graph.pages_of_path(path) {
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
        let steps = pages.len();
        let warned = |page: &PageId| self.verdicts.as_ref().is_some_and(|it| it.warning(*page).is_some());
        let uses = |page: PageId| {
            graph.edges[page].iter().filter(|(_, kind)| *kind == EdgeKind::Uses).map(|(to, _)| *to)
        };
        // Beside the steps stand the pages through which doubt comes.
        for page in pages.clone() {
            for used in uses(page).filter(warned) {
                if !pages.contains(&used) {
                    pages.push(used);
                }
            }
        }
        let at: BTreeMap<PageId, usize> = pages.iter().enumerate().map(|(at, page)| (*page, at)).collect();
        let mut arrows: BTreeSet<Arrow> = BTreeSet::new();
        for (to, page) in pages.iter().enumerate().take(steps) {
            let needed = graph.before(*page);
            arrows.extend(needed.iter().filter_map(|page| at.get(page)).map(|from| Arrow {
                from: *from,
                to,
                uses: false,
            }));
            let others = uses(*page).filter(|page| !needed.contains(page)).filter_map(|page| at.get(&page));
            arrows.extend(others.map(|from| Arrow { from: *from, to, uses: true }));
        }
        let arrows = without_detours(&arrows);
        if arrows.is_empty() {
            return None;
        }
        let optional: BTreeSet<PageId> = graph.steps[path]
            .iter()
            .filter(|step| step.optional)
            .flat_map(|step| step.pages().iter().filter_map(|step| step.page))
            .collect();
        let boxes: Vec<GraphBox> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| self.graph_box(links, *page, at < steps, optional.contains(page)))
            .collect();
        let hard = arrows.iter().filter(|arrow| !arrow.uses).count();
        let about = format!(
            "{} of this path, and {} between them. A solid line: needs; a dashed one: uses. The same stands below in words.",
            plural(steps, "page"),
            plural(hard, "need")
        );
        let svg = draw(&boxes, &arrows, "What needs what", &about);
        let words = |to: usize, uses: bool| {
            let on: Vec<_> = arrows
                .iter()
                .filter(|arrow| arrow.to == to && arrow.uses == uses)
                .map(|arrow| self.value(links, pages[arrow.from]))
                .collect();
            let how = if uses { "uses" } else { "needs" };
            (!on.is_empty()).then(|| PictureWords { page: self.value(links, pages[to]), how, on })
        };
        Some(PictureContext {
            heading: added(&self.site.pages[path], "What needs what"),
            svg: svg.map(|svg| html(&svg)),
            words: (0..steps).flat_map(|to| [words(to, false), words(to, true)]).flatten().collect(),
        })
    }

    fn graph_box(&self, links: &Links<'_>, id: PageId, is_step: bool, optional: bool) -> GraphBox {
        let page = &self.site.pages[id];
        let warning = self.verdicts.as_ref().and_then(|verdicts| verdicts.warning(id));
        let sub = match (warning, optional) {
            (Some(state), _) => state.word.to_lowercase(),
            (None, true) => "optional".to_owned(),
            (None, false) => shown(of_page(self.site, id)),
        };
        GraphBox {
            title: page.title.clone(),
            sub: if is_step { sub } else { format!("{}, {sub}", page.kind) },
            url: links.to(&page.url),
            unit: if is_step { self.unit(id) } else { String::new() },
            state: warning.map_or("", |state| state.class),
            optional,
        }
    }
}

/// Without needs that another way of needs says already.
fn without_detours(arrows: &BTreeSet<Arrow>) -> Vec<Arrow> {
    let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.uses) {
        after.entry(arrow.from).or_default().push(arrow.to);
    }
    let next = |at: &usize| after.get(at).map(Vec::as_slice).unwrap_or_default();
    let has_detour = |arrow: &Arrow| {
        let mut seen: BTreeSet<usize> = BTreeSet::from([arrow.from]);
        let mut open: Vec<usize> = next(&arrow.from).iter().copied().filter(|to| *to != arrow.to).collect();
        while let Some(at) = open.pop() {
            if at == arrow.to {
                // In a circle both ways lead everywhere; then all is shown.
                return !reaches(arrow.to, arrow.from, &next);
            }
            if seen.insert(at) {
                open.extend(next(&at));
            }
        }
        false
    };
    arrows.iter().copied().filter(|arrow| arrow.uses || !has_detour(arrow)).collect()
}

fn reaches<'n>(from: usize, to: usize, next: &impl Fn(&usize) -> &'n [usize]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(next(&at));
        }
    }
    false
}
