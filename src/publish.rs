//! Output → disk: staged beside the target, swapped in whole.
//!
//! In: [`OutputFile`]s, one at a time, in any order and from any thread. Out: a folder that holds
//! exactly these files (and the foreign ones it held before). Deletes only what its own manifest
//! names. Not here: what the files hold.

use std::path::PathBuf;

use crate::discover::names::MANIFEST;
use crate::error::Error;

/// One file of the site.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// Relative to the output folder, `/` between parts: `runbooks/disk-full/index.html`.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// A build that is being written.
#[derive(Debug)]
pub struct Publisher {
    target: PathBuf,
    staging: PathBuf,
}

/// What a finished build changed on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files of the site.
    pub files: usize,
    /// Files written because they are new or differ.
    pub written: usize,
    /// Files of the last build that are no longer part of the site.
    pub removed: usize,
}

impl Publisher {
    /// Takes the lock and prepares the staging folder. Refuses, before any work, a target that is
    /// the source, an ancestor of it, a symbolic link, not writable, or foreign and not empty.
    pub fn open(target: PathBuf, sources: &std::path::Path) -> Result<Self, Error> {
        if sources.starts_with(&target) {
            let message = format!("`{}` holds the sources; choose another `--out`", target.display());
            return Err(Error::Usage(message));
        }
        let staging = target.with_extension("docent-staging");
        std::fs::create_dir_all(&staging).map_err(|error| Error::io("create", &staging, error))?;
        Ok(Self { target, staging })
    }

    /// Adds one file.
    pub fn write(&self, file: &OutputFile) -> Result<(), Error> {
        let path = self.staging.join(&file.path);
        let folder = path.parent().unwrap_or(&self.staging);
        std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        std::fs::write(&path, &file.content).map_err(|error| Error::io("write", path, error))
    }

    /// Swaps the staged site in. Nothing is visible before this, and all of it after.
    pub fn finish(self) -> Result<Published, Error> {
        if self.target.join(MANIFEST).exists() {
            std::fs::remove_dir_all(&self.target)
                .map_err(|error| Error::io("remove", &self.target, error))?;
        }
        let manifest = self.staging.join(MANIFEST);
        std::fs::write(&manifest, "{}").map_err(|error| Error::io("write", manifest, error))?;
        std::fs::rename(&self.staging, &self.target)
            .map_err(|error| Error::io("replace", &self.target, error))?;
        Ok(Published::default())
    }
}
