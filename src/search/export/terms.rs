//! Terms and what is known of them, as files.
//!
//! In: tantivy's postings. Out: tables of terms with the documents, frequencies and lengths that
//! scores are made of; positions apart from them, since only phrases need those.

use std::collections::BTreeMap;

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

use super::bytes::{Keys, Shards, documents, gaps, number, steps, text_after};
use crate::search::index::{FIELDS, Fault, Reader};

/// A term whose documents take more bytes than this has a file of its own.
const HEAVY: usize = 6_000;

/// Up to so many documents, the lengths of their bodies are in a table, and not beside each term.
const TABLED: usize = 4_096;

/// The place of the body among the fields.
const BODY: usize = FIELDS.len() - 1;

/// About how long a file is before it is compressed: short in a small site, where a list of many files
/// is short too.
pub fn shard_bytes(documents: usize) -> usize {
    (documents * 2_000).isqrt().clamp(1_500, 7_000)
}

/// The rounded lengths of all bodies, if there are few enough to be loaded by every search.
pub fn lengths(reader: &Reader) -> Option<Vec<u8>> {
    let norms = &reader.texts[BODY].norms;
    (reader.len() <= TABLED).then(|| (0..reader.len() as u32).map(|id| norms.fieldnorm_id(id)).collect())
}

/// What facts say of a term.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Pages that define a thing of this name.
    pub defines: Vec<u32>,
    /// Pages that answer an alert of this name.
    pub answers: Vec<u32>,
    /// Pages whose title begins with it, with the checksum of the title's sequence.
    pub titles: Vec<(u32, u32)>,
}

/// The tables of terms.
#[derive(Default)]
pub struct Terms {
    /// What scores are made of.
    pub entries: Shards,
    /// One for each file of terms.
    pub positions: Vec<Vec<u8>>,
    /// Documents of the heavy terms.
    pub heavy: Vec<Vec<u8>>,
    /// Their positions.
    pub heavy_positions: Vec<Vec<u8>>,
}

/// Makes the tables. `surfaces` has the forms in which terms are written, if the client must learn
/// them.
pub fn terms(
    reader: &Reader,
    surfaces: Option<&BTreeMap<String, Vec<String>>>,
    facts: &BTreeMap<String, Facts>,
) -> Result<Terms, Fault> {
    let mut writer =
        Writer { shard: shard_bytes(reader.len()), tabled: reader.len() <= TABLED, ..Writer::default() };
    let mut fields = Vec::new();
    for text in &reader.texts {
        fields.push(Walk::new(&text.inverted)?);
    }
    let mut facts = facts.iter().peekable();
    loop {
        let next = fields.iter().filter_map(|walk| walk.term.as_deref());
        let next = next.chain(facts.peek().map(|(term, _)| term.as_str())).min();
        let Some(term) = next.map(str::to_owned) else { break };
        let mut postings = Vec::new();
        for (field, walk) in fields.iter_mut().enumerate() {
            if walk.term.as_deref() == Some(&term) {
                walk.read(field, reader, &mut postings)?;
            }
        }
        // Each field gave its own in order.
        postings.sort_by_key(|posting: &Posting| posting.document);
        let known = facts.next_if(|(key, _)| **key == term).map(|(_, known)| known);
        if let Some(surfaces) = surfaces {
            let written = surfaces.get(&term).map_or(&[][..], Vec::as_slice);
            write_surfaces(&mut writer.surfaces, &term, written);
        }
        writer.add(&term, &postings, known.unwrap_or(&Facts::default()));
    }
    Ok(writer.finish())
}

/// A term in a field of a document.
struct Posting {
    document: u32,
    field: usize,
    norm: u8,
    positions: Vec<u32>,
}

/// The terms of one field, in order.
struct Walk<'a> {
    inverted: &'a InvertedIndexReader,
    terms: tantivy::termdict::TermStreamer<'a>,
    /// The term that stands here; `None` at the end.
    term: Option<String>,
}

impl<'a> Walk<'a> {
    fn new(inverted: &'a InvertedIndexReader) -> Result<Self, Fault> {
        let mut walk = Self { inverted, terms: inverted.terms().stream()?, term: None };
        walk.advance()?;
        Ok(walk)
    }

    fn advance(&mut self) -> Result<(), Fault> {
        self.term =
            if self.terms.advance() { Some(std::str::from_utf8(self.terms.key())?.to_owned()) } else { None };
        Ok(())
    }

    fn read(&mut self, field: usize, reader: &Reader, out: &mut Vec<Posting>) -> Result<(), Fault> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = self.inverted.read_postings_from_terminfo(self.terms.value(), option)?;
        while postings.doc() != TERMINATED {
            let document = postings.doc();
            let mut positions = Vec::new();
            postings.positions(&mut positions);
            let norm = reader.texts[field].norms.fieldnorm_id(document);
            out.push(Posting { document, field, norm, positions });
            postings.advance();
        }
        self.advance()
    }
}

/// What scores are made of, in columns: documents; a bit for each field that holds the term; for
/// each such field how often less one, and the rounded length of the field where no table has it.
#[derive(Default)]
struct Scored {
    documents: Vec<u8>,
    fields: Vec<u8>,
    counts: Vec<u8>,
    norms: Vec<u8>,
}

impl Scored {
    fn add(&mut self, postings: &[Posting], tabled: bool) {
        let of_documents = || postings.chunk_by(|a, b| a.document == b.document);
        gaps(&mut self.documents, of_documents().map(|group| group[0].document));
        self.fields.extend(of_documents().map(|group| group.iter().fold(0, |bits, it| bits | 1 << it.field)));
        for posting in postings {
            number(&mut self.counts, posting.positions.len() as u32 - 1);
            if !(tabled && posting.field == BODY) {
                self.norms.push(posting.norm);
            }
        }
    }

    fn len(&self) -> usize {
        self.documents.len() + self.fields.len() + self.counts.len() + self.norms.len()
    }

    fn columns(&self) -> [&[u8]; 4] {
        [&self.documents, &self.fields, &self.counts, &self.norms]
    }
}

#[derive(Default)]
struct Writer {
    /// Bytes of a file before it is compressed, about.
    shard: usize,
    /// Whether lengths of bodies are in the table of lengths.
    tabled: bool,
    done: Terms,
    keys: Keys,
    surfaces: Vec<u8>,
    heads: Vec<u8>,
    scored: Scored,
    facts: Vec<u8>,
    position_lengths: Vec<u8>,
    positions: Vec<u8>,
}

impl Writer {
    fn add(&mut self, term: &str, postings: &[Posting], facts: &Facts) {
        if self.scored.len() + self.surfaces.len() + 4 * self.keys.count as usize > self.shard {
            self.end(Some(term));
        }
        self.keys.add(term);
        let count = postings.chunk_by(|a, b| a.document == b.document).count() as u32;
        let mut positions = Vec::new();
        for posting in postings {
            steps(&mut positions, &posting.positions);
        }
        let mut alone = Scored::default();
        alone.add(postings, self.tabled);
        if alone.len() > HEAVY {
            number(&mut self.heads, count << 1 | 1);
            number(&mut self.heads, self.done.heavy.len() as u32);
            let mut body = Vec::new();
            super::bytes::columns(&mut body, &alone.columns());
            self.done.heavy.push(body);
            self.done.heavy_positions.push(positions);
        } else {
            number(&mut self.heads, count << 1);
            self.scored.add(postings, self.tabled);
            number(&mut self.position_lengths, positions.len() as u32);
            self.positions.extend(positions);
        }
        documents(&mut self.facts, &facts.defines);
        documents(&mut self.facts, &facts.answers);
        documents(&mut self.facts, &facts.titles.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        for (_, checksum) in &facts.titles {
            self.facts.extend(checksum.to_le_bytes());
        }
    }

    fn end(&mut self, next: Option<&str>) {
        let [documents, fields, counts, norms] = self.scored.columns();
        let columns: [&[u8]; 7] =
            [&self.surfaces, &self.heads, documents, fields, counts, norms, &self.facts];
        self.done.entries.end(&mut self.keys, &columns, next);
        let mut positions = Vec::new();
        super::bytes::columns(&mut positions, &[&self.position_lengths, &self.positions]);
        self.done.positions.push(positions);
        let Self { shard, tabled, .. } = *self;
        *self = Self { shard, tabled, done: std::mem::take(&mut self.done), ..Self::default() };
    }

    fn finish(mut self) -> Terms {
        self.end(None);
        self.done
    }
}

/// Twice the number of surfaces other than the term itself, and one more if it is one too; then
/// each as what differs from the term.
fn write_surfaces(out: &mut Vec<u8>, term: &str, surfaces: &[String]) {
    let others: Vec<&String> = surfaces.iter().filter(|surface| *surface != term).collect();
    let is_one = others.len() < surfaces.len();
    number(out, (others.len() as u32) << 1 | u32::from(is_one));
    for surface in others {
        text_after(out, term, surface);
    }
}

/// The table of facts: keys and the pages that they hold for.
pub fn facts(entries: &BTreeMap<String, Vec<u32>>, shard: usize) -> Shards {
    let (mut shards, mut keys, mut values) = (Shards::default(), Keys::default(), Vec::new());
    for (key, ids) in entries {
        if values.len() + 4 * keys.count as usize > shard {
            shards.end(&mut keys, &[&values], Some(key));
            values = Vec::new();
        }
        keys.add(key);
        documents(&mut values, ids);
    }
    shards.end(&mut keys, &[&values], None);
    shards
}

#[cfg(test)]
mod tests {
    use super::super::bytes::text;
    use super::*;

    #[test]
    fn surfaces_are_written_as_what_differs_from_their_term() {
        let mut out = Vec::new();
        write_surfaces(&mut out, "restart", &["restart".into(), "restarted".into()]);
        let mut expected = vec![3, 7];
        text(&mut expected, "ed");
        assert_eq!(out, expected);
    }
}
