//! YAML as a tree whose every key and value knows where it stands.
//!
//! In: a piece of a [`SourceFile`]. Out: a [`Node`], scalars kept as the text that was written
//! (`no` stays "no", `1.10` stays "1.10"), or findings. Input budgets (depth, aliases, size) hold
//! here. Not here: what a key means (`config`, `parse::front_matter`, `model::owners`).
//!
//! [`SourceFile`]: crate::source::SourceFile

mod problem;

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle};

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{SharedFile, Span, Spanned};
use problem::Problem;

/// Levels of nesting; content needs five.
pub const MAX_DEPTH: usize = 64;

/// What anchors and aliases may copy altogether, in nodes and bytes of text. An alias bomb is over
/// it at its fourth level, before anything large was made.
const MAX_COPIED: usize = 1 << 18;

/// A YAML value with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands in the file.
    pub span: Span,
}

/// A YAML value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    #[default]
    Null,
    /// A scalar as written.
    Text {
        /// The text, quotes and escapes resolved.
        text: String,
        /// Whether it was quoted or a block scalar, so certainly meant as text.
        quoted: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a list; one value alone is a list of one, nothing an empty one.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Null => &[],
            Value::List(items) => items,
            Value::Text { .. } | Value::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The entries of a mapping, in the order written; none for anything else.
    pub fn entries(&self) -> &[(Spanned<String>, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// What it is, for a message: `a list`, `some keys`, `nothing`, or the text in backticks.
    pub fn what(&self) -> String {
        match &self.value {
            Value::Null => "nothing".into(),
            Value::Text { text, .. } if text.chars().count() > 40 || text.contains('\n') => {
                format!("`{}…`", text.lines().next().unwrap_or_default().chars().take(40).collect::<String>())
            }
            Value::Text { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a group of keys".into(),
        }
    }
}

/// Which rules a parse reports under: front matter and config word the same faults differently.
#[derive(Clone, Copy, Debug)]
pub struct YamlRules {
    /// Anything that is not YAML.
    pub syntax: &'static Rule,
    /// A key that stands twice.
    pub duplicate: &'static Rule,
}

/// Parses the YAML in `span` of `file`. An empty text gives `Value::Null`. On an error the findings
/// are returned alone: half a tree would mislead.
pub fn parse(file: &SharedFile, span: Span, rules: YamlRules) -> Result<Node, Vec<Diagnostic>> {
    let text = file.slice(span);
    let mut builder = Builder::new(text);
    match builder.run() {
        Ok(()) if builder.duplicates.is_empty() => {
            let mut node = builder.root.unwrap_or_default();
            shift(&mut node, span.start);
            Ok(node)
        }
        Ok(()) => Err(builder
            .duplicates
            .iter()
            .map(|duplicate| {
                let at = |place: Span| moved(place, span.start);
                Diagnostic::new(rules.duplicate, format!("the key `{}` stands twice", duplicate.key))
                    .at(file, at(duplicate.second), "a second time")
                    .and(file, at(duplicate.first), "first here")
                    .help("keep one of the two")
            })
            .collect()),
        Err(problem) => {
            let mut found = Diagnostic::new(rules.syntax, problem.message).at(
                file,
                moved(problem.span, span.start),
                problem.label,
            );
            found.help = problem.help;
            Err(vec![found])
        }
    }
}

fn moved(span: Span, by: u32) -> Span {
    Span { start: span.start + by, end: span.end + by }
}

/// Moves the spans of a tree from the piece to the file. Its depth is bounded by [`MAX_DEPTH`].
fn shift(node: &mut Node, by: u32) {
    node.span = moved(node.span, by);
    match &mut node.value {
        Value::Null | Value::Text { .. } => {}
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Value::Map(entries) => {
            for (key, value) in entries {
                key.span = moved(key.span, by);
                shift(value, by);
            }
        }
    }
}

/// A key that stands twice in one mapping.
struct Duplicate {
    key: String,
    first: Span,
    second: Span,
}

/// An anchored node, ready to be copied.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

/// A list or mapping that is still open.
struct Open {
    start: Span,
    flow: bool,
    anchor: usize,
    /// Deepest nesting below it, counted from it.
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<(Spanned<String>, Node)>,
    /// Keys so far and where they stand.
    seen: BTreeMap<String, Span>,
    /// The key whose value comes next.
    key: Option<Key>,
    /// Groups taken in by `<<`.
    merged: Vec<Node>,
}

struct Key {
    name: Spanned<String>,
    merge: bool,
}

/// Makes a tree of events, with a stack of its own instead of recursion.
struct Builder<'t> {
    text: &'t str,
    root: Option<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    copied: usize,
    duplicates: Vec<Duplicate>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            root: None,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            copied: 0,
            duplicates: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), Problem> {
        let options = granit_parser::options! {
            disallow_directives: true,
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut documents = 0;
        let mut last = 0;
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = next.map_err(|error| problem::of_scan_error(self.text, &error, last))?;
            let span = self.span(&place);
            if let Some(tag) = place.tag_span().or(place.tag_start.map(granit_parser::Span::empty)) {
                return Err(problem::tag(self.text, self.span(&tag)));
            }
            last = last.max(span.start as usize);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(problem::second_document(span));
                    }
                }
                Event::Scalar(text, style, anchor, _) => {
                    let node = scalar(&text, style, self.trimmed(span));
                    let plain = style == ScalarStyle::Plain;
                    self.add(node, anchor, plain, 0)?;
                }
                Event::SequenceStart(style, anchor, _) => {
                    self.start(span, style, anchor, Content::List(Vec::new()))?;
                }
                Event::MappingStart(style, anchor, _) => {
                    self.start(span, style, anchor, Content::Map(OpenMap::default()))?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Alias(id) => self.alias(id, span)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn span(&self, place: &granit_parser::Span) -> Span {
        let at = |marker: &granit_parser::Marker| marker.byte_offset().unwrap_or(0).min(self.text.len());
        Span::new(at(&place.start), at(&place.end))
    }

    /// Without the line ends that block scalars and folded plain scalars take in.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.text.get(span.range()).unwrap_or_default();
        Span::new(span.start as usize, span.start as usize + text.trim_end().len())
    }

    fn start(
        &mut self,
        start: Span,
        style: StructureStyle,
        anchor: usize,
        content: Content,
    ) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(problem::too_deep(start));
        }
        self.open.push(Open { start, flow: style == StructureStyle::Flow, anchor, depth: 1, content });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (value, last) = match open.content {
            Content::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::List(items), last)
            }
            Content::Map(OpenMap { mut entries, mut seen, merged, .. }) => {
                let last = entries.iter().map(|(key, node)| key.span.end.max(node.span.end)).max();
                for node in merged {
                    let Value::Map(more) = node.value else { continue };
                    for (key, value) in more {
                        if !seen.contains_key(&key.value) {
                            seen.insert(key.value.clone(), key.span);
                            entries.push((key, value));
                        }
                    }
                }
                (Value::Map(entries), last)
            }
        };
        // A block ends where its last entry does; the event stands at the next token.
        let end = if open.flow { end.end } else { last.unwrap_or(open.start.end) };
        let span = Span::new(open.start.start as usize, end.max(open.start.start) as usize);
        self.add(Node { value, span }, open.anchor, false, open.depth)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Problem> {
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(problem::self_reference(self.text, span));
        };
        self.copied += anchored.size;
        if self.copied > MAX_COPIED {
            return Err(problem::too_many_copies(span));
        }
        if self.open.len() + anchored.depth > MAX_DEPTH {
            return Err(problem::too_deep(span));
        }
        let (node, depth) = (Node { span, ..anchored.node.clone() }, anchored.depth);
        self.add(node, 0, false, depth)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, anchor: usize, plain: bool, depth: usize) -> Result<(), Problem> {
        if anchor != 0 {
            let size = size(&node);
            self.copied += size;
            if self.copied > MAX_COPIED {
                return Err(problem::too_many_copies(node.span));
            }
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, depth });
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        parent.depth = parent.depth.max(depth + 1);
        let map = match &mut parent.content {
            Content::List(items) => {
                items.push(node);
                return Ok(());
            }
            Content::Map(map) => map,
        };
        let Some(Key { name, merge }) = map.key.take() else {
            let key = key(self.text, node, plain, parent.flow)?;
            let Spanned { value, span } = key.name.clone();
            if let Some(first) = map.seen.get(&value) {
                self.duplicates.push(Duplicate { key: value, first: *first, second: span });
            } else {
                map.seen.insert(value, span);
            }
            map.key = Some(key);
            return Ok(());
        };
        if !merge {
            map.entries.push((name, node));
        } else if node.items().iter().all(|item| matches!(item.value, Value::Map(_))) {
            map.merged.extend(node.items().iter().cloned());
        } else {
            return Err(problem::merge_of_scalars(node.span));
        }
        Ok(())
    }
}

/// A node in the place of a key.
fn key(text: &str, node: Node, plain: bool, flow: bool) -> Result<Key, Problem> {
    let span = node.span;
    let before = text.get(..span.start as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    if !flow && before[line..].contains('\t') {
        return Err(problem::tab(text, line));
    }
    let value = match node.value {
        Value::Text { text, .. } => text,
        Value::Null if span.is_empty() => return Err(problem::no_key(span)),
        Value::Null => text.get(span.range()).unwrap_or_default().to_owned(),
        Value::List(_) | Value::Map(_) => return Err(problem::complex_key(text, span)),
    };
    let merge = plain && value == "<<";
    Ok(Key { name: Spanned { value, span }, merge })
}

fn scalar(text: &str, style: ScalarStyle, span: Span) -> Node {
    let quoted = style != ScalarStyle::Plain;
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" if !quoted => Value::Null,
        _ => Value::Text { text: text.to_owned(), quoted },
    };
    Node { value, span }
}

/// Nodes and bytes of text of a tree. Its depth is bounded by [`MAX_DEPTH`].
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Null => 0,
        Value::Text { text, .. } => text.len(),
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| key.value.len() + size(value)).sum(),
    }
}

#[cfg(test)]
mod tests;
