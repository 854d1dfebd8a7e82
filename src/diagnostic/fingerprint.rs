//! A name for a finding that outlives edits elsewhere in its file.
//!
//! In: findings in their order. Out: for each a hash of rule, path and subject (the text under the
//! place, and the message without its numbers), and a count where several are equal. No line, no
//! date: a finding that moved down is still the same one.

use std::collections::BTreeMap;

use super::Diagnostic;

/// One fingerprint for each finding, in the same order; 32 hexadecimal digits.
pub fn fingerprints(findings: &[Diagnostic]) -> Vec<String> {
    let mut seen: BTreeMap<[u8; 32], u64> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let subject = subject_hash(finding);
            let ordinal = seen.entry(*subject.as_bytes()).or_default();
            *ordinal += 1;
            let mut hasher = blake3::Hasher::new();
            hasher.update(subject.as_bytes()).update(&ordinal.to_le_bytes());
            hasher.finalize().to_hex()[..32].to_owned()
        })
        .collect()
}

fn subject_hash(finding: &Diagnostic) -> blake3::Hash {
    let under = finding.primary.as_ref().map_or("", |label| label.file.slice(label.span));
    let message: String = finding.message.chars().filter(|c| !c.is_ascii_digit()).collect();
    let mut hasher = blake3::Hasher::new();
    for part in [finding.rule.code, finding.path().unwrap_or_default(), under.trim(), &message] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize()
}
