//! Last change and authors of every file, in one pass over the history.
//!
//! In: the folder of the knowledge base and the pages in it. Out: [`GitFacts`], streamed from one
//! `git log`, renames followed; and for `--changed-since` the paths that differ from a revision.
//! `git` is run by argument list with what it reads from the environment taken away; it never
//! prompts, fetches, writes or runs anything else. Not here: what follows from a date (`freshness`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::UNREADABLE_HISTORY;
use crate::error::Error;

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

/// The commits of the repository, newest first, as far as verdicts need them. Paths are from the
/// repository's top, as they were named at that commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Why there is none: no repository, a shallow clone, unreadable; `None` if it is whole.
    pub missing: Option<String>,
    /// Commits that touch a path that a page covers, newest first.
    pub commits: Vec<CommitFacts>,
}

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitFacts {
    /// Full hash.
    pub id: String,
    /// Author date, seconds since 1970.
    pub seconds: i64,
    /// Author.
    pub author: String,
    /// First line of the message.
    pub subject: String,
    /// Paths that it touched, by today's names where they were renamed since.
    pub paths: Vec<String>,
    /// Touches over a quarter of all files, is a bot's, or stands in `.git-blame-ignore-revs`.
    pub is_bulk: bool,
}

/// Reads the history of the pages in `wanted` (paths relative to `dir`). No `git` and no repository
/// give empty facts; a repository that cannot be read, a note.
pub fn read_facts(dir: &Path, wanted: &BTreeSet<String>) -> (GitFacts, Vec<Diagnostic>) {
    let place = ["rev-parse", "--is-shallow-repository", "--show-prefix", "--is-inside-work-tree"];
    let Ok(output) = git(dir).args(place).output() else { return Default::default() };
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let none = complaint.contains("not a git repository") || complaint.contains("work tree");
        return (GitFacts::default(), if none { Vec::new() } else { vec![unreadable(&complaint)] });
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let [shallow, prefix, "true"] = output.lines().collect::<Vec<_>>()[..] else { return Default::default() };
    let facts =
        GitFacts { shallow: shallow == "true", prefix: prefix.nfc().collect(), ..GitFacts::default() };
    // A clone without file contents cannot compare them; files moved unchanged are still followed.
    match read_log(dir, "-M", &facts, wanted).or_else(|_| read_log(dir, "-M100%", &facts, wanted)) {
        Ok(facts) => (facts, Vec::new()),
        Err(complaint) => (facts, vec![unreadable(&complaint)]),
    }
}

/// The files that differ from a revision or are not yet in git, as paths relative to `dir`. Counted
/// from where the current branch left the revision's, so what others changed there since does not
/// count.
pub fn changed_since(dir: &Path, revision: &str) -> Result<BTreeSet<String>, Error> {
    let run = |args: &[&str]| -> Result<Option<Vec<u8>>, Error> {
        let output = git(dir).args(args).output().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::Usage("`--changed-since` needs git, which is not installed".into()),
            _ => Error::io("run git in", dir, error),
        })?;
        Ok(output.status.success().then_some(output.stdout))
    };
    let unknown = || {
        let dir = dir.display();
        let hint = "name a commit, branch or tag; a shallow clone may need `git fetch --unshallow`";
        Error::Usage(format!("`{}` is no revision known in {dir}; {hint}", revision.escape_debug()))
    };
    if revision.is_empty() || revision.starts_with('-') || revision.contains(['\0', '\n']) {
        return Err(unknown());
    }
    let commit = format!("{revision}^{{commit}}");
    let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
    let hash = run(&verify)?.and_then(|out| String::from_utf8(out).ok()).ok_or_else(unknown)?;
    let hash = hash.trim();
    let base = run(&["merge-base", hash, "HEAD"])?.and_then(|out| String::from_utf8(out).ok());
    let base = base.as_deref().map_or(hash, str::trim);
    let diff = [
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--relative",
        base,
        "--",
    ];
    let untracked = ["ls-files", "-z", "--others", "--exclude-standard", "--"];
    let mut changed = BTreeSet::new();
    for args in [&diff[..], &untracked] {
        let out =
            run(args)?.ok_or_else(|| Error::io("run git in", dir, std::io::Error::other("git failed")))?;
        let paths = out.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        changed.extend(paths.map(readable));
    }
    Ok(changed)
}

/// `git` in a folder, with nothing from outside that could make it do more than read.
#[expect(clippy::disallowed_methods, reason = "git is the one program that a build runs")]
fn git(dir: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(dir);
    git.args([
        "--no-pager",
        "--literal-pathspecs",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.quotepath=false",
    ]);
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

/// Runs `git log` and reads it as it comes.
fn read_log(
    dir: &Path,
    renames: &str,
    place: &GitFacts,
    wanted: &BTreeSet<String>,
) -> Result<GitFacts, String> {
    let mut log = git(dir);
    log.args([
        "log",
        "-z",
        "--name-status",
        renames,
        "-l1000",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
    ]);
    log.args(["--no-show-signature", "--diff-merges=off", "--encoding=UTF-8"]);
    log.args(["--format=%x01%H%x00%at%x00%ct%x00%aN", "--end-of-options", "HEAD", "--"]);
    log.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = log.spawn().map_err(|error| error.to_string())?;
    let mut history = LogReader::new(&place.prefix, wanted);
    if let Some(stdout) = child.stdout.take() {
        history.read(BufReader::with_capacity(1 << 16, stdout)).map_err(|error| error.to_string())?;
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if !status.success() && history.head.is_some() {
        return Err("git log stopped half-way".into());
    }
    // A repository without a commit has no HEAD to log, which is no fault.
    let mut facts = GitFacts { shallow: place.shallow, prefix: place.prefix.clone(), ..GitFacts::default() };
    if let Some((hash, seconds)) = &history.head {
        facts.revision = Some(hash.clone());
        facts.revision_date = jiff::Timestamp::from_second(*seconds).ok().map(|date| date.to_string());
    }
    facts.files = history.facts();
    Ok(facts)
}

/// What was read of the log so far, newest commit first.
struct LogReader<'a> {
    prefix: &'a str,
    wanted: &'a BTreeSet<String>,
    /// Hash and commit date of the newest commit.
    head: Option<(String, i64)>,
    /// Where the file is today that had this name at this point of the history: a page, or nowhere.
    /// A name that is missing has not changed.
    today: BTreeMap<String, Option<String>>,
    authors: Vec<String>,
    author_ids: BTreeMap<String, usize>,
    pages: BTreeMap<String, Touched>,
}

/// One page's commits.
struct Touched {
    seconds: i64,
    by: usize,
    commits: BTreeMap<usize, usize>,
}

/// One commit, while its files are read.
#[derive(Default)]
struct Commit {
    seconds: i64,
    author: usize,
    /// `(name before, name after)`, the same unless it was renamed.
    files: Vec<(String, String)>,
}

impl<'a> LogReader<'a> {
    fn new(prefix: &'a str, wanted: &'a BTreeSet<String>) -> Self {
        Self {
            prefix,
            wanted,
            head: None,
            today: BTreeMap::new(),
            authors: Vec::new(),
            author_ids: BTreeMap::new(),
            pages: BTreeMap::new(),
        }
    }

    /// Reads fields that end in NUL: `\x01hash`, author date, commit date, author; then for each
    /// file a status and one path, or two after `R`. What a field is follows from its place, so
    /// no file name can pass for a commit.
    fn read(&mut self, mut log: impl BufRead) -> std::io::Result<()> {
        let mut field = Vec::new();
        let mut commit = Commit::default();
        while next_field(&mut log, &mut field)? {
            let start = field.iter().position(|byte| *byte != b'\n').unwrap_or(field.len());
            match field[start..] {
                [] => {}
                [1, ref hash @ ..] => {
                    self.add(&std::mem::take(&mut commit));
                    let hash = String::from_utf8_lossy(hash).into_owned();
                    commit.seconds = next_number(&mut log, &mut field)?;
                    let committed = next_number(&mut log, &mut field)?;
                    next_field(&mut log, &mut field)?;
                    commit.author = self.author(&String::from_utf8_lossy(&field));
                    self.head.get_or_insert((hash, committed));
                }
                [status, ..] => {
                    next_field(&mut log, &mut field)?;
                    let before = readable(&field);
                    match status {
                        b'R' | b'C' => {
                            next_field(&mut log, &mut field)?;
                            commit.files.push((before, readable(&field)));
                        }
                        // A file that was removed is no change of the one that came later.
                        b'D' => {}
                        _ => commit.files.push((before.clone(), before)),
                    }
                }
            }
        }
        self.add(&commit);
        Ok(())
    }

    fn add(&mut self, commit: &Commit) {
        // All names first: two files may have swapped theirs.
        let today: Vec<Option<String>> = commit.files.iter().map(|(_, name)| self.find_today(name)).collect();
        for page in today.iter().flatten() {
            let touched = self.pages.entry(page.clone()).or_insert_with(|| Touched {
                seconds: commit.seconds,
                by: commit.author,
                commits: BTreeMap::new(),
            });
            *touched.commits.entry(commit.author).or_default() += 1;
        }
        let renamed = || commit.files.iter().zip(&today).filter(|((before, after), _)| before != after);
        for ((_, after), _) in renamed() {
            self.today.insert(after.clone(), None);
        }
        for ((before, _), page) in renamed() {
            self.today.insert(before.clone(), page.clone());
        }
    }

    fn find_today(&self, name: &str) -> Option<String> {
        if let Some(page) = self.today.get(name) {
            return page.clone();
        }
        let path = name.strip_prefix(self.prefix)?;
        self.wanted.contains(path).then(|| path.to_owned())
    }

    fn author(&mut self, name: &str) -> usize {
        if let Some(id) = self.author_ids.get(name) {
            return *id;
        }
        self.authors.push(name.to_owned());
        self.author_ids.insert(name.to_owned(), self.authors.len() - 1);
        self.authors.len() - 1
    }

    fn facts(&self) -> BTreeMap<String, FileFacts> {
        let facts = |touched: &Touched| {
            let mut authors: Vec<_> =
                touched.commits.iter().map(|(id, commits)| (*commits, &self.authors[*id])).collect();
            authors.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
            FileFacts {
                changed: day(touched.seconds),
                changed_by: self.authors[touched.by].clone(),
                authors: authors.into_iter().map(|(_, name)| name.clone()).collect(),
            }
        };
        self.pages.iter().map(|(path, touched)| (path.clone(), facts(touched))).collect()
    }
}

/// The day in UTC; empty for a time that no calendar holds.
fn day(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds);
    time.map(|time| jiff::tz::Offset::UTC.to_datetime(time).date().to_string()).unwrap_or_default()
}

/// Reads up to the next NUL; false at the end.
fn next_field(log: &mut impl BufRead, field: &mut Vec<u8>) -> std::io::Result<bool> {
    field.clear();
    let read = log.read_until(0, field)?;
    if field.last() == Some(&0) {
        field.pop();
    }
    Ok(read > 0)
}

fn next_number(log: &mut impl BufRead, field: &mut Vec<u8>) -> std::io::Result<i64> {
    next_field(log, field)?;
    Ok(std::str::from_utf8(field).ok().and_then(|text| text.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(log: &str, prefix: &str, wanted: &[&str]) -> BTreeMap<String, FileFacts> {
        let wanted = wanted.iter().map(|path| (*path).to_owned()).collect();
        let mut history = LogReader::new(prefix, &wanted);
        history.read(log.as_bytes()).unwrap();
        history.facts()
    }

    fn authors(facts: &BTreeMap<String, FileFacts>, path: &str) -> String {
        facts.get(path).map(|facts| facts.authors.join(" ")).unwrap_or_default()
    }

    #[test]
    fn names_that_were_swapped_or_used_again_are_kept_apart() {
        let log = "\x01c4\x00400\x00400\x00Dan\x00\nA\x00kb/a.md\x00\
                   \x01c3\x00300\x00300\x00Cem\x00\nR100\x00kb/b.md\x00kb/c.md\x00R100\x00kb/c.md\x00kb/b.md\x00\
                   \x01c2\x00200\x00200\x00Bea\x00\nR090\x00kb/a.md\x00kb/b.md\x00A\x00kb/c.md\x00\
                   \x01c1\x00100\x00100\x00Ada\x00\nA\x00kb/a.md\x00";
        let facts = facts(log, "kb/", &["a.md", "b.md", "c.md"]);
        assert_eq!(authors(&facts, "a.md"), "Dan");
        assert_eq!(authors(&facts, "b.md"), "Bea Cem");
        assert_eq!(authors(&facts, "c.md"), "Ada Bea Cem");
        assert_eq!(facts["c.md"].changed, "1970-01-01");
        assert_eq!(facts["c.md"].changed_by, "Cem");
    }

    #[test]
    fn a_file_name_cannot_pass_for_a_commit() {
        let log = "\x01c2\x00200\x00200\x00Bea\x00\nM\x00\x01c9\x00M\x00a\nb.md\x00\x00\
                   \x01c1\x0086400\x00100\x00Ada\x00\nA\x00a\nb.md\x00";
        let facts = facts(log, "", &["a\nb.md"]);
        assert_eq!(authors(&facts, "a\nb.md"), "Ada Bea");
    }

    #[test]
    fn a_log_that_is_cut_anywhere_is_read_without_harm() {
        let log = "\x01c2\x00200\x00200\x00Bea\x00\nR100\x00a.md\x00b.md\x00\x00\x01c1\x001\x001\x00Ada\x00\nA\x00a.md\x00";
        for end in 0..log.len() {
            facts(&log[..end], "", &["b.md"]);
        }
    }
}
