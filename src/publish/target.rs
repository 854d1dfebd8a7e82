//! Where a build may write, and where not.
//!
//! In: the output folder as named, and the knowledge base. Out: a [`Place`] or a refusal that names
//! the way out, before anything is rendered. Not here: writing.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use crate::error::Error;

/// The output folder and what stands beside it while a build runs. All on one file system, so that
/// a rename is enough.
#[derive(Clone, Debug)]
pub struct Place {
    /// The output folder, absolute; it may not exist yet.
    pub target: PathBuf,
    /// The new site until it is swapped in; after an exchange, the old one.
    pub staging: PathBuf,
    /// The old site where the system cannot exchange folders.
    pub retired: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
}

/// The site that stands there now.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The files that are Docent's.
    pub manifest: Manifest,
    /// The list was cut off: other files may be Docent's too.
    pub is_cut: bool,
}

impl Place {
    /// Judges an output folder. May create the folders above it, and nothing else.
    pub fn find(named: &Path, sources: &Path) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::Usage(format!(
                "cannot build into `{}`: {why}; choose another folder with `--out`",
                named.display()
            ))
        };
        let io = |error| Error::io("use", named, error);
        let mut target = std::path::absolute(named).map_err(io)?;
        if !target
            .components()
            .next_back()
            .is_some_and(|last| matches!(last, std::path::Component::Normal(_)))
        {
            target = target.canonicalize().map_err(io)?;
        }
        // Without a slash at the end, which would lead through a link.
        target = target.components().collect();
        let Some(name) = target.file_name().map(OsStr::to_owned) else {
            return Err(refuse("it is the root of the file system"));
        };
        let parent = target.parent().unwrap_or(Path::new("/")).to_owned();
        std::fs::create_dir_all(&parent).map_err(|error| Error::io("create", &parent, error))?;
        let parent = parent.canonicalize().map_err(io)?;
        let target = parent.join(&name);
        if let Ok(metadata) = target.symlink_metadata() {
            if metadata.is_symlink() {
                return Err(refuse("it is a symbolic link; name the folder it leads to"));
            }
            if !metadata.is_dir() {
                return Err(refuse("it is a file"));
            }
            if is_mount_point(&target, &parent) {
                let inside =
                    "a file system is mounted there, and a site can only be swapped in whole inside it";
                return Err(refuse(inside));
            }
        }
        let sources = sources.canonicalize().map_err(|error| Error::io("read", sources, error))?;
        if sources.starts_with(&target) {
            return Err(refuse("it is or holds the knowledge base"));
        }
        if let Some(home) = std::env::home_dir().and_then(|home| home.canonicalize().ok())
            && home.starts_with(&target)
        {
            return Err(refuse("it is or holds your home folder"));
        }
        #[cfg(unix)]
        if target.exists() {
            use rustix::fs::Access;
            rustix::fs::access(&target, Access::WRITE_OK | Access::EXEC_OK)
                .map_err(|error| Error::io("write to", &target, error.into()))?;
        }
        let beside = |what: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(&name);
            hidden.push(what);
            parent.join(hidden)
        };
        let [staging, retired, lock] = [".docent-staging", ".docent-old", ".docent-lock"].map(beside);
        Ok(Self { target, staging, retired, lock })
    }

    /// Reads the manifest of the live site. Refuses a folder with files of others only.
    pub fn read_live(&self) -> Result<Option<Live>, Error> {
        let io = |error| Error::io("read", &self.target, error);
        let mut first = None;
        match self.target.read_dir() {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(io)?.file_name();
                    // `.git` and the like stay where they are; a folder with nothing else is empty.
                    if !name.as_encoded_bytes().starts_with(b".")
                        && first.as_ref().is_none_or(|first| name < *first)
                    {
                        first = Some(name);
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        }
        if let Some(manifest) = Manifest::read_cut(&self.target) {
            return Ok(Some(Live { manifest, is_cut: true }));
        }
        match (Manifest::read(&self.target)?, first) {
            (None, Some(first)) => Err(Error::Usage(format!(
                "cannot build into `{}`: it is not empty, and Docent did not make what is in it (`{}`); \
                 empty it, or choose another folder with `--out`",
                self.target.display(),
                first.to_string_lossy().escape_debug(),
            ))),
            (manifest, _) => Ok(manifest.map(|manifest| Live { manifest, is_cut: false })),
        }
    }
}

fn is_mount_point(target: &Path, parent: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| path.metadata().ok().map(|metadata| metadata.dev());
        device(target) != device(parent)
    }
    #[cfg(not(unix))]
    {
        let _ = (target, parent);
        false
    }
}
