//! `ServiceNow`: incidents of the table API and of a list's CSV.
//!
//! Every value is a text, or an object with `display_value`. Category, subcategory and configuration
//! item stand for tags.

use serde::Deserialize;

use super::{ColumnNames, Parsed, System, is_yes, no_json, optional_time, required, required_time};
use crate::config::tickets::{Column, TicketSource};
use crate::tickets::fields::{Key, Text};
use crate::tickets::{Status, Ticket};

const COLUMNS: ColumnNames = &[
    (Column::Id, &["number"]),
    (Column::Created, &["opened_at", "Opened", "sys_created_on"]),
    (Column::Updated, &["sys_updated_on", "Updated"]),
    (Column::Solved, &["resolved_at", "Resolved", "closed_at"]),
    (Column::Status, &["state", "incident_state"]),
    (Column::Tags, &["category", "subcategory", "cmdb_ci", "Configuration item"]),
    (Column::Problem, &["problem_id", "Problem"]),
    (Column::Requester, &["caller_id", "Caller"]),
    (Column::Organisation, &["company"]),
    (Column::Reopened, &["reopen_count"]),
];

pub(super) static SERVICENOW: System =
    System { name: "ServiceNow", record, columns: COLUMNS, separators: &[], status, complete: |_| {} };

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Record<'a> {
    number: Text<'a>,
    opened_at: Text<'a>,
    sys_created_on: Text<'a>,
    sys_updated_on: Text<'a>,
    resolved_at: Text<'a>,
    closed_at: Text<'a>,
    state: Text<'a>,
    category: Text<'a>,
    subcategory: Text<'a>,
    cmdb_ci: Text<'a>,
    problem_id: Key<'a>,
    caller_id: Key<'a>,
    company: Key<'a>,
    reopen_count: Text<'a>,
}

fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Record<'r> = serde_json::from_str(text).map_err(no_json)?;
    let solved = record.resolved_at.get().or(record.closed_at.get());
    let solved = optional_time(solved, "`resolved_at`", source)?;
    let created = record.opened_at.get().or(record.sys_created_on.get());
    let tags = [record.category, record.subcategory, record.cmdb_ci];
    Ok(Some(Ticket {
        id: required(record.number.get(), "`number`")?,
        created: required_time(created, "`opened_at`", source)?,
        updated: optional_time(record.sys_updated_on.get(), "`sys_updated_on`", source)?,
        solved,
        status: super::status(record.state.as_str(), solved, &SERVICENOW),
        tags: tags.into_iter().filter_map(Text::get).collect(),
        problem: record.problem_id.get(),
        requester: record.caller_id.get(),
        organisation: record.company.get(),
        reopened: is_yes(record.reopen_count.as_str()),
        ..Ticket::default()
    }))
}

fn status(word: &str) -> Option<Status> {
    match word {
        "6" | "7" => Some(Status::Solved),
        "8" => Some(Status::Void),
        "1" | "2" | "3" => Some(Status::Open),
        _ => None,
    }
}
