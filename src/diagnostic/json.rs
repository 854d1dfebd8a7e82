//! Docent's own JSON: `{ schema, today, summary, diagnostics }`.
//!
//! Lines and columns count from 1, columns in code points; bytes count the file on disk from 0.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::format::{Counts, Report, places};
use super::{Diagnostic, Label};
use crate::source::Position;

/// Writes the report as one JSON object, one finding a line.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.findings);
    writeln!(out, "{{")?;
    writeln!(out, "  \"schema\": 1,")?;
    writeln!(out, "  \"today\": {},", Value::from(report.today))?;
    writeln!(
        out,
        "  \"summary\": {{ \"errors\": {}, \"warnings\": {}, \"notes\": {}, \"pages\": {} }},",
        counts.errors, counts.warnings, counts.notes, report.pages
    )?;
    write!(out, "  \"diagnostics\": [")?;
    for (index, finding) in report.findings.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(out, "{comma}\n    {}", diagnostic(finding))?;
    }
    let end = if report.findings.is_empty() { "]" } else { "\n  ]" };
    writeln!(out, "{end}\n}}")
}

fn diagnostic(finding: &Diagnostic) -> Value {
    let place = finding.primary.as_ref().map(places);
    json!({
        "rule": finding.rule.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "path": finding.path(),
        "start": place.map(|(start, _)| position(start)),
        "end": place.map(|(_, end)| position(end)),
        "help": finding.help,
        "labels": labels(finding),
    })
}

/// The remarks of the frame, the primary one first.
fn labels(finding: &Diagnostic) -> Vec<Value> {
    let primary = finding.primary.iter().filter(|label| !label.text.is_empty()).map(|l| (l, true));
    let secondary = finding.secondary.iter().map(|label| (label, false));
    primary.chain(secondary).map(|(l, is_primary)| label(l, is_primary)).collect()
}

fn label(label: &Label, primary: bool) -> Value {
    let (start, end) = places(label);
    json!({
        "primary": primary,
        "message": label.text,
        "path": label.file.path(),
        "start": position(start),
        "end": position(end),
    })
}

fn position(position: Position) -> Value {
    json!({ "line": position.line, "column": position.column, "byte": position.byte })
}
