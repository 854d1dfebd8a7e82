//! Freshdesk: tickets of the API and CSV. Status and priority are numbers.

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Given, Key, Text, Texts};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["Ticket ID", "Ticket Id"]),
    (Column::Created, &["Created time", "Created Time"]),
    (Column::Updated, &["Last update time", "Last updated time"]),
    (Column::Solved, &["Resolved time", "Closed time"]),
    (Column::Status, &["Status"]),
    (Column::Tags, &["Tags"]),
    (Column::Requester, &["Requester email", "Email", "Contact ID", "Full name"]),
    (Column::Organisation, &["Company", "Company Name"]),
];

pub(super) static FRESHDESK: System =
    System { name: "Freshdesk", record, columns: COLUMNS, separators: &[','], status, complete: |_| {} };

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    id: Key<'a>,
    #[serde(default)]
    created_at: Text<'a>,
    #[serde(default)]
    updated_at: Text<'a>,
    #[serde(default = "Option::default")]
    stats: Option<Stats<'a>>,
    #[serde(default)]
    status: Text<'a>,
    #[serde(default)]
    tags: Texts<'a>,
    #[serde(default)]
    requester_id: Key<'a>,
    #[serde(default)]
    company_id: Key<'a>,
    #[serde(default)]
    spam: Given,
    #[serde(default)]
    deleted: Given,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Stats<'a> {
    #[serde(rename = "resolved_at")]
    resolved: Text<'a>,
    #[serde(rename = "closed_at")]
    closed: Text<'a>,
    #[serde(rename = "reopened_at")]
    reopened: Text<'a>,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let stats = record.stats.unwrap_or_default();
    let solved = stats.resolved.get().or(stats.closed.get());
    let solved = optional_time(solved, "`stats.resolved_at`", source)?;
    Ok(Some(Ticket {
        id: required(record.id.get(), "`id`")?,
        created: required_time(record.created_at.get(), "`created_at`", source)?,
        updated: optional_time(record.updated_at.get(), "`updated_at`", source)?,
        solved,
        status: if record.spam.0 || record.deleted.0 {
            Status::Void
        } else {
            super::status(record.status.as_str(), solved, &FRESHDESK)
        },
        tags: record.tags.0,
        requester: record.requester_id.get(),
        organisation: record.company_id.get(),
        reopened: stats.reopened.get().is_some(),
        ..Ticket::default()
    }))
}

fn status(word: &str) -> Option<Status> {
    match word {
        "2" | "3" => Some(Status::Open),
        "4" | "5" => Some(Status::Solved),
        _ => None,
    }
}
