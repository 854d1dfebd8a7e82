//! `docent check`: everything that `build` checks, writing nothing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::{self, Counts, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::Error;
use crate::pipeline;

/// Checks a knowledge base and reports what is wrong
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write the findings to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with 1 if a finding is at least this bad
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// Report these rules only
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    only: Vec<String>,
    /// Warnings count as errors
    #[arg(long)]
    strict: bool,
    /// Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be read
    #[arg(long)]
    lossy: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Frames that show the place
    Human,
    /// Docent's own JSON
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    require_rules(&options.only)?;
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.strict = options.strict;
    run.options.discover.lossy = options.lossy;
    let checked = run.check()?;
    let mut findings = checked.findings.clone();
    if let Err(errors) = pipeline::check_theme(&checked, &run.options) {
        findings.extend(errors);
        crate::diagnostic::sort(&mut findings);
    }
    run.progress.clear();
    if !options.only.is_empty() {
        findings.retain(|finding| options.only.iter().any(|code| code == finding.rule.code));
    }
    let report = Report {
        findings: &findings,
        today: &checked.site.today,
        pages: checked.site.pages.len(),
        shown_prefix: &run.shown_prefix(),
        repository_prefix: &checked.sources.git.prefix,
        style: terminal.out_style(),
    };
    write(&report, options, terminal)?;
    terminal.say(&format!("{} pages: {}", report.pages, Counts::of(&findings)));
    Ok(u8::from(fails(&findings, options.fail_on)))
}

fn write(report: &Report<'_>, options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let format = match options.format {
        Format::Human => format::Format::Human,
        Format::Json => format::Format::Json,
    };
    let Some(path) = &options.output else {
        return Ok(format::write(report, format, terminal.out())?);
    };
    let mut text = Vec::new();
    let style = format::Style { color: false, ..report.style };
    format::write(&Report { style, ..*report }, format, &mut text)?;
    std::fs::write(path, text).map_err(|error| Error::io("write", path, error))?;
    Ok(())
}

fn fails(findings: &[Diagnostic], fail_on: FailOn) -> bool {
    let severity = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
        FailOn::Never => return false,
    };
    pipeline::reaches(findings, severity)
}

/// Every code must be a rule: a mistyped one would pass for ever.
fn require_rules(codes: &[String]) -> Result<(), Error> {
    for code in codes {
        super::explain::find_rule(code)?;
    }
    Ok(())
}
