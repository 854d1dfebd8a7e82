//! For people: the queue, each reason on a line with fact, comparison and remedy; then coverage, gaps
//! and what was not checked.

use std::io::{self, Write};

use super::super::Article;
use super::super::evidence::count;
use super::{Report, team};
use crate::model::Page;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (queue, waiting) = report.work();
    let (queue, left) = report.limited(queue);
    for (_, page, article) in queue {
        write_article(page, article, out)?;
        writeln!(out)?;
    }
    if left > 0 {
        writeln!(
            out,
            "… and {} more; `--limit {}` shows all\n",
            count(left as u64, "page"),
            report.limit.unwrap_or(0) + left
        )?;
    }
    if let Some(waiting) = waiting {
        writeln!(out, "… and {waiting}; `--state due` lists them\n")?;
    }
    writeln!(
        out,
        "{} on {}: {}",
        count(report.freshness.articles.len() as u64, "page"),
        report.site.today,
        report.counts()
    )?;
    if let (Some(coverage), Some(as_of)) = (report.freshness.coverage, &report.freshness.as_of) {
        writeln!(
            out,
            "coverage: {} % ({} of {} topical tickets in the 8 weeks up to {as_of} have a page that can be trusted)",
            coverage.percent(),
            coverage.trusted,
            coverage.topical
        )?;
    }
    for (title, lines) in report.gaps() {
        writeln!(out, "\n{title}:")?;
        let width = lines.iter().map(|(tag, _)| tag.chars().count()).max().unwrap_or_default();
        for (tag, text) in lines {
            writeln!(out, "  {tag:width$}  {text}")?;
        }
    }
    if !report.reviews.is_empty() {
        writeln!(out, "\nreviews that changed nothing but the date:")?;
        let width = report.reviews.iter().map(|share| team(share).chars().count()).max().unwrap_or_default();
        for share in report.reviews {
            let percent = share.date_only * 100 / share.reviews.max(1);
            writeln!(
                out,
                "  {:width$}  {} of {} ({percent} %)",
                team(share),
                share.date_only,
                share.reviews
            )?;
        }
    }
    if !report.freshness.unchecked.is_empty() {
        writeln!(out, "\nnot checked:")?;
        for unchecked in &report.freshness.unchecked {
            writeln!(out, "  {} ({}): {}", unchecked.what, unchecked.count, unchecked.why)?;
        }
    }
    Ok(())
}

fn write_article(page: &Page, article: &Article, out: &mut dyn Write) -> io::Result<()> {
    let mut facts = Vec::new();
    if !page.owners.is_empty() {
        facts.push(format!("owner {}", page.owners.join(", ")));
    }
    let review = &article.review;
    facts.push(match &review.on {
        Some(on) => {
            let by = review.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let how = review.how.as_ref().map(|how| format!(", {how}")).unwrap_or_default();
            format!("confirmed {on}{by}{how}")
        }
        None if article.has_unreadable_review() => "confirmed on no day that can be read".into(),
        None => "never confirmed".into(),
    });
    let state = article.state.word().to_uppercase();
    writeln!(out, "{}  {state}  ({})", page.parsed.file.path(), facts.join(", "))?;
    let width = article.reasons.iter().map(|reason| reason.rule.code.len()).max().unwrap_or_default();
    for reason in &article.reasons {
        writeln!(out, "  {} {:width$}  {}", logits(reason.weight), reason.rule.code, reason.message)?;
    }
    for support in &article.supports {
        writeln!(out, "   for: {support}")?;
    }
    if !article.remedy.is_empty() {
        writeln!(out, "   fix: {}", article.remedy)?;
    }
    Ok(())
}

/// `+1.3`: milli-logits in tenths, rounded.
fn logits(milli: i32) -> String {
    let tenths = (milli.abs() + 50) / 100;
    format!("{}{}.{}", if milli < 0 { '-' } else { '+' }, tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_shown_in_tenths_of_a_logit() {
        for (milli, text) in [(1268, "+1.3"), (1200, "+1.2"), (-400, "-0.4"), (0, "+0.0"), (49, "+0.0")] {
            assert_eq!(logits(milli), text);
        }
    }
}
