//! Which commits were reviews of a page, and which of them changed nothing but the review.
//!
//! In: the folder of the knowledge base and what makes a line a review's. Out: one entry for each
//! review in the history, out of one `git log`. Slow beside [`super::read_facts`], since git compares
//! contents; only a report asks for it. Not here: whose pages these are (`freshness`).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::git;

/// A commit that changed the day of a page's review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewEdit {
    /// The page as it was named then, relative to the knowledge base.
    pub path: String,
    /// Commit date, seconds since 1970.
    pub landed: i64,
    /// Nothing else of the page was changed.
    pub date_only: bool,
}

/// What a line of front matter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The day of the review.
    Day,
    /// Something else about the review, or nothing.
    Review,
    /// Anything else.
    Other,
}

/// Every review in the history, newest first. `keys` are the names of the key that holds the day.
/// `None` if git cannot say, for one in a clone without the contents of old files.
pub fn read_reviews(dir: &Path, keys: &[&str], kind: &dyn Fn(&str) -> LineKind) -> Option<Vec<ReviewEdit>> {
    let keys: Vec<String> = keys.iter().map(|key| key.replace('.', "\\.")).collect();
    let pattern = format!("-G(^|[ {{,])[\"']?({})[\"']?[ \t]*:", keys.join("|"));
    let mut log = git(dir);
    // The call as a whole takes paths as they are; here a pattern chooses the pages.
    log.env("GIT_LITERAL_PATHSPECS", "0").env("GIT_GLOB_PATHSPECS", "1");
    log.args(["log", "-p", "-U0", "-M", "--no-merges", "--relative", "--no-color", "--no-ext-diff"]);
    log.args(["--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--format=%x01%ct", &pattern]);
    log.args(["HEAD", "--", "**/*.md", "**/*.markdown"]);
    log.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = log.spawn().ok()?;
    let mut reader = PatchReader { kind, landed: 0, page: None, lines: 0, reviews: Vec::new() };
    for line in BufReader::new(child.stdout.take()?).split(b'\n') {
        reader.read(&String::from_utf8_lossy(&line.ok()?));
    }
    reader.end_page();
    child.wait().ok()?.success().then_some(reader.reviews)
}

/// One page of one commit.
struct PatchedPage {
    path: String,
    is_new: bool,
    has_day: bool,
    has_other: bool,
}

struct PatchReader<'k> {
    kind: &'k dyn Fn(&str) -> LineKind,
    landed: i64,
    page: Option<PatchedPage>,
    /// Lines of the hunk that are still to come: they may look like anything.
    lines: usize,
    reviews: Vec<ReviewEdit>,
}

impl PatchReader<'_> {
    fn read(&mut self, line: &str) {
        if self.lines > 0 && line.starts_with(['+', '-']) {
            self.lines -= 1;
            self.read_change(&line[1..], line.starts_with('+'));
        } else if let Some(time) = line.strip_prefix('\u{1}') {
            self.end_page();
            self.landed = time.trim().parse().unwrap_or_default();
        } else if line.starts_with("diff --git ") {
            self.end_page();
            self.page =
                Some(PatchedPage { path: String::new(), is_new: false, has_day: false, has_other: false });
        } else if let Some(page) = &mut self.page {
            if line == "--- /dev/null" {
                page.is_new = true;
            } else if let Some(path) = line.strip_prefix("+++ b/") {
                path.trim_end_matches('\t').clone_into(&mut page.path);
            } else if let Some(hunk) = line.strip_prefix("@@ ") {
                self.lines = hunk.split(' ').take(2).map(count).sum();
            }
        }
    }

    fn read_change(&mut self, line: &str, added: bool) {
        let kind = (self.kind)(line);
        let Some(page) = &mut self.page else { return };
        page.has_day |= added && kind == LineKind::Day;
        page.has_other |= kind == LineKind::Other;
    }

    fn end_page(&mut self) {
        self.lines = 0;
        let Some(page) = self.page.take() else { return };
        if page.has_day && !page.is_new && !page.path.is_empty() {
            let date_only = !page.has_other;
            self.reviews.push(ReviewEdit { path: page.path, landed: self.landed, date_only });
        }
    }
}

/// Lines of one side of a hunk: `-12,3` or `+12`.
pub(super) fn count(side: &str) -> usize {
    side.split_once(',').map_or(1, |(_, count)| count.parse().unwrap_or_default())
}
