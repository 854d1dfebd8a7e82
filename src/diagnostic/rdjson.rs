//! Reviewdog's JSON. Columns count UTF-8 bytes from 1, and an end is one past the last.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::format::{Report, prefixed};
use super::{Diagnostic, Label, Severity};
use crate::source::Span;

/// Writes the report as one object.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let prefix = report.repository_prefix;
    let diagnostics: Vec<Value> = report.findings.iter().map(|f| diagnostic(f, prefix)).collect();
    let result = json!({ "source": { "name": "docent" }, "diagnostics": diagnostics });
    serde_json::to_writer_pretty(&mut *out, &result)?;
    writeln!(out)
}

fn diagnostic(finding: &Diagnostic, prefix: &str) -> Value {
    let mut message = finding.message.clone();
    for help in &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let related = finding.secondary.iter();
    let related: Vec<Value> =
        related.map(|label| json!({ "message": label.text, "location": location(label, prefix) })).collect();
    let mut diagnostic = json!({
        "message": message,
        "severity": match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        },
        "code": { "value": finding.rule.code },
        // Reviewdog insists on a path.
        "location": match &finding.primary {
            Some(label) => location(label, prefix),
            None => json!({ "path": prefixed(prefix, "docent.yaml") }),
        },
        "related_locations": related,
    });
    if let (Some(label), Some(fix)) = (&finding.primary, &finding.fix) {
        diagnostic["suggestions"] = json!([{ "range": range(label, fix.span), "text": fix.text }]);
    }
    diagnostic
}

fn location(label: &Label, prefix: &str) -> Value {
    json!({ "path": prefixed(prefix, label.file.path()), "range": range(label, label.span) })
}

fn range(label: &Label, span: Span) -> Value {
    json!({ "start": place(label, span.start), "end": place(label, span.end) })
}

fn place(label: &Label, offset: u32) -> Value {
    let text = label.file.text();
    let offset = text.floor_char_boundary(offset as usize);
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = label.file.position(offset as u32).line;
    json!({ "line": line, "column": offset - line_start + 1 })
}
