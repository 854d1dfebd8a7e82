//! Values of the config: each read, or a finding with its place and an example.
//!
//! In: nodes of the config's YAML. Out: typed values. Not here: which keys there are (`keys`).

use globset::{Glob, GlobBuilder, GlobMatcher};

use super::keys::Key;
use crate::diagnostic::rules::config::{INVALID_CONFIG, UNKNOWN_CONFIG_KEY};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{Node, Value};

/// Reads values and keeps what was wrong with them.
pub(super) struct Reader<'f> {
    /// The config file.
    pub file: &'f SharedFile,
    /// The key that is being read, for examples.
    pub key: &'static Key,
    /// What was wrong so far.
    pub findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A value that is understood but cannot be used.
    pub fn invalid(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let found = Diagnostic::new(&INVALID_CONFIG, message).at(self.file, span, "").help(help);
        self.findings.push(found);
    }

    /// A value of the wrong type; `name` is the key as the user wrote it, dots between levels.
    pub fn wrong_type(&mut self, node: &Node, name: &str, wants: &str) {
        let message = format!("`{name}` takes {wants}, not {}", node.what());
        let span = if node.span.is_empty() { Span { end: node.span.start, ..node.span } } else { node.span };
        self.invalid(span, message, format!("write it as in `{}`", self.key.example));
    }

    /// A key that does not exist.
    pub fn unknown_key<'k>(
        &mut self,
        key: &Spanned<String>,
        place: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        let message = format!("{place} no key `{}`", key.value);
        let found = Diagnostic::new(&UNKNOWN_CONFIG_KEY, message).at(self.file, key.span, "unknown key");
        let help = if let Some(near) = nearest(&key.value, known.clone()) {
            format!("did you mean `{near}`?")
        } else {
            let all: Vec<_> = known.map(|name| format!("`{name}`")).collect();
            format!("known keys: {}", all.join(", "))
        };
        self.findings.push(found.help(help));
    }

    /// A text on one line that is not empty.
    pub fn text(&mut self, node: &Node, name: &str) -> Option<String> {
        match node.text().map(str::trim) {
            Some(text) if !text.is_empty() && !text.contains('\n') => Some(text.to_owned()),
            _ => {
                self.wrong_type(node, name, "a text on one line");
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn bool(&mut self, node: &Node, name: &str) -> Option<bool> {
        let value = truth(node);
        if value.is_none() {
            self.wrong_type(node, name, "`true` or `false`");
        }
        value
    }

    /// A list of texts; one alone is a list of one.
    pub fn texts(&mut self, node: &Node, name: &str) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        for item in node.items() {
            if let Some(value) = item.text().filter(|text| !text.trim().is_empty()) {
                texts.push(Spanned { value: value.trim().to_owned(), span: item.span });
            } else {
                self.wrong_type(item, name, "a list of texts");
            }
        }
        texts
    }

    /// A group of keys.
    pub fn entries<'n>(&mut self, node: &'n Node, name: &str) -> &'n [(Spanned<String>, Node)] {
        if !matches!(node.value, Value::Map(_)) {
            self.wrong_type(node, name, "a group of keys");
        }
        node.entries()
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, node: &Node, name: &str, words: &[(&'static str, T)]) -> Option<T> {
        let written = node.text().unwrap_or_default();
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
            return Some(*value);
        }
        let list: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{name}` is one of {}, not {}", list.join(", "), node.what());
        let help = match nearest(written, words.iter().map(|(word, _)| *word)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write it as in `{}`", self.key.example),
        };
        self.invalid(node.span, message, help);
        None
    }

    /// A list of globs.
    pub fn globs(&mut self, node: &Node, name: &str) -> Vec<GlobMatcher> {
        let texts = self.texts(node, name);
        texts.iter().filter_map(|text| self.glob(&text.value, text.span)).collect()
    }

    /// One glob.
    pub fn glob(&mut self, pattern: &str, span: Span) -> Option<GlobMatcher> {
        match glob(pattern) {
            Ok(matcher) => Some(matcher),
            Err(error) => {
                let message = format!("`{pattern}` is not a path pattern: {}", error.kind());
                self.invalid(span, message, "`*` stands for any part of a name, `**` for any folders");
                None
            }
        }
    }

    /// A path below the knowledge base, without `./` and slashes at its ends.
    pub fn path(&mut self, node: &Node, name: &str) -> Option<String> {
        let text = self.text(node, name)?;
        let path = text.trim_start_matches("./").trim_end_matches('/');
        let outside =
            text.starts_with('/') || text.contains('\\') || path.split('/').any(|part| part == "..");
        if outside {
            let message = format!("`{name}` must lie in the knowledge base, `{text}` does not");
            self.invalid(
                node.span,
                message,
                "write a path relative to the folder of `docent.yaml`, with `/`",
            );
            return None;
        }
        Some(if path == "." { String::new() } else { path.to_owned() })
    }

    /// A number of bytes: `2097152`, `2 MB`, `2 MiB`.
    pub fn size(&mut self, node: &Node, name: &str) -> Option<u64> {
        let size = node.text().and_then(size);
        if size.is_none() {
            self.wrong_type(node, name, "a number of bytes");
        }
        size
    }
}

/// `true` or `false`, not quoted.
pub(crate) fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        Value::Text { text, quoted: false } => match text.as_str() {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A path pattern: `*` does not cross a `/`, `**` does; a leading `/` or `./` means nothing.
pub(super) fn glob(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let bare = pattern.strip_prefix("./").unwrap_or(pattern).trim_start_matches('/');
    let whole = if bare.ends_with('/') { format!("{bare}**") } else { bare.to_owned() };
    build(&whole)
}

/// A pattern of root-relative addresses; `/x/**` holds `/x` itself too.
pub(super) fn address_glob(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    match pattern.strip_suffix("/**").or_else(|| pattern.strip_suffix('/')) {
        Some("") => build("/**"),
        Some(folder) => build(&format!("{{{folder},{folder}/**}}")),
        None => build(pattern),
    }
}

/// Braces beyond this make a pattern that the matcher cannot compile.
const MAX_BRACES: usize = 16;

fn build(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    if pattern.matches('{').count() > MAX_BRACES {
        // The matcher's own word for alternatives nested too deeply: one brace that is never closed.
        Glob::new("{")?;
    }
    let glob: Glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build()?;
    Ok(glob.compile_matcher())
}

fn size(text: &str) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" => 1 << 20,
        _ => return None,
    };
    number.checked_mul(unit).filter(|bytes| *bytes > 0)
}
