//! The last build, so that one that would write the same again ends before it renders.
//!
//! In: the hash of everything that a build reads, and the list of files that stand in the output folder. Out: what the
//! last build said of itself, if it read the same and its files still stand. The record lies in the cache: without it,
//! or with one of another program or another folder, the site is built, and nothing else differs.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BuildFacts, Built, Checked, Options};
use crate::error::Error;
use crate::publish::{Published, Publisher, write_file};
use crate::render::BuildStamp;

const SCHEMA: u32 = 1;

/// Where the last build is remembered, and what built it.
#[derive(Clone, Debug)]
pub struct LastBuild {
    /// The record.
    pub file: PathBuf,
    /// Hash of the program: another one may write other bytes.
    pub program: String,
}

#[derive(Serialize, Deserialize)]
struct Record {
    schema: u32,
    /// Hash of everything that was read.
    key: String,
    /// Hash of the list of files that was written.
    files: String,
    facts: BuildFacts,
}

impl LastBuild {
    /// Hash of all that decides what this build writes. The build id stands for what pages say; links also depend
    /// on the names of files that are not published.
    pub(super) fn key(&self, checked: &Checked, options: &Options, stamp: &BuildStamp) -> String {
        let sources = &checked.sources;
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        for text in [&self.program, &stamp.build_id, &stamp.built] {
            add(text);
        }
        add(&format!("{} {} {:?}", options.strict, options.discover.lossy, options.model));
        for file in &sources.files {
            add(&format!("{file:?}"));
        }
        for folder in &sources.folders {
            add(folder);
        }
        add(&format!("{:?}", sources.withheld));
        for record in &sources.completions {
            add(record.path());
            add(record.text());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// What the last build said of itself, if it read the same and what it wrote is still there.
    #[expect(clippy::disallowed_methods, reason = "the record is a cache of this program, not content")]
    pub(super) fn find(&self, key: &str, publisher: &Publisher) -> Option<Built> {
        let record: Record = serde_json::from_slice(&std::fs::read(&self.file).ok()?).ok()?;
        if record.schema != SCHEMA || record.key != key {
            return None;
        }
        let standing = publisher.standing_files()?;
        let changes = Published { files: standing.len(), ..Published::default() };
        (digest(&standing) == record.files).then_some(Built { changes, facts: record.facts })
    }

    /// Remembers a build. A record that cannot be written is missed by nobody: the next build is a whole one.
    pub(super) fn keep(&self, key: String, files: &[(String, String, u64)], facts: &BuildFacts) {
        let record = Record { schema: SCHEMA, key, files: digest(files), facts: facts.clone() };
        if let Ok(bytes) = serde_json::to_vec(&record) {
            let _ = write_file(&self.file, &bytes);
        }
    }
}

/// Hash of a list of files: path, hash and size of each, by path.
fn digest(files: &[(String, String, u64)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, hash, size) in files {
        hasher.update(format!("{path}\0{hash}\0{size}\n").as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Hash of the program whose file this is.
#[expect(clippy::disallowed_methods, reason = "the program is no content")]
pub fn program_hash(program: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(program).map_err(|error| Error::io("read", program, error))?;
    Ok(blake3::hash(&bytes).to_hex().to_string())
}
