//! Output → disk: staged beside the target, swapped in whole.
//!
//! In: [`OutputFile`]s, one at a time, in any order and from any thread. Out: a folder that holds
//! exactly these files (and the foreign ones it held before). Deletes only what its own manifest
//! names. Not here: what the files hold.
//!
//! The life of a build: [`target`] refuses what must not be written to, [`lock`] keeps others out,
//! changed files go to a staging folder, unchanged ones are linked from the live site, [`manifest`]
//! is written last, [`swap`] exchanges the two folders and clears the old one away. Killed at any
//! moment, the live folder is the old site or the new one, and the next build clears up.

mod lock;
mod manifest;
mod replace;
mod swap;
mod target;

pub use replace::{replace_file, write_file};

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::error::Error;
use lock::Lock;
use manifest::{Entry, Manifest, check_path};
use target::{Live, Place};

/// One file of the site.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// Relative to the output folder, `/` between parts: `runbooks/disk-full/index.html`.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// A build that is being written. Dropped without [`Publisher::finish`], it leaves no trace.
#[derive(Debug)]
pub struct Publisher {
    place: Place,
    /// What the live site holds; `None` if there is none yet.
    live: Option<Live>,
    files: Mutex<BTreeMap<String, Staged>>,
    folders: Mutex<BTreeSet<PathBuf>>,
    staging: Staging,
    // Last, so that the staging folder is gone before another build may start.
    _lock: Lock,
}

/// What a finished build changed on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files of the site.
    pub files: usize,
    /// Files written because they are new or differ.
    pub written: usize,
    /// Files of the last build that are no longer part of the site.
    pub removed: usize,
    /// Where the last build is kept, if its list of files was damaged: nobody knows what in it is
    /// Docent's.
    pub kept: Option<PathBuf>,
}

#[derive(Debug)]
struct Staged {
    entry: Entry,
    /// The live site holds the same; nothing was written.
    unchanged: bool,
}

/// The staging folder; removed unless it was swapped in.
#[derive(Debug)]
struct Staging {
    path: PathBuf,
    swapped: bool,
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.swapped {
            // What is left of a failed build is cleared by the next one, too.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl Publisher {
    /// Takes the lock and prepares the staging folder. Refuses, before any work, a target that is
    /// the source, an ancestor of it, a symbolic link, not writable, or foreign and not empty.
    pub fn open(target: &Path, sources: &Path) -> Result<Self, Error> {
        let place = Place::find(target, sources)?;
        let lock = Lock::take(&place)?;
        swap::recover(&place)?;
        let live = place.read_live()?;
        std::fs::create_dir(&place.staging).map_err(|error| Error::io("create", &place.staging, error))?;
        let staging = Staging { path: place.staging.clone(), swapped: false };
        let (files, folders) = (Mutex::default(), Mutex::default());
        Ok(Self { place, live, files, folders, staging, _lock: lock })
    }

    /// Adds one file. An error here is the machine's: drop the publisher, the live site is as it was.
    pub fn write(&self, file: &OutputFile) -> Result<(), Error> {
        let path = &file.path;
        if let Err(why) = check_path(path) {
            return Err(Error::io("write", self.place.target.join(path), std::io::Error::other(why)));
        }
        let entry =
            Entry { hash: blake3::hash(&file.content).to_hex().to_string(), size: file.content.len() as u64 };
        let unchanged = self.is_live(path, &entry);
        if guard(&self.files).insert(path.clone(), Staged { entry, unchanged }).is_some() {
            return Err(Error::Internal(format!("two files of the site have the path `{path}`")));
        }
        if unchanged {
            return Ok(());
        }
        self.write_staged(path, &file.content)
    }

    /// What was written so far: path, hash and size of each file, by path.
    pub fn written(&self) -> Vec<(String, String, u64)> {
        let files = guard(&self.files);
        files.iter().map(|(path, file)| (path.clone(), file.entry.hash.clone(), file.entry.size)).collect()
    }

    /// The files of the live site as [`Publisher::written`] names them, if all of them stand there with the size that
    /// they had when they were written.
    pub fn standing_files(&self) -> Option<Vec<(String, String, u64)>> {
        let files = &self.live.as_ref().filter(|live| !live.is_cut)?.manifest.files;
        let all_stand = files.par_iter().all(|(path, entry)| self.is_live(path, entry));
        let file = |(path, entry): (&String, &Entry)| (path.clone(), entry.hash.clone(), entry.size);
        all_stand.then(|| files.iter().map(file).collect())
    }

    /// Swaps the staged site in. Nothing is visible before this, and all of it after.
    pub fn finish(mut self) -> Result<Published, Error> {
        let files = std::mem::take(&mut *guard(&self.files));
        let old = self.live.as_ref().map(|live| &live.manifest.files);
        let is_cut = self.live.as_ref().is_some_and(|live| live.is_cut);
        let written = files.values().filter(|file| !file.unchanged).count();
        let removed = old.map_or(0, |old| old.keys().filter(|path| !files.contains_key(*path)).count());
        let mut published = Published { files: files.len(), written, removed, kept: None };
        if written == 0 && removed == 0 && self.live.is_some() && !is_cut {
            return Ok(published);
        }
        files
            .par_iter()
            .filter(|(_, file)| file.unchanged)
            .try_for_each(|(path, _)| self.link_unchanged(path))?;
        let files: BTreeMap<String, Entry> =
            files.into_iter().map(|(path, file)| (path, file.entry)).collect();
        let manifest = Manifest { files };
        swap::carry_foreign(&self.place, self.live.as_ref(), &manifest)?;
        manifest.write(&self.place.staging)?;
        let old = swap::swap_in(&self.place)?;
        self.staging.swapped = true;
        match old {
            Some(old) if is_cut => published.kept = Some(swap::set_aside(&old, &self.place.target)?),
            Some(old) => swap::retire(&old, &self.place.target, swap::Newer::Old)?,
            None => {}
        }
        Ok(published)
    }

    /// Whether the live site holds exactly this file. The size on disk is compared too: after a
    /// power cut the manifest may know of a file whose bytes never arrived.
    fn is_live(&self, path: &str, entry: &Entry) -> bool {
        let live = self.live.as_ref().filter(|live| !live.is_cut);
        let known = live.and_then(|live| live.manifest.files.get(path)) == Some(entry);
        known
            && self
                .place
                .target
                .join(path)
                .symlink_metadata()
                .is_ok_and(|m| m.is_file() && m.len() == entry.size)
    }

    fn write_staged(&self, path: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.place.staging.join(path);
        self.create_folder_of(&path)?;
        std::fs::write(&path, content).map_err(|error| Error::io("write", path, error))
    }

    fn link_unchanged(&self, path: &str) -> Result<(), Error> {
        let staged = self.place.staging.join(path);
        self.create_folder_of(&staged)?;
        swap::link_or_copy(&self.place.target.join(path), &staged)
    }

    fn create_folder_of(&self, path: &Path) -> Result<(), Error> {
        let folder = path.parent().unwrap_or(&self.place.staging);
        if folder == self.place.staging || guard(&self.folders).contains(folder) {
            return Ok(());
        }
        std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        guard(&self.folders).insert(folder.to_owned());
        Ok(())
    }
}

/// The data behind a lock; a thread that panicked left nothing half-done in it.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
