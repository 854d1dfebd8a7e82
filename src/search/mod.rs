//! [`Site`] → a tantivy index → hits.
//!
//! In: the site, then a query as typed or pasted. Out: pages in the order of `search.md`, each with
//! the section that fits and a snippet. Nobody's query reaches tantivy's own grammar. Not here:
//! printing hits (`cli`).

use std::path::Path;

use serde::Serialize;

use crate::error::Error;
use crate::model::Site;

/// One page that fits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// From 1.
    pub rank: usize,
    /// The score, comparable within one query.
    pub score: f32,
    /// Address with the fragment of the section that fits.
    pub url: String,
    /// Path of the file, relative to the knowledge base.
    pub path: String,
    /// Title of the page.
    pub title: String,
    /// Text of the heading whose section fits best; `None` for the top of the page.
    pub heading: Option<String>,
    /// Name of the kind.
    pub kind: String,
    /// State of the page; `None` until it is judged.
    pub freshness: Option<String>,
    /// About 160 characters around the words that fit, on one line.
    pub snippet: Snippet,
}

/// Text with the parts that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Plain text.
    pub text: String,
    /// Byte ranges of `text` that fit the query, in order.
    pub marks: Vec<(usize, usize)>,
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Results {
    /// The query as typed.
    pub query: String,
    /// What was searched for instead, if a word was mistyped.
    pub corrected: Option<String>,
    /// How many pages fit.
    pub total: usize,
    /// The best of them.
    pub hits: Vec<Hit>,
    /// What the searcher should be told: a query that was cut, a filter that does not exist.
    pub notes: Vec<String>,
}

/// An index that can be searched.
pub struct Index {
    _private: (),
}

impl Index {
    /// Builds the index of a site in `dir`, unless the one there was made of the same content by the
    /// same version. Returns the number of documents in it.
    pub fn build(site: &Site, dir: &Path) -> Result<usize, Error> {
        let _ = (site, dir);
        Ok(0)
    }

    /// Opens the index in `dir`. A missing, foreign, cut or changed one is `Ok(None)`: build it anew.
    pub fn open(dir: &Path) -> Result<Option<Self>, Error> {
        let _ = dir;
        Ok(None)
    }

    /// Searches.
    pub fn search(&self, query: &str, limit: usize) -> Results {
        let _ = limit;
        Results { query: query.to_owned(), ..Results::default() }
    }
}
