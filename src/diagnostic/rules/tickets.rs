//! Ticket exports.

use crate::diagnostic::{Rule, Severity};

/// A ticket export that cannot be used.
pub static UNREADABLE_EXPORT: Rule = Rule {
    code: "unreadable-export",
    severity: Severity::Error,
    summary: "a ticket export that is missing, cut off or something else",
    explanation: "An entry of `tickets` names a file that is not there, that ends in the middle, or that is no export \
        at all: an error page saved under its name, the answer of an API that refused, a table whose columns are \
        called otherwise. Nothing is made of the tickets that could be read, since half of them would look like a \
        quiet week. The site is still built, without what tickets say; the exit status is 3 if nothing else is \
        wrong.

Export the tickets again, or take the entry out of `docent.yaml`. Where times are written as `03/04/26`, say \
how with `date_format`.",
    bad: "{\"tickets\": [\n  {\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\", \"tags\": [\"disk\"]},\n  {\"id\": 2, \"crea",
    good: "{\"tickets\": [\n  {\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\", \"tags\": [\"disk\"]}\n]}",
};

/// A record of an export that is skipped.
pub static INVALID_TICKET: Rule = Rule {
    code: "invalid-ticket",
    severity: Severity::Warning,
    summary: "a record of a ticket export that cannot be read",
    explanation: "A record has no id, no time of creation or a time that no calendar holds, is no JSON, or has more or \
        fewer cells than the header. It is skipped and counted; all others are read. The first twenty of an export \
        are named with their line; what stands in them is not shown, since it may be personal.

A few such records do no harm. Many mean that the export is from another system than `source` says, or that it \
was edited.",
    bad: "{\"id\": 1, \"created_at\": \"2016-13-40\", \"tags\": [\"disk\"]}\n",
    good: "{\"id\": 1, \"created_at\": \"2016-12-04T09:14:00Z\", \"tags\": [\"disk\"]}\n",
};

/// An export that has just as many records as its system gives by default.
pub static MAYBE_LIMITED: Rule = Rule {
    code: "maybe-limited",
    severity: Severity::Warning,
    summary: "a ticket export of exactly as many records as its system gives by default",
    explanation: "`gh issue list` and the API of GitHub give 30 issues unless more are asked for, and say nothing of the \
        rest. An export of exactly 30 is most likely the first page of many.

Ask for more: `gh issue list --state all --limit 100000 --json number,title,state,labels,createdAt,updatedAt,closedAt,author,url`.",
    bad: "gh issue list --json number,labels,createdAt > data/issues.json",
    good: "gh issue list --state all --limit 100000 --json number,labels,createdAt > data/issues.json",
};
