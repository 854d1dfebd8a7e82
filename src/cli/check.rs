//! `docent check`: everything that `build` checks, writing nothing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::baseline::{self, every_finding};
use super::changed::Branch;
use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::{self, Counts, Report};
use crate::diagnostic::rules::freshness::PASSING;
use crate::diagnostic::rules::links::EXTERNAL;
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::Error;
use crate::pipeline;

/// Entries of the baseline that are gone and named one by one.
const SHOWN_GONE: usize = 20;

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
    /// Report only findings in files that changed since this revision of git, and links to them
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
    #[command(flatten)]
    baseline: baseline::Choice,
    /// Warnings count as errors, and so do entries of the baseline that are no longer found
    #[arg(long)]
    strict: bool,
    /// Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be read
    #[arg(long)]
    lossy: bool,
    /// Ask other sites whether what pages link to is still there, and keep what they answer
    #[arg(long)]
    external: bool,
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
    // A comma at the end is no code; commas alone are a mistake.
    let is_blank = options.only.iter().all(String::is_empty);
    let codes = options.only.iter().filter(|code| is_blank || !code.is_empty());
    let only = codes.map(|code| super::explain::find_rule(code)).collect::<Result<Vec<_>, Error>>()?;
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.strict = options.strict;
    run.options.discover.lossy = options.lossy;
    let baseline = options.baseline.open(&run)?;
    let mut branch = options.changed_since.as_deref().map(|rev| Branch::since(&run.dir, rev)).transpose()?;
    let checked = run.check().and_then(|checked| {
        if !options.external {
            return Ok(checked);
        }
        let asked = pipeline::external::ask_external(&checked, &run.options)?;
        run.progress.clear();
        terminal.say(&format!(
            "asked for {} links to other sites, {} known of late; kept in {}",
            asked.asked,
            asked.known,
            asked.file.display()
        ));
        run.options.asked = true;
        run.check()
    });
    let checked = match checked {
        Ok(checked) => checked,
        Err(error) => return cannot_check(error, options, &run, terminal),
    };
    let findings = every_finding(&checked, &run);
    run.progress.clear();
    if let Some(branch) = &mut branch {
        branch.enter(&checked.sources.content_dir);
    }
    let is_asked = |rule: &str| only.is_empty() || only.iter().any(|asked| asked.code == rule);
    let is_shown = |finding: &Diagnostic| {
        // Time passing must not fail an unrelated change; what was asked for is wanted.
        let is_asked_site = options.external && EXTERNAL.contains(&finding.rule);
        let passes = PASSING.contains(&finding.rule) && !is_asked_site;
        let is_of_branch = |branch: &Branch| !passes && branch.answers_for(finding);
        is_asked(finding.rule.code) && branch.as_ref().is_none_or(is_of_branch)
    };
    let mut judged = options.baseline.judge(baseline.as_ref(), findings, &checked, &run);
    judged.new.retain(is_shown);
    judged.known.retain(is_shown);
    judged.gone.retain(|entry| {
        is_asked(&entry.rule) && branch.as_ref().is_none_or(|branch| branch.touches(&entry.path))
    });
    let findings = judged.new;
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
    let gone = &judged.gone;
    for entry in gone.iter().take(SHOWN_GONE) {
        terminal.note(&format!("known, but no longer found: {}: {}", entry.path, entry.rule));
    }
    if let Some(more) = gone.len().checked_sub(SHOWN_GONE).filter(|more| *more > 0) {
        terminal.note(&format!("and {more} more"));
    }
    if !gone.is_empty() {
        terminal.note(&format!("`{}` takes what is gone out of the baseline", judged.prune));
    }
    let pages = report.pages;
    let word = if pages == 1 { "page" } else { "pages" };
    let known = match judged.known.len() {
        0 => String::new(),
        known => format!("; {known} known from the baseline"),
    };
    terminal.say(&format!("{pages} {word} checked: {}{known}", Counts::of(&findings)));
    if options.strict && !gone.is_empty() {
        terminal.error(&format!(
            "the baseline knows findings that are gone ({}), and `--strict` allows none",
            gone.len()
        ));
    }
    let code = exit_code(&findings, options.fail_on);
    Ok(if code == 0 { u8::from(options.strict && !gone.is_empty()) } else { code })
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
