//! Where front matter begins and ends.
//!
//! In: a page's text. Out: the spans of the block, its YAML and the body. A `---` in the first line
//! may as well be a line across the page; what follows it decides.

use crate::source::Span;

/// What stands at the top of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// No front matter.
    None,
    /// A block of YAML.
    Yaml {
        /// The fences and what is between.
        block: Span,
        /// What is between.
        yaml: Span,
        /// What is behind.
        body: Span,
    },
    /// A block without its end.
    Unclosed {
        /// The opening fence.
        fence: Span,
    },
    /// A block of TOML.
    Toml {
        /// The opening fence.
        fence: Span,
    },
}

/// Looks at the top of a page.
pub(super) fn split(text: &str) -> Split {
    let first = text.lines().next().unwrap_or_default();
    let rest = first.len() + usize::from(text.len() > first.len());
    let fence = Span::new(0, 3);
    match first.trim_end() {
        "---" => {}
        "+++" => {
            let closed = text[rest..].lines().any(|line| line.trim_end() == "+++");
            return if closed || looks_like_entry(&text[rest..], '=') {
                Split::Toml { fence }
            } else {
                Split::None
            };
        }
        _ => return Split::None,
    }
    let after = &text[rest..];
    let is_key = looks_like_entry(after, ':');
    // A blank line below and no key: a line across the page.
    if !is_key && after.lines().next().is_some_and(|line| line.trim().is_empty()) && !begins_with_key(after) {
        return Split::None;
    }
    let mut at = rest;
    for line in after.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Split::Yaml {
                block: Span::new(0, at + 3),
                yaml: Span::new(rest, at),
                body: Span::new(at + line.len(), text.len()),
            };
        }
        at += line.len();
    }
    if is_key { Split::Unclosed { fence } } else { Split::None }
}

/// Whether the first line that is no comment is a key with this mark behind it.
fn looks_like_entry(text: &str, mark: char) -> bool {
    let line = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    let Some((key, value)) = line.split_once(mark) else { return false };
    let key = key.trim_end().trim_matches(['"', '\'']);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let key_only = !key.is_empty() && key.chars().all(word);
    key_only && (mark != ':' || value.is_empty() || value.starts_with([' ', '\t']))
}

/// Whether the first line that is not blank is a key, or the fence closes at once.
fn begins_with_key(text: &str) -> bool {
    let trimmed = text.trim_start_matches(['\n', ' ', '\t']);
    let first = trimmed.lines().next().unwrap_or_default().trim_end();
    first == "---" || looks_like_entry(trimmed, ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The YAML and the body, or what else was seen.
    fn parts(text: &str) -> (&str, &str) {
        match split(text) {
            Split::None => ("none", text),
            Split::Yaml { yaml, body, .. } => (&text[yaml.range()], &text[body.range()]),
            Split::Unclosed { .. } => ("unclosed", text),
            Split::Toml { .. } => ("toml", text),
        }
    }

    #[test]
    fn fences_may_have_trailing_blanks_and_end_in_dots() {
        assert_eq!(parts("---\na: 1\n---\nx\n"), ("a: 1\n", "x\n"));
        assert_eq!(parts("--- \t\na: 1\n---  \nx"), ("a: 1\n", "x"));
        assert_eq!(parts("---\na: 1\n...\nx"), ("a: 1\n", "x"));
        assert_eq!(parts("---\na: 1\n---"), ("a: 1\n", ""));
        assert_eq!(parts("---\n---\nx"), ("", "x"));
        assert_eq!(parts("---\n\na: 1\n---\nx"), ("\na: 1\n", "x"));
    }

    #[test]
    fn a_line_across_the_page_is_no_front_matter() {
        for text in [
            "---\nSome prose.\n",
            "---\n\nProse with: a colon\n\n---\nmore\n",
            "---",
            "----\na: 1\n---\n",
            "\n---\na: 1\n---\n",
            "--- a\n",
            "+++\nx\n",
            "",
        ] {
            assert_eq!(parts(text).0, "none", "{text:?}");
        }
    }

    #[test]
    fn an_open_block_of_keys_and_toml_are_seen() {
        for text in ["---\ntitle: x\n\n# Heading\n", "---\n# note\ntitle:\n", "---\n\"a b\": 1\n"] {
            let expected = if text.contains("a b") { "none" } else { "unclosed" };
            assert_eq!(parts(text).0, expected, "{text:?}");
        }
        for text in ["+++\ntitle = \"x\"\n+++\n", "+++\ntitle = 1\n", "+++\n[a]\n+++\n"] {
            assert_eq!(parts(text).0, "toml", "{text:?}");
        }
    }
}
