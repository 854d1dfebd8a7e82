//! A page's bytes and new values of some keys → the page's bytes, changed in nothing else.
//!
//! In: a file as it is on disk. Out: the same file with keys of its front matter set or removed. The
//! lines of those keys change; comments, order, quotes, line ends, a byte order mark and the body stay
//! as they are. A key is changed where it stands: under the name of another tool, in the group
//! `freshness:`, in braces. The result is read again, and if it says anything else than before, or
//! not what was wanted, the edit is refused: a file is never damaged. Not here: reading and writing
//! files.

use std::fmt::Write as _;
use std::sync::Arc;

use super::names::long_name;
use crate::diagnostic::rules::front_matter::{DUPLICATE_KEY, FRONT_MATTER_SYNTAX};
use crate::parse::front_matter::{NoYaml, find_yaml};
use crate::source::{SharedFile, SourceFile, Span, Spanned};
use crate::yaml::{self, Node, Value, YamlRules};

/// A new value for a key, by its name of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `reviewed`.
    pub key: &'static str,
    /// What it says from now on; `None` takes the key away.
    pub value: Option<NewValue>,
}

/// What a key says from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// A text, quoted where YAML needs it.
    Text(String),
    /// A whole number.
    Number(i32),
    /// A group of keys, written in braces.
    Group(Vec<(&'static str, NewValue)>),
    /// A list, written in brackets.
    List(Vec<String>),
}

/// Why a page was not edited, as the end of a sentence that begins with its path, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// Sets and removes keys of the front matter; adds front matter if there is none.
pub fn edit(path: &str, bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, Refused> {
    let mut text = String::from_utf8(bytes.to_vec())
        .map_err(|_| Refused("is not UTF-8; save it as UTF-8 first".into()))?;
    let before = Page::read(path, &text)?;
    for change in changes {
        let page = Page::read(path, &text)?;
        if let Some((span, new)) = page.plan(change) {
            text.replace_range(page.on_disk(span), &new);
        }
    }
    let after = Page::read(path, &text)?;
    let keys: Vec<&str> = changes.iter().map(|change| change.key).collect();
    let says = |change: &Change| match (after.find(change.key), &change.value) {
        (Some(found), Some(value)) => plain(found.value) == for_key(found.name, value).plain(),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let same = before.others(&keys) == after.others(&keys) && before.body() == after.body();
    if same && changes.iter().all(says) {
        return Ok(text.into_bytes());
    }
    Err(Refused("has front matter that cannot be edited safely; edit it by hand".into()))
}

/// A page that is being edited.
struct Page {
    file: SharedFile,
    yaml: Option<Span>,
    root: Node,
    /// How its lines end.
    newline: &'static str,
    /// Bytes of a byte order mark.
    mark: usize,
}

/// A key where it stands.
struct Found<'p> {
    name: &'p str,
    key: Span,
    value: &'p Node,
    /// Stands in braces.
    flow: bool,
}

impl Page {
    fn read(path: &str, text: &str) -> Result<Self, Refused> {
        let (file, problems) = SourceFile::decode(path, text.as_bytes().to_vec());
        if !problems.is_empty() {
            return Err(Refused("holds NUL bytes or is UTF-16; mend it first".into()));
        }
        let file = Arc::new(file);
        let yaml = find_yaml(file.text()).map_err(|none| {
            Refused(match none {
                NoYaml::Unclosed => "has front matter without a closing `---`; close it first".into(),
                NoYaml::Toml => "has front matter in TOML; write it as YAML first".into(),
            })
        })?;
        let rules = YamlRules { syntax: &FRONT_MATTER_SYNTAX, duplicate: &DUPLICATE_KEY };
        let root = match yaml {
            None => Node::default(),
            Some(span) => yaml::parse(&file, span, rules).map_err(|findings| {
                let why = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
                Refused(format!("has front matter that cannot be read ({why}); mend it first"))
            })?,
        };
        if !matches!(root.value, Value::Map(_) | Value::Null) {
            return Err(Refused("has front matter without keys; mend it first".into()));
        }
        let newline = match text.find(['\r', '\n']) {
            Some(at) if text[at..].starts_with("\r\n") => "\r\n",
            Some(at) if text[at..].starts_with('\r') => "\r",
            _ => "\n",
        };
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Ok(Self { file, yaml, root, newline, mark })
    }

    /// The place in the file on disk.
    fn on_disk(&self, span: Span) -> std::ops::Range<usize> {
        if self.file.text().is_empty() {
            return self.mark..self.mark;
        }
        let [start, end] = [span.start, span.end].map(|at| self.file.position(at).byte as usize);
        start..end
    }

    /// What to replace by what, in the text with `\n` ends; the new text has the page's line ends.
    fn plan(&self, change: &Change) -> Option<(Span, String)> {
        match (self.find(change.key), &change.value) {
            (None, None) => None,
            (Some(found), None) => Some((self.entry_span(&found), String::new())),
            (Some(found), Some(value)) => Some(self.replacement(&found, value)),
            (None, Some(value)) => Some(self.insertion(change.key, value)),
        }
    }

    /// The key under our name, else that of another tool, else in the group.
    fn find(&self, key: &str) -> Option<Found<'_>> {
        let group = || own(&self.root).find(|(name, _)| name.value == "freshness");
        self.find_in(&self.root, &|name| name == key)
            .or_else(|| self.find_in(&self.root, &|name| is_alias(name, key)))
            .or_else(|| self.find_in(&group()?.1, &|name| long_name(name) == Some(key)))
    }

    fn find_in<'p>(&'p self, map: &'p Node, means: &dyn Fn(&str) -> bool) -> Option<Found<'p>> {
        let (name, value) = own(map).find(|(name, _)| means(&name.value))?;
        let flow = self.file.slice(map.span).starts_with('{');
        Some(Found { name: &name.value, key: name.span, value, flow })
    }

    fn replacement(&self, found: &Found<'_>, value: &NewValue) -> (Span, String) {
        let old = self.file.slice(found.value.span);
        let between =
            &self.file.text()[found.key.end as usize..found.value.span.start.max(found.key.end) as usize];
        let quote = old.chars().next().filter(|c| matches!(c, '"' | '\''));
        let new = for_key(found.name, value).render(quote, found.flow);
        if !old.is_empty() && !old.contains('\n') && !between.contains('\n') && !old.starts_with(['|', '>']) {
            return (found.value.span, new);
        }
        // Nothing yet, or lines of its own: it goes right behind the colon.
        let text = &self.file.text()[found.key.end as usize..];
        let colon = found.key.end as usize + text.find(':').map_or(0, |at| at + 1);
        let end = if old.is_empty() { colon } else { found.value.span.end as usize };
        (Span::new(colon, end), format!(" {new}"))
    }

    /// An entry with all that goes when it goes: its lines, or in braces its comma.
    fn entry_span(&self, found: &Found<'_>) -> Span {
        let text = self.file.text();
        let (start, end) = (found.key.start as usize, self.end_of(found.key, found.value));
        if !found.flow {
            let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
            return Span::new(start, line_end(text, end));
        }
        let behind = text[end..].len() - text[end..].trim_start().len();
        if text[end + behind..].starts_with(',') {
            let rest = &text[end + behind + 1..];
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            return Span::new(start, end + behind + 1 + blanks);
        }
        let before = text[..start].trim_end();
        Span::new(before.strip_suffix(',').map_or(start, str::len), end)
    }

    fn insertion(&self, key: &str, value: &NewValue) -> (Span, String) {
        let nl = self.newline;
        let Some(yaml) = self.yaml else {
            let blank = self.file.text().lines().next().is_some_and(|line| !line.trim().is_empty());
            let gap = if blank { nl } else { "" };
            let line = format!("{key}: {}", value.render(None, false));
            return (Span::default(), format!("---{nl}{line}{nl}---{nl}{gap}"));
        };
        let text = self.file.text();
        let root = self.file.slice(self.root.span);
        if root.starts_with('{') {
            let close = self.root.span.end as usize - 1;
            let inside = text[..close].trim_end();
            let comma = if inside.ends_with(['{', ',']) { "" } else { ", " };
            return (Span::new(close, close), format!("{comma}{key}: {}", value.render(None, true)));
        }
        let first = self.root.entries().first().filter(|_| !root.is_empty());
        let indent = first.map_or("", |_| {
            let start = self.root.span.start as usize;
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            &text[line..start]
        });
        let indent = if indent.trim().is_empty() { indent } else { "" };
        let siblings = own(&self.root)
            .filter(|(name, _)| long_name(&name.value).is_some_and(|name| name.starts_with("reviewed")));
        let after = siblings.map(|(name, value)| line_end(text, self.end_of(name.span, value))).max();
        let at = after.unwrap_or(yaml.end as usize);
        (Span::new(at, at), format!("{indent}{key}: {}{nl}", value.render(None, false)))
    }

    /// Where an entry ends; an empty value stands anywhere.
    fn end_of(&self, key: Span, value: &Node) -> usize {
        if !self.file.slice(value.span).is_empty() {
            return value.span.end.max(key.end) as usize;
        }
        let text = &self.file.text()[key.end as usize..];
        key.end as usize + text.find(':').map_or(0, |at| at + 1)
    }

    /// What the other keys say.
    fn others(&self, changed: &[&str]) -> Vec<(String, String)> {
        let ours = |name: &str| long_name(name).is_some_and(|name| changed.contains(&name));
        let mut others = Vec::new();
        for (name, value) in self.root.entries() {
            if name.value == "freshness" && !value.entries().is_empty() {
                let grouped = value.entries().iter().filter(|(name, _)| !ours(&name.value));
                others.extend(grouped.map(|(key, value)| (format!("freshness.{}", key.value), plain(value))));
            } else if !ours(&name.value) && (name.value != "freshness" || value.value != Value::Null) {
                others.push((name.value.clone(), plain(value)));
            }
        }
        others
    }

    fn body(&self) -> &str {
        let text = self.file.text();
        match self.yaml {
            None => text.trim_start_matches('\n'),
            Some(yaml) => text[line_end(text, yaml.end as usize)..].trim_start_matches('\n'),
        }
    }
}

type Entry = (Spanned<String>, Node);

/// The entries of a group that are written in it, and not taken in from elsewhere.
fn own(map: &Node) -> impl Iterator<Item = &Entry> {
    let entries = map.entries();
    let elsewhere =
        move |key: Span| !map.span.contains(key) || entries.iter().any(|(_, value)| value.span.contains(key));
    entries.iter().filter(move |(name, _)| !elsewhere(name.span))
}

/// The end of the line that holds a byte, its line end included.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Whether a key at the top is another tool's name for one of ours.
fn is_alias(name: &str, key: &str) -> bool {
    let aliases = crate::config::builtin::every_page().iter().find(|field| field.name == key);
    aliases.is_some_and(|field| field.aliases.iter().any(|alias| alias == name))
}

/// The value in the form that the key of another tool has.
fn for_key(name: &str, value: &NewValue) -> NewValue {
    if let NewValue::Text(text) = value
        && name == "ms.date"
        && let [year, month, day] = text.split('-').collect::<Vec<_>>()[..]
    {
        return NewValue::Text(format!("{month}/{day}/{year}"));
    }
    value.clone()
}

/// What a value says, without places and quotes.
fn plain(node: &Node) -> String {
    match &node.value {
        Value::Null => "~".into(),
        Value::Text { text, .. } => text.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join("\n")),
        Value::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{}: {}", key.value, plain(value))).collect();
            format!("{{{}}}", entries.join("\n"))
        }
    }
}

impl NewValue {
    /// As [`plain`] writes it.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::List(items) => format!("[{}]", items.join("\n")),
            Self::Group(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", value.plain())).collect();
                format!("{{{}}}", entries.join("\n"))
            }
        }
    }

    fn render(&self, quote: Option<char>, flow: bool) -> String {
        match self {
            Self::Text(text) => scalar(text, quote, flow),
            Self::Number(number) => number.to_string(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| scalar(item, None, true)).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Group(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", value.render(None, true)))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// A text as YAML: bare if every reader takes it for the same text, else with the quotes that the old
/// value had.
fn scalar(text: &str, quote: Option<char>, flow: bool) -> String {
    let printable =
        !text.chars().any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}');
    match quote {
        Some('\'') if printable => format!("'{}'", text.replace('\'', "''")),
        None if is_bare(text, flow) => text.to_owned(),
        _ => {
            let mut quoted = String::from("\"");
            for c in text.chars() {
                match c {
                    '"' | '\\' => quoted.extend(['\\', c]),
                    '\n' => quoted.push_str("\\n"),
                    '\t' => quoted.push_str("\\t"),
                    c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                        let _ = write!(quoted, "\\u{:04X}", c as u32);
                    }
                    c => quoted.push(c),
                }
            }
            quoted.push('"');
            quoted
        }
    }
}

/// Whether YAML takes a bare text for just that text.
fn is_bare(text: &str, flow: bool) -> bool {
    let words = ["null", "true", "false", "yes", "no", "on", "off", "~", "y", "n"];
    let letters = |c: char| c.is_alphanumeric() || " _-./:@+%()".contains(c);
    let number =
        text.parse::<f64>().is_ok() || text.bytes().all(|b| b.is_ascii_digit() || b"_.:eExo".contains(&b));
    let starts = text.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    let colon = text.contains(": ") || text.ends_with([' ', ':']) || (flow && text.contains(':'));
    let word = words.iter().any(|word| text.eq_ignore_ascii_case(word));
    starts && text.chars().all(letters) && !colon && !number && !word
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
