//! Values of the config: each read, or a finding with its place and an example.
//!
//! In: nodes of the config's YAML. Out: typed values. Not here: which keys there are (`keys`).

use globset::{ErrorKind, GlobBuilder, GlobMatcher};

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
        self.findings.push(if let Some(near) = nearest(&key.value, known.clone()) {
            found.meant(near)
        } else {
            let all: Vec<_> = known.map(|name| format!("`{name}`")).collect();
            found.help(format!("known keys: {}", all.join(", ")))
        });
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
        let found = Diagnostic::new(&INVALID_CONFIG, message).at(self.file, node.span, "");
        self.findings.push(match nearest(written, words.iter().map(|(word, _)| *word)) {
            Some(near) => found.meant(near),
            None => found.help(format!("write it as in `{}`", self.key.example)),
        });
        None
    }

    /// A list of names, such as paths and hosts: a bare number, `true` or `false` is none, unless
    /// quotes say that it is meant.
    pub fn names(&mut self, node: &Node, name: &str, wants: &str) -> Vec<Spanned<String>> {
        for item in node.items().iter().filter(|item| is_bare_value(item)) {
            self.wrong_type(item, name, wants);
        }
        let mut texts = self.texts(node, name);
        texts.retain(|text| !node.items().iter().any(|item| item.span == text.span && is_bare_value(item)));
        texts
    }

    /// A list of globs.
    pub fn globs(&mut self, node: &Node, name: &str) -> Vec<GlobMatcher> {
        let patterns = self.names(node, name, "a list of path patterns");
        patterns.iter().filter_map(|pattern| self.glob(pattern, glob(&pattern.value))).collect()
    }

    /// A glob that was read, or a finding at the character that is wrong.
    pub fn glob(
        &mut self,
        pattern: &Spanned<String>,
        read: Result<GlobMatcher, BadPattern>,
    ) -> Option<GlobMatcher> {
        match read {
            Ok(matcher) => Some(matcher),
            Err(BadPattern { message, at }) => {
                // Between its quotes a pattern stands as it is, unless it has escapes.
                let written = self.file.slice(pattern.span).find(&pattern.value);
                let span = match (written, at) {
                    (Some(start), Some(at)) => {
                        let start = pattern.span.start as usize + start + at;
                        Span::new(start, start + 1)
                    }
                    _ => pattern.span,
                };
                let message = format!("`{}` is not a path pattern: {message}", shortened(&pattern.value));
                let help = "`*` stands for any part of a name, `**` for any folders, `{a,b}` for `a` or `b`";
                self.invalid(span, message, help);
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

/// Whether YAML takes a value for a number or for `true` or `false`.
fn is_bare_value(node: &Node) -> bool {
    let Value::Text { text, quoted: false } = &node.value else { return false };
    truth(node).is_some() || text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}

/// What is wrong with a path pattern, and at which byte of it.
#[derive(Debug)]
pub(crate) struct BadPattern {
    /// Follows `is not a path pattern: `.
    pub message: String,
    at: Option<usize>,
}

/// A path pattern: `*` does not cross a `/`, `**` does; a leading `/` or `./` means nothing.
pub(crate) fn glob(pattern: &str) -> Result<GlobMatcher, BadPattern> {
    let bare = pattern.strip_prefix("./").unwrap_or(pattern).trim_start_matches('/');
    let whole = if bare.ends_with('/') { format!("{bare}**") } else { bare.to_owned() };
    build(&whole, pattern)
}

/// A pattern of root-relative addresses; `/x/**` holds `/x` itself too.
pub(super) fn address_glob(pattern: &str) -> Result<GlobMatcher, BadPattern> {
    match pattern.strip_suffix("/**").or_else(|| pattern.strip_suffix('/')) {
        Some("") => build("/**", pattern),
        Some(folder) => build(&format!("{{{folder},{folder}/**}}"), pattern),
        None => build(pattern, pattern),
    }
}

/// A pattern of tags: `*` stands for anything, case does not count.
pub(super) fn tag_glob(pattern: &str) -> Result<GlobMatcher, BadPattern> {
    let read = GlobBuilder::new(pattern).case_insensitive(true).backslash_escape(true).build();
    read.map(|glob| glob.compile_matcher()).map_err(|error| fault(pattern, error.kind()))
}

/// Braces beyond this make a pattern that the matcher cannot compile.
const MAX_BRACES: usize = 16;

fn build(whole: &str, written: &str) -> Result<GlobMatcher, BadPattern> {
    if let Some((at, _)) = written.match_indices('{').nth(MAX_BRACES) {
        return Err(BadPattern { message: format!("it has more than {MAX_BRACES} `{{`"), at: Some(at) });
    }
    // A fault of what was written, not of what was made of it.
    let read =
        |pattern: &str| GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
    match read(written).and_then(|_| read(whole)) {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => Err(fault(written, error.kind())),
    }
}

/// The matcher's complaint in words for people, with the character that it is about.
fn fault(pattern: &str, kind: &ErrorKind) -> BadPattern {
    let (message, at) = match kind {
        ErrorKind::UnclosedClass => ("its `[` is never closed by `]`".to_owned(), pattern.rfind('[')),
        ErrorKind::UnclosedAlternates => {
            ("its `{` is never closed by `}`".to_owned(), unpaired(pattern, '{'))
        }
        ErrorKind::UnopenedAlternates => ("its `}` closes no `{`".to_owned(), unpaired(pattern, '}')),
        ErrorKind::InvalidRange(from, to) => {
            let range = format!("{from}-{to}");
            (format!("the range `{range}` runs backwards"), pattern.find(&range))
        }
        ErrorKind::DanglingEscape => {
            (r"its last `\` stands before nothing".to_owned(), pattern.len().checked_sub(1))
        }
        other => (other.to_string(), None),
    };
    BadPattern { message, at }
}

/// The brace that has no partner: the last `{` that is still open, or the first `}` too many.
fn unpaired(pattern: &str, wanted: char) -> Option<usize> {
    let mut open = Vec::new();
    for (at, letter) in pattern.char_indices() {
        match letter {
            '{' => open.push(at),
            '}' if open.pop().is_none() && wanted == '}' => return Some(at),
            _ => {}
        }
    }
    open.last().copied()
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
