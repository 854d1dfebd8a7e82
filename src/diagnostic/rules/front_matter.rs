//! Front matter: its syntax, its keys and their values.

use crate::diagnostic::{Rule, Severity};

/// Front matter without its closing `---`.
pub static FRONT_MATTER_UNCLOSED: Rule = Rule {
    code: "front-matter-unclosed",
    severity: Severity::Error,
    summary: "front matter without its closing `---`",
    explanation: "A page whose first line is `---` and whose second is a key has front matter, and it ends at \
        the next line `---` or `...`. Without that line nobody can tell where the text begins, so \
        the page is left out.\n\n\
        Put a line `---` behind the last key. A line across the page at the very top is no front \
        matter as long as no key follows it.",
    bad: "---\ntitle: Disk full\n\nFree some space first.\n",
    good: "---\ntitle: Disk full\n---\n\nFree some space first.\n",
};

/// Front matter in TOML, which is not switched on.
pub static FRONT_MATTER_TOML: Rule = Rule {
    code: "front-matter-toml",
    severity: Severity::Error,
    summary: "front matter in TOML, which is not switched on",
    explanation: "Docent reads front matter in YAML, between lines of `---`. A block between lines of `+++` is \
        TOML, as Hugo and Zola write it; its keys would be lost, so the page is left out.\n\n\
        Replace `+++` by `---` and `key = value` by `key: value`.",
    bad: "+++\ntitle = \"Disk full\"\n+++\n",
    good: "---\ntitle: Disk full\n---\n",
};

/// Front matter that is not valid YAML.
pub static FRONT_MATTER_SYNTAX: Rule = Rule {
    code: "front-matter-syntax",
    severity: Severity::Error,
    summary: "front matter that is not valid YAML",
    explanation: "Front matter that is not valid YAML has no certain meaning, so the page is left out. Most \
        often a value holds `: ` or begins with `@`, `*`, `[` or a backtick and needs quotes, or a \
        quote is not closed, or a line is indented with a tab.\n\n\
        Tags (`!!str`), several documents, aliases that refer to themselves or stand for a great \
        deal of text, and more than 64 levels are refused as well.",
    bad: "---\ntitle: Disk full: what now\n---\n",
    good: "---\ntitle: \"Disk full: what now\"\n---\n",
};

/// A key that stands twice.
pub static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Error,
    summary: "a key that stands twice",
    explanation: "When a key stands twice, one of the two values is lost, and other tools disagree which. Keep \
        one of them. The first place is shown beside the second.",
    bad: "---\ntitle: Disk full\nowner: team-db\ntitle: Disk is full\n---\n",
    good: "---\ntitle: Disk full\nowner: team-db\n---\n",
};

/// A value of the wrong type.
pub static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    severity: Severity::Error,
    summary: "a value of the wrong type",
    explanation: "Each known key takes one type of value: a text, a list, `true` or `false`, a number, a date, \
        one of a few words. A value of another type is not used; the page stays. Front matter as a \
        whole must be keys with values.\n\n\
        Texts stay as written: `title: no` is “no”, `1.10` is “1.10”. `yes` and `no` are not `true` \
        and `false`.",
    bad: "---\ndraft: yes\n---\n",
    good: "---\ndraft: true\n---\n",
};

/// A field that the kind requires.
pub static MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    severity: Severity::Error,
    summary: "a field that the kind requires",
    explanation: "A kind can require fields: an opening without its job, or a post-mortem without its \
        severity, cannot be shown as what it is. Which fields a kind requires is in `docent schema \
        KIND`; the config declares them for kinds of your own with `required: true`.",
    bad: "---\nkind: opening\ntitle: Support engineer, EMEA\n---\n",
    good: "---\nkind: opening\ntitle: Support engineer, EMEA\njob: /jobs/support-engineer.md\n---\n",
};

/// A key that looks like a known one, or any unknown key under `front_matter: strict`.
pub static UNKNOWN_KEY: Rule = Rule {
    code: "unknown-key",
    severity: Severity::Warning,
    summary: "a key that looks like a known one, or any unknown key under `front_matter: strict`",
    explanation: "A key that looks like a known one is most likely misspelt, and its value is not used. Other \
        unknown keys are kept without a word: templates see them as `page.extra.<key>`.\n\n\
        Under `front_matter: strict` in the config every unknown key is an error. Declare keys of \
        your own as fields of a kind.",
    bad: "---\ndecription: What to do when the disk is full\n---\n",
    good: "---\ndescription: What to do when the disk is full\n---\n",
};

/// A kind that nobody declared.
pub static UNKNOWN_KIND: Rule = Rule {
    code: "unknown-kind",
    severity: Severity::Error,
    summary: "a kind that nobody declared",
    explanation: "`kind` decides which fields a page may have, how it is shown and where it is listed. The \
        built-in kinds are `runbook`, `article`, `module`, `path`, `job` and `opening`; the config \
        declares more under `kinds`. A page of an unknown kind is treated as if the key were absent.",
    bad: "---\nkind: runbok\n---\n",
    good: "---\nkind: runbook\n---\n",
};

/// A layout that stands for no kind.
pub static UNKNOWN_LAYOUT: Rule = Rule {
    code: "unknown-layout",
    severity: Severity::Error,
    summary: "a layout that stands for no kind",
    explanation: "Handbooks made for other generators say by `layout` what a page is. Docent knows the usual \
        ones (`job_page` and `job_family_page` are jobs, `handbook-page-toc` and `markdown_page` \
        articles) and the names of the kinds. Correct the layout, leave it out, or say under \
        `layouts` in the config which kind it stands for.",
    bad: "---\nlayout: job_pge\n---\n",
    good: "---\nlayout: job_page\n---\n",
};

/// A date that is not a date, or lies in the future.
pub static INVALID_DATE: Rule = Rule {
    code: "invalid-date",
    severity: Severity::Error,
    summary: "a date that is not a date, or lies in the future",
    explanation: "A date is year, month and day with hyphens, `2026-09-01`: any other order means different \
        days to different readers. A day that the calendar does not have, a placeholder left in from \
        a template, and a review that lies in the future say nothing about the page, and a page is \
        never called fresh on such a date. Findings rest (`snooze`) for 90 days at most.",
    bad: "---\nreviewed: 2016-13-40\n---\n",
    good: "---\nreviewed: 2016-12-30\n---\n",
};

/// A tag that makes no usable address.
pub static INVALID_TAG: Rule = Rule {
    code: "invalid-tag",
    severity: Severity::Error,
    summary: "a tag that makes no usable address",
    explanation: "Each tag has a page of its own, whose address is made of the letters and digits of the tag. \
        A tag without any, or a very long one, makes no address that anybody could type. Name it in \
        a word or two.",
    bad: "---\ntags: [\"!!!\"]\n---\n",
    good: "---\ntags: [urgent]\n---\n",
};
