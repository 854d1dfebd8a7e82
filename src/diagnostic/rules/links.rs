//! Links, images, aliases and who links to whom.

use crate::diagnostic::{Rule, Severity};

/// A link to a page or file that does not exist.
pub static BROKEN_LINK: Rule = Rule {
    code: "broken-link",
    severity: Severity::Error,
    summary: "a link to a page or file that does not exist",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a heading that does not exist.
pub static BROKEN_FRAGMENT: Rule = Rule {
    code: "broken-fragment",
    severity: Severity::Error,
    summary: "a link to a heading that does not exist",
    explanation: "",
    bad: "",
    good: "",
};

/// An image that is missing or empty.
pub static BROKEN_IMAGE: Rule = Rule {
    code: "broken-image",
    severity: Severity::Error,
    summary: "an image that is missing or empty",
    explanation: "",
    bad: "",
    good: "",
};

/// An SVG image that carries a script.
pub static UNSAFE_IMAGE: Rule = Rule {
    code: "unsafe-image",
    severity: Severity::Error,
    summary: "an SVG image that carries a script",
    explanation: "",
    bad: "",
    good: "",
};

/// A link that differs from its target in upper and lower case.
pub static LINK_CASE: Rule = Rule {
    code: "link-case",
    severity: Severity::Error,
    summary: "a link that differs from its target in upper and lower case",
    explanation: "",
    bad: "",
    good: "",
};

/// A link from the root without its leading slash.
pub static LINK_NO_SLASH: Rule = Rule {
    code: "link-no-slash",
    severity: Severity::Error,
    summary: "a link from the root without its leading slash",
    explanation: "",
    bad: "",
    good: "",
};

/// A link with brackets that do not match.
pub static LINK_UNBALANCED: Rule = Rule {
    code: "link-unbalanced",
    severity: Severity::Error,
    summary: "a link with brackets that do not match",
    explanation: "",
    bad: "",
    good: "",
};

/// A link inside another link.
pub static LINK_NESTED: Rule = Rule {
    code: "link-nested",
    severity: Severity::Error,
    summary: "a link inside another link",
    explanation: "",
    bad: "",
    good: "",
};

/// A link that leads nowhere.
pub static LINK_EMPTY: Rule = Rule {
    code: "link-empty",
    severity: Severity::Warning,
    summary: "a link that leads nowhere",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a site without `https://`.
pub static LINK_NO_SCHEME: Rule = Rule {
    code: "link-no-scheme",
    severity: Severity::Error,
    summary: "a link to a site without `https://`",
    explanation: "",
    bad: "",
    good: "",
};

/// A link with a space inside.
pub static LINK_SPACE: Rule = Rule {
    code: "link-space",
    severity: Severity::Error,
    summary: "a link with a space inside",
    explanation: "",
    bad: "",
    good: "",
};

/// A link with two schemes.
pub static LINK_TWO_SCHEMES: Rule = Rule {
    code: "link-two-schemes",
    severity: Severity::Error,
    summary: "a link with two schemes",
    explanation: "",
    bad: "",
    good: "",
};

/// A link with a doubled slash.
pub static LINK_DOUBLE_SLASH: Rule = Rule {
    code: "link-double-slash",
    severity: Severity::Warning,
    summary: "a link with a doubled slash",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a folder that has no page.
pub static LINK_TO_FOLDER: Rule = Rule {
    code: "link-to-folder",
    severity: Severity::Warning,
    summary: "a link to a folder that has no page",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a page that is not published.
pub static LINK_TO_DRAFT: Rule = Rule {
    code: "link-to-draft",
    severity: Severity::Error,
    summary: "a link to a page that is not published",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a file outside the knowledge base.
pub static LINK_OUTSIDE: Rule = Rule {
    code: "link-outside",
    severity: Severity::Error,
    summary: "a link to a file outside the knowledge base",
    explanation: "",
    bad: "",
    good: "",
};

/// A link to a file that is never published.
pub static LINK_TO_PRIVATE: Rule = Rule {
    code: "link-to-private",
    severity: Severity::Error,
    summary: "a link to a file that is never published",
    explanation: "",
    bad: "",
    good: "",
};

/// A wiki link that fits several pages.
pub static AMBIGUOUS_LINK: Rule = Rule {
    code: "ambiguous-link",
    severity: Severity::Error,
    summary: "a wiki link that fits several pages",
    explanation: "",
    bad: "",
    good: "",
};

/// Aliases that lead back to themselves.
pub static ALIAS_LOOP: Rule = Rule {
    code: "alias-loop",
    severity: Severity::Error,
    summary: "aliases that lead back to themselves",
    explanation: "",
    bad: "",
    good: "",
};

/// An alias that leads to another alias.
pub static ALIAS_CHAIN: Rule = Rule {
    code: "alias-chain",
    severity: Severity::Error,
    summary: "an alias that leads to another alias",
    explanation: "",
    bad: "",
    good: "",
};

/// A page that no other page links to.
pub static ORPHAN_PAGE: Rule = Rule {
    code: "orphan-page",
    severity: Severity::Note,
    summary: "a page that no other page links to",
    explanation: "",
    bad: "",
    good: "",
};
