//! The exchange of the staged site for the live one, and what comes before and after.
//!
//! In: a [`Place`] whose staging folder is complete. Out: the new site live, files of others still
//! in it, the old site gone. Every step can be the last one: [`recover`] goes on from any of them.
//! Not here: what the site holds.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::target::Place;
use crate::discover::names::MANIFEST;
use crate::error::Error;

/// Whose version of a file of others counts when the old and the live site have different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// The exchange was just now: what changed in the old site changed last.
    Old,
    /// The exchange may be long ago.
    Live,
}

/// Clears up after builds that were killed.
pub fn recover(place: &Place) -> Result<(), Error> {
    if place.retired.symlink_metadata().is_ok() {
        if place.target.symlink_metadata().is_ok() {
            retire(&place.retired, &place.target, Newer::Live)?;
        } else {
            // Killed between the two renames of a system without an exchange.
            rename(&place.retired, &place.target)?;
        }
    }
    if place.staging.symlink_metadata().is_err() {
        return Ok(());
    }
    // The manifest is written last. Without it, nothing but our own files and second links to
    // others' stands there.
    match Manifest::read(&place.staging) {
        Ok(Some(_)) if place.target.symlink_metadata().is_ok() => {
            retire(&place.staging, &place.target, Newer::Live)
        }
        _ => std::fs::remove_dir_all(&place.staging)
            .map_err(|error| Error::io("remove", &place.staging, error)),
    }
}

/// Gives the staged site the files in the live one that no build made (`CNAME`, `.git`), as second
/// links to the same files, and the live folder's permissions.
pub fn carry_foreign(place: &Place, live: Option<&Manifest>, new: &Manifest) -> Result<(), Error> {
    let Ok(metadata) = place.target.metadata() else { return Ok(()) };
    std::fs::set_permissions(&place.staging, metadata.permissions())
        .map_err(|error| Error::io("create", &place.staging, error))?;
    let nothing = Manifest::default();
    let live = live.unwrap_or(&nothing);
    for entry in list(&place.target)? {
        let Listed { path, metadata } = entry;
        if path == MANIFEST || live.files.contains_key(&path) {
            continue;
        }
        let (from, to) = (place.target.join(&path), place.staging.join(&path));
        if metadata.is_dir() {
            if live.has_folder(&path) || new.has_folder(&path) {
                continue;
            }
            if !new.files.contains_key(&path) {
                create_like(&to, &metadata)?;
                continue;
            }
        } else if !new.files.contains_key(&path) && !new.has_folder(&path) {
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
            }
            link_or_copy(&from, &to)?;
            continue;
        }
        return Err(Error::Usage(format!(
            "`{}` was not made by Docent, and the site has a file of that name; move it away first",
            from.display()
        )));
    }
    Ok(())
}

/// Makes the staged site the live one. Gives back where the old one is now, if there was one.
pub fn swap_in(place: &Place) -> Result<Option<PathBuf>, Error> {
    sync_folder(&place.staging);
    let old = if place.target.symlink_metadata().is_err() {
        rename(&place.staging, &place.target)?;
        None
    } else if exchange(&place.staging, &place.target)? {
        Some(place.staging.clone())
    } else {
        rename(&place.target, &place.retired)?;
        if let Err(error) = rename(&place.staging, &place.target) {
            rename(&place.retired, &place.target)?;
            return Err(error);
        }
        Some(place.retired.clone())
    };
    if let Some(parent) = place.target.parent() {
        sync_folder(parent);
    }
    Ok(old)
}

/// Clears a site away that is no longer live: removes what its manifest names, and second links to
/// what the live site has too. Anything else belongs to others and moves to the live site.
pub fn retire(old: &Path, live: &Path, newer: Newer) -> Result<(), Error> {
    let manifest = Manifest::read(old)?.unwrap_or_default();
    let listed = list(old)?;
    let mut folders = Vec::new();
    for Listed { path, metadata } in listed {
        let (from, to) = (old.join(&path), live.join(&path));
        if metadata.is_dir() {
            folders.push(path);
        } else if path == MANIFEST {
            // Last, so that this can go on after a kill.
        } else if manifest.files.contains_key(&path) || is_kept(&metadata, &to, newer) {
            std::fs::remove_file(&from).map_err(|error| Error::io("remove", &from, error))?;
        } else {
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
            }
            rename(&from, &to)?;
        }
    }
    for folder in folders.iter().rev().map(|folder| old.join(folder)) {
        std::fs::remove_dir(&folder).map_err(|error| Error::io("remove", &folder, error))?;
    }
    let manifest = old.join(MANIFEST);
    match std::fs::remove_file(&manifest) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Error::io("remove", manifest, error));
        }
        _ => {}
    }
    std::fs::remove_dir(old).map_err(|error| Error::io("remove", old, error))
}

/// A second link to a file; a copy where the system has none.
pub fn link_or_copy(from: &Path, to: &Path) -> Result<(), Error> {
    if std::fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let metadata = from.symlink_metadata().map_err(|error| Error::io("read", from, error))?;
    #[cfg(unix)]
    if metadata.is_symlink() {
        let link = std::fs::read_link(from).map_err(|error| Error::io("read", from, error))?;
        return std::os::unix::fs::symlink(link, to).map_err(|error| Error::io("create", to, error));
    }
    if !metadata.is_file() {
        let special = std::io::Error::other("it is neither a file nor a folder");
        return Err(Error::io("copy", from, special));
    }
    std::fs::copy(from, to).map(drop).map_err(|error| Error::io("copy", from, error))
}

/// Whether the live site has the file, so that this one may go.
fn is_kept(old: &Metadata, live: &Path, newer: Newer) -> bool {
    match live.symlink_metadata() {
        Err(_) => false,
        Ok(live) => newer == Newer::Live || is_same(old, &live),
    }
}

fn is_same(a: &Metadata, b: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (a.dev(), a.ino()) == (b.dev(), b.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = (a, b);
        false
    }
}

/// Something below a folder.
struct Listed {
    /// Relative to the folder, `/` between parts.
    path: String,
    metadata: Metadata,
}

/// Everything below a folder, sorted, each folder before what is in it. Links are not followed.
fn list(folder: &Path) -> Result<Vec<Listed>, Error> {
    let mut all = Vec::new();
    let mut waiting = BTreeSet::from([String::new()]);
    while let Some(at) = waiting.pop_first() {
        let here = folder.join(&at);
        let io = |error| Error::io("read", &here, error);
        for entry in here.read_dir().map_err(io)? {
            let entry = entry.map_err(io)?;
            let metadata = entry.metadata().map_err(io)?;
            let Ok(name) = entry.file_name().into_string() else {
                let strange = std::io::Error::other("a file in it has a name that is not UTF-8");
                return Err(io(strange));
            };
            let path = if at.is_empty() { name } else { format!("{at}/{name}") };
            if metadata.is_dir() {
                waiting.insert(path.clone());
            }
            all.push(Listed { path, metadata });
        }
    }
    all.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

fn create_like(folder: &Path, metadata: &Metadata) -> Result<(), Error> {
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::set_permissions(folder, metadata.permissions()))
        .map_err(|error| Error::io("create", folder, error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(|error| Error::io("replace", to, error))
}

/// Exchanges two folders in one step; false where the system cannot.
fn exchange(a: &Path, b: &Path) -> Result<bool, Error> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => Ok(false),
            Err(error) => Err(Error::io("replace", b, error.into())),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (a, b);
        Ok(false)
    }
}

/// Asks for a folder's entries to be on the disk. Not every system can; the manifest shows what
/// did not arrive.
fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = std::fs::OpenOptions::new().read(true).open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}
