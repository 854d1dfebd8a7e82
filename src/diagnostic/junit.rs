//! `JUnit` XML: each error and warning is a failed case, named by its path and rule.
//!
//! Notes are skipped cases, since they never fail a run by themselves.

use std::io::{self, Write};

use super::format::{Counts, Report, places, prefixed};
use super::{Diagnostic, Severity};

/// Cases that are written; servers refuse reports of more than 30 MB.
const MAX_CASES: usize = 50_000;

/// Writes the report as one test suite.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.findings);
    let failures = counts.errors + counts.warnings;
    // A suite without a case looks like a run that never was.
    let tests = report.findings.len().max(1);
    let numbers =
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\"", counts.notes);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"docent\" {numbers}>")?;
    writeln!(out, "  <testsuite name=\"docent check\" {numbers}>")?;
    if report.findings.is_empty() {
        writeln!(out, "    <testcase classname=\"docent\" name=\"no findings\"/>")?;
    }
    for finding in report.findings.iter().take(MAX_CASES) {
        case(finding, report.repository_prefix, out)?;
    }
    if let Some(more) = report.findings.len().checked_sub(MAX_CASES).filter(|more| *more > 0) {
        writeln!(out, "    <testcase classname=\"docent\" name=\"and {more} more\"/>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(finding: &Diagnostic, prefix: &str, out: &mut dyn Write) -> io::Result<()> {
    let path = finding.path().map_or_else(|| "docent".to_owned(), |path| prefixed(prefix, path));
    let name = escape(&format!("{path} {}", finding.rule.code));
    let (path, code, message) = (escape(&path), finding.rule.code, escape(&finding.message));
    write!(out, "    <testcase classname=\"{path}\" name=\"{name}\"")?;
    let mut place = path;
    if let Some(label) = &finding.primary {
        let (start, _) = places(label);
        write!(out, " file=\"{place}\" line=\"{}\"", start.line)?;
        place = format!("{place}:{}:{}", start.line, start.column);
    }
    writeln!(out, ">")?;
    if finding.severity == Severity::Note {
        writeln!(out, "      <skipped message=\"{message}\"/>")?;
    } else {
        let severity = finding.severity.word();
        write!(out, "      <failure type=\"{code}\" message=\"{message}\">{place}: {severity}: {message}")?;
        for help in &finding.help {
            write!(out, "\nhelp: {}", escape(help))?;
        }
        writeln!(out, "</failure>")?;
    }
    writeln!(out, "    </testcase>")
}

/// XML has no way at all to write most control characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}
