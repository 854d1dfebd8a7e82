//! `docent baseline`: adopts the findings of today, so that only new ones fail.
//!
//! Also what `check` and `build` do with a baseline. It stands beside the config, under a name that
//! is never published, and belongs into the team's git.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::baseline::{Baseline, Entry, takes};
use crate::diagnostic::fingerprint::PageIds;
use crate::diagnostic::format::Report;
use crate::diagnostic::{self, Diagnostic};
use crate::error::Error;
use crate::pipeline::{self, Checked};

/// The baseline of a knowledge base, unless the call names another file.
const FILE: &str = ".docent-baseline";

/// New findings that a refusal shows.
const SHOWN: usize = 10;

/// Writes down the findings of today, so that only new ones fail
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Take out what is no longer found, and add nothing
    #[arg(long)]
    prune: bool,
    /// Take in new findings too; without it, a baseline only gets shorter
    #[arg(long, conflicts_with = "prune")]
    accept_new: bool,
    /// The baseline [default: DIR/.docent-baseline]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep pages that are not UTF-8, as `docent check --lossy` does
    #[arg(long)]
    lossy: bool,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.discover.lossy = options.lossy;
    let path = options.output.clone().unwrap_or_else(|| run.dir.join(FILE));
    let before = path.exists().then(|| read(&path)).transpose()?;
    if options.prune && before.is_none() {
        return Err(missing(&path).into());
    }
    let checked = run.check()?;
    let findings = every_finding(&checked, &run);
    run.progress.clear();
    let ids = page_ids(&checked);
    let mut new = findings.clone();
    let gone = before.as_ref().map(|known| known.subtract(&mut new, &ids)).unwrap_or_default();
    new.retain(|finding| takes(finding.rule));
    let after = match before {
        Some(before) if options.prune => before.without(&gone),
        Some(_) if !new.is_empty() && !options.accept_new => {
            refuse(&new, &checked, &path, terminal);
            return Ok(1);
        }
        _ => Baseline::of(&findings, &ids),
    };
    std::fs::write(&path, after.to_text()).map_err(|error| Error::io("write", &path, error))?;
    let added = if options.prune { 0 } else { new.len() };
    terminal.say(&format!(
        "{} known in {} ({added} added, {} taken out)",
        plural(after.len()),
        path.display(),
        gone.len()
    ));
    say_left_out(&findings, terminal);
    Ok(0)
}

fn refuse(new: &[Diagnostic], checked: &Checked, path: &Path, terminal: &Terminal) {
    terminal.findings(&Report {
        findings: &new[..new.len().min(SHOWN)],
        today: &checked.site.today,
        pages: checked.site.pages.len(),
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: &checked.sources.git.prefix,
        style: terminal.err_style(),
    });
    let are = if new.len() == 1 { "is" } else { "are" };
    terminal.error(&format!(
        "{} {are} new, and `{}` may only get shorter; mend what is new, or take it in with `--accept-new`; \
         `--prune` takes out what is gone",
        plural(new.len()),
        path.display()
    ));
}

/// What is found and cannot be known, by rule.
fn say_left_out(findings: &[Diagnostic], terminal: &Terminal) {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !takes(finding.rule)) {
        *rules.entry(finding.rule.code).or_default() += 1;
    }
    for (rule, count) in rules {
        terminal.note(&format!("findings of `{rule}` are never known ({count})"));
    }
}

/// What `check` and `build` take of a baseline.
#[derive(Debug, Args)]
pub(super) struct Choice {
    /// Leave out the findings that this file knows [default: DIR/.docent-baseline if it is there]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Show the findings that the baseline knows too
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,
}

/// The findings that a run is about.
pub(super) struct Judged {
    /// Those that no baseline knows.
    pub(super) new: Vec<Diagnostic>,
    /// Those that it knows.
    pub(super) known: Vec<Diagnostic>,
    /// Entries of the baseline that are no longer found.
    pub(super) gone: Vec<Entry>,
    /// How to take them out.
    pub(super) prune: String,
}

impl Choice {
    /// The baseline and where it stands, if there is one.
    pub(super) fn open(&self, run: &Run) -> Result<Option<(Baseline, PathBuf)>, Error> {
        if self.no_baseline {
            return Ok(None);
        }
        let path = self.baseline.clone().unwrap_or_else(|| run.dir.join(FILE));
        if self.baseline.is_none() && !path.exists() {
            return Ok(None);
        }
        Ok(Some((read(&path)?, path)))
    }

    /// Divides findings into new and known ones.
    pub(super) fn judge(
        &self,
        known: Option<&(Baseline, PathBuf)>,
        findings: Vec<Diagnostic>,
        checked: &Checked,
        run: &Run,
    ) -> Judged {
        let Some((baseline, path)) = known else {
            return Judged { new: findings, known: Vec::new(), gone: Vec::new(), prune: String::new() };
        };
        let (mut new, mut known) = (findings.clone(), Vec::new());
        let gone = baseline.subtract(&mut new, &page_ids(checked));
        let mut rest = new.iter().peekable();
        for finding in findings {
            match rest.next_if(|next| next.sort_key() == finding.sort_key()) {
                Some(_) => {}
                None => known.push(finding),
            }
        }
        let mut prune = "docent baseline --prune".to_owned();
        if run.dir != Path::new(".") {
            prune = format!("{prune} {}", run.dir.display());
        }
        if self.baseline.is_some() {
            prune = format!("{prune} --output {}", path.display());
        }
        Judged { new, known, gone, prune }
    }
}

/// Everything that `check` finds, the theme included.
pub(super) fn every_finding(checked: &Checked, run: &Run) -> Vec<Diagnostic> {
    let mut findings = checked.findings.clone();
    if let Err(errors) = pipeline::check_theme(checked, &run.options) {
        findings.extend(errors);
        diagnostic::sort(&mut findings);
    }
    findings
}

fn page_ids(checked: &Checked) -> PageIds<'_> {
    let pages = checked.site.pages.iter();
    let ids = pages.filter_map(|page| {
        let id = page.parsed.front.id.as_ref()?;
        Some((page.parsed.file.path(), id.value.as_str()))
    });
    ids.collect()
}

#[expect(clippy::disallowed_methods, reason = "the baseline is named by the call, not found in content")]
fn read(path: &Path) -> Result<Baseline, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    Baseline::parse(&text).map_err(|why| {
        Error::Usage(format!("`{}` is no baseline: {why}; `docent baseline` writes one", path.display()))
    })
}

fn missing(path: &Path) -> Error {
    Error::Usage(format!(
        "there is no baseline `{}` to prune; `docent baseline` without `--prune` writes one",
        path.display()
    ))
}

fn plural(count: usize) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}
