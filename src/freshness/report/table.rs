//! A table for a spreadsheet. A cell that a spreadsheet would take for a formula begins with `'`.

use std::io::{self, Write};

use super::Report;

const COLUMNS: &[&str] = &[
    "path",
    "url",
    "title",
    "kind",
    "owner",
    "state",
    "priority",
    "doubt",
    "reviewed",
    "reviewed_by",
    "reviewed_how",
    "due",
    "tickets_recent",
    "tickets_baseline",
    "rate_ratio",
    "p",
    "reasons",
    "remedy",
];

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join(","))?;
    for (_, page, article) in report.limited(report.queue()).0 {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let reasons: Vec<String> = article
            .reasons
            .iter()
            .map(|reason| format!("{}: {}", reason.rule.code, reason.message))
            .collect();
        let tickets = article.tickets.as_ref();
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        let cells = [
            page.parsed.file.path().to_owned(),
            page.url.clone(),
            page.title.clone(),
            page.kind.clone(),
            page.owners.join(" "),
            article.state.word().to_owned(),
            article.priority.to_string(),
            article.doubt.to_string(),
            text(&article.review.on),
            text(&article.review.by),
            text(&article.review.how),
            text(&article.due),
            count(tickets.map(|tickets| tickets.recent)),
            count(tickets.map(|tickets| tickets.baseline)),
            number(tickets.and_then(|tickets| tickets.rate_ratio)),
            number(tickets.and_then(|tickets| tickets.p)),
            reasons.join("; "),
            article.remedy.clone(),
        ];
        let line: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        writeln!(out, "{}", line.join(","))?;
    }
    Ok(())
}

/// A cell: harmless in a spreadsheet, and quoted where it must be.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number;
    let safe = if is_formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', ';', '\n', '\r']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("-3000", "-3000"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("=1;2", "\"'=1;2\""),
            ("plain", "plain"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
