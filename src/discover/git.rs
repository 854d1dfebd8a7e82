//! Last change and authors of every file, in one pass over the history.
//!
//! In: the folder of the knowledge base and the pages in it. Out: [`GitFacts`], streamed from one
//! `git log`, renames followed.
//! `git` is run by argument list with what it reads from the environment taken away; it never
//! prompts, fetches, writes or runs anything else. The same pass keeps every commit if a page asks
//! what changed since its review ([`History`]). Not here: what follows from a date (`freshness`).

pub mod edits;
mod history;
pub mod ids;
mod log;
mod memory;
pub mod names;
pub mod reviews;
mod since;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::UNREADABLE_HISTORY;
use crate::discover::jail::Jail;
pub use history::{CommitFacts, History, HistoryWants, ReviewedCommit};
pub use log::Log;
pub use memory::HistoryMemory;
pub use since::{Changed, changed_since};

/// What git knows; empty when the knowledge base is in no repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitFacts {
    /// The commit that is checked out.
    pub revision: Option<String>,
    /// The date of that commit, `YYYY-MM-DDTHH:MM:SSZ`.
    pub revision_date: Option<String>,
    /// Whether the history is cut off.
    pub shallow: bool,
    /// Path of the knowledge base relative to the repository's top, with a trailing slash, or empty.
    pub prefix: String,
    /// By path relative to the knowledge base.
    pub files: BTreeMap<String, FileFacts>,
    /// Every commit; empty unless a page asks what changed since its review.
    pub log: Log,
    /// Whether there is a repository that cannot be read.
    pub unreadable: bool,
}

/// What git knows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Author date of the newest commit that touched it, `YYYY-MM-DD` in UTC.
    pub changed: String,
    /// Author of that commit.
    pub changed_by: String,
    /// Everyone who touched it, most commits first, then by name.
    pub authors: Vec<String>,
}

/// Reads the history of the pages in `wanted` (paths relative to `dir`). No `git` and no repository
/// give empty facts; a repository that cannot be read, a note. Commits are kept as long as `keep`
/// says so.
pub fn read_facts(dir: &Path, wanted: &BTreeSet<String>, keep: &AtomicBool) -> (GitFacts, Vec<Diagnostic>) {
    let place = ["rev-parse", "--is-shallow-repository", "--show-prefix", "--is-inside-work-tree"];
    let Ok(output) = git(dir).args(place).output() else { return Default::default() };
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        if complaint.contains("not a git repository") || complaint.contains("work tree") {
            return Default::default();
        }
        return (GitFacts { unreadable: true, ..GitFacts::default() }, vec![unreadable(&complaint)]);
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let [shallow, prefix, "true"] = output.lines().collect::<Vec<_>>()[..] else { return Default::default() };
    let facts =
        GitFacts { shallow: shallow == "true", prefix: prefix.nfc().collect(), ..GitFacts::default() };
    let read = |renames| log::read_log(dir, renames, &facts, wanted, keep);
    // A clone without file contents cannot compare them; files moved unchanged are still followed.
    match read("-M").or_else(|_| read("-M100%")) {
        Ok(facts) => (facts, Vec::new()),
        Err(complaint) => (GitFacts { unreadable: true, ..facts }, vec![unreadable(&complaint)]),
    }
}

/// Reads what only those commits need that are kept: the paths that git tracks now, and the commits
/// that `.git-blame-ignore-revs` at the repository's top leaves out.
pub fn read_tracked(dir: &Path, facts: &mut GitFacts) {
    if facts.revision.is_none() {
        return;
    }
    let Some(top) = top(dir, &facts.prefix) else { return };
    if let Ok(output) = git(top).args(["ls-files", "-z", "--cached", "--"]).output()
        && output.status.success()
    {
        let paths = output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        let mut tracked: Vec<String> = paths.map(readable).collect();
        tracked.sort_unstable();
        tracked.dedup();
        facts.log.tracked = tracked;
    }
    facts.log.ignored = read_ignored(top);
}

/// The commits that `.git-blame-ignore-revs` at the repository's top names.
fn read_ignored(top: &Path) -> BTreeSet<String> {
    let ignored = Jail::new(top)
        .ok()
        .and_then(|top| top.read_linked(Path::new(".git-blame-ignore-revs"), MAX_IGNORED_BYTES).ok());
    let text = String::from_utf8_lossy(ignored.as_deref().unwrap_or_default()).into_owned();
    let hash = |line: &str| line.split('#').next().unwrap_or_default().trim().to_ascii_lowercase();
    text.lines().map(hash).filter(|hash| !hash.is_empty()).collect()
}

/// The name that git gives to commits made here.
pub fn find_user(dir: &Path) -> Option<String> {
    let output = git(dir).args(["config", "user.name"]).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !name.is_empty()).then_some(name)
}

/// What changed in a page (a path relative to `dir`) since a commit, or since the end of a day
/// (`YYYY-MM-DD`), work in progress included, as a diff. `None` if git cannot say.
pub fn diff_page(dir: &Path, path: &str, since: Since<'_>) -> Option<String> {
    let text = |args: &[&str]| {
        let output = git(dir).args(args).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let commit = match since {
        Since::Commit(id) => id.to_owned(),
        Since::Day(day) => {
            let before = format!("--before={day}T23:59:59Z");
            text(&["rev-list", "-1", &before, "HEAD", "--"])?.trim().to_owned()
        }
    };
    if commit.is_empty() || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    text(&["diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", &commit, "--", path])
}

/// Since when a page is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since<'a> {
    /// The full hash of a commit.
    Commit(&'a str),
    /// A day.
    Day(&'a str),
}

/// Largest `.git-blame-ignore-revs`.
const MAX_IGNORED_BYTES: u64 = 4 << 20;

/// The repository's top, for a knowledge base at `prefix` in it.
fn top<'d>(dir: &'d Path, prefix: &str) -> Option<&'d Path> {
    dir.ancestors().nth(prefix.matches('/').count())
}

/// `git` in a folder, with nothing from outside that could make it do more than read.
#[expect(clippy::disallowed_methods, reason = "git is the one program that a build runs")]
fn git(dir: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(dir);
    git.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotepath=false"]);
    git.args(["-c", "log.showSignature=false", "-c", "core.hooksPath=/dev/null"]);
    for (name, _) in std::env::vars_os() {
        // A git hook, for one, sets GIT_DIR. What the user configures by variables stays.
        let name_bytes = name.as_encoded_bytes();
        if name_bytes.starts_with(b"GIT_") && !name_bytes.starts_with(b"GIT_CONFIG") {
            git.env_remove(&name);
        }
    }
    git.envs([
        ("LC_ALL", "C"),
        ("TZ", "UTC"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_NO_LAZY_FETCH", "1"),
    ]);
    git.stdin(Stdio::null());
    git
}

fn unreadable(complaint: &str) -> Diagnostic {
    let finding = Diagnostic::new(&UNREADABLE_HISTORY, "the git history cannot be read");
    if complaint.contains("dubious ownership") {
        return finding.help(
            "the repository belongs to another user: `git config --global --add safe.directory` and its path",
        );
    }
    finding.help("`git log` in the knowledge base says why; until then, pages show no date and no authors")
}

/// A path as reports and the model write it.
fn readable(path: &[u8]) -> String {
    String::from_utf8_lossy(path).nfc().collect()
}

/// The day in UTC; empty for a time that no calendar holds.
fn day(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds);
    time.map(|time| jiff::tz::Offset::UTC.to_datetime(time).date().to_string()).unwrap_or_default()
}
