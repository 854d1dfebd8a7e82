//! [`Document`]s → tantivy's files and the lists beside them, and back as a [`Reader`].
//!
//! In: documents in the order of their paths. Out: named blobs for `file` to keep. One segment, so
//! that a document's number is its place in that order. All is built and read in memory: an index
//! is small beside the pages, and one that was read and verified whole cannot change under a query.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Directory, InvertedIndexReader, SegmentReader, SingleSegmentIndexWriter, TantivyDocument};

use super::document::Document;
use super::lexicon::Lexicon;
use super::states::{TRUSTED, is_trusted};
use super::tokens::{Analyzer, MAX_TERM_BYTES, Role, compounds};

/// The searched fields of a document in the order in which their scores are summed, with weights.
pub const FIELDS: [(&str, f32); 5] =
    [("title", 5.0), ("headings", 2.0), ("path", 2.0), ("links", 0.3), ("body", 1.0)];

/// Terms that say something of a page as a whole: `kind:runbook`, `defines:kubepodnotreadi`.
const FACTS: &str = "facts";
/// The document itself, for results.
const RECORD: &str = "record";

const LEXICON: &str = "lexicon";
const PATHS: &str = "paths";
const SETTINGS: &str = "settings";

/// Documents made ready at once; bounds the memory of a build.
const BATCH: usize = 512;

/// tantivy's smallest; a single segment is never flushed early.
const WRITER_BYTES: usize = 64 << 20;

/// What an index consists of: names and bytes.
pub type Blobs = Vec<(String, Vec<u8>)>;

/// Why an index could not be made or read; only a fault of the program or of memory.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Makes an index. `count` documents are asked of `document`, from any thread.
pub fn build(
    count: usize,
    document: &(dyn Fn(usize) -> Document + Sync),
    language: &str,
) -> Result<Blobs, Fault> {
    let (schema, fields) = schema();
    let directory = RamDirectory::create();
    let tokenizers = TokenizerManager::default();
    tokenizers.register(ENCODED, EncodedTokenizer::default());
    let mut writer: SingleSegmentIndexWriter = tantivy::Index::builder()
        .schema(schema)
        .tokenizers(tokenizers)
        .single_segment_index_writer(directory.clone(), WRITER_BYTES)?;
    let mut lists = Lists::default();
    let prepare = |start: usize| -> Vec<Prepared> {
        let range = start..count.min(start + BATCH);
        let analyzer = Analyzer::new(language);
        range
            .into_par_iter()
            .map_with(analyzer, |analyzer, id| Prepared::of(&document(id), analyzer))
            .collect()
    };
    let mut ready = prepare(0);
    for start in (0..count).step_by(BATCH) {
        // One thread writes while the others prepare what comes next.
        let (added, next) = rayon::join(
            || ready.drain(..).try_for_each(|document| document.add(&fields, &mut writer, &mut lists)),
            || prepare(start + BATCH),
        );
        added?;
        ready = next;
    }
    writer.finalize()?;
    let mut blobs = files(&directory)?;
    blobs.push((LEXICON.into(), Lexicon::write(lists.words).into_bytes()));
    blobs.push((PATHS.into(), serde_json::to_vec(&lists.paths)?));
    blobs.push((SETTINGS.into(), format!("{language}\n{}", lists.skipped).into_bytes()));
    Ok(blobs)
}

/// tantivy's files in its directory, sorted by name.
fn files(directory: &RamDirectory) -> Result<Blobs, Fault> {
    let index = tantivy::Index::open(directory.clone())?;
    let mut paths: Vec<PathBuf> = index.directory().list_managed_files().into_iter().collect();
    paths.push(".managed.json".into());
    paths.sort_unstable();
    let mut blobs = Vec::new();
    for path in paths {
        if directory.exists(&path)? {
            blobs.push((path.to_string_lossy().into_owned(), directory.atomic_read(&path)?));
        }
    }
    Ok(blobs)
}

struct Fields {
    texts: [Field; FIELDS.len()],
    facts: Field,
    record: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = TextFieldIndexing::default()
        .set_tokenizer(ENCODED)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fact = TextFieldIndexing::default()
        .set_tokenizer(ENCODED)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    let texts = FIELDS.map(|(name, _)| {
        schema.add_text_field(name, TextOptions::default().set_indexing_options(text.clone()))
    });
    let facts = schema.add_text_field(FACTS, TextOptions::default().set_indexing_options(fact));
    let record = schema.add_bytes_field(RECORD, STORED);
    (schema.build(), Fields { texts, facts, record })
}

/// What grows with every document.
#[derive(Default)]
struct Lists {
    words: HashMap<String, u32>,
    paths: Vec<String>,
    skipped: usize,
}

/// A document made into terms, ready to be written.
struct Prepared {
    path: String,
    texts: [String; FIELDS.len()],
    facts: String,
    record: Vec<u8>,
    words: Vec<String>,
    skipped: usize,
}

impl Prepared {
    fn of(document: &Document, analyzer: &mut Analyzer) -> Self {
        let mut text = Encoder::default();
        let mut take = |parts: &mut dyn Iterator<Item = &str>| {
            parts.for_each(|part| text.add(part, analyzer));
            std::mem::take(&mut text.encoded)
        };
        let title = take(&mut std::iter::once(&*document.title));
        let is_title = |heading: &str| heading.trim() == document.title.trim();
        let headings = document.sections.iter().map(|section| &*section.heading);
        let headings = take(&mut headings.filter(|heading| !is_title(heading)));
        let links = take(&mut document.link_texts.iter().map(String::as_str));
        let path = take(&mut std::iter::once(path_words(&document.path)));
        let about = std::iter::once(&*document.description)
            .chain(document.tags.iter().map(String::as_str))
            .chain(document.alerts.iter().map(String::as_str));
        let body = take(&mut document.sections.iter().map(|section| &*section.text).chain(about));
        let words = text.words.into_iter().collect();
        let mut skipped = text.skipped;
        let mut facts = String::new();
        for fact in facts_of(document, analyzer) {
            if fact.len() <= MAX_TERM_BYTES {
                encode(&mut facts, NEXT, &fact);
            } else {
                skipped += 1;
            }
        }
        Self {
            path: document.path.clone(),
            texts: [title, headings, path, links, body],
            facts,
            record: serde_json::to_vec(document).unwrap_or_default(),
            words,
            skipped,
        }
    }

    fn add(
        self,
        fields: &Fields,
        writer: &mut SingleSegmentIndexWriter,
        lists: &mut Lists,
    ) -> Result<(), Fault> {
        let mut document = TantivyDocument::new();
        for (field, text) in fields.texts.iter().zip(&self.texts) {
            document.add_text(*field, text);
        }
        document.add_text(fields.facts, &self.facts);
        document.add_bytes(fields.record, &self.record);
        writer.add_document(document)?;
        for word in self.words {
            *lists.words.entry(word).or_default() += 1;
        }
        lists.paths.push(self.path);
        lists.skipped += self.skipped;
        Ok(())
    }
}

/// A path without what all paths have: `runbooks/disk/index.html.md` → `runbooks/disk/`.
fn path_words(path: &str) -> &str {
    let path = path.strip_suffix(".md").unwrap_or(path);
    let path = path.strip_suffix(".html").unwrap_or(path);
    ["README", "_index", "index"].iter().find_map(|own| path.strip_suffix(own)).unwrap_or(path)
}

/// What can be looked up of a page as a whole.
fn facts_of(document: &Document, analyzer: &mut Analyzer) -> Vec<String> {
    let mut facts = vec![format!("kind:{}", plain(&document.kind))];
    facts.extend(document.tags.iter().chain(&document.tag_synonyms).map(|tag| format!("tag:{}", plain(tag))));
    facts.extend(
        document.owners.iter().chain(&document.owner_names).map(|owner| format!("owner:{}", plain(owner))),
    );
    facts.push(format!("title:{}", sequence(&document.title, analyzer)));
    let stem = Path::new(&document.path).file_stem().unwrap_or_default().to_string_lossy();
    let headings = document.sections.iter().map(|section| &*section.heading);
    for place in [&*document.title, &*stem].into_iter().chain(headings) {
        facts.extend(names(place, analyzer).map(|name| format!("defines:{name}")));
    }
    for alert in &document.alerts {
        facts.extend(names(alert, analyzer).map(|name| format!("answers:{name}")));
    }
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// The names of things in a text, as terms.
fn names(text: &str, analyzer: &mut Analyzer) -> impl Iterator<Item = String> {
    let names: Vec<String> = compounds(text)
        .filter(|compound| compound.is_name(text))
        .filter_map(|compound| analyzer.compound(text, &compound).into_iter().next())
        .map(|token| token.term)
        .collect();
    names.into_iter()
}

/// The terms of a text without the wholes, for comparing a query with a title.
pub fn sequence(text: &str, analyzer: &mut Analyzer) -> String {
    let mut sequence = String::new();
    analyzer.each(text, &mut |token| {
        if token.role != Role::Whole {
            sequence.push_str(&token.term);
            sequence.push(' ');
        }
    });
    sequence
}

/// Names of kinds, tags and owners are compared without case, and with `-` for what is no letter,
/// digit or `@`: `tag:disk-full` finds `Disk full`.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.trim().chars() {
        if c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '/') {
            plain.extend(c.to_lowercase());
        } else if !plain.ends_with('-') {
            plain.push('-');
        }
    }
    plain
}

const ENCODED: &str = "encoded";
/// What stands before each term in an encoded text: how far it is from the term before it.
const SAME: char = '\u{1}';
const NEXT: char = '\u{2}';
/// Between two texts of one field, so that no phrase spans them.
const APART: char = '\u{3}';

fn encode(out: &mut String, step: char, term: &str) {
    out.push(step);
    out.push_str(term);
}

/// Terms made in one thread, to be taken apart in another without a second look at the text.
#[derive(Default)]
struct Encoder {
    encoded: String,
    words: HashSet<String>,
    skipped: usize,
}

impl Encoder {
    fn add(&mut self, text: &str, analyzer: &mut Analyzer) {
        let mut last = None;
        analyzer.each(text, &mut |token| {
            if token.term.len() > MAX_TERM_BYTES || token.surface.len() > MAX_TERM_BYTES {
                self.skipped += 1;
                return;
            }
            let step = match last {
                None => APART,
                Some(position) if position == token.position => SAME,
                Some(_) => NEXT,
            };
            last = Some(token.position);
            encode(&mut self.encoded, step, &token.term);
            if !self.words.contains(&token.surface) {
                self.words.insert(token.surface.clone());
            }
        });
    }
}

/// Reads what [`Encoder`] wrote.
#[derive(Clone, Default)]
struct EncodedTokenizer {
    token: IndexToken,
}

struct EncodedStream<'a> {
    rest: &'a str,
    token: &'a mut IndexToken,
}

impl Tokenizer for EncodedTokenizer {
    type TokenStream<'a> = EncodedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> EncodedStream<'a> {
        self.token.reset();
        self.token.position = 0;
        EncodedStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for EncodedStream<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(step) = chars.next() else { return false };
        let rest = chars.as_str();
        // The steps are single bytes that stand in no term.
        let end = rest.bytes().position(|byte| byte <= APART as u8).unwrap_or(rest.len());
        self.token.position += match step {
            SAME => 0,
            NEXT => 1,
            _ => 2,
        };
        self.token.text.clear();
        self.token.text.push_str(&rest[..end]);
        self.rest = &rest[end..];
        true
    }

    fn token(&self) -> &IndexToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        self.token
    }
}

/// An index in memory.
pub struct Reader {
    /// The one segment.
    pub segment: SegmentReader,
    /// The searched fields, in the order of [`FIELDS`].
    pub texts: Vec<TextField>,
    /// Terms that say something of a page as a whole.
    pub facts: Arc<InvertedIndexReader>,
    /// The field of `facts`.
    pub facts_field: Field,
    /// Paths of the documents.
    pub paths: Vec<String>,
    /// The words that stand in them.
    pub lexicon: Lexicon,
    /// The language that the terms were stemmed by.
    pub language: String,
    /// Terms too long to be indexed.
    pub skipped: usize,
    /// How far each document can be trusted; nothing if nobody knows.
    pub states: Vec<String>,
    store: tantivy::store::StoreReader,
    record: Field,
}

/// One searched field.
pub struct TextField {
    /// Its place in the schema.
    pub field: Field,
    /// Weight of its score.
    pub weight: f32,
    /// Its terms.
    pub inverted: Arc<InvertedIndexReader>,
    /// The length of each document's, as tantivy rounds it.
    pub norms: FieldNormReader,
    /// The mean length.
    pub average: f32,
}

impl Reader {
    /// Reads what [`build`] made.
    pub fn open(blobs: Blobs) -> Result<Self, Fault> {
        let directory = RamDirectory::create();
        let mut lists = HashMap::new();
        for (name, bytes) in blobs {
            if [LEXICON, PATHS, SETTINGS].contains(&&*name) {
                lists.insert(name, String::from_utf8(bytes)?);
            } else {
                directory.atomic_write(Path::new(&name), &bytes)?;
            }
        }
        let mut list = |name: &str| lists.remove(name).ok_or_else(|| format!("no list of {name}"));
        let index = tantivy::Index::open(directory)?;
        let segments = index.searchable_segments()?;
        let segment = SegmentReader::open(segments.first().ok_or("no segment")?)?;
        let (_, fields) = schema();
        let documents = segment.max_doc();
        let mut texts = Vec::new();
        for (field, (_, weight)) in fields.texts.into_iter().zip(FIELDS) {
            let inverted = segment.inverted_index(field)?;
            let average = inverted.total_num_tokens() as f32 / documents.max(1) as f32;
            let norms = segment.get_fieldnorms_reader(field)?;
            texts.push(TextField { field, weight, inverted, norms, average });
        }
        let settings = list(SETTINGS)?;
        let (language, skipped) = settings.split_once('\n').ok_or("no settings")?;
        Ok(Self {
            texts,
            facts: segment.inverted_index(fields.facts)?,
            facts_field: fields.facts,
            paths: serde_json::from_str(&list(PATHS)?)?,
            lexicon: Lexicon::read(list(LEXICON)?),
            language: language.to_owned(),
            skipped: skipped.parse()?,
            states: Vec::new(),
            store: segment.get_store_reader(16)?,
            record: fields.record,
            segment,
        })
    }

    /// How many documents it holds.
    pub fn len(&self) -> usize {
        self.segment.max_doc() as usize
    }

    /// The state of a document; empty if nobody knows.
    pub fn state(&self, id: usize) -> &str {
        self.states.get(id).map_or("", String::as_str)
    }

    /// What `fresh:` finds something by, sorted.
    pub fn states_known(&self) -> BTreeSet<&str> {
        let states = self.states.iter().map(String::as_str).filter(|state| !state.is_empty());
        let trusted = self.states.iter().any(|state| is_trusted(state)).then_some(TRUSTED);
        states.chain(trusted).collect()
    }

    /// Documents in a state, or in any that is trusted, sorted.
    pub fn in_state(&self, state: &str) -> Vec<u32> {
        let fits = |known: &str| known == state || (state == TRUSTED && is_trusted(known));
        (0..self.len() as u32).filter(|id| !state.is_empty() && fits(self.state(*id as usize))).collect()
    }

    /// A document as it was indexed.
    pub fn document(&self, id: u32) -> Result<Document, Fault> {
        let stored: TantivyDocument = self.store.get(id)?;
        let record = stored.get_first(self.record).ok_or("no record")?;
        Ok(serde_json::from_slice(record.as_bytes().ok_or("no bytes")?)?)
    }
}
