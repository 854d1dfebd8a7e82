//! What is known of links to other sites, and asking for more.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Checked, Options, Stage, today};
use crate::check::external::{check_external, external_addresses};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::links::UNREADABLE_RESULTS;
use crate::discover::Sources;
use crate::discover::external::{FILE, read_results as read_file};
use crate::error::Error;
use crate::external::{LinkState, Results};
use crate::freshness::review::length_before;
use crate::model::Site;
use crate::publish::write_file;
use crate::pull::links::{AskOptions, NO_HOST, ask};
use crate::source::{SourceFile, Span};

/// How long the word of a site that something is there is taken for granted, in days.
const TRUSTED_DAYS: i32 = 7;

/// The results, and the findings that come of them.
pub(super) fn read_results(
    sources: &Sources,
    site: &Site,
    options: &Options,
) -> (Option<Results>, Vec<Diagnostic>) {
    let file = match read_file(&sources.dir, &sources.config, options.cache.as_deref()) {
        Ok(Some(file)) => file,
        Ok(None) => return (None, Vec::new()),
        Err(finding) => return (None, vec![*finding]),
    };
    let today = today(site);
    let oldest = length_before(today, sources.config.external.max_age);
    match Results::read(file.text(), today, oldest) {
        Ok(results) => {
            let findings = check_external(site, &results, options.asked);
            (Some(results), findings)
        }
        Err(bad) => {
            let place = Arc::new(SourceFile::at_line(file.path(), bad.line));
            let finding = Diagnostic::new(&UNREADABLE_RESULTS, format!("`{}` {}", file.path(), bad.message));
            let finding = finding.at(&place, Span::default(), "");
            (None, vec![finding.help("remove it, and `docent check --external` makes a new one")])
        }
    }
}

/// What asking gave.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Addresses that were asked.
    pub asked: usize,
    /// Addresses whose last result is young enough.
    pub known: usize,
    /// The file of results.
    pub file: PathBuf,
}

/// Asks for every link to another site whose result is not young, and writes the file of results. It
/// holds what pages link to today, and nothing else.
pub fn ask_external(checked: &Checked, options: &Options) -> Result<Asked, Error> {
    let config = &checked.sources.config.external;
    let file = match (&config.results, &options.cache) {
        (Some(path), _) => checked.sources.dir.join(path),
        (None, Some(cache)) => cache.join(FILE),
        (None, None) => return Err(Error::Internal("there is no place for results".into())),
    };
    let before = checked.external.as_ref();
    if before.is_some_and(|results| results.is_foreign) {
        return Err(Error::Usage(format!(
            "`{}` is a report of another program; `--external` needs a file of its own: name another one under `external: {{ results: … }}`",
            file.display()
        )));
    }
    let today = today(&checked.site);
    let young = today.saturating_sub(jiff::Span::new().days(TRUSTED_DAYS));
    let mut links = BTreeMap::new();
    let mut unknown = Vec::new();
    for url in external_addresses(&checked.site) {
        match before.and_then(|results| results.of(&url)) {
            Some(known) if known.state == LinkState::Alive && is_since(known.checked, young) => {
                links.insert(url, known.clone());
            }
            _ => unknown.push(url),
        }
    }
    let known = links.len();
    let asking = AskOptions { private: config.private.clone(), ..AskOptions::new(today) };
    let fresh = options
        .observe(Stage::Ask, unknown.len(), || ask(&unknown, &asking, &|| options.advance(Stage::Ask)))?;
    if fresh.len() > 1 && fresh.values().all(|result| result.why == NO_HOST) {
        return Err(Error::Usage(
            "no host could be found, so there seems to be no network; the results stay as they were".into(),
        ));
    }
    links.extend(fresh);
    write_file(&file, Results::to_text(&links).as_bytes())?;
    Ok(Asked { asked: unknown.len(), known, file })
}

fn is_since(day: Option<Date>, since: Date) -> bool {
    day.is_some_and(|day| day >= since)
}
