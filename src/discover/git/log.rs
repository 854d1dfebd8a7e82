//! `git log`, read as it comes.
//!
//! In: the output of one `git log` over the whole history. Out: last change and authors of each page,
//! and, as long as somebody may ask for them, the commits themselves, names stored once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{FileFacts, GitFacts, day, git, readable};

/// Every commit of the history, kept small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Newest first, as `git log` orders them.
    pub(super) commits: Vec<LoggedCommit>,
    /// Paths from the repository's top; commits name them by index.
    pub(super) paths: Names,
    /// Authors; commits name them by index.
    pub(super) authors: Names,
    /// Every path that git tracks now, from the repository's top, sorted.
    pub(super) tracked: Vec<String>,
    /// Commits in `.git-blame-ignore-revs`.
    pub(super) ignored: BTreeSet<String>,
}

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LoggedCommit {
    pub(super) id: String,
    pub(super) parents: Vec<String>,
    /// Author date and commit date, seconds since 1970.
    pub(super) seconds: i64,
    pub(super) landed: i64,
    pub(super) author: u32,
    pub(super) subject: String,
    pub(super) files: Vec<LoggedFile>,
}

/// One file of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LoggedFile {
    pub(super) change: Change,
    /// Its name today, or, if it is gone, when it went.
    pub(super) path: u32,
    /// The name that this commit took from it, if it moved or removed it.
    pub(super) old: Option<u32>,
}

/// What a commit did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Edited,
    Moved,
    Removed,
}

/// Strings stored once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    all: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Names {
    pub(super) fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.all.len() as u32;
        self.all.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    pub(super) fn get(&self, id: u32) -> &str {
        self.all.get(id as usize).map_or("", String::as_str)
    }

    pub(super) fn all(&self) -> &[String] {
        &self.all
    }
}

/// Runs `git log` and reads it as it comes.
pub(super) fn read_log(
    dir: &Path,
    renames: &str,
    place: &GitFacts,
    wanted: &BTreeSet<String>,
    keep: &AtomicBool,
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
    log.args(["--format=%x01%H%x00%P%x00%at%x00%ct%x00%aN%x00%s", "--end-of-options", "HEAD", "--"]);
    log.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = log.spawn().map_err(|error| error.to_string())?;
    let mut history = LogReader::new(&place.prefix, wanted, keep);
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
    facts.log = history.log;
    Ok(facts)
}

/// What was read of the log so far, newest commit first.
struct LogReader<'a> {
    prefix: &'a str,
    wanted: &'a BTreeSet<String>,
    keep: &'a AtomicBool,
    /// Hash and commit date of the newest commit.
    head: Option<(String, i64)>,
    /// The name today of the file that had this name at this point of the history, from the
    /// repository's top, or nothing if that name was another file's later. A name that is missing has
    /// not changed.
    today: BTreeMap<String, Option<String>>,
    pages: BTreeMap<String, Touched>,
    log: Log,
}

/// One page's commits.
struct Touched {
    seconds: i64,
    by: u32,
    commits: BTreeMap<u32, usize>,
}

/// One commit, while its files are read.
#[derive(Default)]
struct Commit {
    head: LoggedCommit,
    files: Vec<CommitFile>,
}

/// `before` and `after` are the same unless it was moved.
struct CommitFile {
    change: Change,
    before: String,
    after: String,
}

impl<'a> LogReader<'a> {
    fn new(prefix: &'a str, wanted: &'a BTreeSet<String>, keep: &'a AtomicBool) -> Self {
        let (today, pages, log) = (BTreeMap::new(), BTreeMap::new(), Log::default());
        Self { prefix, wanted, keep, head: None, today, pages, log }
    }

    /// Reads fields that end in NUL: `\x01hash`, parents, author date, commit date, author, subject;
    /// then for each file a status and one path, or two after `R`. What a field is follows from its
    /// place, so no file name can pass for a commit.
    fn read(&mut self, mut log: impl BufRead) -> std::io::Result<()> {
        let mut field = Vec::new();
        let mut commit = Commit::default();
        while next_field(&mut log, &mut field)? {
            let start = field.iter().position(|byte| *byte != b'\n').unwrap_or(field.len());
            match field[start..] {
                [] => {}
                [1, ref hash @ ..] => {
                    let id = String::from_utf8_lossy(hash).into_owned();
                    self.add(std::mem::take(&mut commit));
                    commit.head = self.read_head(id, &mut log, &mut field)?;
                    self.head.get_or_insert_with(|| (commit.head.id.clone(), commit.head.landed));
                }
                [status, ..] => {
                    next_field(&mut log, &mut field)?;
                    let before = readable(&field);
                    let (change, after) = match status {
                        b'R' | b'C' => {
                            next_field(&mut log, &mut field)?;
                            (Change::Moved, readable(&field))
                        }
                        b'D' => (Change::Removed, before.clone()),
                        b'A' => (Change::Added, before.clone()),
                        _ => (Change::Edited, before.clone()),
                    };
                    commit.files.push(CommitFile { change, before, after });
                }
            }
        }
        self.add(commit);
        Ok(())
    }

    fn read_head(
        &mut self,
        id: String,
        log: &mut impl BufRead,
        field: &mut Vec<u8>,
    ) -> std::io::Result<LoggedCommit> {
        next_field(log, field)?;
        let parents = String::from_utf8_lossy(field).split_whitespace().map(str::to_owned).collect();
        let seconds = next_number(log, field)?;
        let landed = next_number(log, field)?;
        next_field(log, field)?;
        let author = self.log.authors.id(&String::from_utf8_lossy(field));
        next_field(log, field)?;
        let subject = String::from_utf8_lossy(field).into_owned();
        Ok(LoggedCommit { id, parents, seconds, landed, author, subject, files: Vec::new() })
    }

    fn add(&mut self, commit: Commit) {
        let Commit { mut head, files } = commit;
        // All names first: two files may have swapped theirs.
        let today: Vec<Option<String>> = files.iter().map(|file| self.find_today(file)).collect();
        for (path, _) in today.iter().zip(&files).filter(|(_, file)| file.change != Change::Removed) {
            // A file that was removed is no change of the one that came later.
            if let Some(page) = path.as_deref().and_then(|path| self.find_page(path)) {
                let touched = self.pages.entry(page).or_insert_with(|| Touched {
                    seconds: head.seconds,
                    by: head.author,
                    commits: BTreeMap::new(),
                });
                *touched.commits.entry(head.author).or_default() += 1;
            }
        }
        if self.keep.load(Ordering::Relaxed) {
            head.files =
                files.iter().zip(&today).map(|(file, today)| self.logged(file, today.as_deref())).collect();
            if !head.id.is_empty() {
                self.log.commits.push(head);
            }
        } else if !self.log.commits.is_empty() {
            self.log.commits = Vec::new();
            self.log.paths = Names::default();
        }
        let renamed = || files.iter().zip(&today).filter(|(file, _)| file.before != file.after);
        for (file, _) in renamed() {
            self.today.insert(file.after.clone(), None);
        }
        for (file, path) in renamed() {
            self.today.insert(file.before.clone(), path.clone());
        }
    }

    fn logged(&mut self, file: &CommitFile, today: Option<&str>) -> LoggedFile {
        let path = self.log.paths.id(today.unwrap_or(&file.after));
        let took = matches!(file.change, Change::Moved | Change::Removed);
        LoggedFile { change: file.change, path, old: took.then(|| self.log.paths.id(&file.before)) }
    }

    fn find_today(&self, file: &CommitFile) -> Option<String> {
        match self.today.get(&file.after) {
            // The file that was removed here is not the one that has the name today.
            _ if file.change == Change::Removed => None,
            Some(today) => today.clone(),
            None => Some(file.after.clone()),
        }
    }

    fn find_page(&self, path: &str) -> Option<String> {
        let path = path.strip_prefix(self.prefix)?;
        self.wanted.contains(path).then(|| path.to_owned())
    }

    fn facts(&self) -> BTreeMap<String, FileFacts> {
        let name = |id: u32| self.log.authors.get(id).to_owned();
        let facts = |touched: &Touched| {
            let mut authors: Vec<_> =
                touched.commits.iter().map(|(id, commits)| (*commits, name(*id))).collect();
            authors.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            FileFacts {
                changed: day(touched.seconds),
                changed_by: name(touched.by),
                authors: authors.into_iter().map(|(_, name)| name).collect(),
            }
        };
        self.pages.iter().map(|(path, touched)| (path.clone(), facts(touched))).collect()
    }
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
        let keep = AtomicBool::new(true);
        let mut history = LogReader::new(prefix, &wanted, &keep);
        history.read(log.as_bytes()).unwrap();
        history.facts()
    }

    fn authors(facts: &BTreeMap<String, FileFacts>, path: &str) -> String {
        facts.get(path).map(|facts| facts.authors.join(" ")).unwrap_or_default()
    }

    #[test]
    fn names_that_were_swapped_or_used_again_are_kept_apart() {
        let log = "\x01c4\x00\x00400\x00400\x00Dan\x00Why\x00\nA\x00kb/a.md\x00\
                   \x01c3\x00\x00300\x00300\x00Cem\x00Why\x00\nR100\x00kb/b.md\x00kb/c.md\x00R100\x00kb/c.md\x00kb/b.md\x00\
                   \x01c2\x00\x00200\x00200\x00Bea\x00Why\x00\nR090\x00kb/a.md\x00kb/b.md\x00A\x00kb/c.md\x00\
                   \x01c1\x00\x00100\x00100\x00Ada\x00Why\x00\nA\x00kb/a.md\x00";
        let facts = facts(log, "kb/", &["a.md", "b.md", "c.md"]);
        assert_eq!(authors(&facts, "a.md"), "Dan");
        assert_eq!(authors(&facts, "b.md"), "Bea Cem");
        assert_eq!(authors(&facts, "c.md"), "Ada Bea Cem");
        assert_eq!(facts["c.md"].changed, "1970-01-01");
        assert_eq!(facts["c.md"].changed_by, "Cem");
    }

    #[test]
    fn a_file_name_cannot_pass_for_a_commit() {
        let log = "\x01c2\x00\x00200\x00200\x00Bea\x00Why\x00\nM\x00\x01c9\x00M\x00a\nb.md\x00\x00\
                   \x01c1\x00\x0086400\x00100\x00Ada\x00Why\x00\nA\x00a\nb.md\x00";
        let facts = facts(log, "", &["a\nb.md"]);
        assert_eq!(authors(&facts, "a\nb.md"), "Ada Bea");
    }

    #[test]
    fn a_log_that_is_cut_anywhere_is_read_without_harm() {
        let log = "\x01c2\x00\x00200\x00200\x00Bea\x00Why\x00\nR100\x00a.md\x00b.md\x00\x00\x01c1\x00\x001\x001\x00Ada\x00Why\x00\nA\x00a.md\x00";
        for end in 0..log.len() {
            facts(&log[..end], "", &["b.md"]);
        }
    }
}
