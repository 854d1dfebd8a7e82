//! What a build found, as the browser reads it.
//!
//! In: findings, or why there is no site. Out: JSON with the frames that a terminal shows. What was there when the
//! server started is known; only what came since is pressed on the author.

use std::collections::BTreeSet;

use serde::Serialize;

use super::ServeOptions;
use crate::diagnostic::format::Style;
use crate::diagnostic::human::frame;
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::Error;

/// Columns of a frame in the browser.
const WIDTH: usize = 100;
/// Findings that are sent with their frames; of the others only the number is told.
const MAX_FRAMES: usize = 500;

/// What a finding is recognised by after an edit: its file, rule and message; lines move.
pub(super) type Key = (String, &'static str, String);

fn key(finding: &Diagnostic) -> Key {
    (finding.path().unwrap_or_default().to_owned(), finding.rule.code, finding.message.clone())
}

pub(super) fn keys(findings: &[Diagnostic]) -> impl Iterator<Item = Key> + '_ {
    findings.iter().map(key)
}

/// `/docent/-/findings.json`.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Report {
    /// Why the site could not be made; what is shown is the last one that could.
    failure: Option<String>,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Those that came since the server started.
    new: usize,
    /// Findings that are not told one by one.
    more: usize,
    /// New ones first, then errors, then by place.
    findings: Vec<Told>,
}

#[derive(Clone, Debug, Serialize)]
struct Told {
    severity: &'static str,
    rule: &'static str,
    message: String,
    path: String,
    line: u32,
    is_new: bool,
    frame: String,
}

impl Report {
    pub(super) fn of(findings: &[Diagnostic], known: &BTreeSet<Key>, options: &ServeOptions) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let is_new =
            |finding: &Diagnostic| finding.severity > Severity::Note && !known.contains(&key(finding));
        let mut order: Vec<(bool, &Diagnostic)> =
            findings.iter().map(|finding| (is_new(finding), finding)).collect();
        order.sort_by_key(|(is_new, finding)| (!is_new, std::cmp::Reverse(finding.severity)));
        let style = Style { color: false, width: WIDTH };
        let told = |(is_new, finding): &(bool, &Diagnostic)| Told {
            severity: finding.severity.word(),
            rule: finding.rule.code,
            message: finding.message.clone(),
            path: finding.path().unwrap_or_default().to_owned(),
            line: finding.primary.as_ref().map_or(0, |at| at.file.position(at.span.start).line),
            is_new: *is_new,
            frame: frame(finding, &options.shown_prefix, style),
        };
        Self {
            failure: None,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            new: order.iter().filter(|(is_new, _)| *is_new).count(),
            more: findings.len().saturating_sub(MAX_FRAMES),
            findings: order.iter().take(MAX_FRAMES).map(told).collect(),
        }
    }

    pub(super) fn failed(error: &Error, known: &BTreeSet<Key>, options: &ServeOptions) -> Self {
        let findings = match error {
            Error::Config(findings) | Error::Site(findings) | Error::Tickets(findings) => findings.as_slice(),
            _ => &[],
        };
        Self { failure: Some(error.to_string()), ..Self::of(findings, known, options) }
    }
}
