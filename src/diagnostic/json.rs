//! Docent's own JSON: `{ schema, today, summary, diagnostics }`.
//!
//! Lines and columns count from 1, columns in code points; bytes count the file on disk from 0.

use std::io::{self, Write};

use serde::Serialize;

use super::format::{Counts, Report, places};
use super::{Diagnostic, Label};
use crate::source;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    today: &'a str,
    summary: Summary,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    pages: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    path: Option<&'a str>,
    start: Option<Position>,
    end: Option<Position>,
    help: &'a [String],
    labels: Vec<Remark<'a>>,
}

/// A remark of the frame; the primary one first, if it has words.
#[derive(Serialize)]
struct Remark<'a> {
    primary: bool,
    message: &'a str,
    path: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    byte: u32,
}

/// Writes the report as one JSON object.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Counts { errors, warnings, notes } = Counts::of(report.findings);
    let document = Document {
        schema: 1,
        today: report.today,
        summary: Summary { errors, warnings, notes, pages: report.pages },
        diagnostics: report.findings.iter().map(finding).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn finding(finding: &Diagnostic) -> Finding<'_> {
    let place = finding.primary.as_ref().map(places);
    let primary = finding.primary.iter().filter(|label| !label.text.is_empty());
    let primary = primary.map(|label| remark(label, true));
    let secondary = finding.secondary.iter().map(|label| remark(label, false));
    Finding {
        rule: finding.rule.code,
        severity: finding.severity.word(),
        message: &finding.message,
        path: finding.path(),
        start: place.map(|(start, _)| position(start)),
        end: place.map(|(_, end)| position(end)),
        help: &finding.help,
        labels: primary.chain(secondary).collect(),
    }
}

fn remark(label: &Label, primary: bool) -> Remark<'_> {
    let (start, end) = places(label);
    Remark {
        primary,
        message: &label.text,
        path: label.file.path(),
        start: position(start),
        end: position(end),
    }
}

fn position(position: source::Position) -> Position {
    Position { line: position.line, column: position.column, byte: position.byte }
}
