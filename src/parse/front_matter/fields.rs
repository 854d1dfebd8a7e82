//! The keys of front matter, one by one.
//!
//! In: a key and its value. Out: the typed member of [`FrontMatter`], or a finding. Which keys a
//! page may have comes from the table of kinds.

use super::FrontMatter;
use super::values::{parse_date, parse_length, parse_us_date};
use crate::config::Config;
use crate::config::kinds::{Field, FieldType};
use crate::config::names::find_address_problem;
use crate::config::read::truth;
use crate::diagnostic::rules::front_matter::{
    INVALID_DATE, INVALID_TAG, MISSING_FIELD, UNKNOWN_KEY, WRONG_TYPE,
};
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{Node, Value};

/// Longest tag, in letters.
const MAX_TAG: usize = 100;

/// Reads the keys of one page.
pub(super) struct FieldReader<'p> {
    file: &'p SharedFile,
    config: &'p Config,
    kind: &'p str,
    /// Every key that the page may have.
    known: Vec<&'p Field>,
    root: &'p Node,
    front: FrontMatter,
    findings: Vec<Diagnostic>,
}

impl<'p> FieldReader<'p> {
    pub fn new(
        file: &'p SharedFile,
        config: &'p Config,
        kind: &'p str,
        root: &'p Node,
        findings: Vec<Diagnostic>,
    ) -> Self {
        let known = config.kinds.find(kind).map(|kind| kind.keys().collect()).unwrap_or_default();
        Self { file, config, kind, known, root, front: FrontMatter::default(), findings }
    }

    pub fn finish(self) -> (FrontMatter, Vec<Diagnostic>) {
        (self.front, self.findings)
    }

    /// Reads one key.
    pub fn read(&mut self, key: &Spanned<String>, value: &Node) {
        let named = |field: &&Field| field.name == key.value;
        let meant =
            |field: &&Field| field.aliases.contains(&key.value) && self.root.get(&field.name).is_none();
        let Some(field) =
            self.known.iter().copied().find(named).or_else(|| self.known.iter().copied().find(meant))
        else {
            self.unknown(key);
            self.front.extra.push((key.clone(), value.clone()));
            return;
        };
        // An empty value is a key not yet filled in.
        if value.value == Value::Null {
            return;
        }
        match self.typed(&key.value, &field.kind, value) {
            Some(value) => self.keep(key, &field.name, value),
            None => self.front.unusable.push(Spanned { value: field.name.clone(), span: value.span }),
        }
    }

    /// Says which keys the kind requires and the page lacks.
    pub fn check_required(&mut self, block: Span) {
        for field in self.known.iter().filter(|field| field.required) {
            let absent = self.root.get(&field.name).is_none_or(|node| node.value == Value::Null);
            if !absent {
                continue;
            }
            let place = self.root.get("kind").or_else(|| self.root.get("layout")).map(|node| node.span);
            let empty_key = self.root.entries().iter().find(|(key, _)| key.value == field.name);
            let place = empty_key.map(|(key, _)| key.span).or(place);
            let fence = Span::new(0, if block.is_empty() { 0 } else { 3 });
            let message = format!("a page of kind `{}` needs the key `{}`", self.kind, field.name);
            let found = Diagnostic::new(&MISSING_FIELD, message).at(self.file, place.unwrap_or(fence), "");
            self.findings.push(found.help(format!(
                "add `{}: …`; it takes {}",
                field.name,
                field.kind.wants()
            )));
        }
    }

    /// Puts a valid value where it belongs. Names are those of the table of every page's keys.
    fn keep(&mut self, key: &Spanned<String>, name: &str, value: Node) {
        let span = value.span;
        let text = || {
            let text = value.text().unwrap_or_default().trim().replace('\n', " ");
            (!text.is_empty()).then_some(Spanned { value: text, span })
        };
        let front = &mut self.front;
        match name {
            "kind" => {}
            "title" => front.title = text(),
            "description" => front.description = text(),
            "layout" => front.layout = text(),
            "id" => front.id = text(),
            "expires" => front.expires = text(),
            "slug" => {
                let slug = text().and_then(|slug| self.slug(slug));
                self.front.slug = slug;
            }
            "draft" => front.draft = truth(&value).unwrap_or_default(),
            "toc" => front.toc = truth(&value),
            "weight" => front.weight = value.text().and_then(|text| text.parse().ok()),
            "aliases" => front.aliases = texts(&value),
            "owner" | "owners" => front.owners.extend(texts(&value)),
            "tags" => self.front.tags = self.tags(&value),
            _ => front.fields.push((Spanned { value: name.to_owned(), span: key.span }, value)),
        }
    }

    /// The value in its one form if it is of its type.
    fn typed(&mut self, key: &str, kind: &FieldType, value: &Node) -> Option<Node> {
        let text = value.text();
        let fits = match kind {
            FieldType::Any => true,
            FieldType::Group => matches!(value.value, Value::Map(_)),
            FieldType::Text => text.is_some(),
            FieldType::Page(_) => text.is_some_and(|text| !text.trim().is_empty() && !text.contains('\n')),
            FieldType::Bool => truth(value).is_some(),
            FieldType::Integer => text.is_some_and(|text| text.parse::<i64>().is_ok()),
            FieldType::Duration => text.is_some_and(|text| parse_length(text).is_some()),
            FieldType::Enum(words) => {
                return self.word(key, words, value).then(|| value.clone());
            }
            FieldType::Date => match text {
                Some(text) => return self.date(key, text, value),
                None => false,
            },
            FieldType::List(of) => {
                // A group of keys is no entry of a list of texts, and a list in a list is none either.
                let items: Vec<_> =
                    value.items().iter().filter_map(|item| self.typed(key, of, item)).collect();
                return Some(Node { value: Value::List(items), span: value.span });
            }
        };
        if !fits {
            self.wrong_type(key, &kind.wants(), value);
        }
        fits.then(|| value.clone())
    }

    fn wrong_type(&mut self, key: &str, wants: &str, value: &Node) {
        let message = format!("`{key}` takes {wants}, not {}", value.what());
        let found =
            Diagnostic::new(&WRONG_TYPE, message).at(self.file, first_line(self.file, value.span), "");
        let yes_no = value.text().map(str::to_ascii_lowercase);
        self.findings.push(match yes_no.as_deref() {
            Some("yes" | "on" | "true") if wants.contains("`true`") => found.help("write `true`"),
            Some("no" | "off" | "false") if wants.contains("`true`") => found.help("write `false`"),
            _ => found.help("mend the value, or leave the key out"),
        });
    }

    fn word(&mut self, key: &str, words: &[String], value: &Node) -> bool {
        let written = value.text().unwrap_or_default();
        if words.iter().any(|word| word == written) {
            return true;
        }
        let wants = FieldType::Enum(words.to_vec()).wants();
        let found = Diagnostic::new(&WRONG_TYPE, format!("`{key}` takes {wants}, not {}", value.what()));
        let found = found.at(self.file, first_line(self.file, value.span), "");
        self.findings.push(match nearest(written, words.iter().map(String::as_str)) {
            Some(near) => found.meant(near),
            None => found.help("mend the value, or leave the key out"),
        });
        false
    }

    fn date(&mut self, key: &str, text: &str, value: &Node) -> Option<Node> {
        let read = match (key, parse_us_date(text)) {
            ("ms.date", Some(date)) => Ok(date),
            _ => parse_date(text),
        };
        match read {
            Ok(date) => Some(Node { value: Value::Text { text: date, quoted: false }, span: value.span }),
            Err(bad) => {
                let found = Diagnostic::new(&INVALID_DATE, format!("`{text}` {}", bad.message))
                    .at(self.file, first_line(self.file, value.span), "")
                    .help(bad.help);
                self.findings.push(found);
                None
            }
        }
    }

    fn slug(&mut self, slug: Spanned<String>) -> Option<Spanned<String>> {
        let message = if slug.value.contains(['/', '\\', '?', '#', '%']) {
            format!("`slug` is the last part of an address, `{}` is not", slug.value)
        } else {
            match find_address_problem(&slug.value) {
                None => return Some(slug),
                Some(why) => format!("`slug` cannot be a part of an address: {why}"),
            }
        };
        let found = Diagnostic::new(&WRONG_TYPE, message).at(self.file, slug.span, "");
        self.findings.push(found.help("use letters, digits and `-`; whole old addresses go into `aliases`"));
        None
    }

    /// The tags, those in one text divided by commas.
    fn tags(&mut self, value: &Node) -> Vec<Spanned<String>> {
        let mut tags = Vec::new();
        for item in value.items() {
            let Value::Text { text, quoted } = &item.value else { continue };
            let source = self.file.slice(item.span);
            if *quoted || source != text || !text.contains(',') {
                tags.push(Spanned { value: text.trim().to_owned(), span: item.span });
                continue;
            }
            let mut at = item.span.start as usize;
            for part in source.split(',') {
                let start = at + part.len() - part.trim_start().len();
                let tag = part.trim();
                if !tag.is_empty() {
                    tags.push(Spanned { value: tag.to_owned(), span: Span::new(start, start + tag.len()) });
                }
                at += part.len() + 1;
            }
        }
        tags.retain(|tag| self.is_usable_tag(tag));
        tags
    }

    /// A tag makes an address: of its letters and digits, and not too many.
    fn is_usable_tag(&mut self, tag: &Spanned<String>) -> bool {
        let why = if !tag.value.chars().any(char::is_alphanumeric) {
            "has neither letter nor digit"
        } else if tag.value.chars().count() > MAX_TAG {
            "is too long for an address"
        } else {
            return true;
        };
        let start: String = tag.value.chars().take(40).collect();
        let shown = if start.len() < tag.value.len() { format!("{start}…") } else { start };
        let found = Diagnostic::new(&INVALID_TAG, format!("the tag `{shown}` {why}"));
        let found = found.at(self.file, first_line(self.file, tag.span), "");
        self.findings.push(found.help("use a short tag with letters or digits"));
        false
    }

    fn unknown(&mut self, key: &Spanned<String>) {
        let names = self.known.iter().map(|field| field.name.as_str());
        // Very short keys are near to everything, and a key whose twin is there too is meant.
        let near = nearest(&key.value, names)
            .filter(|near| near.len() > 3 || near.eq_ignore_ascii_case(&key.value))
            .filter(|near| self.root.get(near).is_none());
        let strict = self.config.strict_front_matter;
        let found = |message: String| Diagnostic::new(&UNKNOWN_KEY, message).at(self.file, key.span, "");
        let mut found = match near {
            Some(near) => found(format!("the key `{}` is not known", key.value)).meant(near),
            None if strict => found(format!("a page of kind `{}` has no key `{}`", self.kind, key.value))
                .help("leave it out, or declare it as a field of the kind in `docent.yaml`"),
            None => return,
        };
        if strict {
            found.severity = Severity::Error;
        }
        self.findings.push(found);
    }
}

fn texts(value: &Node) -> Vec<Spanned<String>> {
    let text = |item: &Node| Some(Spanned { value: item.text()?.trim().to_owned(), span: item.span });
    value.items().iter().filter_map(text).filter(|text| !text.value.is_empty()).collect()
}

/// The first line of a span: frames of long values stay small.
fn first_line(file: &SharedFile, span: Span) -> Span {
    let line = file.slice(span).lines().next().unwrap_or_default();
    Span::new(span.start as usize, span.start as usize + line.len())
}
