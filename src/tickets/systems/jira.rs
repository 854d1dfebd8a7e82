//! Jira: issues of the REST API, and the CSV of a search.
//!
//! CSV repeats the column `Labels`, one for each label, and writes dates as the site's settings say,
//! so that it may need `date_format`. Components count as tags.

use std::borrow::Cow;

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Key, Text, Texts};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["Issue key", "Key"]),
    (Column::Created, &["Created"]),
    (Column::Updated, &["Updated"]),
    (Column::Solved, &["Resolved"]),
    (Column::Status, &["Status Category", "Status"]),
    (Column::Tags, &["Labels", "Component/s", "Components"]),
    (Column::Requester, &["Reporter Id", "Reporter"]),
];

pub(super) static JIRA: System =
    System { name: "Jira", record, columns: COLUMNS, separators: &[], status, complete };

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    key: Text<'a>,
    #[serde(default, rename = "self")]
    address: Text<'a>,
    #[serde(default = "Option::default")]
    fields: Option<Fields<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Fields<'a> {
    created: Text<'a>,
    updated: Text<'a>,
    resolutiondate: Text<'a>,
    labels: Texts<'a>,
    components: Texts<'a>,
    status: Option<State<'a>>,
    reporter: Key<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct State<'a> {
    name: Text<'a>,
    #[serde(rename = "statusCategory")]
    category: Key<'a>,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let key = required(record.key.get(), "`key`")?;
    let fields = record.fields.unwrap_or_default();
    let solved = optional_time(fields.resolutiondate.get(), "`resolutiondate`", source)?;
    let state = fields.status.unwrap_or_default();
    // https://fernhill.atlassian.net/rest/api/2/issue/10002
    let host = record.address.as_str().split_once("/rest/api/").map(|(host, _)| host);
    let url = host.map(|host| Cow::Owned(format!("{host}/browse/{key}")));
    let mut tags = fields.labels.0;
    tags.extend(fields.components.0);
    Ok(Some(Ticket {
        id: key,
        created: required_time(fields.created.get(), "`fields.created`", source)?,
        updated: optional_time(fields.updated.get(), "`fields.updated`", source)?,
        solved,
        status: status_of(&state, solved),
        tags,
        url,
        requester: fields.reporter.get(),
        ..Ticket::default()
    }))
}

fn status_of(state: &State<'_>, solved: Option<i64>) -> Status {
    let category = state.category.0.as_deref().unwrap_or_default();
    match status(category) {
        Some(status) => status,
        None => super::status(state.name.as_str(), solved, &JIRA),
    }
}

/// The three categories, by key and by id; names of statuses are each site's own.
fn status(word: &str) -> Option<Status> {
    match word {
        "done" | "3" => Some(Status::Solved),
        "new" | "2" | "indeterminate" | "4" => Some(Status::Open),
        _ => None,
    }
}

fn complete(_: &mut Ticket<'_>) {}
