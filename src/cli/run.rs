//! What `build`, `check` and `search` share: the knowledge base, the day, and reading it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::Global;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, nearest};
use crate::discover::{DiscoverOptions, Sources};
use crate::error::Error;
use crate::model::ModelOptions;
use crate::pipeline::{self, Checked, Joined, LastBuild, Options, program_hash};
use crate::search::states::States;

/// One run over one knowledge base.
pub(super) struct Run {
    /// The knowledge base as it was named.
    pub(super) dir: PathBuf,
    /// What the pipeline is told.
    pub(super) options: Options,
    /// Who measures.
    pub(super) progress: Arc<Progress>,
    /// `SOURCE_DATE_EPOCH`.
    pub(super) epoch: Option<i64>,
    cache: PathBuf,
}

impl Run {
    /// `dir` is the command's own argument, relative to `-C`.
    pub(super) fn new(dir: Option<&Path>, global: &Global, terminal: &mut Terminal) -> Result<Self, Error> {
        let dir = match (&global.dir, dir) {
            (Some(start), Some(dir)) => start.join(dir),
            (Some(dir), None) => dir.clone(),
            (None, dir) => dir.unwrap_or(Path::new(".")).to_owned(),
        };
        require_folder(&dir)?;
        terminal.enter(&dir);
        let epoch = source_date_epoch()?;
        let progress = Arc::new(Progress::new(terminal.shows_progress()));
        let cache = global.cache.clone().unwrap_or_else(|| dir.join(".docent"));
        let options = Options {
            cache: Some(cache.clone()),
            discover: DiscoverOptions {
                dir: dir.clone(),
                config: global.config.as_deref().map(absolute).transpose()?,
                ..DiscoverOptions::default()
            },
            model: ModelOptions { today: today(global, epoch)?.to_string(), ..ModelOptions::default() },
            observer: Some(Arc::clone(&progress) as _),
            ..Options::default()
        };
        terminal.detail(&format!("knowledge base: {}", dir.display()));
        terminal.detail(&format!("today: {}", options.model.today));
        Ok(Self { dir, options, progress, epoch, cache })
    }

    /// Reads and checks.
    pub(super) fn check(&self) -> Result<Checked, Error> {
        let checked = pipeline::check(&self.options).inspect_err(|_| self.progress.clear())?;
        self.require_pages(&checked.sources, &checked.findings)?;
        Ok(checked)
    }

    /// Reads what search needs.
    pub(super) fn join(&self) -> Result<Joined, Error> {
        let joined = pipeline::join(&self.options).inspect_err(|_| self.progress.clear())?;
        self.require_pages(&joined.sources, &joined.findings)?;
        Ok(joined)
    }

    fn require_pages(&self, sources: &Sources, findings: &[Diagnostic]) -> Result<(), Error> {
        if !sources.pages.is_empty() || !findings.is_empty() {
            return Ok(());
        }
        self.progress.clear();
        let content = match sources.content_dir.as_str() {
            "" => self.dir.clone(),
            content => self.dir.join(content),
        };
        Err(Error::Usage(format!(
            "there is no Markdown file in `{}`; `docent new DIR` makes a knowledge base to begin with",
            content.display()
        )))
    }

    /// Keeps the states of pages for search, where the cache can be written; nobody misses them.
    pub(super) fn keep_states(&self, checked: &Checked) {
        if prepare_cache(&self.cache).is_ok() {
            let _ = States::of(&checked.site, &checked.freshness).write(&self.cache.join("search"));
        }
    }

    /// Where the last build is remembered, if the cache can be written and this program be read.
    pub(super) fn last_build(&self) -> Option<LastBuild> {
        prepare_cache(&self.cache).ok()?;
        let program = program_hash(&std::env::current_exe().ok()?).ok()?;
        Some(LastBuild { file: self.cache.join("last-build.json"), program })
    }

    /// The folder of the search index: in the cache, or a temporary one (removed when dropped) if
    /// the cache cannot be written.
    pub(super) fn index_folder(&self, terminal: &Terminal) -> Result<IndexFolder, Error> {
        match prepare_cache(&self.cache) {
            Ok(()) => Ok(IndexFolder { path: self.cache.join("search"), _temporary: None }),
            Err(error) => {
                let temporary =
                    tempfile::tempdir().map_err(|e| Error::io("create", std::env::temp_dir(), e))?;
                terminal.note(&format!(
                    "the search index is not kept, because `{}` cannot be written: {error}; `--cache DIR` \
                     names another folder",
                    self.cache.display()
                ));
                Ok(IndexFolder { path: temporary.path().to_owned(), _temporary: Some(temporary) })
            }
        }
    }
}

/// Where a search index is.
pub(super) struct IndexFolder {
    /// The folder.
    pub(super) path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

/// Makes the cache folder, keeps it out of the user's git, and finds out whether it can be written.
fn prepare_cache(cache: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(cache)?;
    let ignore = cache.join(".gitignore");
    if !ignore.exists() {
        return std::fs::write(ignore, "*\n");
    }
    tempfile::tempfile_in(cache).map(drop)
}

/// The same path from the root, so that findings about a config elsewhere name it as it is and not as
/// if it were in the knowledge base.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|error| Error::io("read", path, error))
}

/// An unknown folder is a typo more often than not.
fn require_folder(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    if dir.exists() {
        return Err(Error::Usage(format!("`{}` is a file; docent takes a folder", dir.display())));
    }
    let hint = nearest_folder(dir).map(|path| format!("; did you mean `{}`?", path.display()));
    Err(Error::Usage(format!("there is no folder `{}`{}", dir.display(), hint.unwrap_or_default())))
}

fn nearest_folder(dir: &Path) -> Option<PathBuf> {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = dir.file_name()?.to_str()?;
    let mut names: Vec<String> = std::fs::read_dir(parent.unwrap_or(Path::new(".")))
        .ok()?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let found = nearest(name, names.iter().map(String::as_str))?;
    Some(parent.map_or_else(|| PathBuf::from(found), |parent| parent.join(found)))
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is")]
fn source_date_epoch() -> Result<Option<i64>, Error> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let epoch = value.to_str().and_then(|value| value.parse().ok());
    match epoch.filter(|epoch| Timestamp::from_second(*epoch).is_ok()) {
        Some(epoch) => Ok(Some(epoch)),
        None => Err(Error::Usage(format!(
            "SOURCE_DATE_EPOCH is `{}`; it must be a number of seconds since 1970",
            value.to_string_lossy()
        ))),
    }
}

/// The day that a command is run for.
pub(super) fn day(global: &Global) -> Result<Date, Error> {
    today(global, source_date_epoch()?)
}

/// `--today`, else the day of `SOURCE_DATE_EPOCH`, else the day in UTC.
fn today(global: &Global, epoch: Option<i64>) -> Result<Date, Error> {
    if let Some(asked) = &global.today {
        let date = asked.parse::<Date>().ok().filter(|date| date.to_string() == *asked);
        return date.ok_or_else(|| {
            Error::Usage(format!("`--today {asked}` is no day; it must be a date like 2026-11-23"))
        });
    }
    let now = epoch.and_then(|epoch| Timestamp::from_second(epoch).ok()).unwrap_or_else(Timestamp::now);
    Ok(Offset::UTC.to_datetime(now).date())
}
