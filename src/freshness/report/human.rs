//! For people: the queue, each reason on a line with fact, comparison and remedy; then coverage, gaps
//! and what was not checked.

use std::io::{self, Write};

use super::super::evidence::count;
use super::super::{Article, Gap, State};
use super::{Report, percent};
use crate::model::Page;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut queue = report.queue();
    if report.states.is_empty() {
        // Pages that need nothing are in the counts below.
        queue.retain(|(_, _, article)| article.state <= State::Unknown);
    }
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
    let counts: Vec<String> = State::ALL
        .iter()
        .filter_map(|state| {
            let pages = report.freshness.articles.iter().filter(|article| article.state == *state).count();
            (pages > 0).then(|| format!("{pages} {}", state.word()))
        })
        .collect();
    writeln!(out, "{}: {}", count(report.freshness.articles.len() as u64, "page"), counts.join(", "))?;
    if let (Some(coverage), Some(as_of)) = (report.freshness.coverage, &report.freshness.as_of) {
        writeln!(
            out,
            "coverage: {} % ({} of {} topical tickets in the 8 weeks up to {as_of} have a page that can be trusted)",
            percent(coverage.trusted, coverage.topical),
            coverage.trusted,
            coverage.topical
        )?;
    }
    write_gaps(report, out)?;
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

fn write_gaps(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (title, thin) in [("knowledge gaps", false), ("thin: only pages that cannot be trusted", true)] {
        let gaps: Vec<&Gap> = report.freshness.gaps.iter().filter(|gap| gap.thin == thin).collect();
        if gaps.is_empty() {
            continue;
        }
        writeln!(out, "\n{title}:")?;
        let width = gaps.iter().map(|gap| gap.tag.chars().count()).max().unwrap_or_default();
        for gap in gaps {
            let mut line = format!(
                "  {:width$}  {} from {}, {}.{} % of all",
                gap.tag,
                count(gap.events.into(), "ticket"),
                count(gap.requesters.into(), "requester"),
                gap.share / 10,
                gap.share % 10
            );
            if !gap.with.is_empty() {
                line = format!("{line}; often with {}", gap.with.join(", "));
            }
            let near: Vec<&str> =
                gap.near.iter().map(|page| report.site.pages[*page].parsed.file.path()).collect();
            if thin {
                line = format!("{line}; covered by {}", near.join(", "));
            } else if !near.is_empty() {
                line = format!("{line}; perhaps add `ticket_tags: [{}]` to {}", gap.tag, near.join(" or "));
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
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
