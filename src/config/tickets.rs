//! `tickets` in the config: where exports of ticket systems lie and how they are read.
//!
//! In: nodes of the config's YAML. Out: [`TicketSource`]s. Not here: opening and reading exports.

use globset::GlobMatcher;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;

use super::read::{Reader, glob, tag_glob};
use super::url;
use crate::source::{Span, Spanned};
use crate::yaml::{Node, Value};

/// One entry of `tickets`.
#[derive(Clone, Debug)]
pub struct TicketSource {
    /// Which system made the export.
    pub system: TicketSystem,
    /// Path or path pattern of the export, relative to the knowledge base.
    pub path: Spanned<String>,
    /// The same as a pattern.
    pub pattern: GlobMatcher,
    /// Tags that say nothing about a topic.
    pub ignore_tags: Vec<GlobMatcher>,
    /// How dates are written, if not as in `2026-11-23 09:14:00`; after `strftime`.
    pub date_format: Option<String>,
    /// Address of a ticket, with `{id}`; goes before the address in the export.
    pub url: Option<String>,
    /// Which column of a table holds what.
    pub mapping: Vec<(Column, Vec<String>)>,
}

/// A system that exports tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketSystem {
    /// Zendesk Support.
    Zendesk,
    /// Issues of GitLab.
    Gitlab,
    /// Issues of GitHub.
    Github,
    /// Jira and Jira Service Management.
    Jira,
    /// Freshdesk.
    Freshdesk,
    /// Incidents of `PagerDuty`.
    Pagerduty,
    /// Incidents of `ServiceNow`.
    Servicenow,
    /// Any other, with a `mapping`.
    Table,
}

/// Every system by its word in the config.
pub const SYSTEMS: &[(&str, TicketSystem)] = &[
    ("zendesk", TicketSystem::Zendesk),
    ("gitlab", TicketSystem::Gitlab),
    ("github", TicketSystem::Github),
    ("jira", TicketSystem::Jira),
    ("freshdesk", TicketSystem::Freshdesk),
    ("pagerduty", TicketSystem::Pagerduty),
    ("servicenow", TicketSystem::Servicenow),
    ("table", TicketSystem::Table),
];

impl TicketSystem {
    /// Its word in the config.
    pub fn word(self) -> &'static str {
        SYSTEMS.iter().find(|(_, system)| *system == self).map_or("", |(word, _)| word)
    }
}

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// What the source calls the ticket.
    Id,
    /// When it was opened.
    Created,
    /// When it was changed last.
    Updated,
    /// When it was solved.
    Solved,
    /// What became of it.
    Status,
    /// Tags; several columns are read as one.
    Tags,
    /// Where people look at it.
    Url,
    /// The problem that it belongs to.
    Problem,
    /// Who asked.
    Requester,
    /// Whose customer.
    Organisation,
    /// How often, or whether, it was reopened.
    Reopened,
    /// `good` or `bad`.
    Satisfaction,
}

/// Every column by its word in a `mapping`, and what it is.
pub const COLUMNS: &[(&str, Column, &str)] = &[
    ("id", Column::Id, "What the source calls the ticket. Required."),
    ("created", Column::Created, "When it was opened. Required."),
    ("updated", Column::Updated, "When it was changed last; the newest of several copies counts."),
    ("solved", Column::Solved, "When it was solved."),
    ("status", Column::Status, "What became of it: `open`, `solved`, `closed`, `deleted` …"),
    ("tags", Column::Tags, "Tags, split at commas, semicolons and bars; several columns are read as one."),
    ("url", Column::Url, "Where people look at it."),
    ("problem", Column::Problem, "The problem that it belongs to; tickets of one problem count once."),
    ("requester", Column::Requester, "Who asked. Only a hash is kept."),
    ("organisation", Column::Organisation, "Whose customer. Only a hash is kept."),
    ("reopened", Column::Reopened, "How often, or whether, it was reopened."),
    ("satisfaction", Column::Satisfaction, "How the answer was rated: `good` or `bad`."),
];

/// The keys of an entry and what they are.
pub const TICKET_KEYS: &[(&str, &str)] = &[
    ("source", "Which system made the export. Required."),
    (
        "path",
        "The export, relative to the knowledge base: JSON, NDJSON or CSV, also as .gz or .zst. A pattern such as `data/*.json` takes several. Required.",
    ),
    ("ignore_tags", "Tags that say nothing about a topic, `*` standing for anything."),
    ("date_format", "How dates are written, if not as in `2026-11-23 09:14:00`: `%d/%b/%y %I:%M %p`."),
    ("url", "The address of a ticket; `{id}` becomes its id."),
    ("mapping", "For `source: table`: which column, or which member of a JSON record, holds what."),
];

/// Reads the entries of `tickets`.
pub(super) fn read_sources(node: &Node, reader: &mut Reader<'_>) -> Vec<TicketSource> {
    node.items().iter().filter_map(|entry| read_source(entry, reader)).collect()
}

fn read_source(node: &Node, reader: &mut Reader<'_>) -> Option<TicketSource> {
    if !matches!(node.value, Value::Map(_)) {
        reader.wrong_type(node, "tickets", "a list of sources, each with its keys");
        return None;
    }
    for (key, _) in node.entries() {
        if !TICKET_KEYS.iter().any(|(known, _)| *known == key.value) {
            reader.unknown_key(key, "an entry of `tickets` has", TICKET_KEYS.iter().map(|(name, _)| *name));
        }
    }
    let given = |key: &str| node.get(key).filter(|value| value.value != Value::Null);
    let system = match given("source") {
        Some(value) => reader.word(value, "tickets.source", SYSTEMS),
        None => missing(node, "source", reader),
    };
    let path = match given("path") {
        Some(value) => read_path(value, reader),
        None => missing(node, "path", reader),
    };
    let (path, pattern) = path?;
    let mut source = TicketSource {
        system: system?,
        path,
        pattern,
        ignore_tags: given("ignore_tags").map(|value| read_tags(value, reader)).unwrap_or_default(),
        date_format: given("date_format").and_then(|value| read_date_format(value, reader)),
        url: given("url").and_then(|value| read_url(value, reader)),
        mapping: Vec::new(),
    };
    match given("mapping") {
        Some(value) if source.system == TicketSystem::Table => source.mapping = read_mapping(value, reader),
        Some(value) => {
            let message = format!("`tickets.mapping` has no use with `source: {}`", source.system.word());
            reader.invalid(value.span, message, "leave it out, or write `source: table`");
        }
        None if source.system == TicketSystem::Table => {
            missing::<()>(node, "mapping", reader);
        }
        None => {}
    }
    Some(source)
}

fn missing<T>(node: &Node, key: &str, reader: &mut Reader<'_>) -> Option<T> {
    let help = match key {
        "mapping" => {
            "say which column holds what, as in `mapping: { id: Number, created: Opened, tags: Topic }`"
                .into()
        }
        _ => format!("write it as in `{}`", reader.key.example),
    };
    let start = node.entries().first().map_or(node.span, |(key, _)| key.span);
    reader.invalid(start, format!("an entry of `tickets` has no `{key}`"), help);
    None
}

fn read_path(node: &Node, reader: &mut Reader<'_>) -> Option<(Spanned<String>, GlobMatcher)> {
    let path = reader.path(node, "tickets.path")?;
    if path.is_empty() {
        reader.wrong_type(node, "tickets.path", "the path of a file");
        return None;
    }
    let path = Spanned { value: path, span: node.span };
    let pattern = reader.glob(&path, glob(&path.value))?;
    Some((path, pattern))
}

fn read_tags(node: &Node, reader: &mut Reader<'_>) -> Vec<GlobMatcher> {
    let mut globs = Vec::new();
    for text in reader.texts(node, "tickets.ignore_tags") {
        match tag_glob(&text.value) {
            Ok(glob) => globs.push(glob),
            Err(bad) => {
                let message = format!("`{}` is not a pattern of tags: {}", text.value, bad.message);
                reader.invalid(text.span, message, "`*` stands for anything, as in `sla_*`");
            }
        }
    }
    globs
}

fn read_url(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
    let template = reader.text(node, "tickets.url")?;
    if !template.contains("{id}") {
        let help = format!("did you mean `{}/{{id}}`?", template.trim_end_matches('/'));
        reader.invalid(node.span, "`tickets.url` must hold `{id}`", help);
        return None;
    }
    match url::site_url(&template, "tickets.url") {
        Ok(_) => Some(template),
        Err(bad) => {
            reader.invalid(node.span, bad.message, bad.help);
            None
        }
    }
}

fn read_date_format(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
    let format = reader.text(node, "tickets.date_format")?;
    let help = match after_java(&format) {
        Some(meant) if says_the_day(&meant) => format!("did you mean `{meant}`?"),
        _ => "write it as in `date_format: \"%d/%b/%y %I:%M %p\"`, for 23/Nov/26 9:14 AM".to_owned(),
    };
    if says_the_day(&format) {
        return Some(format);
    }
    let message = format!("`tickets.date_format` does not say year, month and day: `{format}`");
    reader.invalid(node.span, message, help);
    None
}

/// Whether a time that was written in a format can be read back to its day.
fn says_the_day(format: &str) -> bool {
    let time = DateTime::constant(2026, 11, 23, 21, 14, 0, 0);
    let written = BrokenDownTime::from(time).to_string(format);
    let read = written.ok().and_then(|text| BrokenDownTime::parse(format, text).ok());
    read.and_then(|read| read.to_date().ok()) == Some(time.date())
}

/// `dd/MMM/yy h:mm a`, as Jira shows its format, in the letters of `strftime`.
fn after_java(format: &str) -> Option<String> {
    if format.contains('%') {
        return None;
    }
    let mut meant = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(letter).len();
        meant.push_str(match (letter, run / letter.len_utf8()) {
            ('d', 1 | 2) => "%d",
            ('M', 1 | 2) => "%m",
            ('M', 3) => "%b",
            ('M', _) => "%B",
            ('y', 2) => "%y",
            ('y', _) => "%Y",
            ('H', _) => "%H",
            ('h', _) => "%I",
            ('m', _) => "%M",
            ('s', _) => "%S",
            ('a', _) => "%p",
            _ if letter.is_alphabetic() => return None,
            _ => &rest[..run],
        });
        rest = &rest[run..];
    }
    Some(meant)
}

fn read_mapping(node: &Node, reader: &mut Reader<'_>) -> Vec<(Column, Vec<String>)> {
    let mut mapping = Vec::new();
    for (key, value) in reader.entries(node, "tickets.mapping") {
        let Some((_, column, _)) = COLUMNS.iter().find(|(word, ..)| *word == key.value) else {
            reader.unknown_key(key, "a `mapping` of `tickets` has", COLUMNS.iter().map(|(word, ..)| *word));
            continue;
        };
        let names = reader.texts(value, &format!("tickets.mapping.{}", key.value));
        if *column != Column::Tags && names.len() > 1 {
            reader.wrong_type(value, &format!("tickets.mapping.{}", key.value), "the name of one column");
        }
        mapping.push((*column, names.into_iter().map(|name| name.value).collect()));
    }
    for (word, column, _) in &COLUMNS[..2] {
        if matches!(node.value, Value::Map(_)) && !mapping.iter().any(|(known, _)| known == column) {
            let start = node
                .entries()
                .first()
                .map_or(Span { end: node.span.start, ..node.span }, |(key, _)| key.span);
            let help =
                "say which column holds it, as in `mapping: { id: Number, created: Opened, tags: Topic }`";
            reader.invalid(start, format!("a `mapping` of `tickets` has no `{word}`"), help);
        }
    }
    mapping
}
