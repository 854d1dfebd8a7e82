//! The stages in order, once. Read this first.
//!
//! `SourceFile → ParsedPage → Page (in Site) → RenderedPage → OutputFile`. `check`, `build` and
//! `search` are this same pipeline with a different last step: [`check`] reads and judges,
//! [`build`] renders what was checked and publishes it, [`index`] makes it searchable.

pub mod exports;
pub mod external;
mod facts;
mod ids;
mod last;
mod memory;
mod observe;
mod offline;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::check::check_site;
use crate::check::jobs::check_stale_skills;
use crate::diagnostic::{self, Diagnostic, Severity, rules};
use crate::discover::git::History;
use crate::discover::git::names::{MAX_NAMES, find_names};
use crate::discover::{DiscoverOptions, Sources, discover, read_file};
use crate::error::Error;
use crate::external::Results;
use crate::freshness::references::{NamesFound, names_wanted, search_names};
use crate::freshness::review::ReviewFacts;
use crate::freshness::sources::{check_history, find_history};
use crate::freshness::{self, Freshness, Inputs};
use crate::model::urls::output_path;
use crate::model::{ModelOptions, Output, Page, Site, build_site};
use crate::publish::{OutputFile, Published, Publisher};
use crate::render::{BuildStamp, Renderer, check_theme_names, one_per_place, theme_file_names};
use crate::search::states::States;
use crate::search::{ExportedFile, Index};
use crate::tickets::Tickets;
use crate::training::completions::{Completions, read_completions};
pub use exports::read_tickets;
pub use facts::BuildFacts;
use facts::refuse_lost_pages;
pub use last::{LastBuild, program_hash};
use memory::Known;
pub use memory::Memory;
pub use observe::{Observer, Stage};

/// What a run is asked to do; the same for every command.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to look.
    pub discover: DiscoverOptions,
    /// What the model is told.
    pub model: ModelOptions,
    /// Replaces the config's `base_url`.
    pub base_url: Option<String>,
    /// Warnings count as errors.
    pub strict: bool,
    /// Where results of external links are kept unless the config names a file.
    pub cache: Option<PathBuf>,
    /// The external links were asked just now.
    pub asked: bool,
    /// What earlier runs of this process made of the same bytes.
    pub memory: Option<Arc<Memory>>,
    /// Who is told how far the run is.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Options {
    fn observe<T>(&self, stage: Stage, total: usize, work: impl FnOnce() -> T) -> T {
        if let Some(observer) = &self.observer {
            observer.begin(stage, total);
        }
        let value = work();
        if let Some(observer) = &self.observer {
            observer.end(stage);
        }
        value
    }

    fn advance(&self, stage: Stage) {
        if let Some(observer) = &self.observer {
            observer.advance(stage);
        }
    }
}

/// A site that was read and checked, and everything that was found.
#[derive(Debug)]
pub struct Checked {
    /// What was on disk.
    pub sources: Sources,
    /// The site.
    pub site: Site,
    /// What each page says of its review, by page.
    pub reviews: Vec<ReviewFacts>,
    /// The commits that pages ask for.
    pub history: History,
    /// The names in their code that were looked for.
    pub names: NamesFound,
    /// Tickets of all exports; `None` if the config names none, or if one of them cannot be used (a
    /// finding says so).
    pub tickets: Option<Tickets>,
    /// Who completed what.
    pub completions: Completions,
    /// What is known of links to other sites; `None` if there is no file of results, or if it cannot be
    /// used (a finding says so).
    pub external: Option<Results>,
    /// How far each page can be trusted; its findings are among those below.
    pub freshness: Freshness,
    /// All findings, with the config's severities, sorted.
    pub findings: Vec<Diagnostic>,
}

impl Checked {
    /// What the pages were judged by.
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs {
            site: &self.site,
            today: today(&self.site),
            reviews: &self.reviews,
            tickets: self.tickets.as_ref(),
            external: self.external.as_ref(),
            history: &self.history,
            names: &self.names,
            findings: &self.findings,
            expects_tickets: !self.sources.config.tickets.is_empty(),
        }
    }
}

fn today(site: &Site) -> Date {
    site.today.parse().unwrap_or(Date::MAX)
}

/// A site that was read and joined, and what that found.
#[derive(Debug)]
pub struct Joined {
    /// What was on disk.
    pub sources: Sources,
    /// The site.
    pub site: Site,
    /// What reading, parsing and joining found, as it came.
    pub findings: Vec<Diagnostic>,
}

/// Reads, parses and joins: all that search needs. No ticket is read and nothing is judged.
pub fn join(options: &Options) -> Result<Joined, Error> {
    let (mut sources, mut findings) = options.observe(Stage::Read, 0, || discover(&options.discover))?;
    if let Some(base_url) = &options.base_url {
        sources.config = sources.config.with_base_url(base_url).map_err(Error::Usage)?;
    }
    let known = Known::take(options.memory.as_deref(), &sources);
    let parsed: Vec<_> = options.observe(Stage::Parse, sources.pages.len(), || {
        let parse = |file| {
            let parsed = known.parse(file, &sources);
            options.advance(Stage::Parse);
            parsed
        };
        sources.pages.par_iter().map(parse).collect()
    });
    known.keep(&parsed);
    let mut pages = Vec::with_capacity(parsed.len());
    for page in parsed {
        pages.extend(page.page);
        findings.extend(page.findings);
    }
    let model = ModelOptions { own_files: theme_file_names(&sources.theme), ..options.model.clone() };
    let (site, found) = options.observe(Stage::Join, 0, || build_site(pages, &sources, &model));
    findings.extend(found);
    Ok(Joined { sources, site, findings })
}

/// Reads, parses, joins and checks; writes nothing.
pub fn check(options: &Options) -> Result<Checked, Error> {
    let Joined { sources, site, mut findings } = join(options)?;
    let (tickets, found) = match read_tickets(&sources) {
        Err(Error::Tickets(found)) => (None, found),
        read => read?,
    };
    findings.extend(found);
    findings.extend(check_theme_names(&format!("themes/{}", sources.config.theme), &sources.theme));
    findings.extend(options.observe(Stage::Check, 0, || check_site(&site)));
    findings.extend(ids::check_ids(&sources, &site));
    let (completions, found) = read_completions(&sources.completions, &site);
    findings.extend(found);
    let (external, found) = external::read_results(&sources, &site, options);
    findings.extend(found);
    let read = |page: &Page| ReviewFacts::read(&page.parsed.front, &page.parsed.file, &site.today).0;
    let reviews: Vec<ReviewFacts> = site.pages.iter().map(read).collect();
    let (history, names, found) = read_history(&site, &reviews, &sources);
    findings.extend(found);
    // What the config switched off is no proof.
    diagnostic::weigh(&mut findings, &sources.config.rules, options.strict);
    let inputs = Inputs {
        site: &site,
        today: today(&site),
        reviews: &reviews,
        tickets: tickets.as_ref(),
        external: external.as_ref(),
        history: &history,
        names: &names,
        findings: &findings,
        expects_tickets: !sources.config.tickets.is_empty(),
    };
    let mut freshness = freshness::judge(&inputs);
    findings.append(&mut freshness.findings);
    findings.extend(check_stale_skills(&site, &freshness));
    diagnostic::weigh(&mut findings, &sources.config.rules, options.strict);
    diagnostic::sort(&mut findings);
    Ok(Checked {
        sources,
        site,
        reviews,
        history,
        names,
        tickets,
        completions,
        external,
        freshness,
        findings,
    })
}

/// The commits that pages ask for, out of those that were read with the pages.
fn read_history(
    site: &Site,
    reviews: &[ReviewFacts],
    sources: &Sources,
) -> (History, NamesFound, Option<Diagnostic>) {
    let history = find_history(reviews, &sources.git, &site.config.freshness.bots);
    let asked = site.pages.iter().zip(reviews).filter_map(|(page, review)| {
        let names = names_wanted(review, &page.parsed.inline_code, &history);
        Some((review.commit.as_ref()?.value.clone(), names)).filter(|(_, names)| !names.is_empty())
    });
    let search = |commit: Option<&str>, names: &BTreeSet<String>| {
        find_names(&sources.dir, &sources.git.prefix, commit, names)
    };
    let names = search_names(&asked.collect::<Vec<_>>(), MAX_NAMES, search);
    let found = check_history(site, reviews, &sources.git);
    (history, names, found)
}

/// Loads the theme, and renders every page if the theme is the user's own, so that `check` finds
/// what `build` would find. The embedded theme is tested with us and is not rendered again.
pub fn check_theme(checked: &Checked, options: &Options) -> Result<(), Vec<Diagnostic>> {
    let renderer = Renderer::new(&checked.site, &checked.sources.theme, BuildStamp::default())?
        .with_freshness(&checked.freshness);
    if checked.sources.theme.is_empty() {
        return Ok(());
    }
    let addresses: Vec<_> = rendered_addresses(&checked.site).collect();
    let errors: Vec<Diagnostic> = options.observe(Stage::Render, addresses.len(), || {
        addresses
            .par_iter()
            .filter_map(|(url, output)| renderer.render(url, *output).err().map(|error| *error))
            .collect()
    });
    if errors.is_empty() { Ok(()) } else { Err(one_per_place(errors)) }
}

/// Where and how a build writes.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The output folder.
    pub out: PathBuf,
    /// The folder of the search index.
    pub index: PathBuf,
    /// `SOURCE_DATE_EPOCH`: the second that the build claims to be made in.
    pub epoch: Option<i64>,
    /// Where the last build is remembered; `None`: every build is a whole one.
    pub last: Option<LastBuild>,
}

/// A site that was published.
#[derive(Clone, Debug)]
pub struct Built {
    /// What changed on disk.
    pub changes: Published,
    /// What `build.json` says.
    pub facts: BuildFacts,
}

/// Renders and publishes a checked site. Nothing is visible before everything is known: on any
/// error the folder stays as it was.
pub fn build(checked: &Checked, options: &Options, build: &BuildOptions) -> Result<Built, Error> {
    refuse_collisions(&checked.findings)?;
    let (sources, site) = (&checked.sources, &checked.site);
    refuse_sources(&build.out, sources)?;
    let publisher = Publisher::open(&build.out, &sources.dir)?;
    let stamp = copy_assets(checked, options, build, &publisher)?;
    let key = build.last.as_ref().map(|last| last.key(checked, options, &stamp));
    let last = build.last.as_ref().zip(key);
    if let Some(built) = last.as_ref().and_then(|(last, key)| last.find(key, &publisher)) {
        return Ok(built);
    }
    let (documents, rendered) = std::thread::scope(|scope| {
        let documents = scope.spawn(|| publish_index(checked, options, &build.index, &publisher));
        let rendered = render_all(checked, options, stamp, &publisher);
        let documents = documents.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (documents, rendered)
    });
    let rendered = rendered?;
    States::of(site, &checked.freshness).write(&build.index)?;
    let searched = documents?;
    offline::write(site, &rendered.stamp.build_id, &rendered.stamp.built, &publisher)?;
    let facts = BuildFacts {
        schema: 1,
        build_id: rendered.stamp.build_id,
        built: build_time(site, build.epoch).map(|time| time.to_string()),
        source_revision: site.revision.as_ref().map(|revision| revision.id.clone()),
        pages: site.pages.len(),
        search_documents: searched.documents,
        files: rendered.files + searched.files + 2,
        kinds: site.kinds.iter().map(|kind| (kind.kind.clone(), kind.pages.len())).collect(),
    };
    refuse_lost_pages(&facts, rendered.pages, rendered.addresses, site.outputs.len())?;
    let mut content =
        serde_json::to_vec_pretty(&facts).map_err(|error| Error::Internal(error.to_string()))?;
    content.push(b'\n');
    publisher.write(&OutputFile { path: "build.json".into(), content })?;
    let files = publisher.written();
    let changes = options.observe(Stage::Publish, 0, || publisher.finish())?;
    if let Some((last, key)) = last {
        last.keep(key, &files, &facts);
    }
    Ok(Built { changes, facts })
}

/// Brings the search index in `dir` up to date with the site; the number of documents in it.
pub fn index(site: &Site, options: &Options, dir: &Path) -> Result<usize, Error> {
    options.observe(Stage::Index, 0, || Index::build(site, dir))
}

/// What search knows, and the files that a browser searches with.
struct Searched {
    documents: usize,
    files: usize,
}

/// Brings the index up to date and writes what the search in a browser reads of it.
fn publish_index(
    checked: &Checked,
    options: &Options,
    dir: &Path,
    publisher: &Publisher,
) -> Result<Searched, Error> {
    options.observe(Stage::Index, 0, || {
        let (index, exported) = export_search(checked, dir)?;
        let (documents, files) = (index.documents(), exported.len());
        exported
            .into_par_iter()
            .try_for_each(|file| publisher.write(&OutputFile { path: file.path, content: file.content }))?;
        Ok(Searched { documents, files })
    })
}

/// Brings the index up to date; the index, and the files that a browser searches with.
pub fn export_search(checked: &Checked, dir: &Path) -> Result<(Index, Vec<ExportedFile>), Error> {
    Index::build(&checked.site, dir)?;
    let Some(index) = Index::open(dir)? else {
        let why = "the search index was removed while it was used; build again";
        return Err(Error::io("read", dir, std::io::Error::other(why)));
    };
    // Where nobody ever confirmed a page, states would say the same of all.
    let articles = checked.freshness.articles.iter().filter(|_| checked.freshness.is_kept());
    let states = articles.map(|article| article.state.word().to_owned()).collect();
    let index = index.with_states(states);
    let mut exported = index.export()?;
    if checked.site.addresses.portable {
        exported = exported.into_iter().map(ExportedFile::into_script).collect();
    }
    Ok((index, exported))
}

/// A site inside the folders that it is made of would be a source of the next build.
fn refuse_sources(out: &Path, sources: &Sources) -> Result<(), Error> {
    let out = std::path::absolute(out).map_err(|error| Error::io("use", out, error))?;
    let folders = [&*sources.content_dir, sources.config.static_folder(), "themes", ".git"];
    let inside = folders.into_iter().filter(|folder| !folder.is_empty()).find(|folder| {
        let folder = sources.dir.join(folder);
        out.starts_with(&folder) || folder.canonicalize().is_ok_and(|folder| out.starts_with(folder))
    });
    let Some(folder) = inside else { return Ok(()) };
    Err(Error::Usage(format!(
        "cannot build into `{}`: it lies in `{folder}`, which the site is made of; choose another folder with `--out`",
        out.display()
    )))
}

/// What was handed to the publisher.
struct Rendered {
    stamp: BuildStamp,
    /// Content pages among the addresses.
    pages: usize,
    /// Addresses of the site, assets included.
    addresses: usize,
    /// Files, the theme's included.
    files: usize,
}

/// Copies the assets, which go first: their bytes are part of the build id that pages may carry.
fn copy_assets(
    checked: &Checked,
    options: &Options,
    build: &BuildOptions,
    publisher: &Publisher,
) -> Result<BuildStamp, Error> {
    let (sources, site) = (&checked.sources, &checked.site);
    let asset = |(url, output)| match output {
        &Output::Asset(asset) => Some((url, &site.assets[asset])),
        _ => None,
    };
    let assets: Vec<_> = site.outputs.iter().filter_map(asset).collect();
    let hashes: Vec<blake3::Hash> = options.observe(Stage::Copy, assets.len(), || {
        let copy = |(url, asset): &(&String, &crate::model::Asset)| {
            let content = read_file(&sources.dir, &asset.file)?;
            let hash = blake3::Hasher::new().update(url.as_bytes()).update(&content).finalize();
            publisher.write(&OutputFile { path: output_path(url), content })?;
            options.advance(Stage::Copy);
            Ok(hash)
        };
        assets.par_iter().map(copy).collect::<Result<_, Error>>()
    })?;
    Ok(BuildStamp {
        built: build_time(site, build.epoch)
            .map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
            .unwrap_or_default(),
        revision: site.revision.as_ref().map(|r| r.id.chars().take(8).collect()).unwrap_or_default(),
        build_id: build_id(checked, options, &hashes),
    })
}

/// Streams every page of the site into the publisher, so that never more than a few of them are in
/// memory.
fn render_all(
    checked: &Checked,
    options: &Options,
    stamp: BuildStamp,
    publisher: &Publisher,
) -> Result<Rendered, Error> {
    let (sources, site) = (&checked.sources, &checked.site);
    let renderer = Renderer::new(site, &sources.theme, stamp.clone())
        .map_err(Error::Site)?
        .with_freshness(&checked.freshness);
    let pages = AtomicUsize::new(0);
    let addresses: Vec<_> = rendered_addresses(site).collect();
    let failures: Vec<Failure> = options.observe(Stage::Render, addresses.len(), || {
        let render = |(url, output): &(&str, Output)| {
            let content = renderer.render(url, *output).map_err(Failure::Template)?;
            publisher.write(&OutputFile { path: output_path(url), content }).map_err(Failure::Write)?;
            pages.fetch_add(usize::from(matches!(output, Output::Page(_))), Ordering::Relaxed);
            options.advance(Stage::Render);
            Ok(())
        };
        addresses.par_iter().filter_map(|address| render(address).err()).collect()
    });
    let mut errors = Vec::new();
    for failure in failures {
        match failure {
            Failure::Write(error) => return Err(error),
            Failure::Template(error) => errors.push(*error),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Site(one_per_place(errors)));
    }
    let theme = renderer.theme_files();
    let theme_files = theme.len();
    for (path, content) in theme {
        publisher.write(&OutputFile { path, content })?;
    }
    let copied = site.outputs.values().filter(|output| matches!(output, Output::Asset(_))).count();
    let addresses = addresses.len() + copied;
    Ok(Rendered { stamp, pages: pages.into_inner(), addresses, files: addresses + theme_files })
}

/// Why an address could not be written.
enum Failure {
    Template(Box<Diagnostic>),
    Write(Error),
}

/// Every address that is made rather than copied.
fn rendered_addresses(site: &Site) -> impl Iterator<Item = (&str, Output)> {
    let made = site.outputs.iter().filter(|(_, output)| !matches!(output, Output::Asset(_)));
    made.map(|(url, output)| (url.as_str(), *output))
}

/// Two sources for one address: whichever won, a reader of the other would be misled.
fn refuse_collisions(findings: &[Diagnostic]) -> Result<(), Error> {
    let collisions: Vec<_> =
        findings.iter().filter(|finding| finding.rule == &rules::files::URL_COLLISION).cloned().collect();
    if collisions.is_empty() { Ok(()) } else { Err(Error::Site(collisions)) }
}

/// The moment that the build claims to be made in: told from outside, else the revision's.
fn build_time(site: &Site, epoch: Option<i64>) -> Option<Timestamp> {
    match epoch {
        Some(epoch) => Timestamp::from_second(epoch).ok(),
        None => site.revision.as_ref().and_then(|revision| revision.date.parse().ok()),
    }
}

/// Hash of all that a build reads: text, theme, config, owners, history, options and assets.
fn build_id(checked: &Checked, options: &Options, assets: &[blake3::Hash]) -> String {
    let (sources, site) = (&checked.sources, &checked.site);
    let mut hasher = blake3::Hasher::new();
    let mut add = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(env!("CARGO_PKG_VERSION").as_bytes());
    add(site.today.as_bytes());
    add(format!("{:?} {} {}", options.base_url, options.model.drafts, options.model.portable).as_bytes());
    // Where the config lies is the call's business; what it says is the site's.
    add(sources.config.file.text().as_bytes());
    for file in sources.owners.iter().chain(&sources.codeowners).chain(&sources.pages) {
        add(file.path().as_bytes());
        add(file.text().as_bytes());
    }
    for file in &sources.theme {
        add(file.path.as_bytes());
        add(file.file.as_ref().map_or(file.bytes.as_slice(), |text| text.text().as_bytes()));
    }
    for hash in assets {
        add(hash.as_bytes());
    }
    for (path, facts) in &sources.git.files {
        add(path.as_bytes());
        add(format!("{facts:?}").as_bytes());
    }
    add(format!("{:?}", site.revision).as_bytes());
    // Stands for the exports and the commits that it was judged by.
    add(format!("{:?}", checked.freshness).as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The exit status of a run that found this: 3 where ticket exports are all that is wrong, so that a
/// pipeline can tell a bad export from a bad page.
pub fn exit_code(findings: &[Diagnostic], severity: Severity) -> u8 {
    let mut bad = findings.iter().filter(|finding| finding.severity >= severity).peekable();
    if bad.peek().is_none() {
        return 0;
    }
    if bad.all(|finding| finding.rule == &rules::tickets::UNREADABLE_EXPORT) { 3 } else { 1 }
}

/// Whether any finding is at least this bad.
pub fn reaches(findings: &[Diagnostic], severity: Severity) -> bool {
    findings.iter().any(|finding| finding.severity >= severity)
}
