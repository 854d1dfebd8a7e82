//! `offline.json`: all files of a site with their sizes, for readers who keep it for use without a network.
//!
//! In: what was written. Out: the file that the theme's `worker.js` reads, first to say how much there is to keep, and
//! again at the end: only a copy whose files are all of one build is ever shown.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Error;
use crate::model::Site;
use crate::model::urls::output_path;
use crate::publish::{OutputFile, Publisher};

/// The name of the file.
const PATH: &str = "offline.json";
/// Bytes of a file's hash that are written; two files of one path differ in them.
const HASH: usize = 16;

#[derive(Serialize)]
struct Kept<'b> {
    schema: u32,
    build: &'b str,
    built: &'b str,
    /// Folders that can be kept alone: path, title.
    sections: Vec<(String, &'b str)>,
    /// Path → bytes and hash.
    files: BTreeMap<String, (u64, String)>,
}

/// Writes the list of what `publisher` was given; nothing may be written after it but `build.json`.
pub(super) fn write(site: &Site, id: &str, built: &str, publisher: &Publisher) -> Result<(), Error> {
    let root = site.sections.iter().position(|section| section.parent.is_none());
    let top = site.sections.iter().filter(|section| section.parent.is_some() && section.parent == root);
    let sections = top
        .map(|section| {
            let path = output_path(&section.url);
            (path.strip_suffix("index.html").unwrap_or(&path).to_owned(), section.title.as_str())
        })
        .filter(|(path, _)| path.ends_with('/'))
        .collect();
    let files = publisher.written().into_iter().map(|(path, hash, size)| {
        let hash = hash.get(..HASH).unwrap_or(&hash).to_owned();
        (path, (size, hash))
    });
    let kept = Kept { schema: 1, build: id, built, sections, files: files.collect() };
    let content = serde_json::to_vec(&kept).map_err(|error| Error::Internal(error.to_string()))?;
    publisher.write(&OutputFile { path: PATH.to_owned(), content })
}
