//! A table for a job summary or a comment, below the limits of both.

use std::io::{self, Write};

use super::super::evidence::count;
use super::{Report, team};

/// Most rows: a comment holds 64 KiB.
const ROWS: usize = 100;
/// Longest reason of a row, in letters.
const LETTERS: usize = 240;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (mut queue, waiting) = report.work();
    let all = queue.len();
    queue.truncate(report.limit.unwrap_or(ROWS).min(ROWS));
    writeln!(out, "## Freshness on {}\n", report.site.today)?;
    writeln!(out, "{}: {}.\n", count(report.freshness.articles.len() as u64, "page"), report.counts())?;
    if let (Some(coverage), Some(as_of)) = (report.freshness.coverage, &report.freshness.as_of) {
        let share = coverage.percent();
        writeln!(out, "Coverage: **{share} %** of {} topical tickets, up to {as_of}.\n", coverage.topical)?;
    }
    if queue.is_empty() {
        writeln!(out, "Nothing to review.\n")?;
    } else {
        writeln!(out, "| page | state | owner | why |\n|---|---|---|---|")?;
    }
    for (_, page, article) in &queue {
        let why = article.reasons.first().map(|reason| reason.message.as_str()).unwrap_or_default();
        let more = article.reasons.len().saturating_sub(1);
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        writeln!(
            out,
            "| {} | {} | {} | {}{more} |",
            cell(page.parsed.file.path()),
            article.state.word(),
            cell(&page.owners.join(", ")),
            cell(why)
        )?;
    }
    if all > queue.len() {
        writeln!(out, "\n… and {} more.", count((all - queue.len()) as u64, "page"))?;
    }
    if let Some(waiting) = waiting {
        writeln!(out, "\n… and {waiting}.")?;
    }
    for (title, lines) in report.gaps() {
        let (first, rest) = title.split_at(1);
        writeln!(out, "\n{}{rest}:\n", first.to_uppercase())?;
        for (tag, text) in lines {
            writeln!(out, "- {}: {}", cell(tag), cell(&text))?;
        }
    }
    if !report.reviews.is_empty() {
        writeln!(out, "\nReviews that changed nothing but the date:\n")?;
        for share in report.reviews {
            writeln!(out, "- {}: {} of {}", cell(team(share)), share.date_only, share.reviews)?;
        }
    }
    if !report.freshness.unchecked.is_empty() {
        writeln!(out, "\nNot checked:\n")?;
        for unchecked in &report.freshness.unchecked {
            writeln!(out, "- {} ({}): {}", unchecked.what, unchecked.count, cell(&unchecked.why))?;
        }
    }
    Ok(())
}

/// Text in which no mark of Markdown or HTML means anything.
fn cell(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars().take(LETTERS) {
        match letter {
            '\n' | '\r' => safe.push(' '),
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '\\' | '#' | '!' | '@' => {
                safe.push('\\');
                safe.push(letter);
            }
            _ => safe.push(letter),
        }
    }
    safe
}
