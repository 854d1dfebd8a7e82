//! `docent skills`: what is taught where, who asks for it, and who has it.

use std::path::PathBuf;

use clap::Args;

use super::path::Format;
use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::training::people::People;
use crate::training::report::Report;

/// Shows which skills are taught where, who asks for them, who has them, and the gaps
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How they are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(options.dir.as_deref(), global, terminal)?;
    let checked = run.check()?;
    run.progress.clear();
    if checked.site.graph.skills.is_empty() {
        terminal.note("no module and no job names a skill");
    }
    let people = People::of(&checked.site, &checked.completions);
    let report = Report { site: &checked.site, freshness: &checked.freshness, people: &people };
    report.write_skills(options.format.into(), terminal.out())?;
    Ok(0)
}
