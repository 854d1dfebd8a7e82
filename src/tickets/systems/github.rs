//! GitHub: issues of the REST API and of `gh issue list --json`.
//!
//! The API mixes pull requests in; they are left out. Numbers begin at 1 in each repository, so an issue
//! is called `owner/repository#12` where its address is known.

use std::borrow::Cow;

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, issue_id, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::Ticket;
use crate::tickets::fields::{Given, Text, Texts};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["number"]),
    (Column::Created, &["createdAt", "created_at"]),
    (Column::Updated, &["updatedAt", "updated_at"]),
    (Column::Solved, &["closedAt", "closed_at"]),
    (Column::Status, &["state"]),
    (Column::Tags, &["labels"]),
    (Column::Url, &["url", "html_url"]),
    (Column::Requester, &["author", "user"]),
];

pub(super) static GITHUB: System =
    System { name: "GitHub", record, columns: COLUMNS, separators: &[','], status: |_| None, complete };

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    number: Text<'a>,
    #[serde(default)]
    state: Text<'a>,
    #[serde(default)]
    state_reason: Text<'a>,
    #[serde(default, rename = "stateReason")]
    state_reason_gh: Text<'a>,
    #[serde(default)]
    created_at: Text<'a>,
    #[serde(default, rename = "createdAt")]
    created_at_gh: Text<'a>,
    #[serde(default)]
    updated_at: Text<'a>,
    #[serde(default, rename = "updatedAt")]
    updated_at_gh: Text<'a>,
    #[serde(default)]
    closed_at: Text<'a>,
    #[serde(default, rename = "closedAt")]
    closed_at_gh: Text<'a>,
    #[serde(default)]
    labels: Texts<'a>,
    #[serde(default)]
    user: Text<'a>,
    #[serde(default)]
    author: Text<'a>,
    #[serde(default)]
    html_url: Text<'a>,
    #[serde(default)]
    url: Text<'a>,
    #[serde(default)]
    pull_request: Given,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    // `url` of the API is not for people; that of `gh` is.
    let of_gh = record.url.get().filter(|url| !url.contains("/repos/"));
    let url = record.html_url.get().or(of_gh);
    if record.pull_request.0 || url.as_deref().is_some_and(|url| url.contains("/pull/")) {
        return Ok(None);
    }
    let solved = record.closed_at.get().or(record.closed_at_gh.get());
    let solved = optional_time(solved, "the time when it was closed", source)?;
    let created = record.created_at.get().or(record.created_at_gh.get());
    let updated = record.updated_at.get().or(record.updated_at_gh.get());
    let reason = record.state_reason.get().or(record.state_reason_gh.get());
    Ok(Some(Ticket {
        id: required(record.number.get(), "`number`")?,
        created: required_time(created, "`created_at` or `createdAt`", source)?,
        updated: optional_time(updated, "the time of the last change", source)?,
        solved,
        status: super::status(record.state.as_str(), solved, &GITHUB),
        tags: record.labels.0,
        url,
        requester: record.user.get().or(record.author.get()),
        reopened: reason.is_some_and(|reason| reason.eq_ignore_ascii_case("reopened")),
        ..Ticket::default()
    }))
}

fn complete(ticket: &mut Ticket<'_>) {
    if let Some(id) = ticket.url.as_deref().and_then(|url| issue_id(url, &["/issues/"])) {
        ticket.id = Cow::Owned(id);
    }
}
