//! Whether a page can be trusted: who keeps it true, and what it stands on.

use crate::diagnostic::{Rule, Severity};

/// An owner that nobody knows.
pub static UNKNOWN_OWNER: Rule = Rule {
    code: "unknown-owner",
    severity: Severity::Error,
    summary: "an owner that nobody knows",
    explanation: "The front matter names an owner that is neither in `owners.yaml` nor in CODEOWNERS, so nobody is \
                  asked when the page falls due: the name is misspelt, or the team is gone. Known are the keys, \
                  names and members in `owners.yaml` and every owner in CODEOWNERS, with or without `@`. Where \
                  neither file names any owner, nothing is checked.",
    bad: "owner: team-bd",
    good: "owner: team-db",
};
