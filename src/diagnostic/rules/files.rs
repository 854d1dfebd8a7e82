//! Files and folders, and the addresses made of them.

use crate::diagnostic::{Rule, Severity};

/// Two sources for one address.
pub static URL_COLLISION: Rule = Rule {
    code: "url-collision",
    severity: Severity::Error,
    summary: "two sources for one address",
    explanation: "One would overwrite the other, and which one would be chance; so nothing is \
                  published until it is clear. It also counts when the addresses differ in upper and \
                  lower case or in Unicode form only: on many disks they are one file. Rename one of \
                  the files, give one another `slug`, or drop the alias.",
    bad: "docs/backup.md  docs/backup/index.md",
    good: "docs/backup/restore.md  docs/backup/index.md",
};

/// A file name that is not UTF-8.
pub static FILE_NAME_NOT_UTF8: Rule = Rule {
    code: "file-name-not-utf8",
    severity: Severity::Error,
    summary: "a file name that is not UTF-8",
    explanation: "An address is made of the name, and there is no telling which characters were meant. \
                  The file is left out. Rename it; `convmv -f latin1 -t utf8 --notest -r .` does so \
                  for a whole tree.",
    bad: "caf\\xE9.md",
    good: "café.md",
};

/// A file name that some systems cannot hold.
pub static FILE_NAME_NOT_PORTABLE: Rule = Rule {
    code: "file-name-not-portable",
    severity: Severity::Error,
    summary: "a file name that some systems cannot hold",
    explanation: "Windows knows no file of this name, so a checkout there fails for everyone who works \
                  on it, and so does unpacking the site. Not allowed are the names of devices (`CON`, \
                  `AUX`, `NUL`, `COM1`…) with any ending, the characters `<>:\"|?*\\`, control \
                  characters, and a dot or space at the end. Docent reports it on every system. Rename \
                  the file, and leave an alias for its old address if it is a page.",
    bad: "runbooks/aux.md",
    good: "runbooks/auxiliary.md",
};

/// An output path that is too long.
pub static PATH_TOO_LONG: Rule = Rule {
    code: "path-too-long",
    severity: Severity::Error,
    summary: "an output path that is too long",
    explanation: "Windows, many archive tools and some web servers stop at about 250 characters for a \
                  whole path. Shorten the names of the file or its folders, or give the page a short \
                  `slug`.",
    bad: "what-to-do-when-the-primary-database-of-the-payment-system-….md",
    good: "payment-database.md",
};

/// Folders nested too deeply.
pub static FOLDER_TOO_DEEP: Rule = Rule {
    code: "folder-too-deep",
    severity: Severity::Error,
    summary: "folders nested too deeply",
    explanation: "Docent reads 64 folders below each other. A deeper tree is nearly always a mistake: \
                  a copy of a folder inside itself, or unpacked packages. What is deeper is left out. \
                  Move it further up, or `exclude` it in the config.",
    bad: "a/a/a/a/…/page.md",
    good: "a/page.md",
};

/// A symbolic link that leads to itself.
pub static SYMLINK_LOOP: Rule = Rule {
    code: "symlink-loop",
    severity: Severity::Warning,
    summary: "a symbolic link that leads to itself",
    explanation: "The link leads to a folder that holds it, or to itself, so following it would never \
                  end. Docent follows a link to a folder once and leaves this one out. Remove the \
                  link.",
    bad: "docs/latest -> .",
    good: "docs/latest -> v2",
};

/// A symbolic link to something outside the knowledge base.
pub static SYMLINK_OUTSIDE: Rule = Rule {
    code: "symlink-outside",
    severity: Severity::Error,
    summary: "a symbolic link to something outside the knowledge base",
    explanation: "What a link outside the knowledge base shows depends on the machine that builds: at \
                  best it is missing, at worst a private file gets published. Docent never reads \
                  outside the folder, even if a file is swapped for a link during the build. Copy what \
                  is meant into the knowledge base, or `exclude` the link.",
    bad: "docs/hosts.md -> /etc/hosts",
    good: "docs/hosts.md  (a copy)",
};

/// A pipe, socket or device among the files.
pub static SPECIAL_FILE: Rule = Rule {
    code: "special-file",
    severity: Severity::Warning,
    summary: "a pipe, socket or device among the files",
    explanation: "A pipe or device has no end to be read to, and waiting for one would hang the build; \
                  it is skipped. Remove it, or name it under `exclude` in the config.",
    bad: "docs/notes.md  (a named pipe)",
    good: "docs/notes.md  (a file)",
};

/// A file that cannot be read.
pub static UNREADABLE_FILE: Rule = Rule {
    code: "unreadable-file",
    severity: Severity::Error,
    summary: "a file that cannot be read",
    explanation: "The system does not let Docent read the file or folder: its permissions forbid it, \
                  the disk has an error, or it is a link to something that is gone. It is left out, \
                  and links to it are broken. Allow reading it (`chmod a+r`), mend the link, or name \
                  it under `exclude` in the config.",
    bad: "docs/plan.md -> ../gone.md",
    good: "docs/plan.md -> ../plan.md",
};

/// A file that changed while it was read.
pub static FILE_CHANGED: Rule = Rule {
    code: "file-changed",
    severity: Severity::Error,
    summary: "a file that changed while it was read",
    explanation: "While Docent read the file, something wrote to it, removed it, or put a link in its \
                  place. Half of an old page and half of a new one would be neither, so the page is \
                  left out. Run again when nothing writes to the folder.",
    bad: "git checkout main & docent build",
    good: "git checkout main && docent build",
};

/// A git history that cannot be read.
pub static UNREADABLE_HISTORY: Rule = Rule {
    code: "unreadable-history",
    severity: Severity::Note,
    summary: "a git history that cannot be read",
    explanation: "Dates and authors come from git, and git cannot read this repository: it belongs to \
                  another user, or is damaged. The pages are built without them. In a container, `git \
                  config --global --add safe.directory` with the path of the repository is the usual \
                  cure; else `git log` says what is wrong.",
    bad: "fatal: detected dubious ownership in repository",
    good: "git config --global --add safe.directory /builds/kb",
};

/// A shallow clone where pages depend on the history.
pub static SHALLOW_HISTORY: Rule = Rule {
    code: "shallow-history",
    severity: Severity::Error,
    summary: "a shallow clone where pages depend on the history",
    explanation: "Pages name the files that they describe (`covers`) or the commit that was reviewed \
                  (`reviewed_commit`), and a shallow clone does not hold the commits since. What is \
                  not known is never called fresh, so the run fails until the history is there. `git \
                  fetch --filter=blob:none --unshallow` fetches the commits without the contents of \
                  old files, which is quick; in CI, set the depth of the clone to 0.",
    bad: "git clone --depth 1 https://git.example/kb",
    good: "git clone --filter=blob:none https://git.example/kb",
};

/// A line of CODEOWNERS or owners.yaml that cannot be read.
pub static INVALID_OWNERS: Rule = Rule {
    code: "invalid-owners",
    severity: Severity::Warning,
    summary: "a line of CODEOWNERS or owners.yaml that cannot be read",
    explanation: "The line is skipped, so pages that it should give an owner have none, or the wrong \
                  one. In CODEOWNERS a line is a pattern and one or more owners (`@name`, \
                  `@group/name` or an address); `[Section]` starts a section in GitLab's form. \
                  `owners.yaml` names teams, each with `paths`.",
    bad: "/runbooks/ sre",
    good: "/runbooks/ @sre",
};
