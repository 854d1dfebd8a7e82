//! For `--changed-since`: the paths that differ from a revision.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use super::{git, readable};
use crate::error::Error;

/// What a branch changed, as paths relative to the knowledge base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Files that are new or differ.
    pub files: BTreeSet<String>,
    /// Files that are gone, those that were renamed by their old names.
    pub removed: BTreeSet<String>,
}

/// The files that differ from a revision or are not yet in git, as paths relative to `dir`. Counted
/// from where the current branch left the revision's, so what others changed there since does not
/// count.
pub fn changed_since(dir: &Path, revision: &str) -> Result<Changed, Error> {
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
        "--name-status",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--relative",
        base,
        "--",
    ];
    let untracked = ["ls-files", "-z", "--others", "--exclude-standard", "--"];
    let list = |args: &[&str]| {
        run(args)?.ok_or_else(|| Error::io("run git in", dir, std::io::Error::other("git failed")))
    };
    let mut changed = Changed::default();
    let (out, new) = (list(&diff)?, list(&untracked)?);
    let mut words = out.split(|byte| *byte == 0);
    while let (Some(status), Some(path)) = (words.next(), words.next()) {
        let list = if status == b"D" { &mut changed.removed } else { &mut changed.files };
        list.insert(readable(path));
    }
    let new = new.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(readable);
    changed.files.extend(new);
    // Taken out of git, yet still there.
    changed.removed.retain(|path| !changed.files.contains(path));
    Ok(changed)
}
