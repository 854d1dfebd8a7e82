//! A [`Plan`] → documents in the order of their scores.
//!
//! In: terms. Out: document numbers and scores. `README.md` in this folder is the specification;
//! sums are in single precision and in its order, so that another implementation gets the same bits.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, PhraseQuery, Query as _};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, TERMINATED, Term};

use super::index::{FIELDS, Fault, Reader};
use super::plan::{Phrase, Plan, Terms};
use super::query::{Filter, Key};
use crate::diagnostic::nearest;

/// How soon a term that is repeated counts no more.
const K1: f32 = 1.2;
/// How much a long field is held against a page.
const B: f32 = 0.75;
/// What a page whose title is the query is multiplied by.
const EXACT_TITLE: f32 = 1.5;
/// What a page that defines the name that was asked for is multiplied by.
const DEFINES: f32 = 8.0;
/// The same for a page whose front matter says that it answers this alert.
const ANSWERS: f32 = 16.0;
/// What a longer word counts beside the beginning that was typed, or two words written as one.
const COMPLETION: f32 = 0.8;
/// No more kinds than this are listed in a note.
const MAX_LISTED: usize = 20;

/// Documents in order, and what came up on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// How many fit.
    pub total: usize,
    /// Numbers and scores of the best.
    pub best: Vec<(u32, f32)>,
    /// What the person should be told.
    pub notes: Vec<String>,
}

/// How well a term that so many pages hold tells pages apart. The logarithm is taken in double
/// precision, since those of single precision differ from one platform to the next.
pub fn idf(pages: usize, holding: usize) -> f32 {
    let odds = ((pages - holding) as f32 + 0.5) / (holding as f32 + 0.5);
    f64::from(1.0 + odds).ln() as f32
}

/// What the rounded lengths of a field count in a score.
fn lengths(average: f32) -> [f32; 256] {
    std::array::from_fn(|rounded| {
        let length = FieldNormReader::id_to_fieldnorm(rounded as u8) as f32;
        K1 * (1.0 - B + B * length / average)
    })
}

/// Ranks the documents of an index.
pub fn rank(reader: &Reader, plan: &Plan, limit: usize) -> Result<Ranking, Fault> {
    let mut ranker = Ranker { reader, allowed: None, notes: Vec::new() };
    ranker.filter(&plan.filters)?;
    for phrase in &plan.must {
        ranker.require(phrase)?;
    }
    for phrase in &plan.not {
        let documents = ranker.phrase(phrase, 0..FIELDS.len())?;
        ranker.exclude(&documents);
    }
    let mut found = if plan.words.is_empty() {
        ranker.all_allowed()
    } else {
        let mut scores = Scores::new(reader.len());
        for word in &plan.words {
            scores.add(&ranker.word(word)?);
        }
        let mut found = scores.finish(plan.words.len());
        ranker.raise(plan, &mut found)?;
        found.retain(|(id, _)| ranker.is_allowed(*id));
        found
    };
    let total = found.len();
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if limit < total && limit > 0 {
        found.select_nth_unstable_by(limit - 1, order);
    }
    found.truncate(limit);
    found.sort_unstable_by(order);
    Ok(Ranking { total, best: found, notes: ranker.notes })
}

/// Documents, their score for one word, and how much of the word they cover.
type WordScores = Vec<(u32, f32, f32)>;

struct Scores {
    score: Vec<f32>,
    coverage: Vec<f32>,
    touched: Vec<u32>,
}

impl Scores {
    fn new(documents: usize) -> Self {
        Self { score: vec![0.0; documents], coverage: vec![0.0; documents], touched: Vec::new() }
    }

    fn add(&mut self, word: &WordScores) {
        for (id, score, coverage) in word {
            let at = *id as usize;
            if self.coverage[at] == 0.0 {
                self.touched.push(*id);
            }
            self.score[at] += score;
            self.coverage[at] += coverage;
        }
    }

    fn finish(self, words: usize) -> Vec<(u32, f32)> {
        let of = |id: u32| {
            let coverage = self.coverage[id as usize] / words as f32;
            (id, self.score[id as usize] * (coverage * coverage))
        };
        self.touched.iter().map(|id| of(*id)).collect()
    }
}

struct Ranker<'a> {
    reader: &'a Reader,
    /// Which documents may be found; `None`: all.
    allowed: Option<Vec<bool>>,
    notes: Vec<String>,
}

impl Ranker<'_> {
    /// The documents with a term, in order, with the sum of the term's scores over the fields.
    fn term(&self, term: &str) -> Result<Vec<(u32, f32)>, Fault> {
        let mut scores: Vec<(u32, f32)> = Vec::new();
        for text in &self.reader.texts {
            let key = Term::from_field_text(text.field, term);
            let frequencies = IndexRecordOption::WithFreqs;
            let Some(mut postings) = text.inverted.read_postings(&key, frequencies)? else { continue };
            let frequency = text.inverted.doc_freq(&key)? as usize;
            let weight = idf(self.reader.len(), frequency) * (1.0 + K1) * text.weight;
            let lengths = lengths(text.average);
            let mut merged = Vec::with_capacity(scores.len() + frequency);
            let mut before = scores.into_iter().peekable();
            while postings.doc() != TERMINATED {
                let id = postings.doc();
                let count = postings.term_freq() as f32;
                let norm = lengths[usize::from(text.norms.fieldnorm_id(id))];
                let score = weight * (count / (count + norm));
                while let Some(earlier) = before.next_if(|(other, _)| *other < id) {
                    merged.push(earlier);
                }
                let sum = before.next_if(|(other, _)| *other == id).map_or(score, |(_, sum)| sum + score);
                merged.push((id, sum));
                postings.advance();
            }
            merged.extend(before);
            scores = merged;
        }
        Ok(scores)
    }

    fn word(&self, word: &Terms) -> Result<WordScores, Fault> {
        let whole = match &word.whole {
            Some(term) => self.term(term)?,
            None => Vec::new(),
        };
        let mut found: WordScores = whole.into_iter().map(|(id, score)| (id, score, 1.0)).collect();
        for term in word.completions.iter().chain(&word.joined) {
            let longer = self.term(term)?.into_iter().map(|(id, score)| (id, score * COMPLETION, 1.0));
            found = merge(found, longer.collect(), |a, b| (a.0.max(b.0), 1.0));
        }
        let share = 1.0 / word.parts.len().max(1) as f32;
        let mut parts = WordScores::new();
        for term in &word.parts {
            let part = self.term(term)?.into_iter().map(|(id, score)| (id, score, share));
            parts = merge(parts, part.collect(), |a, b| (a.0 + b.0, a.1 + b.1));
        }
        Ok(merge(found, parts, |whole, parts| (whole.0 + parts.0, whole.1.max(parts.1))))
    }

    /// Multiplies the pages whose title is the query, and those that define what it names.
    fn raise(&self, plan: &Plan, found: &mut [(u32, f32)]) -> Result<(), Fault> {
        let mut factors = vec![1.0_f32; self.reader.len()];
        for id in self.fact(&format!("title:{}", plan.sequence))? {
            factors[id as usize] *= EXACT_TITLE;
        }
        // A name that many pages have in a heading is a word like any other.
        let few = (self.reader.len() / 50).max(3);
        for word in &plan.words {
            let Some(term) = &word.whole else { continue };
            let share = if word.subject { 1.0 } else { 1.0 / plan.words.len() as f32 };
            let mut raised = vec![];
            for (fact, factor) in [("defines", DEFINES), ("answers", ANSWERS)] {
                let documents = self.fact(&format!("{fact}:{term}"))?;
                if documents.len() <= few {
                    let factor = 1.0 + (factor - 1.0) * (share * share);
                    raised =
                        merge(raised, documents.into_iter().map(|id| (id, factor, 0.0)).collect(), |a, b| {
                            (a.0.max(b.0), 0.0)
                        });
                }
            }
            for (id, factor, _) in raised {
                factors[id as usize] *= factor;
            }
        }
        for (id, score) in found {
            *score *= factors[*id as usize];
        }
        Ok(())
    }

    fn fact(&self, fact: &str) -> Result<Vec<u32>, Fault> {
        documents(&self.reader.facts, self.reader.facts_field, fact)
    }

    /// Documents that hold a phrase in one of these fields, sorted.
    fn phrase(&self, phrase: &Phrase, fields: std::ops::Range<usize>) -> Result<Vec<u32>, Fault> {
        let mut found = Vec::new();
        for text in &self.reader.texts[fields] {
            if let Some(whole) = &phrase.whole {
                found.extend(documents(&text.inverted, text.field, whole)?);
            }
            match phrase.terms.as_slice() {
                [] => {}
                [(_, term)] => found.extend(documents(&text.inverted, text.field, term)?),
                terms => {
                    let term = |(at, term): &(usize, String)| (*at, Term::from_field_text(text.field, term));
                    let query = PhraseQuery::new_with_offset(terms.iter().map(term).collect());
                    let schema = self.reader.segment.schema();
                    let weight = query.weight(EnableScoring::disabled_from_schema(schema))?;
                    let mut scorer = weight.scorer(&self.reader.segment, 1.0)?;
                    while scorer.doc() != TERMINATED {
                        found.push(scorer.doc());
                        scorer.advance();
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn require(&mut self, phrase: &Phrase) -> Result<(), Fault> {
        let documents = self.phrase(phrase, 0..FIELDS.len())?;
        if documents.is_empty() {
            self.notes.push(format!("no page holds `{}`; it was searched word by word", phrase.text));
        } else {
            self.keep(&documents);
        }
        Ok(())
    }

    fn filter(&mut self, filters: &[Filter]) -> Result<(), Fault> {
        for key in Key::ALL {
            let mut some = Vec::new();
            let mut asked = false;
            for filter in filters.iter().filter(|filter| filter.key == key) {
                let documents = self.filtered(filter)?;
                if filter.not {
                    self.exclude(&documents);
                } else {
                    asked = true;
                    some.extend(documents);
                }
            }
            if asked {
                some.sort_unstable();
                self.keep(&some);
            }
        }
        Ok(())
    }

    fn filtered(&mut self, filter: &Filter) -> Result<Vec<u32>, Fault> {
        let word = filter.key.word();
        let documents = match filter.key {
            Key::Path => {
                let fits = |path: &str| path.to_lowercase().contains(&filter.value);
                let paths = self.reader.paths.iter().enumerate();
                paths.filter(|(_, path)| fits(path)).map(|(id, _)| id as u32).collect()
            }
            Key::Title => {
                let mut analyzer = super::tokens::Analyzer::new(&self.reader.language);
                self.phrase(&Phrase::new(filter.value.clone(), &mut analyzer), 0..1)?
            }
            Key::Kind | Key::Tag => self.fact(&format!("{word}:{}", filter.value))?,
            Key::Fresh => self.reader.in_state(&filter.value),
            Key::Owner => {
                let named = self.fact(&format!("owner:{}", filter.value))?;
                if named.is_empty() { self.fact(&format!("owner:@{}", filter.value))? } else { named }
            }
        };
        if documents.is_empty() {
            let meant = self.what_was_meant(filter)?;
            let what = if filter.key == Key::Fresh { "state" } else { word };
            self.notes.push(format!("no page has the {what} `{}`{meant}", filter.value));
        }
        Ok(documents)
    }

    /// The end of a note about a value that no page has: the nearest one; of kinds and states, which
    /// are few, else all.
    fn what_was_meant(&self, filter: &Filter) -> Result<String, Fault> {
        let word = filter.key.word();
        if matches!(filter.key, Key::Path | Key::Title) {
            return Ok(String::new());
        }
        let mut values = self.values(filter.key)?;
        if let Some(meant) = nearest(&filter.value, values.iter().map(String::as_str)) {
            return Ok(format!("; did you mean `{word}:{meant}`?"));
        }
        if filter.key == Key::Fresh && values.is_empty() {
            return Ok("; how far pages can be trusted is known after a build".to_owned());
        }
        if !matches!(filter.key, Key::Kind | Key::Fresh) || values.is_empty() {
            return Ok(String::new());
        }
        let more = values.len().saturating_sub(MAX_LISTED);
        values.truncate(MAX_LISTED);
        let listed: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Ok(format!("; there are {}{more}", listed.join(", ")))
    }

    /// Values that the pages have for a key, sorted.
    fn values(&self, key: Key) -> Result<Vec<String>, Fault> {
        if key == Key::Fresh {
            return Ok(self.reader.states_known().into_iter().map(str::to_owned).collect());
        }
        let start = format!("{}:", key.word());
        let end = format!("{};", key.word());
        let mut values = Vec::new();
        let mut terms = self.reader.facts.terms().range().ge(&start).lt(&end).into_stream()?;
        while values.len() < 10_000 && terms.advance() {
            values.extend(std::str::from_utf8(&terms.key()[start.len()..]).map(str::to_owned));
        }
        Ok(values)
    }

    fn keep(&mut self, documents: &[u32]) {
        let mut allowed = vec![false; self.reader.len()];
        for id in documents {
            allowed[*id as usize] = self.is_allowed(*id);
        }
        self.allowed = Some(allowed);
    }

    fn exclude(&mut self, documents: &[u32]) {
        let allowed = self.allowed.get_or_insert_with(|| vec![true; self.reader.len()]);
        for id in documents {
            allowed[*id as usize] = false;
        }
    }

    fn is_allowed(&self, id: u32) -> bool {
        self.allowed.as_ref().is_none_or(|allowed| allowed[id as usize])
    }

    /// What filters alone leave, in the order of paths. Nothing if there is no filter either.
    fn all_allowed(&self) -> Vec<(u32, f32)> {
        let Some(allowed) = &self.allowed else { return Vec::new() };
        (0..allowed.len() as u32).filter(|id| allowed[*id as usize]).map(|id| (id, 0.0)).collect()
    }
}

/// The documents with a term, sorted.
fn documents(inverted: &Arc<InvertedIndexReader>, field: Field, term: &str) -> Result<Vec<u32>, Fault> {
    let key = Term::from_field_text(field, term);
    let Some(mut postings) = inverted.read_postings(&key, IndexRecordOption::Basic)? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    while postings.doc() != TERMINATED {
        found.push(postings.doc());
        postings.advance();
    }
    Ok(found)
}

/// Joins two lists sorted by document.
fn merge(a: WordScores, b: WordScores, both: impl Fn((f32, f32), (f32, f32)) -> (f32, f32)) -> WordScores {
    if a.is_empty() {
        return b;
    }
    let mut merged = WordScores::with_capacity(a.len() + b.len());
    let mut a = a.into_iter().peekable();
    for (id, score, coverage) in b {
        while let Some(earlier) = a.next_if(|(other, ..)| *other < id) {
            merged.push(earlier);
        }
        let same = a.next_if(|(other, ..)| *other == id);
        let (score, coverage) = same.map_or((score, coverage), |(_, s, c)| both((s, c), (score, coverage)));
        merged.push((id, score, coverage));
    }
    merged.extend(a);
    merged
}
