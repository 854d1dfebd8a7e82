//! SARIF 2.1.0, as GitHub's code scanning and most editors read it.
//!
//! Columns count code points, as the run declares; URIs are relative to the repository. Fingerprints
//! hold no line and no date, so that a finding that moved stays the same alert.

use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::format::{Report, places, prefixed};
use super::{Diagnostic, Fix, Label, Rule, Severity, rules};

/// GitHub refuses a run of more results than this.
const MAX_RESULTS: usize = 25_000;

/// What a path keeps in a URI; everything else is percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the report as a SARIF log of one run.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut results: Vec<(&Diagnostic, String)> =
        report.findings.iter().zip(fingerprints(report.findings)).collect();
    let left_out = results.len().saturating_sub(MAX_RESULTS);
    if left_out > 0 {
        // The sort is stable: within a severity the order of paths is kept.
        results.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
        results.truncate(MAX_RESULTS);
    }
    let results: Vec<Value> =
        results.iter().map(|(finding, print)| result(finding, print, report.repository_prefix)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "docent",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(left_out),
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn notifications(left_out: usize) -> Vec<Value> {
    if left_out == 0 {
        return Vec::new();
    }
    let text = format!("{left_out} findings of the lowest severity are left out: the limit is {MAX_RESULTS}");
    vec![json!({ "level": "warning", "message": { "text": text } })]
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.explanation, "markdown": rule.explanation },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(finding: &Diagnostic, fingerprint: &str, prefix: &str) -> Value {
    let index = rules::ALL.iter().position(|rule| *rule == finding.rule);
    let mut text = finding.message.clone();
    for help in &finding.help {
        text.push('\n');
        text.push_str(help);
    }
    let related = finding.secondary.iter().zip(1..).map(|(label, id)| {
        let mut location = location(label, prefix);
        location["id"] = id.into();
        location["message"] = json!({ "text": label.text });
        location
    });
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": finding.primary.iter().map(|label| location(label, prefix)).collect::<Vec<_>>(),
        "relatedLocations": related.collect::<Vec<_>>(),
        // The first is the name that GitHub looks for.
        "partialFingerprints": { "primaryLocationLineHash": fingerprint, "docent/v1": fingerprint },
    });
    if let (Some(label), Some(edit)) = (&finding.primary, &finding.fix) {
        result["fixes"] = json!([fix(label, edit, prefix)]);
    }
    result
}

fn fix(label: &Label, edit: &Fix, prefix: &str) -> Value {
    let place = Label { span: edit.span, ..label.clone() };
    json!({
        "description": { "text": format!("Write {}", edit.text) },
        "artifactChanges": [{
            "artifactLocation": artifact(label, prefix),
            "replacements": [{
                "deletedRegion": region(&place),
                "insertedContent": { "text": edit.text },
            }],
        }],
    })
}

fn location(label: &Label, prefix: &str) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(label, prefix), "region": region(label) }})
}

fn artifact(label: &Label, prefix: &str) -> Value {
    let path = prefixed(prefix, label.file.path());
    json!({ "uri": utf8_percent_encode(&path, ENCODED).to_string() })
}

fn region(label: &Label) -> Value {
    let (start, end) = places(label);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}
