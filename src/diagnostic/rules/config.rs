//! The config and the theme.

use crate::diagnostic::{Rule, Severity};

/// A config that is not valid YAML.
pub static CONFIG_SYNTAX: Rule = Rule {
    code: "config-syntax",
    severity: Severity::Error,
    summary: "a config that is not valid YAML",
    explanation: "",
    bad: "",
    good: "",
};

/// A key that the config does not have.
pub static UNKNOWN_CONFIG_KEY: Rule = Rule {
    code: "unknown-config-key",
    severity: Severity::Error,
    summary: "a key that the config does not have",
    explanation: "",
    bad: "",
    good: "",
};

/// A config value of the wrong type or meaning.
pub static INVALID_CONFIG: Rule = Rule {
    code: "invalid-config",
    severity: Severity::Error,
    summary: "a config value of the wrong type or meaning",
    explanation: "",
    bad: "",
    good: "",
};

/// A template that cannot be used.
pub static TEMPLATE_ERROR: Rule = Rule {
    code: "template-error",
    severity: Severity::Error,
    summary: "a template that cannot be used",
    explanation: "",
    bad: "",
    good: "",
};

/// Template output that is not escaped.
pub static TEMPLATE_AUTOESCAPE: Rule = Rule {
    code: "template-autoescape",
    severity: Severity::Error,
    summary: "template output that is not escaped",
    explanation: "",
    bad: "",
    good: "",
};
