//! Docent's own JSON, and that of a badge.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::Article;
use super::super::statistics::rounded;
use super::super::summary::Badge;
use super::Report;
use crate::model::Page;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    today: &'a str,
    as_of: Option<&'a str>,
    coverage: Option<Coverage>,
    articles: Vec<Entry<'a>>,
    gaps: Vec<Gap<'a>>,
    /// How many reviews changed nothing but the date.
    reviews: Vec<TeamReviews<'a>>,
    unchecked: Vec<Unchecked<'a>>,
}

#[derive(Serialize)]
struct Coverage {
    trusted: u64,
    topical: u64,
    share: f64,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    url: &'a str,
    title: &'a str,
    kind: &'a str,
    owner: &'a [String],
    state: &'a str,
    priority: u32,
    doubt: i32,
    reviewed: Option<&'a str>,
    reviewed_by: Option<&'a str>,
    reviewed_how: Option<&'a str>,
    due: Option<&'a str>,
    reasons: Vec<Reason<'a>>,
    supports: &'a [String],
    remedy: &'a str,
    tickets: Option<Tickets>,
}

#[derive(Serialize)]
struct Reason<'a> {
    rule: &'a str,
    weight: i32,
    message: &'a str,
    evidence: &'a BTreeMap<&'static str, serde_json::Value>,
}

#[derive(Serialize)]
struct Tickets {
    recent: u32,
    baseline: u32,
    rate_ratio: Option<f64>,
    p: Option<f64>,
}

#[derive(Serialize)]
struct Gap<'a> {
    tag: &'a str,
    events: u32,
    requesters: u32,
    share: f64,
    with: &'a [String],
    near: Vec<&'a str>,
    thin: bool,
}

#[derive(Serialize)]
struct TeamReviews<'a> {
    /// Of a team, or of all pages that no team owns.
    team: Option<&'a str>,
    reviews: usize,
    date_only: usize,
}

#[derive(Serialize)]
struct Unchecked<'a> {
    what: &'a str,
    why: &'a str,
    count: usize,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let freshness = report.freshness;
    let path = |page: &usize| report.site.pages[*page].parsed.file.path();
    let document = Document {
        schema: 1,
        today: &report.site.today,
        as_of: freshness.as_of.as_deref(),
        coverage: freshness.coverage.map(|coverage| Coverage {
            trusted: coverage.trusted,
            topical: coverage.topical,
            share: rounded(coverage.trusted as f64 / coverage.topical.max(1) as f64),
        }),
        articles: report
            .limited(report.queue())
            .0
            .into_iter()
            .map(|(_, page, article)| entry(page, article))
            .collect(),
        gaps: freshness
            .gaps
            .iter()
            .map(|gap| Gap {
                tag: &gap.tag,
                events: gap.events,
                requesters: gap.requesters,
                share: f64::from(gap.share) / 1000.0,
                with: &gap.with,
                near: gap.near.iter().map(path).collect(),
                thin: gap.thin,
            })
            .collect(),
        reviews: report
            .reviews
            .iter()
            .map(|share| TeamReviews {
                team: share.team.as_deref(),
                reviews: share.reviews,
                date_only: share.date_only,
            })
            .collect(),
        unchecked: freshness
            .unchecked
            .iter()
            .map(|unchecked| Unchecked { what: &unchecked.what, why: &unchecked.why, count: unchecked.count })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry<'a>(page: &'a Page, article: &'a Article) -> Entry<'a> {
    let reasons = article.reasons.iter().map(|reason| Reason {
        rule: reason.rule.code,
        weight: reason.weight,
        message: &reason.message,
        evidence: &reason.evidence,
    });
    let review = &article.review;
    Entry {
        path: page.parsed.file.path(),
        url: &page.url,
        title: &page.title,
        kind: &page.kind,
        owner: &page.owners,
        state: article.state.word(),
        priority: article.priority,
        doubt: article.doubt,
        reviewed: review.on.as_deref(),
        reviewed_by: review.by.as_deref(),
        reviewed_how: review.how.as_deref(),
        due: article.due.as_deref(),
        reasons: reasons.collect(),
        supports: &article.supports,
        remedy: &article.remedy,
        tickets: article.tickets.as_ref().map(|tickets| Tickets {
            recent: tickets.recent,
            baseline: tickets.baseline,
            rate_ratio: tickets.rate_ratio,
            p: tickets.p,
        }),
    }
}

/// What the service of badges reads.
pub(super) fn write_badge(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(Badge::of(report.freshness).to_json().as_bytes())
}
