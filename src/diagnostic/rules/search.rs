//! The queries that search is measured with.

use crate::diagnostic::{Rule, Severity};

/// A query, a page or a threshold that cannot be used.
pub static INVALID_QUERIES: Rule = Rule {
    code: "invalid-queries",
    severity: Severity::Error,
    summary: "a query, a page or a threshold that cannot be used",
    explanation: "`docent eval` reads `queries.yml`: under `queries`, each query with the page that must be found, or a \
        list of pages of which one must be; beside it, if you like, `min_mrr`, `min_success_1` and `min_success_10` \
        between 0 and 1. A page is named by its path, its address or its `id`. A page that is gone counts as not \
        found. When a page was renamed, name it anew here, and see whether the query still leads to it.",
    bad: "queries:\n  disk full: runbooks/disk-ful.md\n",
    good: "queries:\n  disk full: runbooks/disk-full.md\n",
};
