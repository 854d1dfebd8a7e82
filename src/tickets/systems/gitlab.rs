//! GitLab: issues of the API, and the CSV that it sends by mail.
//!
//! Numbers begin at 1 in each project, so an issue is called `group/project#12` where its address or
//! reference is known. An issue that moved lives on elsewhere.

use std::borrow::Cow;

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, issue_id, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Given, Text, Texts};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["IID", "Issue ID"]),
    (Column::Created, &["Created At (UTC)", "Created At"]),
    (Column::Updated, &["Updated At (UTC)", "Updated At"]),
    (Column::Solved, &["Closed At (UTC)", "Closed At"]),
    (Column::Status, &["State"]),
    (Column::Tags, &["Labels"]),
    (Column::Url, &["URL"]),
    (Column::Requester, &["Author Username", "Author"]),
];

/// What stands between project and number in an address.
const MARKS: &[&str] = &["/-/issues/", "/-/work_items/", "/issues/"];

pub(super) static GITLAB: System =
    System { name: "GitLab", record, columns: COLUMNS, separators: &[','], status: |_| None, complete };

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    iid: Text<'a>,
    #[serde(default)]
    state: Text<'a>,
    #[serde(default)]
    created_at: Text<'a>,
    #[serde(default)]
    updated_at: Text<'a>,
    #[serde(default)]
    closed_at: Text<'a>,
    #[serde(default)]
    labels: Texts<'a>,
    #[serde(default)]
    author: Text<'a>,
    #[serde(default)]
    web_url: Text<'a>,
    #[serde(default)]
    moved_to_id: Given,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let solved = optional_time(record.closed_at.get(), "`closed_at`", source)?;
    Ok(Some(Ticket {
        id: required(record.iid.get(), "`iid`")?,
        created: required_time(record.created_at.get(), "`created_at`", source)?,
        updated: optional_time(record.updated_at.get(), "`updated_at`", source)?,
        solved,
        status: if record.moved_to_id.0 {
            Status::Void
        } else {
            super::status(record.state.as_str(), solved, &GITLAB)
        },
        tags: record.labels.0,
        url: record.web_url.get(),
        requester: record.author.get(),
        ..Ticket::default()
    }))
}

fn complete(ticket: &mut Ticket<'_>) {
    if let Some(id) = ticket.url.as_deref().and_then(|url| issue_id(url, MARKS)) {
        ticket.id = Cow::Owned(id);
    }
}
