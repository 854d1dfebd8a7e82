//! `PagerDuty`: incidents. They have no tags; the service stands for one.

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Text, Texts};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["incident_number", "Incident Number"]),
    (Column::Created, &["created_on", "created_at", "Created On"]),
    (Column::Solved, &["resolved_on", "resolved_at", "Resolved On"]),
    (Column::Status, &["status", "Status"]),
    (Column::Tags, &["service_name", "Service Name"]),
];

pub(super) static PAGERDUTY: System = System {
    name: "PagerDuty",
    record,
    columns: COLUMNS,
    separators: &[],
    status: |word| matches!(word, "triggered" | "acknowledged").then_some(Status::Open),
    complete: |_| {},
};

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    incident_number: Text<'a>,
    #[serde(default)]
    created_at: Text<'a>,
    #[serde(default)]
    updated_at: Text<'a>,
    #[serde(default)]
    last_status_change_at: Text<'a>,
    #[serde(default)]
    resolved_at: Text<'a>,
    #[serde(default)]
    status: Text<'a>,
    #[serde(default)]
    service: Texts<'a>,
    #[serde(default)]
    html_url: Text<'a>,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let changed = record.last_status_change_at.get();
    let is_resolved = record.status.as_str() == "resolved";
    // Older answers have no `resolved_at`: the last change of a resolved incident is that.
    let solved = record.resolved_at.get().or_else(|| changed.clone().filter(|_| is_resolved));
    let solved = optional_time(solved, "`resolved_at`", source)?;
    Ok(Some(Ticket {
        id: required(record.incident_number.get(), "`incident_number`")?,
        created: required_time(record.created_at.get(), "`created_at`", source)?,
        updated: optional_time(record.updated_at.get().or(changed), "`updated_at`", source)?,
        solved,
        status: super::status(record.status.as_str(), solved, &PAGERDUTY),
        tags: record.service.0,
        url: record.html_url.get(),
        ..Ticket::default()
    }))
}
