//! Disk → [`Sources`]: the only reader of content, theme, data and git facts.
//!
//! In: the folder of a knowledge base. Out: every file that the build may use, read once, through
//! one jailed open. Not here: what the files mean.

pub mod git;

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::source::SharedFile;

/// Where to look and how.
#[derive(Clone, Debug, Default)]
pub struct DiscoverOptions {
    /// The knowledge base.
    pub dir: PathBuf,
    /// The config named by `--config`, else `dir/docent.yaml` if it is there.
    pub config: Option<PathBuf>,
    /// Keep pages with bytes that are not UTF-8, with U+FFFD in their place.
    pub lossy: bool,
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
    /// Files that stand in the tree but are never published: dot files, keys, excluded ones.
    pub withheld: Vec<Withheld>,
    /// The theme's templates, components, styles and scripts that override the embedded default.
    pub theme: Vec<ThemeFile>,
    /// `owners.yaml`.
    pub owners: Option<SharedFile>,
    /// `CODEOWNERS`, at the root, in `.github/`, `.gitlab/` or `docs/`.
    pub codeowners: Option<SharedFile>,
    /// Last change and authors of each page.
    pub git: git::GitFacts,
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

/// Reads the knowledge base. Findings about single files are returned beside what could be read;
/// only a folder or config that cannot be used at all is an [`Error`].
pub fn discover(options: &DiscoverOptions) -> Result<(Sources, Vec<Diagnostic>), Error> {
    let _ = options;
    Err(Error::Usage("not built yet".into()))
}

/// Reads a file found by [`discover`] again, through the same jail: outside bytes never come back,
/// even if the path was swapped for a link since.
pub fn read_file(dir: &Path, file: &DiskFile) -> Result<Vec<u8>, Error> {
    let _ = dir;
    std::fs::read(&file.disk).map_err(|error| Error::io("read", &file.disk, error))
}
