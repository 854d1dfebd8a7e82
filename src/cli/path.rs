//! `docent path`: training paths, how long they take and whether they can be trusted; and a path for
//! other systems.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::nearest;
use crate::error::Error;
use crate::export::Export;
use crate::export::scorm::with_whole_addresses;
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
    /// What is left for this person, or only this person's completions
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// Writes the path for another system
    #[arg(long, value_enum, value_name = "WHAT", requires = "id", conflicts_with = "format")]
    export: Option<What>,
    /// Writes into this file [default: standard output]
    #[arg(long, value_name = "FILE", requires = "export")]
    output: Option<PathBuf>,
}

/// What a path is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Markdown with check boxes by stage, for an issue of GitLab or GitHub
    IssueTemplate,
    /// The address of a new issue, filled in
    IssueUrl,
    /// Completions as xAPI statements
    Xapi,
    /// A package for a learning platform, SCORM 1.2
    Scorm,
    /// The days on which modules are to be refreshed, as a calendar
    Ical,
    /// A certificate of `--person`, HTML to be printed
    Certificate,
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
    if let (Some(what), [path]) = (options.export, &paths[..]) {
        let path = *path;
        return export(checked.site, path, &people, (what, options), terminal);
    }
    let person = options.person.as_deref().map(|name| {
        let unknown = || Error::Usage(format!("no record of a completion names `{name}`"));
        people.find(name).ok_or_else(unknown)
    });
    let (person, format) = (person.transpose()?, options.format.into());
    let report = Report { site, freshness: &checked.freshness, people: &people };
    report.write_paths(&paths, person, format, terminal.out())?;
    Ok(0)
}

/// Writes a path for another system.
fn export(
    mut site: Site,
    path: PageId,
    people: &People,
    (what, options): (What, &Options),
    terminal: &mut Terminal,
) -> Result<u8, Failure> {
    if what == What::Scorm {
        site = with_whole_addresses(site).map_err(Error::Usage)?;
        if options.output.is_none() && std::io::stdout().is_terminal() {
            let why = "a package is no text for a terminal; name a file with `--output path.zip`";
            return Err(Error::Usage(why.into()).into());
        }
    }
    let export = Export { site: &site, path, people, person: options.person.as_deref() };
    let bytes = match what {
        What::IssueTemplate => Ok(export.issue_template().into_bytes()),
        What::IssueUrl => export.issue_address().map(|issue| {
            if issue.left_out > 0 {
                let count = issue.left_out;
                terminal.note(&format!(
                    "the address has no room for {count} check boxes; the issue says where they are"
                ));
            }
            format!("{}\n", issue.address).into_bytes()
        }),
        What::Xapi => export.statements().map(|statements| format!("{statements:#}\n").into_bytes()),
        What::Scorm => export.scorm(),
        What::Ical => export.calendar().map(String::into_bytes),
        What::Certificate => export.certificate().map(String::into_bytes),
    };
    let bytes = bytes.map_err(Error::Usage)?;
    match &options.output {
        Some(file) => std::fs::write(file, bytes).map_err(|error| Error::io("write", file, error))?,
        None => terminal.out().write_all(&bytes)?,
    }
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
