//! `docent path`: training paths, how long they take and whether they can be trusted.

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::nearest;
use crate::error::Error;
use crate::model::names::PageNames;
use crate::model::{PageId, Site};
use crate::training::people::People;
use crate::training::report::{self, Report};

/// Shows training paths, how long they take and whether they can be trusted
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Only this path, by its id or its file [default: all of them]
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// How they are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How `path` and `skills` are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A list
    Human,
    /// Docent's own JSON
    Json,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
        }
    }
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(None, global, terminal)?;
    let checked = run.check()?;
    run.progress.clear();
    let site = &checked.site;
    let paths = match &options.id {
        Some(id) => vec![find_path(site, id)?],
        None => (0..site.pages.len()).filter(|page| site.pages[*page].kind == "path").collect(),
    };
    if paths.is_empty() {
        terminal.note("there is no page of kind `path`");
    }
    let people = People::of(site, &checked.completions);
    Report { site, freshness: &checked.freshness, people: &people }.write_paths(
        &paths,
        options.format.into(),
        terminal.out(),
    )?;
    Ok(0)
}

fn find_path(site: &Site, id: &str) -> Result<PageId, Error> {
    let content = |page: PageId| site.pages[page].parsed.file.path() == id;
    let named =
        PageNames::new(site).find(id, None).or_else(|| (0..site.pages.len()).find(|page| content(*page)));
    let found = named.filter(|page| site.pages[*page].kind == "path");
    found.ok_or_else(|| {
        let paths = site.pages.iter().filter(|page| page.kind == "path");
        let ids = paths.filter_map(|page| page.parsed.front.id.as_ref()).map(|id| id.value.as_str());
        let near = nearest(id, ids).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Error::Usage(format!("there is no path `{id}`{near}"))
    })
}
