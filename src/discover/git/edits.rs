//! Every commit to a page, and whether it changed more than the review.
//!
//! In: the folder of the knowledge base, and what makes a line a review's. Out: one [`PageEdit`] for
//! each commit and page, by the page's name of today, out of one `git log`. Slow beside
//! [`super::read_facts`], since git compares contents; only a report asks for it. Not here: what
//! brought an edit about (`freshness`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::history::{BULK_FILES, BULK_PERCENT, is_bot, is_ignored};
use super::reviews::{LineKind, count};
use super::{git, read_ignored, readable, top};

/// What one commit did to one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageEdit {
    /// The page by its name of today, or, if it is gone, when it went; relative to the knowledge base.
    pub path: String,
    /// Commit date, seconds since 1970.
    pub landed: i64,
    /// The commit added the page.
    pub is_new: bool,
    /// The line with which it recorded a review.
    pub review: Option<String>,
    /// It changed something else than the review.
    pub is_substantial: bool,
    /// It touches over a quarter of all pages, is a bot's, or stands in `.git-blame-ignore-revs`.
    pub is_bulk: bool,
}

/// Every commit to a page, newest first. `bots` are names of authors beside those that end in
/// `[bot]`. `None` if git cannot say, for one in a clone without the contents of old files.
pub fn read_edits(
    dir: &Path,
    prefix: &str,
    kind: &dyn Fn(&str) -> LineKind,
    bots: &[String],
) -> Option<Vec<PageEdit>> {
    let mut log = git(dir);
    // The call as a whole takes paths as they are; here a pattern chooses the pages.
    log.env("GIT_LITERAL_PATHSPECS", "0").env("GIT_GLOB_PATHSPECS", "1");
    log.args(["log", "-p", "-U0", "-M", "-l1000", "--no-merges", "--relative", "--no-color"]);
    log.args(["--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"]);
    log.args(["--format=%x01%ct %H %aN", "HEAD", "--", "**/*.md", "**/*.markdown"]);
    log.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = log.spawn().ok()?;
    let mut reader = PatchReader::new(kind);
    for line in BufReader::with_capacity(1 << 16, child.stdout.take()?).split(b'\n') {
        reader.read(&line.ok()?);
    }
    reader.end_commit();
    let ignored = top(dir, prefix).map(read_ignored).unwrap_or_default();
    child.wait().ok()?.success().then(|| reader.edits(bots, &ignored))
}

/// One commit, and the pages that it touched.
#[derive(Default)]
struct Commit {
    id: String,
    author: String,
    landed: i64,
    pages: Vec<Patched>,
}

/// One page of one commit.
#[derive(Default)]
struct Patched {
    before: Option<String>,
    after: Option<String>,
    review: Option<String>,
    has_other: bool,
    /// By its name of today.
    today: Option<String>,
}

struct PatchReader<'k> {
    kind: &'k dyn Fn(&str) -> LineKind,
    commits: Vec<Commit>,
    commit: Commit,
    /// Lines of the hunk that are still to come: they may look like anything.
    lines: usize,
    /// The name today of the file that had this name at this point of the history, or nothing if that
    /// name was another file's later. A name that is missing has not changed.
    today: BTreeMap<String, Option<String>>,
}

impl<'k> PatchReader<'k> {
    fn new(kind: &'k dyn Fn(&str) -> LineKind) -> Self {
        let (commits, commit, today) = (Vec::new(), Commit::default(), BTreeMap::new());
        Self { kind, commits, commit, lines: 0, today }
    }

    fn read(&mut self, line: &[u8]) {
        if self.lines > 0 && matches!(line, [b'+' | b'-', ..]) {
            self.lines -= 1;
            self.read_change(&String::from_utf8_lossy(&line[1..]), line[0] == b'+');
        } else if let [1, head @ ..] = line {
            self.end_commit();
            let head = String::from_utf8_lossy(head).into_owned();
            let mut words = head.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            let landed = word().parse().unwrap_or_default();
            self.commit = Commit { landed, id: word().into(), author: word().into(), pages: Vec::new() };
        } else if line.starts_with(b"diff --git ") {
            self.lines = 0;
            self.commit.pages.push(Patched::default());
        } else if let Some(page) = self.commit.pages.last_mut() {
            let path = |path: &[u8]| Some(readable(path.strip_suffix(b"\t").unwrap_or(path)));
            if let Some(name) = line.strip_prefix(b"--- a/").or(line.strip_prefix(b"rename from ")) {
                page.before = path(name);
            } else if let Some(name) = line.strip_prefix(b"+++ b/").or(line.strip_prefix(b"rename to ")) {
                page.after = path(name);
            } else if let Some(hunk) = line.strip_prefix(b"@@ ") {
                self.lines = String::from_utf8_lossy(hunk).split(' ').take(2).map(count).sum();
            }
        }
    }

    fn read_change(&mut self, line: &str, added: bool) {
        let kind = (self.kind)(line);
        let Some(page) = self.commit.pages.last_mut() else { return };
        if added && kind == LineKind::Day && page.review.is_none() {
            page.review = Some(line.to_owned());
        }
        page.has_other |= kind == LineKind::Other;
    }

    fn end_commit(&mut self) {
        self.lines = 0;
        let mut commit = std::mem::take(&mut self.commit);
        // All names first: two files may have swapped theirs.
        for page in &mut commit.pages {
            page.today = page.after.as_ref().and_then(|after| match self.today.get(after) {
                Some(today) => today.clone(),
                None => Some(after.clone()),
            });
        }
        let moved =
            |page: &&Patched| page.before.is_some() && page.after.is_some() && page.before != page.after;
        for after in commit.pages.iter().filter(moved).filter_map(|page| page.after.clone()) {
            self.today.insert(after, None);
        }
        for page in commit.pages.iter().filter(moved) {
            self.today.extend(page.before.clone().map(|before| (before, page.today.clone())));
        }
        if !commit.pages.is_empty() {
            self.commits.push(commit);
        }
    }

    fn edits(self, bots: &[String], ignored: &BTreeSet<String>) -> Vec<PageEdit> {
        let mut edits = Vec::new();
        // Oldest first, to know how many pages there were.
        let mut pages = 0usize;
        for commit in self.commits.into_iter().rev() {
            let touched = commit.pages.len();
            let many = touched >= BULK_FILES && touched * 100 > pages * BULK_PERCENT;
            let is_bulk = many || is_bot(&commit.author, bots) || is_ignored(&commit.id, ignored);
            pages += commit.pages.iter().filter(|page| page.before.is_none() && page.after.is_some()).count();
            let gone =
                commit.pages.iter().filter(|page| page.before.is_some() && page.after.is_none()).count();
            pages = pages.saturating_sub(gone);
            for page in commit.pages.into_iter().rev() {
                let Some(path) = page.today else { continue };
                edits.push(PageEdit {
                    path,
                    landed: commit.landed,
                    is_new: page.before.is_none(),
                    review: page.review,
                    is_substantial: page.has_other && page.before.is_some(),
                    is_bulk,
                });
            }
        }
        edits.reverse();
        edits
    }
}
