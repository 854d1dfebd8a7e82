//! Findings: what is wrong, where, and how to mend it.
//!
//! In: what every stage noticed. Out: [`Diagnostic`]s, and through the format modules the text of
//! each output format. The one table of rules is [`rules::ALL`]; it feeds `docent explain`, the
//! manual, the severities in the config, SARIF's rules and the tests.

pub mod baseline;
pub mod fingerprint;
pub mod format;
mod github;
mod gitlab;
pub mod human;
mod json;
mod junit;
mod markdown;
mod rdjson;
pub mod rules;
mod sarif;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{SharedFile, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run by default.
    Note,
    /// Probably wrong; fails under `--strict` or `--fail-on warning`.
    Warning,
    /// Wrong; fails a run.
    Error,
}

impl Severity {
    /// The word that reports print: `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One kind of finding. There is exactly one value of each, in [`rules::ALL`].
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case words, never reused.
    pub code: &'static str,
    /// Severity unless the config says otherwise.
    pub severity: Severity,
    /// One line, no full stop: what is wrong.
    pub summary: &'static str,
    /// Why it matters and how to mend it; Markdown, one or more paragraphs.
    pub explanation: &'static str,
    /// A small input that has the finding.
    pub bad: &'static str,
    /// The same input, mended.
    pub good: &'static str,
}

/// A place in a file with a remark.
#[derive(Clone, Debug)]
pub struct Label {
    /// The file; for a file that could not be read, one with empty text.
    pub file: SharedFile,
    /// The place.
    pub span: Span,
    /// What stands there, in a few words; may be empty.
    pub text: String,
}

/// An edit of the file that a finding is in, which mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub rule: &'static Rule,
    /// The rule's severity, or what the config or `--strict` made of it.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub primary: Option<Label>,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Ways to mend it.
    pub help: Vec<String>,
    /// The edit that mends it, where one is plain enough to be made without a look.
    pub fix: Option<Fix>,
    /// For a finding about a link: the path or address that it leads to, so that a branch that took
    /// the target away can be told.
    pub target: Option<String>,
}

impl Diagnostic {
    /// A finding without a place yet.
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
            target: None,
        }
    }

    /// Says where it is, with a remark for the frame (may be empty).
    #[must_use]
    pub fn at(mut self, file: &SharedFile, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label { file: Arc::clone(file), span, text: text.into() });
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and(mut self, file: &SharedFile, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { file: Arc::clone(file), span, text: text.into() });
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds the word that was probably meant by the one at its place: a way to mend it, and the edit.
    #[must_use]
    pub fn meant(self, word: &str) -> Self {
        self.replace(word).help(format!("did you mean `{word}`?"))
    }

    /// The word at its place is to become `word`. Quotes around it stay; a word that needs quotes of
    /// its own is left to the reader.
    #[must_use]
    pub fn replace(mut self, word: &str) -> Self {
        let is_plain = word.starts_with(|c: char| c.is_alphanumeric())
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
        let span = self.primary.as_ref().and_then(word_span);
        self.fix = span.filter(|_| is_plain).map(|span| Fix { span, text: word.to_owned() });
        self
    }

    /// The edit that mends it.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, text: text.into() });
        self
    }

    /// What the link leads to that it is about.
    #[must_use]
    pub fn leads_to(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// The path it is about, if it is about a file.
    pub fn path(&self) -> Option<&str> {
        self.primary.as_ref().map(|label| label.file.path())
    }

    /// What reports are sorted by: path, position, rule, message.
    pub fn sort_key(&self) -> (&str, u32, Span, &str, &str) {
        let place = self.primary.as_ref();
        let before = place.map_or(0, |label| label.file.lines_before());
        let span = place.map(|label| label.span).unwrap_or_default();
        (self.path().unwrap_or_default(), before, span, self.rule.code, &self.message)
    }
}

/// The one line under a label, without quotes around it.
fn word_span(label: &Label) -> Option<Span> {
    let text = label.file.slice(label.span);
    if text.is_empty() || text.contains('\n') {
        return None;
    }
    let is_quoted = text.len() >= 2 && ['"', '\''].iter().any(|q| text.starts_with(*q) && text.ends_with(*q));
    let quote = u32::from(is_quoted);
    Some(Span { start: label.span.start + quote, end: label.span.end - quote })
}

/// Sorts findings by path, position, rule and message, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup_by(|a, b| a.sort_key() == b.sort_key());
}

/// Rules without which no site can be made; a config cannot lower them.
pub(crate) const FIXED: &[&Rule] = &[&rules::files::URL_COLLISION, &rules::config::TEMPLATE_ERROR];

/// Gives findings the severities of the config (`None` drops them), and under `strict` makes
/// warnings errors. The only place where a severity changes.
pub fn weigh(
    findings: &mut Vec<Diagnostic>,
    config: &BTreeMap<&'static str, Option<Severity>>,
    strict: bool,
) {
    findings.retain_mut(|finding| {
        if let Some(severity) = config.get(finding.rule.code)
            && !FIXED.contains(&finding.rule)
        {
            let Some(severity) = severity else { return false };
            finding.severity = *severity;
        }
        if strict && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        true
    });
}

/// The word of `known` nearest to `word`, if it is near enough to be meant: at most a third of the
/// letters of either differ (Damerau–Levenshtein distance), or they differ in case only.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let length = word.chars().count();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().min(length))
        .min()
        .map(|(_, candidate)| candidate)
}
