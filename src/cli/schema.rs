//! `docent schema`: JSON Schemas of front matter, config and completions, for editors.
//!
//! In: the tables that the readers use, with the kinds of the knowledge base's own config. Out: JSON
//! Schema, draft 2020-12. A schema is never stricter than the reader: what it refuses is a finding.

use clap::Args;
use serde_json::{Map, Value, json};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::config::Config;
use crate::config::builtin::{THEME_LAYOUTS, every_page};
use crate::config::declare::{FIELD_KEYS, KIND_KEYS, TYPE_WORDS};
use crate::config::keys::{KEYS, Takes};
use crate::config::kinds::{Field, FieldType, Kind};
use crate::config::tickets::{COLUMNS, Column, SYSTEMS, TICKET_KEYS};
use crate::diagnostic::{nearest, rules};
use crate::discover::read_config;
use crate::error::Error;
use crate::freshness::names::group_keys;
use crate::freshness::review::can_rest;
use crate::training::completions;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Prints JSON Schemas of front matter, config and completions
#[derive(Debug, Args)]
pub(super) struct Options {
    /// `config`, `front-matter`, `completions` or the name of a kind [default: all of them, in one object]
    #[arg(value_name = "WHICH")]
    which: Option<String>,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(None, global, terminal)?;
    let config = read_config(&run.options.discover)?;
    let schema = match options.which.as_deref() {
        None => all(&config),
        Some("config") => config_schema(&config),
        Some("front-matter") => front_matter_schema(&config),
        Some("completions") => completions_schema(),
        Some(name) => match config.kinds.find(name) {
            Some(kind) => kind_schema(kind, &config),
            None => return Err(unknown(name, &config).into()),
        },
    };
    let out = terminal.out();
    serde_json::to_writer_pretty(&mut *out, &schema).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(0)
}

fn unknown(name: &str, config: &Config) -> Error {
    let known: Vec<&str> =
        ["config", "front-matter", "completions"].into_iter().chain(config.kinds.names()).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "there are {}",
            known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    Error::Usage(format!("there is no schema `{name}`; {hint}"))
}

/// Every schema by its name.
fn all(config: &Config) -> Value {
    let mut schemas = Map::new();
    schemas.insert("config".into(), config_schema(config));
    schemas.insert("front-matter".into(), front_matter_schema(config));
    schemas.insert("completions".into(), completions_schema());
    for kind in &config.kinds.all {
        schemas.insert(kind.name.clone(), kind_schema(kind, config));
    }
    json!({ "schema": 1, "schemas": schemas })
}

/// Front matter of a page of any kind: the kind decides which further keys are known.
fn front_matter_schema(config: &Config) -> Value {
    let by_kind: Vec<Value> = config
        .kinds
        .all
        .iter()
        .filter(|kind| !kind.fields.is_empty())
        .map(|kind| {
            json!({
                "if": { "properties": { "kind": { "const": kind.name } }, "required": ["kind"] },
                "then": { "properties": properties(&kind.fields), "required": required(kind) },
            })
        })
        .collect();
    let mut schema = json!({
        "$schema": DRAFT,
        "title": "Front matter of a page",
        "type": ["object", "null"],
        "properties": page_properties(config),
        "allOf": by_kind,
    });
    if config.strict_front_matter {
        schema["unevaluatedProperties"] = Value::Bool(false);
    }
    schema
}

/// Front matter of a page of one kind.
fn kind_schema(kind: &Kind, config: &Config) -> Value {
    let mut all = page_properties(config);
    all.extend(properties(&kind.fields));
    json!({
        "$schema": DRAFT,
        "title": format!("Front matter of a page of kind `{}`", kind.name),
        "type": ["object", "null"],
        "properties": all,
        "required": required(kind),
        "additionalProperties": !config.strict_front_matter,
    })
}

fn required(kind: &Kind) -> Vec<&str> {
    kind.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect()
}

/// The keys of every page, with the names that this knowledge base has.
fn page_properties(config: &Config) -> Map<String, Value> {
    let mut all = properties(every_page());
    let kinds: Vec<&str> = config.kinds.names().collect();
    let layouts = config.layouts.keys().map(String::as_str).chain(THEME_LAYOUTS.iter().copied());
    let mut layouts: Vec<&str> = layouts.chain(kinds.iter().copied()).collect();
    layouts.sort_unstable();
    layouts.dedup();
    for (key, words) in [("kind", kinds), ("layout", layouts)] {
        if let Some(Value::Object(schema)) = all.get_mut(key) {
            schema.remove("type");
            let words: Vec<Value> = words.into_iter().map(Value::from).chain([Value::Null]).collect();
            schema.insert("enum".into(), words.into());
        }
    }
    all.insert("snooze".into(), snooze(&all));
    let in_group = group_keys().into_iter().map(|(name, field)| (name.to_owned(), all[&field.name].clone()));
    let in_group: Map<String, Value> = in_group.collect();
    all["freshness"]["properties"] = in_group.into();
    all
}

/// One or several snoozes.
fn snooze(all: &Map<String, Value>) -> Value {
    let rules: Vec<&str> = can_rest().map(|rule| rule.code).collect();
    let rule = json!({ "enum": rules });
    let text = type_schema(&FieldType::Text);
    let one = json!({
        "type": "object",
        "properties": {
            "until": type_schema(&FieldType::Date),
            "rules": { "anyOf": [{ "type": "array", "items": rule }, rule] },
            "reason": text,
            "by": text,
            "doubt": type_schema(&FieldType::Integer),
        },
        "required": ["until", "rules", "reason"],
    });
    let about = all.get("snooze").map(|schema| schema["description"].clone());
    json!({ "anyOf": [one, { "type": "array", "items": one }, { "type": "null" }], "description": about })
}

fn properties(fields: &[Field]) -> Map<String, Value> {
    let mut all = Map::new();
    for field in fields {
        let mut schema = type_schema(&field.kind);
        if !field.about.is_empty() {
            schema["description"] = field.about.clone().into();
        }
        for alias in &field.aliases {
            // `ms.date` may be written in another order than the format asks for.
            let mut schema = if alias == "ms.date" { type_schema(&FieldType::Text) } else { schema.clone() };
            schema["description"] = format!("Read as `{}`.", field.name).into();
            all.insert(alias.clone(), schema);
        }
        all.insert(field.name.clone(), schema);
    }
    all
}

/// An empty value is a key that is not yet filled in, so each type takes `null` too.
fn type_schema(kind: &FieldType) -> Value {
    match kind {
        // Texts stay as written, also where YAML sees a number in them.
        FieldType::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        FieldType::Bool => json!({ "type": ["boolean", "null"] }),
        FieldType::Integer => json!({ "type": ["integer", "null"] }),
        FieldType::Date => {
            json!({ "type": ["string", "null"], "pattern": "^\\d{4}-\\d{2}-\\d{2}([Tt ].*)?$" })
        }
        FieldType::Duration => {
            json!({ "type": ["string", "null"], "pattern": "^[0-9]+ *[A-Za-z]+$", "examples": ["90d", "6 weeks"] })
        }
        FieldType::Enum(words) => {
            let words: Vec<Value> =
                words.iter().map(|word| word.as_str().into()).chain([Value::Null]).collect();
            json!({ "enum": words })
        }
        FieldType::List(of) => {
            let entry = type_schema(of);
            json!({ "anyOf": [{ "type": "array", "items": entry }, entry] })
        }
        FieldType::Page(_) => json!({ "type": ["string", "null"] }),
        FieldType::Group => json!({ "type": ["object", "null"] }),
        FieldType::Any => json!({}),
    }
}

/// A file of records of completions.
fn completions_schema() -> Value {
    let keys = completions::KEYS.iter().map(|(name, about)| {
        let mut schema = match *name {
            "date" => json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$" }),
            "level" => json!({ "type": ["integer", "string", "null"] }),
            "verified_by" => json!({ "type": ["string", "number", "boolean", "null"] }),
            _ => json!({ "type": ["string", "number", "boolean"] }),
        };
        schema["description"] = (*about).into();
        ((*name).to_owned(), schema)
    });
    let record = json!({
        "type": "object",
        "properties": keys.collect::<Map<_, _>>(),
        "required": ["person", "module", "date"],
        "additionalProperties": false,
    });
    json!({
        "$schema": DRAFT,
        "title": "Who completed which module",
        "anyOf": [{ "type": "array", "items": record }, record, { "type": "null" }],
    })
}

/// `docent.yaml`.
fn config_schema(config: &Config) -> Value {
    let mut properties = Map::new();
    for key in KEYS {
        let mut schema = key_schema(key.takes, config);
        schema["description"] = match key.default {
            "" => key.about.into(),
            default => format!("{} Default: {default}.", key.about).into(),
        };
        properties.insert(key.name.into(), schema);
    }
    json!({
        "$schema": DRAFT,
        "title": "docent.yaml",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    })
}

fn key_schema(takes: Takes, config: &Config) -> Value {
    let text = || json!({ "type": ["string", "number", "boolean"] });
    let texts = || json!({ "anyOf": [{ "type": "array", "items": text() }, text()] });
    let schema = match takes {
        Takes::Text => text(),
        Takes::Bool => json!({ "type": "boolean" }),
        Takes::Size => json!({ "type": ["integer", "string"] }),
        Takes::Words(words) => json!({ "enum": words }),
        Takes::Texts => texts(),
        Takes::TextByName => json!({ "type": "object", "additionalProperties": text() }),
        Takes::TextsByName => json!({ "type": "object", "additionalProperties": texts() }),
        Takes::Severities => {
            let severity = |rule: &&crate::diagnostic::Rule| {
                let about = format!("{}. Default: {}.", rule.summary, rule.severity.word());
                // Editors that read YAML 1.1 take a bare `off` for `false`.
                (
                    rule.code.to_owned(),
                    json!({ "enum": ["error", "warning", "note", "off", false], "description": about }),
                )
            };
            let by_code: Map<String, Value> = rules::ALL.iter().map(severity).collect();
            json!({ "type": "object", "properties": by_code, "additionalProperties": false })
        }
        Takes::Kinds => {
            json!({ "type": "object", "additionalProperties": { "anyOf": [texts(), declared_kind(config)] } })
        }
        Takes::Group(keys) => group_schema(keys, config),
        Takes::Tickets => {
            let source = ticket_source();
            json!({ "anyOf": [{ "type": "array", "items": source }, source] })
        }
    };
    // An empty value is the default.
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// A group of keys of the config.
fn group_schema(keys: &[(&str, &str)], config: &Config) -> Value {
    let text = || json!({ "type": ["string", "number", "boolean"] });
    let texts = || json!({ "anyOf": [{ "type": "array", "items": text() }, text()] });
    let keys = keys.iter().map(|(name, about)| {
        let mut schema = match *name {
            "intervals" => {
                let kinds: Map<String, Value> =
                    config.kinds.names().map(|kind| (kind.to_owned(), text())).collect();
                json!({ "type": "object", "properties": kinds, "additionalProperties": false })
            }
            "ignore_tags" | "bots" | "ignore" | "private" => texts(),
            _ => text(),
        };
        schema["description"] = (*about).into();
        ((*name).to_owned(), schema)
    });
    let keys: Map<String, Value> = keys.collect();
    json!({ "type": "object", "properties": keys, "additionalProperties": false })
}

/// One entry of `tickets`.
fn ticket_source() -> Value {
    let text = || json!({ "type": ["string", "number", "boolean"] });
    let texts = || json!({ "anyOf": [{ "type": "array", "items": text() }, text()] });
    let keys = TICKET_KEYS.iter().map(|(name, about)| {
        let mut schema = match *name {
            "source" => {
                let systems: Vec<&str> = SYSTEMS.iter().map(|(word, _)| *word).collect();
                json!({ "enum": systems })
            }
            "ignore_tags" => texts(),
            "mapping" => {
                let columns = COLUMNS.iter().map(|(word, column, about)| {
                    let mut schema = if *column == Column::Tags { texts() } else { text() };
                    schema["description"] = (*about).into();
                    ((*word).to_owned(), schema)
                });
                let columns: Map<String, Value> = columns.collect();
                json!({ "type": "object", "properties": columns, "required": ["id", "created"], "additionalProperties": false })
            }
            _ => text(),
        };
        schema["description"] = (*about).into();
        ((*name).to_owned(), schema)
    });
    let keys: Map<String, Value> = keys.collect();
    json!({ "type": "object", "properties": keys, "required": ["source", "path"], "additionalProperties": false })
}

fn declared_kind(config: &Config) -> Value {
    let text = json!({ "type": ["string", "number", "boolean"] });
    let texts = json!({ "anyOf": [{ "type": "array", "items": text }, text] });
    let word = json!({ "enum": TYPE_WORDS });
    let field_keys = FIELD_KEYS.iter().map(|(name, about)| {
        let mut schema = match *name {
            "type" => word.clone(),
            "enum" => texts.clone(),
            "required" => json!({ "type": "boolean" }),
            "list" => json!({ "anyOf": [word, { "type": "object" }] }),
            "page" => {
                let known: Vec<&str> = config.kinds.names().collect();
                json!({ "type": "string", "examples": known })
            }
            _ => text.clone(),
        };
        schema["description"] = (*about).into();
        ((*name).to_owned(), schema)
    });
    let field = json!({ "type": "object", "properties": field_keys.collect::<Map<_, _>>(), "additionalProperties": false });
    let kind_keys = KIND_KEYS.iter().map(|(name, about)| {
        let mut schema = match *name {
            "paths" | "outline" => texts.clone(),
            "fields" => json!({ "type": "object", "additionalProperties": { "anyOf": [word, field] } }),
            _ => text.clone(),
        };
        schema["description"] = (*about).into();
        ((*name).to_owned(), schema)
    });
    json!({ "type": "object", "properties": kind_keys.collect::<Map<_, _>>(), "additionalProperties": false })
}
