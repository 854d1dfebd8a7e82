//! One piece of evidence, before it is a reason of a verdict and a finding of a check.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Reason, State};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Page, PageId};
use crate::source::Span;

/// A reason with its place in the page and the way out.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub reason: Reason,
    /// Where in the page; the whole page if empty.
    pub place: Span,
    /// Other places that explain it.
    pub also: Vec<(PageId, Span, &'static str)>,
    /// The way out.
    pub help: String,
    /// Whether `check` reports it: not what another rule or one line for all pages says already.
    pub reported: bool,
}

impl Evidence {
    /// Evidence for a state.
    pub fn new(rule: &'static Rule, state: State, weight: i32, message: impl Into<String>) -> Self {
        Self {
            reason: Reason {
                rule,
                weight,
                state: Some(state),
                message: message.into(),
                evidence: BTreeMap::new(),
                chain: Vec::new(),
            },
            place: Span::default(),
            also: Vec::new(),
            help: String::new(),
            reported: true,
        }
    }

    /// Where in the page.
    pub fn at(mut self, place: Span) -> Self {
        self.place = place;
        self
    }

    /// The way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// A number behind it.
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.reason.evidence.insert(name, value.into());
        self
    }

    /// It only orders the queue.
    pub fn only_orders(mut self) -> Self {
        self.reason.state = None;
        self.reported = false;
        self
    }

    /// `check` says it elsewhere.
    pub fn unreported(mut self) -> Self {
        self.reported = false;
        self
    }

    /// What `check` reports of it.
    pub fn finding(&self, page: &Page, pages: &[Page]) -> Option<Diagnostic> {
        if !self.reported {
            return None;
        }
        let finding = Diagnostic::new(self.reason.rule, self.reason.message.clone());
        let mut finding = finding.at(&page.parsed.file, self.place, "");
        for (other, span, text) in &self.also {
            finding = finding.and(&pages[*other].parsed.file, *span, *text);
        }
        Some(if self.help.is_empty() { finding } else { finding.help(self.help.clone()) })
    }
}

/// `1 ticket`, `2 tickets`.
pub(super) fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
