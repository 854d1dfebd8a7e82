//! The config and the theme.

use crate::diagnostic::{Rule, Severity};

/// A config that is not valid YAML.
pub static CONFIG_SYNTAX: Rule = Rule {
    code: "config-syntax",
    severity: Severity::Error,
    summary: "a config that is not valid YAML",
    explanation: "`docent.yaml` must be valid YAML; otherwise nothing is built, since half a config could \
        publish what should stay private. The frame shows the place. Indent with spaces, quote \
        values that hold `: ` or begin with `@`, `*` or a backtick.",
    bad: "title: Fernhill: Support\n",
    good: "title: \"Fernhill: Support\"\n",
};

/// A key that the config does not have.
pub static UNKNOWN_CONFIG_KEY: Rule = Rule {
    code: "unknown-config-key",
    severity: Severity::Error,
    summary: "a key that the config does not have",
    explanation: "A key that Docent does not know has no effect, and that can do harm: a misspelt `exclude` \
        publishes private pages. So every unknown key in `docent.yaml` is an error, with the nearest \
        known key. `docent schema config` lists them all.",
    bad: "exclude_docs: [\"private/**\"]\n",
    good: "exclude: [\"private/**\"]\n",
};

/// A config value of the wrong type or meaning.
pub static INVALID_CONFIG: Rule = Rule {
    code: "invalid-config",
    severity: Severity::Error,
    summary: "a config value of the wrong type or meaning",
    explanation: "A value in `docent.yaml` has the wrong type or cannot mean anything: an address without its \
        scheme, a path pattern that is never closed, a kind or a rule that does not exist. Nothing \
        is built until it is mended. `docent schema config` says what each key takes.",
    bad: "base_url: kb.example.com/docs\n",
    good: "base_url: https://kb.example.com/docs/\n",
};

/// A template that cannot be used.
pub static TEMPLATE_ERROR: Rule = Rule {
    code: "template-error",
    severity: Severity::Error,
    summary: "a template that cannot be used",
    explanation: "A template of the theme has a wrong syntax, names something that does not exist, or \
asks for more than one page may take. The message says which page was being rendered, if the fault \
shows only then.

Every variable that templates know is listed in `themes/default/README.md`; a field that some pages lack is read with \
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

/// A file of a theme that nothing uses.
pub static UNUSED_THEME_FILE: Rule = Rule {
    code: "unused-theme-file",
    severity: Severity::Warning,
    summary: "a file of a theme that nothing uses",
    explanation: "A file of a theme takes the place of the file of the same name in the default theme. This one \
                  has nearly the name of one and is named by no other file of the theme, so it changes nothing. \
                  Rename it.",
    bad: "themes/default/templates/pgae.html",
    good: "themes/default/templates/page.html",
};
