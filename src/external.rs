//! What is known of links to other sites: the cached results of `docent check --external`.
//!
//! In: the text of a file of results, of Docent or of lychee. Out: [`Results`], and their text. Not
//! here: asking (`pull`), and which pages hold the links (`check`).
//!
//! Docent's own file is `{ "schema": 1, "links": { "<address>": { "state": "alive|dead|unanswered|
//! refused", "checked": "YYYY-MM-DD", "why": "404 Not Found" } } }`, sorted by address. Addresses have
//! no fragment. Of lychee's report (`lychee --format json --verbose`) every address with a status counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the file.
const SCHEMA: u64 = 1;

/// What became of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// Something is there.
    Alive,
    /// Nothing is there.
    Dead,
    /// Nobody knows: the site did not answer, or wants to be asked later.
    Unanswered,
    /// It was not asked: it leads into a private network.
    Refused,
}

/// The result of one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkResult {
    /// What became of it.
    pub state: LinkState,
    /// The day on which it was asked; lychee does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Date>,
    /// The answer in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Why a file of results cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadResults {
    /// From 1.
    pub line: u32,
    /// Follows the name of the file.
    pub message: String,
}

/// What is known of links to other sites on one day.
#[derive(Clone, Debug, Default)]
pub struct Results {
    links: BTreeMap<String, LinkResult>,
    /// Results of earlier days are too old.
    oldest: Option<Date>,
    /// The file is not of our making, so it is not ours to replace.
    pub is_foreign: bool,
}

#[derive(Deserialize)]
struct Own {
    links: BTreeMap<String, LinkResult>,
}

#[derive(Serialize)]
struct Written<'r> {
    schema: u64,
    links: &'r BTreeMap<String, LinkResult>,
}

impl Results {
    /// Reads a file of results. Those of days after `today` are left out, so that a past day is judged
    /// by what was known then; those of days before `oldest` no longer count.
    pub fn read(text: &str, today: Date, oldest: Date) -> Result<Self, BadResults> {
        let bad = |line: usize, message: String| BadResults { line: line as u32, message };
        let syntax = |error: &serde_json::Error| {
            bad(error.line().max(1), format!("is not a file of results: {error}"))
        };
        let value: Value = serde_json::from_str(text).map_err(|error| syntax(&error))?;
        let is_foreign = value.get("links").is_none();
        let mut links = match value.get("schema") {
            Some(schema) if schema.as_u64() == Some(SCHEMA) => {
                serde_json::from_str::<Own>(text).map_err(|error| syntax(&error))?.links
            }
            Some(schema) => {
                return Err(bad(1, format!("is of schema {schema}; this version knows {SCHEMA}")));
            }
            None => read_lychee(&value).ok_or_else(|| {
                bad(1, "is neither a file of `docent check --external` nor a report of lychee".into())
            })?,
        };
        links.retain(|_, result| result.checked.is_none_or(|day| day <= today));
        Ok(Self { links, oldest: Some(oldest), is_foreign })
    }

    /// What is known of an address, if it is not too old.
    pub fn of(&self, url: &str) -> Option<&LinkResult> {
        self.of_any_age(url).filter(|result| !self.is_old(result))
    }

    /// What was known once.
    pub fn of_any_age(&self, url: &str) -> Option<&LinkResult> {
        self.links.get(&*address(url)?)
    }

    fn is_old(&self, result: &LinkResult) -> bool {
        result.checked.is_some_and(|day| self.oldest.is_some_and(|oldest| day < oldest))
    }

    /// The text of a file with these results.
    pub fn to_text(links: &BTreeMap<String, LinkResult>) -> String {
        let text = serde_json::to_string_pretty(&Written { schema: SCHEMA, links });
        text.unwrap_or_default() + "\n"
    }
}

/// The address that is asked for a link: of the web, without fragment.
pub fn address(url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default().trim();
    let is = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if url.starts_with("//") {
        return Some(format!("https:{url}"));
    }
    (is("http://") || is("https://")).then(|| url.to_owned())
}

/// Every address with a status in any of lychee's lists. A status that does not say that nothing is
/// there is no proof.
fn read_lychee(report: &Value) -> Option<BTreeMap<String, LinkResult>> {
    let lists = report.as_object()?.iter().filter(|(name, _)| name.ends_with("_map"));
    let mut known = false;
    let mut links = BTreeMap::new();
    for (name, pages) in lists {
        known = true;
        for entry in pages.as_object()?.values().filter_map(Value::as_array).flatten() {
            let Some(url) = entry.get("url").and_then(Value::as_str).and_then(address) else { continue };
            let status = entry.get("status");
            let text = status.and_then(|status| status.get("text")).and_then(Value::as_str);
            let code = status.and_then(|status| status.get("code")).and_then(Value::as_u64);
            let state = match code {
                _ if name == "success_map" => LinkState::Alive,
                Some(404 | 410) => LinkState::Dead,
                _ if matches!(&**name, "error_map" | "fail_map" | "timeout_map") => LinkState::Unanswered,
                _ => continue,
            };
            let why = match (code, text) {
                (Some(code), _) => code.to_string(),
                (None, text) => text.unwrap_or_default().to_owned(),
            };
            links.insert(url, LinkResult { state, checked: None, why });
        }
    }
    known.then_some(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Result<Results, BadResults> {
        Results::read(text, day("2026-11-23"), day("2026-10-24"))
    }

    #[test]
    fn results_of_other_days_do_not_count() {
        let text = r#"{ "schema": 1, "links": {
            "https://a.example/": { "state": "dead", "checked": "2026-11-20", "why": "404 Not Found" },
            "https://old.example/": { "state": "dead", "checked": "2026-10-01" },
            "https://future.example/": { "state": "dead", "checked": "2026-11-24" } } }"#;
        let results = read(text).unwrap();
        assert_eq!(results.of("https://a.example/#part").unwrap().why, "404 Not Found");
        assert_eq!(results.of("https://old.example/"), None);
        assert_eq!(results.of_any_age("https://old.example/").unwrap().state, LinkState::Dead);
        assert_eq!(results.of_any_age("https://future.example/"), None);
        assert!(!results.is_foreign);
        assert_eq!(read(&Results::to_text(&results.links)).unwrap().links, results.links);
    }

    #[test]
    fn a_report_of_lychee_is_read_and_says_no_more_than_it_knows() {
        let text = r#"{ "total": 4, "success_map": { "a.md": [{ "url": "https://a.example/", "status": { "text": "OK (200 OK)", "code": 200 } }] },
            "error_map": { "a.md": [{ "url": "https://b.example/x#y", "status": { "text": "Rejected", "code": 404 } },
                                   { "url": "https://c.example/", "status": { "text": "Failed: Network error" } },
                                   { "url": "file:///etc/passwd", "status": { "text": "Cannot find file" } }] },
            "excluded_map": { "a.md": [{ "url": "https://d.example/", "status": { "text": "Excluded" } }] } }"#;
        let results = read(text).unwrap();
        let states: Vec<_> =
            results.links.iter().map(|(url, result)| (&**url, result.state, &*result.why)).collect();
        assert_eq!(
            states,
            [
                ("https://a.example/", LinkState::Alive, "200"),
                ("https://b.example/x", LinkState::Dead, "404"),
                ("https://c.example/", LinkState::Unanswered, "Failed: Network error"),
            ]
        );
        assert!(results.is_foreign);
    }

    #[test]
    fn what_is_no_file_of_results_is_refused_with_its_line() {
        for (text, line, message) in [
            ("{\n \"schema\": 1,\n", 3, "is not a file of results: EOF"),
            ("[]", 1, "is neither a file of"),
            ("{}", 1, "is neither a file of"),
            ("{ \"schema\": 2, \"links\": {} }", 1, "is of schema 2; this version knows 1"),
            (
                "{ \"schema\": 1, \"links\": { \"https://a.example/\":\n { \"state\": \"ded\" } } }",
                2,
                "is not a file of results: unknown variant `ded`",
            ),
        ] {
            let bad = read(text).unwrap_err();
            assert!(bad.message.starts_with(message), "{}", bad.message);
            // serde_json counts a last line end as a line of its own.
            assert!(bad.line.abs_diff(line) <= 1, "{text}: {}", bad.line);
        }
    }
}
