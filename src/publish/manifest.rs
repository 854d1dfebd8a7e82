//! The list of what a build wrote, kept in the output folder.
//!
//! In: paths with hash and size. Out: the same, read back. It is the only licence to delete: what it
//! does not name is not ours. Not here: what is done with it (`swap`).

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use crate::discover::names::MANIFEST;
use crate::error::Error;

/// Longest path of an output file in characters; longer ones fail on some systems.
const MAX_PATH: usize = 240;

/// What a build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// By path relative to the output folder.
    pub files: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Bytes.
    pub size: u64,
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    schema: u32,
    files: BTreeMap<String, Entry>,
}

const SCHEMA: u32 = 1;
/// How every list begins.
const HEAD: &[u8] = b"{\"schema\":1,\"files\":{";

/// Whether these are the bytes of a `build.json`.
fn is_build_facts(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Facts {
        #[serde(rename = "schema")]
        _schema: u32,
        #[serde(rename = "build_id")]
        _build_id: String,
    }
    serde_json::from_slice::<Facts>(bytes).is_ok()
}

impl Manifest {
    /// Reads the manifest of an output folder. `None`: there is none. An empty one names nothing; so
    /// a folder can be given to Docent by hand.
    pub fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(MANIFEST);
        #[expect(clippy::disallowed_methods, reason = "the output folder is this room's own")]
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path, error)),
        };
        if bytes.is_empty() && Self::read_cut(folder).is_none() {
            return Ok(Some(Self::default()));
        }
        let damaged = || {
            let (path, folder) = (path.display(), folder.display());
            Error::Usage(format!(
                "`{path}` is damaged, so it is not known which files are Docent's; empty `{folder}` to build anew"
            ))
        };
        let read: OnDisk = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        // It comes from disk, where anyone may have put it: no path may lead out.
        if read.schema != SCHEMA || read.files.keys().any(|path| check_path(path).is_err()) {
            return Err(damaged());
        }
        Ok(Some(Self { files: read.files }))
    }

    /// What is left of a list that was cut off, as by a power cut: the files that it still names.
    /// `None` if nothing shows that it was Docent's.
    pub fn read_cut(folder: &Path) -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the output folder is this room's own")]
        let read = |name: &str| std::fs::read(folder.join(name)).ok();
        let bytes = read(MANIFEST)?;
        let whole = serde_json::from_slice::<OnDisk>(&bytes).is_ok();
        let begins = !bytes.is_empty() && (bytes.starts_with(HEAD) || HEAD.starts_with(&bytes));
        if whole || !(begins || read("build.json").is_some_and(|facts| is_build_facts(&facts))) {
            return None;
        }
        // A quote in a name is escaped, so this stands between two entries only.
        let text = String::from_utf8_lossy(&bytes);
        let named = text.rfind("},\"").map(|at| format!("{}}}}}", &text[..=at]));
        let named = named.and_then(|text| serde_json::from_str::<OnDisk>(&text).ok());
        let mut files = named.map(|named| named.files).unwrap_or_default();
        files.retain(|path, _| check_path(path).is_ok());
        Some(Self { files })
    }

    /// Writes it and waits until it is on the disk. It appears whole or not at all: an empty or cut
    /// one would make strangers of the files that stand beside it.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(MANIFEST);
        let save = || -> std::io::Result<()> {
            let content = serde_json::to_vec(&OnDisk { schema: SCHEMA, files: self.files.clone() })?;
            let unfinished = path.with_extension("unfinished");
            let mut file = std::fs::File::create(&unfinished)?;
            file.write_all(&content)?;
            file.sync_all()?;
            std::fs::rename(&unfinished, &path)
        };
        save().map_err(|error| Error::io("write", &path, error))
    }

    /// Whether some file of it stands below this folder.
    pub fn has_folder(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        self.files.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below))
    }
}

/// Whether a path may be written: relative, plain, of bearable length, and not the manifest.
pub fn check_path(path: &str) -> Result<(), &'static str> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let same = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if !plain || !same || path.contains(['\\', '\0']) {
        Err("the path does not stay inside the output folder")
    } else if path.chars().count() > MAX_PATH {
        Err("the path has more than 240 characters")
    } else if path == MANIFEST {
        Err("the path is that of Docent's own list of files")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_inside_the_folder_are_accepted() {
        for path in ["a", "a/b.html", "ä/ö.html", ".well-known/x", &"x".repeat(240)] {
            assert!(check_path(path).is_ok(), "{path}");
        }
        for path in
            ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\0b", MANIFEST, &"x".repeat(241)]
        {
            assert!(check_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_manifest_with_a_path_that_leads_out_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        for text in
            ["{", "[]", r#"{"schema":2,"files":{}}"#, r#"{"schema":1,"files":{"../x":{"hash":"","size":0}}}"#]
        {
            std::fs::write(dir.path().join(MANIFEST), text).unwrap();
            assert!(matches!(Manifest::read(dir.path()), Err(Error::Usage(_))), "{text}");
        }
        std::fs::write(dir.path().join(MANIFEST), "").unwrap();
        assert_eq!(Manifest::read(dir.path()).unwrap(), Some(Manifest::default()));
    }

    #[test]
    fn what_a_cut_list_still_names_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let entry = Entry { hash: "x".into(), size: 1 };
        let files = ["a", "b},\"", "c"].map(|path| (path.to_owned(), entry.clone()));
        let manifest = Manifest { files: files.into() };
        manifest.write(dir.path()).unwrap();
        let whole = serde_json::to_vec(&OnDisk { schema: SCHEMA, files: manifest.files }).unwrap();
        assert_eq!(Manifest::read_cut(dir.path()), None, "it is whole");
        // An entry counts once the next one begins.
        let text = String::from_utf8(whole.clone()).unwrap();
        let ends: Vec<usize> = text.match_indices("1},\"").map(|(at, found)| at + found.len()).collect();
        assert_eq!(ends.len(), 2);
        for length in 1..whole.len() {
            std::fs::write(dir.path().join(MANIFEST), &whole[..length]).unwrap();
            let cut = Manifest::read_cut(dir.path()).unwrap();
            assert!(
                cut.files
                    .iter()
                    .all(|(path, it)| ["a", "b},\"", "c"].contains(&path.as_str()) && *it == entry)
            );
            assert_eq!(cut.files.len(), ends.iter().filter(|end| **end <= length).count(), "{length}");
        }
        for other in ["", "\0\0\0", "[]", "{\"files\":"] {
            std::fs::write(dir.path().join(MANIFEST), other).unwrap();
            assert_eq!(Manifest::read_cut(dir.path()), None, "{other}");
        }
        std::fs::write(dir.path().join("build.json"), r#"{"schema":1,"build_id":"x"}"#).unwrap();
        for other in ["", "\0\0\0"] {
            std::fs::write(dir.path().join(MANIFEST), other).unwrap();
            assert_eq!(Manifest::read_cut(dir.path()), Some(Manifest::default()), "{other}");
        }
    }

    #[test]
    fn folders_are_known_by_the_files_below_them() {
        let entry = Entry { hash: String::new(), size: 0 };
        let files = ["a/b/c.html", "ab.html"].map(|path| (path.to_owned(), entry.clone()));
        let manifest = Manifest { files: files.into() };
        assert!(manifest.has_folder("a") && manifest.has_folder("a/b"));
        assert!(!manifest.has_folder("ab") && !manifest.has_folder("a/b/c") && !manifest.has_folder("b"));
    }
}
