//! `docent check`: everything that `build` checks, writing nothing.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::baseline::Baseline;
use crate::diagnostic::format::{self, Counts, Report};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::discover::git::changed_since;
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
    /// Report only findings in files that changed since this revision of git
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings of today to FILE as known, and exit with 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "only", "changed_since"])]
    write_baseline: Option<PathBuf>,
    /// Warnings count as errors, and so do entries of the baseline that are no longer found
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
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// GitLab's Code Quality report
    Gitlab,
    /// Annotations of a GitHub workflow
    Github,
    #[value(help = "JUnit XML")]
    Junit,
    /// Reviewdog's JSON
    Rdjson,
    /// A table for a job summary or a comment
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    // A mistyped code would pass for ever.
    let only = options.only.iter().map(|code| super::explain::find_rule(code));
    let only = only.collect::<Result<Vec<_>, Error>>()?;
    let baseline = options.baseline.as_deref().map(read_baseline).transpose()?;
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.strict = options.strict;
    run.options.discover.lossy = options.lossy;
    let changed = options.changed_since.as_deref().map(|rev| changed_since(&run.dir, rev)).transpose()?;
    let checked = match run.check() {
        Ok(checked) => checked,
        Err(error) => return cannot_check(error, options, &run, terminal),
    };
    let mut findings = checked.findings.clone();
    if let Err(errors) = pipeline::check_theme(&checked, &run.options) {
        findings.extend(errors);
        diagnostic::sort(&mut findings);
    }
    run.progress.clear();
    if let Some(path) = &options.write_baseline {
        let known = Baseline::of(&findings);
        std::fs::write(path, known.to_text()).map_err(|error| Error::io("write", path, error))?;
        terminal.say(&format!("{} findings are known from now on, in {}", known.len(), path.display()));
        return Ok(0);
    }
    let is_asked = |rule: &str, path: Option<&str>| {
        (only.is_empty() || only.iter().any(|asked| asked.code == rule))
            && changed.as_ref().is_none_or(|changed| path.is_some_and(|path| changed.contains(path)))
    };
    let mut vanished = Vec::new();
    if let Some(baseline) = &baseline {
        vanished = baseline.subtract(&mut findings);
        vanished.retain(|entry| is_asked(&entry.rule, Some(&entry.path)));
    }
    findings.retain(|finding| is_asked(finding.rule.code, finding.path()));
    let report = Report {
        findings: &findings,
        today: &checked.site.today,
        pages: checked.site.pages.len(),
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: &checked.sources.git.prefix,
        style: terminal.out_style(),
    };
    write(&report, options, terminal)?;
    // What is said about the findings comes after them, also where both go to one pipe.
    terminal.flush()?;
    for entry in &vanished {
        terminal.note(&format!("known, but no longer found: {}: {}", entry.path, entry.rule));
    }
    if !vanished.is_empty() {
        terminal.note("`docent check --write-baseline FILE` takes them out of the baseline");
    }
    let pages = report.pages;
    let word = if pages == 1 { "page" } else { "pages" };
    terminal.say(&format!("{pages} {word} checked: {}", Counts::of(&findings)));
    if options.strict && !vanished.is_empty() {
        terminal.error(&format!(
            "the baseline knows findings that are gone ({}), and `--strict` allows none",
            vanished.len()
        ));
    }
    let code = exit_code(&findings, options.fail_on);
    Ok(if code == 0 { u8::from(options.strict && !vanished.is_empty()) } else { code })
}

/// A config that cannot be used is reported in the format that was asked for, like any finding.
fn cannot_check(error: Error, options: &Options, run: &Run, terminal: &mut Terminal) -> Result<u8, Failure> {
    let (Error::Config(findings) | Error::Site(findings)) = &error else { return Err(error.into()) };
    let report = Report {
        findings,
        today: &run.options.model.today,
        pages: 0,
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: "",
        style: terminal.out_style(),
    };
    write(&report, options, terminal)?;
    terminal.error(&error.to_string());
    Ok(error.exit_code())
}

fn write(report: &Report<'_>, options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let format = match options.format {
        Format::Human => format::Format::Human,
        Format::Json => format::Format::Json,
        Format::Sarif => format::Format::Sarif,
        Format::Gitlab => format::Format::Gitlab,
        Format::Github => format::Format::Github,
        Format::Junit => format::Format::Junit,
        Format::Rdjson => format::Format::Rdjson,
        Format::Markdown => format::Format::Markdown,
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

fn exit_code(findings: &[Diagnostic], fail_on: FailOn) -> u8 {
    let severity = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
        FailOn::Never => return 0,
    };
    pipeline::exit_code(findings, severity)
}

#[expect(clippy::disallowed_methods, reason = "the baseline is named by the call, not found in content")]
fn read_baseline(path: &Path) -> Result<Baseline, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    Baseline::parse(&text).map_err(|why| {
        Error::Usage(format!(
            "`{}` is no baseline: {why}; `docent check --write-baseline FILE` writes one",
            path.display()
        ))
    })
}
