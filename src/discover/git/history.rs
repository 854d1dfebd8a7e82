//! What changed since a review, out of the commits that were kept.
//!
//! In: the [`Log`] and which paths and commits pages name. Out: the [`History`], pure. Not here: which
//! page names what, and what follows from it (`freshness`).
//!
//! [`Log`]: super::Log

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::GitFacts;
use super::log::{Change, Log};

/// Share of all files, in percent, above which a commit is no change of any one of them …
pub(super) const BULK_PERCENT: usize = 25;
/// … if it touches at least this many: in a very small repository, every commit is a large one.
pub(super) const BULK_FILES: usize = 20;

/// The commits of the repository, newest first, as far as verdicts need them. Paths are from the
/// repository's top, as they were named at that commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Why there is none: no repository, a shallow clone, unreadable; `None` if it is whole, or if
    /// nobody asked.
    pub missing: Option<String>,
    /// Commits that touch a path that a page covers, newest first.
    pub commits: Vec<CommitFacts>,
    /// By commit as written in `reviewed_commit`.
    pub reviewed: BTreeMap<String, ReviewedCommit>,
    /// Every path that git tracks now, sorted.
    pub tracked: Vec<String>,
}

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitFacts {
    /// Full hash.
    pub id: String,
    /// Author date, seconds since 1970.
    pub seconds: i64,
    /// Commit date, seconds since 1970: when it came into the branch, if it was rebased or squashed.
    pub landed: i64,
    /// Author.
    pub author: String,
    /// First line of the message.
    pub subject: String,
    /// Paths that it touched, by today's names where they were renamed since, sorted; of a file that
    /// it moved, the old name too.
    pub paths: Vec<String>,
    /// Touches over a quarter of all files, is a bot's, or stands in `.git-blame-ignore-revs`.
    pub is_bulk: bool,
}

/// A commit that a page names as the one that was reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewedCommit {
    /// Its full hash; `None` if the branch does not hold it (squashed, rebased, never pushed) or
    /// several commits begin so.
    pub id: Option<String>,
    /// Commit date, seconds since 1970.
    pub landed: i64,
    /// Commits of [`History::commits`] that it does not hold, as indexes, newest first.
    pub after: Vec<usize>,
    /// Paths that were there at that commit and are not now, each with the name that the file has
    /// now, if it was moved.
    pub gone: BTreeMap<String, Option<String>>,
}

/// What pages ask of the history.
#[derive(Clone, Copy)]
pub struct HistoryWants<'w> {
    /// Whether any page covers a path.
    pub covers: &'w dyn Fn(&str) -> bool,
    /// Commits as written in `reviewed_commit`.
    pub commits: &'w BTreeSet<String>,
    /// Names of authors that are bots, beside those that end in `[bot]`.
    pub bots: &'w [String],
}

impl GitFacts {
    /// The commits that pages ask for. Call it only if a page does.
    pub fn history(&self, wants: &HistoryWants<'_>) -> History {
        let missing = if self.unreadable {
            Some("the git history cannot be read".to_owned())
        } else if self.shallow {
            Some("the clone is shallow".to_owned())
        } else if self.revision.is_none() {
            Some("there is no git history".to_owned())
        } else {
            None
        };
        if missing.is_some() {
            return History { missing, ..History::default() };
        }
        let log = &self.log;
        let wanted: Vec<bool> = log.paths.all().iter().map(|path| (wants.covers)(path)).collect();
        let covered = |id: u32| wanted.get(id as usize).copied().unwrap_or_default();
        let sizes = repository_sizes(log);
        let mut commits = Vec::new();
        // Of each commit of the log, its place among those above.
        let mut places = vec![None; log.commits.len()];
        for (at, commit) in log.commits.iter().enumerate() {
            if !commit.files.iter().any(|file| covered(file.path) || file.old.is_some_and(covered)) {
                continue;
            }
            let author = log.authors.get(commit.author);
            let many =
                commit.files.len() >= BULK_FILES && commit.files.len() * 100 > sizes[at] * BULK_PERCENT;
            let mut paths: Vec<&str> = commit
                .files
                .iter()
                .flat_map(|file| [Some(file.path), file.old])
                .flatten()
                .map(|id| log.paths.get(id))
                .collect();
            paths.sort_unstable();
            paths.dedup();
            places[at] = Some(commits.len());
            commits.push(CommitFacts {
                id: commit.id.clone(),
                seconds: commit.seconds,
                landed: commit.landed,
                author: author.to_owned(),
                subject: commit.subject.clone(),
                paths: paths.into_iter().map(str::to_owned).collect(),
                is_bulk: many || is_bot(author, wants.bots) || is_ignored(&commit.id, &log.ignored),
            });
        }
        let graph = Graph::new(log);
        let reviewed =
            wants.commits.iter().map(|written| (written.clone(), graph.reviewed(written, &places)));
        History { missing: None, commits, reviewed: reviewed.collect(), tracked: log.tracked.clone() }
    }
}

pub(super) fn is_bot(author: &str, bots: &[String]) -> bool {
    author.trim_end().ends_with("[bot]") || bots.iter().any(|bot| bot.eq_ignore_ascii_case(author.trim()))
}

/// The file may abbreviate, though git itself wants whole hashes there.
pub(super) fn is_ignored(id: &str, ignored: &BTreeSet<String>) -> bool {
    let nearest = ignored.range(..=id.to_owned()).next_back();
    nearest.is_some_and(|hash| hash.len() >= 7 && id.starts_with(hash.as_str()))
}

/// How many files there were at each commit, counted back from today.
fn repository_sizes(log: &Log) -> Vec<usize> {
    let mut size = log.tracked.len();
    let mut sizes = Vec::with_capacity(log.commits.len());
    for commit in &log.commits {
        sizes.push(size);
        let count = |change| commit.files.iter().filter(|file| file.change == change).count();
        size = (size + count(Change::Removed)).saturating_sub(count(Change::Added));
    }
    sizes
}

/// Who descends from whom.
struct Graph<'l> {
    log: &'l Log,
    /// Hash → index into the log's commits, sorted.
    ids: BTreeMap<&'l str, usize>,
}

impl<'l> Graph<'l> {
    fn new(log: &'l Log) -> Self {
        let ids = log.commits.iter().enumerate().map(|(at, commit)| (commit.id.as_str(), at)).collect();
        Self { log, ids }
    }

    /// The one commit whose hash begins so.
    fn find(&self, written: &str) -> Option<usize> {
        let mut found = self.ids.range(written..).take_while(|(id, _)| id.starts_with(written));
        let first = found.next();
        first.filter(|_| found.next().is_none()).map(|(_, at)| *at)
    }

    fn reviewed(&self, written: &str, places: &[Option<usize>]) -> ReviewedCommit {
        let Some(at) = self.find(written) else { return ReviewedCommit::default() };
        let held = self.held_by(at);
        let after = places.iter().zip(&held).filter(|(_, held)| !**held).filter_map(|(place, _)| *place);
        let commit = &self.log.commits[at];
        ReviewedCommit {
            id: Some(commit.id.clone()),
            landed: commit.landed,
            after: after.collect(),
            gone: self.gone_since(&held),
        }
    }

    /// Of each commit, whether it is that one or before it.
    fn held_by(&self, at: usize) -> Vec<bool> {
        let mut held = vec![false; self.log.commits.len()];
        held[at] = true;
        let mut next = vec![at];
        while let Some(at) = next.pop() {
            for parent in &self.log.commits[at].parents {
                if let Some(parent) = self.ids.get(parent.as_str())
                    && !held[*parent]
                {
                    held[*parent] = true;
                    next.push(*parent);
                }
            }
        }
        held
    }

    /// Paths that commits outside `held` took away for good.
    fn gone_since(&self, held: &[bool]) -> BTreeMap<String, Option<String>> {
        let mut gone = BTreeMap::new();
        // Oldest first: what was added after the review was not there at the review.
        let mut added: HashSet<u32> = HashSet::new();
        for (commit, _) in self.log.commits.iter().zip(held).rev().filter(|(_, held)| !**held) {
            for file in &commit.files {
                if let Some(old) = file.old
                    && !added.contains(&old)
                {
                    let path = self.log.paths.get(old);
                    if !self.is_tracked(path) {
                        let now = self.log.paths.get(file.path);
                        let moved = file.change == Change::Moved && self.is_tracked(now);
                        gone.entry(path.to_owned()).or_insert(moved.then(|| now.to_owned()));
                    }
                }
                if file.change == Change::Added {
                    added.insert(file.path);
                }
            }
        }
        gone
    }

    fn is_tracked(&self, path: &str) -> bool {
        self.log.tracked.binary_search_by(|tracked| tracked.as_str().cmp(path)).is_ok()
    }
}
