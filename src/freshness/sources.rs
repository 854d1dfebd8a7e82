//! What happened since a review to the files that a page describes.
//!
//! In: the reviews of all pages and what git keeps. Out: the [`History`] that they ask for, the
//! changes of each page's sources, `covers:` paths that match nothing, names in code that are gone.
//! Not here: what that weighs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::clock::day_number;
use super::review::{Cover, ReviewFacts};
use super::topics::day_of;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::SHALLOW_HISTORY;
use crate::discover::git::{CommitFacts, GitFacts, History, HistoryWants, ReviewedCommit};
use crate::model::Site;

/// Commits to what a page covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChanges<'h> {
    /// Commits since the review, newest first, without those that are bulk.
    pub commits: Vec<&'h CommitFacts>,
    /// Commits left out because they are bulk: of a bot, or touching over a quarter of all files.
    pub bulk: usize,
    /// Since when, to be read behind `2 commits to ansible/patroni`: `since 4f1c9e2`, or `since
    /// 2026-09-01 (this branch does not hold 4f1c9e2)`.
    pub since: String,
}

/// The commits that any of the pages asks for; `bots` are authors whose commits count for nothing.
/// Empty if no page covers anything and none names a commit.
pub fn find_history(reviews: &[ReviewFacts], git: &GitFacts, bots: &[String]) -> History {
    let covers: Vec<&Cover> = reviews.iter().flat_map(|review| &review.covers).collect();
    let commits: BTreeSet<String> =
        reviews.iter().filter_map(|review| Some(review.commit.as_ref()?.value.clone())).collect();
    if covers.is_empty() && commits.is_empty() {
        return History::default();
    }
    let covers = |path: &str| covers.iter().any(|cover| cover.matches(path));
    git.history(&HistoryWants { covers: &covers, commits: &commits, bots })
}

/// A shallow clone, if any page asks for commits. Without them nobody knows what changed, and a page
/// that is called fresh for that would be worse than none. `reviews` are those of the site's pages.
pub fn check_history(site: &Site, reviews: &[ReviewFacts], git: &GitFacts) -> Option<Diagnostic> {
    let asks = |review: &ReviewFacts| {
        let covers = review.covers.first().map(|cover| cover.pattern.span);
        covers.or(review.commit.as_ref().map(|commit| commit.span))
    };
    let mut asking = site.pages.iter().zip(reviews).filter_map(|(page, review)| Some((page, asks(review)?)));
    let (page, span) = asking.next().filter(|_| git.shallow)?;
    let more = match asking.count() {
        0 => String::new(),
        1 => " (and 1 other page)".to_owned(),
        more => format!(" (and {more} other pages)"),
    };
    let message =
        format!("the clone is shallow, so nobody knows what changed since this page was reviewed{more}");
    Some(
        Diagnostic::new(&SHALLOW_HISTORY, message)
            .at(&page.parsed.file, span, "this needs the history")
            .help("fetch the history: `git fetch --filter=blob:none --unshallow`")
            .help("in CI, clone all of it: `GIT_DEPTH: 0` on GitLab, `fetch-depth: 0` for actions/checkout"),
    )
}

/// What changed since the review of a page in the files that it covers. `body` is the page's text, and
/// `changed` the day on which git last saw it change; commits after `until` are left out. `None`: it covers
/// nothing, there is no history, or nothing says since when.
pub fn source_changes<'h>(
    review: &ReviewFacts,
    body: &str,
    changed: Option<&str>,
    history: &'h History,
    until: Date,
) -> Option<SourceChanges<'h>> {
    if review.covers.is_empty() || history.missing.is_some() {
        return None;
    }
    let (since, wanted) = since_when(review, body, changed, history)?;
    let end = day_number(until);
    let touched = |commit: &CommitFacts| {
        landed(commit) <= end
            && commit.paths.iter().any(|path| review.covers.iter().any(|cover| cover.matches(path)))
    };
    let (bulk, commits): (Vec<_>, Vec<_>) =
        wanted.into_iter().filter(|commit| touched(commit)).partition(|commit| commit.is_bulk);
    Some(SourceChanges { commits, bulk: bulk.len(), since })
}

/// Since when to look, in words, and the commits since then. The commit that was reviewed goes before
/// the day of the review. A commit that the branch does not hold was squashed or rebased: then the
/// day counts, and without one, the day since which the page has the text that was confirmed.
fn since_when<'h>(
    review: &ReviewFacts,
    body: &str,
    changed: Option<&str>,
    history: &'h History,
) -> Option<(String, Vec<&'h CommitFacts>)> {
    let landed_after = |day: Date| {
        let day = day_number(day);
        let later = move |commit: &&CommitFacts| landed(commit) > day;
        history.commits.iter().filter(later).collect()
    };
    let mut why = String::new();
    if let Some(commit) = &review.commit {
        let known = history.reviewed.get(&commit.value).filter(|known| known.id.is_some());
        if let Some(ReviewedCommit { after, .. }) = known {
            let after = after.iter().filter_map(|at| history.commits.get(*at)).collect();
            return Some((format!("since {}", commit.value), after));
        }
        why = format!(" (this branch does not hold {})", commit.value);
    }
    if let Some(day) = review.reviewed.date() {
        return Some((format!("since {day}{why}"), landed_after(day)));
    }
    let day: Date = changed?.parse().ok()?;
    let known = review.knows_body(body)?;
    known.then(|| {
        (format!("since {day}, when the page got the text that was confirmed{why}"), landed_after(day))
    })
}

/// The day, in UTC and since 1970, on which a commit came into the branch.
fn landed(commit: &CommitFacts) -> i32 {
    day_of(commit.landed)
}

/// The patterns of a page that match no path that git tracks. Empty where there is no history to say.
pub fn covers_gone<'r>(review: &'r ReviewFacts, history: &History) -> Vec<&'r Cover> {
    if history.tracked.is_empty() {
        return Vec::new();
    }
    let matches = |cover: &Cover| {
        let prefix = cover.prefix();
        let start = history.tracked.partition_point(|path| path.as_str() < prefix);
        let range = history.tracked[start..].iter().take_while(|path| path.starts_with(prefix));
        range.into_iter().any(|path| cover.matches(path))
    };
    review.covers.iter().filter(|cover| !matches(cover)).collect()
}

/// Where the files are now that a pattern matched at the reviewed commit, as far as they were moved.
pub fn moved_to<'h>(cover: &Cover, review: &ReviewFacts, history: &'h History) -> Option<&'h str> {
    let reviewed = history.reviewed.get(&review.commit.as_ref()?.value)?;
    let mut moved = reviewed.gone.iter().filter(|(path, _)| cover.matches(path));
    moved.find_map(|(_, now)| now.as_deref())
}
