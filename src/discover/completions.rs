//! The records of who completed what.
//!
//! In: the folder of records. Out: their texts, and the paths under which nothing of them may be
//! published. Not here: what a record means (`training::completions`).

use std::path::Path;

use super::jail::Jail;
use super::read::decode;
use super::walk::{Found, WalkRules, about, refused, walk};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::training::INVALID_COMPLETION;
use crate::source::SharedFile;

/// Largest file of records in bytes.
const MAX_BYTES: u64 = 4 << 20;
/// Most files of records.
const MAX_FILES: usize = 2000;

/// The records of a knowledge base.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The files, by path.
    pub files: Vec<Found>,
    /// What is never published: a folder that the config names as a whole, else each file, by the name
    /// that it has here and where it really is.
    pub own: Vec<String>,
    /// What is wrong with the folder.
    pub findings: Vec<Diagnostic>,
}

/// Finds the records below a folder.
pub(super) fn find_records(jail: &Jail, config: &Config, folder: Option<&str>) -> Records {
    let Some(folder) = folder else { return Records::default() };
    let (tree, findings) = walk(jail, &[folder], &WalkRules::default());
    let mut records = Records { findings, ..Records::default() };
    records.files = tree.files.into_iter().filter(|file| is_record(&file.path)).collect();
    if config.training.completions.is_some() {
        let real = jail.resolve(Path::new(folder)).ok();
        records.own.push(folder.to_owned());
        records.own.extend(real.and_then(|real| real.to_str().map(str::to_owned)));
    }
    for file in &records.files {
        records.own.push(file.path.clone());
        records.own.extend(file.real.to_str().map(str::to_owned));
    }
    records
}

fn is_record(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    matches!(ending.to_ascii_lowercase().as_str(), "yml" | "yaml")
}

/// Reads them; what cannot be read is a finding and no file.
pub(super) fn read_records(jail: &Jail, files: &[Found]) -> (Vec<SharedFile>, Vec<Diagnostic>) {
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    for file in files.iter().take(MAX_FILES) {
        match jail.read(&file.real, MAX_BYTES) {
            Ok(bytes) => {
                let (text, found) = decode(&file.path, bytes, false);
                read.extend(text);
                findings.extend(found);
            }
            Err(refusal) => findings.push(refused(&file.path, &refusal)),
        }
    }
    if let Some(first) = files.get(MAX_FILES) {
        let message =
            format!("more than {MAX_FILES} files of completions; this one and those after it are not read");
        let finding = about(&INVALID_COMPLETION, &first.path, message);
        findings.push(finding.help("put the records of a team, or of a year, into one file"));
    }
    (read, findings)
}
