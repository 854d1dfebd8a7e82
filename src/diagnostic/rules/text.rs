//! The bytes and characters of a file.

use crate::diagnostic::{Rule, Severity};

/// Bytes that are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    code: "invalid-utf8",
    severity: Severity::Error,
    summary: "bytes that are not UTF-8",
    explanation: "Docent reads UTF-8, as browsers and editors do. Bytes of another encoding, or a \
                  character that a tool has cut in half, would show as a wrong letter in a command or \
                  name, so the page is left out. Save the file as UTF-8; `iconv -f latin1 -t utf-8` \
                  helps with old files. With `--lossy` the page is kept with `�` in the place of such \
                  bytes, and this becomes a warning.",
    bad: "Café (`43 61 66 E9`, Latin-1)",
    good: "Café (`43 61 66 C3 A9`, UTF-8)",
};

/// A file saved as UTF-16.
pub static UTF16: Rule = Rule {
    code: "utf16",
    severity: Severity::Error,
    summary: "a file saved as UTF-16",
    explanation: "Some Windows programs save text as UTF-16, which git shows as binary and few tools \
                  for Markdown read. The page is left out. Save it as UTF-8 (in Notepad: *Save as*, \
                  *Encoding*).",
    bad: "FF FE 23 00 20 00 41 00",
    good: "# A",
};

/// A NUL byte in a text file.
pub static NUL_BYTE: Rule = Rule {
    code: "nul-byte",
    severity: Severity::Warning,
    summary: "a NUL byte in a text file",
    explanation: "A NUL byte is no character; it comes from a damaged disk, a tool that cut a file, or \
                  a binary file with the wrong ending. HTML cannot hold it, so it is shown as `�`. \
                  Remove the byte, and look whether more of the file was lost.",
    bad: "kubectl get \\0pods",
    good: "kubectl get pods",
};

/// An invisible character that changes the reading direction in code.
pub static HIDDEN_DIRECTION: Rule = Rule {
    code: "hidden-direction",
    severity: Severity::Warning,
    summary: "an invisible character that changes the reading direction in code",
    explanation: "Control characters that turn the reading direction make code look different from what \
                  runs; this is how malice hides in a command that seems harmless. Delete the character. \
                  In prose they have honest uses and are let be.",
    bad: "echo \u{202e}safe",
    good: "echo safe",
};

/// An invisible character in a command.
pub static INVISIBLE_CHARACTER: Rule = Rule {
    code: "invisible-character",
    severity: Severity::Warning,
    summary: "an invisible character in a command",
    explanation: "A no-break space, a zero-width space or a soft hyphen in a command looks right and \
                  fails when it is pasted: a shell takes it as part of a word. They come in with text \
                  copied from a web page or a word processor. Write a plain space or delete it.",
    bad: "ls\u{a0}-l",
    good: "ls -l",
};

/// A page without anything in it.
pub static EMPTY_PAGE: Rule = Rule {
    code: "empty-page",
    severity: Severity::Warning,
    summary: "a page without anything in it",
    explanation: "A page without a word helps nobody who finds it. It has an address, but is left out of \
                  the search. Write it or delete it.",
    bad: "(nothing)",
    good: "# Disk full\n\nFree some space first.",
};

/// A page with front matter only.
pub static NO_BODY: Rule = Rule {
    code: "no-body",
    severity: Severity::Warning,
    summary: "a page with front matter only",
    explanation: "The page has front matter, and nothing below it. It is listed and found by its title, \
                  and then says nothing. Write it or delete it.",
    bad: "---\ntitle: Disk full\n---",
    good: "---\ntitle: Disk full\n---\n\nFree some space first.",
};

/// A page larger than `max_page_bytes`.
pub static PAGE_TOO_LARGE: Rule = Rule {
    code: "page-too-large",
    severity: Severity::Error,
    summary: "a page larger than `max_page_bytes`",
    explanation: "A page of megabytes is a log or an export rather than something to read, and slows \
                  every reader. Docent does not load it. Split the page, link to the data as a file \
                  instead, or raise `max_page_bytes` in the config.",
    bad: "docs/incident-log.md  (212 MB)",
    good: "docs/incident-log.md  (4 kB), docs/incident-log.txt.gz",
};

/// A line too long to highlight.
pub static LONG_LINE: Rule = Rule {
    code: "long-line",
    severity: Severity::Warning,
    summary: "a line too long to highlight",
    explanation: "A line of more than 20,000 bytes is data rather than text: a dump, an image in base64. \
                  It is shown, but not highlighted. Publish it as a file beside the page and link to it.",
    bad: "a line of 30,000 letters",
    good: "[The dump](dump.txt)",
};
