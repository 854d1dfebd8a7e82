//! Proof that a page is wrong: dead links, covered paths that are gone, superseded but linked, owners
//! and steps that do not exist.

use std::collections::BTreeMap;

use super::evidence::{Evidence, count};
use super::review::ReviewFacts;
use super::sources::{covers_gone, moved_to};
use super::{Inputs, State};
use crate::diagnostic::rules::freshness::{COVERS_GONE, MISSING_STEP, SUPERSEDED, UNKNOWN_OWNER};
use crate::diagnostic::rules::links::{BROKEN_FRAGMENT, BROKEN_LINK, DEAD_EXTERNAL_LINK};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{PageId, Site, Target};

const DEAD_LINK: i32 = 1500;
const DEAD_EXTERNAL: i32 = 500;
/// Dead links to other sites that add to the doubt.
const MOST_EXTERNAL: usize = 3;
const COVERS: i32 = 3000;
const SUPERSEDED_BY: i32 = 4000;
const OWNER: i32 = 600;
const STEP: i32 = 1500;
/// Links to a superseded page that are shown.
const SHOWN: usize = 3;

/// What other checks found, by path of the page: dead links and unknown owners.
pub(super) fn known_faults(findings: &[Diagnostic]) -> BTreeMap<&str, Vec<&Diagnostic>> {
    let mut by_path: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        if [&BROKEN_LINK, &BROKEN_FRAGMENT, &DEAD_EXTERNAL_LINK, &UNKNOWN_OWNER].contains(&finding.rule) {
            by_path.entry(finding.path().unwrap_or_default()).or_default().push(finding);
        }
    }
    by_path
}

/// What is proved wrong with a page.
pub(super) fn find_proof(
    page: PageId,
    facts: &ReviewFacts,
    inputs: &Inputs<'_>,
    known: &[&Diagnostic],
) -> Vec<Evidence> {
    let mut proof = Vec::new();
    let (owners, links): (Vec<&Diagnostic>, Vec<_>) = known.iter().partition(|f| f.rule == &UNKNOWN_OWNER);
    let (external, dead): (Vec<&Diagnostic>, Vec<_>) =
        links.into_iter().partition(|f| f.rule == &DEAD_EXTERNAL_LINK);
    proof.extend(dead_external(&external));
    if let Some(first) = owners.first() {
        let help = first.help.first().cloned().unwrap_or_default();
        let evidence = Evidence::new(first.rule, State::Broken, OWNER, first.message.clone());
        proof.push(evidence.help(help).unreported());
    }
    if let Some(first) = dead.first() {
        let message = match dead.len() {
            1 => first.message.clone(),
            many => format!("{}, the first: {}", count(many as u64, "dead link"), first.message),
        };
        proof.push(
            Evidence::new(first.rule, State::Broken, DEAD_LINK, message)
                .fact("links", dead.len())
                .help("mend the link; `docent check` shows the place")
                .unreported(),
        );
    }
    for cover in covers_gone(facts, inputs.history) {
        let message = format!("`{}` matches nothing in the repository", cover.pattern.value);
        let help = match moved_to(cover, facts, inputs.history) {
            Some(now) => format!("it was moved: `{now}`"),
            None => "name the new place, or mend the page if what it describes is gone".into(),
        };
        proof.push(
            Evidence::new(&COVERS_GONE, State::Broken, COVERS, message).at(cover.pattern.span).help(help),
        );
    }
    proof.extend(superseded(page, facts, inputs.site));
    for step in inputs.site.graph.missing_steps(page) {
        let known = inputs.site.pages.iter().map(|page| match &page.parsed.front.id {
            Some(id) => id.value.as_str(),
            None => page.parsed.content_path.as_str(),
        });
        let help = match nearest(&step.value, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a module by its `id` or a page by its path".into(),
        };
        let message = format!("the step `{}` does not exist", step.value);
        proof.push(Evidence::new(&MISSING_STEP, State::Broken, STEP, message).at(step.span).help(help));
    }
    proof
}

/// Another site is not in the hands of the page's authors: its dead links are doubt, not proof.
fn dead_external(findings: &[&Diagnostic]) -> Option<Evidence> {
    let first = findings.first()?;
    let weight = DEAD_EXTERNAL * i32::try_from(findings.len().min(MOST_EXTERNAL)).unwrap_or_default();
    let message = match findings.len() {
        1 => "1 dead link to another site".into(),
        many => format!("{many} dead links to other sites"),
    };
    let evidence = Evidence::new(first.rule, State::Doubtful, weight, message);
    Some(evidence.fact("links", findings.len()).unreported())
}

fn superseded(id: PageId, facts: &ReviewFacts, site: &Site) -> Option<Evidence> {
    let by = facts.superseded_by.as_ref()?;
    let page = &site.pages[id];
    if page.backlinks.is_empty() {
        return None;
    }
    let pages = count(page.backlinks.len() as u64, "page");
    let message = format!("superseded by `{}` and still linked from {pages}", by.value);
    let mut evidence = Evidence::new(&SUPERSEDED, State::Broken, SUPERSEDED_BY, message)
        .at(by.span)
        .fact("linked_from", page.backlinks.len())
        .help(format!("let the links lead to `{}`", by.value));
    for backlink in page.backlinks.iter().take(SHOWN) {
        let from = &site.pages[backlink.page];
        let leads_here = |target: &Target| matches!(target, Target::Page { page, .. } if *page == id);
        let at = from.links.iter().position(leads_here);
        if let Some(link) = at.and_then(|at| from.parsed.links.get(at)) {
            evidence.also.push((backlink.page, link.target_span, "linked here"));
        }
    }
    Some(evidence)
}
