//! Front matter: its syntax, its keys and their values.

use crate::diagnostic::{Rule, Severity};

/// Front matter without its closing `---`.
pub static FRONT_MATTER_UNCLOSED: Rule = Rule {
    code: "front-matter-unclosed",
    severity: Severity::Error,
    summary: "front matter without its closing `---`",
    explanation: "",
    bad: "",
    good: "",
};

/// Front matter in TOML, which is not switched on.
pub static FRONT_MATTER_TOML: Rule = Rule {
    code: "front-matter-toml",
    severity: Severity::Error,
    summary: "front matter in TOML, which is not switched on",
    explanation: "",
    bad: "",
    good: "",
};

/// Front matter that is not valid YAML.
pub static FRONT_MATTER_SYNTAX: Rule = Rule {
    code: "front-matter-syntax",
    severity: Severity::Error,
    summary: "front matter that is not valid YAML",
    explanation: "",
    bad: "",
    good: "",
};

/// A key that stands twice.
pub static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Error,
    summary: "a key that stands twice",
    explanation: "",
    bad: "",
    good: "",
};

/// A value of the wrong type.
pub static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    severity: Severity::Error,
    summary: "a value of the wrong type",
    explanation: "",
    bad: "",
    good: "",
};

/// A field that the kind requires.
pub static MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    severity: Severity::Error,
    summary: "a field that the kind requires",
    explanation: "",
    bad: "",
    good: "",
};

/// A key that looks like a known one, or any unknown key under `front_matter: strict`.
pub static UNKNOWN_KEY: Rule = Rule {
    code: "unknown-key",
    severity: Severity::Warning,
    summary: "a key that looks like a known one, or any unknown key under `front_matter: strict`",
    explanation: "",
    bad: "",
    good: "",
};

/// A kind that nobody declared.
pub static UNKNOWN_KIND: Rule = Rule {
    code: "unknown-kind",
    severity: Severity::Error,
    summary: "a kind that nobody declared",
    explanation: "",
    bad: "",
    good: "",
};

/// A layout that stands for no kind.
pub static UNKNOWN_LAYOUT: Rule = Rule {
    code: "unknown-layout",
    severity: Severity::Error,
    summary: "a layout that stands for no kind",
    explanation: "",
    bad: "",
    good: "",
};

/// A date that is not a date, or lies in the future.
pub static INVALID_DATE: Rule = Rule {
    code: "invalid-date",
    severity: Severity::Error,
    summary: "a date that is not a date, or lies in the future",
    explanation: "",
    bad: "",
    good: "",
};

/// A tag that makes no usable address.
pub static INVALID_TAG: Rule = Rule {
    code: "invalid-tag",
    severity: Severity::Error,
    summary: "a tag that makes no usable address",
    explanation: "",
    bad: "",
    good: "",
};
