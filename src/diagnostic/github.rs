//! Commands for a GitHub workflow, which shows them beside the changed lines.
//!
//! GitHub keeps ten of a level and drops the rest without a word, so the tenth says how many more
//! there are.

use std::io::{self, Write};

use super::format::{Report, places, prefixed};
use super::{Diagnostic, Severity};

/// Annotations of one level that GitHub keeps.
const LIMIT: usize = 10;

/// Writes one command a finding, errors first.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let findings: Vec<_> = report.findings.iter().filter(|f| f.severity == severity).collect();
        let shown = if findings.len() > LIMIT { LIMIT - 1 } else { findings.len() };
        for finding in &findings[..shown] {
            command(finding, report.repository_prefix, out)?;
        }
        let more = findings.len() - shown;
        if more > 0 {
            let word = severity.word();
            writeln!(out, "::{}::and {more} more {word}s; see the log of docent check", level(severity))?;
        }
    }
    Ok(())
}

fn command(finding: &Diagnostic, prefix: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{} ", level(finding.severity))?;
    if let Some(label) = &finding.primary {
        let (start, end) = places(label);
        write!(out, "file={},", property(&prefixed(prefix, label.file.path())))?;
        write!(out, "line={},endLine={},col={},", start.line, end.line, start.column)?;
        if start.line == end.line {
            write!(out, "endColumn={},", end.column)?;
        }
    }
    let mut text = finding.message.clone();
    for help in &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    writeln!(out, "title={}::{}", property(finding.rule.code), data(&text))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
