//! What the systems call things: one file for each.
//!
//! In: the text of a record, or the name of a column. Out: a [`Ticket`] in the normal form.

mod freshdesk;
mod github;
mod gitlab;
mod jira;
mod pagerduty;
mod servicenow;
mod zendesk;

use std::borrow::Cow;

use super::read::{Bad, shortened};
use super::time::{self, BadTime};
use super::{Satisfaction, Status, Ticket, table};
use crate::config::tickets::{Column, TicketSource, TicketSystem};

/// A ticket; nothing, for a record that is meant to be none.
pub(super) type Parsed<'r> = Result<Option<Ticket<'r>>, Bad>;

/// Names of columns, the best first.
pub(super) type ColumnNames = &'static [(Column, &'static [&'static str])];

/// How one system exports.
pub(super) struct System {
    /// For people.
    pub name: &'static str,
    /// Reads a JSON record.
    pub record: for<'r> fn(&'r str, &TicketSource) -> Parsed<'r>,
    /// Headers of its CSV; case does not count.
    pub columns: ColumnNames,
    /// What stands between the tags of a cell.
    pub separators: &'static [char],
    /// What a status means, if [`status`] does not know the word.
    pub status: fn(&str) -> Option<Status>,
    /// Fills in what follows from other members, for JSON and CSV alike.
    pub complete: for<'r> fn(&mut Ticket<'r>),
}

impl System {
    /// What a column may be called.
    pub fn names_of(&self, column: Column) -> &'static [&'static str] {
        self.columns.iter().find(|(known, _)| *known == column).map_or(&[], |(_, names)| names)
    }
}

/// The config says what is called how.
pub(super) static TABLE: System = System {
    name: "the table",
    record: table::record,
    columns: &[],
    separators: &[',', ';', '|'],
    status: |_| None,
    complete: |_| {},
};

/// How this system exports.
pub(super) fn system(system: TicketSystem) -> &'static System {
    match system {
        TicketSystem::Zendesk => &zendesk::ZENDESK,
        TicketSystem::Gitlab => &gitlab::GITLAB,
        TicketSystem::Github => &github::GITHUB,
        TicketSystem::Jira => &jira::JIRA,
        TicketSystem::Freshdesk => &freshdesk::FRESHDESK,
        TicketSystem::Pagerduty => &pagerduty::PAGERDUTY,
        TicketSystem::Servicenow => &servicenow::SERVICENOW,
        TicketSystem::Table => &TABLE,
    }
}

/// A record that is no JSON. What stands in it is not repeated: it may be personal.
#[expect(clippy::needless_pass_by_value, reason = "this is how `map_err` hands it over")]
pub(super) fn no_json(error: serde_json::Error) -> Bad {
    if error.is_data() {
        return Bad::Record("it is not an object with the members of a ticket".into());
    }
    let said = error.to_string();
    Bad::Record(format!("it is no JSON: {}", said.split(" at line ").next().unwrap_or_default()))
}

/// What a ticket must have.
pub(super) fn required<'r>(text: Option<Cow<'r, str>>, name: &str) -> Result<Cow<'r, str>, Bad> {
    text.filter(|text| !text.trim().is_empty()).ok_or_else(|| Bad::Record(format!("it has no {name}")))
}

/// A time that a ticket must have.
pub(super) fn required_time(
    text: Option<Cow<'_, str>>,
    name: &str,
    source: &TicketSource,
) -> Result<i64, Bad> {
    optional_time(text, name, source)?.ok_or_else(|| Bad::Record(format!("it has no {name}")))
}

/// A time, if there is one.
pub(super) fn optional_time(
    text: Option<Cow<'_, str>>,
    name: &str,
    source: &TicketSource,
) -> Result<Option<i64>, Bad> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    time::parse(&text, source.date_format.as_deref()).map(Some).map_err(|bad| match bad {
        BadTime::Invalid => {
            let hint = source.date_format.as_ref().map(|format| format!(" after `{format}`"));
            Bad::Record(format!(
                "{name} is `{}`, which is no time{}",
                shortened(&text),
                hint.unwrap_or_default()
            ))
        }
        BadTime::Ambiguous => Bad::Export(
            format!("writes times as `{}`, which can be read in several ways", shortened(&text)),
            "say which with `date_format`, as in `date_format: \"%d/%m/%y %H:%M\"`".into(),
        ),
    })
}

/// What a status means. A system's own word goes first; a time of solving says enough otherwise.
pub(super) fn status(written: &str, solved: Option<i64>, system: &System) -> Status {
    let word = written.trim().to_lowercase();
    let known = (system.status)(&word).or(match word.as_str() {
        "solved" | "closed" | "resolved" | "done" | "completed" | "complete" | "fixed" => {
            Some(Status::Solved)
        }
        "deleted" | "spam" | "merged" | "canceled" | "cancelled" | "void" => Some(Status::Void),
        "new" | "open" | "opened" | "reopened" | "pending" | "hold" | "on-hold" | "in progress" | "to do" => {
            Some(Status::Open)
        }
        _ => None,
    });
    known.unwrap_or(if solved.is_some() { Status::Solved } else { Status::Open })
}

/// How an answer was rated: `good`, `Good with comment`, `bad`.
pub(super) fn satisfaction(written: &str) -> Option<Satisfaction> {
    let word = written.trim().to_lowercase();
    match word.split(['_', ' ']).next() {
        Some("good" | "satisfied") => Some(Satisfaction::Good),
        Some("bad" | "unsatisfied" | "dissatisfied") => Some(Satisfaction::Bad),
        _ => None,
    }
}

/// Whether a count or a word says that something happened.
pub(super) fn is_yes(written: &str) -> bool {
    !matches!(written.trim().to_lowercase().as_str(), "" | "0" | "0.0" | "false" | "no" | "none" | "null")
}

/// The part of an address after its host: `group/kb/-/issues/12`.
pub(super) fn path_of(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split_once('/').map(|(_, path)| path)
}

/// `group/kb#12` of the address of an issue, since numbers begin at 1 in each project.
pub(super) fn issue_id(url: &str, marks: &[&str]) -> Option<String> {
    let path = path_of(url)?;
    let (project, rest) = marks.iter().find_map(|mark| path.split_once(mark))?;
    let number = rest.split(['?', '#', '/']).next().filter(|number| !number.is_empty())?;
    Some(format!("{project}#{number}"))
}
