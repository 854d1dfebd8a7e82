//! `docent freshness`: which pages can be trusted, which to review first, and what no page answers.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::nearest;
use crate::diagnostic::rules::freshness::NO_TICKET_DATA;
use crate::discover::git::reviews::read_reviews;
use crate::error::Error;
use crate::freshness::State;
use crate::freshness::report::{self, Report};
use crate::freshness::share::{date_only_share, line_kind, review_keys};
use crate::model::Site;
use crate::model::owners::plain_name;

/// Shows which pages can be trusted, and which to review first
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Only pages in these states
    #[arg(long, value_enum, value_name = "STATE,…", value_delimiter = ',')]
    state: Vec<StateName>,
    /// Only pages of this owner
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
    /// Show at most this many pages [default: 25 for people, else all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The queue with its reasons
    Human,
    /// Docent's own JSON
    Json,
    /// A table for a spreadsheet
    Csv,
    /// A table for a job summary or a comment
    Markdown,
    /// The JSON of a badge
    Badge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StateName {
    Broken,
    Doubtful,
    Due,
    Unknown,
    Snoozed,
    Evergreen,
    Fresh,
}

/// Pages that people are shown unless they ask for more.
const SHOWN: usize = 25;

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(options.dir.as_deref(), global, terminal)?;
    let checked = run.check()?;
    run.progress.clear();
    if let Some(owner) = &options.owner {
        require_owner(owner, &checked.site)?;
    }
    let states: Vec<State> = options.state.iter().map(|state| state_of(*state)).collect();
    let with_reviews = matches!(options.format, Format::Human | Format::Json | Format::Markdown);
    let edits =
        with_reviews.then(|| read_reviews(&checked.sources.dir, &review_keys(), &line_kind)).flatten();
    let reviews = date_only_share(&checked.site, &edits.unwrap_or_default());
    let shown = (options.format == Format::Human).then_some(SHOWN);
    let report = Report {
        site: &checked.site,
        freshness: &checked.freshness,
        states: &states,
        owner: options.owner.as_deref(),
        limit: options.limit.or(shown),
        reviews: &reviews,
    };
    let format = match options.format {
        Format::Human => report::Format::Human,
        Format::Json => report::Format::Json,
        Format::Csv => report::Format::Csv,
        Format::Markdown => report::Format::Markdown,
        Format::Badge => report::Format::Badge,
    };
    report::write(&report, format, terminal.out())?;
    if global.today.is_none() {
        run.keep_states(&checked);
    }
    let no_tickets = checked.findings.iter().find(|finding| finding.rule == &NO_TICKET_DATA);
    if let Some(finding) = no_tickets {
        terminal.error(&finding.message);
    }
    let unread = checked.tickets.is_none() && !checked.sources.config.tickets.is_empty();
    if unread {
        terminal.error("the ticket exports could not be read; `docent check` says why");
    }
    Ok(if unread || no_tickets.is_some() { 3 } else { 0 })
}

fn state_of(name: StateName) -> State {
    match name {
        StateName::Broken => State::Broken,
        StateName::Doubtful => State::Doubtful,
        StateName::Due => State::Due,
        StateName::Unknown => State::Unknown,
        StateName::Snoozed => State::Snoozed,
        StateName::Evergreen => State::Evergreen,
        StateName::Fresh => State::Fresh,
    }
}

/// A mistyped owner would have nothing to do for ever.
fn require_owner(owner: &str, site: &Site) -> Result<(), Error> {
    let known = site.pages.iter().flat_map(|page| &page.owners).chain(site.owners.keys());
    let mut known: Vec<&str> = known.map(String::as_str).collect();
    known.sort_unstable();
    if known.is_empty() || known.iter().any(|name| plain_name(name) == plain_name(owner)) {
        return Ok(());
    }
    let near = nearest(owner, known.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Error::Usage(format!("no page has the owner `{owner}`{near}")))
}
