//! Who owns a page: `owners.yaml` and CODEOWNERS, GitLab's sections included.
//!
//! In: the two files, if there are any. Out: [`Owners`], which answers for a path, and a warning for
//! each line that cannot be read. Not here: front matter, which comes before both (`build`).
//!
//! ```yaml
//! # owners.yaml
//! owners:
//!   team-db:
//!     name: Database team
//!     members: ["@ana", "@bo"]
//!     paths: ["runbooks/db/**"]     # at any depth; with a leading `/` from the repository's top
//!     contact: "#db-team"
//! ```

mod codeowners;
mod listed;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::source::SharedFile;
use codeowners::CodeOwners;
use listed::Listed;

/// Everything that is known about owners.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    listed: Listed,
    codeowners: CodeOwners,
}

/// An owner in `owners.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// For people; the key if the file gives none.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<String>,
    /// How to reach it.
    pub contact: Option<String>,
}

impl Owners {
    /// Reads both files.
    pub fn parse(owners: Option<&SharedFile>, codeowners: Option<&SharedFile>) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let listed = owners.map(|file| Listed::parse(file, &mut findings)).unwrap_or_default();
        let codeowners = codeowners.map(|file| CodeOwners::parse(file, &mut findings)).unwrap_or_default();
        (Self { listed, codeowners }, findings)
    }

    /// Who owns a file, by its path from the repository's top: as `owners.yaml` says, else as
    /// CODEOWNERS says. The longest matching pattern decides in the first, the last of each section
    /// in the second.
    pub fn of(&self, path_in_repository: &str) -> Vec<String> {
        let listed = self.listed.of(path_in_repository);
        if listed.is_empty() { self.codeowners.of(path_in_repository) } else { listed }
    }

    /// Every name by which an owner may be called: keys, names and members in `owners.yaml`, owners in
    /// CODEOWNERS. Empty if there is neither.
    pub fn names(&self) -> BTreeSet<&str> {
        let listed = self.listed.owners.iter().flat_map(|(key, owner)| {
            let members = owner.members.iter().map(String::as_str);
            members.chain([key.as_str(), owner.name.as_str()])
        });
        listed.chain(self.codeowners.owners()).collect()
    }

    /// The owners in `owners.yaml`, by key.
    pub fn known(&self) -> &BTreeMap<String, Owner> {
        &self.listed.owners
    }
}

/// An owner as names are compared: `@Ana` is `ana`.
pub fn plain_name(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
}
