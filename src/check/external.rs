//! Links to other sites, as far as something is known of them.
//!
//! In: links and the results of `docent check --external`. Out: one finding for every link that leads
//! nowhere, each time it stands. Not here: asking (`pull`).

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::links::{DEAD_EXTERNAL_LINK, REFUSED_EXTERNAL_LINK, UNANSWERED_EXTERNAL_LINK};
use crate::external::{LinkState, Results, address};
use crate::model::{Page, Site, Target};
use crate::parse::Link;

/// Every address of another site that a page links to, without fragments.
pub fn external_addresses(site: &Site) -> BTreeSet<String> {
    let links = site.pages.iter().flat_map(links);
    links.filter_map(|(_, url)| address(url)).filter(|url| !is_ignored(site, url)).collect()
}

/// Dead links. Those that were refused or not answered are told only to who asked just now: a site
/// that was down one night is no fault of a page.
pub fn check_external(site: &Site, results: &Results, asked: bool) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for page in &site.pages {
        for (link, url) in links(page) {
            let Some(result) = results.of(url).filter(|_| !is_ignored(site, url)) else { continue };
            let why = result.why.as_str();
            let told = |why: &str| if why.is_empty() { String::new() } else { format!(": {why}") };
            let at = |rule, message: String| {
                Diagnostic::new(rule, message).at(&page.parsed.file, link.target_span, "")
            };
            findings.extend(match result.state {
                LinkState::Dead => {
                    let when = result.checked.map(|day| format!(", asked on {day}")).unwrap_or_default();
                    let message = format!("nothing is at this address any more{}", told(why));
                    let help = format!("find its new place, or remove the link (the result is of the last check{when})");
                    Some(at(&DEAD_EXTERNAL_LINK, message).help(help))
                }
                LinkState::Unanswered if asked => Some(
                    at(&UNANSWERED_EXTERNAL_LINK, format!("the site did not say whether this is there{}", told(why)))
                        .help("check again later; look at it yourself if it stays so"),
                ),
                LinkState::Refused if asked => Some(
                    at(&REFUSED_EXTERNAL_LINK, format!("not asked{}", told(why))).help(
                        "name the host under `external: { private: […] }` if it may be asked, or the address under `ignore`",
                    ),
                ),
                _ => None,
            });
        }
    }
    findings
}

fn is_ignored(site: &Site, url: &str) -> bool {
    let url = url.split('#').next().unwrap_or_default();
    site.config.external.ignore.iter().any(|pattern| pattern.is_match(url))
}

fn links(page: &Page) -> impl Iterator<Item = (&Link, &str)> {
    page.parsed.links.iter().zip(&page.links).filter_map(|(link, target)| match target {
        Target::External(url) => Some((link, url.as_str())),
        _ => None,
    })
}
