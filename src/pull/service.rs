//! Zendesk, GitLab and GitHub: addresses, pages and what is kept of a record.
//!
//! In: the address that a person knows a project by. Out: the addresses of its pages, and the records
//! of a page with the cursor of the next. GitLab and GitHub are asked by the time of the last change
//! and not by page number, since pages shift while issues change. Only where more than a page of issues
//! share one moment (a bulk edit) are pages counted; an issue of those that is edited in that very
//! minute can hide another until that one changes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;

/// Records in a page of GitLab and GitHub, the most that they give.
const PER_PAGE: usize = 100;

/// A kind of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Zendesk's incremental export by cursor.
    Zendesk,
    /// The issues of a GitLab project.
    Gitlab,
    /// The issues of a GitHub repository.
    Github,
}

/// Where a service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The address without its query.
    pub base: String,
}

/// Where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    /// Everything changed at or after this second since 1970, and which page of it.
    Since {
        /// As the service writes times.
        time: String,
        /// From 1.
        page: u32,
    },
    /// What the service gave as its cursor.
    Token(String),
}

/// One page of records.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordPage {
    /// Trimmed records.
    pub records: Vec<Value>,
    /// Where the next page begins, or the next pull after the last page.
    pub next: Cursor,
    /// The service has no more.
    pub last: bool,
}

/// Members of a record that are kept; `a.b` is a member of a member.
const ZENDESK: &[&str] = &[
    "id",
    "url",
    "created_at",
    "updated_at",
    "type",
    "status",
    "priority",
    "tags",
    "problem_id",
    "requester_id",
    "organization_id",
    "satisfaction_rating.score",
    "metric_set.solved_at",
    "metric_set.reopens",
];
const GITLAB: &[&str] =
    &["iid", "created_at", "updated_at", "closed_at", "state", "labels", "web_url", "author.id"];
const GITHUB: &[&str] = &[
    "number",
    "created_at",
    "updated_at",
    "closed_at",
    "state",
    "state_reason",
    "labels.name",
    "html_url",
    "user.id",
];

impl Service {
    /// The name in the config and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zendesk => "zendesk",
            Self::Gitlab => "gitlab",
            Self::Github => "github",
        }
    }

    /// Where the service answers for what stands at `url`.
    pub(super) fn endpoint(self, url: &str) -> Result<Endpoint, Error> {
        let wrong = |why: &str| Error::Usage(format!("`{url}` {why}; {}", self.url_example()));
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("is no address"))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let here = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        if scheme != "https" && !(scheme == "http" && here) {
            return Err(wrong("is not encrypted, and a token would be sent in the clear"));
        }
        if name.is_empty() || host.contains(['@', '?', '#', '\\']) || path.contains(['?', '#']) {
            return Err(wrong("holds more than a host and a path"));
        }
        let path = path.trim_matches('/').trim_end_matches(".git");
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let base = match self {
            Self::Zendesk => format!("{scheme}://{host}/api/v2/incremental/tickets/cursor.json"),
            Self::Gitlab if parts.len() < 2 => return Err(wrong("names no project")),
            Self::Gitlab => {
                let project = utf8_percent_encode(path, NON_ALPHANUMERIC);
                format!("{scheme}://{host}/api/v4/projects/{project}/issues")
            }
            Self::Github => {
                let [owner, name] = parts[..] else { return Err(wrong("names no repository")) };
                match host {
                    "github.com" | "www.github.com" => {
                        format!("https://api.github.com/repos/{owner}/{name}/issues")
                    }
                    host => format!("{scheme}://{host}/api/v3/repos/{owner}/{name}/issues"),
                }
            }
        };
        Ok(Endpoint { base })
    }

    fn url_example(self) -> &'static str {
        match self {
            Self::Zendesk => "it must be like `https://acme.zendesk.com`",
            Self::Gitlab => "it must be like `https://gitlab.example/group/project`",
            Self::Github => "it must be like `https://github.com/owner/repository`",
        }
    }

    /// The variable of the environment that holds the token.
    pub fn token_variable(self) -> &'static str {
        match self {
            Self::Zendesk => "ZENDESK_TOKEN",
            Self::Gitlab => "GITLAB_TOKEN",
            Self::Github => "GITHUB_TOKEN",
        }
    }

    /// Where the first pull begins.
    pub(super) fn first_cursor(self, since: Date) -> Cursor {
        let midnight = Offset::UTC.to_timestamp(since.to_datetime(jiff::civil::Time::midnight()));
        let midnight = midnight.unwrap_or(Timestamp::UNIX_EPOCH);
        let time = match self {
            Self::Zendesk => midnight.as_second().to_string(),
            Self::Gitlab | Self::Github => midnight.to_string(),
        };
        Cursor::Since { time, page: 1 }
    }

    /// The address of the page at a cursor.
    pub(super) fn page_address(self, endpoint: &Endpoint, cursor: &Cursor) -> String {
        let base = &endpoint.base;
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        match (self, cursor) {
            (Self::Zendesk, Cursor::Since { time, .. }) => {
                format!("{base}?per_page=1000&include=metric_sets&start_time={time}")
            }
            (Self::Zendesk, Cursor::Token(token)) => {
                format!("{base}?per_page=1000&include=metric_sets&cursor={}", encoded(token))
            }
            (Self::Gitlab, Cursor::Since { time, page }) => format!(
                "{base}?scope=all&order_by=updated_at&sort=asc&per_page={PER_PAGE}&page={page}&updated_after={}",
                encoded(time)
            ),
            (_, Cursor::Since { time, page }) => format!(
                "{base}?state=all&sort=updated&direction=asc&per_page={PER_PAGE}&page={page}&since={}",
                encoded(time)
            ),
            (_, Cursor::Token(token)) => format!("{base}?per_page={PER_PAGE}&since={}", encoded(token)),
        }
    }

    /// Reads a page; the error says what was wrong with the answer.
    pub(super) fn read_page(
        self,
        body: &[u8],
        cursor: &Cursor,
        subjects: bool,
    ) -> Result<RecordPage, String> {
        let body: Value = serde_json::from_slice(body).map_err(|error| {
            let start = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_lowercase();
            if start.starts_with('<') {
                "answered with a web page instead of JSON, as it does when one must sign in first".to_owned()
            } else {
                format!("answered with what is no JSON ({error})")
            }
        })?;
        match self {
            Self::Zendesk => read_zendesk(&body, subjects),
            Self::Gitlab => read_listed(&body, cursor, GITLAB, subjects),
            Self::Github => read_listed(&body, cursor, GITHUB, subjects),
        }
    }
}

fn read_zendesk(body: &Value, subjects: bool) -> Result<RecordPage, String> {
    let tickets = body.get("tickets").and_then(Value::as_array).ok_or("answered without `tickets`")?;
    let end = body.get("end_of_stream").and_then(Value::as_bool).ok_or("answered without `end_of_stream`")?;
    let next = body.get("after_cursor").and_then(Value::as_str).ok_or("answered without `after_cursor`")?;
    let mut kept = ZENDESK.to_vec();
    if subjects {
        kept.push("subject");
    }
    let records = tickets.iter().map(|ticket| trimmed(ticket, &kept)).collect();
    Ok(RecordPage { records, next: Cursor::Token(next.to_owned()), last: end })
}

/// A list of issues by the time of their last change.
fn read_listed(body: &Value, cursor: &Cursor, fields: &[&str], subjects: bool) -> Result<RecordPage, String> {
    let issues = body.as_array().ok_or("answered with something other than a list of issues")?;
    let Cursor::Since { time, page } = cursor else {
        return Err("was asked by a cursor of another service".into());
    };
    let changed = |issue: &Value| issue.get("updated_at").and_then(Value::as_str).map(str::to_owned);
    let newest = match issues.last() {
        Some(issue) => changed(issue).ok_or("gave an issue without `updated_at`")?,
        None => time.clone(),
    };
    let moved = match (time.parse::<Timestamp>(), newest.parse::<Timestamp>()) {
        (Ok(before), Ok(after)) => after > before,
        _ => return Err(format!("gave an issue whose `updated_at` is `{newest}`")),
    };
    let last = issues.len() < PER_PAGE;
    // A page full of one moment is not passed by asking for that moment again.
    let next = match (moved, last) {
        (true, _) => Cursor::Since { time: newest, page: 1 },
        (false, true) => Cursor::Since { time: time.clone(), page: 1 },
        (false, false) => Cursor::Since { time: time.clone(), page: page + 1 },
    };
    let mut kept = fields.to_vec();
    if subjects {
        kept.push("title");
    }
    let is_issue = |issue: &&Value| issue.get("pull_request").is_none_or(Value::is_null);
    let records = issues.iter().filter(is_issue).map(|issue| trimmed(issue, &kept)).collect();
    Ok(RecordPage { records, next, last })
}

/// The record with the members that are named, in their order.
fn trimmed(record: &Value, kept: &[&str]) -> Value {
    let mut out = Map::new();
    for path in kept {
        let (name, inner) = path.split_once('.').map_or((*path, None), |(name, inner)| (name, Some(inner)));
        let Some(value) = record.get(name) else { continue };
        let value = match (inner, value) {
            (None, value) => value.clone(),
            (Some(inner), Value::Array(items)) => items
                .iter()
                .map(|item| if item.is_object() { trimmed(item, &[inner]) } else { item.clone() })
                .collect(),
            (Some(inner), Value::Object(_)) => trimmed(value, &[inner]),
            (Some(_), _) => continue,
        };
        match (out.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, value) => {
                out.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_people_know_leads_to_the_address_that_programs_ask() {
        let table = [
            (
                Service::Zendesk,
                "https://acme.zendesk.com/",
                "https://acme.zendesk.com/api/v2/incremental/tickets/cursor.json",
            ),
            (
                Service::Gitlab,
                "https://git.example/a/b/c.git",
                "https://git.example/api/v4/projects/a%2Fb%2Fc/issues",
            ),
            (Service::Github, "https://github.com/o/r", "https://api.github.com/repos/o/r/issues"),
            (
                Service::Github,
                "https://git.corp.example/o/r/",
                "https://git.corp.example/api/v3/repos/o/r/issues",
            ),
            (Service::Gitlab, "http://127.0.0.1:80/a/b", "http://127.0.0.1:80/api/v4/projects/a%2Fb/issues"),
        ];
        for (service, url, base) in table {
            assert_eq!(service.endpoint(url).unwrap().base, base, "{url}");
        }
        let refused = [
            (Service::Zendesk, "http://acme.zendesk.com", "is not encrypted"),
            (Service::Zendesk, "acme.zendesk.com", "is no address"),
            (Service::Zendesk, "https://user:secret@acme.zendesk.com", "holds more"),
            (Service::Zendesk, "http://127.0.0.1@evil.example/", "is not encrypted"),
            (Service::Gitlab, "https://git.example/", "names no project"),
            (Service::Github, "https://github.com/o", "names no repository"),
            (Service::Github, "https://github.com/o/r/issues", "names no repository"),
        ];
        for (service, url, why) in refused {
            let message = service.endpoint(url).unwrap_err().to_string();
            assert!(message.contains(why), "{url}: {message}");
        }
    }

    #[test]
    fn what_people_wrote_is_not_kept() {
        let ticket = serde_json::json!({
            "id": 7, "subject": "Ana's mail", "description": "hello", "tags": ["a"],
            "via": {"source": {"from": {"address": "ana@example.com"}}},
            "satisfaction_rating": {"score": "bad", "comment": "Ana was rude"},
            "metric_set": {"solved_at": null, "reopens": 2, "replies": 9},
        });
        let kept = r#"{"id":7,"metric_set":{"reopens":2,"solved_at":null},"satisfaction_rating":{"score":"bad"},"tags":["a"]}"#;
        assert_eq!(trimmed(&ticket, ZENDESK).to_string(), kept);
        let issue = serde_json::json!({
            "number": 3, "title": "t", "body": "b", "labels": [{"name": "x", "color": "red"}, "y"], "user": {"id": 1, "login": "ana"},
        });
        let kept = r#"{"labels":[{"name":"x"},"y"],"number":3,"user":{"id":1}}"#;
        assert_eq!(trimmed(&issue, GITHUB).to_string(), kept);
    }
}
