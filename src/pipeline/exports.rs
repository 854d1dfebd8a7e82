//! Ticket exports → tickets and findings.
//!
//! In: sources with the exports that were found. Out: all tickets, what each source gave, and a finding
//! for each record that was skipped. One export that is missing or cut off makes an [`Error`]: numbers
//! made of half the tickets would look like good news.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::tickets::{INVALID_TICKET, MAYBE_LIMITED, UNREADABLE_EXPORT};
use crate::discover::{self, DiscoverOptions, ExportFile, Exports, Sources, open_export};
use crate::error::Error;
use crate::source::{SourceFile, Span};
use crate::tickets::read::MAX_NAMED;
use crate::tickets::{Broken, Report, Tickets, read_export};

/// What all exports hold.
#[derive(Clone, Debug, Default)]
pub struct ReadExports {
    /// The tickets.
    pub tickets: Tickets,
    /// What each file gave, in the order of the sources' `exports`.
    pub reports: Vec<Report>,
    /// What was wrong with single records.
    pub findings: Vec<Diagnostic>,
}

/// The tickets of all exports, and findings; no tickets if the config names no export.
pub fn read_tickets(sources: &Sources) -> Result<(Option<Tickets>, Vec<Diagnostic>), Error> {
    if sources.config.tickets.is_empty() {
        return Ok((None, Vec::new()));
    }
    let read = read_files(&sources.dir, &sources.config, &sources.exports)?;
    Ok((Some(read.tickets), read.findings))
}

/// Ticket exports without the rest of the knowledge base.
#[derive(Clone, Debug)]
pub struct TicketExports {
    /// The knowledge base, absolute.
    pub dir: PathBuf,
    /// Its config.
    pub config: Config,
    /// The files.
    pub exports: Exports,
}

/// Finds the exports that a config names, and reads nothing else.
pub fn find_exports(options: &DiscoverOptions) -> Result<TicketExports, Error> {
    let (dir, config, exports) = discover::find_exports(options)?;
    Ok(TicketExports { dir, config, exports })
}

/// Reads them, and says what each file gave.
pub fn read_exports(found: &TicketExports) -> Result<ReadExports, Error> {
    read_files(&found.dir, &found.config, &found.exports)
}

/// All files are read before one that cannot be used is an error.
fn read_files(dir: &Path, config: &Config, exports: &Exports) -> Result<ReadExports, Error> {
    let mut read = ReadExports::default();
    let mut problems = exports.missing.clone();
    for export in &exports.files {
        read.tickets.enter_source(export.source);
        let source = &config.tickets[export.source];
        let report = match open_export(dir, export) {
            Ok(stream) => read_export(stream, source, config.base_url.as_deref(), &mut read.tickets)
                .map_err(|broken| unusable(export, broken)),
            Err(problem) => Err(*problem),
        };
        match report {
            Ok(report) => {
                describe(export, &report, &mut read.findings);
                read.reports.push(report);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        problems.append(&mut read.findings);
        return Err(Error::Tickets(problems));
    }
    read.tickets.finish();
    Ok(read)
}

fn unusable(export: &ExportFile, broken: Broken) -> Diagnostic {
    let Broken { line, message, help } = broken;
    at_line(Diagnostic::new(&UNREADABLE_EXPORT, format!("`{}` {message}", export.path)), export, line)
        .help(help)
}

fn describe(export: &ExportFile, report: &Report, findings: &mut Vec<Diagnostic>) {
    for (at, skipped) in report.named.iter().enumerate() {
        let message = format!("this record is skipped: {}", skipped.why);
        let mut finding = at_line(Diagnostic::new(&INVALID_TICKET, message), export, skipped.line);
        if at == 0 && report.skipped > 1 {
            let all = report.skipped + report.tickets + report.left_out;
            let named = if report.skipped > MAX_NAMED { "; the first 20 are named" } else { "" };
            finding = finding
                .help(format!("{} of {all} records of this export are skipped{named}", report.skipped));
        }
        findings.push(finding);
    }
    if let Some(rows) = report.maybe_limited {
        let message = format!(
            "`{}` holds exactly {rows} records, which is what GitHub gives unless more are asked for",
            export.path
        );
        let finding = at_line(Diagnostic::new(&MAYBE_LIMITED, message), export, 1);
        findings.push(finding.help(
            "export with `gh issue list --state all --limit 100000 --json …`, or ask the API for every page",
        ));
    }
}

/// The file is too large to be shown, so only the line is named.
fn at_line(finding: Diagnostic, export: &ExportFile, line: u64) -> Diagnostic {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let file = Arc::new(SourceFile::at_line(&*export.path, line));
    finding.at(&file, Span::default(), "")
}
