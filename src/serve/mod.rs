//! `docent serve`: the site out of memory, on this machine, following what is edited.
//!
//! In: a knowledge base, an address to listen at. Out: pages rendered when they are asked for, search, and an event
//! whenever something changed. [`watch`] says that something changed, the pipeline checks, [`site`] holds the result on
//! a thread of its own, [`http`] answers out of it and out of nothing else. Not here: how a page looks (`render`),
//! what is wrong with it (`check`).

mod http;
mod listen;
mod report;
mod site;
pub mod watch;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch as broadcast;

use crate::discover::watched_folders;
use crate::error::Error;
use crate::pipeline::{self, Checked, Options};
use listen::listen;
use report::Report;
use site::Handle;
use watch::Watch;

/// How long a knowledge base that is gone is waited for before it is looked for again.
const RETRY: Duration = Duration::from_millis(500);

/// What to serve and where.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// What the pipeline is told; its memory makes an edit cheap.
    pub pipeline: Options,
    /// The folder of the search index.
    pub index: PathBuf,
    /// The address to listen at.
    pub bind: IpAddr,
    /// The port; `None`: 4000, or the next one that is free.
    pub port: Option<u16>,
    /// What stands before paths of findings.
    pub shown_prefix: String,
    /// Folders that the system may watch before changes are looked for every second instead.
    pub max_watched: usize,
}

/// What happened, for whoever tells it.
#[derive(Debug)]
pub enum Event<'a> {
    /// A build begins.
    Building,
    /// The site can be read here.
    Listening(SocketAddr),
    /// The site is up to date.
    Built(&'a Checked),
    /// The site cannot be made; the last one stays.
    Failed(&'a Error),
    /// Something that the user should know.
    Note(String),
}

/// What is served at one moment.
#[derive(Debug, Default)]
struct State {
    /// Grows with every build.
    id: u64,
    /// The last site that could be made.
    site: Option<Handle>,
    /// What the last build found.
    report: Report,
}

/// The state, and those who wait for the next one.
#[derive(Debug)]
struct Shared {
    state: RwLock<Arc<State>>,
    changed: broadcast::Sender<u64>,
}

impl Shared {
    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, state: State) {
        let id = state.id;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        self.changed.send_replace(id);
    }
}

/// Serves until the process ends.
pub fn serve(
    options: &ServeOptions,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<std::convert::Infallible, Error> {
    let listener = listen(options.bind, options.port)?;
    let address = listener.local_addr().map_err(|error| Error::io("listen at", "the address", error))?;
    let shared = Arc::new(Shared { state: RwLock::default(), changed: broadcast::Sender::new(0) });
    let mut known = BTreeSet::new();
    let mut watched = own_folders(options);
    watched.extend(build(options, &shared, &mut known, tell)?);
    let (mut watch, note) = Watch::start(&watched, options.max_watched);
    if let Some(note) = note {
        tell(Event::Note(note));
    }
    http::start(listener, Arc::clone(&shared))?;
    tell(Event::Listening(address));
    loop {
        let is_there = options.pipeline.discover.dir.is_dir();
        let retry = (!is_there || watch.has_lost_a_folder()).then_some(RETRY);
        if !watch.wait(retry) && !options.pipeline.discover.dir.is_dir() {
            continue;
        }
        match build(options, &shared, &mut known, tell) {
            // A mistake in the config may be mended wherever a source was, and beside the config.
            Ok(folders) if folders.is_empty() => {}
            Ok(folders) => watched = own_folders(options).into_iter().chain(folders).collect(),
            // What could not be read may be there again in a moment, in the folders that were watched.
            Err(error) => {
                let report = Report::failed(&error, &known, options);
                tell(Event::Failed(&error));
                let last = shared.state();
                shared.set(State { id: last.id + 1, site: last.site.clone(), report });
            }
        }
        if let Some(note) = watch.follow(&watched) {
            tell(Event::Note(note));
        }
    }
}

/// The folders that are watched whatever stands in them: the knowledge base, and the one of a config elsewhere.
fn own_folders(options: &ServeOptions) -> BTreeSet<PathBuf> {
    let asked = &options.pipeline.discover;
    let config = asked.config.as_deref().and_then(Path::parent).map(Path::to_owned);
    let dir = asked.dir.canonicalize().unwrap_or_else(|_| asked.dir.clone());
    config.into_iter().chain([dir]).collect()
}

/// Makes the site anew and shows it; the folders that it was made of, or none if it could not be made.
fn build(
    options: &ServeOptions,
    shared: &Shared,
    known: &mut BTreeSet<report::Key>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<BTreeSet<PathBuf>, Error> {
    tell(Event::Building);
    let id = shared.state().id + 1;
    let checked = match pipeline::check(&options.pipeline) {
        Ok(checked) => checked,
        // A mistake in the config is shown in the browser, too; without a knowledge base there is nothing to show.
        Err(error @ (Error::Config(_) | Error::Tickets(_) | Error::Site(_))) => {
            let report = Report::failed(&error, known, options);
            tell(Event::Failed(&error));
            shared.set(State { id, site: shared.state().site.clone(), report });
            return Ok(BTreeSet::new());
        }
        Err(error) => return Err(error),
    };
    let folders = watched_folders(&checked.sources);
    if id == 1 {
        known.extend(report::keys(&checked.findings));
    }
    let mut report = Report::of(&checked.findings, known, options);
    tell(Event::Built(&checked));
    let site = match Handle::start(checked, options.index.clone()) {
        Ok(site) => Some(site),
        Err(findings) => {
            let error = Error::Site(findings);
            report = Report::failed(&error, known, options);
            tell(Event::Failed(&error));
            shared.state().site.clone()
        }
    };
    shared.set(State { id, site, report });
    Ok(folders)
}
