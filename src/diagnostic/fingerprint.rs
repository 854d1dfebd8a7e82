//! A name for a finding that outlives edits elsewhere in its file.
//!
//! In: findings in their order. Out: for each a hash of rule, page and subject (the text under the
//! place, and the names that the message has in backticks), and a count where several are equal. No
//! line, no date, no count, no wording: a finding that moved down, or that a later version words
//! better, is still the same one.

use std::collections::BTreeMap;

use super::Diagnostic;

/// Ids of pages by their paths: a page with an id keeps its findings where it moves.
pub type PageIds<'a> = BTreeMap<&'a str, &'a str>;

/// One fingerprint for each finding, in the same order; 32 hexadecimal digits.
pub fn fingerprints(findings: &[Diagnostic]) -> Vec<String> {
    fingerprints_by_id(findings, &PageIds::new())
}

/// The same with the ids of pages in place of their paths.
pub fn fingerprints_by_id(findings: &[Diagnostic], ids: &PageIds<'_>) -> Vec<String> {
    let mut seen: BTreeMap<[u8; 32], u64> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let subject = subject_hash(finding, ids);
            let ordinal = seen.entry(*subject.as_bytes()).or_default();
            *ordinal += 1;
            let mut hasher = blake3::Hasher::new();
            hasher.update(subject.as_bytes()).update(&ordinal.to_le_bytes());
            hasher.finalize().to_hex()[..32].to_owned()
        })
        .collect()
}

fn subject_hash(finding: &Diagnostic, ids: &PageIds<'_>) -> blake3::Hash {
    let under = finding.primary.as_ref().map_or("", |label| label.file.slice(label.span));
    let path = finding.path().unwrap_or_default();
    // What follows tells an id from a path that reads the same.
    let (page, sort) = ids.get(path).map_or((path, "path"), |id| (*id, "id"));
    let names = finding.message.split('`').skip(1).step_by(2);
    let mut hasher = blake3::Hasher::new();
    for part in [finding.rule.code, page, sort, under.trim()].into_iter().chain(names) {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize()
}
