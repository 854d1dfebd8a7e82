//! [`Site`] → a tantivy index → hits.
//!
//! In: the site, then a query as typed or pasted. Out: pages in the order that `README.md` in this
//! folder specifies, each with the section that fits and a snippet. Nobody's query reaches tantivy's
//! own grammar. Not here: printing hits (`cli`).

pub mod document;
pub mod eval;
mod export;
mod file;
mod index;
mod lexicon;
mod paste;
mod plan;
pub mod queries;
pub mod query;
mod rank;
mod snippet;
pub mod states;
pub mod tokens;

use std::path::Path;
use std::sync::Mutex;

use serde::Serialize;
use tantivy::Term;

use crate::error::Error;
use crate::model::Site;
use document::{Document, content_hash};
pub use export::ExportedFile;
use index::{Fault, Reader};
use plan::Plan;
use query::Query;
use rank::{idf, rank};
use snippet::Sought;
use tokens::Analyzer;

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
    /// Who owns the page, for people: the name in `owners.yaml` where there is one.
    #[serde(skip)]
    pub owners: Vec<String>,
    /// State of the page when it was last judged; `None` if nobody knows.
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

/// An answer in Docent's own JSON, at a terminal and over HTTP.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    schema: u32,
    query: &'a str,
    corrected: Option<&'a str>,
    total: usize,
    took_ms: f64,
    hits: &'a [Hit],
}

impl<'a> Answer<'a> {
    /// The answer that these results make.
    pub fn of(results: &'a Results, took: std::time::Duration) -> Self {
        Self {
            schema: 1,
            query: &results.query,
            corrected: results.corrected.as_deref(),
            total: results.total,
            took_ms: (took.as_secs_f64() * 1e5).round() / 1e2,
            hits: &results.hits,
        }
    }
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// At most so many hits.
    pub limit: usize,
    /// The last word may be the beginning of one: somebody is typing.
    pub prefix: bool,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { limit: 10, prefix: false }
    }
}

/// An index that can be searched. It is held in memory: what happens to its file meanwhile does not
/// matter.
pub struct Index {
    reader: Reader,
    /// Those that no search uses now; each remembers stems.
    analyzers: Mutex<Vec<Analyzer>>,
}

impl From<Reader> for Index {
    fn from(reader: Reader) -> Self {
        Self { reader, analyzers: Mutex::default() }
    }
}

impl Index {
    /// Builds the index of a site in `dir`, unless the one there was made of the same content by the
    /// same version. Returns the number of documents in it.
    pub fn build(site: &Site, dir: &Path) -> Result<usize, Error> {
        let content = content_hash(site);
        let is_current = || file::content(dir) == Some(content);
        if is_current() {
            return Ok(site.pages.len());
        }
        let lock = file::lock(dir)?;
        // Another process may have built it while this one waited.
        if !is_current() {
            let document = |id: usize| Document::of(site, &site.pages[id]);
            let blobs = index::build(site.pages.len(), &document, &site.config.language);
            lock.write(content, &blobs.map_err(|fault| not_made(&*fault))?)?;
        }
        Ok(site.pages.len())
    }

    /// Opens the index in `dir`. A missing, foreign, cut or changed one is `Ok(None)`: build it anew.
    pub fn open(dir: &Path) -> Result<Option<Self>, Error> {
        let reader = file::read(dir).and_then(|blobs| Reader::open(blobs).ok());
        Ok(reader.map(Self::from))
    }

    /// An index in memory only. The documents must be in the order of their paths.
    pub fn of(documents: &[Document], language: &str) -> Result<Self, Error> {
        let build = || {
            let document = |id: usize| documents[id].clone();
            Reader::open(index::build(documents.len(), &document, language)?)
        };
        build().map(Self::from).map_err(|fault| not_made(&*fault))
    }

    /// Says how far each document can be trusted, in their order; an empty text where nobody knows.
    #[must_use]
    pub fn with_states(mut self, states: Vec<String>) -> Self {
        self.reader.states = states;
        self
    }

    /// The paths of the documents, in their order.
    pub fn paths(&self) -> &[String] {
        &self.reader.paths
    }

    /// The files that the search in a browser reads; the same for the same index and states.
    pub fn export(&self) -> Result<Vec<ExportedFile>, Error> {
        export::export(&self.reader).map_err(|fault| not_made(&*fault))
    }

    /// How many documents it holds.
    pub fn documents(&self) -> usize {
        self.reader.len()
    }

    /// How many words and tags were too long to be indexed.
    pub fn skipped(&self) -> usize {
        self.reader.skipped
    }

    /// Searches for what was typed or pasted.
    pub fn search(&self, query: &str, limit: usize) -> Results {
        self.search_with(query, SearchOptions { limit, ..SearchOptions::default() })
    }

    /// Searches.
    pub fn search_with(&self, query: &str, options: SearchOptions) -> Results {
        // The index was verified when it was read, so this is a fault of the program, and an
        // answer with a note is worth more than none.
        self.find(query, options).unwrap_or_else(|fault| Results {
            query: query.to_owned(),
            notes: vec![format!("the search index cannot be read: {fault}")],
            ..Results::default()
        })
    }

    fn find(&self, text: &str, options: SearchOptions) -> Result<Results, Fault> {
        let idle = self.analyzers.lock().ok().and_then(|mut idle| idle.pop());
        let mut analyzer = idle.unwrap_or_else(|| Analyzer::new(&self.reader.language));
        let plan = Plan::new(text, Query::parse(text, options.prefix), &self.reader, &mut analyzer);
        let ranking = rank(&self.reader, &plan, options.limit)?;
        let sought = Sought::new(&plan, |term| self.rarity(term));
        let mut hits = Vec::new();
        for (index, (id, score)) in ranking.best.iter().enumerate() {
            let document = self.reader.document(*id)?;
            let shown = sought.show(&document, &mut analyzer);
            let fragment = shown.section.map(|section| format!("#{}", section.id)).unwrap_or_default();
            hits.push(Hit {
                rank: index + 1,
                score: *score,
                url: format!("{}{fragment}", document.url),
                heading: shown.section.map(|section| section.heading.clone()),
                snippet: shown.snippet,
                path: document.path,
                title: document.title,
                kind: document.kind,
                owners: if document.owner_names.is_empty() { document.owners } else { document.owner_names },
                freshness: Some(self.reader.state(*id as usize))
                    .filter(|state| !state.is_empty())
                    .map(str::to_owned),
            });
        }
        if let Ok(mut idle) = self.analyzers.lock() {
            idle.push(analyzer);
        }
        let notes = plan.notes.into_iter().chain(ranking.notes).collect();
        Ok(Results { query: text.to_owned(), corrected: plan.corrected, total: ranking.total, hits, notes })
    }

    /// How well a term tells pages apart: its idf in the field where most pages hold it.
    fn rarity(&self, term: &str) -> f32 {
        let count = |text: &index::TextField| {
            text.inverted.doc_freq(&Term::from_field_text(text.field, term)).unwrap_or_default()
        };
        let pages = self.reader.texts.iter().map(count).max().unwrap_or_default();
        idf(self.reader.len(), pages as usize)
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("documents", &self.documents()).finish_non_exhaustive()
    }
}

fn not_made(fault: &(dyn std::error::Error + Send + Sync)) -> Error {
    Error::Internal(format!("the search index cannot be made: {fault}"))
}
