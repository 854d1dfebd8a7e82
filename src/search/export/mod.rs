//! An index → the files that the search in a browser reads.
//!
//! In: the [`Reader`] of an index. Out: files below `s/<hash>/` and `search.json` that names the
//! folder. `README.md` in this folder specifies every byte. Not here: what they are searched with,
//! which is JavaScript (`themes/default/static/search/`).

mod bytes;
mod terms;
mod words;

use std::collections::BTreeMap;

use base64::Engine as _;
use rayon::prelude::*;
use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::document::Document;
use super::index::{Fault, Reader};
use super::tokens::Analyzer;
use bytes::{Shards, checksum, deflate};
use terms::Facts;

/// Changes whenever the bytes or the meaning of the files change.
const VERSION: u32 = 1;

/// Pages described in one file.
const PAGES_A_FILE: usize = 8;

/// One file, relative to the root of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// `s/<hash>/t/0`.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

impl ExportedFile {
    /// The file as a script that hands its bytes over, for browsers that fetch nothing from disk.
    #[must_use]
    pub fn into_script(self) -> Self {
        let bytes = base64::engine::general_purpose::STANDARD.encode(&self.content);
        let content = format!("docentFile(\"{}\",\"{bytes}\");\n", self.path).into_bytes();
        Self { path: format!("{}.js", self.path), content }
    }
}

/// What `search.json` says.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    schema: u32,
    /// The folder of the files, relative to the root of the site.
    folder: &'a str,
    documents: usize,
    /// Whether the file `n` has the lengths of the bodies.
    lengths: bool,
}

/// What `root` says.
#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    documents: usize,
    language: &'a str,
    /// Bits of the mean lengths of the fields.
    averages: Vec<u32>,
    pages_a_file: usize,
    tables: BTreeMap<&'a str, &'a [String]>,
}

/// A page without its text.
#[derive(Serialize)]
struct Row<'a>(&'a str, &'a str, &'a str, &'a str, &'a [String], &'a str);

/// A page's text: description, then heading, id and text of each section.
#[derive(Serialize)]
struct Text<'a>(&'a str, Vec<(&'a str, &'a str, &'a str)>);

/// A file before it has the header: path below the folder, body compressed, checksum of the body.
type Packed = (String, Vec<u8>, u32);

/// All files of an index.
pub fn export(reader: &Reader) -> Result<Vec<ExportedFile>, Fault> {
    let mut analyzer = Analyzer::new(&reader.language);
    let of_words: Vec<String> = reader
        .lexicon
        .iter()
        .map(|known| {
            let mut term = String::new();
            analyzer.stem(known.word, &mut term);
            term
        })
        .collect();
    let (of_terms, of_pages) = facts(reader)?;
    // The client has the algorithm for English, and learns the forms of others from here.
    let surfaces = (!is_english(&reader.language)).then(|| surfaces(reader, &of_words));
    let terms = terms::terms(reader, surfaces.as_ref(), &of_terms)?;
    let shard = terms::shard_bytes(reader.len());
    let words = words::words(&reader.lexicon, &of_words, shard);
    let facets = terms::facts(&of_pages, shard);
    let tables =
        [("t", terms.entries), ("z", words.all), ("y", words.rests), ("c", words.beginnings), ("f", facets)];
    let mut bodies = vec![("root".to_owned(), root(reader, &tables)?)];
    bodies.push(("paths".to_owned(), serde_json::to_vec(&reader.paths)?));
    bodies.extend(terms::lengths(reader).map(|lengths| ("n".to_owned(), lengths)));
    for (name, shards) in tables {
        bodies.extend(numbered(name, shards.bodies));
    }
    bodies.extend(numbered("p", terms.positions));
    bodies.extend(numbered("h", terms.heavy));
    bodies.extend(numbered("q", terms.heavy_positions));
    let mut packed: Vec<Packed> = bodies
        .into_par_iter()
        .map(|(path, body)| pack(path, &body))
        .collect::<Result<_, _>>()
        .map_err(|fault| fault.to_string())?;
    packed.extend(pages(reader).map_err(|fault| fault.to_string())?);
    finish(packed, reader.len(), terms::lengths(reader).is_some())
}

fn is_english(language: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

/// The words that have each term.
fn surfaces(reader: &Reader, terms: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut surfaces: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (known, term) in reader.lexicon.iter().zip(terms) {
        surfaces.entry(term.clone()).or_default().push(known.word.to_owned());
    }
    surfaces
}

fn numbered(name: &str, bodies: Vec<Vec<u8>>) -> impl Iterator<Item = (String, Vec<u8>)> {
    let name = name.to_owned();
    bodies.into_iter().enumerate().map(move |(number, body)| (format!("{name}/{number}"), body))
}

fn pack(path: String, body: &[u8]) -> Result<Packed, Fault> {
    Ok((path, deflate(body)?, checksum(body)))
}

fn root(reader: &Reader, tables: &[(&str, Shards)]) -> Result<Vec<u8>, Fault> {
    Ok(serde_json::to_vec(&Root {
        version: VERSION,
        documents: reader.len(),
        language: &reader.language,
        averages: reader.texts.iter().map(|text| text.average.to_bits()).collect(),
        pages_a_file: PAGES_A_FILE,
        tables: tables.iter().map(|(name, shards)| (*name, shards.firsts.as_slice())).collect(),
    })?)
}

/// Descriptions of the pages, some in each file, and the text of each page.
fn pages(reader: &Reader) -> Result<Vec<Packed>, Fault> {
    let starts: Vec<usize> = (0..reader.len()).step_by(PAGES_A_FILE).collect();
    let packed: Result<Vec<Vec<Packed>>, Fault> = starts
        .into_par_iter()
        .map(|start| {
            let ids = start..reader.len().min(start + PAGES_A_FILE);
            let documents: Vec<Document> =
                ids.clone().map(|id| reader.document(id as u32)).collect::<Result<_, Fault>>()?;
            let rows: Vec<Row<'_>> =
                ids.clone().zip(&documents).map(|(id, page)| row(page, reader.state(id))).collect();
            let path = format!("d/{}", start / PAGES_A_FILE);
            let mut packed = vec![pack(path, &serde_json::to_vec(&rows)?)?];
            for (id, document) in ids.zip(&documents) {
                packed.push(pack(format!("x/{id}"), &serde_json::to_vec(&text(document))?)?);
            }
            Ok(packed)
        })
        .collect();
    Ok(packed?.into_iter().flatten().collect())
}

fn row<'a>(document: &'a Document, state: &'a str) -> Row<'a> {
    let Document { url, path, title, kind, owners, owner_names, .. } = document;
    Row(url, path, title, kind, if owner_names.is_empty() { owners } else { owner_names }, state)
}

fn text(document: &Document) -> Text<'_> {
    let sections = document.sections.iter();
    Text(
        &document.description,
        sections.map(|section| (&*section.heading, &*section.id, &*section.text)).collect(),
    )
}

/// Facts that belong to a term, and those that filters ask for.
type AllFacts = (BTreeMap<String, Facts>, BTreeMap<String, Vec<u32>>);

fn facts(reader: &Reader) -> Result<AllFacts, Fault> {
    let (mut of_terms, mut of_pages) = (BTreeMap::<String, Facts>::new(), BTreeMap::new());
    let mut walk = reader.facts.terms().stream()?;
    while walk.advance() {
        let fact = std::str::from_utf8(walk.key())?;
        let mut postings =
            reader.facts.read_postings_from_terminfo(walk.value(), IndexRecordOption::Basic)?;
        let mut documents = Vec::new();
        while postings.doc() != TERMINATED {
            documents.push(postings.doc());
            postings.advance();
        }
        let (key, value) = fact.split_once(':').ok_or("a fact without a key")?;
        match key {
            "defines" => of_terms.entry(value.to_owned()).or_default().defines = documents,
            "answers" => of_terms.entry(value.to_owned()).or_default().answers = documents,
            "title" => {
                if let Some((first, _)) = value.split_once(' ') {
                    let sum = checksum(value.as_bytes());
                    let titles = &mut of_terms.entry(first.to_owned()).or_default().titles;
                    titles.extend(documents.into_iter().map(|id| (id, sum)));
                }
            }
            _ => drop(of_pages.insert(fact.to_owned(), documents)),
        }
    }
    let states = reader.states_known().into_iter();
    of_pages.extend(states.map(|state| (format!("fresh:{state}"), reader.in_state(state))));
    for facts in of_terms.values_mut() {
        facts.titles.sort_unstable();
    }
    Ok((of_terms, of_pages))
}

/// Puts the hash of all into the path and into the header of each.
fn finish(packed: Vec<Packed>, documents: usize, lengths: bool) -> Result<Vec<ExportedFile>, Fault> {
    let mut hasher = blake3::Hasher::new();
    for (path, body, _) in &packed {
        for part in [path.as_bytes(), body] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    let hash = hasher.finalize();
    let folder = format!("s/{}", &hash.to_hex()[..8]);
    let mut files = Vec::with_capacity(packed.len() + 1);
    for (path, body, sum) in packed {
        let mut content = Vec::with_capacity(body.len() + 8);
        content.extend(&hash.as_bytes()[..4]);
        content.extend(sum.to_le_bytes());
        content.extend(body);
        files.push(ExportedFile { path: format!("{folder}/{path}"), content });
    }
    let mut entry = serde_json::to_vec(&Entry { schema: VERSION, folder: &folder, documents, lengths })?;
    entry.push(b'\n');
    files.push(ExportedFile { path: "search.json".to_owned(), content: entry });
    Ok(files)
}
