//! Known findings: a file of fingerprints that a team adopts, so that only new ones fail.
//!
//! In: the text of a baseline and findings. Out: the findings that are new, and the entries that
//! are no longer found. One entry a line, sorted by path and rule, so that two branches merge:
//! `FINGERPRINT RULE PATH`; rule and path are for people. Not here: reading and writing the file
//! (`cli`).

use std::collections::BTreeMap;
use std::fmt::Write;

use super::fingerprint::{PageIds, fingerprints_by_id};
use super::{Diagnostic, FIXED, Rule, rules};

/// First line of a baseline; names the meaning of what follows.
const HEADER: &str = "# docent baseline 1";

/// Rules that fail because time passed: their first due dates are spread instead.
const CLOCK: &[&str] = &["overdue", "never-confirmed", "opening-ends"];

/// Rules about what a verdict needs: known, they would hide all that was not looked at.
const INPUTS: &[&Rule] = &[
    &rules::files::UNREADABLE_HISTORY,
    &rules::files::SHALLOW_HISTORY,
    &rules::tickets::UNREADABLE_EXPORT,
    &rules::freshness::NO_TICKET_DATA,
];

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where it was.
    pub path: String,
    /// Its rule.
    pub rule: String,
    /// Which one it is.
    pub fingerprint: String,
}

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By fingerprint.
    entries: BTreeMap<String, Entry>,
}

/// Whether a finding of this rule can be known: not if it comes of the clock, if no site can be made
/// with it, or if it says that an input is missing.
pub fn takes(rule: &Rule) -> bool {
    !CLOCK.contains(&rule.code) && !FIXED.iter().chain(INPUTS).any(|other| other.code == rule.code)
}

impl Baseline {
    /// The baseline that knows exactly these findings, as far as it can.
    pub fn of(findings: &[Diagnostic], ids: &PageIds<'_>) -> Self {
        let entries = entries(findings, ids).filter(|(finding, _)| takes(finding.rule));
        Self { entries: entries.map(|(_, entry)| (entry.fingerprint.clone(), entry)).collect() }
    }

    /// Reads a baseline; the error says which line is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.trim_start_matches('\u{FEFF}').lines().zip(1..);
        if lines.next().map(|(line, _)| line.trim_end()) != Some(HEADER) {
            return Err(format!("the first line is not `{HEADER}`"));
        }
        let mut entries = BTreeMap::new();
        for (line, number) in lines {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.splitn(3, ' ').map(str::to_owned);
            let (Some(fingerprint), Some(rule), Some(path)) = (words.next(), words.next(), words.next())
            else {
                return Err(format!("line {number} is not `FINGERPRINT RULE PATH`"));
            };
            if fingerprint.len() != 32 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(format!("line {number} does not begin with a fingerprint of 32 digits"));
            }
            entries.insert(fingerprint.clone(), Entry { path, rule, fingerprint });
        }
        Ok(Self { entries })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut sorted: Vec<&Entry> = self.entries.values().collect();
        sorted.sort_unstable();
        let mut text = format!("{HEADER}\n");
        for Entry { path, rule, fingerprint } in sorted {
            // A `String` takes all that is written to it.
            let _ = writeln!(text, "{fingerprint} {rule} {path}");
        }
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Drops the findings that are known; returns the entries that are no longer found, sorted.
    pub fn subtract(&self, findings: &mut Vec<Diagnostic>, ids: &PageIds<'_>) -> Vec<Entry> {
        let mut gone = self.entries.clone();
        let known = entries(findings, ids)
            .map(|(finding, entry)| takes(finding.rule) && gone.remove(&entry.fingerprint).is_some());
        let mut known = known.collect::<Vec<_>>().into_iter();
        findings.retain(|_| !known.next().unwrap_or_default());
        let mut gone: Vec<Entry> = gone.into_values().collect();
        gone.sort_unstable();
        gone
    }

    /// The baseline without these entries.
    #[must_use]
    pub fn without(mut self, gone: &[Entry]) -> Self {
        for entry in gone {
            self.entries.remove(&entry.fingerprint);
        }
        self
    }
}

fn entries<'f>(
    findings: &'f [Diagnostic],
    ids: &PageIds<'_>,
) -> impl Iterator<Item = (&'f Diagnostic, Entry)> {
    findings.iter().zip(fingerprints_by_id(findings, ids)).map(|(finding, fingerprint)| {
        // `-` keeps the three words of a line for a finding about no file.
        let path = finding.path().unwrap_or("-").replace(['\n', '\r'], "?");
        (finding, Entry { path, rule: finding.rule.code.to_owned(), fingerprint })
    })
}
