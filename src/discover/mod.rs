//! Disk → [`Sources`]: the only reader of content, theme, data and git facts.
//!
//! In: the folder of a knowledge base. Out: every file that the build may use, read once, through
//! one jailed open. Not here: what the files mean.

mod completions;
pub mod exports;
pub mod external;
pub mod git;
mod image;
pub mod jail;
pub mod names;
mod pixels;
mod read;
mod settings;
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::source::{SharedFile, SourceFile};
pub use exports::{ExportFile, Exports, open_export};
use jail::{Jail, Refusal};
use walk::{Found, WalkRules};

/// Largest file that is copied, and largest file of a theme.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// Where to look and how.
#[derive(Clone, Debug, Default)]
pub struct DiscoverOptions {
    /// The knowledge base.
    pub dir: PathBuf,
    /// The config named by `--config`, else `dir/docent.yaml` if it is there.
    pub config: Option<PathBuf>,
    /// Keep pages with bytes that are not UTF-8, with U+FFFD in their place.
    pub lossy: bool,
    /// What earlier runs of this process read of the history.
    pub history: Option<Arc<git::HistoryMemory>>,
}

/// Everything that was on disk.
#[derive(Debug)]
pub struct Sources {
    /// The knowledge base, absolute.
    pub dir: PathBuf,
    /// The config.
    pub config: Config,
    /// The content directory relative to `dir`, without slashes at its ends; empty: `dir` itself.
    pub content_dir: String,
    /// The Markdown files, sorted by path. Their paths are relative to `dir`.
    pub pages: Vec<SharedFile>,
    /// Other files of the content directory and all of the static folder, sorted by path.
    pub files: Vec<DiskFile>,
    /// Folders of the content directory, relative to `dir`, sorted.
    pub folders: Vec<String>,
    /// Files that stand in the tree but are never published: dot files, keys, excluded ones. A folder
    /// stands for everything in it. Sorted by path.
    pub withheld: Vec<Withheld>,
    /// The theme's templates, components, styles and scripts that override the embedded default.
    pub theme: Vec<ThemeFile>,
    /// `owners.yaml`.
    pub owners: Option<SharedFile>,
    /// `CODEOWNERS`, at the root, in `.github/`, `.gitlab/` or `docs/`.
    pub codeowners: Option<SharedFile>,
    /// Last change and authors of each page.
    pub git: git::GitFacts,
    /// The ticket exports that the config names.
    pub exports: Exports,
    /// Records of who completed what, by path.
    pub completions: Vec<SharedFile>,
}

/// A file that is copied, or only linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskFile {
    /// Relative to the knowledge base, `/` between parts, NFC.
    pub path: String,
    /// Where it really is (symbolic links inside the knowledge base resolved).
    pub disk: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Stands in the static folder: its path without that folder is its address.
    pub is_static: bool,
    /// An SVG image that carries a script, an event handler or a foreign object.
    pub scripted: bool,
    /// Width and height in pixels, of an image that says so in its first bytes.
    pub pixels: Option<(u32, u32)>,
}

/// A file that is not published, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Relative to the knowledge base.
    pub path: String,
    /// Why.
    pub why: WithheldWhy,
}

/// Why a file is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithheldWhy {
    /// A dot file, a key, a swap file, `node_modules` and the like.
    Private,
    /// The config's `exclude`.
    Excluded,
    /// It could not be read, or holds what cannot be used; a finding says so.
    Unreadable,
}

/// One file of a theme.
#[derive(Clone, Debug)]
pub struct ThemeFile {
    /// Relative to the theme folder: `templates/page.html`, `static/theme.css`.
    pub path: String,
    /// Its text if it is a template; else read as bytes.
    pub file: Option<SharedFile>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads the config alone.
pub fn read_config(options: &DiscoverOptions) -> Result<Config, Error> {
    let jail = settings::open_knowledge_base(&options.dir)?;
    Ok(settings::read_config(&jail, options.config.as_deref())?.0)
}

/// Finds the ticket exports alone: the folder, its config and the files.
pub fn find_exports(options: &DiscoverOptions) -> Result<(PathBuf, Config, Exports), Error> {
    let jail = settings::open_knowledge_base(&options.dir)?;
    let (config, _) = settings::read_config(&jail, options.config.as_deref())?;
    let exports = exports::find_exports(&jail, &config);
    Ok((jail.root().to_owned(), config, exports))
}

/// Reads the knowledge base. Findings about single files are returned beside what could be read;
/// only a folder or config that cannot be used at all is an [`Error`].
pub fn discover(options: &DiscoverOptions) -> Result<(Sources, Vec<Diagnostic>), Error> {
    let jail = settings::open_knowledge_base(&options.dir)?;
    let (config, config_path) = settings::read_config(&jail, options.config.as_deref())?;
    let places = settings::find_places(&jail, &config)?;
    let mut own: Vec<String> = config_path.into_iter().collect();
    own.extend(places.themes.clone());
    let exports = exports::find_exports(&jail, &config);
    own.extend(exports.files.iter().map(|file| file.path.clone()));
    let records = completions::find_records(&jail, &config, places.completions.as_deref());
    own.extend(records.own.iter().cloned());
    let rules = WalkRules {
        content_dir: &places.content,
        static_dir: &places.static_dir,
        exclude: &config.exclude,
        own: &own,
    };
    let mut starts = vec![places.content.as_str()];
    if places.has_static && !places.content.is_empty() && !walk::is_below(&places.static_dir, &places.content)
    {
        starts.push(&places.static_dir);
    }
    let (tree, mut findings) = walk::walk(&jail, &starts, &rules);
    findings.extend(records.findings);
    let (completions, found) = completions::read_records(&jail, &records.files);
    findings.extend(found);
    let walk::Tree { pages: found, files, folders, mut withheld } = tree;

    let read_options = read::ReadOptions { max_bytes: config.max_page_bytes, lossy: options.lossy };
    let wanted: BTreeSet<String> = found.iter().map(|page| page.path.clone()).collect();
    // Whether a page asks for commits is known once all are read; until then, they are kept.
    let keep_commits = AtomicBool::new(true);
    let read_pages = || {
        let read = read::read_pages(&jail, &found, read_options);
        let asks = |(file, _): &(Option<SharedFile>, _)| file.as_deref().is_some_and(names_history);
        keep_commits.store(read.iter().any(asks), Ordering::Relaxed);
        read
    };
    let read_facts = || git::read_facts(jail.root(), &wanted, &keep_commits);
    let (read, (mut git, notes)) = match &options.history {
        Some(memory) => {
            let known = memory.find(jail.root(), &wanted);
            let read = read_pages();
            (read, known.or_read(keep_commits.load(Ordering::Relaxed), read_facts))
        }
        None => rayon::join(read_pages, read_facts),
    };
    if keep_commits.into_inner() {
        git::read_tracked(jail.root(), &mut git);
    } else {
        git.log = git::Log::default();
    }
    findings.extend(notes);
    let mut pages = Vec::with_capacity(read.len());
    for (page, (file, found)) in found.into_iter().zip(read) {
        findings.extend(found);
        match file {
            Some(file) => pages.push(file),
            None => withheld.push(Withheld { path: page.path, why: WithheldWhy::Unreadable }),
        }
    }
    withheld.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let files = files.into_par_iter().map(|found| disk_file(&jail, found, &places.static_dir)).collect();
    let (theme, found) = settings::read_theme(&jail, places.theme.as_deref(), &records.own);
    findings.extend(found);
    let (owners, found) = settings::read_text(&jail, places.owners.as_deref());
    findings.extend(found);
    let (codeowners, found) = settings::read_codeowners(&jail, &git);
    findings.extend(found);
    let dir = jail.root().to_owned();
    let content_dir = places.content;
    let sources = Sources {
        dir,
        config,
        content_dir,
        pages,
        files,
        folders,
        withheld,
        theme,
        owners,
        codeowners,
        git,
        exports,
        completions,
    };
    Ok((sources, findings))
}

/// The folders in which a change may change the site: those of every source, and those where one may appear.
pub fn watched_folders(sources: &Sources) -> BTreeSet<PathBuf> {
    let dir = &sources.dir;
    let mut folders = BTreeSet::from([dir.clone(), dir.join(&sources.content_dir)]);
    folders.extend(sources.folders.iter().map(|folder| dir.join(folder)));
    let files = sources.files.iter().map(|file| file.disk.clone());
    let files = files.chain(sources.pages.iter().map(|file| dir.join(file.path())));
    let files = files.chain(
        sources.theme.iter().map(|file| dir.join("themes").join(&sources.config.theme).join(&file.path)),
    );
    let files = files.chain(sources.completions.iter().map(|file| dir.join(file.path())));
    let files = files.chain(sources.exports.files.iter().map(|file| dir.join(&file.path)));
    for file in files {
        let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(dir));
        folders.extend(above.map(Path::to_owned));
    }
    let own = [".github", ".gitlab", "docs", "themes", "completions", sources.config.static_folder(), ".git"];
    folders.extend(own.into_iter().map(|name| dir.join(name)));
    folders.extend(sources.config.file.path().rsplit_once('/').map(|(folder, _)| dir.join(folder)));
    let top = dir.ancestors().nth(sources.git.prefix.matches('/').count());
    folders.extend(top.map(|top| top.join(".git")));
    folders.retain(|folder| folder.is_dir());
    folders
}

/// Whether a page may ask what changed since its review. A page that only looks like it costs memory,
/// nothing else.
fn names_history(page: &SourceFile) -> bool {
    let text = page.text();
    let head = text.strip_prefix("---").map(|text| text.split("\n---").next().unwrap_or_default());
    let keys = ["covers", "commit", "Commit"];
    head.is_some_and(|head| keys.iter().any(|key| head.contains(key)))
}

fn disk_file(jail: &Jail, found: Found, static_dir: &str) -> DiskFile {
    let Found { path, real, size } = found;
    let is_static = walk::is_below(&path, static_dir);
    let scripted = image::is_svg(&path) && image::is_scripted_file(jail, &real);
    let pixels = pixels::of_file(jail, &path, &real);
    DiskFile { path, disk: jail.root().join(real), size, is_static, scripted, pixels }
}

/// Where a page of the knowledge base really is, and its bytes, for a change of its front matter.
pub fn read_page(dir: &Path, path: &str) -> Result<(PathBuf, Vec<u8>), Error> {
    let place = dir.join(path);
    let io = |source| Error::io("read", &place, source);
    let jail = Jail::new(dir).map_err(io)?;
    let refused = |refusal| match refusal {
        Refusal::Io(source) => io(source),
        _ => io(std::io::Error::other("it is no longer a file of the knowledge base")),
    };
    let real = jail.resolve(Path::new(path)).map_err(refused)?;
    let bytes = jail.read(&real, MAX_FILE_BYTES).map_err(refused)?;
    Ok((jail.root().join(real), bytes))
}

/// Reads a file found by [`discover`] again, through the same jail: outside bytes never come back,
/// even if the path was swapped for a link since. A file whose size has changed is an error: what
/// was said of it no longer holds.
pub fn read_file(dir: &Path, file: &DiskFile) -> Result<Vec<u8>, Error> {
    let io = |source| Error::io("read", &file.disk, source);
    let jail = Jail::new(dir).map_err(io)?;
    let Ok(real) = file.disk.strip_prefix(jail.root()) else {
        return Err(io(std::io::Error::other("it lies outside the knowledge base")));
    };
    match jail.read(real, MAX_FILE_BYTES) {
        Ok(bytes) if bytes.len() as u64 == file.size => Ok(bytes),
        Ok(_) | Err(Refusal::Changed) => Err(io(std::io::Error::other("it changed during the build"))),
        Err(Refusal::Io(source)) => Err(io(source)),
        Err(Refusal::TooLarge { .. }) => Err(io(std::io::Error::other("it is larger than 1 GiB"))),
        Err(Refusal::Outside | Refusal::Loop | Refusal::Special) => {
            Err(io(std::io::Error::other("it is no longer a file of the knowledge base")))
        }
    }
}
