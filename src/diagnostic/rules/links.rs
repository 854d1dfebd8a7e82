//! Links, images, aliases and who links to whom.

use crate::diagnostic::{Rule, Severity};

/// A link to a page or file that does not exist.
pub static BROKEN_LINK: Rule = Rule {
    code: "broken-link",
    severity: Severity::Error,
    summary: "a link to a page or file that does not exist",
    explanation: "A reader who follows the link finds nothing. Relative links start at the folder of the file \
                  that holds them; links from the root start at the content directory. Correct the path, or \
                  remove the link. Targets that live on another site, but look as if they were here, are named \
                  under `elsewhere` in the config.",
    bad: "[Failover](failovr.md)",
    good: "[Failover](failover.md)",
};

/// A link to a heading that does not exist.
pub static BROKEN_FRAGMENT: Rule = Rule {
    code: "broken-fragment",
    severity: Severity::Error,
    summary: "a link to a heading that does not exist",
    explanation: "The page exists, but none of its headings, `<a name>` or `id` has this name, so the link \
                  opens the top of a long page and the reader searches again. Headings change their ids when \
                  their words change. Write the id of the heading that is meant; ids of GitHub's and of \
                  kramdown's rule both count.",
    bad: "[Rollback](deploy.md#roll-back)",
    good: "[Rollback](deploy.md#rollback)",
};

/// An image that is missing or empty.
pub static BROKEN_IMAGE: Rule = Rule {
    code: "broken-image",
    severity: Severity::Error,
    summary: "an image that is missing or empty",
    explanation: "The image is missing or has no bytes, so readers see an empty frame. Correct the path, \
                  restore the file, or remove the image.",
    bad: "![Dashboard](img/dashbord.png)",
    good: "![Dashboard](img/dashboard.png)",
};

/// An SVG image that carries a script.
pub static UNSAFE_IMAGE: Rule = Rule {
    code: "unsafe-image",
    severity: Severity::Error,
    summary: "an SVG image that carries a script",
    explanation: "An SVG file is a document that may carry scripts, event handlers and embedded HTML. Opened \
                  from the site it would run them with the site's rights. Export it again without them, or as \
                  PNG.",
    bad: "![Flow](flow-with-script.svg)",
    good: "![Flow](flow.svg)",
};

/// A link that differs from its target in upper and lower case.
pub static LINK_CASE: Rule = Rule {
    code: "link-case",
    severity: Severity::Error,
    summary: "a link that differs from its target in upper and lower case",
    explanation: "On macOS and Windows the link works, on the Linux host that serves the site it does not. \
                  Docent reports it everywhere. Write the path in the letters of the file.",
    bad: "[Failover](Failover.md)",
    good: "[Failover](failover.md)",
};

/// A link from the root without its leading slash.
pub static LINK_NO_SLASH: Rule = Rule {
    code: "link-no-slash",
    severity: Severity::Error,
    summary: "a link from the root without its leading slash",
    explanation: "The link was meant to start at the root of the site, but without its leading slash it starts \
                  at the folder of the page, where nothing stands. Put the slash before it, or write the \
                  relative path.",
    bad: "[Values](handbook/values/)",
    good: "[Values](/handbook/values/)",
};

/// A link with brackets that do not match.
pub static LINK_UNBALANCED: Rule = Rule {
    code: "link-unbalanced",
    severity: Severity::Error,
    summary: "a link with brackets that do not match",
    explanation: "One bracket too many or too few makes the target wrong, or turns the whole link into text. \
                  Write one pair of brackets around the target.",
    bad: "[Values]((/handbook/values/)",
    good: "[Values](/handbook/values/)",
};

/// A link inside another link.
pub static LINK_NESTED: Rule = Rule {
    code: "link-nested",
    severity: Severity::Error,
    summary: "a link inside another link",
    explanation: "HTML knows no link inside a link: readers see brackets and an address in the middle of the \
                  sentence. Keep one of the two.",
    bad: "[the guide]([guide](/guide/))",
    good: "[the guide](/guide/)",
};

/// A link that leads nowhere.
pub static LINK_EMPTY: Rule = Rule {
    code: "link-empty",
    severity: Severity::Warning,
    summary: "a link that leads nowhere",
    explanation: "The text looks like a link and leads to the page that it stands on. Fill in the target, or \
                  remove the brackets.",
    bad: "[the guide]()",
    good: "[the guide](/guide/)",
};

/// A link to a site without `https://`.
pub static LINK_NO_SCHEME: Rule = Rule {
    code: "link-no-scheme",
    severity: Severity::Error,
    summary: "a link to a site without `https://`",
    explanation: "Without `https://` the address is read as the name of a file beside the page. Write the \
                  scheme.",
    bad: "[Status](www.example.com)",
    good: "[Status](https://www.example.com)",
};

/// A link with a space inside.
pub static LINK_SPACE: Rule = Rule {
    code: "link-space",
    severity: Severity::Error,
    summary: "a link with a space inside",
    explanation: "A target ends at the first space, so Markdown takes the whole for text, or the address has a \
                  space that no server expects. Remove the space. A file whose name has one is linked with \
                  `%20`, or in angle brackets: `[text](<my file.md>)`.",
    bad: "[Values](/handbook /values/)",
    good: "[Values](/handbook/values/)",
};

/// A link with two schemes.
pub static LINK_TWO_SCHEMES: Rule = Rule {
    code: "link-two-schemes",
    severity: Severity::Error,
    summary: "a link with two schemes",
    explanation: "An address was pasted behind a scheme that stood there already. Keep one of the two.",
    bad: "[Status](https://https://status.example)",
    good: "[Status](https://status.example)",
};

/// A link with a doubled slash.
pub static LINK_DOUBLE_SLASH: Rule = Rule {
    code: "link-double-slash",
    severity: Severity::Warning,
    summary: "a link with a doubled slash",
    explanation: "Most servers show the page, but browsers, statistics and search engines take it for another \
                  address, and relative links on it break. Write one slash.",
    bad: "[Values](/handbook//values/)",
    good: "[Values](/handbook/values/)",
};

/// A link to a folder that has no page.
pub static LINK_TO_FOLDER: Rule = Rule {
    code: "link-to-folder",
    severity: Severity::Warning,
    summary: "a link to a folder that has no page",
    explanation: "The folder exists, but holds no page at any depth, so there is nothing that the link could \
                  open. Add a `README.md` to the folder, or link to one of its files.",
    bad: "[Scripts](scripts/)",
    good: "[Scripts](scripts/failover.sh)",
};

/// A link to a page that is not published.
pub static LINK_TO_DRAFT: Rule = Rule {
    code: "link-to-draft",
    severity: Severity::Error,
    summary: "a link to a page that is not published",
    explanation: "The file is there, but it is no page of the published site: it is a draft, it has expired, \
                  or a fault keeps it out. Readers would get an error page. Publish it, or remove the link.",
    bad: "[Next year](plans-draft.md)",
    good: "[This year](plans.md)",
};

/// A link to a file outside the knowledge base.
pub static LINK_OUTSIDE: Rule = Rule {
    code: "link-outside",
    severity: Severity::Error,
    summary: "a link to a file outside the knowledge base",
    explanation: "The path climbs out of the content directory. Such a file is not part of the site, and a \
                  site must not publish what lies beside it. Move the file into the content directory, or link \
                  to the place where it can be seen on the web.",
    bad: "[Source](../../src/main.rs)",
    good: "[Source](https://git.example/src/main.rs)",
};

/// A link to a file that is never published.
pub static LINK_TO_PRIVATE: Rule = Rule {
    code: "link-to-private",
    severity: Severity::Error,
    summary: "a link to a file that is never published",
    explanation: "Dot files, keys, `node_modules` and whatever the config excludes never reach the site, so \
                  the link leads nowhere. Remove it, or move what it should show into a page.",
    bad: "[Settings](.env)",
    good: "[Settings](settings.md)",
};

/// A wiki link that fits several pages.
pub static AMBIGUOUS_LINK: Rule = Rule {
    code: "ambiguous-link",
    severity: Severity::Error,
    summary: "a wiki link that fits several pages",
    explanation: "A wiki link names a page by its title or file name, and here more than one page has it. \
                  Write the path of the one that is meant.",
    bad: "See [[failover]]",
    good: "See [[/postgres/failover]]",
};

/// Aliases that lead back to themselves.
pub static ALIAS_LOOP: Rule = Rule {
    code: "alias-loop",
    severity: Severity::Error,
    summary: "aliases that lead back to themselves",
    explanation: "An alias must lead from an old address to a page. These lead back to where they started, so \
                  a browser would go round until it gives up. Remove the alias that names an address in use \
                  today.",
    bad: "aliases: [/failover/]   # in failover.md",
    good: "aliases: [/fail-over/]",
};

/// An alias that cannot be an address.
pub static INVALID_ALIAS: Rule = Rule {
    code: "invalid-alias",
    severity: Severity::Error,
    summary: "an alias that cannot be an address of this site",
    explanation: "An alias becomes a page of its own that leads on to this one, so it must be an address that a \
                  file can stand at: from the root of the site, without `?` and `#` (what follows them never \
                  reaches a page that redirects), without blanks, and of names that every system can hold. \
                  Redirect all others in the web server.",
    bad: "aliases: [\"https://old.example/page/\", \"/page?id=7\"]",
    good: "aliases: [/page/]",
};

/// An alias that leads to another alias.
pub static ALIAS_CHAIN: Rule = Rule {
    code: "alias-chain",
    severity: Severity::Error,
    summary: "an alias that leads to another alias",
    explanation: "The alias leads to an address that is itself an alias, so readers are sent on twice, and the \
                  second step may vanish with its page. Move the alias to the page where the chain ends.",
    bad: "aliases: [/old/]   # in a page whose own address is an alias elsewhere",
    good: "aliases: [/old/]   # in the page where the chain ends",
};

/// A page that no other page links to.
pub static ORPHAN_PAGE: Rule = Rule {
    code: "orphan-page",
    severity: Severity::Note,
    summary: "a page that no other page links to",
    explanation: "Readers reach the page only through the navigation or search, and nobody who changes a \
                  neighbouring page will think of it. Link to it from where it is needed. Pages of a folder \
                  and the home page are not counted.",
    bad: "A runbook that no page names.",
    good: "A runbook that its service's page links to.",
};

/// Rules that other sites break.
pub static EXTERNAL: &[&Rule] = &[&DEAD_EXTERNAL_LINK, &UNANSWERED_EXTERNAL_LINK, &REFUSED_EXTERNAL_LINK];

/// Links to other sites that were asked and had nothing.
pub static DEAD_EXTERNAL_LINK: Rule = Rule {
    code: "dead-external-link",
    severity: Severity::Warning,
    summary: "a link to another site where nothing is any more",
    explanation: "When `docent check --external` asked, the site said that nothing is at this address (404, 410), \
                  or there was no such host. The results are kept in a file (`external: { results: … }` in the \
                  config, else in the cache) and count for 30 days (`max_age`), so that `check`, `build` and \
                  `freshness` know them without a network. A page with such links is doubtful.",
    bad: "[The guide](https://docs.example.com/gone)",
    good: "[The guide](https://docs.example.com/moved-here)",
};

/// Links to other sites that were asked and nobody knows.
pub static UNANSWERED_EXTERNAL_LINK: Rule = Rule {
    code: "unanswered-external-link",
    severity: Severity::Warning,
    summary: "a link to another site that gave no answer when it was asked",
    explanation: "The site asked for patience (429), was in trouble (5xx), had no valid certificate, or did not \
                  answer in time, three times in a row. That proves nothing about the page, so only \
                  `docent check --external` says it; a build never fails of it.",
    bad: "A site that is down for an hour.",
    good: "`docent check --external` on another day.",
};

/// Links to other sites that are not asked.
pub static REFUSED_EXTERNAL_LINK: Rule = Rule {
    code: "refused-external-link",
    severity: Severity::Note,
    summary: "a link into a private network, which is not asked",
    explanation: "`docent check --external` asks only machines of the public network, however their address is \
                  written and wherever a site leads to: whoever may write a page must not make it speak to the \
                  machine that checks. Hosts that may be asked are named under `external: { private: [wiki.internal] }`.",
    bad: "[Metrics](http://127.0.0.1:9090/graph)",
    good: "external: { private: [metrics.internal] }",
};

/// A file of results that cannot be used.
pub static UNREADABLE_RESULTS: Rule = Rule {
    code: "unreadable-results",
    severity: Severity::Warning,
    summary: "a file of results of external links that cannot be read",
    explanation: "The file that the config names under `external: { results: … }`, or the one in the cache, is \
                  neither what `docent check --external` writes nor a report of lychee (`lychee --format json \
                  --verbose`). Without it nobody knows which links to other sites are dead.",
    bad: "<!DOCTYPE html>",
    good: "{ \"schema\": 1, \"links\": {} }",
};
