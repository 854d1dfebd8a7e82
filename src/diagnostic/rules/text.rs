//! The bytes and characters of a file.

use crate::diagnostic::{Rule, Severity};

/// Bytes that are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    code: "invalid-utf8",
    severity: Severity::Error,
    summary: "bytes that are not UTF-8",
    explanation: "",
    bad: "",
    good: "",
};

/// A file saved as UTF-16.
pub static UTF16: Rule = Rule {
    code: "utf16",
    severity: Severity::Error,
    summary: "a file saved as UTF-16",
    explanation: "",
    bad: "",
    good: "",
};

/// A NUL byte in a text file.
pub static NUL_BYTE: Rule = Rule {
    code: "nul-byte",
    severity: Severity::Warning,
    summary: "a NUL byte in a text file",
    explanation: "",
    bad: "",
    good: "",
};

/// An invisible character that changes the reading direction in code.
pub static HIDDEN_DIRECTION: Rule = Rule {
    code: "hidden-direction",
    severity: Severity::Warning,
    summary: "an invisible character that changes the reading direction in code",
    explanation: "",
    bad: "",
    good: "",
};

/// An invisible character in a command.
pub static INVISIBLE_CHARACTER: Rule = Rule {
    code: "invisible-character",
    severity: Severity::Warning,
    summary: "an invisible character in a command",
    explanation: "",
    bad: "",
    good: "",
};

/// A page without anything in it.
pub static EMPTY_PAGE: Rule = Rule {
    code: "empty-page",
    severity: Severity::Warning,
    summary: "a page without anything in it",
    explanation: "",
    bad: "",
    good: "",
};

/// A page with front matter only.
pub static NO_BODY: Rule = Rule {
    code: "no-body",
    severity: Severity::Warning,
    summary: "a page with front matter only",
    explanation: "",
    bad: "",
    good: "",
};

/// A page larger than `max_page_bytes`.
pub static PAGE_TOO_LARGE: Rule = Rule {
    code: "page-too-large",
    severity: Severity::Error,
    summary: "a page larger than `max_page_bytes`",
    explanation: "",
    bad: "",
    good: "",
};

/// A line too long to highlight.
pub static LONG_LINE: Rule = Rule {
    code: "long-line",
    severity: Severity::Warning,
    summary: "a line too long to highlight",
    explanation: "",
    bad: "",
    good: "",
};
