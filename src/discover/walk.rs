//! The tree of a knowledge base: which files there are, and which of them count.
//!
//! In: a folder and what to leave out. Out: a sorted [`Tree`], and findings about names, links and
//! things that are not files. Nothing is opened here; names alone decide (and for links, where they
//! lead). Not here: reading (`read`), what a page says (`parse`).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobMatcher;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use super::jail::{Jail, Refusal};
use super::names::{self, MANIFEST};
use super::{Withheld, WithheldWhy};
use crate::config::names::{find_portability_problem, is_hidden};
use crate::diagnostic::rules::files;
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{SourceFile, Span};

/// Folders below each other; a path of an ordinary system does not reach half of it.
const MAX_DEPTH: usize = 64;
/// Folders entered through links. Links among folders can make a tree of any size out of few.
const MAX_LINKED_FOLDERS: usize = 1000;

/// A file that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the knowledge base, `/` between parts, NFC: its name in every report.
    pub path: String,
    /// Relative to the knowledge base, links resolved: what to open.
    pub real: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// What stands below a folder. Everything is sorted by path.
#[derive(Debug, Default)]
pub struct Tree {
    /// Markdown files outside the static folder.
    pub pages: Vec<Found>,
    /// All other files.
    pub files: Vec<Found>,
    /// Folders outside the static folder, the content directory itself left out.
    pub folders: Vec<String>,
    /// What is never published; a folder stands for all that is in it.
    pub withheld: Vec<Withheld>,
}

/// What to leave out.
#[derive(Debug, Default)]
pub struct WalkRules<'a> {
    /// The content directory relative to the knowledge base; empty: the knowledge base itself.
    pub content_dir: &'a str,
    /// The folder of files that are copied as they are, relative to the knowledge base.
    pub static_dir: &'a str,
    /// The config's `exclude`, matched against paths relative to the content directory.
    pub exclude: &'a [GlobMatcher],
    /// Paths relative to the knowledge base that are no content: the config, the theme.
    pub own: &'a [String],
}

/// Walks the folders `starts` (relative to the jail's root, none inside another).
pub fn walk(jail: &Jail, starts: &[&str], rules: &WalkRules<'_>) -> (Tree, Vec<Diagnostic>) {
    let mut walk = Walk { jail, rules, tree: Tree::default(), findings: Vec::new(), linked: 0 };
    for start in starts {
        let real = match jail.resolve(Path::new(start)) {
            Ok(real) => real,
            Err(refusal) => {
                walk.refuse(start, &refusal);
                continue;
            }
        };
        let depth = start.split('/').filter(|part| !part.is_empty()).count();
        walk.folder(&Folder { path: (*start).to_owned(), real, depth }, &mut Vec::new());
    }
    let Walk { mut tree, mut findings, .. } = walk;
    drop_twins(&mut tree.pages, &mut findings);
    drop_twins(&mut tree.files, &mut findings);
    tree.folders.sort_unstable();
    tree.folders.dedup();
    tree.withheld.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    (tree, findings)
}

/// A finding about a file as a whole.
pub fn about(rule: &'static Rule, path: &str, message: impl Into<String>) -> Diagnostic {
    let file = Arc::new(SourceFile::new(path, ""));
    Diagnostic::new(rule, message).at(&file, Span::default(), "")
}

/// Two names that differ in bytes only (`é` as one character or as `e` and an accent) are one page
/// on one system and two on the next.
fn drop_twins(found: &mut Vec<Found>, findings: &mut Vec<Diagnostic>) {
    found.sort_unstable();
    found.dedup_by(|twin, first| {
        let same = twin.path == first.path;
        if same {
            let names =
                [&first.real, &twin.real].map(|real| real.to_string_lossy().escape_default().to_string());
            let message =
                format!("two files have the name `{}`, written in different Unicode forms", first.path);
            findings.push(
                about(&files::URL_COLLISION, &first.path, message)
                    .help(format!("rename or remove one: `{}` or `{}`", names[0], names[1])),
            );
        }
        same
    });
}

struct Walk<'a> {
    jail: &'a Jail,
    rules: &'a WalkRules<'a>,
    tree: Tree,
    findings: Vec<Diagnostic>,
    linked: usize,
}

/// A folder to list.
struct Folder {
    /// Its name in reports.
    path: String,
    /// Where it really is, relative to the root.
    real: PathBuf,
    /// Folders above it up to the knowledge base.
    depth: usize,
}

/// What to do with an entry after its name was judged.
enum Verdict {
    Enter,
    Skip,
}

impl Walk<'_> {
    /// Lists a folder and all below it. `above` are the real folders that hold the links by which
    /// it was reached.
    fn folder(&mut self, folder: &Folder, above: &mut Vec<PathBuf>) {
        let top = self.jail.root().join(&folder.real);
        let deepest = (MAX_DEPTH + 1).saturating_sub(folder.depth).max(1);
        let mut entries = WalkDir::new(&top)
            .min_depth(1)
            .max_depth(deepest)
            .follow_links(false)
            .sort_by_file_name()
            .into_iter();
        // The names of the folders from `top` down to the last entry, as they appear in reports.
        let mut names: Vec<String> = Vec::new();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unlisted(folder, &names, &error);
                    continue;
                }
            };
            names.truncate(entry.depth() - 1);
            let parent = join(&folder.path, &names.join("/"));
            let Some(name) = self.readable_name(&parent, entry.file_name()) else {
                skip(&mut entries, &entry);
                continue;
            };
            let path = join(&parent, &name);
            let verdict = match self.withhold(&path, &name, entry.file_type().is_dir().then(|| entry.path()))
            {
                Some(why) => {
                    self.tree.withheld.push(Withheld { path, why });
                    Verdict::Skip
                }
                None => self.entry(&entry, path, &name, folder, above),
            };
            if entry.file_type().is_dir() {
                match verdict {
                    Verdict::Enter => names.push(name),
                    Verdict::Skip => entries.skip_current_dir(),
                }
            }
        }
    }

    fn entry(
        &mut self,
        entry: &DirEntry,
        path: String,
        name: &str,
        folder: &Folder,
        above: &mut Vec<PathBuf>,
    ) -> Verdict {
        // Without its ending the name of a page is that of a folder of the site.
        let stem = names::page_stem(name).filter(|stem| stem.ends_with('.')).unwrap_or(name);
        if let Some(problem) = find_portability_problem(stem) {
            let message = format!("the name `{}` does not work on every system: {problem}", printable(name));
            self.findings.push(
                about(&files::FILE_NAME_NOT_PORTABLE, &path, message)
                    .help("rename it, and leave an alias for its old address if it is a page"),
            );
        }
        let depth = folder.depth + entry.depth();
        let kind = entry.file_type();
        if kind.is_dir() {
            if depth > MAX_DEPTH {
                let message = format!("folders more than {MAX_DEPTH} deep are not read");
                self.findings.push(about(&files::FOLDER_TOO_DEEP, &path, message).help("move it further up"));
                return Verdict::Skip;
            }
            self.add_folder(path);
            return Verdict::Enter;
        }
        if kind.is_symlink() {
            self.link(entry, path, depth, above);
        } else if kind.is_file() {
            match (entry.metadata(), entry.path().strip_prefix(self.jail.root())) {
                (Ok(metadata), Ok(real)) => self.add_file(path, real.to_owned(), metadata.len()),
                (Err(error), _) => self.refuse(&path, &Refusal::Io(error.into())),
                (_, Err(_)) => self.refuse(&path, &Refusal::Outside),
            }
        } else {
            self.refuse(&path, &Refusal::Special);
        }
        Verdict::Enter
    }

    /// A link inside the knowledge base stands for what it leads to.
    fn link(&mut self, entry: &DirEntry, path: String, depth: usize, above: &mut Vec<PathBuf>) {
        let root = self.jail.root();
        let Some(parent) = entry.path().parent().and_then(|parent| parent.strip_prefix(root).ok()) else {
            return self.refuse(&path, &Refusal::Outside);
        };
        let parent = parent.to_owned();
        let real = match self.jail.resolve(&parent.join(entry.file_name())) {
            Ok(real) => real,
            Err(refusal) => return self.refuse(&path, &refusal),
        };
        if let Some(why) = self.withhold_target(&real) {
            self.tree.withheld.push(Withheld { path, why });
            return;
        }
        let metadata = match root.join(&real).symlink_metadata() {
            Ok(metadata) => metadata,
            Err(error) => return self.refuse(&path, &Refusal::Io(error)),
        };
        if metadata.is_file() {
            return self.add_file(path, real, metadata.len());
        }
        if !metadata.is_dir() {
            return self.refuse(&path, &Refusal::Special);
        }
        if parent.starts_with(&real) || above.iter().any(|folder| folder.starts_with(&real)) {
            return self.refuse(&path, &Refusal::Loop);
        }
        self.linked += 1;
        if self.linked > MAX_LINKED_FOLDERS || depth > MAX_DEPTH {
            let message = format!("the link `{path}` is not followed: too many links between folders");
            self.findings.push(about(&files::SYMLINK_LOOP, &path, message).help("remove links to folders"));
            return;
        }
        self.add_folder(path.clone());
        above.push(parent);
        self.folder(&Folder { path, real, depth }, above);
        above.pop();
    }

    fn add_folder(&mut self, path: String) {
        if !self.is_static(&path) && Some(path.as_str()) != Some(self.rules.static_dir) {
            self.tree.folders.push(path);
        }
    }

    fn add_file(&mut self, path: String, real: PathBuf, size: u64) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let is_page = names::page_stem(name).is_some() && !self.is_static(&path);
        let found = Found { path, real, size };
        if is_page { self.tree.pages.push(found) } else { self.tree.files.push(found) }
    }

    /// Whether a path lies in the static folder.
    fn is_static(&self, path: &str) -> bool {
        is_below(path, self.rules.static_dir)
    }

    /// Whether an entry is left out, by its name or by what it is. `folder` is its place on disk if
    /// it is a folder.
    fn withhold(&self, path: &str, name: &str, folder: Option<&Path>) -> Option<WithheldWhy> {
        let public = self.is_static(path) && names::is_public_dot_file(name);
        let private = !public && names::is_private(name);
        if private || self.rules.own.iter().any(|own| own == path) {
            return Some(WithheldWhy::Private);
        }
        if self.is_excluded(path) {
            return Some(WithheldWhy::Excluded);
        }
        // The site of an earlier build, wherever `--out` put it.
        let is_output = folder.is_some_and(|folder| folder.join(MANIFEST).symlink_metadata().is_ok());
        is_output.then_some(WithheldWhy::Private)
    }

    /// Whether a link leads to something that is left out.
    fn withhold_target(&self, real: &Path) -> Option<WithheldWhy> {
        let mut path = String::new();
        for part in real {
            let name: String = part.to_string_lossy().nfc().collect();
            path = join(&path, &name);
            let disk = self.jail.root().join(&path);
            if let Some(why) = self.withhold(&path, &name, Some(&disk)) {
                return Some(why);
            }
        }
        None
    }

    fn is_excluded(&self, path: &str) -> bool {
        if self.rules.exclude.is_empty() {
            return false;
        }
        let below = |path: &str| -> Option<String> {
            let rest = path.strip_prefix(self.rules.content_dir)?;
            Some(rest.strip_prefix('/').unwrap_or(rest).to_owned())
        };
        below(path).is_some_and(|path| self.rules.exclude.iter().any(|glob| glob.is_match(&path)))
    }

    fn readable_name(&mut self, parent: &str, name: &OsStr) -> Option<String> {
        if let Some(name) = name.to_str() {
            return Some(name.nfc().collect());
        }
        let escaped = name.as_encoded_bytes().escape_ascii().to_string();
        let path = join(parent, &escaped);
        let message = format!("the name `{escaped}` is not UTF-8");
        self.findings
            .push(about(&files::FILE_NAME_NOT_UTF8, &path, message).help("rename it with UTF-8 characters"));
        self.tree.withheld.push(Withheld { path, why: WithheldWhy::Unreadable });
        None
    }

    fn unlisted(&mut self, folder: &Folder, names: &[String], error: &walkdir::Error) {
        let disk = error.path().map(|path| {
            let real = path.strip_prefix(self.jail.root().join(&folder.real)).unwrap_or(path);
            real.to_string_lossy().nfc().collect::<String>()
        });
        let path = join(&folder.path, &disk.unwrap_or_else(|| names.join("/")));
        let path = if path.is_empty() { ".".to_owned() } else { path };
        let kind = error.io_error().map_or(std::io::ErrorKind::Other, std::io::Error::kind);
        let message = format!("`{path}` cannot be read: {kind}");
        self.findings
            .push(about(&files::UNREADABLE_FILE, &path, message).help("allow reading it, or `exclude` it"));
        self.tree.withheld.push(Withheld { path, why: WithheldWhy::Unreadable });
    }

    fn refuse(&mut self, path: &str, refusal: &Refusal) {
        self.findings.push(refused(path, refusal));
        self.tree.withheld.push(Withheld { path: path.to_owned(), why: WithheldWhy::Unreadable });
    }
}

/// The finding for a file that was not read.
pub fn refused(path: &str, refusal: &Refusal) -> Diagnostic {
    match refusal {
        Refusal::Outside => about(
            &files::SYMLINK_OUTSIDE,
            path,
            format!("the link `{path}` leads outside the knowledge base"),
        )
        .help("copy what it leads to into the knowledge base, or `exclude` it"),
        Refusal::Loop => about(&files::SYMLINK_LOOP, path, format!("the link `{path}` leads back to itself"))
            .help("remove the link"),
        Refusal::Special => {
            about(&files::SPECIAL_FILE, path, format!("`{path}` is a pipe, socket or device and is skipped"))
                .help("remove it, or `exclude` it")
        }
        Refusal::TooLarge { size } => {
            about(&files::UNREADABLE_FILE, path, format!("`{path}` is too large to be read: {size} bytes"))
        }
        Refusal::Changed => about(&files::FILE_CHANGED, path, format!("`{path}` changed while it was read"))
            .help("run again when nothing writes to it"),
        Refusal::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            about(&files::UNREADABLE_FILE, path, format!("the link `{path}` leads to nothing"))
                .help("remove the link, or make what it names")
        }
        Refusal::Io(error) => {
            about(&files::UNREADABLE_FILE, path, format!("`{path}` cannot be read: {}", error.kind()))
                .help("allow reading it, or `exclude` it")
        }
    }
}

/// Whether `path` lies below `folder` (an empty folder holds nothing).
pub fn is_below(path: &str, folder: &str) -> bool {
    !folder.is_empty() && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Two parts of a path; either may be empty.
pub fn join(parent: &str, name: &str) -> String {
    match (parent.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => parent.to_owned(),
        _ => format!("{parent}/{name}"),
    }
}

fn skip(entries: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        entries.skip_current_dir();
    }
}

/// A name with the characters spelled out that cannot be seen.
fn printable(name: &str) -> String {
    name.chars()
        .flat_map(|c| if c.is_control() || is_hidden(c) { c.escape_default().collect() } else { vec![c] })
        .collect()
}
