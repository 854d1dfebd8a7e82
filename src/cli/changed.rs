//! Which findings a branch is answerable for.
//!
//! In: what git says a branch changed. Out: whether a finding stands in it or comes of it: a page that
//! the branch left alone can still link to one that it took away.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::discover::git::{Changed, changed_since};
use crate::error::Error;
use crate::model::urls::FileName;

/// What a branch changed, so that findings can be looked up.
pub(super) struct Branch {
    files: BTreeSet<String>,
    removed: BTreeSet<String>,
    /// Changed and removed paths as links may name them: without endings, from the knowledge base and
    /// from the content directory.
    targets: BTreeSet<String>,
    /// The last parts of them: links by file name alone.
    ends: BTreeSet<String>,
}

impl Branch {
    /// What changed since `revision`.
    pub(super) fn since(dir: &Path, revision: &str) -> Result<Self, Error> {
        let Changed { files, removed } = changed_since(dir, revision)?;
        Ok(Self { files, removed, targets: BTreeSet::new(), ends: BTreeSet::new() })
    }

    /// Learns where content stands, once that is known.
    pub(super) fn enter(&mut self, content_dir: &str) {
        for path in self.files.iter().chain(&self.removed) {
            let inside = path.strip_prefix(content_dir).and_then(|rest| rest.strip_prefix('/'));
            for path in
                [Some(path.as_str()), inside.filter(|_| !content_dir.is_empty())].into_iter().flatten()
            {
                let stem = stem(path);
                self.ends.extend(tails(&stem).map(str::to_owned));
                self.targets.insert(stem);
            }
        }
    }

    /// Whether the branch changed or took away this file.
    pub(super) fn touches(&self, path: &str) -> bool {
        self.files.contains(path) || self.removed.contains(path)
    }

    /// Whether a finding stands in what the branch changed, also with another of its places, or is
    /// about a link to that.
    pub(super) fn answers_for(&self, finding: &Diagnostic) -> bool {
        let mut places = finding.primary.iter().chain(&finding.secondary);
        places.any(|label| self.files.contains(label.file.path()))
            || finding.target.as_deref().is_some_and(|target| self.leads_here(target))
    }

    fn leads_here(&self, target: &str) -> bool {
        let stem = stem(target.trim_start_matches('/'));
        // A link may start above the content: at the root of the repository or of the web server.
        tails(&stem).any(|tail| self.targets.contains(tail))
            || self.targets.contains(&stem)
            || (!target.starts_with('/') && self.ends.contains(&stem))
    }
}

/// A path without endings; for a folder's own page, the folder.
fn stem(path: &str) -> String {
    let file = FileName::of(path.trim_end_matches('/'));
    file.stem(file.is_index() || file.is_readme())
}

/// The path, and what is left of it without its first folder, its first two …
fn tails(path: &str) -> impl Iterator<Item = &str> {
    let starts = path.match_indices('/').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).map(|start| &path[start..]).filter(|tail| !tail.is_empty())
}
