//! The ticket exports that the config names.
//!
//! In: the entries of `tickets`. Out: the files that they mean, and what is missing. An export is
//! opened through the jail and read as it streams, never whole; it is never published. Not here: what
//! an export holds (`tickets`).

use std::path::{Path, PathBuf};

use super::jail::{Jail, Refusal, Stream};
use super::walk::{Found, WalkRules, refused, walk};
use crate::config::Config;
use crate::config::tickets::TicketSource;
use crate::diagnostic::rules::tickets::UNREADABLE_EXPORT;
use crate::diagnostic::{Diagnostic, nearest};

/// The exports of a knowledge base.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// By entry of the config, then by path.
    pub files: Vec<ExportFile>,
    /// Entries without a file.
    pub missing: Vec<Diagnostic>,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// The entry of the config's `tickets`, from 0.
    pub source: usize,
    /// Relative to the knowledge base.
    pub path: String,
    /// The same with links resolved: what to open.
    real: PathBuf,
}

/// Finds the exports. A path that matches nothing is a finding at its word in the config.
pub(super) fn find_exports(jail: &Jail, config: &Config) -> Exports {
    let mut exports = Exports::default();
    for (number, source) in config.tickets.iter().enumerate() {
        match find_files(jail, source) {
            Ok(files) => exports.files.extend(files.into_iter().map(|(path, real)| ExportFile {
                source: number,
                path,
                real,
            })),
            Err(finding) => {
                let file = &config.file;
                exports.missing.push(finding.at(file, source.path.span, ""));
            }
        }
    }
    exports
}

/// Characters that make a path a pattern.
const PATTERN: &[char] = &['*', '?', '[', '{'];

fn find_files(jail: &Jail, source: &TicketSource) -> Result<Vec<(String, PathBuf)>, Box<Diagnostic>> {
    let path = source.path.value.as_str();
    if !path.contains(PATTERN) {
        return match jail.resolve(Path::new(path)) {
            Ok(real) if jail.root().join(&real).is_dir() => {
                let finding = missing(format!("`{path}` is a folder and no export"));
                Err(Box::new(finding.help(format!("name its files, as in `{path}/*.json`"))))
            }
            Ok(real) => Ok(vec![(path.to_owned(), real)]),
            Err(Refusal::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                let finding = missing(format!("the ticket export `{path}` does not exist"));
                Err(Box::new(finding.help(suggest(jail, path))))
            }
            Err(refusal) => {
                let found = refused(path, &refusal);
                Err(Box::new(Diagnostic { primary: None, rule: &UNREADABLE_EXPORT, ..found }))
            }
        };
    }
    let before = path.split(PATTERN).next().unwrap_or_default();
    let folder = before.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut files = Vec::new();
    if jail.root().join(folder).is_dir() {
        let (tree, _) = walk(jail, &[folder], &WalkRules::default());
        let all = tree.files.into_iter().chain(tree.pages);
        let matching = all.filter(|found| source.pattern.is_match(&found.path));
        files.extend(matching.map(|Found { path, real, .. }| (path, real)));
        files.sort_unstable();
    }
    if files.is_empty() {
        let finding = missing(format!("no file matches `{path}`"));
        return Err(Box::new(finding.help("export tickets into that folder, or change the pattern")));
    }
    Ok(files)
}

fn missing(message: String) -> Diagnostic {
    Diagnostic::new(&UNREADABLE_EXPORT, message)
}

/// The file with the nearest name beside the one that is missing.
fn suggest(jail: &Jail, path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let entries = jail.root().join(folder).read_dir().into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) if folder.is_empty() => format!("did you mean `{near}`?"),
        Some(near) => format!("did you mean `{folder}/{near}`?"),
        None => "export the tickets, or take the entry out".to_owned(),
    }
}

/// Opens an export through the same jail; why not, as a finding.
pub fn open_export(dir: &Path, export: &ExportFile) -> Result<Stream, Box<Diagnostic>> {
    let opened = Jail::new(dir).map_err(Refusal::from).and_then(|jail| jail.stream(&export.real));
    opened.map_err(|refusal| {
        let found = refused(&export.path, &refusal);
        Box::new(Diagnostic { rule: &UNREADABLE_EXPORT, severity: UNREADABLE_EXPORT.severity, ..found })
    })
}
