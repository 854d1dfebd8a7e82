//! Zendesk: the API's pages, the incremental export, the account's NDJSON, CSV.
//!
//! `url` is the API's and not for people. A merged ticket is closed with a tag. An incident names its
//! problem. Tickets inherit the tags of their user and organisation, which `freshness` leaves out.

use std::borrow::Cow;

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, is_yes, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Key, Text, Texts};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["Id", "Ticket ID"]),
    (Column::Created, &["Created at", "Requested"]),
    (Column::Updated, &["Updated at", "Updated"]),
    (Column::Solved, &["Solved at"]),
    (Column::Status, &["Status"]),
    (Column::Tags, &["Tags"]),
    (Column::Problem, &["Problem id"]),
    (Column::Requester, &["Requester id", "Requester"]),
    (Column::Organisation, &["Organization id", "Organization"]),
    (Column::Reopened, &["Reopens"]),
    (Column::Satisfaction, &["Satisfaction Score"]),
];

pub(super) static ZENDESK: System =
    System { name: "Zendesk", record, columns: COLUMNS, separators: &[' ', ','], status: |_| None, complete };

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    #[serde(default)]
    id: Key<'a>,
    #[serde(default)]
    url: Text<'a>,
    #[serde(default)]
    created_at: Text<'a>,
    #[serde(default)]
    updated_at: Text<'a>,
    #[serde(default)]
    solved_at: Text<'a>,
    #[serde(default)]
    metric_set: Option<Metrics<'a>>,
    #[serde(default)]
    reopens: Text<'a>,
    #[serde(default)]
    status: Text<'a>,
    #[serde(default, rename = "type")]
    kind: Text<'a>,
    #[serde(default)]
    tags: Texts<'a>,
    #[serde(default)]
    problem_id: Key<'a>,
    #[serde(default)]
    requester_id: Key<'a>,
    /// The account export has whole users.
    #[serde(default)]
    requester: Key<'a>,
    #[serde(default)]
    organization_id: Key<'a>,
    #[serde(default)]
    organization: Key<'a>,
    #[serde(default)]
    satisfaction_rating: Text<'a>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Metrics<'a> {
    #[serde(default)]
    solved_at: Text<'a>,
    #[serde(default)]
    reopens: Text<'a>,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let id = required(record.id.get(), "`id`")?;
    let metrics = record.metric_set.unwrap_or(Metrics { solved_at: Text(None), reopens: Text(None) });
    let solved = record.solved_at.get().or(metrics.solved_at.get());
    let solved = optional_time(solved, "`solved_at`", source)?;
    let problem = match record.kind.as_str() {
        "problem" => Some(id.clone()),
        _ => record.problem_id.get(),
    };
    Ok(Some(Ticket {
        id,
        created: required_time(record.created_at.get(), "`created_at`", source)?,
        updated: optional_time(record.updated_at.get(), "`updated_at`", source)?,
        solved,
        status: super::status(record.status.as_str(), solved, &ZENDESK),
        tags: record.tags.0,
        url: record.url.get(),
        problem,
        requester: record.requester_id.get().or(record.requester.get()),
        organisation: record.organization_id.get().or(record.organization.get()),
        reopened: is_yes(record.reopens.as_str()) || is_yes(metrics.reopens.as_str()),
        satisfaction: super::satisfaction(record.satisfaction_rating.as_str()),
        linked_articles: Vec::new(),
    }))
}

fn complete(ticket: &mut Ticket<'_>) {
    if ticket.tags.iter().any(|tag| tag.eq_ignore_ascii_case("closed_by_merge")) {
        ticket.status = Status::Void;
    }
    // https://fernhill.zendesk.com/api/v2/tickets/35436.json
    let for_people = ticket.url.as_deref().and_then(|url| {
        let (host, _) = url.split_once("/api/v2/")?;
        Some(format!("{host}/agent/tickets/{}", ticket.id))
    });
    if let Some(url) = for_people {
        ticket.url = Some(Cow::Owned(url));
    }
}
