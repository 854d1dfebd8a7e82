//! `docent build`: checks and publishes.

use std::path::PathBuf;

use clap::Args;

use super::baseline::{self, Judged};
use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::{Counts, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::Error;
use crate::pipeline::{self, BuildOptions, Built, Checked};

/// Checks a knowledge base and makes its site
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Write the site here [default: DIR/public]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where the site will live, instead of the config's `base_url`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Publish drafts and expired pages too
    #[arg(long)]
    drafts: bool,
    /// Publish nothing if there is any error or warning
    #[arg(long)]
    strict: bool,
    /// Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be read
    #[arg(long)]
    lossy: bool,
    /// Write links that work from disk, without a web server
    #[arg(long)]
    portable: bool,
    #[command(flatten)]
    baseline: baseline::Choice,
    /// Print how long each part took
    #[arg(long)]
    timings: bool,
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is")]
pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let start = std::time::Instant::now();
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.base_url.clone_from(&options.base_url);
    run.options.strict = options.strict;
    run.options.discover.lossy = options.lossy;
    run.options.model.drafts = options.drafts;
    run.options.model.portable = options.portable;
    let baseline = options.baseline.open(&run)?;
    let checked = run.check()?;
    let Judged { new, known, .. } =
        options.baseline.judge(baseline.as_ref(), checked.findings.clone(), &checked, &run);
    let index = run.index_folder(terminal)?;
    let target = BuildOptions {
        out: options.out.clone().unwrap_or_else(|| run.dir.join("public")),
        index: index.path.clone(),
        epoch: run.epoch,
        last: run.last_build(),
    };
    let failed = pipeline::reaches(&new, Severity::Error);
    let built = if options.strict && failed {
        None
    } else {
        let built = pipeline::build(&checked, &run.options, &target);
        Some(built.map_err(|error| {
            run.progress.clear();
            show_findings(&new, &checked, terminal);
            without_shown(error, &checked)
        })?)
    };
    run.progress.clear();
    show_findings(&new, &checked, terminal);
    if options.timings {
        for (stage, time) in run.progress.timings() {
            terminal.say(&format!("{:>12} {:>8.3} s", stage.word(), time.as_secs_f64()));
        }
    }
    let known = match known.len() {
        0 => String::new(),
        known => format!("; {known} known from the baseline"),
    };
    let pages = plural(checked.site.pages.len(), "page");
    terminal.say(&format!("{pages}: {}{known}", Counts::of(&new)));
    if let Some(kept) = built.as_ref().and_then(|built| built.changes.kept.as_ref()) {
        terminal.note(&format!(
            "the list of files in `{}` was damaged, so the site was built anew; what stood there is kept in \
             `{}`: delete it when nothing in it is missed",
            target.out.display(),
            kept.display()
        ));
    }
    match built {
        Some(built) => terminal.say(&outcome(&built, &target, start.elapsed().as_secs_f64())),
        None => terminal.error("nothing was published, because `--strict` allows no error and no warning"),
    }
    Ok(pipeline::exit_code(&new, Severity::Error))
}

fn show_findings(findings: &[Diagnostic], checked: &Checked, terminal: &Terminal) {
    terminal.findings(&Report {
        findings,
        today: &checked.site.today,
        pages: checked.site.pages.len(),
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: &checked.sources.git.prefix,
        style: terminal.err_style(),
    });
}

/// An error without the findings that were shown already.
fn without_shown(error: Error, checked: &Checked) -> Error {
    let Error::Site(mut findings) = error else { return error };
    let shown = |finding: &Diagnostic| {
        let at = checked.findings.partition_point(|it| it.sort_key() < finding.sort_key());
        checked.findings.get(at).is_some_and(|it| it.sort_key() == finding.sort_key())
    };
    findings.retain(|finding| !shown(finding));
    Error::Site(findings)
}

/// One line: what was made, how much of it is new, how long it took and where to look.
fn outcome(built: &Built, target: &BuildOptions, seconds: f64) -> String {
    let removed = match built.changes.removed {
        0 => String::new(),
        removed => format!(", {removed} removed"),
    };
    format!(
        "Built {}: {} of {} written{removed}, in {seconds:.2} s. Look at {}",
        plural(built.facts.pages, "page"),
        built.changes.written,
        plural(built.changes.files, "file"),
        target.out.join("index.html").display()
    )
}

/// `1 page`, `2 pages`.
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
