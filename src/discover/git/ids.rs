//! Earlier versions of pages whose `id` a commit touched.
//!
//! In: the folder of the knowledge base, and the pages that are asked for. Out: of each commit that
//! added or removed a line `id:` in one of them, its front matter as it was then. Only the names of
//! today are asked for: what another file was called is no change of this one. Not here: what the
//! front matter says (`pipeline`).

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::Stdio;

use super::{day, git, readable};

/// Most versions that are read, the newest ones.
const MAX_VERSIONS: usize = 5000;
/// Most pages that are named to git one by one; for more, it looks through all.
const MAX_NAMED: usize = 2000;
/// Front matter is not longer.
const MAX_HEAD: usize = 64 << 10;

/// A page as a commit left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVersion {
    /// Relative to the knowledge base.
    pub path: String,
    /// The full hash.
    pub commit: String,
    /// When it landed, `YYYY-MM-DD`.
    pub day: String,
    /// The front matter with its fences.
    pub head: String,
}

/// The versions, newest first. `None` if git cannot say, for one in a clone without the contents of
/// old files.
pub fn read_versions(dir: &Path, prefix: &str, pages: &BTreeSet<String>) -> Option<Vec<PageVersion>> {
    let mut log = git(dir);
    log.args(["log", "--name-only", "--no-renames", "--no-merges", "--relative", "--no-color"]);
    log.args(["--no-ext-diff", "--no-textconv", "--diff-filter=AM", "-G^id[ \t]*:"]);
    log.args(["--format=%x01%H %ct", "HEAD", "--"]);
    if pages.len() <= MAX_NAMED {
        log.args(pages);
    }
    let output = log.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    let mut versions = Vec::new();
    let (mut commit, mut landed) = (String::new(), String::new());
    for line in output.stdout.split(|byte| *byte == b'\n') {
        if let [1, head @ ..] = line {
            let head = String::from_utf8_lossy(head);
            let (id, seconds) = head.split_once(' ').unwrap_or_default();
            (commit, landed) = (id.to_owned(), day(seconds.parse().unwrap_or_default()));
        } else if pages.contains(&readable(line)) {
            let (commit, day) = (commit.clone(), landed.clone());
            versions.push(PageVersion { path: readable(line), commit, day, head: String::new() });
        }
    }
    versions.truncate(MAX_VERSIONS);
    read_heads(dir, prefix, &mut versions)?;
    Some(versions)
}

/// Reads all versions in one go.
fn read_heads(dir: &Path, prefix: &str, versions: &mut [PageVersion]) -> Option<()> {
    if versions.is_empty() {
        return Some(());
    }
    let mut asked = tempfile::tempfile().ok()?;
    for version in versions.iter() {
        writeln!(asked, "{}:{prefix}{}", version.commit, version.path).ok()?;
    }
    std::io::Seek::rewind(&mut asked).ok()?;
    let mut cat = git(dir);
    cat.args(["cat-file", "--batch"]).stdin(asked).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = cat.spawn().ok()?;
    let mut answers = BufReader::new(child.stdout.take()?);
    for version in versions {
        let mut line = String::new();
        answers.read_line(&mut line).ok()?;
        // `<hash> blob <size>`, or what was asked for and `missing`.
        let Some((_, size)) = line.trim().rsplit_once(" blob ") else { continue };
        let size: u64 = size.parse().ok()?;
        let mut text = Vec::new();
        (&mut answers).take(size.min(MAX_HEAD as u64)).read_to_end(&mut text).ok()?;
        let rest = (size + 1).saturating_sub(text.len() as u64);
        std::io::copy(&mut (&mut answers).take(rest), &mut std::io::sink()).ok()?;
        head_of(&String::from_utf8_lossy(&text)).clone_into(&mut version.head);
    }
    child.wait().ok()?.success().then_some(())
}

/// Up to the line that closes the front matter.
fn head_of(text: &str) -> &str {
    let close = text.match_indices("\n---").map(|(at, _)| at + "\n---".len()).find(|end| {
        let rest = text[*end..].lines().next().unwrap_or_default();
        rest.trim().is_empty()
    });
    close.map_or("", |end| &text[..end])
}
