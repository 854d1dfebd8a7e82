//! A table in Markdown, for a job summary or a comment on a merge request.
//!
//! Comments hold 64 KiB; the table ends before that and says how many findings it leaves out.

use std::io::{self, Write};

use super::Diagnostic;
use super::format::{Counts, Report, places, prefixed};
use super::human::visible;

/// Bytes of the table; what is around it fits in the rest of 64 KiB.
const MAX_BYTES: usize = 60_000;

/// Writes the report as a heading and a table.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Docent: {}\n", Counts::of(report.findings))?;
    let pages = report.pages;
    writeln!(out, "{pages} {} checked for {}.", if pages == 1 { "page" } else { "pages" }, report.today)?;
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| Severity | Where | Finding |\n|---|---|---|")?;
    let mut worst: Vec<&Diagnostic> = report.findings.iter().collect();
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut bytes = 0;
    for (index, finding) in worst.iter().enumerate() {
        let row = row(finding, report.repository_prefix);
        bytes += row.len();
        if bytes > MAX_BYTES {
            return writeln!(out, "\nand {} more", worst.len() - index);
        }
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

fn row(finding: &Diagnostic, prefix: &str) -> String {
    let place = finding.primary.as_ref().map_or_else(String::new, |label| {
        let (start, _) = places(label);
        let path = prefixed(prefix, label.file.path());
        text(&format!("{path}:{}:{}", start.line, start.column))
    });
    let mut cell = text(&finding.message);
    for help in &finding.help {
        cell.push_str("<br>");
        cell.push_str(&text(help));
    }
    format!("| {} | {place} | {cell} (`{}`) |\n", finding.severity.word(), finding.rule.code)
}

/// Text that cannot be markup, except that what stands in single backticks stays code.
fn text(raw: &str) -> String {
    let raw = visible(raw);
    let has_code = raw.matches('`').count().is_multiple_of(2) && !raw.contains("``");
    let mut escaped = String::with_capacity(raw.len());
    let mut in_code = false;
    for c in raw.chars() {
        match c {
            '`' if has_code => {
                in_code = !in_code;
                escaped.push(c);
            }
            '|' => escaped.push_str("\\|"),
            _ if in_code => escaped.push(c),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '@' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}
