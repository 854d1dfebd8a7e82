//! The exchange of the staged site for the live one, and what comes before and after.
//!
//! In: a [`Place`] whose staging folder is complete. Out: the new site live, files of others still
//! in it, the old site gone. Every step can be the last one: [`recover`] goes on from any of them.
//! Not here: what the site holds.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::target::{Live, Place};
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

/// Most sites that are kept beside one.
const MAX_KEPT: u32 = 1_000;

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
        Err(_) if place.target.symlink_metadata().is_ok() => {
            set_aside(&place.staging, &place.target).map(drop)
        }
        _ => std::fs::remove_dir_all(&place.staging)
            .map_err(|error| Error::io("remove", &place.staging, error)),
    }
}

/// Gives the staged site the files in the live one that no build made (`CNAME`, `.git`), as second
/// links to the same files, and the live folder's permissions. One that is in the way of the site is
/// an error, or left behind where the live folder will be kept ([`set_aside`]).
pub fn carry_foreign(place: &Place, live: Option<&Live>, new: &Manifest) -> Result<(), Error> {
    let Ok(metadata) = place.target.metadata() else { return Ok(()) };
    std::fs::set_permissions(&place.staging, metadata.permissions())
        .map_err(|error| Error::io("create", &place.staging, error))?;
    let nothing = Live::default();
    let live = live.unwrap_or(&nothing);
    let mut left_behind: Option<PathBuf> = None;
    for entry in list(&place.target)? {
        if left_behind.as_ref().is_some_and(|folder| entry.path.starts_with(folder)) {
            continue;
        }
        let (name, Listed { path, metadata }) = (entry.name(), entry);
        let name = name.as_deref();
        let is = |test: &dyn Fn(&str) -> bool| name.is_some_and(test);
        if is(&|name| name == MANIFEST || live.manifest.files.contains_key(name)) {
            continue;
        }
        let (from, to) = (place.target.join(&path), place.staging.join(&path));
        let in_the_way = is(&|name| new.files.contains_key(name));
        if metadata.is_dir() {
            if is(&|name| live.manifest.has_folder(name) || new.has_folder(name)) {
                continue;
            }
            if !in_the_way {
                create_like(&to, &metadata)?;
                continue;
            }
        } else if !in_the_way && !is(&|name| new.has_folder(name)) {
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
            }
            link_or_copy(&from, &to)?;
            continue;
        }
        if !live.is_cut {
            return Err(Error::Usage(format!(
                "`{}` was not made by Docent, and the site has a file of that name; move it away first",
                from.display()
            )));
        }
        left_behind = Some(path);
    }
    Ok(())
}

/// Keeps a site whose list of files is damaged: it may hold files of others, and nobody knows which.
/// Gives back where it is now, beside the live site.
pub fn set_aside(old: &Path, live: &Path) -> Result<PathBuf, Error> {
    let name = live.file_name().unwrap_or_default();
    let beside = |number: u32| {
        let mut kept = name.to_owned();
        kept.push(if number == 1 { ".damaged".to_owned() } else { format!(".damaged-{number}") });
        live.with_file_name(kept)
    };
    let free = (1..=MAX_KEPT).map(beside).find(|path| path.symlink_metadata().is_err());
    let Some(kept) = free else {
        let many = format!("{MAX_KEPT} damaged sites are kept beside `{}`; delete them", live.display());
        return Err(Error::Usage(many));
    };
    rename(old, &kept)?;
    Ok(kept)
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
    for entry in listed {
        let name = entry.name();
        let Listed { path, metadata } = entry;
        let (from, to) = (old.join(&path), live.join(&path));
        let is_ours = name.is_some_and(|name| manifest.files.contains_key(&name));
        if metadata.is_dir() {
            folders.push(path);
        } else if path == Path::new(MANIFEST) {
            // Last, so that this can go on after a kill.
        } else if is_ours || is_kept(&metadata, &to, newer) {
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
    /// Relative to the folder. Files of others may have any name that the system allows.
    path: PathBuf,
    metadata: Metadata,
}

impl Listed {
    /// The path as a manifest writes it; `None` if it is no text, so that no manifest names it.
    fn name(&self) -> Option<String> {
        let parts: Option<Vec<&str>> = self.path.iter().map(OsStr::to_str).collect();
        parts.map(|parts| parts.join("/"))
    }
}

/// Everything below a folder, sorted, each folder before what is in it. Links are not followed.
fn list(folder: &Path) -> Result<Vec<Listed>, Error> {
    let mut all = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(at) = waiting.pop() {
        let here = folder.join(&at);
        let io = |error| Error::io("read", &here, error);
        for entry in here.read_dir().map_err(io)? {
            let entry = entry.map_err(io)?;
            let metadata = entry.metadata().map_err(io)?;
            let path = at.join(entry.file_name());
            if metadata.is_dir() {
                waiting.push(path.clone());
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
