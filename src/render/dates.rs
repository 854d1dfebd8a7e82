//! When a page changed last, as far as anybody knows.
//!
//! In: the site. Out: its pages by date. Git knows best; without it counts what the front matter says:
//! a date of change, the last review, the day of publication. Not here: what is shown of it.

use crate::freshness::review::ReviewFacts;
use crate::model::{Page, PageId, Site};
use crate::parse::front_matter::values::parse_date;

/// Keys of front matter that say when a page changed, best first.
const KEYS: &[&str] = &["last_modified_at", "lastmod", "updated", "modified", "date", "date_posted"];

/// A page with a date.
#[derive(Debug)]
pub(super) struct Dated {
    /// Which.
    pub page: PageId,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Who changed it; empty if nobody knows.
    pub by: String,
}

/// The pages with a date, newest first, then by address.
pub(super) fn pages_by_date(site: &Site) -> Vec<Dated> {
    let dated = |(id, page): (PageId, &Page)| {
        let (date, by) = match &page.git {
            Some(git) => (git.changed.clone(), git.changed_by.clone()),
            None => written_date(page, &site.today)?,
        };
        Some(Dated { page: id, date, by })
    };
    let mut pages: Vec<Dated> = site.pages.iter().enumerate().filter_map(dated).collect();
    pages.sort_by(|a, b| {
        b.date.cmp(&a.date).then_with(|| site.pages[a.page].url.cmp(&site.pages[b.page].url))
    });
    pages
}

/// The newest date in the front matter that has come, and who stands beside it.
fn written_date(page: &Page, today: &str) -> Option<(String, String)> {
    let front = &page.parsed.front;
    let (review, _) = ReviewFacts::read(front, &page.parsed.file, today);
    let reviewed = review.reviewed.date().map(|date| date.to_string());
    let by = review.by.map(|by| by.value).unwrap_or_default();
    let keys = front.fields.iter().chain(&front.extra);
    let dates = keys.filter(|(key, _)| KEYS.contains(&key.value.as_str()));
    let written = dates.filter_map(|(_, node)| parse_date(node.text()?).ok());
    let written = written.filter(|date| today.is_empty() || date.as_str() <= today).max();
    match (reviewed, written) {
        (Some(reviewed), Some(written)) if written > reviewed => Some((written, String::new())),
        (Some(reviewed), _) => Some((reviewed, by)),
        (None, written) => written.map(|date| (date, String::new())),
    }
}
