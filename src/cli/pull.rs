//! `docent tickets pull`: fetches an export from a service.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::ToSpan;
use jiff::civil::Date;

use super::run::day;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::pull::{Caller, Progress, PullOptions, Service, pull};

/// How far back the first pull goes; the baseline of a surge and a review or two fit into it.
const FIRST_PULL: i32 = 24;

/// Fetches tickets into an export, or what changed since the last time
///
/// Needs a token in the environment: `ZENDESK_TOKEN` (with `ZENDESK_USER` if it is an API token and not
/// one of OAuth), `GITLAB_TOKEN` or `GITHUB_TOKEN`. A pull that was broken off goes on where it stopped.
/// Descriptions, comments, names and addresses of people are not kept.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Which kind of service
    source: Source,
    /// The service or project, such as `https://acme.zendesk.com` or `https://gitlab.example/group/project`
    #[arg(long)]
    url: String,
    /// The export [default: DIR/data/SOURCE.ndjson]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The first day to fetch [default: two years ago]
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<Date>,
    /// Keep the subjects of tickets too
    #[arg(long)]
    subjects: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Source {
    /// Zendesk's incremental export
    Zendesk,
    /// The issues of a GitLab project
    Gitlab,
    /// The issues of a GitHub repository
    Github,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let service = match options.source {
        Source::Zendesk => Service::Zendesk,
        Source::Gitlab => Service::Gitlab,
        Source::Github => Service::Github,
    };
    let today = day(global)?;
    let dir = global.dir.clone().unwrap_or_default();
    let out =
        options.out.clone().unwrap_or_else(|| dir.join("data").join(format!("{}.ndjson", service.name())));
    let pulled = pull(
        &PullOptions {
            service,
            url: options.url.clone(),
            token: variable(service.token_variable()),
            user: variable("ZENDESK_USER"),
            since: options.since.unwrap_or_else(|| today.saturating_sub(FIRST_PULL.months())),
            out: out.clone(),
            subjects: options.subjects,
        },
        &mut Voice { terminal },
    )?;
    let word = if pulled.records == 1 { "ticket" } else { "tickets" };
    terminal.say(&format!("{} {word} fetched into {}", pulled.records, out.display()));
    terminal.detail(&format!("{} bytes in the export", pulled.bytes));
    Ok(0)
}

/// Tells a person, and lets time pass.
struct Voice<'t> {
    terminal: &'t Terminal,
}

impl Caller for Voice<'_> {
    fn tell(&mut self, progress: &Progress) {
        match progress {
            Progress::Resumed(records) => {
                self.terminal.detail(&format!("{records} tickets are there already"));
            }
            Progress::Fetched(records) => {
                self.terminal.detail(&format!("{records} tickets fetched"));
            }
            Progress::Waiting(time, why) => {
                self.terminal.note(&format!("the service {why}; going on in {} s", time.as_secs()));
            }
        }
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
