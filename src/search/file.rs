//! The index on disk: one file, replaced in whole.
//!
//! In and out: named blobs and the hash of the content that they were made of. A file that is cut,
//! changed, or of another version is no file: everything in it is read and verified before anything
//! is used, so a reader never sees half of one, whatever happens to it on disk.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::index::Blobs;
use crate::error::Error;

/// Changes whenever the bytes or the meaning of an index change.
const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"docentix";
const NAME: &str = "index";
const HASH: usize = 32;
/// Magic, version, content hash.
const HEADER: usize = MAGIC.len() + 4 + HASH;

/// The hash of the content that the index in `dir` was made of; `None` if there is none that can be
/// used.
pub fn content(dir: &Path) -> Option<[u8; HASH]> {
    read_body(dir)?[HEADER - HASH..HEADER].try_into().ok()
}

/// Reads the index in `dir`; `None` if there is none that can be used.
pub fn read(dir: &Path) -> Option<Blobs> {
    let body = read_body(dir)?;
    let mut rest = &body[HEADER..];
    let mut blobs = Blobs::new();
    while !rest.is_empty() {
        let name = String::from_utf8(take(&mut rest)?.to_vec()).ok()?;
        blobs.push((name, take(&mut rest)?.to_vec()));
    }
    Some(blobs)
}

/// All but the hash at the end, verified by it.
#[expect(clippy::disallowed_methods, reason = "the index is a cache of this program, not content")]
fn read_body(dir: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(dir.join(NAME)).ok()?;
    let (body, hash) = bytes.split_last_chunk::<HASH>()?;
    if !is_current(body) || blake3::hash(body).as_bytes() != hash {
        return None;
    }
    bytes.truncate(bytes.len() - HASH);
    Some(bytes)
}

fn is_current(body: &[u8]) -> bool {
    body.len() >= HEADER && body.starts_with(MAGIC) && body[MAGIC.len()..][..4] == VERSION.to_le_bytes()
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (blob, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(blob)
}

/// Holds off other processes that build the same index, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    dir: PathBuf,
    /// `None` where the file system has no locks; then the last to finish wins.
    held: Option<File>,
}

/// Makes the folder and waits for the lock.
pub fn lock(dir: &Path) -> Result<Lock, Error> {
    fs::create_dir_all(dir).map_err(|error| Error::io("create", dir, error))?;
    let path = dir.join("lock");
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(|error| Error::io("create", &path, error))?;
    let held = file.lock().is_ok();
    Ok(Lock { dir: dir.to_owned(), held: held.then_some(file) })
}

impl Lock {
    /// Replaces the index: written beside it, flushed, renamed over it.
    pub fn write(&self, content: [u8; HASH], blobs: &Blobs) -> Result<(), Error> {
        let path = self.dir.join(NAME);
        let beside = self.dir.join(format!("{NAME}.{}.new", std::process::id()));
        let written = write_to(&beside, content, blobs).and_then(|()| fs::rename(&beside, &path));
        if let Err(error) = written {
            let _ = fs::remove_file(&beside);
            return Err(Error::io("write", &path, error));
        }
        self.remove_leftovers();
        Ok(())
    }

    /// Files that a process which was killed left behind. Nobody else writes while the lock is held.
    fn remove_leftovers(&self) {
        if self.held.is_none() {
            return;
        }
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "new")) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_to(path: &Path, content: [u8; HASH], blobs: &Blobs) -> std::io::Result<()> {
    let mut out = Hashed { file: std::io::BufWriter::new(File::create(path)?), hash: blake3::Hasher::new() };
    out.write(MAGIC)?;
    out.write(&VERSION.to_le_bytes())?;
    out.write(&content)?;
    for (name, bytes) in blobs {
        for part in [name.as_bytes(), bytes] {
            out.write(&(part.len() as u64).to_le_bytes())?;
            out.write(part)?;
        }
    }
    let hash = out.hash.finalize();
    out.file.write_all(hash.as_bytes())?;
    out.file.flush()?;
    out.file.get_ref().sync_all()
}

struct Hashed {
    file: std::io::BufWriter<File>,
    hash: blake3::Hasher,
}

impl Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }
}
