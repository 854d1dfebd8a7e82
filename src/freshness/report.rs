//! The verdict, written down: for people, as JSON, CSV, Markdown and a badge.
//!
//! In: a [`Report`]. Out: text. Not here: the site's own page of the verdict (`render`).

pub mod backtest;
mod human;
mod json;
mod markdown;
mod table;

use std::io::{self, Write};

use super::evidence::count;
use super::share::TeamShare;
use super::{Article, Freshness, Gap, State};
use crate::diagnostic::rules::freshness::{DEAD_TICKET_TAG, NEVER_CONFIRMED};
use crate::model::owners::plain_name;
use crate::model::{Page, PageId, Site};

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The site.
    pub site: &'a Site,
    /// The verdict on it.
    pub freshness: &'a Freshness,
    /// Only pages in these states; empty: the format's own choice.
    pub states: &'a [State],
    /// Only pages of this owner.
    pub owner: Option<&'a str>,
    /// At most so many pages.
    pub limit: Option<usize>,
    /// How many reviews changed nothing but the date, by team.
    pub reviews: &'a [TeamShare],
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// Docent's own JSON.
    Json,
    /// A table for a spreadsheet.
    Csv,
    /// A table for a job summary or a comment.
    Markdown,
    /// The JSON of a badge.
    Badge,
}

/// Writes a report.
pub fn write(report: &Report<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, out),
        Format::Json => json::write(report, out),
        Format::Csv => table::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Badge => json::write_badge(report, out),
    }
}

impl<'a> Report<'a> {
    /// The pages that are asked for, in the order of the queue, without the limit.
    fn queue(&self) -> Vec<(PageId, &'a Page, &'a Article)> {
        let owner = self.owner.map(plain_name);
        let is_asked = |page: &Page, article: &Article| {
            (self.states.is_empty() || self.states.contains(&article.state))
                && owner
                    .as_ref()
                    .is_none_or(|owner| page.owners.iter().any(|name| plain_name(name) == *owner))
        };
        let judged = |id: PageId| (id, &self.site.pages[id], &self.freshness.articles[id]);
        let queue = self.freshness.queue().into_iter().map(judged);
        queue.filter(|(_, page, article)| is_asked(page, article)).collect()
    }

    /// What people are shown: without pages that need nothing, unless they ask for states, and those
    /// that nobody ever confirmed and whose first due day is to come as one line.
    fn work(&self) -> (Vec<(PageId, &'a Page, &'a Article)>, Option<String>) {
        let mut queue = self.queue();
        if !self.states.is_empty() {
            return (queue, None);
        }
        let waits = |article: &Article| {
            let mut stated = article.reasons.iter().filter(|reason| reason.state.is_some());
            stated.all(|reason| reason.rule == &NEVER_CONFIRMED)
                && article.due.as_deref().is_some_and(|due| due > self.site.today.as_str())
        };
        let waiting = queue.extract_if(.., |(_, _, article)| article.state == State::Due && waits(article));
        let days: Vec<&str> = waiting.filter_map(|(_, _, article)| article.due.as_deref()).collect();
        queue.retain(|(_, _, article)| article.state.wants_attention());
        let Some((first, last)) = days.iter().min().zip(days.iter().max()) else { return (queue, None) };
        let pages = count(days.len() as u64, "more page");
        let were = if days.len() == 1 { "was" } else { "were" };
        let between =
            if first == last { format!("on {first}") } else { format!("between {first} and {last}") };
        let line = format!("{pages} {were} never confirmed by anybody; first due {between}");
        (queue, Some(line))
    }

    /// Knowledge gaps, thin coverage and dead tags: what each list is called, and its lines in two
    /// parts, the tag and what is known of it.
    fn gaps(&self) -> Vec<(&'static str, Vec<(&'a str, String)>)> {
        let path = |page: &PageId| self.site.pages[*page].parsed.file.path();
        let of_kind = |thin: bool| {
            let gaps = self.freshness.gaps.iter().filter(move |gap| gap.thin == thin);
            gaps.map(|gap| (gap.tag.as_str(), gap_text(gap, &gap.near.iter().map(path).collect::<Vec<_>>())))
        };
        let pages = self.site.pages.iter().zip(&self.freshness.articles);
        let dead = pages.flat_map(|(page, article)| {
            let dead = article.reasons.iter().filter(|reason| reason.rule == &DEAD_TICKET_TAG);
            dead.filter_map(|reason| {
                let near = reason.evidence.get("near").and_then(|near| near.as_str());
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let text = format!("{}; {} asks for it{near}", reason.message, page.parsed.file.path());
                Some((reason.evidence.get("tag")?.as_str()?, text))
            })
        });
        let lists = [
            ("knowledge gaps", of_kind(false).collect()),
            ("thin: only pages that cannot be trusted", of_kind(true).collect()),
            ("dead tags", dead.collect::<Vec<_>>()),
        ];
        lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// `1 broken, 53 fresh`.
    fn counts(&self) -> String {
        let of = |state: &State| {
            let pages = self.freshness.count(*state);
            (pages > 0).then(|| format!("{pages} {}", state.word()))
        };
        State::ALL.iter().filter_map(of).collect::<Vec<_>>().join(", ")
    }

    /// The same up to the limit, and how many are left out.
    fn limited(
        &self,
        queue: Vec<(PageId, &'a Page, &'a Article)>,
    ) -> (Vec<(PageId, &'a Page, &'a Article)>, usize) {
        let shown = self.limit.unwrap_or(queue.len()).min(queue.len());
        let left = queue.len() - shown;
        (queue.into_iter().take(shown).collect(), left)
    }
}

/// What is known of a gap, in one line.
fn gap_text(gap: &Gap, near: &[&str]) -> String {
    let mut line = format!(
        "{} from {}, {}.{} % of all",
        count(gap.events.into(), "ticket"),
        count(gap.requesters.into(), "requester"),
        gap.share / 10,
        gap.share % 10
    );
    if !gap.with.is_empty() {
        line = format!("{line}; often with {}", gap.with.join(", "));
    }
    if gap.thin {
        line = format!("{line}; covered by {}", near.join(", "));
    } else if !near.is_empty() {
        line = format!("{line}; perhaps add `ticket_tags: [{}]` to {}", gap.tag, near.join(" or "));
    }
    line
}

/// A team in words; people are never named.
fn team(share: &TeamShare) -> &str {
    share.team.as_deref().unwrap_or("no team")
}
