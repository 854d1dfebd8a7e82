//! A review or a snooze → the changes of the front matter, or why it is refused.
//!
//! In: what a page says of its review, what was found, what somebody wants to record. Out: the
//! [`Change`]s. A review clears the clock and what happened before it; it never clears proof. Not
//! here: the command (`cli`), the edit itself (`edit`).

use jiff::ToSpan;
use jiff::civil::Date;

use super::Article;
use super::edit::{Change, NewValue};
use super::review::{How, MAX_SNOOZE_DAYS, ReviewFacts, can_rest};
use crate::diagnostic::rules::freshness::{DOUBT, PROOF};
use crate::diagnostic::{Diagnostic, Rule, nearest, rules};

/// Digits of a commit that are written.
const COMMIT_DIGITS: usize = 12;

/// A review that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// The day.
    pub on: Date,
    /// How well.
    pub how: How,
    /// Who.
    pub by: Option<String>,
    /// The commit that is checked out, full hash.
    pub commit: Option<String>,
    /// The drill, incident or ticket.
    pub evidence: Option<String>,
    /// Proof that does not stand in the way, by code.
    pub despite: Vec<String>,
    /// Why it is recorded nevertheless, or in bulk.
    pub reason: Option<String>,
}

/// A snooze that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSnooze {
    /// The day on which the findings come back.
    pub until: Date,
    /// Codes.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<String>,
    /// What the findings weigh now, milli-logits, if that is known.
    pub doubt: Option<i32>,
}

impl NewReview {
    /// Why the review cannot be recorded, and the way out. `findings` are those of the page.
    pub fn refusal(&self, facts: &ReviewFacts, findings: &[&Diagnostic], today: Date) -> Option<String> {
        if self.on > today {
            return Some(format!("{} lies in the future; today is {today}", self.on));
        }
        if let Some(last) = facts.reviewed.date().filter(|last| *last > self.on) {
            return Some(format!(
                "it was reviewed on {last} already, and a review does not go back to {}; leave out `--on`",
                self.on
            ));
        }
        let is_proof = |finding: &&&Diagnostic| {
            PROOF.contains(&finding.rule) && !self.despite.iter().any(|code| code == finding.rule.code)
        };
        let mut proof = findings.iter().filter(is_proof);
        let first = proof.next()?;
        let place = first.primary.as_ref().map(|label| label.file.position(label.span.start).line);
        let line = place.map(|line| format!(" in line {line}")).unwrap_or_default();
        let more = match proof.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Some(format!(
            "a review does not mend `{0}`{line}: {1}{more}; mend it, or say `--despite {0} --reason …`",
            first.rule.code, first.message
        ))
    }

    /// What the front matter says from now on; `hash` is that of the body. A key of the last review
    /// that this one has no value for goes.
    pub fn changes(&self, hash: String) -> Vec<Change> {
        let text = |value: Option<String>| value.map(NewValue::Text);
        let commit = self.commit.as_ref().map(|commit| commit.chars().take(COMMIT_DIGITS).collect());
        let note = self.reason.as_ref().map(|reason| match self.despite.as_slice() {
            [] => reason.clone(),
            codes => format!("despite {}: {reason}", codes.join(", ")),
        });
        [
            ("reviewed", Some(NewValue::Text(self.on.to_string()))),
            ("reviewed_by", text(self.by.clone())),
            ("reviewed_how", Some(NewValue::Text(self.how.word().into()))),
            ("reviewed_commit", text(commit)),
            ("reviewed_hash", Some(NewValue::Text(hash))),
            ("reviewed_evidence", text(self.evidence.clone())),
            ("reviewed_note", text(note)),
        ]
        .into_iter()
        .map(|(key, value)| Change { key, value })
        .collect()
    }
}

/// What the evidence that is to rest weighs now, milli-logits: more than that, and it is back. `None`
/// for the clock alone, which gets worse by itself.
pub fn weight_of(rules: &[String], article: &Article) -> Option<i32> {
    let named = |rule: &Rule| rules.iter().any(|code| code == rule.code);
    let evidence = article.reasons.iter().chain(&article.resting);
    let weight = evidence.filter(|reason| reason.is_doubt() && named(reason.rule));
    let weight = weight.map(|reason| reason.weight).sum();
    DOUBT.iter().any(|rule| named(rule)).then_some(weight)
}

impl NewSnooze {
    /// Why the snooze cannot be recorded, and the way out.
    pub fn refusal(&self, facts: &ReviewFacts, today: Date) -> Option<String> {
        let latest = today.saturating_add(MAX_SNOOZE_DAYS.days());
        if self.until <= today {
            return Some(format!("{} has come already; today is {today}", self.until));
        }
        if self.until > latest {
            return Some(format!(
                "{} is more than {MAX_SNOOZE_DAYS} days away; findings rest until {latest} at the latest",
                self.until
            ));
        }
        if let Some(code) = self.rules.iter().find(|code| !can_rest().any(|rule| rule.code == **code)) {
            let why = match (rules::find(code), nearest(code, can_rest().map(|rule| rule.code))) {
                (Some(rule), _) if PROOF.contains(&rule) => {
                    "is proof, and proof cannot rest: mend the page".into()
                }
                (None, Some(near)) => format!("is no rule of freshness; did you mean `{near}`?"),
                _ => {
                    let can: Vec<&str> = can_rest().map(|rule| rule.code).collect();
                    format!("cannot rest; {} can", can.join(", "))
                }
            };
            return Some(format!("`{code}` {why}"));
        }
        let resting = facts.snoozes.iter().filter(|snooze| today < snooze.until);
        let lost = resting.flat_map(|snooze| &snooze.rules).find(|code| !self.rules.contains(code))?;
        Some(format!(
            "`{lost}` rests already, and a page has one snooze; name all rules: `--rule {lost},{}`",
            self.rules.join(",")
        ))
    }

    /// What the front matter says from now on.
    pub fn change(&self) -> Change {
        let mut entries = vec![
            ("until", NewValue::Text(self.until.to_string())),
            ("rules", NewValue::List(self.rules.clone())),
            ("reason", NewValue::Text(self.reason.clone())),
        ];
        entries.extend(self.by.clone().map(|by| ("by", NewValue::Text(by))));
        entries.extend(self.doubt.map(|doubt| ("doubt", NewValue::Number(doubt))));
        Change { key: "snooze", value: Some(NewValue::Group(entries)) }
    }
}
