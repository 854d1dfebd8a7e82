//! Findings → the text of an output format; one sibling file for each.
//!
//! In: a [`Report`]. Out: text in the asked [`Format`]. Not here: which findings are shown
//! (`cli`), and where the text goes.

use std::io::{self, Write};

use super::{Diagnostic, Label, Severity};
use super::{github, gitlab, human, json, junit, markdown, rdjson, sarif};
use crate::source::Position;

/// A run's findings and what formats say about the run.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Sorted.
    pub findings: &'a [Diagnostic],
    /// The day that the run was for.
    pub today: &'a str,
    /// How many pages were read.
    pub pages: usize,
    /// What stands before the paths that people read, so that a terminal can open them: the
    /// knowledge base as it was named, with a slash at the end, or nothing.
    pub shown_prefix: &'a str,
    /// What stands before the paths that code hosts read: the knowledge base in its repository,
    /// with a slash at the end, or nothing.
    pub repository_prefix: &'a str,
    /// How frames look.
    pub style: Style,
}

/// How frames for people look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Width of the terminal.
    pub width: usize,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Frames in the manner of rustc.
    Human,
    /// Docent's own JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitLab's Code Quality.
    Gitlab,
    /// Commands of a GitHub workflow.
    Github,
    /// `JUnit` XML.
    Junit,
    /// Reviewdog's JSON.
    Rdjson,
    /// A table for a comment.
    Markdown,
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Counts them.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        if parts.is_empty() { f.write_str("no findings") } else { f.write_str(&parts.join(", ")) }
    }
}

/// Writes a report.
pub fn write(report: &Report<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Github => github::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
        Format::Markdown => markdown::write(report, out),
    }
}

/// Where a label begins and ends.
pub(super) fn places(label: &Label) -> (Position, Position) {
    (label.file.position(label.span.start), label.file.position(label.span.end))
}

/// The path with what stands before it; a path from outside the knowledge base is left alone.
pub(super) fn prefixed(prefix: &str, path: &str) -> String {
    if path.starts_with('/') || path.starts_with("../") {
        return path.to_owned();
    }
    format!("{prefix}{path}")
}
