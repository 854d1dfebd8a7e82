//! Markdown, raw HTML and what old handbooks carry.

use crate::diagnostic::{Rule, Severity};

/// A template tag, which is shown as text.
pub static TEMPLATE_TAG: Rule = Rule {
    code: "template-tag",
    severity: Severity::Warning,
    summary: "a template tag, which is shown as text",
    explanation: "",
    bad: "",
    good: "",
};

/// A code block without its closing fence.
pub static UNCLOSED_FENCE: Rule = Rule {
    code: "unclosed-fence",
    severity: Severity::Warning,
    summary: "a code block without its closing fence",
    explanation: "",
    bad: "",
    good: "",
};

/// A code block in a language that nobody knows.
pub static UNKNOWN_LANGUAGE: Rule = Rule {
    code: "unknown-language",
    severity: Severity::Warning,
    summary: "a code block in a language that nobody knows",
    explanation: "",
    bad: "",
    good: "",
};

/// Blocks nested too deeply.
pub static TOO_DEEP: Rule = Rule {
    code: "too-deep",
    severity: Severity::Error,
    summary: "blocks nested too deeply",
    explanation: "",
    bad: "",
    good: "",
};

/// A page whose output would be far larger than its source.
pub static OUTPUT_TOO_LARGE: Rule = Rule {
    code: "output-too-large",
    severity: Severity::Error,
    summary: "a page whose output would be far larger than its source",
    explanation: "",
    bad: "",
    good: "",
};

/// Raw HTML that is removed.
pub static UNSAFE_HTML: Rule = Rule {
    code: "unsafe-html",
    severity: Severity::Warning,
    summary: "raw HTML that is removed",
    explanation: "",
    bad: "",
    good: "",
};

/// A link with a scheme that can run code.
pub static UNSAFE_LINK: Rule = Rule {
    code: "unsafe-link",
    severity: Severity::Error,
    summary: "a link with a scheme that can run code",
    explanation: "",
    bad: "",
    good: "",
};

/// An id that the theme needs for itself.
pub static RESERVED_ID: Rule = Rule {
    code: "reserved-id",
    severity: Severity::Warning,
    summary: "an id that the theme needs for itself",
    explanation: "",
    bad: "",
    good: "",
};

/// An id that was given twice by hand.
pub static DUPLICATE_ID: Rule = Rule {
    code: "duplicate-id",
    severity: Severity::Warning,
    summary: "an id that was given twice by hand",
    explanation: "",
    bad: "",
    good: "",
};

/// More than one top heading.
pub static SEVERAL_H1: Rule = Rule {
    code: "several-h1",
    severity: Severity::Warning,
    summary: "more than one top heading",
    explanation: "",
    bad: "",
    good: "",
};

/// A page without a title.
pub static NO_TITLE: Rule = Rule {
    code: "no-title",
    severity: Severity::Warning,
    summary: "a page without a title",
    explanation: "",
    bad: "",
    good: "",
};

/// An image without alternative text.
pub static IMAGE_ALT: Rule = Rule {
    code: "image-alt",
    severity: Severity::Warning,
    summary: "an image without alternative text",
    explanation: "",
    bad: "",
    good: "",
};

/// A table with too many columns.
pub static TABLE_TOO_WIDE: Rule = Rule {
    code: "table-too-wide",
    severity: Severity::Warning,
    summary: "a table with too many columns",
    explanation: "",
    bad: "",
    good: "",
};

/// A task list marker that does not work.
pub static TASK_MARKER: Rule = Rule {
    code: "task-marker",
    severity: Severity::Warning,
    summary: "a task list marker that does not work",
    explanation: "",
    bad: "",
    good: "",
};

/// A reference to a definition that is missing.
pub static UNDEFINED_REFERENCE: Rule = Rule {
    code: "undefined-reference",
    severity: Severity::Warning,
    summary: "a reference to a definition that is missing",
    explanation: "",
    bad: "",
    good: "",
};

/// A formula that cannot be read.
pub static MATH_SYNTAX: Rule = Rule {
    code: "math-syntax",
    severity: Severity::Warning,
    summary: "a formula that cannot be read",
    explanation: "",
    bad: "",
    good: "",
};
