//! The export on disk while it is fetched.
//!
//! `FILE.part` gathers records; `FILE.pull` says where the next request begins and how many bytes
//! of the part are good. Both survive a crash at any moment: what lies beyond the good bytes is cut off.
//! When the service has no more, the part becomes `FILE`, and `FILE.pull` stays for the next pull.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::Cursor;
use crate::error::Error;

/// A pull in progress.
pub(super) struct PullFile {
    out: PathBuf,
    part: File,
    state: State,
}

/// `FILE.pull`.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    /// Version of this file's meaning.
    schema: u32,
    /// Where the records came from.
    base: String,
    /// Where the next request begins; `None` before the first.
    cursor: Option<Cursor>,
    /// Whether the part has become the export.
    whole: bool,
    /// Good bytes.
    bytes: u64,
    /// Records in them.
    records: u64,
}

impl PullFile {
    /// Takes up what an earlier pull left, or begins. An export that no pull wrote is left alone.
    pub fn open(out: &Path, base: &str) -> Result<Self, Error> {
        let known = read_state(out)?;
        if let Some(state) = &known
            && state.base != base
        {
            return Err(Error::Usage(format!(
                "`{}` holds tickets of {}, not of {base}; choose another file, or remove it",
                out.display(),
                state.base
            )));
        }
        if known.is_none() && out.exists() {
            return Err(Error::Usage(format!(
                "`{}` was not written by `docent tickets pull`; choose another file",
                out.display()
            )));
        }
        if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        }
        let fresh =
            State { schema: 1, base: base.to_owned(), cursor: None, whole: false, bytes: 0, records: 0 };
        let mut state = known.unwrap_or(fresh);
        let part = beside(out, "part");
        if state.whole {
            match fs::copy(out, &part) {
                Ok(copied) if copied == state.bytes => state.whole = false,
                // The export was removed, or somebody changed it: the cursor tells nothing of it.
                Ok(_) | Err(_) => {
                    let cursor = None;
                    state = State { cursor, whole: false, bytes: 0, records: 0, ..state };
                }
            }
        }
        let file = open_rest(&part, state.bytes).map_err(|error| Error::io("write", &part, error))?;
        let (part, good) = file;
        if !good {
            state = State { cursor: None, bytes: 0, records: 0, ..state };
        }
        Ok(Self { out: out.to_owned(), part, state })
    }

    /// Where the next request begins, if an earlier pull got that far.
    pub fn cursor(&self) -> Option<Cursor> {
        self.state.cursor.clone()
    }

    /// Records on disk.
    pub fn records(&self) -> u64 {
        self.state.records
    }

    /// Adds a page, and notes where the next begins once its bytes are safe.
    pub fn append(&mut self, records: &[Value], next: &Cursor) -> Result<(), Error> {
        let mut lines = String::new();
        for record in records {
            lines.push_str(&record.to_string());
            lines.push('\n');
        }
        let wrote = self.part.write_all(lines.as_bytes()).and_then(|()| self.part.sync_data());
        wrote.map_err(|error| Error::io("write", beside(&self.out, "part"), error))?;
        self.state.bytes += lines.len() as u64;
        self.state.records += records.len() as u64;
        self.state.cursor = Some(next.clone());
        self.write_state()
    }

    /// Makes the part the export; its bytes.
    pub fn finish(mut self) -> Result<u64, Error> {
        let part = beside(&self.out, "part");
        fs::rename(&part, &self.out).map_err(|error| Error::io("write", &self.out, error))?;
        self.state.whole = true;
        self.write_state()?;
        Ok(self.state.bytes)
    }

    fn write_state(&self) -> Result<(), Error> {
        let path = beside(&self.out, "pull");
        let mut text =
            serde_json::to_vec_pretty(&self.state).map_err(|error| Error::Internal(error.to_string()))?;
        text.push(b'\n');
        let fresh = beside(&self.out, "pull.new");
        fs::write(&fresh, text)
            .and_then(|()| fs::rename(&fresh, &path))
            .map_err(|error| Error::io("write", &path, error))
    }
}

/// Opens the part behind its good bytes; false if it has fewer, and is begun anew.
fn open_rest(path: &Path, bytes: u64) -> std::io::Result<(File, bool)> {
    let mut part = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path)?;
    let good = part.metadata()?.len() >= bytes;
    let bytes = if good { bytes } else { 0 };
    part.set_len(bytes)?;
    part.seek(SeekFrom::Start(bytes))?;
    Ok((part, good))
}

/// What an earlier pull noted. A crash between the last two steps of a pull leaves the export whole and
/// the note saying it is not; the bytes tell.
#[expect(clippy::disallowed_methods, reason = "the export is named by the call, not found in content")]
fn read_state(out: &Path) -> Result<Option<State>, Error> {
    let path = beside(out, "pull");
    let mut text = Vec::new();
    match File::open(&path) {
        Ok(file) => {
            file.take(1 << 20).read_to_end(&mut text).map_err(|error| Error::io("read", &path, error))?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", &path, error)),
    };
    let mut state: State = serde_json::from_slice(&text).map_err(|error| {
        Error::Usage(format!("`{}` cannot be read ({error}); remove it to begin anew", path.display()))
    })?;
    if !state.whole && !beside(out, "part").exists() {
        state.whole = out.metadata().is_ok_and(|meta| meta.len() == state.bytes);
    }
    Ok(Some(state))
}

fn beside(out: &Path, ending: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
