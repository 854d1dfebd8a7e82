//! Which names of alerts, metrics and options occur in the repository.
//!
//! In: names, and a commit or today's files. Out: those that occur anywhere outside Markdown, found
//! by one `git grep`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

use super::{git, top};

/// Names that are looked for in one call.
pub const MAX_NAMES: usize = 400;

/// The names that occur, as whole words, in a tracked file that is no Markdown: at `commit`, or in
/// the files as they are now. At most [`MAX_NAMES`] are looked for. `None` if git cannot say, for one
/// in a clone without the contents of old files.
pub fn find_names(
    dir: &Path,
    prefix: &str,
    commit: Option<&str>,
    names: &BTreeSet<String>,
) -> Option<BTreeSet<String>> {
    let usable = |name: &&String| !name.is_empty() && !name.contains(['\n', '\0']);
    let names: Vec<&String> = names.iter().filter(usable).take(MAX_NAMES).collect();
    let mut found = BTreeSet::new();
    if names.is_empty() {
        return Some(found);
    }
    let is_hash = |commit: &str| commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if commit.is_some_and(|commit| !is_hash(commit)) {
        return None;
    }
    let mut grep = git(top(dir, prefix)?);
    // The call as a whole takes paths as they are; here one pattern leaves out what pages say.
    grep.env("GIT_LITERAL_PATHSPECS", "0").env("GIT_GLOB_PATHSPECS", "1");
    grep.args(["grep", "-h", "-o", "-I", "-w", "-F", "--no-color", "-f", "-"]);
    grep.args(commit);
    grep.args(["--", ":(exclude)**/*.md"]);
    grep.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = grep.spawn().ok()?;
    // All patterns are read before the first file is.
    let mut stdin = child.stdin.take()?;
    for name in &names {
        writeln!(stdin, "{name}").ok()?;
    }
    drop(stdin);
    let mut all_found = false;
    for line in BufReader::new(child.stdout.take()?).split(b'\n') {
        found.insert(String::from_utf8_lossy(&line.ok()?).into_owned());
        all_found = found.len() == names.len();
        if all_found {
            break;
        }
    }
    if all_found {
        // What is left of the repository would say nothing new.
        let _ = child.kill();
        let _ = child.wait();
        return Some(found);
    }
    // 1: nothing was found.
    matches!(child.wait().ok()?.code(), Some(0 | 1)).then_some(found)
}
