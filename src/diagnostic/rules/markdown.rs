//! Markdown, raw HTML and what old handbooks carry.

use crate::diagnostic::{Rule, Severity};

/// A template tag, which is shown as text.
pub static TEMPLATE_TAG: Rule = Rule {
    code: "template-tag",
    severity: Severity::Warning,
    summary: "a template tag, which is shown as text",
    explanation: "Old handbooks were made by tools that ran tags such as `<%= … %>`, `{% … %}` or `{{< … \
                  >}}` inside pages. Docent never runs anything in a page, so readers see the tag \
                  itself. Write what the tag stood for, or put it in a code block if it is meant as an \
                  example. There is one finding a page; `{{ … }}` alone is how alerts are written about, \
                  and gets none.",
    bad: "<%= partial \"includes/on-call.md\" %>",
    good: "See [On call](on-call.md).",
};

/// A code block without its closing fence.
pub static UNCLOSED_FENCE: Rule = Rule {
    code: "unclosed-fence",
    severity: Severity::Warning,
    summary: "a code block without its closing fence",
    explanation: "Everything behind the opening fence is shown as code, up to the end of the list item, \
                  quote or page that holds it. Headings and links in it are lost. Write the closing \
                  fence, with at least as many backticks or tildes as the opening one, on a line of its \
                  own.",
    bad: "```sh\ngitlab-ctl status\n\n## Next step",
    good: "```sh\ngitlab-ctl status\n```\n\n## Next step",
};

/// A code block in a language that nobody knows.
pub static UNKNOWN_LANGUAGE: Rule = Rule {
    code: "unknown-language",
    severity: Severity::Warning,
    summary: "a code block in a language that nobody knows",
    explanation: "The word behind the fence names the language of the block. One that nobody knows is \
                  shown without colours, and is often a slip (`shel`) or the first line of the code \
                  itself, which is then missing from the block. Correct it, write `text` for what is in \
                  no language, or move the code to the next line.",
    bad: "```shel\nls\n```",
    good: "```shell\nls\n```",
};

/// A word behind a fence that nearly is a known one.
pub static UNKNOWN_FENCE_WORD: Rule = Rule {
    code: "unknown-fence-word",
    severity: Severity::Warning,
    summary: "a word behind a fence that nearly is a known one",
    explanation: "Behind the language of a code block stand words such as `title=`, `danger=` and `wrap`. \
                  One that nobody knows does nothing. What other tools write there is left alone; a word \
                  that differs from a known one in a letter or two is most likely a slip. Correct it.",
    bad: "```sh titel=\"On the primary\"\nls\n```",
    good: "```sh title=\"On the primary\"\nls\n```",
};

/// Blocks nested too deeply.
pub static TOO_DEEP: Rule = Rule {
    code: "too-deep",
    severity: Severity::Error,
    summary: "blocks nested too deeply",
    explanation: "Quotes, lists and emphasis may stand in each other 64 deep, and so may elements of raw HTML. No person writes more; a \
                  page that does was made by a program or to harm readers of Markdown, so it is not used \
                  at all. Flatten the page.",
    bad: "> > > … 65 times",
    good: "> > the quote",
};

/// A page whose output would be far larger than its source.
pub static OUTPUT_TOO_LARGE: Rule = Rule {
    code: "output-too-large",
    severity: Severity::Error,
    summary: "a page whose output would be far larger than its source",
    explanation: "A few kilobytes of references or footnotes can stand for gigabytes of output. A page \
                  with more than 10,000 of them, with more than 10,000 headings, or whose links would \
                  be many times the size of its source, is not used. Split the page.",
    bad: "[a] [a] [a] … 100,000 times",
    good: "[a]",
};

/// Raw HTML that is removed.
pub static UNSAFE_HTML: Rule = Rule {
    code: "unsafe-html",
    severity: Severity::Warning,
    summary: "raw HTML that is removed",
    explanation: "Pages may hold the HTML that text needs: tables, details, images, anchors. Scripts, styles, \
                  forms, event handlers and frames of hosts that are not listed in `iframe_hosts` are removed, \
                  since a page of text should not be able to act on its reader. A name in angle brackets that \
                  is no HTML, `<hostname>`, is shown as text. `unsafe_html: true` in the config keeps \
                  everything, for a tree whose authors are trusted.",
    bad: "<iframe src=\"https://video.example/1\"></iframe>",
    good: "[Watch it](https://video.example/1)",
};

/// A link with a scheme that can run code.
pub static UNSAFE_LINK: Rule = Rule {
    code: "unsafe-link",
    severity: Severity::Error,
    summary: "a link with a scheme that can run code",
    explanation: "`javascript:`, `vbscript:`, `data:` and `file:` links can run code or reach what the \
                  reader did not mean to open. Such a link is shown as text, however the scheme is \
                  spelt. Use `https:`, `mailto:` or a path.",
    bad: "[Run](javascript:alert(1))",
    good: "[Run](run.md)",
};

/// An id that the theme needs for itself.
pub static RESERVED_ID: Rule = Rule {
    code: "reserved-id",
    severity: Severity::Warning,
    summary: "an id that the theme needs for itself",
    explanation: "The theme uses a few ids for its own parts: the search box, the navigation, the table \
                  of contents. An id of the same name in a page would take their place, so it is \
                  published with `h-` in front. Give the heading or anchor another id. Headings that \
                  merely are called so get their id the same way, without a finding.",
    bad: "## Overview {#main}",
    good: "## Overview {#overview}",
};

/// An id that was given twice by hand.
pub static DUPLICATE_ID: Rule = Rule {
    code: "duplicate-id",
    severity: Severity::Warning,
    summary: "an id that was given twice by hand",
    explanation: "A link can lead to one place only: the first that has the id. Ids given by hand are \
                  promises to other pages, so the second is most likely a copy that was not changed. \
                  Rename or remove it. Headings that repeat are numbered by themselves.",
    bad: "## Start {#go}\n\n## Stop {#go}",
    good: "## Start {#go}\n\n## Stop {#stop}",
};

/// More than one top heading.
pub static SEVERAL_H1: Rule = Rule {
    code: "several-h1",
    severity: Severity::Warning,
    summary: "more than one top heading",
    explanation: "The heading of level 1 is the title of the page. With several of them the table of \
                  contents has no order, and a reader in the middle of the page cannot tell what it \
                  belongs to. Make the others level 2, or split the page.",
    bad: "# Redis\n\n# Failover",
    good: "# Redis\n\n## Failover",
};

/// A page without a title.
pub static NO_TITLE: Rule = Rule {
    code: "no-title",
    severity: Severity::Warning,
    summary: "a page without a title",
    explanation: "Without a `title` in the front matter and without a heading, the page is called by its \
                  file name in the navigation, in search and in the tab of the browser. The same holds if its \
                  first heading is the name of a section, such as `Summary` or `Table of contents`. \
                  Begin it with a heading of level 1.",
    bad: "Restart the node.",
    good: "# Restart a node\n\nRestart the node.",
};

/// An image without alternative text.
pub static IMAGE_ALT: Rule = Rule {
    code: "image-alt",
    severity: Severity::Warning,
    summary: "an image without alternative text",
    explanation: "Someone who cannot see the image, or whose network is down, gets the alternative text \
                  instead; search reads it too. Say in a few words what the image shows. In HTML, \
                  `alt=\"\"` says that an image only decorates.",
    bad: "![](replication.png)",
    good: "![Replication lag over a day](replication.png)",
};

/// A table with too many columns.
pub static TABLE_TOO_WIDE: Rule = Rule {
    code: "table-too-wide",
    severity: Severity::Warning,
    summary: "a table with too many columns",
    explanation: "Nobody can read a table of more than 200 columns in a page. The columns beyond are \
                  left out. Turn the table around, split it, or publish the data as a file and link to \
                  it.",
    bad: "| 1 | 2 | … | 201 |",
    good: "[The data](data.csv)",
};

/// A task list marker that does not work.
pub static TASK_MARKER: Rule = Rule {
    code: "task-marker",
    severity: Severity::Warning,
    summary: "a task list marker that does not work",
    explanation: "The line looks like an entry of a list, but lacks a space or has something other than \
                  a space or an `x` between its brackets, so it is shown as plain text or cannot be \
                  ticked. Write `- [ ]` or `- [x]`, with a space before and behind the brackets.",
    bad: "-[ ] Read the runbook",
    good: "- [ ] Read the runbook",
};

/// A reference to a definition that is missing.
pub static UNDEFINED_REFERENCE: Rule = Rule {
    code: "undefined-reference",
    severity: Severity::Warning,
    summary: "a reference to a definition that is missing",
    explanation: "`[text][label]` takes its address from a line `[label]: https://…` on the same page. \
                  Without that line the brackets are printed and the link is none. Add the definition or \
                  write the address in place. `[^2]` takes its note from a line `[^2]: …` in the same way.",
    bad: "Read [the values][values].",
    good: "Read [the values][values].\n\n[values]: values.md",
};

/// A formula that cannot be read.
pub static MATH_SYNTAX: Rule = Rule {
    code: "math-syntax",
    severity: Severity::Warning,
    summary: "a formula that cannot be read",
    explanation: "What stands between `$…$`, `$$…$$` or in a `math` block is LaTeX. A formula that \
                  cannot be read is shown as it is written. Mend it; if it is no formula, write the \
                  dollars as `\\$` or the whole as code.",
    bad: "$\\frac{1}{2$",
    good: "$\\frac{1}{2}$",
};
