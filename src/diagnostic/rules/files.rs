//! Files and folders, and the addresses made of them.

use crate::diagnostic::{Rule, Severity};

/// Two sources for one address.
pub static URL_COLLISION: Rule = Rule {
    code: "url-collision",
    severity: Severity::Error,
    summary: "two sources for one address",
    explanation: "",
    bad: "",
    good: "",
};

/// A file name that is not UTF-8.
pub static FILE_NAME_NOT_UTF8: Rule = Rule {
    code: "file-name-not-utf8",
    severity: Severity::Error,
    summary: "a file name that is not UTF-8",
    explanation: "",
    bad: "",
    good: "",
};

/// A file name that some systems cannot hold.
pub static FILE_NAME_NOT_PORTABLE: Rule = Rule {
    code: "file-name-not-portable",
    severity: Severity::Error,
    summary: "a file name that some systems cannot hold",
    explanation: "",
    bad: "",
    good: "",
};

/// An output path that is too long.
pub static PATH_TOO_LONG: Rule = Rule {
    code: "path-too-long",
    severity: Severity::Error,
    summary: "an output path that is too long",
    explanation: "",
    bad: "",
    good: "",
};

/// Folders nested too deeply.
pub static FOLDER_TOO_DEEP: Rule = Rule {
    code: "folder-too-deep",
    severity: Severity::Error,
    summary: "folders nested too deeply",
    explanation: "",
    bad: "",
    good: "",
};

/// A symbolic link that leads to itself.
pub static SYMLINK_LOOP: Rule = Rule {
    code: "symlink-loop",
    severity: Severity::Warning,
    summary: "a symbolic link that leads to itself",
    explanation: "",
    bad: "",
    good: "",
};

/// A symbolic link to something outside the knowledge base.
pub static SYMLINK_OUTSIDE: Rule = Rule {
    code: "symlink-outside",
    severity: Severity::Error,
    summary: "a symbolic link to something outside the knowledge base",
    explanation: "",
    bad: "",
    good: "",
};

/// A pipe, socket or device among the files.
pub static SPECIAL_FILE: Rule = Rule {
    code: "special-file",
    severity: Severity::Warning,
    summary: "a pipe, socket or device among the files",
    explanation: "",
    bad: "",
    good: "",
};

/// A file that cannot be read.
pub static UNREADABLE_FILE: Rule = Rule {
    code: "unreadable-file",
    severity: Severity::Error,
    summary: "a file that cannot be read",
    explanation: "",
    bad: "",
    good: "",
};

/// A file that changed while it was read.
pub static FILE_CHANGED: Rule = Rule {
    code: "file-changed",
    severity: Severity::Error,
    summary: "a file that changed while it was read",
    explanation: "",
    bad: "",
    good: "",
};

/// A git history that cannot be read.
pub static UNREADABLE_HISTORY: Rule = Rule {
    code: "unreadable-history",
    severity: Severity::Note,
    summary: "a git history that cannot be read",
    explanation: "",
    bad: "",
    good: "",
};

/// A line of CODEOWNERS or owners.yaml that cannot be read.
pub static INVALID_OWNERS: Rule = Rule {
    code: "invalid-owners",
    severity: Severity::Warning,
    summary: "a line of CODEOWNERS or owners.yaml that cannot be read",
    explanation: "",
    bad: "",
    good: "",
};
