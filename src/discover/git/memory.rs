//! What one process knows of the history, so that an edit does not read all of it again.
//!
//! In: what is checked out and the pages asked for. Out: the facts that were read for the same. Not here: what git
//! tracks now, which changes without a commit.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{GitFacts, Jail, git, top};
use crate::diagnostic::Diagnostic;

/// Largest `.mailmap`.
const MAX_MAILMAP_BYTES: u64 = 4 << 20;

/// The facts of the last run.
#[derive(Debug, Default)]
pub struct HistoryMemory(Mutex<Option<Remembered>>);

#[derive(Debug)]
struct Remembered {
    /// What is checked out, and what else the history depends on.
    head: Vec<u8>,
    wanted: BTreeSet<String>,
    /// Whether every commit was kept.
    keeps_log: bool,
    facts: GitFacts,
}

impl HistoryMemory {
    fn last(&self) -> MutexGuard<'_, Option<Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the history of these pages.
    pub(in crate::discover) fn find<'m>(&'m self, dir: &Path, wanted: &'m BTreeSet<String>) -> Known<'m> {
        Known { memory: self, head: head(dir), wanted }
    }
}

/// What the memory has for a folder as it is now.
pub(in crate::discover) struct Known<'m> {
    memory: &'m HistoryMemory,
    /// `None`: outside of a repository, or before its first commit; nothing is remembered.
    head: Option<Vec<u8>>,
    wanted: &'m BTreeSet<String>,
}

impl Known<'_> {
    /// The facts that are remembered, or else those that `read` gives; `asks` says whether commits are needed.
    pub(in crate::discover) fn or_read(
        self,
        asks: bool,
        read: impl FnOnce() -> (GitFacts, Vec<Diagnostic>),
    ) -> (GitFacts, Vec<Diagnostic>) {
        let Some(head) = self.head else { return read() };
        let mut last = self.memory.last();
        if let Some(known) = &*last
            && known.head == head
            && known.wanted == *self.wanted
            && (known.keeps_log || !asks)
        {
            return (known.facts.clone(), Vec::new());
        }
        let (facts, notes) = read();
        let remembered =
            || Remembered { head, wanted: self.wanted.clone(), keeps_log: asks, facts: facts.clone() };
        *last = notes.is_empty().then(remembered);
        (facts, notes)
    }
}

/// The commit that is checked out, where its history ends, and the names that its authors are given.
fn head(dir: &Path) -> Option<Vec<u8>> {
    let asked = ["rev-parse", "--is-shallow-repository", "--show-prefix", "--verify", "HEAD"];
    let output = git(dir).args(asked).output().ok().filter(|output| output.status.success())?;
    let prefix = String::from_utf8_lossy(&output.stdout).lines().nth(1).unwrap_or_default().to_owned();
    let top = Jail::new(top(dir, &prefix)?).ok()?;
    let names = top.read_linked(Path::new(".mailmap"), MAX_MAILMAP_BYTES).unwrap_or_default();
    Some([output.stdout, names].concat())
}
