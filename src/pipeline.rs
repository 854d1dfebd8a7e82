//! The stages in order, once. Read this first.
//!
//! `SourceFile → ParsedPage → Page (in Site) → RenderedPage → OutputFile`. `check`, `build` and
//! `search` are this same pipeline with a different last step.

use std::path::PathBuf;

use rayon::prelude::*;

use crate::check::check_site;
use crate::diagnostic::{self, Diagnostic};
use crate::discover::{DiscoverOptions, Sources, discover};
use crate::error::Error;
use crate::model::{ModelOptions, Site, build_site};
use crate::parse::parse_page;

/// What a run is asked to do; the same for every command.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to look.
    pub discover: DiscoverOptions,
    /// What the model is told.
    pub model: ModelOptions,
    /// Replaces the config's `base_url`.
    pub base_url: Option<String>,
}

/// A site that was read and checked, and everything that was found.
#[derive(Debug)]
pub struct Checked {
    /// What was on disk.
    pub sources: Sources,
    /// The site.
    pub site: Site,
    /// All findings, with the config's severities, sorted.
    pub findings: Vec<Diagnostic>,
}

/// Reads, parses, joins and checks; writes nothing.
pub fn check(options: &Options) -> Result<Checked, Error> {
    let (sources, mut findings) = discover(&options.discover)?;
    let prefix = sources.content_dir.len() + usize::from(!sources.content_dir.is_empty());
    let parsed: Vec<_> = sources
        .pages
        .par_iter()
        .map(|file| parse_page(file, &file.path()[prefix..], &sources.config))
        .collect();
    let mut pages = Vec::with_capacity(parsed.len());
    for (page, found) in parsed {
        pages.extend(page);
        findings.extend(found);
    }
    let (site, found) = build_site(pages, &sources, &options.model);
    findings.extend(found);
    findings.extend(check_site(&site));
    diagnostic::sort(&mut findings);
    Ok(Checked { sources, site, findings })
}

/// Where a build writes.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The output folder.
    pub out: PathBuf,
    /// Publish nothing if there is any error or warning.
    pub strict: bool,
}
