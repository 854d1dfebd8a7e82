//! What is untidy in a body, but stops nothing.
//!
//! In: the events of a page, as `collect` walks them. Out: findings of the families `markdown` and
//! `text`.

use std::collections::BTreeMap;

use pulldown_cmark::Event;

use super::ParsedPage;
use super::markdown::Body;
use super::raw_html::Found;
use super::run::Run;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::markdown as rules;
use crate::source::{SharedFile, Span};

/// Gathers findings along one walk.
pub(super) struct Lint<'b> {
    file: SharedFile,
    body: &'b Body<'b>,
    findings: Vec<Diagnostic>,
}

impl<'b> Lint<'b> {
    pub fn new(file: SharedFile, body: &'b Body<'_>) -> Self {
        Self { file, body, findings: Vec::new() }
    }

    /// Looks at one event.
    pub fn read(&mut self, event: &Event<'_>, span: Span) {
        let _ = (event, span);
    }

    /// Looks at a part of raw HTML.
    pub fn read_html(&mut self, found: &Found, run: &Run) {
        let _ = (found, run);
    }

    /// Notes an id written by hand; a second one is a finding.
    pub fn id_by_hand(&mut self, id: &str, span: Span, seen: &mut BTreeMap<String, Span>) {
        if let Some(first) = seen.get(id) {
            let finding = Diagnostic::new(&rules::DUPLICATE_ID, format!("the id `{id}` is given twice"))
                .at(&self.file, span, "again here")
                .and(&self.file, *first, "first here")
                .help("links lead to the first; give this one another id or take it out");
            self.findings.push(finding);
        } else {
            seen.insert(id.to_owned(), span);
        }
    }

    /// Looks at the page as a whole; gives all findings.
    pub fn finish(self, page: &ParsedPage) -> Vec<Diagnostic> {
        let _ = (page, self.body);
        self.findings
    }
}
