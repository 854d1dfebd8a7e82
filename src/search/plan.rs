//! A [`Query`] → what to look up in an index.
//!
//! In: words, phrases and filters as typed. Out: terms, with mistyped words mended. Not here: the
//! lookups that score (`rank`).

use std::ops::Range;

use tantivy::Term;

use super::index::{Reader, plain, sequence};
use super::query::{Filter, Key, Query, Word};
use super::tokens::{Analyzer, MAX_TERM_BYTES, Role, Token, compounds};

/// How many words a beginning stands for.
pub const MAX_COMPLETIONS: usize = 32;

/// Words of so few letters are near to too many others to be mended beside a word that is known.
const SHORT_LETTERS: usize = 3;

/// Words that are looked up among all known ones, since that reads the whole list.
const MAX_CORRECTIONS: usize = 8;

/// What to look up.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// To be scored, each once.
    pub words: Vec<Terms>,
    /// Each must stand in a page.
    pub must: Vec<Phrase>,
    /// None may stand in a page.
    pub not: Vec<Phrase>,
    /// As typed; values made comparable.
    pub filters: Vec<Filter>,
    /// The terms of all words in order: equal to those of a title if the title was typed.
    pub sequence: String,
    /// The text with mistyped words replaced.
    pub corrected: Option<String>,
    /// What the person should be told.
    pub notes: Vec<String>,
}

/// The terms of one word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// All parts joined, or the word itself if it has only one.
    pub whole: Option<String>,
    /// The parts, if there are several.
    pub parts: Vec<String>,
    /// Terms of the words that begin with it.
    pub completions: Vec<String>,
    /// Terms of it written as one word with a neighbour.
    pub joined: Vec<String>,
    /// What marks look for besides terms: the letters that words may begin with.
    pub prefix: Option<String>,
    /// Whether the text is surely about this.
    pub subject: bool,
}

/// Terms that stand side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// As typed.
    pub text: String,
    /// Terms and their places.
    pub terms: Vec<(usize, String)>,
    /// The same joined, if it is one compound.
    pub whole: Option<String>,
}

impl Plan {
    /// Looks the words of a query up.
    pub fn new(text: &str, query: Query, reader: &Reader, analyzer: &mut Analyzer) -> Self {
        let mut planner = Planner {
            reader,
            analyzer,
            text,
            corrections: Vec::new(),
            some_known: false,
            plan: Self::default(),
        };
        planner.plan.notes = query.notes;
        planner.some_known = query.words.iter().any(|word| planner.is_known(&word.text));
        let mut must = query.must;
        let joined = planner.joined(&query.words);
        for (word, joined) in query.words.into_iter().zip(joined) {
            planner.add_word(word, joined, &mut must);
        }
        let mut phrase = |text: String| Phrase::new(text, planner.analyzer);
        planner.plan.must = must.into_iter().map(&mut phrase).collect();
        planner.plan.not = query.not.into_iter().map(&mut phrase).collect();
        let comparable = |filter: Filter| match filter.key {
            Key::Kind | Key::Tag | Key::Owner | Key::Fresh => {
                Filter { value: plain(&filter.value), ..filter }
            }
            Key::Path => Filter { value: filter.value.to_lowercase(), ..filter },
            Key::Title => filter,
        };
        planner.plan.filters = query.filters.into_iter().map(comparable).collect();
        planner.finish()
    }
}

impl Phrase {
    /// The terms of a phrase.
    pub fn new(text: String, analyzer: &mut Analyzer) -> Self {
        let tokens = searched(analyzer.tokens(&text));
        let terms: Vec<_> = tokens
            .iter()
            .filter(|token| token.role != Role::Whole)
            .map(|token| (token.position as usize, token.term.clone()))
            .collect();
        let mut wholes = tokens.iter().filter(|token| token.role == Role::Whole);
        let whole = wholes.next().filter(|_| compounds(&text).nth(1).is_none());
        Self { whole: whole.map(|token| token.term.clone()), terms, text }
    }
}

struct Planner<'a> {
    reader: &'a Reader,
    analyzer: &'a mut Analyzer,
    text: &'a str,
    /// Places in the text and what they should have said.
    corrections: Vec<(Range<usize>, String)>,
    /// Whether a part of any word stands in a page.
    some_known: bool,
    plan: Plan,
}

impl Planner<'_> {
    fn add_word(&mut self, word: Word, joined: Vec<String>, must: &mut [String]) {
        let mut text = word.text;
        if let Some(range) = word.range
            && joined.is_empty()
            && self.corrections.len() < MAX_CORRECTIONS
            && let Some(meant) = self.correct(&text, word.prefix)
        {
            must.iter_mut().filter(|must| **must == text).for_each(|must| must.clone_from(&meant));
            text.clone_from(&meant);
            self.corrections.push((range, meant));
        }
        let tokens = searched(self.tokens(&text));
        if tokens.iter().any(|token| token.term.len() > MAX_TERM_BYTES) {
            self.plan.notes.push(format!("a word longer than {MAX_TERM_BYTES} bytes was left out"));
            return;
        }
        self.plan.sequence.push_str(&sequence(&text, self.analyzer));
        let mut terms = Terms { subject: word.subject, joined, ..Terms::default() };
        let single_character = tokens.len() == 1 && tokens[0].role == Role::Last;
        if (word.prefix || single_character)
            && let Some(token) = tokens.first()
        {
            let known = self.reader.lexicon.completions(&token.surface, MAX_COMPLETIONS);
            let known: Vec<String> = known.iter().map(|known| known.word.to_owned()).collect();
            terms.completions = known.iter().map(|word| self.term_of(word)).collect();
            terms.prefix = Some(token.surface.clone());
        }
        for token in tokens {
            match token.role {
                Role::Whole | Role::Word => terms.whole = Some(token.term),
                Role::Last if single_character => terms.whole = Some(token.term),
                Role::Part | Role::Pair | Role::Last => terms.parts.push(token.term),
            }
        }
        terms.completions.retain(|term| Some(term) != terms.whole.as_ref());
        dedup(&mut terms.completions);
        dedup(&mut terms.parts);
        let known =
            self.plan.words.iter().any(|known| known.whole == terms.whole && known.parts == terms.parts);
        if !known && (terms.whole.is_some() || !terms.parts.is_empty()) {
            self.plan.words.push(terms);
        }
    }

    /// `fail over` is also `failover`, where that stands in a page: for each word, the terms of it
    /// joined with a neighbour.
    fn joined(&mut self, words: &[Word]) -> Vec<Vec<String>> {
        let mut joined = vec![Vec::new(); words.len()];
        let mut before: Option<(usize, String)> = None;
        for (index, word) in words.iter().enumerate() {
            let single = match (word.range.as_ref(), self.tokens(&word.text).as_slice()) {
                (Some(range), [token]) if token.role == Role::Word => {
                    Some((range.clone(), token.surface.clone()))
                }
                _ => None,
            };
            let before = std::mem::replace(
                &mut before,
                single.as_ref().map(|(range, surface)| (range.end, surface.clone())),
            );
            let (Some((range, surface)), Some((end, first))) = (single, before) else { continue };
            if self.text.get(end..range.start).is_some_and(|between| between.trim().is_empty()) {
                let term = self.term_of(&format!("{first}{surface}"));
                if self.stands_in_a_page(&term) {
                    joined[index - 1].push(term.clone());
                    joined[index].push(term);
                }
            }
        }
        joined
    }

    fn tokens(&mut self, text: &str) -> Vec<Token> {
        compounds(text).next().map(|compound| self.analyzer.compound(text, &compound)).unwrap_or_default()
    }

    fn term_of(&mut self, surface: &str) -> String {
        let mut term = String::new();
        self.analyzer.stem(surface, &mut term);
        term
    }

    /// What was meant, if the word stands nowhere.
    fn correct(&mut self, text: &str, prefix: bool) -> Option<String> {
        let tokens = self.tokens(text);
        let unknown: Vec<&Token> =
            tokens.iter().filter(|token| !self.stands_in_a_page(&token.term)).collect();
        let first = unknown.first()?;
        // An unknown whole of known parts is a new name, not a slip.
        let whole = matches!(first.role, Role::Whole | Role::Word);
        if !whole || (first.role == Role::Whole && unknown.len() == 1) {
            return None;
        }
        if prefix && !self.reader.lexicon.completions(&first.surface, 1).is_empty() {
            return None;
        }
        if let Some(meant) = self.nearest(&first.surface) {
            return Some(meant.to_owned());
        }
        let mut meant = text.to_owned();
        for part in unknown.iter().filter(|token| token.role == Role::Part).rev() {
            meant.replace_range(part.range.clone(), self.nearest(&part.surface)?);
        }
        (meant != text).then_some(meant)
    }

    fn nearest(&self, surface: &str) -> Option<&str> {
        let is_short = surface.chars().count() <= SHORT_LETTERS;
        if is_short && self.some_known { None } else { self.reader.lexicon.nearest(surface) }
    }

    /// Whether any part of a word stands in a page.
    fn is_known(&mut self, text: &str) -> bool {
        let tokens = self.tokens(text);
        tokens.iter().any(|token| self.stands_in_a_page(&token.term))
    }

    fn stands_in_a_page(&self, term: &str) -> bool {
        self.reader.texts.iter().any(|text| {
            let term = Term::from_field_text(text.field, term);
            matches!(text.inverted.get_term_info(&term), Ok(Some(_)))
        })
    }

    fn finish(self) -> Plan {
        let mut plan = self.plan;
        if !self.corrections.is_empty() {
            let mut corrected = self.text.to_owned();
            for (range, meant) in self.corrections.iter().rev() {
                corrected.replace_range(range.clone(), meant);
            }
            plan.corrected = Some(corrected.trim().to_owned());
        }
        dedup(&mut plan.notes);
        plan
    }
}

/// In a query, the last character of a run says nothing that the pair before it does not.
fn searched(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut after_pair = false;
    tokens.retain(|token| {
        let said = token.role == Role::Last && after_pair;
        after_pair = token.role == Role::Pair;
        !said
    });
    tokens
}

/// Drops repetitions, keeping the order.
fn dedup(list: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|entry| seen.insert(entry.clone()));
}
