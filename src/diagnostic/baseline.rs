//! Known findings: a file of fingerprints that a team adopts, so that only new ones fail.
//!
//! In: the text of a baseline and findings. Out: the findings that are new, and the entries that
//! are no longer found. One entry a line, sorted by path and rule, so that two branches merge:
//! `FINGERPRINT RULE PATH`. Not here: reading and writing the file (`cli`).

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Diagnostic;
use super::fingerprint::fingerprints;

/// First line of a baseline; names the meaning of what follows.
const HEADER: &str = "# docent baseline 1";

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where it is.
    pub path: String,
    /// Its rule.
    pub rule: String,
    /// Which one it is.
    pub fingerprint: String,
}

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

impl Baseline {
    /// The baseline that knows exactly these findings.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let entries = findings.iter().zip(fingerprints(findings)).map(|(f, print)| entry(f, print));
        Self { entries: entries.collect() }
    }

    /// Reads a baseline; the error says which line is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().zip(1..);
        if lines.next().map(|(line, _)| line.trim_end()) != Some(HEADER) {
            return Err(format!("the first line is not `{HEADER}`"));
        }
        let mut entries = BTreeSet::new();
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
            entries.insert(Entry { path, rule, fingerprint });
        }
        Ok(Self { entries })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for Entry { path, rule, fingerprint } in &self.entries {
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
    pub fn subtract(&self, findings: &mut Vec<Diagnostic>) -> Vec<Entry> {
        let found: Vec<Entry> =
            findings.iter().zip(fingerprints(findings)).map(|(f, print)| entry(f, print)).collect();
        let mut known = found.iter().map(|entry| self.entries.contains(entry));
        findings.retain(|_| !known.next().unwrap_or_default());
        let found: BTreeSet<Entry> = found.into_iter().collect();
        self.entries.difference(&found).cloned().collect()
    }
}

fn entry(finding: &Diagnostic, fingerprint: String) -> Entry {
    // `-` keeps the three words of a line for a finding about no file.
    let path = finding.path().unwrap_or("-").replace(['\n', '\r'], "?");
    Entry { path, rule: finding.rule.code.to_owned(), fingerprint }
}
