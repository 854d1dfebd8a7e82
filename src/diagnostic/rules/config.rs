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
    explanation: "A template of the theme has a wrong syntax, names something that does not exist, or \
asks for more than one page may take. The message says which page was being rendered, if the fault \
shows only then.

Every variable that templates know is listed in the manual; a field that some pages lack is read with \
`?.`, as in `page.extra?.audience`. Templates must not include one another in a circle, a loop may not run \
without end, and list comprehensions are not available.",
    bad: "{% block main %}<h1>{{ page.titel }}</h1>{% endblock %}",
    good: "{% block main %}<h1>{{ page.title }}</h1>{% endblock %}",
};

/// Template output that is not escaped.
pub static TEMPLATE_AUTOESCAPE: Rule = Rule {
    code: "template-autoescape",
    severity: Severity::Error,
    summary: "template output that is not escaped",
    explanation: "`safe` tells a template that a text is HTML and need not be escaped. On a title, a tag or \
any other text of an author it would let that text change the page, or run a script in it.

What is HTML is marked as such already: `content`, `nav` and `sprite`. Leave `| safe` out everywhere else; \
it has no effect there.",
    bad: "<h1>{{ page.title | safe }}</h1>",
    good: "<h1>{{ page.title }}</h1>",
};
