//! GitLab's Code Quality report: a list; `[]` when nothing was found.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::format::{Report, places, prefixed};
use super::{Diagnostic, Severity};

/// Writes the report as a JSON list.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let prints = fingerprints(report.findings);
    let issues: Vec<Value> = report
        .findings
        .iter()
        .zip(&prints)
        .map(|(finding, print)| issue(finding, print, report.repository_prefix))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(finding: &Diagnostic, fingerprint: &str, prefix: &str) -> Value {
    let begin = finding.primary.as_ref().map_or(1, |label| places(label).0.line);
    // A finding about no file is about the knowledge base; GitLab insists on a path.
    let path = prefixed(prefix, finding.path().unwrap_or("docent.yaml"));
    json!({
        "description": finding.message,
        "check_name": finding.rule.code,
        "fingerprint": fingerprint,
        "severity": match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        "location": { "path": path, "lines": { "begin": begin } },
    })
}
