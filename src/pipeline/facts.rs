//! What a build says of itself, and what must agree before it is published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// `build.json`: what was built; nothing that differs between two builds of the same sources.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BuildFacts {
    /// Version of this file's meaning.
    pub schema: u32,
    /// Hash of everything that went in.
    pub build_id: String,
    /// `SOURCE_DATE_EPOCH` or the revision's date, RFC 3339; `None` if neither is known.
    pub built: Option<String>,
    /// The commit.
    pub source_revision: Option<String>,
    /// Pages of the content directory.
    pub pages: usize,
    /// Pages that search knows.
    pub search_documents: usize,
    /// Files of the site, this one and the list for keeping it included.
    pub files: usize,
    /// Pages per kind.
    pub kinds: BTreeMap<String, usize>,
}

/// A page that went in and did not come out is our fault, and must never be found out by a reader.
pub(super) fn refuse_lost_pages(
    facts: &BuildFacts,
    rendered: usize,
    addresses: usize,
    expected_addresses: usize,
) -> Result<(), Error> {
    if facts.pages == rendered && addresses == expected_addresses && facts.pages == facts.search_documents {
        return Ok(());
    }
    Err(Error::Internal(format!(
        "{} pages were read, {rendered} rendered and {} indexed, and {addresses} of {expected_addresses} \
         addresses written; these must agree, so nothing was published",
        facts.pages, facts.search_documents
    )))
}
