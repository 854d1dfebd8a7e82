//! [`Site`] → findings, one file per family.
//!
//! In: the whole site. Out: what is wrong with it, worded for people. Not here: what a single file
//! can know about itself (`parse`), and whether two sources claim one address (`model`).

mod codes;
pub mod external;
pub mod front_matter;
pub mod ids;
pub mod jobs;
pub mod links;
mod nearest;
pub mod openings;
pub mod site;
pub mod skills;
pub mod training;

use crate::diagnostic::Diagnostic;
use crate::freshness::review;
use crate::model::Site;

/// Every finding about the site as a whole, in no particular order.
pub fn check_site(site: &Site) -> Vec<Diagnostic> {
    let mut findings = links::check_links(site);
    findings.extend(site::check_pages(site));
    findings.extend(review::check_reviews(site));
    findings.extend(front_matter::check_references(site));
    findings.extend(training::check_training(site));
    findings.extend(skills::check_skills(site));
    findings.extend(jobs::check_jobs(site));
    findings.extend(openings::check_openings(site));
    findings
}
