//! The fields of a page: what its front matter declares under `vars`, before what its commands turn out to want.

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::model::Page;
use crate::render::code::{Field, Fields, is_secret, key};
use crate::source::Span;
use crate::yaml::{Node, Value};

/// The declared fields of a page, and the names that its blocks set.
pub(super) fn fields(page: &Page, events: &[(Event<'_>, Span)]) -> Fields {
    let mut in_code = false;
    let texts = events.iter().filter_map(|(event, _)| match event {
        Event::Start(Tag::CodeBlock(kind)) => {
            in_code = !matches!(kind, CodeBlockKind::Fenced(info) if info.starts_with("mermaid"));
            None
        }
        Event::End(_) => {
            in_code = false;
            None
        }
        Event::Text(text) if in_code => Some(text.as_ref()),
        _ => None,
    });
    Fields::new(page.parsed.front.field("vars").map(declared).unwrap_or_default(), texts)
}

/// `vars` as a list of names, or as names with a label or with several keys.
fn declared(vars: &Node) -> Vec<Field> {
    let field = |name: &str| Field {
        key: key(name),
        label: name.to_owned(),
        secret: is_secret(&key(name)),
        declared: true,
        ..Field::default()
    };
    match &vars.value {
        Value::List(names) => names.iter().filter_map(Node::text).map(field).collect(),
        Value::Map(entries) => {
            let mut ordered: Vec<(i64, Field)> = Vec::new();
            for (name, node) in entries {
                let mut made = field(&name.value);
                let mut order = 0;
                match &node.value {
                    Value::Map(keys) => {
                        for (key, value) in keys {
                            let text = value.text().unwrap_or_default();
                            match key.value.as_str() {
                                "label" => text.clone_into(&mut made.hint),
                                "example" => text.clone_into(&mut made.example),
                                "pattern" => text.clone_into(&mut made.pattern),
                                "order" => order = text.parse().unwrap_or_default(),
                                "secret" => made.secret = text == "true",
                                _ => {}
                            }
                        }
                    }
                    _ => node.text().unwrap_or_default().clone_into(&mut made.hint),
                }
                ordered.push((order, made));
            }
            ordered.sort_by_key(|(order, _)| *order);
            ordered.into_iter().map(|(_, field)| field).collect()
        }
        _ => vars.text().map(field).into_iter().collect(),
    }
}
