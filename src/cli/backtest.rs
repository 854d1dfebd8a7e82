//! `docent backtest`: how often what the rules flagged in the past led to an edit.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::discover::git::GitFacts;
use crate::discover::git::edits::read_edits;
use crate::error::Error;
use crate::freshness::backtest::backtest;
use crate::freshness::report::backtest::{BacktestReport, write_human, write_json};
use crate::freshness::share::line_kind;

/// Replays the ticket exports and shows which rules led to edits
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// An edit follows a flag within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    #[arg(value_parser = clap::value_parser!(i32).range(1..=365))]
    within: i32,
    /// Show every flag: week, page, why, and what followed
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A table and what it says
    Human,
    /// Docent's own JSON, with every flag
    Json,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(options.dir.as_deref(), global, terminal)?;
    let checked = run.check()?;
    run.progress.clear();
    let git = &checked.sources.git;
    if checked.sources.config.tickets.is_empty() {
        let message = "docent.yaml names no ticket export, so there is nothing to replay; add one, as in \
                       `tickets: [{ source: zendesk, path: data/tickets.json }]`";
        return Err(Error::Usage(message.into()).into());
    }
    if checked.tickets.is_none() {
        terminal.error("the ticket exports could not be read; `docent check` says why");
        return Ok(3);
    }
    if git.shallow {
        let message = "the clone is shallow, so nobody knows which pages were edited; fetch the history: \
                       `git fetch --unshallow`";
        return Err(Error::Usage(message.into()).into());
    }
    let edits = git.revision.as_ref().and_then(|_| {
        let bots = &checked.sources.config.freshness.bots;
        read_edits(&checked.sources.dir, &git.prefix, &line_kind, bots)
    });
    let Some(test) = backtest(&checked.inputs(), edits.as_deref(), options.within) else {
        terminal.error("the ticket exports hold no ticket up to today");
        return Ok(3);
    };
    let report = BacktestReport {
        site: &checked.site,
        backtest: &test,
        unknown: edits.is_none().then(|| why_unknown(git)),
        newest_commit: git.revision_date.as_deref().and_then(|date| date.get(..10)),
        list: options.list,
    };
    match options.format {
        Format::Human => write_human(&report, terminal.out())?,
        Format::Json => write_json(&report, terminal.out())?,
    }
    Ok(0)
}

/// Why no edits are known.
fn why_unknown(git: &GitFacts) -> &'static str {
    match git.revision {
        _ if git.unreadable => "the git history cannot be read",
        None => "there is no git history",
        Some(_) => {
            "git cannot compare old pages (a clone without file contents: `git fetch --refetch` fetches them)"
        }
    }
}
