//! The file of results of external links.
//!
//! In: where the config says that it is, else the cache. Out: its text. That it is not there is no
//! fault: then nothing is known. Not here: what it means (`external`).

use std::path::Path;
use std::sync::Arc;

use super::jail::{Jail, Refusal, read_named};
use super::walk::refused;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::links::UNREADABLE_RESULTS;
use crate::source::{SharedFile, SourceFile};

/// Its name in the cache.
pub const FILE: &str = "external-links.json";
/// Largest file in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// Reads the results; why not, as a finding.
pub fn read_results(
    dir: &Path,
    config: &Config,
    cache: Option<&Path>,
) -> Result<Option<SharedFile>, Box<Diagnostic>> {
    let (shown, read) = match (&config.external.results, cache) {
        (Some(path), _) => {
            let jail = Jail::new(dir).map_err(Refusal::from);
            (path.clone(), jail.and_then(|jail| jail.read_linked(Path::new(path), MAX_BYTES)))
        }
        (None, Some(cache)) => {
            let path = cache.join(FILE);
            (path.to_string_lossy().into_owned(), read_named(&path, MAX_BYTES))
        }
        (None, None) => return Ok(None),
    };
    match read {
        Ok(bytes) => Ok(Some(Arc::new(SourceFile::decode(shown, bytes).0))),
        Err(Refusal::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(refusal) => {
            let found = refused(&shown, &refusal);
            Err(Box::new(Diagnostic {
                rule: &UNREADABLE_RESULTS,
                severity: UNREADABLE_RESULTS.severity,
                ..found
            }))
        }
    }
}
