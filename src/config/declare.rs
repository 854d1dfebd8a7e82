//! Kinds and fields that a config declares.
//!
//! In: the value of `kinds:`. Out: more kinds, or other path patterns for the built-in ones.

use super::kinds::{Field, FieldType, Kind, Kinds};
use super::names::find_address_problem;
use super::read::Reader;
use crate::diagnostic::rules::config::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::Spanned;
use crate::yaml::{Node, Value};

/// Keys of a kind.
pub const KIND_KEYS: &[(&str, &str)] = &[
    ("label", "Its name for people, one page."),
    ("plural", "Its name for people, several pages."),
    ("paths", "Path patterns of its pages, relative to the content directory."),
    ("outline", "Sections that its pages must have, as headings say them."),
    ("fields", "Its front matter keys."),
];

/// Keys of a field.
pub const FIELD_KEYS: &[(&str, &str)] = &[
    ("type", "What it takes, one of the words below."),
    ("enum", "The words that it takes."),
    ("page", "The kind of page that it names."),
    ("list", "What each entry of the list is."),
    ("required", "Whether each page of the kind must have it."),
    ("about", "One sentence for the schema."),
];

/// Words for what a field takes.
pub const TYPE_WORDS: &[&str] = &["text", "bool", "integer", "date", "duration", "page", "list", "any"];

/// Reads `kinds:`.
pub(super) fn declare_kinds(kinds: &mut Kinds, node: &Node, reader: &mut Reader<'_>) {
    let mut added: Vec<Kind> = Vec::new();
    let mut pages_of = Vec::new();
    for (name, value) in reader.entries(node, "kinds") {
        if !is_word(&name.value) || find_address_problem(&name.value).is_some() {
            let message = format!("`{}` cannot be the name of a kind", name.value);
            reader.invalid(name.span, message, "use small letters, digits and `-`, a letter first");
            continue;
        }
        if let Some(near) = misspelt_kind(kinds, &name.value, value) {
            let help = format!(
                "did you mean `{near}`? A kind of your own has keys: `{0}: {{ paths: […] }}`",
                name.value
            );
            reader.invalid(name.span, format!("there is no kind `{}`", name.value), help);
            continue;
        }
        let mut kind = kinds.find(&name.value).cloned().unwrap_or_else(|| new_kind(&name.value));
        declare_kind(&mut kind, value, &mut pages_of, reader);
        match kinds.all.iter_mut().find(|known| known.name == kind.name) {
            Some(known) => *known = kind,
            None => added.push(kind),
        }
    }
    added.sort_by(|a, b| a.name.cmp(&b.name));
    kinds.all.extend(added);
    for wanted in pages_of {
        if kinds.find(&wanted.value).is_none() {
            unknown_kind(kinds, &wanted, reader);
        }
    }
}

/// Says that a config names a kind that does not exist.
pub(super) fn unknown_kind(kinds: &Kinds, wanted: &Spanned<String>, reader: &mut Reader<'_>) {
    let message = format!("there is no kind `{}`", wanted.value);
    let found = Diagnostic::new(&INVALID_CONFIG, message).at(reader.file, wanted.span, "");
    reader.findings.push(match nearest(&wanted.value, kinds.names()) {
        Some(near) => found.meant(near),
        None => found.help(format!("known kinds: {}", list(kinds.names()))),
    });
}

/// The built-in kind that a name with nothing but paths was most likely meant to be.
fn misspelt_kind<'k>(kinds: &'k Kinds, name: &str, value: &Node) -> Option<&'k str> {
    if matches!(value.value, Value::Map(_)) || kinds.find(name).is_some() {
        return None;
    }
    nearest(name, kinds.names())
}

fn declare_kind(kind: &mut Kind, value: &Node, pages_of: &mut Vec<Spanned<String>>, reader: &mut Reader<'_>) {
    let name = format!("kinds.{}", kind.name);
    let Value::Map(entries) = &value.value else {
        kind.paths = reader.globs(value, &name);
        kind.paths_configured = true;
        return;
    };
    let mut plural = None;
    for (key, value) in entries {
        match key.value.as_str() {
            "label" => {
                if let Some(label) = reader.text(value, &format!("{name}.label")) {
                    if kind.custom {
                        kind.plural = format!("{label}s");
                    }
                    kind.label = label;
                }
            }
            "plural" => plural = reader.text(value, &format!("{name}.plural")),
            "paths" => {
                kind.paths = reader.globs(value, &format!("{name}.paths"));
                kind.paths_configured = true;
            }
            "outline" => {
                let sections = reader.texts(value, &format!("{name}.outline"));
                kind.outline = sections.into_iter().map(|section| section.value).collect();
            }
            "fields" => {
                for (key, value) in reader.entries(value, &format!("{name}.fields")) {
                    declare_field(kind, key, value, pages_of, reader);
                }
            }
            _ => reader.unknown_key(key, "a kind has", KIND_KEYS.iter().map(|(name, _)| *name)),
        }
    }
    if let Some(plural) = plural {
        kind.plural = plural;
    }
}

fn declare_field(
    kind: &mut Kind,
    key: &Spanned<String>,
    value: &Node,
    pages_of: &mut Vec<Spanned<String>>,
    reader: &mut Reader<'_>,
) {
    let name = format!("kinds.{}.fields.{}", kind.name, key.value);
    let taken = super::builtin::every_page()
        .iter()
        .any(|field| field.name == key.value || field.aliases.contains(&key.value));
    if taken {
        let message = format!("every page has the field `{}` already", key.value);
        reader.invalid(key.span, message, "leave it out, or choose another name");
        return;
    }
    let Some(kind_of_field) = field_type(value, &name, pages_of, reader, 0) else { return };
    let mut field = Field::new(&key.value, kind_of_field, "");
    if let Some(required) = value.get("required") {
        field.required = reader.bool(required, &format!("{name}.required")).unwrap_or_default();
    }
    if let Some(about) = value.get("about") {
        field.about = reader.text(about, &format!("{name}.about")).unwrap_or_default();
    }
    match kind.fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => *known = field,
        None => kind.fields.push(field),
    }
}

/// What a field takes: a word, or a group with `type`, `enum`, `page` or `list`.
fn field_type(
    value: &Node,
    name: &str,
    pages_of: &mut Vec<Spanned<String>>,
    reader: &mut Reader<'_>,
    depth: usize,
) -> Option<FieldType> {
    let Value::Map(entries) = &value.value else { return type_word(value, name, reader) };
    let mut found = None;
    for (key, value) in entries {
        let name = format!("{name}.{}", key.value);
        let read = match key.value.as_str() {
            "type" => type_word(value, &name, reader),
            "enum" => {
                let words: Vec<_> = reader.texts(value, &name).into_iter().map(|word| word.value).collect();
                if words.is_empty() && value.items().is_empty() {
                    reader.invalid(
                        value.span,
                        format!("`{name}` holds no word"),
                        "write the words, as in `enum: [S1, S2]`",
                    );
                }
                Some(FieldType::Enum(words))
            }
            "page" => reader.text(value, &name).map(|kind| {
                pages_of.push(Spanned { value: kind.clone(), span: value.span });
                FieldType::Page(Some(kind))
            }),
            "list" if depth < 2 => field_type(value, &name, pages_of, reader, depth + 1)
                .map(|entry| FieldType::List(Box::new(entry))),
            "required" | "about" if depth == 0 => continue,
            _ => {
                reader.unknown_key(key, "a field has", FIELD_KEYS.iter().map(|(name, _)| *name));
                return None;
            }
        };
        if found.is_some() {
            let message = format!("`{name}` says a second time what the field takes");
            reader.invalid(key.span, message, "give one of `type`, `enum`, `page` and `list`");
            return None;
        }
        found = Some(read);
    }
    found.unwrap_or(Some(FieldType::Text))
}

fn type_word(value: &Node, name: &str, reader: &mut Reader<'_>) -> Option<FieldType> {
    let words: Vec<_> = TYPE_WORDS.iter().map(|word| (*word, *word)).collect();
    Some(match reader.word(value, name, &words)? {
        "bool" => FieldType::Bool,
        "integer" => FieldType::Integer,
        "date" => FieldType::Date,
        "duration" => FieldType::Duration,
        "page" => FieldType::Page(None),
        "list" => FieldType::List(Box::new(FieldType::Text)),
        "any" => FieldType::Any,
        _ => FieldType::Text,
    })
}

fn new_kind(name: &str) -> Kind {
    let spaced = name.replace(['-', '_'], " ");
    let mut letters = spaced.chars();
    let label: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    Kind {
        name: name.into(),
        plural: format!("{label}s"),
        label,
        paths: Vec::new(),
        paths_configured: false,
        outline: Vec::new(),
        fields: Vec::new(),
        custom: true,
    }
}

fn is_word(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letter) && name.len() <= 40
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
