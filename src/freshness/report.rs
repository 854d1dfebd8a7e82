//! The verdict, written down: for people, as JSON, CSV, Markdown and a badge.
//!
//! In: a [`Report`]. Out: text. Not here: the site's own page of the verdict (`render`).

pub mod backtest;
mod human;
mod json;
mod markdown;
mod table;

use std::io::{self, Write};

use super::{Article, Freshness, State};
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
        let pages = self.site.pages.iter().zip(&self.freshness.articles).enumerate();
        let owner = self.owner.map(plain_name);
        let is_asked = |page: &Page, article: &Article| {
            (self.states.is_empty() || self.states.contains(&article.state))
                && owner
                    .as_ref()
                    .is_none_or(|owner| page.owners.iter().any(|name| plain_name(name) == *owner))
        };
        let mut queue: Vec<_> = pages
            .filter(|(_, (page, article))| is_asked(page, article))
            .map(|(id, (page, article))| (id, page, article))
            .collect();
        queue.sort_by(|a, b| b.2.priority.cmp(&a.2.priority).then(a.0.cmp(&b.0)));
        queue
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

/// A share in whole percent, rounded down: 100 only if it is all.
fn percent(part: u64, all: u64) -> u64 {
    part * 100 / all.max(1)
}
