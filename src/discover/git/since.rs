//! For `--changed-since`: the paths that differ from a revision.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use super::{git, readable};
use crate::error::Error;

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
